#include "runtime/base/schedule_trace.h"

#include <algorithm>
#include <set>

namespace runtime {

namespace {

using machine::AccessKind;
using machine::Event;

std::string value_text(std::uint64_t value) {
  auto as_signed = static_cast<std::int64_t>(value);
  if (as_signed > -1000 && as_signed < 100'000) return std::to_string(as_signed);
  char text[24];
  std::snprintf(text, sizeof(text), "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

std::string operand_name(const machine::ExecutionResult& result,
                         const machine::Operation& operation) {
  for (const auto& [address, name] : result.names) {
    if (operation.address == address) return name + " ";
  }
  return "";
}

std::string what(const machine::ExecutionResult& result, const Event& event) {
  const machine::Operation& operation = event.operation;
  std::string name = operand_name(result, operation);
  switch (operation.kind) {
    case AccessKind::kPoint:
      return "- " + std::string(operation.name) + " -";
    case AccessKind::kLoad:
      return name + "load " + value_text(event.after);
    case AccessKind::kCompareExchange:
      if (event.before == event.after)
        return name + "compare-exchange fails, it is " + value_text(event.before);
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

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string where(const machine::Operation& operation) {
  return base_name(operation.where.file) + ":" + std::to_string(operation.where.line) + " " +
         operation.where.function;
}

std::string fitted(std::string text, std::size_t width) {
  if (text.size() > width) {
    text.resize(width - 2);
    text += "..";
  }
  text.resize(width, ' ');
  return text;
}

}  // namespace

std::string trace_text(const machine::ExecutionResult& result, std::size_t limit) {
  std::size_t first = result.events.size() > limit ? result.events.size() - limit : 0;
  std::set<unsigned> tasks;
  for (std::size_t i = first; i < result.events.size(); ++i) tasks.insert(result.events[i].task);
  if (tasks.empty()) return "";
  std::size_t width = std::max<std::size_t>(36, 150 / tasks.size());
  std::string text = "  step  ";
  for (unsigned task : tasks) text += fitted("thread " + std::to_string(task), width) + "| ";
  text += "\n";
  if (first != 0) text += "        (" + std::to_string(first) + " operations before)\n";
  for (std::size_t i = first; i < result.events.size(); ++i) {
    const Event& event = result.events[i];
    std::string step = std::to_string(i + 1);
    std::string line = (event.preempted ? "* " : "  ") +
                       std::string(step.size() < 4 ? 4 - step.size() : 0, ' ') + step + "  ";
    for (unsigned task : tasks) {
      line += fitted(task == event.task ? what(result, event) + "  " + where(event.operation) : "",
                     width) +
              "| ";
    }
    while (!line.empty() && (line.back() == ' ' || line.back() == '|')) line.pop_back();
    text += line + "\n";
  }
  text += "  (* the other thread was stopped here although it could have gone on)\n";
  return text;
}

}  // namespace runtime
