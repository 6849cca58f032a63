#include "conformance/runner/machine_lock.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <optional>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace conformance {
namespace {

std::string lock_file() {
  return testing::TempDir() + "/heddle-lock-test-" + std::to_string(::getpid());
}

TEST(MachineLock, ASecondHolderWaitsUntilTheFirstLetsGo) {
  const std::string path = lock_file();
  const std::atomic<bool> never{false};
  std::string trouble;
  std::optional<MachineLock> first;
  first.emplace(path, never, trouble);
  ASSERT_EQ(trouble, "");
  std::atomic<bool> second_has_it{false};
  std::atomic<bool> give_up{false};
  std::thread other([&] {
    std::string unused;
    MachineLock second(path, give_up, unused);
    second_has_it = true;
  });
  for (int look = 0; look < 1000; ++look) ASSERT_FALSE(second_has_it.load());
  first.reset();
  other.join();
  EXPECT_TRUE(second_has_it.load());
  std::filesystem::remove(path);
}

TEST(MachineLock, WaitingEndsWhenTheRunIsStopped) {
  const std::string path = lock_file();
  const std::atomic<bool> never{false};
  std::string trouble;
  const MachineLock first(path, never, trouble);
  std::atomic<bool> stop{false};
  std::thread other([&] {
    std::string unused;
    const MachineLock second(path, stop, unused);
  });
  stop = true;
  other.join();  // hangs if `stop` is not heard
  std::filesystem::remove(path);
}

TEST(MachineLock, AProcessThatDiesLetsGo) {
  const std::string path = lock_file();
  const std::atomic<bool> never{false};
  const pid_t child = ::fork();
  if (child == 0) {
    std::string unused;
    const MachineLock held(path, never, unused);
    ::_exit(0);  // without the destructor
  }
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  std::string trouble;
  const MachineLock mine(path, never, trouble);
  EXPECT_EQ(trouble, "");
  std::filesystem::remove(path);
}

TEST(MachineLock, WithoutAPlaceForItItGoesOnAndSaysSo) {
  const std::atomic<bool> never{false};
  std::string trouble;
  const MachineLock none("/nonexistent/heddle.lock", never, trouble);
  EXPECT_NE(trouble.find("/nonexistent/heddle.lock"), std::string::npos);
}

}  // namespace
}  // namespace conformance
