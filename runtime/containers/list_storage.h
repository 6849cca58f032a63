// How a list gets, grows and gives up its array. For the files of list alone.
//
// Everything here stands in a section of the list, calls nothing foreign and does not suspend the
// section; so an operation first makes room, then does its work, and cannot fail half-way. What
// leaves the list goes to a RemovedItems, which is declared before the section and therefore drops
// after it.
//
// Ancestry: CPython's list_resize and list_clear_impl (Objects/listobject.c).
#pragma once

#include <cstdint>

#include "runtime/containers/list_object.h"

namespace runtime {

// What an operation takes out of a list, or is about to put in: dropped when this ends, after the section, the last one first.
// If it is a whole array, that is freed as well.
class RemovedItems {
 public:
  explicit RemovedItems(ThreadState& thread) : thread_(thread) {}
  ~RemovedItems();
  RemovedItems(const RemovedItems&) = delete;
  RemovedItems& operator=(const RemovedItems&) = delete;

  // Room for so many. False: out of memory. Once.
  [[nodiscard]] bool reserve(std::int64_t count);
  // Takes a reference over.
  void add(Object* object);
  // What was added, until release_all() gives the references to the caller.
  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] Object* at(std::int64_t index) const { return objects_[index]; }
  void release_all() { count_ = 0; }
  // Takes over the references in slots begin .. end - 1 of an array, which the list has just given
  // up, and the array. Once.
  void take_array_locked(const List& list, ListItems* items, std::int64_t begin, std::int64_t end);

 private:
  static constexpr std::int64_t kFew = 8;

  ThreadState& thread_;
  Object* few_[kFew];
  Object** objects_ = few_;
  std::int64_t reserved_ = kFew;
  std::int64_t count_ = 0;

  ListItems* items_ = nullptr;
  std::int64_t begin_ = 0;
  std::int64_t end_ = 0;
  bool may_be_read_ = false;  // by somebody without a lock
};

// What stands in a list while it is sorted: no room, so that whoever changes it meanwhile replaces
// it. Never written, never freed.
extern ListItems sorting_items;

// An array of null slots. Null: out of memory. capacity > 0.
[[nodiscard]] ListItems* new_list_items(ThreadState& thread, std::int64_t capacity);

[[nodiscard]] inline std::int64_t capacity_of(const ListItems* items) {
  return items == nullptr ? 0 : items->capacity;
}
// 0, 4, 8, 16, 24, 32, 52, 84, ...: an eighth more than is needed, as in CPython; of more than 32
// items half more, because each array that is replaced is copied, and if the list is shared waits to
// be freed.
inline constexpr std::int64_t kLargeList = 33;
[[nodiscard]] std::int64_t grown_capacity(std::int64_t size, std::int64_t needed);

// In the section of the list, nobody else writes these.
[[nodiscard]] inline ListItems* items_locked(const List& list) { return list.items.load_relaxed(); }
[[nodiscard]] inline Object* item_locked(const List& list, std::int64_t index) {
  return items_locked(list)->slots()[index].load_relaxed();
}
// One more reference to an item. From now on other threads can count it without the lock.
[[nodiscard]] Ref<Object> share_item_locked(ThreadState& thread, const List& list,
                                            std::int64_t index);
// The slot takes the reference over; what was there is the caller's.
inline void put_item_locked(List& list, std::int64_t index, Object* item) {
  make_findable(&list, item);
  Atomic<Object*>& slot = items_locked(list)->slots()[index];
  if (RT_MUTANT(list_item_stored_relaxed)) {
    slot.store_relaxed(item);
  } else {
    slot.store_release(item);  // [element-before-found], [increment-before-recheck]
  }
}
// References move from slots `from` to slots `to`; those that are left are neither cleared nor dropped.
void move_items_locked(List& list, std::int64_t to, std::int64_t from, std::int64_t count);
// The slots from `begin` on have given their references away.
void vacate_locked(List& list, std::int64_t begin, std::int64_t end);

// The list refers to `items` from now on; the array that it had is retired, as it is.
void replace_items_locked(ThreadState& thread, List& list, ListItems* items);
// Room for `needed` items. False: out of memory, and nothing was changed.
[[nodiscard]] bool make_room_locked(ThreadState& thread, List& list, std::int64_t needed);
// Gives memory back when less than half of the array is used.
void shrink_locked(ThreadState& thread, List& list);
// The list is empty and has no array.
void take_all_locked(List& list, RemovedItems& removed);

}  // namespace runtime
