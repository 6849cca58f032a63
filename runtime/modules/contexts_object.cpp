#include "runtime/modules/contexts_object.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/modules/modules.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/object_section.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"

namespace runtime {

namespace {

// The map of the context in which the thread itself runs: nobody else replaces it.
const HamtNode* own_variables(const Context& context) {
  return static_cast<const HamtNode*>(context.variables.load_relaxed());  // written by this thread
}

void replace_variables(ThreadState& thread, Borrowed<Context> context, Ref<HamtNode> variables) {
  Ref<Object> before;
  {
    ObjectSection section(thread, context);
    before = Ref<Object>::adopt(context->variables.exchange_acq_rel(variables.release()));
  }
  before.drop(thread);  // its values may end, and run code of the program
}

Result<Done> enter(ThreadState& thread, Borrowed<Context> context) {
  bool is_entered = false;
  if (RT_MUTANT(context_entered_not_claimed)) {
    is_entered = context->is_entered.load();
    if (!is_entered) context->is_entered.store(true);
  } else {
    static_cast<void>(context->is_entered.compare_exchange(is_entered, true));
  }
  if (is_entered) {
    TRY_ASSIGN(Ref<Str> shown, repr_of(thread, context));
    return raise(thread, runtime_error_type, "cannot enter context: {} is already entered",
                 utf8_of(*shown));
  }
  Ref<Object>& current = Modules::part_of(thread).context;
  context->previous = current.release();
  current = Ref<Object>::share(thread, context);
  return Done();
}

// What runs in a context leaves every context that it entered.
void leave(ThreadState& thread, Borrowed<Context> context) {
  ModulesOfThread& part = Modules::part_of(thread);
  RT_INVARIANT(part.context.get() == context.get(), "contexts are left in reverse order");
  Ref<Object> left =
      std::exchange(part.context, Ref<Object>::adopt(std::exchange(context->previous, nullptr)));
  context->is_entered.store(false);
}

Raised has_no_value(ThreadState& thread, Borrowed<ContextVariable> variable) {
  return raise_with(thread, lookup_error_type, variable);
}

Result<Done> forget(ThreadState& thread, Borrowed<Context> context,
                    Borrowed<ContextVariable> variable) {
  const HamtNode* variables = own_variables(*context);
  if (hamt_find(variables, *variable) == nullptr) return has_no_value(thread, variable);
  TRY_ASSIGN(Ref<HamtNode> less, hamt_without(thread, variables, *variable));
  replace_variables(thread, context, std::move(less));
  return Done();
}

Result<Done> put(ThreadState& thread, Borrowed<Context> context, Borrowed<ContextVariable> variable,
                 Borrowed<Object> value) {
  TRY_ASSIGN(Ref<HamtNode> more, hamt_with(thread, own_variables(*context), variable, value));
  replace_variables(thread, context, std::move(more));
  return Done();
}

Raised misused(ThreadState& thread, Type& type, Borrowed<Object> token, const char* how) {
  Result<Ref<Str>> shown = repr_of(thread, token);
  if (shown.is_raised()) return std::move(shown).raised();
  return raise(thread, type, "{} {}", utf8_of(*shown.value()), how);
}

}  // namespace

Result<Ref<Context>> new_context(ThreadState& thread) {
  Ref<Context> context = new_object<Context>(thread, context_type);
  if (!context) return raise_out_of_memory(thread);
  track(context.get());
  return context;
}

Result<Ref<Context>> current_context(ThreadState& thread) {
  Ref<Object>& current = Modules::part_of(thread).context;
  if (!current) {
    TRY_ASSIGN(Ref<Context> made, new_context(thread));
    current = std::move(made);
  }
  return Ref<Context>::share(thread, Borrowed(static_cast<Context*>(current.get())));
}

Ref<HamtNode> context_variables(ThreadState& thread, Borrowed<Context> context) {
  if (RT_MUTANT(context_variables_read_borrowed)) {
    auto* node = static_cast<HamtNode*>(context->variables.load_acquire());
    point("context.variables_read");
    return node == nullptr ? nullptr : Ref<HamtNode>::share(thread, Borrowed(node));
  }
  ObjectSection section(thread, context);
  auto* node = static_cast<HamtNode*>(context->variables.load_relaxed());  // in the section
  return node == nullptr ? nullptr : Ref<HamtNode>::share(thread, Borrowed(node));
}

Result<Ref<Context>> copy_context(ThreadState& thread, Borrowed<Context> context) {
  TRY_ASSIGN(Ref<Context> copy, new_context(thread));
  copy->variables.store_relaxed(context_variables(thread, context).release());
  return copy;
}

Result<Ref<Object>> run_in_context(ThreadState& thread, Borrowed<Context> context,
                                   Borrowed<Object> callable, const CallArguments& arguments) {
  TRY(enter(thread, context));
  Result<Ref<Object>> result = call(thread, callable, arguments);
  leave(thread, context);
  return result;
}

Result<Ref<ContextVariable>> new_context_variable(ThreadState& thread, Borrowed<Object> name,
                                                  Object* default_value) {
  if (!is_str(*name)) {
    return raise(thread, type_error_type, "context variable name must be a str");
  }
  Ref<ContextVariable> made = new_object<ContextVariable>(thread, context_variable_type);
  if (!made) return raise_out_of_memory(thread);
  // Repeats from run to run, and differs for variables of one name.
  const auto hash = static_cast<std::uint64_t>(hash_of_str(thread, *as_str(name)));
  const std::uint64_t number = Modules::of(thread).next_variable_number();
  const std::uint64_t mixed = (hash ^ number) * 0x9E3779B97F4A7C15;
  made->hash = static_cast<std::uint32_t>(mixed >> 32);
  made->name = Ref<Object>::share(thread, name).release();
  if (default_value != nullptr) {
    made->default_value = Ref<Object>::share(thread, Borrowed(default_value)).release();
  }
  track(made.get());
  return made;
}

Result<Ref<Object>> context_variable_get(ThreadState& thread, Borrowed<ContextVariable> variable,
                                         Object* fallback) {
  if (Object* current = Modules::part_of(thread).context.get(); current != nullptr) {
    Object* value = hamt_find(own_variables(*static_cast<Context*>(current)), *variable);
    if (value != nullptr) return Ref<Object>::share(thread, Borrowed(value));
  }
  if (fallback == nullptr) fallback = variable->default_value;
  if (fallback == nullptr) return has_no_value(thread, variable);
  return Ref<Object>::share(thread, Borrowed(fallback));
}

Result<Ref<ContextToken>> context_variable_set(ThreadState& thread,
                                               Borrowed<ContextVariable> variable,
                                               Borrowed<Object> value) {
  TRY_ASSIGN(Ref<Context> context, current_context(thread));
  Ref<ContextToken> token = new_object<ContextToken>(thread, context_token_type);
  if (!token) return raise_out_of_memory(thread);
  if (Object* before = hamt_find(own_variables(*context), *variable); before != nullptr) {
    token->old_value = Ref<Object>::share(thread, Borrowed(before)).release();
  }
  token->variable = Ref<Object>::share(thread, variable).release();
  token->context = Ref<Object>::share(thread, context).release();
  track(token.get());
  TRY(put(thread, context, variable, value));
  return token;
}

Result<Done> context_variable_reset(ThreadState& thread, Borrowed<ContextVariable> variable,
                                    Borrowed<Object> object) {
  if (object->type != &context_token_type) {
    TRY_ASSIGN(Ref<Str> shown, repr_of(thread, object));
    return raise(thread, type_error_type, "expected an instance of Token, got {}", utf8_of(*shown));
  }
  auto& token = *static_cast<ContextToken*>(object.get());
  if (token.is_used.load()) {
    return misused(thread, runtime_error_type, object, "has already been used once");
  }
  if (token.variable != variable.get()) {
    return misused(thread, value_error_type, object, "was created by a different ContextVar");
  }
  TRY_ASSIGN(Ref<Context> context, current_context(thread));
  if (token.context != context.get()) {
    return misused(thread, value_error_type, object, "was created in a different Context");
  }
  token.is_used.store(true);
  if (token.old_value == nullptr) return forget(thread, context, variable);
  return put(thread, context, variable, Borrowed(token.old_value));
}

}  // namespace runtime
