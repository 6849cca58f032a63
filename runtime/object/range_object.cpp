#include "runtime/object/range_object.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/range_iterator.h"
#include "runtime/object/singletons.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

void release_range(Object* object, DroppedFields& dropped) {
  auto* range = static_cast<Range*>(object);
  for (Int** field : {&range->start, &range->stop, &range->step, &range->length}) {
    Object* number = std::exchange(*field, nullptr);
    dropped.take(number);
  }
}

Result<Ref<Range>> make(ThreadState& thread, Ref<Int> start, Ref<Int> stop, Ref<Int> step,
                        Ref<Int> length) {
  Ref<Range> range = new_object<Range>(thread, range_type);
  if (!range) return raise_out_of_memory(thread);
  range->start = start.release();
  range->stop = stop.release();
  range->step = step.release();
  range->length = length.release();
  return range;
}

// How many numbers there are from start to before stop; compute_range_length.
Result<Ref<Int>> count_of(ThreadState& thread, Borrowed<Int> start, Borrowed<Int> stop,
                          Borrowed<Int> step) {
  const bool goes_up = sign_of(*step) > 0;
  const Borrowed<Int> low = goes_up ? start : stop;
  const Borrowed<Int> high = goes_up ? stop : start;
  if (compare_ints(*low, *high) >= 0) return shared_int(0);
  TRY_ASSIGN(Ref<Int> distance, int_operation(thread, high, low, BinaryOp::kSubtract));
  TRY_ASSIGN(Ref<Int> last, int_operation(thread, distance, shared_int(1), BinaryOp::kSubtract));
  TRY_ASSIGN(Ref<Object> width, int_unary(thread, step, UnaryOp::kAbsolute));
  TRY_ASSIGN(Ref<Int> steps, int_operation(thread, last, as_int(width), BinaryOp::kFloorDivide));
  return int_operation(thread, steps, shared_int(1), BinaryOp::kAdd);
}

// start + index * step
Result<Ref<Int>> number_at(ThreadState& thread, const Range& range, Borrowed<Int> index) {
  TRY_ASSIGN(Ref<Int> offset,
             int_operation(thread, index, Borrowed<Int>(range.step), BinaryOp::kMultiply));
  return int_operation(thread, Borrowed<Int>(range.start), offset, BinaryOp::kAdd);
}

// Equal ranges name the same numbers: the length, then the start if there is a number, then the step
// if there are two.
Result<Ref<Tuple>> identity_of(ThreadState& thread, const Range& range) {
  Borrowed<Object> nothing(&none_object);
  const bool has_one = sign_of(*range.length) > 0;
  const bool has_two = has_one && compare_ints(*range.length, *shared_int(1)) > 0;
  return new_tuple(
      thread, {Borrowed<Object>(range.length), has_one ? Borrowed<Object>(range.start) : nothing,
               has_two ? Borrowed<Object>(range.step) : nothing});
}

Result<std::int64_t> hash(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Ref<Tuple> identity, identity_of(thread, *as_range(object)));
  return hash_of(thread, identity);
}

Result<bool> equals(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right) {
  TRY_ASSIGN(Ref<Tuple> first, identity_of(thread, *as_range(left)));
  TRY_ASSIGN(Ref<Tuple> second, identity_of(thread, *as_range(right)));
  return are_equal(thread, first, second);
}

Result<Ref<Str>> repr(ThreadState& thread, Borrowed<Object> object) {
  Borrowed<Range> range = as_range(object);
  TRY_ASSIGN(Ref<Str> start, repr_of(thread, Borrowed<Object>(range->start)));
  TRY_ASSIGN(Ref<Str> stop, repr_of(thread, Borrowed<Object>(range->stop)));
  StrBuilder built(thread);
  built.append("range(");
  built.append(*start);
  built.append(", ");
  built.append(*stop);
  if (int64_of(*range->step) != 1) {
    TRY_ASSIGN(Ref<Str> step, repr_of(thread, Borrowed<Object>(range->step)));
    built.append(", ");
    built.append(*step);
  }
  built.append(")");
  return built.finish();
}

Result<bool> truth(ThreadState&, Borrowed<Object> object) {
  return sign_of(*as_range(object)->length) != 0;
}

Result<std::int64_t> length(ThreadState& thread, Borrowed<Object> object) {
  if (const auto known = int64_of(*as_range(object)->length)) return *known;
  return raise(thread, overflow_error_type, "Python int too large to convert to C ssize_t");
}

Result<Ref<Object>> iterate(ThreadState& thread, Borrowed<Object> object) {
  Borrowed<Range> range = as_range(object);
  return new_range_iterator(thread, Borrowed<Int>(range->start), Borrowed<Int>(range->step),
                            Borrowed<Int>(range->length));
}

Result<Ref<Object>> get_slice(ThreadState& thread, Borrowed<Range> range, Borrowed<Slice> slice) {
  TRY_ASSIGN(LongSliceIndices ends, indices(thread, slice, Borrowed<Int>(range->length)));
  TRY_ASSIGN(Ref<Int> start, number_at(thread, *range, ends.start));
  TRY_ASSIGN(Ref<Int> stop, number_at(thread, *range, ends.stop));
  TRY_ASSIGN(Ref<Int> step,
             int_operation(thread, Borrowed<Int>(range->step), ends.step, BinaryOp::kMultiply));
  TRY_ASSIGN(Ref<Int> count, count_of(thread, start, stop, step));
  return make(thread, std::move(start), std::move(stop), std::move(step), std::move(count));
}

Result<Ref<Object>> get_item_of_range(ThreadState& thread, Borrowed<Object> object,
                                      Borrowed<Object> key) {
  Borrowed<Range> range = as_range(object);
  if (is_slice(*key)) return get_slice(thread, range, as_slice(key));
  if (!has_index(key)) {
    return raise(thread, type_error_type, "range indices must be integers or slices, not {}",
                 type_name(key));
  }
  TRY_ASSIGN(Ref<Object> given, index_of(thread, key));
  Ref<Int> index = Ref<Int>::share(thread, as_int(given));
  if (sign_of(*index) < 0) {
    RT_TRY_ASSIGN(from_end, index,
                  int_operation(thread, index, Borrowed<Int>(range->length), BinaryOp::kAdd));
  }
  if (sign_of(*index) < 0 || compare_ints(*index, *range->length) >= 0) {
    return raise(thread, index_error_type, "range object index out of range");
  }
  return number_at(thread, *range, index);
}

Result<bool> contains_number(ThreadState& thread, Borrowed<Object> object,
                             Borrowed<Object> member) {
  Borrowed<Range> range = as_range(object);
  if (member->type != &int_type && member->type != &bool_type) {
    TRY_ASSIGN(Ref<Object> iterator, iterate(thread, object));
    for (;;) {
      TRY_ASSIGN(Ref<Object> number, next_of(thread, iterator));
      if (!number) return false;
      TRY_ASSIGN(bool equal, are_equal(thread, number, member));
      if (equal) return true;
    }
  }
  Borrowed<Int> number = as_int(member);
  const bool goes_up = sign_of(*range->step) > 0;
  const int from_start = compare_ints(*number, *range->start);
  const int from_stop = compare_ints(*number, *range->stop);
  const bool is_between =
      goes_up ? from_start >= 0 && from_stop < 0 : from_start <= 0 && from_stop > 0;
  if (!is_between) return false;
  TRY_ASSIGN(Ref<Int> offset,
             int_operation(thread, number, Borrowed<Int>(range->start), BinaryOp::kSubtract));
  TRY_ASSIGN(Ref<Int> rest,
             int_operation(thread, offset, Borrowed<Int>(range->step), BinaryOp::kModulo));
  return sign_of(*rest) == 0;
}

constexpr Protocol kRangeProtocol{
    .hash = &hash,
    .equals = &equals,
    .repr = &repr,
    .truth = &truth,
    .length = &length,
    .iterate = &iterate,
    .get_item = &get_item_of_range,
    .contains = &contains_number,
};

Result<Ref<Int>> exact_int(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Ref<Object> index, index_of(thread, object));
  return Ref<Int>::adopt(static_cast<Int*>(index.release()));
}

}  // namespace

// Refers to ints alone, which refer to nothing: it can be part of no cycle.
constinit Type range_type(TypeSlots{
    .name = "range",
    .size = sizeof(Range),
    .release_fields = &release_range,
    .protocol = &kRangeProtocol,
});

Result<Ref<Range>> new_range(ThreadState& thread, Borrowed<Object> start, Borrowed<Object> stop,
                             Borrowed<Object> step) {
  TRY_ASSIGN(Ref<Int> first, exact_int(thread, start));
  TRY_ASSIGN(Ref<Int> last, exact_int(thread, stop));
  TRY_ASSIGN(Ref<Int> width, exact_int(thread, step));
  if (sign_of(*width) == 0) {
    return raise(thread, value_error_type, "range() arg 3 must not be zero");
  }
  TRY_ASSIGN(Ref<Int> count, count_of(thread, first, last, width));
  return make(thread, std::move(first), std::move(last), std::move(width), std::move(count));
}

Result<Ref<Object>> reversed_range(ThreadState& thread, Borrowed<Range> range) {
  TRY_ASSIGN(Ref<Int> last, int_operation(thread, Borrowed<Int>(range->length), shared_int(1),
                                          BinaryOp::kSubtract));
  TRY_ASSIGN(Ref<Int> start, number_at(thread, *range, last));
  TRY_ASSIGN(Ref<Int> step,
             int_operation(thread, shared_int(0), Borrowed<Int>(range->step), BinaryOp::kSubtract));
  return new_range_iterator(thread, start, step, Borrowed<Int>(range->length));
}

}  // namespace runtime
