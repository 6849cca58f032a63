// A family of claims, as read from one YAML file: the data that everything above this floor works
// on.
//
// The meaning of every field is specs/README.md; here stands only what the loader guarantees. Text
// of Python is kept as a Snippet with the place of its first line, so that any complaint about it
// can name the line of the YAML file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/spec/condition.h"

namespace conformance {

struct Snippet {
  std::string text;  // without the indentation of the YAML block; ends without a newline
  int line = 0;      // line of the YAML file on which the first line of `text` stands
  bool empty() const { return text.empty(); }
};

enum class Kind { Litmus, Script, Process, Command, History };
enum class Strength { Must, Implementation, May, Unsafe };
enum class Grade { Required, Acceptable, Interesting, Unspecified, Forbidden };
enum class Matcher { Is, Like, When, Else };
enum class Threads { Persistent, Fresh };

std::string_view to_string(Kind kind);
std::string_view to_string(Strength strength);
std::string_view to_string(Grade grade);
std::string_view to_string(Matcher matcher);

struct NamedSnippet {
  std::string name;
  Snippet code;
};

struct Actor {
  std::string name;
  int count = 1;  // equal actors; with `counted` the result is the list of their results, in order
  bool counted = false;
  Snippet code;
};

struct Rule {
  Matcher matcher = Matcher::Else;
  std::string pattern;  // the text after is/like/when; empty for else
  Grade grade = Grade::Forbidden;
  Condition where;
  std::string because;
  int line = 0;
};

struct StrengthRow {
  Condition where;
  Strength strength = Strength::Must;
};

struct Variant {
  std::string id;
  std::vector<NamedSnippet>
      let;  // name -> Python expression, bound at the start of setup (of module for `process`)
  Condition where;
  std::vector<std::string> requirements;
  int line = 0;
};

// One row of `processes:`: how the interpreter is started for the whole family.
struct ProcessRow {
  std::string name;  // empty for the plain `{}`
  std::vector<std::string> options;
  std::map<std::string, std::string> environment;
  Condition where;
  std::vector<std::string> requirements;
};

// A row of `table:`: how one method of the model is played, and how often.
struct HistoryMethod {
  std::string name;
  int weight = 1;
  Snippet code;  // body of a function of subject, argument0 ...; empty: as the model's type has it
  int line = 0;
};

// What a scenario of the kind `history` adds. Whether the model has these methods is checked above
// this floor (driver/history_plan.h), where models are known.
struct HistoryClaim {
  std::string model;
  int threads = 3;
  int operations = 6;                // of one thread, at most
  std::vector<HistoryMethod> table;  // empty: every method that driver/history_methods.h plays
  Snippet program;  // one line a thread: "append(1); pop()"; empty: drawn from the seed
  std::string
      initial;  // value at the start as text; empty: drawn, or what an own setup makes empty
  std::optional<std::int64_t> bound;  // maxlen of a deque, maxsize of a queue
  Snippet final;                      // expression: the object when all is over; empty: by model
  int model_line = 0;
};

struct Scenario {
  std::string name;
  std::string claim;
  std::vector<std::string> covers;
  Kind kind = Kind::Litmus;
  std::vector<StrengthRow>
      strengths;  // at least one; the first whose condition holds counts; none holds: skipped
  Condition where;
  std::vector<std::string> requirements;  // the family's and its own
  std::vector<Variant> variants;          // empty: exactly one, without a name
  Threads threads = Threads::Persistent;
  Snippet module;  // the family's module text, then its own; see module_parts for the places
  std::vector<Snippet> module_parts;
  Snippet setup;
  std::vector<Actor> actors;
  std::vector<NamedSnippet> observe;
  Snippet cleanup;
  std::vector<Rule> outcomes;
  std::optional<HistoryClaim> history;  // exactly where kind is History
  std::vector<std::string>
      options;  // process, command: arguments before the program / the whole command line
  std::map<std::string, std::string> environment;
  std::optional<double> timeout;  // seconds one sample may take before it counts as hung
  std::vector<std::string> kills;
  std::string expect_verdict;  // specs/harness/ only; empty elsewhere
  int line = 0;                // of `- name:`

  int actor_threads() const;  // sum of the counts
};

struct Family {
  std::string
      id;  // "list/one_list_two_threads": path below the root of the specs, without extension
  std::string file;  // as given on the command line, for diagnostics and JUnit
  std::string title;
  std::vector<std::string>
      ports;  // specs/harness/ only: the ports it is judged on when none is named
  std::vector<ProcessRow> processes;  // at least one
  std::vector<Scenario> scenarios;
};

// The unit that gets one verdict: a scenario of a family, in one variant. Its id is
// "family/scenario" or "family/scenario[variant]"; the row of `processes:` is added as "@name"
// where it has a name.
struct Case {
  const Family* family = nullptr;
  const Scenario* scenario = nullptr;
  const Variant* variant = nullptr;  // null where the scenario has no variants
  const ProcessRow* process = nullptr;
  std::string id() const;         // with the process: what a person types and a report shows
  std::string driver_id() const;  // without: what the driver calls it
};

// All cases of a family in the order of the file: processes outermost, then scenarios, then
// variants.
std::vector<Case> cases_of(const Family& family);

// Does `glob` (* any text, ? one character; everything else literal, `[` too) match an id or a
// prefix of it that ends at a '/'?
bool id_matches(std::string_view glob, std::string_view id);

}  // namespace conformance
