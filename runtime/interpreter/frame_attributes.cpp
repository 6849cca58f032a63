#include "runtime/interpreter/frame_attributes.h"

#include <utility>
#include <vector>

#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/frame_object.h"
#include "runtime/interpreter/generator_object.h"
#include "runtime/interpreter/shared_field.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"

namespace runtime {

namespace {

Result<Ref<Object>> get_code(ThreadState& thread, Borrowed<Object> self) {
  FrameAccess access(thread, as_frame(self));
  return Ref<Object>::share(thread, Borrowed<Object>(access->code.object()));
}

Result<Ref<Object>> get_line(ThreadState& thread, Borrowed<Object> self) {
  const int line = frame_line(thread, as_frame(self));
  if (line < 0) return none();
  return new_int(thread, line);
}

Result<Ref<Object>> get_last_instruction(ThreadState& thread, Borrowed<Object> self) {
  int last;
  {
    FrameAccess access(thread, as_frame(self));
    last = last_instruction_of(*access);
  }
  return new_int(thread, last);
}

Result<Ref<Object>> get_back(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<FrameObject> back, frame_back(thread, as_frame(self)));
  if (!back) return none();
  return Ref<Object>(std::move(back));
}

Result<Ref<Object>> get_locals(ThreadState& thread, Borrowed<Object> self) {
  return frame_locals(thread, as_frame(self));
}

Result<Ref<Object>> get_globals(ThreadState& thread, Borrowed<Object> self) {
  FrameAccess access(thread, as_frame(self));
  return Ref<Object>::share(thread, Borrowed<Object>(access->globals));
}

Result<Ref<Object>> get_builtins(ThreadState& thread, Borrowed<Object> self) {
  FrameAccess access(thread, as_frame(self));
  return Ref<Object>::share(thread, Borrowed<Object>(access->builtins));
}

Result<Ref<Object>> get_generator(ThreadState& thread, Borrowed<Object> self) {
  FrameAccess access(thread, as_frame(self));
  if (access->owner != FrameOwner::kGenerator) return none();
  return Ref<Object>::share(thread, Borrowed<Object>(&generator_of(*access)));
}

Result<Ref<Object>> get_trace(ThreadState& thread, Borrowed<Object> self) {
  Ref<Object> trace = read_field(thread, self, as_frame(self)->trace);
  return trace ? std::move(trace) : none();
}
Result<Done> set_trace(ThreadState& thread, Borrowed<Object> self, Object* value) {
  const bool is_set = value != nullptr && !is_none(value);
  write_field(thread, self, as_frame(self)->trace,
              is_set ? Ref<Object>::share(thread, Borrowed<Object>(value)) : nullptr);
  return Done();
}

// A flag; relaxed: nothing follows from it but what is asked for.
Result<bool> flag_of(ThreadState& thread, Object* value) {
  if (value != nullptr && (value == &true_object || value == &false_object)) {
    return value == &true_object;
  }
  return raise(thread, type_error_type, "attribute value type must be bool");
}
Result<Ref<Object>> get_traces_lines(ThreadState&, Borrowed<Object> self) {
  return boolean(!as_frame(self)->leaves_lines_out.load_relaxed());
}
Result<Done> set_traces_lines(ThreadState& thread, Borrowed<Object> self, Object* value) {
  TRY_ASSIGN(bool flag, flag_of(thread, value));
  as_frame(self)->leaves_lines_out.store_relaxed(!flag);
  return Done();
}
Result<Ref<Object>> get_traces_opcodes(ThreadState&, Borrowed<Object> self) {
  return boolean(as_frame(self)->traces_opcodes.load_relaxed());
}
Result<Done> set_traces_opcodes(ThreadState& thread, Borrowed<Object> self, Object* value) {
  TRY_ASSIGN(bool flag, flag_of(thread, value));
  as_frame(self)->traces_opcodes.store_relaxed(flag);
  return Done();
}

enum class Clearing { kExecuting, kSuspended, kCreated, kFinished };

Clearing state_of(const FrameAccess& access) {
  if (access.is_finished()) return Clearing::kFinished;
  if (access->owner != FrameOwner::kGenerator) return Clearing::kExecuting;
  switch (generator_of(*access).state.load_relaxed()) {
    case GeneratorState::kExecuting:
      return Clearing::kExecuting;
    case GeneratorState::kSuspended:
      return Clearing::kSuspended;
    default:
      return Clearing::kCreated;
  }
}

Result<Ref<Object>> clear(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  const Borrowed<FrameObject> frame = as_frame(self);
  Clearing state;
  Ref<Object> generator;
  std::vector<Ref<Object>> dropped;  // after the section
  {
    FrameAccess access(thread, frame);
    state = state_of(access);
    if (state == Clearing::kCreated) {
      generator = Ref<Object>::share(thread, Borrowed<Object>(&generator_of(*access)));
    }
    if (state == Clearing::kFinished) {
      for (std::uint32_t i = 0; i < access->register_count; ++i) {
        dropped.push_back(access->registers()[i].to_heap(thread));
      }
    }
  }
  switch (state) {
    case Clearing::kExecuting:
      return raise(thread, runtime_error_type, "cannot clear an executing frame");
    case Clearing::kSuspended:
      return raise(thread, runtime_error_type, "cannot clear a suspended frame");
    case Clearing::kCreated:
      TRY(generator_close(thread, as_generator(generator)));
      break;
    case Clearing::kFinished:
      break;
  }
  write_field(thread, self, frame->trace, nullptr);
  write_field(thread, self, frame->extra_locals, nullptr);
  return none();
}

constexpr NativeMethod kMethods[] = {{"clear()", &clear}};

constexpr NativeAttribute kAttributes[] = {
    {"f_code", &get_code},
    {"f_lineno", &get_line},
    {"f_lasti", &get_last_instruction},
    {"f_back", &get_back},
    {"f_locals", &get_locals},
    {"f_globals", &get_globals},
    {"f_builtins", &get_builtins},
    {"f_generator", &get_generator},
    {"f_trace", &get_trace, &set_trace},
    {"f_trace_lines", &get_traces_lines, &set_traces_lines},
    {"f_trace_opcodes", &get_traces_opcodes, &set_traces_opcodes},
};

}  // namespace

std::span<const NativeMethod> frame_methods() { return kMethods; }
std::span<const NativeAttribute> frame_attributes() { return kAttributes; }

}  // namespace runtime
