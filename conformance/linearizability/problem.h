// A history, or one partition of it, as the search wants it: steps by number and a line of events.
//
// Operations are numbered in order of their calls. Events (entries) are numbered from 1 in order of
// time, calls before returns where stamps are equal after widening; entry 0 is the head of the list.
// An operation that never returned has no return entry.
#pragma once

#include <cstdint>
#include <vector>

#include "conformance/linearizability/step.h"

namespace conformance {

struct Problem {
  std::vector<Step> steps;
  std::vector<std::uint32_t> origin;       // operation -> index in the caller's history
  std::vector<std::int32_t> call_entry;    // operation -> entry
  std::vector<std::int32_t> return_entry;  // operation -> entry, 0: never returned
  // The operation before it in its thread where stamps alone do not order the two, else -1.
  std::vector<std::int32_t> after;
  // Entry -> operation for calls, its complement (negative) for returns; [0] and the end are kNoOperation.
  std::vector<std::int32_t> operation_at;
  std::int32_t returned = 0;      // operations that returned
  bool ordered_by_stamps = true;  // no `after` is set

  static constexpr std::int32_t kNoOperation = INT32_MIN;

  std::int32_t size() const { return static_cast<std::int32_t>(steps.size()); }
  void clear() {
    steps.clear();
    origin.clear();
    call_entry.clear();
    return_entry.clear();
    after.clear();
    operation_at.clear();
    returned = 0;
    ordered_by_stamps = true;
  }
};

}  // namespace conformance
