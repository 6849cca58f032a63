// Spelling of a diagnostic: the form that compilers use and editors jump by, place first.
#include "conformance/spec/diagnostic.h"

#include <algorithm>
#include <fmt/format.h>

namespace conformance {

std::string to_string(const Diagnostic& diagnostic) {
  std::string place = diagnostic.file;
  if (diagnostic.line > 0) place += fmt::format(":{}", diagnostic.line);
  if (diagnostic.line > 0 && diagnostic.column > 0) place += fmt::format(":{}", diagnostic.column);
  if (!place.empty()) place += ": ";
  const char* severity = diagnostic.severity == Severity::Error ? "error" : "warning";
  std::string text = fmt::format("{}{}: {}", place, severity, diagnostic.message);
  if (!diagnostic.advice.empty()) text += "; " + diagnostic.advice;
  return text;
}

bool has_errors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::Error;
  });
}

}  // namespace conformance
