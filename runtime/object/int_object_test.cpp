#include "runtime/object/int_object.h"

#include <cmath>
#include <gtest/gtest.h>

#include "runtime/base/random.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

class IntObject : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  // Written in decimal.
  Ref<Int> n(std::string_view digits) {
    const bool is_negative = digits.starts_with('-');
    if (is_negative) digits.remove_prefix(1);
    Ref<Int> positive = must(int_from_digits(here(), digits, 10));
    if (!is_negative) return positive;
    return must(int_operation(here(), shared_int(0), positive, BinaryOp::kSubtract));
  }
  // What `left op right` is, or what it raises.
  std::string op(std::string_view left, BinaryOp op, std::string_view right) {
    Result<Ref<Object>> result = binary(here(), n(left), n(right), op);
    if (result.is_raised()) return raised_by(here(), std::move(result));
    return repr(here(), std::move(result).value());
  }
  std::string parsed(std::string_view digits, int base = 10) {
    Result<Ref<Int>> result = parse_int(here(), text(here(), digits), base);
    if (result.is_raised()) return raised_by(here(), std::move(result));
    return repr(here(), std::move(result).value());
  }

  ValueKernel kernel_;
};

const char* const kBig = "123456789012345678901234567890";

TEST_F(IntObject, TheOnesThatProgramsCountWithExistOnce) {
  EXPECT_EQ(n("-5").get(), n("-5").get());
  EXPECT_EQ(n("256").get(), number(here(), 256).get());
  EXPECT_NE(n("-6").get(), n("-6").get());
  EXPECT_NE(n("257").get(), n("257").get());
  EXPECT_TRUE(is_immortal(n("0").get()));
}

TEST_F(IntObject, WhatFitsIntoSixtyFourBitsIsSmall) {
  EXPECT_TRUE(n("9223372036854775807")->is_small());
  EXPECT_FALSE(n("9223372036854775808")->is_small());
  EXPECT_TRUE(n("-9223372036854775808")->is_small());
  EXPECT_FALSE(n("-9223372036854775809")->is_small());
  EXPECT_EQ(n("-9223372036854775808")->small, INT64_MIN);
  EXPECT_TRUE(must(new_int_unsigned(here(), INT64_MAX))->is_small());
  EXPECT_EQ(repr(here(), must(new_int_unsigned(here(), UINT64_MAX))), "18446744073709551615");
}

TEST_F(IntObject, SumsAndProductsGrow) {
  EXPECT_EQ(op("9223372036854775807", BinaryOp::kAdd, "1"), "9223372036854775808");
  EXPECT_EQ(op("-9223372036854775808", BinaryOp::kSubtract, "1"), "-9223372036854775809");
  EXPECT_EQ(op("9223372036854775808", BinaryOp::kSubtract, "1"), "9223372036854775807");
  EXPECT_EQ(op("-9223372036854775808", BinaryOp::kMultiply, "-1"), "9223372036854775808");
  EXPECT_EQ(op(kBig, BinaryOp::kMultiply, kBig),
            "15241578753238836750495351562536198787501905199875019052100");
  EXPECT_EQ(op(kBig, BinaryOp::kMultiply, "0"), "0");
}

TEST_F(IntObject, DivisionRoundsDownAndTheRemainderHasTheSignOfTheDivisor) {
  EXPECT_EQ(op("7", BinaryOp::kFloorDivide, "2"), "3");
  EXPECT_EQ(op("-7", BinaryOp::kFloorDivide, "2"), "-4");
  EXPECT_EQ(op("7", BinaryOp::kFloorDivide, "-2"), "-4");
  EXPECT_EQ(op("-7", BinaryOp::kModulo, "2"), "1");
  EXPECT_EQ(op("7", BinaryOp::kModulo, "-2"), "-1");
  EXPECT_EQ(op("-6", BinaryOp::kModulo, "2"), "0");
  EXPECT_EQ(op("-7", BinaryOp::kDivideModulo, "2"), "(-4, 1)");
  EXPECT_EQ(op("-9223372036854775808", BinaryOp::kFloorDivide, "-1"), "9223372036854775808");
  EXPECT_EQ(op("-9223372036854775808", BinaryOp::kModulo, "-1"), "0");
  EXPECT_EQ(op("-123456789012345678901234567890", BinaryOp::kDivideModulo, "1000"),
            "(-123456789012345678901234568, 110)");
  EXPECT_EQ(op(kBig, BinaryOp::kDivideModulo, "-123456789012345678901234567891"), "(-1, -1)");
  EXPECT_EQ(op("1", BinaryOp::kFloorDivide, kBig), "0");
  EXPECT_EQ(op("-1", BinaryOp::kFloorDivide, kBig), "-1");
}

TEST_F(IntObject, DividingByZeroRaises) {
  for (BinaryOp operation : {BinaryOp::kFloorDivide, BinaryOp::kModulo, BinaryOp::kTrueDivide,
                             BinaryOp::kDivideModulo}) {
    EXPECT_EQ(op("1", operation, "0"), "ZeroDivisionError: division by zero");
    EXPECT_EQ(op(kBig, operation, "0"), "ZeroDivisionError: division by zero");
  }
}

TEST_F(IntObject, TrueDivisionRoundsOnce) {
  EXPECT_EQ(op("1", BinaryOp::kTrueDivide, "3"), "0.3333333333333333");
  EXPECT_EQ(op("6", BinaryOp::kTrueDivide, "3"), "2.0");
  EXPECT_EQ(op("0", BinaryOp::kTrueDivide, "-3"), "-0.0");
  EXPECT_EQ(op("0", BinaryOp::kTrueDivide, "-123456789012345678901234567890"), "-0.0");
  EXPECT_EQ(op("9007199254740993", BinaryOp::kTrueDivide, "1"), "9007199254740992.0");
  EXPECT_EQ(op("9007199254740995", BinaryOp::kTrueDivide, "1"), "9007199254740996.0");
  EXPECT_EQ(op("-123456789012345678901234567890", BinaryOp::kTrueDivide, "7"),
            "-1.763668414462081e+28");
  EXPECT_EQ(op("1", BinaryOp::kTrueDivide, std::string("1") + std::string(320, '0')), "1e-320");
  EXPECT_EQ(op("1", BinaryOp::kTrueDivide, std::string("1") + std::string(330, '0')), "0.0");
  EXPECT_EQ(op(std::string("1") + std::string(310, '0'), BinaryOp::kTrueDivide, "1"),
            "OverflowError: integer division result too large for a float");
  EXPECT_EQ(op(std::string("1") + std::string(310, '0'), BinaryOp::kTrueDivide,
               std::string("3") + std::string(309, '0')),
            "3.3333333333333335");
}

TEST_F(IntObject, ShiftsKnowNoWidth) {
  EXPECT_EQ(op("1", BinaryOp::kLeftShift, "62"), "4611686018427387904");
  EXPECT_EQ(op("1", BinaryOp::kLeftShift, "63"), "9223372036854775808");
  EXPECT_EQ(op("-1", BinaryOp::kLeftShift, "64"), "-18446744073709551616");
  EXPECT_EQ(op("3", BinaryOp::kLeftShift, "0"), "3");
  EXPECT_EQ(op("-1", BinaryOp::kRightShift, "100"), "-1");
  EXPECT_EQ(op("5", BinaryOp::kRightShift, "100"), "0");
  EXPECT_EQ(op("-5", BinaryOp::kRightShift, "1"), "-3");
  EXPECT_EQ(op("-18446744073709551617", BinaryOp::kRightShift, "1"), "-9223372036854775809");
  EXPECT_EQ(op(kBig, BinaryOp::kRightShift, kBig), "0");
  EXPECT_EQ(op("0", BinaryOp::kLeftShift, kBig), "0");
  EXPECT_EQ(op("1", BinaryOp::kLeftShift, "-1"), "ValueError: negative shift count");
  EXPECT_EQ(op(kBig, BinaryOp::kRightShift, "-1"), "ValueError: negative shift count");
  EXPECT_EQ(op("1", BinaryOp::kLeftShift, kBig), "OverflowError: too many digits in integer");
}

TEST_F(IntObject, BitsAreThoseOfTwosComplement) {
  EXPECT_EQ(op("-1", BinaryOp::kAnd, kBig), kBig);
  EXPECT_EQ(op("-4", BinaryOp::kOr, "1"), "-3");
  EXPECT_EQ(op("-18446744073709551616", BinaryOp::kOr, "5"), "-18446744073709551611");
  EXPECT_EQ(op("-18446744073709551616", BinaryOp::kXor, "-1"), "18446744073709551615");
  EXPECT_EQ(repr(here(), must(unary(here(), n(kBig), UnaryOp::kInvert))),
            "-123456789012345678901234567891");
  EXPECT_EQ(repr(here(), must(unary(here(), n("-9223372036854775808"), UnaryOp::kNegative))),
            "9223372036854775808");
  EXPECT_EQ(repr(here(), must(unary(here(), n("-9223372036854775808"), UnaryOp::kAbsolute))),
            "9223372036854775808");
  Ref<Int> big = n(kBig);
  EXPECT_EQ(must(unary(here(), big, UnaryOp::kPositive)).get(), big.get());
}

TEST_F(IntObject, PowersGrowAndNegativeOnesAreFloats) {
  EXPECT_EQ(op("2", BinaryOp::kPower, "10"), "1024");
  EXPECT_EQ(op("2", BinaryOp::kPower, "0"), "1");
  EXPECT_EQ(op("0", BinaryOp::kPower, "0"), "1");
  EXPECT_EQ(op("-2", BinaryOp::kPower, "63"), "-9223372036854775808");
  EXPECT_EQ(op("3", BinaryOp::kPower, "100"), "515377520732011331036461129765621272702107522001");
  EXPECT_EQ(op("2", BinaryOp::kPower, "-1"), "0.5");
  EXPECT_EQ(op("-1", BinaryOp::kPower, "99999999999999999999"), "-1");
  EXPECT_EQ(op("-1", BinaryOp::kPower, "99999999999999999998"), "1");
  EXPECT_EQ(op("0", BinaryOp::kPower, "-1"), "ZeroDivisionError: zero to a negative power");
}

TEST_F(IntObject, PowersModuloANumberHaveItsSign) {
  const auto power = [&](const char* base, const char* exponent, const char* modulus) {
    auto result = int_power_modulo(here(), n(base), n(exponent), n(modulus));
    if (result.is_raised()) return raised_by(here(), std::move(result));
    return repr(here(), std::move(result).value());
  };
  EXPECT_EQ(power("3", "200", "50"), "1");
  EXPECT_EQ(power("3", "5", "-7"), "-2");
  EXPECT_EQ(power("-3", "3", "7"), "1");
  EXPECT_EQ(power("3", "-1", "7"), "5");
  EXPECT_EQ(power("38", "-1", "97"), "23");
  EXPECT_EQ(power("5", "0", "1"), "0");
  EXPECT_EQ(power(kBig, kBig, "1000000007"), "301787077");
  EXPECT_EQ(power("2", "1", "0"), "ValueError: pow() 3rd argument cannot be 0");
  EXPECT_EQ(power("2", "-1", "4"), "ValueError: base is not invertible for the given modulus");
}

// The values are those of CPython; they are the same in every process.
TEST_F(IntObject, HashesAreTheValueModuloAPrime) {
  EXPECT_EQ(hash_of_int(*n("0")), 0);
  EXPECT_EQ(hash_of_int(*n("-1")), -2);
  EXPECT_EQ(hash_of_int(*n("-2")), -2);
  EXPECT_EQ(hash_of_int(*n("2305843009213693951")), 0);
  EXPECT_EQ(hash_of_int(*n("2305843009213693952")), 1);
  EXPECT_EQ(hash_of_int(*n("-2305843009213693952")), -2);
  EXPECT_EQ(hash_of_int(*n("9223372036854775807")), 3);
  EXPECT_EQ(hash_of_int(*n("-9223372036854775808")), -4);
  EXPECT_EQ(hash_of_int(*n(kBig)), 248789772095949448);
  EXPECT_EQ(hash_of_int(*n("-123456789012345678901234567890")), -248789772095949448);
}

TEST_F(IntObject, OrderIsThatOfTheNumbersWhateverTheirForm) {
  const char* const ascending[] = {"-123456789012345678901234567890",
                                   "-9223372036854775809",
                                   "-9223372036854775808",
                                   "-1",
                                   "0",
                                   "9223372036854775807",
                                   "9223372036854775808",
                                   kBig};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      const int order = compare_ints(*n(ascending[i]), *n(ascending[j]));
      EXPECT_EQ(order < 0, i < j) << ascending[i] << " " << ascending[j];
      EXPECT_EQ(order == 0, i == j) << ascending[i] << " " << ascending[j];
      EXPECT_EQ(must(are_equal(here(), n(ascending[i]), n(ascending[j]))), i == j);
    }
  }
}

TEST_F(IntObject, ADoubleIsComparedExactly) {
  EXPECT_EQ(compare_int_with_double(*n("9007199254740993"), 9007199254740992.0), 1);
  EXPECT_EQ(compare_int_with_double(*n("1"), 1.5), -1);
  EXPECT_EQ(compare_int_with_double(*n("-1"), -1.5), 1);
  EXPECT_EQ(compare_int_with_double(*n("9223372036854775807"), 0x1p63), -1);
  EXPECT_EQ(compare_int_with_double(*n("9223372036854775808"), 0x1p63), 0);
  EXPECT_EQ(compare_int_with_double(*n("-9223372036854775808"), -0x1p63), 0);
  EXPECT_EQ(compare_int_with_double(*n("-9223372036854775809"), -0x1p63), -1);
  EXPECT_EQ(compare_int_with_double(*n(kBig), HUGE_VAL), -1);
  EXPECT_EQ(compare_int_with_double(*n(kBig), -1e300), 1);
  EXPECT_EQ(compare_int_with_double(*n("1180591620717411303424"), 0x1p70), 0);
  EXPECT_EQ(compare_int_with_double(*n("1180591620717411303425"), 0x1p70), 1);
  EXPECT_EQ(compare_int_with_double(*n("-1180591620717411303425"), -0x1p70), -1);
}

TEST_F(IntObject, ConvertsToTheNearestDouble) {
  EXPECT_EQ(must(double_of_int(here(), *n("18446744073709551617"))), 18446744073709551616.0);
  EXPECT_EQ(must(double_of_int(here(), *n("36893488147419107329"))), 36893488147419111424.0);
  EXPECT_EQ(must(double_of_int(here(), *n(kBig))), 123456789012345678901234567890.0);
  EXPECT_EQ(raised_by(here(), double_of_int(here(), *n(std::string(400, '9')))),
            "OverflowError: int too large to convert to float");
  EXPECT_EQ(repr(here(), must(new_int_from_double(here(), -1e20))), "-100000000000000000000");
  EXPECT_EQ(repr(here(), must(new_int_from_double(here(), 2.9))), "2");
  EXPECT_EQ(raised_by(here(), new_int_from_double(here(), HUGE_VAL)),
            "OverflowError: cannot convert float infinity to integer");
  EXPECT_EQ(raised_by(here(), new_int_from_double(here(), NAN)),
            "ValueError: cannot convert float NaN to integer");
}

TEST_F(IntObject, TextIsReadAsProgramsWriteNumbers) {
  EXPECT_EQ(parsed("  -12_345\n"), "-12345");
  EXPECT_EQ(parsed("+7"), "7");
  EXPECT_EQ(parsed("0x_ff", 16), "255");
  EXPECT_EQ(parsed("0b101", 0), "5");
  EXPECT_EQ(parsed("-0O17", 0), "-15");
  EXPECT_EQ(parsed("z", 36), "35");
  EXPECT_EQ(parsed("0b1", 16), "177");
  EXPECT_EQ(parsed("00", 0), "0");
  EXPECT_EQ(parsed("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(parsed("ffffffffffffffffffff", 16), "1208925819614629174706175");
  EXPECT_EQ(parsed("010", 0), "ValueError: invalid literal for int() with base 0: '010'");
  EXPECT_EQ(parsed("1__2"), "ValueError: invalid literal for int() with base 10: '1__2'");
  EXPECT_EQ(parsed("_1"), "ValueError: invalid literal for int() with base 10: '_1'");
  EXPECT_EQ(parsed("1_"), "ValueError: invalid literal for int() with base 10: '1_'");
  EXPECT_EQ(parsed(""), "ValueError: invalid literal for int() with base 10: ''");
  EXPECT_EQ(parsed("- 1"), "ValueError: invalid literal for int() with base 10: '- 1'");
  EXPECT_EQ(parsed("0x", 16), "ValueError: invalid literal for int() with base 16: '0x'");
  EXPECT_EQ(parsed("12", 2), "ValueError: invalid literal for int() with base 2: '12'");
  EXPECT_EQ(parsed("1", 37), "ValueError: int() base must be >= 2 and <= 36, or 0");
}

TEST_F(IntObject, TextInOtherBases) {
  EXPECT_EQ(must(int_to_text(here(), *n("-255"), 16)), "-ff");
  EXPECT_EQ(must(int_to_text(here(), *n("-9223372036854775808"), 2)), "-1" + std::string(63, '0'));
  EXPECT_EQ(must(int_to_text(here(), *n(kBig), 36)), "byw97um9s91dlz68tsi");
  EXPECT_EQ(must(int_to_text(here(), *n("0"), 10)), "0");
}

// https://docs.python.org/3/library/stdtypes.html#integer-string-conversion-length-limitation
TEST_F(IntObject, VeryLongDecimalsAreRefused) {
  EXPECT_EQ(parsed(std::string(4301, '1')),
            "ValueError: Exceeds the limit (4300 digits) for integer string conversion: value has "
            "4301 digits; use sys.set_int_max_str_digits() to increase the limit");
  EXPECT_EQ(parsed(std::string(4300, '7')).size(), 4300u);
  Ref<Object> long_one = must(binary(here(), n("10"), n("4300"), BinaryOp::kPower));
  EXPECT_EQ(raised_by(here(), repr_of(here(), long_one)),
            "ValueError: Exceeds the limit (4300 digits) for integer string conversion; use "
            "sys.set_int_max_str_digits() to increase the limit");
  EXPECT_EQ(must(int_to_text(here(), *as_int(long_one), 16)).size(), 3572u);
}

TEST_F(IntObject, BoolsAreInts) {
  Ref<Object> yes = boolean(true);
  Ref<Object> no = boolean(false);
  EXPECT_EQ(repr(here(), yes), "True");
  EXPECT_EQ(must(hash_of(here(), yes)), 1);
  EXPECT_TRUE(is_int(*yes));
  EXPECT_EQ(repr(here(), must(binary(here(), yes, yes, BinaryOp::kAdd))), "2");
  EXPECT_EQ(must(binary(here(), yes, no, BinaryOp::kAnd)).get(), no.get());
  EXPECT_EQ(must(binary(here(), yes, no, BinaryOp::kXor)).get(), yes.get());
  EXPECT_EQ(repr(here(), must(binary(here(), yes, n("2"), BinaryOp::kOr))), "3");
  EXPECT_EQ(repr(here(), must(unary(here(), yes, UnaryOp::kInvert))), "-2");
  EXPECT_EQ(repr(here(), must(unary(here(), yes, UnaryOp::kPositive))), "1");
  EXPECT_TRUE(must(are_equal(here(), yes, n("1"))));
  EXPECT_EQ(must(index_of(here(), yes)).get(), n("1").get());
}

// The two forms are two implementations: what one computes the other must compute as well, once both
// operands are moved far away and the result is moved back.
TEST_F(IntObject, SmallAndBigArithmeticAgree) {
  const std::uint64_t seed = 20'240'601;
  Random random(seed);
  Ref<Int> far = n("1000000000000000000000000000000");
  for (int i = 0; i < 2'000; ++i) {
    const auto draw = [&] { return static_cast<std::int64_t>(random.next()) >> random.below(64); };
    Ref<Int> left = number(here(), draw());
    Ref<Int> right = number(here(), draw());
    Ref<Int> far_left = must(int_operation(here(), left, far, BinaryOp::kMultiply));
    Ref<Int> far_right = must(int_operation(here(), right, far, BinaryOp::kMultiply));
    SCOPED_TRACE(::testing::Message() << "seed " << seed << " turn " << i);
    for (BinaryOp operation : {BinaryOp::kAdd, BinaryOp::kSubtract}) {
      Ref<Int> near = must(int_operation(here(), left, right, operation));
      Ref<Int> away = must(int_operation(here(), far_left, far_right, operation));
      EXPECT_EQ(compare_ints(*must(int_operation(here(), near, far, BinaryOp::kMultiply)), *away),
                0);
    }
    if (sign_of(*right) == 0) continue;
    Ref<Int> quotient = must(int_operation(here(), left, right, BinaryOp::kFloorDivide));
    Ref<Int> remainder = must(int_operation(here(), left, right, BinaryOp::kModulo));
    EXPECT_EQ(
        compare_ints(*must(int_operation(here(), far_left, far_right, BinaryOp::kFloorDivide)),
                     *quotient),
        0);
    EXPECT_EQ(compare_ints(*must(int_operation(here(), far_left, far_right, BinaryOp::kModulo)),
                           *must(int_operation(here(), remainder, far, BinaryOp::kMultiply))),
              0);
  }
}

}  // namespace
}  // namespace runtime
