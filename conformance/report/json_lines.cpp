// Results as JSON Lines, written and read back.

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "conformance/report/report.h"

namespace conformance {
namespace {

using nlohmann::json;

std::string dumped(const json& document) { return document.dump(-1, ' ', true, json::error_handler_t::replace); }

json fact_json(const Fact& fact) {
  if (const bool* boolean = std::get_if<bool>(&fact)) return *boolean;
  if (const std::int64_t* integer = std::get_if<std::int64_t>(&fact)) return *integer;
  if (const std::string* text = std::get_if<std::string>(&fact)) return *text;
  return json{{"version", to_string(fact)}};
}

Fact fact_from(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_object()) return parse_version(value.at("version").get<std::string>()).value_or(Version{});
  return value.get<std::string>();
}

json outcomes_json(const Result& result) {
  json rows = json::array();
  for (const GradedOutcome& outcome : result.outcomes) {
    rows.push_back({{"outcome", outcome.text}, {"count", outcome.count}, {"grade", to_string(outcome.grade)},
                    {"described", outcome.described}, {"because", outcome.because}, {"rule_line", outcome.rule_line},
                    {"graded_by_port", outcome.graded_by_port}});
  }
  return rows;
}

json missing_json(const Result& result) {
  json rows = json::array();
  for (const MissingOutcome& missing : result.missing) {
    rows.push_back({{"pattern", missing.pattern}, {"because", missing.because}, {"rule_line", missing.rule_line}});
  }
  return rows;
}

json observation_json(const Observation& observation) {
  json row = {{"samples", observation.samples},
              {"overlapped", observation.overlapped ? json(*observation.overlapped) : json()},
              {"seconds", observation.seconds},
              {"ending", static_cast<int>(observation.ending)},
              {"ending_detail", observation.ending_detail},
              {"stacks", observation.stacks},
              {"error_output", observation.error_output},
              {"confirmed", observation.confirmed},
              {"confirmations", observation.confirmations},
              {"races", json::array()},
              {"notes", json::array()},
              {"problems", json::array()}};
  for (const RaceReport& race : observation.races) {
    row["races"].push_back({{"signature", race.signature}, {"kind", race.kind}, {"excerpt", race.excerpt}, {"count", race.count}});
  }
  for (const Note& note : observation.notes) row["notes"].push_back({note.kind, note.text});
  for (const SpecProblem& problem : observation.problems) {
    row["problems"].push_back({{"phase", problem.phase}, {"message", problem.message}, {"line", problem.line}});
  }
  return row;
}

Observation observation_from(const json& row) {
  Observation observation;
  observation.samples = row.at("samples").get<std::int64_t>();
  if (!row.at("overlapped").is_null()) observation.overlapped = row.at("overlapped").get<std::int64_t>();
  observation.seconds = row.at("seconds").get<double>();
  observation.ending = static_cast<Observation::Ending>(row.at("ending").get<int>());
  observation.ending_detail = row.at("ending_detail").get<std::string>();
  observation.stacks = row.at("stacks").get<std::string>();
  observation.error_output = row.at("error_output").get<std::string>();
  observation.confirmed = row.at("confirmed").get<int>();
  observation.confirmations = row.at("confirmations").get<int>();
  for (const json& race : row.at("races")) {
    observation.races.push_back({race.at("signature").get<std::string>(), race.at("kind").get<std::string>(),
                                 race.at("excerpt").get<std::string>(), race.at("count").get<int>()});
  }
  for (const json& note : row.at("notes")) observation.notes.push_back({note.at(0).get<std::string>(), note.at(1).get<std::string>()});
  for (const json& problem : row.at("problems")) {
    observation.problems.push_back({problem.at("phase").get<std::string>(), problem.at("message").get<std::string>(), problem.at("line").get<int>()});
  }
  return observation;
}

json canary_json(const Canary& canary) {
  return {{"ran", canary.ran}, {"provoked", canary.provoked}, {"samples", canary.samples}, {"witnesses", canary.witnesses}, {"seconds", canary.seconds}};
}

Canary canary_from(const json& row) {
  return {row.at("ran").get<bool>(), row.at("provoked").get<bool>(), row.at("samples").get<std::int64_t>(),
          row.at("witnesses").get<std::int64_t>(), row.at("seconds").get<double>()};
}

// The enum value whose name is `text`; throws where there is none.
template <typename Enum>
Enum named(const std::string& text, std::initializer_list<Enum> all) {
  for (Enum one : all) {
    if (to_string(one) == text) return one;
  }
  throw std::runtime_error("unknown word '" + text + "'");
}

Grade grade_from(const std::string& text) {
  return named<Grade>(text, {Grade::Required, Grade::Acceptable, Grade::Interesting, Grade::Unspecified, Grade::Forbidden});
}

Verdict verdict_from(const std::string& text) {
  const std::optional<Verdict> verdict = parse_verdict(text);
  if (!verdict) throw std::runtime_error("unknown verdict '" + text + "'");
  return *verdict;
}

Result result_from(const json& row) {
  Result result;
  result.port = row.at("port").get<std::string>();
  result.id = row.at("id").get<std::string>();
  result.claim = row.at("claim").get<std::string>();
  result.file = row.at("file").get<std::string>();
  result.line = row.at("line").get<int>();
  result.kind = named<Kind>(row.at("kind").get<std::string>(), {Kind::Litmus, Kind::Script, Kind::Process, Kind::Command});
  result.strength = named<Strength>(row.at("strength").get<std::string>(), {Strength::Must, Strength::Implementation, Strength::May, Strength::Unsafe});
  result.covers = row.at("covers").get<std::vector<std::string>>();
  result.verdict = verdict_from(row.at("verdict").get<std::string>());
  result.original_verdict = verdict_from(row.at("original_verdict").get<std::string>());
  result.reason = row.at("reason").get<std::string>();
  for (const json& one : row.at("outcomes")) {
    result.outcomes.push_back({one.at("outcome").get<std::string>(), one.at("count").get<std::int64_t>(), grade_from(one.at("grade").get<std::string>()),
                               one.at("described").get<bool>(), one.at("because").get<std::string>(), one.at("rule_line").get<int>(),
                               one.at("graded_by_port").get<bool>()});
  }
  for (const json& one : row.at("missing")) {
    result.missing.push_back({one.at("pattern").get<std::string>(), one.at("because").get<std::string>(), one.at("rule_line").get<int>()});
  }
  result.observation = observation_from(row.at("observation"));
  result.canary = canary_from(row.at("canary"));
  result.repeat = row.at("repeat").get<std::string>();
  result.expected_reason = row.at("expected_reason").get<std::string>();
  result.expected_link = row.at("expected_link").get<std::string>();
  return result;
}

RunHeader header_from(const json& row) {
  RunHeader header;
  header.heddle_version = row.at("heddle").get<std::string>();
  header.seed = row.at("seed").get<std::uint64_t>();
  header.tier = row.at("tier").get<std::string>();
  header.shard = row.at("shard").get<std::string>();
  for (const json& one : row.at("ports")) {
    RunHeader::PortHeader port{one.at("name").get<std::string>(), one.at("command").get<std::string>(), one.at("implementation").get<std::string>(),
                               one.at("version").get<std::string>(), {}};
    for (const auto& [name, value] : one.at("facts").items()) port.facts[name] = fact_from(value);
    header.ports.push_back(std::move(port));
  }
  return header;
}

}  // namespace

int VerdictCounts::total() const {
  int sum = 0;
  for (const auto& [verdict, count] : counts) sum += count;
  return sum;
}

std::string to_json_line(const RunHeader& header) {
  json row = {{"record", "run"}, {"heddle", header.heddle_version}, {"seed", header.seed}, {"tier", header.tier}, {"shard", header.shard}, {"ports", json::array()}};
  for (const RunHeader::PortHeader& port : header.ports) {
    json facts = json::object();
    for (const auto& [name, fact] : port.facts) facts[name] = fact_json(fact);
    row["ports"].push_back({{"name", port.name}, {"command", port.command}, {"implementation", port.implementation}, {"version", port.version}, {"facts", facts}});
  }
  return dumped(row);
}

std::string to_json_line(const Result& result) {
  return dumped({{"record", "result"},
                 {"port", result.port},
                 {"id", result.id},
                 {"claim", result.claim},
                 {"file", result.file},
                 {"line", result.line},
                 {"kind", to_string(result.kind)},
                 {"strength", to_string(result.strength)},
                 {"covers", result.covers},
                 {"verdict", to_string(result.verdict)},
                 {"original_verdict", to_string(result.original_verdict)},
                 {"reason", result.reason},
                 {"outcomes", outcomes_json(result)},
                 {"missing", missing_json(result)},
                 {"observation", observation_json(result.observation)},
                 {"canary", canary_json(result.canary)},
                 {"repeat", result.repeat},
                 {"expected_reason", result.expected_reason},
                 {"expected_link", result.expected_link}});
}

ResultsFile read_results(const std::string& path, Diagnostics& diagnostics) {
  ResultsFile file;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    diagnostics.push_back({path, 0, 0, "cannot be read", "a file written by `heddle run --jsonl`", Severity::Error});
    return file;
  }
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    if (stream.eof()) break;  // without its newline: the run was killed while it wrote
    try {
      const json row = json::parse(line);
      if (row.at("record") == "run") {
        file.headers.push_back(header_from(row));
      } else {
        file.results.push_back(result_from(row));
      }
    } catch (const std::exception& error) {
      diagnostics.push_back({path, number, 1, fmt::format("this is no line of results: {}", error.what()), "", Severity::Error});
    }
    file.good_bytes += line.size() + 1;
  }
  return file;
}

}  // namespace conformance
