#include <utility>

#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/object_section.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/bound_method.h"
#include "runtime/types/class_type.h"
#include "runtime/types/native.h"
#include "runtime/types/object_field.h"
#include "runtime/types/property.h"
#include "runtime/types/type_attributes.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

FunctionWrapper& as_wrapper(Borrowed<Object> object) {
  return *static_cast<FunctionWrapper*>(object.get());
}

void release(Object* object, DroppedFields& dropped) {
  auto* wrapper = static_cast<FunctionWrapper*>(object);
  dropped.take(wrapper->function);
  dropped.take(wrapper->dict);
}
void clear(Object* object, DroppedFields& dropped) {
  ObjectSection section(this_thread(), Borrowed<Object>(object));
  release(object, dropped);
}
void traverse(Object* object, Visit visit, void* context) {
  auto* wrapper = static_cast<FunctionWrapper*>(object);
  if (wrapper->function != nullptr) visit(context, wrapper->function);
  if (Object* dict = wrapper->dict.peek()) visit(context, dict);
}

Result<Ref<Object>> function_of(ThreadState& thread, Borrowed<Object> self) {
  Ref<Object> function = read_guarded_field(thread, self, as_wrapper(self).function);
  if (function) return function;
  return raise(thread, runtime_error_type, "uninitialized {} object", type_name(self));
}

// functools.wraps in small: what the function says of itself the wrapper says, too.
Result<Done> copy_description(ThreadState& thread, Borrowed<Object> self,
                              Borrowed<Object> function) {
  const Names& names = Names::of(thread);
  for (Borrowed<Str> name :
       {names.dunder_module(), names.dunder_name(), names.dunder_qualname(), names.dunder_doc()}) {
    TRY_ASSIGN(Ref<Object> value, find_attribute(thread, function, name));
    if (!value) continue;
    TRY_ASSIGN(Ref<Dict> dict, attributes_dict_of(thread, self));
    TRY(dict_set(thread, dict, name, value));
  }
  return Done{};
}

Result<Done> set_function(ThreadState& thread, Borrowed<Object> self, Borrowed<Object> function) {
  Ref<Object> previous = exchange_guarded_field(thread, self, as_wrapper(self).function,
                                                Ref<Object>::share(thread, function));
  return copy_description(thread, self, function);
}

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Type> type, const CallArguments&) {
  return new_empty_instance(thread, type);
}

Result<Done> initialize(ThreadState& thread, Borrowed<Object> self,
                        const CallArguments& arguments) {
  const char* name = is_instance(*self, classmethod_type) ? "classmethod" : "staticmethod";
  if (!arguments.named.empty()) {
    return raise(thread, type_error_type, "{}() takes no keyword arguments", name);
  }
  if (arguments.positional.size() != 1) {
    return raise(thread, type_error_type, "{} expected 1 argument, got {}", name,
                 arguments.positional.size());
  }
  return set_function(thread, self, arguments.positional[0]);
}

// The function bound to the class.
Result<Ref<Object>> get_class_method(ThreadState& thread, Borrowed<Object> self, Object*,
                                     Borrowed<Type> owner) {
  TRY_ASSIGN(Ref<Object> function, function_of(thread, self));
  return new_bound_method(thread, function, owner);
}

Result<Ref<Object>> get_static_method(ThreadState& thread, Borrowed<Object> self, Object*,
                                      Borrowed<Type>) {
  return function_of(thread, self);
}

Result<Ref<Object>> call_static_method(ThreadState& thread, Borrowed<Object> callee,
                                       const CallArguments& arguments) {
  TRY_ASSIGN(Ref<Object> function, function_of(thread, callee));
  return call(thread, function, arguments);
}

Result<Ref<Str>> repr_wrapper(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Object> function, function_of(thread, self));
  TRY_ASSIGN(Ref<Str> text, repr_of(thread, function));
  const char* name = is_instance(*self, classmethod_type) ? "classmethod" : "staticmethod";
  return new_str(thread, fmt::format("<{}({})>", name, utf8_of(*text)));
}

constexpr Protocol kClassMethodProtocol{
    .hash = &hash_by_identity,
    .repr = &repr_wrapper,
    .descriptor_get = &get_class_method,
    .make = &make,
    .initialize = &initialize,
};
constexpr Protocol kStaticMethodProtocol{
    .hash = &hash_by_identity,
    .repr = &repr_wrapper,
    .call = &call_static_method,
    .descriptor_get = &get_static_method,
    .make = &make,
    .initialize = &initialize,
};

Result<Ref<Object>> get_function(ThreadState& thread, Borrowed<Object> self) {
  return function_of(thread, self);
}
Result<Ref<Object>> get_is_abstract(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Object> function, function_of(thread, self));
  TRY_ASSIGN(Ref<Object> mark,
             find_attribute(thread, function, Names::of(thread).dunder_isabstractmethod()));
  if (!mark) return boolean(false);
  TRY_ASSIGN(bool is_abstract, is_true(thread, mark));
  return boolean(is_abstract);
}
constexpr NativeAttribute kAttributes[] = {
    {"__func__", &get_function},
    {"__wrapped__", &get_function},
    {"__isabstractmethod__", &get_is_abstract},
    {"__dict__", &dict_of_instance, &set_dict_of_instance},
};

constexpr TypeSlots slots_of(const char* name, const Protocol* protocol) {
  return {
      .name = name,
      .size = sizeof(FunctionWrapper),
      .heap = HeapKind::kCollected,
      .release_fields = &release,
      .traverse = &traverse,
      .clear = &clear,
      .protocol = protocol,
  };
}

Result<Ref<Object>> new_wrapper(ThreadState& thread, Type& type, Borrowed<Object> function) {
  TRY_ASSIGN(Ref<Object> made, new_empty_instance(thread, Borrowed<Type>(&type)));
  TRY(set_function(thread, made, function));
  return made;
}

}  // namespace

constinit Type classmethod_type(slots_of("classmethod", &kClassMethodProtocol));
constinit Type staticmethod_type(slots_of("staticmethod", &kStaticMethodProtocol));

Result<Ref<Object>> new_classmethod(ThreadState& thread, Borrowed<Object> function) {
  return new_wrapper(thread, classmethod_type, function);
}
Result<Ref<Object>> new_staticmethod(ThreadState& thread, Borrowed<Object> function) {
  return new_wrapper(thread, staticmethod_type, function);
}

Result<Done> open_function_wrapper_types(ThreadState& thread) {
  TRY(open_type(thread, {.type = classmethod_type,
                         .documentation = "A function that is called on the class.",
                         .attributes = kAttributes,
                         .dict_offset = offsetof(FunctionWrapper, dict)}));
  return open_type(thread, {.type = staticmethod_type,
                            .documentation = "A function that is called as it is.",
                            .attributes = kAttributes,
                            .dict_offset = offsetof(FunctionWrapper, dict)});
}

}  // namespace runtime
