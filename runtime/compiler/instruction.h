// Instructions: what the interpreter's loop executes, and how it is written down.
//
// Code is a row of 32-bit words. An instruction is one word, an operation and three operands of eight bits; a WIDE word
// before it gives each operand eight bits more, and EXTRA words behind it hold what does not fit (one number of 24 bits
// each). Operands name registers. The first registers of a frame are the local variables, behind them those that hold
// cells, behind them the temporaries, so `x = y + 1` is one instruction that reads and writes the variables in place.
//
//   bits 0..7 operation, 8..15 a, 16..23 b, 24..31 c         an EXTRA word: bits 8..31 one number
//   [WIDE  a>>8  b>>8  c>>8]   operation  a b c   [EXTRA ...]   [EXTRA ...]
//
// The rules of registers
//   * A register is empty or holds a reference. All begin empty but the parameters and the free variables.
//   * Writing a register (a destination, a pair, a window that is written) stores first and then drops what was there.
//   * Reading a *temporary* empties it, unless the operand is kept (kKept, kKeptTemporary, kKeptWindow) or the text says
//     otherwise. Locals and constants are only read. An instruction reads all its sources before it writes, so a
//     destination may be one of its sources.
//   * When an instruction raises, its consumed sources are consumed and its destinations unchanged, unless its text says
//     otherwise; nobody depends on whether a consumed temporary was emptied before or after the raise, because the
//     exception table empties it in any case (code_object.h).
//   * Reading an empty register raises: of a local UnboundLocalError "cannot access local variable 'x' where it is not
//     associated with a value", of a temporary SystemError. kTemporary operands may be empty; what happens then is said
//     in the text (CLEAR, RESTORE_LOCAL and RESTORE_CELL do not mind; END_HANDLER and JUMP_IF_TRUE_KEEP raise SystemError).
//     The items of a window may not be empty, except self (the second of a call), the fourth of CALL_UNPACKED, and the
//     second of the pair of WITH_EXCEPTION.
//   * A cell register is empty or holds a cell: no operand but kCellRegister names one, and the instructions that write it
//     write cells. Reading one that is empty raises like a cell that holds nothing.
//
// Operands that must be of some type (the list of LIST_APPEND) are of that type in code that the compiler makes; the
// verifier does not prove it. Each such instruction looks and raises SystemError.
//
// Jumps count words from the word behind the instruction (behind its EXTRA words), forward positive. Only JUMP_BACK goes
// backward, so every loop passes a safe point.
//
// A cell number (Extra::kCell) is the index of a 64-bit word in Code::caches that belongs to this instruction alone.
//
// Ancestry: the register machine of Lua 5; CPython's Python/bytecodes.c for what the operations mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace runtime {

enum class Opcode : std::uint8_t {
#define RT_INSTRUCTION(identifier, name, a, b, c, extra1, extra2, effects, text) identifier,
#include "runtime/compiler/instructions.def"
#undef RT_INSTRUCTION
};
inline constexpr unsigned kOpcodes = 0
#define RT_INSTRUCTION(identifier, name, a, b, c, extra1, extra2, effects, text) +1
#include "runtime/compiler/instructions.def"
#undef RT_INSTRUCTION
    ;

enum class Operand : std::uint8_t {
  kNothing,           // 0
  kDestination,       // a local or temporary that is written
  kSource,            // a local or temporary that is read; a temporary is consumed
  kSourceOrConstant,  // the same, or a constant: top bit set (0x80, wide 0x8000), the rest is its index
  kKept,              // a local or temporary that is read and stays
  kKeptTemporary,  // a temporary that is read and stays until an instruction says that it ends
  kTemporary,      // a temporary that may be empty, and is consumed
  kLocal,          // a local
  kCellRegister,   // a register that holds a cell
  kPair,           // two temporaries that are written, a and a + 1
  kWindow,  // the first of several temporaries (window_of()) that are consumed, or written by UNPACK
  kKeptWindow,     // the first of several temporaries that stay
  kDelegated,      // a temporary that is read and consumed, and later written
  kName,           // index into Code::names
  kConstant,       // index into Code::constants (in an extra word)
  kLongConstant,   // the same in b and c together: 16 bits, wide 32
  kNumber,         // a count
  kConversion,     // of FormatConversion
  kSpecial,        // of SpecialMethod
  kFunctionParts,  // bits of FunctionParts
  kJump,           // signed, in b and c together: 16 bits, wide 32
  kFarJump,        // signed, in a, b and c together: 24 bits; never wide
};

enum class Extra : std::uint8_t {
  kNothing,
  kCell,      // index into Code::caches
  kConstant,  // index into Code::constants
  kNumber,    // a count
  kJump,      // signed, 24 bits
};

enum class Effect : std::uint8_t { kPlain = 0, kRaises = 1, kForeign = 2, kJumps = 4, kEnds = 8 };
[[nodiscard]] constexpr Effect operator|(Effect left, Effect right) {
  return static_cast<Effect>(static_cast<unsigned>(left) | static_cast<unsigned>(right));
}

// Of FORMAT and FORMAT_WITH; as in the tree.
enum class FormatConversion : std::uint8_t { kNothing, kStr, kRepr, kAscii };

// Of LOAD_SPECIAL.
enum class SpecialMethod : std::uint8_t { kEnter, kExit };

// Of MAKE_FUNCTION; the values of CPython. Each named part takes one register of the window, in this order.
struct FunctionParts {
  static constexpr std::uint32_t kDefaults = 1;         // a tuple
  static constexpr std::uint32_t kKeywordDefaults = 2;  // a dict
  static constexpr std::uint32_t kAnnotations =
      4;  // a dict: __annotations__ (from __future__ import annotations)
  static constexpr std::uint32_t kClosure =
      8;  // a tuple of cells, one per free variable of the code, in order
  static constexpr std::uint32_t kAnnotate = 16;  // a function: __annotate__
  static constexpr std::uint32_t kAll = 31;
};

struct InstructionForm {
  const char* name;
  Operand a, b, c;
  Extra extra1, extra2;
  Effect effects;
  const char* text;

  [[nodiscard]] constexpr unsigned extra_words() const {
    return (extra1 != Extra::kNothing ? 1u : 0u) + (extra2 != Extra::kNothing ? 1u : 0u);
  }
  [[nodiscard]] constexpr bool has(Effect effect) const {
    return (static_cast<unsigned>(effects) & static_cast<unsigned>(effect)) != 0;
  }
};

// By operation; an operation without a row has none: check is_opcode() before.
extern const InstructionForm kInstructionForms[kOpcodes];
[[nodiscard]] inline const InstructionForm& form_of(Opcode opcode) {
  return kInstructionForms[static_cast<unsigned>(opcode)];
}
[[nodiscard]] constexpr bool is_opcode(std::uint32_t number) { return number < kOpcodes; }

// -- words --
using Word = std::uint32_t;

inline constexpr std::uint32_t kNarrowConstantBit = 0x80;
inline constexpr std::uint32_t kWideConstantBit = 0x8000;
inline constexpr std::uint32_t kMostWords =
    1u << 23;  // of one code object: far jumps reach everywhere
inline constexpr std::uint32_t kMostRegisters = 0x7FFF;      // of one frame
inline constexpr std::uint32_t kMostExtra = (1u << 24) - 1;  // in an extra word

[[nodiscard]] constexpr Word make_word(Opcode opcode, std::uint32_t a, std::uint32_t b,
                                       std::uint32_t c) {
  return static_cast<Word>(opcode) | (a & 0xFF) << 8 | (b & 0xFF) << 16 | (c & 0xFF) << 24;
}
[[nodiscard]] constexpr Opcode opcode_of(Word word) { return static_cast<Opcode>(word & 0xFF); }
[[nodiscard]] constexpr std::uint32_t a_of(Word word) { return word >> 8 & 0xFF; }
[[nodiscard]] constexpr std::uint32_t b_of(Word word) { return word >> 16 & 0xFF; }
[[nodiscard]] constexpr std::uint32_t c_of(Word word) { return word >> 24; }
// kJump in a narrow word.
[[nodiscard]] constexpr std::int32_t jump_of(Word word) {
  return static_cast<std::int32_t>(word) >> 16;
}
// kFarJump, and the number of an EXTRA word that is a jump.
[[nodiscard]] constexpr std::int32_t far_jump_of(Word word) {
  return static_cast<std::int32_t>(word) >> 8;
}
// The number of an EXTRA word.
[[nodiscard]] constexpr std::uint32_t extra_of(Word word) { return word >> 8; }
[[nodiscard]] constexpr Word make_extra(std::uint32_t number) {
  return static_cast<Word>(Opcode::kExtra) | number << 8;
}

// One instruction with all its words read. For tools and tests, the verifier and the slow paths of the loop.
struct Instruction {
  Opcode opcode;
  bool is_wide;
  std::uint32_t a, b, c;  // 8 bits, or 16 when wide; a constant keeps its top bit (is_constant())
  std::uint32_t extra1 = 0, extra2 = 0;
  std::uint32_t at;    // the word at which it begins (the WIDE word, if it has one)
  std::uint32_t next;  // the word behind it

  [[nodiscard]] bool is_constant(std::uint32_t operand) const {
    return (operand & (is_wide ? kWideConstantBit : kNarrowConstantBit)) != 0;
  }
  [[nodiscard]] std::uint32_t constant_index(std::uint32_t operand) const {
    return operand & (is_wide ? kWideConstantBit - 1 : kNarrowConstantBit - 1);
  }
  // kLongConstant
  [[nodiscard]] std::uint32_t long_constant() const { return is_wide ? b | c << 16 : b | c << 8; }
  // The word at which it goes on when it jumps; of an instruction without a jump, `next`. May lie outside the code.
  [[nodiscard]] std::int64_t target() const;
};

// The instruction that begins at words[at]. False: there is none, it is cut off, WIDE stands before what cannot be wide,
// or an extra word is missing or stray.
[[nodiscard]] bool decode(std::span<const Word> words, std::uint32_t at, Instruction& instruction);

// The registers of a window: [first, first + count).
struct Window {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};
// The window or pair of the instruction; none: count 0.
[[nodiscard]] Window window_of(const Instruction& instruction);

}  // namespace runtime
