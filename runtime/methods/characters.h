// What Unicode says of a character: its class, and its upper and lower case.
//
// Ancestry: the Unicode Character Database, by utf8proc; for which question asks for which property:
// https://docs.python.org/3/library/stdtypes.html#string-methods.
#pragma once

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"

namespace runtime {

[[nodiscard]] bool is_alphabetic(CodePoint code_point);
[[nodiscard]] bool is_decimal(CodePoint code_point);
[[nodiscard]] bool is_digit(CodePoint code_point);
[[nodiscard]] bool is_numeric(CodePoint code_point);
[[nodiscard]] bool is_upper(CodePoint code_point);
[[nodiscard]] bool is_lower(CodePoint code_point);
[[nodiscard]] bool is_title(CodePoint code_point);
[[nodiscard]] inline bool is_cased(CodePoint code_point) {
  return is_upper(code_point) || is_lower(code_point) || is_title(code_point);
}
[[nodiscard]] inline bool is_alphanumeric(CodePoint code_point) {
  return is_alphabetic(code_point) || is_decimal(code_point) || is_digit(code_point) ||
         is_numeric(code_point);
}
// 0..9 of a decimal digit of any script; -1: it is none.
[[nodiscard]] int decimal_value(CodePoint code_point);
// Where a line ends: str.splitlines().
[[nodiscard]] bool is_line_break(CodePoint code_point);
// str.isidentifier().
[[nodiscard]] bool is_identifier(const Str& text);

enum class CaseMapping { kUpper, kLower, kTitle, kCapitalize, kSwap, kFold };
Result<Ref<Str>> change_case(ThreadState& thread, Borrowed<Str> text, CaseMapping mapping);

}  // namespace runtime
