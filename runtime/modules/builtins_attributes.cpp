// Builtins that ask objects for attributes, and types for their kin.
#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/interpreter/frame_object.h"
#include "runtime/modules/builtins.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"

namespace runtime {

namespace {

Result<Ref<Object>> builtin_getattr(ThreadState& thread, Borrowed<Object>,
                                    const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Str> name, name_of(thread, arguments.at(1)));
  if (!arguments.has(2)) return get_attribute(thread, arguments.at(0), name);
  TRY_ASSIGN(Ref<Object> found, find_attribute(thread, arguments.at(0), name));
  if (!found) return Ref<Object>::share(thread, arguments.at(2));
  return found;
}

Result<Ref<Object>> builtin_hasattr(ThreadState& thread, Borrowed<Object>,
                                    const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Str> name, name_of(thread, arguments.at(1)));
  TRY_ASSIGN(Ref<Object> found, find_attribute(thread, arguments.at(0), name));
  return boolean(static_cast<bool>(found));
}

Result<Ref<Object>> builtin_setattr(ThreadState& thread, Borrowed<Object>,
                                    const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Str> name, name_of(thread, arguments.at(1)));
  TRY(set_attribute(thread, arguments.at(0), name, arguments[2]));
  return none();
}

Result<Ref<Object>> builtin_delattr(ThreadState& thread, Borrowed<Object>,
                                    const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Str> name, name_of(thread, arguments.at(1)));
  TRY(set_attribute(thread, arguments.at(0), name, nullptr));
  return none();
}

Result<Ref<Object>> builtin_isinstance(ThreadState& thread, Borrowed<Object>,
                                       const BoundArguments& arguments) {
  TRY_ASSIGN(bool is, is_instance_of(thread, arguments.at(0), arguments.at(1)));
  return boolean(is);
}

Result<Ref<Object>> builtin_issubclass(ThreadState& thread, Borrowed<Object>,
                                       const BoundArguments& arguments) {
  TRY_ASSIGN(bool is, is_subclass_of(thread, arguments.at(0), arguments.at(1)));
  return boolean(is);
}

Result<Ref<Object>> builtin_callable(ThreadState&, Borrowed<Object>,
                                     const BoundArguments& arguments) {
  return boolean(protocol_of(arguments.at(0)).call != nullptr);
}

Result<Ref<Object>> sorted_names(ThreadState& thread, Borrowed<Object> names) {
  TRY_ASSIGN(Ref<List> list, new_list_from(thread, names));
  TRY(list_sort(thread, list, nullptr, false));
  return list;
}

Result<Ref<Object>> builtin_dir(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  if (!arguments.has(0)) {
    TRY_ASSIGN(Ref<Object> locals, current_locals(thread));
    return sorted_names(thread, locals);
  }
  TRY_ASSIGN(Method method, find_special(thread, arguments.at(0), "__dir__"));
  if (!method.function) return raise(thread, type_error_type, "object does not provide __dir__");
  TRY_ASSIGN(Ref<Object> names, call_method(thread, method, {}));
  return sorted_names(thread, names);
}

Result<Ref<Object>> builtin_vars(ThreadState& thread, Borrowed<Object>,
                                 const BoundArguments& arguments) {
  if (!arguments.has(0)) return current_locals(thread);
  TRY_ASSIGN(Ref<Object> found, find_attribute(thread, arguments.at(0), "__dict__"));
  if (!found) {
    return raise(thread, type_error_type, "vars() argument must have __dict__ attribute");
  }
  return found;
}

constexpr NativeMethod kFunctions[] = {
    {"getattr(object, name, default?, /)", &builtin_getattr},
    {"hasattr(obj, name, /)", &builtin_hasattr},
    {"setattr(obj, name, value, /)", &builtin_setattr},
    {"delattr(obj, name, /)", &builtin_delattr},
    {"isinstance(obj, class_or_tuple, /)", &builtin_isinstance},
    {"issubclass(cls, class_or_tuple, /)", &builtin_issubclass},
    {"callable(obj, /)", &builtin_callable},
    {"dir(object?, /)", &builtin_dir},
    {"vars(object?, /)", &builtin_vars},
};

}  // namespace

std::span<const NativeMethod> attribute_builtins() { return kFunctions; }

}  // namespace runtime
