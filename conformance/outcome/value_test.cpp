// Values as the driver spells them: what is read, what is refused, and that reading and writing
// undo each other.
#include "conformance/outcome/value.h"

#include <cmath>
#include <gmock/gmock.h>
#include <random>

#include "conformance/outcome/value_spelling.h"

namespace conformance {

namespace {

using testing::HasSubstr;
using Type = Value::Type;

Value read(const std::string& text) {
  ValueError error;
  const std::optional<Value> value = parse_value(text, error);
  EXPECT_TRUE(value) << text << ": " << error.message << " at " << error.offset;
  return value.value_or(Value{Type::Opaque, "refused", {}});
}

std::string refusal(const std::string& text) {
  ValueError error;
  const std::optional<Value> value = parse_value(text, error);
  return value ? "read as " + to_string(*value) : error.message;
}

std::string rewritten(const std::string& text) { return to_string(read(text)); }

// --- reading

TEST(Value, TheSpellingsOfTheContractReadAndWriteBackUnchanged) {
  for (const char* text : {"None",
                           "True",
                           "False",
                           "12",
                           "-3",
                           "0",
                           "1.5",
                           "'text'",
                           "b'bytes'",
                           "[1, 2]",
                           "[]",
                           "(1,)",
                           "()",
                           "(1, 2)",
                           "{'a': 1}",
                           "{}",
                           "{1, 2}",
                           "set()",
                           "nan",
                           "inf",
                           "-inf",
                           "-0.0",
                           "frozenset([1, 2])",
                           "frozenset([])",
                           "bytearray(b'x')",
                           "deque([1, 2])",
                           "raised(KeyError)",
                           "Name('text')",
                           "<Name>",
                           "<class Name>",
                           "<function>",
                           "<module>",
                           "<...>",
                           "<long text: 2001 characters, hash 0a1b2c3d>",
                           "[None, [True, (1.5,)]]",
                           "\"it's\"",
                           "'it\\'s \"so\"'",
                           "'\\\\ \\n \\t \\r \\x00 \\xe9 \\u20ac \\U0001f600'"}) {
    EXPECT_EQ(rewritten(text), text);
  }
}

TEST(Value, TypesAreDistinct) {
  const std::vector<std::string> texts = {"1",    "1.0", "True",    "'1'", "b'1'",          "[1]",
                                          "(1,)", "{1}", "Name(1)", "<1>", "frozenset([1])"};
  for (const std::string& left : texts) {
    for (const std::string& right : texts) {
      EXPECT_EQ(read(left) == read(right), left == right) << left << " and " << right;
    }
  }
}

TEST(Value, FloatsAreComparedByValue) {
  EXPECT_EQ(read("1e3"), read("1000.0"));
  EXPECT_EQ(read("0.1"), read("0.1000000000000000055"));
  EXPECT_EQ(read("nan"), read("nan"));
  EXPECT_FALSE(read("0.0") == read("-0.0"));
  EXPECT_FALSE(read("0.1") == read("0.10000000000000002"));
}

TEST(Value, FloatsAreWrittenAsPythonWritesThem) {
  const std::pair<double, const char*> rows[] = {{10.0, "10.0"},
                                                 {0.0, "0.0"},
                                                 {-0.0, "-0.0"},
                                                 {1e15, "1000000000000000.0"},
                                                 {1e16, "1e+16"},
                                                 {123456789012345680.0, "1.2345678901234568e+17"},
                                                 {0.0001, "0.0001"},
                                                 {0.00001, "1e-05"},
                                                 {1.5e-7, "1.5e-07"},
                                                 {1e100, "1e+100"},
                                                 {5e-324, "5e-324"},
                                                 {-2.5, "-2.5"},
                                                 {1.0 / 3, "0.3333333333333333"}};
  for (const auto& [number, text] : rows) EXPECT_EQ(float_spelling(number), text);
}

TEST(Value, IntegersHaveAnySize) {
  const std::string huge = "-" + std::string(500, '7');
  EXPECT_EQ(rewritten(huge), huge);
  EXPECT_EQ(read(huge).type, Type::Int);
}

TEST(Value, TheOrderInSetsAndDictsDoesNotCount) {
  EXPECT_EQ(read("{3, 1, 2}"), read("{2, 3, 1}"));
  EXPECT_EQ(read("{'b': 1, 'a': 2}"), read("{'a': 2, 'b': 1}"));
  EXPECT_EQ(read("frozenset([2, 1])"), read("frozenset([1, 2])"));
  EXPECT_EQ(read("{(1, 2): {2, 1}}"), read("{(1, 2): {1, 2}}"));
  EXPECT_FALSE(read("{'a': 1, 'b': 2}") == read("{'a': 2, 'b': 1}"));
  EXPECT_FALSE(read("[1, 2]") == read("[2, 1]"));
  EXPECT_FALSE(read("deque([1, 2])") == read("deque([2, 1])"));
}

TEST(Value, TheOrderIsNoneBooleansNumbersTextBytesTheRest) {
  EXPECT_EQ(rewritten("{<Z>, (1,), b'a', 'b', 'a', 10, 2.5, -1, True, False, None}"),
            "{None, False, True, -1, 2.5, 10, 'a', 'b', b'a', (1,), <Z>}");
}

TEST(Value, NumbersAreOrderedExactly) {
  EXPECT_EQ(rewritten("{9007199254740993, 9007199254740992.0, 9007199254740991}"),
            "{9007199254740991, 9007199254740992.0, 9007199254740993}");
  EXPECT_EQ(rewritten("{-10, -9, 9, 10, -inf, inf, 0.5, -0.5, 0}"),
            "{-inf, -10, -9, -0.5, 0, 0.5, 9, 10, inf}");
  EXPECT_EQ(rewritten("{1, nan, -1}"), "{-1, nan, 1}");
  const std::string huge(400, '9');  // beyond every float
  EXPECT_EQ(rewritten("{" + huge + ", 1e300, -" + huge + "}"),
            "{-" + huge + ", 1e+300, " + huge + "}");
}

TEST(Value, ASetThatShowsAnElementTwiceIsAnotherSet) {
  EXPECT_FALSE(read("{1, 1}") == read("{1}"));
  EXPECT_FALSE(read("{<Object>, <Object>}") == read("{<Object>}"));
  EXPECT_FALSE(read("{'a': 1, 'a': 2}") == read("{'a': 2}"));
}

TEST(Value, BothQuotesAndAllEscapesMeanTheSame) {
  EXPECT_EQ(read(R"("it's")"), read(R"('it\'s')"));
  EXPECT_EQ(read(R"('\x41\u0042\U00000043')"), read("'ABC'"));
  EXPECT_EQ(read(R"('\xe9')"), read("'\xc3\xa9'"));
  EXPECT_EQ(read(R"('\U0001F600')"), read("'\xf0\x9f\x98\x80'"));
  EXPECT_EQ(read(R"(b'\x41\xff')").text, "A\xff");
  EXPECT_EQ(read(R"('\"')"), read("'\"'"));
}

TEST(Value, ALoneSurrogateSurvives) {
  EXPECT_EQ(rewritten("'\\ud800'"), "'\\ud800'");
  EXPECT_EQ(rewritten("'\\ud83d\\ude00'"), "'\\ud83d\\ude00'");
  EXPECT_FALSE(read("'\\ud83d\\ude00'") == read("'\\U0001f600'"));
}

TEST(Value, BytesThatAreNotUtf8AreWrittenAsPythonsSurrogateescapeShowsThem) {
  EXPECT_EQ(to_string(Value{Type::Text, "a\xff", {}}), "'a\\udcff'");
  EXPECT_EQ(to_string(Value{Type::Text, "\xc3", {}}), "'\\udcc3'");
  EXPECT_EQ(to_string(Value{Type::Text, "\xc0\x80", {}}), "'\\udcc0\\udc80'");
}

TEST(Value, BlanksBetweenTokensDoNotCount) {
  EXPECT_EQ(read(" [ 1 ,2,( 3 , ) ,{ 'a' :1 } ] "), read("[1, 2, (3,), {'a': 1}]"));
}

TEST(Value, ARaisedExceptionEqualsTheSameNameOnly) {
  EXPECT_EQ(read("raised('KeyError')"), read("raised(KeyError)"));
  EXPECT_FALSE(read("raised(KeyError)") == read("raised(IndexError)"));
  EXPECT_FALSE(read("raised(KeyError)") == read("'raised(KeyError)'"));
}

// --- refusing

TEST(Value, WhatTheDriverNeverWritesIsRefusedWithWhatItDoes) {
  EXPECT_THAT(refusal("(1)"), HasSubstr("a tuple of one is written (1,)"));
  EXPECT_THAT(refusal("set([1])"), HasSubstr("a set is written {1, 2}"));
  EXPECT_THAT(refusal("frozenset({1})"), HasSubstr("written frozenset([1, 2])"));
  EXPECT_THAT(refusal("frozenset()"), HasSubstr("frozenset([])"));
  EXPECT_THAT(refusal("raised(Key Error)"), HasSubstr("the name of a type"));
  EXPECT_THAT(refusal("raised()"), HasSubstr("the name of a type"));
  EXPECT_THAT(refusal("hello"), HasSubstr("text stands in quotes"));
  EXPECT_THAT(refusal("true"), HasSubstr("is no value"));
  EXPECT_THAT(refusal("-0"), HasSubstr("no negative zero"));
  EXPECT_THAT(refusal("1e999"), HasSubstr("infinity is written inf"));
  EXPECT_THAT(refusal("Point(1, 2)"), HasSubstr("a call holds one value"));
  EXPECT_THAT(refusal("{1: 2, 3}"), HasSubstr("':' is missing"));
  EXPECT_THAT(refusal("{1, 2: 3}"), HasSubstr("a ':' in a set"));
}

TEST(Value, BrokenTextIsRefused) {
  for (const char* text : {"",
                           " ",
                           "[",
                           "[1",
                           "[1,",
                           "[1, ]",
                           "[,]",
                           "(,)",
                           "(1 2)",
                           "{1,}",
                           "{1: }",
                           "{:}",
                           "'a",
                           "'a\\",
                           "b'a",
                           "'a\"",
                           "<",
                           "<>",
                           "<Name",
                           "1 2",
                           "1,",
                           "01",
                           "1.",
                           ".5",
                           "+1",
                           "--1",
                           "1e",
                           "1_000",
                           "0x10",
                           "1.2.3",
                           "12ab",
                           "-",
                           "-nan",
                           "Name(",
                           "Name(1",
                           "Name)",
                           "'\\q'",
                           "'\\0'",
                           "'\\x4'",
                           "'\\u12'",
                           "'\\xg0'",
                           "'\\x+1'",
                           "b'\\u0041'",
                           "'\\U00110000'",
                           "b'\xc3\xa9'",
                           "'\xff'",
                           "'\xed'",
                           "'a\nb'",
                           "'\x01'",
                           "u'a'",
                           "Infinity",
                           "NaN"}) {
    EXPECT_THAT(refusal(text), testing::Not(HasSubstr("read as"))) << text;
  }
}

TEST(Value, TheOffsetPointsAtTheMistake) {
  ValueError error;
  EXPECT_FALSE(parse_value("[1, 'ab', x]", error));
  EXPECT_EQ(error.offset, 10);
  EXPECT_FALSE(parse_value("{'a': 'b", error));
  EXPECT_EQ(error.offset, 6);
}

TEST(Value, NestingIsReadToSixtyFourAndRefusedBeyond) {
  for (const std::string open : {"[", "(", "{", "Name("}) {
    const std::string close = open == "[" ? "]" : open == "{" ? "}" : open == "(" ? ",)" : ")";
    const auto nested = [&](int depth) {
      std::string text = "1";
      for (int level = 0; level < depth; ++level) text = open + text + close;
      return text;
    };
    EXPECT_EQ(rewritten(nested(64)), nested(64));
    EXPECT_THAT(refusal(nested(65)), HasSubstr("nested deeper than 64"));
  }
  EXPECT_THAT(refusal(std::string(1'000'000, '[')), HasSubstr("nested deeper than 64"));
}

// --- assignments

TEST(Assignments, NamesAndValuesInOrder) {
  ValueError error;
  const std::optional<Assignments> found = parse_assignments("left=1, items=['L', 'R']", error);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 2u);
  EXPECT_EQ((*found)[0].first, "left");
  EXPECT_EQ((*found)[1].first, "items");
  EXPECT_EQ(to_string((*found)[1].second), "['L', 'R']");
}

TEST(Assignments, TextMayHoldWhatSeparatesThem) {
  ValueError error;
  const std::optional<Assignments> found = parse_assignments("a='x, b=2', b={'=': ','}", error);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size(), 2u);
  EXPECT_EQ((*found)[0].second.text, "x, b=2");
}

TEST(Assignments, AWordForAWholeOutcomeIsAssignedToNoName) {
  for (const char* word : {"hung", "too_many", "crashed(SIGSEGV)", "crashed(exit status 3)"}) {
    ValueError error;
    const std::optional<Assignments> found = parse_assignments(word, error);
    ASSERT_TRUE(found) << word;
    EXPECT_EQ(found->front().first, "");
    EXPECT_EQ(to_string(found->front().second), word);
  }
}

TEST(Assignments, MistakesAreRefused) {
  for (const char* text :
       {"", " ", "1", "left", "left=", "left=1,", "left=1 right=2", "=1", "left=1, left=1", "1=1",
        "left==1", "crashed()", "crashed(", "hung, a=1", "crashed(a)(b)", "a.b=1"}) {
    ValueError error;
    EXPECT_FALSE(parse_assignments(text, error)) << text;
    EXPECT_FALSE(error.message.empty()) << text;
  }
}

// --- anything at all

class RandomValue {
 public:
  explicit RandomValue(unsigned seed) : random_(seed) {}

  Value make(int depth = 0) {
    switch (below(depth < 5 ? 12 : 6)) {
      case 0:
        return {Type::None, "", {}};
      case 1:
        return {Type::Bool, below(2) == 0 ? "True" : "False", {}};
      case 2:
        return {Type::Int, integer(), {}};
      case 3:
        return {Type::Float, float_spelling(number()), {}};
      case 4:
        return {Type::Text, text(), {}};
      case 5:
        return {Type::Bytes, bytes(), {}};
      case 6:
        return {Type::List, "", several(depth, 1)};
      case 7:
        return {Type::Tuple, "", several(depth, 1)};
      case 8: {
        Value dict{Type::Dict, "", several(depth, 2)};
        sort_dict(dict);
        return dict;
      }
      case 9: {
        Value set{Type::Set, "", several(depth, 1)};
        sort_set(set);
        return set;
      }
      case 10:
        return {Type::Opaque, below(2) == 0 ? "Name" : "class Name", {}};
      default:
        if (below(2) == 0) return {Type::Call, "raised(KeyError)", {}};
        return {Type::Call, "deque", {Value{Type::List, "", several(depth, 1)}}};
    }
  }

 private:
  int below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }

  std::vector<Value> several(int depth, int step) {
    std::vector<Value> items(static_cast<std::size_t>(below(4) * step));
    for (Value& item : items) item = make(depth + 1);
    return items;
  }
  std::string integer() {
    std::string digits(1, static_cast<char>('1' + below(9)));
    for (int more = below(30); more > 0; --more) digits += static_cast<char>('0' + below(10));
    return below(5) == 0 ? "0" : below(2) == 0 ? "-" + digits : digits;
  }
  double number() {
    if (below(8) == 0) return std::vector<double>{0.0, -0.0, HUGE_VAL, -HUGE_VAL, NAN}[below(5)];
    return std::ldexp(std::uniform_real_distribution<double>(-1, 1)(random_), below(400) - 200);
  }
  std::string text() {
    std::string made;
    for (int more = below(8); more > 0; --more) {
      const int bounds[] = {0x80, 0x100, 0x3000, 0x110000};
      append_utf8(made, static_cast<char32_t>(below(bounds[below(4)])));
    }
    return made;
  }
  std::string bytes() {
    std::string made;
    for (int more = below(8); more > 0; --more) made += static_cast<char>(below(256));
    return made;
  }

  std::mt19937 random_;
};

TEST(Value, WhateverIsWrittenReadsBackEqualAndAscii) {
  for (unsigned seed = 1; seed <= 3000; ++seed) {
    const Value value = RandomValue(seed).make();
    const std::string text = to_string(value);
    ValueError error;
    const std::optional<Value> back = parse_value(text, error);
    ASSERT_TRUE(back) << "seed " << seed << ": " << text << ": " << error.message;
    ASSERT_EQ(*back, value) << "seed " << seed << ": " << text;
    ASSERT_EQ(
        text.find_first_not_of(" !\"#$%&'()*+,-./0123456789:;<=>?@"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"),
        std::string::npos)
        << "seed " << seed << ": " << text;
  }
}

TEST(Value, DamagedTextIsRefusedOrReadButNeverMore) {
  for (unsigned seed = 1; seed <= 3000; ++seed) {
    std::mt19937 random(seed);
    std::string text = to_string(RandomValue(seed).make());
    const auto place = [&] {
      return std::uniform_int_distribution<std::size_t>(0, text.size() - 1)(random);
    };
    for (int damage = 0; damage < 3 && !text.empty(); ++damage) {
      text[place()] = static_cast<char>(random() % 256);
      text.erase(place(), 1);
    }
    ValueError error;
    const std::optional<Value> value = parse_value(text, error);
    if (!value) {
      ASSERT_GE(error.offset, 0) << "seed " << seed;
      ASSERT_LE(error.offset, static_cast<int>(text.size())) << "seed " << seed;
      continue;
    }
    ASSERT_EQ(read(to_string(*value)), *value) << "seed " << seed << ": " << text;
  }
}

}  // namespace

}  // namespace conformance
