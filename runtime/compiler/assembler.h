// The assembler: a row of instructions with labels -> words, exception ranges and positions.
//
// The generator emits instructions one after the other and does not care about widths: operands are whole numbers, a jump
// names a label, an exception handler is the innermost one at the moment. When all is there, assemble() finds out which
// instructions must be wide (an operand or distance that does not fit; widening one may push another over its limit, so
// it repeats until nothing changes) and lays out the words.
//
// Code that cannot be reached is never emitted: after an instruction that does not go on, everything is dropped until a
// label is bound that somebody jumps to.
//
// Ancestry: CPython's Python/assemble.c and flowgraph.c, without a graph.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/compiler/code_object.h"
#include "runtime/compiler/instruction.h"
#include "runtime/syntax/tree.h"

namespace runtime {

// An operand of kSourceOrConstant with this bit is a constant's index.
inline constexpr std::uint32_t kConstantOperand = 1u << 31;

// Which registers of locals surely hold something: the generator's knowledge at one place of the code.
class DefiniteLocals {
 public:
  [[nodiscard]] bool has(std::uint32_t local) const {
    return local / 64 < words_.size() && (words_[local / 64] >> local % 64 & 1) != 0;
  }
  void add(std::uint32_t local) {
    if (local / 64 >= words_.size()) words_.resize(local / 64 + 1);
    words_[local / 64] |= std::uint64_t{1} << local % 64;
  }
  void remove(std::uint32_t local) {
    if (local / 64 < words_.size()) words_[local / 64] &= ~(std::uint64_t{1} << local % 64);
  }
  void keep_common(const DefiniteLocals& other) {
    if (words_.size() > other.words_.size()) words_.resize(other.words_.size());
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
  }

 private:
  std::vector<std::uint64_t> words_;
};

class Assembler {
 public:
  using Label = std::uint32_t;
  static constexpr std::uint32_t kNoHandler = UINT32_MAX;
  // Of one code object; more is refused. Nested `finally` bodies are written several times each.
  static constexpr std::size_t kMostInstructions = 1u << 20;

  [[nodiscard]] Label new_label();
  // The next instruction is where the label is. A label is bound once.
  void bind(Label label);
  [[nodiscard]] bool is_reachable() const { return is_reachable_; }
  [[nodiscard]] bool is_too_long() const { return is_too_long_; }

  void emit(const syntax::Position& position, Opcode opcode, std::uint32_t a = 0,
            std::uint32_t b = 0, std::uint32_t c = 0, std::uint32_t extra = 0);
  // Jumps and FOR_ITERATOR (`b` is its iterator).
  void emit_jump(const syntax::Position& position, Opcode opcode, Label target, std::uint32_t a = 0,
                 std::uint32_t b = 0);

  // A handler that is entered at `entry` with the exception in `live`. Not current yet.
  [[nodiscard]] std::uint32_t new_handler(Label entry, std::uint32_t live);
  // Of the instructions to come.
  void set_handler(std::uint32_t handler) { handler_ = handler; }
  [[nodiscard]] std::uint32_t handler() const { return handler_; }

  [[nodiscard]] DefiniteLocals& definite() { return definite_; }

  // Fills instructions, positions, exceptions and cache_count. False: too long.
  [[nodiscard]] bool assemble(CodeParts& parts);

 private:
  struct Pending {
    Opcode opcode;
    bool is_wide = false;
    std::uint32_t a, b, c, extra;
    Label target;  // of a jump
    std::uint32_t handler;
    std::uint32_t at = 0;  // word
    syntax::Position position;
  };
  struct LabelState {
    std::uint32_t index = UINT32_MAX;  // of the instruction; not bound
    bool is_reached = false;
    DefiniteLocals definite;  // common to all that jump here
  };
  struct Handler {
    Label entry;
    std::uint32_t live;
  };

  void reach(Label label);
  [[nodiscard]] static bool must_be_wide(const Pending& pending);
  [[nodiscard]] std::int64_t distance(const Pending& pending) const;
  [[nodiscard]] std::uint32_t size_of(const Pending& pending) const;
  std::uint32_t place_all();
  void widen();
  void write(CodeParts& parts, const Pending& pending) const;
  void write_tables(CodeParts& parts, std::uint32_t end) const;

  std::vector<Pending> pending_;
  std::vector<LabelState> labels_;
  std::vector<Handler> handlers_;
  DefiniteLocals definite_;
  std::uint32_t handler_ = kNoHandler;
  bool is_reachable_ = true;
  bool is_too_long_ = false;
};

}  // namespace runtime
