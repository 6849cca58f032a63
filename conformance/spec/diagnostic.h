// A mistake of the outside world in a file we read: where it is, what is wrong, what would be
// right.
//
// Everything that reads files for Heddle reports through this type and goes on with the next file;
// `heddle` prints the list and exits with 4 when there is an error among them. Lines and columns
// count from 1; 0 means "the whole file".
#pragma once

#include <string>
#include <vector>

namespace conformance {

enum class Severity { Error, Warning };

struct Diagnostic {
  std::string file;
  int line = 0;
  int column = 0;
  std::string message;  // what is wrong: "unknown key 'outcome'"
  std::string advice;   // what would be right: "did you mean 'outcomes'?"; may be empty
  Severity severity = Severity::Error;
};

using Diagnostics = std::vector<Diagnostic>;

// "specs/a.yaml:3:5: error: unknown key 'outcome'; did you mean 'outcomes'?"
std::string to_string(const Diagnostic& diagnostic);

bool has_errors(const Diagnostics& diagnostics);

}  // namespace conformance
