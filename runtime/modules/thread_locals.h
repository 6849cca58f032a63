// Thread-local objects: one object, as many namespaces as there are threads that look at it.
//
// `threading.local()` has in each thread the attributes that this thread gave it. So the object holds
// a list of dicts, each with the serial of the thread that it belongs to, and reading or writing an
// attribute takes the dict of the calling thread. A dict is made when its thread comes for the first
// time; then the `__init__` of a derived class is called with the arguments that the object was made
// with. The object owns its dicts, so that the collector sees cycles through them; a thread remembers,
// weakly, in which objects it has a dict, and takes them out when it ends.
//
// Ancestry: https://docs.python.org/3/library/threading.html#thread-local-data; CPython's local_dealloc
// and _ldict (Modules/_threadmodule.c). Departure: serials are never used again, so they need no dummy
// objects whose end says that the thread has ended.
#pragma once

#include <vector>

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/weak_reference.h"

namespace runtime {

struct Dict;
struct Tuple;

struct LocalNamespace {
  std::uint32_t serial;  // of its thread
  Object* dict;          // owned
};

struct LocalObject : WeaklyReferable {
  Object* arguments;                        // a Tuple; constant, as the next one
  Object* named;                            // a Dict, or null
  std::vector<LocalNamespace>* namespaces;  // guarded by the lock; null: none
};

extern Type local_type;

// The dict of the calling thread. May run the `__init__` of the program.
Result<Ref<Dict>> local_namespace(ThreadState& thread, Borrowed<LocalObject> local);

// What one thread remembers of the thread-local objects that it has used.
class LocalsOfThread {
 public:
  // Forgets, now and then, those that are dead.
  Result<Done> remember(ThreadState& thread, Borrowed<LocalObject> local);
  // The thread ends: what it kept in them is dropped, by `runner`, which is that thread or another one
  // on its behalf.
  void end(ThreadState& runner, std::uint32_t serial);
  [[nodiscard]] bool is_empty() const { return locals_.empty(); }

 private:
  static constexpr std::size_t kFewest = 16;

  std::vector<Ref<WeakReference>> locals_;
  std::size_t look_at_ = kFewest;  // so many: look for dead ones
};

}  // namespace runtime
