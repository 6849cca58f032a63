#include "runtime/methods/bytearray_object.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/methods/arguments.h"
#include "runtime/methods/octets.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/object_section.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

void release_bytearray(Object* object, DroppedFields&) {
  auto* array = static_cast<ByteArray*>(object);
  if (array->capacity != 0) {
    raw_free(this_thread(), std::exchange(array->octets, nullptr),
             static_cast<std::size_t>(array->capacity));
  }
}

// In a section of the array. False: no memory, and nothing was done.
bool make_room_locked(ThreadState& thread, ByteArray& array, std::int64_t needed) {
  if (needed <= array.capacity) return true;
  if (needed > (INT64_MAX >> 2)) return false;
  const std::int64_t capacity = needed + (needed >> 3) + 8;
  void* moved = array.capacity == 0
                    ? raw_allocate(thread, static_cast<std::size_t>(capacity))
                    : raw_reallocate(thread, array.octets, static_cast<std::size_t>(array.capacity),
                                     static_cast<std::size_t>(capacity));
  if (moved == nullptr) return false;
  array.octets = static_cast<char*>(moved);
  array.capacity = capacity;
  return true;
}

// In a section of the array; both places are clipped to what there is. False: no memory.
bool replace_locked(ThreadState& thread, ByteArray& array, std::int64_t start, std::int64_t count,
                    std::string_view octets) {
  const std::int64_t length = array.length;
  start = std::clamp<std::int64_t>(start, 0, length);
  count = std::clamp<std::int64_t>(count, 0, length - start);
  const auto added = static_cast<std::int64_t>(octets.size());
  const std::int64_t rest = length - start - count;
  if (!make_room_locked(thread, array, length - count + added)) return false;
  if (array.capacity == 0) return true;
  char* at = array.octets + start;
  std::memmove(at + added, at + count, static_cast<std::size_t>(rest));
  if (added != 0) std::memcpy(at, octets.data(), octets.size());
  array.length = length - count + added;
  return true;
}

Result<std::int64_t> length(ThreadState& thread, Borrowed<Object> object) {
  Borrowed<ByteArray> array = as_bytearray(object);
  ObjectSection section(thread, array);
  return array->length;
}

Result<Ref<Str>> repr(ThreadState& thread, Borrowed<Object> object) {
  const std::string octets = octets_of(thread, as_bytearray(object));
  TRY_ASSIGN(Ref<Bytes> bytes, new_bytes(thread, octets));
  TRY_ASSIGN(Ref<Str> shown, repr_of(thread, bytes));
  StrBuilder built(thread);
  TRY_ASSIGN(Ref<Str> name, new_str(thread, type_name(object)));
  built.append(*name);
  built.append("(");
  // As CPython has it: a single quote is escaped even where it need not be.
  const bool is_in_double_quotes = shown->at(1) == '"';
  for (std::int64_t i = 0; i < shown->length; ++i) {
    if (is_in_double_quotes && shown->at(i) == '\'') built.append('\\');
    built.append(shown->at(i));
  }
  built.append(")");
  return built.finish();
}

Result<Ref<Object>> compare_octets(ThreadState& thread, Borrowed<Object> left,
                                   Borrowed<Object> right, CompareOp op) {
  if (!has_octets(*right)) return not_implemented();
  const int order = octets_in(thread, left).compare(octets_in(thread, right));
  return boolean(holds(op, order));
}

Result<std::int64_t> index_in(ThreadState& thread, Borrowed<Object> key) {
  if (has_index(key)) return checked_index_of(thread, key, index_error_type);
  return raise(thread, type_error_type, "bytearray indices must be integers or slices, not {}",
               type_name(key));
}

Result<Ref<Object>> get_slice(ThreadState& thread, Borrowed<ByteArray> array,
                              Borrowed<Slice> slice) {
  TRY_ASSIGN(SliceIndices indices, unpack(thread, slice));
  const std::string octets = octets_of(thread, array);
  indices.adjust(static_cast<std::int64_t>(octets.size()));
  std::string part;
  for (std::int64_t i = 0; i < indices.count; ++i) {
    part += octets[static_cast<std::size_t>(indices.start + i * indices.step)];
  }
  return new_bytearray(thread, part);
}

Result<Ref<Object>> get_item_of_array(ThreadState& thread, Borrowed<Object> object,
                                      Borrowed<Object> key) {
  Borrowed<ByteArray> array = as_bytearray(object);
  if (is_slice(*key)) return get_slice(thread, array, as_slice(key));
  TRY_ASSIGN(std::int64_t index, index_in(thread, key));
  int octet = -1;
  {
    ObjectSection section(thread, array);
    if (index < 0) index += array->length;
    if (index >= 0 && index < array->length) {
      octet = static_cast<std::uint8_t>(array->octets[index]);
    }
  }
  if (octet < 0) return raise_text(thread, index_error_type, "bytearray index out of range");
  return Ref<Object>(shared_int(octet));
}

// A step other than 1: one octet each, or all of them go.
Result<Done> set_wide_slice(ThreadState& thread, Borrowed<ByteArray> array, SliceIndices indices,
                            const std::string* octets) {
  std::int64_t count = 0;
  {
    ObjectSection section(thread, array);
    indices.adjust(array->length);
    count = indices.count;
    if (octets == nullptr) {
      if (indices.step < 0 && count > 0) {
        indices.start += (count - 1) * indices.step;
        indices.step = -indices.step;
      }
      std::int64_t to = indices.start;
      for (std::int64_t from = indices.start; count > 0 && from < array->length; ++from) {
        const std::int64_t distance = from - indices.start;
        const bool goes = distance % indices.step == 0 && distance / indices.step < count;
        if (!goes) array->octets[to++] = array->octets[from];
      }
      if (count > 0) array->length = to;
      return Done{};
    }
    if (count == static_cast<std::int64_t>(octets->size())) {
      for (std::int64_t i = 0; i < count; ++i) {
        array->octets[indices.start + i * indices.step] = (*octets)[static_cast<std::size_t>(i)];
      }
      return Done{};
    }
  }
  return raise(thread, value_error_type,
               "attempt to assign bytes of size {} to extended slice of size {}", octets->size(),
               count);
}

Result<Done> set_slice(ThreadState& thread, Borrowed<ByteArray> array, Borrowed<Slice> slice,
                       Object* value) {
  std::string octets;
  if (value != nullptr) {
    Borrowed<Object> given(value);
    const bool is_iterable =
        protocol_of(given).iterate != nullptr || protocol_of(given).get_item != nullptr;
    if (is_str(*given) || (!has_octets(*given) && !is_iterable)) {
      return raise_text(thread, type_error_type,
                        "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
    }
    RT_TRY_ASSIGN(made, octets, octets_of_object(thread, given));
  }
  TRY_ASSIGN(SliceIndices indices, unpack(thread, slice));
  if (indices.step != 1) {
    return set_wide_slice(thread, array, indices, value == nullptr ? nullptr : &octets);
  }
  bool has_memory = false;
  {
    // What the indices mean is settled with the length that the array has while it is changed.
    const std::int64_t early = RT_MUTANT(bytearray_slice_by_old_length) ? array->length : 0;
    ObjectSection section(thread, array);
    indices.adjust(RT_MUTANT(bytearray_slice_by_old_length) ? early : array->length);
    has_memory = replace_locked(thread, *array, indices.start, indices.count, octets);
  }
  if (!has_memory) return raise_out_of_memory(thread);
  return Done{};
}

Result<Done> set_item_of_array(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> key,
                               Object* value) {
  Borrowed<ByteArray> array = as_bytearray(object);
  if (is_slice(*key)) return set_slice(thread, array, as_slice(key), value);
  TRY_ASSIGN(std::int64_t index, index_in(thread, key));
  std::uint8_t octet = 0;
  if (value != nullptr) {
    RT_TRY_ASSIGN(given, octet,
                  octet_of(thread, Borrowed<Object>(value), "byte must be in range(0, 256)"));
  }
  bool is_there = false;
  if (value == nullptr) {
    is_there = take_octet(thread, array, index, &octet);
  } else {
    ObjectSection section(thread, array);
    if (index < 0) index += array->length;
    is_there = index >= 0 && index < array->length;
    if (is_there) array->octets[index] = static_cast<char>(octet);
  }
  if (is_there) return Done{};
  return raise_text(thread, index_error_type, "bytearray index out of range");
}

Result<bool> contains_part(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> part) {
  if (has_octets(*part)) {
    return octets_in(thread, object).find(octets_in(thread, part)) != std::string::npos;
  }
  if (!has_index(part)) {
    return raise(thread, type_error_type, "a bytes-like object is required, not '{}'",
                 type_name(part));
  }
  TRY_ASSIGN(std::uint8_t octet, octet_of(thread, part, "byte must be in range(0, 256)"));
  return octets_in(thread, object).find(static_cast<char>(octet)) != std::string::npos;
}

Raised cannot_concatenate(ThreadState& thread, Borrowed<Object> other) {
  return raise(thread, type_error_type, "can't concat {} to bytearray", type_name(other));
}

Result<Ref<Object>> concatenate(ThreadState& thread, Borrowed<Object> left,
                                Borrowed<Object> right) {
  if (!has_octets(*right)) return cannot_concatenate(thread, right);
  return new_bytearray(thread, octets_in(thread, left) + octets_in(thread, right));
}

Result<Ref<Object>> inplace_concatenate(ThreadState& thread, Borrowed<Object> left,
                                        Borrowed<Object> right) {
  if (!has_octets(*right)) return cannot_concatenate(thread, right);
  TRY(replace_octets(thread, as_bytearray(left), INT64_MAX, 0, octets_in(thread, right)));
  return Ref<Object>::share(thread, left);
}

// `times` over, into an array of its own.
Result<Ref<ByteArray>> repeated(ThreadState& thread, const std::string& octets,
                                std::int64_t times) {
  TRY_ASSIGN(Ref<ByteArray> made, new_bytearray(thread, ""));
  times = std::max<std::int64_t>(times, 0);
  std::int64_t length;
  bool has_memory =
      !__builtin_mul_overflow(static_cast<std::int64_t>(octets.size()), times, &length);
  if (has_memory) {
    ObjectSection section(thread, made);
    has_memory = make_room_locked(thread, *made, length);
    if (has_memory) {
      for (std::int64_t at = 0; at < length; at += static_cast<std::int64_t>(octets.size())) {
        std::memcpy(made->octets + at, octets.data(), octets.size());
      }
      made->length = length;
    }
  }
  if (!has_memory) return raise_out_of_memory(thread);
  return made;
}

Result<Ref<Object>> repeat(ThreadState& thread, Borrowed<Object> object, std::int64_t times) {
  return repeated(thread, octets_in(thread, object), times);
}

Result<Ref<Object>> inplace_repeat(ThreadState& thread, Borrowed<Object> object,
                                   std::int64_t times) {
  TRY_ASSIGN(Ref<ByteArray> made, repeated(thread, octets_in(thread, object), times));
  TRY(replace_octets(thread, as_bytearray(object), 0, INT64_MAX, octets_of(thread, made)));
  return Ref<Object>::share(thread, object);
}

// bytearray.__init__(source, encoding, errors)
Result<Done> initialize(ThreadState& thread, Borrowed<Object> object,
                        const CallArguments& arguments) {
  constexpr const char* kNames[] = {"source", "encoding", "errors"};
  Object* given[3] = {};
  if (arguments.positional.size() > 3) {
    return raise(thread, type_error_type, "bytearray() takes at most 3 arguments ({} given)",
                 arguments.positional.size() + arguments.named.size());
  }
  for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
    given[i] = arguments.positional[i].get();
  }
  for (std::size_t i = 0; i < arguments.named.size(); ++i) {
    const Str& name = *as_str(arguments.names->at(static_cast<std::int64_t>(i)));
    std::size_t which = 0;
    while (which < 3 && (!equals_utf8(name, kNames[which]) || given[which] != nullptr)) ++which;
    if (which == 3) {
      return raise(thread, type_error_type, "bytearray() got an unexpected keyword argument '{}'",
                   utf8_of(name));
    }
    given[which] = arguments.named[i].get();
  }
  TRY_ASSIGN(Ref<Bytes> octets, bytes_of_source(thread, "bytearray", given[0], given[1], given[2]));
  return replace_octets(thread, as_bytearray(object), 0, INT64_MAX, octets->view());
}

constexpr Protocol kByteArrayProtocol{
    .compare = &compare_octets,
    .repr = &repr,
    .length = &length,
    .get_item = &get_item_of_array,
    .set_item = &set_item_of_array,
    .contains = &contains_part,
    .concatenate = &concatenate,
    .inplace_concatenate = &inplace_concatenate,
    .repeat = &repeat,
    .inplace_repeat = &inplace_repeat,
    .initialize = &initialize,
};

}  // namespace

constinit Type bytearray_type(TypeSlots{
    .name = "bytearray",
    .size = sizeof(ByteArray),
    .release_fields = &release_bytearray,
    .protocol = &kByteArrayProtocol,
});

Result<Ref<ByteArray>> new_bytearray(ThreadState& thread, std::string_view octets) {
  Ref<ByteArray> made = new_object<ByteArray>(thread, bytearray_type);
  if (!made) return raise_out_of_memory(thread);
  TRY(replace_octets(thread, made, 0, 0, octets));
  return made;
}

Result<Done> replace_octets(ThreadState& thread, Borrowed<ByteArray> array, std::int64_t start,
                            std::int64_t count, std::string_view octets) {
  bool has_memory = false;
  {
    if (RT_MUTANT(bytearray_appends_at_old_length) && start == INT64_MAX) {
      start = array->length;
      count = INT64_MAX;
    }
    ObjectSection section(thread, array);
    if (start < 0) start += array->length;
    has_memory = replace_locked(thread, *array, start, count, octets);
  }
  if (!has_memory) return raise_out_of_memory(thread);
  return Done{};
}

bool take_octet(ThreadState& thread, Borrowed<ByteArray> array, std::int64_t index,
                std::uint8_t* taken) {
  if (RT_MUTANT(bytearray_pops_at_old_length) && index < 0) index += array->length;
  ObjectSection section(thread, array);
  if (index < 0) index += array->length;
  if (index < 0 || index >= array->length) return false;
  *taken = static_cast<std::uint8_t>(array->octets[index]);
  std::memmove(array->octets + index, array->octets + index + 1,
               static_cast<std::size_t>(array->length - index - 1));
  --array->length;
  return true;
}

std::string octets_of(ThreadState& thread, Borrowed<ByteArray> array) {
  const char* early = RT_MUTANT(bytearray_read_where_it_was) ? array->octets : nullptr;
  ObjectSection section(thread, array);
  if (array->length == 0) return {};
  return std::string(RT_MUTANT(bytearray_read_where_it_was) ? early : array->octets,
                     static_cast<std::size_t>(array->length));
}

}  // namespace runtime
