// YAML text -> a small tree that remembers where everything stood and how it was written. Guarded:
// whatever the text is, the answer is a tree or diagnostics, soon, and never a crash.
//
// yaml-cpp reads; its events build our own tree, because its own nodes resolve aliases without a
// word, keep duplicate keys and do not tell a quoted scalar from a plain one. Refused with their
// place: anchors, aliases, merge keys, tags, duplicate keys, a second document, more than 1 MB,
// nesting deeper than 32, more than 100 000 nodes, bytes that are not UTF-8 text.
//
// For every YAML file of Heddle, also those of the floors above.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/spec/diagnostic.h"

namespace conformance {

inline constexpr std::size_t kYamlMaximumBytes = 1'000'000;
inline constexpr std::size_t kYamlMaximumNodes = 100'000;
inline constexpr int kYamlMaximumDepth = 32;

struct YamlPlace {
  int line = 0;  // both from 1; columns count characters, not bytes
  int column = 0;
};

struct YamlNode {
  enum class Type { Null, Scalar, Sequence, Map };
  // Literal is `|`, Folded is `>`; Joined is a plain scalar over several lines, which YAML joins
  // with blanks.
  enum class Style { Plain, Joined, Quoted, Literal, Folded };

  Type type = Type::Null;
  Style style = Style::Plain;  // of a Scalar
  YamlPlace place;  // of a Literal or Folded scalar: its `|` or `>`; its text begins one line below
  std::size_t offset = 0;       // of `place`, in bytes of YamlDocument::text
  std::string text;             // of a Scalar
  std::vector<YamlNode> items;  // of a Sequence; of a Map: key, value, key, value...

  bool is_scalar() const { return type == Type::Scalar; }
  bool is_sequence() const { return type == Type::Sequence; }
  bool is_map() const { return type == Type::Map; }
};

struct YamlDocument {
  std::string file;
  std::string text;  // with plain line ends, without a byte order mark
  YamlNode root;     // Null for a file without content

  // Where a byte of a scalar's text stands in the file; the scalar's own place where that cannot be
  // told.
  YamlPlace place_within(const YamlNode& scalar, std::size_t offset) const;

  // What follows the scalar on its line: of a plain scalar of one line only, else empty.
  std::string_view rest_of_line(const YamlNode& scalar) const;
};

// Both return false when there was an error. read_text_file() refuses what is not a regular file or
// too long unread.
bool read_yaml(std::string_view text, const std::string& file, YamlDocument& document,
               Diagnostics& diagnostics);
bool read_text_file(const std::string& path, std::string& text, Diagnostics& diagnostics);

// "a list", "a mapping", "text", "nothing": for messages.
std::string_view describe(const YamlNode& node);

}  // namespace conformance
