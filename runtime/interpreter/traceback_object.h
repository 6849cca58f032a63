// Tracebacks: the way that an exception came.
//
// Each frame that an exception leaves adds an entry in front: the frame, and where it was. Entries
// refer to frames, so these and their variables live as long as the exception does.
//
// Ancestry: CPython's Python/traceback.c; https://docs.python.org/3/reference/datamodel.html#traceback-objects.
#pragma once

#include "runtime/interpreter/shared_field.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct Frame;
struct FrameObject;

struct TracebackObject : Object {
  Atomic<Object*> next;  // towards where it was raised; a TracebackObject or null
  Object* frame;         // a FrameObject; constant
  int last_instruction;  // tb_lasti; constant
  int line;              // tb_lineno; -1: none; constant
};

extern Type traceback_type;

[[nodiscard]] inline bool is_traceback(const Object& object) {
  return object.type == &traceback_type;
}

// `exception` leaves `frame`, or was raised in it: one entry more. Out of memory: none.
void add_traceback(ThreadState& thread, Borrowed<ExceptionObject> exception, Frame& frame);

// tb_lineno.
[[nodiscard]] int line_of_traceback(ThreadState& thread, Borrowed<TracebackObject> entry);

Result<Done> open_traceback_type(ThreadState& thread);

}  // namespace runtime
