// What native functions are to a program: builtin_function_or_method, and the descriptors that stand in
// the dicts of native types.
//
//   builtin_function_or_method   a function of a module, a bound native method, a `__new__`
//   method_descriptor            a native method in its type: binds like a function
//   classmethod_descriptor       the same, bound to the type
//   getset_descriptor            a computed attribute
//   member_descriptor            a place of `__slots__`
//   wrapper_descriptor           a slot of a native type's protocol: int.__add__
//   method-wrapper               the same bound to an object
//
// All fields are constant once the object is made.
//
// Ancestry: CPython's Objects/methodobject.c and Objects/descrobject.c.
#pragma once

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"
#include "runtime/object/weak_reference.h"
#include "runtime/types/native.h"

namespace runtime {

class Signature;
struct SlotRow;

struct NativeFunctionObject : WeaklyReferable {
  const NativeMethod* row;  // outlives it; null: a `__new__`
  Signature* signature;     // owned; null: a `__new__`
  Object* self;             // owned; null: none
  Object* module;           // owned, `__module__`; null: None
  Object* owner;            // borrowed: the type whose method it is; null: none
};
extern Type native_function_type;

// `__new__` of a native type, whose `self` is that type.
Result<Ref<Object>> new_native_new(ThreadState& thread, Borrowed<Type> type);

// method_descriptor and classmethod_descriptor.
struct MethodDescriptor : Object {
  const NativeMethod* row;
  Signature* signature;  // owned
  Type* owner;           // static: never ends
};
extern Type method_descriptor_type;
extern Type classmethod_descriptor_type;
Result<Ref<Object>> new_method_descriptor(ThreadState& thread, Borrowed<Type> owner,
                                          const NativeMethod& row);

struct GetSetDescriptor : Object {
  const NativeAttribute* row;
  Object*
      owner;  // owned, a Type; null in the `__dict__` and `__weakref__` of a class: its dict keeps it
  Object* name;  // an immortal Str
};
extern Type getset_descriptor_type;
Result<Ref<Object>> new_getset_descriptor(ThreadState& thread, Borrowed<Type> owner,
                                          const NativeAttribute& row);

// A word of an instance: `offset` from its beginning; null: not set.
struct MemberDescriptor : Object {
  Object* owner;  // owned, a Type
  Object* name;   // owned, a Str
  std::uint32_t offset;
};
extern Type member_descriptor_type;
Result<Ref<Object>> new_member_descriptor(ThreadState& thread, Borrowed<Type> owner,
                                          Borrowed<Str> name, std::uint32_t offset);

struct WrapperDescriptor : Object {
  const SlotRow* row;
  Type* owner;   // static
  Object* name;  // an immortal Str
};
extern Type wrapper_descriptor_type;
Result<Ref<Object>> new_wrapper_descriptor(ThreadState& thread, Borrowed<Type> owner,
                                           const SlotRow& row);

struct MethodWrapper : Object {
  Object* descriptor;  // owned, a WrapperDescriptor
  Object* self;        // owned
};
extern Type method_wrapper_type;

Result<Done> open_native_function_types(ThreadState& thread);
Result<Done> open_descriptor_types(ThreadState& thread);

}  // namespace runtime
