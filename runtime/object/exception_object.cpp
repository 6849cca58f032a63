#include "runtime/object/exception_object.h"

#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/object/finalization.h"
#include "runtime/object/object_section.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

void release_exception(Object* object, DroppedFields& dropped) {
  auto* exception = static_cast<ExceptionObject*>(object);
  dropped.take(exception->arguments);
  dropped.take(exception->cause);
  dropped.take(exception->context);
  dropped.take(exception->traceback);
  dropped.take(exception->details);
  dropped.take(exception->dict);
}

void clear_exception(Object* object, DroppedFields& dropped) {
  ObjectSection section(this_thread(), Borrowed<Object>(object));
  release_exception(object, dropped);
}

void traverse_exception(Object* object, Visit visit, void* context) {
  auto* exception = static_cast<ExceptionObject*>(object);
  for (Object* field : {exception->arguments, exception->cause, exception->context,
                        exception->traceback, exception->details, exception->dict.peek()}) {
    if (field != nullptr) visit(context, field);
  }
}

bool is_static(const Object& object) {
  return (object.flags.load_relaxed() & kStaticObject) != 0;  // constant
}

Borrowed<ExceptionObject> borrowed(Borrowed<Object> object) {
  return Borrowed<ExceptionObject>(static_cast<ExceptionObject*>(object.get()));
}

// BaseException.__repr__
Result<Ref<Str>> repr_exception(ThreadState& thread, Borrowed<Object> object) {
  Ref<Tuple> arguments = exception_arguments(thread, borrowed(object));
  StrBuilder text(thread);
  text.append(type_name(object));
  if (arguments->size == 1) {
    TRY_ASSIGN(Ref<Str> argument, repr_of(thread, arguments->at(0)));
    text.append("(");
    text.append(*argument);
    text.append(")");
  } else {
    TRY_ASSIGN(Ref<Str> all, repr_of(thread, arguments));
    text.append(*all);
  }
  return text.finish();
}

// BaseException.__str__
Result<Ref<Str>> str_exception(ThreadState& thread, Borrowed<Object> object) {
  Ref<Tuple> arguments = exception_arguments(thread, borrowed(object));
  if (arguments->size == 0) return empty_str();
  if (arguments->size == 1) return str_of(thread, arguments->at(0));
  return str_of(thread, arguments);
}

// KeyError.__str__: a missing '' would look like nothing at all.
Result<Ref<Str>> str_key_error(ThreadState& thread, Borrowed<Object> object) {
  Ref<Tuple> arguments = exception_arguments(thread, borrowed(object));
  if (arguments->size == 1) return repr_of(thread, arguments->at(0));
  return str_exception(thread, object);
}

constexpr Protocol protocol_of_exception(std::string_view name, Type* base) {
  return {
      .base = base,
      .hash = &hash_by_identity,
      .repr = &repr_exception,
      .str = name == "KeyError" ? &str_key_error : &str_exception,
  };
}

constexpr TypeSlots slots_of_exception(const char* name, const Protocol* protocol) {
  return {
      .name = name,
      .size = sizeof(ExceptionObject),
      .heap = HeapKind::kCollected,
      .release_fields = &release_exception,
      .traverse = &traverse_exception,
      .clear = &clear_exception,
      .protocol = protocol,
  };
}

constexpr Protocol base_exception_protocol = protocol_of_exception("BaseException", nullptr);
#define RT_EXCEPTION_ROW(identifier, name, base) \
  constexpr Protocol identifier##_protocol = protocol_of_exception(name, &base##_type);
#include "runtime/object/exception_types.def"
#undef RT_EXCEPTION_ROW

// What a field of the exception holds; null if nothing, or if it is the static one.
Ref<Object> read_field(ThreadState& thread, Borrowed<ExceptionObject> exception,
                       Object* ExceptionObject::*field) {
  if (is_static(*exception)) return nullptr;
  ObjectSection section(thread, Borrowed<Object>(exception));
  Object* object = exception.get()->*field;
  if (object == nullptr) return nullptr;
  return Ref<Object>::share(thread, Borrowed<Object>(object));
}

// Returns what was there, for the caller to drop outside.
Ref<Object> write_field(ThreadState& thread, Borrowed<ExceptionObject> exception,
                        Object* ExceptionObject::*field, Ref<Object> value) {
  if (is_static(*exception)) return value;
  ObjectSection section(thread, Borrowed<Object>(exception));
  return Ref<Object>::adopt(std::exchange(exception.get()->*field, value.release()));
}

Raised raise_made(ThreadState& thread, Type& type, Result<Ref<Tuple>> arguments) {
  if (arguments.is_raised()) return std::move(arguments).raised();
  Result<Ref<ExceptionObject>> made = new_exception(thread, type, std::move(arguments).value());
  if (made.is_raised()) return std::move(made).raised();
  return Raised(std::move(made).value());
}

}  // namespace

constinit Type base_exception_type(slots_of_exception("BaseException", &base_exception_protocol));
#define RT_EXCEPTION_ROW(identifier, name, base) \
  constinit Type identifier##_type(slots_of_exception(name, &identifier##_protocol));
#include "runtime/object/exception_types.def"
#undef RT_EXCEPTION_ROW

namespace {

constinit ExceptionObject out_of_memory(&memory_error_type);  // is never written

}  // namespace

TypeSlots exception_slots(const char* name, const Protocol* protocol) {
  return slots_of_exception(name, protocol);
}

Result<Ref<ExceptionObject>> new_exception(ThreadState& thread, Type& type, Ref<Tuple> arguments) {
  RT_INVARIANT(is_subtype(type, base_exception_type), "what is raised is an exception");
  Ref<ExceptionObject> exception = new_object<ExceptionObject>(thread, type);
  if (!exception) return raise_out_of_memory(thread);
  exception->arguments = arguments.release();
  track(exception.get());
  return exception;
}

Raised raise_formatted(ThreadState& thread, Type& type, fmt::string_view format,
                       fmt::format_args values) {
  fmt::memory_buffer buffer;
  fmt::vformat_to(std::back_inserter(buffer), format, values);
  return raise_text(thread, type, {buffer.data(), buffer.size()});
}

Raised raise_text(ThreadState& thread, Type& type, std::string_view text) {
  Result<Ref<Str>> message = new_str(thread, text);
  if (message.is_raised()) return std::move(message).raised();
  return raise_with(thread, type, std::move(message).value());
}

Raised raise_with(ThreadState& thread, Type& type, Borrowed<Object> argument) {
  return raise_made(thread, type, new_tuple(thread, {argument}));
}

Raised raise_empty(ThreadState& thread, Type& type) {
  return raise_made(thread, type, empty_tuple());
}

Raised raise_out_of_memory(ThreadState&) { return Raised(Ref<Object>::adopt(&out_of_memory)); }

bool is_exception(Borrowed<Object> object) { return is_instance(*object, base_exception_type); }

bool matches(const Raised& raised, const Type& type) {
  return is_instance(*raised.exception(), type);
}

Ref<Tuple> exception_arguments(ThreadState& thread, Borrowed<ExceptionObject> exception) {
  Ref<Object> arguments = read_field(thread, exception, &ExceptionObject::arguments);
  if (!arguments) return empty_tuple();
  return Ref<Tuple>::adopt(static_cast<Tuple*>(arguments.release()));
}
Ref<Object> exception_cause(ThreadState& thread, Borrowed<ExceptionObject> exception) {
  return read_field(thread, exception, &ExceptionObject::cause);
}
Ref<Object> exception_context(ThreadState& thread, Borrowed<ExceptionObject> exception) {
  return read_field(thread, exception, &ExceptionObject::context);
}
Ref<Object> exception_traceback(ThreadState& thread, Borrowed<ExceptionObject> exception) {
  return read_field(thread, exception, &ExceptionObject::traceback);
}
bool suppresses_context(ThreadState& thread, Borrowed<ExceptionObject> exception) {
  if (is_static(*exception)) return false;
  ObjectSection section(thread, Borrowed<Object>(exception));
  return exception->suppress_context;
}
Ref<Object> stop_iteration_value(ThreadState& thread, Borrowed<ExceptionObject> exception) {
  Ref<Tuple> arguments = exception_arguments(thread, exception);
  if (arguments->size == 0) return none();
  return Ref<Object>::share(thread, arguments->at(0));
}

void set_exception_arguments(ThreadState& thread, Borrowed<ExceptionObject> exception,
                             Ref<Tuple> arguments) {
  write_field(thread, exception, &ExceptionObject::arguments, std::move(arguments)).drop(thread);
}
void set_exception_cause(ThreadState& thread, Borrowed<ExceptionObject> exception,
                         Ref<Object> cause) {
  set_suppress_context(thread, exception, true);
  write_field(thread, exception, &ExceptionObject::cause, std::move(cause)).drop(thread);
}
void set_exception_context(ThreadState& thread, Borrowed<ExceptionObject> exception,
                           Ref<Object> context) {
  write_field(thread, exception, &ExceptionObject::context, std::move(context)).drop(thread);
}
void set_exception_traceback(ThreadState& thread, Borrowed<ExceptionObject> exception,
                             Ref<Object> traceback) {
  write_field(thread, exception, &ExceptionObject::traceback, std::move(traceback)).drop(thread);
}
void set_suppress_context(ThreadState& thread, Borrowed<ExceptionObject> exception, bool suppress) {
  if (is_static(*exception)) return;
  ObjectSection section(thread, Borrowed<Object>(exception));
  exception->suppress_context = suppress;
}

// _PyErr_SetObject. The chain may already have a ring that a program made: a second walker at half
// the speed notices it (Robert Floyd).
void chain_context(ThreadState& thread, const Raised& raised, Borrowed<ExceptionObject> handled) {
  Borrowed<ExceptionObject> exception = borrowed(raised.exception());
  if (exception.get() == handled.get()) return;
  Ref<Object> at = Ref<Object>::share(thread, handled);
  Ref<Object> slow = at.duplicate(thread);
  for (bool slow_moves = false;; slow_moves = !slow_moves) {
    Ref<Object> next = exception_context(thread, borrowed(at));
    if (!next) break;
    if (next.get() == exception.get()) {
      if (!RT_MUTANT(context_becomes_ring)) set_exception_context(thread, borrowed(at), nullptr);
      break;
    }
    at = std::move(next);
    if (slow_moves) slow = exception_context(thread, borrowed(slow));
    if (!slow || at.get() == slow.get()) break;
  }
  set_exception_context(thread, exception, Ref<Object>::share(thread, handled));
}

std::string describe(ThreadState& thread, Borrowed<Object> exception) {
  std::string text = type_name(exception);
  Result<Ref<Str>> message = str_of(thread, exception);
  if (message.is_raised()) return text + ": <exception str() failed>";
  if (message.value()->length != 0) text += ": " + utf8_of(*message.value());
  return text;
}

}  // namespace runtime
