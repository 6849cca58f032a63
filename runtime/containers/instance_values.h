// The attributes of an instance, without a dict for each: names in the type, values in the object.
//
// Instances of one type mostly have the same attributes. So the names and their numbers stand once,
// in the type (SharedKeys), and each instance has room for the values right behind its header. To
// read an attribute is to find its number (a search without lock or count, as names are immortal)
// and to read one slot. A dict is made only if somebody asks for `instance.__dict__`: it has the same
// keys and *points at* the values inside the instance, so both show the same attributes. The dict
// outlives the instance if somebody keeps it; and it may be given keys that the type has no room for.
// Then it is *detached*: the values move into the dict, those inside are void for ever (are_valid),
// and the instance reads and writes its attributes in the dict.
//
// Who guards the values
//   no dict:                      the lock of the instance
//   a dict that points at them:   the lock of the dict
//   the step from one to the other, in a section of the instance: who changes values without a dict
//   has looked for one in the same section.
//
// Why a reader without a lock is right: he holds the instance, so its block stays. He counts what a
// slot holds and looks again whether the slot holds it still. Values that move leave null behind, and
// "valid" is false before that: so who finds null looks at are_valid, and goes to the dict.
// Values inside an instance are also read by way of the dict, by threads that do not hold the
// instance: see dict_object.h, and `holder` there.
//
// Not for attributes of types and modules, which have dicts of their own.
//
// Ancestry: PEP 412; CPython's inline values and managed dicts (_PyObject_StoreInstanceAttribute,
// _PyObject_MaterializeManagedDict, _PyDict_DetachFromObject). Departure: a reader of the dict counts
// the instance, where CPython delays the end of its memory.
//
// Orderings in this file
//   [valid-before-moved]  who moves values out has published the dict that has them, stores
//                         are_valid = false, then null into the slots (release). A reader who finds
//                         null, or no name, and then loads are_valid true (acquire) has learnt that
//                         there was no such attribute; false, and he finds the dict that has it.
//   [valid-before-cleared] who clears the dict of an instance stores are_valid = false before others
//                         find the dict empty (release). A reader who has counted a value and then loads
//                         are_valid true (acquire) read it before that; false, and he asks the dict.
#pragma once

#include <cstdint>

#include "runtime/containers/dict_object.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"
#include "runtime/object/weak_reference.h"

namespace runtime {

// A type on the heap whose instances have attributes.
struct InstanceType : Type {
  SharedKeys* keys;  // one reference; constant
};

struct Instance : WeaklyReferable {
  Atomic<Object*> dict;  // a Dict, owned; null: none was asked for
  DictValues values;     // must be last: slots follow

  [[nodiscard]] SharedKeys& shared_keys() const {
    return *static_cast<const InstanceType*>(type)->keys;
  }
};

// Of `slots`, name, finalize and protocol are used. Instances have room for `attributes` names,
// 1 .. DictValues::kMost; those that come later go to a dict. Null when out of memory.
[[nodiscard]] Ref<InstanceType> new_instance_type(ThreadState& thread, const TypeSlots& slots,
                                                  unsigned attributes);
// Null when out of memory.
[[nodiscard]] Ref<Instance> new_instance(ThreadState& thread, Borrowed<InstanceType> type);

// For who makes such types and instances himself, with what a type adds behind the values: how many
// bytes an instance has up to there, the fields of one that is zero, and the slots of its type.
[[nodiscard]] std::size_t instance_bytes(unsigned attributes);
void begin_instance(Instance& instance, const SharedKeys& keys);
void release_instance(Object* object, DroppedFields& dropped);
void traverse_instance(Object* object, Visit visit, void* context);

// `name` is interned. Each is one step for other threads.
// Null: no such attribute. Raises only what keys in the dict raise that are no str.
Result<Ref<Object>> instance_get(ThreadState& thread, Borrowed<Instance> instance,
                                 Borrowed<Str> name);
Result<Done> instance_set(ThreadState& thread, Borrowed<Instance> instance, Borrowed<Str> name,
                          Borrowed<Object> value);
// False: no such attribute.
Result<bool> instance_delete(ThreadState& thread, Borrowed<Instance> instance, Borrowed<Str> name);

// instance.__dict__. Made when it is first asked for; always the same one.
Result<Ref<Dict>> instance_dict(ThreadState& thread, Borrowed<Instance> instance);
// instance.__dict__ = dict.
Result<Done> set_instance_dict(ThreadState& thread, Borrowed<Instance> instance, Ref<Dict> dict);
// From now on its attributes are in its dict, so that its type may have other keys.
Result<Done> move_values_to_dict(ThreadState& thread, Borrowed<Instance> instance);
// The dict if there is one.
[[nodiscard]] Ref<Dict> existing_instance_dict(ThreadState& thread, Borrowed<Instance> instance);

}  // namespace runtime
