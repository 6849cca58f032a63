// How Python writes a string so that it can be read back: which code points stand for themselves,
// and which are blanks.
#include <algorithm>
#include <iterator>

#include "runtime/object/exception_object.h"
#include "runtime/object/str_object.h"

namespace runtime {

namespace {

constexpr CodePoint kUnprintable[][2] = {
#include "runtime/object/unprintable.def"
};

}  // namespace

bool is_printable(CodePoint code_point) {
  if (code_point < 0x7F) return code_point >= 0x20;
  const auto* range = std::upper_bound(
      std::begin(kUnprintable), std::end(kUnprintable), code_point,
      [](CodePoint sought, const CodePoint(&candidate)[2]) { return sought < candidate[0]; });
  return range == std::begin(kUnprintable) || range[-1][1] < code_point;
}

bool is_blank(CodePoint code_point) {
  if (code_point < 0x80)
    return (code_point >= 0x09 && code_point <= 0x0D) || (code_point >= 0x1C && code_point <= 0x20);
  return code_point == 0x85 || code_point == 0xA0 || code_point == 0x1680 ||
         (code_point >= 0x2000 && code_point <= 0x200A) || code_point == 0x2028 ||
         code_point == 0x2029 || code_point == 0x202F || code_point == 0x205F ||
         code_point == 0x3000;
}

// unicode_repr: single quotes, unless that would cost a backslash that double quotes do not.
Result<Ref<Str>> repr_of_str(ThreadState& thread, Borrowed<Str> text) {
  bool has_single = false;
  bool has_double = false;
  for (std::int64_t i = 0; i < text->length; ++i) {
    has_single |= text->at(i) == '\'';
    has_double |= text->at(i) == '"';
  }
  const CodePoint quote = has_single && !has_double ? '"' : '\'';
  StrBuilder built(thread);
  built.append(quote);
  for (std::int64_t i = 0; i < text->length; ++i) {
    const CodePoint code_point = text->at(i);
    if (code_point == quote || code_point == '\\') {
      built.append('\\');
      built.append(code_point);
    } else if (code_point == '\t') {
      built.append("\\t");
    } else if (code_point == '\n') {
      built.append("\\n");
    } else if (code_point == '\r') {
      built.append("\\r");
    } else if (is_printable(code_point)) {
      built.append(code_point);
    } else if (code_point < 0x100) {
      built.append(fmt::format("\\x{:02x}", code_point));
    } else if (code_point < 0x10000) {
      built.append(fmt::format("\\u{:04x}", code_point));
    } else {
      built.append(fmt::format("\\U{:08x}", code_point));
    }
  }
  built.append(quote);
  return built.finish();
}

}  // namespace runtime
