// bytes and bytearray: where a part stands, and what to do with it.
#include <string>

#include "runtime/methods/bytearray_object.h"
#include "runtime/methods/bytes_methods.h"
#include "runtime/methods/octets.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

struct Bounds {
  std::int64_t start = 0;
  std::int64_t end = 0;
};

Result<Bounds> bounds_of(ThreadState& thread, const BoundArguments& arguments, std::size_t length) {
  Bounds bounds;
  RT_TRY_ASSIGN(start, bounds.start, bound_argument(thread, arguments[1], 0));
  RT_TRY_ASSIGN(end, bounds.end, bound_argument(thread, arguments[2], INT64_MAX));
  adjust_bounds(bounds.start, bounds.end, static_cast<std::int64_t>(length));
  return bounds;
}

// A part, or the number of one octet.
Result<std::string> part_argument(ThreadState& thread, Borrowed<Object> given) {
  if (has_octets(*given)) return octets_in(thread, given);
  if (!has_index(given)) {
    return raise(thread, type_error_type,
                 "argument should be integer or bytes-like object, not '{}'", type_name(given));
  }
  TRY_ASSIGN(std::uint8_t octet, octet_of(thread, given, "byte must be in range(0, 256)"));
  return std::string(1, static_cast<char>(octet));
}

std::string_view section_of(std::string_view octets, Bounds bounds) {
  return octets.substr(static_cast<std::size_t>(bounds.start),
                       static_cast<std::size_t>(bounds.end - bounds.start));
}

enum class From { kStart, kEnd };

Result<std::int64_t> search_for(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments, From from) {
  TRY_ASSIGN(std::string part, part_argument(thread, arguments.at(0)));
  const std::string octets = octets_in(thread, self);
  TRY_ASSIGN(Bounds bounds, bounds_of(thread, arguments, octets.size()));
  if (bounds.start > bounds.end) return -1;
  const std::string_view section = section_of(octets, bounds);
  const std::size_t at = from == From::kStart ? section.find(part) : section.rfind(part);
  return at == std::string_view::npos ? -1 : bounds.start + static_cast<std::int64_t>(at);
}

Result<Ref<Object>> found_or_error(ThreadState& thread, Result<std::int64_t> found) {
  if (!found.is_raised() && found.value() < 0) {
    return raise_text(thread, value_error_type, "subsection not found");
  }
  return number_of(thread, std::move(found));
}

Result<Ref<Object>> affix_method(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments, From from, const char* function) {
  const std::string octets = octets_in(thread, self);
  TRY_ASSIGN(Bounds bounds, bounds_of(thread, arguments, octets.size()));
  const auto matches_part = [&](const std::string& part) {
    if (bounds.start > bounds.end) return false;
    const std::string_view section = section_of(octets, bounds);
    return from == From::kStart ? section.starts_with(part) : section.ends_with(part);
  };
  Borrowed<Object> asked = arguments.at(0);
  if (has_octets(*asked)) return boolean(matches_part(octets_in(thread, asked)));
  if (!is_tuple(*asked)) {
    return raise(thread, type_error_type, "{} first arg must be bytes or a tuple of bytes, not {}",
                 function, type_name(asked));
  }
  Borrowed<Tuple> parts = as_tuple(asked);
  for (std::int64_t i = 0; i < parts->size; ++i) {
    TRY_ASSIGN(std::string part, required_octets(thread, parts->at(i)));
    if (matches_part(part)) return boolean(true);
  }
  return boolean(false);
}

Result<Ref<Object>> partition(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments, From from) {
  TRY_ASSIGN(std::string separator, required_octets(thread, arguments.at(0)));
  if (separator.empty()) return raise_text(thread, value_error_type, "empty separator");
  const std::string octets = octets_in(thread, self);
  const std::size_t at = from == From::kStart ? octets.find(separator) : octets.rfind(separator);
  const bool is_found = at != std::string::npos;
  std::string_view before = octets;
  std::string_view between;
  std::string_view behind;
  if (is_found) {
    before = std::string_view(octets).substr(0, at);
    between = separator;
    behind = std::string_view(octets).substr(at + separator.size());
  } else if (from == From::kEnd) {
    std::swap(before, behind);
  }
  TRY_ASSIGN(Ref<Object> first, new_octets_like(thread, self, before));
  TRY_ASSIGN(Ref<Object> second, new_octets_like(thread, self, between));
  TRY_ASSIGN(Ref<Object> third, new_octets_like(thread, self, behind));
  return new_tuple(thread, {first, second, third});
}

}  // namespace

Result<Ref<Object>> octets_find(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments) {
  return number_of(thread, search_for(thread, self, arguments, From::kStart));
}
Result<Ref<Object>> octets_rfind(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  return number_of(thread, search_for(thread, self, arguments, From::kEnd));
}
Result<Ref<Object>> octets_index(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  return found_or_error(thread, search_for(thread, self, arguments, From::kStart));
}
Result<Ref<Object>> octets_rindex(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments& arguments) {
  return found_or_error(thread, search_for(thread, self, arguments, From::kEnd));
}

Result<Ref<Object>> octets_count(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  TRY_ASSIGN(std::string part, part_argument(thread, arguments.at(0)));
  const std::string octets = octets_in(thread, self);
  TRY_ASSIGN(Bounds bounds, bounds_of(thread, arguments, octets.size()));
  if (bounds.start > bounds.end) return new_int(thread, 0);
  const std::string_view section = section_of(octets, bounds);
  if (part.empty()) return new_int(thread, static_cast<std::int64_t>(section.size()) + 1);
  std::int64_t count = 0;
  for (std::size_t at = section.find(part); at != std::string_view::npos;
       at = section.find(part, at + part.size())) {
    ++count;
  }
  return new_int(thread, count);
}

Result<Ref<Object>> octets_startswith(ThreadState& thread, Borrowed<Object> self,
                                      const BoundArguments& arguments) {
  return affix_method(thread, self, arguments, From::kStart, "startswith");
}
Result<Ref<Object>> octets_endswith(ThreadState& thread, Borrowed<Object> self,
                                    const BoundArguments& arguments) {
  return affix_method(thread, self, arguments, From::kEnd, "endswith");
}

Result<Ref<Object>> octets_replace(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  TRY_ASSIGN(std::string part, required_octets(thread, arguments.at(0)));
  TRY_ASSIGN(std::string fresh, required_octets(thread, arguments.at(1)));
  TRY_ASSIGN(std::int64_t most, number_argument(thread, arguments[2], -1));
  if (most < 0) most = INT64_MAX;
  const std::string octets = octets_in(thread, self);
  std::string result;
  std::size_t at = 0;
  for (; most > 0; --most) {
    const std::size_t found = octets.find(part, at);
    if (found == std::string::npos) break;
    result.append(octets, at, found - at);
    result += fresh;
    at = found + part.size();
    if (!part.empty()) continue;
    // Nothing stands before every octet, and behind the last one.
    if (at == octets.size()) return new_octets_like(thread, self, result);
    result += octets[at++];
  }
  result.append(octets, std::min(at, octets.size()));
  return new_octets_like(thread, self, result);
}

Result<Ref<Object>> octets_removeprefix(ThreadState& thread, Borrowed<Object> self,
                                        const BoundArguments& arguments) {
  TRY_ASSIGN(std::string prefix, required_octets(thread, arguments.at(0)));
  const std::string octets = octets_in(thread, self);
  const std::size_t start = octets.starts_with(prefix) ? prefix.size() : 0;
  return new_octets_like(thread, self, std::string_view(octets).substr(start));
}
Result<Ref<Object>> octets_removesuffix(ThreadState& thread, Borrowed<Object> self,
                                        const BoundArguments& arguments) {
  TRY_ASSIGN(std::string suffix, required_octets(thread, arguments.at(0)));
  const std::string octets = octets_in(thread, self);
  const std::size_t dropped = octets.ends_with(suffix) ? suffix.size() : 0;
  return new_octets_like(thread, self, std::string_view(octets).substr(0, octets.size() - dropped));
}

Result<Ref<Object>> octets_partition(ThreadState& thread, Borrowed<Object> self,
                                     const BoundArguments& arguments) {
  return partition(thread, self, arguments, From::kStart);
}
Result<Ref<Object>> octets_rpartition(ThreadState& thread, Borrowed<Object> self,
                                      const BoundArguments& arguments) {
  return partition(thread, self, arguments, From::kEnd);
}

}  // namespace runtime
