#include "runtime/containers/enumerate_iterator.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/object_section.h"
#include "runtime/object/refcount.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

void release_enumerate(Object* object, DroppedFields& dropped) {
  auto* enumerate = static_cast<EnumerateIterator*>(object);
  Object* result = std::exchange(enumerate->result, nullptr);
  dropped.take(enumerate->iterator);
  dropped.take(result);
  dropped.take(enumerate->long_number);
}

void traverse_enumerate(Object* object, Visit visit, void* context) {
  auto* enumerate = static_cast<EnumerateIterator*>(object);
  Object* result = enumerate->result;
  for (Object* referred : {enumerate->iterator, result, enumerate->long_number}) {
    if (referred != nullptr) visit(context, referred);
  }
}

// Where 64 bits do not suffice.
Result<Ref<Object>> take_long_number(ThreadState& thread, EnumerateIterator& enumerate) {
  // Nothing in here blocks or is foreign: ints are computed and allocated.
  ObjectSection section(thread, Borrowed<Object>(&enumerate));
  if (enumerate.long_number == nullptr) {
    TRY_ASSIGN(Ref<Int> first, new_int(thread, EnumerateIterator::kLong));
    enumerate.long_number = first.release();
  }
  TRY_ASSIGN(Ref<Int> following, int_operation(thread, as_int(Borrowed(enumerate.long_number)),
                                               shared_int(1), BinaryOp::kAdd));
  return Ref<Object>::adopt(std::exchange(enumerate.long_number, following.release()));
}

Result<Ref<Object>> take_number(ThreadState& thread, EnumerateIterator& enumerate) {
  // Relaxed: the number says nothing but itself.
  std::int64_t number = enumerate.number.load_relaxed();
  for (;;) {
    if (number == EnumerateIterator::kLong && !RT_MUTANT(enumerate_index_wraps)) {
      return take_long_number(thread, enumerate);
    }
    point("enumerate.have_number");
    const auto following = static_cast<std::int64_t>(static_cast<std::uint64_t>(number) + 1);
    // Not: who holds the only reference. It may be that of a zip that others use too.
    if (thread.is_alone() || RT_MUTANT(enumerate_index_given_twice)) {
      enumerate.number.store_relaxed(following);
      break;
    }
    if (enumerate.number.compare_exchange_relaxed(number, following)) break;
  }
  return new_int(thread, number);
}

Result<Ref<Object>> next_pair(ThreadState& thread, Borrowed<Object> object) {
  auto& enumerate = *static_cast<EnumerateIterator*>(object.get());
  TRY_ASSIGN(Ref<Object> item, next_of(thread, Borrowed(enumerate.iterator)));
  if (!item) return Ref<Object>();
  TRY_ASSIGN(Ref<Object> number, take_number(thread, enumerate));
  if (!try_reuse(thread, *enumerate.result)) return new_tuple(thread, {number, item});
  // From here on it has two references, so whoever asks meanwhile gets another tuple.
  Ref<Tuple> pair = Ref<Tuple>::share(thread, Borrowed(enumerate.result));
  number = exchange_item(*pair, 0, std::move(number));
  item = exchange_item(*pair, 1, std::move(item));
  return pair;
}

constexpr Protocol kEnumerateProtocol{
    .hash = &hash_by_identity,
    .iterate = &iterate_itself,
    .next = &next_pair,
};

}  // namespace

constinit Type enumerate_type(TypeSlots{
    .name = "enumerate",
    .size = sizeof(EnumerateIterator),
    .heap = HeapKind::kCollected,
    .release_fields = &release_enumerate,
    .traverse = &traverse_enumerate,
    .protocol = &kEnumerateProtocol,
});

Result<Ref<Object>> new_enumerate(ThreadState& thread, Borrowed<Object> iterable,
                                  Borrowed<Object> start) {
  TRY_ASSIGN(Ref<Object> first, index_of(thread, start));
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, iterable));
  TRY_ASSIGN(Ref<Tuple> result, new_tuple(thread, {none(), none()}));
  Ref<EnumerateIterator> made = new_object<EnumerateIterator>(thread, enumerate_type);
  if (!made) return raise_out_of_memory(thread);
  made->iterator = iterator.release();
  made->result = result.release();
  const std::optional<std::int64_t> number = int64_of(*as_int(first));
  made->number.initialize(number.value_or(EnumerateIterator::kLong));
  if (!number.has_value()) made->long_number = first.release();
  track(made.get());
  return made;
}

Result<Ref<Object>> new_enumerate(ThreadState& thread, Borrowed<Object> iterable) {
  return new_enumerate(thread, iterable, shared_int(0));
}

}  // namespace runtime
