// Random numbers that repeat: same seed, same numbers, on every machine.
//
// A counter goes up by an odd constant; each value is the counter, well mixed. So any seed is good,
// 0 too, and two generators with different seeds do not fall into step.
//
// Not for secrets. Thread safety: one thread at a time.
//
// Ancestry: Guy Steele, Doug Lea, Christine Flood, "Fast splittable pseudorandom number generators"
// (OOPSLA 2014); the mixing constants are Sebastiano Vigna's splitmix64.c.
#pragma once

#include <cstdint>
#include <limits>

#include "runtime/base/check.h"

namespace runtime {

// Also a std::uniform_random_bit_generator; but the distributions of the standard library differ
// between libraries.
class Random {
 public:
  using result_type = std::uint64_t;

  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

  constexpr std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }
  // One of 0 .. bound - 1; bound is at least 1. The bias is below bound / 2^64.
  constexpr std::uint64_t below(std::uint64_t bound) {
    RT_INVARIANT(bound != 0, "there is a number below the bound");
    return next() % bound;
  }
  // True once in `times`, on average.
  constexpr bool one_in(std::uint64_t times) { return below(times) == 0; }

  constexpr std::uint64_t operator()() { return next(); }
  static constexpr std::uint64_t min() { return 0; }
  static constexpr std::uint64_t max() { return std::numeric_limits<std::uint64_t>::max(); }

 private:
  std::uint64_t state_;
};

}  // namespace runtime
