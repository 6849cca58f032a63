#include "runtime/modules/unraisable.h"

#include <string>

#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/interpreter/print_exception.h"
#include "runtime/modules/standard_streams.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"
#include "runtime/types/simple_namespace.h"

namespace runtime {

namespace {

Result<Done> call_hook(ThreadState& thread, Borrowed<Object> exception, Object* where,
                       std::string_view message) {
  TRY_ASSIGN(Ref<Dict> fields, new_dict(thread));
  TRY_ASSIGN(Ref<Object> arguments, new_simple_namespace(thread, fields));
  Ref<Object> traceback = exception_traceback(
      thread, Borrowed<ExceptionObject>(static_cast<ExceptionObject*>(exception.get())));
  TRY(set_attribute(thread, arguments, "exc_type", exception->type));
  TRY(set_attribute(thread, arguments, "exc_value", exception.get()));
  TRY(set_attribute(thread, arguments, "exc_traceback",
                    traceback ? traceback.get() : &none_object));
  Ref<Object> text = none();
  if (!message.empty()) {
    TRY_ASSIGN(Ref<Str> words, new_str(thread, message));
    text = std::move(words);
  }
  TRY(set_attribute(thread, arguments, "err_msg", text.get()));
  TRY(set_attribute(thread, arguments, "object", where != nullptr ? where : &none_object));
  TRY_ASSIGN(Ref<Object> hook, standard_stream(thread, "unraisablehook"));
  if (!hook || is_none(hook.get())) {
    TRY(show_unraisable(thread, arguments));
    return Done();
  }
  const Borrowed<Object> one[] = {Borrowed<Object>(arguments)};
  TRY(call(thread, hook, Arguments(one)));
  return Done();
}

}  // namespace

void write_unraisable(ThreadState& thread, Raised raised, Object* where, std::string_view message) {
  Ref<Object> exception = raised.take();
  Result<Done> called = call_hook(thread, exception, where, message);
  if (!called.is_raised()) return;
  Raised second = std::move(called).raised();
  write_to_stderr(thread, "Exception ignored in sys.unraisablehook:\n" +
                              format_exception(thread, second.exception()));
}

void unraisable_hook(ThreadState& thread, Raised raised, Borrowed<Object> where) {
  write_unraisable(thread, std::move(raised), where.get(), "");
}

Result<Ref<Object>> show_unraisable(ThreadState& thread, Borrowed<Object> arguments) {
  TRY_ASSIGN(Ref<Object> exception, get_attribute(thread, arguments, "exc_value"));
  TRY_ASSIGN(Ref<Object> where, get_attribute(thread, arguments, "object"));
  TRY_ASSIGN(Ref<Object> message, get_attribute(thread, arguments, "err_msg"));
  std::string text;
  const bool has_message = is_str(*message);
  if (has_message) text += utf8_of(*as_str(message));
  if (!is_none(where.get())) {
    text += has_message ? ": " : "Exception ignored in: ";
    Result<Ref<Str>> name = repr_of(thread, where);
    if (name.is_raised()) {
      (void)std::move(name).raised();
      text += "<object repr() failed>";
    } else {
      text += utf8_of(*name.value());
    }
  } else if (has_message) {
    text += ":";
  }
  if (!text.empty()) text += "\n";
  if (is_exception(exception)) text += format_exception(thread, exception);
  write_to_stderr(thread, text);
  return none();
}

}  // namespace runtime
