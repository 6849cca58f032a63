#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "fuzz/programs/judge.h"

namespace fuzzing {

namespace {

std::string list_text(std::span<const std::int64_t> numbers, bool pairs) {
  std::string text = "[";
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) text += pairs && i % 2 == 1 ? ": " : ", ";
    text += std::to_string(numbers[i]);
  }
  return text + "]";
}

std::string answer_text(const Recorder::OfThread& thread, const Answer& answer) {
  static const char* const kExceptions[] = {"KeyError", "IndexError", "ValueError", "RuntimeError"};
  switch (answer.kind) {
    case Answer::Kind::kNone:
      return "None";
    case Answer::Kind::kTruth:
      return answer.number != 0 ? "True" : "False";
    case Answer::Kind::kNumber:
      return std::to_string(answer.number);
    case Answer::Kind::kRaised:
      return kExceptions[answer.number];
    case Answer::Kind::kPair:
      return "(" + std::to_string(answer.number) + ", " + std::to_string(answer.other) + ")";
    case Answer::Kind::kNumbers:
    case Answer::Kind::kPairs:
      break;
  }
  return list_text(std::span(thread.numbers).subspan(answer.first, answer.count),
                   answer.kind == Answer::Kind::kPairs);
}

std::string event_text(const Recorder::OfThread& thread, const Event& event, bool mapping) {
  std::string text = event.method;
  text += "(";
  if (event.takes_numbers) {
    text += list_text(std::span(thread.numbers).subspan(event.first, event.count), mapping);
  } else {
    for (unsigned i = 0; i < event.arguments; ++i)
      text += (i > 0 ? ", " : "") + std::to_string(event.argument[i]);
  }
  return text + ")" + (event.returned ? " -> " + answer_text(thread, event.answer) : " ...");
}

struct Line {
  std::int64_t at;
  std::size_t column;
  std::string text;
};

}  // namespace

std::string program_text(const ContainerKind& kind, const Program& program,
                         const Recorder& recorder, std::span<const std::int64_t> initial) {
  const bool mapping = std::string_view(kind.model) == "dict";
  std::vector<Line> lines;
  std::size_t width = 10;
  for (std::size_t i = 0; i < recorder.threads.size(); ++i) {
    const Recorder::OfThread& thread = recorder.threads[i];
    for (unsigned j = 0; j < thread.count; ++j) {
      const Event& event = thread.events[j];
      std::string text = event_text(thread, event, mapping);
      width = std::max(width, std::min<std::size_t>(text.size() + 2, 48));
      lines.push_back({event.called_at, i, "> " + text});
    }
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& left, const Line& right) { return left.at < right.at; });
  std::string text = "  " + std::string(kind.name) + ", kind " + std::to_string(program.kind) +
                     ", at the beginning " + list_text(initial, mapping) + "\n  called ";
  const unsigned threads = program.threads;
  for (unsigned i = 0; i < threads; ++i) {
    std::string head = "thread " + std::to_string(i);
    head.resize(width + 2, ' ');
    text += head;
  }
  text += "\n";
  for (const Line& line : lines) {
    char stamp[16];
    std::snprintf(stamp, sizeof(stamp), "  %6lld ",
                  static_cast<long long>(line.at - lines.front().at) % 1'000'000);
    text += stamp;
    if (line.column < threads) text += std::string(line.column * (width + 2), ' ');
    text += (line.column < threads ? "" : "at the end: ") + line.text + "\n";
  }
  return text;
}

}  // namespace fuzzing
