// Sentences and bars.
#include "conformance/linearizability/answer_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace conformance {

namespace {

constexpr std::size_t kMostPrefix = 12;  // operations of the prefix that are shown, the last ones
constexpr std::size_t kMostCharacters = 70;  // of an operation or a state
constexpr std::size_t kMostColumns = 60;     // of the bars

std::string shortened(const std::string& text) {
  if (text.size() <= kMostCharacters) return text;
  return text.substr(0, kMostCharacters - 3) + "...";
}

std::string shown(const History& history, std::size_t index) {
  const Operation& operation = history.operations[index];
  return fmt::format("thread {}: {}", operation.thread, shortened(describe(operation)));
}

std::string plural(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string core_text(const History& history, const CheckResult& result) {
  const std::size_t others = history.operations.size() - result.core.size();
  std::string text =
      fmt::format("\nNo order explains {}{}:\n\n",
                  result.core.size() == 1 ? "this operation" : "these operations",
                  others == 0 ? "" : fmt::format(", whatever the other {} did", others));
  text += timeline_text(history, result.core);
  if (!result.core_start.empty()) {
    text += fmt::format("\nBefore them the object was {}:\n",
                        result.core_start.size() == 1 ? "this" : "one of these");
    for (const std::string& start : result.core_start) text += "  " + shortened(start) + "\n";
  }
  if (!result.core_is_minimal) {
    text += "\nThere may be fewer: the time for leaving out more ran out.\n";
  }
  return text;
}

std::string stuck_text(const History& history, const CheckResult& result) {
  const Stuck& stuck = result.stuck;
  std::string text =
      fmt::format("\nThe longest order found has {}", plural(stuck.prefix.size(), "operation"));
  const std::size_t first =
      stuck.prefix.size() > kMostPrefix ? stuck.prefix.size() - kMostPrefix : 0;
  if (first > 0) text += fmt::format("; the last {}", kMostPrefix);
  text += stuck.prefix.empty() ? ".\n" : ":\n";
  for (std::size_t at = first; at < stuck.prefix.size(); ++at) {
    text += fmt::format("  {:>5}. {}\n", at + 1, shown(history, stuck.prefix[at]));
  }
  text += fmt::format("There the object is {}, and one of these must go next:\n",
                      shortened(stuck.state));
  for (const Refusal& refusal : stuck.refused) {
    const Operation& operation = history.operations[refusal.operation];
    const bool fits = operation.returned && refusal.expected == to_string(operation.result);
    text +=
        fmt::format("  {}\n      {}\n", shown(history, refusal.operation),
                    refusal.expected.empty() ? "would wait here"
                    : fits                   ? "could, but then no order goes on"
                    : operation.returned     ? "would be " + shortened(refusal.expected) + " here"
                                         : "could have taken effect, but then no order goes on");
  }
  return text;
}

std::string undecided_text(const CheckResult& result) {
  const char* what = result.why_undecided == WhyUndecided::Time     ? "time"
                     : result.why_undecided == WhyUndecided::Memory ? "memory"
                                                                    : "patience (it was cancelled)";
  return fmt::format("Ran out of {} after {} questions to the model and {} configurations.\n", what,
                     result.steps, result.remembered);
}

}  // namespace

std::string timeline_text(const History& history, const std::vector<std::size_t>& operations) {
  std::vector<std::size_t> order = operations;
  std::sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    const Operation& a = history.operations[left];
    const Operation& b = history.operations[right];
    return a.called_at != b.called_at ? a.called_at < b.called_at : left < right;
  });
  std::vector<std::int64_t> stamps;
  for (const std::size_t index : order) {
    const Operation& operation = history.operations[index];
    stamps.push_back(operation.called_at);
    if (operation.returned) stamps.push_back(operation.returned_at);
  }
  std::sort(stamps.begin(), stamps.end());
  stamps.erase(std::unique(stamps.begin(), stamps.end()), stamps.end());
  const std::size_t step = stamps.size() <= kMostColumns / 4   ? 4
                           : stamps.size() <= kMostColumns / 2 ? 2
                                                               : 1;
  const auto column = [&](std::int64_t stamp) {
    const auto at = std::lower_bound(stamps.begin(), stamps.end(), stamp) - stamps.begin();
    return std::min(static_cast<std::size_t>(at) * step, kMostColumns - 1);
  };
  const bool open = std::any_of(order.begin(), order.end(), [&](std::size_t index) {
    return !history.operations[index].returned;
  });
  const std::size_t width = stamps.empty() ? 0 : column(stamps.back()) + (open ? step : 0);
  std::string text;
  for (const std::size_t index : order) {
    const Operation& operation = history.operations[index];
    std::string bar(width + 1, ' ');
    const std::size_t from = column(operation.called_at);
    const std::size_t to = operation.returned ? column(operation.returned_at) : width;
    for (std::size_t at = from; at <= to && at < bar.size(); ++at) bar[at] = '=';
    bar[from] = from == to ? '|' : '[';
    if (operation.returned && from != to) bar[to] = ']';
    if (!operation.returned) bar[width] = '>';
    text += fmt::format("  thread {:<3} {} {}\n", operation.thread, bar,
                        shortened(describe(operation)));
  }
  return text;
}

std::string answer_text(const History& history, const Model& model, const CheckResult& result) {
  std::string text = fmt::format("{}: {} of {}", to_string(result.answer),
                                 plural(history.operations.size(), "operation"), model.name);
  if (result.partitions > 1) text += fmt::format(", {} keys", result.partitions);
  text += "\n";
  for (const std::string& complaint : result.complaints) text += complaint + "\n";
  if (result.answer == Linearizability::Undecided) text += undecided_text(result);
  if (result.answer == Linearizability::NotLinearizable) {
    if (!result.core.empty()) text += core_text(history, result);
    text += stuck_text(history, result);
  }
  const std::string note = coarse_clock_note(history.metadata);
  if (!note.empty()) text += "note: " + note + "\n";
  return text;
}

}  // namespace conformance
