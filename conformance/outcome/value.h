// Values as the driver's canonical writer spells them, parsed so that `is:` compares values and not spellings.
//
// The spelling is Python's where Python has one: None True 12 -3 1.5 'text' b'bytes' [1, 2] (1,) {'a': 1} {1, 2} set() and,
// for everything else, Name(...) - frozenset([1]), bytearray(b'x'), raised(KeyError) - or <Name> for an object of which only
// the type is told. Types are distinct: 1, 1.0 and True are three values. The order in a set or of the keys of a dict does not count.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace conformance {

struct Value {
  enum class Type { None, Bool, Int, Float, Text, Bytes, List, Tuple, Dict, Set, Call, Opaque };
  Type type = Type::None;
  std::string text;          // Int: decimal digits; Float: shortest text; Text: UTF-8; Bytes: the bytes; Call, Opaque: the name
  std::vector<Value> items;  // List, Tuple, Set (sorted), Call; Dict: key, value, key, value... sorted by key
};

bool operator==(const Value& left, const Value& right);
std::string to_string(const Value& value);  // canonical spelling; the same as conformance/driver/driver.py writes

struct ValueError {
  int offset = 0;
  std::string message;
};

// Nesting beyond 64 is refused.
std::optional<Value> parse_value(std::string_view text, ValueError& error);

// "left=1, items=['L', 'R']": the observed names in order. A bare `crashed(SIGSEGV)`, `hung` or `too_many` is an assignment to
// the empty name.
using Assignments = std::vector<std::pair<std::string, Value>>;
std::optional<Assignments> parse_assignments(std::string_view text, ValueError& error);

}  // namespace conformance
