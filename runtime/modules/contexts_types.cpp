// What programs see of contexts, variables and tokens:
// https://docs.python.org/3/library/contextvars.html
#include <utility>
#include <vector>

#include "runtime/modules/class_getitem.h"
#include "runtime/modules/contexts_object.h"
#include "runtime/modules/gathered_arguments.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/native.h"
#include "runtime/types/type_body.h"

namespace runtime {

namespace {

Borrowed<Context> context_of(Borrowed<Object> object) {
  return Borrowed(static_cast<Context*>(object.get()));
}
Borrowed<ContextVariable> variable_of(Borrowed<Object> object) {
  return Borrowed(static_cast<ContextVariable*>(object.get()));
}
ContextToken& token_of(Borrowed<Object> object) {
  return *static_cast<ContextToken*>(object.get());
}

// -- Context --

Result<Ref<Object>> make_context(ThreadState& thread, Borrowed<Type>, const CallArguments& call) {
  if (!call.positional.empty() || !call.named.empty()) {
    return raise(thread, type_error_type, "Context() does not accept any arguments");
  }
  return new_context(thread);
}

// Null: it is not there.
Result<Ref<Object>> find_in_context(ThreadState& thread, Borrowed<Object> context,
                                    Borrowed<Object> key) {
  if (key->type != &context_variable_type) {
    TRY_ASSIGN(Ref<Str> shown, repr_of(thread, key));
    return raise(thread, type_error_type, "a ContextVar key was expected, got {}", utf8_of(*shown));
  }
  Ref<HamtNode> variables = context_variables(thread, context_of(context));
  Object* value = hamt_find(variables.get(), *variable_of(key));
  if (value == nullptr) return Ref<Object>();
  return Ref<Object>::share(thread, Borrowed(value));
}

Result<Ref<Object>> get_context_item(ThreadState& thread, Borrowed<Object> context,
                                     Borrowed<Object> key) {
  TRY_ASSIGN(Ref<Object> value, find_in_context(thread, context, key));
  if (!value) return raise_with(thread, key_error_type, key);
  return value;
}

Result<bool> context_contains(ThreadState& thread, Borrowed<Object> context, Borrowed<Object> key) {
  TRY_ASSIGN(Ref<Object> value, find_in_context(thread, context, key));
  return static_cast<bool>(value);
}

Result<std::int64_t> context_length(ThreadState& thread, Borrowed<Object> context) {
  return hamt_size(context_variables(thread, context_of(context)).get());
}

Result<Ref<Object>> context_get(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> value, find_in_context(thread, self, arguments.at(0)));
  if (value) return value;
  return arguments.has(1) ? Ref<Object>::share(thread, arguments.at(1)) : none();
}

Result<Ref<Object>> context_copy(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  return copy_context(thread, context_of(self));
}

enum class Part { kKeys, kValues, kItems };

// As they are at this moment, as an iterator.
Result<Ref<Object>> iterator_over(ThreadState& thread, Borrowed<Object> context, Part part) {
  Ref<HamtNode> variables = context_variables(thread, context_of(context));
  std::vector<Ref<Object>> items;
  hamt_for_each(variables.get(), [&](HamtKey& key, Object* value) {
    if (part != Part::kValues) items.push_back(Ref<Object>::share(thread, Borrowed<Object>(&key)));
    if (part != Part::kKeys) items.push_back(Ref<Object>::share(thread, Borrowed(value)));
  });
  if (part == Part::kItems) {
    std::vector<Ref<Object>> pairs;
    for (std::size_t i = 0; i < items.size(); i += 2) {
      TRY_ASSIGN(Ref<Tuple> pair, new_tuple(thread, {items[i], items[i + 1]}));
      pairs.push_back(std::move(pair));
    }
    items = std::move(pairs);
  }
  TRY_ASSIGN(Ref<Tuple> snapshot, new_tuple_taking(thread, items));
  return get_iterator(thread, snapshot);
}

Result<Ref<Object>> iterate_context(ThreadState& thread, Borrowed<Object> context) {
  return iterator_over(thread, context, Part::kKeys);
}
Result<Ref<Object>> context_keys(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  return iterator_over(thread, self, Part::kKeys);
}
Result<Ref<Object>> context_values(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  return iterator_over(thread, self, Part::kValues);
}
Result<Ref<Object>> context_items(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments&) {
  return iterator_over(thread, self, Part::kItems);
}

Result<bool> same_variables(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right) {
  if (left.get() == right.get()) return true;
  Ref<HamtNode> ours = context_variables(thread, context_of(left));
  Ref<HamtNode> theirs = context_variables(thread, context_of(right));
  if (ours.get() == theirs.get()) return true;
  if (hamt_size(ours.get()) != hamt_size(theirs.get())) return false;
  std::vector<std::pair<Object*, Object*>> values;  // kept alive by the maps
  bool has_same_keys = true;
  hamt_for_each(ours.get(), [&](HamtKey& key, Object* value) {
    Object* other = hamt_find(theirs.get(), key);
    has_same_keys = has_same_keys && other != nullptr;
    values.emplace_back(value, other);
  });
  if (!has_same_keys) return false;
  for (const auto& [value, other] : values) {
    TRY_ASSIGN(bool is_same, are_equal(thread, Borrowed(value), Borrowed(other)));
    if (!is_same) return false;
  }
  return true;
}

// run(callable, *args, **kwargs): whatever is passed on is passed on as it came.
Result<Ref<Object>> context_run_method(ThreadState& thread, Borrowed<Object> self,
                                       const BoundArguments& arguments) {
  GatheredArguments gathered;
  gathered.add(thread, arguments.rest());
  if (arguments.named() != nullptr) {
    TRY(gathered.add_named(thread, Borrowed(arguments.named())));
  }
  return run_in_context(thread, context_of(self), arguments.at(0), gathered.get());
}

constexpr Protocol kContextProtocol{
    .equals = &same_variables,
    .length = &context_length,
    .iterate = &iterate_context,
    .get_item = &get_context_item,
    .contains = &context_contains,
    .make = &make_context,
};

constexpr NativeMethod kContextMethods[] = {
    {"get(key, default?, /)", &context_get, "The value of the variable, or the default."},
    {"items()", &context_items, "All variables and their values."},
    {"keys()", &context_keys, "All variables."},
    {"values()", &context_values, "All values."},
    {"copy()", &context_copy, "A copy; takes the same time however large the context is."},
    {"run(callable, /, *args, **kwargs)", &context_run_method,
     "Call callable(*args, **kwargs) in this context."},
};

void release_context(Object* object, DroppedFields& dropped) {
  auto* context = static_cast<Context*>(object);
  dropped.take(context->variables);
  dropped.take(context->previous);
}

void traverse_context(Object* object, Visit visit, void* context) {
  auto* self = static_cast<Context*>(object);
  if (Object* variables = self->variables.load_relaxed()) visit(context, variables);
  if (self->previous != nullptr) visit(context, self->previous);
}

void clear_context(Object* object, DroppedFields& dropped) {
  dropped.take(static_cast<Context*>(object)->variables);
}

// -- ContextVar --

Result<Ref<Object>> make_variable(ThreadState& thread, Borrowed<Object>,
                                  const BoundArguments& arguments) {
  return new_context_variable(thread, arguments.at(0), arguments[1]);
}

Result<Ref<Object>> variable_get(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  return context_variable_get(thread, variable_of(self), arguments[0]);
}
Result<Ref<Object>> variable_set(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  return context_variable_set(thread, variable_of(self), arguments.at(0));
}
Result<Ref<Object>> variable_reset(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  TRY(context_variable_reset(thread, variable_of(self), arguments.at(0)));
  return none();
}

Result<Ref<Object>> variable_name(ThreadState& thread, Borrowed<Object> self) {
  return Ref<Object>::share(thread, Borrowed(variable_of(self)->name));
}

Result<std::int64_t> hash_of_variable(ThreadState&, Borrowed<Object> self) {
  return static_cast<std::int64_t>(variable_of(self)->hash);
}

Result<Ref<Str>> repr_of_variable(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Str> name, repr_of(thread, Borrowed(variable_of(self)->name)));
  std::string text = "<ContextVar name=" + utf8_of(*name);
  if (Object* value = variable_of(self)->default_value; value != nullptr) {
    TRY_ASSIGN(Ref<Str> shown, repr_of(thread, Borrowed(value)));
    text += " default=" + utf8_of(*shown);
  }
  return new_str(thread, text + fmt::format(" at {}>", static_cast<const void*>(self.get())));
}

constexpr Protocol kVariableProtocol{.hash = &hash_of_variable, .repr = &repr_of_variable};

constexpr NativeMethod kVariableMethods[] = {
    {"get(default?, /)", &variable_get, "The value in the current context."},
    {"set(value, /)", &variable_set,
     "Set the value in the current context; returns a token with which that can be undone."},
    {"reset(token, /)", &variable_reset, "Restore what the variable was before set()."},
    {"__class_getitem__(item, /)", &class_getitem, "See PEP 585", NativeKind::kOfClass},
};

constexpr NativeAttribute kVariableAttributes[] = {{"name", &variable_name}};

void release_variable(Object* object, DroppedFields& dropped) {
  auto* variable = static_cast<ContextVariable*>(object);
  dropped.take(variable->name);
  dropped.take(variable->default_value);
}

void traverse_variable(Object* object, Visit visit, void* context) {
  auto* variable = static_cast<ContextVariable*>(object);
  for (Object* referred : {variable->name, variable->default_value}) {
    if (referred != nullptr) visit(context, referred);
  }
}

// -- Token --

Result<Ref<Object>> token_variable(ThreadState& thread, Borrowed<Object> self) {
  return Ref<Object>::share(thread, Borrowed(token_of(self).variable));
}
Result<Ref<Object>> token_old_value(ThreadState& thread, Borrowed<Object> self) {
  Object* value = token_of(self).old_value;
  if (value == nullptr) value = &missing_token_object;
  return Ref<Object>::share(thread, Borrowed(value));
}

Result<Ref<Object>> token_enter(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return Ref<Object>::share(thread, self);
}
Result<Ref<Object>> token_exit(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  Ref<Object> variable = Ref<Object>::share(thread, Borrowed(token_of(self).variable));
  TRY(context_variable_reset(thread, variable_of(variable), self));
  return none();
}

Result<Ref<Object>> make_token(ThreadState& thread, Borrowed<Type>, const CallArguments&) {
  return raise(thread, runtime_error_type, "Tokens can only be created by ContextVars");
}

Result<Ref<Str>> repr_of_token(ThreadState& thread, Borrowed<Object> self) {
  const ContextToken& token = token_of(self);
  TRY_ASSIGN(Ref<Str> variable, repr_of(thread, Borrowed(token.variable)));
  return new_str(thread, fmt::format("<Token{} var={} at {}>", token.is_used.load() ? " used" : "",
                                     utf8_of(*variable), static_cast<const void*>(self.get())));
}

Result<Ref<Str>> repr_of_missing(ThreadState& thread, Borrowed<Object>) {
  return new_str(thread, "<Token.MISSING>");
}

constexpr Protocol kTokenProtocol{
    .hash = &hash_by_identity, .repr = &repr_of_token, .make = &make_token};
constexpr Protocol kMissingProtocol{.hash = &hash_by_identity, .repr = &repr_of_missing};

constexpr NativeMethod kTokenMethods[] = {
    {"__class_getitem__(item, /)", &class_getitem, "See PEP 585", NativeKind::kOfClass},
    {"__enter__()", &token_enter, "Enter into Token context manager."},
    {"__exit__(type, value, traceback, /)", &token_exit,
     "Exit from Token context manager, restore the linked ContextVar."},
};

constexpr NativeAttribute kTokenAttributes[] = {
    {"var", &token_variable},
    {"old_value", &token_old_value},
};

void release_token(Object* object, DroppedFields& dropped) {
  auto* token = static_cast<ContextToken*>(object);
  dropped.take(token->context);
  dropped.take(token->variable);
  dropped.take(token->old_value);
}

void traverse_token(Object* object, Visit visit, void* context) {
  auto* token = static_cast<ContextToken*>(object);
  for (Object* referred : {token->context, token->variable, token->old_value}) {
    if (referred != nullptr) visit(context, referred);
  }
}

}  // namespace

constinit Type context_variable_type(TypeSlots{
    .name = "_contextvars.ContextVar",
    .size = sizeof(ContextVariable),
    .heap = HeapKind::kCollected,
    .release_fields = &release_variable,
    .traverse = &traverse_variable,
    .protocol = &kVariableProtocol,
});

constinit Type context_type(TypeSlots{
    .name = "_contextvars.Context",
    .size = sizeof(Context),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_context,
    .traverse = &traverse_context,
    .clear = &clear_context,
    .protocol = &kContextProtocol,
});

constinit Type context_token_type(TypeSlots{
    .name = "_contextvars.Token",
    .size = sizeof(ContextToken),
    .heap = HeapKind::kCollected,
    .release_fields = &release_token,
    .traverse = &traverse_token,
    .protocol = &kTokenProtocol,
});

constinit Type missing_token_type(TypeSlots{
    .name = "Token.MISSING",
    .protocol = &kMissingProtocol,
});
constinit Object missing_token_object(&missing_token_type);

Result<Done> open_context_types(ThreadState& thread) {
  TRY(open_type(thread, NativeType{.type = context_type,
                                   .module = "_contextvars",
                                   .methods = kContextMethods,
                                   .derivable = Derivable::kNo}));
  TRY(open_type(thread, NativeType{.type = context_variable_type,
                                   .module = "_contextvars",
                                   .methods = kVariableMethods,
                                   .attributes = kVariableAttributes,
                                   .derivable = Derivable::kNo,
                                   .constructor = "ContextVar(name, /, *, default?)",
                                   .make = &make_variable}));
  TRY(open_type(thread, NativeType{.type = missing_token_type,
                                   .module = "_contextvars",
                                   .derivable = Derivable::kNo}));
  TRY(open_type(thread, NativeType{.type = context_token_type,
                                   .module = "_contextvars",
                                   .methods = kTokenMethods,
                                   .attributes = kTokenAttributes,
                                   .derivable = Derivable::kNo}));
  TRY_ASSIGN(Ref<Str> missing, intern(thread, "MISSING"));
  return type_set(thread, Borrowed<Type>(&context_token_type), missing, &missing_token_object);
}

}  // namespace runtime
