// Looking a name up in a type, and the cache of what was found.
//
// Each attribute access asks the type and its bases, and mostly finds what it found before. So one
// table for all types remembers (version of the type, name) -> what was found, or that there is
// nothing. It is read without a lock:
//
//   reader                                        who changes a type, under the type lock
//   1 version := of the type           acquire    version := 0, of the type and all derived ones
//   2 the entry has version and name?             changes the dict
//   3 object := of the entry                      drops what was there, after the lock
//   4 count the object
//   5 the type still has the version?
//
// * Versions are never used again, so an entry says what was true while the type had its version. For
//   "there is nothing" that is all.
// * The cache owns nothing: what a type's dict holds the dict keeps alive. The object of 3 may be dead,
//   or another in the same block. 5 finds out: the version is taken away before the dict changes, and
//   the dict changes before the object is dropped; so while the type has the version the dict holds
//   the object.
// * Who fills an entry holds the type lock, and has asked for the version before he looked. If he lost
//   the lock on the way (foreign code), the version tells him, too.
//
// An entry counts its name, so that it stays what it is; in free-threaded builds names are immortal.
//
// Ancestry: CPython's type_cache and _PyType_LookupStackRefAndVersion (Objects/typeobject.c).
// Departure: CPython's entries are kept apart from changes by a sequence lock alone; here 5 is the
// argument, and the sequence lock only keeps the words of one entry together.
//
// Orderings in this file
//   [version-before-change]  who changes a type stores 0 to its version, then changes the dict (both
//                            release), then drops. A reader who has counted what he found (acquire)
//                            and sees the version still there has counted it before it was dropped.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/base/sequence_lock.h"
#include "runtime/object/ref.h"
#include "runtime/object/str_object.h"
#include "runtime/object/type.h"

namespace runtime {

class TypeCache {
 public:
#if HEDDLE_SCHEDULED
  static constexpr std::size_t kEntries = 4;  // scenarios fill it in a few steps
#else
  static constexpr std::size_t kEntries = 4096;
#endif

  enum class Answer { kFound, kAbsent, kUnknown };
  // `value` is counted. May run foreign code if the answer is kUnknown.
  [[nodiscard]] Answer look_up(ThreadState& thread, const Type& type, const Str& name,
                               Ref<Object>* value);
  // Under the type lock. Null: there is none.
  void fill_locked(ThreadState& thread, std::uint32_t version, Str& name, Object* value);
  // Lets go of all names. The last thread, which looks nothing up any more.
  void clear(ThreadState& thread);

 private:
  struct Entry {
    SequenceLock sequence;
    Atomic<std::uint32_t> version;  // 0: empty
    Atomic<Str*> name;
    Atomic<Object*> value;
  };
  Entry& entry_of(std::uint32_t version, const Str& name) {
    return entries_[(version ^ (reinterpret_cast<std::uintptr_t>(&name) >> 4)) % kEntries];
  }

  Entry entries_[kEntries];
};

// What find_in_type() finds, by looking at every dict.
[[nodiscard]] Ref<Object> find_uncached(ThreadState& thread, Borrowed<Type> type,
                                        Borrowed<Str> name);

}  // namespace runtime
