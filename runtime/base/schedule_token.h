// A schedule as one word (exploration.h shows one).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/base/scheduler.h"

namespace runtime {

struct ScheduleToken {
  std::string scenario;
  std::string build;   // 8 hexadecimal digits
  std::string mutant;  // or empty
  std::vector<machine::Switch> switches;
};

std::string write_token(const ScheduleToken& token);
// Null when `text` is no token; `problem` then says why.
std::optional<ScheduleToken> read_token(const std::string& text, std::string& problem);

// A digest of this program's file: the same sources, compiler and options give the same.
const std::string& build_identity();

}  // namespace runtime
