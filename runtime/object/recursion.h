// How deep a thread stands in operations that call themselves: comparing and printing what contains
// itself.
//
// A list that contains itself is printed as [...], and compared with another such list raises
// RecursionError instead of using up the stack. For the first, each repr() of a container stands in a
// chain of frames on the stack of its thread, and an inner one looks whether its object is there
// already. For the second, a counter per thread.
//
// Ancestry: CPython's Py_ReprEnter (Objects/object.c) and Py_EnterRecursiveCall. Departures: the
// chain needs no memory, so it cannot fail; the depth is counted in both profiles, where 3.14 looks
// at the stack pointer.
#pragma once

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

// One operation inside others of its thread.
//   Deeper deeper(thread);
//   TRY(deeper.check(" in comparison"));
class Deeper {
 public:
  explicit Deeper(ThreadState& thread);
  ~Deeper();
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

  // RecursionError "maximum recursion depth exceeded" and `where`.
  Result<Done> check(const char* where);

 private:
  ThreadState& thread_;
};

// The repr() of one object, on the stack of its thread. Does not own it: the caller does.
class ReprFrame {
 public:
  ReprFrame(ThreadState& thread, Borrowed<Object> object);
  ~ReprFrame();
  ReprFrame(const ReprFrame&) = delete;
  ReprFrame& operator=(const ReprFrame&) = delete;

  // An outer frame of this thread prints the same object.
  [[nodiscard]] bool is_inside_itself() const { return is_inside_itself_; }

 private:
  ThreadState& thread_;
  const Object* const object_;
  ReprFrame* const outer_;
  bool is_inside_itself_ = false;
};

}  // namespace runtime
