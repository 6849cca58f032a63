// Classes: types that a program makes.
//
// A class begins with the slots of its *best base*, the one of its bases whose instances are laid
// out in the most special way; its instances are an extension of that one's: they may add attributes
// (inside the object, or a dict), a list of weak references, and the places of `__slots__`. Its table
// of operations begins as a copy and then follows what the class defines: `__add__` in Python makes
// the slot one that looks `__add__` up and calls it.
//
// Instances of plain classes keep attributes inside (containers/instance_values.h), with room for
// kAttributesInside names. Instances of classes that are derived from int, str, tuple or bytes have
// their items behind the structure, so what the class adds stands behind the last item.
//
// Classes are collected, deferred, and counted per thread. A class is part of a cycle by its order of
// resolution, so only the collector ends it.
//
// Ancestry: https://docs.python.org/3/reference/datamodel.html#customizing-class-creation; CPython's
// type_new and best_base (Objects/typeobject.c); PEP 487 (__init_subclass__, __set_name__).
#pragma once

#include "runtime/containers/instance_values.h"
#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/types/type_body.h"

namespace runtime {

inline constexpr unsigned kAttributesInside = 8;

struct ClassType : InstanceType {  // keys: null unless instances have attributes inside
  Protocol protocol;               // written before publication and in a stopped world
  TypeBody its_body;
  char* name_buffer;  // slots.name, from raw_allocate()
  std::uint32_t name_bytes;
  // The places of `__slots__` that this very class adds: `member_count` words of an instance.
  std::uint32_t member_offset;
  std::uint32_t member_count;
  Tuple* member_names;  // of them, in order; owned; null: none
  // Of an instance whose size varies: how many bytes stand behind its items.
  std::uint32_t bytes_behind_items;
  Object* self_reference;  // a WeakReference to itself, for __subclasses__; owned
};

[[nodiscard]] inline ClassType& as_class(const Type& type) {
  RT_INVARIANT(is_class(type), "what is taken for a class is one");
  return *const_cast<ClassType*>(static_cast<const ClassType*>(&type));
}

// type(name, bases, namespace, **named) for the metaclass that was found. Runs __set_name__ and
// __init_subclass__. `namespace_dict` is copied.
Result<Ref<Type>> new_class(ThreadState& thread, Borrowed<Type> metaclass, Borrowed<Str> name,
                            Borrowed<Tuple> bases, Borrowed<Dict> namespace_dict,
                            Arguments named = {}, Tuple* names = nullptr);

// Which metaclass makes a class with these bases: the most derived of `metaclass` and theirs.
// TypeError "metaclass conflict: ...".
Result<Ref<Type>> winning_metaclass(ThreadState& thread, Borrowed<Type> metaclass,
                                    Borrowed<Tuple> bases);

// -- for the constructors of native types (`make`) --
// An instance of `type`, which is T or derived from it, with its fields zero: a valid empty list,
// dict, set or exception. Tracked if it can be part of a cycle.
Result<Ref<Object>> new_empty_instance(ThreadState& thread, Borrowed<Type> type);
// `exact` is an int, float, str, bytes, tuple or frozenset of exact type: itself if `type` is that
// type, else an instance of `type`, which is derived from it, with the same value.
Result<Ref<Object>> instance_with_value(ThreadState& thread, Borrowed<Type> type,
                                        Ref<Object> exact);

// type(*arguments): makes and initializes.
Result<Ref<Object>> call_type(ThreadState& thread, Borrowed<Type> type,
                              const CallArguments& arguments);
// __new__ alone.
Result<Ref<Object>> make_instance(ThreadState& thread, Borrowed<Type> type,
                                  const CallArguments& arguments);

// object.__class__ = type. TypeError unless both lay their instances out alike. Stops the world.
Result<Done> set_class_of(ThreadState& thread, Borrowed<Object> object, Borrowed<Type> type);

// object.__dict__: null if it can have none. Made when first asked for.
Result<Ref<Dict>> attributes_dict_of(ThreadState& thread, Borrowed<Object> object);
// object.__dict__ = dict. The object can have one.
Result<Done> set_attributes_dict(ThreadState& thread, Borrowed<Object> object, Ref<Dict> dict);

// isinstance(object, what), issubclass(type, what), with __instancecheck__ and __subclasscheck__;
// `what` may be a tuple.
Result<bool> is_instance_of(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> what);
Result<bool> is_subclass_of(ThreadState& thread, Borrowed<Object> type, Borrowed<Object> what);
// The same without these hooks: what type.__instancecheck__ and type.__subclasscheck__ answer.
Result<bool> is_real_instance(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> what);
Result<bool> is_real_subclass(ThreadState& thread, Borrowed<Object> type, Borrowed<Object> what);

}  // namespace runtime
