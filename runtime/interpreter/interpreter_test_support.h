// For tests and scenarios: a runtime that runs Python, with the few builtins that texts of tests need.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "runtime/collector/collector.h"
#include "runtime/compiler/compile.h"
#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/set_object.h"
#include "runtime/interpreter/evaluate.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/interpreter/print_exception.h"
#include "runtime/methods/methods.h"
#include "runtime/object/intern.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/values_test_support.h"
#include "runtime/types/module_object.h"
#include "runtime/types/types.h"

namespace runtime {

// len, next, iter, repr, range, ... as tests use them: builtins_for_tests.cpp.
Result<Done> add_builtins_for_tests(ThreadState& thread, Borrowed<Module> module);

[[nodiscard]] inline CollectorOptions collector_for_tests() {
  CollectorOptions options;
  options.is_enabled = false;
  return options;
}

struct OpenedForTests {
  explicit OpenedForTests(ThreadState& thread) {
    must(open_basic_types(thread));
    must(open_methods(thread));
  }
};

// One runtime. The calling thread is attached.
struct PythonKernel {
  explicit PythonKernel(const InterpreterOptions& options = {})
      : values(kernel),
        types(kernel),
        opened(kernel.first_thread()),
        collector(kernel, collector_for_tests()),
        interpreter(kernel, values, types, collector, options) {
    must(add_builtins_for_tests(here(), as_module(interpreter.builtins_module())));
  }
  ~PythonKernel() {
    globals.drop(here());
    interpreter.forget_modules(here());
    collector.collect(here());
  }
  [[nodiscard]] ThreadState& here() { return kernel.first_thread(); }

  Kernel kernel;
  Values values;
  Types types;
  OpenedForTests opened;
  Collector collector;
  Interpreter interpreter;
  Ref<Dict> globals;  // of the text that ran last, or is to run
};

[[nodiscard]] inline Ref<Dict> new_globals(ThreadState& thread) {
  Ref<Dict> globals = must(new_dict(thread));
  must(dict_set(thread, globals, must(intern(thread, "__name__")), text(thread, "__main__")));
  return globals;
}

// Compiles and runs the text of a module; globals stay.
inline Result<Ref<Object>> try_run(ThreadState& thread, Borrowed<Dict> globals,
                                   std::string_view source, std::string_view file = "<test>") {
  remember_source(thread, file, source);
  TRY_ASSIGN(Ref<Str> file_name, new_str(thread, file));
  CompileOptions options;
  options.constants = ConstantLife::kMortal;
  TRY_ASSIGN(Ref<Code> code, compile(thread, source, file_name, CompileMode::kModule, options));
  return run_code(thread, code, globals, nullptr);
}

// The repr() of what the text leaves in `result`; or the traceback of what it raised.
inline std::string run(ThreadState& thread, Borrowed<Dict> globals, std::string_view source) {
  Result<Ref<Object>> ran = try_run(thread, globals, source);
  if (ran.is_raised()) return format_exception(thread, std::move(ran).raised().exception());
  Ref<Object> result = must(dict_get(thread, globals, must(intern(thread, "result"))));
  return result ? repr(thread, result) : "no result";
}

inline std::string run(PythonKernel& runtime, std::string_view source) {
  if (!runtime.globals) runtime.globals = new_globals(runtime.here());
  return run(runtime.here(), runtime.globals, source);
}

// In a runtime of its own.
inline std::string run(std::string_view source) {
  PythonKernel runtime;
  return run(runtime, source);
}

// "TypeError: ..."; "" when nothing was raised.
inline std::string error_of(PythonKernel& runtime, std::string_view source) {
  if (!runtime.globals) runtime.globals = new_globals(runtime.here());
  return raised_by(runtime.here(), try_run(runtime.here(), runtime.globals, source));
}
inline std::string error_of(std::string_view source) {
  PythonKernel runtime;
  return error_of(runtime, source);
}

}  // namespace runtime
