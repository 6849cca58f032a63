#include "runtime/interpreter/generator_object.h"

#include <cstring>
#include <fmt/format.h>
#include <utility>

#include "runtime/interpreter/evaluate.h"
#include "runtime/interpreter/generator_methods.h"
#include "runtime/interpreter/generators.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"
#include "runtime/types/native.h"
#include "runtime/types/type_body.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

GeneratorObject& generator_in(Object* object) { return *static_cast<GeneratorObject*>(object); }

// What the frame holds; nobody executes it.
void release_frame(Frame& frame, DroppedFields& dropped) {
  auto release = [&](StackRef& place) {
    const StackRef previous = std::exchange(place, StackRef());
    if (!previous.is_counted()) return;
    Object* object = previous.object();
    dropped.take(object);
  };
  StackRef* const registers = frame.registers();
  for (std::uint32_t i = 0; i < frame.register_count; ++i) release(registers[i]);
  dropped.take(frame.locals);
  release(frame.function);
  release(frame.code);
}

void release_generator(Object* object, DroppedFields& dropped) {
  GeneratorObject& generator = generator_in(object);
  if (generator.state.load_relaxed() != GeneratorState::kFinished) {
    // Somebody may still have its frame object.
    end_frame_object(this_thread(), generator.frame);
    release_frame(generator.frame, dropped);
  }
  dropped.take(generator.handled.exception);
  dropped.take(generator.name);
  dropped.take(generator.qualified_name);
  dropped.take(generator.code);
}

void visit_counted(const StackRef& place, Visit visit, void* context) {
  if (place.is_counted()) visit(context, place.object());
}

// While a thread executes it, what the registers do not count is found on that thread's stack.
void traverse_generator(Object* object, Visit visit, void* context) {
  GeneratorObject& generator = generator_in(object);
  visit_field(generator.handled.exception, visit, context);
  visit_field(generator.name, visit, context);
  visit_field(generator.qualified_name, visit, context);
  visit_field(generator.code, visit, context);
  if (generator.state.load_relaxed() == GeneratorState::kFinished) return;
  Frame& frame = generator.frame;
  visit_counted(frame.function, visit, context);
  visit_counted(frame.code, visit, context);
  visit_field(frame.locals, visit, context);
  if (Object* frame_object = frame.object.load_relaxed()) visit(context, frame_object);
  for (std::uint32_t i = 0; i < frame.register_count; ++i) {
    visit_counted(frame.registers()[i], visit, context);
  }
}

void finalize_generator(ThreadState& thread, Borrowed<Object> object) {
  const Borrowed<GeneratorObject> generator = as_generator(object);
  if (generator->state.load_acquire() != GeneratorState::kSuspended) return;
  Result<Ref<Object>> closed = generator_close(thread, generator);
  if (closed.is_raised()) report_unraisable(thread, std::move(closed).raised(), object);
}

Result<Ref<Object>> next_of_generator(ThreadState& thread, Borrowed<Object> object) {
  return generator_send(thread, as_generator(object), none());
}

Result<Ref<Str>> repr_generator(ThreadState& thread, Borrowed<Object> object) {
  Ref<Object> name = read_field(thread, object, generator_in(object.get()).qualified_name);
  return new_str(thread, fmt::format("<generator object {} at {:#x}>", utf8_of(*as_str(name)),
                                     reinterpret_cast<std::uintptr_t>(object.get())));
}

constexpr Protocol kGeneratorProtocol{
    .repr = &repr_generator,
    .iterate = &iterate_itself,
    .next = &next_of_generator,
};

void count_register(ThreadState& thread, StackRef& place) {
  if (place.is_empty() || place.is_counted()) return;
  if (RT_MUTANT(suspended_registers_not_counted)) return;
  place = StackRef::counted(place.to_heap(thread));
}

}  // namespace

constinit Type generator_type(TypeSlots{
    .name = "generator",
    .size = sizeof(GeneratorObject),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_generator,
    .finalize = &finalize_generator,
    .traverse = &traverse_generator,
    .protocol = &kGeneratorProtocol,
});

GeneratorObject& generator_of(Frame& frame) {
  RT_INVARIANT(frame.owner == FrameOwner::kGenerator, "the frame lies in a generator");
  // It is the last field.
  auto* const end = reinterpret_cast<char*>(&frame + 1);
  return *reinterpret_cast<GeneratorObject*>(end - sizeof(GeneratorObject));
}

Result<Ref<GeneratorObject>> new_generator(ThreadState& thread, Frame& frame) {
  Object* const block = allocate_instance(
      thread, generator_type, sizeof(GeneratorObject) + frame.register_count * sizeof(StackRef));
  if (block == nullptr) return raise_out_of_memory(thread);
  Ref<GeneratorObject> generator =
      Ref<GeneratorObject>::adopt(static_cast<GeneratorObject*>(block));
  auto& function = *static_cast<FunctionObject*>(frame.its_function());
  const Borrowed<Object> function_object(&function);
  generator->name.initialize(read_field(thread, function_object, function.name).release());
  generator->qualified_name.initialize(
      read_field(thread, function_object, function.qualified_name).release());
  generator->code = Ref<Object>::share(thread, Borrowed<Object>(frame.code.object())).release();
  generator->state.initialize(GeneratorState::kCreated);

  Frame& own = generator->frame;
  own.function = frame.function;
  own.code = frame.code;
  own.globals = frame.globals;
  own.builtins = frame.builtins;
  own.locals = frame.locals;
  own.previous = nullptr;
  own.next = frame.next;
  own.register_count = frame.register_count;
  own.owner = FrameOwner::kGenerator;
  FrameObject* const object = frame.object.load_relaxed();
  own.object.initialize(object);
  if (object != nullptr) {
    object->frame = &own;
    note_suspended(own);
  }
  StackRef* const registers = own.registers();
  for (std::uint32_t i = 0; i < frame.register_count; ++i) registers[i] = frame.registers()[i];
  // On the heap everything is counted.
  count_register(thread, own.function);
  count_register(thread, own.code);
  for (std::uint32_t i = 0; i < own.register_count; ++i) count_register(thread, registers[i]);
  track(generator.get());
  return generator;
}

Claim try_claim(GeneratorObject& generator, bool* was_created) {
  GeneratorState state = generator.state.load_relaxed();  // the exchange below acquires
  for (;;) {
    if (state == GeneratorState::kExecuting) return Claim::kExecuting;
    if (state == GeneratorState::kFinished) return Claim::kFinished;
    *was_created = state == GeneratorState::kCreated;
    if (RT_MUTANT(generator_resume_without_claim)) {
      generator.state.store_relaxed(GeneratorState::kExecuting);
      return Claim::kMine;
    }
    // [left-before-claimed]
    if (generator.state.compare_exchange_acq_rel(state, GeneratorState::kExecuting)) {
      return Claim::kMine;
    }
  }
}

void finish_generator(ThreadState& thread, InterpreterOfThread& part, GeneratorObject& generator) {
  part.current = generator.frame.previous;
  generator.frame.previous = nullptr;
  --part.depth;
  if (!RT_MUTANT(finished_generator_keeps_handled)) part.handled = generator.handled.before;
  generator.handled.before = nullptr;
  empty_frame(thread, generator.frame);
  Ref<Object>::adopt(std::exchange(generator.handled.exception, nullptr)).drop(thread);
  generator.state.store_release(GeneratorState::kFinished);  // [left-before-claimed]
}

Raised raise_already_executing(ThreadState& thread) {
  return raise(thread, value_error_type, "generator already executing");
}
Raised raise_just_started(ThreadState& thread) {
  return raise(thread, type_error_type, "can't send non-None value to a just-started generator");
}

Raised stop_iteration_left(ThreadState& thread, Ref<Object> stop_iteration) {
  Raised raised = raise(thread, runtime_error_type, "generator raised StopIteration");
  const Borrowed<ExceptionObject> error(&as_exception(raised));
  set_exception_cause(thread, error, stop_iteration.duplicate(thread));
  set_exception_context(thread, error, std::move(stop_iteration));
  return raised;
}

Result<Ref<Object>> send_to(ThreadState& thread, Borrowed<Object> iterator, Ref<Object> value,
                            Ref<Object>* returned) {
  Result<Ref<Object>> sent = Ref<Object>();
  if (is_none(value.get()) && is_class(*iterator->type)) {
    // The value of its StopIteration is wanted, which the slot forgets.
    TRY_ASSIGN(Method method, find_special(thread, iterator, Names::of(thread).dunder_next()));
    if (method.function) {
      return or_returned(thread, call_method(thread, method, Arguments()), returned);
    }
  }
  if (is_none(value.get())) {
    const Protocol& protocol = protocol_of(iterator);
    sent = protocol.next != nullptr ? protocol.next(thread, iterator) : next_of(thread, iterator);
    if (sent.is_raised() || sent.value()) return sent;
    *returned = none();
    return Ref<Object>();
  }
  const Borrowed<Object> arguments[] = {value};
  sent = call_method(thread, iterator, "send", arguments);
  return or_returned(thread, std::move(sent), returned);
}

Result<Done> open_generator_type(ThreadState& thread) {
  return open_type(thread, NativeType{
                               .type = generator_type,
                               .documentation = "A call that can be left and entered again.",
                               .methods = generator_methods(),
                               .attributes = generator_attributes(),
                               .derivable = Derivable::kNo,
                           });
}

}  // namespace runtime
