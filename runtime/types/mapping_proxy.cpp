#include "runtime/types/mapping_proxy.h"

#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/native.h"

namespace runtime {

namespace {

Borrowed<Object> mapping_of(Borrowed<Object> proxy) {
  return Borrowed<Object>(static_cast<MappingProxy*>(proxy.get())->mapping);
}

Result<Ref<Object>> compare_proxy(ThreadState& thread, Borrowed<Object> left,
                                  Borrowed<Object> right, CompareOp op) {
  return compare(thread, mapping_of(left), right, op);
}
Result<Ref<Str>> repr_proxy(ThreadState& thread, Borrowed<Object> proxy) {
  TRY_ASSIGN(Ref<Str> inner, repr_of(thread, mapping_of(proxy)));
  return new_str(thread, "mappingproxy(" + utf8_of(*inner) + ")");
}
Result<Ref<Str>> str_proxy(ThreadState& thread, Borrowed<Object> proxy) {
  return str_of(thread, mapping_of(proxy));
}
Result<std::int64_t> length_of_proxy(ThreadState& thread, Borrowed<Object> proxy) {
  return length_of(thread, mapping_of(proxy));
}
Result<Ref<Object>> iterate_proxy(ThreadState& thread, Borrowed<Object> proxy) {
  return get_iterator(thread, mapping_of(proxy));
}
Result<Ref<Object>> get_item_of_proxy(ThreadState& thread, Borrowed<Object> proxy,
                                      Borrowed<Object> key) {
  return get_item(thread, mapping_of(proxy), key);
}
Result<bool> contains_in_proxy(ThreadState& thread, Borrowed<Object> proxy,
                               Borrowed<Object> member) {
  return contains(thread, mapping_of(proxy), member);
}
Borrowed<Object> unwrapped(Borrowed<Object> object) {
  return object->type == &mapping_proxy_type ? mapping_of(object) : object;
}
Result<Ref<Object>> unite(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right) {
  return binary(thread, unwrapped(left), unwrapped(right), BinaryOp::kOr);
}
Result<Ref<Object>> unite_in_place(ThreadState& thread, Borrowed<Object> left, Borrowed<Object>) {
  return raise(thread, type_error_type, "'|=' is not supported by {}; use '|' instead",
               type_name(left));
}

constexpr Protocol kProxyProtocol = [] {
  Protocol protocol{
      .compare = &compare_proxy,
      .repr = &repr_proxy,
      .str = &str_proxy,
      .length = &length_of_proxy,
      .iterate = &iterate_proxy,
      .get_item = &get_item_of_proxy,
      .contains = &contains_in_proxy,
  };
  protocol.binary[static_cast<unsigned>(BinaryOp::kOr)] = &unite;
  protocol.inplace[static_cast<unsigned>(BinaryOp::kOr)] = &unite_in_place;
  return protocol;
}();

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Object>, const BoundArguments& arguments) {
  Borrowed<Object> mapping = arguments.at(0);
  if (protocol_of(mapping).get_item == nullptr) {
    return raise(thread, type_error_type, "mappingproxy() argument must be a mapping, not {}",
                 type_name(mapping));
  }
  return new_mapping_proxy(thread, mapping);
}

// Each asks the mapping for its own method.
Result<Ref<Object>> get(ThreadState& thread, Borrowed<Object> self,
                        const BoundArguments& arguments) {
  const Borrowed<Object> both[] = {
      arguments.at(0), arguments.has(1) ? arguments.at(1) : Borrowed<Object>(&none_object)};
  return call_method(thread, mapping_of(self), "get", Arguments(both));
}
Result<Ref<Object>> keys(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return call_method(thread, mapping_of(self), "keys", Arguments());
}
Result<Ref<Object>> values(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return call_method(thread, mapping_of(self), "values", Arguments());
}
Result<Ref<Object>> items(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return call_method(thread, mapping_of(self), "items", Arguments());
}
Result<Ref<Object>> copy(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return call_method(thread, mapping_of(self), "copy", Arguments());
}
Result<Ref<Object>> reversed(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return call_method(thread, mapping_of(self), "__reversed__", Arguments());
}

constexpr NativeMethod kMethods[] = {
    {"get(key, default?, /)", &get},
    {"keys()", &keys},
    {"values()", &values},
    {"items()", &items},
    {"copy()", &copy},
    {"__reversed__()", &reversed},
};

}  // namespace

constinit Type mapping_proxy_type(TypeSlots{
    .name = "mappingproxy",
    .size = sizeof(MappingProxy),
    .heap = HeapKind::kCollected,
    .release_fields = &release_field<&MappingProxy::mapping>,
    .traverse = &traverse_field<&MappingProxy::mapping>,
    .protocol = &kProxyProtocol,
});

Result<Ref<Object>> new_mapping_proxy(ThreadState& thread, Borrowed<Object> mapping) {
  Ref<MappingProxy> made = new_object<MappingProxy>(thread, mapping_proxy_type);
  if (!made) return raise_out_of_memory(thread);
  made->mapping = Ref<Object>::share(thread, mapping).release();
  track(made.get());
  return made;
}

Result<Done> open_mapping_proxy_type(ThreadState& thread) {
  return open_type(thread, {.type = mapping_proxy_type,
                            .documentation = "A view of a mapping that cannot be written.",
                            .methods = kMethods,
                            .derivable = Derivable::kNo,
                            .constructor = "mappingproxy(mapping, /)",
                            .make = &make});
}

}  // namespace runtime
