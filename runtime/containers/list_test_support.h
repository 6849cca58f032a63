// For tests, scenarios and stress of lists: short ways to make and to look at them.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "runtime/containers/list_iterator.h"
#include "runtime/containers/list_object.h"
#include "runtime/object/foreign_object_test_support.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/values_test_support.h"

namespace runtime {

[[nodiscard]] inline Ref<List> numbers(ThreadState& thread,
                                       std::initializer_list<std::int64_t> values) {
  Ref<List> list = must(new_list(thread));
  for (const std::int64_t value : values) must(list_append(thread, list, number(thread, value)));
  return list;
}
[[nodiscard]] inline Ref<List> range_list(ThreadState& thread, std::int64_t count) {
  Ref<List> list = must(new_list(thread));
  for (std::int64_t i = 0; i < count; ++i) must(list_append(thread, list, number(thread, i)));
  return list;
}
// -1 when there is no item, or it is not a small int.
[[nodiscard]] inline std::int64_t value_of(const Ref<Object>& item) {
  return item && is_int(*item) ? int64_of(*as_int(item)).value_or(-1) : -1;
}
[[nodiscard]] inline std::vector<std::int64_t> values_of(ThreadState& thread, Borrowed<List> list) {
  std::vector<std::int64_t> values;
  for (std::int64_t i = 0; Ref<Object> item = list_get(thread, list, i); ++i) {
    values.push_back(value_of(item));
  }
  return values;
}
// slice(start, stop, step); kNo stands for None.
inline constexpr std::int64_t kNo = INT64_MIN;
[[nodiscard]] inline Ref<Slice> slice(ThreadState& thread, std::int64_t start, std::int64_t stop,
                                      std::int64_t step = kNo) {
  const auto part = [&](std::int64_t value) -> Ref<Object> {
    if (value == kNo) return none();
    return number(thread, value);
  };
  Ref<Object> first = part(start);
  Ref<Object> last = part(stop);
  Ref<Object> by = part(step);
  return must(new_slice(thread, first, last, by));
}

}  // namespace runtime
