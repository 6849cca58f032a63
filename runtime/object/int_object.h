// int and bool: whole numbers of any size.
//
// Nearly all numbers in programs fit into 64 bits, so those lie in the object and are computed with
// machine instructions that notice overflow. A number that does not fit has its digits behind the
// object, in one block with it, and libtommath computes with them. A number has one form: whatever
// fits into 64 bits is small. The numbers from -5 to 256 and the two bools exist once, static and
// immortal. Ints never change, so any thread may read any int without a lock.
//
// Ancestry: CPython's Objects/longobject.c and Objects/boolobject.c, for what the operations mean;
// the hash is that of https://docs.python.org/3/library/stdtypes.html#hashing-of-numeric-types.
// Departure: two forms instead of 30-bit digits throughout.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct Int : Object {
  std::int64_t small;         // the value, if digit_count is 0
  std::uint32_t digit_count;  // of libtommath's digits behind this structure, lowest first
  bool is_negative;           // if digit_count is not 0

  constexpr Int(Type* its_type, std::int64_t value)
      : Object(its_type), small(value), digit_count(0), is_negative(false) {}

  [[nodiscard]] bool is_small() const { return digit_count == 0; }
};

extern Type int_type;
extern Type bool_type;  // derived from int

inline constexpr std::int64_t kLeastSharedInt = -5;
inline constexpr std::int64_t kGreatestSharedInt = 256;

extern Int true_object;
extern Int false_object;
[[nodiscard]] inline Ref<Object> boolean(bool value) {
  return Ref<Object>::adopt(value ? &true_object : &false_object);
}

// Shared if small enough. MemoryError.
Result<Ref<Int>> new_int(ThreadState& thread, std::int64_t value);
Result<Ref<Int>> new_int_unsigned(ThreadState& thread, std::uint64_t value);
// One of -5 .. 256: cannot fail.
[[nodiscard]] Ref<Int> shared_int(std::int64_t value);
// Towards zero. OverflowError, ValueError for what is no number.
Result<Ref<Int>> new_int_from_double(ThreadState& thread, double value);

// int or derived from it.
[[nodiscard]] inline bool is_int(const Object& object) {
  return object.type == &int_type || object.type == &bool_type ||
         is_subtype(*object.type, int_type);
}
[[nodiscard]] inline Borrowed<Int> as_int(Borrowed<Object> object) {
  RT_INVARIANT(is_int(*object), "what is taken for an int is one");
  return Borrowed<Int>(static_cast<Int*>(object.get()));
}

// None if it does not fit.
[[nodiscard]] inline std::optional<std::int64_t> int64_of(const Int& value) {
  if (!value.is_small()) return std::nullopt;
  return value.small;
}
// The nearest that fits.
[[nodiscard]] std::int64_t clipped_int64_of(const Int& value);
// -1, 0 or 1.
[[nodiscard]] int sign_of(const Int& value);
// Below 0: left is less; 0: equal; above 0: greater.
[[nodiscard]] int compare_ints(const Int& left, const Int& right);
// The same against a double that is not NaN, exactly.
[[nodiscard]] int compare_int_with_double(const Int& left, double right);
[[nodiscard]] std::int64_t hash_of_large_int(const Int& value);
[[nodiscard]] inline std::int64_t hash_of_int(const Int& value) {
  // Below the modulus, 2^61 - 1, a number is its own hash; and -1 stands for none.
  constexpr std::int64_t kModulus = (std::int64_t{1} << 61) - 1;
  const bool is_own_hash =
      value.is_small() && -kModulus < value.small && value.small < kModulus && value.small != -1;
  return is_own_hash ? value.small : hash_of_large_int(value);
}
// How many bits it has without its sign: int.bit_length().
[[nodiscard]] std::int64_t bit_length(const Int& value);
// Rounded to nearest, ties to even. OverflowError "int too large to convert to float".
Result<double> double_of_int(ThreadState& thread, const Int& value);

// left / right, rounded once. ZeroDivisionError, OverflowError.
Result<double> quotient_of_ints(ThreadState& thread, const Int& left, const Int& right);

// `left op right` for ints: kTrueDivide gives a float, kDivideModulo a tuple, kPower with a negative
// exponent a float. ZeroDivisionError, OverflowError, ValueError (negative shift), MemoryError.
Result<Ref<Object>> int_binary(ThreadState& thread, Borrowed<Int> left, Borrowed<Int> right,
                               BinaryOp op);
// The same where the result of two ints is an int: not for kTrueDivide, kDivideModulo, and kPower.
Result<Ref<Int>> int_operation(ThreadState& thread, Borrowed<Int> left, Borrowed<Int> right,
                               BinaryOp op);
Result<Ref<Object>> int_unary(ThreadState& thread, Borrowed<Int> operand, UnaryOp op);
// pow(base, exponent, modulus).
Result<Ref<Object>> int_power_modulo(ThreadState& thread, Borrowed<Int> base,
                                     Borrowed<Int> exponent, Borrowed<Int> modulus);

// int(text, base): sign, prefix, underscores and blanks around it as there. base is 0 or 2..36.
// ValueError.
Result<Ref<Int>> parse_int(ThreadState& thread, Borrowed<Str> text, int base);
// `digits` in base 2..36 without prefix or underscores, at least one: for literals.
Result<Ref<Int>> int_from_digits(ThreadState& thread, std::string_view digits, int base);
// In base 2..36, without prefix. ValueError when it has more decimal digits than
// sys.set_int_max_str_digits allows.
Result<std::string> int_to_text(ThreadState& thread, const Int& value, int base);

}  // namespace runtime
