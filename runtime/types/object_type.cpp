#include "runtime/types/object_type.h"

#include <utility>

#include "runtime/containers/dict_view.h"
#include "runtime/containers/list_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/instance_layout.h"
#include "runtime/types/type_body.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

// object.__repr__: "<m.C object at 0x7f...>".
Result<Ref<Str>> repr_object(ThreadState& thread, Borrowed<Object> object) {
  return new_str(
      thread, fmt::format("<{} object at {}>", full_name_of(thread, Borrowed<Type>(object->type)),
                          static_cast<const void*>(object.get())));
}

// "C() takes no arguments": __new__ and __init__ of object tolerate arguments that are for the other
// one. object_new and object_init of CPython.
bool makes_in_its_own_way(const Type& type) { return protocol_of(type).make != &make_object; }
bool initializes_in_its_own_way(const Type& type) {
  return protocol_of(type).initialize != &initialize_object;
}
bool has_any(const CallArguments& arguments) {
  return !arguments.positional.empty() || !arguments.named.empty();
}

Result<Done> check_abstract(ThreadState& thread, Borrowed<Type> type) {
  if (!is_class(*type)) return Done{};
  TRY_ASSIGN(Ref<Object> methods,
             dict_get(thread, type_dict(*type), Names::of(thread).dunder_abstractmethods()));
  if (!methods) return Done{};
  TRY_ASSIGN(bool has_some, is_true(thread, methods));
  if (!has_some) return Done{};
  TRY_ASSIGN(Ref<List> sorted, new_list_from(thread, methods));
  TRY(list_sort(thread, sorted, nullptr, false));
  std::string names;
  const std::int64_t count = list_size(*sorted);
  for (std::int64_t i = 0; i < count; ++i) {
    Ref<Object> name = list_get(thread, sorted, i);
    if (!name) break;
    TRY_ASSIGN(Ref<Str> text, str_of(thread, name));
    names += (i == 0 ? "'" : ", '") + utf8_of(*text) + "'";
  }
  return raise(
      thread, type_error_type,
      "Can't instantiate abstract class {} without an implementation for abstract method{} {}",
      type->slots.name, count == 1 ? "" : "s", names);
}

constexpr Protocol kObjectProtocol{
    .hash = &hash_by_identity,
    .repr = &repr_object,
    .make = &make_object,
    .initialize = &initialize_object,
};

// -- methods --

Result<Ref<Object>> get_class(ThreadState& thread, Borrowed<Object> self) {
  return Ref<Object>::share(thread, Borrowed<Object>(self->type));
}

Result<Done> set_class(ThreadState& thread, Borrowed<Object> self, Object* value) {
  if (value == nullptr) {
    return raise(thread, type_error_type, "can't delete __class__ attribute");
  }
  if (!is_type(*value)) {
    return raise(thread, type_error_type, "__class__ must be set to a class, not '{}' object",
                 type_name(Borrowed<Object>(value)));
  }
  return set_class_of(thread, self, as_type(Borrowed<Object>(value)));
}

Result<Ref<Object>> directory(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return names_of_object(thread, self);
}

Result<Ref<Object>> format_object(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments& arguments) {
  Borrowed<Object> spec = arguments.at(0);
  if (!is_str(*spec)) {
    return raise(thread, type_error_type, "__format__() argument must be str, not {}",
                 type_name(spec));
  }
  if (as_str(spec)->length > 0) {
    return raise(thread, type_error_type, "unsupported format string passed to {}.__format__",
                 type_name(self));
  }
  return str_of(thread, self);
}

Result<Ref<Object>> size_of(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  const Type& native = native_base_of(*self->type);
  const std::size_t bytes =
      has_items(native) ? bytes_with_items(*self, native) : self->type->slots.size;
  return new_int(thread, static_cast<std::int64_t>(bytes));
}

Result<Ref<Object>> reduce(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return raise(thread, type_error_type, "cannot pickle '{}' object", type_name(self));
}

// object.__reduce_ex__ asks __reduce__ if the type has its own.
Result<Ref<Object>> reduce_in_protocol(ThreadState& thread, Borrowed<Object> self,
                                       const BoundArguments& arguments) {
  Borrowed<Str> name = Names::of(thread).dunder_reduce();
  Ref<Object> own = find_in_type(thread, Borrowed<Type>(self->type), name);
  Ref<Object> of_object = find_in_type(thread, Borrowed<Type>(&object_type), name);
  if (own.get() != of_object.get()) return call_method(thread, self, name, Arguments());
  return reduce(thread, self, arguments);
}

Result<Ref<Object>> init_subclass(ThreadState&, Borrowed<Object>, const BoundArguments&) {
  return none();
}
Result<Ref<Object>> subclass_hook(ThreadState&, Borrowed<Object>, const BoundArguments&) {
  return not_implemented();
}

constexpr NativeMethod kMethods[] = {
    {"__dir__()", &directory, "The names of the attributes."},
    {"__format__(spec, /)", &format_object, "The object as text, by a format."},
    {"__sizeof__()", &size_of, "How many bytes it has."},
    {"__reduce__()", &reduce, ""},
    {"__reduce_ex__(protocol, /)", &reduce_in_protocol, ""},
    {"__init_subclass__()", &init_subclass, "Called when a class is derived from it.",
     NativeKind::kOfClass},
    {"__subclasshook__(type, /)", &subclass_hook, "Whether an abstract class takes it for its own.",
     NativeKind::kOfClass},
};
constexpr NativeAttribute kAttributes[] = {
    {"__class__", &get_class, &set_class, "The type of the object."},
};

// The names in the dict of a type and of all types it is derived from.
Result<Done> add_names_of_type(ThreadState& thread, Borrowed<Dict> all, Borrowed<Type> type) {
  if (type->resolution_order == nullptr) {
    return dict_update(thread, all, type_dict(object_type));
  }
  Ref<Tuple> order = Ref<Tuple>::share(thread, resolution_order(*type));
  for (std::int64_t i = order->size - 1; i >= 0; --i) {
    const Type& one = *as_type(order->at(i));
    if (one.body != nullptr) TRY(dict_update(thread, all, type_dict(one)));
  }
  return Done{};
}

}  // namespace

constinit Type object_type(TypeSlots{.name = "object", .protocol = &kObjectProtocol});

Result<Ref<Object>> make_object(ThreadState& thread, Borrowed<Type> type,
                                const CallArguments& arguments) {
  if (has_any(arguments)) {
    if (makes_in_its_own_way(*type)) {
      return raise(thread, type_error_type,
                   "object.__new__() takes exactly one argument (the type to instantiate)");
    }
    if (!initializes_in_its_own_way(*type)) {
      return raise(thread, type_error_type, "{}() takes no arguments", type->slots.name);
    }
  }
  TRY(check_abstract(thread, type));
  return new_empty_instance(thread, type);
}

Result<Done> initialize_object(ThreadState& thread, Borrowed<Object> object,
                               const CallArguments& arguments) {
  if (!has_any(arguments)) return Done{};
  const Type& type = *object->type;
  if (initializes_in_its_own_way(type)) {
    return raise(thread, type_error_type,
                 "object.__init__() takes exactly one argument (the instance to initialize)");
  }
  if (!makes_in_its_own_way(type)) {
    return raise(thread, type_error_type,
                 "{}.__init__() takes exactly one argument (the instance to initialize)",
                 type.slots.name);
  }
  return Done{};
}

Result<Ref<Object>> names_of_object(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Ref<Dict> all, new_dict(thread));
  const Names& names = Names::of(thread);
  if (is_type(*object)) {
    TRY(add_names_of_type(thread, all, as_type(object)));
  } else {
    TRY_ASSIGN(Ref<Object> dict, find_attribute(thread, object, names.dunder_dict()));
    TRY_ASSIGN(Ref<Object> type, find_attribute(thread, object, names.dunder_class()));
    if (type && is_type(*type)) TRY(add_names_of_type(thread, all, as_type(type)));
    if (dict && is_dict(*dict)) TRY(dict_update(thread, all, dict));
  }
  return new_list_from(thread, all);
}

Result<Done> open_object_type(ThreadState& thread) {
  return open_type(thread, {.type = object_type,
                            .documentation = "What every object is.",
                            .methods = kMethods,
                            .attributes = kAttributes});
}

}  // namespace runtime
