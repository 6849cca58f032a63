#include "runtime/modules/finders.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/modules/native_module.h"
#include "runtime/object/intern.h"
#include "runtime/types/module_object.h"

namespace runtime {

Result<Done> fill_builtins(ThreadState& thread, Borrowed<Module> module);

namespace {

struct PythonText {
  std::string_view name;  // of the module, "collections.abc"
  std::string_view file;
  bool is_package;
  const unsigned char* octets;
  std::size_t count;
};

// Sorted by name.
#include "python_texts.inc"

std::optional<ModuleText> find_text(std::string_view name) {
  const std::span<const PythonText> texts(kPythonTexts);
  const auto found = std::lower_bound(
      texts.begin(), texts.end(), name,
      [](const PythonText& row, std::string_view wanted) { return row.name < wanted; });
  if (found == texts.end() || found->name != name) return std::nullopt;
  return ModuleText{.text = {reinterpret_cast<const char*>(found->octets), found->count},
                    .file = found->file,
                    .is_package = found->is_package};
}

Result<Ref<Object>> make_native(ThreadState& thread, std::string_view name) {
  for (const NativeModule& row : native_modules()) {
    if (name != row.name) continue;
    TRY_ASSIGN(Ref<Module> module, new_module(thread, name));
    TRY(row.fill(thread, module));
    return module;
  }
  return Ref<Object>();
}

}  // namespace

ModuleFinders module_finders() { return {.make_native = &make_native, .find_text = &find_text}; }

Result<Done> fill_builtins_of_interpreter(ThreadState& thread) {
  return fill_builtins(thread, as_module(Interpreter::of(thread).builtins_module()));
}

}  // namespace runtime
