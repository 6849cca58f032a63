#include <cstring>
#include <utility>

#include "runtime/containers/dict_view.h"
#include "runtime/containers/list_object.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"
#include "runtime/object/weak_reference.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_layout.h"
#include "runtime/types/class_type.h"
#include "runtime/types/exception_methods.h"
#include "runtime/types/instance_layout.h"
#include "runtime/types/linearization.h"
#include "runtime/types/native_function.h"
#include "runtime/types/object_type.h"
#include "runtime/types/property.h"
#include "runtime/types/slot_table.h"
#include "runtime/types/super_object.h"
#include "runtime/types/type_attributes.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

// What is known of a class before it is one.
struct Plan {
  Borrowed<Type> metaclass;
  Borrowed<Str> name;
  Borrowed<Tuple> bases;
  Borrowed<Dict> dict;  // its own, a copy of the namespace
  Type* base;
  ClassLayout layout;
};

Result<Done> set_unless_there(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Str> name,
                              Borrowed<Object> value) {
  TRY(dict_set_default(thread, dict, name, value));
  return Done{};
}

// A plain function under this name becomes a static or a class method.
Result<Done> wrap_function(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Str> name,
                           Result<Ref<Object>> (*wrapper)(ThreadState&, Borrowed<Object>)) {
  TRY_ASSIGN(Ref<Object> there, dict_get(thread, dict, name));
  if (!there || !protocol_of(there).binds_by_first_argument) return Done{};
  TRY_ASSIGN(Ref<Object> wrapped, wrapper(thread, there));
  return dict_set(thread, dict, name, wrapped);
}

// What stands in the dict of every class.
Result<Done> complete_dict(ThreadState& thread, const Plan& plan) {
  const Names& names = Names::of(thread);
  TRY_ASSIGN(bool has_module, dict_contains(thread, plan.dict, names.dunder_module()));
  if (!has_module) {
    if (const auto hook = Types::of(thread).hooks().current_module_name) {
      if (Ref<Object> module = hook(thread)) {
        TRY(dict_set(thread, plan.dict, names.dunder_module(), module));
      }
    }
  }
  TRY(set_unless_there(thread, plan.dict, names.dunder_doc(), none()));
  TRY(wrap_function(thread, plan.dict, names.dunder_new(), &new_staticmethod));
  TRY(wrap_function(thread, plan.dict, names.dunder_init_subclass(), &new_classmethod));
  TRY(wrap_function(thread, plan.dict, names.dunder_class_getitem(), &new_classmethod));
  TRY_ASSIGN(bool has_equality, dict_contains(thread, plan.dict, names.dunder_eq()));
  if (has_equality) TRY(set_unless_there(thread, plan.dict, names.dunder_hash(), none()));
  return Done{};
}

Result<Done> set_names(ThreadState& thread, ClassType& type, const Plan& plan) {
  const std::string text = utf8_of(*plan.name);
  auto* buffer = static_cast<char*>(raw_allocate(thread, text.size() + 1));
  if (buffer == nullptr) return raise_out_of_memory(thread);
  std::memcpy(buffer, text.c_str(), text.size() + 1);
  type.name_buffer = buffer;
  type.name_bytes = static_cast<std::uint32_t>(text.size() + 1);
  type.slots.name = buffer;
  set_maybe_weak(plan.name.get());
  type.its_body.name.initialize(Ref<Object>::share(thread, plan.name).release());
  const Names& names = Names::of(thread);
  TRY_ASSIGN(Ref<Object> qualified, dict_take(thread, plan.dict, names.dunder_qualname()));
  if (!qualified) return Done{};
  if (!is_str(*qualified)) {
    return raise(thread, type_error_type, "type __qualname__ must be a str, not {}",
                 type_name(qualified));
  }
  set_maybe_weak(qualified.get());
  type.its_body.qualified_name.initialize(qualified.release());
  return Done{};
}

// The fields that are there before a program sees the class.
Result<Done> fill(ThreadState& thread, ClassType& type, const Plan& plan) {
  const ClassLayout& layout = plan.layout;
  const Type& base = *plan.base;
  type.body = &type.its_body;
  TypeBody& body = type.its_body;
  body.is_class = true;
  body.is_derivable = true;
  body.place = layout.place;
  body.dict_offset = layout.dict_offset;
  body.base = plan.base;
  body.constructor = base.body->constructor;
  body.dict = Ref<Dict>::share(thread, plan.dict).release();
  body.bases = Ref<Tuple>::share(thread, plan.bases).release();
  type.member_offset = layout.member_offset;
  type.member_count = static_cast<std::uint32_t>(layout.members.size());
  type.bytes_behind_items = layout.bytes_behind_items;
  type.slots = base.slots;
  type.slots.size = layout.size;
  type.slots.heap = HeapKind::kCollected;
  type.slots.weak_references_offset = layout.weak_references_offset;
  type.slots.release_fields = &release_class_instance;
  type.slots.clear = &clear_class_instance;
  type.slots.traverse = &traverse_class_instance;
  type.protocol = protocol_of(base);
  type.protocol.base = plan.base;
  type.slots.protocol = &type.protocol;
  if (layout.place == AttributesPlace::kInside) {
    type.keys = new_shared_keys(thread, kAttributesInside);
    if (type.keys == nullptr) return raise_out_of_memory(thread);
  }
  return set_names(thread, type, plan);
}

// The metaclass may have its own way: type.mro().
Result<Ref<Tuple>> order_of(ThreadState& thread, Borrowed<Type> type, const Plan& plan) {
  Borrowed<Str> name = Names::of(thread).mro();
  Ref<Object> own = find_in_type(thread, plan.metaclass, name);
  Ref<Object> of_type = find_in_type(thread, Borrowed<Type>(&type_type), name);
  if (own.get() == of_type.get()) return linearize(thread, type, plan.bases);
  TRY_ASSIGN(Ref<Object> order, call_method(thread, type, name, Arguments()));
  TRY_ASSIGN(Ref<List> items, new_list_from(thread, order));
  std::vector<Ref<Object>> types;
  for (std::int64_t i = 0; i < list_size(*items); ++i) {
    Ref<Object> item = list_get(thread, items, i);
    if (!is_type(*item)) {
      return raise(thread, type_error_type, "mro() returned a non-class ('{}')", type_name(item));
    }
    if (!is_subtype(solid_base(*plan.base), solid_base(*as_type(item)))) {
      return raise(thread, type_error_type, "mro() returned base with unsuitable layout ('{}')",
                   as_type(item)->slots.name);
    }
    types.push_back(std::move(item));
  }
  return new_tuple_taking(thread, types);
}

constexpr NativeAttribute kDictRow = {"__dict__", &dict_of_instance, &set_dict_of_instance,
                                      "The attributes of the object."};
constexpr NativeAttribute kWeakReferenceRow = {"__weakref__", &weak_reference_of_instance, nullptr,
                                               "The weak references to the object."};

Result<Done> add_descriptors(ThreadState& thread, Borrowed<Type> type, const Plan& plan) {
  const Names& names = Names::of(thread);
  if (plan.layout.adds_dict) {
    TRY_ASSIGN(Ref<Object> made, new_getset_descriptor(thread, type, kDictRow));
    TRY(set_unless_there(thread, plan.dict, names.dunder_dict(), made));
  }
  if (plan.layout.adds_weak_references) {
    TRY_ASSIGN(Ref<Object> made, new_getset_descriptor(thread, type, kWeakReferenceRow));
    TRY(set_unless_there(thread, plan.dict, names.dunder_weakref(), made));
  }
  if (plan.layout.members.empty()) return Done{};
  std::vector<Borrowed<Object>> members;
  for (const Ref<Str>& member : plan.layout.members) members.emplace_back(member);
  TRY_ASSIGN(Ref<Tuple> member_names, new_tuple(thread, members));
  as_class(*type).member_names = member_names.release();
  std::uint32_t offset = plan.layout.member_offset;
  for (const Ref<Str>& member : plan.layout.members) {
    TRY_ASSIGN(Ref<Object> made, new_member_descriptor(thread, type, member, offset));
    TRY(dict_set(thread, plan.dict, member, made));
    offset += sizeof(Object*);
  }
  return Done{};
}

Result<Done> set_class_cell(ThreadState& thread, Borrowed<Type> type, const Plan& plan) {
  TRY_ASSIGN(Ref<Object> cell, dict_take(thread, plan.dict, Names::of(thread).dunder_classcell()));
  if (!cell) return Done{};
  return set_attribute(thread, cell, "cell_contents", type.get());
}

// PEP 487: tells each attribute what it is called.
Result<Done> tell_names(ThreadState& thread, Borrowed<Type> type, const Plan& plan) {
  TRY_ASSIGN(Ref<Dict> copy, copy_dict(thread, plan.dict));
  TRY_ASSIGN(Ref<List> keys, new_list_from(thread, copy));
  for (std::int64_t i = 0; i < list_size(*keys); ++i) {
    Ref<Object> key = list_get(thread, keys, i);
    TRY_ASSIGN(Ref<Object> value, dict_get(thread, copy, key));
    if (!value) continue;
    TRY_ASSIGN(Method method, find_special(thread, value, Names::of(thread).dunder_set_name()));
    if (!method.function) continue;
    const Borrowed<Object> both[] = {type, key};
    Result<Ref<Object>> told = call_method(thread, method, Arguments(both));
    if (!told.is_raised()) continue;
    Raised raised = std::move(told).raised();
    TRY_ASSIGN(Ref<Str> key_text, repr_of(thread, key));
    TRY(add_exception_note(thread, raised.exception(),
                           fmt::format("Error calling __set_name__ on '{}' instance {} in '{}'",
                                       type_name(value), utf8_of(*key_text), utf8_of(*plan.name))));
    return raised;
  }
  return Done{};
}

Result<Done> tell_bases(ThreadState& thread, Borrowed<Type> type, Arguments named, Tuple* names) {
  TRY_ASSIGN(Ref<Object> hook, find_after(thread, type, type, type.get(), type,
                                          Names::of(thread).dunder_init_subclass()));
  if (!hook) return Done{};
  if (!named.empty() && hook->type == &native_function_type) {
    return raise(thread, type_error_type, "{}.__init_subclass__() takes no keyword arguments",
                 utf8_of(*qualified_name_of(thread, type)));
  }
  TRY(call(thread, hook, CallArguments{.positional = {}, .named = named, .names = names}));
  return Done{};
}

Result<Ref<Type>> make_class(ThreadState& thread, const Plan& plan) {
  TRY(complete_dict(thread, plan));
  Ref<ClassType> made = new_object<ClassType>(thread, *plan.metaclass.get());
  if (!made) return raise_out_of_memory(thread);
  Borrowed<Type> type = made;
  TRY(fill(thread, *made, plan));
  TRY_ASSIGN(Ref<Tuple> order, order_of(thread, type, plan));
  made->resolution_order = order.release();
  TRY(add_descriptors(thread, type, plan));
  complete_type(thread, type);
  Ref<WeakReference> itself = make_weak_reference(thread, type);
  if (!itself) return raise_out_of_memory(thread);
  made->self_reference = itself.release();
  {
    TypeSection section(thread);
    for (std::int64_t i = 0; i < plan.bases->size; ++i) {
      add_derived_locked(thread, *as_type(plan.bases->at(i)), *made);
    }
    // From here on changes of the bases come to the class, too.
    const ClassSlots slots = computed_slots(thread, *made);
    made->protocol = slots.protocol;
    made->slots.finalize = slots.finalize;
  }
  return Ref<Type>(std::move(made));
}

}  // namespace

Result<Ref<Type>> winning_metaclass(ThreadState& thread, Borrowed<Type> metaclass,
                                    Borrowed<Tuple> bases) {
  Borrowed<Type> winner = metaclass;
  for (std::int64_t i = 0; i < bases->size; ++i) {
    Borrowed<Type> other(bases->at(i)->type);
    if (is_subtype(*winner, *other)) continue;
    if (is_subtype(*other, *winner)) {
      winner = other;
      continue;
    }
    return raise(thread, type_error_type,
                 "metaclass conflict: the metaclass of a derived class must be a (non-strict) "
                 "subclass of the metaclasses of all its bases");
  }
  return Ref<Type>::share(thread, winner);
}

Result<Ref<Type>> new_class(ThreadState& thread, Borrowed<Type> metaclass, Borrowed<Str> name,
                            Borrowed<Tuple> bases, Borrowed<Dict> namespace_dict, Arguments named,
                            Tuple* names) {
  Ref<Tuple> all_bases = Ref<Tuple>::share(thread, bases);
  if (bases->size == 0) {
    RT_TRY_ASSIGN(one, all_bases, new_tuple(thread, {Borrowed<Object>(&object_type)}));
  }
  TRY_ASSIGN(Ref<Dict> dict, copy_dict(thread, namespace_dict));
  TRY_ASSIGN(Ref<Str> exact_name, name_of(thread, name));
  Plan plan{metaclass, exact_name, all_bases, dict, nullptr, {}};
  RT_TRY_ASSIGN(best, plan.base, best_base(thread, all_bases));
  TRY(lay_out(thread, *plan.base, all_bases, dict, utf8_of(*name), plan.layout));
  TRY_ASSIGN(Ref<Type> type, make_class(thread, plan));
  TRY(set_class_cell(thread, type, plan));
  TRY(tell_names(thread, type, plan));
  TRY(tell_bases(thread, type, named, names));
  return type;
}

}  // namespace runtime
