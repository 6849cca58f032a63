#include "conformance/spec/diagnostic.h"

#include <gtest/gtest.h>

namespace conformance {
namespace {

Diagnostic diagnostic(std::string file, int line, int column, std::string message) {
  Diagnostic result;
  result.file = std::move(file);
  result.line = line;
  result.column = column;
  result.message = std::move(message);
  return result;
}

TEST(Diagnostic, PutsThePlaceFirstAndTheAdviceLast) {
  Diagnostic complaint = diagnostic("specs/a.yaml", 3, 5, "unknown key 'outcome'");
  complaint.advice = "did you mean 'outcomes'?";
  EXPECT_EQ(to_string(complaint),
            "specs/a.yaml:3:5: error: unknown key 'outcome'; did you mean 'outcomes'?");
}

TEST(Diagnostic, LeavesOutWhatIsNotKnownOfThePlace) {
  EXPECT_EQ(to_string(diagnostic("a.yaml", 3, 0, "m")), "a.yaml:3: error: m");
  EXPECT_EQ(to_string(diagnostic("a.yaml", 0, 9, "m")), "a.yaml: error: m");
  EXPECT_EQ(to_string(diagnostic("", 0, 0, "m")), "error: m");
}

TEST(Diagnostic, AWarningIsNoError) {
  Diagnostics diagnostics = {diagnostic("", 0, 0, "m")};
  diagnostics[0].severity = Severity::Warning;
  EXPECT_EQ(to_string(diagnostics[0]), "warning: m");
  EXPECT_FALSE(has_errors(diagnostics));
  EXPECT_FALSE(has_errors({}));
  diagnostics.push_back(diagnostic("", 0, 0, "n"));
  EXPECT_TRUE(has_errors(diagnostics));
}

}  // namespace
}  // namespace conformance
