#include "runtime/containers/list_object.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/list_protocol.h"
#include "runtime/containers/list_storage.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"

namespace runtime {

// -- The array --

constinit ListItems sorting_items{0};

ListItems* new_list_items(ThreadState& thread, std::int64_t capacity) {
  if (capacity > (INT64_MAX >> 4)) return nullptr;
  auto* items =
      static_cast<ListItems*>(raw_allocate_zeroed(thread, ListItems::bytes_for(capacity)));
  if (items != nullptr) items->capacity = capacity;
  return items;
}

std::int64_t grown_capacity(std::int64_t size, std::int64_t needed) {
  const unsigned part = needed < kLargeList ? 3 : 1;
  const std::int64_t generous = (needed + (needed >> part) + 6) & ~std::int64_t{3};
  // Who adds many items at once has probably added all.
  return needed - size > generous - needed ? (needed + 3) & ~std::int64_t{3} : generous;
}

Ref<Object> share_item_locked(ThreadState& thread, const List& list, std::int64_t index) {
  Object* item = item_locked(list, index);
  increment(thread, item);
  // Whoever is not its owner would come here again and again.
  if (is_shared(&list) || !is_owned_by(thread, item)) set_maybe_weak(item);
  return Ref<Object>::adopt(item);
}

void move_items_locked(List& list, std::int64_t to, std::int64_t from, std::int64_t count) {
  Atomic<Object*>* slots = items_locked(list)->slots();
  // One whole pointer after the other, never bytes: readers look on.
  if (to < from) {
    for (std::int64_t i = 0; i < count; ++i) {
      slots[to + i].store_release(slots[from + i].load_relaxed());  // [element-before-found]
    }
  } else {
    for (std::int64_t i = count - 1; i >= 0; --i) {
      slots[to + i].store_release(slots[from + i].load_relaxed());  // [element-before-found]
    }
  }
}

void vacate_locked(List& list, std::int64_t begin, std::int64_t end) {
  if (RT_MUTANT(vacated_slot_keeps_pointer)) return;
  for (std::int64_t i = begin; i < end; ++i) {
    items_locked(list)->slots()[i].store_release(nullptr);  // [increment-before-recheck]
    point("list.slot_nulled");
  }
}

void replace_items_locked(ThreadState& thread, List& list, ListItems* items) {
  ListItems* old = items_locked(list);
  point("list.resize.copied");
  if (RT_MUTANT(list_items_published_relaxed)) {
    list.items.store_relaxed(items);
  } else {
    list.items.store_release(items);  // [items-before-found], [increment-before-recheck]
  }
  point("list.resize.published");
  if (old != nullptr && old != &sorting_items) {
    retire_array(thread, &list, old, ListItems::bytes_for(old->capacity));
  }
}

namespace {

// Moves the first `size` items to an array of that capacity. False: out of memory.
bool resize_locked(ThreadState& thread, List& list, std::int64_t size, std::int64_t capacity) {
  ListItems* old = items_locked(list);
  // Nobody looks on: moves like any bytes. Not under the scheduler, which knows an atomic word by its
  // address.
  if (!HEDDLE_SCHEDULED && !is_shared(&list) && old != nullptr && old != &sorting_items) {
    void* moved = raw_reallocate(thread, old, ListItems::bytes_for(old->capacity),
                                 ListItems::bytes_for(capacity));
    if (moved == nullptr) return false;
    auto* items = static_cast<ListItems*>(moved);
    items->capacity = capacity;
    for (std::int64_t i = size; i < capacity; ++i) items->slots()[i].initialize(nullptr);
    list.items.store_release(items);  // [items-before-found]
    return true;
  }
  ListItems* items = new_list_items(thread, capacity);
  if (items == nullptr) return false;
  for (std::int64_t i = 0; i < size; ++i) {
    items->slots()[i].initialize(old->slots()[i].load_relaxed());
  }
  replace_items_locked(thread, list, items);
  return true;
}

}  // namespace

bool make_room_locked(ThreadState& thread, List& list, std::int64_t needed) {
  ListItems* items = items_locked(list);
  if (needed <= capacity_of(items)) return true;
  if (needed > (INT64_MAX >> 4)) return false;
  const std::int64_t size = list_size(list);
  return resize_locked(thread, list, size, grown_capacity(size, needed));
}

void shrink_locked(ThreadState& thread, List& list) {
  const std::int64_t size = list_size(list);
  const std::int64_t capacity = capacity_of(items_locked(list));
  if (size >= capacity / 2) return;
  if (size == 0) {
    replace_items_locked(thread, list, nullptr);
  } else {
    (void)resize_locked(thread, list, size, grown_capacity(size, size));  // else it stays large
  }
}

void take_all_locked(List& list, RemovedItems& removed) {
  ListItems* items = items_locked(list);
  const std::int64_t size = list_size(list);
  if (items == nullptr || items == &sorting_items) return;
  list.size.store_relaxed(0);
  list.items.store_release(nullptr);  // [increment-before-recheck]
  point("list.cleared");
  removed.take_array_locked(list, items, 0, size);
}

// -- What is taken out --

bool RemovedItems::reserve(std::int64_t count) {
  if (count <= kFew) return true;
  void* bytes = raw_allocate(thread_, static_cast<std::size_t>(count) * sizeof(Object*));
  if (bytes == nullptr) return false;
  objects_ = static_cast<Object**>(bytes);
  reserved_ = count;
  return true;
}

void RemovedItems::add(Object* object) {
  RT_INVARIANT(count_ < reserved_, "room was made for what is removed");
  objects_[count_++] = object;
}

void RemovedItems::take_array_locked(const List& list, ListItems* items, std::int64_t begin,
                                     std::int64_t end) {
  RT_INVARIANT(holds_section(thread_, &list), "who empties a list has its section");
  RT_INVARIANT(items_ == nullptr, "one operation gives up one array");
  items_ = items;
  begin_ = begin;
  end_ = end;
  // Exact now. Whoever comes later does not find the array.
  may_be_read_ = is_shared(&list);
}

RemovedItems::~RemovedItems() {
  for (std::int64_t i = count_ - 1; i >= 0; --i) decrement(thread_, objects_[i]);
  if (objects_ != few_) {
    raw_free(thread_, objects_, static_cast<std::size_t>(reserved_) * sizeof(Object*));
  }
  if (items_ == nullptr) return;
  for (std::int64_t i = end_ - 1; i >= begin_; --i) {
    decrement(thread_, items_->slots()[i].load_relaxed());  // nobody writes here any more
  }
  const std::size_t bytes = ListItems::bytes_for(items_->capacity);
  if (may_be_read_ && !RT_MUTANT(cleared_array_freed_under_readers)) {
    free_deferred(thread_, items_, bytes);
  } else {
    raw_free(thread_, items_, bytes);
  }
}

// -- One item --

namespace {

// Steps 2 to 7 of list_object.h.
Ref<Object> try_get(ThreadState& thread, Borrowed<List> list, std::int64_t index) {
  ListItems* items = list->items.load_acquire();  // [items-before-found]
  if (items == nullptr || index >= items->capacity) return nullptr;
  const Atomic<Object*>& slot = items->slots()[index];
  Object* object = slot.load_acquire();  // [element-before-found]
  if (object == nullptr) return nullptr;
  if (!try_increment_from(thread, slot, object, list->items, items)) return nullptr;
  return Ref<Object>::adopt(object);
}

}  // namespace

Ref<Object> list_get_slow(ThreadState& thread, Borrowed<List> list, std::int64_t index) {
  if (reads_without_lock(thread, list.get())) {
    if (Ref<Object> item = try_get(thread, list, index)) return item;
  }
  ObjectSection section(thread, list);
  note_access_locked(thread, list.get());
  if (index >= list_size(*list)) return nullptr;
  return share_item_locked(thread, *list, index);
}

bool list_set(ThreadState& thread, Borrowed<List> list, std::int64_t index, Ref<Object> item) {
  Ref<Object> previous;
  ObjectSection section(thread, list);
  note_access_locked(thread, list.get());
  if (index < 0 || index >= list_size(*list)) return false;
  if (RT_MUTANT(list_set_drops_first)) {
    decrement(thread, item_locked(*list, index));
    put_item_locked(*list, index, item.release());
    return true;
  }
  previous = Ref<Object>::adopt(item_locked(*list, index));
  put_item_locked(*list, index, item.release());
  return true;
}

Result<Done> list_append_slow(ThreadState& thread, Borrowed<List> list, Ref<Object> item) {
  {
    const std::int64_t early = RT_MUTANT(list_append_sees_old_size) ? list_size(*list) : 0;
    ObjectSection section(thread, list);
    note_access_locked(thread, list.get());
    const std::int64_t size = RT_MUTANT(list_append_sees_old_size) ? early : list_size(*list);
    if (make_room_locked(thread, *list, size + 1)) [[likely]] {
      put_item_locked(*list, size, item.release());
      point("list.item_appended");
      list->size.store_relaxed(size + 1);
      return Done();
    }
  }
  return raise_out_of_memory(thread);
}

// -- The object --

namespace {

// The list is dead: nobody reads it.
void release_list(Object* object, DroppedFields& dropped) {
  auto* list = static_cast<List*>(object);
  ListItems* items = list->items.load_relaxed();
  if (items == nullptr || items == &sorting_items) return;
  const std::int64_t size = list_size(*list);
  list->size.store_relaxed(0);
  list->items.store_relaxed(nullptr);
  dropped.take_buffer(items, ListItems::bytes_for(items->capacity), items->slots(), size);
}

void traverse_list(Object* object, Visit visit, void* context) {
  auto* list = static_cast<List*>(object);
  ListItems* items = list->items.load_relaxed();  // the world is stopped
  for (std::int64_t i = 0; i < capacity_of(items); ++i) {
    if (Object* item = items->slots()[i].load_relaxed()) visit(context, item);
  }
}

void clear_fields(Object* object, DroppedFields&) {
  list_clear(this_thread(), Borrowed<List>(static_cast<List*>(object)));
}

}  // namespace

constinit Type list_type(TypeSlots{
    .name = "list",
    .size = sizeof(List),
    .heap = HeapKind::kCollected,
    .release_fields = &release_list,
    .traverse = &traverse_list,
    .clear = &clear_fields,
    .protocol = &list_protocol,
});

// -- Making lists --

Result<Ref<List>> new_list(ThreadState& thread) {
  Ref<List> list = new_object<List>(thread, list_type);
  if (!list) return raise_out_of_memory(thread);
  track(list.get());
  return list;
}

Result<Ref<List>> new_list(ThreadState& thread, Arguments items) {
  TRY_ASSIGN(Ref<List> list, new_list(thread));
  if (items.empty()) return list;
  const auto size = static_cast<std::int64_t>(items.size());
  ListItems* made = new_list_items(thread, size);
  if (made == nullptr) return raise_out_of_memory(thread);
  for (std::int64_t i = 0; i < size; ++i) {
    Object* item = items[static_cast<std::size_t>(i)].get();
    increment(thread, item);
    made->slots()[i].initialize(item);
  }
  // Nobody else knows the list.
  list->size.store_relaxed(size);
  list->items.store_release(made);  // [items-before-found]
  return list;
}

Result<Ref<List>> new_list_from(ThreadState& thread, Borrowed<Object> iterable) {
  if (iterable->type == &list_type) return list_copy(thread, as_list(iterable));
  TRY_ASSIGN(Ref<List> list, new_list(thread));
  TRY(list_extend(thread, list, iterable));
  return list;
}

}  // namespace runtime
