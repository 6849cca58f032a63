// What a history shows about the order of its operations before anybody searches.
//
// Of two appends that overlap a search has to try both orders, and on a busy list the wrong one shows
// only when the place is read, long after: everything between is tried in vain. But where a value was
// written once in the whole history, whoever read it tells where it stood and what it stood above.
// Evidence holds what follows from that with certainty: the place at which an append must have been
// put, and pairs of operations of which one must go before the other. The search lets nothing go
// before its time, so it meets a wrong order where it begins.
//
// Of each operation, by its number in the Problem:
//   places  the sizes that the list may have had when this append went
//   before  operations that must have gone
//   shown   the entry (Problem) up to which the history was read for it
//
// Rules, for list histories of append, pop(), getitem, setitem, len, contains, index, count and copy,
// in which no place ever moves (x, y: written once; "before": returned before the other was called):
//   [place]  getitem(i), index or copy showed x at i: append(x) put it at i.
//   [kept]   append(x) is before a successful setitem(i) or a getitem(i) of something else, and that
//            before somebody who showed x: append(x) did not put it at i. Nor where another value
//            certainly stood meanwhile.
//   [lost]   append(x) is before contains(x) -> False, and no pop took x: append(x) put it where a
//            setitem may have gone in between, and before another value that stood there later.
//   [stack]  pop() -> x is before pop() -> y, and append(y) before pop() -> x: y stood below x, so
//            append(y) goes before append(x). Likewise if y is seen after pop() -> x, or is never taken
//            and nothing is replaced.
//   [under]  append(x) is before append(y), and pop() -> x before pop() -> y: pop() -> x, if it overlaps
//            append(y), goes before that. Likewise if y is seen after it, or is never taken and nothing
//            is replaced.
//   [last]   x was seen at i by somebody whom another write at i is before: that write goes before the
//            write of x.
//   [seen]   the write of x at i is before another write at i: whoever saw x goes before that.
//   [unseen] A value that nothing shows and nobody asks for is as good as any other such: the search need
//            not tell them apart, and of two appends of such values the one that was called and
//            returned first may go first.
// For queues of put and get:
//   [queue]  get() -> x is before get() -> y: put(x) goes before put(y). Likewise if y is never got.
// Only operations that must take effect, with a result that is known, are witnesses.
//
// Ancestry: the order of a stack or queue from the values that were taken, as in Gibbons, Korach:
// "Testing shared memories", SIAM J. Computing 26(4), 1997, and Bouajjani et al.: "On reducing
// linearizability to state reachability", 2015, who decide by it; here it only guides a search that
// decides.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "conformance/linearizability/problem.h"
#include "conformance/linearizability/word.h"

namespace conformance {

class Evidence {
 public:
  // Nothing is known.
  void forget() { is_empty_ = true; }
  // Of a history that begins with `initial` in the list, or in the queue.
  // `unseen`: what the state will be at the end is of no interest, so [unseen] may be used.
  void weigh_list(const Problem& problem, const WordTable& words, std::span<const Word> initial,
                  bool unseen);
  void weigh_queue(const Problem& problem, const WordTable& words, std::span<const Word> initial);

  bool is_empty() const { return is_empty_; }
  bool may_be_put_at(std::int32_t operation, std::int64_t place) const {
    return places_[index(operation)].has(place);
  }
  // The step as the search may take it.
  bool hides(std::int32_t operation) const { return hidden_[index(operation)] != 0; }
  std::int32_t shown(std::int32_t operation) const { return shown_[index(operation)]; }
  std::span<const std::int32_t> before(std::int32_t operation) const {
    const std::uint32_t first = first_[index(operation)];
    return {before_.data() + first, first_[index(operation) + 1] - first};
  }

 private:
  // Where an append may have put its value: at one of up to 64 places, or nobody knows.
  struct Places {
    std::int64_t low = 0, high = 0;
    std::uint64_t mask = 0;  // bit i: low + i
    bool known = false;
    bool has(std::int64_t place) const {
      return !known || (place >= low && place <= high && (mask >> (place - low) & 1) != 0);
    }
  };
  // Somebody who saw what stands at a place, or may have replaced it.
  struct Look {
    std::int64_t place;
    std::int32_t operation;
    bool replaces;
  };
  // A value that stood at a place from one entry, at the latest, to another, at the earliest.
  struct Occupant {
    std::int64_t place;
    std::int32_t from, to;
    std::int32_t shown;
  };
  // Where a value came from, where it stood and who saw it.
  struct Life {
    Word word;
    int written = 0;  // how often; the rest is used if it was once
    std::int32_t writer = kNobody;
    std::int32_t taker = kNobody;   // the pop or get that must have taken it
    std::int32_t missed = kNobody;  // of those that must not have found it, the first to return
    std::int32_t last_seen =
        kNobody;                   // of those that must have seen it, the one that was called last
    std::int32_t shown = 0;        // the last return of those, and of what else told its place
    std::int64_t at = kSomewhere;  // place in the list
  };
  struct Edge {
    std::int32_t before, operation;
  };
  static constexpr std::int32_t kNobody = -1;
  static constexpr std::int32_t kInitially = -2;  // a writer
  static constexpr std::int64_t kSomewhere = -1;

  static std::size_t index(std::int32_t operation) { return static_cast<std::size_t>(operation); }

  void start(const Problem& problem, const WordTable& words, std::span<const Word> initial);
  void finish();
  Life* find(Word word);  // the one of what is == to it; null: nobody writes such
  Life& find_or_add(Word word);
  void make_room();
  const Life* once(
      std::int32_t number) const;  // null: no value, or one that was written more than once
  void write(Word word, std::int32_t writer, std::int64_t at);
  void see(Word word, std::int32_t by, std::int64_t at);
  void see_equal(Word word, std::int32_t by, std::int64_t at);
  void miss(Word word, std::int32_t by);
  void take(Word word, std::int32_t by);
  bool is_certain(std::int32_t operation) const;
  bool is_before(std::int32_t one, std::int32_t other) const;
  bool leaves_later(std::int32_t taker, const Life& life, std::int32_t* shown) const;
  std::int64_t place_written(std::int32_t write) const;

  // evidence_places.cpp
  void weigh_places(std::int64_t initial_size);
  void bound_places(std::int64_t initial_size);
  void collect_looks();
  std::span<const Look> looks_at(std::int64_t place) const;
  const Occupant* occupant(std::int64_t place, std::int32_t after) const;
  std::int32_t kept_elsewhere(const Life& life, std::int64_t place) const;
  std::int32_t lost_elsewhere(const Life& life, std::int64_t place) const;
  void place_life(Life& life);
  void strike_places(Life& life);

  // Each speaks of two operations that overlap.
  template <class Compare>
  void compare_overlapping(Compare compare);
  void hide_unseen(const WordTable& words);
  void weigh_unseen(std::int32_t one, std::int32_t other);
  void weigh_pair(std::int32_t one, std::int32_t other);
  void weigh_appends(std::int32_t upper, std::int32_t lower);
  void weigh_pop(std::int32_t pop, std::int32_t append);
  void weigh_puts(std::int32_t first, std::int32_t second);
  void weigh_writes(std::int32_t seen, std::int32_t other);
  void weigh_read(std::int32_t read, std::int32_t write);
  void order(std::int32_t before, std::int32_t operation, std::int32_t shown);

  const Problem* problem_ = nullptr;  // while it is weighed
  const WordTable* words_ = nullptr;
  bool is_empty_ = true;
  bool all_takers_are_known_ = true;
  bool nothing_is_replaced_ = true;
  bool all_places_are_named_ = true;  // of what is replaced
  std::vector<std::int32_t> slots_;   // open addressing; numbers of lives, kNobody
  std::vector<Life> lives_;
  std::vector<std::int32_t>
      written_;                     // of operations: number of the life of what they write, kNobody
  std::vector<std::int32_t> seen_;  // ... of what they saw
  std::vector<Places> places_;
  std::vector<Look> looks_;          // by place, then by call
  std::vector<Occupant> occupants_;  // by place, then by `from`
  std::vector<std::int32_t> shown_;
  std::vector<std::uint8_t> hidden_;  // of operations: they write what is not seen
  std::vector<std::uint8_t> tied_;    // ... not only stamps order them with one of their thread
  std::vector<Edge> edges_;
  std::vector<std::uint32_t> first_;  // of operations and one more: where theirs begin in before_
  std::vector<std::int32_t> before_;
  std::vector<std::int32_t> open_;
};

}  // namespace conformance
