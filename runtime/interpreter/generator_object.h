// Generators: a call that can be left and entered again.
//
// A generator contains the frame of its function. To go on, a thread claims it by compare-and-exchange
// from suspended to executing, and only then touches anything in it; of two threads that try, one gets
// ValueError "generator already executing". It pushes the frame on the chain of its frames, so it
// becomes part of its stack, and takes it off at the next `yield`. A suspended generator lies on the
// heap, so what its registers hold is counted then.
//
//   created -> executing -> suspended -> executing -> ... -> finished
//
// Ancestry: PEP 255, 342, 380, 479; CPython's Objects/genobject.c, where since 3.15 the state is
// claimed in the same way.
//
// Orderings in this file
//   [left-before-claimed]  who suspends a generator stores its state with release; who claims it
//                          acquires: everything in it belongs to him.
#pragma once

#include "runtime/interpreter/frame.h"
#include "runtime/interpreter/handled_exception.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"
#include "runtime/object/weak_reference.h"

namespace runtime {

enum class GeneratorState : std::uint8_t { kCreated, kSuspended, kExecuting, kFinished };

struct GeneratorObject : WeaklyReferable {
  Atomic<GeneratorState> state;
  HandledException handled;
  Atomic<Object*> name;            // a Str
  Atomic<Object*> qualified_name;  // a Str
  Object* code;                    // owned; stays when the frame has gone
  Frame frame;                     // must be last: registers follow
};

extern Type generator_type;

[[nodiscard]] inline bool is_generator(const Object& object) {
  return object.type == &generator_type;
}
[[nodiscard]] inline Borrowed<GeneratorObject> as_generator(Borrowed<Object> object) {
  RT_INVARIANT(is_generator(*object), "what is taken for a generator is one");
  return Borrowed<GeneratorObject>(static_cast<GeneratorObject*>(object.get()));
}

// Takes over a frame on top of the stack of this thread, which is at its RETURN_GENERATOR: what was
// in it is in the generator. MemoryError, and the frame is as it was.
Result<Ref<GeneratorObject>> new_generator(ThreadState& thread, Frame& frame);

// next(), send(value), throw(exception), close(). A null reference: it returned; `*returned`, if not
// null, is what.
Result<Ref<Object>> generator_send(ThreadState& thread, Borrowed<GeneratorObject> generator,
                                   Ref<Object> value, Ref<Object>* returned = nullptr);
Result<Ref<Object>> generator_throw(ThreadState& thread, Borrowed<GeneratorObject> generator,
                                    Ref<Object> exception, Ref<Object>* returned = nullptr);
// What it returned when it was left by GeneratorExit; None.
Result<Ref<Object>> generator_close(ThreadState& thread, Borrowed<GeneratorObject> generator);

// next(iterator), of any type: StopIteration, with the value that was returned, when there is no item.
// (A `next` slot says that by a null reference, and forgets the value.)
Result<Ref<Object>> next_or_stop(ThreadState& thread, Borrowed<Object> iterator);

// -- for the loop --
enum class Claim : std::uint8_t { kMine, kExecuting, kFinished };
[[nodiscard]] Claim try_claim(GeneratorObject& generator, bool* was_created);

Result<Done> open_generator_type(ThreadState& thread);

}  // namespace runtime
