// list: an array of objects that is read without a lock and changed under one.
//
// A list is a size and a pointer to an array; the array knows its own capacity. Whoever changes the
// list holds its section (object_section.h). Whoever reads one item holds nothing:
//
//   1  index below `size`?                     a hint: says where to look
//   2  items = list->items, acquire            an array that was complete when it was published
//   3  index below items->capacity?            of this array, not of a later one
//   4  object = items->slots[index], acquire   null: nothing there now
//   5  try_increment(object)                   its block may be free by now, but is still a header
//   6  slots[index] == object still?           else it was overwritten, and perhaps dropped, before 5
//   7  list->items == items still?             else 6 says nothing: nobody overwrites an old array
//
// If 4 to 7 fail twice, the reader does the same inside the section, where nothing can change.
//
// Why that is right. The array that a reader looks into cannot be freed under him: a list that others
// may be reading gives replaced arrays to free_deferred() (sharing.h), which waits until each thread
// has passed a point where it holds no such pointer. The object he finds may end at any moment until
// 5 has counted it; 5 touches nothing but its header, which stays one (law 2). A writer stores the
// slot or the array first and drops the reference afterwards; so if 6 and 7 still see what 2 and 4
// saw, the list still owned a reference when the reader had his, and the object is the one that the
// list held (law 4). For that, writers must keep three rules:
//
//   - a slot that no longer counts (after pop) is made null before its reference is dropped or given
//     away;
//   - an array that was replaced stays as it was: its references have moved to the new one;
//   - what is dropped is dropped after the section: foreign code may run then.
//
// How an item comes to be countable by others: try_increment() succeeds for foreign objects only if
// somebody has called set_maybe_weak(). The first reader under the lock does, and every writer of a
// list that is shared.
//
// The size is not ordered with the array: a reader may see a new size and an old array, or the other
// way round. Either the slot says null, or the array ends before the index, and the lock decides.
//
// Not for what never changes (tuple).
//
// Ancestry: CPython's Objects/listobject.c (list_get_item_ref, list_resize, the growth pattern); PEP
// 703, "Optimistically Avoiding Locking". Departures: the capacity lies in the array; vacated slots
// are nulled; step 7.
//
// Orderings in this file
//   [items-before-found]    an array is filled (capacity, slots) before it is stored to `items`,
//                           release; readers load it with acquire.
//   [element-before-found]  what a thread did with an object before it stored it to a slot, release,
//                           happens before what a reader does who loads it from there, acquire.
//   [increment-before-recheck]  refcount.h.
//   `size` is loaded and stored relaxed, see above.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "runtime/base/atomic.h"
#include "runtime/containers/sharing.h"
#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/tuple_object.h"
#include "runtime/object/type.h"

namespace runtime {

// From raw_allocate(); see list_storage.h.
struct ListItems {
  std::int64_t capacity;  // constant

  [[nodiscard]] Atomic<Object*>* slots() { return reinterpret_cast<Atomic<Object*>*>(this + 1); }
  [[nodiscard]] static std::size_t bytes_for(std::int64_t capacity) {
    return sizeof(ListItems) + static_cast<std::size_t>(capacity) * sizeof(Atomic<Object*>);
  }
};

struct List : Object {
  Atomic<std::int64_t> size;  // written in the section
  Atomic<ListItems*> items;   // null: there is none; written in the section
};

extern Type list_type;

[[nodiscard]] inline bool is_list(const Object& object) {
  return object.type == &list_type || is_subtype(*object.type, list_type);
}
[[nodiscard]] inline Borrowed<List> as_list(Borrowed<Object> object) {
  RT_INVARIANT(is_list(*object), "what is taken for a list is one");
  return Borrowed<List>(static_cast<List*>(object.get()));
}

// -- Making lists: MemoryError --

Result<Ref<List>> new_list(ThreadState& thread);
// Takes a reference to each.
Result<Ref<List>> new_list(ThreadState& thread, Arguments items);
// list(iterable).
Result<Ref<List>> new_list_from(ThreadState& thread, Borrowed<Object> iterable);

// -- One item --

// len().
[[nodiscard]] inline std::int64_t list_size(const List& list) { return list.size.load_relaxed(); }

[[nodiscard]] Ref<Object> list_get_slow(ThreadState& thread, Borrowed<List> list,
                                        std::int64_t index);

// What stood at `index` at some moment during the call; null if that is out of range (also when it
// is negative). May run foreign code: a wrongly counted object is given back.
[[nodiscard]] inline Ref<Object> list_get(ThreadState& thread, Borrowed<List> list,
                                          std::int64_t index) {
  if (index < 0 || index >= list->size.load_relaxed()) return nullptr;
  if (thread.is_alone()) {
    // Nobody can change it meanwhile.
    Object* object = list->items.load_relaxed()->slots()[index].load_relaxed();
    return Ref<Object>::share(thread, Borrowed<Object>(object));
  }
  if (reads_without_lock(thread, list.get())) [[likely]] {
    point("list.size_read");
    ListItems* items = list->items.load_acquire();  // [items-before-found]
    point("list.items_read");
    if (items != nullptr && index < items->capacity) [[likely]] {
      const Atomic<Object*>& slot = items->slots()[index];
      Object* object = slot.load_acquire();  // [element-before-found]
      point("list.slot_read");
      if (object != nullptr && try_increment_from(thread, slot, object, list->items, items))
          [[likely]] {
        return Ref<Object>::adopt(object);
      }
    }
  }
  return list_get_slow(thread, list, index);
}

// list[index] = item, counting from 0. False: out of range, and nothing was done.
[[nodiscard]] bool list_set(ThreadState& thread, Borrowed<List> list, std::int64_t index,
                            Ref<Object> item);

// del list[index]; what is negative counts from the end. False: out of range.
[[nodiscard]] bool list_delete(ThreadState& thread, Borrowed<List> list, std::int64_t index);

Result<Done> list_append_slow(ThreadState& thread, Borrowed<List> list, Ref<Object> item);

// list.append(item). MemoryError.
inline Result<Done> list_append(ThreadState& thread, Borrowed<List> list, Ref<Object> item) {
  // Two stores, and nobody who could come in between: no section.
  if (thread.is_alone()) {
    const std::int64_t size = list->size.load_relaxed();
    ListItems* items = list->items.load_relaxed();
    if (items != nullptr && size < items->capacity) [[likely]] {
      items->slots()[size].store_relaxed(item.release());
      list->size.store_relaxed(size + 1);
      return Done();
    }
  }
  return list_append_slow(thread, list, std::move(item));
}

// -- Methods: list_methods.cpp --
// Negative indexes count from the end. IndexError, ValueError, MemoryError.

Result<Done> list_insert(ThreadState& thread, Borrowed<List> list, std::int64_t index,
                         Ref<Object> item);
Result<Ref<Object>> list_pop(ThreadState& thread, Borrowed<List> list, std::int64_t index = -1);
// What is equal to `item` is removed, once; what was put in its place meanwhile is not.
Result<Done> list_remove(ThreadState& thread, Borrowed<List> list, Borrowed<Object> item);
Result<std::int64_t> list_index(ThreadState& thread, Borrowed<List> list, Borrowed<Object> item,
                                std::int64_t start = 0, std::int64_t stop = INT64_MAX);
Result<std::int64_t> list_count(ThreadState& thread, Borrowed<List> list, Borrowed<Object> item);
Result<bool> list_contains(ThreadState& thread, Borrowed<List> list, Borrowed<Object> item);
void list_reverse(ThreadState& thread, Borrowed<List> list);
void list_clear(ThreadState& thread, Borrowed<List> list);
Result<Ref<List>> list_copy(ThreadState& thread, Borrowed<List> list);
// Of a list, tuple, set, frozenset, dict or view of a dict, each of exact type, in one step; else item
// by item.
Result<Done> list_extend(ThreadState& thread, Borrowed<List> list, Borrowed<Object> iterable);
Result<Ref<List>> list_concatenate(ThreadState& thread, Borrowed<List> left, Borrowed<List> right);
Result<Ref<List>> list_repeat(ThreadState& thread, Borrowed<List> list, std::int64_t times);
Result<Done> list_repeat_in_place(ThreadState& thread, Borrowed<List> list, std::int64_t times);
// tuple(list), in one step.
Result<Ref<Tuple>> list_to_tuple(ThreadState& thread, Borrowed<List> list);

// list.sort(): list_sort.cpp. Null `key`: the items themselves.
Result<Done> list_sort(ThreadState& thread, Borrowed<List> list, Object* key, bool reverse);

// -- Slices: list_slices.cpp --
// The list as it is at one moment; 0 <= start, end; both are clipped.
Result<Ref<List>> list_slice(ThreadState& thread, Borrowed<List> list, std::int64_t start,
                             std::int64_t end);
Result<Ref<List>> list_get_slice(ThreadState& thread, Borrowed<List> list, Borrowed<Object> slice);
// list[slice] = iterable; null deletes.
Result<Done> list_set_slice(ThreadState& thread, Borrowed<List> list, Borrowed<Object> slice,
                            Object* iterable);

}  // namespace runtime
