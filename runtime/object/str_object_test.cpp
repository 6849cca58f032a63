#include "runtime/object/str_object.h"

#include <gtest/gtest.h>

#include "runtime/base/random.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

class StrObject : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Ref<Str> s(std::string_view utf8) { return text(here(), utf8); }
  std::string quoted(std::string_view utf8) { return utf8_of(*must(repr_of_str(here(), s(utf8)))); }
  Ref<Object> n(std::int64_t value) { return number(here(), value); }
  Ref<Object> slice(Ref<Object> start, Ref<Object> stop, Ref<Object> step) {
    return must(new_slice(here(), start, stop, step));
  }
  std::string item(std::string_view utf8, Borrowed<Object> key) {
    return told(here(), get_item(here(), s(utf8), key));
  }

  ValueKernel kernel_;
};

constexpr const char* kEuro = "\xE2\x82\xAC";
constexpr const char* kSmile = "\xF0\x9F\x98\x80";

TEST_F(StrObject, TakesAsFewBytesAsItsLargestCodePointNeeds) {
  EXPECT_EQ(s("abc")->kind, StrKind::k1);
  EXPECT_TRUE(s("abc")->is_ascii);
  EXPECT_EQ(s("a\xC3\xBF")->kind, StrKind::k1);
  EXPECT_FALSE(s("a\xC3\xBF")->is_ascii);
  EXPECT_EQ(s(std::string("a") + kEuro)->kind, StrKind::k2);
  EXPECT_EQ(s(std::string("a") + kSmile)->kind, StrKind::k4);
  EXPECT_EQ(s(std::string("a") + kSmile)->length, 2);
  EXPECT_EQ(s(std::string("a") + kSmile)->at(1), 0x1F600u);
  for (std::string utf8 : {std::string("plain"), "gr\xC3\xBC\xC3\x9F" + std::string(kEuro),
                           std::string(kSmile) + "x" + kEuro}) {
    EXPECT_EQ(utf8_of(*s(utf8)), utf8);
    EXPECT_TRUE(equals_utf8(*s(utf8), utf8));
    EXPECT_FALSE(equals_utf8(*s(utf8), utf8 + "x"));
    EXPECT_FALSE(equals_utf8(*s(utf8 + "x"), utf8));
  }
}

TEST_F(StrObject, TheEmptyOneAndTheShortestOnesExistOnce) {
  EXPECT_EQ(s("").get(), empty_str().get());
  EXPECT_EQ(s("a").get(), s("a").get());
  EXPECT_EQ(s("\xC3\xBF").get(), s("\xC3\xBF").get());
  EXPECT_TRUE(is_immortal(s("a").get()));
  EXPECT_NE(s(kEuro).get(), s(kEuro).get());
  EXPECT_EQ(must(substring(here(), s("xay"), 1, 2)).get(), s("a").get());
  EXPECT_EQ(must(substring(here(), s("xay"), 1, 1)).get(), empty_str().get());
}

// PYTHONHASHSEED=0 gives CPython the same.
TEST_F(StrObject, HashesAreThoseOfCPythonWithTheSameSeed) {
  EXPECT_EQ(hash_of_str(here(), *s("abc")), -4594863902769663758);
  EXPECT_EQ(hash_of_str(here(), *s(kEuro)), -5529981157763016009);
  EXPECT_EQ(hash_of_str(here(), *s("")), 0);
  Ref<Str> text = s("abc");
  EXPECT_EQ(text->hash.peek(), Str::kNoHash);
  const std::int64_t hash = must(hash_of(here(), text));
  EXPECT_EQ(text->hash.peek(), hash);
}

TEST_F(StrObject, HashesDependOnTheSeed) {
  ValueKernel* other = nullptr;
  {
    Detached detached(here());
    Thread thread([&] {
      other = new ValueKernel({.hash_seed = 1});
      EXPECT_NE(hash_of_str(other->here(), *text(other->here(), "abc")), -4594863902769663758);
      delete other;
    });
    thread.join();
  }
}

TEST_F(StrObject, OrderIsThatOfCodePoints) {
  const std::string ascending[] = {"",         "A",   "AB",           "B",   "a",
                                   "\xC3\xBF", kEuro, "\xEF\xBF\xBD", kSmile};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      const int expected = i < j ? -1 : i > j ? 1 : 0;
      EXPECT_EQ(compare_strs(*s(ascending[i]), *s(ascending[j])), expected) << i << " " << j;
      EXPECT_EQ(equal_strs(*s(ascending[i]), *s(ascending[j])), i == j);
    }
  }
  EXPECT_TRUE(must(compare_is_true(here(), s("ab"), s("b"), CompareOp::kLess)));
  EXPECT_EQ(told(here(), compare(here(), s("a"), n(1), CompareOp::kLess)),
            "TypeError: '<' not supported between instances of 'str' and 'int'");
}

TEST_F(StrObject, ConcatenationWidensWhereItMust) {
  Ref<Str> mixed = must(concatenate_strs(here(), s("ab"), s(kSmile)));
  EXPECT_EQ(utf8_of(*mixed), std::string("ab") + kSmile);
  EXPECT_EQ(mixed->kind, StrKind::k4);
  EXPECT_EQ(utf8_of(*must(concatenate_strs(here(), s(kEuro), s("x")))), std::string(kEuro) + "x");
  Ref<Str> text = s("text");
  EXPECT_EQ(must(concatenate_strs(here(), text, empty_str())).get(), text.get());
  EXPECT_EQ(must(concatenate_strs(here(), empty_str(), text)).get(), text.get());
}

TEST_F(StrObject, APartIsOfTheKindThatItNeeds) {
  Ref<Str> part = must(substring(here(), s(std::string("abc") + kSmile), 1, 3));
  EXPECT_EQ(part->kind, StrKind::k1);
  EXPECT_TRUE(equal_strs(*part, *s("bc")));
  EXPECT_EQ(utf8_of(*must(substring(here(), s(std::string("a") + kEuro + kEuro), 1, 3))),
            std::string(kEuro) + kEuro);
}

TEST_F(StrObject, AStringThatNobodyElseHasGrowsInPlace) {
  // A block of 64 bytes has room for eight.
  Ref<Str> text = s("abc");
  Str* before = text.get();
  EXPECT_NE(hash_of_str(here(), *text), 0);
  text = must(append_to(here(), std::move(text), s("de")));
  EXPECT_EQ(text.get(), before);
  EXPECT_EQ(utf8_of(*text), "abcde");
  EXPECT_EQ(hash_of_str(here(), *text), hash_of_str(here(), *s("abcde")));
  text = must(append_to(here(), std::move(text), s("\xC3\xBF")));
  EXPECT_EQ(text.get(), before);
  EXPECT_FALSE(text->is_ascii);
  EXPECT_FALSE(equal_strs(*text, *s("abcde")));
  text = must(append_to(here(), std::move(text), s("0123456789")));
  EXPECT_NE(text.get(), before);
  EXPECT_EQ(utf8_of(*text),
            "abcde\xC3\xBF"
            "0123456789");
}

TEST_F(StrObject, AStringThatSomebodyElseHasDoesNotChange) {
  Ref<Str> text = s("abc");
  Ref<Str> mine = text.duplicate(here());
  Ref<Str> longer = must(append_to(here(), std::move(text), s("d")));
  EXPECT_EQ(utf8_of(*mine), "abc");
  EXPECT_EQ(utf8_of(*longer), "abcd");
}

TEST_F(StrObject, AStringThatAnotherThreadHasDoesNotChange) {
  Ref<Str> text = s("abc");
  Str* before = text.get();
  Ref<Str> theirs;
  run_attached(kernel_.kernel, {[&](ThreadState& thread) { theirs = text.duplicate(thread); }});
  text = must(append_to(here(), std::move(text), s("d")));
  EXPECT_NE(text.get(), before);
  EXPECT_EQ(utf8_of(*theirs), "abc");
}

TEST_F(StrObject, AppendsItselfToItself) {
  Ref<Str> text = s("abc");
  Str* self = text.get();
  text = must(append_to(here(), std::move(text), Borrowed<Str>(self)));
  EXPECT_EQ(utf8_of(*text), "abcabc");
}

TEST_F(StrObject, RepetitionCopies) {
  EXPECT_EQ(told(here(), binary(here(), s("ab"), n(3), BinaryOp::kMultiply)), "'ababab'");
  EXPECT_EQ(told(here(), binary(here(), n(2), s(kEuro), BinaryOp::kMultiply)),
            std::string("'") + kEuro + kEuro + "'");
  EXPECT_EQ(told(here(), binary(here(), s("ab"), n(-1), BinaryOp::kMultiply)), "''");
  EXPECT_EQ(told(here(), binary(here(), s("ab"), n(INT64_MAX), BinaryOp::kMultiply)),
            "OverflowError: repeated string is too long");
  EXPECT_EQ(told(here(), binary(here(), s("a"), n(INT64_MAX), BinaryOp::kMultiply)), "MemoryError");
}

TEST_F(StrObject, PartsAreFoundFromBothEnds) {
  Ref<Str> text = s(std::string("abcab") + kEuro);
  EXPECT_EQ(find_in_str(*text, *s("ab"), 0, 100), 0);
  EXPECT_EQ(find_in_str(*text, *s("ab"), 1, 100), 3);
  EXPECT_EQ(find_in_str(*text, *s("ab"), 4, 100), -1);
  EXPECT_EQ(find_in_str(*text, *s("ab"), 1, 4), -1);
  EXPECT_EQ(find_in_str(*text, *s(kEuro), 0, 100), 5);
  EXPECT_EQ(find_in_str(*text, *s(kSmile), 0, 100), -1);
  EXPECT_EQ(find_in_str(*text, *s(""), 2, 100), 2);
  EXPECT_EQ(find_in_str(*text, *s(""), 7, 100), -1);
  EXPECT_EQ(find_last_in_str(*text, *s("ab"), 0, 100), 3);
  EXPECT_EQ(find_last_in_str(*text, *s("ab"), 0, 4), 0);
  EXPECT_EQ(find_last_in_str(*text, *s(""), 0, 100), 6);
  EXPECT_EQ(find_last_in_str(*text, *s("x"), 0, 100), -1);
  EXPECT_EQ(find_in_str(*s("ab"), *s("abc"), 0, 100), -1);
  EXPECT_TRUE(must(contains(here(), text, s("cab"))));
  EXPECT_EQ(raised_by(here(), contains(here(), text, n(1))),
            "TypeError: 'in <string>' requires string as left operand, not int");
}

TEST_F(StrObject, JoiningNamesWhatIsNoString) {
  const auto join = [&](std::initializer_list<Borrowed<Object>> parts) {
    return told(here(), join_strs(here(), s(", "), Arguments(parts.begin(), parts.size())));
  };
  EXPECT_EQ(join({}), "''");
  EXPECT_EQ(join({s("a"), s("bc"), s(kEuro)}), std::string("'a, bc, ") + kEuro + "'");
  EXPECT_EQ(join({s("a"), n(1)}), "TypeError: sequence item 1: expected str instance, int found");
  Ref<Str> only = s("only");
  Borrowed<Object> part = only;
  EXPECT_EQ(must(join_strs(here(), s(", "), Arguments(&part, 1))).get(), only.get());
}

TEST_F(StrObject, QuotesAndEscapesAsPythonDoes) {
  EXPECT_EQ(quoted("plain"), "'plain'");
  EXPECT_EQ(quoted("a'b"), "\"a'b\"");
  EXPECT_EQ(quoted("a\"b"), "'a\"b'");
  EXPECT_EQ(quoted("a'\"b"), "'a\\'\"b'");
  EXPECT_EQ(quoted("\\\t\n\r"), "'\\\\\\t\\n\\r'");
  EXPECT_EQ(quoted(std::string("\0\x1f\x7f", 3)), "'\\x00\\x1f\\x7f'");
  EXPECT_EQ(quoted("\xC2\xA0\xC2\xAD"), "'\\xa0\\xad'");
  EXPECT_EQ(quoted("\xE2\x80\x8B"), "'\\u200b'");
  EXPECT_EQ(quoted(kEuro), std::string("'") + kEuro + "'");
  EXPECT_EQ(quoted(kSmile), std::string("'") + kSmile + "'");
  EXPECT_EQ(quoted("\xED\xA0\x80"), "'\\ud800'");
  EXPECT_EQ(quoted("\xF4\x8F\xBF\xBF"), "'\\U0010ffff'");
}

TEST_F(StrObject, IndexesAndSlices) {
  const std::string text = std::string("abc") + kEuro;
  EXPECT_EQ(item(text, n(0)), "'a'");
  EXPECT_EQ(item(text, n(-1)), std::string("'") + kEuro + "'");
  EXPECT_EQ(item(text, n(4)), "IndexError: string index out of range");
  EXPECT_EQ(item(text, n(-5)), "IndexError: string index out of range");
  EXPECT_EQ(item(text, s("a")), "TypeError: string indices must be integers, not 'str'");
  EXPECT_EQ(item(text, must(binary(here(), n(10), n(30), BinaryOp::kPower))),
            "IndexError: cannot fit 'int' into an index-sized integer");
  EXPECT_EQ(item(text, slice(n(1), n(-1), none())), "'bc'");
  EXPECT_EQ(item(text, slice(none(), none(), n(-1))), std::string("'") + kEuro + "cba'");
  EXPECT_EQ(item(text, slice(n(3), n(1), none())), "''");
  EXPECT_EQ(item(text, slice(none(), none(), n(0))), "ValueError: slice step cannot be zero");
  EXPECT_EQ(item(text, slice(s("a"), none(), none())),
            "TypeError: slice indices must be integers or None or have an __index__ method");
}

TEST_F(StrObject, IsIteratedByCodePoint) {
  Ref<Object> iterator = must(get_iterator(here(), s(std::string("a") + kEuro)));
  EXPECT_EQ(told(here(), next_of(here(), iterator)), "'a'");
  EXPECT_EQ(told(here(), next_of(here(), iterator)), std::string("'") + kEuro + "'");
  EXPECT_FALSE(static_cast<bool>(must(next_of(here(), iterator))));
  EXPECT_FALSE(static_cast<bool>(must(next_of(here(), iterator)))) << "and stays exhausted";
  EXPECT_EQ(must(get_iterator(here(), iterator)).get(), iterator.get());
}

// Beside std::u32string, which knows one kind.
TEST_F(StrObject, DoesWhatASlowStringDoes) {
  const std::uint64_t seed = 20'240'602;
  Random random(seed);
  const char32_t alphabet[] = {U'a', U'b', 0xE9, 0x20AC, 0x1F600};
  for (int turn = 0; turn < 3'000; ++turn) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed << " turn " << turn);
    const auto draw = [&](std::uint64_t longest) {
      std::u32string drawn;
      const std::uint64_t letters = 2 + random.below(4);
      for (std::uint64_t i = random.below(longest); i > 0; --i) {
        drawn += alphabet[random.below(letters)];
      }
      return drawn;
    };
    const std::u32string left = draw(12);
    const std::u32string right = draw(4);
    Ref<Str> first = must(new_str(here(), std::u32string_view(left)));
    Ref<Str> second = must(new_str(here(), std::u32string_view(right)));
    EXPECT_EQ(compare_strs(*first, *second), left < right ? -1 : left > right ? 1 : 0);
    EXPECT_TRUE(equal_strs(*must(concatenate_strs(here(), first, second)),
                           *must(new_str(here(), std::u32string_view(left + right)))));
    const std::size_t found = left.find(right);
    EXPECT_EQ(find_in_str(*first, *second, 0, INT64_MAX),
              found == std::u32string::npos ? -1 : static_cast<std::int64_t>(found));
    const std::size_t found_last = left.rfind(right);
    EXPECT_EQ(find_last_in_str(*first, *second, 0, INT64_MAX),
              found_last == std::u32string::npos ? -1 : static_cast<std::int64_t>(found_last));
    const std::size_t start = random.below(left.size() + 1);
    const std::size_t count = random.below(left.size() - start + 1);
    EXPECT_TRUE(equal_strs(*must(substring(here(), first, static_cast<std::int64_t>(start),
                                           static_cast<std::int64_t>(start + count))),
                           *must(new_str(here(), std::u32string_view(left.substr(start, count))))));
  }
}

}  // namespace
}  // namespace runtime
