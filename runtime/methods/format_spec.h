// The small language behind the colon: fill, alignment, sign, width, grouping, precision, type.
//
//   [[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type]
//
// It is read once into a FormatSpec; whoever formats a value says what the type letters mean, and
// lays its parts out. Widths and precisions come from programs and may be absurd: text that is as
// long as they say is never computed before there is memory for it.
//
// Ancestry: https://docs.python.org/3/library/string.html#formatspec; CPython's
// Python/formatter_unicode.c.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"

namespace runtime {

struct FormatSpec {
  CodePoint fill = ' ';
  char align = '\0';  // < > = ^
  char sign = '\0';   // + - or a blank; 0: none was given
  bool is_alternate = false;
  bool has_no_negative_zero = false;
  char grouping = '\0';           // , or _
  char fraction_grouping = '\0';  // of the digits behind the point
  std::int64_t width = -1;        // -1: none
  std::int64_t precision = -1;
  CodePoint type = '\0';
};

// `type_name` is that of the value, for messages; the other two hold where the text says nothing.
Result<FormatSpec> parse_format_spec(ThreadState& thread, const Str& text, const char* type_name,
                                     char default_type, char default_align);
// ValueError "Unknown format code 'd' for object of type 'str'".
[[nodiscard]] Raised unknown_format_code(ThreadState& thread, CodePoint code,
                                         const char* type_name);

// A number as text, in parts.
struct NumberText {
  std::string sign;
  std::string prefix;
  std::string whole;  // digits before the point, or "inf"
  bool has_point = false;
  std::string fraction;    // digits behind it
  std::int64_t zeros = 0;  // so many more of them
  std::string tail;        // exponent, per cent
  bool is_finite = true;
};
Result<Ref<Str>> lay_out_number(ThreadState& thread, const NumberText& number,
                                const FormatSpec& spec);
// Any text, from `start` to `end`.
Result<Ref<Str>> lay_out_text(ThreadState& thread, const Str& text, std::int64_t length,
                              const FormatSpec& spec);

// A double by the letter e f g (or their capitals), or '\0' for the way of repr(). The precision is
// not negative but for '\0', where -1 asks for the shortest text. The sign is "-" or nothing.
[[nodiscard]] NumberText text_of_double(double value, char letter, std::int64_t precision,
                                        bool is_alternate);

// __format__ of the three; an empty `spec` is str().
Result<Ref<Str>> format_int(ThreadState& thread, Borrowed<Object> value, const Str& spec);
Result<Ref<Str>> format_float(ThreadState& thread, Borrowed<Object> value, const Str& spec);
Result<Ref<Str>> format_str(ThreadState& thread, Borrowed<Object> value, const Str& spec);

}  // namespace runtime
