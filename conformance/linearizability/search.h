// The search itself: which operation took effect next?
//
// Wing and Gong (1993) with Lowe's list and memo (2017): events stand in a doubly linked list in order
// of time; an operation may go next if its call stands before the first return that is left. Choosing
// one unlinks its two events, which is undone by linking them again. A configuration, the set of chosen
// operations with the object's state, that was visited once is not visited again.
//
// Six things make it fast.
//   * Nothing is copied. State and set are changed in place and undone; their hashes follow each change.
//   * [reads] An operation that may go next, whose recorded result is right, and that cannot have changed
//     any state in answering so (a read, a failed cas, an exception) goes now, with no other choice
//     considered: any order that chooses it later stays right when it is moved to the front. That it
//     happens to change nothing now is not enough: a write of the value that stands there may be needed
//     later.
//   * [apart] Likewise a write to a place that stays where it is, if nothing that may still go before it
//     looks at that place or changes it: it changes places in the order with each of them.
//   * [shown] Where states only grow between overwrites (the texts of kv), what the next read showed bounds
//     what may be put together until then: a state that is no beginning of it leads nowhere.
//   * [evidence] What values show about the order of operations (evidence.h) is kept to from the start.
//   * [due] The operation of the first return is tried first: it must go before the list can move on,
//     and trying it alone decides as little as possible.
//
// Time and cancellation are looked at every kPatience questions. Memory: the memo is bounded; the
// stacks are as deep as the history is long.
//
// Wing, Gong: "Testing and verifying concurrent objects", JPDC 17, 1993. Lowe: "Testing for
// linearizability", Concurrency and Computation 29(4), 2017.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

#include "conformance/linearizability/evidence.h"
#include "conformance/linearizability/memo.h"
#include "conformance/linearizability/problem.h"
#include "conformance/linearizability/step.h"

namespace conformance {

struct SearchLimits {
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  std::int64_t memory = std::int64_t{1} << 30;
  std::int64_t questions = INT64_MAX;
  const std::atomic<bool>* cancelled = nullptr;
  bool keep_furthest = true;    // remember where it got stuck
  std::int32_t weigh_from = 0;  // problems of fewer operations are searched without Evidence
};

enum class Found : std::uint8_t { Order, None, OutOfTime, OutOfMemory, Cancelled };

// Working memory that is used again from search to search.
struct SearchMemory {
  struct Level {
    std::int32_t operation;
    std::int32_t choice;
    std::uint32_t undo_mark;
    bool read;  // [reads]: nothing else is tried in its place
    bool due;   // [due]: the others are still to be tried, from the head of the list
  };
  Memo memo;
  Evidence evidence;  // whoever starts the search has weighed it, or forgotten it
  UndoLog log;
  std::vector<std::int32_t> next, previous;
  std::vector<Hash128> chosen_hash;  // of operations
  std::vector<std::uint8_t> chosen;
  std::vector<std::uint64_t> optional;   // of operations: their bit in Memo's mask, 0 for the rest
  std::vector<std::uint8_t> waited_for;  // of operations: another one may not go before them
  // [shown], for each key: reads in order of returns, overwrites in order of calls.
  struct Shown {
    std::vector<std::int32_t> reads, overwrites;
    std::size_t first_read = 0, first_overwrite = 0;  // all before these have gone
  };
  std::vector<Shown> shown;
  std::vector<std::size_t> place_in_shown;  // of operations
  std::vector<Level> levels;
  std::vector<std::int32_t> furthest;  // the longest order, when the search failed
  std::int32_t furthest_entry = 0;     // the return that it could not pass
  std::int32_t looked_ahead_to = 0;    // the last return that [shown] took into account
  std::int64_t questions = 0;
};

template <class State>
class Search {
 public:
  Search(const Problem& problem, State& state, const WordTable& words, SearchMemory& memory,
         const SearchLimits& limits)
      : problem_(problem), state_(state), words_(words), memory_(memory), limits_(limits) {}

  Found run() {
    return run([](State&) { return false; });
  }

  // Each time that an order is found: goes on looking for orders with another end while `more(state)`
  // says so. None then means that there are no further ones.
  template <class More>
  Found run(More more) {
    start();
    for (;;) {
      bool ended = false;
      if (!settle()) {
        if (stopped_ != Found::None) return stopped_;
        if (!more(state_)) return Found::Order;
        ended = true;
      }
      if (!(ended ? go_back() : advance())) return stopped_;
    }
  }

 private:
  using Level = SearchMemory::Level;
  static constexpr std::int64_t kPatience = 1024;

  void start() {
    const auto entries = static_cast<std::int32_t>(problem_.operation_at.size());
    memory_.next.resize(problem_.operation_at.size());
    memory_.previous.resize(problem_.operation_at.size());
    next_ = memory_.next.data();
    previous_ = memory_.previous.data();
    for (std::int32_t entry = 0; entry < entries; ++entry) {
      next_[entry] = entry + 1;
      previous_[entry] = entry - 1;
    }
    while (memory_.chosen_hash.size() < problem_.steps.size()) {
      memory_.chosen_hash.push_back(mix(memory_.chosen_hash.size(), 0x452821e638d01377u));
    }
    memory_.chosen.assign(problem_.steps.size(), 0);
    memory_.log.clear();
    memory_.levels.clear();
    memory_.memo.reset(limits_.memory);
    memory_.furthest.clear();
    memory_.furthest_entry = -1;
    memory_.looked_ahead_to = 0;
    memory_.questions = 0;
    remaining_ = problem_.returned;
    chosen_hash_ = {};
    chosen_optional_ = 0;
    start_optional();
    if constexpr (State::kGrows) start_shown();
  }

  // [subset]: what need not go, but for what another one waits for: who has used it can do more.
  void start_optional() {
    memory_.optional.assign(problem_.steps.size(), 0);
    memory_.waited_for.assign(problem_.steps.size(), 0);
    for (std::int32_t operation = 0; operation < problem_.size(); ++operation) {
      const std::int32_t before = problem_.after[static_cast<std::size_t>(operation)];
      if (before >= 0) memory_.waited_for[static_cast<std::size_t>(before)] = 1;
      if (memory_.evidence.is_empty()) continue;
      for (const std::int32_t other : memory_.evidence.before(operation)) {
        memory_.waited_for[static_cast<std::size_t>(other)] = 1;
      }
    }
    std::uint64_t bit = 1;
    for (std::size_t operation = 0; operation < problem_.steps.size() && bit != 0; ++operation) {
      if (problem_.return_entry[operation] != 0 || memory_.waited_for[operation] != 0) continue;
      memory_.optional[operation] = bit;
      bit <<= 1;
    }
  }

  void start_shown() {
    memory_.shown.clear();
    memory_.place_in_shown.assign(problem_.steps.size(), 0);
    const auto lists_of = [&](std::int32_t key) -> SearchMemory::Shown& {
      const auto slot = static_cast<std::size_t>(key);
      if (memory_.shown.size() <= slot) memory_.shown.resize(slot + 1);
      return memory_.shown[slot];
    };
    const auto put = [&](std::vector<std::int32_t>& list, std::int32_t operation) {
      memory_.place_in_shown[static_cast<std::size_t>(operation)] = list.size();
      list.push_back(operation);
    };
    for (const std::int32_t code : problem_.operation_at) {
      if (code == Problem::kNoOperation) continue;
      const std::int32_t operation = code < 0 ? ~code : code;
      const Step& step = problem_.steps[static_cast<std::size_t>(operation)];
      SearchMemory::Shown& lists = lists_of(step.key);
      if (code < 0 && State::shows(step)) put(lists.reads, operation);
      if (code >= 0 && State::overwrites(step)) put(lists.overwrites, operation);
    }
  }

  // Taken back: it is to be found again.
  void show_again(std::int32_t operation) {
    const std::size_t place = memory_.place_in_shown[static_cast<std::size_t>(operation)];
    const Step& step = problem_.steps[static_cast<std::size_t>(operation)];
    SearchMemory::Shown& lists = memory_.shown[static_cast<std::size_t>(step.key)];
    if (State::shows(step)) lists.first_read = std::min(lists.first_read, place);
    if (State::overwrites(step)) lists.first_overwrite = std::min(lists.first_overwrite, place);
  }

  std::int32_t first_left(const std::vector<std::int32_t>& list, std::size_t& first) const {
    while (first < list.size() && memory_.chosen[static_cast<std::size_t>(list[first])] != 0)
      ++first;
    return first < list.size() ? list[first] : -1;
  }

  // [shown]: can the key still become what its next read showed? `operation` has just been applied and is
  // not in the set yet.
  bool leads_somewhere(std::int32_t operation) {
    const Step& step = problem_.steps[static_cast<std::size_t>(operation)];
    if (State::shows(step)) return true;
    SearchMemory::Shown& lists = memory_.shown[static_cast<std::size_t>(step.key)];
    const std::int32_t read = first_left(lists.reads, lists.first_read);
    if (read < 0) return true;
    memory_.chosen[static_cast<std::size_t>(operation)] = 1;
    const std::int32_t overwrite = first_left(lists.overwrites, lists.first_overwrite);
    memory_.chosen[static_cast<std::size_t>(operation)] = 0;
    show_again(operation);
    if (overwrite >= 0 && problem_.call_entry[static_cast<std::size_t>(overwrite)] <
                              problem_.return_entry[static_cast<std::size_t>(read)]) {
      return true;
    }
    if (state_.may_become(problem_.steps[static_cast<std::size_t>(read)])) return true;
    memory_.looked_ahead_to =
        std::max(memory_.looked_ahead_to, problem_.return_entry[static_cast<std::size_t>(read)]);
    return false;
  }

  Effect ask(std::int32_t operation, std::int32_t choice) {
    const Step& step = problem_.steps[static_cast<std::size_t>(operation)];
    Judge judge(words_, step.result);
    if (++memory_.questions % kPatience == 0) look_at_limits();
    if constexpr (State::kHasPlaces) {
      if (!memory_.evidence.is_empty() && memory_.evidence.hides(operation)) {
        return state_.step(State::hidden(step), choice, judge, memory_.log);
      }
    }
    return state_.step(step, choice, judge, memory_.log);
  }

  int choices(std::int32_t operation) const {
    if constexpr (State::kChooses) {
      const Step& step = problem_.steps[static_cast<std::size_t>(operation)];
      return step.result == Word::anything() ? state_.choices(step) : 1;
    }
    return 1;
  }

  void look_at_limits() {
    if (limits_.cancelled != nullptr && limits_.cancelled->load(std::memory_order_relaxed)) {
      stopped_ = Found::Cancelled;
    } else if (memory_.questions >= limits_.questions ||
               (limits_.deadline != std::chrono::steady_clock::time_point::max() &&
                std::chrono::steady_clock::now() >= limits_.deadline)) {
      stopped_ = Found::OutOfTime;
    }
  }

  // [evidence]: what has to go before it has gone, and the list is as long as it was.
  bool is_its_time(std::int32_t operation) {
    const Evidence& evidence = memory_.evidence;
    bool is_time = true;
    for (const std::int32_t before : evidence.before(operation)) {
      is_time = is_time && memory_.chosen[static_cast<std::size_t>(before)] != 0;
    }
    if constexpr (State::kHasPlaces) {
      is_time = is_time && evidence.may_be_put_at(operation, state_.size());
    }
    if (!is_time) {
      memory_.looked_ahead_to = std::max(memory_.looked_ahead_to, evidence.shown(operation));
    }
    return is_time;
  }

  // It is not its time, or the operation before it in its thread has not gone yet, though stamps would let this one go.
  bool waits(std::int32_t operation) {
    if (!memory_.evidence.is_empty() && !is_its_time(operation)) return true;
    if (problem_.ordered_by_stamps) return false;
    const std::int32_t before = problem_.after[static_cast<std::size_t>(operation)];
    return before >= 0 && memory_.chosen[static_cast<std::size_t>(before)] == 0;
  }

  void lift(std::int32_t operation) {
    const std::int32_t call = problem_.call_entry[static_cast<std::size_t>(operation)];
    const std::int32_t end = problem_.return_entry[static_cast<std::size_t>(operation)];
    next_[previous_[call]] = next_[call];
    previous_[next_[call]] = previous_[call];
    if (end != 0) {
      next_[previous_[end]] = next_[end];
      previous_[next_[end]] = previous_[end];
      --remaining_;
    }
    memory_.chosen[static_cast<std::size_t>(operation)] = 1;
    count_in(operation);
  }

  // Enters or leaves the set of those that have gone.
  void count_in(std::int32_t operation) {
    const std::uint64_t bit = memory_.optional[static_cast<std::size_t>(operation)];
    chosen_optional_ ^= bit;
    if (bit == 0) chosen_hash_ ^= memory_.chosen_hash[static_cast<std::size_t>(operation)];
  }

  void unlift(std::int32_t operation) {
    const std::int32_t call = problem_.call_entry[static_cast<std::size_t>(operation)];
    const std::int32_t end = problem_.return_entry[static_cast<std::size_t>(operation)];
    if (end != 0) {
      next_[previous_[end]] = end;
      previous_[next_[end]] = end;
      ++remaining_;
    }
    next_[previous_[call]] = call;
    previous_[next_[call]] = call;
    memory_.chosen[static_cast<std::size_t>(operation)] = 0;
    count_in(operation);
    if constexpr (State::kGrows) show_again(operation);
  }

  void take_back(std::uint32_t mark) {
    while (memory_.log.size() > mark) {
      const UndoEntry entry = memory_.log.back();
      memory_.log.pop_back();
      state_.undo(entry);
    }
  }

  std::uint32_t mark() const { return static_cast<std::uint32_t>(memory_.log.size()); }

  // [apart]: nothing that can go before it would notice whether it has gone.
  bool is_apart(std::int32_t operation) {
    const Step& step = problem_.steps[static_cast<std::size_t>(operation)];
    if (!State::writes_a_place(step)) return false;
    const std::int32_t end = problem_.return_entry[static_cast<std::size_t>(operation)];
    if (end == 0) return false;
    std::int64_t takers = 0;
    for (std::int32_t entry = next_[0]; entry < end; entry = next_[entry]) {
      const std::int32_t other = problem_.operation_at[static_cast<std::size_t>(entry)];
      if (other < 0 || other == operation) continue;
      const Step& other_step = problem_.steps[static_cast<std::size_t>(other)];
      if (!state_.are_apart(step, other_step)) return false;
      takers += State::takes_the_last(other_step) ? 1 : 0;
    }
    return state_.has_place(step, takers);
  }

  // [reads], [apart]: every such operation that fits goes. False where no returned operation is left
  // or the search was stopped; due_entry_ is then the return that comes first.
  bool settle() {
    for (;;) {
      bool went = false;     // for whom somebody may have waited
      bool changed = false;  // what another one reads
      std::int32_t entry = next_[0];
      for (;; entry = next_[entry]) {
        const std::int32_t operation = problem_.operation_at[static_cast<std::size_t>(entry)];
        if (operation < 0) break;
        const bool reads = problem_.steps[static_cast<std::size_t>(operation)].reads;
        if constexpr (State::kHasPlaces) {
          if ((!reads && !is_apart(operation)) || waits(operation)) continue;
        } else {
          if (!reads || waits(operation)) continue;
        }
        const std::uint32_t before = mark();
        const Effect effect = ask(operation, 0);
        if (stopped_ != Found::None) return false;
        if (effect == Effect::Unfit) continue;
        lift(operation);
        memory_.levels.push_back({operation, 0, before, true, false});
        entry = previous_[entry];  // what followed it may have been its return
        went = true;
        changed = changed || !reads;
      }
      due_entry_ = entry;
      if (remaining_ == 0) return false;
      // Whom somebody waited for may have gone.
      const bool somebody_waits = !problem_.ordered_by_stamps || !memory_.evidence.is_empty();
      if (!changed && !(went && somebody_waits)) return true;
    }
  }

  // Chooses the next operation, going back where there is none. False where the search is over.
  bool advance() {
    const std::int32_t due = ~problem_.operation_at[static_cast<std::size_t>(due_entry_)];
    if (choose_due(due, 0)) return true;
    if (stopped_ != Found::None || choose_from(next_[0], 0, due)) return stopped_ == Found::None;
    if (stopped_ != Found::None) return false;
    if (limits_.keep_furthest && due_entry_ > memory_.furthest_entry) keep_furthest();
    return go_back();
  }

  // To the last choice that was one, and to what can be chosen in its place.
  bool go_back() {
    for (;;) {
      Level level{};
      do {
        if (memory_.levels.empty()) return false;
        level = memory_.levels.back();
        memory_.levels.pop_back();
        take_back(level.undo_mark);
        unlift(level.operation);
      } while (level.read);
      if (level.due) {
        if (choose_due(level.operation, level.choice + 1)) return true;
        if (stopped_ == Found::None && choose_from(next_[0], 0, level.operation)) return true;
      } else {
        const std::int32_t due = due_of_configuration();
        const std::int32_t entry = problem_.call_entry[static_cast<std::size_t>(level.operation)];
        if (choose_from(entry, level.choice + 1, due)) return true;
      }
      if (stopped_ != Found::None) return false;
      if (limits_.keep_furthest && due_entry_ > memory_.furthest_entry) keep_furthest();
    }
  }

  // The operation of the first return that is left, now.
  std::int32_t due_of_configuration() {
    std::int32_t entry = next_[0];
    while (problem_.operation_at[static_cast<std::size_t>(entry)] >= 0) entry = next_[entry];
    due_entry_ = entry;
    return ~problem_.operation_at[static_cast<std::size_t>(entry)];
  }

  bool choose_due(std::int32_t operation, std::int32_t choice) {
    if (waits(operation)) return false;
    for (; choice < choices(operation); ++choice) {
      if (choose(operation, choice, true)) return true;
      if (stopped_ != Found::None) return false;
    }
    return false;
  }

  // Those behind `entry` in the list, in its order, but for `skipped`.
  bool choose_from(std::int32_t entry, std::int32_t choice, std::int32_t skipped) {
    for (;; entry = next_[entry], choice = 0) {
      const std::int32_t operation = problem_.operation_at[static_cast<std::size_t>(entry)];
      if (operation < 0) {
        due_entry_ = entry;
        return false;
      }
      if (operation == skipped || waits(operation)) continue;
      for (; choice < choices(operation); ++choice) {
        if (choose(operation, choice, false)) return true;
        if (stopped_ != Found::None) return false;
      }
    }
  }

  // Lets it go next if it fits and leads to a new configuration.
  bool choose(std::int32_t operation, std::int32_t choice, bool due) {
    const std::uint32_t before = mark();
    const Effect effect = ask(operation, choice);
    if (stopped_ != Found::None || effect == Effect::Unfit) return false;
    if constexpr (State::kGrows) {
      if (!leads_somewhere(operation)) {
        take_back(before);
        return false;
      }
    }
    count_in(operation);
    const Memo::Answer answer = memory_.memo.insert(chosen_hash_ ^ state_.hash(), chosen_optional_);
    count_in(operation);
    if (answer == Memo::Answer::New) {
      lift(operation);
      memory_.levels.push_back({operation, choice, before, false, due});
      return true;
    }
    if (answer == Memo::Answer::Full) stopped_ = Found::OutOfMemory;
    take_back(before);
    return false;
  }

  void keep_furthest() {
    memory_.furthest_entry = due_entry_;
    memory_.furthest.clear();
    for (const Level& level : memory_.levels) memory_.furthest.push_back(level.operation);
  }

  const Problem& problem_;
  State& state_;
  const WordTable& words_;
  SearchMemory& memory_;
  const SearchLimits& limits_;
  std::int32_t* next_ = nullptr;
  std::int32_t* previous_ = nullptr;
  Hash128 chosen_hash_;
  std::uint64_t chosen_optional_ = 0;
  std::int32_t remaining_ = 0;
  std::int32_t due_entry_ = 0;
  Found stopped_ = Found::None;
};

}  // namespace conformance
