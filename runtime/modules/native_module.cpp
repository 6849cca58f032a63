#include "runtime/modules/native_module.h"

#include "runtime/object/int_object.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

#define RT_NATIVE_MODULE(name, function) \
  Result<Done> function(ThreadState& thread, Borrowed<Module> module);
#include "runtime/modules/native_modules.def"
#undef RT_NATIVE_MODULE
#define RT_NATIVE_TYPES(function) Result<Done> function(ThreadState& thread);
#include "runtime/modules/native_types.def"
#undef RT_NATIVE_TYPES

namespace {

constexpr NativeModule kModules[] = {
#define RT_NATIVE_MODULE(name, function) {name, &function},
#include "runtime/modules/native_modules.def"
#undef RT_NATIVE_MODULE
};

}  // namespace

std::span<const NativeModule> native_modules() { return kModules; }

Result<Done> set_in_module(ThreadState& thread, Borrowed<Module> module, std::string_view name,
                           Borrowed<Object> value) {
  return set_attribute(thread, module, name, value.get());
}

Result<Done> open_module_types(ThreadState& thread) {
#define RT_NATIVE_TYPES(function) TRY(function(thread));
#include "runtime/modules/native_types.def"
#undef RT_NATIVE_TYPES
  return Done();
}

Result<Done> set_in_module(ThreadState& thread, Borrowed<Module> module, std::string_view name,
                           Type& type) {
  return set_attribute(thread, module, name, &type);
}

Result<Done> set_in_module(ThreadState& thread, Borrowed<Module> module, std::string_view name,
                           std::int64_t value) {
  TRY_ASSIGN(Ref<Int> number, new_int(thread, value));
  return set_attribute(thread, module, name, number.get());
}

Result<Done> set_in_module(ThreadState& thread, Borrowed<Module> module, std::string_view name,
                           std::string_view value) {
  TRY_ASSIGN(Ref<Str> text, new_str(thread, value));
  return set_attribute(thread, module, name, text.get());
}

Result<Ref<Object>> get_from_module(ThreadState& thread, Borrowed<Module> module,
                                    std::string_view name) {
  return get_attribute(thread, Borrowed<Object>(module), name);
}

}  // namespace runtime
