#include <utility>

#include "runtime/modules/weak_objects.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/native.h"
#include "runtime/types/type_body.h"

namespace runtime {

namespace {

// The referent of a proxy; any other object is itself. ReferenceError.
Result<Ref<Object>> unwrapped(ThreadState& thread, Borrowed<Object> object) {
  if (!is_proxy(*object)) return Ref<Object>::share(thread, object);
  Ref<Object> referent = dereference(thread, Borrowed(static_cast<WeakReference*>(object.get())));
  if (referent) return referent;
  return raise(thread, reference_error_type, "weakly-referenced object no longer exists");
}

Result<Ref<Object>> compare_proxies(ThreadState& thread, Borrowed<Object> left,
                                    Borrowed<Object> right, CompareOp op) {
  TRY_ASSIGN(Ref<Object> ours, unwrapped(thread, left));
  TRY_ASSIGN(Ref<Object> theirs, unwrapped(thread, right));
  return compare(thread, ours, theirs, op);
}

Result<Ref<Str>> repr_of_proxy(ThreadState& thread, Borrowed<Object> self) {
  const void* address = self.get();
  Ref<Object> referent = dereference(thread, Borrowed(static_cast<WeakReference*>(self.get())));
  if (!referent) return new_str(thread, fmt::format("<weakproxy at {}; dead>", address));
  return new_str(thread, fmt::format("<weakproxy at {}; to '{}' at {}>", address,
                                     full_name_of(thread, Borrowed<Type>(referent->type)),
                                     static_cast<const void*>(referent.get())));
}

Result<Ref<Str>> str_of_proxy(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  return str_of(thread, object);
}

Result<bool> truth_of_proxy(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  return is_true(thread, object);
}

Result<std::int64_t> length_of_proxy(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  return length_of(thread, object);
}

Result<Ref<Object>> iterate_proxy(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  return get_iterator(thread, object);
}

Result<Ref<Object>> next_of_proxy(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  if (protocol_of(object).next == nullptr) {
    return raise(thread, type_error_type, "Weakref proxy referenced a non-iterator '{}' object",
                 type_name(object));
  }
  return next_of(thread, object);
}

Result<Ref<Object>> get_proxy_item(ThreadState& thread, Borrowed<Object> self,
                                   Borrowed<Object> key) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  return get_item(thread, object, key);
}

Result<Done> set_proxy_item(ThreadState& thread, Borrowed<Object> self, Borrowed<Object> key,
                            Object* value) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  if (value == nullptr) return delete_item(thread, object, key);
  return set_item(thread, object, key, Borrowed(value));
}

Result<bool> proxy_contains(ThreadState& thread, Borrowed<Object> self, Borrowed<Object> member) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  return contains(thread, object, member);
}

template <BinaryOp op>
Result<Ref<Object>> binary_of_proxies(ThreadState& thread, Borrowed<Object> left,
                                      Borrowed<Object> right) {
  TRY_ASSIGN(Ref<Object> ours, unwrapped(thread, left));
  TRY_ASSIGN(Ref<Object> theirs, unwrapped(thread, right));
  return binary(thread, ours, theirs, op);
}

template <BinaryOp op>
Result<Ref<Object>> inplace_of_proxies(ThreadState& thread, Borrowed<Object> left,
                                       Borrowed<Object> right) {
  TRY_ASSIGN(Ref<Object> ours, unwrapped(thread, left));
  TRY_ASSIGN(Ref<Object> theirs, unwrapped(thread, right));
  return inplace(thread, ours, theirs, op);
}

template <UnaryOp op>
Result<Ref<Object>> unary_of_proxy(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  return unary(thread, object, op);
}

Result<Ref<Object>> index_of_proxy(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  return index_of(thread, object);
}

// int(proxy), float(proxy): what the referent's own slot says.
template <UnarySlot Protocol::*slot>
Result<Ref<Object>> number_of_proxy(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  if (const UnarySlot own = protocol_of(object).*slot; own != nullptr) return own(thread, object);
  return index_of(thread, object);
}

Result<Ref<Object>> call_proxy(ThreadState& thread, Borrowed<Object> self,
                               const CallArguments& arguments) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  return call(thread, object, arguments);
}

Result<Ref<Object>> get_proxy_attribute(ThreadState& thread, Borrowed<Object> self,
                                        Borrowed<Str> name) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  return get_attribute(thread, object, name);
}

Result<Done> set_proxy_attribute(ThreadState& thread, Borrowed<Object> self, Borrowed<Str> name,
                                 Object* value) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  return set_attribute(thread, object, name, value);
}

Result<Ref<Object>> bytes_method(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  return call_method(thread, object, "__bytes__", {});
}

Result<Ref<Object>> reversed_method(ThreadState& thread, Borrowed<Object> self,
                                    const BoundArguments&) {
  TRY_ASSIGN(Ref<Object> object, unwrapped(thread, self));
  return call_method(thread, object, "__reversed__", {});
}

template <std::size_t... op>
constexpr void fill_binary(Protocol& protocol, std::index_sequence<op...>) {
  ((protocol.binary[op] = &binary_of_proxies<static_cast<BinaryOp>(op)>), ...);
  ((protocol.inplace[op] = &inplace_of_proxies<static_cast<BinaryOp>(op)>), ...);
}

template <std::size_t... op>
constexpr void fill_unary(Protocol& protocol, std::index_sequence<op...>) {
  ((protocol.unary[op] = &unary_of_proxy<static_cast<UnaryOp>(op)>), ...);
}

enum class Called { kNo, kYes };

constexpr Protocol protocol_of_proxies(Called called) {
  Protocol protocol{
      .compare = &compare_proxies,
      .repr = &repr_of_proxy,
      .str = &str_of_proxy,
      .truth = &truth_of_proxy,
      .length = &length_of_proxy,
      .iterate = &iterate_proxy,
      .next = &next_of_proxy,
      .get_item = &get_proxy_item,
      .set_item = &set_proxy_item,
      .contains = &proxy_contains,
      .index = &index_of_proxy,
      .as_int = &number_of_proxy<&Protocol::as_int>,
      .as_float = &number_of_proxy<&Protocol::as_float>,
      .get_attribute = &get_proxy_attribute,
      .set_attribute = &set_proxy_attribute,
  };
  if (called == Called::kYes) protocol.call = &call_proxy;
  fill_binary(protocol, std::make_index_sequence<kBinaryOps>());
  fill_unary(protocol, std::make_index_sequence<kUnaryOps>());
  return protocol;
}

constexpr Protocol kProxyProtocol = protocol_of_proxies(Called::kNo);
constexpr Protocol kCallableProxyProtocol = protocol_of_proxies(Called::kYes);

constexpr NativeMethod kProxyMethods[] = {
    {"__bytes__()", &bytes_method},
    {"__reversed__()", &reversed_method},
};

}  // namespace

// A proxy ends as a weak reference does: the slots are set when the types are opened.
constinit Type proxy_type(TypeSlots{
    .name = "weakref.ProxyType",
    .size = sizeof(WeakReference),
    .heap = HeapKind::kCollected,
    .protocol = &kProxyProtocol,
});
constinit Type callable_proxy_type(TypeSlots{
    .name = "weakref.CallableProxyType",
    .size = sizeof(WeakReference),
    .heap = HeapKind::kCollected,
    .protocol = &kCallableProxyProtocol,
});

Result<Ref<Object>> new_proxy(ThreadState& thread, Borrowed<Object> referent, Object* callback) {
  TRY(check_referable(thread, referent));
  Type& type = protocol_of(referent).call != nullptr ? callable_proxy_type : proxy_type;
  if (callback == nullptr || is_none(callback)) {
    Ref<WeakReference> shared = make_shared_weak_reference(thread, type, referent);
    if (!shared) return raise_out_of_memory(thread);
    return shared;
  }
  Ref<WeakReference> fresh = new_object<WeakReference>(thread, type);
  if (!fresh) return raise_out_of_memory(thread);
  track(fresh.get());
  attach_weak_reference(thread, fresh, referent, &call_python_callback,
                        Ref<Object>::share(thread, Borrowed(callback)));
  return fresh;
}

Result<Done> open_proxy_types(ThreadState& thread) {
  for (Type* type : {&proxy_type, &callable_proxy_type}) {
    type->slots.release_fields = weak_reference_type.slots.release_fields;
    type->slots.traverse = weak_reference_type.slots.traverse;
    type->slots.clear = weak_reference_type.slots.clear;
    TRY(open_type(thread, NativeType{.type = *type,
                                     .module = "weakref",
                                     .methods = kProxyMethods,
                                     .derivable = Derivable::kNo}));
  }
  return Done();
}

}  // namespace runtime
