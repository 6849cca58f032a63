// Values -> text, and the order of what has none of its own. Reading is value_parser.cpp.
#include "conformance/outcome/value_spelling.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <iterator>
#include <tuple>

namespace conformance {

namespace {

// --- characters

std::string quoted(const std::string& text, bool bytes) {
  const bool double_quotes =
      text.find('\'') != std::string::npos && text.find('"') == std::string::npos;
  const char quote = double_quotes ? '"' : '\'';
  std::string spelling(1, quote);
  for (std::size_t at = 0; at < text.size();) {
    char32_t character = static_cast<unsigned char>(text[at]);
    if (bytes) {
      ++at;
    } else if (!next_utf8(text, at, character)) {
      character += 0xdc00;
      ++at;
    }
    if (character == static_cast<char32_t>(quote) || character == '\\') {
      spelling += '\\';
      spelling += static_cast<char>(character);
    } else if (character == '\n') {
      spelling += "\\n";
    } else if (character == '\t') {
      spelling += "\\t";
    } else if (character == '\r') {
      spelling += "\\r";
    } else if (character >= 0x20 && character < 0x7f) {
      spelling += static_cast<char>(character);
    } else {
      const auto code = static_cast<std::uint32_t>(character);
      spelling += code < 0x100     ? fmt::format("\\x{:02x}", code)
                  : code < 0x10000 ? fmt::format("\\u{:04x}", code)
                                   : fmt::format("\\U{:08x}", code);
    }
  }
  return spelling + quote;
}

std::string joined(const std::vector<Value>& items) {
  std::string text;
  for (const Value& item : items) {
    if (!text.empty()) text += ", ";
    text += to_string(item);
  }
  return text;
}

std::string joined_pairs(const std::vector<Value>& items) {
  std::string text;
  for (std::size_t index = 0; index + 1 < items.size(); index += 2) {
    if (!text.empty()) text += ", ";
    text += to_string(items[index]) + ": " + to_string(items[index + 1]);
  }
  return text;
}

// --- order

// Integers of any size by their digits.
int compare_integers(std::string_view left, std::string_view right) {
  const bool left_negative = left.starts_with('-'), right_negative = right.starts_with('-');
  if (left_negative != right_negative) return left_negative ? -1 : 1;
  if (left_negative) {
    std::swap(left, right);
    left.remove_prefix(1);
    right.remove_prefix(1);
  }
  if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
  return left.compare(right);
}

double float_of(const Value& value) {
  const double number = std::strtod(value.text.c_str(), nullptr);
  return std::isnan(number) ? 0 : number;
}

// An integer against a float, exactly: a float of 2^53 or more is an integer itself.
int compare_mixed(const std::string& integer, double number) {
  if (std::isinf(number)) return number > 0 ? -1 : 1;
  const double whole = std::trunc(number);
  const int order =
      compare_integers(integer, whole == 0 ? std::string("0") : fmt::format("{:.0f}", whole));
  if (order != 0 || number == whole) return order;
  return number > whole ? -1 : 1;
}

int compare_numbers(const Value& left, const Value& right) {
  const bool left_integer = left.type == Value::Type::Int;
  const bool right_integer = right.type == Value::Type::Int;
  if (left_integer && right_integer) return compare_integers(left.text, right.text);
  if (left_integer) return compare_mixed(left.text, float_of(right));
  if (right_integer) return -compare_mixed(right.text, float_of(left));
  const double l = float_of(left), r = float_of(right);
  return l < r ? -1 : l > r ? 1 : 0;
}

constexpr int kNumberRank = 2;

int rank(Value::Type type) {
  switch (type) {
    case Value::Type::None:
      return 0;
    case Value::Type::Bool:
      return 1;
    case Value::Type::Int:
    case Value::Type::Float:
      return kNumberRank;
    case Value::Type::Text:
      return 3;
    case Value::Type::Bytes:
      return 4;
    default:
      return 5;
  }
}

// A value that is to be placed, with its spelling made once; `item` belongs to a dict's key.
struct Placed {
  Value value;
  std::string spelling;
  Value item;
  std::string item_spelling;
};

bool before(const Placed& left, const Placed& right) {
  const int left_rank = rank(left.value.type), right_rank = rank(right.value.type);
  if (left_rank != right_rank) return left_rank < right_rank;
  if (left_rank == kNumberRank) {
    const int order = compare_numbers(left.value, right.value);
    if (order != 0) return order < 0;
  } else if (left.value.type == Value::Type::Bool && left.spelling != right.spelling) {
    return left.spelling == "False";
  }
  return std::tie(left.spelling, left.item_spelling) <
         std::tie(right.spelling, right.item_spelling);
}

}  // namespace

void append_utf8(std::string& text, char32_t character) {
  const auto tail = [&](int shift) {
    text += static_cast<char>(0x80 | ((character >> shift) & 0x3f));
  };
  if (character < 0x80) {
    text += static_cast<char>(character);
  } else if (character < 0x800) {
    text += static_cast<char>(0xc0 | (character >> 6));
    tail(0);
  } else if (character < 0x10000) {
    text += static_cast<char>(0xe0 | (character >> 12));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xf0 | (character >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

bool next_utf8(std::string_view text, std::size_t& at, char32_t& character) {
  constexpr char32_t kSmallest[] = {0, 0x80, 0x800, 0x10000};  // a longer form of less is not UTF-8
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t more = first < 0x80             ? 0
                           : (first & 0xe0) == 0xc0 ? 1
                           : (first & 0xf0) == 0xe0 ? 2
                           : (first & 0xf8) == 0xf0 ? 3
                                                    : 4;
  if (more == 4 || text.size() - at <= more) return false;
  char32_t code = more == 0 ? first : first & (0x3fu >> more);
  for (std::size_t index = 1; index <= more; ++index) {
    const auto next = static_cast<unsigned char>(text[at + index]);
    if ((next & 0xc0) != 0x80) return false;
    code = (code << 6) | (next & 0x3f);
  }
  if (code < kSmallest[more] || code > 0x10ffff) return false;
  character = code;
  at += more + 1;
  return true;
}

std::string float_spelling(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
  char buffer[64];
  const auto end =
      std::to_chars(buffer, std::end(buffer), number, std::chars_format::scientific).ptr;
  std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  const std::string sign = text.starts_with('-') ? "-" : "";
  text.remove_prefix(sign.size());
  const std::size_t e = text.find('e');
  const int exponent = std::atoi(std::string(text.substr(e + 1)).c_str());
  std::string digits(1, text[0]);
  if (e > 1) digits += text.substr(2, e - 2);
  if (exponent < -4 || exponent >= 16) {
    return fmt::format("{}{}{}{}e{}{:02}", sign, digits[0], digits.size() > 1 ? "." : "",
                       digits.substr(1), exponent < 0 ? '-' : '+', std::abs(exponent));
  }
  if (exponent < 0) return sign + "0." + std::string(-exponent - 1, '0') + digits;
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) digits.append(whole - digits.size() + 1, '0');
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

void sort_set(Value& set) {
  std::vector<Placed> rows;
  for (Value& item : set.items) {
    std::string spelling = to_string(item);
    rows.push_back({std::move(item), std::move(spelling), {}, {}});
  }
  std::sort(rows.begin(), rows.end(), before);
  set.items.clear();
  for (Placed& row : rows) set.items.push_back(std::move(row.value));
}

void sort_dict(Value& dict) {
  std::vector<Placed> rows;
  for (std::size_t index = 0; index + 1 < dict.items.size(); index += 2) {
    Value &key = dict.items[index], &item = dict.items[index + 1];
    std::string spelling = to_string(key), item_spelling = to_string(item);
    rows.push_back(
        {std::move(key), std::move(spelling), std::move(item), std::move(item_spelling)});
  }
  std::sort(rows.begin(), rows.end(), before);
  dict.items.clear();
  for (Placed& row : rows) {
    dict.items.push_back(std::move(row.value));
    dict.items.push_back(std::move(row.item));
  }
}

bool operator==(const Value& left, const Value& right) {
  return left.type == right.type && left.text == right.text && left.items == right.items;
}

std::string to_string(const Value& value) {
  switch (value.type) {
    case Value::Type::None:
      return "None";
    case Value::Type::Bool:
    case Value::Type::Int:
    case Value::Type::Float:
      return value.text;
    case Value::Type::Text:
      return quoted(value.text, false);
    case Value::Type::Bytes:
      return "b" + quoted(value.text, true);
    case Value::Type::List:
      return "[" + joined(value.items) + "]";
    case Value::Type::Tuple:
      return "(" + joined(value.items) + (value.items.size() == 1 ? ",)" : ")");
    case Value::Type::Dict:
      return "{" + joined_pairs(value.items) + "}";
    case Value::Type::Set:
      return value.items.empty() ? "set()" : "{" + joined(value.items) + "}";
    case Value::Type::Call:
      return value.items.empty() ? value.text : value.text + "(" + joined(value.items) + ")";
    case Value::Type::Opaque:
      return "<" + value.text + ">";
  }
  return {};
}

}  // namespace conformance
