// Facts: what was found out, by probing, about one process of a port. Conditions (condition.h) are
// decided by them.
//
// A fact is a boolean, an integer, a string or a version; its name is an identifier, or `flags.`
// and one. A fact that a port does not have is *absent*: false where a boolean is asked for, equal
// to nothing (specs/README.md, "Facts").
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace conformance {

// 3.14.7 and the like, compared component by component; a missing component is zero, so 3.14
// == 3.14.0.
struct Version {
  std::vector<int> components;
};
std::strong_ordering operator<=>(const Version& left, const Version& right);
bool operator==(const Version& left, const Version& right);
std::optional<Version> parse_version(
    std::string_view text);  // digits separated by single dots, nothing else
std::string to_string(const Version& version);

using Fact = std::variant<bool, std::int64_t, std::string, Version>;
std::string to_string(const Fact& fact);

using Facts = std::map<std::string, Fact, std::less<>>;

// The fact names that every driver reports if the port has them; the names of features come on top
// (catalogue.h), and any `flags.<identifier>`. Closed on purpose: an unknown name in a condition is
// a lint error, never silently false.
const std::vector<std::string>& known_fact_names();

}  // namespace conformance
