// Import statements: operation.h.
#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/import.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/interpreter/operation.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"
#include "runtime/types/exception_fields.h"
#include "runtime/types/types.h"

namespace runtime {

// builtins.__import__ may be replaced, so it is called.
Result<Done> execute_import(const Operation& at) {
  ThreadState& thread = at.thread;
  TRY_ASSIGN(Ref<Object> from_list, at.take(at.c));
  const std::uint32_t level = extra_of(at.behind[0]);
  TRY_ASSIGN(Ref<Object> function, dict_get(thread, Borrowed<Dict>(at.frame.builtins),
                                            Names::of(thread).dunder_import()));
  if (!function) return raise(thread, import_error_type, "__import__ not found");
  const Borrowed<Dict> globals(at.frame.globals);
  Ref<Object> locals = at.frame.locals == nullptr
                           ? none()
                           : Ref<Object>::share(thread, Borrowed<Object>(at.frame.locals));
  TRY_ASSIGN(Ref<Int> level_number, new_int(thread, level));
  const Borrowed<Object> arguments[] = {at.name(at.b), globals, locals, from_list, level_number};
  return at.put_result(at.a, call(thread, function, arguments));
}

Result<Done> execute_import_from(const Operation& at) {
  TRY_ASSIGN(Ref<Object> module, at.share(at.b));
  return at.put_result(at.a, import_from(at.thread, module, at.name(at.c)));
}

Result<Done> execute_import_star(const Operation& at) {
  TRY_ASSIGN(Ref<Object> module, at.take_register(at.a));
  if (at.frame.locals == nullptr) return raise_damaged(at.thread, "no locals");
  Ref<Object> locals = Ref<Object>::share(at.thread, Borrowed<Object>(at.frame.locals));
  return import_star(at.thread, module, locals);
}

Result<Done> print_expression(const Operation& at) {
  TRY_ASSIGN(Ref<Object> value, at.take(at.a));
  TRY_ASSIGN(Ref<Object> sys, import_module(at.thread, "sys"));
  TRY_ASSIGN(Ref<Object> hook, find_attribute(at.thread, sys, "displayhook"));
  if (!hook) return raise(at.thread, runtime_error_type, "lost sys.displayhook");
  const Borrowed<Object> arguments[] = {value};
  TRY(call(at.thread, hook, arguments));
  return Done();
}

}  // namespace runtime
