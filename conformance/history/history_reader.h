// JSON Lines -> History (README.md holds the format). A file of history comes from outside: it may
// be cut off by the crash that it was to record, of another version, edited by hand, or gigabytes.
//
// Read line by line with bounded memory. Every complaint has file, line, column, what is wrong and
// what would be right; reading goes on behind it, up to kMaximumComplaints. A last line without its
// end is a recorder that died while it wrote: a warning, and the rest is checked. Calls that are
// open at the end are operations that never returned.
//
// Not for speed: who makes histories in memory gives them to the checker directly.
// Thread safety: none needed, no shared state.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "conformance/history/operation.h"
#include "conformance/spec/diagnostic.h"

namespace conformance {

inline constexpr int kHistoryFormat = 1;
inline constexpr int kMaximumComplaints = 20;

struct HistoryLimits {
  std::int64_t operations = 5'000'000;
  std::int64_t bytes = std::int64_t{1} << 30;  // of operations in memory, an estimate from above
  std::int64_t line = std::int64_t{1} << 20;   // bytes of one line
};

// The history is usable when has_errors(diagnostics) stays false.
History read_history(std::istream& stream, const std::string& name, const HistoryLimits& limits,
                     Diagnostics& diagnostics);

// `path` may be "-" for standard input.
History read_history_file(const std::string& path, const HistoryLimits& limits,
                          Diagnostics& diagnostics);

}  // namespace conformance
