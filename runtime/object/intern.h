// Interned strings: of equal names there is one object, so that names are compared by identity.
//
// Each attribute access looks a name up, so the table must not be a place where threads queue. It is
// cut into shards by hash; a writer locks one shard for a few instructions, a reader locks nothing.
// What makes that right: an interned string is immortal and never leaves the table. So a reader who
// finds a pointer may use it without counting, and a slot changes once, from empty to its string. A
// shard that is full gets a larger array, published when it is complete; the old one, which lacks
// the newest strings only, is freed when no reader can be inside (deferred_free.h). A reader who
// finds nothing has learnt that it was not there a moment ago; who wants to intern then goes the
// locked way and looks again.
//
// Of two threads that intern equal strings one wins: it makes its string immortal and publishes it
// under the lock of the shard; the other finds it there and drops its own after the lock.
//
// In the GIL build an interned string stays mortal: the table holds no reference to it, and the end of
// the string takes it out. The names that C++ knows are immortal there too.
//
// Ancestry: CPython's intern_common (Objects/unicodeobject.c), which keeps one dict behind one lock.
//
// Orderings in this file
//   [interned-before-found]  a writer stores text, hash and mark of immortality, then the flag, the
//                            slot and, when it has grown, the array, each with release; a reader
//                            loads flag, array and slot with acquire.
#pragma once

#include <cstddef>
#include <string_view>

#include "runtime/base/atomic.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"
#include "runtime/threads/mutex.h"

namespace runtime {

class InternTable {
 public:
#if HEDDLE_SCHEDULED
  static constexpr std::size_t kShards = 2;
  static constexpr std::size_t kFirstCapacity = 2;
#else
  static constexpr std::size_t kShards = 64;
  static constexpr std::size_t kFirstCapacity = 64;
#endif

  InternTable() = default;
  ~InternTable();  // after free_slots()
  InternTable(const InternTable&) = delete;
  InternTable& operator=(const InternTable&) = delete;

  // The one string that equals `text`, perhaps `text` itself. Runs nothing foreign; drops `text`.
  Result<Ref<Str>> intern(ThreadState& thread, Ref<Str> text);
  // The same without a lock; null when there is none, or when it is being interned at this moment.
  [[nodiscard]] Str* try_find(ThreadState& thread, const Str& text) const;

#if HEDDLE_GIL
  // An interned string ends.
  void forget(const Str& text);
#endif

  // No other thread uses it any more. The strings stay: immortal objects end with the kernel.
  void free_slots(ThreadState& thread);

  // Exact when nobody interns.
  [[nodiscard]] std::size_t size() const;

 private:
  struct Slots;
  struct Shard {
    mutable Mutex mutex;        // a leaf
    Atomic<Slots*> slots;       // null: empty; written under the mutex
    Atomic<std::size_t> count;  // written under the mutex
  };

  enum class Inserted { kYes, kKnown, kNotOurs, kNoMemory };

  // `text` has its hash. `replaced` is an array to be freed afterwards; `known` the one there is.
  static Inserted insert_locked(ThreadState& thread, Shard& shard, Str& text, Slots** replaced,
                                Str** known);
  static Str* find(const Slots* slots, const Str& text, std::int64_t hash);
  // False: no memory.
  [[nodiscard]] static bool make_room_locked(ThreadState& thread, Shard& shard, Slots** replaced);

  Shard shards_[kShards];
};

// sys.intern(): in the table of the thread's runtime. An exact str.
Result<Ref<Str>> intern(ThreadState& thread, Ref<Str> text);
// The interned string with this text, immortal: for names that C++ knows.
Result<Ref<Str>> intern(ThreadState& thread, std::string_view utf8);

}  // namespace runtime
