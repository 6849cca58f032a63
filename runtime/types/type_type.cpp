#include <cstring>
#include <utility>

#include "runtime/containers/list_object.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/weak_reference.h"
#include "runtime/threads/stop_the_world.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/exception_fields.h"
#include "runtime/types/linearization.h"
#include "runtime/types/mapping_proxy.h"
#include "runtime/types/object_field.h"
#include "runtime/types/object_type.h"
#include "runtime/types/type_attributes.h"
#include "runtime/types/type_life.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

Result<Ref<Str>> repr_type(ThreadState& thread, Borrowed<Object> object) {
  return new_str(thread, fmt::format("<class '{}'>", full_name_of(thread, as_type(object))));
}

Result<Done> check_argument(ThreadState& thread, Borrowed<Object> argument, bool is_right,
                            unsigned number, const char* wanted) {
  if (is_right) return Done{};
  return raise(thread, type_error_type, "type.__new__() argument {} must be {}, not {}", number,
               wanted, type_name(argument));
}

// type.__new__(metaclass, name, bases, namespace, **named).
Result<Ref<Object>> make_type(ThreadState& thread, Borrowed<Type> metaclass,
                              const CallArguments& arguments) {
  if (arguments.positional.size() != 3) {
    return raise(thread, type_error_type, "type.__new__() takes exactly 3 arguments ({} given)",
                 arguments.positional.size());
  }
  Borrowed<Object> name = arguments.positional[0];
  Borrowed<Object> bases = arguments.positional[1];
  Borrowed<Object> dict = arguments.positional[2];
  TRY(check_argument(thread, name, is_str(*name), 1, "str"));
  TRY(check_argument(thread, bases, is_tuple(*bases), 2, "tuple"));
  TRY(check_argument(thread, dict, is_dict(*dict), 3, "dict"));
  TRY_ASSIGN(Ref<Type> winner, winning_metaclass(thread, metaclass, as_tuple(bases)));
  // A base may have a metaclass with its own way to make classes.
  const auto make = protocol_of(*winner).make;
  if (winner.get() != metaclass.get() && make != nullptr && make != &make_type) {
    return make(thread, winner, arguments);
  }
  return new_class(thread, winner, as_str(name), as_tuple(bases), as_dict(dict), arguments.named,
                   arguments.names);
}

// type.__init__
Result<Done> initialize_type(ThreadState& thread, Borrowed<Object>,
                             const CallArguments& arguments) {
  const std::size_t given = arguments.positional.size();
  if (given == 1 && !arguments.named.empty()) {
    return raise(thread, type_error_type, "type.__init__() takes no keyword arguments");
  }
  if (given == 1 || given == 3) return Done{};
  return raise(thread, type_error_type, "type.__init__() takes 1 or 3 arguments");
}

Result<Ref<Object>> call_type_object(ThreadState& thread, Borrowed<Object> callee,
                                     const CallArguments& arguments) {
  // type(object) is the exception, and only for type itself.
  if (callee.get() == &type_type) {
    const std::size_t given = arguments.positional.size();
    if (given == 1 && arguments.named.empty()) {
      return Ref<Object>::share(thread, Borrowed<Object>(arguments.positional[0]->type));
    }
    if (given != 3) return raise(thread, type_error_type, "type() takes 1 or 3 arguments");
  }
  return call_type(thread, as_type(callee), arguments);
}

// C[key]: PEP 560.
Result<Ref<Object>> get_class_item(ThreadState& thread, Borrowed<Object> type,
                                   Borrowed<Object> key) {
  TRY_ASSIGN(Ref<Object> hook,
             find_attribute(thread, type, Names::of(thread).dunder_class_getitem()));
  if (hook && !is_none(hook.get())) return call(thread, hook, Arguments(&key, 1));
  return raise(thread, type_error_type, "type '{}' is not subscriptable",
               as_type(type)->slots.name);
}

// -- attributes --

Raised immutable(ThreadState& thread, const char* name, const Type& type) {
  return raise(thread, type_error_type, "cannot set '{}' attribute of immutable type '{}'", name,
               type.slots.name);
}
Result<Done> check_change(ThreadState& thread, Borrowed<Object> self, const char* name,
                          Object* value) {
  const Type& type = *as_type(self);
  if (!is_class(type)) return immutable(thread, name, type);
  if (value != nullptr) return Done{};
  return raise(thread, type_error_type, "cannot delete '{}' attribute of immutable type '{}'", name,
               type.slots.name);
}

Result<Ref<Object>> get_name(ThreadState& thread, Borrowed<Object> self) {
  return type_name_of(thread, as_type(self));
}

// The name is read as text by threads that hold nothing, up to their next quiescent point.
Result<Done> set_name(ThreadState& thread, Borrowed<Object> self, Object* value) {
  TRY(check_change(thread, self, "__name__", value));
  Borrowed<Object> name(value);
  if (!is_str(*name)) {
    return raise(thread, type_error_type, "can only assign string to {}.__name__, not '{}'",
                 as_type(self)->slots.name, type_name(name));
  }
  const std::string text = utf8_of(*as_str(name));
  if (text.find('\0') != std::string::npos) {
    return raise(thread, value_error_type, "type name must not contain null characters");
  }
  auto* buffer = static_cast<char*>(raw_allocate(thread, text.size() + 1));
  if (buffer == nullptr) return raise_out_of_memory(thread);
  std::memcpy(buffer, text.c_str(), text.size() + 1);
  ClassType& type = as_class(*as_type(self));
  set_maybe_weak(value);
  Ref<Object> previous =
      exchange_object_field(thread, self, type.its_body.name, Ref<Object>::share(thread, name));
  StoppedWorld stopped(thread);
  char* old = std::exchange(type.name_buffer, buffer);
  const std::uint32_t bytes =
      std::exchange(type.name_bytes, static_cast<std::uint32_t>(text.size() + 1));
  type.slots.name = buffer;
  raw_free(thread, old,
           bytes);  // who has read the pointer is done with it: he stands at a safe point
  return Done{};
}

Result<Ref<Object>> get_qualified_name(ThreadState& thread, Borrowed<Object> self) {
  return qualified_name_of(thread, as_type(self));
}
Result<Done> set_qualified_name(ThreadState& thread, Borrowed<Object> self, Object* value) {
  TRY(check_change(thread, self, "__qualname__", value));
  Borrowed<Object> name(value);
  if (!is_str(*name)) {
    return raise(thread, type_error_type, "can only assign string to {}.__qualname__, not '{}'",
                 as_type(self)->slots.name, type_name(name));
  }
  set_maybe_weak(value);
  Ref<Object> previous = exchange_object_field(thread, self, as_type(self)->body->qualified_name,
                                               Ref<Object>::share(thread, name));
  return Done{};
}

Result<Ref<Object>> get_module(ThreadState& thread, Borrowed<Object> self) {
  return module_name_of(thread, as_type(self));
}
Result<Done> set_module(ThreadState& thread, Borrowed<Object> self, Object* value) {
  TRY(check_change(thread, self, "__module__", value));
  return type_set(thread, as_type(self), Names::of(thread).dunder_module(), value);
}

Result<Ref<Object>> get_bases(ThreadState& thread, Borrowed<Object> self) {
  const Type& type = *as_type(self);
  if (type.body == nullptr) return empty_tuple();
  return Ref<Object>::share(thread, Borrowed<Object>(type.body->bases));
}
Result<Done> set_bases(ThreadState& thread, Borrowed<Object> self, Object* value) {
  TRY(check_change(thread, self, "__bases__", value));
  return raise(thread, type_error_type, "__bases__ assignment is not supported for '{}'",
               as_type(self)->slots.name);
}
Result<Ref<Object>> get_base(ThreadState& thread, Borrowed<Object> self) {
  const Type& type = *as_type(self);
  if (type.body == nullptr || type.body->base == nullptr) return none();
  return Ref<Object>::share(thread, Borrowed<Object>(type.body->base));
}
Result<Ref<Object>> get_order(ThreadState& thread, Borrowed<Object> self) {
  Tuple* order = as_type(self)->resolution_order;
  if (order == nullptr) return none();
  return Ref<Object>::share(thread, Borrowed<Object>(order));
}
Result<Ref<Object>> get_dict(ThreadState& thread, Borrowed<Object> self) {
  const Type& type = *as_type(self);
  if (type.body == nullptr) return none();
  return new_mapping_proxy(thread, type_dict(type));
}

Result<Ref<Object>> get_documentation(ThreadState& thread, Borrowed<Object> self) {
  const Type& type = *as_type(self);
  if (type.body == nullptr) return none();
  TRY_ASSIGN(Ref<Object> found, dict_get(thread, type_dict(type), Names::of(thread).dunder_doc()));
  if (!found) return none();
  return bind(thread, std::move(found), nullptr, as_type(self));
}
Result<Done> set_documentation(ThreadState& thread, Borrowed<Object> self, Object* value) {
  TRY(check_change(thread, self, "__doc__", value));
  return type_set(thread, as_type(self), Names::of(thread).dunder_doc(), value);
}

Result<Ref<Object>> get_abstract_methods(ThreadState& thread, Borrowed<Object> self) {
  Borrowed<Type> type = as_type(self);
  Borrowed<Str> name = Names::of(thread).dunder_abstractmethods();
  if (type.get() != &type_type && type->body != nullptr) {
    TRY_ASSIGN(Ref<Object> found, dict_get(thread, type_dict(*type), name));
    if (found) return found;
  }
  return raise_attribute_error(thread, self, name, "__abstractmethods__");
}
Result<Done> set_abstract_methods(ThreadState& thread, Borrowed<Object> self, Object* value) {
  if (!is_class(*as_type(self))) return immutable(thread, "__abstractmethods__", *as_type(self));
  return type_set(thread, as_type(self), Names::of(thread).dunder_abstractmethods(), value);
}

// What a class body has left in the dict; else an empty dict, which then stays.
Result<Ref<Object>> get_annotations(ThreadState& thread, Borrowed<Object> self) {
  Borrowed<Type> type = as_type(self);
  Borrowed<Str> name = Names::of(thread).dunder_annotations();
  if (!is_class(*type)) return raise_no_attribute(thread, self, name);
  TRY_ASSIGN(Ref<Object> found, dict_get(thread, type_dict(*type), name));
  if (found) return found;
  TRY_ASSIGN(Ref<Dict> made, new_dict(thread));
  TRY(type_set(thread, type, name, made.get()));
  return made;
}
Result<Done> set_annotations(ThreadState& thread, Borrowed<Object> self, Object* value) {
  if (!is_class(*as_type(self))) return immutable(thread, "__annotations__", *as_type(self));
  return type_set(thread, as_type(self), Names::of(thread).dunder_annotations(), value);
}

Result<Ref<Object>> get_type_parameters(ThreadState& thread, Borrowed<Object> self) {
  const Type& type = *as_type(self);
  if (type.body != nullptr) {
    TRY_ASSIGN(Ref<Object> found,
               dict_get(thread, type_dict(type), Names::of(thread).dunder_type_params()));
    if (found) return found;
  }
  return empty_tuple();
}
Result<Done> set_type_parameters(ThreadState& thread, Borrowed<Object> self, Object* value) {
  TRY(check_change(thread, self, "__type_params__", value));
  return type_set(thread, as_type(self), Names::of(thread).dunder_type_params(), value);
}

constexpr NativeAttribute kAttributes[] = {
    {"__name__", &get_name, &set_name},
    {"__qualname__", &get_qualified_name, &set_qualified_name},
    {"__module__", &get_module, &set_module},
    {"__bases__", &get_bases, &set_bases},
    {"__base__", &get_base},
    {"__mro__", &get_order},
    {"__dict__", &get_dict},
    {"__doc__", &get_documentation, &set_documentation},
    {"__abstractmethods__", &get_abstract_methods, &set_abstract_methods},
    {"__annotations__", &get_annotations, &set_annotations},
    {"__type_params__", &get_type_parameters, &set_type_parameters},
};

// -- methods --

Result<Ref<Object>> order_method(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  Borrowed<Type> type = as_type(self);
  if (type->body == nullptr) return new_list(thread);
  TRY_ASSIGN(Ref<Tuple> order, linearize(thread, type, Borrowed<Tuple>(type->body->bases)));
  return new_list_from(thread, order);
}

Result<Ref<Object>> subclasses(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  TRY_ASSIGN(Ref<List> made, new_list(thread));
  TypeBody* body = as_type(self)->body;
  if (body == nullptr) return made;
  std::vector<Ref<Object>> found;
  {
    TypeSection section(thread);
    for (std::uint32_t i = 0; i < body->derived_count; ++i) {
      Type& type = *body->derived[i];
      if (!is_class(type)) {
        found.push_back(Ref<Object>::share(thread, Borrowed<Object>(&type)));
      } else if (Object* reference = as_class(type).self_reference) {
        Ref<Object> alive =
            dereference(thread, Borrowed<WeakReference>(static_cast<WeakReference*>(reference)));
        if (alive) found.push_back(std::move(alive));
      }
    }
  }
  for (const Ref<Object>& one : found) TRY(list_append(thread, made, one.duplicate(thread)));
  return made;
}

Result<Ref<Object>> directory(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return names_of_object(thread, self);
}

Result<Ref<Object>> prepare(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_dict(thread);
}

Result<Ref<Object>> check_instance(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  TRY_ASSIGN(bool answer, is_real_instance(thread, arguments.at(0), self));
  return boolean(answer);
}
Result<Ref<Object>> check_subclass(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  TRY_ASSIGN(bool answer, is_real_subclass(thread, arguments.at(0), self));
  return boolean(answer);
}

constexpr NativeMethod kMethods[] = {
    {"mro()", &order_method, "The order in which attributes are looked for."},
    {"__subclasses__()", &subclasses, "The classes that were derived from it and live."},
    {"__dir__()", &directory, "The names of its attributes."},
    {"__instancecheck__(object, /)", &check_instance, "Whether it is an instance."},
    {"__subclasscheck__(type, /)", &check_subclass, "Whether it is derived."},
    {"__prepare__(*arguments, **named)", &prepare, "The dict for the body of a class.",
     NativeKind::kOfClass},
};

}  // namespace

constinit const Protocol type_protocol{
    .hash = &hash_by_identity,
    .repr = &repr_type,
    .get_class_item = &get_class_item,
    .call = &call_type_object,
    .get_attribute = &get_attribute_of_type,
    .set_attribute = &set_attribute_of_type,
    .make = &make_type,
    .initialize = &initialize_type,
};

Result<Done> open_type_type(ThreadState& thread) {
  return open_type(thread, {.type = type_type,
                            .documentation = "The type of an object, or a new class.",
                            .methods = kMethods,
                            .attributes = kAttributes});
}

}  // namespace runtime
