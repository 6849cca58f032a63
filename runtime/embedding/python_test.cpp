#include "runtime/embedding/python.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/base/build.h"

namespace runtime {
namespace {

using testing::HasSubstr;

// A runtime from its beginning to its end: what the text gave as exit status, and what it wrote.
struct Life {
  int status;
  std::string output;
  std::string errors;
};

Life live(std::string_view text) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  int status = 0;
  {
    Python python({.profile = kFreeThreaded ? kProfile314t : kProfile314});
    status = python.finish(python.run_text(text, "<test>"));
    EXPECT_FALSE(python.leaves_objects());
  }
  return {status, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

TEST(Python, RunsTextAndEndsWithZero) {
  const Life life = live("print(1 + 1)\n");
  EXPECT_EQ(life.status, 0);
  EXPECT_EQ(life.output, "2\n");
  EXPECT_EQ(life.errors, "");
}

TEST(Python, AnExceptionThatNobodyCatchesIsShownAndEndsWithOne) {
  const Life life = live("def f():\n    return 1 / 0\nf()\n");
  EXPECT_EQ(life.status, 1);
  EXPECT_THAT(life.errors, HasSubstr("File \"<test>\", line 2, in f"));
  EXPECT_THAT(life.errors, HasSubstr("ZeroDivisionError: division by zero"));
}

TEST(Python, SystemExitSaysTheStatus) {
  EXPECT_EQ(live("raise SystemExit(3)\n").status, 3);
  EXPECT_EQ(live("raise SystemExit\n").status, 0);
  const Life life = live("raise SystemExit('why')\n");
  EXPECT_EQ(life.status, 1);
  EXPECT_EQ(life.errors, "why\n");
}

TEST(Python, AtTheEndThreadsAreWaitedForAndThenExitFunctionsRun) {
  const Life life = live(
      "import atexit, threading\n"
      "atexit.register(print, 'last')\n"
      "gate = threading.Event()\n"
      "def work():\n"
      "    gate.wait()\n"
      "    print('thread')\n"
      "threading.Thread(target=work).start()\n"
      "print('main')\n"
      "gate.set()\n");
  EXPECT_EQ(life.output, "main\nthread\nlast\n");
}

TEST(Python, AFileThatCannotBeReadEndsWithTwo) {
  testing::internal::CaptureStderr();
  Python python({.profile = kFreeThreaded ? kProfile314t : kProfile314});
  EXPECT_EQ(python.finish(python.run_file("/no/such/program.py")), 2);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("can't open file"));
}

}  // namespace
}  // namespace runtime
