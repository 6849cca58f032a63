// A schedule that is read from bytes, and what libFuzzer is told of the interleavings that come of it.
//
// Two bytes are a run: who goes on (of those who can, modulo their number), and for how many scheduling
// points. When the bytes have ended everybody runs as long as he can. Until begin() whoever runs goes
// on: the bytes are for the threads of the program, not for their beginning.
//
// Coverage alone hardly tells one interleaving from another, for the same code runs. So each pair of
// accesses of one word by two threads, one after the other and one of them a write, counts as a feature
// (the two places in the code, in this order), and so does each pair of places between which a thread
// was stopped: libFuzzer keeps an input that shows a new one (the section __libfuzzer_extra_counters).
// Ancestry: the alias coverage of Krace (Xu, Kashyap, Zhao, Kim: Krace: Data Race Fuzzing for Kernel
// File Systems, IEEE S&P 2020).
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "runtime/base/scheduler.h"

namespace fuzzing {

class ByteSchedule : public runtime::machine::Strategy {
 public:
  explicit ByteSchedule(std::span<const std::uint8_t> bytes) : bytes_(bytes) {
    patience = kForEver;
  }
  void begin();
  unsigned choose(const runtime::machine::Decision& decision) override;
  void will_run(const runtime::machine::Candidate& candidate, bool can_continue) override;

 private:
  struct LastAccess {
    std::uintptr_t address = 0;
    std::uint32_t place = 0;
    std::uint16_t task = 0;
    bool wrote = false;
  };

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  bool begun_ = false;
  unsigned last_task_ = 0;
  std::uint32_t last_place_ = 0;
  std::array<LastAccess, 256> last_{};
};

}  // namespace fuzzing
