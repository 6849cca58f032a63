// Native modules: those that are written in C++.
//
// A module is a name and a function that fills it, one row each in native_modules.def. It is made when
// a program first imports it. The functions below are what filling needs.
//
// Ancestry: CPython's PyModuleDef and the table of built-in modules (PyImport_Inittab).
#pragma once

#include <span>
#include <string_view>

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"
#include "runtime/types/module_object.h"
#include "runtime/types/native.h"

namespace runtime {

struct NativeModule {
  const char* name;
  Result<Done> (*fill)(ThreadState& thread, Borrowed<Module> module);
};

// All of them, in the order of native_modules.def.
[[nodiscard]] std::span<const NativeModule> native_modules();

// Opens the static types of all modules (types/native.h): the rows of native_types.def. While the
// runtime starts, by its first thread, before the second.
Result<Done> open_module_types(ThreadState& thread);

// module.name = value.
Result<Done> set_in_module(ThreadState& thread, Borrowed<Module> module, std::string_view name,
                           Borrowed<Object> value);
Result<Done> set_in_module(ThreadState& thread, Borrowed<Module> module, std::string_view name,
                           Type& type);
Result<Done> set_in_module(ThreadState& thread, Borrowed<Module> module, std::string_view name,
                           std::int64_t value);
Result<Done> set_in_module(ThreadState& thread, Borrowed<Module> module, std::string_view name,
                           std::string_view value);
// module.name; AttributeError.
Result<Ref<Object>> get_from_module(ThreadState& thread, Borrowed<Module> module,
                                    std::string_view name);

}  // namespace runtime
