#include "runtime/object/values.h"

#include <new>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/str_object.h"
#include "runtime/threads/world.h"

namespace runtime {

Values::Values(Kernel& kernel, const ValuesOptions& options)
    : options_(options), hash_key_(SipHashKey::from_seed(options.hash_seed)), kernel_(kernel) {
  kernel.world().add_hooks(ThreadHooks{this, &thread_created, nullptr, nullptr, nullptr, &thread_released});
}

Values::~Values() {
  // The first thread of the kernel, and no other.
  RT_CHECK(kernel_.world().thread_count() == 1, "values end when the other threads have ended");
  interned_.free_slots(kernel_.first_thread());
  thread_released(nullptr, kernel_.first_thread());
}

void Values::thread_created(void* self, ThreadState& thread) {
  void* bytes = raw_allocate_uncounted(sizeof(ValuesOfThread));
  RT_CHECK(bytes != nullptr, "there is memory for a new thread");
  thread.slot(kValuesSlot) = new (bytes) ValuesOfThread{*static_cast<Values*>(self), 0, nullptr};
}

// Also runs when the values themselves have ended already.
void Values::thread_released(void*, ThreadState& thread) {
  ValuesOfThread* part = std::exchange(thread.slot(kValuesSlot), nullptr);
  if (part == nullptr) return;
  RT_INVARIANT(part->depth == 0, "a thread does not exit inside an operation");
  raw_free_uncounted(part);
}

Result<Ref<Str>> Values::character(ThreadState& thread, std::uint8_t code_point) {
  Atomic<Str*>& entry = characters_[code_point];
  Str* known = RT_MUTANT(character_found_relaxed)
                   ? entry.load_relaxed()
                   : entry.load_acquire();              // [interned-before-found]
  if (known != nullptr) return Ref<Str>::adopt(known);  // immortal, in both builds
  TRY_ASSIGN(Ref<Str> made, allocate_str(thread, 1, code_point));
  made->bytes()[0] = code_point;
  point("character.made");
  if (RT_MUTANT(character_not_interned)) {
    entry.store_release(made.get());
    return made;
  }
  TRY_ASSIGN(Ref<Str> the_one, interned_.intern(thread, std::move(made)));
  const bool is_immortal_now = try_make_immortal(thread, the_one.get());
  RT_CHECK(is_immortal_now, "an interned string can be made immortal, or is");
  entry.store_release(the_one.get());  // [interned-before-found]; whoever stores, stores this one
  return the_one;
}

}  // namespace runtime
