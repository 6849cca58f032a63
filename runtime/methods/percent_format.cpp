// text % arguments.
//
// The text is read once, from left to right; each conversion takes its argument when its turn comes,
// and what runs then (a program's __str__, __getitem__) may do what it likes: the text never changes,
// and the arguments belong to the caller.
//
// Ancestry: CPython's PyUnicode_Format.
#include <climits>

#include "runtime/methods/format.h"
#include "runtime/methods/format_spec.h"
#include "runtime/methods/numbers.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

struct Conversion {
  bool is_left = false;
  bool is_alternate = false;
  bool pads_zeros = false;
  char sign = '\0';
  std::int64_t width = -1;
  std::int64_t precision = -1;
  CodePoint letter = 0;
  std::int64_t letter_place = 0;
};

bool is_mapping(Borrowed<Object> object) {
  return !is_tuple(*object) && !is_str(*object) && protocol_of(object).get_item != nullptr;
}

class PercentFormatter {
 public:
  PercentFormatter(ThreadState& thread, Borrowed<Str> text, Borrowed<Object> arguments)
      : thread_(thread), text_(text), arguments_(arguments), built_(thread) {}

  Result<Ref<Str>> run() {
    while (at_ < text_->length) {
      std::int64_t end = at_;
      while (end < text_->length && text_->at(end) != '%') ++end;
      built_.append_part(*text_, at_, end);
      at_ = end;
      if (at_ == text_->length) break;
      ++at_;
      TRY(convert_one());
    }
    const bool is_used_up =
        is_tuple(*arguments_) ? next_argument_ >= as_tuple(arguments_)->size : has_taken_single_;
    if (!is_used_up && !is_mapping(arguments_)) {
      return raise_text(thread_, type_error_type,
                        "not all arguments converted during string formatting");
    }
    return built_.finish();
  }

 private:
  Result<Ref<Object>> next_argument() {
    if (keyed_) return std::move(keyed_);
    if (is_tuple(*arguments_)) {
      Borrowed<Tuple> tuple = as_tuple(arguments_);
      if (next_argument_ < tuple->size) {
        return Ref<Object>::share(thread_, tuple->at(next_argument_++));
      }
    } else if (!has_taken_single_) {
      has_taken_single_ = true;
      return Ref<Object>::share(thread_, arguments_);
    }
    return raise_text(thread_, type_error_type, "not enough arguments for format string");
  }

  Raised incomplete() { return raise_text(thread_, value_error_type, "incomplete format"); }

  // (key): what the mapping says.
  Result<Done> read_key() {
    if (at_ >= text_->length || text_->at(at_) != '(') return Done{};
    if (!is_mapping(arguments_)) {
      return raise_text(thread_, type_error_type, "format requires a mapping");
    }
    const std::int64_t start = ++at_;
    for (int open = 1; open > 0; ++at_) {
      if (at_ >= text_->length) {
        return raise_text(thread_, value_error_type, "incomplete format key");
      }
      if (text_->at(at_) == '(') ++open;
      if (text_->at(at_) == ')') --open;
    }
    TRY_ASSIGN(Ref<Str> key, substring(thread_, text_, start, at_ - 1));
    RT_TRY_ASSIGN(value, keyed_, get_item(thread_, arguments_, key));
    has_taken_single_ = true;
    return Done{};
  }

  void read_flags(Conversion& conversion) {
    for (; at_ < text_->length; ++at_) {
      const CodePoint c = text_->at(at_);
      if (c == '-') {
        conversion.is_left = true;
      } else if (c == '+') {
        conversion.sign = '+';
      } else if (c == ' ') {
        if (conversion.sign == '\0') conversion.sign = ' ';
      } else if (c == '#') {
        conversion.is_alternate = true;
      } else if (c == '0') {
        conversion.pads_zeros = true;
      } else {
        return;
      }
    }
  }

  // Digits, or * and then an argument says it.
  Result<std::int64_t> read_size(const char* what, std::int64_t most) {
    if (at_ < text_->length && text_->at(at_) == '*') {
      ++at_;
      TRY_ASSIGN(Ref<Object> argument, next_argument());
      if (!is_int(*argument)) return raise_text(thread_, type_error_type, "* wants int");
      const auto size = int64_of(*as_int(argument));
      if (!size.has_value() || *size > most || *size < -most) {
        return raise(thread_, overflow_error_type, "Python int too large to convert to C {}",
                     most == INT_MAX ? "int" : "ssize_t");
      }
      return *size;
    }
    std::int64_t size = -1;
    for (; at_ < text_->length; ++at_) {
      const CodePoint c = text_->at(at_);
      if (c < '0' || c > '9') break;
      if (size < 0) size = 0;
      size = size * 10 + static_cast<std::int64_t>(c - '0');
      if (size > most / 16) return raise(thread_, value_error_type, "{} too big", what);
    }
    return size;
  }

  Result<Done> convert_one() {
    if (at_ < text_->length && text_->at(at_) == '%') {
      ++at_;
      built_.append("%");
      return Done{};
    }
    Conversion conversion;
    TRY(read_key());
    read_flags(conversion);
    const bool width_is_argument = at_ < text_->length && text_->at(at_) == '*';
    RT_TRY_ASSIGN(width, conversion.width, read_size("width", INT64_MAX));
    if (width_is_argument && conversion.width < 0) {
      conversion.is_left = true;
      conversion.width = -conversion.width;
    }
    if (at_ < text_->length && text_->at(at_) == '.') {
      ++at_;
      RT_TRY_ASSIGN(precision, conversion.precision, read_size("precision", INT_MAX));
      if (conversion.precision < 0) conversion.precision = 0;
    }
    if (at_ < text_->length) {
      const CodePoint size = text_->at(at_);
      if (size == 'h' || size == 'l' || size == 'L') ++at_;
    }
    if (at_ >= text_->length) return incomplete();
    conversion.letter_place = at_;
    conversion.letter = text_->at(at_++);
    TRY_ASSIGN(Ref<Object> argument, next_argument());
    return convert(conversion, argument);
  }

  Result<Done> convert(const Conversion& conversion, Borrowed<Object> argument) {
    switch (conversion.letter) {
      case 's': {
        TRY_ASSIGN(Ref<Str> text, str_of(thread_, argument));
        return append_text(conversion, *text);
      }
      case 'r': {
        TRY_ASSIGN(Ref<Str> text, repr_of(thread_, argument));
        return append_text(conversion, *text);
      }
      case 'a': {
        TRY_ASSIGN(Ref<Str> text, ascii_of(thread_, argument));
        return append_text(conversion, *text);
      }
      case 'c':
        return append_character(conversion, argument);
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        return append_integer(conversion, argument);
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
        return append_double(conversion, argument);
      default: {
        const CodePoint letter = conversion.letter;
        return raise(thread_, value_error_type,
                     "unsupported format character '{}' (0x{:x}) at index {}",
                     letter >= 32 && letter < 128 ? static_cast<char>(letter) : '?', letter,
                     conversion.letter_place);
      }
    }
  }

  Result<Done> append(Result<Ref<Str>> text) {
    if (text.is_raised()) return std::move(text).raised();
    built_.append(*text.value());
    return Done{};
  }

  Result<Done> append_text(const Conversion& conversion, const Str& text) {
    std::int64_t length = text.length;
    if (conversion.precision >= 0 && conversion.precision < length) length = conversion.precision;
    const std::int64_t missing = conversion.width - length;
    if (!conversion.is_left) built_.append_times(' ', missing);
    built_.append_part(text, 0, length);
    if (conversion.is_left) built_.append_times(' ', missing);
    return Done{};
  }

  Result<Done> append_character(const Conversion& conversion, Borrowed<Object> argument) {
    if (is_str(*argument)) {
      const std::int64_t length = as_str(argument)->length;
      if (length != 1) {
        return raise(thread_, type_error_type,
                     "%c requires an int or a unicode character, not a string of length {}",
                     length);
      }
      return append_text(conversion, *as_str(argument));
    }
    if (!has_index(argument)) {
      return raise(thread_, type_error_type, "%c requires an int or a unicode character, not {}",
                   type_name(argument));
    }
    TRY_ASSIGN(Ref<Object> index, index_of(thread_, argument));
    const auto code_point = int64_of(*as_int(index));
    if (!code_point.has_value() || *code_point < 0 || *code_point > kGreatestCodePoint) {
      return raise_text(thread_, overflow_error_type, "%c arg not in range(0x110000)");
    }
    TRY_ASSIGN(Ref<Str> text, new_str(thread_, static_cast<CodePoint>(*code_point)));
    Conversion without_precision = conversion;
    without_precision.precision = -1;
    return append_text(without_precision, *text);
  }

  // How numbers are padded.
  static FormatSpec spec_of(const Conversion& conversion) {
    FormatSpec spec;
    spec.width = conversion.width;
    spec.align = conversion.is_left ? '<' : conversion.pads_zeros ? '=' : '>';
    spec.fill = conversion.pads_zeros && !conversion.is_left ? '0' : ' ';
    return spec;
  }

  Result<Ref<Int>> integer_of(const Conversion& conversion, Borrowed<Object> argument) {
    if (is_int(*argument)) return Ref<Int>::share(thread_, as_int(argument));
    const char letter = static_cast<char>(conversion.letter);
    const bool is_decimal = letter == 'd' || letter == 'i' || letter == 'u';
    const Protocol& protocol = protocol_of(argument);
    if (is_decimal && (protocol.as_int != nullptr || protocol.index != nullptr)) {
      return int_of(thread_, argument);
    }
    if (!is_decimal && protocol.index != nullptr) {
      TRY_ASSIGN(Ref<Object> index, index_of(thread_, argument));
      return Ref<Int>::share(thread_, as_int(index));
    }
    return raise(thread_, type_error_type, "%{} format: {} is required, not {}", letter,
                 is_decimal ? "a real number" : "an integer", type_name(argument));
  }

  Result<Done> append_integer(const Conversion& conversion, Borrowed<Object> argument) {
    TRY_ASSIGN(Ref<Int> value, integer_of(conversion, argument));
    const char letter = static_cast<char>(conversion.letter);
    const int base = letter == 'o' ? 8 : letter == 'x' || letter == 'X' ? 16 : 10;
    NumberText number;
    RT_TRY_ASSIGN(text, number.tail, int_to_text(thread_, *value, base));
    if (number.tail[0] == '-') {
      number.tail.erase(0, 1);
      number.sign = "-";
    } else if (conversion.sign != '\0') {
      number.sign = std::string(1, conversion.sign);
    }
    if (conversion.is_alternate && base != 10) number.prefix = std::string{'0', letter};
    if (letter == 'X') {
      for (char& c : number.tail) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 0x20);
      }
    }
    // Zeros up to the precision stand before the digits: as a fraction without a point.
    number.zeros = conversion.precision - static_cast<std::int64_t>(number.tail.size());
    return append(lay_out_number(thread_, number, spec_of(conversion)));
  }

  Result<Done> append_double(const Conversion& conversion, Borrowed<Object> argument) {
    TRY_ASSIGN(double value, double_of(thread_, argument));
    const std::int64_t precision = conversion.precision < 0 ? 6 : conversion.precision;
    NumberText number = text_of_double(value, static_cast<char>(conversion.letter), precision,
                                       conversion.is_alternate);
    if (number.sign.empty() && conversion.sign != '\0') {
      number.sign = std::string(1, conversion.sign);
    }
    return append(lay_out_number(thread_, number, spec_of(conversion)));
  }

  ThreadState& thread_;
  const Borrowed<Str> text_;
  const Borrowed<Object> arguments_;
  StrBuilder built_;
  std::int64_t at_ = 0;
  std::int64_t next_argument_ = 0;
  bool has_taken_single_ = false;
  Ref<Object> keyed_;  // what the key of this conversion stands for
};

}  // namespace

Result<Ref<Str>> percent_format(ThreadState& thread, Borrowed<Str> format,
                                Borrowed<Object> arguments) {
  return PercentFormatter(thread, format, arguments).run();
}

}  // namespace runtime
