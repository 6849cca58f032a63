#include "runtime/object/slice_object.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

void release_slice(Object* object, DroppedFields& dropped) {
  auto* slice = static_cast<Slice*>(object);
  dropped.take(slice->start);
  dropped.take(slice->stop);
  dropped.take(slice->step);
}

void traverse_slice(Object* object, Visit visit, void* context) {
  auto* slice = static_cast<Slice*>(object);
  for (Object* field : {slice->start, slice->stop, slice->step}) {
    if (field != nullptr) visit(context, field);
  }
}

Result<Ref<Tuple>> parts_of(ThreadState& thread, Borrowed<Object> object) {
  Borrowed<Slice> slice = as_slice(object);
  return new_tuple(thread, {Borrowed<Object>(slice->start), Borrowed<Object>(slice->stop),
                            Borrowed<Object>(slice->step)});
}

// xxHash as for a tuple, without the length: CPython's slice_hash, whose value nobody relies on.
Result<std::int64_t> hash(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Ref<Tuple> parts, parts_of(thread, object));
  return hash_of(thread, parts);
}

// As the tuples of their parts.
Result<Ref<Object>> compare_slice(ThreadState& thread, Borrowed<Object> left,
                                  Borrowed<Object> right, CompareOp op) {
  if (!is_slice(*right)) return not_implemented();
  TRY_ASSIGN(Ref<Tuple> first, parts_of(thread, left));
  TRY_ASSIGN(Ref<Tuple> second, parts_of(thread, right));
  return compare(thread, first, second, op);
}

Result<Ref<Str>> repr(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Ref<Tuple> parts, parts_of(thread, object));
  TRY_ASSIGN(Ref<Str> text, repr_of(thread, parts));
  StrBuilder built(thread);
  built.append("slice");
  built.append(*text);
  return built.finish();
}

constexpr Protocol kSliceProtocol{
    .hash = &hash,
    .compare = &compare_slice,
    .repr = &repr,
};

constexpr const char* kNotAnIndex =
    "slice indices must be integers or None or have an __index__ method";

Result<Ref<Int>> index_in_slice(ThreadState& thread, Borrowed<Object> part) {
  if (!has_index(part)) return raise_text(thread, type_error_type, kNotAnIndex);
  TRY_ASSIGN(Ref<Object> index, index_of(thread, part));
  return Ref<Int>::adopt(static_cast<Int*>(index.release()));
}

Result<std::int64_t> clipped_in_slice(ThreadState& thread, Object* part, std::int64_t if_none) {
  if (is_none(part)) return if_none;
  TRY_ASSIGN(Ref<Int> index, index_in_slice(thread, Borrowed<Object>(part)));
  return clipped_int64_of(*index);
}

// One end of slice.indices(): counted from the end if negative, then brought between the bounds.
Result<Ref<Int>> long_end(ThreadState& thread, Object* part, Borrowed<Int> if_none,
                          Borrowed<Int> length, Borrowed<Int> lower, Borrowed<Int> upper) {
  if (is_none(part)) return Ref<Int>::share(thread, if_none);
  TRY_ASSIGN(Ref<Int> end, index_in_slice(thread, Borrowed<Object>(part)));
  if (sign_of(*end) < 0) {
    RT_TRY_ASSIGN(from_end, end, int_operation(thread, end, length, BinaryOp::kAdd));
    if (compare_ints(*end, *lower) < 0) return Ref<Int>::share(thread, lower);
    return end;
  }
  if (compare_ints(*end, *upper) > 0) return Ref<Int>::share(thread, upper);
  return end;
}

}  // namespace

constinit Type slice_type(TypeSlots{
    .name = "slice",
    .size = sizeof(Slice),
    .heap = HeapKind::kCollected,
    .release_fields = &release_slice,
    .traverse = &traverse_slice,
    .protocol = &kSliceProtocol,
});

Result<Ref<Slice>> new_slice(ThreadState& thread, Borrowed<Object> start, Borrowed<Object> stop,
                             Borrowed<Object> step) {
  Ref<Slice> slice = new_object<Slice>(thread, slice_type);
  if (!slice) return raise_out_of_memory(thread);
  slice->start = Ref<Object>::share(thread, start).release();
  slice->stop = Ref<Object>::share(thread, stop).release();
  slice->step = Ref<Object>::share(thread, step).release();
  track(slice.get());
  return slice;
}

Result<SliceIndices> unpack(ThreadState& thread, Borrowed<Slice> slice) {
  TRY_ASSIGN(std::int64_t step, clipped_in_slice(thread, slice->step, 1));
  if (step == 0) return raise(thread, value_error_type, "slice step cannot be zero");
  // So that its negative exists.
  if (step < -INT64_MAX) step = -INT64_MAX;
  TRY_ASSIGN(std::int64_t start, clipped_in_slice(thread, slice->start, step < 0 ? INT64_MAX : 0));
  TRY_ASSIGN(std::int64_t stop,
             clipped_in_slice(thread, slice->stop, step < 0 ? INT64_MIN : INT64_MAX));
  return SliceIndices{start, stop, step, 0};
}

void SliceIndices::adjust(std::int64_t length) {
  const std::int64_t lower = step < 0 ? -1 : 0;
  const std::int64_t upper = step < 0 ? length - 1 : length;
  for (std::int64_t* end : {&start, &stop}) {
    if (*end < 0) *end += length;
    if (*end < lower) *end = lower;
    if (*end > upper) *end = upper;
  }
  if (step < 0) {
    count = stop < start ? (start - stop - 1) / -step + 1 : 0;
  } else {
    count = start < stop ? (stop - start - 1) / step + 1 : 0;
  }
}

// _PySlice_GetLongIndices.
Result<LongSliceIndices> indices(ThreadState& thread, Borrowed<Slice> slice, Borrowed<Int> length) {
  if (sign_of(*length) < 0) {
    return raise(thread, value_error_type, "length should not be negative");
  }
  Ref<Int> step = shared_int(1);
  if (!is_none(slice->step)) {
    RT_TRY_ASSIGN(given_step, step, index_in_slice(thread, Borrowed<Object>(slice->step)));
    if (sign_of(*step) == 0) return raise(thread, value_error_type, "slice step cannot be zero");
  }
  const bool goes_down = sign_of(*step) < 0;
  const Ref<Int> minus_one = shared_int(-1);
  Ref<Int> lower = shared_int(goes_down ? -1 : 0);
  Ref<Int> upper = Ref<Int>::share(thread, length);
  if (goes_down) {
    RT_TRY_ASSIGN(last, upper, int_operation(thread, length, minus_one, BinaryOp::kAdd));
  }
  TRY_ASSIGN(Ref<Int> start,
             long_end(thread, slice->start, goes_down ? upper : lower, length, lower, upper));
  TRY_ASSIGN(Ref<Int> stop,
             long_end(thread, slice->stop, goes_down ? lower : upper, length, lower, upper));
  return LongSliceIndices{std::move(start), std::move(stop), std::move(step)};
}

}  // namespace runtime
