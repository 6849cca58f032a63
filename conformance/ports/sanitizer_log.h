// Sanitizer reports in a text (log_path files or standard error): parsed, and deduplicated by the
// unordered pair of innermost frames that are not plumbing (interceptors, allocators, the
// interpreter's own reference-count and attach helpers).
//
// Knows ThreadSanitizer (data race in every wording: Write, Read, Atomic, Previous ...; lock-order
// inversion, heap-use-after-free, signal-unsafe call), AddressSanitizer, LeakSanitizer and
// UndefinedBehaviorSanitizer.
#pragma once

#include <string_view>
#include <vector>

#include "conformance/outcome/observation.h"

namespace conformance {

std::vector<RaceReport> parse_sanitizer_log(std::string_view text);
void merge_races(std::vector<RaceReport>& into, const std::vector<RaceReport>& more);

}  // namespace conformance
