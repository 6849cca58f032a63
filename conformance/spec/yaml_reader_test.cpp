#include "conformance/spec/yaml_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance {
namespace {

// The diagnostics, each as "line:column: message; advice".
std::vector<std::string> complaints(const std::string& text) {
  YamlDocument document;
  Diagnostics diagnostics;
  const bool good = read_yaml(text, "", document, diagnostics);
  EXPECT_EQ(good, diagnostics.empty());
  std::vector<std::string> lines;
  for (const Diagnostic& one : diagnostics) {
    lines.push_back(std::to_string(one.line) + ":" + std::to_string(one.column) + ": " +
                    one.message + (one.advice.empty() ? "" : "; " + one.advice));
  }
  return lines;
}

YamlDocument read(const std::string& text) {
  YamlDocument document;
  Diagnostics diagnostics;
  EXPECT_TRUE(read_yaml(text, "", document, diagnostics)) << to_string(diagnostics.at(0));
  return document;
}

const YamlNode& value(const YamlDocument& document, std::string_view key) {
  const auto& items = document.root.items;
  for (std::size_t index = 0; index < items.size(); index += 2) {
    if (items[index].text == key) return items[index + 1];
  }
  throw std::out_of_range("no such key");
}

std::string repeat(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

TEST(YamlReader, RemembersHowAScalarWasWritten) {
  using Style = YamlNode::Style;
  const YamlDocument document = read(
      "plain: a b\n"
      "joined: a\n  b\n"
      "single: 'a'\n"
      "double: \"a\"\n"
      "literal: |\n  a\n   b\n"
      "folded: >-\n  a\n  b\n"
      "empty: ''\n");
  const auto style = [&](const char* key) { return value(document, key).style; };
  EXPECT_EQ(style("plain"), Style::Plain);
  EXPECT_EQ(style("joined"), Style::Joined);
  EXPECT_EQ(style("single"), Style::Quoted);
  EXPECT_EQ(style("double"), Style::Quoted);
  EXPECT_EQ(style("literal"), Style::Literal);
  EXPECT_EQ(style("folded"), Style::Folded);
  EXPECT_EQ(style("empty"), Style::Quoted);
  EXPECT_EQ(value(document, "literal").text, "a\n b\n");
  EXPECT_EQ(value(document, "joined").text, "a b");
}

TEST(YamlReader, CountsColumnsInCharacters) {
  const YamlDocument document = read("{\xc3\xa4: x, \xe2\x82\xac: y}\n");
  ASSERT_EQ(document.root.items.size(), 4U);
  EXPECT_EQ(document.root.items[0].place.column, 2);
  EXPECT_EQ(document.root.items[1].place.column, 5);
  EXPECT_EQ(document.root.items[2].place.column, 8);
  EXPECT_EQ(document.root.items[3].place.column, 11);
}

TEST(YamlReader, FindsPlacesWithinAScalar) {
  const YamlDocument document = read(
      "plain: ab cd\n"
      "quoted: 'ab cd'\n"
      "escaped: \"a\\tb cd\"\n"
      "literal: |\n"
      "\n"
      "    ab\n"
      "     cd\n");
  const auto place = [&](const char* key, std::size_t offset) {
    const YamlPlace found = document.place_within(value(document, key), offset);
    return std::to_string(found.line) + ":" + std::to_string(found.column);
  };
  EXPECT_EQ(place("plain", 3), "1:11");
  EXPECT_EQ(place("quoted", 3), "2:13");
  EXPECT_EQ(place("escaped", 3), "3:10");
  EXPECT_EQ(place("literal", 2), "6:6");
  EXPECT_EQ(place("literal", 5), "7:6");
}

TEST(YamlReader, TakesAByteOrderMarkAndWindowsLineEnds) {
  const YamlDocument document = read(
      "\xEF\xBB\xBF"
      "a: |\r\n  x\r\n  y\r\nb: z\r\n");
  EXPECT_EQ(value(document, "a").text, "x\ny\n");
  EXPECT_EQ(value(document, "a").place.column, 4);
  EXPECT_EQ(value(document, "b").place.line, 4);
}

TEST(YamlReader, AnEmptyFileIsNothing) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n", "~\n"}) {
    EXPECT_EQ(read(text).root.type, YamlNode::Type::Null) << text;
  }
}

TEST(YamlReader, SaysWhatIsWrongAndWhere) {
  using std::string_literals::operator""s;
  const std::pair<std::string, const char*> cases[] = {
      {"a: &x 1\n", "1:4: an anchor; they are refused; quote the '&' if it is meant"},
      {"a: !!str 1\n", "1:4: a tag; they are refused; quote the '!' if it is meant"},
      {"a: ! 1\n", "1:4: a tag; they are refused; quote the '!' if it is meant"},
      {"a: !x [1]\n", "1:4: a tag; they are refused; quote the '!' if it is meant"},
      {"a: !x\n", "1:4: a tag; they are refused; quote the '!' if it is meant"},
      {"a: *x\n",
       "1:4: not YAML: the referenced anchor is not defined; text that begins with '*' "
       "stands in quotes"},
      {"<<: {a: 1}\n", "1:1: a merge key; they are refused; write the keys again"},
      {"a: 1\nb: 2\na: 3\n", "3:1: the key 'a' stands twice; the first is on line 1"},
      {"a: 1\n'a': 3\n", "2:1: the key 'a' stands twice; the first is on line 1"},
      {"? [a]\n: b\n",
       "1:3: a key must be text, found a list; text with '{', '[' or ':' in it stands after |"},
      {": b\n",
       "1:1: a key must be text, found nothing; text with '{', '[' or ':' in it stands after |"},
      {"a: 1\n---\nb: 2\n",
       "2:1: the content goes on after its end; one document a file, no `---` in between"},
      {",", "1:1: the content goes on after its end; one document a file, no `---` in between"},
      {"a: 'x\nb: y\n", "1:4: the quoted text is never closed"},
      {"a: \"x\\\"\n", "1:4: the quoted text is never closed"},
      {"a: d == {1: 2}\n",
       "1:11: not YAML: illegal map value; text with ': ' in it stands in quotes, Python after |"},
      {"a: [1, 2\nb: 3\n", "2:2: not YAML: end of sequence flow not found; '[' is not closed"},
      {"a: @x\n",
       "1:4: not YAML: unknown token; text that begins with one of ` @ % stands in "
       "quotes, Python after |"},
      {"a: |\n    x\n  y\n", "3:3: not YAML: end of map not found; is the indentation as above?"},
      {"a:\n\tb: 1\n", "2:1: a tab in the indentation; YAML is indented with blanks"},
      {"a: |\n  b\n\tc\n", "3:1: a tab in the indentation; YAML is indented with blanks"},
      {"a: 1\nb: x\0y\n"s, "2:5: a null byte; is this a text file?"},
      {"\x7f"
       "ELF\x02\x01",
       "1:1: the control character 0x7f; write it as an escape where it is "
       "meant"},
      {"a: \x1b[0m\n", "1:4: the control character 0x1b; write it as an escape where it is meant"},
      {"a: \xc3\xa4\xff\n", "1:5: the byte 0xff is not UTF-8 here; save it as UTF-8"},
      {"a: \xed\xa0\x80\n", "1:4: the byte 0xed is not UTF-8 here; save it as UTF-8"},
      {"a: \xc0\x80\n", "1:4: the byte 0xc0 is not UTF-8 here; save it as UTF-8"},
      {"a: \xf5\x80\x80\x80\n", "1:4: the byte 0xf5 is not UTF-8 here; save it as UTF-8"},
      {"a: \xe2\x82", "1:4: the byte 0xe2 is not UTF-8 here; save it as UTF-8"},
      {"\xff\xfe"
       "a\0"s,
       "1:1: the file is UTF-16; save it as UTF-8"},
      {"a: 1\rb: 2\r", "1:5: a carriage return without a line feed; end lines with a line feed"},
      {repeat("[", 10'000), "1:17: nested deeper than 32"},
      {repeat("{a: ", 10'000), "1:125: nested deeper than 32"},
      {repeat("- ", 10'000), "1:65: nested deeper than 32"},
      {repeat("? ", 10'000), "1:65: nested deeper than 32"},
      {repeat("[?", 10'000),
       "1:2: not YAML: unknown token; text that begins with one of ` @ % "
       "stands in quotes, Python after |"},
      {"[" + repeat("a, ", 100'001) + "]", "1:299999: more than 100000 nodes"},
      {std::string(10'000'000, ' '), "0:0: the file is 10000000 bytes long; the limit is 1000000"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_THAT(complaints(text), testing::ElementsAre(expected)) << text.substr(0, 80);
  }
}

TEST(YamlReader, AnAliasIsRefusedBesideItsAnchor) {
  EXPECT_THAT(complaints("a: &x [*x]\nb: *x\n"),
              testing::ElementsAre(
                  "1:4: an anchor; they are refused; quote the '&' if it is meant",
                  "1:8: an alias; they are refused; write the text again, or quote the '*'",
                  "2:4: an alias; they are refused; write the text again, or quote the '*'"));
}

TEST(YamlReader, DepthUpToTheLimitIsTaken) {
  EXPECT_TRUE(complaints(repeat("[", 32) + repeat("]", 32)).empty());
  EXPECT_FALSE(complaints(repeat("[", 33) + repeat("]", 33)).empty());
}

TEST(YamlReader, BlockNestingIsLimitedToo) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += std::string(i, ' ') + "a:\n";
  EXPECT_THAT(complaints(text), testing::ElementsAre("33:33: nested deeper than 32"));
}

TEST(ReadTextFile, RefusesWhatIsNoFile) {
  std::string text;
  Diagnostics diagnostics;
  EXPECT_FALSE(read_text_file("/nowhere/a.yaml", text, diagnostics));
  EXPECT_FALSE(read_text_file("/", text, diagnostics));
  EXPECT_FALSE(read_text_file("/dev/zero", text, diagnostics));
  ASSERT_EQ(diagnostics.size(), 3U);
  EXPECT_EQ(to_string(diagnostics[0]),
            "/nowhere/a.yaml: error: cannot be read: No such file or directory");
  EXPECT_EQ(to_string(diagnostics[1]), "/: error: is not a file");
  EXPECT_EQ(to_string(diagnostics[2]), "/dev/zero: error: is not a file");
}

}  // namespace
}  // namespace conformance
