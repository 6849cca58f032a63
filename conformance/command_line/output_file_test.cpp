#include "conformance/command_line/output_file.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

namespace conformance {
namespace {

std::string content(const std::string& path) {
  std::ifstream stream(path);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string fresh_path(const char* name) {
  const std::string path =
      testing::TempDir() + "/heddle-output-" + std::to_string(::getpid()) + name;
  std::filesystem::remove(path);
  return path;
}

TEST(LineFile, ACutLastLineIsCutOffBeforeItGoesOn) {
  const std::string path = fresh_path("lines");
  std::ofstream(path) << "first\nsec";
  LineFile file(path, 6);
  file.write_line("second");
  file.close();
  EXPECT_EQ(content(path), "first\nsecond\n");
}

TEST(LineFile, AFullDiskIsSaid) {
  LineFile file("/dev/full", 0);
  try {
    file.write_line("anything");
    FAIL() << "the line was swallowed";
  } catch (const OutputError& error) {
    EXPECT_NE(std::string(error.what()).find("/dev/full"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("No space left"), std::string::npos);
  }
}

TEST(LineFile, APlaceThatIsNotThereIsSaid) {
  EXPECT_THROW(LineFile("/nonexistent/results.jsonl", 0), OutputError);
}

TEST(WholeFile, ReplacesTheOldTextAndLeavesNothingBeside) {
  const std::string path = fresh_path("whole");
  write_whole_file(path, "old");
  write_whole_file(path, "new");
  EXPECT_EQ(content(path), "new");
  EXPECT_FALSE(std::filesystem::exists(path + ".part"));
}

TEST(WholeFile, AFullDiskIsSaid) {
  EXPECT_THROW(write_whole_file("/dev/full", "text"), OutputError);
}

}  // namespace
}  // namespace conformance
