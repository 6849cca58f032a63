// For tests, scenarios and stress: a runtime with values, types and a collector, and short ways to
// make classes whose methods are C++ functions.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/collector/collector.h"
#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/intern.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/values_test_support.h"
#include "runtime/types/attributes.h"
#include "runtime/types/bound_method.h"
#include "runtime/types/class_type.h"
#include "runtime/types/native.h"
#include "runtime/types/object_type.h"
#include "runtime/types/property.h"
#include "runtime/types/super_object.h"
#include "runtime/types/types.h"

namespace runtime {

// Binds like a function of Python, and calls C++: what a class of a test has as methods.
using TestBody = std::function<Result<Ref<Object>>(ThreadState&, const CallArguments&)>;
struct TestFunction : Object {
  TestBody* body;  // owned
};

inline void release_test_function(Object* object, DroppedFields&) {
  delete std::exchange(static_cast<TestFunction*>(object)->body, nullptr);
}
inline Result<Ref<Object>> call_test_function(ThreadState& thread, Borrowed<Object> callee,
                                              const CallArguments& arguments) {
  return (*static_cast<TestFunction*>(callee.get())->body)(thread, arguments);
}
inline Result<Ref<Object>> bind_test_function(ThreadState& thread, Borrowed<Object> function,
                                              Object* instance, Borrowed<Type>) {
  if (instance == nullptr) return Ref<Object>::share(thread, function);
  return new_bound_method(thread, function, Borrowed<Object>(instance));
}
inline constexpr Protocol kTestFunctionProtocol{
    .hash = &hash_by_identity,
    .call = &call_test_function,
    .descriptor_get = &bind_test_function,
    .binds_by_first_argument = true,
};
inline constinit Type test_function_type(TypeSlots{
    .name = "function",
    .size = sizeof(TestFunction),
    .release_fields = &release_test_function,
    .protocol = &kTestFunctionProtocol,
});

inline Ref<Object> function(ThreadState& thread, TestBody body) {
  Ref<TestFunction> made = new_object<TestFunction>(thread, test_function_type);
  RT_CHECK(static_cast<bool>(made), "there is memory for a function");
  made->body = new TestBody(std::move(body));
  return made;
}
// A function that answers always the same.
inline Ref<Object> constant_function(ThreadState& thread, Borrowed<Object> value) {
  // Shared with every call; a test ends before its values do.
  auto kept = std::make_shared<Ref<Object>>(Ref<Object>::share(thread, value));
  return function(thread, [kept](ThreadState& caller, const CallArguments&) -> Result<Ref<Object>> {
    return kept->duplicate(caller);
  });
}

// One runtime as tests want it. The calling thread is attached. Opened: what the floor opens itself, and
// further types that tests use without methods.
enum class Opened { kBasicTypes, kObjectAndType };
struct TypesKernel {
  explicit TypesKernel(Opened opened = Opened::kBasicTypes)
      : kernel(KernelOptions{}),
        values(kernel),
        types(kernel),
        collector(kernel, CollectorOptions{.is_enabled = false}) {
    if (opened == Opened::kObjectAndType) {
      must(open_object_type(here()));
      must(open_type_type(here()));
      return;
    }
    must(open_basic_types(here()));
    for (Type* type : {&int_type, &str_type, &tuple_type, &float_type, &list_type, &dict_type}) {
      must(open_type(here(), {.type = *type}));
    }
    must(open_type(here(), {.type = bool_type, .base = &int_type, .derivable = Derivable::kNo}));
  }
  ~TypesKernel() { collector.collect(here()); }
  [[nodiscard]] ThreadState& here() { return kernel.first_thread(); }

  Kernel kernel;
  Values values;
  Types types;
  Collector collector;
};

using Members = std::initializer_list<std::pair<std::string_view, Borrowed<Object>>>;

inline Ref<Dict> namespace_with(ThreadState& thread, Members members) {
  Ref<Dict> dict = must(new_dict(thread));
  for (const auto& [name, value] : members) {
    must(dict_set(thread, dict, must(intern(thread, name)), value));
  }
  return dict;
}
// class name(*bases): members
inline Result<Ref<Type>> try_class(ThreadState& thread, std::string_view name,
                                   std::initializer_list<Borrowed<Object>> bases,
                                   Members members = {}) {
  TRY_ASSIGN(Ref<Tuple> all, new_tuple(thread, bases));
  Ref<Dict> dict = namespace_with(thread, members);
  return new_class(thread, Borrowed<Type>(&type_type), text(thread, name), all, dict);
}
inline Ref<Type> class_of(ThreadState& thread, std::string_view name,
                          std::initializer_list<Borrowed<Object>> bases, Members members = {}) {
  return must(try_class(thread, name, bases, members));
}
inline Ref<Type> plain_class(ThreadState& thread, std::string_view name, Members members = {}) {
  return class_of(thread, name, {}, members);
}
inline Borrowed<Object> as_base(Type& type) { return Borrowed<Object>(&type); }

// callee(*arguments)
inline Result<Ref<Object>> call_with(ThreadState& thread, Borrowed<Object> callee,
                                     std::initializer_list<Borrowed<Object>> arguments = {}) {
  return call(thread, callee, Arguments(arguments.begin(), arguments.size()));
}
inline Ref<Object> made_by(ThreadState& thread, Borrowed<Object> type,
                           std::initializer_list<Borrowed<Object>> arguments = {}) {
  return must(call_with(thread, type, arguments));
}
inline Ref<Object> attribute(ThreadState& thread, Borrowed<Object> object, std::string_view name) {
  return must(get_attribute(thread, object, name));
}
inline std::string told_attribute(ThreadState& thread, Borrowed<Object> object,
                                  std::string_view name) {
  return told(thread, get_attribute(thread, object, name));
}
inline void set_number(ThreadState& thread, Borrowed<Object> object, std::string_view name,
                       std::int64_t value) {
  must(set_attribute(thread, object, name, number(thread, value).get()));
}

}  // namespace runtime
