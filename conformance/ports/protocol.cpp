// Lines -> events, believing nothing: first the bytes of a file that a misbehaving process may do
// anything to, then each line as JSON with the types it must have, then the order in which events
// can come.
//
// Everything wrong throws Refusal inside this file and leaves it as a ProtocolError.
#include "conformance/ports/protocol.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace conformance {

namespace {

using nlohmann::json;

struct Refusal : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct UnknownEvent : Refusal {
  using Refusal::Refusal;
};

constexpr std::int64_t kLargestCount = std::int64_t{1}
                                       << 53;  // beyond that JSON readers disagree about integers
constexpr int kLargestRule = 1'000'000;
constexpr std::size_t kOutcomeLimit = 1000;  // a driver counts 256 apart

// The start of a line for a message: printable, short.
std::string excerpt(std::string_view text) {
  constexpr std::size_t kLength = 60;
  std::string shown;
  for (const char byte : text.substr(0, kLength)) shown += byte >= ' ' && byte < 127 ? byte : '?';
  return "'" + shown + (text.size() > kLength ? "...'" : "'");
}

const json& field(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) throw Refusal(std::string("'") + name + "' is missing");
  return *found;
}

[[noreturn]] void wrong_type(const std::string& name, const char* wanted, const json& value) {
  throw Refusal("'" + name + "' should be " + wanted + ", not " + value.type_name());
}

std::string text_in(const json& value, const std::string& name) {
  if (!value.is_string()) wrong_type(name, "text", value);
  return value.get<std::string>();
}

std::int64_t integer_in(const json& value, const std::string& name, std::int64_t least,
                        std::int64_t most) {
  if (!value.is_number_integer()) wrong_type(name, "an integer", value);
  const bool too_big = value.is_number_unsigned() &&
                       value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
  if (too_big || value.get<std::int64_t>() < least || value.get<std::int64_t>() > most) {
    throw Refusal("'" + name + "' is out of range: " + value.dump());
  }
  return value.get<std::int64_t>();
}

double seconds_in(const json& object) {
  const json& value = field(object, "seconds");
  if (!value.is_number()) wrong_type("seconds", "a number", value);
  const double seconds = value.get<double>();
  if (!std::isfinite(seconds) || seconds < 0)
    throw Refusal("'seconds' is out of range: " + value.dump());
  return seconds;
}

const json& list_in(const json& value, const std::string& name) {
  if (!value.is_array()) wrong_type(name, "a list", value);
  return value;
}

std::string scenario_in(const json& object) {
  return text_in(field(object, "scenario"), "scenario");
}

std::int64_t count_in(const json& object, const char* name) {
  return integer_in(field(object, name), name, 0, kLargestCount);
}

std::string optional_text(const json& object, const char* name) {
  return object.contains(name) ? text_in(object[name], name) : std::string();
}

Fact fact_in(const json& value, const std::string& name) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_string()) {
    if (name != "version") return value.get<std::string>();
    const std::optional<Version> version = parse_version(value.get<std::string>());
    if (!version)
      throw Refusal("the fact 'version' is no version: " + excerpt(value.get<std::string>()));
    return *version;
  }
  if (name == "version") wrong_type("version", "text such as \"3.14.0\"", value);
  if (value.is_number_integer()) return integer_in(value, name, INT64_MIN, INT64_MAX);
  wrong_type(name, "a boolean, an integer or text", value);
}

Event hello_event(const json& object) {
  HelloEvent event;
  event.protocol =
      static_cast<int>(integer_in(field(object, "protocol"), "protocol", 0, INT32_MAX));
  if (event.protocol != 1) return event;  // the other fields may mean anything
  event.implementation = text_in(field(object, "implementation"), "implementation");
  event.version = text_in(field(object, "version"), "version");
  const json& facts = field(object, "facts");
  if (!facts.is_object()) wrong_type("facts", "a mapping", facts);
  for (const auto& [name, value] : facts.items()) {
    if (!value.is_null()) event.facts.emplace(name, fact_in(value, name));
  }
  return event;
}

Event canary_event(const json& object) {
  CanaryEvent event;
  event.canary.ran = true;
  const json& provoked = field(object, "provoked");
  if (!provoked.is_boolean()) wrong_type("provoked", "a boolean", provoked);
  event.canary.provoked = provoked.get<bool>();
  event.canary.samples = count_in(object, "samples");
  event.canary.witnesses = count_in(object, "witnesses");
  event.canary.seconds = seconds_in(object);
  if (event.canary.witnesses > event.canary.samples)
    throw Refusal("a canary with more witnesses than samples");
  if (event.canary.provoked && event.canary.witnesses == 0)
    throw Refusal("a canary that is provoked and has no witness");
  return event;
}

// [text, n, [rules that hold], {rule: error}]; the last two may be left out.
OutcomeCount outcome_in(const json& row) {
  if (list_in(row, "counts").size() < 2 || row.size() > 4)
    throw Refusal("an outcome is [text, count, [rules], {rule: error}]");
  OutcomeCount outcome;
  outcome.text = text_in(row[0], "outcome");
  outcome.count = integer_in(row[1], "count", 0, kLargestCount);
  if (row.size() > 2) {
    for (const json& rule : list_in(row[2], "rules")) {
      outcome.when_true.push_back(static_cast<int>(integer_in(rule, "rule", 0, kLargestRule)));
    }
  }
  if (row.size() > 3) {
    if (!row[3].is_object()) wrong_type("errors", "a mapping", row[3]);
    for (const auto& [rule, error] : row[3].items()) {
      int number = -1;
      const auto [end, failure] = std::from_chars(rule.data(), rule.data() + rule.size(), number);
      if (failure != std::errc() || end != rule.data() + rule.size() || number < 0 ||
          number > kLargestRule) {
        throw Refusal("no number of a rule: " + excerpt(rule));
      }
      outcome.when_errors[number] = text_in(error, "error");
    }
  }
  return outcome;
}

Note note_in(const json& row) {
  if (list_in(row, "notes").size() != 2) throw Refusal("a note is [kind, text]");
  return {text_in(row[0], "kind"), text_in(row[1], "text")};
}

Event counts_event(const json& object, bool final) {
  CountsEvent event;
  event.scenario = scenario_in(object);
  event.final = final;
  event.samples = count_in(object, "samples");
  const json& overlapped = field(object, "overlapped");
  if (!overlapped.is_null())
    event.overlapped = integer_in(overlapped, "overlapped", 0, kLargestCount);
  event.seconds = seconds_in(object);
  const json& rows = list_in(field(object, "counts"), "counts");
  if (rows.size() > kOutcomeLimit) throw Refusal("more than 1000 outcomes");
  std::set<std::string> seen;
  for (const json& row : rows) {
    event.outcomes.push_back(outcome_in(row));
    if (!seen.insert(event.outcomes.back().text).second)
      throw Refusal("an outcome twice: " + excerpt(event.outcomes.back().text));
  }
  if (object.contains("notes")) {
    for (const json& row : list_in(object["notes"], "notes")) event.notes.push_back(note_in(row));
  }
  if (object.contains("sanitizer_bytes") && !object["sanitizer_bytes"].is_null()) {
    event.sanitizer_bytes = count_in(object, "sanitizer_bytes");
  }
  return event;
}

Event problem_event(const json& object) {
  ProblemEvent event;
  event.scenario = scenario_in(object);
  event.problem.phase = text_in(field(object, "phase"), "phase");
  event.problem.message = optional_text(object, "message");
  const json& line = field(object, "line");
  if (!line.is_null())
    event.problem.line = static_cast<int>(integer_in(line, "line", 0, INT32_MAX));
  return event;
}

Event clock_event(const json& object) {
  ClockEvent event;
  event.scenario = scenario_in(object);
  event.name = text_in(field(object, "name"), "name");
  event.resolution = integer_in(field(object, "resolution"), "resolution", 1, kLargestCount);
  return event;
}

constexpr std::size_t kMostHistoryThreads = 64, kMostHistoryOperations = 4096;

std::vector<std::string> texts_in(const json& value, const char* name) {
  std::vector<std::string> texts;
  for (const json& one : list_in(value, name)) texts.push_back(text_in(one, name));
  return texts;
}

HistoryEvent::Call call_in(const json& row) {
  if (list_in(row, "operation").size() != 2) throw Refusal("an operation is [method, [arguments]]");
  return {text_in(row[0], "method"), texts_in(row[1], "arguments")};
}

std::vector<int> moments_in(const json& value, const char* name) {
  std::vector<int> moments;
  for (const json& one : list_in(value, name))
    moments.push_back(static_cast<int>(integer_in(one, name, 0, INT32_MAX)));
  return moments;
}

// Does time run forward: no return before its call, the calls of a thread in its order?
void check_times(const HistoryEvent& event, const HistoryEvent::Seen& seen) {
  std::size_t at = 0;
  for (std::size_t thread = 0; thread < event.threads.size(); ++thread) {
    for (std::size_t index = 0; index < event.threads[thread].size(); ++index, ++at) {
      const std::string place = "thread " + std::to_string(thread) + ", operation " +
                                std::to_string(index) + " (" + event.threads[thread][index].method +
                                ")";
      if (seen.returns[at] < seen.calls[at])
        throw Refusal("time runs backwards: the return before its call, " + place);
      if (index > 0 && seen.calls[at] < seen.calls[at - 1])
        throw Refusal("time runs backwards: a call before the one before it, " + place);
    }
  }
}

HistoryEvent::Seen seen_in(const HistoryEvent& event, const json& row, std::size_t operations) {
  if (list_in(row, "seen").size() != 5)
    throw Refusal("a history is [count, [results], [calls], [returns], [final]]");
  HistoryEvent::Seen seen;
  seen.count = integer_in(row[0], "count", 1, kLargestCount);
  seen.results = texts_in(row[1], "results");
  seen.calls = moments_in(row[2], "calls");
  seen.returns = moments_in(row[3], "returns");
  seen.final = texts_in(row[4], "final");
  const auto as_many = [&](std::size_t found, const char* what, std::size_t wanted) {
    if (found == wanted) return;
    throw Refusal(std::to_string(found) + " " + what + " of " + std::to_string(wanted) +
                  (wanted == operations ? " operations" : " calls"));
  };
  as_many(seen.calls.size(), "calls", operations);
  as_many(seen.returns.size(), "returns", seen.calls.size());
  as_many(seen.results.size(), "results", operations);
  check_times(event, seen);
  return seen;
}

Event history_event(const json& object) {
  HistoryEvent event;
  event.scenario = scenario_in(object);
  event.program = count_in(object, "program");
  if (!field(object, "initial").is_null()) event.initial = text_in(object["initial"], "initial");
  if (!field(object, "final").is_null()) event.final = text_in(object["final"], "final");
  const json& threads = list_in(field(object, "threads"), "threads");
  if (threads.empty() || threads.size() > kMostHistoryThreads)
    throw Refusal("a history has from 1 to 64 threads, not " + std::to_string(threads.size()));
  std::size_t operations = 0;
  for (const json& thread : threads) {
    std::vector<HistoryEvent::Call>& calls = event.threads.emplace_back();
    for (const json& row : list_in(thread, "thread")) calls.push_back(call_in(row));
    operations += calls.size();
  }
  if (operations > kMostHistoryOperations)
    throw Refusal("a history has at most 4096 operations, not " + std::to_string(operations));
  for (const json& row : list_in(field(object, "seen"), "seen"))
    event.seen.push_back(seen_in(event, row, operations));
  return event;
}

bool is_hex(std::string_view text) {
  return text.size() == 4 &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// Python's json writes half a surrogate pair as it is, and a message may well quote one; JSON
// readers refuse it. Each such half becomes U+FFFD.
std::string without_lone_surrogates(std::string_view line) {
  const auto half =
      [&](std::size_t at) {  // 1: a first half stands here, 2: a second half, 0: neither
        if (at + 6 > line.size() || line[at] != '\\' || line[at + 1] != 'u' ||
            !is_hex(line.substr(at + 2, 4)))
          return 0;
        if (line[at + 2] != 'd' && line[at + 2] != 'D') return 0;
        const char digit = line[at + 3];
        if (digit == '8' || digit == '9' || digit == 'a' || digit == 'b' || digit == 'A' ||
            digit == 'B')
          return 1;
        return digit >= 'c' || (digit >= 'C' && digit <= 'F') ? 2 : 0;
      };
  std::string repaired;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t length = 1;
    if (half(at) == 1 && half(at + 6) == 2) {
      length = 12;
    } else if (half(at) != 0) {
      repaired += "\\ufffd";
      at += 6;
      continue;
    } else if (line[at] == '\\') {
      length = 2;  // so that \\ud800, a backslash and four letters, is left alone
    }
    repaired += line.substr(at, length);
    at += length;
  }
  return repaired;
}

json parse_json(std::string_view line) {
  json object = json::parse(line, nullptr, false);
  if (object.is_discarded() && line.find("\\u") != std::string_view::npos) {
    object = json::parse(without_lone_surrogates(line), nullptr, false);
  }
  if (object.is_discarded()) throw Refusal("not JSON: " + excerpt(line));
  if (!object.is_object()) throw Refusal("not a JSON object: " + excerpt(line));
  return object;
}

Event event_in(const json& object) {
  const std::string name = text_in(field(object, "event"), "event");
  if (name == "hello") return hello_event(object);
  if (name == "canary") return canary_event(object);
  if (name == "begin") return BeginEvent{scenario_in(object)};
  if (name == "counts") return counts_event(object, false);
  if (name == "end") return counts_event(object, true);
  if (name == "problem") return problem_event(object);
  if (name == "clock") return clock_event(object);
  if (name == "history") return history_event(object);
  if (name == "bye") return ByeEvent{};
  throw UnknownEvent("unknown event " + excerpt(name) + " ignored");
}

}  // namespace

Event parse_event(std::string_view line, int line_number) {
  try {
    return event_in(parse_json(line));
  } catch (const UnknownEvent& unknown) {
    return ProtocolError{line_number, unknown.what(), true};
  } catch (const Refusal& refusal) {
    return ProtocolError{line_number, refusal.what()};
  }
}

// What may come next: hello, canary, then begin, counts or problem, end for one scenario after the
// other, bye. Refuses by throwing.
class ProtocolReader::Order {
 public:
  void check(const HelloEvent&) {
    if (hello_) throw Refusal("a second hello");
    if (bye_) throw Refusal("hello after bye");
    hello_ = true;
  }
  void check(const CanaryEvent&) { check_open("canary"); }
  void check(const ByeEvent&) {
    check_open("bye");
    if (running_) throw Refusal("bye before the end of " + excerpt(scenario_));
    bye_ = true;
  }
  void check(const BeginEvent& event) {
    check_open("begin");
    if (running_)
      throw Refusal("begin of " + excerpt(event.scenario) + " before the end of " +
                    excerpt(scenario_));
    running_ = true;
    scenario_ = event.scenario;
    last_ = CountsEvent();
  }
  void check(const ProblemEvent& event) { check_running("problem", event.scenario); }
  void check(const CountsEvent& event) {
    check_running(event.final ? "end" : "counts", event.scenario);
    check_not_down(event);
    last_ = event;
    running_ = !event.final;
  }
  void check(const ClockEvent& event) { check_running("clock", event.scenario); }
  void check(const HistoryEvent& event) { check_running("history", event.scenario); }
  void check(const ProtocolError&) {}

 private:
  void check_open(const std::string& name) const {
    if (!hello_) throw Refusal(name + " before hello");
    if (bye_) throw Refusal(name + " after bye");
  }
  void check_running(const std::string& name, const std::string& scenario) const {
    check_open(name);
    if (!running_ || scenario != scenario_)
      throw Refusal(name + " of " + excerpt(scenario) + ", which is not running");
  }
  void check_not_down(const CountsEvent& event) const {
    if (event.samples < last_.samples) {
      throw Refusal("samples went down from " + std::to_string(last_.samples) + " to " +
                    std::to_string(event.samples));
    }
    std::map<std::string_view, std::int64_t> now;
    for (const OutcomeCount& outcome : event.outcomes) now[outcome.text] = outcome.count;
    for (const OutcomeCount& outcome : last_.outcomes) {
      const std::int64_t count = now[outcome.text];
      if (count < outcome.count) {
        throw Refusal("the count of " + excerpt(outcome.text) + " went down from " +
                      std::to_string(outcome.count) + " to " + std::to_string(count));
      }
    }
  }

  bool hello_ = false, bye_ = false, running_ = false;
  std::string scenario_;
  CountsEvent last_;
};

ProtocolReader::ProtocolReader(std::string path)
    : path_(std::move(path)), order_(std::make_unique<Order>()) {}
ProtocolReader::~ProtocolReader() = default;

void ProtocolReader::add_error(std::string message, std::vector<Event>& events,
                               bool unknown_event) {
  if (++errors_ > kProtocolErrorLimit + 1) return;
  if (errors_ > kProtocolErrorLimit) message = "more errors, not told";
  events.push_back(ProtocolError{line_, std::move(message), unknown_event});
}

void ProtocolReader::add_event(Event event, std::vector<Event>& events) {
  if (const auto* error = std::get_if<ProtocolError>(&event)) {
    add_error(error->message, events, error->unknown_event);
    return;
  }
  try {
    std::visit([this](const auto& one) { order_->check(one); }, event);
  } catch (const Refusal& refusal) {
    add_error(refusal.what(), events);
    return;
  }
  const bool counts = std::holds_alternative<CountsEvent>(event);
  const bool after_counts = !events.empty() && std::holds_alternative<CountsEvent>(events.back());
  // The order has been checked, so two in a row are of one scenario and the second has at least the
  // counts of the first.
  if (counts && after_counts && std::get<CountsEvent>(events.back()).notes.empty()) {
    events.back() = std::move(event);
  } else {
    events.push_back(std::move(event));
  }
}

void ProtocolReader::take_line(std::string_view line, std::vector<Event>& events) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.empty()) return;
  add_event(parse_event(line, line_), events);
}

void ProtocolReader::take_bytes(std::string_view bytes, std::vector<Event>& events) {
  while (!bytes.empty()) {
    const std::size_t length = std::min(bytes.find('\n'), bytes.size());
    const bool whole = length < bytes.size();
    if (!line_too_long_ && partial_.size() + length > kProtocolLineLimit) {
      line_too_long_ = true;
      partial_.clear();
      partial_.shrink_to_fit();
    }
    if (!line_too_long_) partial_.append(bytes.substr(0, length));
    if (!whole) return;
    bytes.remove_prefix(length + 1);
    ++line_;
    if (line_too_long_) {
      add_error("a line of more than 4 MB, skipped", events);
    } else {
      take_line(partial_, events);
    }
    line_too_long_ = false;
    partial_.clear();
  }
}

std::vector<Event> ProtocolReader::poll(bool at_end) {
  std::vector<Event> events;
  const auto complain = [&](const std::string& message) {
    if (!file_complained_) add_error(message, events);
    file_complained_ = true;
  };
  // O_NONBLOCK, for the process may have put a pipe in its place.
  const int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat status = {};
  if (file < 0) {
    if (at_end || errno != ENOENT) complain("the file of events cannot be read");
    return events;
  }
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    complain("the file of events is no longer a regular file");
  } else if (static_cast<std::uint64_t>(status.st_size) < offset_) {
    complain("the file of events has become shorter");
  } else if (offset_ > kProtocolFileLimit) {
    offset_ = static_cast<std::uint64_t>(status.st_size);
  } else {
    std::string buffer(256 * 1024, '\0');
    for (;;) {
      const ssize_t got = ::pread(file, buffer.data(), buffer.size(), static_cast<off_t>(offset_));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      offset_ += static_cast<std::uint64_t>(got);
      if (offset_ > kProtocolFileLimit) {
        complain("more than " + std::to_string(kProtocolFileLimit >> 20) +
                 " MB of events; the rest is not read");
        break;
      }
      take_bytes({buffer.data(), static_cast<std::size_t>(got)}, events);
    }
  }
  ::close(file);
  if (at_end && (line_too_long_ || !partial_.empty())) {
    ++line_;
    add_error(line_too_long_ ? "a line of more than 4 MB, skipped"
                             : "the last line is cut short: " + excerpt(partial_),
              events);
    partial_.clear();
    line_too_long_ = false;
  }
  return events;
}

}  // namespace conformance
