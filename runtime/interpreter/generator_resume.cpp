// Resuming a generator from native code: next(), send(), throw(), close(), and its end.
#include <utility>

#include "runtime/interpreter/evaluate.h"
#include "runtime/interpreter/generator_methods.h"
#include "runtime/interpreter/generators.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

bool matches_type(Borrowed<Object> exception, const Type& type) {
  return is_instance(*exception, type);
}

void set_returned(Ref<Object>* returned, Ref<Object> value) {
  if (returned != nullptr) *returned = std::move(value);
}

// One resumption of a generator that this thread has claimed.
class Resumption {
 public:
  Resumption(ThreadState& thread, Borrowed<GeneratorObject> generator, Ref<Object>* returned)
      : thread_(thread),
        part_(*thread.slot(kInterpreterSlot)),
        generator_(*generator),
        frame_(generator->frame),
        returned_(returned) {
    frame_.how = FrameReturn::kToNative;
    enter_generator(thread_, part_, generator_);
  }

  // What it yields; a null reference: it returned.
  Result<Ref<Object>> run(Ref<Object> thrown) {
    Result<Ref<Object>> value = run_frame(thread_, &frame_, std::move(thrown));
    if (value.is_raised() || part_.has_yielded) return value;
    set_returned(returned_, std::move(value).value());
    return Ref<Object>();
  }

  void put_sent(Ref<Object> value) {
    put_register(thread_, frame_.registers()[frame_.sent], StackRef::counted(std::move(value)));
  }

  // An exception for a generator that is suspended in DELEGATE is for the one that it waits for. That
  // one may yield again, and so does this; or may return, and this goes on; or raises what is to be
  // raised here.
  Result<Ref<Object>> throw_while_delegating(Ref<Object> thrown) {
    StackRef& place = frame_.registers()[frame_.iterator_delegated];
    if (place.is_empty()) return run_after_delegate(std::move(thrown));
    const Ref<Object> iterator = Ref<Object>::share(thread_, Borrowed<Object>(place.object()));
    if (matches_type(thrown, generator_exit_type)) {
      Result<Done> closed = close_iterator(iterator);
      if (closed.is_raised()) thrown = std::move(closed).raised().take();
      return run_after_delegate(std::move(thrown));
    }
    Ref<Object> value_returned;
    Result<Ref<Object>> value = throw_into(iterator, thrown, &value_returned);
    if (value.is_raised()) return run_after_delegate(std::move(value).raised().take());
    if (value.value()) {
      suspend_generator(thread_, part_, generator_);
      part_.has_yielded = true;
      return value;
    }
    frame_.delegates = false;
    place.close(thread_);
    put_sent(std::move(value_returned));
    return run(nullptr);
  }

 private:
  Result<Ref<Object>> run_after_delegate(Ref<Object> thrown) {
    frame_.delegates = false;
    return run(std::move(thrown));
  }

  Result<Done> close_iterator(const Ref<Object>& iterator) {
    if (is_generator(*iterator)) {
      TRY(generator_close(thread_, as_generator(iterator)));
      return Done();
    }
    TRY_ASSIGN(Ref<Object> close, find_attribute(thread_, iterator, Names::of(thread_).close()));
    if (close) TRY(call(thread_, close, Arguments()));
    return Done();
  }

  // Raises what was thrown when the iterator cannot be thrown into.
  Result<Ref<Object>> throw_into(const Ref<Object>& iterator, const Ref<Object>& thrown,
                                 Ref<Object>* returned) {
    if (is_generator(*iterator)) {
      return generator_throw(thread_, as_generator(iterator), thrown.duplicate(thread_), returned);
    }
    TRY_ASSIGN(Ref<Object> method, find_attribute(thread_, iterator, Names::of(thread_).throw_()));
    if (!method) return Raised(thrown.duplicate(thread_));
    const Borrowed<Object> arguments[] = {thrown};
    return or_returned(thread_, call(thread_, method, arguments), returned);
  }

  ThreadState& thread_;
  InterpreterOfThread& part_;
  GeneratorObject& generator_;
  Frame& frame_;
  Ref<Object>* const returned_;
};

bool is_too_deep(ThreadState& thread) {
  const InterpreterOfThread& part = *thread.slot(kInterpreterSlot);
  return part.depth >= part.interpreter.recursion_limit();
}

}  // namespace

Result<Ref<Object>> or_returned(ThreadState& thread, Result<Ref<Object>> result,
                                Ref<Object>* returned) {
  if (!result.is_raised()) return result;
  Raised raised = std::move(result).raised();
  if (!matches(raised, stop_iteration_type)) return raised;
  *returned = stop_iteration_value(thread, Borrowed<ExceptionObject>(&as_exception(raised)));
  return Ref<Object>();
}

Result<Ref<Object>> generator_send(ThreadState& thread, Borrowed<GeneratorObject> generator,
                                   Ref<Object> value, Ref<Object>* returned) {
  if (is_too_deep(thread)) return raise_too_deep(thread);
  bool was_created;
  switch (try_claim(*generator, &was_created)) {
    case Claim::kExecuting:
      return raise_already_executing(thread);
    case Claim::kFinished:
      set_returned(returned, none());
      return Ref<Object>();
    case Claim::kMine:
      break;
  }
  if (was_created && !is_none(value.get())) {
    generator->state.store_release(GeneratorState::kCreated);  // [left-before-claimed]
    return raise_just_started(thread);
  }
  Resumption resumption(thread, generator, returned);
  if (!was_created) resumption.put_sent(std::move(value));
  if (generator->frame.delegates) {
    // It is the instruction itself that sends: executed again.
    generator->frame.delegates = false;
    generator->frame.next =
        begin_of_instruction(generator->frame.its_code(), generator->frame.next, 1);
  }
  return resumption.run(nullptr);
}

Result<Ref<Object>> generator_throw(ThreadState& thread, Borrowed<GeneratorObject> generator,
                                    Ref<Object> exception, Ref<Object>* returned) {
  if (is_too_deep(thread)) return raise_too_deep(thread);
  bool was_created;
  switch (try_claim(*generator, &was_created)) {
    case Claim::kExecuting:
      return raise_already_executing(thread);
    case Claim::kFinished:
      return Raised(std::move(exception));
    case Claim::kMine:
      break;
  }
  Resumption resumption(thread, generator, returned);
  if (generator->frame.delegates) return resumption.throw_while_delegating(std::move(exception));
  return resumption.run(std::move(exception));
}

Result<Ref<Object>> generator_close(ThreadState& thread, Borrowed<GeneratorObject> generator) {
  if (generator->state.load_acquire() == GeneratorState::kFinished) return none();
  bool was_created;
  switch (try_claim(*generator, &was_created)) {
    case Claim::kExecuting:
      return raise_already_executing(thread);
    case Claim::kFinished:
      return none();
    case Claim::kMine:
      break;
  }
  if (was_created) {
    // Nothing of it has run, so there is nothing to tell it.
    InterpreterOfThread& part = *thread.slot(kInterpreterSlot);
    enter_generator(thread, part, *generator);
    finish_generator(thread, part, *generator);
    return none();
  }
  Raised exit = raise_empty(thread, generator_exit_type);
  Ref<Object> returned;
  Result<Ref<Object>> value = Ref<Object>();
  {
    Resumption resumption(thread, generator, &returned);
    value = generator->frame.delegates ? resumption.throw_while_delegating(exit.take())
                                       : resumption.run(exit.take());
  }
  if (!value.is_raised()) {
    if (!value.value()) return returned;
    return raise(thread, runtime_error_type, "generator ignored GeneratorExit");
  }
  Raised raised = std::move(value).raised();
  if (matches(raised, generator_exit_type) || matches(raised, stop_iteration_type)) return none();
  return raised;
}

}  // namespace runtime
