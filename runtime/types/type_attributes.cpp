#include "runtime/types/type_attributes.h"

#include <utility>

#include "runtime/object/exception_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/weak_reference.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/exception_fields.h"
#include "runtime/types/types.h"

namespace runtime {

Result<Ref<Object>> get_attribute_of_type(ThreadState& thread, Borrowed<Object> object,
                                          Borrowed<Str> name) {
  Borrowed<Type> type = as_type(object);
  Borrowed<Type> metaclass(type->type);
  Ref<Object> of_metaclass = find_in_type(thread, metaclass, name);
  if (of_metaclass) {
    const Protocol& protocol = protocol_of(of_metaclass);
    if (protocol.descriptor_set != nullptr && protocol.descriptor_get != nullptr) {
      return protocol.descriptor_get(thread, of_metaclass, type.get(), metaclass);
    }
  }
  if (Ref<Object> own = find_in_type(thread, type, name)) {
    return bind(thread, std::move(own), nullptr, type);
  }
  if (of_metaclass) return bind(thread, std::move(of_metaclass), type.get(), metaclass);
  return raise_no_attribute(thread, object, name);
}

Result<Done> set_attribute_of_type(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name,
                                   Object* value) {
  Borrowed<Type> type = as_type(object);
  if (!is_class(*type)) {
    return raise(thread, type_error_type, "cannot set '{}' attribute of immutable type '{}'",
                 utf8_of(*name), type->slots.name);
  }
  Ref<Object> of_metaclass = find_in_type(thread, Borrowed<Type>(type->type), name);
  if (of_metaclass) {
    if (const auto set = protocol_of(of_metaclass).descriptor_set) {
      return set(thread, of_metaclass, object, value);
    }
  }
  return type_set(thread, type, name, value);
}

Result<Ref<Object>> dict_of_instance(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Dict> dict, attributes_dict_of(thread, self));
  if (dict) return dict;
  return raise_no_attribute(thread, self, Names::of(thread).dunder_dict());
}

Result<Done> set_dict_of_instance(ThreadState& thread, Borrowed<Object> self, Object* value) {
  if (value == nullptr) {
    TRY_ASSIGN(Ref<Dict> empty, new_dict(thread));
    return set_attributes_dict(thread, self, std::move(empty));
  }
  if (!is_dict(*value)) {
    return raise(thread, type_error_type, "__dict__ must be set to a dictionary, not a '{}'",
                 type_name(Borrowed<Object>(value)));
  }
  return set_attributes_dict(thread, self,
                             Ref<Dict>::share(thread, as_dict(Borrowed<Object>(value))));
}

Result<Ref<Object>> weak_reference_of_instance(ThreadState& thread, Borrowed<Object> self) {
  if (!can_be_weakly_referenced(*self->type)) {
    return raise_no_attribute(thread, self, Names::of(thread).dunder_weakref());
  }
  if (!has_weak_references(self.get())) return none();
  Ref<WeakReference> reference = make_weak_reference(thread, self);
  if (!reference) return raise_out_of_memory(thread);
  return reference;
}

}  // namespace runtime
