// `outcomes:` and `strength:`, the two places of a scenario where the first row that matches
// counts.
#include <array>
#include <fmt/format.h>

#include "conformance/spec/scenario_loader.h"

namespace conformance {

namespace {

constexpr std::array<Matcher, 4> kMatchers = {Matcher::Is, Matcher::Like, Matcher::When,
                                              Matcher::Else};

void read_pattern(Reading& reading, const YamlNode& node, Matcher matcher, Rule& rule) {
  switch (matcher) {
    case Matcher::Is:
      rule.pattern = reading.text(node, "'is'");
      break;
    case Matcher::Like:
      rule.pattern = reading.text(node, "'like'");
      break;
    case Matcher::When:
      rule.pattern = reading.python(node, "'when'").text;
      break;
    case Matcher::Else:
      if (!node.is_scalar() || node.style != YamlNode::Style::Plain || node.text != "true") {
        reading.error(node, "'else' can only be true");
      }
      break;
  }
}

Rule read_rule(Reading& reading, const YamlNode& node, Kind kind) {
  const Fields fields(reading, node, kRuleMapping);
  Rule rule;
  rule.line = node.place.line;
  if (!node.is_map()) return rule;
  int matchers = 0;
  for (const Matcher matcher : kMatchers) {
    const YamlNode* pattern = fields.find(to_string(matcher));
    if (pattern == nullptr) continue;
    ++matchers;
    rule.matcher = matcher;
    read_pattern(reading, *pattern, matcher, rule);
  }
  if (matchers != 1) {
    reading.error(node, fmt::format("a rule has exactly one matcher, this has {}", matchers),
                  "one of: is, like, when, else");
  }
  if (kind == Kind::Command && fields.find("when") != nullptr) {
    reading.error(*fields.find_key("when"),
                  "'when' is decided by Python in the port; a command runs none of ours",
                  "use is or like");
  }
  if (const YamlNode* grade = fields.find("grade")) {
    if (const auto index = reading.word(*grade, "'grade'", kGradeWords)) {
      rule.grade = static_cast<Grade>(*index);
    }
  }
  if (const YamlNode* because = fields.find("because")) {
    rule.because = reading.text(*because, "'because'");
  }
  if (const YamlNode* where = fields.find("where")) rule.where = reading.condition(*where);
  return rule;
}

}  // namespace

std::vector<Rule> read_rules(Reading& reading, const YamlNode& node, Kind kind) {
  std::vector<Rule> rules;
  for (const YamlNode& entry : reading.list(node, "'outcomes'")) {
    rules.push_back(read_rule(reading, entry, kind));
  }
  return rules;
}

std::vector<StrengthRow> read_strengths(Reading& reading, const YamlNode& node) {
  const auto strength = [&](const YamlNode& word, std::string_view what) {
    const auto index = reading.word(word, what, kStrengthWords);
    return static_cast<Strength>(index.value_or(0));
  };
  if (!node.is_sequence()) return {StrengthRow{{}, strength(node, "'strength'")}};
  std::vector<StrengthRow> rows;
  for (const YamlNode& entry : reading.list(node, "'strength'")) {
    const Fields fields(reading, entry, kStrengthRowMapping);
    StrengthRow row;
    if (const YamlNode* where = fields.find("where")) row.where = reading.condition(*where);
    if (const YamlNode* is = fields.find("is")) row.strength = strength(*is, "'is'");
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace conformance
