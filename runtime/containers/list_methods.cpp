// The methods of lists but for sort() and slices.
//
// Each that changes the list does so in one section, in which nothing foreign runs; remove() alone
// compares under way, and looks again. Those that search (index, count, in) take one item after the
// other without a lock: beside a writer who moves items they may miss one or meet one twice.
#include <algorithm>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/items_at_once.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/list_storage.h"
#include "runtime/object/exception_object.h"

namespace runtime {

namespace {

// A list without items that is not tracked yet, so that it may be filled in a section.
Ref<List> new_untracked(ThreadState& thread) { return new_object<List>(thread, list_type); }

// Copies references of `from` to the end of `to`, which has room and is this thread's own or in a
// section, as `from` is.
void share_items_locked(ThreadState& thread, List& to, std::int64_t at, const List& from,
                        std::int64_t begin, std::int64_t end) {
  for (std::int64_t i = begin; i < end; ++i) {
    put_item_locked(to, at + i - begin, share_item_locked(thread, from, i).release());
  }
}

// Room in a new list, which nobody else knows. False: out of memory.
bool make_room_in_new(ThreadState& thread, List& made, std::int64_t size) {
  if (size == 0) return true;
  ListItems* items = new_list_items(thread, size);
  if (items == nullptr) return false;
  made.items.store_relaxed(items);
  return true;
}

Result<Ref<List>> finish(ThreadState& thread, Ref<List> made, bool is_complete) {
  if (!is_complete) return raise_out_of_memory(thread);
  track(made.get());
  return made;
}

std::int64_t clamped(std::int64_t index, std::int64_t size) {
  if (index < 0) index += size;
  return std::clamp<std::int64_t>(index, 0, size);
}

// Takes the item out; the caller owns it.
Object* take_item_locked(ThreadState& thread, List& list, std::int64_t index) {
  const std::int64_t size = list_size(list);
  Object* item = item_locked(list, index);
  move_items_locked(list, index, index + 1, size - index - 1);
  list.size.store_relaxed(size - 1);
  vacate_locked(list, size - 1, size);
  shrink_locked(thread, list);
  return item;
}

}  // namespace

Result<Done> list_insert(ThreadState& thread, Borrowed<List> list, std::int64_t index,
                         Ref<Object> item) {
  {
    const std::int64_t early = RT_MUTANT(list_inserts_by_old_size) ? list_size(*list) : 0;
    ObjectSection section(thread, list);
    note_access_locked(thread, list.get());
    const std::int64_t size = list_size(*list);
    if (make_room_locked(thread, *list, size + 1)) {
      const std::int64_t at = RT_MUTANT(list_inserts_by_old_size)
                                  ? std::min(clamped(index, early), size)
                                  : clamped(index, size);
      move_items_locked(*list, at + 1, at, size - at);
      put_item_locked(*list, at, item.release());
      list->size.store_relaxed(size + 1);
      return Done();
    }
  }
  return raise_out_of_memory(thread);
}

Result<Ref<Object>> list_pop(ThreadState& thread, Borrowed<List> list, std::int64_t index) {
  const char* mistake = "pop index out of range";
  {
    const std::int64_t early = RT_MUTANT(list_pop_sees_old_size) ? list_size(*list) : 0;
    ObjectSection section(thread, list);
    note_access_locked(thread, list.get());
    const std::int64_t size = RT_MUTANT(list_pop_sees_old_size) ? early : list_size(*list);
    const std::int64_t at = index < 0 ? index + size : index;
    if (0 <= at && at < size) {
      return Ref<Object>::adopt(take_item_locked(thread, *list, at));
    }
    if (size == 0) mistake = "pop from empty list";
  }
  return raise_text(thread, index_error_type, mistake);
}

bool list_delete(ThreadState& thread, Borrowed<List> list, std::int64_t index) {
  Ref<Object> removed;
  if (RT_MUTANT(list_deletes_by_old_size) && index < 0) index += list_size(*list);
  ObjectSection section(thread, list);
  note_access_locked(thread, list.get());
  if (index < 0) index += list_size(*list);
  if (index < 0 || index >= list_size(*list)) return false;
  removed = Ref<Object>::adopt(take_item_locked(thread, *list, index));
  return true;
}

Result<Done> list_remove(ThreadState& thread, Borrowed<List> list, Borrowed<Object> item) {
  std::int64_t at = 0;
  while (Ref<Object> candidate = list_get(thread, list, at)) {
    TRY_ASSIGN(bool equal, are_equal(thread, candidate, item));
    if (!equal) {
      ++at;
      continue;
    }
    point("list.remove.found");
    Ref<Object> removed;
    ObjectSection section(thread, list);
    note_access_locked(thread, list.get());
    if (at >= list_size(*list)) continue;
    // Foreign code or another thread may have changed the list. Then what stands here now is asked.
    if (item_locked(*list, at) != candidate.get() && !RT_MUTANT(list_remove_without_second_look)) {
      continue;
    }
    removed = Ref<Object>::adopt(take_item_locked(thread, *list, at));
    return Done();
  }
  return raise_text(thread, value_error_type, "list.remove(x): x not in list");
}

Result<std::int64_t> list_index(ThreadState& thread, Borrowed<List> list, Borrowed<Object> item,
                                std::int64_t start, std::int64_t stop) {
  const std::int64_t size = list_size(*list);
  if (start < 0) start = std::max<std::int64_t>(start + size, 0);
  if (stop < 0) stop = std::max<std::int64_t>(stop + size, 0);
  for (std::int64_t i = start; i < stop; ++i) {
    Ref<Object> candidate = list_get(thread, list, i);
    if (!candidate) break;
    TRY_ASSIGN(bool equal, are_equal(thread, candidate, item));
    if (equal) return i;
  }
  return raise_text(thread, value_error_type, "list.index(x): x not in list");
}

Result<std::int64_t> list_count(ThreadState& thread, Borrowed<List> list, Borrowed<Object> item) {
  std::int64_t count = 0;
  for (std::int64_t i = 0;; ++i) {
    Ref<Object> candidate = list_get(thread, list, i);
    if (!candidate) return count;
    TRY_ASSIGN(bool equal, are_equal(thread, candidate, item));
    if (equal) ++count;
  }
}

Result<bool> list_contains(ThreadState& thread, Borrowed<List> list, Borrowed<Object> item) {
  for (std::int64_t i = 0;; ++i) {
    Ref<Object> candidate = list_get(thread, list, i);
    if (!candidate) return false;
    TRY_ASSIGN(bool equal, are_equal(thread, candidate, item));
    if (equal) return true;
  }
}

void list_reverse(ThreadState& thread, Borrowed<List> list) {
  ObjectSection section(thread, list);
  note_access_locked(thread, list.get());
  std::int64_t from = 0;
  std::int64_t to = list_size(*list) - 1;
  for (; from < to; ++from, --to) {
    Object* first = item_locked(*list, from);
    put_item_locked(*list, from, item_locked(*list, to));
    put_item_locked(*list, to, first);
  }
}

void list_clear(ThreadState& thread, Borrowed<List> list) {
  RemovedItems removed(thread);
  ObjectSection section(thread, list);
  note_access_locked(thread, list.get());
  take_all_locked(*list, removed);
}

Result<Ref<List>> list_copy(ThreadState& thread, Borrowed<List> list) {
  return list_slice(thread, list, 0, INT64_MAX);
}

Result<Ref<List>> list_slice(ThreadState& thread, Borrowed<List> list, std::int64_t start,
                             std::int64_t end) {
  Ref<List> made = new_untracked(thread);
  bool is_complete = static_cast<bool>(made);
  if (is_complete) {
    ObjectSection section(thread, list);
    note_access_locked(thread, list.get());
    const std::int64_t size = list_size(*list);
    const std::int64_t first = std::min(start, size);
    const std::int64_t count = std::max<std::int64_t>(std::min(end, size) - first, 0);
    is_complete = make_room_in_new(thread, *made, count);
    if (is_complete) {
      share_items_locked(thread, *made, 0, *list, first, first + count);
      made->size.store_relaxed(count);
    }
  }
  return finish(thread, std::move(made), is_complete);
}

Result<Ref<Tuple>> list_to_tuple(ThreadState& thread, Borrowed<List> list) {
  // The tuple is made without a section, for a size that may have changed when it is filled.
  for (;;) {
    const std::int64_t size = list_size(*list);
    if (size == 0) return empty_tuple();
    TRY_ASSIGN(Ref<Tuple> made, allocate_tuple(thread, size));
    {
      ObjectSection section(thread, list);
      note_access_locked(thread, list.get());
      if (list_size(*list) != size) continue;
      for (std::int64_t i = 0; i < size; ++i) {
        made->items()[i] = share_item_locked(thread, *list, i).release();
      }
    }
    track(made.get());
    return made;
  }
}

// -- More than one list --

namespace {

// In sections of both.
bool extend_by_list_locked(ThreadState& thread, List& list, const List& other) {
  const std::int64_t size = list_size(list);
  const std::int64_t more = list_size(other);  // now: they may be the same
  if (!make_room_locked(thread, list, size + more)) return false;
  share_items_locked(thread, list, size, other, 0, more);
  list.size.store_relaxed(size + more);
  return true;
}

bool extend_by_list(ThreadState& thread, Borrowed<List> list, Borrowed<List> other) {
  if (RT_MUTANT(list_extend_in_two_steps)) {
    const std::int64_t more = list_size(*other);
    for (std::int64_t i = 0; i < more; ++i) {
      Ref<Object> item = list_get(thread, other, i);
      if (!item || list_append(thread, list, std::move(item)).is_raised()) return false;
    }
    return true;
  }
  ObjectSection2 section(thread, list, other);
  note_access_locked(thread, list.get());
  note_access_locked(thread, other.get());
  return extend_by_list_locked(thread, *list, *other);
}

bool extend_by_tuple(ThreadState& thread, Borrowed<List> list, Borrowed<Tuple> other) {
  ObjectSection section(thread, list);
  note_access_locked(thread, list.get());
  const std::int64_t size = list_size(*list);
  if (!make_room_locked(thread, *list, size + other->size)) return false;
  for (std::int64_t i = 0; i < other->size; ++i) {
    put_item_locked(*list, size + i, Ref<Object>::share(thread, other->at(i)).release());
  }
  list->size.store_relaxed(size + other->size);
  return true;
}

}  // namespace

Result<Done> list_extend(ThreadState& thread, Borrowed<List> list, Borrowed<Object> iterable) {
  if (iterable->type == &list_type) {
    if (!extend_by_list(thread, list, as_list(iterable))) return raise_out_of_memory(thread);
    return Done();
  }
  if (iterable->type == &tuple_type) {
    if (!extend_by_tuple(thread, list, as_tuple(iterable))) return raise_out_of_memory(thread);
    return Done();
  }
  TRY_ASSIGN(Ref<Tuple> at_once, items_at_once(thread, iterable));
  if (at_once) {
    if (!extend_by_tuple(thread, list, at_once)) return raise_out_of_memory(thread);
    return Done();
  }
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, iterable));
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator));
    if (!item) return Done();
    TRY(list_append(thread, list, std::move(item)));
  }
}

Result<Ref<List>> list_concatenate(ThreadState& thread, Borrowed<List> left, Borrowed<List> right) {
  Ref<List> made = new_untracked(thread);
  bool is_complete = static_cast<bool>(made);
  if (is_complete) {
    ObjectSection2 section(thread, left, right);
    note_access_locked(thread, left.get());
    note_access_locked(thread, right.get());
    const std::int64_t middle = list_size(*left);
    const std::int64_t size = middle + list_size(*right);
    is_complete = make_room_in_new(thread, *made, size);
    if (is_complete) {
      share_items_locked(thread, *made, 0, *left, 0, middle);
      share_items_locked(thread, *made, middle, *right, 0, size - middle);
      made->size.store_relaxed(size);
    }
  }
  return finish(thread, std::move(made), is_complete);
}

Result<Ref<List>> list_repeat(ThreadState& thread, Borrowed<List> list, std::int64_t times) {
  Ref<List> made = new_untracked(thread);
  bool is_complete = static_cast<bool>(made);
  if (is_complete) {
    ObjectSection section(thread, list);
    note_access_locked(thread, list.get());
    const std::int64_t size = list_size(*list);
    std::int64_t total;
    is_complete = !__builtin_mul_overflow(size, std::max<std::int64_t>(times, 0), &total) &&
                  make_room_in_new(thread, *made, total);
    if (is_complete) {
      for (std::int64_t at = 0; at < total; at += size) {
        share_items_locked(thread, *made, at, *list, 0, size);
      }
      made->size.store_relaxed(total);
    }
  }
  return finish(thread, std::move(made), is_complete);
}

Result<Done> list_repeat_in_place(ThreadState& thread, Borrowed<List> list, std::int64_t times) {
  if (times <= 0) {
    list_clear(thread, list);
    return Done();
  }
  {
    ObjectSection section(thread, list);
    note_access_locked(thread, list.get());
    const std::int64_t size = list_size(*list);
    std::int64_t total;
    if (!__builtin_mul_overflow(size, times, &total) && make_room_locked(thread, *list, total)) {
      for (std::int64_t at = size; at < total; at += size) {
        share_items_locked(thread, *list, at, *list, 0, size);
      }
      list->size.store_relaxed(total);
      return Done();
    }
  }
  return raise_out_of_memory(thread);
}

}  // namespace runtime
