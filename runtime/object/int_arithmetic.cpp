// What + - * // % ** << >> & ^ | do with ints: with machine instructions while the numbers are
// small, with libtommath when they are not, or when the result is not.
#include <algorithm>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/object/big_int.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

// Beyond this a number does not fit into the counts of libtommath.
constexpr std::int64_t kGreatestBits = std::int64_t{1} << 36;
constexpr std::int64_t kGreatestShift = INT32_MAX - 128;

// Rounds down, where C++ rounds towards zero. Not INT64_MIN by -1.
std::int64_t floor_quotient(std::int64_t left, std::int64_t right) {
  const std::int64_t quotient = left / right;
  const bool rounded_up =
      left % right != 0 && (left < 0) != (right < 0) && !RT_MUTANT(floor_division_truncates);
  return rounded_up ? quotient - 1 : quotient;
}
// Has the sign of the divisor.
std::int64_t floor_remainder(std::int64_t left, std::int64_t right) {
  const std::int64_t remainder = left % right;
  return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder;
}

// base ** exponent, exponent >= 0. False: it does not fit.
bool try_power(std::int64_t base, std::int64_t exponent, std::int64_t* result) {
  *result = 1;
  for (;;) {
    if ((exponent & 1) != 0 && __builtin_mul_overflow(*result, base, result)) return false;
    exponent >>= 1;
    if (exponent == 0) return true;
    if (__builtin_mul_overflow(base, base, &base)) return false;
  }
}

// False: the result is not small, or needs a closer look.
bool try_small(std::int64_t left, std::int64_t right, BinaryOp op, std::int64_t* result) {
  switch (op) {
    case BinaryOp::kAdd:
      if (RT_MUTANT(addition_wraps)) {
        (void)__builtin_add_overflow(left, right, result);
        return true;
      }
      return !__builtin_add_overflow(left, right, result);
    case BinaryOp::kSubtract:
      return !__builtin_sub_overflow(left, right, result);
    case BinaryOp::kMultiply:
      return !__builtin_mul_overflow(left, right, result);
    case BinaryOp::kFloorDivide:
      if (right == 0 || (left == INT64_MIN && right == -1)) return false;
      *result = floor_quotient(left, right);
      return true;
    case BinaryOp::kModulo:
      if (right == 0) return false;
      *result = right == -1 ? 0 : floor_remainder(left, right);
      return true;
    case BinaryOp::kPower:
      return right >= 0 && try_power(left, right, result);
    case BinaryOp::kLeftShift:
      if (right < 0 || right > 62) return false;
      *result = static_cast<std::int64_t>(static_cast<std::uint64_t>(left) << right);
      return *result >> right == left;
    case BinaryOp::kRightShift:
      if (right < 0) return false;
      *result = left >> std::min<std::int64_t>(right, 63);
      return true;
    case BinaryOp::kAnd:
      *result = left & right;
      return true;
    case BinaryOp::kXor:
      *result = left ^ right;
      return true;
    case BinaryOp::kOr:
      *result = left | right;
      return true;
    default:
      return false;
  }
}

// Rounded down.
Result<Done> divide(ThreadState& thread, const Int& left, const Int& right, BigInt& quotient,
                    BigInt& remainder) {
  const IntView dividend(left);
  const IntView divisor(right);
  mp_err error = MP_OKAY;
  quotient.with([&](mp_int* to) {
    remainder.with(
        [&](mp_int* rest) { return error = mp_div(dividend.get(), divisor.get(), to, rest); });
    return error;
  });
  const bool has_remainder = remainder.with([](mp_int*) { return MP_OKAY; });
  if (!has_remainder) return raise_out_of_memory(thread);
  // libtommath rounds towards zero.
  if (remainder.get()->used != 0 && remainder.get()->sign != divisor.get()->sign) {
    quotient.with([&](mp_int* to) { return mp_sub_d(to, 1, to); });
    remainder.with([&](mp_int* rest) { return mp_add(rest, divisor.get(), rest); });
  }
  return Done{};
}

Result<Ref<Object>> shift_left(ThreadState& thread, const Int& left, const Int& right) {
  if (sign_of(right) < 0) return raise(thread, value_error_type, "negative shift count");
  if (sign_of(left) == 0) return Ref<Object>(shared_int(0));
  if (!right.is_small()) {
    return raise(thread, overflow_error_type, "too many digits in integer");
  }
  if (right.small > kGreatestShift) return raise_out_of_memory(thread);
  const IntView number(left);
  BigInt result;
  result.with(
      [&](mp_int* to) { return mp_mul_2d(number.get(), static_cast<int>(right.small), to); });
  return result.finish(thread);
}

Result<Ref<Object>> shift_right(ThreadState& thread, const Int& left, const Int& right) {
  if (sign_of(right) < 0) return raise(thread, value_error_type, "negative shift count");
  if (clipped_int64_of(right) >= bit_length(left)) {
    return Ref<Object>(shared_int(sign_of(left) < 0 ? -1 : 0));
  }
  const IntView number(left);
  BigInt result;
  result.with(
      [&](mp_int* to) { return mp_signed_rsh(number.get(), static_cast<int>(right.small), to); });
  return result.finish(thread);
}

Result<Ref<Object>> power(ThreadState& thread, const Int& base, const Int& exponent) {
  if (sign_of(exponent) < 0) {
    TRY_ASSIGN(double left, double_of_int(thread, base));
    TRY_ASSIGN(double right, double_of_int(thread, exponent));
    TRY_ASSIGN(double result, power_of_doubles(thread, left, right));
    return new_float(thread, result);
  }
  // 0, 1 and -1 stay small whatever the exponent, and all others grow beyond memory.
  if (!exponent.is_small()) {
    const std::int64_t small = base.is_small() ? base.small : 2;
    if (small < -1 || small > 1) return raise_out_of_memory(thread);
    const bool is_odd = (digits_of(exponent)[0] & 1) != 0;
    return Ref<Object>(shared_int(small == -1 && !is_odd ? 1 : small));
  }
  std::int64_t bits;
  if (__builtin_mul_overflow(bit_length(base), exponent.small, &bits) || bits > kGreatestBits ||
      exponent.small > UINT32_MAX) {
    return raise_out_of_memory(thread);
  }
  const IntView number(base);
  BigInt result;
  result.with([&](mp_int* to) {
    return mp_expt_u32(number.get(), static_cast<std::uint32_t>(exponent.small), to);
  });
  return result.finish(thread);
}

Result<Ref<Object>> big_binary(ThreadState& thread, const Int& left, const Int& right,
                               mp_err (*compute)(const mp_int*, const mp_int*, mp_int*)) {
  const IntView first(left);
  const IntView second(right);
  BigInt result;
  result.with([&](mp_int* to) { return compute(first.get(), second.get(), to); });
  return result.finish(thread);
}

Result<Ref<Object>> divide_by(ThreadState& thread, const Int& left, const Int& right, BinaryOp op) {
  if (sign_of(right) == 0) return raise(thread, zero_division_error_type, "division by zero");
  BigInt quotient;
  BigInt remainder;
  TRY(divide(thread, left, right, quotient, remainder));
  if (op == BinaryOp::kFloorDivide) return quotient.finish(thread);
  if (op == BinaryOp::kModulo) return remainder.finish(thread);
  TRY_ASSIGN(Ref<Int> first, quotient.finish(thread));
  TRY_ASSIGN(Ref<Int> second, remainder.finish(thread));
  return new_tuple(thread, {first, second});
}

}  // namespace

Result<Ref<Object>> int_binary(ThreadState& thread, Borrowed<Int> left, Borrowed<Int> right,
                               BinaryOp op) {
  std::int64_t result;
  if (left->is_small() && right->is_small() && try_small(left->small, right->small, op, &result)) {
    return new_int(thread, result);
  }
  switch (op) {
    case BinaryOp::kAdd:
      return big_binary(thread, *left, *right, &mp_add);
    case BinaryOp::kSubtract:
      return big_binary(thread, *left, *right, &mp_sub);
    case BinaryOp::kMultiply:
      return big_binary(thread, *left, *right, &mp_mul);
    case BinaryOp::kTrueDivide: {
      TRY_ASSIGN(double quotient, quotient_of_ints(thread, *left, *right));
      return new_float(thread, quotient);
    }
    case BinaryOp::kFloorDivide:
    case BinaryOp::kModulo:
    case BinaryOp::kDivideModulo:
      return divide_by(thread, *left, *right, op);
    case BinaryOp::kPower:
      return power(thread, *left, *right);
    case BinaryOp::kLeftShift:
      return shift_left(thread, *left, *right);
    case BinaryOp::kRightShift:
      return shift_right(thread, *left, *right);
    case BinaryOp::kAnd:
      return big_binary(thread, *left, *right, &mp_and);
    case BinaryOp::kXor:
      return big_binary(thread, *left, *right, &mp_xor);
    default:
      return big_binary(thread, *left, *right, &mp_or);
  }
}

Result<Ref<Int>> int_operation(ThreadState& thread, Borrowed<Int> left, Borrowed<Int> right,
                               BinaryOp op) {
  TRY_ASSIGN(Ref<Object> result, int_binary(thread, left, right, op));
  return Ref<Int>::adopt(static_cast<Int*>(result.release()));
}

Result<Ref<Object>> int_unary(ThreadState& thread, Borrowed<Int> operand, UnaryOp op) {
  const bool negates =
      op == UnaryOp::kNegative || (op == UnaryOp::kAbsolute && sign_of(*operand) < 0);
  if (op == UnaryOp::kInvert)
    return int_binary(thread, shared_int(-1), operand, BinaryOp::kSubtract);
  if (negates) return int_binary(thread, shared_int(0), operand, BinaryOp::kSubtract);
  if (operand->type == &int_type) return Ref<Object>::share(thread, operand);
  return int_binary(thread, shared_int(0), operand, BinaryOp::kAdd);  // of a derived type
}

// long_pow with a third operand.
Result<Ref<Object>> int_power_modulo(ThreadState& thread, Borrowed<Int> base,
                                     Borrowed<Int> exponent, Borrowed<Int> modulus) {
  if (sign_of(*modulus) == 0) {
    return raise(thread, value_error_type, "pow() 3rd argument cannot be 0");
  }
  const IntView divisor(*modulus);
  const IntView power(*exponent);
  BigInt positive;
  BigInt residue;
  BigInt times;
  BigInt result;
  if (!positive.with([&](mp_int* to) { return mp_abs(divisor.get(), to); }) ||
      !residue.with([&](mp_int* to) { return mp_mod(IntView(*base).get(), positive.get(), to); }) ||
      !times.with([&](mp_int* to) { return mp_abs(power.get(), to); })) {
    return raise_out_of_memory(thread);
  }
  const bool is_one = positive.get()->used == 1 && positive.get()->dp[0] == 1;
  if (is_one) return Ref<Object>(shared_int(0));
  if (sign_of(*exponent) < 0) {
    mp_err error = MP_OKAY;
    BigInt inverse;
    inverse.with([&](mp_int* to) { return error = mp_invmod(residue.get(), positive.get(), to); });
    if (error == MP_VAL) {
      return raise(thread, value_error_type, "base is not invertible for the given modulus");
    }
    if (!residue.with(
            [&](mp_int* to) { return error == MP_OKAY ? mp_copy(inverse.get(), to) : error; })) {
      return raise_out_of_memory(thread);
    }
  }
  result.with([&](mp_int* to) {
    mp_err error = mp_exptmod(residue.get(), times.get(), positive.get(), to);
    if (error == MP_OKAY && divisor.get()->sign == MP_NEG && to->used != 0) {
      error = mp_add(to, divisor.get(), to);
    }
    return error;
  });
  return result.finish(thread);
}

}  // namespace runtime
