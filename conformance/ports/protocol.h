// What a driver says: JSON Lines in a file of the judge's choosing (specs/README.md, "Protocol").
//
// The reader is incremental and believes nothing: garbage, truncated lines, wrong types, huge lines
// and events out of order become ProtocolError entries and are otherwise skipped.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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
struct BeginEvent {
  std::string scenario;
};
struct CountsEvent {  // cumulative; `final` for `end`
  std::string scenario;
  bool final = false;
  std::int64_t samples = 0;
  std::optional<std::int64_t> overlapped;
  double seconds = 0;
  std::vector<OutcomeCount> outcomes;
  std::vector<Note> notes;
  std::optional<std::int64_t>
      sanitizer_bytes;  // of `end`: size of all logs of the sanitizers by then
};
struct ProblemEvent {
  std::string scenario;
  SpecProblem problem;
};
struct CanaryEvent {
  Canary canary;
};
struct ClockEvent {  // of a history: the clock of its stamps
  std::string scenario, name;
  std::int64_t resolution = 1;  // nanoseconds
};
// The runs of one program of a history. Lists over all operations run thread after thread.
struct HistoryEvent {
  struct Call {
    std::string method;
    std::vector<std::string> arguments;  // values as text
  };
  struct Seen {
    std::int64_t count = 0;
    std::vector<std::string> results;  // values as text
    std::vector<int> calls, returns;   // moments: a came before b if a's return < b's call
    std::vector<std::string> final;    // results of `final`, one after the other at the end
  };
  std::string scenario;
  std::int64_t program = 0;  // number
  std::optional<std::string> initial;
  std::string final;  // the method as which the object was looked at in the end; empty: it was not
  std::vector<std::vector<Call>> threads;
  std::vector<Seen> seen;
};
struct ByeEvent {};
struct ProtocolError {
  int line = 0;
  std::string message;
  bool unknown_event = false;  // an event of a later version, ignored: worth a note, breaks nothing
};

using Event = std::variant<HelloEvent, BeginEvent, CountsEvent, ProblemEvent, CanaryEvent, ByeEvent,
                           ProtocolError, ClockEvent, HistoryEvent>;

// Budgets: a line has at most 4 MB, a file 32 MB; of errors the first hundred are told.
inline constexpr std::size_t kProtocolLineLimit = 4u << 20;
inline constexpr std::uint64_t kProtocolFileLimit = 32u << 20;
inline constexpr int kProtocolErrorLimit = 100;

class ProtocolReader {
 public:
  explicit ProtocolReader(std::string path);
  ~ProtocolReader();
  // All events that were appended since the last call. A last line without its newline is held back
  // until `at_end`, where it is an error. Of counts of one scenario that follow each other only the
  // last are returned: they are cumulative.
  std::vector<Event> poll(bool at_end = false);
  std::uint64_t bytes_read() const {
    return offset_;
  }  // goes on beyond the limit of a file, so that a flood can be seen

 private:
  class Order;

  void take_bytes(std::string_view bytes, std::vector<Event>& events);
  void take_line(std::string_view line, std::vector<Event>& events);
  void add_event(Event event, std::vector<Event>& events);
  void add_error(std::string message, std::vector<Event>& events, bool unknown_event = false);

  std::string path_;
  std::uint64_t offset_ = 0;
  int line_ = 0;
  std::string partial_;
  bool line_too_long_ = false;
  bool file_complained_ = false;
  int errors_ = 0;
  std::unique_ptr<Order> order_;
};

// One line by itself; what came before it is the reader's to check.
Event parse_event(std::string_view line, int line_number);

}  // namespace conformance
