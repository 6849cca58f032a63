// str: where a part stands, and what to do with it.
#include <algorithm>

#include "runtime/methods/str_methods.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

struct Bounds {
  std::int64_t start = 0;
  std::int64_t end = 0;
};

// Of the arguments `first` and behind it.
Result<Bounds> bounds_of(ThreadState& thread, const BoundArguments& arguments, unsigned first,
                         std::int64_t length) {
  Bounds bounds;
  RT_TRY_ASSIGN(start, bounds.start, bound_argument(thread, arguments[first], 0));
  RT_TRY_ASSIGN(end, bounds.end, bound_argument(thread, arguments[first + 1], INT64_MAX));
  adjust_bounds(bounds.start, bounds.end, length);
  return bounds;
}

enum class From { kStart, kEnd };

template <From from>
Result<std::int64_t> search_for(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments, const char* function) {
  TRY(must_be_str(thread, arguments.at(0), function, "argument 1"));
  const Str& text = *as_str(self);
  TRY_ASSIGN(Bounds bounds, bounds_of(thread, arguments, 1, text.length));
  if (bounds.start > bounds.end) return -1;
  const Str& part = *as_str(arguments.at(0));
  return from == From::kStart ? find_in_str(text, part, bounds.start, bounds.end)
                              : find_last_in_str(text, part, bounds.start, bounds.end);
}

Result<Ref<Object>> found_or_error(ThreadState& thread, Result<std::int64_t> found) {
  if (!found.is_raised() && found.value() < 0) {
    return raise_text(thread, value_error_type, "substring not found");
  }
  return number_of(thread, std::move(found));
}

bool stands_at(const Str& text, const Str& part, std::int64_t at) {
  for (std::int64_t i = 0; i < part.length; ++i) {
    if (text.at(at + i) != part.at(i)) return false;
  }
  return true;
}

bool begins_or_ends(const Str& text, const Str& part, Bounds bounds, From from) {
  if (bounds.start > bounds.end || bounds.end - bounds.start < part.length) return false;
  return stands_at(text, part, from == From::kStart ? bounds.start : bounds.end - part.length);
}

template <From from>
Result<Ref<Object>> affix_method(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments, const char* function) {
  const Str& text = *as_str(self);
  TRY_ASSIGN(Bounds bounds, bounds_of(thread, arguments, 1, text.length));
  Borrowed<Object> asked = arguments.at(0);
  if (is_str(*asked)) return boolean(begins_or_ends(text, *as_str(asked), bounds, from));
  if (!is_tuple(*asked)) {
    return raise(thread, type_error_type, "{} first arg must be str or a tuple of str, not {}",
                 function, type_name(asked));
  }
  Borrowed<Tuple> parts = as_tuple(asked);
  for (std::int64_t i = 0; i < parts->size; ++i) {
    if (!is_str(*parts->at(i))) {
      return raise(thread, type_error_type, "tuple for {} must only contain str, not {}", function,
                   type_name(parts->at(i)));
    }
    if (begins_or_ends(text, *as_str(parts->at(i)), bounds, from)) return boolean(true);
  }
  return boolean(false);
}

std::int64_t count_in(const Str& text, const Str& part, std::int64_t start, std::int64_t end,
                      std::int64_t most) {
  std::int64_t count = 0;
  while (count < most) {
    const std::int64_t at = find_in_str(text, part, start, end);
    if (at < 0) break;
    ++count;
    start = at + part.length;
  }
  return count;
}

// Without a part to look for: `fresh` before each code point and at the end.
Result<Ref<Str>> interleave(ThreadState& thread, Borrowed<Str> text, const Str& fresh,
                            std::int64_t most) {
  StrBuilder built(thread);
  const std::int64_t places = std::min(most, text->length + 1);
  std::int64_t room;
  if (__builtin_mul_overflow(places, fresh.length, &room) || !built.reserve(room) ||
      !built.reserve(text->length)) {
    return raise_out_of_memory(thread);
  }
  for (std::int64_t i = 0; i <= text->length; ++i) {
    if (i < places) built.append(fresh);
    if (i < text->length) built.append(text->at(i));
  }
  return built.finish();
}

Result<Ref<Str>> replace_part(ThreadState& thread, Borrowed<Str> text, const Str& part,
                              const Str& fresh, std::int64_t most) {
  if (most < 0) most = INT64_MAX;
  if (most == 0) return substring(thread, text, 0, text->length);
  if (part.length == 0) return interleave(thread, text, fresh, most);
  const std::int64_t count = count_in(*text, part, 0, text->length, most);
  if (count == 0) return substring(thread, text, 0, text->length);
  StrBuilder built(thread);
  std::int64_t room;
  if (__builtin_mul_overflow(count, fresh.length, &room) || !built.reserve(room)) {
    return raise_out_of_memory(thread);
  }
  std::int64_t at = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t found = find_in_str(*text, part, at, text->length);
    built.append_part(*text, at, found);
    built.append(fresh);
    at = found + part.length;
  }
  built.append_part(*text, at, text->length);
  return built.finish();
}

template <From from>
Result<Ref<Object>> partition(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  Borrowed<Str> text = as_str(self);
  if (!arguments.has(0) || !is_str(*arguments.at(0))) {
    return raise(thread, type_error_type, "must be str, not {}", type_name(arguments.at(0)));
  }
  Borrowed<Str> separator = as_str(arguments.at(0));
  if (separator->length == 0) return raise_text(thread, value_error_type, "empty separator");
  const std::int64_t at = from == From::kStart
                              ? find_in_str(*text, *separator, 0, text->length)
                              : find_last_in_str(*text, *separator, 0, text->length);
  if (at < 0) {
    TRY_ASSIGN(Ref<Str> whole, substring(thread, text, 0, text->length));
    if (from == From::kStart) return new_tuple(thread, {whole, empty_str(), empty_str()});
    return new_tuple(thread, {empty_str(), empty_str(), whole});
  }
  TRY_ASSIGN(Ref<Str> before, substring(thread, text, 0, at));
  TRY_ASSIGN(Ref<Str> between, substring(thread, separator, 0, separator->length));
  TRY_ASSIGN(Ref<Str> behind, substring(thread, text, at + separator->length, text->length));
  return new_tuple(thread, {before, between, behind});
}

}  // namespace

Result<Ref<Object>> str_find(ThreadState& thread, Borrowed<Object> self,
                             const BoundArguments& arguments) {
  return number_of(thread, search_for<From::kStart>(thread, self, arguments, "find"));
}

Result<Ref<Object>> str_rfind(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  return number_of(thread, search_for<From::kEnd>(thread, self, arguments, "rfind"));
}

Result<Ref<Object>> str_index(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  return found_or_error(thread, search_for<From::kStart>(thread, self, arguments, "index"));
}

Result<Ref<Object>> str_rindex(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  return found_or_error(thread, search_for<From::kEnd>(thread, self, arguments, "rindex"));
}

Result<Ref<Object>> str_count(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  TRY(must_be_str(thread, arguments.at(0), "count", "argument 1"));
  const Str& text = *as_str(self);
  const Str& part = *as_str(arguments.at(0));
  TRY_ASSIGN(Bounds bounds, bounds_of(thread, arguments, 1, text.length));
  if (bounds.start > bounds.end) return new_int(thread, 0);
  if (part.length == 0) return new_int(thread, bounds.end - bounds.start + 1);
  return new_int(thread, count_in(text, part, bounds.start, bounds.end, INT64_MAX));
}

Result<Ref<Object>> str_startswith(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  return affix_method<From::kStart>(thread, self, arguments, "startswith");
}

Result<Ref<Object>> str_endswith(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  return affix_method<From::kEnd>(thread, self, arguments, "endswith");
}

Result<Ref<Object>> str_replace(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments) {
  TRY(must_be_str(thread, arguments.at(0), "replace", "argument 1"));
  TRY(must_be_str(thread, arguments.at(1), "replace", "argument 2"));
  TRY_ASSIGN(std::int64_t most, number_argument(thread, arguments[2], -1));
  return replace_part(thread, as_str(self), *as_str(arguments.at(0)), *as_str(arguments.at(1)),
                      most);
}

Result<Ref<Object>> str_removeprefix(ThreadState& thread, Borrowed<Object> self,
                                     const BoundArguments& arguments) {
  TRY(must_be_str(thread, arguments.at(0), "removeprefix", "argument"));
  Borrowed<Str> text = as_str(self);
  const Str& prefix = *as_str(arguments.at(0));
  const bool begins = begins_or_ends(*text, prefix, {0, text->length}, From::kStart);
  return substring(thread, text, begins ? prefix.length : 0, text->length);
}

Result<Ref<Object>> str_removesuffix(ThreadState& thread, Borrowed<Object> self,
                                     const BoundArguments& arguments) {
  TRY(must_be_str(thread, arguments.at(0), "removesuffix", "argument"));
  Borrowed<Str> text = as_str(self);
  const Str& suffix = *as_str(arguments.at(0));
  const bool ends = begins_or_ends(*text, suffix, {0, text->length}, From::kEnd);
  return substring(thread, text, 0, text->length - (ends ? suffix.length : 0));
}

Result<Ref<Object>> str_partition(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments& arguments) {
  return partition<From::kStart>(thread, self, arguments);
}

Result<Ref<Object>> str_rpartition(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  return partition<From::kEnd>(thread, self, arguments);
}

}  // namespace runtime
