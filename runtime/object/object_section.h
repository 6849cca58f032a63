// The lock of an object, in both builds.
//
// Whoever changes an object that others may see does so inside a section of that object. In the
// free-threaded build that is a critical section on the byte in its header (critical_section.h): it
// is given up whenever the thread blocks. In the GIL build the object has no lock, and a thread that
// blocks gives up the GIL; so the section is empty, and its promise is the same: what was learnt
// from the object holds until the next call that takes `ThreadState&`, and no longer.
//
// Ancestry: CPython's Py_BEGIN_CRITICAL_SECTION and Py_BEGIN_CRITICAL_SECTION2, which are empty in
// the default build, too.
#pragma once

#include "runtime/object/object.h"
#include "runtime/object/ref.h"
#include "runtime/threads/critical_section.h"

namespace runtime {

// Begins and ends in one thread, in the manner of a stack; both may block.
class ObjectSection {
 public:
#if HEDDLE_GIL
  ObjectSection(ThreadState&, Borrowed<Object>) {}
#else
  ObjectSection(ThreadState& thread, Borrowed<Object> object) : section_(thread, object->mutex) {}

 private:
  CriticalSection section_;
#endif
};

// Of two objects, which may be the same one.
class ObjectSection2 {
 public:
#if HEDDLE_GIL
  ObjectSection2(ThreadState&, Borrowed<Object>, Borrowed<Object>) {}
#else
  ObjectSection2(ThreadState& thread, Borrowed<Object> one, Borrowed<Object> another)
      : section_(thread, one->mutex, another->mutex) {}

 private:
  CriticalSection2 section_;
#endif
};

// For assertions: the newest section of the thread is one of this object.
[[nodiscard]] inline bool holds_section([[maybe_unused]] const ThreadState& thread,
                                        [[maybe_unused]] const Object* object) {
#if HEDDLE_GIL
  return true;
#else
  return SectionFrame::newest_holds(thread, object->mutex);
#endif
}

}  // namespace runtime
