// The module time: clocks and sleep. All clocks are those of base/atomic.h, so that a program sleeps
// in virtual time under the scheduler.
#include <cmath>
#include <ctime>

#include "runtime/base/event.h"
#include "runtime/memory/qsbr.h"
#include "runtime/modules/native_module.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"
#include "runtime/threads/attach.h"

namespace runtime {

namespace {

constexpr double kSecond = 1e9;

template <Nanoseconds (*kClock)()>
Result<Ref<Object>> seconds(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_float(thread, static_cast<double>(kClock()) / kSecond);
}
template <Nanoseconds (*kClock)()>
Result<Ref<Object>> nanoseconds(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_int(thread, kClock());
}

Nanoseconds monotonic_clock() { return now(); }
Nanoseconds wall_clock() { return time_of_day(); }
Nanoseconds thread_clock() { return thread_time(); }
Nanoseconds process_clock() { return process_time(); }

// A negative duration or one that is no number raises.
Result<Nanoseconds> duration_of(ThreadState& thread, Borrowed<Object> object) {
  double length = 0;
  if (is_float(*object)) {
    length = as_float(object)->value;
  } else {
    TRY_ASSIGN(Ref<Object> number, index_of(thread, object));
    TRY_ASSIGN(const double converted, double_of_int(thread, *as_int(number)));
    length = converted;
  }
  if (std::isnan(length)) {
    return raise(thread, value_error_type, "Invalid value NaN (not a number)");
  }
  if (length < 0) {
    return raise(thread, value_error_type, "sleep length must be non-negative");
  }
  if (length > 9e9) {
    return raise(thread, overflow_error_type, "timestamp too large to convert to C PyTime_t");
  }
  return static_cast<Nanoseconds>(std::ceil(length * kSecond));
}

Result<Ref<Object>> sleep(ThreadState& thread, Borrowed<Object>, const BoundArguments& arguments) {
  TRY_ASSIGN(Nanoseconds duration, duration_of(thread, arguments.at(0)));
  Detached detached(thread);
  if (duration == 0) {
    give_way();
  } else {
    Semaphore nobody_posts;
    (void)nobody_posts.wait_until(now() + duration);
  }
  return none();
}

Result<Ref<Object>> strftime_parts(ThreadState& thread, const std::tm& parts) {
  const int fields[] = {parts.tm_year + 1900,    parts.tm_mon + 1,  parts.tm_mday,
                        parts.tm_hour,           parts.tm_min,      parts.tm_sec,
                        (parts.tm_wday + 6) % 7, parts.tm_yday + 1, parts.tm_isdst};
  Ref<Object> numbers[9];
  for (int i = 0; i < 9; ++i) {
    TRY_ASSIGN(Ref<Int> number, new_int(thread, fields[i]));
    numbers[i] = std::move(number);
  }
  return new_tuple_taking(thread, numbers);
}

Result<Ref<Object>> local_time(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  const std::time_t moment = static_cast<std::time_t>(time_of_day() / 1'000'000'000);
  std::tm parts{};
  localtime_r(&moment, &parts);
  return strftime_parts(thread, parts);
}

constexpr NativeMethod kFunctions[] = {
    {"time()", &seconds<&wall_clock>, "Seconds since 1970-01-01 UTC."},
    {"time_ns()", &nanoseconds<&wall_clock>},
    {"monotonic()", &seconds<&monotonic_clock>, "Seconds of a clock that never goes back."},
    {"monotonic_ns()", &nanoseconds<&monotonic_clock>},
    {"perf_counter()", &seconds<&monotonic_clock>},
    {"perf_counter_ns()", &nanoseconds<&monotonic_clock>},
    {"process_time()", &seconds<&process_clock>},
    {"process_time_ns()", &nanoseconds<&process_clock>},
    {"thread_time()", &seconds<&thread_clock>},
    {"thread_time_ns()", &nanoseconds<&thread_clock>},
    {"localtime()", &local_time},
    {"sleep(seconds, /)", &sleep, "Others run meanwhile."},
};

}  // namespace

Result<Done> fill_time(ThreadState& thread, Borrowed<Module> module) {
  return add_functions(thread, module, kFunctions);
}

}  // namespace runtime
