// Files we write results to: every failure to write is an error with the file's name and the
// reason, never swallowed.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace conformance {

struct OutputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A file of lines. A line is one write(2), so that a run that is killed leaves whole lines and at
// most one cut at the end.
class LineFile {
 public:
  // Opens for appending after the first `keep` bytes; the rest, a cut last line, is cut off. Throws
  // OutputError.
  LineFile(const std::string& path, std::uint64_t keep);
  ~LineFile();
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;
  void write_line(std::string_view line);  // adds the newline; throws OutputError
  void close();                            // throws OutputError; the destructor closes silently

 private:
  std::string path_;
  int descriptor_ = -1;
};

// Writes the whole text beside `path` and renames it there: readers see the old file or the new
// one. (A device is written to directly.)
void write_whole_file(const std::string& path, std::string_view text);

}  // namespace conformance
