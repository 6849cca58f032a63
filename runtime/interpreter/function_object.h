// Functions that a program has defined: code, and what it needs besides its arguments.
//
// A call reads the code and, if arguments are missing, the defaults; a program may replace both while
// other threads call. So these fields are read as shared_field.h says. Code is deferred: between two
// safe points of the caller it cannot end, so a call borrows it. Globals, builtins and closure
// never change.
//
// A function of a module or of a class lives as long as these mostly do, and every thread calls it;
// so it is deferred (object/deferred.h). One that is made inside a function is not: programs make
// many of them and expect them to end at once.
//
// Ancestry: CPython's Objects/funcobject.c; https://docs.python.org/3/reference/datamodel.html#user-defined-functions.
#pragma once

#include "runtime/compiler/code_object.h"
#include "runtime/interpreter/shared_field.h"
#include "runtime/object/result.h"
#include "runtime/object/stack_ref.h"
#include "runtime/object/type.h"
#include "runtime/object/weak_reference.h"

namespace runtime {

struct Dict;
struct Str;
struct Tuple;

struct FunctionObject : WeaklyReferable {
  Atomic<Object*> attributes;        // `__dict__`, a Dict; null: none was asked for
  Dict* globals;                     // owned, constant
  Dict* builtins;                    // likewise
  Tuple* closure;                    // of cells; likewise; null: none
  Atomic<Object*> code;              // a Code, never null
  Atomic<Object*> defaults;          // a Tuple, or null
  Atomic<Object*> keyword_defaults;  // a Dict, or null
  Atomic<Object*> name;              // a Str, never null
  Atomic<Object*> qualified_name;    // likewise
  Atomic<Object*> documentation;     // null: None
  Atomic<Object*> module;            // null: None
  Atomic<Object*> annotations;       // a Dict; null: to be made of what is in `annotate`
  Atomic<Object*> annotate;          // null: None
  Atomic<Object*> type_parameters;   // null: ()
};

extern Type function_type;

[[nodiscard]] inline bool is_function(const Object& object) {
  return object.type == &function_type;
}
[[nodiscard]] inline Borrowed<FunctionObject> as_function(Borrowed<Object> object) {
  RT_INVARIANT(is_function(*object), "what is taken for a function is one");
  return Borrowed<FunctionObject>(static_cast<FunctionObject*>(object.get()));
}

// The code that a call runs. Borrowed until the next safe point, if it is deferred.
[[nodiscard]] StackRef code_of_function(ThreadState& thread, Borrowed<FunctionObject> function);

// `module` is globals["__name__"]; `__doc__` is the first constant if that is a str. Deferred if
// the code is that of a module, a class body, or of a function that stands directly in one.
// MemoryError.
Result<Ref<FunctionObject>> new_function(ThreadState& thread, Borrowed<Code> code,
                                         Borrowed<Dict> globals);

// A function that runs `code` with these builtins: what run_code() calls.
Result<Ref<FunctionObject>> new_function(ThreadState& thread, Borrowed<Code> code,
                                         Borrowed<Dict> globals, Borrowed<Dict> builtins);

Result<Done> open_function_type(ThreadState& thread);
Result<Done> open_code_type(ThreadState& thread);

}  // namespace runtime
