#include "conformance/ports/bounded_capture.h"

#include <gtest/gtest.h>
#include <string>

namespace conformance {

namespace {

TEST(BoundedCapture, KeepsAllOfWhatFits) {
  BoundedCapture capture(8);
  capture.add("abcd");
  capture.add("efgh");
  EXPECT_EQ(capture.text(), "abcdefgh");
  EXPECT_EQ(capture.bytes(), 8u);
}

TEST(BoundedCapture, KeepsBothEndsAndCountsTheMiddle) {
  BoundedCapture capture(8);
  capture.add("abcdefghijkl");
  EXPECT_EQ(capture.text(), "abcd\n... 4 bytes left out ...\nijkl");
  EXPECT_EQ(capture.bytes(), 12u);
}

TEST(BoundedCapture, OneByteTooManyLeavesOneOut) {
  BoundedCapture capture(8);
  capture.add("abcdefghi");
  EXPECT_EQ(capture.text(), "abcd\n... 1 bytes left out ...\nfghi");
}

TEST(BoundedCapture, IsTheSameHoweverTheStreamIsCut) {
  std::string stream;
  for (int number = 0; number < 100; ++number) stream += std::to_string(number) + ",";
  for (const std::size_t limit : {0u, 1u, 2u, 7u, 16u, 1000u}) {
    BoundedCapture whole(limit);
    whole.add(stream);
    for (std::size_t piece = 1; piece < 20; ++piece) {
      BoundedCapture cut(limit);
      for (std::size_t at = 0; at < stream.size(); at += piece)
        cut.add(std::string_view(stream).substr(at, piece));
      EXPECT_EQ(cut.text(), whole.text()) << "limit " << limit << ", pieces of " << piece;
      EXPECT_EQ(cut.bytes(), stream.size());
    }
  }
}

TEST(BoundedCapture, TextGrowsAfterItWasAskedFor) {
  BoundedCapture capture(8);
  capture.add("ab");
  EXPECT_EQ(capture.text(), "ab");
  capture.add("c");
  EXPECT_EQ(capture.text(), "abc");
}

}  // namespace

}  // namespace conformance
