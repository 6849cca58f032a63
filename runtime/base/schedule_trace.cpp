#include "runtime/base/schedule_trace.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace runtime {

namespace {

using machine::AccessKind;
using machine::Event;

constexpr std::size_t kShownWhole = 160;    // operations; longer traces are folded
constexpr std::size_t kShownAtTheEnd = 40;  // of a trace that is folded
constexpr std::size_t kShownAtSwitch = 10;  // before and after
constexpr std::size_t kWidth = 150;         // of all columns together

class Trace {
 public:
  explicit Trace(const machine::ExecutionResult& result) : result_(result) {
    for (const auto& [address, name] : result.names) names_.emplace(address, name);
    choose_events();
    choose_columns();
  }
  std::string text() const;

 private:
  void choose_events();
  void choose_columns();
  [[nodiscard]] std::string name_of(std::uintptr_t address) const;
  [[nodiscard]] std::string value_text(std::uint64_t value) const;
  [[nodiscard]] std::string what(const Event& event) const;
  [[nodiscard]] std::string line(std::size_t index) const;
  [[nodiscard]] std::string folded(std::size_t begin, std::size_t end) const;
  [[nodiscard]] std::string stop_before(std::size_t index) const;

  const machine::ExecutionResult& result_;
  std::map<std::uintptr_t, std::string> names_;
  std::vector<bool> shown_;
  std::map<unsigned, std::size_t> columns_;  // thread, width
};

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string where(const machine::Operation& operation) {
  std::string function = operation.where.function;
  return base_name(operation.where.file) + ":" + std::to_string(operation.where.line) +
         (function == "operator()" ? "" : " " + function);  // a lambda has no name
}

std::string fitted(std::string text, std::size_t width) {
  if (text.size() > width) {
    text.resize(width - 2);
    text += "..";
  }
  text.resize(width, ' ');
  return text;
}

std::string note(const std::string& text) { return "        ======== " + text + "\n"; }

bool starts_or_ends_a_thread(AccessKind kind) {
  return kind == AccessKind::kStart || kind == AccessKind::kJoin || kind == AccessKind::kExit;
}

// From the first operation of a second thread on; of a long trace what is near a switch, and the
// end.
void Trace::choose_events() {
  const std::vector<Event>& events = result_.events;
  shown_.assign(events.size(), false);
  auto second = std::find_if(events.begin(), events.end(),
                             [](const Event& event) { return event.task != 1; });
  auto first = second == events.end() ? 0 : static_cast<std::size_t>(second - events.begin());
  bool whole = events.size() - first <= kShownWhole;
  for (std::size_t i = first; i < events.size(); ++i) {
    if (whole || i + kShownAtTheEnd >= events.size()) shown_[i] = true;
    if (!events[i].switched) continue;
    std::size_t begin = std::max(first, i - std::min(i, kShownAtSwitch));
    std::size_t end = std::min(events.size(), i + kShownAtSwitch);
    std::fill(shown_.begin() + static_cast<std::ptrdiff_t>(begin),
              shown_.begin() + static_cast<std::ptrdiff_t>(end), true);
  }
}

// A thread that only starts and joins others gets a narrow column.
void Trace::choose_columns() {
  constexpr std::size_t kNarrow = 10;
  std::set<unsigned> wide;
  for (std::size_t i = 0; i < shown_.size(); ++i) {
    if (!shown_[i]) continue;
    columns_[result_.events[i].task] = kNarrow;
    if (!starts_or_ends_a_thread(result_.events[i].operation.kind))
      wide.insert(result_.events[i].task);
  }
  std::size_t room = kWidth - kNarrow * (columns_.size() - wide.size());
  for (unsigned task : wide) columns_[task] = std::max<std::size_t>(30, room / wide.size());
}

std::string Trace::name_of(std::uintptr_t address) const {
  auto found = names_.find(address);
  return found == names_.end() ? "" : found->second;
}

std::string Trace::value_text(std::uint64_t value) const {
  if (std::string name = name_of(value); !name.empty()) return "&" + name;
  auto as_signed = static_cast<std::int64_t>(value);
  if (as_signed > -1000 && as_signed < 100'000) return std::to_string(as_signed);
  char text[24];
  std::snprintf(text, sizeof(text), "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

std::string Trace::what(const Event& event) const {
  const machine::Operation& operation = event.operation;
  std::string name = name_of(operation.address);
  if (!name.empty()) name += " ";
  switch (operation.kind) {
    case AccessKind::kPoint:
      return "- " + std::string(operation.name) + " -";
    case AccessKind::kLoad:
      return name + "load " + value_text(event.after);
    case AccessKind::kCompareExchange:
      if (event.before == event.after)
        return name + "compare-exchange fails: " + value_text(event.before);
      return name + "compare-exchange " + value_text(event.before) + " -> " +
             value_text(event.after);
    case AccessKind::kWait:
      return name + (event.timed_out ? "wait: too late" : "wait: woken");
    case AccessKind::kStore:
    case AccessKind::kExchange:
    case AccessKind::kFetchAdd:
    case AccessKind::kFetchOr:
    case AccessKind::kFetchAnd:
      return name + kind_name(operation.kind) + " " + value_text(event.before) + " -> " +
             value_text(event.after);
    default:
      return name + kind_name(operation.kind);
  }
}

std::string Trace::line(std::size_t index) const {
  const Event& event = result_.events[index];
  std::string step = std::to_string(index + 1);
  std::string text = std::string(step.size() < 6 ? 6 - step.size() : 0, ' ') + step + "  ";
  for (const auto& [task, width] : columns_) {
    std::string cell = task == event.task ? what(event) : "";
    if (task == event.task && !starts_or_ends_a_thread(event.operation.kind))
      cell += "  " + where(event.operation);
    text += fitted(cell, width) + "| ";
  }
  while (text.back() == ' ' || text.back() == '|') text.pop_back();
  return text + "\n";
}

std::string Trace::folded(std::size_t begin, std::size_t end) const {
  std::set<unsigned> tasks;
  for (std::size_t i = begin; i < end; ++i) tasks.insert(result_.events[i].task);
  std::string text = "        (" + std::to_string(end - begin) +
                     (end - begin == 1 ? " operation" : " operations") + " of thread";
  for (unsigned task : tasks) text += " " + std::to_string(task);
  return text + ")\n";
}

// "thread 2 is stopped before its step 49"
std::string Trace::stop_before(std::size_t index) const {
  const std::vector<Event>& events = result_.events;
  unsigned stopped = index == 0 ? 0 : events[index - 1].task;
  auto next = std::find_if(events.begin() + static_cast<std::ptrdiff_t>(index), events.end(),
                           [&](const Event& event) { return event.task == stopped; });
  std::string text = "thread " + std::to_string(stopped) + " is stopped here";
  if (next == events.end()) return note(text + " and does not run again");
  return note(text + ", before step " + std::to_string(next - events.begin() + 1));
}

std::string Trace::text() const {
  if (columns_.empty()) return "";
  std::string text = "  step  ";
  for (const auto& [task, width] : columns_)
    text += fitted("thread " + std::to_string(task), width) + "| ";
  text.resize(text.find_last_not_of(" |") + 1);
  text += "\n";
  for (std::size_t i = 0; i < shown_.size();) {
    std::size_t end = i;
    while (end < shown_.size() && !shown_[end]) ++end;
    if (end != i) {
      text += folded(i, end);
      i = end;
      continue;
    }
    if (result_.events[i].preempted) text += stop_before(i);
    text += line(i++);
  }
  if (result_.ending == machine::Ending::kFailed) {
    text += note("failed: " + result_.sentence);
    text += "                 " + result_.place + "\n";
  }
  return text;
}

}  // namespace

std::string trace_text(const machine::ExecutionResult& result) { return Trace(result).text(); }

}  // namespace runtime
