#include "runtime/interpreter/frame_object.h"

#include <fmt/format.h>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/cell_object.h"
#include "runtime/interpreter/frame_attributes.h"
#include "runtime/interpreter/frame_locals_proxy.h"
#include "runtime/interpreter/generator_object.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/protocol.h"
#include "runtime/threads/world.h"
#include "runtime/types/native.h"

namespace runtime {

namespace {

FrameObject& frame_object(Object* object) { return *static_cast<FrameObject*>(object); }

bool owns_frame(const FrameObject& object) {
  return object.runs_in.load_acquire() == FrameObject::kFinished;  // [taken-before-finished]
}

void release_place(StackRef& place, DroppedFields& dropped) {
  const StackRef previous = std::exchange(place, StackRef());
  if (!previous.is_counted()) return;
  Object* object = previous.object();
  dropped.take(object);
}

void release_variables(Frame& frame, DroppedFields& dropped) {
  StackRef* const registers = frame.registers();
  for (std::uint32_t i = 0; i < frame.register_count; ++i) release_place(registers[i], dropped);
}

void release_frame_object(Object* object, DroppedFields& dropped) {
  FrameObject& frame = frame_object(object);
  dropped.take(frame.trace);
  dropped.take(frame.extra_locals);
  dropped.take(frame.overwritten);
  Object* back = std::exchange(frame.back, nullptr);
  dropped.take(back);
  if (!owns_frame(frame)) return;
  release_variables(*frame.frame, dropped);
  dropped.take(frame.frame->locals);
  release_place(frame.frame->function, dropped);
  release_place(frame.frame->code, dropped);
}

// Code and callers stay: a traceback may be printed from them.
void clear_frame_object(Object* object, DroppedFields& dropped) {
  FrameObject& frame = frame_object(object);
  dropped.take(frame.trace);
  dropped.take(frame.extra_locals);
  if (!owns_frame(frame)) return;
  // As many at a time as fit; those that are left are emptied by the cells and objects themselves.
  StackRef* const registers = frame.frame->registers();
  for (std::uint32_t i = 0; i < frame.frame->register_count && !dropped.is_full(); ++i) {
    release_place(registers[i], dropped);
  }
}

void visit_counted(const StackRef& place, Visit visit, void* context) {
  if (place.is_counted()) visit(context, place.object());
}

void traverse_frame_object(Object* object, Visit visit, void* context) {
  FrameObject& frame = frame_object(object);
  visit_field(frame.trace, visit, context);
  visit_field(frame.extra_locals, visit, context);
  visit_field(frame.overwritten, visit, context);
  visit_field(frame.back, visit, context);
  if (!owns_frame(frame)) return;
  visit_field(frame.frame->locals, visit, context);
  visit_counted(frame.frame->function, visit, context);
  visit_counted(frame.frame->code, visit, context);
  for (std::uint32_t i = 0; i < frame.frame->register_count; ++i) {
    visit_counted(frame.frame->registers()[i], visit, context);
  }
}

Result<Ref<Str>> repr_frame(ThreadState& thread, Borrowed<Object> object) {
  const Borrowed<FrameObject> frame = as_frame(object);
  Ref<Object> code;
  int line;
  {
    FrameAccess access(thread, frame);
    code = Ref<Object>::share(thread, Borrowed<Object>(access->code.object()));
    line = line_of(*access);
  }
  TRY_ASSIGN(Ref<Str> file, repr_of(thread, Borrowed<Object>(as_code(code)->file_name)));
  return new_str(thread, fmt::format("<frame at {:#x}, file {}, line {}, code {}>",
                                     reinterpret_cast<std::uintptr_t>(object.get()), utf8_of(*file),
                                     line, utf8_of(*as_code(code)->name)));
}

constexpr Protocol kFrameProtocol{.repr = &repr_frame};

// A reference that may stand in the object: counted, unless it can never die.
StackRef moved_to_heap(ThreadState& thread, StackRef& place) {
  if (place.is_empty()) return StackRef();
  return StackRef::counted(place.to_heap(thread));
}

// The object gets everything that the frame holds but its temporaries.
void take_over(ThreadState& thread, FrameObject& object, Frame& frame) {
  Frame& place = *object.place();
  const std::uint32_t variables = frame.its_code().first_temporary;
  place.globals = frame.globals;
  place.builtins = frame.builtins;
  place.locals = std::exchange(frame.locals, nullptr);
  place.next = frame.next;
  place.previous = nullptr;
  place.object.initialize(nullptr);
  place.owner = FrameOwner::kFrameObject;
  place.delegates = false;
  place.register_count = variables;
  for (std::uint32_t i = 0; i < variables; ++i) {
    StackRef& from = frame.registers()[i];
    place.registers()[i] =
        RT_MUTANT(frame_registers_not_taken_over) ? StackRef() : moved_to_heap(thread, from);
  }
  // The frame goes on using these until it is gone.
  place.function =
      StackRef::counted(Ref<Object>::share(thread, Borrowed<Object>(frame.function.object())));
  place.code = StackRef::counted(Ref<Object>::share(thread, Borrowed<Object>(frame.code.object())));
  object.frame = &place;
}

}  // namespace

constinit Type frame_type(TypeSlots{
    .name = "frame",
    .size = sizeof(FrameObject),
    .heap = HeapKind::kCollected,
    .release_fields = &release_frame_object,
    .traverse = &traverse_frame_object,
    .clear = &clear_frame_object,
    .protocol = &kFrameProtocol,
});

Result<Ref<FrameObject>> object_of_frame(ThreadState& thread, Frame& frame, std::uint32_t runs_in) {
  if (FrameObject* known = frame.object.load_relaxed()) {  // its thread, or in a stopped world
    return Ref<FrameObject>::share(thread, Borrowed<FrameObject>(known));
  }
  const std::size_t variables = frame.its_code().first_temporary;
  Object* const block =
      allocate_instance(thread, frame_type, sizeof(FrameObject) + Frame::bytes_for(variables));
  if (block == nullptr) return raise_out_of_memory(thread);
  Ref<FrameObject> object = Ref<FrameObject>::adopt(static_cast<FrameObject*>(block));
  object->runs_in.initialize(runs_in);
  object->frame = &frame;
  track(object.get());
  frame.object.store_relaxed(object.duplicate(thread).release());
  return object;
}

void end_frame_object(ThreadState& thread, Frame& frame) {
  Ref<FrameObject> object = Ref<FrameObject>::adopt(frame.object.load_relaxed());
  frame.object.store_relaxed(nullptr);
  if (!object) return;
  Ref<Object> overwritten = Ref<Object>::adopt(std::exchange(object->overwritten, nullptr));
  if (is_unique(thread, object.get())) {
    // Nobody else has it. Its fields end with it.
    object->runs_in.store_relaxed(FrameObject::kSuspended);
    return;
  }
  if (frame.previous != nullptr) {
    Result<Ref<FrameObject>> back = object_of_frame(thread, *frame.previous, thread.serial());
    if (!back.is_raised()) object->back = std::move(back).value().release();
  }
  take_over(thread, *object, frame);
  object->runs_in.store_release(FrameObject::kFinished);  // [taken-before-finished]
}

FrameAccess::FrameAccess(ThreadState& thread, Borrowed<FrameObject> object) : object_(*object) {
  const std::uint32_t runs_in = object->runs_in.load_acquire();  // [taken-before-finished]
  if (runs_in == thread.serial() || thread.is_alone()) return;
  if (runs_in == FrameObject::kFinished) {
    section_.emplace(thread, object);
  } else if (!RT_MUTANT(frame_read_while_it_runs)) {
    stopped_.emplace(thread);
  }
}

bool FrameAccess::is_finished() const { return object_.frame->owner == FrameOwner::kFrameObject; }

bool FrameAccess::is_executing() const {
  Frame& frame = *object_.frame;
  if (frame.owner == FrameOwner::kFrameObject) return false;
  if (frame.owner == FrameOwner::kThread) return true;
  return generator_of(frame).state.load_relaxed() == GeneratorState::kExecuting;
}

std::uint32_t executing_thread(ThreadState& thread, const Frame& frame) {
  std::uint32_t serial = FrameObject::kSuspended;
  thread.world().for_each_thread([&](ThreadState& other) {
    const InterpreterOfThread* part = other.slot(kInterpreterSlot);
    if (part == nullptr) return;
    for (const Frame* its = part->current; its != nullptr; its = its->previous) {
      if (its == &frame) serial = other.serial();
    }
  });
  return serial;
}

Result<Ref<FrameObject>> frame_at_depth(ThreadState& thread, std::int64_t depth) {
  Frame* frame = thread.slot(kInterpreterSlot)->current;
  for (std::int64_t i = 0; frame != nullptr && i < depth; ++i) frame = frame->previous;
  if (frame == nullptr) return Ref<FrameObject>(nullptr);
  return object_of_frame(thread, *frame, thread.serial());
}

Result<Done> current_frames(ThreadState& thread, std::vector<CurrentFrame>* frames) {
  struct Newest {
    std::uint32_t serial;
    Frame* frame;
  };
  std::vector<Newest> newest;
  std::optional<StoppedWorld> stopped;
  if (!thread.is_alone()) stopped.emplace(thread);
  thread.world().for_each_thread([&](ThreadState& other) {
    const InterpreterOfThread* part = other.slot(kInterpreterSlot);
    if (part != nullptr && part->current != nullptr) {
      newest.push_back({other.serial(), part->current});
    }
  });
  for (const Newest& row : newest) {
    TRY_ASSIGN(Ref<FrameObject> object, object_of_frame(thread, *row.frame, row.serial));
    frames->push_back({row.serial, std::move(object)});
  }
  return Done();
}

Result<Ref<FrameObject>> frame_back(ThreadState& thread, Borrowed<FrameObject> object) {
  FrameAccess access(thread, object);
  if (access.is_finished()) {
    if (object->back == nullptr) return Ref<FrameObject>(nullptr);
    return Ref<FrameObject>::share(thread, Borrowed<FrameObject>(object->back));
  }
  if (access->previous == nullptr) return Ref<FrameObject>(nullptr);
  return object_of_frame(thread, *access->previous, object->runs_in.load_relaxed());
}

int frame_line(ThreadState& thread, Borrowed<FrameObject> object) {
  FrameAccess access(thread, object);
  return line_of(*access);
}

int line_of(const Frame& frame) {
  const Code& code = frame.its_code();
  if (!frame.has_begun()) return static_cast<int>(code.first_line);
  const CodePosition position = position_of(code, frame.word());
  return position.line == 0 ? -1 : static_cast<int>(position.line);
}

int last_instruction_of(const Frame& frame) {
  return frame.has_begun() ? static_cast<int>(frame.word()) * 2 : -1;
}

std::int64_t register_of_variable(Frame& frame, const Str& name, bool* is_cell) {
  const Code& code = frame.its_code();
  auto find = [&](const Tuple& names, std::uint32_t first) -> std::int64_t {
    for (std::int64_t i = 0; i < names.size; ++i) {
      const auto& candidate = *static_cast<const Str*>(names.items()[i]);
      if (&candidate == &name || equal_strs(candidate, name)) return first + i;
    }
    return -1;
  };
  std::int64_t cell = find(*code.cell_names, code.local_count);
  if (cell < 0) cell = find(*code.free_names, code.local_count + code.cell_count);
  *is_cell = cell >= 0 && !frame.registers()[cell].is_empty();
  if (*is_cell) return cell;
  return find(*code.local_names, 0);
}

std::vector<FrameVariable> variables_of(ThreadState& thread, Frame& frame) {
  const Code& code = frame.its_code();
  std::vector<FrameVariable> found;
  auto add = [&](Str* name, std::uint32_t number, bool is_cell) {
    const StackRef place = frame.registers()[number];
    if (place.is_empty()) return;
    found.push_back({Ref<Str>::share(thread, Borrowed<Str>(name)),
                     Ref<Object>::share(thread, Borrowed<Object>(place.object())), is_cell});
  };
  auto is_local = [&](const Object* name) {
    for (std::int64_t i = 0; i < code.local_names->size; ++i) {
      if (code.local_names->items()[i] == name) return true;
    }
    return false;
  };
  for (std::uint32_t i = 0; i < code.local_count; ++i) {
    auto* const name = static_cast<Str*>(code.local_names->items()[i]);
    bool is_cell = false;
    const std::int64_t number = register_of_variable(frame, *name, &is_cell);
    if (number >= 0) add(name, is_cell ? static_cast<std::uint32_t>(number) : i, is_cell);
  }
  for (std::uint32_t i = 0; i < code.cell_count + code.free_count; ++i) {
    const std::uint32_t number = code.local_count + i;
    Str* const name = code.name_of_register(number);
    if (!is_local(name)) add(name, number, true);
  }
  return found;
}

Result<Ref<Dict>> dict_of_variables(ThreadState& thread, std::vector<FrameVariable> variables) {
  TRY_ASSIGN(Ref<Dict> dict, new_dict(thread));
  for (FrameVariable& variable : variables) {
    Ref<Object> value = std::move(variable.value);
    if (variable.is_cell) {
      value = cell_get(thread, Borrowed<CellObject>(static_cast<CellObject*>(value.get())));
    }
    if (value) TRY(dict_set(thread, dict, variable.name, value));
  }
  return dict;
}

Result<Ref<Object>> frame_locals(ThreadState& thread, Borrowed<FrameObject> object) {
  Ref<Object> mapping;
  bool has_mapping;
  {
    FrameAccess access(thread, object);
    has_mapping = (access->its_code().flags & CodeFlags::kOptimized) == 0;
    if (has_mapping && access->locals != nullptr) {
      mapping = Ref<Object>::share(thread, Borrowed<Object>(access->locals));
    }
  }
  if (!has_mapping) return new_frame_locals_proxy(thread, object);
  if (!mapping) {
    RT_TRY_ASSIGN(empty, mapping, new_dict(thread));
  }
  return mapping;
}

Result<Ref<Object>> current_locals(ThreadState& thread) {
  Frame* frame = thread.slot(kInterpreterSlot)->current;
  if (frame == nullptr) return raise(thread, system_error_type, "frame does not exist");
  if ((frame->its_code().flags & CodeFlags::kOptimized) == 0 && frame->locals != nullptr) {
    return Ref<Object>::share(thread, Borrowed<Object>(frame->locals));
  }
  std::vector<FrameVariable> variables = variables_of(thread, *frame);
  Ref<Object> extra;
  if (FrameObject* object = frame->object.load_relaxed()) {
    Ref<FrameObject> kept = Ref<FrameObject>::share(thread, Borrowed<FrameObject>(object));
    extra = read_field(thread, kept, kept->extra_locals);
  }
  TRY_ASSIGN(Ref<Dict> dict, dict_of_variables(thread, std::move(variables)));
  if (extra) TRY(dict_update(thread, dict, extra));
  return Ref<Object>(std::move(dict));
}

Ref<Object> current_globals(ThreadState& thread) {
  Frame* frame = thread.slot(kInterpreterSlot)->current;
  if (frame == nullptr) return nullptr;
  return Ref<Object>::share(thread, Borrowed<Object>(frame->globals));
}

Ref<Object> current_builtins(ThreadState& thread) {
  Frame* frame = thread.slot(kInterpreterSlot)->current;
  if (frame != nullptr) return Ref<Object>::share(thread, Borrowed<Object>(frame->builtins));
  return Ref<Object>::share(thread, Interpreter::of(thread).builtins());
}

Result<Done> open_frame_type(ThreadState& thread) {
  return open_type(thread, NativeType{
                               .type = frame_type,
                               .documentation = "A call, under way or finished.",
                               .methods = frame_methods(),
                               .attributes = frame_attributes(),
                               .derivable = Derivable::kNo,
                           });
}

}  // namespace runtime
