// Constants: the objects that a program's text names, each of them once.
//
// Code refers to its constants by index. Two constants are one when they have the same type and the same value all the
// way down, so 0, 0.0, -0.0 and False are four. A *key*, a text made of type and value, says that without asking the
// objects (whose == says something else).
//
// In free-threaded builds, where every thread would count the same few constants all the time, constants are immortal;
// and because they are never freed there must be only one of each in the whole runtime, or a program that compiles in a
// loop would lose memory. SharedConstants is the table of those. It is asked for each part of a tuple, so parts are
// shared too. Code that is likely to be thrown away (compile(), eval()) uses constants of its own, and finds shared ones
// there.
//
// Not for strs: they are interned (intern.h), all of them in free-threaded builds, those that look like names in the GIL
// build. Not for code.
//
// Ancestry: CPython's Objects/codeobject.c (intern_constants, _PyCode_ConstantKey).
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/object/kernel.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/threads/mutex.h"

namespace runtime {

enum class ConstantLife : std::uint8_t;

// Equal if and only if type and value are. `constant` is None, a bool, Ellipsis, an int, float, str, bytes, or a tuple,
// frozenset or slice of such; of anything else it is its identity.
[[nodiscard]] std::string key_of_constant(Borrowed<Object> constant);

// The immortal constants of one runtime. Stands beside Values; without one no constant is shared.
class SharedConstants {
 public:
  explicit SharedConstants(Kernel& kernel);
  ~SharedConstants();
  SharedConstants(const SharedConstants&) = delete;
  SharedConstants& operator=(const SharedConstants&) = delete;

  // Null: the runtime has none.
  [[nodiscard]] static SharedConstants* of(ThreadState& thread);

  // The immortal one with this key, or null.
  [[nodiscard]] Ref<Object> find(ThreadState& thread, std::string_view key);
  // The one with this key, which is `constant` unless somebody was quicker. If it cannot be made immortal, `constant`.
  [[nodiscard]] Ref<Object> share(ThreadState& thread, std::string_view key, Ref<Object> constant);
  [[nodiscard]] std::size_t size();

 private:
  static void thread_created(void* self, ThreadState& thread);
  static void thread_exiting(void* self, ThreadState& thread);

  Kernel& kernel_;
  Mutex mutex_;                                     // a leaf; guards the table
  std::unordered_map<std::string, Object*> table_;  // immortal objects
};

// The constant that code is to refer to in the place of this one: itself, or the shared one that equals it, with shared
// and interned parts. MemoryError.
Result<Ref<Object>> settle_constant(ThreadState& thread, Ref<Object> constant, ConstantLife life);

// The constants or names of one code object while it is made.
class ConstantPool {
 public:
  // The index of the constant, which is added if there is none like it.
  Result<std::uint32_t> index_of(ThreadState& thread, Ref<Object> constant, ConstantLife life);
  [[nodiscard]] Borrowed<Object> at(std::uint32_t index) const { return objects_[index]; }
  [[nodiscard]] std::size_t size() const { return objects_.size(); }
  // Takes them all.
  Result<Ref<Tuple>> finish(ThreadState& thread);

 private:
  std::vector<Ref<Object>> objects_;
  std::unordered_map<std::string, std::uint32_t> index_;
};

}  // namespace runtime
