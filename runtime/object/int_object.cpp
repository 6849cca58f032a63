#include "runtime/object/int_object.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/object/big_int.h"
#include "runtime/object/exception_object.h"

namespace runtime {

namespace {

constexpr std::uint64_t kHashModulus = (std::uint64_t{1} << 61) - 1;

struct SharedInt : Int {
  template <std::size_t... kIndexes>
  static constexpr std::array<SharedInt, sizeof...(kIndexes)> all(
      std::index_sequence<kIndexes...>) {
    return {SharedInt(static_cast<std::int64_t>(kIndexes) + kLeastSharedInt)...};
  }
  constexpr explicit SharedInt(std::int64_t value) : Int(&int_type, value) {}
};
constinit std::array shared_ints =
    SharedInt::all(std::make_index_sequence<kGreatestSharedInt - kLeastSharedInt + 1>());

std::int64_t hash_with_sign(std::uint64_t hash, bool is_negative) {
  const auto positive = static_cast<std::int64_t>(hash);
  const std::int64_t result = is_negative ? -positive : positive;
  return result == -1 && !RT_MUTANT(hash_of_minus_one) ? -2 : result;
}

// The nearest multiple of a power of two that a double has room for: sign * (magnitude + something
// less than 1, if `is_inexact`) * 2^exponent, ties to even. Infinity if it is too large. `magnitude`
// has at least 55 bits if it is not exact.
double rounded(std::uint64_t magnitude, bool is_inexact, std::int64_t exponent) {
  if (magnitude == 0) return 0;
  magnitude |= is_inexact ? 1 : 0;  // below the bits that decide
  std::int64_t extra = std::max<std::int64_t>(std::bit_width(magnitude) - 53, -1074 - exponent);
  if (extra > 0) {
    const std::uint64_t half = std::uint64_t{1} << (extra - 1);
    const std::uint64_t rest = magnitude & (half * 2 - 1);
    magnitude >>= extra;
    if (rest > half || (rest == half && (magnitude & 1) != 0)) ++magnitude;
    exponent += extra;
  }
  if (exponent > 1024) return HUGE_VAL;
  return std::ldexp(static_cast<double>(magnitude), static_cast<int>(exponent));
}

// The top 64 bits of a positive number; the number is (top + less than 1) * 2^dropped.
struct Top {
  std::uint64_t bits;
  std::int64_t dropped;
  bool is_inexact;
};
Top top_of(const mp_int& number) {
  Top top{0, 0, false};
  const int bits = mp_count_bits(&number);
  top.dropped = std::max(bits - 64, 0);
  const auto first = static_cast<int>(top.dropped / kDigitBits);
  const auto offset = static_cast<unsigned>(top.dropped % kDigitBits);
  for (int i = 0; i < first; ++i) top.is_inexact |= number.dp[i] != 0;
  for (int i = first; i < number.used; ++i) {
    const std::int64_t shift = static_cast<std::int64_t>(i - first) * kDigitBits - offset;
    const mp_digit digit = number.dp[i];
    if (shift < 0) {
      top.bits |= digit >> -shift;
      top.is_inexact |= (digit & ((mp_digit{1} << -shift) - 1)) != 0;
    } else if (shift < 64) {
      top.bits |= digit << shift;
    }
  }
  return top;
}

}  // namespace

Ref<Int> shared_int(std::int64_t value) {
  RT_INVARIANT(value >= kLeastSharedInt && value <= kGreatestSharedInt, "a shared int is small");
  return Ref<Int>::adopt(&shared_ints[static_cast<std::size_t>(value - kLeastSharedInt)]);
}

Result<Ref<Int>> new_int(ThreadState& thread, std::int64_t value) {
  if (value >= kLeastSharedInt && value <= kGreatestSharedInt) return shared_int(value);
  auto* made = static_cast<Int*>(allocate_instance(thread, int_type, sizeof(Int)));
  if (made == nullptr) return raise_out_of_memory(thread);
  made->small = value;
  return Ref<Int>::adopt(made);
}

Result<Ref<Int>> new_int_unsigned(ThreadState& thread, std::uint64_t value) {
  if (value <= INT64_MAX) return new_int(thread, static_cast<std::int64_t>(value));
  BigInt number;
  number.with([&](mp_int* to) {
    mp_set_u64(to, value);
    return MP_OKAY;
  });
  return number.finish(thread);
}

Result<Ref<Int>> BigInt::finish(ThreadState& thread) {
  if (error_ != MP_OKAY) return raise_out_of_memory(thread);
  const bool is_negative = number_.sign == MP_NEG;
  const int bits = mp_count_bits(&number_);
  const std::uint64_t magnitude = bits <= 64 ? mp_get_mag_u64(&number_) : UINT64_MAX;
  if (magnitude <= INT64_MAX) {
    const auto value = static_cast<std::int64_t>(magnitude);
    return new_int(thread, is_negative ? -value : value);
  }
  if (is_negative && magnitude == std::uint64_t{1} << 63 && !RT_MUTANT(least_int_is_big)) {
    return new_int(thread, INT64_MIN);
  }
  const std::size_t bytes = static_cast<std::size_t>(number_.used) * sizeof(mp_digit);
  auto* made = static_cast<Int*>(allocate_instance(thread, int_type, sizeof(Int) + bytes));
  if (made == nullptr) return raise_out_of_memory(thread);
  made->digit_count = static_cast<std::uint32_t>(number_.used);
  made->is_negative = is_negative;
  std::memcpy(static_cast<void*>(made + 1), number_.dp, bytes);
  return Ref<Int>::adopt(made);
}

Result<Ref<Int>> new_int_from_double(ThreadState& thread, double value) {
  if (std::isinf(value)) {
    return raise(thread, overflow_error_type, "cannot convert float infinity to integer");
  }
  if (std::isnan(value)) {
    return raise(thread, value_error_type, "cannot convert float NaN to integer");
  }
  if (std::fabs(value) < 0x1p63) return new_int(thread, static_cast<std::int64_t>(value));
  BigInt number;
  number.with([&](mp_int* to) { return mp_set_double(to, value); });
  return number.finish(thread);
}

std::int64_t clipped_int64_of(const Int& value) {
  if (value.is_small()) return value.small;
  return value.is_negative ? INT64_MIN : INT64_MAX;
}

int sign_of(const Int& value) {
  if (!value.is_small()) return value.is_negative ? -1 : 1;
  return value.small < 0 ? -1 : value.small > 0 ? 1 : 0;
}

int compare_ints(const Int& left, const Int& right) {
  if (left.is_small() && right.is_small()) {
    return left.small < right.small ? -1 : left.small > right.small ? 1 : 0;
  }
  // One that is not small lies beyond all that are.
  if (left.is_small()) return right.is_negative ? 1 : -1;
  if (right.is_small()) return left.is_negative ? -1 : 1;
  return mp_cmp(IntView(left).get(), IntView(right).get());
}

int compare_int_with_double(const Int& left, double right) {
  RT_INVARIANT(!std::isnan(right), "NaN has no place in the order");
  if (std::fabs(right) < 0x1p63) {
    if (!left.is_small()) return left.is_negative ? -1 : 1;
    const auto whole = static_cast<std::int64_t>(right);
    if (left.small != whole) return left.small < whole ? -1 : 1;
    const double fraction = right - static_cast<double>(whole);
    return fraction > 0 ? -1 : fraction < 0 ? 1 : 0;
  }
  // A double of this size is whole. It is beyond all small ints but one.
  const int beyond = right < 0 ? 1 : -1;
  if (left.is_small()) return left.small == INT64_MIN && right == -0x1p63 ? 0 : beyond;
  if (left.is_negative != (right < 0) || std::isinf(right)) {
    return std::isinf(right) ? beyond : left.is_negative ? -1 : 1;
  }
  const int bits_of_double = std::ilogb(right) + 1;
  const int bits = mp_count_bits(IntView(left).get());
  const int away = left.is_negative ? -1 : 1;
  if (bits != bits_of_double) return bits < bits_of_double ? -away : away;
  const Top top = top_of(*IntView(left).get());
  const auto top_of_double =
      static_cast<std::uint64_t>(std::ldexp(std::fabs(right), 64 - bits_of_double));
  if (top.bits != top_of_double) return top.bits < top_of_double ? -away : away;
  return top.is_inexact ? away : 0;
}

// The value modulo 2^61 - 1, with the sign of the value. A turn by 60 bits is a multiplication by
// 2^60 in that field.
std::int64_t hash_of_large_int(const Int& value) {
  if (value.is_small()) {
    const bool is_negative = value.small < 0;
    const std::uint64_t magnitude = is_negative ? ~static_cast<std::uint64_t>(value.small) + 1
                                                : static_cast<std::uint64_t>(value.small);
    return hash_with_sign(magnitude % kHashModulus, is_negative);
  }
  std::uint64_t hash = 0;
  for (std::uint32_t i = value.digit_count; i-- > 0;) {
    hash = ((hash << 60) & kHashModulus) | hash >> 1;
    hash += digits_of(value)[i];
    if (hash >= kHashModulus) hash -= kHashModulus;
  }
  return hash_with_sign(hash, value.is_negative);
}

std::int64_t bit_length(const Int& value) { return mp_count_bits(IntView(value).get()); }

Result<double> double_of_int(ThreadState& thread, const Int& value) {
  if (value.is_small()) return static_cast<double>(value.small);
  const Top top = top_of(*IntView(value).get());
  const double magnitude = rounded(top.bits, top.is_inexact, top.dropped);
  if (std::isinf(magnitude)) {
    return raise(thread, overflow_error_type, "int too large to convert to float");
  }
  return value.is_negative ? -magnitude : magnitude;
}

// Rounded once, however large the two are. The quotient is computed as a whole number of at least 55
// bits, and what is left over is remembered in one more.
Result<double> quotient_of_ints(ThreadState& thread, const Int& left, const Int& right) {
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  if (sign_of(right) == 0) return raise(thread, zero_division_error_type, "division by zero");
  if (left.is_small() && right.is_small() && left.small >= -kExact && left.small <= kExact &&
      right.small >= -kExact && right.small <= kExact) {
    return static_cast<double>(left.small) / static_cast<double>(right.small);
  }
  if (sign_of(left) == 0) return sign_of(right) < 0 ? -0.0 : 0.0;
  const IntView dividend(left);
  const IntView divisor(right);
  const std::int64_t bits = mp_count_bits(dividend.get()) - mp_count_bits(divisor.get());
  const bool is_negative = (sign_of(left) < 0) != (sign_of(right) < 0);
  constexpr const char* kTooLarge = "integer division result too large for a float";
  if (bits > 1025) return raise_text(thread, overflow_error_type, kTooLarge);
  if (bits < -1078) return is_negative ? -0.0 : 0.0;
  // quotient = dividend * 2^shift / divisor
  const std::int64_t shift = std::min<std::int64_t>(56 - bits, 1076);
  BigInt scaled;
  BigInt remainder;
  BigInt quotient;
  const mp_int* numerator = dividend.get();
  const mp_int* denominator = divisor.get();
  const int distance = static_cast<int>(shift < 0 ? -shift : shift);
  const bool is_scaled = scaled.with(
      [&](mp_int* to) { return mp_mul_2d(shift < 0 ? denominator : numerator, distance, to); });
  if (!is_scaled) return raise_out_of_memory(thread);
  (shift < 0 ? denominator : numerator) = scaled.get();
  const bool is_divided = remainder.with([&](mp_int* rest) {
    mp_err error = MP_OKAY;
    quotient.with([&](mp_int* to) { return error = mp_div(numerator, denominator, to, rest); });
    return error;
  });
  if (!is_divided || !quotient.with([](mp_int*) { return MP_OKAY; })) {
    return raise_out_of_memory(thread);
  }
  const double magnitude =
      rounded(mp_get_mag_u64(quotient.get()), remainder.get()->used != 0, -shift);
  if (std::isinf(magnitude)) return raise_text(thread, overflow_error_type, kTooLarge);
  return is_negative ? -magnitude : magnitude;
}

}  // namespace runtime
