// Results -> JSON Lines. The fields are described in README.md; json_lines_reader.cpp is the other
// direction.
//
// ASCII only, one object a line, so that a file cut off anywhere is sound up to its last newline.
// Bytes that are not UTF-8 (of a dying process) become U+FFFD; everything else reads back as it
// was.
#include <cmath>
#include <nlohmann/json.hpp>

#include "conformance/report/json_fields.h"
#include "conformance/report/report.h"

namespace conformance {

namespace {

using nlohmann::json;

std::string one_line_of(const json& row) {
  return row.dump(-1, ' ', true, json::error_handler_t::replace);
}

double finite(double number) { return std::isfinite(number) ? number : 0; }

json of(const Fact& fact) {
  if (const bool* truth = std::get_if<bool>(&fact)) return *truth;
  if (const auto* number = std::get_if<std::int64_t>(&fact)) return *number;
  if (const auto* text = std::get_if<std::string>(&fact)) return *text;
  return {{"version", to_string(fact)}};
}

json of(const RunHeader::PortHeader& port) {
  json facts = json::object();
  for (const auto& [name, fact] : port.facts) facts[name] = of(fact);
  return {{"name", port.name},
          {"command", port.command},
          {"implementation", port.implementation},
          {"version", port.version},
          {"facts", std::move(facts)}};
}

json of(const GradedOutcome& outcome) {
  return {{"outcome", outcome.text},
          {"count", outcome.count},
          {"grade", to_string(outcome.grade)},
          {"described", outcome.described},
          {"because", outcome.because},
          {"rule_line", outcome.rule_line},
          {"graded_by_port", outcome.graded_by_port}};
}

json of(const MissingOutcome& missing) {
  return {
      {"pattern", missing.pattern}, {"because", missing.because}, {"rule_line", missing.rule_line}};
}

json of(const OutcomeCount& outcome) {
  json errors = json::object();
  for (const auto& [index, error] : outcome.when_errors) errors[std::to_string(index)] = error;
  return {{"outcome", outcome.text},
          {"count", outcome.count},
          {"when_true", outcome.when_true},
          {"when_errors", std::move(errors)}};
}

json of(const RaceReport& race) {
  return {{"signature", race.signature},
          {"kind", race.kind},
          {"excerpt", race.excerpt},
          {"count", race.count}};
}

json of(const SpecProblem& problem) {
  return {{"phase", problem.phase}, {"message", problem.message}, {"line", problem.line}};
}

json of(const Note& note) { return {{"kind", note.kind}, {"text", note.text}}; }

template <typename Row>
json list_of(const std::vector<Row>& rows) {
  json list = json::array();
  for (const Row& row : rows) list.push_back(of(row));
  return list;
}

json of(const HistoryEvidence& history) {
  return {{"model", history.model},
          {"programs", history.programs},
          {"distinct", history.distinct},
          {"linearizable", history.linearizable},
          {"not_linearizable", history.not_linearizable},
          {"undecided", history.undecided},
          {"failing_samples", history.failing_samples},
          {"why_undecided", history.why_undecided},
          {"clock", history.clock},
          {"resolution", history.resolution},
          {"failure", history.failure},
          {"failure_reason", history.failure_reason}};
}

json of(const Observation& observation) {
  return {{"ending", ending_word(observation.ending)},
          {"ending_detail", observation.ending_detail},
          {"outcomes", list_of(observation.outcomes)},
          {"samples", observation.samples},
          {"overlapped", observation.overlapped ? json(*observation.overlapped) : json()},
          {"seconds", finite(observation.seconds)},
          {"stacks", observation.stacks},
          {"error_output", observation.error_output},
          {"races", list_of(observation.races)},
          {"problems", list_of(observation.problems)},
          {"notes", list_of(observation.notes)},
          {"history", observation.history ? of(*observation.history) : json()},
          {"confirmed", observation.confirmed},
          {"confirmations", observation.confirmations}};
}

json of(const Canary& canary) {
  return {{"ran", canary.ran},
          {"provoked", canary.provoked},
          {"samples", canary.samples},
          {"witnesses", canary.witnesses},
          {"seconds", finite(canary.seconds)}};
}

}  // namespace

std::string to_json_line(const RunHeader& header) {
  return one_line_of({{"record", "run"},
                      {"format", kResultsFormat},
                      {"heddle", header.heddle_version},
                      {"seed", header.seed},
                      {"tier", header.tier},
                      {"shard", header.shard},
                      {"ports", list_of(header.ports)}});
}

std::string to_json_line(const Result& result) {
  return one_line_of({{"record", "result"},
                      {"port", result.port},
                      {"id", result.id},
                      {"verdict", to_string(result.verdict)},
                      {"reason", result.reason},
                      {"claim", result.claim},
                      {"file", result.file},
                      {"line", result.line},
                      {"kind", to_string(result.kind)},
                      {"strength", to_string(result.strength)},
                      {"covers", result.covers},
                      {"outcomes", list_of(result.outcomes)},
                      {"missing", list_of(result.missing)},
                      {"observation", of(result.observation)},
                      {"canary", of(result.canary)},
                      {"repeat", result.repeat},
                      {"expected_reason", result.expected_reason},
                      {"expected_link", result.expected_link},
                      {"original_verdict", to_string(result.original_verdict)}});
}

}  // namespace conformance
