// Conditions: the expressions after `where:`.
//
//   condition  = and-term { "or" and-term } ;  and-term = not-term { "and" not-term } ;  not-term =
//   [ "not" ] comparison ; comparison = operand [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) operand
//   ] ; operand    = NAME { "." NAME } | INTEGER | VERSION (3.14 or 3.14.7) | 'string' | "string" |
//   True | False | "(" condition ")" ;
//
// An absent fact is false and equals nothing: every comparison with one is false, but `!=`, which
// is true. Comparing different kinds (a version with a string) is false in the same way, and a lint
// error where both sides are literals.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/spec/facts.h"

namespace conformance {

class Condition {
 public:
  struct Error {
    int offset = 0;  // in bytes from the start of the text
    std::string message;
    std::string advice;
  };
  struct Node;

  Condition() = default;  // always true; what a missing `where:` means

  // On failure the condition is empty and `error` says where and what.
  static std::optional<Condition> parse(std::string_view text, Error& error);

  bool holds(const Facts& facts) const;

  // The fact names it mentions, in order of appearance: for lint and for choosing the probes to
  // run.
  const std::vector<std::string>& names() const { return names_; }
  const std::string& text() const { return text_; }
  bool always() const { return root_ == nullptr; }

  // The first part of an `and` chain that does not hold, with the value found: "version >= 3.14
  // (version is 3.11.7)". Empty when the condition holds. This is what a skipped scenario says.
  std::string why_not(const Facts& facts) const;

 private:
  std::shared_ptr<const Node> root_;
  std::vector<std::string> names_;
  std::string text_;
};

}  // namespace conformance
