// counter and register: one word.
#pragma once

#include "conformance/linearizability/models/method_codes.h"
#include "conformance/linearizability/step.h"

namespace conformance {

class CellState {
 public:
  static constexpr bool kChooses = false;
  static constexpr bool kGrows = false;
  static constexpr bool kHasPlaces = false;

  void undo(const UndoEntry& entry) { word_ = entry.old; }
  Hash128 hash() const { return mix(0, word_.bits()); }
  Word value() const { return word_; }
  Word written() const { return word_; }

 protected:
  template <class Answer>
  static Effect keeps(Answer& answer, Word word) {
    return answer.is(word) ? Effect::Keeps : Effect::Unfit;
  }
  template <class Answer>
  Effect become(Word word, Word result, Answer& answer, UndoLog& log) {
    if (!answer.is(result)) return Effect::Unfit;
    if (word == word_) return Effect::Keeps;
    log.push_back({0, 0, word_});
    word_ = word;
    return Effect::Changes;
  }

  Word word_;
};

class CounterState : public CellState {
 public:
  void reset(const Setup& setup) {
    word_ = setup.initial == Word::absent() ? Word::integer(0) : setup.initial;
  }

  template <class Answer>
  Effect step(const Step& step, int, Answer& answer, UndoLog& log) {
    const auto plus = [this](std::int64_t more) {  // wraps far outside of what words hold
      return Word::integer(static_cast<std::int64_t>(static_cast<std::uint64_t>(word_.number()) +
                                                     static_cast<std::uint64_t>(more)));
    };
    switch (static_cast<CounterMethod>(step.method)) {
      case CounterMethod::increment:
        return become(plus(1), Word::none(), answer, log);
      case CounterMethod::add:
        return become(plus(step.arguments[0].number()), Word::none(), answer, log);
      case CounterMethod::next:
        return become(plus(1), word_, answer, log);
      case CounterMethod::add_and_get: {
        const Word sum = plus(step.arguments[0].number());
        return become(sum, sum, answer, log);
      }
      case CounterMethod::read:
        return keeps(answer, word_);
    }
    return Effect::Unfit;
  }
};

class RegisterState : public CellState {
 public:
  void reset(const Setup& setup) {
    words_ = setup.words;
    word_ = setup.initial == Word::absent() ? Word::none() : setup.initial;
  }

  template <class Answer>
  Effect step(const Step& step, int, Answer& answer, UndoLog& log) {
    switch (static_cast<RegisterMethod>(step.method)) {
      case RegisterMethod::read:
        return keeps(answer, word_);
      case RegisterMethod::write:
        return become(step.arguments[0], Word::none(), answer, log);
      case RegisterMethod::cas:
        if (word_ == step.arguments[0] || words_->key(word_) == words_->key(step.arguments[0])) {
          return become(step.arguments[1], Word::boolean(true), answer, log);
        }
        return keeps(answer, Word::boolean(false));
    }
    return Effect::Unfit;
  }

 private:
  const WordTable* words_ = nullptr;
};

}  // namespace conformance
