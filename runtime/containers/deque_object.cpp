#include "runtime/containers/deque_object.h"

#include <algorithm>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/deque_protocol.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/object_section.h"

namespace runtime {

namespace {

constexpr std::int64_t kFirstCapacity = 8;

std::size_t bytes_of(std::int64_t capacity) {
  return static_cast<std::size_t>(capacity) * sizeof(Object*);
}

// What stands in a deque, taken out of it: to be dropped and freed outside of the section.
struct Ring {
  Object** items = nullptr;
  std::int64_t capacity = 0;
  std::int64_t first = 0;
  std::int64_t size = 0;
};

void drop_ring(ThreadState& thread, const Ring& ring) {
  for (std::int64_t i = 0; i < ring.size; ++i) {
    decrement(thread, ring.items[(ring.first + i) & (ring.capacity - 1)]);
  }
  raw_free(thread, ring.items, bytes_of(ring.capacity));
}

// -- in the section --

Object*& slot_locked(Deque& deque, std::int64_t index) {
  return deque.items[(deque.first + index) & (deque.capacity - 1)];
}

std::int64_t size_locked(const Deque& deque) { return deque.size.load_relaxed(); }

Ring take_all_locked(Deque& deque) {
  ++deque.changes;
  Ring ring{deque.items, deque.capacity, deque.first, size_locked(deque)};
  deque.items = nullptr;
  deque.capacity = 0;
  deque.first = 0;
  deque.size.store_relaxed(0);
  return ring;
}

bool make_room_locked(ThreadState& thread, Deque& deque) {
  const std::int64_t size = size_locked(deque);
  if (size < deque.capacity) return true;
  const std::int64_t capacity = std::max(kFirstCapacity, 2 * deque.capacity);
  auto** items = static_cast<Object**>(raw_allocate(thread, bytes_of(capacity)));
  if (items == nullptr) return false;
  for (std::int64_t i = 0; i < size; ++i) {
    items[i] = RT_MUTANT(deque_ring_copied_from_start) ? deque.items[i] : slot_locked(deque, i);
  }
  raw_free(thread, deque.items, bytes_of(deque.capacity));
  deque.items = items;
  deque.capacity = capacity;
  deque.first = 0;
  return true;
}

// There is room.
void add_locked(Deque& deque, End end, Object* item) {
  ++deque.changes;
  const std::int64_t size = size_locked(deque);
  if (end == End::kLeft) deque.first = (deque.first - 1) & (deque.capacity - 1);
  deque.size.store_relaxed(size + 1);
  slot_locked(deque, end == End::kLeft ? 0 : size) = item;
}

// It is not empty.
Object* take_locked(Deque& deque, End end) {
  ++deque.changes;
  const std::int64_t size = size_locked(deque);
  Object* item = slot_locked(deque, end == End::kLeft ? 0 : size - 1);
  if (end == End::kLeft) deque.first = (deque.first + 1) & (deque.capacity - 1);
  deque.size.store_relaxed(size - 1);
  return item;
}

// Adds at one end and takes out at the other, as one: the size is read without the lock, and a deque
// never has one item less, or one more than it may have. It is not empty.
Object* move_on_locked(Deque& deque, End end, Object* item) {
  ++deque.changes;
  const std::int64_t last = size_locked(deque) - 1;
  Object* surplus = slot_locked(deque, end == End::kLeft ? last : 0);
  deque.first = (deque.first + (end == End::kLeft ? -1 : 1)) & (deque.capacity - 1);
  slot_locked(deque, end == End::kLeft ? 0 : last) = item;
  return surplus;
}

void rotate_locked(Deque& deque, std::int64_t steps) {
  const std::int64_t size = size_locked(deque);
  if (size <= 1) return;
  steps %= size;
  if (steps > size / 2) steps -= size;
  if (steps < -size / 2) steps += size;
  ++deque.changes;
  for (; steps > 0; --steps) (void)move_on_locked(deque, End::kLeft, slot_locked(deque, size - 1));
  for (; steps < 0; ++steps) (void)move_on_locked(deque, End::kRight, slot_locked(deque, 0));
}

Raised out_of_range(ThreadState& thread) {
  return raise(thread, index_error_type, "deque index out of range");
}

void release_deque(Object* object, DroppedFields& dropped) {
  const Ring ring = take_all_locked(*static_cast<Deque*>(object));
  for (std::int64_t i = 0; i < ring.size; ++i) {
    dropped.take(ring.items[(ring.first + i) & (ring.capacity - 1)]);
  }
  raw_free(this_thread(), ring.items, bytes_of(ring.capacity));
}

void traverse_deque(Object* object, Visit visit, void* context) {
  auto& deque = *static_cast<Deque*>(object);
  for (std::int64_t i = 0; i < size_locked(deque); ++i) visit(context, slot_locked(deque, i));
}

void clear_deque(Object* object, DroppedFields&) {
  deque_clear(this_thread(), Borrowed(static_cast<Deque*>(object)));
}

}  // namespace

constinit Type deque_type(TypeSlots{
    .name = "collections.deque",
    .size = sizeof(Deque),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_deque,
    .traverse = &traverse_deque,
    .clear = &clear_deque,
    .protocol = &kDequeProtocol,
});

Result<Ref<Deque>> new_deque(ThreadState& thread, std::int64_t greatest_size) {
  Ref<Deque> deque = new_object<Deque>(thread, deque_type);
  if (!deque) return raise_out_of_memory(thread);
  deque->greatest_size_plus_one = greatest_size + 1;
  track(deque.get());
  return deque;
}

Result<Done> deque_initialize(ThreadState& thread, Borrowed<Deque> deque, Object* iterable,
                              std::int64_t greatest_size) {
  Ring before;
  {
    ObjectSection section(thread, deque);
    before = take_all_locked(*deque);
    deque->greatest_size_plus_one = greatest_size + 1;
  }
  drop_ring(thread, before);
  if (iterable == nullptr) return Done();
  return deque_extend(thread, deque, End::kRight, Borrowed(iterable));
}

Result<Done> deque_add(ThreadState& thread, Borrowed<Deque> deque, End end, Ref<Object> item) {
  Ref<Object> surplus;  // dropped outside
  const std::int64_t early = RT_MUTANT(deque_bound_checked_too_early) ? deque_size(*deque) : 0;
  ObjectSection section(thread, deque);
  const std::int64_t size = RT_MUTANT(deque_bound_checked_too_early) ? early : size_locked(*deque);
  if (size == deque->greatest_size()) {
    surplus = std::move(item);
    if (size_locked(*deque) == 0) return Done();
    surplus = Ref<Object>::adopt(move_on_locked(*deque, end, surplus.release()));
    return Done();
  }
  if (!make_room_locked(thread, *deque)) return raise_out_of_memory(thread);
  add_locked(*deque, end, item.release());
  return Done();
}

Result<Ref<Object>> deque_pop(ThreadState& thread, Borrowed<Deque> deque, End end) {
  {
    const bool had_items = RT_MUTANT(deque_pop_trusts_old_size) && deque_size(*deque) > 0;
    ObjectSection section(thread, deque);
    if (had_items || size_locked(*deque) > 0) return Ref<Object>::adopt(take_locked(*deque, end));
  }
  return raise(thread, index_error_type, "pop from an empty deque");
}

Result<Done> deque_extend(ThreadState& thread, Borrowed<Deque> deque, End end,
                          Borrowed<Object> iterable) {
  if (iterable.get() == deque.get() && !RT_MUTANT(deque_extends_itself_by_steps)) {
    ObjectSection section(thread, deque);
    for (Ref<Object>& item : deque_items(thread, deque)) {
      TRY(deque_add(thread, deque, end, std::move(item)));
    }
    return Done();
  }
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, iterable));
  // One section around all: where no foreign code runs, nobody finds a part of what is added.
  ObjectSection section(thread, deque);
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator));
    if (!item) return Done();
    TRY(deque_add(thread, deque, end, std::move(item)));
  }
}

void deque_rotate(ThreadState& thread, Borrowed<Deque> deque, std::int64_t steps) {
  ObjectSection section(thread, deque);
  rotate_locked(*deque, steps);
}

void deque_reverse(ThreadState& thread, Borrowed<Deque> deque) {
  ObjectSection section(thread, deque);
  const std::int64_t size = size_locked(*deque);
  for (std::int64_t i = 0; i < size / 2; ++i) {
    std::swap(slot_locked(*deque, i), slot_locked(*deque, size - 1 - i));
  }
}

void deque_clear(ThreadState& thread, Borrowed<Deque> deque) {
  Ring before;
  while (RT_MUTANT(deque_cleared_by_steps) && !deque_pop(thread, deque, End::kLeft).is_raised()) {
  }
  {
    ObjectSection section(thread, deque);
    before = take_all_locked(*deque);
  }
  drop_ring(thread, before);
}

std::vector<Ref<Object>> deque_items(ThreadState& thread, Borrowed<Deque> deque) {
  std::vector<Ref<Object>> items;
  ObjectSection section(thread, deque);
  const std::int64_t size = size_locked(*deque);
  items.reserve(static_cast<std::size_t>(size));
  for (std::int64_t i = 0; i < size; ++i) {
    items.push_back(Ref<Object>::share(thread, Borrowed(slot_locked(*deque, i))));
  }
  return items;
}

Result<Ref<Deque>> deque_copy(ThreadState& thread, Borrowed<Deque> deque) {
  TRY_ASSIGN(Ref<Deque> copy, new_deque(thread, deque->greatest_size()));
  if (RT_MUTANT(deque_copied_by_steps)) {
    TRY(deque_extend(thread, copy, End::kRight, deque));
    return copy;
  }
  for (Ref<Object>& item : deque_items(thread, deque)) {
    TRY(deque_add(thread, copy, End::kRight, std::move(item)));
  }
  return copy;
}

Result<Ref<Object>> deque_get(ThreadState& thread, Borrowed<Deque> deque, std::int64_t index) {
  Object* item = nullptr;
  {
    ObjectSection section(thread, deque);
    const std::int64_t size = size_locked(*deque);
    if (index < 0) index += size;
    if (index >= 0 && index < size) {
      item = slot_locked(*deque, index);
      if (!RT_MUTANT(deque_get_counts_outside)) return Ref<Object>::share(thread, Borrowed(item));
    }
  }
  if (item != nullptr) return Ref<Object>::share(thread, Borrowed(item));
  return out_of_range(thread);
}

Result<Done> deque_set(ThreadState& thread, Borrowed<Deque> deque, std::int64_t index,
                       Ref<Object> item) {
  Ref<Object> before;  // dropped outside
  {
    ObjectSection section(thread, deque);
    const std::int64_t size = size_locked(*deque);
    if (index < 0) index += size;
    if (index >= 0 && index < size) {
      if (item) {
        before = Ref<Object>::adopt(std::exchange(slot_locked(*deque, index), item.release()));
      } else {
        rotate_locked(*deque, -index);
        before = Ref<Object>::adopt(take_locked(*deque, End::kLeft));
        rotate_locked(*deque, index);
      }
      return Done();
    }
  }
  return out_of_range(thread);
}

Result<Done> deque_insert(ThreadState& thread, Borrowed<Deque> deque, std::int64_t index,
                          Ref<Object> item) {
  {
    const std::int64_t early = RT_MUTANT(deque_inserts_by_old_size) ? deque_size(*deque) : 0;
    ObjectSection section(thread, deque);
    const std::int64_t size = size_locked(*deque);
    const bool is_limited = deque->greatest_size() != Deque::kUnlimited;
    if (!is_limited || size < deque->greatest_size()) {
      if (!make_room_locked(thread, *deque)) return raise_out_of_memory(thread);
      if (index < 0) index += RT_MUTANT(deque_inserts_by_old_size) ? early : size;
      index = std::clamp<std::int64_t>(index, 0, size);
      rotate_locked(*deque, -index);
      if (index == size) {
        add_locked(*deque, End::kRight, item.release());
      } else {
        add_locked(*deque, End::kLeft, item.release());
        rotate_locked(*deque, index);
      }
      return Done();
    }
  }
  return raise(thread, index_error_type, "deque already at its maximum size");
}

}  // namespace runtime
