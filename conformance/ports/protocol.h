// What a driver says: JSON Lines in a file of the judge's choosing (specs/README.md, "Protocol").
//
// The reader is incremental and believes nothing: garbage, truncated lines, wrong types, huge lines and events out of order
// become ProtocolError entries and are otherwise skipped.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "conformance/outcome/observation.h"
#include "conformance/spec/facts.h"

namespace conformance {

struct HelloEvent {
  int protocol = 0;
  std::string implementation, version;
  Facts facts;  // booleans, integers, strings; `version` becomes a Version
};
struct BeginEvent { std::string scenario; };
struct CountsEvent {  // cumulative; `final` for `end`
  std::string scenario;
  bool final = false;
  std::int64_t samples = 0;
  std::optional<std::int64_t> overlapped;
  double seconds = 0;
  std::vector<OutcomeCount> outcomes;
  std::vector<Note> notes;
};
struct ProblemEvent { std::string scenario; SpecProblem problem; };
struct CanaryEvent { Canary canary; };
struct ByeEvent {};
struct ProtocolError { int line = 0; std::string message; };

using Event = std::variant<HelloEvent, BeginEvent, CountsEvent, ProblemEvent, CanaryEvent, ByeEvent, ProtocolError>;

class ProtocolReader {
 public:
  explicit ProtocolReader(std::string path);
  // All events that were appended since the last call. A last line without its newline is held back until `at_end`, where it is an error.
  std::vector<Event> poll(bool at_end = false);
  std::uint64_t bytes_read() const { return offset_; }

 private:
  std::string path_;
  std::uint64_t offset_ = 0;
  int line_ = 0;
  std::string partial_;
};

Event parse_event(const std::string& line, int line_number);

}  // namespace conformance
