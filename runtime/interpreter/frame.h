// Frames: one call of a Python function that is under way.
//
// A frame says what is executed (code, function), in which namespaces, how far it has come, and holds
// the registers: parameters and local variables, cells, temporaries, each a StackRef. Calls make
// and end frames all the time, so a frame is no object: it is pushed on a stack of chunks that
// belongs to the thread, a few words and the registers right behind them. A generator has its frame
// inside itself and lends it to the thread that executes it. If a program asks for the frame, it
// gets a frame object (frame_object.h), which takes the registers over when the call ends before it.
//
// A running frame is written by its thread alone. Another thread looks at it only in a stopped world:
// its owner then stands at a safe point, where all fields are as they should be.
//
// Ancestry: CPython's _PyInterpreterFrame (Include/internal/pycore_interpframe.h) and the data stack
// chunks of Python/pystate.c.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/compiler/code_object.h"
#include "runtime/interpreter/handled_exception.h"
#include "runtime/object/stack_ref.h"
#include "runtime/object/type.h"

namespace runtime {

struct Dict;
struct FrameObject;
struct FunctionObject;
struct GeneratorObject;

// In whose memory the frame lies.
enum class FrameOwner : std::uint8_t { kThread, kGenerator, kFrameObject };

// What happens when the frame returns.
enum class FrameReturn : std::uint8_t {
  kToNative,      // the loop ends: its C++ caller gets the value
  kToRegister,    // the caller's register `result`
  kToNothing,     // it was __init__: None is checked for and dropped; the register has the instance
  kToIteration,   // the caller stands at FOR_ITERATOR
  kToDelegation,  // the caller stands at DELEGATE
};

struct Frame {
  StackRef function;  // a FunctionObject: keeps globals and builtins
  StackRef code;      // a Code: the function may have got another one meanwhile
  Dict* globals;      // of the function
  Dict* builtins;     // likewise
  Object* locals;     // owned; the mapping of a module or class body; null: the registers
  Frame* previous;    // the caller's; null: the first of its thread
  // Behind the word of the instruction that is executed, or where it goes on; the first word of the
  // code: not begun. Written before anything that could look at it.
  const Word* next;
  Atomic<FrameObject*> object;  // owned; null: nobody asked for one
  std::uint32_t register_count;
  std::uint16_t result;    // a register of `previous`
  std::uint16_t sent;      // of a suspended generator: the register that gets what is sent
  std::uint16_t iterator;  // kToIteration, kToDelegation: the register of `previous` that holds it
  std::uint16_t iterator_delegated;  // while `delegates`: the register that holds what it waits for
  bool delegates;  // a generator, suspended in DELEGATE, behind which `next` stands
  FrameOwner owner;
  FrameReturn how;

  [[nodiscard]] StackRef* registers() { return reinterpret_cast<StackRef*>(this + 1); }
  [[nodiscard]] Code& its_code() const { return *static_cast<Code*>(code.object()); }
  [[nodiscard]] Object* its_function() const { return function.object(); }
  [[nodiscard]] bool has_begun() const { return next != its_code().instructions; }
  // In the code: of the instruction that is executed.
  [[nodiscard]] std::uint32_t word() const {
    const std::ptrdiff_t behind = next - its_code().instructions;
    return behind == 0 ? 0 : static_cast<std::uint32_t>(behind - 1);
  }
  [[nodiscard]] static constexpr std::size_t bytes_for(std::size_t registers) {
    return sizeof(Frame) + registers * sizeof(StackRef);
  }
};
static_assert(sizeof(Frame) % alignof(std::uint64_t) == 0);

// Whose frame it is: FrameOwner::kGenerator.
[[nodiscard]] GeneratorObject& generator_of(Frame& frame);

// The frames of one thread, newest on top. A chunk is given back when the last frame in it has
// gone, but for one that is kept.
class FrameStack {
 public:
  FrameStack() = default;
  ~FrameStack();
  FrameStack(const FrameStack&) = delete;
  FrameStack& operator=(const FrameStack&) = delete;

  // Its registers are empty, its other fields are not set. Null: no memory.
  [[nodiscard]] Frame* push(std::size_t registers) {
    const std::size_t bytes = Frame::bytes_for(registers);
    if (static_cast<std::size_t>(end_ - top_) < bytes) [[unlikely]]
      return push_slow(registers);
    return take(bytes, registers);
  }
  // `frame` is the newest one; everything in it has been given up.
  void pop(Frame* frame) {
    top_ = reinterpret_cast<char*>(frame);
    if (top_ == begin_) [[unlikely]]
      leave_chunk();
  }

 private:
  struct Chunk {
    Chunk* before;
    char* top;  // of `before`, when this one was begun
    std::size_t bytes;
  };
  static constexpr std::size_t kChunkBytes = HEDDLE_SCHEDULED ? 4 * 1024 : 32 * 1024;

  [[nodiscard]] Frame* take(std::size_t bytes, std::size_t registers);
  [[nodiscard]] Frame* push_slow(std::size_t registers);
  void leave_chunk();
  void free_chunk(Chunk* chunk);

  char* top_ = nullptr;
  char* begin_ = nullptr;  // of the frames in `chunk_`
  char* end_ = nullptr;
  Chunk* chunk_ = nullptr;
  Chunk* spare_ = nullptr;
};

inline Frame* FrameStack::take(std::size_t bytes, std::size_t registers) {
  auto* frame = reinterpret_cast<Frame*>(top_);
  top_ += bytes;
  StackRef* const places = frame->registers();
  for (std::size_t i = 0; i < registers; ++i) places[i] = StackRef();
  return frame;
}

// The line that the frame executes; the first line of its code before it has begun; -1: none.
[[nodiscard]] int line_of(const Frame& frame);
// The number of the instruction, times two, as f_lasti counts; -1: not begun.
[[nodiscard]] int last_instruction_of(const Frame& frame);

}  // namespace runtime
