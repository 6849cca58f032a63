#include "runtime/object/sequence_iterator.h"

#include <utility>

#include "runtime/base/build.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/shared_place.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

std::int64_t length_of_sequence(const Object& sequence) {
  if (is_tuple(sequence)) return static_cast<const Tuple&>(sequence).size;
  if (is_str(sequence)) return static_cast<const Str&>(sequence).length;
  return static_cast<const Bytes&>(sequence).length;
}

Result<Ref<Object>> item_of_sequence(ThreadState& thread, Borrowed<Object> sequence,
                                     std::int64_t place) {
  if (is_tuple(*sequence)) return Ref<Object>::share(thread, as_tuple(sequence)->at(place));
  if (is_str(*sequence)) return new_str(thread, as_str(sequence)->at(place));
  return Ref<Object>(shared_int(static_cast<std::uint8_t>(as_bytes(sequence)->data()[place])));
}

Result<Ref<Object>> next_item(ThreadState& thread, Borrowed<Object> object) {
  auto* iterator = static_cast<SequenceIterator*>(object.get());
  if (!kFreeThreaded && iterator->sequence == nullptr) return Ref<Object>();
  Borrowed<Object> sequence(iterator->sequence);
  const std::int64_t place =
      take_place(thread, *iterator, iterator->place, length_of_sequence(*sequence));
  if (place == kNoPlace) {
    // With a GIL nobody else can be using the field.
    if (!kFreeThreaded) Ref<Object>::adopt(std::exchange(iterator->sequence, nullptr)).drop(thread);
    return Ref<Object>();
  }
  return item_of_sequence(thread, sequence, place);
}

constexpr Protocol kIteratorProtocol{
    .hash = &hash_by_identity,
    .iterate = &iterate_itself,
    .next = &next_item,
};

constexpr TypeSlots iterator_slots(const char* name) {
  return {
      .name = name,
      .size = sizeof(SequenceIterator),
      .heap = HeapKind::kCollected,
      .release_fields = &release_field<&SequenceIterator::sequence>,
      .traverse = &traverse_field<&SequenceIterator::sequence>,
      .protocol = &kIteratorProtocol,
  };
}

}  // namespace

constinit Type str_iterator_type(iterator_slots("str_iterator"));
constinit Type bytes_iterator_type(iterator_slots("bytes_iterator"));
constinit Type tuple_iterator_type(iterator_slots("tuple_iterator"));

Result<Ref<Object>> new_sequence_iterator(ThreadState& thread, Type& type,
                                          Borrowed<Object> sequence) {
  Ref<SequenceIterator> iterator = new_object<SequenceIterator>(thread, type);
  if (!iterator) return raise_out_of_memory(thread);
  iterator->sequence = Ref<Object>::share(thread, sequence).release();
  track(iterator.get());
  return iterator;
}

std::int64_t length_hint(const SequenceIterator& iterator) {
  const std::int64_t place = iterator.place.load_relaxed();  // a hint
  if (!kFreeThreaded && iterator.sequence == nullptr) return 0;
  return length_of_sequence(*iterator.sequence) - place;
}

}  // namespace runtime
