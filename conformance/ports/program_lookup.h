// From the first word of a command to the file that will run, or to a sentence that says why none
// can.
//
// execve() has one errno for many mistakes: ENOENT is also a missing interpreter of a script,
// EACCES also a directory. The command is looked up here, before the start, so that the sentence
// can be exact.
#pragma once

#include <string>

namespace conformance {

// `search_path` is the PATH that the child will have; a relative word with a slash counts from our
// own working directory. Empty on failure, with `error`: "command not found: pytohn3".
std::string find_program(const std::string& word, const std::string& search_path,
                         std::string& error);

// What to tell a person when starting `program` failed with this errno.
std::string explain_start_failure(const std::string& program, int error_number);

}  // namespace conformance
