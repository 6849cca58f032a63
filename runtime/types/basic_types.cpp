#include "runtime/object/exception_object.h"
#include "runtime/object/singletons.h"
#include "runtime/types/bound_method.h"
#include "runtime/types/exception_methods.h"
#include "runtime/types/mapping_proxy.h"
#include "runtime/types/module_object.h"
#include "runtime/types/native.h"
#include "runtime/types/native_function.h"
#include "runtime/types/object_type.h"
#include "runtime/types/property.h"
#include "runtime/types/simple_namespace.h"
#include "runtime/types/super_object.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

Result<Ref<Object>> make_none(ThreadState&, Borrowed<Object>, const BoundArguments&) {
  return none();
}
Result<Ref<Object>> make_not_implemented(ThreadState&, Borrowed<Object>, const BoundArguments&) {
  return not_implemented();
}
Result<Ref<Object>> make_ellipsis(ThreadState&, Borrowed<Object>, const BoundArguments&) {
  return ellipsis();
}

Result<Ref<Object>> reduce_not_implemented(ThreadState& thread, Borrowed<Object>,
                                           const BoundArguments&) {
  return new_str(thread, "NotImplemented");
}
Result<Ref<Object>> reduce_ellipsis(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_str(thread, "Ellipsis");
}
constexpr NativeMethod kNotImplementedMethods[] = {{"__reduce__()", &reduce_not_implemented}};
constexpr NativeMethod kEllipsisMethods[] = {{"__reduce__()", &reduce_ellipsis}};

Result<Done> open_singleton_types(ThreadState& thread) {
  TRY(open_type(thread, {.type = none_type,
                         .documentation = "The type of None.",
                         .derivable = Derivable::kNo,
                         .constructor = "NoneType()",
                         .make = &make_none}));
  TRY(open_type(thread, {.type = not_implemented_type,
                         .documentation = "The type of NotImplemented.",
                         .methods = kNotImplementedMethods,
                         .derivable = Derivable::kNo,
                         .constructor = "NotImplementedType()",
                         .make = &make_not_implemented}));
  return open_type(thread, {.type = ellipsis_type,
                            .documentation = "The type of Ellipsis.",
                            .methods = kEllipsisMethods,
                            .derivable = Derivable::kNo,
                            .constructor = "ellipsis()",
                            .make = &make_ellipsis});
}

}  // namespace

Result<Done> open_basic_types(ThreadState& thread) {
  TRY(open_object_type(thread));
  TRY(open_type_type(thread));
  TRY(open_native_function_types(thread));
  TRY(open_descriptor_types(thread));
  TRY(open_bound_method_type(thread));
  TRY(open_property_type(thread));
  TRY(open_function_wrapper_types(thread));
  TRY(open_super_type(thread));
  TRY(open_mapping_proxy_type(thread));
  TRY(open_module_type(thread));
  TRY(open_simple_namespace_type(thread));
  TRY(open_singleton_types(thread));
  return open_exception_types(thread);
}

}  // namespace runtime
