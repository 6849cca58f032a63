#include "runtime/interpreter/traceback_object.h"

#include <utility>

#include "runtime/interpreter/frame_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/types/native.h"

namespace runtime {

namespace {

TracebackObject& traceback_of(Borrowed<Object> object) {
  return *static_cast<TracebackObject*>(object.get());
}

void release_traceback(Object* object, DroppedFields& dropped) {
  auto* entry = static_cast<TracebackObject*>(object);
  dropped.take(entry->next);
  dropped.take(entry->frame);
}

// The frame stays: whoever has the entry may be reading it.
void clear_traceback(Object* object, DroppedFields& dropped) {
  dropped.take(static_cast<TracebackObject*>(object)->next);
}

void traverse_traceback(Object* object, Visit visit, void* context) {
  auto* entry = static_cast<TracebackObject*>(object);
  visit_field(entry->next, visit, context);
  visit_field(entry->frame, visit, context);
}

Result<Ref<TracebackObject>> new_traceback(ThreadState& thread, Ref<Object> next, Ref<Object> frame,
                                           int last_instruction, int line) {
  Ref<TracebackObject> entry = new_object<TracebackObject>(thread, traceback_type);
  if (!entry) return raise_out_of_memory(thread);
  entry->next.initialize(next.release());
  entry->frame = frame.release();
  entry->last_instruction = last_instruction;
  entry->line = line;
  track(entry.get());
  return entry;
}

// -- what a program sees --

Result<Ref<Object>> get_next(ThreadState& thread, Borrowed<Object> self) {
  Ref<Object> next = read_field(thread, self, traceback_of(self).next);
  return next ? std::move(next) : none();
}

// A chain of tracebacks has an end.
Result<Done> set_next(ThreadState& thread, Borrowed<Object> self, Object* value) {
  if (value == nullptr) return raise(thread, type_error_type, "can't delete tb_next attribute");
  if (is_none(value)) {
    write_field(thread, self, traceback_of(self).next, nullptr);
    return Done();
  }
  if (!is_traceback(*value)) {
    return raise(thread, type_error_type, "expected traceback object or None, got '{}'",
                 type_name(Borrowed<Object>(value)));
  }
  Ref<Object> cursor = Ref<Object>::share(thread, Borrowed<Object>(value));
  while (cursor) {
    if (cursor.get() == self.get()) {
      return raise(thread, value_error_type, "traceback loop detected");
    }
    cursor = read_field(thread, cursor, traceback_of(cursor).next);
  }
  write_field(thread, self, traceback_of(self).next,
              Ref<Object>::share(thread, Borrowed<Object>(value)));
  return Done();
}

Result<Ref<Object>> get_frame(ThreadState& thread, Borrowed<Object> self) {
  return Ref<Object>::share(thread, Borrowed<Object>(traceback_of(self).frame));
}

Result<Ref<Object>> get_last_instruction(ThreadState& thread, Borrowed<Object> self) {
  return new_int(thread, traceback_of(self).last_instruction);
}

Result<Ref<Object>> get_line(ThreadState& thread, Borrowed<Object> self) {
  const int line = line_of_traceback(
      thread, Borrowed<TracebackObject>(static_cast<TracebackObject*>(self.get())));
  if (line < 0) return none();
  return new_int(thread, line);
}

// traceback(tb_next, tb_frame, tb_lasti, tb_lineno).
Result<Ref<Object>> make_traceback(ThreadState& thread, Borrowed<Object>,
                                   const BoundArguments& arguments) {
  Borrowed<Object> next = arguments.at(0);
  Borrowed<Object> frame = arguments.at(1);
  if (!is_none(next.get()) && !is_traceback(*next)) {
    return raise(thread, type_error_type, "expected traceback object or None, got '{}'",
                 type_name(next));
  }
  if (!is_frame(*frame)) {
    return raise(thread, type_error_type, "traceback() argument 'tb_frame' must be frame, not {}",
                 type_name(frame));
  }
  TRY_ASSIGN(std::int64_t last_instruction,
             checked_index_of(thread, arguments.at(2), overflow_error_type));
  TRY_ASSIGN(std::int64_t line, checked_index_of(thread, arguments.at(3), overflow_error_type));
  return new_traceback(thread, is_none(next.get()) ? nullptr : Ref<Object>::share(thread, next),
                       Ref<Object>::share(thread, frame), static_cast<int>(last_instruction),
                       static_cast<int>(line));
}

constexpr NativeAttribute kAttributes[] = {
    {"tb_next", &get_next, &set_next},
    {"tb_frame", &get_frame},
    {"tb_lasti", &get_last_instruction},
    {"tb_lineno", &get_line},
};

}  // namespace

constinit Type traceback_type(TypeSlots{
    .name = "traceback",
    .size = sizeof(TracebackObject),
    .heap = HeapKind::kCollected,
    .release_fields = &release_traceback,
    .traverse = &traverse_traceback,
    .clear = &clear_traceback,
});

void add_traceback(ThreadState& thread, Borrowed<ExceptionObject> exception, Frame& frame) {
  Result<Ref<FrameObject>> object = object_of_frame(thread, frame, thread.serial());
  if (object.is_raised()) return;
  Result<Ref<TracebackObject>> entry =
      new_traceback(thread, exception_traceback(thread, exception), std::move(object).value(),
                    last_instruction_of(frame), line_of(frame));
  if (entry.is_raised()) return;
  set_exception_traceback(thread, exception, std::move(entry).value());
}

int line_of_traceback(ThreadState&, Borrowed<TracebackObject> entry) { return entry->line; }

Result<Done> open_traceback_type(ThreadState& thread) {
  return open_type(thread, NativeType{
                               .type = traceback_type,
                               .module = "builtins",
                               .documentation = "One step of the way that an exception came.",
                               .attributes = kAttributes,
                               .derivable = Derivable::kNo,
                               .constructor = "traceback(tb_next, tb_frame, tb_lasti, tb_lineno)",
                               .make = &make_traceback,
                           });
}

}  // namespace runtime
