#include "runtime/object/tuple_object.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/recursion.h"
#include "runtime/object/sequence_iterator.h"
#include "runtime/object/singletons.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/str_object.h"

namespace runtime {

namespace {

constinit Tuple empty(&tuple_type);  // is never written

void release_tuple(Object* object, DroppedFields& dropped) {
  auto* tuple = static_cast<Tuple*>(object);
  for (std::int64_t i = 0; i < tuple->size; ++i) dropped.take(tuple->items()[i]);
}

void traverse_tuple(Object* object, Visit visit, void* context) {
  auto* tuple = static_cast<Tuple*>(object);
  for (std::int64_t i = 0; i < tuple->size; ++i) {
    if (tuple->items()[i] != nullptr) visit(context, tuple->items()[i]);
  }
}

// Yann Collet's xxHash of the items' hashes, with one lane: CPython's tuple_hash.
Result<std::int64_t> hash(ThreadState& thread, Borrowed<Object> object) {
  constexpr std::uint64_t kPrime1 = 11400714785074694791u;
  constexpr std::uint64_t kPrime2 = 14029467366897019727u;
  constexpr std::uint64_t kPrime5 = 2870177450012600261u;
  Borrowed<Tuple> tuple = as_tuple(object);
  // Relaxed: the same for whoever computes it, as nothing in the tuple changes.
  const std::int64_t known = tuple->hash.load_relaxed();
  if (known != Tuple::kNoHash) return known;
  std::uint64_t mixed = kPrime5;
  for (std::int64_t i = 0; i < tuple->size; ++i) {
    TRY_ASSIGN(std::int64_t lane, hash_of(thread, tuple->at(i)));
    mixed = std::rotl(mixed + static_cast<std::uint64_t>(lane) * kPrime2, 31) * kPrime1;
  }
  mixed += static_cast<std::uint64_t>(tuple->size) ^ (kPrime5 ^ 3527539u);
  if (mixed == UINT64_MAX) mixed = 1546275796;
  tuple->hash.store_relaxed(static_cast<std::int64_t>(mixed));
  return static_cast<std::int64_t>(mixed);
}

// The items of both are theirs for ever, so they may be borrowed while foreign code compares them.
Result<std::int64_t> first_difference(ThreadState& thread, const Tuple& left, const Tuple& right) {
  const std::int64_t common = std::min(left.size, right.size);
  for (std::int64_t i = 0; i < common; ++i) {
    TRY_ASSIGN(bool equal, are_equal(thread, left.at(i), right.at(i)));
    if (!equal) return i;
  }
  return common;
}

Result<Ref<Object>> compare_tuple(ThreadState& thread, Borrowed<Object> left,
                                  Borrowed<Object> right, CompareOp op) {
  if (!is_tuple(*right)) return not_implemented();
  const Tuple& first = *as_tuple(left);
  const Tuple& second = *as_tuple(right);
  TRY_ASSIGN(std::int64_t at, first_difference(thread, first, second));
  if (at == first.size || at == second.size) {
    return boolean(holds(op, first.size < second.size ? -1 : first.size > second.size ? 1 : 0));
  }
  if (op == CompareOp::kEqual) return boolean(false);
  if (op == CompareOp::kNotEqual) return boolean(true);
  return compare(thread, first.at(at), second.at(at), op);
}

Result<Ref<Str>> repr(ThreadState& thread, Borrowed<Object> object) {
  Borrowed<Tuple> tuple = as_tuple(object);
  if (tuple->size == 0) return new_str(thread, "()");
  ReprFrame frame(thread, object);
  if (frame.is_inside_itself()) return new_str(thread, "(...)");
  StrBuilder built(thread);
  built.append("(");
  for (std::int64_t i = 0; i < tuple->size; ++i) {
    if (i != 0) built.append(", ");
    TRY_ASSIGN(Ref<Str> item, repr_of(thread, tuple->at(i)));
    built.append(*item);
  }
  built.append(tuple->size == 1 ? ",)" : ")");
  return built.finish();
}

Result<std::int64_t> length(ThreadState&, Borrowed<Object> object) {
  return as_tuple(object)->size;
}

Result<Ref<Object>> iterate(ThreadState& thread, Borrowed<Object> object) {
  return new_sequence_iterator(thread, tuple_iterator_type, object);
}

Result<Ref<Object>> get_slice(ThreadState& thread, Borrowed<Tuple> tuple, Borrowed<Slice> slice) {
  TRY_ASSIGN(SliceIndices indices, unpack(thread, slice));
  indices.adjust(tuple->size);
  if (indices.step == 1) {
    return tuple_slice(thread, tuple, indices.start, indices.start + indices.count);
  }
  if (indices.count == 0) return empty_tuple();
  TRY_ASSIGN(Ref<Tuple> made, allocate_tuple(thread, indices.count));
  for (std::int64_t i = 0; i < indices.count; ++i) {
    Borrowed<Object> item = tuple->at(indices.start + i * indices.step);
    made->items()[i] = Ref<Object>::share(thread, item).release();
  }
  track(made.get());
  return made;
}

Result<Ref<Object>> get_item_of_tuple(ThreadState& thread, Borrowed<Object> object,
                                      Borrowed<Object> key) {
  Borrowed<Tuple> tuple = as_tuple(object);
  if (is_slice(*key)) return get_slice(thread, tuple, as_slice(key));
  if (!has_index(key)) {
    return raise(thread, type_error_type, "tuple indices must be integers or slices, not {}",
                 type_name(key));
  }
  TRY_ASSIGN(std::int64_t index, checked_index_of(thread, key, index_error_type));
  if (index < 0) index += tuple->size;
  if (index < 0 || index >= tuple->size) {
    return raise(thread, index_error_type, "tuple index out of range");
  }
  return Ref<Object>::share(thread, tuple->at(index));
}

Result<bool> contains_item(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> member) {
  Borrowed<Tuple> tuple = as_tuple(object);
  for (std::int64_t i = 0; i < tuple->size; ++i) {
    TRY_ASSIGN(bool equal, are_equal(thread, tuple->at(i), member));
    if (equal) return true;
  }
  return false;
}

// The items of `first`, then those of `second`, `times` over.
Result<Ref<Object>> new_tuple_of_both(ThreadState& thread, const Tuple& first, const Tuple& second,
                                      std::int64_t times) {
  std::int64_t size;
  if (__builtin_mul_overflow(first.size + second.size, times, &size)) {
    return raise_out_of_memory(thread);
  }
  if (size == 0) return empty_tuple();
  TRY_ASSIGN(Ref<Tuple> made, allocate_tuple(thread, size));
  Object** to = made->items();
  for (std::int64_t time = 0; time < times; ++time) {
    for (const Tuple* part : {&first, &second}) {
      for (std::int64_t i = 0; i < part->size; ++i) {
        *to++ = Ref<Object>::share(thread, part->at(i)).release();
      }
    }
  }
  track(made.get());
  return made;
}

Result<Ref<Object>> concatenate(ThreadState& thread, Borrowed<Object> left,
                                Borrowed<Object> right) {
  if (!is_tuple(*right)) {
    return raise(thread, type_error_type, "can only concatenate tuple (not \"{}\") to tuple",
                 type_name(right));
  }
  if (as_tuple(left)->size == 0 && right->type == &tuple_type) {
    return Ref<Object>::share(thread, right);
  }
  if (as_tuple(right)->size == 0 && left->type == &tuple_type) {
    return Ref<Object>::share(thread, left);
  }
  return new_tuple_of_both(thread, *as_tuple(left), *as_tuple(right), 1);
}

Result<Ref<Object>> repeat(ThreadState& thread, Borrowed<Object> object, std::int64_t times) {
  if (times == 1 && object->type == &tuple_type) return Ref<Object>::share(thread, object);
  return new_tuple_of_both(thread, *as_tuple(object), empty, std::max<std::int64_t>(times, 0));
}

constexpr Protocol kTupleProtocol{
    .hash = &hash,
    .compare = &compare_tuple,
    .repr = &repr,
    .length = &length,
    .iterate = &iterate,
    .get_item = &get_item_of_tuple,
    .contains = &contains_item,
    .concatenate = &concatenate,
    .repeat = &repeat,
};

}  // namespace

constinit Type tuple_type(TypeSlots{
    .name = "tuple",
    .size = sizeof(Tuple),
    .heap = HeapKind::kCollected,
    .release_fields = &release_tuple,
    .traverse = &traverse_tuple,
    .protocol = &kTupleProtocol,
});

Ref<Tuple> empty_tuple() { return Ref<Tuple>::adopt(&empty); }

Result<Ref<Tuple>> allocate_tuple(ThreadState& thread, std::int64_t size) {
  RT_INVARIANT(size > 0, "the empty tuple exists once");
  if (size > (INT64_MAX >> 4)) return raise_out_of_memory(thread);
  const std::size_t bytes = sizeof(Tuple) + static_cast<std::size_t>(size) * sizeof(Object*);
  auto* made = static_cast<Tuple*>(allocate_instance(thread, tuple_type, bytes));
  if (made == nullptr) return raise_out_of_memory(thread);
  made->size = size;
  made->hash.initialize(Tuple::kNoHash);
  return Ref<Tuple>::adopt(made);
}

Result<Ref<Tuple>> new_tuple(ThreadState& thread, Arguments items) {
  if (items.empty()) return empty_tuple();
  TRY_ASSIGN(Ref<Tuple> made, allocate_tuple(thread, static_cast<std::int64_t>(items.size())));
  for (std::size_t i = 0; i < items.size(); ++i) {
    made->items()[i] = Ref<Object>::share(thread, items[i]).release();
  }
  track(made.get());
  return made;
}

Result<Ref<Tuple>> new_tuple(ThreadState& thread, std::initializer_list<Borrowed<Object>> items) {
  return new_tuple(thread, Arguments(items.begin(), items.size()));
}

Result<Ref<Tuple>> new_tuple_taking(ThreadState& thread, std::span<Ref<Object>> items) {
  if (items.empty()) return empty_tuple();
  TRY_ASSIGN(Ref<Tuple> made, allocate_tuple(thread, static_cast<std::int64_t>(items.size())));
  for (std::size_t i = 0; i < items.size(); ++i) made->items()[i] = items[i].release();
  track(made.get());
  return made;
}

Result<Ref<Tuple>> tuple_slice(ThreadState& thread, Borrowed<Tuple> tuple, std::int64_t start,
                               std::int64_t end) {
  RT_INVARIANT(0 <= start && start <= end && end <= tuple->size, "a slice of a tuple lies inside");
  if (start == 0 && end == tuple->size && tuple->type == &tuple_type) {
    return Ref<Tuple>::share(thread, tuple);
  }
  if (start == end) return empty_tuple();
  TRY_ASSIGN(Ref<Tuple> made, allocate_tuple(thread, end - start));
  for (std::int64_t i = start; i < end; ++i) {
    made->items()[i - start] = Ref<Object>::share(thread, tuple->at(i)).release();
  }
  track(made.get());
  return made;
}

bool try_reuse(ThreadState& thread, Tuple& result) {
  if (RT_MUTANT(tuple_reused_at_local_count_one)) {
    if (owner_count(&result) != 1) return false;
  } else if (!is_unique(thread, &result)) {
    return false;
  }
  // Nobody else reads it.
  if (!RT_MUTANT(reused_tuple_keeps_hash)) result.hash.store_relaxed(Tuple::kNoHash);
  return true;
}

Ref<Object> exchange_item(Tuple& reused, std::int64_t index, Ref<Object> item) {
  return Ref<Object>::adopt(std::exchange(reused.items()[index], item.release()));
}

}  // namespace runtime
