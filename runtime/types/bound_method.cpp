#include "runtime/types/bound_method.h"

#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/argument_list.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/native.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

BoundMethod& as_bound(Borrowed<Object> object) { return *static_cast<BoundMethod*>(object.get()); }

void release(Object* object, DroppedFields& dropped) {
  auto* method = static_cast<BoundMethod*>(object);
  dropped.take(method->function);
  dropped.take(method->self);
}
void traverse(Object* object, Visit visit, void* context) {
  auto* method = static_cast<BoundMethod*>(object);
  if (method->function != nullptr) visit(context, method->function);
  if (method->self != nullptr) visit(context, method->self);
}

Result<Ref<Object>> call_bound(ThreadState& thread, Borrowed<Object> callee,
                               const CallArguments& arguments) {
  BoundMethod& method = as_bound(callee);
  PrependedArguments all(Borrowed<Object>(method.self), arguments.positional);
  return call(
      thread, Borrowed<Object>(method.function),
      CallArguments{.positional = all.all(), .named = arguments.named, .names = arguments.names});
}

// Methods of the very same object, whose functions are equal.
Result<Ref<Object>> compare_bound(ThreadState& thread, Borrowed<Object> left,
                                  Borrowed<Object> right, CompareOp op) {
  const bool is_equality = op == CompareOp::kEqual || op == CompareOp::kNotEqual;
  if (!is_equality || right->type != &bound_method_type) return not_implemented();
  BoundMethod& one = as_bound(left);
  BoundMethod& other = as_bound(right);
  bool equal = one.self == other.self;
  if (equal) {
    RT_TRY_ASSIGN(
        same, equal,
        are_equal(thread, Borrowed<Object>(one.function), Borrowed<Object>(other.function)));
  }
  return boolean(equal == (op == CompareOp::kEqual));
}

Result<std::int64_t> hash_bound(ThreadState& thread, Borrowed<Object> object) {
  BoundMethod& method = as_bound(object);
  TRY_ASSIGN(std::int64_t of_self, hash_by_identity(thread, Borrowed<Object>(method.self)));
  TRY_ASSIGN(std::int64_t of_function, hash_of(thread, Borrowed<Object>(method.function)));
  const std::int64_t hash = of_self ^ of_function;
  return hash == -1 ? -2 : hash;
}

Result<Ref<Str>> repr_bound(ThreadState& thread, Borrowed<Object> object) {
  BoundMethod& method = as_bound(object);
  const Names& names = Names::of(thread);
  Borrowed<Object> function(method.function);
  TRY_ASSIGN(Ref<Object> name, find_attribute(thread, function, names.dunder_qualname()));
  if (!name) {
    RT_TRY_ASSIGN(plain, name, find_attribute(thread, function, names.dunder_name()));
  }
  TRY_ASSIGN(Ref<Str> self, repr_of(thread, Borrowed<Object>(method.self)));
  return new_str(thread,
                 fmt::format("<bound method {} of {}>",
                             name && is_str(*name) ? utf8_of(*as_str(name)) : "?", utf8_of(*self)));
}

// What the method does not have its function may have: `__name__`, `__doc__`, attributes.
Result<Ref<Object>> get_attribute_of_bound(ThreadState& thread, Borrowed<Object> object,
                                           Borrowed<Str> name) {
  Ref<Object> own = find_in_type(thread, Borrowed<Type>(&bound_method_type), name);
  if (own) return bind(thread, std::move(own), object.get(), Borrowed<Type>(&bound_method_type));
  return get_attribute(thread, Borrowed<Object>(as_bound(object).function), name);
}

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Object>, const BoundArguments& arguments) {
  if (protocol_of(arguments.at(0)).call == nullptr) {
    return raise(thread, type_error_type, "first argument must be callable");
  }
  if (is_none(arguments.at(1).get())) {
    return raise(thread, type_error_type, "instance must not be None");
  }
  return new_bound_method(thread, arguments.at(0), arguments.at(1));
}

constexpr Protocol kBoundMethodProtocol{
    .hash = &hash_bound,
    .compare = &compare_bound,
    .repr = &repr_bound,
    .call = &call_bound,
    .get_attribute = &get_attribute_of_bound,
};

Result<Ref<Object>> get_function(ThreadState& thread, Borrowed<Object> self) {
  return Ref<Object>::share(thread, Borrowed<Object>(as_bound(self).function));
}
Result<Ref<Object>> get_self(ThreadState& thread, Borrowed<Object> self) {
  return Ref<Object>::share(thread, Borrowed<Object>(as_bound(self).self));
}
Result<Ref<Object>> get_documentation(ThreadState& thread, Borrowed<Object> self) {
  return get_attribute(thread, Borrowed<Object>(as_bound(self).function),
                       Names::of(thread).dunder_doc());
}
constexpr NativeAttribute kAttributes[] = {
    {"__func__", &get_function},
    {"__self__", &get_self},
    {"__doc__", &get_documentation},
};

}  // namespace

constinit Type bound_method_type(TypeSlots{
    .name = "method",
    .size = sizeof(BoundMethod),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release,
    .traverse = &traverse,
    .protocol = &kBoundMethodProtocol,
});

Result<Ref<Object>> new_bound_method(ThreadState& thread, Borrowed<Object> function,
                                     Borrowed<Object> self) {
  Ref<BoundMethod> made = new_object<BoundMethod>(thread, bound_method_type);
  if (!made) return raise_out_of_memory(thread);
  made->function = Ref<Object>::share(thread, function).release();
  made->self = Ref<Object>::share(thread, self).release();
  track(made.get());
  return made;
}

Result<Done> open_bound_method_type(ThreadState& thread) {
  return open_type(thread, {.type = bound_method_type,
                            .documentation = "A function bound to what it is called on.",
                            .attributes = kAttributes,
                            .derivable = Derivable::kNo,
                            .constructor = "method(function, instance, /)",
                            .make = &make});
}

}  // namespace runtime
