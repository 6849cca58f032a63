#include "runtime/containers/list_iterator.h"

#include <algorithm>
#include <utility>

#include "runtime/base/build.h"
#include "runtime/base/mutants.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"

namespace runtime {

namespace {

Borrowed<List> list_of(const ListIterator& iterator) {
  return Borrowed<List>(static_cast<List*>(iterator.list));
}

// From the place before to the one after. If another thread was faster, the word stays where that
// one put it: it may say kExhausted, and must go on saying so. Relaxed: it is one word, and orders
// nothing. That this thread holds the only reference would prove nothing: it may be that of an
// enumerate or a zip which others use too.
void move_on(const ThreadState& thread, ListIterator& iterator, std::int64_t before,
             std::int64_t after) {
  const bool is_alone = thread.is_alone() && iterator.place.load_relaxed() == before;
  if (is_alone || RT_MUTANT(list_iterator_comes_back)) {
    iterator.place.store_relaxed(after);
    return;
  }
  std::int64_t expected = before;
  (void)iterator.place.compare_exchange_relaxed(expected, after);
}

// There was no item for the place that was taken. Stored whatever another thread has made of the
// place: who was told that there are no more items is not given one later.
void exhaust(ListIterator& iterator, std::int64_t before) {
  point("list_iterator.exhausted");
  if (RT_MUTANT(list_iterator_exhausted_politely)) {
    std::int64_t expected = before;
    (void)iterator.place.compare_exchange_relaxed(expected, ListIterator::kExhausted);
    return;
  }
  iterator.place.store_relaxed(ListIterator::kExhausted);
}

// With a GIL nobody else can be using the field.
Result<Ref<Object>> no_more(ThreadState& thread, ListIterator& iterator) {
  if (!kFreeThreaded) Ref<Object>::adopt(std::exchange(iterator.list, nullptr)).drop(thread);
  return Ref<Object>();
}

// One step forwards or backwards. Place 0 is the last one backwards: kExhausted comes after it by
// itself.
template <std::int64_t step>
Result<Ref<Object>> next_item(ThreadState& thread, Borrowed<Object> object) {
  auto& iterator = *static_cast<ListIterator*>(object.get());
  const std::int64_t place = iterator.place.load_relaxed();
  point("list_iterator.place_read");
  if (place == ListIterator::kExhausted) return no_more(thread, iterator);
  Ref<Object> item = list_get(thread, list_of(iterator), place);
  if (!item) {
    exhaust(iterator, place);
    return no_more(thread, iterator);
  }
  move_on(thread, iterator, place, place + step);
  return item;
}

constexpr Protocol kForwards{
    .hash = &hash_by_identity,
    .iterate = &iterate_itself,
    .next = &next_item<1>,
};
constexpr Protocol kBackwards{
    .hash = &hash_by_identity,
    .iterate = &iterate_itself,
    .next = &next_item<-1>,
};

constexpr TypeSlots iterator_slots(const char* name, const Protocol& protocol) {
  return {
      .name = name,
      .size = sizeof(ListIterator),
      .heap = HeapKind::kCollected,
      .release_fields = &release_field<&ListIterator::list>,
      .traverse = &traverse_field<&ListIterator::list>,
      .protocol = &protocol,
  };
}

Result<Ref<Object>> new_iterator(ThreadState& thread, Type& type, Borrowed<List> list,
                                 std::int64_t place) {
  Ref<ListIterator> iterator = new_object<ListIterator>(thread, type);
  if (!iterator) return raise_out_of_memory(thread);
  iterator->list = Ref<List>::share(thread, list).release();
  iterator->place.store_relaxed(place);
  track(iterator.get());
  return iterator;
}

}  // namespace

constinit Type list_iterator_type(iterator_slots("list_iterator", kForwards));
constinit Type list_reverse_iterator_type(iterator_slots("list_reverseiterator", kBackwards));

Result<Ref<Object>> new_list_iterator(ThreadState& thread, Borrowed<List> list) {
  return new_iterator(thread, list_iterator_type, list, 0);
}

Result<Ref<Object>> new_list_reverse_iterator(ThreadState& thread, Borrowed<List> list) {
  return new_iterator(thread, list_reverse_iterator_type, list, list_size(*list) - 1);
}

std::int64_t list_length_hint(const ListIterator& iterator) {
  const std::int64_t place = iterator.place.load_relaxed();  // a hint
  if (place == ListIterator::kExhausted) return 0;
  const std::int64_t size = list_size(*static_cast<List*>(iterator.list));
  if (iterator.type == &list_iterator_type) return std::max<std::int64_t>(size - place, 0);
  return place < size ? place + 1 : 0;
}

}  // namespace runtime
