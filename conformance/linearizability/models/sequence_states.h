// list, deque and queue: what their methods do to a Sequence.
//
// https://docs.python.org/3/library/stdtypes.html#mutable-sequence-types,
// https://docs.python.org/3/library/collections.html#collections.deque,
// https://docs.python.org/3/library/queue.html.
#pragma once

#include "conformance/linearizability/evidence.h"
#include "conformance/linearizability/models/method_codes.h"
#include "conformance/linearizability/models/sequence.h"

namespace conformance {

// What the three have in common, a method for each way of asking. Each first shows its answer.
class SequenceState {
 public:
  static constexpr bool kChooses = false;
  static constexpr bool kGrows = false;
  static constexpr bool kHasPlaces = true;

  std::int64_t size() const { return items_.size(); }
  // For the search's rule [apart]; a list has more to say.
  static bool writes_a_place(const Step&) { return false; }
  static Step hidden(const Step& step) { return step; }
  static bool takes_the_last(const Step&) { return false; }
  static bool are_apart(const Step&, const Step&) { return false; }
  static bool has_place(const Step&, std::int64_t) { return false; }
  void reset(const Setup& setup) {
    words_ = setup.words;
    bound_ = setup.bound;
    items_.reset(words_->items(setup.initial));
  }
  void undo(const UndoEntry& entry) { items_.undo(entry); }
  Hash128 hash() const { return items_.hash(); }
  Word value() const {
    std::vector<Word> all;
    for (std::int64_t index = 0; index < items_.size(); ++index) all.push_back(items_.at(index));
    return words_->list(all);
  }
  Word written() const { return value(); }

 protected:
  // The place that Python means by `index`, or -1.
  std::int64_t place(Word index) const {
    const std::int64_t number = index.number();
    const std::int64_t counted = number < 0 ? number + items_.size() : number;
    return counted >= 0 && counted < items_.size() ? counted : -1;
  }
  std::int64_t clamped(Word index) const {
    const std::int64_t number = index.number();
    const std::int64_t counted = number < 0 ? number + items_.size() : number;
    return counted < 0 ? 0 : counted > items_.size() ? items_.size() : counted;
  }
  bool equal(Word left, Word right) const {
    return left == right || words_->key(left) == words_->key(right);
  }
  std::int64_t first_equal(Word wanted) const {
    for (std::int64_t index = 0; index < items_.size(); ++index) {
      if (equal(items_.at(index), wanted)) return index;
    }
    return -1;
  }
  bool full() const { return bound_ >= 0 && items_.size() >= bound_; }

  template <class Answer>
  static Effect keeps(Answer& answer, Word word) {
    return answer.is(word) ? Effect::Keeps : Effect::Unfit;
  }
  template <class Answer>
  static Effect raises(Answer& answer, Raised exception) {
    return keeps(answer, Word::raised(exception));
  }
  template <class Answer>
  Effect take(std::int64_t index, Answer& answer, UndoLog& log) {
    if (!answer.is(items_.at(index))) return Effect::Unfit;
    items_.erase(index, log);
    return Effect::Changes;
  }
  template <class Answer>
  Effect put(std::int64_t index, Word word, Answer& answer, UndoLog& log) {
    if (!answer.is(Word::none())) return Effect::Unfit;
    items_.insert(index, word, log);
    return Effect::Changes;
  }
  template <class Answer>
  Effect get(Word index, Answer& answer) {
    const std::int64_t at = place(index);
    return at < 0 ? raises(answer, Raised::IndexError) : keeps(answer, items_.at(at));
  }
  template <class Answer>
  Effect set(Word index, Word word, Answer& answer, UndoLog& log) {
    const std::int64_t at = place(index);
    if (at < 0) return raises(answer, Raised::IndexError);
    if (!answer.is(Word::none())) return Effect::Unfit;
    if (items_.at(at) == word) return Effect::Keeps;
    items_.replace(at, word, log);
    return Effect::Changes;
  }
  template <class Answer>
  Effect drop(std::int64_t at, Raised otherwise, Answer& answer, UndoLog& log) {
    if (at < 0) return raises(answer, otherwise);
    if (!answer.is(Word::none())) return Effect::Unfit;
    items_.erase(at, log);
    return Effect::Changes;
  }
  template <class Answer>
  Effect clear(Answer& answer, UndoLog& log) {
    if (!answer.is(Word::none())) return Effect::Unfit;
    if (items_.empty()) return Effect::Keeps;
    while (!items_.empty()) items_.erase(items_.size() - 1, log);
    return Effect::Changes;
  }
  template <class Answer>
  Effect index(Word wanted, Answer& answer) {
    const std::int64_t at = first_equal(wanted);
    return at < 0 ? raises(answer, Raised::ValueError) : keeps(answer, Word::integer(at));
  }
  template <class Answer>
  Effect count(Word wanted, Answer& answer) {
    std::int64_t found = 0;
    for (std::int64_t at = 0; at < items_.size(); ++at) found += equal(items_.at(at), wanted);
    return keeps(answer, Word::integer(found));
  }
  template <class Answer>
  Effect reverse(Answer& answer, UndoLog& log) {
    if (!answer.is(Word::none())) return Effect::Unfit;
    if (items_.size() < 2) return Effect::Keeps;
    items_.reverse(log);
    return Effect::Changes;
  }
  template <class Answer>
  Effect copy(Answer& answer) {
    const auto at = [this](std::size_t i) { return items_.at(static_cast<std::int64_t>(i)); };
    return answer.is_list(static_cast<std::size_t>(items_.size()), at) ? Effect::Keeps
                                                                       : Effect::Unfit;
  }
  template <class Answer>
  Effect length(Answer& answer) {
    return keeps(answer, Word::integer(items_.size()));
  }
  template <class Answer>
  Effect contains(Word wanted, Answer& answer) {
    return keeps(answer, Word::boolean(first_equal(wanted) >= 0));
  }

  WordTable* words_ = nullptr;
  std::int64_t bound_ = -1;
  Sequence items_;
};

class ListState : public SequenceState {
 public:
  static void weigh(const Problem& problem, const Setup& setup, bool end_matters,
                    Evidence& evidence) {
    evidence.weigh_list(problem, *setup.words, setup.words->items(setup.initial), !end_matters);
  }
  // It writes some value that nobody sees.
  static Step hidden(const Step& step) {
    Step made = step;
    const bool appends = static_cast<ListMethod>(step.method) == ListMethod::append;
    made.arguments[appends ? 0 : 1] = Word::unseen();
    return made;
  }

  static bool writes_a_place(const Step& step) {
    return static_cast<ListMethod>(step.method) == ListMethod::setitem &&
           step.result == Word::none() && step.arguments[0].is_integer() &&
           step.arguments[0].number() >= 0;
  }
  static bool takes_the_last(const Step& step) {
    return static_cast<ListMethod>(step.method) == ListMethod::pop;
  }
  // The write's place exists, and still does when so many have taken the last one.
  bool has_place(const Step& write, std::int64_t takers) const {
    return write.arguments[0].number() < items_.size() - takers;
  }
  // If the place stays where it is: do both answer and do the same in either order? Asked of writes
  // whose place exists.
  bool are_apart(const Step& write, const Step& other) const {
    if (!has_place(write, 0)) return false;
    const Word first = other.arguments[0];
    switch (static_cast<ListMethod>(other.method)) {
      case ListMethod::append:
      case ListMethod::extend:
      case ListMethod::len:
        return true;
      case ListMethod::pop:
        return first == Word::absent();
      case ListMethod::getitem:
      case ListMethod::setitem:
        return first.is_integer() && first.number() >= 0 && first != write.arguments[0];
      case ListMethod::contains:
      case ListMethod::index:
      case ListMethod::count:
        return !equal(first, write.arguments[1]) &&
               !equal(first, items_.at(write.arguments[0].number()));
      default:
        return false;
    }
  }
  template <class Answer>
  Effect step(const Step& step, int, Answer& answer, UndoLog& log) {
    const Word first = step.arguments[0], second = step.arguments[1];
    switch (static_cast<ListMethod>(step.method)) {
      case ListMethod::append:
        return put(items_.size(), first, answer, log);
      case ListMethod::pop: {
        const std::int64_t at = first == Word::absent() ? items_.size() - 1 : place(first);
        return at < 0 ? raises(answer, Raised::IndexError) : take(at, answer, log);
      }
      case ListMethod::insert:
        return put(clamped(first), second, answer, log);
      case ListMethod::remove:
        return drop(first_equal(first), Raised::ValueError, answer, log);
      case ListMethod::extend:
        return extend(words_->items(first), answer, log);
      case ListMethod::getitem:
        return get(first, answer);
      case ListMethod::setitem:
        return set(first, second, answer, log);
      case ListMethod::delitem:
        return drop(place(first), Raised::IndexError, answer, log);
      case ListMethod::len:
        return length(answer);
      case ListMethod::clear:
        return clear(answer, log);
      case ListMethod::index:
        return index(first, answer);
      case ListMethod::count:
        return count(first, answer);
      case ListMethod::reverse:
        return reverse(answer, log);
      case ListMethod::sort:
        return sort(answer, log);
      case ListMethod::copy:
        return copy(answer);
      case ListMethod::contains:
        return contains(first, answer);
    }
    return Effect::Unfit;
  }

 private:
  template <class Answer>
  Effect extend(std::span<const Word> more, Answer& answer, UndoLog& log) {
    if (!answer.is(Word::none())) return Effect::Unfit;
    for (const Word word : more) items_.insert(items_.size(), word, log);
    return more.empty() ? Effect::Keeps : Effect::Changes;
  }
  template <class Answer>
  Effect sort(Answer& answer, UndoLog& log) {
    std::vector<Word> sorted;
    if (!sorted_items(sorted)) return raises(answer, Raised::TypeError);
    if (!answer.is(Word::none())) return Effect::Unfit;
    Effect effect = Effect::Keeps;
    for (std::int64_t at = 0; at < items_.size(); ++at) {
      const Word word = sorted[static_cast<std::size_t>(at)];
      if (items_.at(at) == word) continue;
      items_.replace(at, word, log);
      effect = Effect::Changes;
    }
    return effect;
  }
  bool sorted_items(std::vector<Word>& sorted) const;
};

class DequeState : public SequenceState {
 public:
  template <class Answer>
  Effect step(const Step& step, int, Answer& answer, UndoLog& log) {
    const Word first = step.arguments[0], second = step.arguments[1];
    switch (static_cast<DequeMethod>(step.method)) {
      case DequeMethod::append:
        return push_all({&first, 1}, false, answer, log);
      case DequeMethod::appendleft:
        return push_all({&first, 1}, true, answer, log);
      case DequeMethod::pop:
        return items_.empty() ? raises(answer, Raised::IndexError)
                              : take(items_.size() - 1, answer, log);
      case DequeMethod::popleft:
        return items_.empty() ? raises(answer, Raised::IndexError) : take(0, answer, log);
      case DequeMethod::extend:
        return push_all(words_->items(first), false, answer, log);
      case DequeMethod::extendleft:
        return push_all(words_->items(first), true, answer, log);
      case DequeMethod::rotate:
        return rotate(first == Word::absent() ? 1 : first.number(), answer, log);
      case DequeMethod::getitem:
        return get(first, answer);
      case DequeMethod::setitem:
        return set(first, second, answer, log);
      case DequeMethod::delitem:
        return drop(place(first), Raised::IndexError, answer, log);
      case DequeMethod::insert:
        return full() ? raises(answer, Raised::IndexError)
                      : put(clamped(first), second, answer, log);
      case DequeMethod::remove:
        return drop(first_equal(first), Raised::ValueError, answer, log);
      case DequeMethod::len:
        return length(answer);
      case DequeMethod::clear:
        return clear(answer, log);
      case DequeMethod::index:
        return index(first, answer);
      case DequeMethod::count:
        return count(first, answer);
      case DequeMethod::reverse:
        return reverse(answer, log);
      case DequeMethod::copy:
        return copy(answer);
      case DequeMethod::contains:
        return contains(first, answer);
    }
    return Effect::Unfit;
  }

 private:
  template <class Answer>
  Effect push_all(std::span<const Word> more, bool left, Answer& answer, UndoLog& log) {
    if (!answer.is(Word::none())) return Effect::Unfit;
    if (more.empty() || bound_ == 0) return Effect::Keeps;
    for (const Word word : more) {
      items_.insert(left ? 0 : items_.size(), word, log);
      if (bound_ >= 0 && items_.size() > bound_) items_.erase(left ? items_.size() - 1 : 0, log);
    }
    return Effect::Changes;
  }
  template <class Answer>
  Effect rotate(std::int64_t places, Answer& answer, UndoLog& log) {
    if (!answer.is(Word::none())) return Effect::Unfit;
    if (items_.empty()) return Effect::Keeps;
    const std::int64_t right = ((places % items_.size()) + items_.size()) % items_.size();
    if (right == 0) return Effect::Keeps;
    items_.rotate_right(right, log);
    return Effect::Changes;
  }
};

class QueueState : public SequenceState {
 public:
  static void weigh(const Problem& problem, const Setup& setup, bool, Evidence& evidence) {
    evidence.weigh_queue(problem, *setup.words, setup.words->items(setup.initial));
  }
  template <class Answer>
  Effect step(const Step& step, int, Answer& answer, UndoLog& log) {
    const Word first = step.arguments[0];
    switch (static_cast<QueueMethod>(step.method)) {
      case QueueMethod::put:
        return no_room() ? Effect::Unfit : put(items_.size(), first, answer, log);
      case QueueMethod::get:
        return items_.empty() ? Effect::Unfit : take(0, answer, log);
      case QueueMethod::put_nowait:
        return no_room() ? raises(answer, Raised::Full) : put(items_.size(), first, answer, log);
      case QueueMethod::get_nowait:
        return items_.empty() ? raises(answer, Raised::Empty) : take(0, answer, log);
      case QueueMethod::qsize:
        return length(answer);
      case QueueMethod::empty:
        return keeps(answer, Word::boolean(items_.empty()));
      case QueueMethod::full:
        return keeps(answer, Word::boolean(no_room()));
    }
    return Effect::Unfit;
  }

 private:
  bool no_room() const { return bound_ > 0 && full(); }  // maxsize 0 is none
};

}  // namespace conformance
