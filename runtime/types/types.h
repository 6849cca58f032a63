// What the types of one runtime have in common: names, the cache of attribute lookups, the lock under
// which types change, and what the floors above lend to this one.
//
// Stands beside the values, made after them and gone before them:
//   Kernel kernel;  Values values(kernel);  Types types(kernel);  Collector collector(kernel);
// Threads find it in a slot. Static types hold what a program sees of them (type_body.h), so a process
// has one Types at a time. The collector goes first: it ends the classes that only refer to
// themselves.
//
// One lock, the *type lock*, guards how types change: dicts of types, versions, lists of derived types.
// It is a critical section (TypeSection), so whoever holds it may run foreign code, and loses it
// meanwhile.
//
// Ancestry: CPython's struct types_state (Include/internal/pycore_interp_structs.h) and TYPE_LOCK
// (Objects/typeobject.c).
#pragma once

#include <memory>
#include <vector>

#include "runtime/base/atomic.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/kernel.h"
#include "runtime/object/protocol.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"
#include "runtime/threads/critical_section.h"
#include "runtime/types/names.h"

namespace runtime {

class TypeCache;

// What super() without arguments stands for.
struct SuperArguments {
  Ref<Type> type;
  Ref<Object> object;
};

// What the floors above lend. Each may be null. Set before the second thread.
struct TypesHooks {
  // An exception that nobody can be told: `where` is the function or object it came from. Null:
  // it is dropped.
  void (*unraisable)(ThreadState& thread, Raised raised, Borrowed<Object> where) = nullptr;
  // Of the function that is running. RuntimeError "super(): no arguments" and the like.
  Result<SuperArguments> (*super_arguments)(ThreadState& thread) = nullptr;
  // sys._getframe().f_globals['__name__'], for classes that are made by calling type(). Null
  // reference: there is none.
  Ref<Object> (*current_module_name)(ThreadState& thread) = nullptr;
};

class Types {
 public:
  // By the first thread of the kernel, before the second; `kernel` outlives it. Nothing is opened
  // yet: open_basic_types().
  enum class WithNames { kYes, kNo };  // without them only lookups and changes of types work
  explicit Types(Kernel& kernel, WithNames with_names = WithNames::kYes);
  ~Types();
  Types(const Types&) = delete;
  Types& operator=(const Types&) = delete;

  // The thread's runtime has types.
  [[nodiscard]] static Types& of(ThreadState& thread);
  [[nodiscard]] static Types* of_or_null(ThreadState& thread);

  [[nodiscard]] const Names& names() const { return names_; }
  [[nodiscard]] TypesHooks& hooks() { return hooks_; }
  [[nodiscard]] Mutex& type_lock() { return type_lock_; }
  [[nodiscard]] TypeCache& cache() { return *cache_; }
  // Of a type that has none at the moment; never given out twice. 0: there are no more. Under the
  // type lock.
  [[nodiscard]] std::uint32_t next_version_locked();
  // A static type that was given a body, which ends with this. By open_type().
  void remember(Type& type) { opened_.push_back(&type); }
  // Gives a static type a table of its own until this ends. Before the type is opened.
  void set_protocol(Type& type, const Protocol& protocol);

 private:
  static void thread_created(void* self, ThreadState& thread);
  static void thread_released(void* self, ThreadState& thread);

  Kernel& kernel_;
  Names names_;
  TypesHooks hooks_;
  Mutex type_lock_;
  std::uint32_t newest_version_ = 0;  // guarded by type_lock_
  std::unique_ptr<TypeCache> cache_;
  std::vector<Type*> opened_;
  struct Replaced {
    Type* type;
    const Protocol* before;
    std::unique_ptr<const Protocol> now;
  };
  std::vector<Replaced> replaced_;
};

inline constexpr ThreadSlot<Types> kTypesSlot{ThreadSlots::kTypes};

inline Types& Types::of(ThreadState& thread) {
  Types* types = thread.slot(kTypesSlot);
  RT_INVARIANT(types != nullptr, "a kernel whose threads use attributes has a Types");
  return *types;
}
inline Types* Types::of_or_null(ThreadState& thread) { return thread.slot(kTypesSlot); }

// Holds the type lock, in the manner of a section of an object.
class TypeSection {
 public:
#if HEDDLE_GIL
  explicit TypeSection(ThreadState&) {}
#else
  explicit TypeSection(ThreadState& thread) : section_(thread, Types::of(thread).type_lock()) {}

 private:
  CriticalSection section_;
#endif
};

// Opens object, type, the descriptors, modules, None and its like, exceptions: everything that this
// floor knows the methods of. Once, by the first thread, before anything else is opened.
Result<Done> open_basic_types(ThreadState& thread);

// Hands an exception to the hook that tells the program of what nobody can catch.
void report_unraisable(ThreadState& thread, Raised raised, Borrowed<Object> where);

}  // namespace runtime
