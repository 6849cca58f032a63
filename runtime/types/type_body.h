// The body of a type: what a program sees of it, and what is needed to find attributes in it and in
// its instances.
//
// The kernel knows a type's slots. A body adds the dict with its attributes, its bases, its names, the
// types that were derived from it, where its instances keep their attributes, and a version. A static
// type is given a body when it is opened (native.h), a class made by a program is born with one
// (class_type.h).
//
// The version says whether what was once found in a type, or along its order of resolution, still
// holds: a number that was never given to another type or state; 0 after each change. Who changes a
// type sets its version and those of all derived types to 0, and only then changes the dict.
//
// An inline cache remembers (version, what was found): as long as type_version(type) says the same
// number, find_in_type() would find the same.
//
// Ancestry: CPython's PyTypeObject (tp_dict, tp_bases, tp_mro, tp_subclasses, tp_dictoffset,
// tp_version_tag) and PyHeapTypeObject.
#pragma once

#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/containers/dict_object.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/object/type.h"
#include "runtime/types/native.h"

namespace runtime {

class Signature;
struct ClassType;

// Where an instance keeps the attributes that are its own.
enum class AttributesPlace : std::uint8_t {
  kNone,        // it has none
  kInside,      // containers/instance_values.h; the instance is an Instance
  kDict,        // a dict, made when it is first needed: dict_offset
  kBehindItems  // the same, behind the last item of an instance whose size varies
};

// The constructor of a native type.
struct NativeConstructor {
  Signature* signature;
  NativeFunction make;
};

struct TypeBody {
  // Written under the type lock; read by anybody. 0: changed since somebody asked.
  Atomic<std::uint32_t> version;

  // -- constant --
  AttributesPlace place;
  bool is_class;      // made by a program, and can be changed
  bool is_derivable;  // a program may derive from it
  std::uint32_t dict_offset;
  Type* base;  // of which its instances are an extension; null: object itself. `bases` keeps it
  NativeConstructor* constructor;  // of the native type from which it is derived; null: none
  const char* documentation;       // of a native type

  // -- owned --
  Dict* dict;                      // constant
  Tuple* bases;                    // constant
  Atomic<Object*> name;            // `__name__`, a Str
  Atomic<Object*> qualified_name;  // `__qualname__`, a Str; null: the name

  // Derived types that live, guarded by the type lock. Not owned: who ends strikes itself off.
  Type** derived;
  std::uint32_t derived_count;
  std::uint32_t derived_capacity;
};

// A type that was opened, or was made by a program.
[[nodiscard]] inline bool has_body(const Type& type) { return type.body != nullptr; }
[[nodiscard]] inline bool is_class(const Type& type) {
  return type.body != nullptr && type.body->is_class;
}
// An instance of `type`, or of what a program derived from it.
[[nodiscard]] inline bool is_type(const Object& object) {
  return object.type == &type_type || is_subtype(*object.type, type_type);
}
[[nodiscard]] inline Borrowed<Type> as_type(Borrowed<Object> object) {
  RT_INVARIANT(is_type(*object), "what is taken for a type is one");
  return Borrowed<Type>(static_cast<Type*>(object.get()));
}

// type.__dict__ itself, not the view of it. Only for reading: see type_set.
[[nodiscard]] inline Borrowed<Dict> type_dict(const Type& type) {
  return Borrowed<Dict>(type.body->dict);
}
[[nodiscard]] inline Borrowed<Tuple> resolution_order(const Type& type) {
  return Borrowed<Tuple>(type.resolution_order);
}

// For inline caches: the version that find_in_type() may be remembered by. 0: none. Take it before
// what it shall stand for is looked up.
[[nodiscard]] std::uint32_t type_version(ThreadState& thread, Borrowed<Type> type);
// The same if it has one already; no lock.
[[nodiscard]] inline std::uint32_t current_type_version(const Type& type) {
  return type.body == nullptr ? 0 : type.body->version.load_acquire();
}

// type.name = value in its own dict, whether or not a program may do that to it; null deletes
// (AttributeError when there is none). What was found before is forgotten, slots follow.
Result<Done> type_set(ThreadState& thread, Borrowed<Type> type, Borrowed<Str> name, Object* value);

// type.__name__, type.__qualname__, type.__module__.
[[nodiscard]] Ref<Str> type_name_of(ThreadState& thread, Borrowed<Type> type);
[[nodiscard]] Ref<Str> qualified_name_of(ThreadState& thread, Borrowed<Type> type);
Result<Ref<Object>> module_name_of(ThreadState& thread, Borrowed<Type> type);
// "m.C", or "C" for a builtin: as repr() and tracebacks write it.
[[nodiscard]] std::string full_name_of(ThreadState& thread, Borrowed<Type> type);

// Forgets everything that was found in the type or in one derived from it. Under the type lock,
// before the change.
void invalidate_locked(ThreadState& thread, Type& type);
void add_derived_locked(ThreadState& thread, Type& base, Type& derived);
void remove_derived_locked(Type& base, Type& derived);

}  // namespace runtime
