#include "fuzz/programs/judge.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace fuzzing {

using conformance::CompactOperation;
using conformance::Linearizability;
using conformance::Word;

namespace {

const conformance::Model& model_named(const char* name) {
  const conformance::Model* model = conformance::find_model(name);
  if (model == nullptr) std::fprintf(stderr, "there is no model '%s'\n", name), std::abort();
  return *model;
}

conformance::Raised exception_of(std::int64_t number) {
  switch (number) {
    case Answer::kKeyError:
      return conformance::Raised::KeyError;
    case Answer::kIndexError:
      return conformance::Raised::IndexError;
    case Answer::kValueError:
      return conformance::Raised::ValueError;
    default:
      return conformance::Raised::RuntimeError;
  }
}

std::span<const std::int64_t> numbers_at(const Recorder::OfThread& thread, unsigned first,
                                         unsigned count) {
  return std::span(thread.numbers).subspan(first, count);
}

// Does a thread but that one change the container in parts?
bool another_shows_parts(const Recorder& recorder, std::size_t thread) {
  for (std::size_t i = 0; i < recorder.threads.size(); ++i) {
    if (i == thread) continue;
    const Recorder::OfThread& other = recorder.threads[i];
    const auto in_parts = [](const Event& event) { return event.judged == Judged::kParts; };
    if (std::any_of(other.events.begin(), other.events.begin() + other.count, in_parts))
      return true;
  }
  return false;
}

}  // namespace

Judge::Judge(const ContainerKind& kind)
    : kind_(kind), model_(model_named(kind.model)), checker_(model_) {
  // Else programs that are to be judged would hold actions that cannot be.
  bool loose = false;
  for (const Action& action : kind.actions) {
    if (loose && action.judged != Judged::kLoose) {
      std::fprintf(stderr, "%s: the loose actions are not the last ones\n", kind.name);
      std::abort();
    }
    loose = action.judged == Judged::kLoose;
  }
}

std::uint8_t Judge::code_of(const char* method) const {
  for (const conformance::Method& known : model_.methods) {
    if (known.name == method) return known.code;
  }
  std::fprintf(stderr, "the model %s has no method '%s'\n", kind_.model, method);
  std::abort();
}

Word Judge::initial_word(std::span<const std::int64_t> numbers) {
  words_.clear();
  for (std::int64_t number : numbers) words_.push_back(Word::integer(number));
  const std::string_view model = kind_.model;
  if (model == "dict") return checker_.words().dict(words_);
  if (model == "set") return checker_.words().set(words_);
  return checker_.words().list(words_);
}

Word Judge::taken(const Recorder::OfThread& thread, const Event& event) {
  words_.clear();
  for (std::int64_t number : numbers_at(thread, event.first, event.count))
    words_.push_back(Word::integer(number));
  return std::string_view(kind_.model) == "dict" ? checker_.words().dict(words_)
                                                 : checker_.words().list(words_);
}

Word Judge::answered(const Recorder::OfThread& thread, const Event& event) {
  const Answer& answer = event.answer;
  switch (answer.kind) {
    case Answer::Kind::kNone:
      return Word::none();
    case Answer::Kind::kTruth:
      return Word::boolean(answer.number != 0);
    case Answer::Kind::kNumber:
      return Word::integer(answer.number);
    case Answer::Kind::kRaised:
      return Word::raised(exception_of(answer.number));
    case Answer::Kind::kPair: {
      const Word pair[2] = {Word::integer(answer.number), Word::integer(answer.other)};
      return checker_.words().tuple(pair);
    }
    case Answer::Kind::kNumbers:
    case Answer::Kind::kPairs:
      break;
  }
  const auto numbers = numbers_at(thread, answer.first, answer.count);
  words_.clear();
  if (answer.kind == Answer::Kind::kNumbers) {
    for (std::int64_t number : numbers) words_.push_back(Word::integer(number));
    return std::string_view(kind_.model) == "set" ? checker_.words().set(words_)
                                                  : checker_.words().list(words_);
  }
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    const Word pair[2] = {Word::integer(numbers[i]), Word::integer(numbers[i + 1])};
    words_.push_back(checker_.words().tuple(pair));
  }
  return checker_.words().list(words_);
}

void Judge::fill(CompactOperation& operation, const Recorder::OfThread& thread,
                 const Event& event) {
  operation.method = code_of(event.method);
  operation.returned = event.returned;
  if (event.takes_numbers) {
    operation.arguments[0] = taken(thread, event);
  } else {
    for (unsigned i = 0; i < event.arguments; ++i)
      operation.arguments[i] = Word::integer(event.argument[i]);
  }
  if (event.returned) operation.result = answered(thread, event);
  operation.called_at = event.called_at;
  operation.returned_at = event.returned_at;
}

std::string Judge::complaint(const Program& program, const Recorder& recorder,
                             std::span<const std::int64_t> initial, std::int64_t resolution) {
  operations_.clear();
  if (checker_.words().size() > 10'000) checker_.words().clear();
  for (std::size_t i = 0; i < recorder.threads.size(); ++i) {
    const Recorder::OfThread& thread = recorder.threads[i];
    const bool parts_show = another_shows_parts(recorder, i);
    for (unsigned j = 0; j < thread.count; ++j) {
      const Event& event = thread.events[j];
      if (event.judged == Judged::kLoose) return "";
      if (event.judged == Judged::kLook) continue;
      if (event.judged == Judged::kRead && parts_show) continue;
      operations_.emplace_back();
      operations_.back().thread = static_cast<std::uint16_t>(i);
      fill(operations_.back(), thread, event);
    }
  }
  const std::int64_t bound = kind_.bound(program.kind);
  checker_.set_bound(bound < 0 ? std::nullopt : std::optional<std::int64_t>(bound));
  checker_.set_resolution(resolution);
  checker_.set_initial(initial_word(initial));
  conformance::CheckOptions options;
  options.memory_limit = std::int64_t{64} << 20;
  options.explain = false;
  if (checker_.check_compact(operations_, options) == Linearizability::NotLinearizable)
    return "what the threads were told happened in some order, one operation after the other "
           "(linearizability)";
  return "";
}

}  // namespace fuzzing
