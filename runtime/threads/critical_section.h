// Critical sections: locks of objects that cannot deadlock, because they give way.
//
// Code that holds the lock of one object may need another, or run foreign code that blocks. With
// plain locks that deadlocks as soon as two threads meet in opposite orders. A critical section is
// a lock that its thread gives up whenever it blocks (detaches), whatever it blocks for: all its
// sections are then suspended. When it goes on, only the newest section is locked again; each other
// one when it becomes the newest. Two objects at once are locked in the order of their addresses.
//
// So a critical section protects between two points at which its thread may block, no longer: after
// a call that takes `ThreadState&`, everything learnt from the object before is void. Only the
// newest section is certain to be held. Not for state that must stay locked across such a call.
//
// While a world has one thread, nobody could meet a lock, so a section takes none: it only stands on
// its thread's stack. Before a second thread can exist, the open sections of the first take their
// locks (World::create_thread). So a program without threads does not pay for them.
//
// Ancestry: PEP 703, "Python Critical Sections"; CPython's Python/critical_section.c. Unlike there,
// "suspended" is a field and not a bit of the pointer, one structure serves one and two objects, and
// the only thread of a world locks nothing.
#pragma once

#include "runtime/base/check.h"
#include "runtime/threads/mutex.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

// One section on its thread's stack of sections. Only the two classes below make one.
class SectionFrame {
 public:
  SectionFrame(const SectionFrame&) = delete;
  SectionFrame& operator=(const SectionFrame&) = delete;

  // This thread holds `mutex` by its newest section.
  [[nodiscard]] static bool newest_holds(const ThreadState& thread, const Mutex& mutex) {
    const SectionFrame* newest = thread.sections_;
    return newest != nullptr && !newest->is_suspended_ &&
           (newest->first_ == &mutex || newest->second_ == &mutex);
  }

 protected:
  explicit SectionFrame(ThreadState& thread) : thread_(thread) {}
  ~SectionFrame() {
    if (first_ != nullptr) end();
  }

  void begin(Mutex& mutex) {
    if (thread_.is_alone_) {
      begin_alone(mutex, nullptr);
    } else if (mutex.try_lock()) [[likely]] {
      hold(&mutex, nullptr);
      push();
    } else {
      begin_slow(mutex);
    }
  }
  void begin_both(Mutex& one, Mutex& another);

 private:
  friend struct Attachment;

  friend class World;

  // The thread will not be alone any more: what its sections hold by right they hold from now on by
  // lock. By the thread itself, or while it is stopped.
  static void end_solitude(ThreadState& thread);
  // Gives up every section of the thread that is not suspended yet.
  static void suspend_all(ThreadState& thread);
  // Locks the newest section again, if there is one and it is suspended. May detach on the way.
  static void resume_newest(ThreadState& thread);

  void push() {
    previous_ = thread_.sections_;
    thread_.sections_ = this;
  }
  void begin_alone(Mutex& one, Mutex* another) {
    // Inside the newest section of the same objects this one is no part of the stack, as below.
    if (newest_holds(thread_, one) && (another == nullptr || newest_holds(thread_, *another))) {
      return;
    }
    point("section.begins_alone");
    hold(&one, another);
    is_locked_ = false;
    push();
  }
  void hold(Mutex* first, Mutex* second) {
    first_ = first;
    second_ = second;
  }
  void end() {
    RT_INVARIANT(thread_.sections_ == this, "critical sections end in reverse order");
    RT_INVARIANT(!is_suspended_, "a critical section that ends is locked");
    if (is_locked_) {
      if (second_ != nullptr) second_->unlock();
      first_->unlock();
    }
    thread_.sections_ = previous_;
    if (previous_ != nullptr && previous_->is_suspended_ && !RT_MUTANT(section_stays_suspended))
        [[unlikely]] {
      resume_newest(thread_);
    }
  }
  void begin_slow(Mutex& mutex);
  void lock_in_order(Mutex* first, Mutex* second);

  ThreadState& thread_;
  // What it holds, or held before it was suspended. Both null: it is still waiting for it; or the
  // section before holds it already, then this one is no part of the stack.
  Mutex* first_ = nullptr;
  Mutex* second_ = nullptr;
  SectionFrame* previous_ = nullptr;  // older; if this one is suspended, so are all older ones
  bool is_locked_ = true;  // else it stands for what its thread, being alone, need not lock
  bool is_suspended_ = false;
};

// Holds the lock of one object. Begins and ends in one thread, in the manner of a stack; the thread
// is attached at both ends. Beginning and ending may block.
class CriticalSection : public SectionFrame {
 public:
  CriticalSection(ThreadState& thread, Mutex& mutex) : SectionFrame(thread) { begin(mutex); }
};

// Holds the locks of two objects, which may be the same one. Otherwise as above.
class CriticalSection2 : public SectionFrame {
 public:
  CriticalSection2(ThreadState& thread, Mutex& one, Mutex& another) : SectionFrame(thread) {
    begin_both(one, another);
  }
};

}  // namespace runtime
