// `_contextvars`: https://docs.python.org/3/library/contextvars.html
#include "runtime/modules/contexts_object.h"
#include "runtime/modules/native_module.h"

namespace runtime {

namespace {

Result<Ref<Object>> copy_current(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  TRY_ASSIGN(Ref<Context> current, current_context(thread));
  return copy_context(thread, current);
}

constexpr NativeMethod kFunctions[] = {
    {"copy_context()", &copy_current, "A copy of the current context."},
};

}  // namespace

Result<Done> fill_contextvars(ThreadState& thread, Borrowed<Module> module) {
  TRY(add_functions(thread, module, kFunctions));
  TRY(set_in_module(thread, module, "Context", context_type));
  TRY(set_in_module(thread, module, "ContextVar", context_variable_type));
  return set_in_module(thread, module, "Token", context_token_type);
}

}  // namespace runtime
