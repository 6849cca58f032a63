// Encodings, limits, positions, warnings: what parse() promises besides trees and messages.
#include "runtime/syntax/parse.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <string>

#include "runtime/syntax/dump.h"

namespace syntax {
namespace {

std::string repeat(std::string_view text, int count) {
  std::string result;
  for (int index = 0; index < count; ++index) result += text;
  return result;
}

std::string message_of(std::string_view source, Mode mode = Mode::kModule,
                       const ParseOptions& options = {}) {
  const ParseResult result = parse(source, mode, options);
  return result.is_ok() ? "" : result.problem->message;
}

std::string text_of_first_string(std::string_view source) {
  const ParseResult result = parse(source);
  if (!result.is_ok()) return result.problem->message;
  return std::string(as<Constant>(as<Expr>(result.tree->module()->body.back())->value)->text);
}

TEST(Encodings, Utf8IsTheDefaultAndMayBeMarked) {
  EXPECT_EQ(text_of_first_string("'\xC3\xA9'"), "\xC3\xA9");
  EXPECT_EQ(text_of_first_string("\xEF\xBB\xBF'\xC3\xA9'"), "\xC3\xA9");
  EXPECT_EQ(text_of_first_string("# coding: utf-8\n'\xC3\xA9'"), "\xC3\xA9");
}

TEST(Encodings, Latin1MayBeDeclaredInTheFirstTwoLines) {
  EXPECT_EQ(text_of_first_string("# -*- coding: latin-1 -*-\n'\xE9'"), "\xC3\xA9");
  EXPECT_EQ(text_of_first_string("#!/usr/bin/python\r\n# vim: fileencoding=iso-8859-1\n'\xE9'"),
            "\xC3\xA9");
  EXPECT_THAT(message_of("\n\n# coding: latin-1\n'\xE9'"),
              testing::StartsWith("(unicode error) 'utf-8' codec"));
  EXPECT_THAT(message_of("x = 1\n# coding: latin-1\n'\xE9'"),
              testing::StartsWith("(unicode error) 'utf-8' codec"));
}

TEST(Encodings, WhatCannotBeReadIsAnError) {
  EXPECT_EQ(message_of("# coding: klingon\n"), "unknown encoding: klingon");
  EXPECT_EQ(message_of("\xEF\xBB\xBF# coding: latin-1\n"), "encoding problem: latin-1 with BOM");
  EXPECT_EQ(
      message_of("x = '\xFF'"),
      "(unicode error) 'utf-8' codec can't decode byte 0xff in position 5: invalid start byte");
  EXPECT_EQ(message_of("x = '\xE9'"),
            "(unicode error) 'utf-8' codec can't decode byte 0xe9 in position 5: invalid "
            "continuation byte");
  EXPECT_EQ(message_of("# coding: ascii\n\xE9"),
            "(unicode error) 'ascii' codec can't decode byte 0xe9 in position 16: ordinal not in "
            "range(128)");
  EXPECT_EQ(message_of(std::string_view("x\0y", 3)), "source code cannot contain null bytes");
}

TEST(Encodings, WhatCannotBeReadIsShownWithItsLine) {
  struct Unreadable {
    std::string_view source;
    int line;
    int offset;
    const char* text;
  };
  for (const Unreadable& one : {Unreadable{"\xFF", 1, 1, ""},
                                Unreadable{"a = 1\n\xC3\xA9 = '\xFF'\nb", 2, 6, "\xC3\xA9 = '"},
                                Unreadable{{"x = 1\ny\0z\n", 10}, 2, 2, "y"},
                                Unreadable{"# coding: ascii\n \xE9", 2, 2, " "}}) {
    const ParseResult result = parse(one.source, Mode::kModule);
    ASSERT_FALSE(result.is_ok());
    EXPECT_EQ(result.problem->line, one.line) << one.source;
    EXPECT_EQ(result.problem->offset, one.offset) << one.source;
    EXPECT_EQ(result.problem->text, one.text) << one.source;
  }
}

TEST(Encodings, TextNeedsNoneAndMayHoldSurrogates) {
  const ParseOptions text{.source_kind = SourceKind::kText};
  EXPECT_EQ(message_of("# coding: klingon\n'\xED\xA0\x80'", Mode::kModule, text), "");
  EXPECT_EQ(message_of(std::string_view("\0", 1), Mode::kModule, text),
            "source code string cannot contain null bytes");
}

TEST(Modes, AnExpressionIsOneExpression) {
  const ParseResult result = parse("a + b\n\n", Mode::kExpression);
  ASSERT_TRUE(result.is_ok());
  EXPECT_EQ(dump(result.tree->root()),
            "Expression(body=BinOp(left=Name(id='a', ctx=Load()), op=Add(), right=Name(id='b', "
            "ctx=Load())))");
  EXPECT_EQ(message_of("a; b", Mode::kExpression), "invalid syntax");
  EXPECT_EQ(message_of("a = b", Mode::kExpression), "invalid syntax");
}

TEST(Modes, APromptTakesOneStatement) {
  const ParseResult result = parse("a; b\n", Mode::kInteractive);
  ASSERT_TRUE(result.is_ok());
  EXPECT_EQ(as<Interactive>(result.tree->root())->body.size(), 2U);
  EXPECT_TRUE(parse("if a:\n  b\n", Mode::kInteractive).is_ok());
  EXPECT_EQ(message_of("a\nb\n", Mode::kInteractive),
            "multiple statements found while compiling a single statement");
}

TEST(Limits, NestingIsAnErrorAndNoOverflow) {
  const std::string parser_overflow =
      "Parser stack overflowed - Python source too complex to parse";
  const std::string tree_too_high = "maximum recursion depth exceeded during compilation";
  EXPECT_EQ(message_of(repeat("(", 100'000)), "too many nested parentheses");
  EXPECT_EQ(message_of(repeat("-", 100'000) + "1"), parser_overflow);
  EXPECT_EQ(message_of(repeat("not ", 100'000) + "1"), parser_overflow);
  EXPECT_EQ(message_of(repeat("lambda: ", 100'000) + "1"), parser_overflow);
  EXPECT_EQ(message_of(repeat("a if b else ", 100'000) + "1"), parser_overflow);
  EXPECT_EQ(message_of(repeat("1**", 100'000) + "1"), parser_overflow);
  EXPECT_EQ(message_of(repeat("1+", 100'000) + "1"), tree_too_high);
  EXPECT_EQ(message_of("a" + repeat(".b", 100'000)), tree_too_high);
  EXPECT_EQ(message_of("a" + repeat("()", 100'000)), tree_too_high);
  EXPECT_EQ(message_of("if 1: 1\n" + repeat("elif 1: 1\n", 100'000)), tree_too_high);
  std::string indented;
  for (int depth = 0; depth < 150; ++depth)
    indented += std::string(static_cast<std::size_t>(depth), ' ') + "if 1:\n";
  EXPECT_EQ(message_of(indented), "too many levels of indentation");
}

TEST(Limits, OrdinaryNestingIsFine) {
  EXPECT_EQ(message_of(repeat("(", 199) + "a" + repeat(")", 199)), "");
  EXPECT_EQ(message_of(repeat("1+", 1'500) + "1"), "");
  EXPECT_EQ(message_of("if 1: 1\n" + repeat("elif 1: 1\n", 1'500)), "");
  EXPECT_EQ(message_of(repeat("a or ", 100'000) + "b"), "");
}

TEST(Limits, DigitsOfADecimalIntegerCanBeLimited) {
  EXPECT_EQ(message_of(repeat("9", 4'300)), "");
  EXPECT_THAT(message_of(repeat("9", 4'301)),
              testing::StartsWith("Exceeds the limit (4300 digits)"));
  EXPECT_EQ(message_of("0x" + repeat("f", 4'301)), "");
  EXPECT_EQ(message_of(repeat("9", 4'301), Mode::kModule, {.maximum_integer_digits = 0}), "");
}

TEST(Positions, CountBytesInTreesAndCharactersInProblems) {
  const ParseResult result = parse("\xC3\xA9 = (a,\n  b)\n");
  ASSERT_TRUE(result.is_ok());
  const auto* assign = as<Assign>(result.tree->module()->body[0]);
  EXPECT_EQ(assign->value->position.column, 5U);
  EXPECT_EQ(assign->value->position.end_line, 2U);
  EXPECT_EQ(assign->value->position.end_column, 4U);
  EXPECT_EQ(result.tree->text_of(assign->value->position), "(a,\n  b)");
  const SyntaxProblem problem = result.tree->problem(assign->value->position, "not this");
  EXPECT_EQ(problem.offset, 5);
  EXPECT_EQ(problem.end_line, 2);
  EXPECT_EQ(problem.end_offset, 5);
  EXPECT_EQ(problem.text, "\xC3\xA9 = (a,\n");
}

TEST(Warnings, TellOfDoubtfulEscapesAndNumbers) {
  const ParseResult result = parse("a\nx = '\\d'\n1if a else 2\n'\\400'\n");
  ASSERT_TRUE(result.is_ok());
  ASSERT_EQ(result.warnings.size(), 3U);
  EXPECT_EQ(result.warnings[0].message,
            "\"\\d\" is an invalid escape sequence. Such sequences will not work in the future. "
            "Did you mean "
            "\"\\\\d\"? A raw string is also an option.");
  EXPECT_EQ(result.warnings[0].position.line, 2U);
  EXPECT_EQ(result.warnings[1].message, "invalid decimal literal");
  EXPECT_THAT(result.warnings[2].message,
              testing::StartsWith("\"\\400\" is an invalid octal escape sequence."));
}

TEST(Names, AreComparedInNormalForm) {
  EXPECT_TRUE(is_identifier("a_1"));
  EXPECT_TRUE(is_identifier("\xC3\xA9"));
  EXPECT_FALSE(is_identifier(""));
  EXPECT_FALSE(is_identifier("1a"));
  EXPECT_FALSE(is_identifier("a b"));
  EXPECT_FALSE(is_identifier("\xFF"));
  EXPECT_TRUE(is_keyword("lambda"));
  EXPECT_FALSE(is_keyword("match"));
}

TEST(Unsupported, LanguageIsRefusedByName) {
  EXPECT_EQ(message_of("async def f(): pass"), "'async' is not supported yet");
  EXPECT_EQ(message_of("def f():\n  await x"), "'await' is not supported yet");
  EXPECT_EQ(message_of("match x:\n  case 1: pass"), "'match' is not supported yet");
  EXPECT_EQ(message_of("type A = int"), "'type' is not supported yet");
  EXPECT_EQ(message_of("def f[T](): pass"), "type parameters are not supported yet");
  EXPECT_EQ(message_of("try: pass\nexcept* A: pass"), "'except*' is not supported yet");
  EXPECT_EQ(message_of("t'{a}'"), "template strings are not supported yet");
}

// The driver program, cut anywhere and with bytes overwritten: a tree or a problem, and never a
// crash.
TEST(RealPrograms, ParseWholeAndBreakGracefully) {
  std::string program;
  const std::filesystem::path folder =
      std::filesystem::path(HEDDLE_SOURCE_DIR) / "conformance/driver/python";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(message_of(text), "") << entry.path();
    program += text;
  }
  ASSERT_GT(program.size(), 1000U);
  std::uint64_t state = 1;
  const auto next = [&state] {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return state >> 33;
  };
  for (int round = 0; round < 40; ++round) {
    std::string cut = program.substr(0, next() % program.size());
    if (cut.empty()) continue;
    const ParseResult of_cut = parse(cut);
    EXPECT_NE(of_cut.is_ok(), of_cut.problem.has_value());
    cut[next() % cut.size()] = static_cast<char>(next());
    const ParseResult of_broken = parse(cut);
    EXPECT_NE(of_broken.is_ok(), of_broken.problem.has_value());
  }
}

}  // namespace
}  // namespace syntax
