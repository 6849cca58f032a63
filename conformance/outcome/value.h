// Values as the driver's canonical writer spells them, parsed so that `is:` compares values and not
// spellings.
//
// The spelling is Python's where Python has one: None True 12 -3 1.5 'text' b'bytes' [1, 2] (1,)
// {'a': 1} {1, 2} set() and, for everything else, Name(...) - frozenset([1]), bytearray(b'x'),
// raised(KeyError) - or <Name> for an object of which only the type is told. Types are distinct:
// 1, 1.0 and True are three values. The order in a set or of the keys of a dict does not count.
//
// Sets and the keys of dicts stand in one order everywhere, in the driver's text and in ours: None,
// booleans, numbers by value (nan as zero), text, bytes, then all the rest; within a kind, and
// where numbers are equal, by the spelling. Nothing is dropped: a set in which a broken runtime
// shows one element twice is another set.
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
  // Bool: True or False; Int: decimal digits; Float: as Python's repr writes it; Text: UTF-8, lone
  // surrogates as if they were characters; Bytes: the bytes; Call: the name before the parenthesis,
  // or a whole word that holds no value: raised(KeyError), crashed(SIGSEGV), hung, too_many;
  // Opaque: what stands between < and >.
  std::string text;
  // List, Tuple, Set (sorted); Call: its one value, none for a word; Dict: key, value, key,
  // value... sorted by key.
  std::vector<Value> items;
};

// Both sides must be as parse_value() makes them: then equal values have equal texts, nan equals
// nan, and 0.0 is not -0.0.
bool operator==(const Value& left, const Value& right);

// The canonical spelling, ASCII only; the same as the driver writes. A byte of Text that is not
// UTF-8 is written as Python's `surrogateescape` would show it: \udcff.
std::string to_string(const Value& value);

struct ValueError {
  int offset = 0;  // in bytes from the start of the text
  std::string message;
};

// Strict: what the driver would never write is an error, for in a rule it would silently match
// nothing. Free are blanks between tokens, the choice of quote, the order in sets and dicts, other
// digits for the same float (1e3), raised('KeyError'), and characters that need no escape.
// Containers nested deeper than 64 are refused.
std::optional<Value> parse_value(std::string_view text, ValueError& error);

// "left=1, items=['L', 'R']": the observed names in order; no name twice. A bare
// `crashed(SIGSEGV)`, `hung` or `too_many` is an assignment to the empty name.
using Assignments = std::vector<std::pair<std::string, Value>>;
std::optional<Assignments> parse_assignments(std::string_view text, ValueError& error);

}  // namespace conformance
