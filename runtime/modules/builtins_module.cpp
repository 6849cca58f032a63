// The module builtins: its functions stand in builtins_*.cpp by topic; here are its types.
#include "runtime/containers/dict_object.h"
#include "runtime/containers/enumerate_iterator.h"
#include "runtime/containers/filter_iterator.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/map_iterator.h"
#include "runtime/containers/reversed_iterator.h"
#include "runtime/containers/set_object.h"
#include "runtime/containers/zip_iterator.h"
#include "runtime/interpreter/import.h"
#include "runtime/methods/bytearray_object.h"
#include "runtime/modules/builtins.h"
#include "runtime/modules/native_module.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/range_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/object_type.h"
#include "runtime/types/property.h"
#include "runtime/types/super_object.h"

namespace runtime {

namespace {

struct NamedType {
  const char* name;
  Type* type;
};

const NamedType kTypes[] = {
    {"object", &object_type},
    {"type", &type_type},
    {"int", &int_type},
    {"bool", &bool_type},
    {"float", &float_type},
    {"str", &str_type},
    {"bytes", &bytes_type},
    {"bytearray", &bytearray_type},
    {"tuple", &tuple_type},
    {"list", &list_type},
    {"dict", &dict_type},
    {"set", &set_type},
    {"frozenset", &frozenset_type},
    {"range", &range_type},
    {"slice", &slice_type},
    {"enumerate", &enumerate_type},
    {"zip", &zip_type},
    {"map", &map_type},
    {"filter", &filter_type},
    {"reversed", &reversed_type},
    {"property", &property_type},
    {"classmethod", &classmethod_type},
    {"staticmethod", &staticmethod_type},
    {"super", &super_type},
    {"BaseException", &base_exception_type},
#define RT_EXCEPTION_ROW(identifier, name, base) {name, &identifier##_type},
#include "runtime/object/exception_types.def"
#undef RT_EXCEPTION_ROW
    {"EnvironmentError", &os_error_type},
    {"IOError", &os_error_type},
};

}  // namespace

Result<Done> fill_builtins(ThreadState& thread, Borrowed<Module> module) {
  for (const NamedType& row : kTypes) {
    TRY(set_in_module(thread, module, row.name, *row.type));
  }
  const std::pair<const char*, Object*> constants[] = {{"None", &none_object},
                                                       {"True", &true_object},
                                                       {"False", &false_object},
                                                       {"Ellipsis", &ellipsis_object},
                                                       {"NotImplemented", &not_implemented_object},
                                                       {"__debug__", &true_object}};
  for (const auto& [name, value] : constants) {
    TRY(set_in_module(thread, module, name, Borrowed<Object>(value)));
  }
  for (std::span<const NativeMethod> topic :
       {number_builtins(), iteration_builtins(), attribute_builtins(), code_builtins(),
        output_builtins()}) {
    TRY(add_functions(thread, module, topic));
  }
  // `open` is that of _io.
  TRY_ASSIGN(Ref<Object> io, import_module(thread, "_io"));
  TRY_ASSIGN(Ref<Object> open, get_attribute(thread, io, "open"));
  return set_in_module(thread, module, "open", open);
}

}  // namespace runtime
