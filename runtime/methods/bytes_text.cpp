// bytes and bytearray as ASCII text, as hexadecimal text, and decoded.
#include <algorithm>
#include <string>

#include "runtime/methods/bytearray_object.h"
#include "runtime/methods/bytes_methods.h"
#include "runtime/methods/octets.h"
#include "runtime/methods/text_codec.h"

namespace runtime {

namespace {

bool is_ascii_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_ascii_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_ascii_letter(char c) { return is_ascii_upper(c) || is_ascii_lower(c); }
bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
char to_upper(char c) { return is_ascii_lower(c) ? static_cast<char>(c - 0x20) : c; }
char to_lower(char c) { return is_ascii_upper(c) ? static_cast<char>(c + 0x20) : c; }

template <class Change>
Result<Ref<Object>> change_each(ThreadState& thread, Borrowed<Object> self, Change&& change) {
  std::string octets = octets_in(thread, self);
  for (char& c : octets) c = change(c);
  return new_octets_like(thread, self, octets);
}

template <class Question>
Result<Ref<Object>> for_all(ThreadState& thread, Borrowed<Object> self, Question&& question) {
  const std::string octets = octets_in(thread, self);
  return boolean(!octets.empty() && std::all_of(octets.begin(), octets.end(), question));
}

Result<std::string> name_argument(ThreadState& thread, Object* argument, const char* name,
                                  const char* fallback) {
  if (argument == nullptr) return std::string(fallback);
  if (!is_str(*argument)) {
    return raise(thread, type_error_type, "decode() argument '{}' must be str, not {}", name,
                 type_name(Borrowed<Object>(argument)));
  }
  return utf8_of(*as_str(Borrowed<Object>(argument)));
}

int hex_value(char c) {
  if (is_ascii_digit(c)) return c - '0';
  c = to_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct Width {
  std::int64_t missing = 0;
  std::int64_t width = 0;
  char fill = ' ';
};

Result<Width> width_of(ThreadState& thread, std::size_t length, const BoundArguments& arguments,
                       const char* function) {
  Width result;
  RT_TRY_ASSIGN(width, result.width,
                checked_index_of(thread, arguments.at(0), overflow_error_type));
  const auto size = static_cast<std::int64_t>(length);
  result.missing = result.width <= size ? 0 : result.width - size;
  // Text of so many octets is made in memory first.
  if (result.missing > (INT64_MAX >> 24)) return raise_out_of_memory(thread);
  if (!arguments.has(1)) return result;
  if (!has_octets(*arguments.at(1))) {
    return raise(thread, type_error_type,
                 "{}() argument 2 must be a byte string of length 1, not {}", function,
                 type_name(arguments.at(1)));
  }
  const std::string fill = octets_in(thread, arguments.at(1));
  if (fill.size() != 1) {
    return raise(thread, type_error_type,
                 "{}(): argument 2 must be a byte string of length 1, not a {} object of length {}",
                 function, type_name(arguments.at(1)), fill.size());
  }
  result.fill = fill[0];
  return result;
}

Result<Ref<Object>> pad(ThreadState& thread, Borrowed<Object> self, const std::string& octets,
                        std::int64_t before, std::int64_t behind, char fill) {
  const std::int64_t length = before + static_cast<std::int64_t>(octets.size()) + behind;
  if (length == 0) return new_octets_like(thread, self, octets);
  // Asked for at once, so that what is too much is refused before it is filled.
  TRY_ASSIGN(Ref<Bytes> made, allocate_bytes(thread, length));
  char* at = std::fill_n(made->data(), before, fill);
  at = std::copy(octets.begin(), octets.end(), at);
  std::fill_n(at, behind, fill);
  if (is_bytes(*self)) return made;
  return new_octets_like(thread, self, made->view());
}

}  // namespace

Result<Ref<Object>> octets_decode(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments& arguments) {
  TRY_ASSIGN(std::string encoding, name_argument(thread, arguments[0], "encoding", "utf-8"));
  TRY_ASSIGN(std::string errors, name_argument(thread, arguments[1], "errors", "strict"));
  return decode_text(thread, octets_in(thread, self), encoding, errors);
}

// A separator between groups of octets, counted from the right, or from the left if negative.
Result<Ref<Object>> octets_hex(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  const std::string octets = octets_in(thread, self);
  CodePoint separator = 0;
  if (arguments.has(0)) {
    Borrowed<Object> given = arguments.at(0);
    if (!is_str(*given) && !has_octets(*given)) {
      return raise_text(thread, type_error_type, "sep must be str or bytes.");
    }
    TRY_ASSIGN(std::int64_t length, length_of(thread, given));
    if (length != 1) return raise_text(thread, value_error_type, "sep must be length 1.");
    separator =
        is_str(*given)
            ? as_str(given)->at(0)
            : static_cast<CodePoint>(static_cast<std::uint8_t>(octets_in(thread, given)[0]));
    if (separator >= 0x80) return raise_text(thread, value_error_type, "sep must be ASCII.");
  }
  TRY_ASSIGN(std::int64_t group, number_argument(thread, arguments[1], 1));
  StrBuilder built(thread);
  const auto count = static_cast<std::int64_t>(octets.size());
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t from_end = group > 0 ? count - i : i;
    const bool begins_group = group != 0 && group != INT64_MIN && from_end % std::abs(group) == 0;
    if (i != 0 && separator != 0 && begins_group) built.append(separator);
    const auto octet = static_cast<std::uint8_t>(octets[static_cast<std::size_t>(i)]);
    built.append(static_cast<CodePoint>("0123456789abcdef"[octet >> 4]));
    built.append(static_cast<CodePoint>("0123456789abcdef"[octet & 0xF]));
  }
  return built.finish();
}

Result<Ref<Object>> octets_fromhex(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  Borrowed<Object> given = arguments.at(0);
  if (!is_str(*given) && !has_octets(*given)) {
    return raise(thread, type_error_type, "fromhex() argument must be str or bytes-like, not {}",
                 type_name(given));
  }
  std::string text;
  if (is_str(*given)) {
    const Str& code_points = *as_str(given);
    for (std::int64_t i = 0; i < code_points.length; ++i) {
      text += code_points.at(i) < 0x80 ? static_cast<char>(code_points.at(i)) : '\x7F';
    }
  } else {
    text = octets_in(thread, given);
  }
  const auto no_digit = [&](std::size_t at) {
    return raise(thread, value_error_type,
                 "non-hexadecimal number found in fromhex() arg at position {}", at);
  };
  std::string octets;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      ++at;
      continue;
    }
    if (hex_value(c) < 0) return no_digit(at);
    if (at + 1 == text.size()) {
      return raise_text(thread, value_error_type,
                        "fromhex() arg must contain an even number of hexadecimal digits");
    }
    if (hex_value(text[at + 1]) < 0) return no_digit(at + 1);
    octets += static_cast<char>(hex_value(c) * 16 + hex_value(text[at + 1]));
    at += 2;
  }
  TRY_ASSIGN(Ref<Bytes> made, new_bytes(thread, octets));
  if (&type_argument(self) == &bytes_type) return made;
  const Borrowed<Object> argument[] = {made};
  return call(thread, self, argument);
}

Result<Ref<Object>> octets_translate(ThreadState& thread, Borrowed<Object> self,
                                     const BoundArguments& arguments) {
  std::string table;
  const bool has_table = !is_none(arguments[0]);
  if (has_table) {
    RT_TRY_ASSIGN(given, table, required_octets(thread, arguments.at(0)));
    if (table.size() != 256) {
      return raise_text(thread, value_error_type, "translation table must be 256 characters long");
    }
  }
  std::string dropped;
  if (arguments.has(1)) {
    RT_TRY_ASSIGN(given, dropped, required_octets(thread, arguments.at(1)));
  }
  std::string result;
  for (char c : octets_in(thread, self)) {
    if (dropped.find(c) != std::string::npos) continue;
    result += has_table ? table[static_cast<std::uint8_t>(c)] : c;
  }
  return new_octets_like(thread, self, result);
}

Result<Ref<Object>> octets_upper(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  return change_each(thread, self, &to_upper);
}
Result<Ref<Object>> octets_lower(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  return change_each(thread, self, &to_lower);
}
Result<Ref<Object>> octets_swapcase(ThreadState& thread, Borrowed<Object> self,
                                    const BoundArguments&) {
  return change_each(thread, self,
                     [](char c) { return is_ascii_upper(c) ? to_lower(c) : to_upper(c); });
}
Result<Ref<Object>> octets_title(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  bool is_inside_word = false;
  return change_each(thread, self, [&](char c) {
    const char changed = is_inside_word ? to_lower(c) : to_upper(c);
    is_inside_word = is_ascii_letter(c);
    return changed;
  });
}
Result<Ref<Object>> octets_capitalize(ThreadState& thread, Borrowed<Object> self,
                                      const BoundArguments&) {
  bool is_first = true;
  return change_each(thread, self, [&](char c) {
    return std::exchange(is_first, false) ? to_upper(c) : to_lower(c);
  });
}

Result<Ref<Object>> octets_isalpha(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  return for_all(thread, self, &is_ascii_letter);
}
Result<Ref<Object>> octets_isdigit(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  return for_all(thread, self, &is_ascii_digit);
}
Result<Ref<Object>> octets_isalnum(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  return for_all(thread, self, [](char c) { return is_ascii_letter(c) || is_ascii_digit(c); });
}
Result<Ref<Object>> octets_isspace(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  return for_all(thread, self, [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
}
Result<Ref<Object>> octets_isascii(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  const std::string octets = octets_in(thread, self);
  return boolean(std::all_of(octets.begin(), octets.end(), [](char c) { return (c & 0x80) == 0; }));
}
Result<Ref<Object>> octets_isupper(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  const std::string octets = octets_in(thread, self);
  return boolean(std::any_of(octets.begin(), octets.end(), &is_ascii_upper) &&
                 std::none_of(octets.begin(), octets.end(), &is_ascii_lower));
}
Result<Ref<Object>> octets_islower(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  const std::string octets = octets_in(thread, self);
  return boolean(std::any_of(octets.begin(), octets.end(), &is_ascii_lower) &&
                 std::none_of(octets.begin(), octets.end(), &is_ascii_upper));
}

Result<Ref<Object>> octets_center(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments& arguments) {
  const std::string octets = octets_in(thread, self);
  TRY_ASSIGN(Width width, width_of(thread, octets.size(), arguments, "center"));
  const std::int64_t left = width.missing / 2 + (width.missing & width.width & 1);
  return pad(thread, self, octets, left, width.missing - left, width.fill);
}
Result<Ref<Object>> octets_ljust(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  const std::string octets = octets_in(thread, self);
  TRY_ASSIGN(Width width, width_of(thread, octets.size(), arguments, "ljust"));
  return pad(thread, self, octets, 0, width.missing, width.fill);
}
Result<Ref<Object>> octets_rjust(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  const std::string octets = octets_in(thread, self);
  TRY_ASSIGN(Width width, width_of(thread, octets.size(), arguments, "rjust"));
  return pad(thread, self, octets, width.missing, 0, width.fill);
}
Result<Ref<Object>> octets_zfill(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  std::string octets = octets_in(thread, self);
  TRY_ASSIGN(std::int64_t width, checked_index_of(thread, arguments.at(0), overflow_error_type));
  const std::int64_t missing = width - static_cast<std::int64_t>(octets.size());
  if (missing <= 0) return new_octets_like(thread, self, octets);
  if (missing > (INT64_MAX >> 24)) return raise_out_of_memory(thread);
  const bool has_sign = octets.starts_with('+') || octets.starts_with('-');
  TRY_ASSIGN(Ref<Bytes> made, allocate_bytes(thread, width));
  char* at = made->data();
  if (has_sign) *at++ = octets[0];
  at = std::fill_n(at, missing, '0');
  std::copy(octets.begin() + (has_sign ? 1 : 0), octets.end(), at);
  if (is_bytes(*self)) return made;
  return new_octets_like(thread, self, made->view());
}

}  // namespace runtime
