// For tests of this floor: a kernel with constants, and short ways to compile and to look at what came out.
#pragma once

#include <string>
#include <string_view>

#include "runtime/compiler/compile.h"
#include "runtime/compiler/constants.h"
#include "runtime/compiler/disassemble.h"
#include "runtime/compiler/verify.h"
#include "runtime/object/values_test_support.h"

namespace runtime {

struct CompilerKernel {
  CompilerKernel() : constants(values.kernel) {}
  [[nodiscard]] ThreadState& here() { return values.here(); }

  Result<Ref<Code>> try_compile(std::string_view source, CompileMode mode = CompileMode::kModule,
                                const CompileOptions& options = {}) {
    return compile(here(), source, text(here(), "test.py"), mode, options);
  }
  Ref<Code> compiled(std::string_view source, CompileMode mode = CompileMode::kModule,
                     const CompileOptions& options = {}) {
    return must(try_compile(source, mode, options));
  }
  // The code of the function or class that the module begins with.
  Ref<Code> inner(std::string_view source) {
    const Ref<Code> module = compiled(source);
    return nested(module);
  }
  Ref<Code> nested(Borrowed<Code> code) {
    for (std::int64_t i = 0; i < code->constants->size; ++i) {
      const Borrowed<Object> constant = code->constants->at(i);
      if (is_code(*constant)) return Ref<Code>::share(here(), as_code(constant));
    }
    RT_CHECK(false, "the code has a function in it");
    return nullptr;
  }
  // The instructions without places and words: one per line, blanks squeezed.
  std::string instructions(Borrowed<Code> code) {
    std::string all = disassemble(here(), code);
    std::string result;
    std::size_t at = all.find('\n') + 1;
    while (at < all.size()) {
      const std::size_t end = all.find('\n', at);
      std::string line = all.substr(at, end - at);
      at = end + 1;
      const bool is_range = line.starts_with("  ") && line.find(" with ") != std::string::npos &&
                            line.find(" to ") < 12;
      line = is_range ? line.substr(2) : line.substr(16);
      for (std::size_t blank = line.find("  "); blank != std::string::npos;
           blank = line.find("  ")) {
        line.erase(blank, 1);
      }
      if (line == "RESUME") continue;
      result += line + "\n";
    }
    return result;
  }
  // Of the module, or of what it begins with.
  std::string module_instructions(std::string_view source) {
    return instructions(compiled(source));
  }
  std::string inner_instructions(std::string_view source) { return instructions(inner(source)); }
  // "SyntaxError: 'return' outside function (1, 1)"; "" if it compiles.
  std::string complaint(std::string_view source) {
    Result<Ref<Code>> result = try_compile(source);
    if (!result.is_raised()) return "";
    Raised raised = std::move(result).raised();
    const Ref<Tuple> arguments =
        exception_arguments(here(), Borrowed<ExceptionObject>(&as_exception(raised)));
    std::string message =
        std::string(type_name(raised.exception())) + ": " + utf8_of(*as_str(arguments->at(0)));
    if (arguments->size < 2) return message;
    const Borrowed<Tuple> place = as_tuple(arguments->at(1));
    return message + " (" + repr(here(), place->at(1)) + ", " + repr(here(), place->at(2)) + ")";
  }

  ValueKernel values;
  SharedConstants constants;
};

}  // namespace runtime
