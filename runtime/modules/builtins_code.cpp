// Builtins that compile and run code, and import.
#include <string>

#include "runtime/compiler/compile.h"
#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/evaluate.h"
#include "runtime/interpreter/frame_object.h"
#include "runtime/interpreter/import.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/interpreter/print_exception.h"
#include "runtime/modules/builtins.h"
#include "runtime/modules/compile_warnings.h"
#include "runtime/modules/os_error.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

struct Source {
  std::string text;
  syntax::SourceKind kind = syntax::SourceKind::kText;
};

Result<Source> source_of(ThreadState& thread, Borrowed<Object> object, const char* function) {
  Source source;
  if (is_str(*object)) {
    source.text = utf8_of(*as_str(object));
  } else if (is_bytes(*object)) {
    source.text = as_bytes(object)->view();
    source.kind = syntax::SourceKind::kBytes;
  } else {
    return raise(thread, type_error_type, "{}() arg 1 must be a string, bytes or code object",
                 function);
  }
  return source;
}

Result<Ref<Code>> compile_text(ThreadState& thread, const Source& source, Borrowed<Str> file_name,
                               CompileMode mode, ConstantLife constants) {
  CompileOptions options;
  options.source_kind = source.kind;
  options.constants = constants;
  options.warnings = compile_warnings();
  return compile(thread, source.text, file_name, mode, options);
}

Result<Ref<Object>> builtin_compile(ThreadState& thread, Borrowed<Object>,
                                    const BoundArguments& arguments) {
  TRY_ASSIGN(std::string file, path_of(thread, arguments.at(1)));
  TRY_ASSIGN(Ref<Str> file_name, new_str(thread, file));
  CompileMode mode = CompileMode::kModule;
  const bool is_known = is_str(*arguments.at(2)) && [&] {
    const std::string word = utf8_of(*as_str(arguments.at(2)));
    if (word == "eval") mode = CompileMode::kExpression;
    if (word == "single") mode = CompileMode::kInteractive;
    return word == "exec" || word == "eval" || word == "single";
  }();
  if (!is_known) {
    return raise(thread, value_error_type, "compile() mode must be 'exec', 'eval' or 'single'");
  }
  TRY_ASSIGN(Source source, source_of(thread, arguments.at(0), "compile"));
  remember_source(thread, file, source.text);
  TRY_ASSIGN(Ref<Code> code, compile_text(thread, source, file_name, mode, ConstantLife::kMortal));
  return code;
}

// The globals and locals that exec() and eval() were given, or those of the caller.
struct Scope {
  Ref<Dict> globals;
  Ref<Object> locals;
};

Result<Scope> scope_of(ThreadState& thread, Object* given_globals, Object* given_locals,
                       const char* function) {
  Scope scope;
  if (given_globals == nullptr || is_none(given_globals)) {
    Ref<Object> globals = current_globals(thread);
    if (!globals || !is_dict(*globals)) {
      return raise(thread, system_error_type, "globals and locals cannot be NULL");
    }
    scope.globals = Ref<Dict>::adopt(static_cast<Dict*>(globals.release()));
    if (given_locals == nullptr || is_none(given_locals)) {
      TRY_ASSIGN(Ref<Object> locals, current_locals(thread));
      scope.locals = std::move(locals);
    }
  } else {
    if (!is_dict(*given_globals)) {
      return raise(thread, type_error_type, "{}() globals must be a dict, not {}", function,
                   type_name(Borrowed<Object>(given_globals)));
    }
    scope.globals = Ref<Dict>::share(thread, as_dict(Borrowed<Object>(given_globals)));
  }
  if (given_locals != nullptr && !is_none(given_locals)) {
    if (protocol_of(Borrowed<Object>(given_locals)).get_item == nullptr) {
      return raise(thread, type_error_type, "locals must be a mapping or None, not {}",
                   type_name(Borrowed<Object>(given_locals)));
    }
    scope.locals = Ref<Object>::share(thread, Borrowed<Object>(given_locals));
  }
  return scope;
}

Result<Ref<Object>> run_in_scope(ThreadState& thread, Borrowed<Object> what,
                                 const BoundArguments& arguments, CompileMode mode,
                                 const char* function) {
  TRY_ASSIGN(Scope scope, scope_of(thread, arguments[1], arguments[2], function));
  if (what->type == &code_type) {
    return run_code(thread, Borrowed<Code>(static_cast<Code*>(what.get())), scope.globals,
                    scope.locals.get());
  }
  TRY_ASSIGN(Source source, source_of(thread, what, function));
  if (mode == CompileMode::kExpression) {
    source.text.erase(0, source.text.find_first_not_of(" \t"));
  }
  TRY_ASSIGN(Ref<Str> file_name, new_str(thread, "<string>"));
  TRY_ASSIGN(Ref<Code> code, compile_text(thread, source, file_name, mode,
                                          mode == CompileMode::kModule ? ConstantLife::kImmortal
                                                                       : ConstantLife::kMortal));
  return run_code(thread, code, scope.globals, scope.locals.get());
}

Result<Ref<Object>> builtin_exec(ThreadState& thread, Borrowed<Object>,
                                 const BoundArguments& arguments) {
  TRY(run_in_scope(thread, arguments.at(0), arguments, CompileMode::kModule, "exec"));
  return none();
}

Result<Ref<Object>> builtin_eval(ThreadState& thread, Borrowed<Object>,
                                 const BoundArguments& arguments) {
  return run_in_scope(thread, arguments.at(0), arguments, CompileMode::kExpression, "eval");
}

Result<Ref<Object>> builtin_globals(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  Ref<Object> globals = current_globals(thread);
  return globals ? std::move(globals) : none();
}

Result<Ref<Object>> builtin_locals(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return current_locals(thread);
}

Result<Ref<Object>> builtin_import(ThreadState& thread, Borrowed<Object>,
                                   const BoundArguments& arguments) {
  if (!is_str(*arguments.at(0))) {
    return raise(thread, type_error_type, "module name must be a string");
  }
  std::int64_t level = 0;
  if (arguments.has(4)) {
    TRY_ASSIGN(level, checked_index_of(thread, arguments.at(4), overflow_error_type));
  }
  Object* from_list = arguments.has(3) && !is_none(arguments[3]) ? arguments[3] : nullptr;
  Object* globals = arguments.has(1) && !is_none(arguments[1]) ? arguments[1] : nullptr;
  return import_name(thread, as_str(arguments.at(0)), globals, from_list, level);
}

constexpr NativeMethod kFunctions[] = {
    {"compile(source, filename, mode, flags?, dont_inherit?, optimize?)", &builtin_compile},
    {"exec(source, /, globals?, locals?)", &builtin_exec},
    {"eval(source, /, globals?, locals?)", &builtin_eval},
    {"globals()", &builtin_globals},
    {"locals()", &builtin_locals},
    {"__import__(name, globals?, locals?, fromlist?, level?)", &builtin_import},
};

}  // namespace

std::span<const NativeMethod> code_builtins() { return kFunctions; }

}  // namespace runtime
