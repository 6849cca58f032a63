// For tests, scenarios and stress of dicts: short ways to make them and to ask them.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/containers/dict_object.h"
#include "runtime/containers/dict_view.h"
#include "runtime/containers/instance_values.h"
#include "runtime/object/intern.h"
#include "runtime/object/values_test_support.h"

namespace runtime {

[[nodiscard]] inline Ref<Str> name_of(ThreadState& thread, std::string_view utf8) {
  return must(intern(thread, utf8));
}

[[nodiscard]] inline Ref<Dict> dict_with(
    ThreadState& thread, std::initializer_list<std::pair<std::string_view, std::int64_t>> items) {
  Ref<Dict> dict = must(new_dict(thread));
  for (const auto& [key, value] : items) {
    must(dict_set(thread, dict, name_of(thread, key), number(thread, value)));
  }
  return dict;
}

inline void set(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key,
                std::int64_t value) {
  must(dict_set(thread, dict, key, number(thread, value)));
}

constexpr std::int64_t kAbsent = -1;
// A value that is an int; kAbsent: there is none.
[[nodiscard]] inline std::int64_t get(ThreadState& thread, Borrowed<Dict> dict,
                                      Borrowed<Object> key) {
  Ref<Object> value = must(dict_get(thread, dict, key));
  return value ? *int64_of(*as_int(value)) : kAbsent;
}
[[nodiscard]] inline std::int64_t get(ThreadState& thread, Borrowed<Instance> instance,
                                      Borrowed<Str> name) {
  Ref<Object> value = must(instance_get(thread, instance, name));
  return value ? *int64_of(*as_int(value)) : kAbsent;
}
inline void set(ThreadState& thread, Borrowed<Instance> instance, Borrowed<Str> name,
                std::int64_t value) {
  must(instance_set(thread, instance, name, number(thread, value)));
}

// A type whose instances have room for so many attributes.
[[nodiscard]] inline Ref<InstanceType> attributes_type(ThreadState& thread, unsigned attributes) {
  Ref<InstanceType> type = new_instance_type(thread, TypeSlots{.name = "C"}, attributes);
  RT_CHECK(static_cast<bool>(type), "there is memory for a type");
  return type;
}
[[nodiscard]] inline Ref<Instance> instance_of(ThreadState& thread, Borrowed<InstanceType> type) {
  Ref<Instance> instance = new_instance(thread, type);
  RT_CHECK(static_cast<bool>(instance), "there is memory for an instance");
  return instance;
}

}  // namespace runtime
