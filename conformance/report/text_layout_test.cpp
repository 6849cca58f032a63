// Wrapping and columns at their edges.
#include "conformance/report/text_layout.h"

#include <gmock/gmock.h>

namespace conformance {

namespace {

using testing::ElementsAre;

TEST(TextLayout, LinesBreakAtBlanks) {
  EXPECT_THAT(wrapped("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrapped("one two three", 100), ElementsAre("one two three"));
  EXPECT_THAT(wrapped("", 10), ElementsAre(""));
  EXPECT_THAT(wrapped("exactly ten", 11), ElementsAre("exactly ten"));
}

TEST(TextLayout, ALongWordIsCut) {
  EXPECT_THAT(wrapped("abcdefghij", 4), ElementsAre("abcd", "efgh", "ij"));
  EXPECT_THAT(wrapped("ab cdefghij", 4), ElementsAre("ab", "cdef", "ghij"));
}

TEST(TextLayout, CharactersAreNotCut) {
  EXPECT_THAT(wrapped("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6", 4),
              ElementsAre("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4", "\xc3\xb6"));
}

TEST(TextLayout, MoreLinesThanWantedEndInDots) {
  EXPECT_THAT(wrapped("aaaa bbbb cccc dddd", 4, 2), ElementsAre("aaaa", "b..."));
  EXPECT_THAT(wrapped("aaaa bbbb", 4, 2), ElementsAre("aaaa", "bbbb"));
}

TEST(TextLayout, ColumnsAreFilledAndNeverCut) {
  EXPECT_EQ(padded("ab", 4), "ab  ");
  EXPECT_EQ(padded("abcdef", 4), "abcdef");
  EXPECT_EQ(right_aligned("ab", 4), "  ab");
  EXPECT_EQ(padded("\xc3\xa4", 2), "\xc3\xa4 ");
}

TEST(TextLayout, ABlockKeepsItsEnd) {
  EXPECT_EQ(quoted_block("a\nb\nc\n", "| ", 2), "| (1 line before)\n| b\n| c\n");
  EXPECT_EQ(quoted_block("a\n\nb", "| ", 9), "| a\n| \n| b\n");
  EXPECT_EQ(quoted_block("", "| ", 9), "");
}

}  // namespace

}  // namespace conformance
