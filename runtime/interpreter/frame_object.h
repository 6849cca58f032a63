// Frame objects: a call as a program sees it.
//
// Made when somebody asks (sys._getframe, a traceback, gi_frame). While the call runs, the object
// points at the frame of the thread or generator; when the call ends and somebody still has the
// object, it takes over the frame: variables, cells and how far it came stay readable for as long as
// the object lives. Then the object owns them, and they are read and changed in a section of it.
//
// Whoever reads or writes a frame goes through FrameAccess, which knows the three cases: a frame of
// the calling thread is read as it is; a finished one in a section; one that another thread executes
// or may resume, in a stopped world. So nobody crashes who looks at a running thread; he sees a
// state that the thread was in at a safe point.
//
// f_locals of a function is a proxy that reads and writes the variables themselves; names that are
// no variable lie in a dict of the frame object, which all its proxies share.
//
// Ancestry: CPython's Objects/frameobject.c and Python/frame.c (take_ownership); PEP 667.
//
// Orderings in this file
//   [taken-before-finished]  the thread that ends the call stores `runs_in` = kFinished (release)
//                            when everything has moved; who loads it (acquire) finds the frame in
//                            the object for ever.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "runtime/interpreter/frame.h"
#include "runtime/object/object_section.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"
#include "runtime/threads/stop_the_world.h"

namespace runtime {

struct Dict;

struct FrameObject : Object {
  // The serial of the thread that executes it; kSuspended; kFinished.
  Atomic<std::uint32_t> runs_in;
  Frame* frame;                  // where it is now; behind this object when it is finished
  FrameObject* back;             // owned; once finished: the caller's
  Atomic<Object*> trace;         // f_trace; null: None
  Atomic<Object*> extra_locals;  // a Dict; null: none
  // What variables held that were overwritten through f_locals while the call runs: instructions of
  // it may be using them. A Tuple (value, the one before), or null; owned; guarded as the frame.
  Object* overwritten;
  Atomic<bool> leaves_lines_out;  // f_trace_lines is false
  Atomic<bool> traces_opcodes;

  // No thread has these serials.
  static constexpr std::uint32_t kSuspended = 0;
  static constexpr std::uint32_t kFinished = 0xFFFFFFFFu;

  [[nodiscard]] Frame* place() { return reinterpret_cast<Frame*>(this + 1); }
};

extern Type frame_type;

[[nodiscard]] inline bool is_frame(const Object& object) { return object.type == &frame_type; }
[[nodiscard]] inline Borrowed<FrameObject> as_frame(Borrowed<Object> object) {
  RT_INVARIANT(is_frame(*object), "what is taken for a frame is one");
  return Borrowed<FrameObject>(static_cast<FrameObject*>(object.get()));
}

// The object of a frame of this thread, or of a generator that it has claimed, or of any frame in a
// stopped world. `runs_in` as in FrameObject. MemoryError.
Result<Ref<FrameObject>> object_of_frame(ThreadState& thread, Frame& frame, std::uint32_t runs_in);

// In a stopped world, or alone: which thread executes the frame; FrameObject::kSuspended: none.
[[nodiscard]] std::uint32_t executing_thread(ThreadState& thread, const Frame& frame);

// sys._getframe(depth); null: the stack is not that deep.
Result<Ref<FrameObject>> frame_at_depth(ThreadState& thread, std::int64_t depth);
// sys._current_frames(): the newest frame of each thread that has one, by its serial.
struct CurrentFrame {
  std::uint32_t thread_serial;
  Ref<FrameObject> frame;
};
Result<Done> current_frames(ThreadState& thread, std::vector<CurrentFrame>* frames);

// The frame is as it is while one of these lives; nothing foreign may run and nothing may be dropped
// meanwhile.
class FrameAccess {
 public:
  FrameAccess(ThreadState& thread, Borrowed<FrameObject> object);
  [[nodiscard]] Frame& operator*() const { return *object_.frame; }
  [[nodiscard]] Frame* operator->() const { return object_.frame; }
  [[nodiscard]] FrameObject& object() const { return object_; }
  // Some thread executes it, perhaps this one.
  [[nodiscard]] bool is_executing() const;
  [[nodiscard]] bool is_finished() const;

 private:
  FrameObject& object_;
  std::optional<ObjectSection> section_;
  std::optional<StoppedWorld> stopped_;
};

// frame.f_back; null: None.
Result<Ref<FrameObject>> frame_back(ThreadState& thread, Borrowed<FrameObject> object);
// frame.f_lineno.
[[nodiscard]] int frame_line(ThreadState& thread, Borrowed<FrameObject> object);
// frame.f_locals: a proxy, or the mapping of a module or class body.
Result<Ref<Object>> frame_locals(ThreadState& thread, Borrowed<FrameObject> object);
// locals() of the newest Python frame: a new dict in a function, else the mapping itself.
Result<Ref<Object>> current_locals(ThreadState& thread);
// globals() of the newest Python frame; null: there is none.
[[nodiscard]] Ref<Object> current_globals(ThreadState& thread);
// The builtins of the newest frame, or those of the runtime.
[[nodiscard]] Ref<Object> current_builtins(ThreadState& thread);

// The variables of a frame, by name.
struct FrameVariable {
  Ref<Str> name;
  Ref<Object> value;  // the CellObject, if it is a cell
  bool is_cell = false;
};
// All that hold something, in the order in which f_locals shows them; cells may be empty. In a
// FrameAccess, or of the thread's own frame.
[[nodiscard]] std::vector<FrameVariable> variables_of(ThreadState& thread, Frame& frame);
// The register of the variable with this name; -1: it has none. Cells where there is one.
[[nodiscard]] std::int64_t register_of_variable(Frame& frame, const Str& name, bool* is_cell);

// -- for the loop --
// The call of `frame` ends. If somebody has its frame object, that takes the frame over; else it is
// dropped. Afterwards the registers may be given up.
void end_frame_object(ThreadState& thread, Frame& frame);
// The generator's frame begins to run in `thread`, or is suspended.
inline void note_running(ThreadState& thread, Frame& frame);
inline void note_suspended(Frame& frame);

Result<Done> open_frame_type(ThreadState& thread);
Result<Done> open_frame_locals_proxy_type(ThreadState& thread);

inline void note_running(ThreadState& thread, Frame& frame) {
  // Relaxed, both: only the thread that is the number concludes something from finding it.
  if (FrameObject* object = frame.object.load_relaxed()) {
    object->runs_in.store_relaxed(thread.serial());
  }
}
inline void note_suspended(Frame& frame) {
  if (FrameObject* object = frame.object.load_relaxed()) {
    object->runs_in.store_relaxed(FrameObject::kSuspended);
  }
}

}  // namespace runtime
