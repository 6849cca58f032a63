// For tests and scenarios of sets and iterators: short ways to make them and to say what is in them.
#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "runtime/containers/set_object.h"
#include "runtime/containers/set_operations.h"
#include "runtime/object/foreign_object_test_support.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/values_test_support.h"

namespace runtime {

[[nodiscard]] inline Ref<Tuple> number_tuple(ThreadState& thread,
                                             std::initializer_list<std::int64_t> values) {
  std::vector<Ref<Object>> items;
  for (std::int64_t value : values) items.emplace_back(number(thread, value));
  return must(new_tuple_taking(thread, items));
}
[[nodiscard]] inline Ref<Set> set_of(ThreadState& thread,
                                     std::initializer_list<std::int64_t> values) {
  return must(new_set_of(thread, number_tuple(thread, values)));
}
[[nodiscard]] inline Ref<Set> frozenset_of(ThreadState& thread,
                                           std::initializer_list<std::int64_t> values) {
  return must(new_frozenset_of(thread, number_tuple(thread, values)));
}

// The items that are left, as a program would write them: "1 2 3".
[[nodiscard]] inline std::vector<std::string> all_items(ThreadState& thread,
                                                        Borrowed<Object> iterable) {
  std::vector<std::string> items;
  Ref<Object> iterator = must(get_iterator(thread, iterable));
  while (Ref<Object> item = must(next_of(thread, iterator))) items.push_back(repr(thread, item));
  return items;
}
[[nodiscard]] inline std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : " ") + item;
  return text;
}
[[nodiscard]] inline std::string items_of(ThreadState& thread, Borrowed<Object> iterable) {
  return joined(all_items(thread, iterable));
}
// Of a set: sorted as text.
[[nodiscard]] inline std::string members_of(ThreadState& thread, Borrowed<Object> set) {
  std::vector<std::string> items = all_items(thread, set);
  std::sort(items.begin(), items.end());
  return joined(items);
}

// Equal to the others with the same tag, all with one hash; `meanwhile` runs whenever one is asked
// whether it equals another.
[[nodiscard]] inline Ref<Foreign> colliding(ThreadState& thread, std::int64_t tag,
                                            std::function<void(ThreadState&)> meanwhile = {}) {
  return new_foreign(thread,
                     {.hash = [](ThreadState&) { return Result<std::int64_t>(1); },
                      .equals = [tag, meanwhile = std::move(meanwhile)](
                                    ThreadState& asked, Borrowed<Object> other) -> Result<bool> {
                        if (meanwhile) meanwhile(asked);
                        return other->type == &foreign_type &&
                               static_cast<Foreign*>(other.get())->tag == tag;
                      }},
                     tag);
}

}  // namespace runtime
