#include "runtime/containers/reversed_iterator.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/dict_view.h"
#include "runtime/containers/list_iterator.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/range_object.h"
#include "runtime/object/shared_place.h"

namespace runtime {

namespace {

Result<Ref<Object>> next_item(ThreadState& thread, Borrowed<Object> object) {
  auto& reversed = *static_cast<ReversedIterator*>(object.get());
  const std::int64_t place = take_place(thread, reversed, reversed.place, reversed.length);
  if (place == kNoPlace) return Ref<Object>();
  TRY_ASSIGN(Ref<Int> index, new_int(thread, reversed.length - 1 - place));
  Result<Ref<Object>> item = get_item(thread, Borrowed(reversed.sequence), index);
  if (!item.is_raised()) return item;
  // Relaxed, and the greatest of all places: no compare-and-exchange of another thread undoes it.
  if (!RT_MUTANT(reversed_comes_back)) reversed.place.store_relaxed(ReversedIterator::kExhausted);
  Raised raised = std::move(item).raised();
  const Type& type = *raised.exception()->type;
  if (is_subtype(type, index_error_type) || is_subtype(type, stop_iteration_type)) {
    return Ref<Object>();
  }
  return raised;
}

Result<Ref<Object>> reversed_view(ThreadState& thread, Borrowed<Object> object) {
  const DictPart part = object->type == &dict_values_type  ? DictPart::kValues
                        : object->type == &dict_items_type ? DictPart::kItems
                                                           : DictPart::kKeys;
  return new_dict_iterator(thread, Borrowed(static_cast<DictView*>(object.get())->dict), part,
                           Direction::kReversed);
}

constexpr Protocol kReversedProtocol{
    .hash = &hash_by_identity,
    .iterate = &iterate_itself,
    .next = &next_item,
};

}  // namespace

constinit Type reversed_type(TypeSlots{
    .name = "reversed",
    .size = sizeof(ReversedIterator),
    .heap = HeapKind::kCollected,
    .release_fields = &release_field<&ReversedIterator::sequence>,
    .traverse = &traverse_field<&ReversedIterator::sequence>,
    .protocol = &kReversedProtocol,
});

Result<Ref<Object>> new_reversed(ThreadState& thread, Borrowed<Object> object) {
  if (is_list(*object)) return new_list_reverse_iterator(thread, as_list(object));
  if (is_range(*object)) return reversed_range(thread, as_range(object));
  if (is_dict(*object)) {
    return new_dict_iterator(thread, as_dict(object), DictPart::kKeys, Direction::kReversed);
  }
  if (is_dict_view(*object)) return reversed_view(thread, object);
  const Protocol& protocol = protocol_of(object);
  if (protocol.get_item == nullptr || protocol.length == nullptr) {
    return raise(thread, type_error_type, "'{}' object is not reversible", type_name(object));
  }
  TRY_ASSIGN(std::int64_t length, length_of(thread, object));
  Ref<ReversedIterator> reversed = new_object<ReversedIterator>(thread, reversed_type);
  if (!reversed) return raise_out_of_memory(thread);
  reversed->sequence = Ref<Object>::share(thread, object).release();
  reversed->length = length;
  track(reversed.get());
  return reversed;
}

Result<std::int64_t> length_hint(ThreadState& thread, const ReversedIterator& iterator) {
  const std::int64_t place = iterator.place.load_relaxed();  // a hint
  if (place >= iterator.length) return 0;
  TRY_ASSIGN(std::int64_t length, length_of(thread, Borrowed(iterator.sequence)));
  const std::int64_t left = iterator.length - place;
  return length < left ? 0 : left;
}

}  // namespace runtime
