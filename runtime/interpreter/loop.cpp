// The evaluation loop.
//
// One place per instruction; each ends by jumping to the place of the next (a table of addresses of
// labels, where the compiler has them, else a switch). What the loop does itself is what programs do
// all the time with values of the common types: moves, jumps, arithmetic of small ints and floats,
// comparisons, items of lists, tuples and dicts, steps of loops, calls of Python functions and
// resumptions of generators, which push a frame and go on here. Everything else is a function of an
// Operation (operation.h).
//
// `frame->next` is stored at each instruction: whoever looks at the frame, a traceback or another
// thread in a stopped world, finds where it is.
//
// Ancestry: CPython's _PyEval_EvalFrameDefault (Python/ceval.c).
#include <cmath>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_iterator.h"
#include "runtime/containers/list_object.h"
#include "runtime/interpreter/attribute_cache.h"
#include "runtime/interpreter/calls.h"
#include "runtime/interpreter/cell_object.h"
#include "runtime/interpreter/evaluate.h"
#include "runtime/interpreter/fast_paths.h"
#include "runtime/interpreter/generators.h"
#include "runtime/interpreter/operation.h"
#include "runtime/interpreter/traceback_object.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/singletons.h"
#include "runtime/types/bound_method.h"

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wgnu-label-as-value"
#elif defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wpedantic"
#endif

namespace runtime {

namespace {

constexpr std::uint8_t kExtraWords[] = {
#define RT_INSTRUCTION(identifier, name, a, b, c, extra1, extra2, effects, text) \
  (Extra::extra1 != Extra::kNothing ? 1 : 0) + (Extra::extra2 != Extra::kNothing ? 1 : 0),
#include "runtime/compiler/instructions.def"
#undef RT_INSTRUCTION
};
constexpr unsigned extra_words(Opcode opcode) { return kExtraWords[static_cast<unsigned>(opcode)]; }

ExceptionObject& exception_object(Object* exception) {
  return *static_cast<ExceptionObject*>(exception);
}

// A raised exception has a context if one is being handled; one that has come a part of its way has
// its context already.
void chain_if_new(ThreadState& thread, Object* exception) {
  const Borrowed<ExceptionObject> raised(&exception_object(exception));
  if (exception_traceback(thread, raised)) return;
  Ref<Object> handled = handled_exception(thread);
  if (!handled || handled.get() == exception) return;
  chain_context(thread, Raised(Ref<Object>::share(thread, raised)),
                Borrowed<ExceptionObject>(&exception_object(handled.get())));
}

// The frame's exception table: where it goes on with the exception, which is in its register then.
// Null: nowhere, and the exception is the caller's still.
const Word* catch_in_frame(ThreadState& thread, Frame& frame, Object* exception) {
  const Code& code = frame.its_code();
  const ExceptionRange* range = handler_of(code, frame.word());
  if (range == nullptr) return nullptr;
  StackRef* const registers = frame.registers();
  for (std::uint32_t i = frame.register_count; i > range->live; --i) {
    registers[i - 1].close(thread);
  }
  registers[range->live] = StackRef::counted(Ref<Object>::adopt(exception));
  return code.instructions + range->handler;
}

// What another thread has sent to this one, if it has not been taken back.
[[gnu::noinline]] Result<Done> raise_sent(ThreadState& thread, InterpreterOfThread& part) {
  Ref<Object> sent = Ref<Object>::adopt(part.sent.exchange(nullptr));
  if (!sent) return Done();
  if (is_exception(sent)) return Raised(std::move(sent));
  TRY_ASSIGN(Ref<Object> made, call(thread, sent, Arguments()));
  if (!is_exception(made)) {
    return raise(thread, type_error_type, "exceptions must derive from BaseException");
  }
  return Raised(std::move(made));
}

// Answers requests of other threads. True: something was sent to this one, to be raised.
inline bool has_been_sent(ThreadState& thread, InterpreterOfThread& part) {
  quiescent_point(thread);
  return part.sent.load_relaxed() != nullptr;
}

Result<Done> count_step(ThreadState& thread, InterpreterOfThread& part) {
  const std::uint64_t limit = part.interpreter.options().step_limit;
  if (limit != 0 && ++part.steps > limit) {
    return raise(thread, runtime_error_type, "step limit exceeded");
  }
  return Done();
}

Result<Done> pass_safe_point(ThreadState& thread, InterpreterOfThread& part) {
  if (has_been_sent(thread, part)) TRY(raise_sent(thread, part));
  return count_step(thread, part);
}

// Of the machine's stack.
[[gnu::noinline]] std::uintptr_t place_on_stack() {
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

// One loop inside another on this thread: how deep they may stand.
class NativeDepth {
 public:
  explicit NativeDepth(InterpreterOfThread& part) : part_(part) {
    if (part_.native_depth++ > 0) return;
    const std::uintptr_t here = place_on_stack();
    const std::size_t allowed = part_.interpreter.options().native_stack;
    part_.lowest_stack = here > allowed ? here - allowed : 0;
  }
  ~NativeDepth() { --part_.native_depth; }
  NativeDepth(const NativeDepth&) = delete;
  NativeDepth& operator=(const NativeDepth&) = delete;
  [[nodiscard]] bool is_too_deep() const { return place_on_stack() < part_.lowest_stack; }

 private:
  InterpreterOfThread& part_;
};

// A generator that the loop is about to enter.
Result<Done> check_depth(ThreadState& thread, const InterpreterOfThread& part) {
  if (part.depth < part.interpreter.recursion_limit()) return Done();
  return raise_too_deep(thread);
}

// The callee of a call is a function, perhaps one that is bound: then the window says so.
bool find_function(ThreadState& thread, StackRef* window) {
  Object* callee = window[0].object();
  if (callee == nullptr) return false;
  if (callee->type == &function_type) return true;
  if (callee->type != &bound_method_type || !window[1].is_empty()) return false;
  auto* method = static_cast<BoundMethod*>(callee);
  if (method->function->type != &function_type) return false;
  window[1] = StackRef::load(thread, Borrowed<Object>(method->self));
  StackRef function = StackRef::load(thread, Borrowed<Object>(method->function));
  put_register(thread, window[0], function);
  return true;
}

Result<Frame*> begin_window_call(ThreadState& thread, StackRef* window, std::uint32_t count,
                                 Tuple* names) {
  const std::uint32_t named = names == nullptr ? 0 : static_cast<std::uint32_t>(names->size);
  const std::uint32_t first = window[1].is_empty() ? 2 : 1;
  const std::uint32_t end = 2 + count;
  const StackRef function = std::exchange(window[0], StackRef());
  return begin_call(thread, function,
                    PassedArguments{
                        .positional = window + first,
                        .positional_count = end - first - named,
                        .named = window + end - named,
                        .names = names,
                    });
}

}  // namespace

#define RT_OPERATION() \
  Operation { thread, *frame, a, b, c, constant_bit, pc }

// Takes the exception out of a result and goes where exceptions go.
#define RT_RAISE(result)                                     \
  do {                                                       \
    exception = std::move(result).raised().take().release(); \
    goto raised;                                             \
  } while (false)

// Behind a call that did not push a frame.
#define RT_ANSWER_REQUESTS()                          \
  do {                                                \
    if (has_been_sent(thread, part)) [[unlikely]] {   \
      Result<Done> passed = raise_sent(thread, part); \
      if (passed.is_raised()) [[unlikely]]            \
        RT_RAISE(passed);                             \
    }                                                 \
  } while (false)

#if defined(__GNUC__)
#define RT_CASE(identifier) label_##identifier:
#define RT_DISPATCH(opcode) goto* labels[static_cast<unsigned>(opcode)]
#else
#define RT_CASE(identifier) case Opcode::identifier:
#define RT_DISPATCH(opcode)  \
  do {                       \
    current_opcode = opcode; \
    goto dispatch;           \
  } while (false)
#endif

#define RT_NEXT()                      \
  do {                                 \
    word = *pc++;                      \
    frame->next = pc;                  \
    a = a_of(word);                    \
    b = b_of(word);                    \
    c = c_of(word);                    \
    constant_bit = kNarrowConstantBit; \
    RT_DISPATCH(opcode_of(word));      \
  } while (false)

// The whole instruction is a function of an Operation.
#define RT_EXECUTE(function)                      \
  {                                               \
    Result<Done> done = function(RT_OPERATION()); \
    if (done.is_raised()) [[unlikely]]            \
      RT_RAISE(done);                             \
  }
#define RT_EXECUTE_WITH(function, argument)                 \
  {                                                         \
    Result<Done> done = function(RT_OPERATION(), argument); \
    if (done.is_raised()) [[unlikely]]                      \
      RT_RAISE(done);                                       \
  }
#define RT_FUNCTION_CASE(identifier, function) \
  RT_CASE(identifier) {                        \
    RT_EXECUTE(function)                       \
    pc += extra_words(Opcode::identifier);     \
    RT_NEXT();                                 \
  }

// What an operand refers to; null: an empty register.
#define RT_PEEK(operand)                                                     \
  (((operand)&constant_bit) != 0 ? constants[(operand) & (constant_bit - 1)] \
                                 : registers[operand].object())
// A source was used up.
#define RT_CONSUME(operand)                                              \
  do {                                                                   \
    if (((operand)&constant_bit) == 0 && (operand) >= first_temporary) { \
      registers[operand].close(thread);                                  \
    }                                                                    \
  } while (false)
#define RT_PUT(number, value) put_register(thread, registers[number], value)

// left op right, where both are ints or both floats of exact type; else the function.
#define RT_ARITHMETIC_CASE(identifier, fast, function, op) \
  RT_CASE(identifier) {                                    \
    StackRef value = fast(thread, RT_PEEK(b), RT_PEEK(c)); \
    if (!value.is_empty()) [[likely]] {                    \
      RT_CONSUME(b);                                       \
      RT_CONSUME(c);                                       \
      RT_PUT(a, value);                                    \
    } else {                                               \
      RT_EXECUTE_WITH(function, op)                        \
    }                                                      \
    pc += extra_words(Opcode::identifier);                 \
    RT_NEXT();                                             \
  }
#define RT_COMPARE_CASE(identifier, op)                                \
  RT_CASE(identifier) {                                                \
    const Comparison found = compare_fast<op>(RT_PEEK(b), RT_PEEK(c)); \
    if (found != Comparison::kUnknown) [[likely]] {                    \
      RT_CONSUME(b);                                                   \
      RT_CONSUME(c);                                                   \
      RT_PUT(a, boolean_register(found == Comparison::kTrue));         \
    } else {                                                           \
      RT_EXECUTE_WITH(comparison, op)                                  \
    }                                                                  \
    pc += extra_words(Opcode::identifier);                             \
    RT_NEXT();                                                         \
  }
#define RT_JUMP_OFFSET()                                                  \
  (constant_bit == kNarrowConstantBit                                     \
       ? static_cast<std::int32_t>(static_cast<std::int16_t>(b | c << 8)) \
       : static_cast<std::int32_t>(b | c << 16))

// Sets `truth` to that of register a, which stays.
#define RT_TRUTH_OF_A()                                             \
  bool truth;                                                       \
  {                                                                 \
    Object* const tested = registers[a].object();                   \
    if (tested == &true_object) {                                   \
      truth = true;                                                 \
    } else if (tested == &false_object || tested == &none_object) { \
      truth = false;                                                \
    } else {                                                        \
      Result<bool> asked = truth_of_kept(RT_OPERATION());           \
      if (asked.is_raised()) [[unlikely]]                           \
        RT_RAISE(asked);                                            \
      truth = asked.value();                                        \
    }                                                               \
  }

Result<Ref<Object>> run_frame(ThreadState& thread, Frame* entry, Ref<Object> thrown) {
#if defined(__GNUC__)
  static const void* const labels[] = {
#define RT_INSTRUCTION(identifier, name, a, b, c, extra1, extra2, effects, text) \
  &&label_##identifier,
#include "runtime/compiler/instructions.def"
#undef RT_INSTRUCTION
  };
#else
  Opcode current_opcode;
#endif
  InterpreterOfThread& part = *thread.slot(kInterpreterSlot);
  const NativeDepth native_depth(part);

  Frame* frame = entry;
  const Word* pc;
  StackRef* registers;
  Object* const* constants;
  std::uint32_t first_temporary;
  Word word = 0;
  std::uint32_t a = 0, b = 0, c = 0;
  std::uint32_t constant_bit = kNarrowConstantBit;
  Object* exception = nullptr;  // owned, on its way
  StackRef carried;             // a value on its way from a frame to its caller
  FrameReturn how;
  std::uint16_t result;
  std::uint16_t iterator;

#define RT_LOAD_FRAME()                         \
  do {                                          \
    const Code& its_code = frame->its_code();   \
    pc = frame->next;                           \
    registers = frame->registers();             \
    constants = its_code.constants->items();    \
    first_temporary = its_code.first_temporary; \
  } while (false)

  RT_LOAD_FRAME();
  if (thrown) {
    exception = thrown.release();
    goto raised;
  }
  if (native_depth.is_too_deep()) [[unlikely]] {
    exception = raise_too_deep(thread).take().release();
    goto raised;
  }
  RT_NEXT();

#if !defined(__GNUC__)
dispatch:
  switch (current_opcode) {
#endif

    // -- words that are no instructions of their own --
    RT_CASE(kWide) {
      const Word high = word;
      word = *pc++;
      frame->next = pc;
      a = a_of(word) | a_of(high) << 8;
      b = b_of(word) | b_of(high) << 8;
      c = c_of(word) | c_of(high) << 8;
      constant_bit = kWideConstantBit;
      RT_DISPATCH(opcode_of(word));
    }
    RT_CASE(kExtra) {
      exception = raise_damaged(thread, "an extra word was executed").take().release();
      goto raised;
    }

    // -- registers --
    RT_CASE(kResume) {
      {
        Result<Done> passed = pass_safe_point(thread, part);
        if (passed.is_raised()) [[unlikely]]
          RT_RAISE(passed);
      }
      RT_NEXT();
    }
    RT_CASE(kMove) {
      if (registers[b].is_empty()) [[unlikely]]
        goto empty_b;
      if (b >= first_temporary) {
        const StackRef moved = std::exchange(registers[b], StackRef());
        RT_PUT(a, moved);
      } else {
        RT_PUT(a, registers[b].duplicate(thread));
      }
      RT_NEXT();
    }
    RT_CASE(kCopy) {
      if (registers[b].is_empty()) [[unlikely]]
        goto empty_b;
      RT_PUT(a, registers[b].duplicate(thread));
      RT_NEXT();
    }
    RT_CASE(kLoadConstant) {
      const std::uint32_t index = constant_bit == kNarrowConstantBit ? b | c << 8 : b | c << 16;
      RT_PUT(a, StackRef::uncounted(Borrowed<Object>(constants[index])));
      RT_NEXT();
    }
    RT_CASE(kClear) {
      registers[a].close(thread);
      RT_NEXT();
    }
    RT_CASE(kCheckLocal) {
      if (registers[a].is_empty()) [[unlikely]]
        goto empty_a;
      RT_NEXT();
    }
    RT_FUNCTION_CASE(kDeleteLocal, delete_local)
    RT_CASE(kSaveLocal) {
      const StackRef saved = std::exchange(registers[b], StackRef());
      RT_PUT(a, saved);
      RT_NEXT();
    }
    RT_CASE(kRestoreLocal) {
      const StackRef saved = std::exchange(registers[b], StackRef());
      RT_PUT(a, saved);
      RT_NEXT();
    }

    // -- names --
    RT_FUNCTION_CASE(kLoadGlobal, load_global)
    RT_FUNCTION_CASE(kStoreGlobal, store_global)
    RT_FUNCTION_CASE(kDeleteGlobal, delete_global)
    RT_FUNCTION_CASE(kLoadName, load_name)
    RT_FUNCTION_CASE(kStoreName, store_name)
    RT_FUNCTION_CASE(kDeleteName, delete_name)
    RT_FUNCTION_CASE(kLoadLocals, load_locals)
    RT_FUNCTION_CASE(kLoadMappingOrGlobal, load_mapping_or_global)
    RT_FUNCTION_CASE(kLoadMappingOrCell, load_mapping_or_cell)

    // -- cells --
    RT_FUNCTION_CASE(kMakeCell, make_empty_cell)
    RT_FUNCTION_CASE(kMakeCellOf, make_cell_of_local)
    RT_FUNCTION_CASE(kLoadCell, load_cell)
    RT_FUNCTION_CASE(kStoreCell, store_cell)
    RT_FUNCTION_CASE(kDeleteCell, delete_cell)
    RT_FUNCTION_CASE(kLoadClosure, load_closure)
    RT_FUNCTION_CASE(kSaveCell, save_cell)
    RT_FUNCTION_CASE(kRestoreCell, restore_cell)

    // -- attributes and items --
    RT_CASE(kLoadAttribute) {
      StackRef found = remembered_load(thread, frame->its_code().caches[extra_of(*pc)], RT_PEEK(b));
      if (!found.is_empty()) [[likely]] {
        RT_CONSUME(b);
        RT_PUT(a, found);
      } else {
        RT_EXECUTE(load_attribute)
      }
      pc += extra_words(Opcode::kLoadAttribute);
      RT_NEXT();
    }
    RT_FUNCTION_CASE(kLoadMethod, load_method)
    RT_FUNCTION_CASE(kLoadSpecial, load_special)
    RT_CASE(kStoreAttribute) {
      if (remembered_store(thread, frame->its_code().caches[extra_of(*pc)], registers[a].object(),
                           RT_PEEK(c))) [[likely]] {
        RT_CONSUME(a);
        RT_CONSUME(c);
      } else {
        RT_EXECUTE(store_attribute)
      }
      pc += extra_words(Opcode::kStoreAttribute);
      RT_NEXT();
    }
    RT_FUNCTION_CASE(kDeleteAttribute, delete_attribute)
    RT_CASE(kGetItem) {
      StackRef value = item_fast(thread, RT_PEEK(b), RT_PEEK(c));
      if (!value.is_empty()) [[likely]] {
        RT_CONSUME(b);
        RT_CONSUME(c);
        RT_PUT(a, value);
      } else {
        RT_EXECUTE(load_item)
      }
      pc += extra_words(Opcode::kGetItem);
      RT_NEXT();
    }
    RT_FUNCTION_CASE(kSetItem, store_item)
    RT_FUNCTION_CASE(kDeleteItem, remove_item)
    RT_FUNCTION_CASE(kBuildSlice, build_slice)

    // -- operators --
    RT_ARITHMETIC_CASE(kAdd, add_fast, binary_operation, BinaryOp::kAdd)
    RT_ARITHMETIC_CASE(kSubtract, subtract_fast, binary_operation, BinaryOp::kSubtract)
    RT_ARITHMETIC_CASE(kMultiply, multiply_fast, binary_operation, BinaryOp::kMultiply)
    RT_ARITHMETIC_CASE(kDivide, divide_fast, binary_operation, BinaryOp::kTrueDivide)
    RT_ARITHMETIC_CASE(kModulo, modulo_fast, binary_operation, BinaryOp::kModulo)
    RT_ARITHMETIC_CASE(kFloorDivide, floor_divide_fast, binary_operation, BinaryOp::kFloorDivide)
    RT_ARITHMETIC_CASE(kPower, no_fast, binary_operation, BinaryOp::kPower)
    RT_ARITHMETIC_CASE(kLeftShift, no_fast, binary_operation, BinaryOp::kLeftShift)
    RT_ARITHMETIC_CASE(kRightShift, right_shift_fast, binary_operation, BinaryOp::kRightShift)
    RT_ARITHMETIC_CASE(kBitOr, bit_or_fast, binary_operation, BinaryOp::kOr)
    RT_ARITHMETIC_CASE(kBitXor, bit_xor_fast, binary_operation, BinaryOp::kXor)
    RT_ARITHMETIC_CASE(kBitAnd, bit_and_fast, binary_operation, BinaryOp::kAnd)
    RT_ARITHMETIC_CASE(kMatrixMultiply, no_fast, matrix_multiply, false)
    RT_ARITHMETIC_CASE(kInplaceAdd, add_numbers_fast, inplace_operation, BinaryOp::kAdd)
    RT_ARITHMETIC_CASE(kInplaceSubtract, subtract_fast, inplace_operation, BinaryOp::kSubtract)
    RT_ARITHMETIC_CASE(kInplaceMultiply, multiply_fast, inplace_operation, BinaryOp::kMultiply)
    RT_ARITHMETIC_CASE(kInplaceDivide, divide_fast, inplace_operation, BinaryOp::kTrueDivide)
    RT_ARITHMETIC_CASE(kInplaceModulo, modulo_fast, inplace_operation, BinaryOp::kModulo)
    RT_ARITHMETIC_CASE(kInplaceFloorDivide, floor_divide_fast, inplace_operation,
                       BinaryOp::kFloorDivide)
    RT_ARITHMETIC_CASE(kInplacePower, no_fast, inplace_operation, BinaryOp::kPower)
    RT_ARITHMETIC_CASE(kInplaceLeftShift, no_fast, inplace_operation, BinaryOp::kLeftShift)
    RT_ARITHMETIC_CASE(kInplaceRightShift, right_shift_fast, inplace_operation,
                       BinaryOp::kRightShift)
    RT_ARITHMETIC_CASE(kInplaceBitOr, bit_or_fast, inplace_operation, BinaryOp::kOr)
    RT_ARITHMETIC_CASE(kInplaceBitXor, bit_xor_fast, inplace_operation, BinaryOp::kXor)
    RT_ARITHMETIC_CASE(kInplaceBitAnd, bit_and_fast, inplace_operation, BinaryOp::kAnd)
    RT_ARITHMETIC_CASE(kInplaceMatrixMultiply, no_fast, matrix_multiply, true)

    RT_CASE(kNegative) {
      RT_EXECUTE_WITH(unary_operation, UnaryOp::kNegative)
      RT_NEXT();
    }
    RT_CASE(kPositive) {
      RT_EXECUTE_WITH(unary_operation, UnaryOp::kPositive)
      RT_NEXT();
    }
    RT_CASE(kInvert) {
      RT_EXECUTE_WITH(unary_operation, UnaryOp::kInvert)
      RT_NEXT();
    }
    RT_CASE(kNot) {
      Object* const operand = RT_PEEK(b);
      if (operand == &true_object || operand == &false_object) {
        RT_CONSUME(b);
        RT_PUT(a, boolean_register(operand == &false_object));
      } else {
        RT_EXECUTE(negate_truth)
      }
      RT_NEXT();
    }

    // -- comparisons --
    RT_COMPARE_CASE(kLess, CompareOp::kLess)
    RT_COMPARE_CASE(kLessEqual, CompareOp::kLessEqual)
    RT_COMPARE_CASE(kEqual, CompareOp::kEqual)
    RT_COMPARE_CASE(kNotEqual, CompareOp::kNotEqual)
    RT_COMPARE_CASE(kGreater, CompareOp::kGreater)
    RT_COMPARE_CASE(kGreaterEqual, CompareOp::kGreaterEqual)
    RT_CASE(kIs) {
      Object* const left = RT_PEEK(b);
      Object* const right = RT_PEEK(c);
      if (left == nullptr) [[unlikely]]
        goto empty_b;
      if (right == nullptr) [[unlikely]]
        goto empty_c;
      RT_CONSUME(b);
      RT_CONSUME(c);
      RT_PUT(a, boolean_register(left == right));
      RT_NEXT();
    }
    RT_CASE(kIsNot) {
      Object* const left = RT_PEEK(b);
      Object* const right = RT_PEEK(c);
      if (left == nullptr) [[unlikely]]
        goto empty_b;
      if (right == nullptr) [[unlikely]]
        goto empty_c;
      RT_CONSUME(b);
      RT_CONSUME(c);
      RT_PUT(a, boolean_register(left != right));
      RT_NEXT();
    }
    RT_CASE(kIn) {
      RT_EXECUTE_WITH(membership, true)
      pc += extra_words(Opcode::kIn);
      RT_NEXT();
    }
    RT_CASE(kNotIn) {
      RT_EXECUTE_WITH(membership, false)
      pc += extra_words(Opcode::kNotIn);
      RT_NEXT();
    }

    // -- jumps --
    RT_CASE(kJump) {
      pc += far_jump_of(word);
      RT_NEXT();
    }
    RT_CASE(kJumpBack) {
      pc += far_jump_of(word);
      if (!RT_MUTANT(safe_point_missing_on_back_edge)) {
        Result<Done> passed = pass_safe_point(thread, part);
        if (passed.is_raised()) [[unlikely]]
          RT_RAISE(passed);
      }
      RT_NEXT();
    }
    RT_CASE(kJumpIfTrue) {
      RT_TRUTH_OF_A()
      RT_CONSUME(a);
      if (truth) pc += RT_JUMP_OFFSET();
      RT_NEXT();
    }
    RT_CASE(kJumpIfFalse) {
      RT_TRUTH_OF_A()
      RT_CONSUME(a);
      if (!truth) pc += RT_JUMP_OFFSET();
      RT_NEXT();
    }
    RT_CASE(kJumpIfTrueKeep) {
      RT_TRUTH_OF_A()
      if (truth) {
        pc += RT_JUMP_OFFSET();
      } else {
        registers[a].close(thread);
      }
      RT_NEXT();
    }
    RT_CASE(kJumpIfFalseKeep) {
      RT_TRUTH_OF_A()
      if (!truth) {
        pc += RT_JUMP_OFFSET();
      } else {
        registers[a].close(thread);
      }
      RT_NEXT();
    }
    RT_CASE(kJumpIfNone) {
      Object* const tested = registers[a].object();
      if (tested == nullptr) [[unlikely]]
        goto empty_a;
      RT_CONSUME(a);
      if (tested == &none_object) pc += RT_JUMP_OFFSET();
      RT_NEXT();
    }
    RT_CASE(kJumpIfNotNone) {
      Object* const tested = registers[a].object();
      if (tested == nullptr) [[unlikely]]
        goto empty_a;
      RT_CONSUME(a);
      if (tested != &none_object) pc += RT_JUMP_OFFSET();
      RT_NEXT();
    }

    // -- iteration --
    RT_FUNCTION_CASE(kGetIterator, make_iterator)
    RT_CASE(kForIterator) {
      pc += extra_words(Opcode::kForIterator);
      Object* const source = registers[b].object();
      if (source == nullptr) [[unlikely]]
        goto empty_b;
      if (source->type == &generator_type) {
        auto& generator = *static_cast<GeneratorObject*>(source);
        {
          Result<Done> checked = check_depth(thread, part);
          if (checked.is_raised()) [[unlikely]]
            RT_RAISE(checked);
        }
        bool was_created;
        const Claim claim = try_claim(generator, &was_created);
        if (claim == Claim::kMine) {
          if (!was_created) {
            // next() is send(None).
            StackRef& sent = generator.frame.registers()[generator.frame.sent];
            put_register(thread, sent, StackRef::uncounted(Borrowed<Object>(&none_object)));
          }
          frame->next = pc;
          generator.frame.how = FrameReturn::kToIteration;
          generator.frame.result = static_cast<std::uint16_t>(a);
          generator.frame.iterator = static_cast<std::uint16_t>(b);
          enter_generator(thread, part, generator);
          frame = &generator.frame;
          goto resumed;
        }
        if (claim == Claim::kExecuting) {
          exception = raise_already_executing(thread).take().release();
          goto raised;
        }
        registers[b].close(thread);
        pc += far_jump_of(pc[-1]);
        RT_NEXT();
      }
      {
        Result<Ref<Object>> item = next_fast(thread, source);
        if (item.is_raised()) [[unlikely]]
          RT_RAISE(item);
        if (item.value()) [[likely]] {
          RT_PUT(a, stack_ref_of(thread, std::move(item).value()));
        } else {
          registers[b].close(thread);
          pc += far_jump_of(pc[-1]);
        }
      }
      RT_NEXT();
    }

    // -- building --
    RT_FUNCTION_CASE(kBuildTuple, build_tuple)
    RT_FUNCTION_CASE(kBuildList, build_list)
    RT_FUNCTION_CASE(kBuildSet, build_set)
    RT_FUNCTION_CASE(kBuildMap, build_map)
    RT_FUNCTION_CASE(kBuildString, build_string)
    RT_FUNCTION_CASE(kListAppend, append_to_list)
    RT_FUNCTION_CASE(kSetAdd, add_to_set)
    RT_FUNCTION_CASE(kMapPut, put_into_map)
    RT_FUNCTION_CASE(kListExtend, extend_list)
    RT_FUNCTION_CASE(kSetUpdate, update_set)
    RT_FUNCTION_CASE(kDictUpdate, update_dict)
    RT_FUNCTION_CASE(kDictMerge, merge_dict)
    RT_FUNCTION_CASE(kListToTuple, list_into_tuple)
    RT_FUNCTION_CASE(kUnpack, unpack)
    RT_FUNCTION_CASE(kUnpackStar, unpack_star)
    RT_FUNCTION_CASE(kFormat, format)
    RT_FUNCTION_CASE(kFormatWith, format_with)

    // -- calls --
    RT_CASE(kCall) {
      StackRef* const window = registers + b;
      if (find_function(thread, window)) {
        pc += extra_words(Opcode::kCall);
        frame->next = pc;
        Result<Frame*> begun = begin_window_call(thread, window, c, nullptr);
        if (begun.is_raised()) [[unlikely]]
          RT_RAISE(begun);
        frame = begun.value();
        goto called;
      }
      RT_EXECUTE(call_native)
      pc += extra_words(Opcode::kCall);
      RT_ANSWER_REQUESTS();
      RT_NEXT();
    }
    RT_CASE(kCallNamed) {
      StackRef* const window = registers + b;
      if (find_function(thread, window)) {
        auto* const names = static_cast<Tuple*>(constants[extra_of(pc[0])]);
        pc += extra_words(Opcode::kCallNamed);
        frame->next = pc;
        Result<Frame*> begun = begin_window_call(thread, window, c, names);
        if (begun.is_raised()) [[unlikely]]
          RT_RAISE(begun);
        frame = begun.value();
        goto called;
      }
      RT_EXECUTE(call_native_named)
      pc += extra_words(Opcode::kCallNamed);
      RT_ANSWER_REQUESTS();
      RT_NEXT();
    }
    RT_CASE(kCallUnpacked) {
      if (find_function(thread, registers + b)) {
        Result<Frame*> begun = begin_unpacked_call(RT_OPERATION());
        if (begun.is_raised()) [[unlikely]]
          RT_RAISE(begun);
        frame = begun.value();
        goto called;
      }
      RT_EXECUTE(call_unpacked)
      RT_ANSWER_REQUESTS();
      RT_NEXT();
    }

    // -- functions, classes, modules --
    RT_FUNCTION_CASE(kMakeFunction, make_function)
    RT_FUNCTION_CASE(kLoadBuildClass, load_build_class)
    RT_CASE(kLoadAssertionError) {
      RT_PUT(a, StackRef::uncounted(Borrowed<Object>(&assertion_error_type)));
      RT_NEXT();
    }
    RT_FUNCTION_CASE(kSetupAnnotations, setup_annotations)
    RT_FUNCTION_CASE(kImportName, execute_import)
    RT_FUNCTION_CASE(kImportFrom, execute_import_from)
    RT_FUNCTION_CASE(kImportStar, execute_import_star)
    RT_FUNCTION_CASE(kPrintExpression, print_expression)

    // -- leaving and coming back --
    RT_CASE(kReturn) {
      if ((a & constant_bit) != 0) {
        carried = StackRef::uncounted(Borrowed<Object>(constants[a & (constant_bit - 1)]));
      } else {
        carried = std::exchange(registers[a], StackRef());
        if (carried.is_empty()) [[unlikely]]
          goto empty_a;
      }
      // What the frame kept by itself alone ends with it.
      if (!carried.is_counted())
        carried = StackRef::load(thread, Borrowed<Object>(carried.object()));
      how = frame->how;
      result = frame->result;
      iterator = frame->iterator;
      if (frame->owner == FrameOwner::kThread) {
        leave_frame(thread, part, frame);
      } else {
        finish_generator(thread, part, generator_of(*frame));
      }
      goto returned;
    }
    RT_CASE(kReturnGenerator) {
      {
        Result<Ref<GeneratorObject>> made = new_generator(thread, *frame);
        if (made.is_raised()) [[unlikely]]
          RT_RAISE(made);
        carried = StackRef::counted(std::move(made).value());
      }
      how = frame->how;
      result = frame->result;
      iterator = frame->iterator;
      part.current = frame->previous;
      --part.depth;
      part.stack.pop(frame);
      goto returned;
    }
    RT_CASE(kYield) {
      {
        Result<Ref<Object>> value = RT_OPERATION().take(b);
        if (value.is_raised()) [[unlikely]]
          RT_RAISE(value);
        carried = stack_ref_of(thread, std::move(value).value());
      }
      frame->sent = static_cast<std::uint16_t>(a);
      goto yielded;
    }
    RT_FUNCTION_CASE(kGetDelegate, make_delegate)
    RT_CASE(kDelegate) {
      Object* const source = registers[b].object();
      if (source == nullptr) [[unlikely]]
        goto empty_b;
      if (registers[a].is_empty()) [[unlikely]]
        goto empty_a;
      if (source->type == &generator_type) {
        auto& generator = *static_cast<GeneratorObject*>(source);
        {
          Result<Done> checked = check_depth(thread, part);
          if (checked.is_raised()) [[unlikely]]
            RT_RAISE(checked);
        }
        bool was_created;
        const Claim claim = try_claim(generator, &was_created);
        if (claim == Claim::kMine) {
          StackRef sent = std::exchange(registers[a], StackRef());
          if (was_created && sent.object() != &none_object) {
            generator.state.store_release(GeneratorState::kCreated);
            sent.close(thread);
            exception = raise_just_started(thread).take().release();
            goto raised;
          }
          if (was_created) {
            sent.close(thread);
          } else {
            put_register(thread, generator.frame.registers()[generator.frame.sent], sent);
          }
          generator.frame.how = FrameReturn::kToDelegation;
          generator.frame.result = static_cast<std::uint16_t>(a);
          generator.frame.iterator = static_cast<std::uint16_t>(b);
          enter_generator(thread, part, generator);
          frame = &generator.frame;
          goto resumed;
        }
        if (claim == Claim::kExecuting) {
          exception = raise_already_executing(thread).take().release();
          goto raised;
        }
        RT_PUT(a, StackRef::uncounted(Borrowed<Object>(&none_object)));
        registers[b].close(thread);
        RT_NEXT();
      }
      {
        Ref<Object> value_returned;
        Result<Ref<Object>> value = send_to(thread, Borrowed<Object>(source),
                                            registers[a].to_heap(thread), &value_returned);
        if (value.is_raised()) [[unlikely]]
          RT_RAISE(value);
        if (value.value()) {
          carried = stack_ref_of(thread, std::move(value).value());
        } else {
          RT_PUT(a, stack_ref_of(thread, std::move(value_returned)));
          registers[b].close(thread);
        }
      }
      if (carried.is_empty()) RT_NEXT();
      frame->sent = static_cast<std::uint16_t>(a);
      frame->iterator_delegated = static_cast<std::uint16_t>(b);
      frame->delegates = true;
      goto yielded;
    }

    // -- exceptions --
    RT_FUNCTION_CASE(kRaise, raise_exception)
    RT_FUNCTION_CASE(kRaiseFrom, raise_from)
    RT_CASE(kRaiseHandled) {
      const bool is_active = static_cast<bool>(handled_exception(thread));
      {
        Result<Done> done = raise_handled(RT_OPERATION());
        exception = std::move(done).raised().take().release();
      }
      if (is_active) goto reraised;
      goto raised;
    }
    RT_CASE(kReraise) {
      {
        Result<Ref<Object>> value = RT_OPERATION().take_register(a);
        if (value.is_raised()) [[unlikely]]
          RT_RAISE(value);
        if (!is_exception(value.value())) {
          exception = raise_damaged(thread, "what is raised is no exception").take().release();
          goto raised;
        }
        exception = std::move(value).value().release();
      }
      goto reraised;
    }
    RT_FUNCTION_CASE(kBeginHandler, begin_handler)
    RT_FUNCTION_CASE(kEndHandler, end_handler)
    RT_FUNCTION_CASE(kMatchException, match_exception)
    RT_FUNCTION_CASE(kWithException, with_exception)

#if !defined(__GNUC__)
  }
#endif

empty_a:
  exception = RT_OPERATION().raise_empty_register(a).take().release();
  goto raised;
empty_b:
  exception = RT_OPERATION().raise_empty_register(b).take().release();
  goto raised;
empty_c:
  exception = RT_OPERATION().raise_empty_register(c).take().release();
  goto raised;

  // -- a frame was begun or entered --
called:
  frame->how = FrameReturn::kToRegister;
  frame->result = static_cast<std::uint16_t>(a);
  RT_LOAD_FRAME();
  RT_NEXT();
resumed:
  if (frame->delegates) {
    frame->delegates = false;
    frame->next = begin_of_instruction(frame->its_code(), frame->next, 1);
  }
  RT_LOAD_FRAME();
  RT_NEXT();

  // -- a frame has ended with `carried` --
returned:
  if (how == FrameReturn::kToNative) {
    part.has_yielded = false;
    return carried.to_heap(thread);
  }
  frame = part.current;
  RT_LOAD_FRAME();
  switch (how) {
    case FrameReturn::kToIteration:
      carried.close(thread);
      registers[iterator].close(thread);
      pc += far_jump_of(pc[-1]);
      break;
    case FrameReturn::kToDelegation:
      put_register(thread, registers[result], std::exchange(carried, StackRef()));
      registers[iterator].close(thread);
      break;
    default:
      put_register(thread, registers[result], std::exchange(carried, StackRef()));
      break;
  }
  RT_NEXT();

  // -- a generator yields `carried` --
yielded:
  how = frame->how;
  result = frame->result;
  iterator = frame->iterator;
  suspend_generator(thread, part, generator_of(*frame));
  if (how == FrameReturn::kToNative) {
    part.has_yielded = true;
    return carried.to_heap(thread);
  }
  frame = part.current;
  if (how == FrameReturn::kToDelegation) {
    // So does the one that delegates to it.
    frame->sent = result;
    frame->iterator_delegated = iterator;
    frame->delegates = true;
    goto yielded;
  }
  RT_LOAD_FRAME();
  put_register(thread, registers[result], std::exchange(carried, StackRef()));
  RT_NEXT();

  // -- `exception` was raised, or has arrived from a frame that it left --
raised:
  chain_if_new(thread, exception);
  add_traceback(thread, Borrowed<ExceptionObject>(&exception_object(exception)), *frame);
reraised:
  pc = catch_in_frame(thread, *frame, exception);
  if (pc != nullptr) {
    exception = nullptr;
    registers = frame->registers();
    RT_NEXT();
  }
  how = frame->how;
  if (frame->owner == FrameOwner::kThread) {
    leave_frame(thread, part, frame);
  } else {
    if (is_instance(*exception, stop_iteration_type)) {
      exception = stop_iteration_left(thread, Ref<Object>::adopt(exception)).take().release();
      add_traceback(thread, Borrowed<ExceptionObject>(&exception_object(exception)), *frame);
    }
    finish_generator(thread, part, generator_of(*frame));
  }
  if (how == FrameReturn::kToNative) {
    part.has_yielded = false;
    return Raised(Ref<Object>::adopt(exception));
  }
  frame = part.current;
  RT_LOAD_FRAME();
  goto raised;
}

}  // namespace runtime
