// Which accesses of an execution are ordered by the declared memory orders?
//
// The scheduler performs every operation sequentially consistently, so an execution alone never
// shows that a release or an acquire is missing. But it can be computed: each thread carries a
// vector clock; a release leaves it at the word, an acquire takes it from there; starting and
// joining threads, posting and waiting hand it on. Two accesses of the same plain memory (Plain<T>
// in atomic.h), one of them a write, that no clock orders are a data race, in whatever order the
// schedule happened to run them. Freeing memory counts as a write to all of it, so an object that
// is freed without an acquire from its last user is found although nothing in it is annotated.
//
// This sees what ThreadSanitizer sees, but in every schedule that is explored instead of those that
// happen. It does not see what only a weaker order of *values* shows (a relaxed load that reads an
// old value).
//
// Ancestry: Flanagan and Freund, FastTrack (2009); release sequences as in C++20 [intro.races].
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/base/address_table.h"

namespace runtime::machine {

class HappensBefore {
 public:
  static constexpr unsigned kThreads = 17;  // numbers 1 .. 16

  // An earlier access that nothing orders before the present one.
  struct Conflict {
    unsigned thread = 0;  // 0: none
    unsigned step = 0;
    bool wrote = false;
    explicit operator bool() const { return thread != 0; }
  };

  void begin();  // an execution; the first thread is 1
  void started(unsigned parent, unsigned child);
  void joined(unsigned parent, unsigned child);

  void acquire(unsigned thread, std::uintptr_t word);
  void release(unsigned thread,
               std::uintptr_t word);  // a store: forgets earlier releases of the word
  void release_adding(unsigned thread, std::uintptr_t word);  // a read-modify-write: they stay
  void stored_relaxed(std::uintptr_t word);                   // ends the release sequence

  // An address stands for the word or the plain value that begins there.
  void touched_atomically(unsigned thread, unsigned step, std::uintptr_t address);
  Conflict read(unsigned thread, unsigned step, std::uintptr_t address);
  Conflict wrote(unsigned thread, unsigned step, std::uintptr_t address);
  // The bytes end their life; what comes to the same addresses later is new.
  Conflict freed(unsigned thread, std::uintptr_t address, std::size_t bytes);

 private:
  struct VectorClock {
    std::uint32_t at[kThreads] = {};
  };
  struct Access {
    std::uint32_t epoch = 0;  // 0: never
    std::uint32_t step = 0;
  };
  // The last access of each thread is enough: earlier ones are ordered before it.
  struct Word {
    VectorClock released;
    bool any_released = false;
    Access touches[kThreads];
  };
  struct PlainValue {
    Access reads[kThreads];
    Access writes[kThreads];
  };

  [[nodiscard]] Conflict unordered(unsigned thread, const Access (&accesses)[kThreads],
                                   bool wrote) const;
  [[nodiscard]] Access now(unsigned thread, unsigned step) const {
    return Access{threads_[thread].at[thread], step};
  }
  void join_into(VectorClock& left, const VectorClock& right) const;
  void remember(std::uintptr_t address);
  Conflict forget(unsigned thread, std::uintptr_t address);

  VectorClock threads_[kThreads];
  unsigned count_ = 1;  // threads so far
  AddressTable<Word> words_;
  AddressTable<PlainValue> plain_;
  // What freed() must look for in the arena: a byte for each eight bytes of it, up to the last that
  // matters, and in it a bit for each address that has an entry above.
  std::vector<std::uint8_t> known_;
  std::vector<std::size_t> known_places_;  // that are not zero
};

}  // namespace runtime::machine
