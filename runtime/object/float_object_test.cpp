#include "runtime/object/float_object.h"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>

#include "runtime/base/random.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

class FloatObject : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Ref<Object> f(double value) { return must(new_float(here(), value)); }
  Ref<Object> n(std::int64_t value) { return number(here(), value); }
  std::string op(Borrowed<Object> left, BinaryOp op, Borrowed<Object> right) {
    return told(here(), binary(here(), left, right, op));
  }
  std::string parsed(std::string_view utf8) {
    Result<double> value = parse_double(here(), text(here(), utf8));
    if (value.is_raised()) return raised_by(here(), std::move(value));
    return repr_of_double(value.value());
  }
  bool holds_for(Borrowed<Object> left, CompareOp op, Borrowed<Object> right) {
    return must(compare_is_true(here(), left, right, op));
  }

  ValueKernel kernel_;
};

TEST_F(FloatObject, ItsReprIsTheShortestThatReadsBack) {
  const std::pair<double, const char*> expected[] = {
      {0.1, "0.1"},
      {-0.0, "-0.0"},
      {100, "100.0"},
      {1e15, "1000000000000000.0"},
      {9999999999999998, "9999999999999998.0"},
      {1e16, "1e+16"},
      {123456789012345680, "1.2345678901234568e+17"},
      {0.0001, "0.0001"},
      {0.00001, "1e-05"},
      {0.00012345, "0.00012345"},
      {1e22, "1e+22"},
      {1e23, "1e+23"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {3.5, "3.5"},
      {1e100, "1e+100"},
      {HUGE_VAL, "inf"},
      {-HUGE_VAL, "-inf"},
      {NAN, "nan"},
  };
  for (const auto& [value, text] : expected) EXPECT_EQ(repr_of_double(value), text);
}

TEST_F(FloatObject, ReadsBackWhatItWrites) {
  const std::uint64_t seed = 20'240'603;
  Random random(seed);
  for (int i = 0; i < 5'000; ++i) {
    const auto value = std::bit_cast<double>(random.next());
    if (std::isnan(value)) continue;
    const std::string shown = repr_of_double(value);
    EXPECT_EQ(must(parse_double(here(), text(here(), shown))), value) << "seed " << seed;
  }
}

TEST_F(FloatObject, TextIsReadAsProgramsWriteNumbers) {
  EXPECT_EQ(parsed("1_0.5_0e1_0"), "105000000000.0");
  EXPECT_EQ(parsed(" -Inf\n"), "-inf");
  EXPECT_EQ(parsed("+infinity"), "inf");
  EXPECT_EQ(parsed("NaN"), "nan");
  EXPECT_EQ(parsed("1e400"), "inf");
  EXPECT_EQ(parsed("-1e-400"), "-0.0");
  EXPECT_EQ(parsed("1.E5"), "100000.0");
  EXPECT_EQ(parsed("+.5"), "0.5");
  for (const char* bad : {"x1", "1__0", "infinit", "nan(1)", "++1", "+-1", "0x1p3", "", "1e", ".",
                          "1_", "_1", "1 2"}) {
    EXPECT_EQ(parsed(bad),
              std::string("ValueError: could not convert string to float: '") + bad + "'");
  }
}

TEST_F(FloatObject, ItsHashIsThatOfTheEqualInt) {
  EXPECT_EQ(hash_of_double(2.5, nullptr), 1152921504606846978);
  EXPECT_EQ(hash_of_double(1e300, nullptr), 1224995262755759164);
  EXPECT_EQ(hash_of_double(0.1, nullptr), 230584300921369408);
  EXPECT_EQ(hash_of_double(1e-320, nullptr), 33957085184);
  EXPECT_EQ(hash_of_double(-1.0, nullptr), -2);
  EXPECT_EQ(hash_of_double(HUGE_VAL, nullptr), 314159);
  EXPECT_EQ(hash_of_double(-HUGE_VAL, nullptr), -314159);
  EXPECT_EQ(hash_of_double(-0.0, nullptr), 0);
  for (double value : {1.0, -7.0, 0x1p61, 0x1p70, 123456789e20, -0x1.fp200}) {
    Ref<Int> whole = must(new_int_from_double(here(), value));
    EXPECT_EQ(hash_of_double(value, nullptr), hash_of_int(*whole)) << value;
    EXPECT_TRUE(must(are_equal(here(), f(value), whole)));
  }
}

TEST_F(FloatObject, IsComparedWithIntsExactly) {
  Ref<Object> above = n(9007199254740993);
  EXPECT_FALSE(holds_for(f(9007199254740992), CompareOp::kEqual, above));
  EXPECT_TRUE(holds_for(f(9007199254740992), CompareOp::kLess, above));
  EXPECT_TRUE(holds_for(above, CompareOp::kGreater, f(9007199254740992)));
  Ref<Object> huge = must(binary(here(), n(10), n(400), BinaryOp::kPower));
  EXPECT_TRUE(holds_for(f(1e308), CompareOp::kLess, huge));
  EXPECT_TRUE(holds_for(f(HUGE_VAL), CompareOp::kGreater, huge));
  EXPECT_FALSE(holds_for(n(1), CompareOp::kLess, f(NAN)));
  EXPECT_TRUE(holds_for(f(NAN), CompareOp::kNotEqual, n(1)));
  EXPECT_EQ(told(here(), compare(here(), f(1), none(), CompareOp::kLess)),
            "TypeError: '<' not supported between instances of 'float' and 'NoneType'");
}

TEST_F(FloatObject, Computes) {
  EXPECT_EQ(op(f(0.1), BinaryOp::kAdd, f(0.2)), "0.30000000000000004");
  EXPECT_EQ(op(n(1), BinaryOp::kSubtract, f(0.5)), "0.5");
  EXPECT_EQ(op(f(1.5e300), BinaryOp::kMultiply, f(1e10)), "inf");
  EXPECT_EQ(op(f(1), BinaryOp::kTrueDivide, n(4)), "0.25");
  EXPECT_EQ(op(f(2), BinaryOp::kPower, f(0.5)), "1.4142135623730951");
  EXPECT_EQ(op(f(1), BinaryOp::kLeftShift, n(1)),
            "TypeError: unsupported operand type(s) for <<: 'float' and 'int'");
  EXPECT_EQ(told(here(), unary(here(), f(1.5), UnaryOp::kNegative)), "-1.5");
  EXPECT_EQ(told(here(), unary(here(), f(-1.5), UnaryOp::kAbsolute)), "1.5");
  EXPECT_EQ(told(here(), unary(here(), f(1.5), UnaryOp::kInvert)),
            "TypeError: bad operand type for unary ~: 'float'");
}

TEST_F(FloatObject, DivisionRoundsDownAndTheRemainderHasTheSignOfTheDivisor) {
  EXPECT_EQ(op(f(-7), BinaryOp::kFloorDivide, f(3)), "-3.0");
  EXPECT_EQ(op(f(-7), BinaryOp::kModulo, f(3)), "2.0");
  EXPECT_EQ(op(f(7), BinaryOp::kModulo, n(-3)), "-2.0");
  EXPECT_EQ(op(f(-0.0), BinaryOp::kModulo, f(3)), "0.0");
  EXPECT_EQ(op(f(0.0), BinaryOp::kModulo, f(-3)), "-0.0");
  EXPECT_EQ(op(f(-0.0), BinaryOp::kFloorDivide, f(3)), "-0.0");
  EXPECT_EQ(op(f(7.5), BinaryOp::kDivideModulo, f(2)), "(3.0, 1.5)");
}

TEST_F(FloatObject, WhatHasNoResultRaises) {
  for (BinaryOp operation : {BinaryOp::kTrueDivide, BinaryOp::kFloorDivide, BinaryOp::kModulo,
                             BinaryOp::kDivideModulo}) {
    EXPECT_EQ(op(f(1), operation, n(0)), "ZeroDivisionError: division by zero");
  }
  EXPECT_EQ(op(f(0), BinaryOp::kPower, n(-1)), "ZeroDivisionError: zero to a negative power");
  EXPECT_EQ(op(f(1e308), BinaryOp::kPower, n(2)),
            "OverflowError: (34, 'Numerical result out of range')");
  EXPECT_EQ(op(must(binary(here(), n(10), n(400), BinaryOp::kPower)), BinaryOp::kMultiply, f(1)),
            "OverflowError: int too large to convert to float");
}

}  // namespace
}  // namespace runtime
