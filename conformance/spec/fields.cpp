// Every sentence about a field that is not what it should be, so that they read alike.
#include "conformance/spec/fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

#include "conformance/spec/advice.h"
#include "conformance/spec/identifiers.h"
#include "conformance/spec/python_names.h"

namespace conformance {

namespace {

constexpr int kMostErrors = 100;  // of one file; whoever has more has the same one many times

constexpr std::array<std::string_view, 2> kOwnNames = {"raised", "peers_done"};

std::string_view without_end(std::string_view text) {
  const std::size_t last = text.find_last_not_of("\n \t");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.';
}

// Where a condition mentions the name, strings passed over.
std::size_t find_name(std::string_view text, std::string_view name) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\'' || text[at] == '"') {
      at = text.find(text[at], at + 1);
      if (at == std::string_view::npos) break;
      continue;
    }
    const bool begins = at == 0 || !is_name_byte(text[at - 1]);
    const std::size_t end = at + name.size();
    if (begins && text.substr(at, name.size()) == name &&
        (end >= text.size() || !is_name_byte(text[end]))) {
      return at;
    }
  }
  return 0;
}

}  // namespace

Reading::Reading(const YamlDocument& document, std::vector<std::string_view> features,
                 Diagnostics& diagnostics)
    : document_(document), features_(std::move(features)), diagnostics_(diagnostics) {}

void Reading::error(YamlPlace place, std::string message, std::string advice) {
  if (++errors_ > kMostErrors) return;
  if (errors_ == kMostErrors) {
    message = fmt::format("{} errors in this file; further ones are left out", kMostErrors);
    advice.clear();
    place = {};
  }
  diagnostics_.push_back({document_.file, place.line, place.column, std::move(message),
                          std::move(advice), Severity::Error});
}

void Reading::error(const YamlNode& node, std::string message, std::string advice) {
  error(node.place, std::move(message), std::move(advice));
}

bool Reading::check_version() {
  const YamlNode& node = root();
  if (node.type == YamlNode::Type::Null) {
    error(YamlPlace{}, "the file is empty");
    return false;
  }
  if (!node.is_map()) {
    error(node, fmt::format("the file must be a mapping, found {}", describe(node)));
    return false;
  }
  for (std::size_t index = 0; index < node.items.size(); index += 2) {
    if (node.items[index].text != "heddle") continue;
    const YamlNode& version = node.items[index + 1];
    const std::optional<std::int64_t> number = integer(version, "'heddle'");
    if (!number) return false;
    if (*number == kContractVersion) return true;
    error(version, fmt::format("the file is of contract version {}", *number),
          fmt::format("this program reads version {}", kContractVersion));
    return false;
  }
  error(node, "missing key 'heddle'", fmt::format("write 'heddle: {}' first", kContractVersion));
  return false;
}

std::string Reading::text_or_nothing(const YamlNode& node, std::string_view what) {
  if (node.is_scalar()) return std::string(without_end(node.text));
  if (node.type == YamlNode::Type::Null) {
    error(node, fmt::format("{} is empty", what));
  } else {
    error(node, fmt::format("{} must be text, found {}", what, describe(node)));
  }
  return "";
}

std::string Reading::text(const YamlNode& node, std::string_view what) {
  std::string text = text_or_nothing(node, what);
  if (text.empty() && node.is_scalar()) error(node, fmt::format("{} is empty", what));
  return text;
}

std::string Reading::identifier(const YamlNode& node, std::string_view what) {
  std::string name = text(node, what);
  if (!name.empty() && !is_identifier(name)) {
    error(node, fmt::format("{} must be an identifier, found '{}'", what, name),
          "letters, digits and _, not a digit first");
  }
  return name;
}

std::string Reading::python_name(const YamlNode& node, std::string_view what) {
  std::string name = identifier(node, what);
  if (is_identifier(name) && !is_python_name(name)) {
    error(node, fmt::format("{} is the Python keyword '{}'", what, name));
  }
  if (std::find(kOwnNames.begin(), kOwnNames.end(), name) != kOwnNames.end()) {
    error(node, fmt::format("{} is '{}', which all code of a scenario has already", what, name));
  }
  return name;
}

std::string Reading::id_part(const YamlNode& node, std::string_view what) {
  std::string name = text(node, what);
  if (!name.empty() && !is_id_part(name)) {
    error(node, fmt::format("{} becomes part of an id and cannot be '{}'", what, name),
          "letters, digits, '_', '-' and '.'");
  }
  return name;
}

std::optional<std::int64_t> Reading::integer(const YamlNode& node, std::string_view what) {
  if (node.is_scalar() && node.style == YamlNode::Style::Plain) {
    std::int64_t number = 0;
    const char* end = node.text.data() + node.text.size();
    const auto [stop, problem] = std::from_chars(node.text.data(), end, number);
    if (problem == std::errc() && stop == end) return number;
  }
  error(node, fmt::format("{} must be an integer, found {}", what,
                          node.is_scalar() ? "'" + node.text + "'" : std::string(describe(node))));
  return std::nullopt;
}

std::optional<double> Reading::positive_number(const YamlNode& node, std::string_view what) {
  if (node.is_scalar() && node.style == YamlNode::Style::Plain) {
    double number = 0;
    const char* end = node.text.data() + node.text.size();
    const auto [stop, problem] = std::from_chars(node.text.data(), end, number);
    if (problem == std::errc() && stop == end && std::isfinite(number) && number > 0) return number;
  }
  error(node, fmt::format("{} must be a number above 0, found {}", what,
                          node.is_scalar() ? "'" + node.text + "'" : std::string(describe(node))));
  return std::nullopt;
}

bool Reading::truth(const YamlNode& node, std::string_view what) {
  const bool plain = node.is_scalar() && node.style == YamlNode::Style::Plain;
  if (plain && node.text == "true") return true;
  if (!plain || node.text != "false") {
    error(node,
          fmt::format("{} must be true or false, found {}", what,
                      node.is_scalar() ? "'" + node.text + "'" : std::string(describe(node))));
  }
  return false;
}

std::optional<std::size_t> Reading::word(const YamlNode& node, std::string_view what,
                                         const Words& words) {
  const std::string found = text(node, what);
  if (found.empty()) return std::nullopt;
  const auto at = std::find(words.words.begin(), words.words.end(), found);
  if (at != words.words.end()) return static_cast<std::size_t>(at - words.words.begin());
  error(node, fmt::format("unknown {} '{}'", words.name, found),
        did_you_mean_or_list(found, words.words));
  return std::nullopt;
}

Snippet Reading::python(const YamlNode& node, std::string_view what) {
  constexpr const char* kAdvice = "write it after |";
  if (node.type == YamlNode::Type::Null) {
    error(node, fmt::format("{} is empty", what));
    return {};
  }
  if (!node.is_scalar()) {
    error(node, fmt::format("{} is Python and must not be {}", what, describe(node)), kAdvice);
    return {};
  }
  switch (node.style) {
    case YamlNode::Style::Quoted:
      error(node, fmt::format("{} is Python and must not be quoted", what), kAdvice);
      return {};
    case YamlNode::Style::Folded:
      error(node, fmt::format("{} is Python and must not be folded", what), "write | instead of >");
      return {};
    case YamlNode::Style::Joined:
      error(node, fmt::format("{} is Python on several lines, which YAML would join", what),
            kAdvice);
      return {};
    case YamlNode::Style::Plain:
    case YamlNode::Style::Literal:
      break;
  }
  const bool literal = node.style == YamlNode::Style::Literal;
  Snippet snippet{std::string(without_end(node.text)), node.place.line + (literal ? 1 : 0)};
  if (snippet.empty()) error(node, fmt::format("{} is empty", what));
  const std::string_view rest = document_.rest_of_line(node);
  const std::size_t after = rest.find_first_not_of(' ');
  if (after != std::string_view::npos && rest[after] == '#') {
    const std::string unclosed = scan_python(snippet.text).unclosed;
    if (!unclosed.empty()) {
      error(node,
            fmt::format("{}: for YAML a comment begins at ' #', which leaves {} open", what,
                        unclosed),
            kAdvice);
    }
  }
  return snippet;
}

Condition Reading::condition(const YamlNode& node) {
  const std::string found = text(node, "'where'");
  if (found.empty()) return {};
  Condition::Error problem;
  std::optional<Condition> condition = Condition::parse(found, problem);
  if (!condition) {
    error(document_.place_within(node, static_cast<std::size_t>(problem.offset)), problem.message,
          problem.advice);
    return {};
  }
  check_names(*condition, node);
  return *std::move(condition);
}

void Reading::check_names(const Condition& condition, const YamlNode& node) {
  std::vector<std::string_view> known(known_fact_names().begin(), known_fact_names().end());
  known.insert(known.end(), features_.begin(), features_.end());
  for (const std::string& name : condition.names()) {
    if (name.rfind("flags.", 0) == 0 && is_identifier(name.substr(6))) continue;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string advice = did_you_mean(name, known);
    if (name == "flags" || name.rfind("flags.", 0) == 0) advice = "write flags.NAME";
    if (name.rfind("sys.flags", 0) == 0) advice = "write " + name.substr(4);
    if (advice.empty()) {
      advice = fmt::format("facts are {}, flags.NAME and the features of features.yaml",
                           fmt::join(known_fact_names(), ", "));
    }
    error(document_.place_within(node, find_name(node.text, name)),
          fmt::format("unknown fact '{}'", name), std::move(advice));
  }
}

std::vector<std::string> Reading::features(const YamlNode& node) {
  std::vector<std::string> names;
  for (const YamlNode& entry : list(node, "'requires'")) {
    std::string name = identifier(entry, "an entry of 'requires'");
    if (!is_identifier(name)) continue;
    if (std::find(features_.begin(), features_.end(), name) == features_.end()) {
      std::string advice = did_you_mean(name, features_);
      if (advice.empty()) advice = "features stand in features.yaml";
      error(entry, fmt::format("unknown feature '{}'", name), std::move(advice));
    } else {
      names.push_back(std::move(name));
    }
  }
  return names;
}

const std::vector<YamlNode>& Reading::list(const YamlNode& node, std::string_view what) {
  static const std::vector<YamlNode> kNone;
  if (!node.is_sequence()) {
    error(node, fmt::format("{} must be a list, found {}", what, describe(node)));
    return kNone;
  }
  if (node.items.empty()) error(node, fmt::format("{} is an empty list", what), "leave it out");
  return node.items;
}

std::vector<std::string> Reading::text_list(const YamlNode& node, std::string_view what) {
  std::vector<std::string> texts;
  for (const YamlNode& entry : list(node, what)) {
    texts.push_back(text(entry, fmt::format("an entry of {}", what)));
  }
  return texts;
}

std::vector<Reading::Entry> Reading::entries(const YamlNode& node, std::string_view what) {
  std::vector<Entry> found;
  if (!node.is_map()) {
    error(node, fmt::format("{} must be a mapping, found {}", what, describe(node)));
    return found;
  }
  if (node.items.empty()) error(node, fmt::format("{} is an empty mapping", what), "leave it out");
  for (std::size_t index = 0; index < node.items.size(); index += 2) {
    found.push_back({&node.items[index], &node.items[index + 1]});
  }
  return found;
}

Fields::Fields(Reading& reading, const YamlNode& node, const Mapping& mapping) : node_(node) {
  if (!node.is_map()) {
    reading.error(node,
                  fmt::format("{} must be a mapping, found {}", mapping.name, describe(node)));
    return;
  }
  std::vector<std::string_view> known;
  for (const Key& key : mapping.keys) known.push_back(key.name);
  for (std::size_t index = 0; index < node.items.size(); index += 2) {
    const YamlNode& key = node.items[index];
    if (std::find(known.begin(), known.end(), key.text) != known.end()) continue;
    reading.error(key, fmt::format("unknown key '{}' of {}", key.text, mapping.name),
                  did_you_mean_or_list(key.text, known));
  }
  for (const Key& key : mapping.keys) {
    if (key.required && find(key.name) == nullptr) {
      reading.error(node, fmt::format("missing key '{}' of {}", key.name, mapping.name));
    }
  }
}

const YamlNode* Fields::find_key(std::string_view key) const {
  if (!node_.is_map()) return nullptr;
  for (std::size_t index = 0; index < node_.items.size(); index += 2) {
    if (node_.items[index].text == key) return &node_.items[index];
  }
  return nullptr;
}

const YamlNode* Fields::find(std::string_view key) const {
  const YamlNode* found = find_key(key);
  return found == nullptr ? nullptr : found + 1;  // a value stands right behind its key
}

}  // namespace conformance
