// Native functions: how a C++ function becomes something that a Python program calls.
//
// A native function is a row: its signature as text, the function, one line of documentation. The
// text says what Python's own signatures say; it is read once, when the row becomes an object, and
// from then on arguments are bound by it: the function gets one place per parameter, null where the
// caller gave nothing. So no native function counts, converts or names its arguments by hand, the
// messages of TypeError are the same everywhere, and a program can read the signature.
//
//   {"append(object, /)", &list_append_method}
//   {"pop(index?, /)", ...}                       ?: may be left out
//   {"sort(*, key?, reverse?)", ...}              what follows `*` is given by name only
//   {"print(*values, sep?, end?)", ...}           what is left over arrives in `rest`
//   {"update(other?, /, **named)", ...}           names that are left over arrive in `named`
//   {"replace(old, new, /, count?)", ...}         what stands before `/` is given by place only
//
// `self` is not written: it is what the function is called on. For a function of a module it is the
// module, for a class method and for `make` the type.
//
// Ancestry: CPython's Argument Clinic (Tools/clinic) and PyMethodDef; PEP 570 (/), PEP 3102 (*).
#pragma once

#include <cstdint>
#include <span>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct Dict;
struct Module;
struct Tuple;

// What one call passes, bound to the parameters. Valid during the call; the caller keeps it alive.
class BoundArguments {
 public:
  static constexpr unsigned kMostParameters = 16;

  // By number, `*rest` and `**named` not counted. Null: not given (an optional parameter, or one that
  // the signature does not have).
  [[nodiscard]] Object* operator[](unsigned parameter) const {
    return parameter < count_ ? values_[parameter] : nullptr;
  }
  [[nodiscard]] bool has(unsigned parameter) const { return (*this)[parameter] != nullptr; }
  // Of a parameter that is not optional, or was found to be given.
  [[nodiscard]] Borrowed<Object> at(unsigned parameter) const {
    return Borrowed<Object>((*this)[parameter]);
  }
  // What `*rest` takes.
  [[nodiscard]] Arguments rest() const { return rest_; }
  // What `**named` takes; null: nothing.
  [[nodiscard]] Dict* named() const { return named_; }

 private:
  friend class Signature;
  // Cleared are those that are not given, not the whole room: that costs as much as a short method.
  BoundArguments(Arguments positional, std::size_t given, unsigned count) : count_(count) {
    std::size_t i = 0;
    for (; i < given; ++i) values_[i] = positional[i].get();
    for (; i < count; ++i) values_[i] = nullptr;
  }

  Object* values_[kMostParameters];
  unsigned count_;  // of parameters
  Arguments rest_;
  Dict* named_ = nullptr;
};

using NativeFunction = Result<Ref<Object>> (*)(ThreadState& thread, Borrowed<Object> self,
                                               const BoundArguments& arguments);

enum class NativeKind : std::uint8_t {
  kMethod,   // of the instance; checked to be one
  kStatic,   // `self` is the type
  kOfClass,  // `self` is the type on which it is called
};

struct NativeMethod {
  const char* signature;
  NativeFunction function;
  const char* documentation = "";
  NativeKind kind = NativeKind::kMethod;
};

// A computed attribute. `set` null: it cannot be written ("attribute 'x' of 'y' objects is not
// writable"). A null `value` deletes.
struct NativeAttribute {
  const char* name;
  Result<Ref<Object>> (*get)(ThreadState& thread, Borrowed<Object> self);
  Result<Done> (*set)(ThreadState& thread, Borrowed<Object> self, Object* value) = nullptr;
  const char* documentation = "";
};

enum class Derivable { kYes, kNo };

// What a program sees of a static type.
struct NativeType {
  Type& type;
  Type* base = nullptr;  // null: object
  const char* module = "builtins";
  const char* documentation = "";
  std::span<const NativeMethod> methods = {};
  std::span<const NativeAttribute> attributes = {};
  Derivable derivable = Derivable::kYes;
  // How its constructor is bound: "int(value?, /, base?)", from which Protocol::make is called with
  // bound arguments. Null: Protocol::make and Protocol::initialize see the call as it is.
  const char* constructor = nullptr;
  NativeFunction make = nullptr;  // with `constructor`: __new__; `self` is the type to make
  // Where its instances keep the dict of their attributes (Atomic<Object*>: a Dict, owned, made when
  // it is first needed; release and traverse it). 0: they have no attributes of their own.
  std::uint32_t dict_offset = 0;
};

// Gives the type its body: `__dict__` with these methods and attributes and one wrapper for each slot
// of its protocol (`__add__`, `__len__`, ...), `__mro__`, `__module__`, `__doc__`. Once per runtime,
// by its first thread, before the second; its base was opened before.
Result<Done> open_type(ThreadState& thread, const NativeType& row);

// A builtin_function_or_method: `self` is what the function gets; null `module`: none. The row
// outlives it.
Result<Ref<Object>> new_native_function(ThreadState& thread, const NativeMethod& row, Object* self,
                                        Object* module_name);

// module.name = function, for each row.
Result<Done> add_functions(ThreadState& thread, Borrowed<Module> module,
                           std::span<const NativeMethod> rows);

}  // namespace runtime
