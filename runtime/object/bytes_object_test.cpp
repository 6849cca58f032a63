#include "runtime/object/bytes_object.h"

#include <gtest/gtest.h>

#include "runtime/object/slice_object.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

class BytesObject : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Ref<Object> b(std::string_view octets) { return must(new_bytes(here(), octets)); }
  Ref<Object> n(std::int64_t value) { return number(here(), value); }

  ValueKernel kernel_;
};

TEST_F(BytesObject, AreShownAsPythonShowsThem) {
  EXPECT_EQ(repr(here(), b("a'b")), "b\"a'b\"");
  EXPECT_EQ(repr(here(), b(std::string_view("a'\"b\0\xff\t\\", 8))), "b'a\\'\"b\\x00\\xff\\t\\\\'");
  EXPECT_EQ(repr(here(), b("")), "b''");
}

TEST_F(BytesObject, HaveTheHashOfAStrWithTheSameOctets) {
  EXPECT_EQ(must(hash_of(here(), b("abc"))), -4594863902769663758);
  EXPECT_EQ(must(hash_of(here(), b(""))), 0);
  EXPECT_FALSE(must(are_equal(here(), b("abc"), text(here(), "abc"))));
}

TEST_F(BytesObject, AreComparedAsUnsignedOctets) {
  EXPECT_TRUE(must(compare_is_true(here(), b("a"), b("\xff"), CompareOp::kLess)));
  EXPECT_TRUE(must(compare_is_true(here(), b("a"), b("a"), CompareOp::kEqual)));
  EXPECT_EQ(told(here(), compare(here(), b("a"), text(here(), "a"), CompareOp::kLess)),
            "TypeError: '<' not supported between instances of 'bytes' and 'str'");
}

TEST_F(BytesObject, AreASequenceOfInts) {
  const auto item = [&](Borrowed<Object> key) {
    return told(here(), get_item(here(), b("ab\xff"), key));
  };
  EXPECT_EQ(item(n(-1)), "255");
  EXPECT_EQ(item(n(3)), "IndexError: index out of range");
  EXPECT_EQ(item(text(here(), "a")), "TypeError: byte indices must be integers or slices, not str");
  EXPECT_EQ(item(must(new_slice(here(), none(), none(), n(-1)))), "b'\\xffba'");
  EXPECT_EQ(item(must(new_slice(here(), n(2), n(1), none()))), "b''");
  Ref<Object> iterator = must(get_iterator(here(), b("a")));
  EXPECT_EQ(told(here(), next_of(here(), iterator)), "97");
  EXPECT_FALSE(static_cast<bool>(must(next_of(here(), iterator))));
}

TEST_F(BytesObject, ContainPartsAndOctets) {
  EXPECT_TRUE(must(contains(here(), b("abc"), b("bc"))));
  EXPECT_TRUE(must(contains(here(), b("abc"), n('b'))));
  EXPECT_FALSE(must(contains(here(), b("abc"), n(0))));
  EXPECT_EQ(raised_by(here(), contains(here(), b("a"), n(300))),
            "ValueError: byte must be in range(0, 256)");
  EXPECT_EQ(raised_by(here(), contains(here(), b("a"), text(here(), "a"))),
            "TypeError: a bytes-like object is required, not 'str'");
}

TEST_F(BytesObject, ArePutTogether) {
  EXPECT_EQ(told(here(), binary(here(), b("a"), b("bc"), BinaryOp::kAdd)), "b'abc'");
  EXPECT_EQ(told(here(), binary(here(), b("a"), text(here(), "b"), BinaryOp::kAdd)),
            "TypeError: can't concat str to bytes");
  EXPECT_EQ(told(here(), binary(here(), n(3), b("ab"), BinaryOp::kMultiply)), "b'ababab'");
  EXPECT_EQ(must(binary(here(), b(""), b(""), BinaryOp::kAdd)).get(), b("").get());
}

}  // namespace
}  // namespace runtime
