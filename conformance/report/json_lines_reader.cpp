// JSON Lines -> results. A file of results comes from outside: it may be cut off, of another
// version, or no such file at all. Every field is asked for by name and type; what is wrong with a
// line is said in one sentence with the line's number.
#include <array>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "conformance/report/json_fields.h"
#include "conformance/report/report.h"

namespace conformance {

namespace {

using nlohmann::json;

struct BadLine {
  std::string message;
};

const json& field(const json& row, const char* name) {
  if (!row.is_object()) throw BadLine{fmt::format("an object with '{}' is missing", name)};
  const auto found = row.find(name);
  if (found == row.end()) throw BadLine{fmt::format("'{}' is missing", name)};
  return *found;
}

const json& typed(const json& row, const char* name, bool good, const char* what) {
  if (!good) throw BadLine{fmt::format("'{}' is not {}", name, what)};
  return field(row, name);
}

std::string text(const json& row, const char* name) {
  return typed(row, name, field(row, name).is_string(), "text").get<std::string>();
}

bool truth(const json& row, const char* name) {
  return typed(row, name, field(row, name).is_boolean(), "true or false").get<bool>();
}

double number(const json& row, const char* name) {
  return typed(row, name, field(row, name).is_number(), "a number").get<double>();
}

std::int64_t whole(const json& row, const char* name) {
  const json& value = field(row, name);
  constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const bool fits = value.is_number_integer() &&
                    (!value.is_number_unsigned() || value.get<std::uint64_t>() <= kLargest);
  return typed(row, name, fits, "an integer").get<std::int64_t>();
}

int small(const json& row, const char* name) {
  const std::int64_t value = whole(row, name);
  const bool fits =
      value >= std::numeric_limits<int>::min() && value <= std::numeric_limits<int>::max();
  return typed(row, name, fits, "a small integer").get<int>();
}

const json& list(const json& row, const char* name) {
  return typed(row, name, field(row, name).is_array(), "a list");
}

std::vector<std::string> texts(const json& row, const char* name) {
  std::vector<std::string> found;
  for (const json& one : list(row, name)) {
    typed(row, name, one.is_string(), "a list of texts");
    found.push_back(one.get<std::string>());
  }
  return found;
}

template <typename Enum, std::size_t Size>
Enum word(const json& row, const char* name, const std::array<Enum, Size>& all) {
  const std::string found = text(row, name);
  for (const Enum one : all) {
    if (to_string(one) == found) return one;
  }
  throw BadLine{fmt::format("'{}' cannot be '{}'", name, found)};
}

Verdict verdict(const json& row, const char* name) {
  const std::string found = text(row, name);
  const std::optional<Verdict> verdict = parse_verdict(found);
  if (!verdict) throw BadLine{fmt::format("'{}' cannot be '{}'", name, found)};
  return *verdict;
}

Fact fact(const json& facts, const std::string& name) {
  const json& value = field(facts, name.c_str());
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return whole(facts, name.c_str());
  const std::optional<Version> version = parse_version(text(value, "version"));
  if (!version) throw BadLine{fmt::format("the fact '{}' is no version", name)};
  return *version;
}

RunHeader::PortHeader port_of(const json& row) {
  RunHeader::PortHeader port;
  port.name = text(row, "name");
  port.command = text(row, "command");
  port.implementation = text(row, "implementation");
  port.version = text(row, "version");
  const json& facts = typed(row, "facts", field(row, "facts").is_object(), "an object");
  for (const auto& [name, value] : facts.items()) port.facts[name] = fact(facts, name);
  return port;
}

RunHeader header_of(const json& row) {
  const int format = small(row, "format");
  if (format != kResultsFormat) {
    throw BadLine{
        fmt::format("the file has format {}; this program reads {}", format, kResultsFormat)};
  }
  RunHeader header;
  header.heddle_version = text(row, "heddle");
  const bool seeded = field(row, "seed").is_number_unsigned();
  header.seed = typed(row, "seed", seeded, "a number from 0").get<std::uint64_t>();
  header.tier = text(row, "tier");
  header.shard = text(row, "shard");
  for (const json& port : list(row, "ports")) header.ports.push_back(port_of(port));
  return header;
}

GradedOutcome graded_of(const json& row) {
  constexpr std::array kGrades = {Grade::Required, Grade::Acceptable, Grade::Interesting,
                                  Grade::Unspecified, Grade::Forbidden};
  GradedOutcome outcome;
  outcome.text = text(row, "outcome");
  outcome.count = whole(row, "count");
  outcome.grade = word(row, "grade", kGrades);
  outcome.described = truth(row, "described");
  outcome.because = text(row, "because");
  outcome.rule_line = small(row, "rule_line");
  outcome.graded_by_port = truth(row, "graded_by_port");
  return outcome;
}

int rule_index(const std::string& key) {
  int index = 0;
  const char* end = key.data() + key.size();
  const auto [at, error] = std::from_chars(key.data(), end, index);
  if (error != std::errc() || at != end) throw BadLine{"'when_errors' has a key that is no index"};
  return index;
}

OutcomeCount outcome_of(const json& row) {
  OutcomeCount outcome;
  outcome.text = text(row, "outcome");
  outcome.count = whole(row, "count");
  for (const json& index : list(row, "when_true")) {
    typed(row, "when_true", index.is_number_integer(), "a list of integers");
    outcome.when_true.push_back(index.get<int>());
  }
  const json& errors =
      typed(row, "when_errors", field(row, "when_errors").is_object(), "an object");
  for (const auto& [key, value] : errors.items()) {
    outcome.when_errors[rule_index(key)] = text(errors, key.c_str());
  }
  return outcome;
}

Observation::Ending ending_of(const json& row) {
  const std::string found = text(row, "ending");
  for (const Observation::Ending ending : kEndings) {
    if (ending_word(ending) == found) return ending;
  }
  throw BadLine{fmt::format("'ending' cannot be '{}'", found)};
}

HistoryEvidence history_of(const json& row) {
  HistoryEvidence history;
  history.model = text(row, "model");
  history.programs = whole(row, "programs");
  history.distinct = whole(row, "distinct");
  history.linearizable = whole(row, "linearizable");
  history.not_linearizable = whole(row, "not_linearizable");
  history.undecided = whole(row, "undecided");
  history.failing_samples = whole(row, "failing_samples");
  history.why_undecided = text(row, "why_undecided");
  history.clock = text(row, "clock");
  history.resolution = whole(row, "resolution");
  history.failure = text(row, "failure");
  history.failure_reason = text(row, "failure_reason");
  return history;
}

Observation observation_of(const json& row) {
  Observation observation;
  observation.ending = ending_of(row);
  observation.ending_detail = text(row, "ending_detail");
  for (const json& one : list(row, "outcomes")) observation.outcomes.push_back(outcome_of(one));
  observation.samples = whole(row, "samples");
  if (!field(row, "overlapped").is_null()) observation.overlapped = whole(row, "overlapped");
  observation.seconds = number(row, "seconds");
  observation.stacks = text(row, "stacks");
  observation.error_output = text(row, "error_output");
  for (const json& one : list(row, "races")) {
    observation.races.push_back(
        {text(one, "signature"), text(one, "kind"), text(one, "excerpt"), small(one, "count")});
  }
  for (const json& one : list(row, "problems")) {
    observation.problems.push_back({text(one, "phase"), text(one, "message"), small(one, "line")});
  }
  for (const json& one : list(row, "notes")) {
    observation.notes.push_back({text(one, "kind"), text(one, "text")});
  }
  if (row.contains("history") && !row["history"].is_null()) {  // files of before have none
    observation.history =
        history_of(typed(row, "history", row["history"].is_object(), "an object"));
  }
  observation.confirmed = small(row, "confirmed");
  observation.confirmations = small(row, "confirmations");
  return observation;
}

Canary canary_of(const json& row) {
  return {truth(row, "ran"), truth(row, "provoked"), whole(row, "samples"), whole(row, "witnesses"),
          number(row, "seconds")};
}

Result result_of(const json& row) {
  constexpr std::array kKinds = {Kind::Litmus, Kind::Script, Kind::Process, Kind::Command,
                                 Kind::History};
  constexpr std::array kStrengths = {Strength::Must, Strength::Implementation, Strength::May,
                                     Strength::Unsafe};
  Result result;
  result.port = text(row, "port");
  result.id = text(row, "id");
  result.claim = text(row, "claim");
  result.file = text(row, "file");
  result.line = small(row, "line");
  result.kind = word(row, "kind", kKinds);
  result.strength = word(row, "strength", kStrengths);
  result.covers = texts(row, "covers");
  result.verdict = verdict(row, "verdict");
  result.reason = text(row, "reason");
  for (const json& one : list(row, "outcomes")) result.outcomes.push_back(graded_of(one));
  for (const json& one : list(row, "missing")) {
    result.missing.push_back({text(one, "pattern"), text(one, "because"), small(one, "rule_line")});
  }
  result.observation = observation_of(field(row, "observation"));
  result.canary = canary_of(field(row, "canary"));
  result.repeat = text(row, "repeat");
  result.expected_reason = text(row, "expected_reason");
  result.expected_link = text(row, "expected_link");
  result.original_verdict = verdict(row, "original_verdict");
  return result;
}

void read_line(const std::string& line, ResultsFile& file) {
  const json row = json::parse(line, nullptr, false);
  if (row.is_discarded()) throw BadLine{"this is not JSON"};
  const std::string record = text(row, "record");
  if (record == "run") {
    file.headers.push_back(header_of(row));
  } else if (record == "result") {
    file.results.push_back(result_of(row));
  } else {
    throw BadLine{fmt::format("'record' cannot be '{}'", record)};
  }
}

}  // namespace

ResultsFile read_results(const std::string& path, Diagnostics& diagnostics) {
  constexpr const char* kAdvice = "results are written by heddle run --jsonl";
  ResultsFile file;
  std::ifstream stream(path, std::ios::binary);
  std::error_code error;
  if (!stream || std::filesystem::is_directory(path, error)) {
    diagnostics.push_back({path, 0, 0, "cannot be read", kAdvice, Severity::Error});
    return file;
  }
  std::string line;
  for (int at = 1; std::getline(stream, line) && !stream.eof(); ++at) {
    try {
      read_line(line, file);
    } catch (const BadLine& bad) {
      diagnostics.push_back({path, at, 0, bad.message, kAdvice, Severity::Error});
    }
    file.good_bytes += line.size() + 1;
  }
  return file;
}

}  // namespace conformance
