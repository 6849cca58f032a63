// Quiescent-state-based reclamation (QSBR): when may memory that was unlinked from a shared
// structure be freed?
//
// Readers of lists and dicts take no lock. A writer that replaces a backing array therefore cannot
// free the old one at once: a reader may still be inside it. It asks for a *goal*, a number from
// the shared write sequence. Each attached thread now and then copies the write sequence into its
// own slot, which says "I hold no unprotected pointer from before this point"; a thread that is not
// attached says "offline". When every slot has reached the goal or is offline, nobody can still be
// inside.
//
// Not for objects with a reference count, whose blocks stay readable (object_heap.h), and not
// needed for memory that is only ever touched under a lock. Who frees is deferred_free.h's
// business.
//
// A pointer to memory under this protection may be kept only between two quiescent points of the
// same thread, and everything that may detach is one.
//
// Ancestry: FreeBSD's global unbounded sequences (sys/kern/subr_smr.c); CPython's Python/qsbr.c.
// Chosen over hazard pointers because readers pay nothing per access; the price is that one thread
// that never pauses delays everybody.
//
// Orderings in this file
//   [unlinked-before-stamped]  advance() is a read-modify-write of the write sequence; report() and
//                              attach() load it with acquire or stronger. Who has seen a goal no
//                              longer finds what was unlinked before it.
//   [left-before-reported]     report() and detach() store their slot with release, and attach(),
//                              which may hide the store of an earlier detach() from a scan, does
//                              too; scan() loads it: the thread's reads of the memory happen before
//                              it is freed.
//   [attach-before-scan]       attach() writes its slot and then loads the write sequence, scan()
//                              loads the write sequence and then the slots, all sequentially
//                              consistent. If scan() finds the slot offline, then the write
//                              sequence was at its goal before attach() loads it: the thread begins
//                              to read after everything that the goal covers was unlinked. A store
//                              and an acquire load would not do: each side could miss the other.
//   [scanned-before-read]      scan() raises the read sequence with release, reached() loads it
//                              with acquire: who relies on somebody else's scan has everything that
//                              the scan has seen.
//   [added-before-attached]    a new slot is linked before its thread attaches, both sequentially
//                              consistent: a scan that misses the slot missed it offline.
#pragma once

#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/base/raw_mutex.h"
#include "runtime/threads/attach.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

class Qsbr;

// The part of one thread. On a line of its own: its thread writes it at every safe point.
struct alignas(64) QsbrSlot {
  static constexpr std::uint64_t kOffline = 0;

  explicit QsbrSlot(Qsbr& reclamation) : qsbr(reclamation) {}

  // What its thread has seen of the write sequence; kOffline while it is not attached.
  Atomic<std::uint64_t> sequence{kOffline};
  Qsbr& qsbr;
  // Something may be due: quiescent_point() calls process_deferred(). Only its own thread.
  bool should_process = false;
  QsbrSlot* next = nullptr;        // in the list of all slots; never changes once linked
  QsbrSlot* next_spare = nullptr;  // guarded by the lock of the Qsbr
};

// Thread safe, except where a slot is named: only the thread that owns it.
class Qsbr {
 public:
  using Goal = std::uint64_t;  // odd; 0 is no goal. 2^63 of them last for ever

  Qsbr() = default;
  ~Qsbr();
  Qsbr(const Qsbr&) = delete;
  Qsbr& operator=(const Qsbr&) = delete;

  // A slot, offline, for a new thread; and back, offline, when the thread exits. Slots are used
  // again, never freed while the Qsbr lives: scans walk their list without a lock.
  QsbrSlot* take_slot();
  void return_slot(QsbrSlot* slot);

  // From now on the thread may read what is protected.
  void attach(QsbrSlot& slot) {
    RT_INVARIANT(slot.sequence.peek() == QsbrSlot::kOffline,
                 "a thread attaches when it is offline");
    if (RT_MUTANT(qsbr_attach_stores_nothing)) return;
    // Relaxed: an old value only makes others wait longer.
    Goal seen = write_sequence_.load_relaxed();
    if (RT_MUTANT(qsbr_attach_relaxed)) return slot.sequence.store_relaxed(seen);
    if (RT_MUTANT(qsbr_attach_not_sequential)) return slot.sequence.store_release(seen);
    slot.sequence.exchange(seen);  // [attach-before-scan] [left-before-reported]
    point("qsbr.attach.stored");
    write_sequence_.load();  // [attach-before-scan] [unlinked-before-stamped]
  }
  // Never again until it attaches.
  void detach(QsbrSlot& slot) {
    RT_INVARIANT(slot.sequence.peek() != QsbrSlot::kOffline || active_mutant != Mutant::none,
                 "a thread detaches when it is online");
    if (RT_MUTANT(qsbr_detach_stays_online)) return;
    if (RT_MUTANT(qsbr_detach_relaxed)) return slot.sequence.store_relaxed(QsbrSlot::kOffline);
    slot.sequence.store_release(QsbrSlot::kOffline);  // [left-before-reported]
  }
  // The thread, which is attached, holds nothing from before this point.
  void report(QsbrSlot& slot) {
    Goal seen = write_sequence_.load_acquire();  // [unlinked-before-stamped]
    slot.sequence.store_release(seen);           // [left-before-reported]
  }

  // The goal of everything that the caller unlinked before. One read-modify-write on a line that
  // all threads read: once per batch, not per piece of memory.
  Goal advance() {
    Goal before = write_sequence_.fetch_add(kStep);  // [unlinked-before-stamped]
    if (RT_MUTANT(qsbr_goal_without_step)) return before;
    return before + kStep;
  }

  // Whether every thread has passed a quiescent point, or was offline, since the goal was given.
  // Once true, always true.
  bool reached(Goal goal) {
    if (read_sequence_.load_acquire() >= goal) return true;  // [scanned-before-read]
    return scan() >= goal;
  }

 private:
  static constexpr Goal kFirst = 1;
  static constexpr Goal kStep = 2;  // values stay odd, so none is kOffline

  // The least that an attached thread has seen.
  Goal scan();

  alignas(64) Atomic<Goal> write_sequence_{kFirst};
  alignas(64) Atomic<Goal> read_sequence_{kFirst};  // every thread has seen at least this
  Atomic<QsbrSlot*> first_slot_{nullptr};
  RawMutex lock_;
  QsbrSlot* spare_slots_ = nullptr;  // guarded by lock_
};

inline constexpr ThreadSlot<QsbrSlot> kQsbrSlot{ThreadSlots::kQsbr};

// The calling thread holds no pointer to protected memory at this moment. A load and a store.
inline void report_quiescent(ThreadState& thread) {
  QsbrSlot& slot = *thread.slot(kQsbrSlot);
  slot.qsbr.report(slot);
}

}  // namespace runtime
