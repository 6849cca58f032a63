#include "runtime/interpreter/evaluate.h"

#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/calls.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/object/exception_object.h"
#include "runtime/types/types.h"

namespace runtime {

Result<Ref<Object>> run_code(ThreadState& thread, Borrowed<Code> code, Borrowed<Dict> globals,
                             Object* locals) {
  if (code->free_count != 0) {
    return raise(thread, type_error_type,
                 "code object passed to run may not contain free variables");
  }
  const Borrowed<Str> name = Names::of(thread).dunder_builtins();
  TRY_ASSIGN(bool has_builtins, dict_contains(thread, globals, name));
  if (!has_builtins) {
    TRY(dict_set(thread, globals, name, Interpreter::of(thread).builtins()));
  }
  TRY_ASSIGN(Ref<FunctionObject> function, new_function(thread, code, globals));
  TRY_ASSIGN(Frame * frame, begin_frame(thread, StackRef::counted(std::move(function))));
  Object* const mapping = locals == nullptr ? globals.get() : locals;
  frame->locals = Ref<Object>::share(thread, Borrowed<Object>(mapping)).release();
  return run_frame(thread, frame);
}

}  // namespace runtime
