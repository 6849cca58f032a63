// Text -> values: recursive descent over the canonical spelling, one function per kind of value.
//
// Nothing here guesses: a spelling that the driver does not use is refused with the one that it
// does, because a rule that can never match is worse than one that is refused. Depth is counted, so
// that no text exhausts the stack.
#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <limits>

#include "conformance/outcome/value.h"
#include "conformance/outcome/value_spelling.h"

namespace conformance {

namespace {

constexpr int kMaximumDepth = 64;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

class Parser {
 public:
  Parser(std::string_view text, ValueError& error) : text_(text), error_(error) {}

  bool whole_value(Value& out) {
    if (!value(out)) return false;
    skip_blanks();
    return at_ == text_.size() || fail("something follows the value");
  }

  bool assignments(Assignments& out) {
    skip_blanks();
    if (at_ == text_.size()) return fail("the names and values are missing");
    while (true) {
      skip_blanks();
      const std::size_t start = at_;
      std::string name = identifier();
      if (name.empty()) return fail("the name of something observed is missing");
      const auto same = [&](const auto& known) { return known.first == name; };
      if (std::any_of(out.begin(), out.end(), same)) {
        return fail_at(start, fmt::format("{} is given twice", name));
      }
      skip_blanks();
      if (!take('=')) return fail(fmt::format("'=' is missing after {}", name));
      Value one;
      if (!value(one)) return false;
      out.emplace_back(std::move(name), std::move(one));
      skip_blanks();
      if (at_ == text_.size()) return true;
      if (!take(',')) return fail("',' is missing between two values");
    }
  }

 private:
  bool fail_at(std::size_t offset, std::string message) {
    error_ = {static_cast<int>(offset), std::move(message)};
    return false;
  }
  bool fail(std::string message) { return fail_at(at_, std::move(message)); }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool take(char wanted) {
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  std::string identifier() {
    const std::size_t start = at_;
    if (at_ < text_.size() && is_name_start(text_[at_])) {
      while (at_ < text_.size() && (is_name_start(text_[at_]) || is_digit(text_[at_]))) ++at_;
    }
    return std::string(text_.substr(start, at_ - start));
  }

  bool value(Value& out) {
    skip_blanks();
    if (at_ == text_.size()) return fail("a value is missing");
    const char next = peek();
    if (next == '[' || next == '(' || next == '{') return container(out, next);
    if (next == '<') return opaque(out);
    if (next == '\'' || next == '"') return quoted(out, Value::Type::Text);
    if (next == 'b' && (peek(1) == '\'' || peek(1) == '"')) {
      ++at_;
      return quoted(out, Value::Type::Bytes);
    }
    if (is_digit(next) || next == '-' || next == '+' || next == '.') return number(out);
    return word(out);
  }

  bool container(Value& out, char open) {
    if (depth_ == kMaximumDepth) return fail(fmt::format("nested deeper than {}", kMaximumDepth));
    ++depth_;
    const std::size_t start = at_++;
    const bool good = open == '[' ? list(out) : open == '(' ? tuple(out, start) : braces(out);
    --depth_;
    return good;
  }

  // The rest of a list up to `close`; `comma_at_end` is what makes (1,) a tuple.
  bool items(std::vector<Value>& out, char close, bool& comma_at_end) {
    comma_at_end = false;
    skip_blanks();
    if (take(close)) return true;
    while (true) {
      Value one;
      if (!value(one)) return false;
      out.push_back(std::move(one));
      skip_blanks();
      if (take(close)) return true;
      if (!take(',')) return fail(fmt::format("',' or '{}' is missing", close));
      skip_blanks();
      if (peek() == close && close == ')' && out.size() == 1) {
        ++at_;
        comma_at_end = true;
        return true;
      }
    }
  }

  bool list(Value& out) {
    out = {Value::Type::List, {}, {}};
    bool comma_at_end = false;
    return items(out.items, ']', comma_at_end);
  }

  bool tuple(Value& out, std::size_t start) {
    out = {Value::Type::Tuple, {}, {}};
    bool comma_at_end = false;
    if (!items(out.items, ')', comma_at_end)) return false;
    if (out.items.size() == 1 && !comma_at_end) {
      return fail_at(start, "parentheses around one value; a tuple of one is written (1,)");
    }
    return true;
  }

  bool braces(Value& out) {
    out = {Value::Type::Dict, {}, {}};
    skip_blanks();
    if (take('}')) return true;
    for (bool first = true;; first = false) {
      Value key;
      if (!value(key)) return false;
      skip_blanks();
      const bool pair = peek() == ':';
      if (first && !pair) out.type = Value::Type::Set;
      if (pair != (out.type == Value::Type::Dict)) {
        return fail(pair ? "a ':' in a set" : "':' is missing after a key");
      }
      out.items.push_back(std::move(key));
      if (pair) {
        ++at_;
        Value item;
        if (!value(item)) return false;
        out.items.push_back(std::move(item));
        skip_blanks();
      }
      if (take('}')) break;
      if (!take(',')) return fail("',' or '}' is missing");
    }
    out.type == Value::Type::Set ? sort_set(out) : sort_dict(out);
    return true;
  }

  bool opaque(Value& out) {
    const std::size_t close = text_.find('>', at_);
    if (close == std::string_view::npos) return fail("'>' is missing");
    if (close == at_ + 1) return fail("nothing stands between '<' and '>'");
    out = {Value::Type::Opaque, std::string(text_.substr(at_ + 1, close - at_ - 1)), {}};
    at_ = close + 1;
    return true;
  }

  bool quoted(Value& out, Value::Type type) {
    const std::size_t start = at_;
    const char quote = text_[at_++];
    out = {type, {}, {}};
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\') {
        if (!escape(out)) return false;
      } else if (!plain_character(out)) {
        return false;
      }
    }
    return take(quote) || fail_at(start, "the closing quote is missing");
  }

  bool plain_character(Value& out) {
    const char next = text_[at_];
    const bool ascii = (next & 0x80) == 0;
    if (ascii && (next < 0x20 || next == 0x7f)) {
      return fail("a control character in quotes; write it as an escape");
    }
    if (!ascii && out.type == Value::Type::Bytes) {
      return fail("bytes beyond ASCII are written as \\xNN");
    }
    const std::size_t start = at_;
    char32_t character = 0;
    if (!next_utf8(text_, at_, character)) return fail("this is not UTF-8");
    out.text += text_.substr(start, at_ - start);
    return true;
  }

  bool escape(Value& out) {
    const char kind = peek(1);
    const bool text = out.type == Value::Type::Text;
    switch (kind) {
      case 'n':
        return simple_escape(out, '\n');
      case 't':
        return simple_escape(out, '\t');
      case 'r':
        return simple_escape(out, '\r');
      case '\\':
      case '\'':
      case '"':
        return simple_escape(out, kind);
      case 'x':
        return code_escape(out, 2);
      case 'u':
        return text ? code_escape(out, 4) : fail("there is no \\u in bytes");
      case 'U':
        return text ? code_escape(out, 8) : fail("there is no \\U in bytes");
      default:
        return fail(
            "unknown escape; known are \\\\ \\' \\\" \\n \\t \\r \\xNN \\uNNNN \\UNNNNNNNN");
    }
  }

  bool simple_escape(Value& out, char character) {
    out.text += character;
    at_ += 2;
    return true;
  }

  bool code_escape(Value& out, std::size_t digits) {
    const std::string_view hex = text_.substr(at_ + 2, digits);
    std::uint32_t code = 0;
    const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
    if (hex.size() != digits || error != std::errc() || end != hex.data() + digits) {
      return fail(fmt::format("\\{} needs {} hexadecimal digits", text_[at_ + 1], digits));
    }
    if (code > 0x10ffff) return fail("there is no such character");
    if (out.type == Value::Type::Bytes) {
      out.text += static_cast<char>(code);
    } else {
      append_utf8(out.text, code);
    }
    at_ += 2 + digits;
    return true;
  }

  bool number(Value& out) {
    const std::size_t start = at_;
    const bool negative = take('-');
    if (text_.substr(at_, 3) == "inf" && negative) {
      at_ += 3;
      out = {Value::Type::Float, "-inf", {}};
      return true;
    }
    const auto digits = [&] {
      const std::size_t from = at_;
      while (is_digit(peek())) ++at_;
      return at_ - from;
    };
    const std::size_t whole_from = at_;
    const std::size_t whole = digits();
    bool good = whole > 0, is_float = false;
    if (good && take('.')) {
      is_float = true;
      good = digits() > 0;
    }
    if (good && (peek() == 'e' || peek() == 'E')) {
      is_float = true;
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      good = digits() > 0;
    }
    if (good && (is_name_start(peek()) || peek() == '.')) good = false;
    if (!good) return fail_at(start, "this is no number");
    if (whole > 1 && text_[whole_from] == '0') return fail_at(start, "a number begins with a zero");
    return is_float ? float_value(out, start) : integer_value(out, start);
  }

  bool integer_value(Value& out, std::size_t start) {
    out = {Value::Type::Int, std::string(text_.substr(start, at_ - start)), {}};
    return out.text != "-0" || fail_at(start, "an integer has no negative zero; write 0 or -0.0");
  }

  bool float_value(Value& out, std::size_t start) {
    double number = 0;
    if (std::from_chars(text_.data() + start, text_.data() + at_, number).ec != std::errc()) {
      return fail_at(start, "no float is that large or that small; infinity is written inf");
    }
    out = {Value::Type::Float, float_spelling(number), {}};
    return true;
  }

  bool word(Value& out) {
    const std::size_t start = at_;
    const std::string name = identifier();
    if (name.empty()) return fail("this is no value");
    if (peek() == '(') return call(out, name, start);
    if (name == "None") {
      out = {Value::Type::None, {}, {}};
    } else if (name == "True" || name == "False") {
      out = {Value::Type::Bool, name, {}};
    } else if (name == "nan" || name == "inf") {
      out = {Value::Type::Float, name, {}};
    } else {
      return fail_at(start, fmt::format("'{}' is no value; text stands in quotes", name));
    }
    return true;
  }

  bool call(Value& out, const std::string& name, std::size_t start) {
    if (name == "raised" && peek(1) != '\'' && peek(1) != '"') return bare_raised(out);
    if (depth_ == kMaximumDepth) return fail(fmt::format("nested deeper than {}", kMaximumDepth));
    ++at_;
    skip_blanks();
    if (take(')')) {
      if (name == "set") {
        out = {Value::Type::Set, {}, {}};
        return true;
      }
      return fail_at(start, fmt::format("{}(...) holds a value: {}([])", name, name));
    }
    ++depth_;
    Value inner;
    const bool good = value(inner);
    --depth_;
    if (!good) return false;
    skip_blanks();
    if (!take(')')) return fail("')' is missing; a call holds one value");
    return finish_call(out, name, std::move(inner), start);
  }

  bool finish_call(Value& out, const std::string& name, Value inner, std::size_t start) {
    if (name == "set") return fail_at(start, "a set is written {1, 2}, and set() when it is empty");
    if (name == "raised" && inner.type == Value::Type::Text) {
      out = {Value::Type::Call, "raised(" + inner.text + ")", {}};
      return true;
    }
    if (name == "frozenset") {
      if (inner.type != Value::Type::List) {
        return fail_at(start, "a frozenset is written frozenset([1, 2])");
      }
      sort_set(inner);
    }
    out = {Value::Type::Call, name, {}};
    out.items.push_back(std::move(inner));
    return true;
  }

  // raised(KeyError): a type's name, which no quotes surround.
  bool bare_raised(Value& out) {
    const std::size_t start = ++at_;
    const std::string name = identifier();
    if (name.empty() || !take(')')) return fail_at(start, "raised(...) holds the name of a type");
    out = {Value::Type::Call, "raised(" + name + ")", {}};
    return true;
  }

  std::string_view text_;
  ValueError& error_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

// How a sample ended that has no values: the words that stand for a whole outcome.
std::optional<std::string> whole_outcome(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  const std::string_view detail = text.starts_with("crashed(") ? text.substr(8) : "";
  const bool crashed = detail.size() > 1 && detail.find(')') == detail.size() - 1;
  if (text == "hung" || text == "too_many" || crashed) return std::string(text);
  return std::nullopt;
}

}  // namespace

std::optional<Value> parse_value(std::string_view text, ValueError& error) {
  Value value;
  if (!Parser(text, error).whole_value(value)) return std::nullopt;
  return value;
}

std::optional<Assignments> parse_assignments(std::string_view text, ValueError& error) {
  if (const std::optional<std::string> word = whole_outcome(text)) {
    return Assignments{{"", Value{Value::Type::Call, *word, {}}}};
  }
  Assignments found;
  if (!Parser(text, error).assignments(found)) return std::nullopt;
  return found;
}

}  // namespace conformance
