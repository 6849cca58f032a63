#include "conformance/command_line/progress.h"

#include <gtest/gtest.h>

namespace conformance {
namespace {

TEST(Progress, TheLineSaysHowFarHowFastAndHowLongStill) {
  Progress progress(ProgressStyle::None, false);
  progress.plan(40);
  for (int done = 0; done < 9; ++done) progress.add(Verdict::passed);
  progress.add(Verdict::failed);
  EXPECT_EQ(progress.line(5.0), "10/40  25 %  2.0/s  9 passed  1 failed  15 s left");
}

TEST(Progress, NothingIsForetoldBeforeAnythingIsDone) {
  Progress progress(ProgressStyle::None, false);
  progress.plan(40);
  EXPECT_EQ(progress.line(5.0), "0/40  0 %");
}

TEST(Progress, ATerminalGetsALineAndAFilePlainLines) {
  EXPECT_EQ(choose_progress("auto", true), ProgressStyle::Line);
  EXPECT_EQ(choose_progress("auto", false), ProgressStyle::Plain);
  EXPECT_EQ(choose_progress("none", true), ProgressStyle::None);
  EXPECT_EQ(choose_progress("plain", true), ProgressStyle::Plain);
}

TEST(SpokenDuration, ReadsLikeSpeech) {
  EXPECT_EQ(spoken_duration(6.2), "6 s");
  EXPECT_EQ(spoken_duration(120), "2 min");
  EXPECT_EQ(spoken_duration(125), "2 min 5 s");
  EXPECT_EQ(spoken_duration(3780), "1 h 3 min");
  EXPECT_EQ(spoken_duration(-1), "0 s");
}

}  // namespace
}  // namespace conformance
