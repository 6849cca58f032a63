#include "runtime/types/types.h"

#include <utility>

#include "runtime/memory/raw_heap.h"
#include "runtime/object/intern.h"
#include "runtime/threads/world.h"
#include "runtime/types/class_type.h"
#include "runtime/types/object_type.h"
#include "runtime/types/signature.h"
#include "runtime/types/type_body.h"
#include "runtime/types/type_life.h"
#include "runtime/types/type_lookup.h"

namespace runtime {

namespace {

// What the kernel's type of types is while no Types stands beside it.
const TypeSlots kBareSlots = type_type.slots;

void end_body(ThreadState& thread, Type& type) {
  TypeBody* body = std::exchange(type.body, nullptr);
  Ref<Tuple> order = Ref<Tuple>::adopt(std::exchange(type.resolution_order, nullptr));
  drop_body(thread, *body);
  raw_free(thread, body, sizeof(TypeBody));
}

}  // namespace

const Names& Names::of(ThreadState& thread) { return Types::of(thread).names(); }

Result<Done> Names::fill(ThreadState& thread) {
#define RT_NAME(identifier, text)                        \
  {                                                      \
    TRY_ASSIGN(Ref<Str> interned, intern(thread, text)); \
    identifier##_ = interned.get();                      \
  }
#include "runtime/types/names.def"
#undef RT_NAME
  return Done{};
}

Types::Types(Kernel& kernel, WithNames with_names)
    : kernel_(kernel), cache_(std::make_unique<TypeCache>()) {
  type_type.slots = kBareSlots;
  type_type.slots.size = sizeof(ClassType);
  type_type.slots.release_fields = &release_type;
  type_type.slots.traverse = &traverse_type;
  type_type.slots.clear = &clear_type;
  type_type.slots.protocol = &type_protocol;
  kernel.world().add_hooks(ThreadHooks{this, &thread_created, nullptr, nullptr, nullptr, &thread_released});
  if (with_names == WithNames::kNo) return;
  Result<Done> filled = names_.fill(kernel.first_thread());
  RT_CHECK(!filled.is_raised(), "there is memory for names");
}

Types::~Types() {
  ThreadState& thread = kernel_.first_thread();
  RT_CHECK(kernel_.world().thread_count() == 1, "types end when the other threads have ended");
  cache_->clear(thread);
  // Derived types before their bases.
  for (auto at = opened_.rbegin(); at != opened_.rend(); ++at) end_body(thread, **at);
  for (const Replaced& one : replaced_) one.type->slots.protocol = one.before;
  type_type.slots = kBareSlots;
  thread_released(nullptr, thread);
}

void Types::set_protocol(Type& type, const Protocol& protocol) {
  auto now = std::make_unique<const Protocol>(protocol);
  const Protocol* before = std::exchange(type.slots.protocol, now.get());
  replaced_.push_back({&type, before, std::move(now)});
}

std::uint32_t Types::next_version_locked() {
  if (newest_version_ == UINT32_MAX) return 0;
  return ++newest_version_;
}

void Types::thread_created(void* self, ThreadState& thread) {
  thread.slot(kTypesSlot) = static_cast<Types*>(self);
}

void Types::thread_released(void*, ThreadState& thread) { thread.slot(kTypesSlot) = nullptr; }

void report_unraisable(ThreadState& thread, Raised raised, Borrowed<Object> where) {
  const auto hook = Types::of(thread).hooks().unraisable;
  if (hook != nullptr) hook(thread, std::move(raised), where);
}

}  // namespace runtime
