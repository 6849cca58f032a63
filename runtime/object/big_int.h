// libtommath and our ints: a view of an Int as its number, and a number on the way to an Int.
//
// An Int lies in one block and never changes; libtommath computes into buffers of its own. So an
// operand is shown to it where it lies, without a copy, and a result is copied into a new Int and
// its buffer freed. This is the only header that knows libtommath.
#pragma once

#include <cstdint>
#include <tommath.h>

#include "runtime/base/check.h"
#include "runtime/object/int_object.h"

namespace runtime {

static_assert(MP_DIGIT_BIT == 60 && sizeof(mp_digit) == 8);
inline constexpr unsigned kDigitBits = MP_DIGIT_BIT;

[[nodiscard]] inline const mp_digit* digits_of(const Int& value) {
  return reinterpret_cast<const mp_digit*>(&value + 1);
}

// Reads an Int that lives as long.
class IntView {
 public:
  explicit IntView(const Int& value) {
    if (!value.is_small()) {
      number_.used = static_cast<int>(value.digit_count);
      number_.sign = value.is_negative ? MP_NEG : MP_ZPOS;
      number_.dp = const_cast<mp_digit*>(digits_of(value));
    } else {
      const std::uint64_t magnitude = value.small < 0 ? ~static_cast<std::uint64_t>(value.small) + 1
                                                      : static_cast<std::uint64_t>(value.small);
      digits_[0] = magnitude & MP_MASK;
      digits_[1] = magnitude >> kDigitBits;
      number_.used = digits_[1] != 0 ? 2 : digits_[0] != 0 ? 1 : 0;
      number_.sign = value.small < 0 ? MP_NEG : MP_ZPOS;
      number_.dp = digits_;
    }
    number_.alloc = number_.used;
  }
  IntView(const IntView&) = delete;
  IntView& operator=(const IntView&) = delete;

  // For operands only.
  [[nodiscard]] const mp_int* get() const { return &number_; }

 private:
  mp_digit digits_[2] = {};
  mp_int number_;
};

// A result. Zero at first. Remembers whether memory ran out on the way.
class BigInt {
 public:
  BigInt() : error_(mp_init_size(&number_, 4)) {}
  ~BigInt() {
    if (is_initialized()) mp_clear(&number_);
  }
  BigInt(const BigInt&) = delete;
  BigInt& operator=(const BigInt&) = delete;

  // compute(&mp_int) -> mp_err, unless something has failed before. False: it failed now or before.
  template <class Compute>
  bool with(Compute&& compute) {
    if (error_ == MP_OKAY) error_ = compute(&number_);
    return error_ == MP_OKAY;
  }
  [[nodiscard]] mp_int* get() {
    RT_INVARIANT(error_ == MP_OKAY, "a number is used when it was computed");
    return &number_;
  }
  // A small Int if it fits. MemoryError, also for what failed before.
  Result<Ref<Int>> finish(ThreadState& thread);

 private:
  // A number that never got memory has none to give back.
  [[nodiscard]] bool is_initialized() const { return number_.dp != nullptr; }

  mp_int number_{};
  mp_err error_;
};

}  // namespace runtime
