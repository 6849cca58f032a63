// What programs see of a weak reference. The table of operations is given to the kernel's type when it is
// opened: before anybody can call a weak reference.
#include <utility>

#include "runtime/modules/class_getitem.h"
#include "runtime/modules/weak_objects.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/native.h"
#include "runtime/types/type_body.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

Borrowed<WeakReference> reference_of(Borrowed<Object> object) {
  return Borrowed(static_cast<WeakReference*>(object.get()));
}

Result<Done> check_arguments(ThreadState& thread, const CallArguments& call) {
  const std::size_t count = call.positional.size();
  if (count == 0) {
    return raise(thread, type_error_type, "__new__ expected at least 1 argument, got 0");
  }
  if (count > 2) {
    return raise(thread, type_error_type, "__new__ expected at most 2 arguments, got {}", count);
  }
  return Done();
}

// ref(object, callback=None): classes that a program derives may take further arguments by name.
Result<Ref<Object>> make_reference(ThreadState& thread, Borrowed<Type> type,
                                   const CallArguments& call) {
  TRY(check_arguments(thread, call));
  const Borrowed<Object> referent = call.positional[0];
  TRY(check_referable(thread, referent));
  Object* callback = call.positional.size() > 1 ? call.positional[1].get() : &none_object;
  const bool has_callback = !is_none(callback);
  if (!has_callback && type.get() == &weak_reference_type) {
    Ref<WeakReference> shared = make_weak_reference(thread, referent);
    if (!shared) return raise_out_of_memory(thread);
    return shared;
  }
  TRY_ASSIGN(Ref<Object> fresh, new_empty_instance(thread, type));
  Ref<Object> argument;
  if (has_callback) argument = Ref<Object>::share(thread, Borrowed(callback));
  attach_weak_reference(thread, reference_of(fresh), referent,
                        has_callback ? &call_python_callback : nullptr, std::move(argument));
  return fresh;
}

Result<Done> initialize_reference(ThreadState& thread, Borrowed<Object>,
                                  const CallArguments& call) {
  if (!call.named.empty()) {
    return raise(thread, type_error_type, "ref() takes no keyword arguments");
  }
  return check_arguments(thread, call);
}

Result<Ref<Object>> call_reference(ThreadState& thread, Borrowed<Object> self,
                                   const CallArguments& call) {
  if (!call.positional.empty() || !call.named.empty()) {
    return raise(thread, type_error_type, "weakref.ref() takes no arguments ({} given)",
                 call.positional.size() + call.named.size());
  }
  Ref<Object> referent = dereference(thread, reference_of(self));
  return referent ? std::move(referent) : none();
}

// That of the referent, which must have been asked for while it lived.
Result<std::int64_t> hash_of_reference(ThreadState& thread, Borrowed<Object> self) {
  // Relaxed: whoever computes it finds the same number.
  Atomic<std::int64_t>& kept = reference_of(self)->hash;
  if (const std::int64_t known = kept.load_relaxed(); known != 0) return known;
  Ref<Object> referent = dereference(thread, reference_of(self));
  if (!referent) return raise(thread, type_error_type, "weak object has gone away");
  TRY_ASSIGN(std::int64_t hash, hash_of(thread, referent));
  kept.store_relaxed(hash);
  return hash;
}

Result<Ref<Object>> compare_references(ThreadState& thread, Borrowed<Object> left,
                                       Borrowed<Object> right, CompareOp op) {
  const bool is_equality = op == CompareOp::kEqual || op == CompareOp::kNotEqual;
  if (!is_equality || !is_weak_reference(*right)) return not_implemented();
  Ref<Object> ours = dereference(thread, reference_of(left));
  Ref<Object> theirs = dereference(thread, reference_of(right));
  if (ours && theirs) return compare(thread, ours, theirs, op);
  return boolean((left.get() == right.get()) == (op == CompareOp::kEqual));
}

Result<Ref<Str>> repr_of_reference(ThreadState& thread, Borrowed<Object> self) {
  const void* address = self.get();
  Ref<Object> referent = dereference(thread, reference_of(self));
  if (!referent) return new_str(thread, fmt::format("<weakref at {}; dead>", address));
  TRY_ASSIGN(Ref<Object> name, find_attribute(thread, referent, "__name__"));
  std::string text = fmt::format("<weakref at {}; to '{}' at {}", address,
                                 full_name_of(thread, Borrowed<Type>(referent->type)),
                                 static_cast<const void*>(referent.get()));
  if (name && is_str(*name)) text += " (" + utf8_of(*as_str(name)) + ")";
  return new_str(thread, text + ">");
}

Result<Ref<Object>> get_callback(ThreadState& thread, Borrowed<Object> self) {
  Ref<Object> callback = callback_argument(thread, reference_of(self));
  return callback ? std::move(callback) : none();
}

constexpr Protocol kReferenceProtocol{
    .hash = &hash_of_reference,
    .compare = &compare_references,
    .repr = &repr_of_reference,
    .call = &call_reference,
    .make = &make_reference,
    .initialize = &initialize_reference,
};

constexpr NativeMethod kReferenceMethods[] = {
    {"__class_getitem__(item, /)", &class_getitem, "See PEP 585", NativeKind::kOfClass},
};

constexpr NativeAttribute kReferenceAttributes[] = {{"__callback__", &get_callback}};

}  // namespace

Result<Done> check_referable(ThreadState& thread, Borrowed<Object> referent) {
  if (can_be_weakly_referenced(*referent->type)) return Done();
  return raise(thread, type_error_type, "cannot create weak reference to '{}' object",
               type_name(referent));
}

void call_python_callback(ThreadState& thread, Borrowed<WeakReference> reference,
                          Borrowed<Object> callable) {
  const Borrowed<Object> arguments[] = {reference};
  Result<Ref<Object>> result = call(thread, callable, arguments);
  if (result.is_raised()) report_unraisable(thread, std::move(result).raised(), callable);
}

Result<Done> open_weak_reference_type(ThreadState& thread) {
  weak_reference_type.slots.protocol = &kReferenceProtocol;
  return open_type(thread, NativeType{.type = weak_reference_type,
                                      .module = "weakref",
                                      .documentation = "A reference that keeps nothing alive.",
                                      .methods = kReferenceMethods,
                                      .attributes = kReferenceAttributes});
}

}  // namespace runtime
