// What can be said of one operation, or of two, without a model.
#include "conformance/history/operation.h"

#include <fmt/format.h>
#include <limits>

namespace conformance {

namespace {

// How many nanoseconds one unit has; 0 for clocks that count no time.
std::int64_t nanoseconds_of(const std::string& unit) {
  if (unit == "ns") return 1;
  if (unit == "us") return 1'000;
  if (unit == "ms") return 1'000'000;
  if (unit == "s") return 1'000'000'000;
  return 0;
}

}  // namespace

Value raised(const std::string& exception) {
  return {Value::Type::Call, "raised(" + exception + ")", {}};
}

bool precedes(const Operation& left, const Operation& right, std::int64_t resolution) {
  if (!left.returned) return false;
  if (left.thread == right.thread) return left.called_at < right.called_at;
  constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
  return left.returned_at <= kEnd - resolution && left.returned_at + resolution <= right.called_at;
}

std::string coarse_clock_note(const HistoryMetadata& metadata) {
  const std::int64_t unit = nanoseconds_of(metadata.unit);
  if (unit == 0 || metadata.resolution <= 1'000 / unit) return {};
  return fmt::format(
      "the clock's resolution is {} {}, coarser than 1 us: operations nearer than that count as "
      "overlapping, so faults may go unseen",
      metadata.resolution, metadata.unit);
}

std::string describe(const Operation& operation) {
  std::string text = operation.method + "(";
  for (std::size_t index = 0; index < operation.arguments.size(); ++index) {
    text += (index == 0 ? "" : ", ") + to_string(operation.arguments[index]);
  }
  return text + ")" +
         (operation.returned ? " -> " + to_string(operation.result) : " (never returned)");
}

}  // namespace conformance
