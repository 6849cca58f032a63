// range and slice: constructors, methods, attributes.
#include "runtime/methods/open_parts.h"
#include "runtime/object/range_object.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

// -- range --

Result<Ref<Object>> make_range(ThreadState& thread, Borrowed<Object>,
                               const BoundArguments& arguments) {
  if (!arguments.has(1)) {
    return new_range(thread, shared_int(0), arguments.at(0), shared_int(1));
  }
  if (!arguments.has(2)) {
    return new_range(thread, arguments.at(0), arguments.at(1), shared_int(1));
  }
  return new_range(thread, arguments.at(0), arguments.at(1), arguments.at(2));
}

bool is_plain_int(const Object& object) {
  return object.type == &int_type || object.type == &bool_type;
}

Result<Ref<Object>> range_count(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments) {
  Borrowed<Object> sought = arguments.at(0);
  if (is_plain_int(*sought)) {
    TRY_ASSIGN(bool is_in, contains(thread, self, sought));
    return Ref<Object>(shared_int(is_in ? 1 : 0));
  }
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, self));
  for (std::int64_t count = 0;;) {
    TRY_ASSIGN(Ref<Object> number, next_of(thread, iterator));
    if (!number) return new_int(thread, count);
    TRY_ASSIGN(bool equal, are_equal(thread, number, sought));
    if (equal) ++count;
  }
}

Result<Ref<Object>> range_index(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments) {
  Borrowed<Object> sought = arguments.at(0);
  if (is_plain_int(*sought)) {
    TRY_ASSIGN(bool is_in, contains(thread, self, sought));
    if (!is_in) {
      return raise_text(thread, value_error_type, "range.index(x): x not in range");
    }
    Borrowed<Range> range = as_range(self);
    TRY_ASSIGN(Ref<Int> distance, int_operation(thread, as_int(sought), Borrowed<Int>(range->start),
                                                BinaryOp::kSubtract));
    return int_operation(thread, distance, Borrowed<Int>(range->step), BinaryOp::kFloorDivide);
  }
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, self));
  for (std::int64_t index = 0;; ++index) {
    TRY_ASSIGN(Ref<Object> number, next_of(thread, iterator));
    if (!number) break;
    TRY_ASSIGN(bool equal, are_equal(thread, number, sought));
    if (equal) return new_int(thread, index);
  }
  return raise_text(thread, value_error_type, "sequence.index(x): x not in sequence");
}

Result<Ref<Object>> range_reversed(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  return reversed_range(thread, as_range(self));
}

Result<Ref<Object>> range_reduce(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  Borrowed<Range> range = as_range(self);
  TRY_ASSIGN(Ref<Tuple> arguments,
             new_tuple(thread, {Borrowed<Int>(range->start), Borrowed<Int>(range->stop),
                                Borrowed<Int>(range->step)}));
  return new_tuple(thread, {Borrowed<Object>(&range_type), arguments});
}

template <Int* Range::*member>
Result<Ref<Object>> get_number(ThreadState& thread, Borrowed<Object> self) {
  return Ref<Object>::share(thread, Borrowed<Object>(as_range(self).get()->*member));
}

constexpr NativeMethod kRangeMethods[] = {
    {"count(value, /)", &range_count, "How many numbers equal value."},
    {"index(value, /)", &range_index, "Where value is."},
    {"__reversed__()", &range_reversed, "An iterator from the last number to the first."},
    {"__reduce__()", &range_reduce},
};
constexpr NativeAttribute kRangeAttributes[] = {
    {"start", &get_number<&Range::start>},
    {"stop", &get_number<&Range::stop>},
    {"step", &get_number<&Range::step>},
};

// -- slice --

Result<Ref<Object>> make_slice(ThreadState& thread, Borrowed<Object>,
                               const BoundArguments& arguments) {
  const Borrowed<Object> nothing(&none_object);
  if (!arguments.has(1)) return new_slice(thread, nothing, arguments.at(0), nothing);
  return new_slice(thread, arguments.at(0), arguments.at(1),
                   arguments.has(2) ? arguments.at(2) : nothing);
}

Result<Ref<Object>> slice_indices(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> length, index_of(thread, arguments.at(0)));
  if (sign_of(*as_int(length)) < 0) {
    return raise_text(thread, value_error_type, "length should not be negative");
  }
  TRY_ASSIGN(LongSliceIndices ends, indices(thread, as_slice(self), as_int(length)));
  return new_tuple(thread, {ends.start, ends.stop, ends.step});
}

Result<Ref<Object>> slice_reduce(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  Borrowed<Slice> slice = as_slice(self);
  TRY_ASSIGN(Ref<Tuple> arguments,
             new_tuple(thread, {Borrowed<Object>(slice->start), Borrowed<Object>(slice->stop),
                                Borrowed<Object>(slice->step)}));
  return new_tuple(thread, {Borrowed<Object>(&slice_type), arguments});
}

template <Object* Slice::*member>
Result<Ref<Object>> get_end(ThreadState& thread, Borrowed<Object> self) {
  return Ref<Object>::share(thread, Borrowed<Object>(as_slice(self).get()->*member));
}

constexpr NativeMethod kSliceMethods[] = {
    {"indices(length, /)", &slice_indices, "(start, stop, step) for a sequence of this length."},
    {"__reduce__()", &slice_reduce},
};
constexpr NativeAttribute kSliceAttributes[] = {
    {"start", &get_end<&Slice::start>},
    {"stop", &get_end<&Slice::stop>},
    {"step", &get_end<&Slice::step>},
};

}  // namespace

Result<Done> open_range(ThreadState& thread) {
  return open_type(thread, {
                               .type = range_type,
                               .documentation = "range(stop) or range(start, stop, step=1)",
                               .methods = kRangeMethods,
                               .attributes = kRangeAttributes,
                               .derivable = Derivable::kNo,
                               .constructor = "range(start, stop?, step?, /)",
                               .make = &make_range,
                           });
}

Result<Done> open_slice(ThreadState& thread) {
  return open_type(thread, {
                               .type = slice_type,
                               .documentation = "slice(stop) or slice(start, stop, step=None)",
                               .methods = kSliceMethods,
                               .attributes = kSliceAttributes,
                               .derivable = Derivable::kNo,
                               .constructor = "slice(start, stop?, step?, /)",
                               .make = &make_slice,
                           });
}

}  // namespace runtime
