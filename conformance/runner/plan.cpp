#include "conformance/runner/plan.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <xxhash.h>

#include "conformance/outcome/grading.h"

namespace conformance {
namespace {

std::optional<int> parse_positive(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

bool fact_true(const Facts& facts, const char* name) {
  const auto found = facts.find(name);
  if (found == facts.end()) return false;
  const bool* value = std::get_if<bool>(&found->second);
  return value != nullptr && *value;
}

int cpus_of(const Facts& facts) {
  const auto found = facts.find("cpus");
  if (found == facts.end()) return 1;
  const std::int64_t* value = std::get_if<std::int64_t>(&found->second);
  return value == nullptr ? 1 : static_cast<int>(std::clamp<std::int64_t>(*value, 1, 1024));
}

GroupKind kind_of(const Case& one, const Facts& facts) {
  if (one.scenario->kind == Kind::Command) return GroupKind::Command;
  if (one.scenario->kind == Kind::Process) return GroupKind::Process;
  return strength_for(*one.scenario, facts) == Strength::Unsafe ? GroupKind::Unsafe
                                                                : GroupKind::Shared;
}

}  // namespace

std::optional<Shard> parse_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<int> index = parse_positive(text.substr(0, slash));
  const std::optional<int> count = parse_positive(text.substr(slash + 1));
  if (!index || !count || *index > *count) return std::nullopt;
  return Shard{*index, *count};
}

bool in_shard(const Shard& shard, const std::string& port, const std::string& id) {
  const std::string key = port + "\n" + id;
  return static_cast<int>(XXH64(key.data(), key.size(), 0) % static_cast<unsigned>(shard.count)) ==
         shard.index - 1;
}

bool selected(const std::vector<std::string>& selection, const Case& one) {
  if (selection.empty()) return true;
  std::error_code error;
  for (const std::string& item : selection) {
    if (std::filesystem::exists(item, error)) {
      const std::filesystem::path file = std::filesystem::weakly_canonical(one.family->file, error);
      const std::filesystem::path place = std::filesystem::weakly_canonical(item, error);
      const auto [rest, unused] =
          std::mismatch(place.begin(), place.end(), file.begin(), file.end());
      if (rest == place.end() || (std::next(rest) == place.end() && rest->empty())) return true;
    } else if (id_matches(item, one.id())) {
      return true;
    }
  }
  return false;
}

std::vector<Group> make_groups(const std::vector<Case>& cases, const Facts& facts) {
  std::vector<Group> groups;
  std::map<const Family*, std::size_t> shared;  // index of the family's shared group
  const bool parallel = fact_true(facts, "parallel");
  for (const Case& one : cases) {
    const GroupKind kind = kind_of(one, facts);
    Group* group = nullptr;
    if (kind == GroupKind::Shared) {
      const auto [found, added] = shared.try_emplace(one.family, groups.size());
      if (added) groups.push_back({kind, {}, 1, false});
      group = &groups[found->second];
    } else {
      groups.push_back({kind, {}, 1, false});
      group = &groups.back();
    }
    group->cases.push_back(one);
    const bool collides = one.scenario->kind == Kind::Litmus ||
                          one.scenario->kind == Kind::History ||
                          (kind == GroupKind::Unsafe && one.scenario->kind == Kind::Script);
    if (parallel && collides) {
      group->exclusive = true;
      group->processors =
          std::max(group->processors, std::min(one.scenario->actor_threads(), cpus_of(facts)));
    }
  }
  return groups;
}

}  // namespace conformance
