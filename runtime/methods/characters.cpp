#include "runtime/methods/characters.h"

#include <algorithm>
#include <span>
#include <utf8proc.h>

#include "runtime/methods/unicode_tables.h"
#include "runtime/object/exception_object.h"

namespace runtime {

namespace {

bool is_in(std::span<const CodePointRange> ranges, CodePoint code_point) {
  const auto range = std::upper_bound(
      ranges.begin(), ranges.end(), code_point,
      [](CodePoint sought, const CodePointRange& candidate) { return sought < candidate.first; });
  return range != ranges.begin() && code_point <= (range - 1)->last;
}

utf8proc_category_t category_of(CodePoint code_point) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code_point));
}

CodePoint simple_upper(CodePoint c) {
  return static_cast<CodePoint>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
}
CodePoint simple_lower(CodePoint c) {
  return static_cast<CodePoint>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}
CodePoint simple_title(CodePoint c) {
  return static_cast<CodePoint>(utf8proc_totitle(static_cast<utf8proc_int32_t>(c)));
}

const LongCases* long_cases_of(CodePoint code_point) {
  const auto* found = std::lower_bound(
      std::begin(kLongCases), std::end(kLongCases), code_point,
      [](const LongCases& row, CodePoint sought) { return row.code_point < sought; });
  return found != std::end(kLongCases) && found->code_point == code_point ? found : nullptr;
}

void append_all(StrBuilder& built, const CodePoint (&code_points)[3]) {
  for (CodePoint code_point : code_points) {
    if (code_point != 0) built.append(code_point);
  }
}

void append_upper(StrBuilder& built, CodePoint c) {
  if (const LongCases* row = c < 0x80 ? nullptr : long_cases_of(c)) {
    append_all(built, row->upper);
  } else {
    built.append(simple_upper(c));
  }
}

void append_title(StrBuilder& built, CodePoint c) {
  if (const LongCases* row = c < 0x80 ? nullptr : long_cases_of(c)) {
    append_all(built, row->title);
  } else {
    built.append(simple_title(c));
  }
}

// Marks and the like do not end a word and do not begin one.
bool is_case_ignorable(CodePoint c) {
  switch (category_of(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      return c == '\'' || c == '.' || c == ':' || c == 0xB7 || c == 0x2019;
  }
}

// Sigma at the end of a word has a form of its own.
bool ends_word(const Str& text, std::int64_t index) {
  std::int64_t before = index - 1;
  while (before >= 0 && is_case_ignorable(text.at(before))) --before;
  if (before < 0 || !is_cased(text.at(before))) return false;
  std::int64_t behind = index + 1;
  while (behind < text.length && is_case_ignorable(text.at(behind))) ++behind;
  return behind == text.length || !is_cased(text.at(behind));
}

void append_lower(StrBuilder& built, const Str& text, std::int64_t index) {
  constexpr CodePoint kSigma = 0x3A3;
  const CodePoint c = text.at(index);
  if (c == kSigma) {
    built.append(CodePoint{ends_word(text, index) ? 0x3C2u : 0x3C3u});
  } else if (const LongCases* row = c < 0x80 ? nullptr : long_cases_of(c)) {
    append_all(built, row->lower);
  } else {
    built.append(simple_lower(c));
  }
}

void append_folded(StrBuilder& built, CodePoint c) {
  utf8proc_int32_t folded[4];
  int last_boundary = 0;
  const utf8proc_ssize_t count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), folded,
                                                         4, UTF8PROC_CASEFOLD, &last_boundary);
  if (count <= 0 || count > 4) {
    built.append(c);
    return;
  }
  for (utf8proc_ssize_t i = 0; i < count; ++i) built.append(static_cast<CodePoint>(folded[i]));
}

void append_changed(StrBuilder& built, const Str& text, std::int64_t index, CaseMapping mapping,
                    bool is_inside_word) {
  const CodePoint c = text.at(index);
  switch (mapping) {
    case CaseMapping::kUpper:
      return append_upper(built, c);
    case CaseMapping::kLower:
      return append_lower(built, text, index);
    case CaseMapping::kTitle:
      return is_inside_word ? append_lower(built, text, index) : append_title(built, c);
    case CaseMapping::kCapitalize:
      return index != 0 ? append_lower(built, text, index) : append_title(built, c);
    case CaseMapping::kSwap:
      if (is_upper(c)) return append_lower(built, text, index);
      if (is_lower(c)) return append_upper(built, c);
      return built.append(c);
    case CaseMapping::kFold:
      return append_folded(built, c);
  }
}

}  // namespace

bool is_alphabetic(CodePoint c) {
  switch (category_of(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return true;
    default:
      return false;
  }
}

bool is_decimal(CodePoint c) { return category_of(c) == UTF8PROC_CATEGORY_ND; }
bool is_digit(CodePoint c) { return is_decimal(c) || is_in(kDigitsBesideDecimals, c); }
bool is_numeric(CodePoint c) {
  const utf8proc_category_t category = category_of(c);
  return category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_NL ||
         category == UTF8PROC_CATEGORY_NO || is_in(kNumericLetters, c);
}
bool is_upper(CodePoint c) {
  return category_of(c) == UTF8PROC_CATEGORY_LU || is_in(kOtherUppercase, c);
}
bool is_lower(CodePoint c) {
  return category_of(c) == UTF8PROC_CATEGORY_LL || is_in(kOtherLowercase, c);
}
bool is_title(CodePoint c) { return category_of(c) == UTF8PROC_CATEGORY_LT; }

// The digits of a script stand in a row from 0 to 9, and some scripts have several such rows.
int decimal_value(CodePoint c) {
  if (!is_decimal(c)) return -1;
  CodePoint first = c;
  while (first > 0 && is_decimal(first - 1)) --first;
  return static_cast<int>((c - first) % 10);
}

bool is_line_break(CodePoint c) {
  return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 ||
         c == 0x2029;
}

namespace {

bool begins_identifier(CodePoint c) {
  if (c == '_' || is_in(kAlsoBeginsIdentifier, c)) return true;
  const bool is_letter = is_alphabetic(c) || category_of(c) == UTF8PROC_CATEGORY_NL;
  return is_letter && !is_in(kNeverBeginsIdentifier, c);
}

bool continues_identifier(CodePoint c) {
  if (begins_identifier(c) || is_in(kAlsoInIdentifier, c)) return true;
  switch (category_of(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:
      return is_in(kNeverBeginsIdentifier, c) && !is_in(kNeverInIdentifier, c);
  }
}

}  // namespace

bool is_identifier(const Str& text) {
  if (text.length == 0 || !begins_identifier(text.at(0))) return false;
  for (std::int64_t i = 1; i < text.length; ++i) {
    if (!continues_identifier(text.at(i))) return false;
  }
  return true;
}

Result<Ref<Str>> change_case(ThreadState& thread, Borrowed<Str> text, CaseMapping mapping) {
  StrBuilder built(thread);
  if (!built.reserve(text->length)) return raise_out_of_memory(thread);
  bool is_inside_word = false;
  for (std::int64_t i = 0; i < text->length; ++i) {
    append_changed(built, *text, i, mapping, is_inside_word);
    is_inside_word = is_cased(text->at(i));
  }
  return built.finish();
}

}  // namespace runtime
