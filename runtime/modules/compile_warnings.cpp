#include "runtime/modules/compile_warnings.h"

#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/intern.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

Result<Done> receive(ThreadState& thread, void*, syntax::WarningKind kind, std::string_view message,
                     Borrowed<Str> file_name, int line) {
  TRY_ASSIGN(Ref<Str> name, intern(thread, "warnings"));
  TRY_ASSIGN(Ref<Object> module, dict_get(thread, Interpreter::of(thread).modules(), name));
  if (!module) return Done();
  Type& category = kind == syntax::WarningKind::kDeprecationWarning ? deprecation_warning_type
                                                                    : syntax_warning_type;
  TRY_ASSIGN(Ref<Str> text, new_str(thread, message));
  TRY_ASSIGN(Ref<Int> number, new_int(thread, line));
  const Borrowed<Object> arguments[] = {Borrowed<Object>(text), Borrowed<Object>(&category),
                                        file_name, Borrowed<Object>(number)};
  TRY(call_method(thread, module, "warn_explicit", Arguments(arguments)));
  return Done();
}

}  // namespace

WarningReceiver compile_warnings() { return {.receive = &receive}; }

}  // namespace runtime
