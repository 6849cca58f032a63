// Contexts: the values of variables that belong to what is being done, not to the thread.
//
// A context maps variables to values; a thread runs in one context at a time. The map is persistent
// (contexts_hamt.h), so a copy of a context is one reference, and setting a variable puts a new map
// into the context in which the thread runs. A context is entered by at most one thread at a time,
// which is decided by one compare-and-exchange, and only that thread replaces its map. Any other
// thread may read it: replacing and reading from outside happen in the section of the context, so
// that a reader has its reference before the old map can end.
//
// Ancestry: PEP 567; CPython's Python/context.c. Departure: no cache in the variables, as in the
// free-threaded build.
#pragma once

#include "runtime/modules/contexts_hamt.h"
#include "runtime/object/protocol.h"
#include "runtime/object/weak_reference.h"

namespace runtime {

struct CallArguments;

struct ContextVariable : HamtKey {
  Object* name;           // a Str; constant
  Object* default_value;  // constant; null: none
};

struct Context : WeaklyReferable {
  Atomic<Object*> variables;  // a HamtNode, owned; null: empty. Written in the section
  Object* previous;           // in which its thread ran before; owned, null: none. That thread's
  Atomic<bool> is_entered;
};

// What a variable was before it was set.
struct ContextToken : Object {
  Object* context;  // constant, as the others
  Object* variable;
  Object* old_value;  // null: it had none
  Atomic<bool> is_used;
};

extern Type context_variable_type;
extern Type context_type;
extern Type context_token_type;
// The value of `Token.MISSING`.
extern Type missing_token_type;
extern Object missing_token_object;

// The one in which the thread runs; a new one if there was none.
Result<Ref<Context>> current_context(ThreadState& thread);
Result<Ref<Context>> new_context(ThreadState& thread);
Result<Ref<Context>> copy_context(ThreadState& thread, Borrowed<Context> context);

// The map, as it is at this moment; null: empty. Any thread.
[[nodiscard]] Ref<HamtNode> context_variables(ThreadState& thread, Borrowed<Context> context);

// callable(*arguments), run in the context. RuntimeError "cannot enter context: ... is already
// entered".
Result<Ref<Object>> run_in_context(ThreadState& thread, Borrowed<Context> context,
                                   Borrowed<Object> callable, const CallArguments& arguments);

Result<Ref<ContextVariable>> new_context_variable(ThreadState& thread, Borrowed<Object> name,
                                                  Object* default_value);
// `fallback` null: none. LookupError.
Result<Ref<Object>> context_variable_get(ThreadState& thread, Borrowed<ContextVariable> variable,
                                         Object* fallback);
Result<Ref<ContextToken>> context_variable_set(ThreadState& thread,
                                               Borrowed<ContextVariable> variable,
                                               Borrowed<Object> value);
// TypeError, RuntimeError when it was used, ValueError for another variable or context.
Result<Done> context_variable_reset(ThreadState& thread, Borrowed<ContextVariable> variable,
                                    Borrowed<Object> token);

}  // namespace runtime
