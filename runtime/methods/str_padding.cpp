// str: as wide as asked for.
#include <algorithm>
#include <climits>

#include "runtime/methods/str_methods.h"

namespace runtime {

namespace {

Result<Ref<Object>> pad(ThreadState& thread, Borrowed<Str> text, std::int64_t before,
                        std::int64_t behind, CodePoint fill) {
  before = std::max<std::int64_t>(before, 0);
  behind = std::max<std::int64_t>(behind, 0);
  if (before == 0 && behind == 0) return substring(thread, text, 0, text->length);
  StrBuilder built(thread);
  built.append_times(fill, before);
  built.append(*text);
  built.append_times(fill, behind);
  return built.finish();
}

struct Width {
  std::int64_t missing = 0;  // may be negative
  std::int64_t width = 0;
  CodePoint fill = ' ';
};

Result<Width> width_of(ThreadState& thread, const Str& text, const BoundArguments& arguments) {
  Width result;
  TRY_ASSIGN(Ref<Object> index, index_of(thread, arguments.at(0)));
  const auto width = int64_of(*as_int(index));
  if (!width.has_value()) {
    return raise_text(thread, overflow_error_type, "Python int too large to convert to C ssize_t");
  }
  result.width = *width;
  result.missing = *width <= text.length ? 0 : *width - text.length;
  if (!arguments.has(1)) return result;
  if (!is_str(*arguments.at(1))) {
    return raise(thread, type_error_type, "The fill character must be a unicode character, not {}",
                 type_name(arguments.at(1)));
  }
  const Str& fill = *as_str(arguments.at(1));
  if (fill.length != 1) {
    return raise_text(thread, type_error_type,
                      "The fill character must be exactly one character long");
  }
  result.fill = fill.at(0);
  return result;
}

}  // namespace

Result<Ref<Object>> str_center(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  Borrowed<Str> text = as_str(self);
  TRY_ASSIGN(Width width, width_of(thread, *text, arguments));
  // The odd one stands on the left if the width is odd, too.
  const std::int64_t left = width.missing / 2 + (width.missing & width.width & 1);
  return pad(thread, text, left, width.missing - left, width.fill);
}

Result<Ref<Object>> str_ljust(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  Borrowed<Str> text = as_str(self);
  TRY_ASSIGN(Width width, width_of(thread, *text, arguments));
  return pad(thread, text, 0, width.missing, width.fill);
}

Result<Ref<Object>> str_rjust(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  Borrowed<Str> text = as_str(self);
  TRY_ASSIGN(Width width, width_of(thread, *text, arguments));
  return pad(thread, text, width.missing, 0, width.fill);
}

Result<Ref<Object>> str_zfill(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  Borrowed<Str> text = as_str(self);
  TRY_ASSIGN(Width width, width_of(thread, *text, arguments));
  const bool has_sign = text->length > 0 && (text->at(0) == '+' || text->at(0) == '-');
  if (!has_sign || width.missing == 0) return pad(thread, text, width.missing, 0, '0');
  StrBuilder built(thread);
  built.append(text->at(0));
  built.append_times('0', width.missing);
  built.append_part(*text, 1, text->length);
  return built.finish();
}

Result<Ref<Object>> str_expandtabs(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  std::int64_t tab_size = 8;
  if (arguments.has(0)) {
    TRY_ASSIGN(Ref<Object> index, index_of(thread, arguments.at(0)));
    const auto number = int64_of(*as_int(index));
    if (!number.has_value() || *number > INT_MAX || *number < INT_MIN) {
      return raise_text(thread, overflow_error_type, "Python int too large to convert to C int");
    }
    tab_size = *number;
  }
  const Str& text = *as_str(self);
  StrBuilder built(thread);
  std::int64_t column = 0;
  for (std::int64_t i = 0; i < text.length; ++i) {
    const CodePoint c = text.at(i);
    if (c == '\t') {
      if (tab_size <= 0) continue;
      const std::int64_t blanks = tab_size - column % tab_size;
      built.append_times(' ', blanks);
      column += blanks;
    } else {
      built.append(c);
      column = c == '\n' || c == '\r' ? 0 : column + 1;
    }
  }
  return built.finish();
}

}  // namespace runtime
