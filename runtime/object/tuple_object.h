// tuple: a fixed number of objects, in one block with their count.
//
// The items are written before the tuple is published and never change, so any thread reads them
// without a lock, and the tuple's own references keep them alive: a reader who holds the tuple may
// borrow an item. There is one exception: an iterator (zip, enumerate, dict.items) may put new items
// into the tuple that it gave out last, if nobody has it any more. "Nobody" must be certain:
// is_unique() asks for a count of one *and* that no other thread ever counted or could find the
// tuple. The hash is remembered, as in 3.14, so reuse forgets it.
//
// Ancestry: CPython's Objects/tupleobject.c; _PyObject_IsUniquelyReferenced and _PyTuple_Recycle for
// the reuse.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct Tuple : Object {
  std::int64_t size;
  Atomic<std::int64_t> hash;  // kNoHash until somebody asked

  static constexpr std::int64_t kNoHash = -1;

  // The empty one.
  constexpr explicit Tuple(Type* its_type) : Object(its_type), size(0), hash(5740354900026072187) {}

  // None is null in a finished tuple.
  [[nodiscard]] Object** items() { return reinterpret_cast<Object**>(this + 1); }
  [[nodiscard]] Object* const* items() const { return reinterpret_cast<Object* const*>(this + 1); }
  // 0 <= index < size.
  [[nodiscard]] Borrowed<Object> at(std::int64_t index) const {
    return Borrowed<Object>(items()[index]);
  }
};

extern Type tuple_type;

[[nodiscard]] inline bool is_tuple(const Object& object) {
  return object.type == &tuple_type || is_subtype(*object.type, tuple_type);
}
[[nodiscard]] inline Borrowed<Tuple> as_tuple(Borrowed<Object> object) {
  RT_INVARIANT(is_tuple(*object), "what is taken for a tuple is one");
  return Borrowed<Tuple>(static_cast<Tuple*>(object.get()));
}

// There is one.
[[nodiscard]] Ref<Tuple> empty_tuple();
// Takes a reference to each.
Result<Ref<Tuple>> new_tuple(ThreadState& thread, Arguments items);
Result<Ref<Tuple>> new_tuple(ThreadState& thread, std::initializer_list<Borrowed<Object>> items);
// Takes the references over (they are dropped when there is no memory).
Result<Ref<Tuple>> new_tuple_taking(ThreadState& thread, std::span<Ref<Object>> items);

// For who fills a tuple himself: untracked, its items are null. Fill items() with owned references,
// without foreign code in between, and track() it; it may be dropped half-filled. size > 0.
Result<Ref<Tuple>> allocate_tuple(ThreadState& thread, std::int64_t size);

// The tuple `result` that an iterator gave out before, if it may be filled anew: nobody else has it
// or can find it. Forgets the hash. The caller then exchanges items, one by one, and drops what was
// there afterwards.
[[nodiscard]] bool try_reuse(ThreadState& thread, Tuple& result);
[[nodiscard]] Ref<Object> exchange_item(Tuple& reused, std::int64_t index, Ref<Object> item);

// tuple[start:end], 0 <= start <= end <= size.
Result<Ref<Tuple>> tuple_slice(ThreadState& thread, Borrowed<Tuple> tuple, std::int64_t start,
                               std::int64_t end);

}  // namespace runtime
