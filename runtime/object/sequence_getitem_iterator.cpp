#include "runtime/object/sequence_getitem_iterator.h"

#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"

namespace runtime {

namespace {

Result<Ref<Object>> next_item(ThreadState& thread, Borrowed<Object> object) {
  auto& iterator = *static_cast<GetItemIterator*>(object.get());
  // Relaxed throughout: the place is one word and orders nothing.
  std::int64_t place = iterator.place.load_relaxed();
  if (place == GetItemIterator::kExhausted) return Ref<Object>();
  if (place == INT64_MAX) {
    return raise_text(thread, overflow_error_type, "iter index too large");
  }
  TRY_ASSIGN(Ref<Int> key, new_int(thread, place));
  Result<Ref<Object>> item = get_item(thread, Borrowed<Object>(iterator.sequence), key);
  if (!item.is_raised()) {
    (void)iterator.place.compare_exchange_relaxed(place, place + 1);
    return item;
  }
  Raised raised = std::move(item).raised();
  if (!matches(raised, index_error_type) && !matches(raised, stop_iteration_type)) return raised;
  iterator.place.store_relaxed(GetItemIterator::kExhausted);
  return Ref<Object>();
}

constexpr Protocol kIteratorProtocol{
    .hash = &hash_by_identity,
    .iterate = &iterate_itself,
    .next = &next_item,
};

}  // namespace

constinit Type getitem_iterator_type(TypeSlots{
    .name = "iterator",
    .size = sizeof(GetItemIterator),
    .heap = HeapKind::kCollected,
    .release_fields = &release_field<&GetItemIterator::sequence>,
    .traverse = &traverse_field<&GetItemIterator::sequence>,
    .protocol = &kIteratorProtocol,
});

Result<Ref<Object>> new_getitem_iterator(ThreadState& thread, Borrowed<Object> sequence) {
  Ref<GetItemIterator> iterator = new_object<GetItemIterator>(thread, getitem_iterator_type);
  if (!iterator) return raise_out_of_memory(thread);
  iterator->sequence = Ref<Object>::share(thread, sequence).release();
  track(iterator.get());
  return iterator;
}

}  // namespace runtime
