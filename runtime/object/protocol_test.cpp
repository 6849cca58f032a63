#include "runtime/object/protocol.h"

#include <gtest/gtest.h>
#include <vector>

#include "runtime/object/foreign_object_test_support.h"
#include "runtime/object/recursion.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

// A type whose + and < say who was asked, and a type derived from it.
std::vector<std::string>* asked = nullptr;

template <int kWho>
Result<Ref<Object>> add(ThreadState&, Borrowed<Object>, Borrowed<Object>) {
  asked->push_back(kWho == 0 ? "base" : "derived");
  return not_implemented();
}
template <int kWho>
Result<Ref<Object>> compare_told(ThreadState&, Borrowed<Object>, Borrowed<Object>, CompareOp op) {
  asked->push_back(std::string(kWho == 0 ? "base" : "derived") +
                   std::to_string(static_cast<int>(op)));
  return not_implemented();
}
constexpr Protocol kBaseProtocol{.compare = &compare_told<0>, .binary = {&add<0>}};
constinit Type base_type(TypeSlots{.name = "Base", .protocol = &kBaseProtocol});
constexpr Protocol kDerivedProtocol{
    .base = &base_type, .compare = &compare_told<1>, .binary = {&add<1>}};
constinit Type derived_type(TypeSlots{.name = "Derived", .protocol = &kDerivedProtocol});

// What compares itself by comparing itself.
Result<Ref<Object>> compare_endlessly(ThreadState& thread, Borrowed<Object> left,
                                      Borrowed<Object> right, CompareOp op) {
  return compare(thread, left, right, op);
}
constexpr Protocol kEndlessProtocol{.compare = &compare_endlessly};
constinit Type endless_type(TypeSlots{.name = "Endless", .protocol = &kEndlessProtocol});

constinit Type unhashable_type(TypeSlots{.name = "Unhashable", .protocol = &kEndlessProtocol});
constinit Type plain_type(TypeSlots{.name = "Plain"});

class ProtocolRules : public ::testing::Test {
 protected:
  ProtocolRules() { asked = &asked_; }
  ~ProtocolRules() override { asked = nullptr; }
  ThreadState& here() { return kernel_.here(); }
  Ref<Object> made(Type& type) { return new_object<Object>(here(), type); }
  Ref<Object> n(std::int64_t value) { return number(here(), value); }
  Ref<Object> s(std::string_view utf8) { return text(here(), utf8); }

  ValueKernel kernel_;
  std::vector<std::string> asked_;
};

TEST_F(ProtocolRules, TheLeftOperandIsAskedFirst) {
  EXPECT_EQ(told(here(), binary(here(), made(base_type), n(1), BinaryOp::kAdd)),
            "TypeError: unsupported operand type(s) for +: 'Base' and 'int'");
  EXPECT_EQ(asked_, std::vector<std::string>{"base"});
  asked_.clear();
  EXPECT_EQ(told(here(), binary(here(), n(1), made(base_type), BinaryOp::kAdd)),
            "TypeError: unsupported operand type(s) for +: 'int' and 'Base'");
  EXPECT_EQ(asked_, std::vector<std::string>{"base"});
}

TEST_F(ProtocolRules, AnOperandOfADerivedTypeIsAskedBeforeTheLeftOne) {
  EXPECT_TRUE(binary(here(), made(base_type), made(derived_type), BinaryOp::kAdd).is_raised());
  EXPECT_EQ(asked_, (std::vector<std::string>{"derived", "base"}));
  asked_.clear();
  EXPECT_TRUE(binary(here(), made(derived_type), made(base_type), BinaryOp::kAdd).is_raised());
  EXPECT_EQ(asked_, (std::vector<std::string>{"derived", "base"}));
  asked_.clear();
  EXPECT_TRUE(binary(here(), made(base_type), made(base_type), BinaryOp::kAdd).is_raised());
  EXPECT_EQ(asked_, (std::vector<std::string>{"base"}));
}

TEST_F(ProtocolRules, AComparisonIsReflectedOnce) {
  // 0: <  4: >
  EXPECT_EQ(told(here(), compare(here(), made(base_type), n(1), CompareOp::kLess)),
            "TypeError: '<' not supported between instances of 'Base' and 'int'");
  EXPECT_EQ(asked_, std::vector<std::string>{"base0"});
  asked_.clear();
  EXPECT_TRUE(compare(here(), n(1), made(base_type), CompareOp::kLess).is_raised());
  EXPECT_EQ(asked_, std::vector<std::string>{"base4"});
  asked_.clear();
  EXPECT_TRUE(compare(here(), made(base_type), made(derived_type), CompareOp::kLess).is_raised());
  EXPECT_EQ(asked_, (std::vector<std::string>{"derived4", "base0"}));
}

TEST_F(ProtocolRules, WhatNobodyKnowsIsEqualToItselfAlone) {
  Ref<Object> one = made(base_type);
  Ref<Object> other = made(base_type);
  EXPECT_EQ(told(here(), compare(here(), one, one, CompareOp::kEqual)), "True");
  EXPECT_EQ(told(here(), compare(here(), one, other, CompareOp::kEqual)), "False");
  EXPECT_EQ(told(here(), compare(here(), one, other, CompareOp::kNotEqual)), "True");
  EXPECT_EQ(told(here(), compare(here(), one, n(1), CompareOp::kNotEqual)), "True");
}

TEST_F(ProtocolRules, ContainersTakeTheIdenticalForEqual) {
  Ref<Float> nan = must(new_float(here(), __builtin_nan("")));
  EXPECT_TRUE(must(are_equal(here(), nan, nan)));
  EXPECT_FALSE(must(compare_is_true(here(), nan, nan, CompareOp::kEqual)));
  EXPECT_TRUE(must(compare_is_true(here(), nan, nan, CompareOp::kNotEqual)));
}

TEST_F(ProtocolRules, EqualNumbersAreEqualAcrossTypes) {
  EXPECT_TRUE(must(are_equal(here(), n(1), boolean(true))));
  EXPECT_TRUE(must(are_equal(here(), n(2), must(new_float(here(), 2.0)))));
  EXPECT_FALSE(must(are_equal(here(), n(1), s("1"))));
}

TEST_F(ProtocolRules, ComparingWithoutEndRaises) {
  Ref<Object> endless = made(endless_type);
  EXPECT_EQ(told(here(), compare(here(), endless, n(1), CompareOp::kEqual)),
            "RecursionError: maximum recursion depth exceeded in comparison");
  EXPECT_EQ(here().slot(kValuesSlot)->depth, 0u);
}

TEST_F(ProtocolRules, WhatATypeCannotDoIsSaidInTheWordsOfCPython) {
  EXPECT_EQ(raised_by(here(), length_of(here(), n(1))),
            "TypeError: object of type 'int' has no len()");
  EXPECT_EQ(told(here(), get_iterator(here(), n(1))), "TypeError: 'int' object is not iterable");
  EXPECT_EQ(told(here(), next_of(here(), n(1))), "TypeError: 'int' object is not an iterator");
  EXPECT_EQ(told(here(), get_item(here(), n(1), n(0))),
            "TypeError: 'int' object is not subscriptable");
  EXPECT_EQ(raised_by(here(), set_item(here(), s("a"), n(0), s("b"))),
            "TypeError: 'str' object does not support item assignment");
  EXPECT_EQ(raised_by(here(), delete_item(here(), s("a"), n(0))),
            "TypeError: 'str' object does not support item deletion");
  EXPECT_EQ(raised_by(here(), contains(here(), n(1), n(1))),
            "TypeError: argument of type 'int' is not a container or iterable");
  EXPECT_EQ(told(here(), call(here(), none(), Arguments())), "TypeError: 'NoneType' object is not callable");
  EXPECT_EQ(raised_by(here(), hash_of(here(), made(unhashable_type))),
            "TypeError: unhashable type: 'Unhashable'");
  EXPECT_EQ(told(here(), unary(here(), s("a"), UnaryOp::kNegative)),
            "TypeError: bad operand type for unary -: 'str'");
  EXPECT_EQ(told(here(), unary(here(), s("a"), UnaryOp::kAbsolute)),
            "TypeError: bad operand type for abs(): 'str'");
  EXPECT_EQ(told(here(), index_of(here(), must(new_float(here(), 1.0)))),
            "TypeError: 'float' object cannot be interpreted as an integer");
}

TEST_F(ProtocolRules, TheOperandsOfAnOperatorAreNamed) {
  EXPECT_EQ(told(here(), binary(here(), n(1), s("a"), BinaryOp::kAdd)),
            "TypeError: unsupported operand type(s) for +: 'int' and 'str'");
  EXPECT_EQ(told(here(), binary(here(), s("a"), n(1), BinaryOp::kAdd)),
            "TypeError: can only concatenate str (not \"int\") to str");
  EXPECT_EQ(told(here(), binary(here(), n(2), s("a"), BinaryOp::kPower)),
            "TypeError: unsupported operand type(s) for ** or pow(): 'int' and 'str'");
  EXPECT_EQ(told(here(), binary(here(), n(2), s("a"), BinaryOp::kDivideModulo)),
            "TypeError: unsupported operand type(s) for divmod(): 'int' and 'str'");
  EXPECT_EQ(told(here(), inplace(here(), n(2), s("a"), BinaryOp::kSubtract)),
            "TypeError: unsupported operand type(s) for -=: 'int' and 'str'");
  EXPECT_EQ(told(here(), binary(here(), s("a"), s("b"), BinaryOp::kMultiply)),
            "TypeError: can't multiply sequence by non-int of type 'str'");
  EXPECT_EQ(told(here(), inplace(here(), n(2), s("ab"), BinaryOp::kMultiply)), "'abab'");
  EXPECT_EQ(told(here(), inplace(here(), s("ab"), s("c"), BinaryOp::kAdd)), "'abc'");
}

TEST_F(ProtocolRules, TruthComesFromTheValueOrItsLength) {
  EXPECT_FALSE(must(is_true(here(), none())));
  EXPECT_FALSE(must(is_true(here(), n(0))));
  EXPECT_TRUE(must(is_true(here(), n(-1))));
  EXPECT_FALSE(must(is_true(here(), s(""))));
  EXPECT_TRUE(must(is_true(here(), s("0"))));
  EXPECT_TRUE(must(is_true(here(), made(plain_type))));
  EXPECT_TRUE(must(is_true(here(), ellipsis())));
  EXPECT_EQ(raised_by(here(), is_true(here(), not_implemented())),
            "TypeError: NotImplemented should not be used in a boolean context");
}

TEST_F(ProtocolRules, TheSingletonsHaveNames) {
  EXPECT_EQ(repr(here(), none()), "None");
  EXPECT_EQ(repr(here(), ellipsis()), "Ellipsis");
  EXPECT_EQ(repr(here(), not_implemented()), "NotImplemented");
  EXPECT_EQ(must(hash_of(here(), none())), 4238894112);
}

TEST_F(ProtocolRules, AnObjectWithoutAProtocolHasAnIdentity) {
  Ref<Object> plain = made(plain_type);
  EXPECT_EQ(must(hash_of(here(), plain)), must(hash_of(here(), plain)));
  EXPECT_TRUE(repr(here(), plain).starts_with("<Plain object at 0x"));
  EXPECT_TRUE(is_subtype(derived_type, base_type));
  EXPECT_FALSE(is_subtype(base_type, derived_type));
}

TEST_F(ProtocolRules, MembersAreSoughtByIterationWhereThereIsNoOtherWay) {
  Ref<Tuple> tuple = must(new_tuple(here(), {n(1), s("b")}));
  Ref<Object> iterator = must(get_iterator(here(), tuple));
  EXPECT_TRUE(must(contains(here(), iterator, s("b"))));
  EXPECT_FALSE(must(contains(here(), iterator, n(1)))) << "the iterator is exhausted";
}

TEST_F(ProtocolRules, AForeignObjectRunsWhatTheTestGives) {
  unsigned ends = 0;
  {
    Ref<Foreign> foreign =
        new_foreign(here(), {.hash = [](ThreadState&) { return Result<std::int64_t>(7); },
                             .equals = [](ThreadState& thread, Borrowed<Object>) -> Result<bool> {
                               return raise(thread, value_error_type, "not {}", "today");
                             },
                             .ends = &ends});
    EXPECT_EQ(must(hash_of(here(), foreign)), 7);
    EXPECT_EQ(raised_by(here(), are_equal(here(), n(1), foreign)), "ValueError: not today");
    EXPECT_TRUE(must(are_equal(here(), foreign, foreign)));
    EXPECT_EQ(raised_by(here(), compare_is_true(here(), foreign, n(1), CompareOp::kLess)),
              "TypeError: '<' not supported between instances of 'Foreign' and 'int'");
  }
  EXPECT_EQ(ends, 1u);
}

}  // namespace
}  // namespace runtime
