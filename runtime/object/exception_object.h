// Exceptions as objects: their types, their fields, and how C++ raises one.
//
// A Result that holds no value holds an exception (result.h). Here is what that exception is: an
// object with arguments, and with what tells its story: the exception that was being handled when
// it was raised (context), the one that the program named as its reason (cause), whether the
// context is to be shown, and the trace of calls. The types are static and immortal, one row each
// in exception_types.def. When there is no memory to raise with, one static MemoryError is raised,
// whose fields nobody changes.
//
// An exception can be reached by several threads (a future hands it on), so its fields are read and
// written in a critical section of the object; what they held is dropped outside.
//
// Ancestry: CPython's Objects/exceptions.c and _PyErr_SetObject (Python/errors.c); PEP 3134, PEP
// 415 (suppress_context).
#pragma once

#include <fmt/core.h>
#include <string>
#include <string_view>

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct Tuple;
struct Str;

// All fields are guarded by the object's lock; use the functions below.
struct ExceptionObject : Object {
  Object* arguments;  // a Tuple; null only in the static MemoryError: no arguments
  Object* cause;      // these three may be null
  Object* context;
  Object* traceback;  // whatever the interpreter puts there
  Object* details;    // a Dict of what only exceptions of its type have; null: nothing
  Atomic<Object*> dict;  // of its attributes; null: none was asked for
  bool suppress_context;

  constexpr explicit ExceptionObject(Type* its_type)  // static
      : Object(its_type),
        arguments(nullptr),
        cause(nullptr),
        context(nullptr),
        traceback(nullptr),
        details(nullptr),
        suppress_context(false) {}
};

extern Type base_exception_type;
#define RT_EXCEPTION_ROW(identifier, name, base) extern Type identifier##_type;
#include "runtime/object/exception_types.def"
#undef RT_EXCEPTION_ROW

// The slots of a type that a program derives from one of these. `protocol` is a copy of that of its
// base, with `base` set; both outlive the type.
[[nodiscard]] TypeSlots exception_slots(const char* name, const Protocol* protocol);

// `type` is an exception type. Raised with one argument, the formatted text.
template <class... Values>
[[nodiscard]] Raised raise(ThreadState& thread, Type& type, fmt::format_string<Values...> format,
                           Values&&... values);
[[nodiscard]] Raised raise_text(ThreadState& thread, Type& type, std::string_view text);
// Without arguments: StopIteration(), MemoryError().
[[nodiscard]] Raised raise_empty(ThreadState& thread, Type& type);
// KeyError(key), StopIteration(value).
[[nodiscard]] Raised raise_with(ThreadState& thread, Type& type, Borrowed<Object> argument);
// Needs no memory.
[[nodiscard]] Raised raise_out_of_memory(ThreadState& thread);

// type(*arguments).
Result<Ref<ExceptionObject>> new_exception(ThreadState& thread, Type& type, Ref<Tuple> arguments);

[[nodiscard]] bool is_exception(Borrowed<Object> object);
[[nodiscard]] inline ExceptionObject& as_exception(const Raised& raised) {
  return *static_cast<ExceptionObject*>(raised.exception().get());
}
// What `except type` asks.
[[nodiscard]] bool matches(const Raised& raised, const Type& type);

// Never null; the empty tuple when there are none.
[[nodiscard]] Ref<Tuple> exception_arguments(ThreadState& thread,
                                             Borrowed<ExceptionObject> exception);
// Null when there is none.
[[nodiscard]] Ref<Object> exception_cause(ThreadState& thread, Borrowed<ExceptionObject> exception);
[[nodiscard]] Ref<Object> exception_context(ThreadState& thread,
                                            Borrowed<ExceptionObject> exception);
[[nodiscard]] Ref<Object> exception_traceback(ThreadState& thread,
                                              Borrowed<ExceptionObject> exception);
[[nodiscard]] bool suppresses_context(ThreadState& thread, Borrowed<ExceptionObject> exception);
// The value of a StopIteration: its first argument, or None.
[[nodiscard]] Ref<Object> stop_iteration_value(ThreadState& thread,
                                               Borrowed<ExceptionObject> exception);

// Null removes. A cause, even none, suppresses the context (raise ... from).
void set_exception_arguments(ThreadState& thread, Borrowed<ExceptionObject> exception,
                             Ref<Tuple> arguments);
void set_exception_cause(ThreadState& thread, Borrowed<ExceptionObject> exception,
                         Ref<Object> cause);
void set_exception_context(ThreadState& thread, Borrowed<ExceptionObject> exception,
                           Ref<Object> context);
void set_exception_traceback(ThreadState& thread, Borrowed<ExceptionObject> exception,
                             Ref<Object> traceback);
void set_suppress_context(ThreadState& thread, Borrowed<ExceptionObject> exception, bool suppress);

// `raised` was raised while `handled` was being handled: it becomes its context. If `raised` is
// already in the chain of contexts of `handled`, the chain is cut there, so that it stays a chain.
void chain_context(ThreadState& thread, const Raised& raised, Borrowed<ExceptionObject> handled);

// What a test or a fatal message prints: "TypeError: unhashable type: 'list'". Lets exceptions of
// str() be "<exception str() failed>".
[[nodiscard]] std::string describe(ThreadState& thread, Borrowed<Object> exception);

[[nodiscard]] Raised raise_formatted(ThreadState& thread, Type& type, fmt::string_view format,
                                     fmt::format_args values);

template <class... Values>
Raised raise(ThreadState& thread, Type& type, fmt::format_string<Values...> format,
             Values&&... values) {
  return raise_formatted(thread, type, format, fmt::make_format_args(values...));
}

}  // namespace runtime
