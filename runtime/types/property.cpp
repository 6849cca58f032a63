#include "runtime/types/property.h"

#include <string>
#include <utility>

#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/object_section.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/exception_fields.h"
#include "runtime/types/native.h"
#include "runtime/types/object_field.h"
#include "runtime/types/type_attributes.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

Property& as_property(Borrowed<Object> object) { return *static_cast<Property*>(object.get()); }

void release(Object* object, DroppedFields& dropped) {
  auto* property = static_cast<Property*>(object);
  for (Object** field : {&property->getter, &property->setter, &property->deleter,
                         &property->documentation, &property->name}) {
    dropped.take(*field);
  }
  dropped.take(property->dict);
}
void clear(Object* object, DroppedFields& dropped) {
  ObjectSection section(this_thread(), Borrowed<Object>(object));
  release(object, dropped);
}
void traverse(Object* object, Visit visit, void* context) {
  auto* property = static_cast<Property*>(object);
  for (Object* field : {property->getter, property->setter, property->deleter,
                        property->documentation, property->name, property->dict.peek()}) {
    if (field != nullptr) visit(context, field);
  }
}

Ref<Object> read(ThreadState& thread, Borrowed<Object> property, Object* Property::*field) {
  return read_guarded_field(thread, property, as_property(property).*field);
}
void write(ThreadState& thread, Borrowed<Object> property, Object* Property::*field,
           Ref<Object> value) {
  exchange_guarded_field(thread, property, as_property(property).*field, std::move(value))
      .drop(thread);
}
Ref<Object> share(ThreadState& thread, Object* object) {
  if (object == nullptr) return nullptr;
  return Ref<Object>::share(thread, Borrowed<Object>(object));
}

// What the property is called: as it was told, or as its getter is.
Result<Ref<Object>> name_of_property(ThreadState& thread, Borrowed<Object> self) {
  if (Ref<Object> name = read(thread, self, &Property::name)) return name;
  Ref<Object> getter = read(thread, self, &Property::getter);
  if (!getter) return Ref<Object>(nullptr);
  return find_attribute(thread, getter, Names::of(thread).dunder_name());
}

Raised cannot(ThreadState& thread, Borrowed<Object> self, Borrowed<Object> instance,
              const char* what) {
  Result<Ref<Object>> name = name_of_property(thread, self);
  if (name.is_raised()) return std::move(name).raised();
  const std::string owner = utf8_of(*qualified_name_of(thread, Borrowed<Type>(instance->type)));
  if (!name.value()) {
    return raise(thread, attribute_error_type, "property of '{}' object has no {}", owner, what);
  }
  Result<Ref<Str>> text = repr_of(thread, name.value());
  if (text.is_raised()) return std::move(text).raised();
  return raise(thread, attribute_error_type, "property {} of '{}' object has no {}",
               utf8_of(*text.value()), owner, what);
}

Result<Ref<Object>> get(ThreadState& thread, Borrowed<Object> self, Object* instance,
                        Borrowed<Type>) {
  if (instance == nullptr) return Ref<Object>::share(thread, self);
  Borrowed<Object> from(instance);
  Ref<Object> getter = read(thread, self, &Property::getter);
  if (!getter) return cannot(thread, self, from, "getter");
  return call(thread, getter, Arguments(&from, 1));
}

Result<Done> set(ThreadState& thread, Borrowed<Object> self, Borrowed<Object> instance,
                 Object* value) {
  const auto field = value == nullptr ? &Property::deleter : &Property::setter;
  Ref<Object> function = read(thread, self, field);
  if (!function) return cannot(thread, self, instance, value == nullptr ? "deleter" : "setter");
  if (value == nullptr) {
    TRY(call(thread, function, Arguments(&instance, 1)));
    return Done{};
  }
  const Borrowed<Object> both[] = {instance, Borrowed<Object>(value)};
  TRY(call(thread, function, Arguments(both)));
  return Done{};
}

Object* unless_none(Object* object) {
  return object == nullptr || is_none(object) ? nullptr : object;
}

// Without one of its own the property has the documentation of its getter.
Result<Done> fill(ThreadState& thread, Borrowed<Object> self, Object* getter, Object* setter,
                  Object* deleter, Object* documentation) {
  Ref<Object> text = share(thread, unless_none(documentation));
  bool is_getters = false;
  if (!text && getter != nullptr) {
    RT_TRY_ASSIGN(found, text,
                  find_attribute(thread, Borrowed<Object>(getter), Names::of(thread).dunder_doc()));
    if (text && is_none(text.get())) text = nullptr;
    is_getters = static_cast<bool>(text);
  }
  write(thread, self, &Property::getter, share(thread, getter));
  write(thread, self, &Property::setter, share(thread, setter));
  write(thread, self, &Property::deleter, share(thread, deleter));
  write(thread, self, &Property::documentation, std::move(text));
  ObjectSection section(thread, self);
  as_property(self).documents_getter = is_getters;
  return Done{};
}

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Type> type, const CallArguments&) {
  return new_empty_instance(thread, type);
}

Result<Done> initialize(ThreadState& thread, Borrowed<Object> self,
                        const CallArguments& arguments) {
  static constexpr const char* kNames[] = {"fget", "fset", "fdel", "doc"};
  Object* values[4] = {};
  const std::size_t given = arguments.positional.size();
  if (given + arguments.named.size() > 4) {
    return raise(thread, type_error_type, "property() takes at most 4 arguments ({} given)",
                 given + arguments.named.size());
  }
  for (std::size_t i = 0; i < given; ++i) values[i] = arguments.positional[i].get();
  for (std::size_t i = 0; i < arguments.named.size(); ++i) {
    const Str& name = *as_str(arguments.names->at(static_cast<std::int64_t>(i)));
    unsigned place = 0;
    while (place < 4 && !equals_utf8(name, kNames[place])) ++place;
    if (place == 4) {
      return raise(thread, type_error_type, "property() got an unexpected keyword argument '{}'",
                   utf8_of(name));
    }
    if (values[place] != nullptr) {
      return raise(thread, type_error_type,
                   "argument for property() given by name ('{}') and position ({})", kNames[place],
                   place + 1);
    }
    values[place] = arguments.named[i].get();
  }
  return fill(thread, self, unless_none(values[0]), unless_none(values[1]), unless_none(values[2]),
              values[3]);
}

constexpr Protocol kPropertyProtocol{
    .hash = &hash_by_identity,
    .descriptor_get = &get,
    .descriptor_set = &set,
    .make = &make,
    .initialize = &initialize,
};

// -- what a program sees --

Result<Ref<Object>> or_none(Ref<Object> object) {
  if (!object) return none();
  return object;
}
Result<Ref<Object>> get_getter(ThreadState& thread, Borrowed<Object> self) {
  return or_none(read(thread, self, &Property::getter));
}
Result<Ref<Object>> get_setter(ThreadState& thread, Borrowed<Object> self) {
  return or_none(read(thread, self, &Property::setter));
}
Result<Ref<Object>> get_deleter(ThreadState& thread, Borrowed<Object> self) {
  return or_none(read(thread, self, &Property::deleter));
}
Result<Ref<Object>> get_documentation(ThreadState& thread, Borrowed<Object> self) {
  return or_none(read(thread, self, &Property::documentation));
}
Result<Done> set_documentation(ThreadState& thread, Borrowed<Object> self, Object* value) {
  write(thread, self, &Property::documentation, share(thread, value));
  return Done{};
}
Result<Ref<Object>> get_name(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Object> name, name_of_property(thread, self));
  if (name) return name;
  return raise_no_attribute(thread, self, Names::of(thread).dunder_name());
}
Result<Done> set_name(ThreadState& thread, Borrowed<Object> self, Object* value) {
  write(thread, self, &Property::name, share(thread, value));
  return Done{};
}
Result<Ref<Object>> get_is_abstract(ThreadState& thread, Borrowed<Object> self) {
  for (const auto field : {&Property::getter, &Property::setter, &Property::deleter}) {
    Ref<Object> function = read(thread, self, field);
    if (!function) continue;
    TRY_ASSIGN(Ref<Object> mark,
               find_attribute(thread, function, Names::of(thread).dunder_isabstractmethod()));
    if (!mark) continue;
    TRY_ASSIGN(bool is_abstract, is_true(thread, mark));
    if (is_abstract) return boolean(true);
  }
  return boolean(false);
}

constexpr NativeAttribute kAttributes[] = {
    {"fget", &get_getter},
    {"fset", &get_setter},
    {"fdel", &get_deleter},
    {"__doc__", &get_documentation, &set_documentation},
    {"__name__", &get_name, &set_name},
    {"__isabstractmethod__", &get_is_abstract},
};

// A copy with one function replaced, of the same type.
Result<Ref<Object>> copied(ThreadState& thread, Borrowed<Object> self, Object* Property::*replaced,
                           Borrowed<Object> function) {
  Ref<Object> fields[4];
  Object* Property::*const places[] = {&Property::getter, &Property::setter, &Property::deleter,
                                       &Property::documentation};
  for (unsigned i = 0; i < 4; ++i) {
    RT_TRY_ASSIGN(one, fields[i], or_none(read(thread, self, places[i])));
    if (places[i] == replaced) fields[i] = Ref<Object>::share(thread, function);
  }
  bool documents_getter;
  {
    ObjectSection section(thread, self);
    documents_getter = as_property(self).documents_getter;
  }
  if (documents_getter && !is_none(fields[0].get())) fields[3] = none();
  const Borrowed<Object> all[] = {fields[0], fields[1], fields[2], fields[3]};
  TRY_ASSIGN(Ref<Object> made, call(thread, Borrowed<Object>(self->type), Arguments(all)));
  if (is_instance(*made, property_type)) {
    if (Ref<Object> name = read(thread, self, &Property::name)) {
      write(thread, made, &Property::name, std::move(name));
    }
  }
  return made;
}

Result<Ref<Object>> with_getter(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments) {
  return copied(thread, self, &Property::getter, arguments.at(0));
}
Result<Ref<Object>> with_setter(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments) {
  return copied(thread, self, &Property::setter, arguments.at(0));
}
Result<Ref<Object>> with_deleter(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  return copied(thread, self, &Property::deleter, arguments.at(0));
}
Result<Ref<Object>> told_name(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  write(thread, self, &Property::name, Ref<Object>::share(thread, arguments.at(1)));
  return none();
}

constexpr NativeMethod kMethods[] = {
    {"getter(function, /)", &with_getter, "A copy with another getter."},
    {"setter(function, /)", &with_setter, "A copy with another setter."},
    {"deleter(function, /)", &with_deleter, "A copy with another deleter."},
    {"__set_name__(owner, name, /)", &told_name, ""},
};

}  // namespace

constinit Type property_type(TypeSlots{
    .name = "property",
    .size = sizeof(Property),
    .heap = HeapKind::kCollected,
    .release_fields = &release,
    .traverse = &traverse,
    .clear = &clear,
    .protocol = &kPropertyProtocol,
});

Result<Ref<Object>> new_property(ThreadState& thread, Object* getter, Object* setter,
                                 Object* deleter, Object* documentation) {
  TRY_ASSIGN(Ref<Object> made, new_empty_instance(thread, Borrowed<Type>(&property_type)));
  TRY(fill(thread, made, getter, setter, deleter, documentation));
  return made;
}

Result<Done> open_property_type(ThreadState& thread) {
  return open_type(thread, {.type = property_type,
                            .documentation = "An attribute that is computed by functions.",
                            .methods = kMethods,
                            .attributes = kAttributes});
}

}  // namespace runtime
