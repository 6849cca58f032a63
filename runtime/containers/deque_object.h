// deque: items that come and go at both ends.
//
// The items stand in a ring: a buffer, the place of the first item and their number. Everything but the
// number is read and changed in the section of the deque, so each operation is one step; what an
// operation takes out is dropped after it. A count of changes says to whoever walks through, one
// section per item, that the deque was changed since he began. A deque may have a greatest length: who
// adds at one end beyond it takes out at the other.
//
// Not read without a lock, as lists are: who shares a deque uses it as a queue.
//
// Ancestry: https://docs.python.org/3/library/collections.html#collections.deque; CPython's
// Modules/_collectionsmodule.c. Departure: one ring instead of a list of blocks, so that items in the
// middle are found at once.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/base/atomic.h"
#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/weak_reference.h"

namespace runtime {

struct List;

struct Deque : WeaklyReferable {
  static constexpr std::int64_t kUnlimited = -1;

  Atomic<std::int64_t> size;  // written in the section, as everything
  Object** items;             // null: no buffer
  std::int64_t capacity;      // a power of two, or 0
  std::int64_t first;         // its place in the buffer
  std::uint64_t changes;
  std::int64_t greatest_size_plus_one;  // 0: unlimited, so that a zeroed deque is a valid one

  [[nodiscard]] std::int64_t greatest_size() const { return greatest_size_plus_one - 1; }
};

extern Type deque_type;
extern Type deque_iterator_type;
extern Type deque_reverse_iterator_type;

[[nodiscard]] inline bool is_deque(const Object& object) { return is_instance(object, deque_type); }
[[nodiscard]] inline Borrowed<Deque> as_deque(Borrowed<Object> object) {
  RT_INVARIANT(is_deque(*object), "what is taken for a deque is one");
  return Borrowed<Deque>(static_cast<Deque*>(object.get()));
}
// A number that may be out of date when it is looked at.
[[nodiscard]] inline std::int64_t deque_size(const Deque& deque) {
  return deque.size.load_relaxed();
}

enum class End { kLeft, kRight };

Result<Ref<Deque>> new_deque(ThreadState& thread, std::int64_t greatest_size = Deque::kUnlimited);
// __init__: forgets what was in it.
Result<Done> deque_initialize(ThreadState& thread, Borrowed<Deque> deque, Object* iterable,
                              std::int64_t greatest_size);
Result<Done> deque_add(ThreadState& thread, Borrowed<Deque> deque, End end, Ref<Object> item);
// IndexError "pop from an empty deque".
Result<Ref<Object>> deque_pop(ThreadState& thread, Borrowed<Deque> deque, End end);
Result<Done> deque_extend(ThreadState& thread, Borrowed<Deque> deque, End end,
                          Borrowed<Object> iterable);
void deque_rotate(ThreadState& thread, Borrowed<Deque> deque, std::int64_t steps);
void deque_reverse(ThreadState& thread, Borrowed<Deque> deque);
void deque_clear(ThreadState& thread, Borrowed<Deque> deque);
Result<Ref<Deque>> deque_copy(ThreadState& thread, Borrowed<Deque> deque);
// Below 0: counted from the end. IndexError.
Result<Ref<Object>> deque_get(ThreadState& thread, Borrowed<Deque> deque, std::int64_t index);
// A null item deletes.
Result<Done> deque_set(ThreadState& thread, Borrowed<Deque> deque, std::int64_t index,
                       Ref<Object> item);
// IndexError "deque already at its maximum size".
Result<Done> deque_insert(ThreadState& thread, Borrowed<Deque> deque, std::int64_t index,
                          Ref<Object> item);
// ValueError, IndexError when it was changed meanwhile.
Result<Done> deque_remove(ThreadState& thread, Borrowed<Deque> deque, Borrowed<Object> item);
// These three raise RuntimeError "deque mutated during iteration". Not found: -1.
Result<std::int64_t> deque_find(ThreadState& thread, Borrowed<Deque> deque, Borrowed<Object> item,
                                std::int64_t start = 0, std::int64_t stop = INT64_MAX);
Result<std::int64_t> deque_count(ThreadState& thread, Borrowed<Deque> deque, Borrowed<Object> item);
// All items, as they are at one moment.
[[nodiscard]] std::vector<Ref<Object>> deque_items(ThreadState& thread, Borrowed<Deque> deque);

// From `end` towards the other one.
Result<Ref<Object>> deque_iterator(ThreadState& thread, Borrowed<Deque> deque, End end);
// How many items are left.
[[nodiscard]] std::int64_t deque_iterator_left(ThreadState& thread, Borrowed<Object> iterator);

}  // namespace runtime
