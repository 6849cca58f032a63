// Names of the spec language, the list of cases in a family, and the globs that select among them.
#include "conformance/spec/spec.h"

#include <fmt/format.h>

namespace conformance {

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::Litmus:
      return "litmus";
    case Kind::Script:
      return "script";
    case Kind::Process:
      return "process";
    case Kind::Command:
      return "command";
    case Kind::History:
      return "history";
  }
  return "?";
}

std::string_view to_string(Strength strength) {
  switch (strength) {
    case Strength::Must:
      return "must";
    case Strength::Implementation:
      return "implementation";
    case Strength::May:
      return "may";
    case Strength::Unsafe:
      return "unsafe";
  }
  return "?";
}

std::string_view to_string(Grade grade) {
  switch (grade) {
    case Grade::Required:
      return "required";
    case Grade::Acceptable:
      return "acceptable";
    case Grade::Interesting:
      return "interesting";
    case Grade::Unspecified:
      return "unspecified";
    case Grade::Forbidden:
      return "forbidden";
  }
  return "?";
}

std::string_view to_string(Matcher matcher) {
  switch (matcher) {
    case Matcher::Is:
      return "is";
    case Matcher::Like:
      return "like";
    case Matcher::When:
      return "when";
    case Matcher::Else:
      return "else";
  }
  return "?";
}

int Scenario::actor_threads() const {
  int sum = history ? history->threads : 0;
  for (const Actor& actor : actors) sum += actor.count;
  return sum;
}

std::string Case::driver_id() const {
  if (variant == nullptr) return fmt::format("{}/{}", family->id, scenario->name);
  return fmt::format("{}/{}[{}]", family->id, scenario->name, variant->id);
}

std::string Case::id() const {
  if (process == nullptr || process->name.empty()) return driver_id();
  return fmt::format("{}@{}", driver_id(), process->name);
}

std::vector<Case> cases_of(const Family& family) {
  std::vector<Case> cases;
  for (const ProcessRow& process : family.processes) {
    for (const Scenario& scenario : family.scenarios) {
      if (scenario.variants.empty()) cases.push_back({&family, &scenario, nullptr, &process});
      for (const Variant& variant : scenario.variants) {
        cases.push_back({&family, &scenario, &variant, &process});
      }
    }
  }
  return cases;
}

namespace {

// After a mismatch only the last `*` need be tried again: an earlier one could not do better.
bool glob_matches(std::string_view glob, std::string_view text) {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t in_glob = 0, in_text = 0, star = kNone, star_text = 0;
  while (in_text < text.size()) {
    if (in_glob < glob.size() && glob[in_glob] == '*') {
      star = in_glob++;
      star_text = in_text;
    } else if (in_glob < glob.size() && (glob[in_glob] == '?' || glob[in_glob] == text[in_text])) {
      ++in_glob;
      ++in_text;
    } else if (star != kNone) {
      in_glob = star + 1;
      in_text = ++star_text;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', in_glob) == kNone;
}

}  // namespace

bool id_matches(std::string_view glob, std::string_view id) {
  if (glob_matches(glob, id)) return true;
  for (std::size_t slash = id.find('/'); slash != std::string_view::npos;
       slash = id.find('/', slash + 1)) {
    if (glob_matches(glob, id.substr(0, slash)) || glob_matches(glob, id.substr(0, slash + 1))) {
      return true;
    }
  }
  return false;
}

}  // namespace conformance
