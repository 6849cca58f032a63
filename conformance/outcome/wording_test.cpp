// Numbers and cut texts, with the edges where such helpers usually break.
#include "conformance/outcome/wording.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <limits>

namespace conformance {

namespace {

TEST(Wording, NumbersAreGroupedByThousands) {
  EXPECT_EQ(spaced(0), "0");
  EXPECT_EQ(spaced(999), "999");
  EXPECT_EQ(spaced(1000), "1 000");
  EXPECT_EQ(spaced(1'200'000), "1 200 000");
  EXPECT_EQ(spaced(-1000), "-1 000");
  EXPECT_EQ(spaced(-999), "-999");
  EXPECT_EQ(spaced(std::numeric_limits<std::int64_t>::min()), "-9 223 372 036 854 775 808");
}

TEST(Wording, OneIsSingular) {
  EXPECT_EQ(counted(1, "sample"), "1 sample");
  EXPECT_EQ(counted(0, "sample"), "0 samples");
  EXPECT_EQ(counted(30500, "sample"), "30 500 samples");
}

TEST(Wording, OneLineIsOneLine) {
  EXPECT_EQ(one_line("  a\r\n\tb \x1b[31m\x7f\n"), "a b [31m");
  EXPECT_EQ(one_line("\n\n"), "");
  EXPECT_EQ(one_line("\xc3\xa4 b"), "\xc3\xa4 b");
}

TEST(Wording, ShortenedCutsBetweenCharacters) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdefg", 6), "abc...");
  EXPECT_EQ(shortened("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4", 4), "\xc3\xa4...");
  EXPECT_EQ(shortened("abcdef", 2), "..");
  EXPECT_EQ(shortened("abcdef", 0), "");
}

TEST(Wording, WidthCountsCharacters) {
  EXPECT_EQ(width_of(""), 0u);
  EXPECT_EQ(width_of("\xc3\xa4x"), 2u);
}

}  // namespace

}  // namespace conformance
