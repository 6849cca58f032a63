#include "runtime/types/native_function.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/object/deferred.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/module_object.h"
#include "runtime/types/signature.h"
#include "runtime/types/type_body.h"

namespace runtime {

namespace {

NativeFunctionObject& as_native(Borrowed<Object> object) {
  return *static_cast<NativeFunctionObject*>(object.get());
}

void release(Object* object, DroppedFields& dropped) {
  auto* function = static_cast<NativeFunctionObject*>(object);
  if (function->signature != nullptr) Signature::free(std::exchange(function->signature, nullptr));
  dropped.take(function->self);
  dropped.take(function->module);
}

void traverse(Object* object, Visit visit, void* context) {
  auto* function = static_cast<NativeFunctionObject*>(object);
  if (function->self != nullptr) visit(context, function->self);
  if (function->module != nullptr) visit(context, function->module);
}

// tp_new_wrapper of CPython's typeobject.c.
Result<Ref<Object>> call_new(ThreadState& thread, NativeFunctionObject& function,
                             const CallArguments& arguments) {
  Type& native = *static_cast<Type*>(function.self);
  const char* name = native.slots.name;
  if (arguments.positional.empty()) {
    return raise(thread, type_error_type, "{}.__new__(): not enough arguments", name);
  }
  Borrowed<Object> asked = arguments.positional[0];
  if (!is_type(*asked)) {
    return raise(thread, type_error_type, "{}.__new__(X): X is not a type object ({})", name,
                 type_name(asked));
  }
  Borrowed<Type> type = as_type(asked);
  if (!is_subtype(*type, native)) {
    return raise(thread, type_error_type, "{}.__new__({}): {} is not a subtype of {}", name,
                 type->slots.name, type->slots.name, name);
  }
  // The most special native type it is derived from must be one that this one makes.
  const Type* solid = type.get();
  while (is_class(*solid) && solid->body->base != nullptr) solid = solid->body->base;
  const auto makes = [](const Type& one) { return protocol_of(one).make; };
  const bool is_same =
      makes(*solid) == makes(native) && (solid->body == nullptr || native.body == nullptr ||
                                         solid->body->constructor == native.body->constructor);
  if (!is_same) {
    return raise(thread, type_error_type, "{}.__new__({}) is not safe, use {}.__new__()", name,
                 type->slots.name, solid->slots.name);
  }
  const CallArguments rest{.positional = arguments.positional.subspan(1),
                           .named = arguments.named,
                           .names = arguments.names};
  if (const auto make = protocol_of(native).make) return make(thread, type, rest);
  const NativeConstructor& constructor = *native.body->constructor;
  return constructor.signature->call(thread, constructor.make, type, rest);
}

Result<Ref<Object>> call_native(ThreadState& thread, Borrowed<Object> callee,
                                const CallArguments& arguments) {
  NativeFunctionObject& function = as_native(callee);
  if (function.row == nullptr) return call_new(thread, function, arguments);
  Object* self = function.self != nullptr ? function.self : &none_object;
  return function.signature->call(thread, function.row->function, Borrowed<Object>(self),
                                  arguments);
}

std::string name_of_native(const NativeFunctionObject& function) {
  return function.row == nullptr ? "__new__" : utf8_of(*function.signature->name());
}

Result<Ref<Str>> repr_native(ThreadState& thread, Borrowed<Object> object) {
  NativeFunctionObject& function = as_native(object);
  const std::string name = name_of_native(function);
  if (function.self == nullptr || is_module(*function.self)) {
    return new_str(thread, fmt::format("<built-in function {}>", name));
  }
  return new_str(thread, fmt::format("<built-in method {} of {} object at {}>", name,
                                     type_name(Borrowed<Object>(function.self)),
                                     static_cast<const void*>(function.self)));
}

// meth_richcompare: the same function of the same object.
Result<Ref<Object>> compare_native(ThreadState&, Borrowed<Object> left, Borrowed<Object> right,
                                   CompareOp op) {
  const bool is_equality = op == CompareOp::kEqual || op == CompareOp::kNotEqual;
  if (!is_equality || right->type != &native_function_type) return not_implemented();
  const NativeFunctionObject& one = as_native(left);
  const NativeFunctionObject& other = as_native(right);
  const bool equal = one.self == other.self && one.row == other.row;
  return boolean(equal == (op == CompareOp::kEqual));
}

Result<std::int64_t> hash_native(ThreadState& thread, Borrowed<Object> object) {
  const NativeFunctionObject& function = as_native(object);
  std::int64_t hash = reinterpret_cast<std::intptr_t>(function.row) >> 4;
  if (function.self != nullptr) {
    TRY_ASSIGN(std::int64_t of_self, hash_by_identity(thread, Borrowed<Object>(function.self)));
    hash ^= of_self;
  }
  return hash == -1 ? -2 : hash;
}

constexpr Protocol kNativeFunctionProtocol{
    .hash = &hash_native,
    .compare = &compare_native,
    .repr = &repr_native,
    .call = &call_native,
};

Result<Ref<Object>> get_name(ThreadState& thread, Borrowed<Object> self) {
  return new_str(thread, name_of_native(as_native(self)));
}

Result<Ref<Object>> get_qualified_name(ThreadState& thread, Borrowed<Object> self) {
  const NativeFunctionObject& function = as_native(self);
  if (function.self == nullptr || is_module(*function.self)) return get_name(thread, self);
  Borrowed<Object> owner(is_type(*function.self) ? function.self
                                                 : static_cast<Object*>(function.self->type));
  return new_str(thread,
                 fmt::format("{}.{}", as_type(owner)->slots.name, name_of_native(function)));
}

Result<Ref<Object>> get_self(ThreadState& thread, Borrowed<Object> self) {
  Object* bound = as_native(self).self;
  if (bound == nullptr) return none();
  return Ref<Object>::share(thread, Borrowed<Object>(bound));
}

Result<Ref<Object>> get_module(ThreadState& thread, Borrowed<Object> self) {
  Object* module = as_native(self).module;
  if (module == nullptr) return none();
  return Ref<Object>::share(thread, Borrowed<Object>(module));
}

Result<Ref<Object>> get_documentation(ThreadState& thread, Borrowed<Object> self) {
  const NativeFunctionObject& function = as_native(self);
  if (function.row == nullptr) return new_str(thread, "Makes an instance of the type.");
  return new_str(thread, function.row->documentation);
}

Result<Ref<Object>> get_text_signature(ThreadState& thread, Borrowed<Object> self) {
  const NativeFunctionObject& function = as_native(self);
  if (function.row == nullptr) return new_str(thread, "($type, *args, **kwargs)");
  return new_str(thread, function.signature->parameters_text());
}

constexpr NativeAttribute kAttributes[] = {
    {"__name__", &get_name},         {"__qualname__", &get_qualified_name},
    {"__self__", &get_self},         {"__module__", &get_module},
    {"__doc__", &get_documentation}, {"__text_signature__", &get_text_signature},
};

Result<Ref<NativeFunctionObject>> allocate(ThreadState& thread) {
  Ref<NativeFunctionObject> made = new_object<NativeFunctionObject>(thread, native_function_type);
  if (!made) return raise_out_of_memory(thread);
  return made;
}

}  // namespace

constinit Type native_function_type(TypeSlots{
    .name = "builtin_function_or_method",
    .size = sizeof(NativeFunctionObject),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release,
    .traverse = &traverse,
    .protocol = &kNativeFunctionProtocol,
});

Result<Ref<Object>> new_native_function(ThreadState& thread, const NativeMethod& row, Object* self,
                                        Object* module_name) {
  TRY_ASSIGN(Ref<NativeFunctionObject> made, allocate(thread));
  const Type* owner = nullptr;
  if (self != nullptr && !is_module(*self)) {
    owner = is_type(*self) ? static_cast<Type*>(self) : self->type;
  }
  TRY_ASSIGN(Signature * signature, Signature::read(thread, row.signature, owner));
  made->row = &row;
  made->signature = signature;
  if (self != nullptr) made->self = Ref<Object>::share(thread, Borrowed<Object>(self)).release();
  if (module_name != nullptr) {
    made->module = Ref<Object>::share(thread, Borrowed<Object>(module_name)).release();
  }
  track(made.get());
  return made;
}

Result<Ref<Object>> new_native_new(ThreadState& thread, Borrowed<Type> type) {
  TRY_ASSIGN(Ref<NativeFunctionObject> made, allocate(thread));
  made->self = Ref<Object>::share(thread, type).release();
  track(made.get());
  return made;
}

Result<Done> add_functions(ThreadState& thread, Borrowed<Module> module,
                           std::span<const NativeMethod> rows) {
  Ref<Str> name = module_name(thread, module);
  for (const NativeMethod& row : rows) {
    TRY_ASSIGN(Ref<Object> function, new_native_function(thread, row, module.get(), name.get()));
    // `len` and its like are called by every thread.
    if (!RT_MUTANT(native_functions_not_deferred)) defer(thread, function.get());
    TRY(dict_set(thread, module_dict(module), as_native(function).signature->name(), function));
  }
  return Done{};
}

Result<Done> open_native_function_types(ThreadState& thread) {
  return open_type(thread, {.type = native_function_type,
                            .documentation = "A function that is written in C++.",
                            .attributes = kAttributes,
                            .derivable = Derivable::kNo});
}

}  // namespace runtime
