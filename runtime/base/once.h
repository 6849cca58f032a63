// Doing something exactly once, although several threads want it done and doing it can fail.
//
// One byte: not begun, running, done, and a bit for "somebody waits". The first thread to move it
// from "not begun" runs the initializer; the others park at the byte (parking_lot.h). A failure
// moves it back, so that one of the others tries.
//
// The initializer must not call the same Once: it would wait for itself.
//
// Ancestry: CPython's _PyOnceFlag (Python/lock.c).
//
// Orderings in this file
//   [initialized-before-done]  finish() exchanges with release, call() loads with acquire: who
//                              finds it done sees everything that the initializer did.
#pragma once

#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/base/mutants.h"
#include "runtime/base/parking_lot.h"

namespace runtime {

class Once {
 public:
  Once() = default;
  Once(const Once&) = delete;
  Once& operator=(const Once&) = delete;

  // Runs `initialize` (a function returning bool: did it work?) unless that has worked before. True
  // when it is done, by whomever; false when this thread ran it and it failed. Waits, with the
  // hooks, while another thread runs it.
  template <class Function>
  [[nodiscard]] bool call(Function&& initialize, const ParkHooks* hooks = nullptr) {
    if (is_done()) return true;
    if (!begin_slow(hooks)) return true;
    bool worked = initialize();
    finish(worked);
    return worked;
  }
  [[nodiscard]] bool is_done() const {
    if (RT_MUTANT(once_checks_relaxed)) return state_.load_relaxed() == kDone;
    return state_.load_acquire() == kDone;  // [initialized-before-done]
  }

 private:
  static constexpr std::uint8_t kNotBegun = 0;
  static constexpr std::uint8_t kRunning = 1;
  static constexpr std::uint8_t kDone = 2;
  static constexpr std::uint8_t kWaitersBit = 4;  // only together with kRunning

  // True: the caller runs the initializer now. False: it is done.
  bool begin_slow(const ParkHooks* hooks);
  void finish(bool worked);

  Atomic<std::uint8_t> state_{kNotBegun};
};

}  // namespace runtime
