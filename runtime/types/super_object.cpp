#include "runtime/types/super_object.h"

#include <utility>

#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/object_section.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"
#include "runtime/types/native.h"
#include "runtime/types/object_field.h"
#include "runtime/types/type_body.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

Super& as_super(Borrowed<Object> object) { return *static_cast<Super*>(object.get()); }

void release(Object* object, DroppedFields& dropped) {
  auto* super = static_cast<Super*>(object);
  dropped.take(super->type);
  dropped.take(super->instance);
  dropped.take(super->owner);
}

void clear(Object* object, DroppedFields& dropped) {
  ObjectSection section(this_thread(), Borrowed<Object>(object));
  release(object, dropped);
}

void traverse(Object* object, Visit visit, void* context) {
  auto* super = static_cast<Super*>(object);
  for (Object* field : {super->type, super->instance, super->owner}) {
    if (field != nullptr) visit(context, field);
  }
}

// All three at one moment.
struct Fields {
  Ref<Object> type;
  Ref<Object> instance;
  Ref<Object> owner;
};
Fields read(ThreadState& thread, Borrowed<Object> object) {
  Super& super = as_super(object);
  const auto share = [&](Object* field) {
    return field == nullptr ? Ref<Object>() : Ref<Object>::share(thread, Borrowed<Object>(field));
  };
  ObjectSection section(thread, object);
  return {share(super.type), share(super.instance), share(super.owner)};
}

Result<Ref<Object>> get_attribute_of_super(ThreadState& thread, Borrowed<Object> object,
                                           Borrowed<Str> name) {
  Fields fields = read(thread, object);
  // super(...).__class__ is super.
  if (fields.owner && name.get() != Names::of(thread).dunder_class().get()) {
    TRY_ASSIGN(Ref<Object> found, find_after(thread, as_type(fields.type), as_type(fields.owner),
                                             fields.instance.get(), as_type(fields.owner), name));
    if (found) return found;
  }
  return generic_get_attribute(thread, object, name);
}

Result<Ref<Str>> repr_super(ThreadState& thread, Borrowed<Object> object) {
  Fields fields = read(thread, object);
  const char* type = fields.type ? as_type(fields.type)->slots.name : "NULL";
  if (!fields.owner) return new_str(thread, fmt::format("<super: <class '{}'>, NULL>", type));
  return new_str(thread, fmt::format("<super: <class '{}'>, <{} object>>", type,
                                     as_type(fields.owner)->slots.name));
}

Result<Done> set_fields(ThreadState& thread, Borrowed<Object> object, Ref<Object> type,
                        Ref<Object> instance, Ref<Object> owner) {
  Super& super = as_super(object);
  // What was there is dropped with the parameters, when the section has ended.
  ObjectSection section(thread, object);
  type = Ref<Object>::adopt(std::exchange(super.type, type.release()));
  instance = Ref<Object>::adopt(std::exchange(super.instance, instance.release()));
  owner = Ref<Object>::adopt(std::exchange(super.owner, owner.release()));
  return Done{};
}

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Type> type, const CallArguments&) {
  Ref<Super> made = new_object<Super>(thread, *type);
  if (!made) return raise_out_of_memory(thread);
  track(made.get());
  return made;
}

Result<Done> initialize(ThreadState& thread, Borrowed<Object> object,
                        const CallArguments& arguments) {
  if (!arguments.named.empty()) {
    return raise(thread, type_error_type, "super() takes no keyword arguments");
  }
  const std::size_t given = arguments.positional.size();
  if (given > 2) {
    return raise(thread, type_error_type, "super() expected at most 2 arguments, got {}", given);
  }
  Ref<Object> type;
  Ref<Object> instance;
  if (given == 0) {
    const auto hook = Types::of(thread).hooks().super_arguments;
    if (hook == nullptr) return raise(thread, runtime_error_type, "super(): no arguments");
    TRY_ASSIGN(SuperArguments found, hook(thread));
    type = std::move(found.type);
    instance = std::move(found.object);
  } else {
    if (!is_type(*arguments.positional[0])) {
      return raise(thread, type_error_type, "super() argument 1 must be a type, not {}",
                   type_name(arguments.positional[0]));
    }
    type = Ref<Object>::share(thread, arguments.positional[0]);
    if (given == 2 && !is_none(arguments.positional[1].get())) {
      instance = Ref<Object>::share(thread, arguments.positional[1]);
    }
  }
  Ref<Object> owner;
  if (instance) {
    RT_TRY_ASSIGN(found, owner, super_owner(thread, as_type(type), instance));
  }
  return set_fields(thread, object, std::move(type), std::move(instance), std::move(owner));
}

// super as an attribute of a class: super(C).__get__(object).
Result<Ref<Object>> descriptor_get(ThreadState& thread, Borrowed<Object> object, Object* instance,
                                   Borrowed<Type>) {
  Fields fields = read(thread, object);
  if (instance == nullptr || fields.instance || !fields.type) {
    return Ref<Object>::share(thread, object);
  }
  const Borrowed<Object> both[] = {fields.type, Borrowed<Object>(instance)};
  return call(thread, Borrowed<Object>(&super_type), Arguments(both));
}

constexpr Protocol kSuperProtocol{
    .hash = &hash_by_identity,
    .repr = &repr_super,
    .get_attribute = &get_attribute_of_super,
    .descriptor_get = &descriptor_get,
    .make = &make,
    .initialize = &initialize,
};

Result<Ref<Object>> or_none(Ref<Object> object) {
  if (!object) return none();
  return object;
}
Result<Ref<Object>> get_this_class(ThreadState& thread, Borrowed<Object> self) {
  return or_none(read_guarded_field(thread, self, as_super(self).type));
}
Result<Ref<Object>> get_self(ThreadState& thread, Borrowed<Object> self) {
  return or_none(read_guarded_field(thread, self, as_super(self).instance));
}
Result<Ref<Object>> get_self_class(ThreadState& thread, Borrowed<Object> self) {
  return or_none(read_guarded_field(thread, self, as_super(self).owner));
}
constexpr NativeAttribute kAttributes[] = {
    {"__thisclass__", &get_this_class},
    {"__self__", &get_self},
    {"__self_class__", &get_self_class},
};

}  // namespace

constinit Type super_type(TypeSlots{
    .name = "super",
    .size = sizeof(Super),
    .heap = HeapKind::kCollected,
    .release_fields = &release,
    .traverse = &traverse,
    .clear = &clear,
    .protocol = &kSuperProtocol,
});

Result<Ref<Object>> find_after(ThreadState& thread, Borrowed<Type> start, Borrowed<Type> owner,
                               Object* instance, Borrowed<Type> bound_type, Borrowed<Str> name) {
  Ref<Tuple> order = Ref<Tuple>::share(thread, resolution_order(*owner));
  std::int64_t i = 0;
  while (i < order->size && order->at(i).get() != start.get()) ++i;
  for (++i; i < order->size; ++i) {
    const Type& type = *as_type(order->at(i));
    if (type.body == nullptr) continue;
    TRY_ASSIGN(Ref<Object> found, dict_get(thread, type_dict(type), name));
    if (!found) continue;
    return bind(thread, std::move(found), instance == owner.get() ? nullptr : instance, bound_type);
  }
  return Ref<Object>(nullptr);
}

// supercheck
Result<Ref<Type>> super_owner(ThreadState& thread, Borrowed<Type> type, Borrowed<Object> instance) {
  if (is_type(*instance) && is_subtype(*as_type(instance), *type)) {
    return Ref<Type>::share(thread, as_type(instance));
  }
  if (is_instance(*instance, *type)) {
    return Ref<Type>::share(thread, Borrowed<Type>(instance->type));
  }
  // What it says of itself: a proxy.
  TRY_ASSIGN(Ref<Object> claimed,
             find_attribute(thread, instance, Names::of(thread).dunder_class()));
  if (claimed && is_type(*claimed) && claimed.get() != instance->type &&
      is_subtype(*as_type(claimed), *type)) {
    return Ref<Type>::share(thread, as_type(claimed));
  }
  return raise(thread, type_error_type,
               "super(type, obj): obj ({}{}) is not an instance or subtype of type ({}).",
               is_type(*instance) ? "type " : "instance of ",
               is_type(*instance) ? as_type(instance)->slots.name : type_name(instance),
               type->slots.name);
}

Result<Ref<Object>> super_attribute(ThreadState& thread, Borrowed<Type> type,
                                    Borrowed<Object> instance, Borrowed<Str> name) {
  TRY_ASSIGN(Ref<Type> owner, super_owner(thread, type, instance));
  TRY_ASSIGN(Ref<Object> found, find_after(thread, type, owner, instance.get(), owner, name));
  if (found) return found;
  const Borrowed<Object> both[] = {type, instance};
  TRY_ASSIGN(Ref<Object> super, call(thread, Borrowed<Object>(&super_type), Arguments(both)));
  return get_attribute(thread, super, name);
}

Result<Done> open_super_type(ThreadState& thread) {
  return open_type(thread, {.type = super_type,
                            .documentation = "Attributes as they are found behind a class.",
                            .attributes = kAttributes});
}

}  // namespace runtime
