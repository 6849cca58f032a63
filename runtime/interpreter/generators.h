// How a generator's frame becomes part of a thread's stack and leaves it.
//
// Not an interface of the floor: for the files of the loop alone.
#pragma once

#include "runtime/interpreter/calls.h"
#include "runtime/interpreter/generator_object.h"
#include "runtime/interpreter/operation.h"

namespace runtime {

// Its frame becomes the current one. The thread has claimed it.
inline void enter_generator(ThreadState& thread, InterpreterOfThread& part,
                            GeneratorObject& generator) {
  Frame& frame = generator.frame;
  frame.previous = part.current;
  part.current = &frame;
  ++part.depth;
  generator.handled.before = part.handled;
  part.handled = &generator.handled;
  note_running(thread, frame);
}

// The frame, which is current, is suspended: from now on anybody may claim it.
inline void suspend_generator(ThreadState& thread, InterpreterOfThread& part,
                              GeneratorObject& generator) {
  Frame& frame = generator.frame;
  StackRef* const registers = frame.registers();
  for (std::uint32_t i = 0; i < frame.register_count; ++i) {
    // On the heap everything is counted.
    if (registers[i].is_empty() || registers[i].is_counted()) continue;
    if (is_immortal(registers[i].object())) continue;
    if (RT_MUTANT(suspended_registers_not_counted)) continue;
    registers[i] = StackRef::counted(registers[i].to_heap(thread));
  }
  part.current = frame.previous;
  frame.previous = nullptr;
  --part.depth;
  part.handled = generator.handled.before;
  generator.handled.before = nullptr;
  note_suspended(frame);
  generator.state.store_release(GeneratorState::kSuspended);  // [left-before-claimed]
}

// The call has ended: nobody will enter it any more. The frame is current. The caller holds the
// generator.
void finish_generator(ThreadState& thread, InterpreterOfThread& part, GeneratorObject& generator);

// Where the instruction begins whose words end at `behind`, `words` of them without WIDE.
[[nodiscard]] inline const Word* begin_of_instruction(const Code& code, const Word* behind,
                                                      unsigned words) {
  const Word* first = behind - words;
  if (first > code.instructions && opcode_of(first[-1]) == Opcode::kWide) --first;
  return first;
}

// What a StopIteration becomes that would leave a generator.
[[nodiscard]] Raised stop_iteration_left(ThreadState& thread, Ref<Object> stop_iteration);

[[nodiscard]] Raised raise_already_executing(ThreadState& thread);
[[nodiscard]] Raised raise_just_started(ThreadState& thread);

// iterator.send(value) of what is no generator, next(iterator) for None. A null reference: it
// returned, and `*returned` is what.
Result<Ref<Object>> send_to(ThreadState& thread, Borrowed<Object> iterator, Ref<Object> value,
                            Ref<Object>* returned);

}  // namespace runtime
