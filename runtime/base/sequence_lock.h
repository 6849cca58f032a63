// Reading several words that belong together, without writing anything.
//
// A writer makes the sequence odd, changes the words and makes it even again. A reader notes an
// even number, reads the words, and believes them only if the number is still the same. Readers
// disturb nobody, and repeat when a writer came.
//
// Not for words that lead to memory which may be freed (a reader follows them before it knows that
// they are torn), and not where writers are frequent: readers would never finish.
//
// Ancestry: Linux's seqlock; CPython's _PySeqLock (Python/lock.c). The guarded words are atomics
// that are stored with release and loaded with acquire, which replaces the two fences of those; the
// argument is that of Hans Boehm, "Can seqlocks get along with programming language memory models?"
// (MSPC 2012).
//
// Orderings in this file
//   [odd-before-words]   begin_write() makes the sequence odd before it stores the words with
//                        release; a reader that loads such a word with acquire finds the sequence
//                        changed in is_unchanged(). (CPython's gh-121368 was this promise broken:
//                        the second look at the sequence moved before the words.)
//   [words-before-even]  end_write() makes the sequence even with release, begin_read() loads it
//                        with acquire: the words are at least as new as the number.
#pragma once

#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/base/check.h"
#include "runtime/base/mutants.h"

namespace runtime {

// Any number of readers and writers; writers exclude each other by spinning, so their sections must
// be short and must not block. The words it guards are Atomic<>, stored with store_release and
// loaded with load_acquire [odd-before-words].
class SequenceLock {
 public:
  SequenceLock() = default;
  SequenceLock(const SequenceLock&) = delete;
  SequenceLock& operator=(const SequenceLock&) = delete;

  // Waits while somebody writes. The number to show to is_unchanged().
  [[nodiscard]] std::uint32_t begin_read() const {
    for (;;) {
      std::uint32_t sequence = sequence_.load_acquire();  // [words-before-even]
      if (RT_MUTANT(sequence_reader_enters_while_writing)) return sequence;
      if ((sequence & kWriting) == 0) return sequence;
      spin_pause();
    }
  }
  // Whether nobody has written since begin_read(): what was read in between belongs together.
  [[nodiscard]] bool is_unchanged(std::uint32_t begun) const {
    if (RT_MUTANT(sequence_reader_skips_recheck)) return true;
    return sequence_.load_relaxed() == begun;  // [odd-before-words]
  }
  // Repeats `read_words` until what it returns belongs together.
  template <class Function>
  auto read(Function&& read_words) const {
    for (;;) {
      std::uint32_t begun = begin_read();
      auto result = read_words();
      if (is_unchanged(begun)) return result;
    }
  }

  void begin_write() {
    for (;;) {
      std::uint32_t sequence = sequence_.load_relaxed();  // only a guess; the exchange checks it
      if ((sequence & kWriting) == 0) {
        if (RT_MUTANT(sequence_writers_overlap)) return sequence_.store_release(sequence + 1);
        if (sequence_.compare_exchange_acquire(sequence, sequence + 1))
          return;  // [odd-before-words]
      }
      spin_pause();
    }
  }
  void end_write() {
    std::uint32_t sequence = sequence_.load_relaxed();  // ours alone while it is odd
    RT_INVARIANT((sequence & kWriting) != 0, "who ends writing has begun it");
    sequence_.store_release(sequence + 1);  // [words-before-even]
  }
  // The writer has stored nothing: readers that began before need not repeat.
  void abandon_write() {
    std::uint32_t sequence = sequence_.load_relaxed();  // ours alone while it is odd
    RT_INVARIANT((sequence & kWriting) != 0, "who abandons writing has begun it");
    sequence_.store_release(sequence - 1);  // [words-before-even]
  }

 private:
  static constexpr std::uint32_t kWriting = 1;

  Atomic<std::uint32_t> sequence_{0};  // odd: somebody writes; wraps around
};

}  // namespace runtime
