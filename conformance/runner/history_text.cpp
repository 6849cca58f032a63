#include "conformance/runner/history_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace conformance {
namespace {

constexpr std::size_t kMostWidth = 44;  // of a column

// "append(1) -> None"
std::string call_text(const Operation& operation) {
  std::string arguments;
  for (const Value& value : operation.arguments) {
    arguments += (arguments.empty() ? "" : ", ") + to_string(value);
  }
  return fmt::format("{}({}) -> {}", operation.method, arguments,
                     operation.returned ? to_string(operation.result) : "never returned");
}

int threads_of(const History& history) {
  int threads = 0;
  for (const Operation& operation : history.operations) {
    threads = std::max(threads, operation.thread + 1);
  }
  return threads;
}

// Is thread `thread` the one that looks when all is over: its calls come after every other return?
bool looks_last(const History& history, int thread) {
  std::int64_t first = INT64_MAX, last = INT64_MIN;
  for (const Operation& operation : history.operations) {
    if (operation.thread == thread) {
      first = std::min(first, operation.called_at);
    } else {
      last = std::max(last, operation.returned_at);
    }
  }
  return first > last;
}

std::string thread_name(const History& history, int thread) {
  const bool final = thread + 1 == threads_of(history) && looks_last(history, thread);
  return final ? "in the end" : fmt::format("thread {}", thread);
}

std::string span_text(const Operation& operation) {
  if (operation.called_at == operation.returned_at) {
    return fmt::format("moment {}", operation.called_at);
  }
  return fmt::format("moments {} to {}", operation.called_at, operation.returned_at);
}

std::string part_text(const History& history, const std::vector<std::size_t>& part) {
  std::string text;
  for (const std::size_t index : part) {
    const Operation& operation = history.operations[index];
    text += fmt::format("  {:<11} {:<34} {}\n", thread_name(history, operation.thread) + ":",
                        call_text(operation), span_text(operation));
  }
  return text;
}

std::string stuck_text(const History& history, const CheckResult& check) {
  const Stuck& stuck = check.stuck;
  if (stuck.refused.empty()) return "";
  std::string order;
  for (const std::size_t index : stuck.prefix) {
    const Operation& operation = history.operations[index];
    order += fmt::format("{}{}", order.empty() ? "" : ", ", call_text(operation));
  }
  std::string text = order.empty() ? std::string("the longest order has nothing in it")
                                   : "the longest order found: " + order;
  text += fmt::format("\nbehind it the state is {}, and of these one must come next:\n",
                      stuck.state.empty() ? "not known" : stuck.state);
  for (const Refusal& refusal : stuck.refused) {
    const Operation& operation = history.operations[refusal.operation];
    text += fmt::format("  {:<11} {:<34} {}\n", thread_name(history, operation.thread) + ":",
                        call_text(operation),
                        refusal.expected.empty() ? "which would wait there"
                                                 : "but there it gives " + refusal.expected);
  }
  return text;
}

}  // namespace

std::string columns_of(const History& history) {
  std::map<std::int64_t, std::map<int, std::vector<std::string>>>
      rows;  // moment -> thread -> calls
  const int threads = threads_of(history);
  std::vector<std::size_t> width(static_cast<std::size_t>(threads), 10);
  for (const Operation& operation : history.operations) {
    std::string text = call_text(operation);
    std::size_t& widest = width[static_cast<std::size_t>(operation.thread)];
    widest = std::min(kMostWidth, std::max(widest, text.size()));
    rows[operation.called_at][operation.thread].push_back(std::move(text));
  }
  std::string text = " ";
  for (int thread = 0; thread < threads; ++thread) {
    text += fmt::format(" {:<{}} ", thread_name(history, thread),
                        width[static_cast<std::size_t>(thread)]);
  }
  const auto end_line = [&] {
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  };
  end_line();
  for (const auto& [moment, calls] : rows) {
    std::size_t lines = 0;
    for (const auto& [thread, texts] : calls) lines = std::max(lines, texts.size());
    for (std::size_t line = 0; line < lines; ++line) {
      text += " ";
      for (int thread = 0; thread < threads; ++thread) {
        const auto found = calls.find(thread);
        const bool there = found != calls.end() && line < found->second.size();
        text += fmt::format(" {:<{}} ", there ? found->second[line] : "",
                            width[static_cast<std::size_t>(thread)]);
      }
      end_line();
    }
  }
  return text;
}

std::string failure_sentence(const FailingHistory& failing) {
  std::string calls;
  for (const std::size_t index : failing.check.core) {
    const Operation& operation = failing.history.operations[index];
    calls += (calls.empty() ? "" : ", ") + thread_name(failing.history, operation.thread) + ": " +
             call_text(operation);
  }
  return fmt::format("no order of one operation after the other explains {}", calls);
}

std::string failure_text(const FailingHistory& failing) {
  const HistoryMetadata& metadata = failing.history.metadata;
  std::string text = fmt::format(
      "program {}, at the start {}{}; {} of its {} runs have no explanation; one of them:\n",
      failing.program, metadata.initial ? to_string(*metadata.initial) : "empty",
      metadata.bound ? fmt::format(", bound {}", *metadata.bound) : "", failing.failing_runs,
      failing.runs);
  text += columns_of(failing.history);
  if (failing.check.core.size() < failing.history.operations.size()) {
    text += fmt::format("no order explains {} operations of it{}:\n", failing.check.core.size(),
                        failing.check.core_is_minimal ? ", none of which can be left out" : "");
    text += part_text(failing.history, failing.check.core);
    if (!failing.check.core_start.empty()) {
      std::string states;
      for (const std::string& state : failing.check.core_start) {
        states += (states.empty() ? "" : " or ") + state;
      }
      text += fmt::format("  where they begin, the state is {}\n", states);
    }
  }
  return text + stuck_text(failing.history, failing.check);
}

}  // namespace conformance
