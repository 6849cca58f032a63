#include <algorithm>
#include <string_view>
#include <vector>

#include "fuzz/programs/iterators_container.h"

namespace fuzzing {

namespace {

bool is(const Event& event, std::string_view method) { return event.method == method; }

// What one thread was told by one action.
struct Told {
  const Event* event;
  std::vector<std::int64_t> items;
  bool ended = false;  // and nothing after it
};

Told told_by(const Recorder::OfThread& thread, const Event& event) {
  Told told{&event, {}, false};
  const Answer& answer = event.answer;
  switch (answer.kind) {
    case Answer::Kind::kNone:
      told.ended = true;
      break;
    case Answer::Kind::kNumber:
    case Answer::Kind::kPair:
      told.items.push_back(answer.number);
      break;
    case Answer::Kind::kNumbers: {
      const auto numbers = std::span(thread.numbers).subspan(answer.first, answer.count);
      told.items.assign(numbers.begin(), numbers.end());
      told.ended = answer.count < 12;
      break;
    }
    default:
      break;
  }
  return told;
}

bool may_be_given(IteratorKind kind, std::int64_t item) {
  if (kind == IteratorKind::kEnumerate) return item >= 0;
  for (std::int64_t i = 0; i < 8; ++i) {
    if (item == element_number(i)) return true;
  }
  return false;
}

bool gives_each_once(IteratorKind kind, bool changed) {
  return kind == IteratorKind::kEnumerate || (kind == IteratorKind::kDeque && !changed);
}

bool leaves_nothing_out(IteratorKind kind, bool changed) {
  return !changed && (kind == IteratorKind::kList || kind == IteratorKind::kListReverse ||
                      kind == IteratorKind::kDictKeys || kind == IteratorKind::kDeque ||
                      kind == IteratorKind::kReversed);
}

}  // namespace

std::string iterator_complaint(const Program& program, const Recorder& recorder,
                               std::span<const std::int64_t> initial) {
  const IteratorKind kind = iterator_kind(program.kind);
  std::vector<Told> all;
  bool changed = false, raised = false;
  std::int64_t first_end = INT64_MAX;  // when somebody had been told
  for (const Recorder::OfThread& thread : recorder.threads) {
    for (unsigned i = 0; i < thread.count; ++i) {
      const Event& event = thread.events[i];
      if (!is(event, "next") && !is(event, "drain")) {
        changed = true;
        continue;
      }
      raised = raised || event.answer.kind == Answer::Kind::kRaised;
      all.push_back(told_by(thread, event));
      if (all.back().ended) first_end = std::min(first_end, event.returned_at);
    }
  }
  std::vector<std::int64_t> given;
  for (const Told& told : all) {
    for (std::int64_t item : told.items) {
      if (!may_be_given(kind, item)) return "an iterator gives what was in its container";
      given.push_back(item);
    }
    if (told.event->called_at > first_end && !told.items.empty())
      return "an iterator that has ended stays so";
  }
  std::sort(given.begin(), given.end());
  if (gives_each_once(kind, changed) &&
      std::adjacent_find(given.begin(), given.end()) != given.end())
    return "each item of this iterator is given once";
  if (leaves_nothing_out(kind, changed) && !raised && first_end != INT64_MAX) {
    for (std::int64_t item : initial) {
      if (!std::binary_search(given.begin(), given.end(), item))
        return "an iterator that has ended has given every item";
    }
  }
  return "";
}

}  // namespace fuzzing
