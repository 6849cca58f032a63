// Slices of lists: reading, assigning, deleting.
//
// The indices are asked first, as that runs foreign code; their meaning for the list is settled in
// the section, with the length that it has there. What is assigned is counted into a buffer before
// anything is changed: so the source may be the list itself, an exact list is read in the same step
// in which the other changes (both are locked), and a failure leaves everything as it was. What is
// replaced is dropped after the section.
//
// Ancestry: CPython's list_ass_slice and list_ass_subscript (Objects/listobject.c).
#include <algorithm>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/items_at_once.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/list_storage.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/slice_object.h"

namespace runtime {

namespace {

enum class Assigned { kDone, kNoMemory, kOtherCount };

// Without gaps, upwards: the same items.
void bring_in_order(SliceIndices& indices) {
  if (indices.step > 0) return;
  indices.start += indices.step * (indices.count - 1);
  indices.step = -indices.step;
}

// Items start .. start + count - 1 give way to those of `incoming`, in a new array of this capacity.
void replace_in_new_array_locked(List& list, ListItems* made, std::int64_t start,
                                 std::int64_t count, RemovedItems& incoming,
                                 RemovedItems& removed) {
  const std::int64_t size = list_size(list);
  const std::int64_t more = incoming.count();
  ListItems* old = items_locked(list);
  for (std::int64_t i = 0; i < start; ++i) made->slots()[i].initialize(item_locked(list, i));
  for (std::int64_t i = 0; i < more; ++i) {
    make_findable(&list, incoming.at(i));
    made->slots()[start + i].initialize(incoming.at(i));
  }
  for (std::int64_t i = start + count; i < size; ++i) {
    made->slots()[i - count + more].initialize(item_locked(list, i));
  }
  incoming.release_all();
  list.items.store_release(made);  // [items-before-found], [increment-before-recheck]
  point("list.resize.published");
  list.size.store_relaxed(size - count + more);
  if (old != nullptr && old != &sorting_items) {
    removed.take_array_locked(list, old, start, start + count);
  }
}

Assigned replace_locked(ThreadState& thread, List& list, std::int64_t start, std::int64_t count,
                        RemovedItems& incoming, RemovedItems& removed) {
  const std::int64_t size = list_size(list);
  const std::int64_t more = incoming.count();
  const std::int64_t new_size = size - count + more;
  const std::int64_t capacity = capacity_of(items_locked(list));
  if (new_size == 0) {
    take_all_locked(list, removed);
    return Assigned::kDone;
  }
  if (new_size > capacity || new_size < capacity / 2) {
    ListItems* made = new_list_items(thread, grown_capacity(size, new_size));
    if (made != nullptr) {
      replace_in_new_array_locked(list, made, start, count, incoming, removed);
      return Assigned::kDone;
    }
    if (new_size > capacity) return Assigned::kNoMemory;  // else it stays large
  }
  if (!removed.reserve(count)) return Assigned::kNoMemory;
  for (std::int64_t i = 0; i < count; ++i) removed.add(item_locked(list, start + i));
  move_items_locked(list, start + more, start + count, size - start - count);
  for (std::int64_t i = 0; i < more; ++i) put_item_locked(list, start + i, incoming.at(i));
  incoming.release_all();
  list.size.store_relaxed(new_size);
  vacate_locked(list, new_size, size);
  return Assigned::kDone;
}

Assigned replace_with_gaps_locked(List& list, const SliceIndices& indices, RemovedItems& incoming,
                                  RemovedItems& removed) {
  if (incoming.count() != indices.count) return Assigned::kOtherCount;
  if (!removed.reserve(indices.count)) return Assigned::kNoMemory;
  for (std::int64_t i = indices.count - 1; i >= 0; --i) {
    const std::int64_t at = indices.start + i * indices.step;
    removed.add(item_locked(list, at));
    put_item_locked(list, at, incoming.at(i));
  }
  incoming.release_all();
  return Assigned::kDone;
}

Assigned delete_with_gaps_locked(ThreadState& thread, List& list, SliceIndices indices,
                                 RemovedItems& removed) {
  if (indices.count == 0) return Assigned::kDone;
  bring_in_order(indices);
  if (!removed.reserve(indices.count)) return Assigned::kNoMemory;
  const std::int64_t size = list_size(list);
  for (std::int64_t i = indices.count - 1; i >= 0; --i) {
    removed.add(item_locked(list, indices.start + i * indices.step));
  }
  for (std::int64_t i = 0; i < indices.count; ++i) {
    // What stands between one that goes and the next moves down by as many as have gone.
    const std::int64_t from = indices.start + i * indices.step + 1;
    const std::int64_t next = i + 1 == indices.count ? size : from + indices.step - 1;
    move_items_locked(list, from - i - 1, from, next - from);
  }
  list.size.store_relaxed(size - indices.count);
  vacate_locked(list, size - indices.count, size);
  shrink_locked(thread, list);
  return Assigned::kDone;
}

// In the section of the list, and in that of the source if it is a list.
bool count_in_locked(ThreadState& thread, Object* source, RemovedItems& incoming) {
  if (source == nullptr) return true;
  if (is_tuple(*source)) {
    const Tuple& tuple = *static_cast<Tuple*>(source);
    if (!incoming.reserve(tuple.size)) return false;
    for (std::int64_t i = 0; i < tuple.size; ++i) {
      incoming.add(Ref<Object>::share(thread, tuple.at(i)).release());
    }
    return true;
  }
  const List& list = *static_cast<List*>(source);
  const std::int64_t size = list_size(list);
  if (!incoming.reserve(size)) return false;
  for (std::int64_t i = 0; i < size; ++i) {
    incoming.add(share_item_locked(thread, list, i).release());
  }
  return true;
}

// `source` is an exact list, an exact tuple, or null.
Assigned assign_locked(ThreadState& thread, List& list, SliceIndices& indices, Object* source,
                       RemovedItems& incoming, RemovedItems& removed) {
  note_access_locked(thread, &list);
  if (!count_in_locked(thread, source, incoming)) return Assigned::kNoMemory;
  indices.adjust(list_size(list));
  if (indices.step == 1) {
    const std::int64_t start = std::min(indices.start, list_size(list));
    return replace_locked(thread, list, start, indices.count, incoming, removed);
  }
  if (source == nullptr) return delete_with_gaps_locked(thread, list, indices, removed);
  return replace_with_gaps_locked(list, indices, incoming, removed);
}

Result<Ref<Object>> list_or_tuple(ThreadState& thread, Borrowed<Object> iterable) {
  if (iterable->type == &list_type || iterable->type == &tuple_type) {
    return Ref<Object>::share(thread, iterable);
  }
  TRY_ASSIGN(Ref<Tuple> at_once, items_at_once(thread, iterable));
  if (at_once) return Ref<Object>(std::move(at_once));
  Result<Ref<Object>> iterator = get_iterator(thread, iterable);
  if (iterator.is_raised()) {
    Raised raised = std::move(iterator).raised();
    if (!matches(raised, type_error_type)) return raised;
    return raise_text(thread, type_error_type, "must assign iterable to extended slice");
  }
  TRY_ASSIGN(Ref<List> list, new_list_from(thread, iterator.value()));
  return list;
}

}  // namespace

Result<Ref<List>> list_get_slice(ThreadState& thread, Borrowed<List> list, Borrowed<Object> slice) {
  TRY_ASSIGN(SliceIndices indices, unpack(thread, as_slice(slice)));
  Ref<List> made = new_object<List>(thread, list_type);
  if (!made) return raise_out_of_memory(thread);
  bool is_complete = true;
  {
    ObjectSection section(thread, list);
    note_access_locked(thread, list.get());
    indices.adjust(list_size(*list));
    if (indices.count > 0) {
      ListItems* items = new_list_items(thread, indices.count);
      is_complete = items != nullptr;
      for (std::int64_t i = 0; is_complete && i < indices.count; ++i) {
        items->slots()[i].initialize(
            share_item_locked(thread, *list, indices.start + i * indices.step).release());
      }
      if (is_complete) {
        made->items.store_relaxed(items);  // nobody else knows it
        made->size.store_relaxed(indices.count);
      }
    }
  }
  if (!is_complete) return raise_out_of_memory(thread);
  track(made.get());
  return made;
}

Result<Done> list_set_slice(ThreadState& thread, Borrowed<List> list, Borrowed<Object> slice,
                            Object* iterable) {
  TRY_ASSIGN(SliceIndices indices, unpack(thread, as_slice(slice)));
  Ref<Object> source;
  if (iterable != nullptr) {
    RT_TRY_ASSIGN(made, source, list_or_tuple(thread, Borrowed<Object>(iterable)));
  }
  RemovedItems incoming(thread);
  RemovedItems removed(thread);
  Assigned assigned;
  if (RT_MUTANT(list_slice_by_old_size)) indices.adjust(list_size(*list));
  if (source && is_list(*source) && !RT_MUTANT(list_slice_source_unlocked)) {
    ObjectSection2 section(thread, list, source);
    note_access_locked(thread, source.get());
    assigned = assign_locked(thread, *list, indices, source.get(), incoming, removed);
  } else {
    ObjectSection section(thread, list);
    assigned = assign_locked(thread, *list, indices, source.get(), incoming, removed);
  }
  switch (assigned) {
    case Assigned::kDone:
      break;
    case Assigned::kNoMemory:
      return raise_out_of_memory(thread);
    case Assigned::kOtherCount:
      return raise(thread, value_error_type,
                   "attempt to assign sequence of size {} to extended slice of size {}",
                   incoming.count(), indices.count);
  }
  return Done();
}

}  // namespace runtime
