// slice: the three objects between the brackets of a[start:stop:step], and what they mean for a
// sequence of some length.
//
// The objects can be anything; only asking for indexes turns them into numbers, which runs foreign
// code (__index__), during which the sequence may change its length. So the work has two halves:
// unpack() first, which runs that code, then adjust() with the length at that moment, which does
// not. A slice never changes.
//
// Ancestry: CPython's Objects/sliceobject.c (PySlice_Unpack, PySlice_AdjustIndices,
// _PySlice_GetLongIndices).
#pragma once

#include <cstdint>

#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct Slice : Object {
  Object* start;  // None is none_object; never null
  Object* stop;
  Object* step;
};

extern Type slice_type;

[[nodiscard]] inline bool is_slice(const Object& object) { return object.type == &slice_type; }
[[nodiscard]] inline Borrowed<Slice> as_slice(Borrowed<Object> object) {
  RT_INVARIANT(is_slice(*object), "what is taken for a slice is one");
  return Borrowed<Slice>(static_cast<Slice*>(object.get()));
}

Result<Ref<Slice>> new_slice(ThreadState& thread, Borrowed<Object> start, Borrowed<Object> stop,
                             Borrowed<Object> step);

struct SliceIndices {
  std::int64_t start;
  std::int64_t stop;
  std::int64_t step;   // not 0
  std::int64_t count;  // how many items it names; set by adjust()

  // For a sequence of this length. Runs nothing.
  void adjust(std::int64_t length);
};

// Clipped to 64 bits; not for any length yet. ValueError "slice step cannot be zero", TypeError
// "slice indices must be integers or None or have an __index__ method".
Result<SliceIndices> unpack(ThreadState& thread, Borrowed<Slice> slice);

// slice.indices(length): start, stop, step, of any size.
struct LongSliceIndices {
  Ref<Int> start;
  Ref<Int> stop;
  Ref<Int> step;
};
Result<LongSliceIndices> indices(ThreadState& thread, Borrowed<Slice> slice, Borrowed<Int> length);

}  // namespace runtime
