// What the operators and built-in functions do with a str.
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/sequence_iterator.h"
#include "runtime/object/singletons.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/str_object.h"
#include "runtime/object/values.h"

namespace runtime {

namespace {

Result<std::int64_t> hash(ThreadState& thread, Borrowed<Object> object) {
  return hash_of_str(thread, *as_str(object));
}

Result<bool> equals(ThreadState&, Borrowed<Object> left, Borrowed<Object> right) {
  return equal_strs(*as_str(left), *as_str(right));
}

Result<Ref<Object>> compare_str(ThreadState&, Borrowed<Object> left, Borrowed<Object> right,
                                CompareOp op) {
  if (!is_str(*right)) return not_implemented();
  if (op == CompareOp::kEqual || op == CompareOp::kNotEqual) {
    return boolean(equal_strs(*as_str(left), *as_str(right)) == (op == CompareOp::kEqual));
  }
  return boolean(holds(op, compare_strs(*as_str(left), *as_str(right))));
}

Result<Ref<Str>> repr(ThreadState& thread, Borrowed<Object> object) {
  return repr_of_str(thread, as_str(object));
}

Result<Ref<Str>> str(ThreadState& thread, Borrowed<Object> object) {
  Borrowed<Str> text = as_str(object);
  return substring(thread, text, 0, text->length);
}

Result<std::int64_t> length(ThreadState&, Borrowed<Object> object) {
  return as_str(object)->length;
}

Result<Ref<Object>> iterate(ThreadState& thread, Borrowed<Object> object) {
  return new_sequence_iterator(thread, str_iterator_type, object);
}

Result<Ref<Object>> get_slice(ThreadState& thread, Borrowed<Str> text, Borrowed<Slice> slice) {
  TRY_ASSIGN(SliceIndices indices, unpack(thread, slice));
  indices.adjust(text->length);
  if (indices.count == 0) return empty_str();
  if (indices.step == 1) return substring(thread, text, indices.start, indices.stop);
  StrBuilder built(thread);
  for (std::int64_t i = 0; i < indices.count; ++i) {
    built.append(text->at(indices.start + i * indices.step));
  }
  return built.finish();
}

Result<Ref<Object>> get_item_of_str(ThreadState& thread, Borrowed<Object> object,
                                    Borrowed<Object> key) {
  Borrowed<Str> text = as_str(object);
  if (is_slice(*key)) return get_slice(thread, text, as_slice(key));
  if (!has_index(key)) {
    return raise(thread, type_error_type, "string indices must be integers, not '{}'",
                 type_name(key));
  }
  TRY_ASSIGN(std::int64_t index, checked_index_of(thread, key, index_error_type));
  if (index < 0) index += text->length;
  if (index < 0 || index >= text->length) {
    return raise(thread, index_error_type, "string index out of range");
  }
  return new_str(thread, text->at(index));
}

Result<bool> contains_part(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> part) {
  if (!is_str(*part)) {
    return raise(thread, type_error_type, "'in <string>' requires string as left operand, not {}",
                 type_name(part));
  }
  return find_in_str(*as_str(object), *as_str(part), 0, INT64_MAX) >= 0;
}

Result<Ref<Object>> concatenate(ThreadState& thread, Borrowed<Object> left,
                                Borrowed<Object> right) {
  if (!is_str(*right)) {
    return raise(thread, type_error_type, "can only concatenate str (not \"{}\") to str",
                 type_name(right));
  }
  return concatenate_strs(thread, as_str(left), as_str(right));
}

Result<Ref<Object>> repeat(ThreadState& thread, Borrowed<Object> text, std::int64_t times) {
  return repeat_str(thread, as_str(text), times);
}

Result<Ref<Object>> modulo(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right) {
  const auto format = Values::of(thread).hooks().percent_format;
  if (!is_str(*left) || format == nullptr) return not_implemented();
  return format(thread, left, right);
}

constexpr Protocol kStrProtocol{
    .hash = &hash,
    .equals = &equals,
    .compare = &compare_str,
    .repr = &repr,
    .str = &str,
    .length = &length,
    .iterate = &iterate,
    .get_item = &get_item_of_str,
    .contains = &contains_part,
    .binary = {nullptr, nullptr, nullptr, nullptr, nullptr, &modulo},
    .concatenate = &concatenate,
    .repeat = &repeat,
};

}  // namespace

#if HEDDLE_GIL
// Interned strings are mortal, and the table does not keep them.
void release_str(Object* object, DroppedFields&) {
  const Str& text = *static_cast<Str*>(object);
  if (!text.is_interned.load_relaxed()) return;
  ValuesOfThread* part = this_thread().slot(kValuesSlot);
  if (part != nullptr) part->values.interned().forget(text);
}
#endif

constinit Type str_type(TypeSlots {
  .name = "str", .size = sizeof(Str),
#if HEDDLE_GIL
  .release_fields = &release_str,
#endif
  .protocol = &kStrProtocol,
});

}  // namespace runtime
