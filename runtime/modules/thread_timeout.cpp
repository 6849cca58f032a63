#include "runtime/modules/thread_timeout.h"

#include <cmath>
#include <cstdint>
#include <optional>

#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"

namespace runtime {

namespace {

constexpr Nanoseconds kSecond = 1'000'000'000;
constexpr double kNanosecondsThatFit = 9223372036854775808.0;  // 2^63, which does not

Raised too_large(ThreadState& thread) {
  return raise(thread, overflow_error_type, "timestamp too large to convert to C PyTime_t");
}

}  // namespace

Result<Nanoseconds> nanoseconds_of(ThreadState& thread, Borrowed<Object> seconds) {
  if (is_float(*seconds)) {
    const double value = as_float(seconds)->value;
    if (std::isnan(value)) {
      return raise(thread, value_error_type, "Invalid value NaN (not a number)");
    }
    const double scaled = value * 1e9;
    const double rounded = scaled < 0 ? std::floor(scaled) : std::ceil(scaled);
    if (!(rounded >= -kNanosecondsThatFit && rounded < kNanosecondsThatFit)) {
      return too_large(thread);
    }
    return static_cast<Nanoseconds>(rounded);
  }
  TRY_ASSIGN(Ref<Object> whole, index_of(thread, seconds));
  const std::optional<std::int64_t> value = int64_of(*as_int(whole));
  constexpr std::int64_t kMost = INT64_MAX / kSecond;
  if (!value.has_value() || *value > kMost || *value < -kMost) return too_large(thread);
  return static_cast<Nanoseconds>(*value) * kSecond;
}

Nanoseconds deadline_after(Nanoseconds nanoseconds) {
  if (nanoseconds <= 0) return 0;
  const Nanoseconds begin = now();
  return nanoseconds > kForever - begin ? kForever : begin + nanoseconds;
}

Result<Nanoseconds> acquire_deadline(ThreadState& thread, Object* blocking, Object* timeout) {
  constexpr Nanoseconds kUnset = -kSecond;  // -1 is what a program may write for "no timeout"
  bool blocks = true;
  if (blocking != nullptr) {
    TRY_ASSIGN(blocks, is_true(thread, Borrowed(blocking)));
  }
  Nanoseconds wait = kUnset;
  if (timeout != nullptr) {
    TRY_ASSIGN(wait, nanoseconds_of(thread, Borrowed(timeout)));
  }
  if (!blocks && wait != kUnset) {
    return raise(thread, value_error_type, "can't specify a timeout for a non-blocking call");
  }
  if (wait < 0 && wait != kUnset) {
    return raise(thread, value_error_type, "timeout value must be a non-negative number");
  }
  if (!blocks) return Nanoseconds{0};
  if (wait == kUnset) return kForever;
  if (static_cast<double>(wait) > kGreatestTimeout * 1e9) {
    return raise(thread, overflow_error_type, "timeout value is too large");
  }
  return deadline_after(wait);
}

}  // namespace runtime
