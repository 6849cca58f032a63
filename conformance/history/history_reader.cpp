// A line is read, its JSON is parsed, its fields are asked for by name and type, and then it is held
// against what is known of its thread: one open call at most, and time that does not run backwards.
#include "conformance/history/history_reader.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "conformance/spec/advice.h"

namespace conformance {

namespace {

using nlohmann::json;

struct BadLine {
  int column;
  std::string message, advice;
};

constexpr std::array<std::string_view, 7> kHeaderFields = {
    "heddle_history", "model", "unit", "resolution", "source", "initial", "bound"};
constexpr std::array<std::string_view, 5> kCallFields = {"event", "thread", "time", "method",
                                                         "arguments"};
constexpr std::array<std::string_view, 4> kReturnFields = {"event", "thread", "time", "result"};
constexpr std::array<std::string_view, 6> kWholeFields = {"thread", "call",      "return",
                                                          "method", "arguments", "result"};
constexpr std::array<std::string_view, 5> kUnits = {"ns", "us", "ms", "s", "ticks"};

// Bytes that a value holds beside itself, from above.
std::int64_t bytes_of(const Value& value) {
  std::int64_t bytes = static_cast<std::int64_t>(sizeof(Value) + value.text.capacity());
  for (const Value& item : value.items) bytes += bytes_of(item);
  return bytes +
         static_cast<std::int64_t>((value.items.capacity() - value.items.size()) * sizeof(Value));
}

// One line: its text and its JSON. Columns are found by looking for the field's name in the text.
class Line {
 public:
  explicit Line(std::string_view text) : text_(text) {
    try {
      row_ = json::parse(text.begin(), text.end());
    } catch (const json::exception& error) {
      const auto* parse = dynamic_cast<const json::parse_error*>(&error);
      const std::size_t byte = parse != nullptr ? std::max<std::size_t>(parse->byte, 1) : 1;
      throw BadLine{static_cast<int>(byte), "this is no JSON",
                    "a line is one object: {\"thread\": 0, \"call\": 1, \"return\": 2, \"method\": "
                    "\"append\", \"arguments\": [\"1\"], \"result\": \"None\"}"};
    }
    if (!row_.is_object()) throw BadLine{1, "this is no object", "a line is one JSON object"};
  }

  bool has(const char* name) const { return row_.contains(name); }

  int column_of(std::string_view name) const {
    const std::size_t at = text_.find('"' + std::string(name) + '"');
    return at == std::string_view::npos ? 1 : static_cast<int>(at) + 1;
  }

  template <std::size_t Size>
  void only(const std::array<std::string_view, Size>& known, const char* what) const {
    for (const auto& [name, value] : row_.items()) {
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        throw BadLine{column_of(name), fmt::format("unknown field '{}' of {}", name, what),
                      did_you_mean_or_list(name, known)};
      }
    }
  }

  const json& field(const char* name) const {
    const auto found = row_.find(name);
    if (found == row_.end()) throw BadLine{1, fmt::format("the field '{}' is missing", name), ""};
    return *found;
  }

  std::string text(const char* name) const {
    if (!field(name).is_string()) throw wrong(name, "is not text", "");
    return field(name).get<std::string>();
  }

  std::int64_t whole(const char* name, std::int64_t smallest, std::int64_t largest) const {
    const json& value = field(name);
    const bool fits = value.is_number_integer() &&
                      !(value.is_number_unsigned() &&
                        value.get<std::uint64_t>() > static_cast<std::uint64_t>(largest)) &&
                      value.get<std::int64_t>() >= smallest && value.get<std::int64_t>() <= largest;
    if (!fits) {
      throw wrong(name, "is not a whole number in range",
                  fmt::format("it is written {} to {}, without a point", smallest, largest));
    }
    return value.get<std::int64_t>();
  }

  Value value(const char* name) const { return parsed(name, text(name)); }

  std::vector<Value> values(const char* name) const {
    const json& all = field(name);
    std::vector<Value> found;
    if (!all.is_array())
      throw wrong(name, "is not a list", "an argument is one text in it: [\"1\"]");
    for (const json& one : all) {
      if (!one.is_string()) {
        throw wrong(name, "holds something that is no text",
                    "values are spelled as text: [\"1\", \"'a'\", \"[1, 2]\"]");
      }
      found.push_back(parsed(name, one.get<std::string>()));
    }
    return found;
  }

  BadLine wrong(const char* name, const std::string& what, const std::string& advice) const {
    return {column_of(name), fmt::format("'{}' {}", name, what), advice};
  }

 private:
  Value parsed(const char* name, const std::string& spelling) const {
    ValueError error;
    std::optional<Value> value = parse_value(spelling, error);
    if (!value) {
      throw wrong(name,
                  fmt::format("holds {:.60}, which is no value: {} (byte {})", spelling,
                              error.message, error.offset),
                  "values are spelled as in specs/README.md, text in quotes: \"'a'\"");
    }
    return *std::move(value);
  }

  std::string_view text_;
  json row_;
};

constexpr std::int64_t kEarliest = std::numeric_limits<std::int64_t>::min() / 4;
constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max() / 4;

struct ThreadSeen {
  std::int64_t latest = kEarliest;
  int latest_line = 0;
  std::optional<std::size_t> open;  // index of the operation whose return is awaited
  int open_line = 0;
};

class Reader {
 public:
  Reader(const std::string& name, const HistoryLimits& limits, Diagnostics& diagnostics)
      : name_(name), limits_(limits), diagnostics_(diagnostics) {}

  History read(std::istream& stream) {
    std::string line;
    while (!stopped_) {
      const bool ended = next_line(stream, line);
      if (stopped_ || (!ended && line.empty())) break;
      ++line_;
      if (!blank(line)) take(line, ended);
      if (!ended) break;
    }
    if (stream.bad()) complain(0, "reading failed", "");
    if (!seen_header_ && !stopped_ && complaints_ == 0) {
      complain(0, "no history is in this file",
               "its first line is {\"heddle_history\": 1, \"unit\": \"ns\", \"resolution\": 1}");
    }
    return std::move(history_);
  }

 private:
  static bool blank(const std::string& line) {
    return line.find_first_not_of(" \t\r") == std::string::npos;
  }

  // False where the text ends before a newline does. Holds one line at most, and no more of it than
  // is allowed.
  bool next_line(std::istream& stream, std::string& line) {
    line.clear();
    std::streambuf* buffer = stream.rdbuf();
    for (int next = buffer->sbumpc();; next = buffer->sbumpc()) {
      if (next == std::char_traits<char>::eof()) return false;
      if (next == '\n') return true;
      line.push_back(static_cast<char>(next));
      if (static_cast<std::int64_t>(line.size()) > limits_.line) {
        ++line_;
        complain(1, fmt::format("this line is longer than {} bytes", limits_.line),
                 "a line holds one operation");
        stopped_ = true;
        return true;
      }
    }
  }

  void complain(int column, std::string message, std::string advice,
                Severity severity = Severity::Error) {
    diagnostics_.push_back(
        {name_, column == 0 ? 0 : line_, column, std::move(message), std::move(advice), severity});
    if (severity == Severity::Error && ++complaints_ == kMaximumComplaints) {
      diagnostics_.push_back(
          {name_, line_, 1, "too many errors; the rest is not read", "", Severity::Warning});
      stopped_ = true;
    }
  }

  void take(const std::string& text, bool ended) {
    try {
      take_line(Line(text));
    } catch (const BadLine& bad) {
      if (!ended && seen_header_) {
        complain(bad.column, "the last line is cut off: the recorder died while it wrote",
                 "what stands before it is checked; calls that are open never returned",
                 Severity::Warning);
      } else {
        complain(bad.column, bad.message, bad.advice);
        if (!seen_header_) stopped_ = true;
      }
    }
  }

  void take_line(const Line& line) {
    if (!seen_header_) return take_header(line);
    if (line.has("heddle_history")) {
      throw BadLine{1, "a second header", "a file holds one history"};
    }
    if (!line.has("event")) return take_whole(line);
    const std::string event = line.text("event");
    if (event == "call") return take_call(line);
    if (event == "return") return take_return(line);
    throw line.wrong("event", fmt::format("cannot be '{}'", event), "it is call or return");
  }

  void take_header(const Line& line) {
    if (!line.has("heddle_history")) {
      throw BadLine{1, "the first line is no header",
                    "it is {\"heddle_history\": 1, \"unit\": \"ns\", \"resolution\": 1}"};
    }
    const std::int64_t format = line.whole("heddle_history", 0, kLatest);
    if (format != kHistoryFormat) {
      throw line.wrong("heddle_history", fmt::format("is format {}", format),
                       fmt::format("this program reads {}", kHistoryFormat));
    }
    line.only(kHeaderFields, "the header");
    HistoryMetadata& metadata = history_.metadata;
    if (line.has("model")) metadata.model = line.text("model");
    if (line.has("source")) metadata.source = line.text("source");
    metadata.unit = line.text("unit");
    if (std::find(kUnits.begin(), kUnits.end(), metadata.unit) == kUnits.end()) {
      throw line.wrong("unit", fmt::format("cannot be '{}'", metadata.unit),
                       "known are: ns, us, ms, s, ticks");
    }
    metadata.resolution = line.whole("resolution", 1, kLatest);
    if (line.has("initial")) metadata.initial = line.value("initial");
    if (line.has("bound")) metadata.bound = line.whole("bound", 0, kLatest);
    seen_header_ = true;
  }

  void take_question(const Line& line, Operation& operation) {
    operation.thread =
        static_cast<int>(line.whole("thread", 0, std::numeric_limits<std::uint16_t>::max()));
    operation.method = line.text("method");
    operation.arguments = line.values("arguments");
  }

  void take_call(const Line& line) {
    line.only(kCallFields, "a call");
    Operation operation;
    take_question(line, operation);
    operation.called_at = line.whole("time", kEarliest, kLatest);
    operation.returned = false;
    ThreadSeen& thread = threads_[operation.thread];
    refuse_open(line, thread, operation.thread);
    refuse_backwards(line, "time", thread, operation.thread, operation.called_at);
    if (!add(std::move(operation))) return;
    thread.open = history_.operations.size() - 1;
    thread.open_line = line_;
  }

  void take_return(const Line& line) {
    line.only(kReturnFields, "a return");
    const int number =
        static_cast<int>(line.whole("thread", 0, std::numeric_limits<std::uint16_t>::max()));
    ThreadSeen& thread = threads_[number];
    if (!thread.open) {
      throw line.wrong("event", fmt::format("is a return of thread {} without a call", number),
                       "each return follows the call of its thread");
    }
    const std::int64_t time = line.whole("time", kEarliest, kLatest);
    Value result = line.value("result");
    refuse_backwards(line, "time", thread, number, time);
    Operation& operation = history_.operations[*thread.open];
    operation.returned_at = time;
    operation.result = std::move(result);
    operation.returned = true;
    bytes_ += bytes_of(operation.result);
    thread.open.reset();
  }

  void take_whole(const Line& line) {
    line.only(kWholeFields, "an operation");
    Operation operation;
    take_question(line, operation);
    operation.called_at = line.whole("call", kEarliest, kLatest);
    operation.returned = line.has("return");
    if (!operation.returned && line.has("result")) {
      throw line.wrong("result", "stands there without 'return'",
                       "an operation that never returned has neither");
    }
    ThreadSeen& thread = threads_[operation.thread];
    refuse_open(line, thread, operation.thread);
    const int number = operation.thread;
    refuse_backwards(line, "call", thread, number, operation.called_at);
    if (operation.returned) {
      operation.returned_at = line.whole("return", kEarliest, kLatest);
      operation.result = line.value("result");
      refuse_backwards(line, "return", thread, number, operation.returned_at);
    }
    const bool open = !operation.returned;
    if (!add(std::move(operation)) || !open) return;
    thread.open = history_.operations.size() - 1;
    thread.open_line = line_;
  }

  void refuse_open(const Line& line, const ThreadSeen& thread, int number) const {
    if (!thread.open) return;
    throw line.wrong("thread",
                     fmt::format("{} has a call open since line {}", number, thread.open_line),
                     "a thread returns from one operation before it calls the next");
  }

  void refuse_backwards(const Line& line, const char* field, ThreadSeen& thread, int number,
                        std::int64_t time) const {
    if (time < thread.latest) {
      throw line.wrong(field,
                       fmt::format("is {}, before {} at line {}: time runs backwards in thread {}",
                                   time, thread.latest, thread.latest_line, number),
                       "stamps come from one monotonic clock");
    }
    thread.latest = time;
    thread.latest_line = line_;
  }

  bool add(Operation operation) {
    bytes_ += static_cast<std::int64_t>(sizeof(Operation) + operation.method.capacity()) +
              bytes_of(operation.result);
    for (const Value& argument : operation.arguments) bytes_ += bytes_of(argument);
    const auto count = static_cast<std::int64_t>(history_.operations.size());
    // The vector holds up to twice its operations, and while it grows three times.
    const std::int64_t room = bytes_ + 2 * count * static_cast<std::int64_t>(sizeof(Operation));
    if (count >= limits_.operations || room > limits_.bytes) {
      const std::string limit = count >= limits_.operations
                                    ? fmt::format("{} operations", limits_.operations)
                                    : fmt::format("{} bytes in memory", limits_.bytes);
      complain(1, fmt::format("the history is larger than {}", limit),
               "record shorter histories, or raise the limit");
      stopped_ = true;
      return false;
    }
    history_.operations.push_back(std::move(operation));
    return true;
  }

  const std::string& name_;
  const HistoryLimits& limits_;
  Diagnostics& diagnostics_;
  History history_;
  std::map<int, ThreadSeen> threads_;
  std::int64_t bytes_ = 0;
  int line_ = 0;
  int complaints_ = 0;
  bool seen_header_ = false;
  bool stopped_ = false;
};

}  // namespace

History read_history(std::istream& stream, const std::string& name, const HistoryLimits& limits,
                     Diagnostics& diagnostics) {
  return Reader(name, limits, diagnostics).read(stream);
}

History read_history_file(const std::string& path, const HistoryLimits& limits,
                          Diagnostics& diagnostics) {
  if (path == "-") return read_history(std::cin, "<standard input>", limits, diagnostics);
  std::ifstream stream(path, std::ios::binary);
  if (!stream || stream.peek() == std::ifstream::traits_type::eof()) {
    const bool opened = stream.is_open() && stream.eof();
    diagnostics.push_back(
        {path, 0, 0,
         opened ? "the file is empty" : fmt::format("cannot be read: {}", std::strerror(errno)),
         "a history is a file of JSON Lines (conformance/history/README.md)", Severity::Error});
    return {};
  }
  return read_history(stream, path, limits, diagnostics);
}

}  // namespace conformance
