#include "runtime/types/attributes.h"

#include <utility>

#include "runtime/containers/instance_values.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/argument_list.h"
#include "runtime/types/bound_method.h"
#include "runtime/types/class_type.h"
#include "runtime/types/exception_fields.h"
#include "runtime/types/instance_layout.h"
#include "runtime/types/type_body.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

Borrowed<Instance> as_instance(Borrowed<Object> object) {
  return Borrowed<Instance>(static_cast<Instance*>(object.get()));
}

// Of the object itself; null: none.
Result<Ref<Object>> own_attribute(ThreadState& thread, Borrowed<Object> object,
                                  Borrowed<Str> name) {
  const TypeBody* body = object->type->body;
  if (body == nullptr || body->place == AttributesPlace::kNone) return Ref<Object>(nullptr);
  if (body->place == AttributesPlace::kInside) {
    return instance_get(thread, as_instance(object), name);
  }
  Ref<Dict> dict = existing_dict_of(thread, object);
  if (!dict) return Ref<Object>(nullptr);
  return dict_get(thread, dict, name);
}

// `type` may be given up by its object while foreign code runs; a class is kept for the time.
class KeptType {
 public:
  KeptType(ThreadState& thread, Type& type)
      : reference_(is_class(type) ? Ref<Object>::share(thread, Borrowed<Object>(&type))
                                  : Ref<Object>()),
        type_(type) {}
  [[nodiscard]] Borrowed<Type> get() const { return Borrowed<Type>(&type_); }

 private:
  Ref<Object> reference_;
  Type& type_;
};

// A null reference: there is none.
Result<Ref<Object>> find_generic(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name) {
  Borrowed<Type> type(object->type);
  Ref<Object> attribute = find_in_type(thread, type, name);
  if (attribute) {
    const Protocol& protocol = protocol_of(attribute);
    if (protocol.descriptor_set != nullptr && protocol.descriptor_get != nullptr) {
      KeptType kept(thread, *type);
      return protocol.descriptor_get(thread, attribute, object.get(), kept.get());
    }
  }
  TRY_ASSIGN(Ref<Object> own, own_attribute(thread, object, name));
  if (own) return own;
  if (!attribute) return Ref<Object>(nullptr);
  const auto get = protocol_of(attribute).descriptor_get;
  if (get == nullptr) return attribute;
  KeptType kept(thread, *object->type);
  return get(thread, attribute, object.get(), kept.get());
}

}  // namespace

Result<Ref<Str>> name_of(ThreadState& thread, Borrowed<Object> object) {
  if (!is_str(*object)) {
    return raise(thread, type_error_type, "attribute name must be string, not '{}'",
                 type_name(object));
  }
  Borrowed<Str> text = as_str(object);
  if (object->type == &str_type) {
    if (text->is_interned.load_acquire()) return Ref<Str>::share(thread, text);
    return intern(thread, Ref<Str>::share(thread, text));
  }
  if (text->length == 0) return empty_str();
  TRY_ASSIGN(Ref<Str> exact, copy_str(thread, text));
  return intern(thread, std::move(exact));
}

Result<Ref<Object>> bind(ThreadState& thread, Ref<Object> attribute, Object* instance,
                         Borrowed<Type> owner) {
  const auto get = protocol_of(attribute).descriptor_get;
  if (get == nullptr) return attribute;
  return get(thread, attribute, instance, owner);
}

Result<Ref<Object>> generic_get_attribute(ThreadState& thread, Borrowed<Object> object,
                                          Borrowed<Str> name) {
  TRY_ASSIGN(Ref<Object> found, find_generic(thread, object, name));
  if (found) return found;
  return raise_no_attribute(thread, object, name);
}

Result<Ref<Object>> get_attribute(ThreadState& thread, Borrowed<Object> object,
                                  Borrowed<Str> name) {
  const auto slot = protocol_of(object).get_attribute;
  return slot == nullptr ? generic_get_attribute(thread, object, name) : slot(thread, object, name);
}

Result<Ref<Object>> get_attribute(ThreadState& thread, Borrowed<Object> object,
                                  std::string_view name) {
  TRY_ASSIGN(Ref<Str> interned, intern(thread, name));
  return get_attribute(thread, object, interned);
}

Result<Ref<Object>> find_attribute(ThreadState& thread, Borrowed<Object> object,
                                   Borrowed<Str> name) {
  const auto slot = protocol_of(object).get_attribute;
  // Nothing is raised where nothing is found, but a property may raise AttributeError.
  Result<Ref<Object>> found =
      slot == nullptr ? find_generic(thread, object, name) : slot(thread, object, name);
  if (!found.is_raised()) return found;
  Raised raised = std::move(found).raised();
  if (matches(raised, attribute_error_type)) return Ref<Object>(nullptr);
  return raised;
}

Result<Ref<Object>> find_attribute(ThreadState& thread, Borrowed<Object> object,
                                   std::string_view name) {
  TRY_ASSIGN(Ref<Str> interned, intern(thread, name));
  return find_attribute(thread, object, interned);
}

Result<Done> set_attribute(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name,
                           Object* value) {
  const auto slot = protocol_of(object).set_attribute;
  return slot == nullptr ? generic_set_attribute(thread, object, name, value)
                         : slot(thread, object, name, value);
}

Result<Done> set_attribute(ThreadState& thread, Borrowed<Object> object, std::string_view name,
                           Object* value) {
  TRY_ASSIGN(Ref<Str> interned, intern(thread, name));
  return set_attribute(thread, object, interned, value);
}

// _PyObject_GenericSetAttrWithDict
Result<Done> generic_set_attribute(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name,
                                   Object* value) {
  Ref<Object> attribute = find_in_type(thread, Borrowed<Type>(object->type), name);
  if (attribute) {
    if (const auto set = protocol_of(attribute).descriptor_set) {
      return set(thread, attribute, object, value);
    }
  }
  const TypeBody* body = object->type->body;
  const AttributesPlace place = body == nullptr ? AttributesPlace::kNone : body->place;
  if (place == AttributesPlace::kInside) {
    if (value != nullptr) {
      return instance_set(thread, as_instance(object), name, Borrowed<Object>(value));
    }
    TRY_ASSIGN(bool was_there, instance_delete(thread, as_instance(object), name));
    if (was_there) return Done{};
    return raise_no_attribute(thread, object, name);
  }
  if (place == AttributesPlace::kNone) {
    const std::string text =
        attribute ? fmt::format("'{}' object attribute '{}' is read-only", type_name(object),
                                utf8_of(*name))
                  : fmt::format(
                        "'{}' object has no attribute '{}' and no __dict__ for setting new "
                        "attributes",
                        type_name(object), utf8_of(*name));
    if (!attribute && value == nullptr) return raise_no_attribute(thread, object, name);
    return raise_attribute_error(thread, object, name, text);
  }
  if (value != nullptr) {
    TRY_ASSIGN(Ref<Dict> dict, attributes_dict_of(thread, object));
    return dict_set(thread, dict, name, Borrowed<Object>(value));
  }
  Ref<Dict> dict = existing_dict_of(thread, object);
  if (dict) {
    TRY_ASSIGN(Ref<Object> taken, dict_take(thread, dict, name));
    if (taken) return Done{};
  }
  return raise_no_attribute(thread, object, name);
}

// LOAD_ATTR with its method bit: _PyObject_GetMethod.
Result<Method> get_method(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name) {
  if (protocol_of(object).get_attribute != nullptr) {
    TRY_ASSIGN(Ref<Object> found, get_attribute(thread, object, name));
    return Method{std::move(found), nullptr};
  }
  Ref<Object> attribute = find_in_type(thread, Borrowed<Type>(object->type), name);
  if (attribute && protocol_of(attribute).binds_by_first_argument) {
    TRY_ASSIGN(Ref<Object> own, own_attribute(thread, object, name));
    if (own) return Method{std::move(own), nullptr};
    return Method{std::move(attribute), Ref<Object>::share(thread, object)};
  }
  TRY_ASSIGN(Ref<Object> found, generic_get_attribute(thread, object, name));
  return Method{std::move(found), nullptr};
}

Result<Method> find_special(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name) {
  Ref<Object> attribute = find_in_type(thread, Borrowed<Type>(object->type), name);
  if (!attribute) return Method{};
  const Protocol& protocol = protocol_of(attribute);
  if (protocol.binds_by_first_argument) {
    return Method{std::move(attribute), Ref<Object>::share(thread, object)};
  }
  if (protocol.descriptor_get == nullptr) return Method{std::move(attribute), nullptr};
  KeptType kept(thread, *object->type);
  TRY_ASSIGN(Ref<Object> bound,
             protocol.descriptor_get(thread, attribute, object.get(), kept.get()));
  return Method{std::move(bound), nullptr};
}

Result<Method> find_special(ThreadState& thread, Borrowed<Object> object, std::string_view name) {
  TRY_ASSIGN(Ref<Str> interned, intern(thread, name));
  return find_special(thread, object, interned);
}

Result<Ref<Object>> call_method_with(ThreadState& thread, const Method& method,
                                     const CallArguments& arguments) {
  if (!method.self) return call(thread, method.function, arguments);
  PrependedArguments all(method.self, arguments.positional);
  return call(
      thread, method.function,
      CallArguments{.positional = all.all(), .named = arguments.named, .names = arguments.names});
}

Result<Ref<Object>> call_method(ThreadState& thread, const Method& method, Arguments arguments) {
  return call_method_with(thread, method, CallArguments{.positional = arguments});
}

Result<Ref<Object>> call_method(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name,
                                Arguments arguments) {
  TRY_ASSIGN(Method method, get_method(thread, object, name));
  return call_method(thread, method, arguments);
}

Result<Ref<Object>> call_method(ThreadState& thread, Borrowed<Object> object, std::string_view name,
                                Arguments arguments) {
  TRY_ASSIGN(Ref<Str> interned, intern(thread, name));
  return call_method(thread, object, interned, arguments);
}

}  // namespace runtime
