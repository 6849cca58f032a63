#include "runtime/interpreter/function_object.h"

#include <fmt/format.h>

#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/cell_object.h"
#include "runtime/interpreter/evaluate.h"
#include "runtime/interpreter/function_attributes.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/object/deferred.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/singletons.h"
#include "runtime/types/bound_method.h"
#include "runtime/types/module_object.h"
#include "runtime/types/native.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

FunctionObject& function_of(Object* object) { return *static_cast<FunctionObject*>(object); }

template <class Function>
void for_each_field(FunctionObject& function, Function&& fn) {
  for (Atomic<Object*>* field :
       {&function.code, &function.defaults, &function.keyword_defaults, &function.name,
        &function.qualified_name, &function.documentation, &function.module, &function.annotations,
        &function.annotate, &function.type_parameters, &function.attributes}) {
    fn(*field);
  }
}

void release_function(Object* object, DroppedFields& dropped) {
  FunctionObject& function = function_of(object);
  for_each_field(function, [&](Atomic<Object*>& field) { dropped.take(field); });
  for (Object* constant :
       {static_cast<Object*>(function.globals), static_cast<Object*>(function.builtins),
        static_cast<Object*>(function.closure)}) {
    dropped.take(constant);
  }
  function.globals = nullptr;
  function.builtins = nullptr;
  function.closure = nullptr;
}

// What a call needs stays: somebody may be calling it.
void clear_function(Object* object, DroppedFields& dropped) {
  FunctionObject& function = function_of(object);
  for (Atomic<Object*>* field :
       {&function.defaults, &function.keyword_defaults, &function.documentation, &function.module,
        &function.annotations, &function.annotate, &function.type_parameters,
        &function.attributes}) {
    dropped.take(*field);
  }
  // The cells are what cycles go through, and they empty themselves.
}

void traverse_function(Object* object, Visit visit, void* context) {
  FunctionObject& function = function_of(object);
  for_each_field(function,
                 [&](const Atomic<Object*>& field) { visit_field(field, visit, context); });
  visit_field(function.globals, visit, context);
  visit_field(function.builtins, visit, context);
  visit_field(function.closure, visit, context);
}

Result<Ref<Str>> repr_function(ThreadState& thread, Borrowed<Object> object) {
  Ref<Object> name = read_field(thread, object, function_of(object.get()).qualified_name);
  return new_str(thread, fmt::format("<function {} at {:#x}>", utf8_of(*as_str(name)),
                                     reinterpret_cast<std::uintptr_t>(object.get())));
}

Result<Ref<Object>> call_slot(ThreadState& thread, Borrowed<Object> callee,
                              const CallArguments& arguments) {
  return call_function(thread, as_function(callee), arguments);
}

Result<Ref<Object>> bind_function(ThreadState& thread, Borrowed<Object> descriptor,
                                  Object* instance, Borrowed<Type>) {
  if (instance == nullptr) return Ref<Object>::share(thread, descriptor);
  return new_bound_method(thread, descriptor, Borrowed<Object>(instance));
}

constexpr Protocol kFunctionProtocol{
    .repr = &repr_function,
    .call = &call_slot,
    .descriptor_get = &bind_function,
    .binds_by_first_argument = true,
};

// globals["__builtins__"], which is a module or a dict; else those of the runtime.
Result<Ref<Dict>> builtins_for(ThreadState& thread, Borrowed<Dict> globals) {
  TRY_ASSIGN(Ref<Object> found, dict_get(thread, globals, Names::of(thread).dunder_builtins()));
  if (found && is_module(*found)) {
    return Ref<Dict>::share(thread, module_dict(as_module(found)));
  }
  if (found && is_dict(*found)) return Ref<Dict>::share(thread, as_dict(found));
  return Ref<Dict>::share(thread, Interpreter::of(thread).builtins());
}

}  // namespace

constinit Type function_type(TypeSlots{
    .name = "function",
    .size = sizeof(FunctionObject),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_function,
    .traverse = &traverse_function,
    .clear = &clear_function,
    .protocol = &kFunctionProtocol,
});

StackRef code_of_function(ThreadState& thread, Borrowed<FunctionObject> function) {
  Object* code = function->code.load_acquire();  // [field-before-found]
  // Deferred code ends in a stopped world alone, and not while this thread comes to no safe point.
  if (is_deferred(code) || is_immortal(code)) return StackRef::uncounted(Borrowed<Object>(code));
  return StackRef::counted(read_field(thread, function, function->code));
}

Result<Ref<FunctionObject>> new_function(ThreadState& thread, Borrowed<Code> code,
                                         Borrowed<Dict> globals) {
  TRY_ASSIGN(Ref<Dict> builtins, builtins_for(thread, globals));
  return new_function(thread, code, globals, builtins);
}

Result<Ref<FunctionObject>> new_function(ThreadState& thread, Borrowed<Code> code,
                                         Borrowed<Dict> globals, Borrowed<Dict> builtins) {
  TRY_ASSIGN(Ref<Object> module, dict_get(thread, globals, Names::of(thread).dunder_name()));
  Ref<FunctionObject> function = new_object<FunctionObject>(thread, function_type);
  if (!function) return raise_out_of_memory(thread);
  function->globals = Ref<Dict>::share(thread, globals).release();
  function->builtins = Ref<Dict>::share(thread, builtins).release();
  auto set = [&](Atomic<Object*>& field, Object* value) {
    if (value != nullptr) increment(thread, value);
    field.initialize(value);
  };
  set(function->code, code.get());
  set(function->name, code->name);
  set(function->qualified_name, code->qualified_name);
  if ((code->flags & CodeFlags::kHasDocumentation) != 0) {
    set(function->documentation, code->constants->items()[0]);
  }
  function->module.initialize(module.release());
  track(function.get());
  if ((code->flags & CodeFlags::kNested) == 0) defer(thread, function.get());
  return function;
}

Result<Done> open_function_type(ThreadState& thread) {
  return open_type(thread, NativeType{
                               .type = function_type,
                               .documentation = "A function that a program has defined.",
                               .attributes = function_attributes(),
                               .derivable = Derivable::kNo,
                               .constructor = "function(code, globals, name?, argdefs?, closure?, "
                                              "kwdefaults?)",
                               .make = &make_function_object,
                               .dict_offset = sizeof(WeaklyReferable),
                           });
}

}  // namespace runtime
