#include "runtime/compiler/verify.h"

#include <fmt/core.h>
#include <vector>

#include "runtime/base/mutants.h"
#include "runtime/object/exception_object.h"

namespace runtime {

namespace {

class Verifier {
 public:
  explicit Verifier(const Code& code) : code_(code), words_(code.words()) {}

  std::string find_fault() {
    check_counts();
    if (fault_.empty()) read_instructions();
    if (fault_.empty()) check_jumps();
    if (fault_.empty()) check_exceptions();
    if (fault_.empty()) check_positions();
    return fault_;
  }

 private:
  template <class... Values>
  void fail(fmt::format_string<Values...> format, Values&&... values) {
    if (fault_.empty()) fault_ = fmt::format(format, std::forward<Values>(values)...);
  }
  template <class... Values>
  void fail_at(std::uint32_t word, fmt::format_string<Values...> format, Values&&... values) {
    if (fault_.empty()) {
      fault_ =
          fmt::format("word {}: ", word) + fmt::format(format, std::forward<Values>(values)...);
    }
  }

  // -- tables --

  static bool are_strs(const Tuple* tuple) {
    if (tuple == nullptr) return false;
    for (std::int64_t i = 0; i < tuple->size; ++i) {
      if (tuple->items()[i]->type != &str_type) return false;
    }
    return true;
  }

  void check_counts() {
    for (const Tuple* names :
         {code_.names, code_.local_names, code_.cell_names, code_.free_names}) {
      if (!are_strs(names)) return fail("names are strs");
    }
    if (code_.constants == nullptr) return fail("there is a tuple of constants");
    if (code_.local_count != static_cast<std::uint64_t>(code_.local_names->size) ||
        code_.cell_count != static_cast<std::uint64_t>(code_.cell_names->size) ||
        code_.free_count != static_cast<std::uint64_t>(code_.free_names->size)) {
      return fail("each local and cell has a name");
    }
    const std::uint64_t variables =
        std::uint64_t{code_.local_count} + code_.cell_count + code_.free_count;
    if (code_.first_temporary != variables || code_.register_count < variables ||
        code_.register_count > kMostRegisters) {
      return fail("registers are locals, cells and temporaries, at most {}", kMostRegisters);
    }
    if (code_.positional_only_count > code_.positional_count ||
        code_.positional_count > kMostRegisters || code_.keyword_only_count > kMostRegisters ||
        code_.parameter_count() > code_.local_count) {
      return fail("parameters are the first locals");
    }
    if (words_.empty() || words_.size() >= kMostWords) fail("code has from 1 to 2^23 words");
  }

  // -- instructions --

  void read_instructions() {
    begins_.assign(words_.size(), false);
    bool is_prologue = true;
    bool is_last_end = false;
    for (std::uint32_t at = 0; at < words_.size() && fault_.empty();) {
      Instruction instruction;
      if (!decode(words_, at, instruction)) return fail_at(at, "no instruction begins here");
      begins_[at] = true;
      instructions_.push_back(instruction);
      check_instruction(instruction, is_prologue);
      is_prologue &=
          instruction.opcode == Opcode::kMakeCell || instruction.opcode == Opcode::kMakeCellOf;
      is_last_end = form_of(instruction.opcode).has(Effect::kEnds);
      at = instruction.next;
    }
    if (fault_.empty() && !is_last_end) fail("execution does not fall off the end");
  }

  void check_instruction(const Instruction& instruction, bool is_prologue) {
    const InstructionForm& form = form_of(instruction.opcode);
    check_operand(instruction, form.a, instruction.a);
    check_operand(instruction, form.b, instruction.b);
    check_operand(instruction, form.c, instruction.c);
    check_extra(instruction, form.extra1, instruction.extra1);
    check_extra(instruction, form.extra2, instruction.extra2);
    check_window(instruction);
    switch (instruction.opcode) {
      case Opcode::kReturnGenerator:
        if (!code_.is_generator() || !is_prologue) {
          fail_at(instruction.at, "a generator is made once, at the beginning of one");
        }
        return;
      case Opcode::kYield:
      case Opcode::kDelegate:
        if (!code_.is_generator() || !makes_generator_) {
          fail_at(instruction.at, "only a generator yields");
        }
        return;
      case Opcode::kCallNamed:
        return check_names_of_call(instruction);
      case Opcode::kMakeFunction:
        return check_function(instruction);
      default:
        return;
    }
  }

  [[nodiscard]] bool is_local(std::uint32_t index) const { return index < code_.local_count; }
  [[nodiscard]] bool is_temporary(std::uint32_t index) const {
    return index >= code_.first_temporary && index < code_.register_count;
  }
  [[nodiscard]] bool is_cell(std::uint32_t index) const {
    return index >= code_.local_count && index < code_.first_temporary;
  }

  void check_constant(const Instruction& instruction, std::uint64_t index) {
    if (index >= static_cast<std::uint64_t>(code_.constants->size)) {
      fail_at(instruction.at, "constant {} does not exist", index);
    }
  }

  void check_operand(const Instruction& instruction, Operand kind, std::uint32_t value) {
    const std::uint32_t at = instruction.at;
    switch (kind) {
      case Operand::kNothing:
      case Operand::kJump:
      case Operand::kFarJump:
      case Operand::kWindow:
      case Operand::kKeptWindow:
      case Operand::kPair:
      case Operand::kNumber:
        return;
      case Operand::kSourceOrConstant:
        if (instruction.is_constant(value)) {
          return check_constant(instruction, instruction.constant_index(value));
        }
        [[fallthrough]];
      case Operand::kDestination:
      case Operand::kSource:
      case Operand::kKept:
        if (!is_local(value) && !is_temporary(value)) {
          fail_at(at, "register {} is neither local nor temporary", value);
        }
        return;
      case Operand::kKeptTemporary:
      case Operand::kTemporary:
      case Operand::kDelegated:
        if (!is_temporary(value)) fail_at(at, "register {} is no temporary", value);
        return;
      case Operand::kLocal:
        if (!is_local(value)) fail_at(at, "register {} is no local", value);
        return;
      case Operand::kCellRegister:
        if (!is_cell(value)) fail_at(at, "register {} holds no cell", value);
        return;
      case Operand::kName:
        if (value >= static_cast<std::uint64_t>(code_.names->size)) {
          fail_at(at, "name {} does not exist", value);
        }
        return;
      case Operand::kConstant:
        return check_constant(instruction, value);
      case Operand::kLongConstant:
        return check_constant(instruction, instruction.long_constant());
      case Operand::kConversion:
        if (value > static_cast<std::uint32_t>(FormatConversion::kAscii)) {
          fail_at(at, "conversion {} does not exist", value);
        }
        return;
      case Operand::kSpecial:
        if (value > static_cast<std::uint32_t>(SpecialMethod::kExit)) {
          fail_at(at, "special method {} does not exist", value);
        }
        return;
      case Operand::kFunctionParts:
        if (value > FunctionParts::kAll) fail_at(at, "function part {} does not exist", value);
        return;
    }
  }

  void check_extra(const Instruction& instruction, Extra kind, std::uint32_t value) {
    if (kind == Extra::kConstant) check_constant(instruction, value);
    if (kind == Extra::kCell && value >= code_.cache_count) {
      fail_at(instruction.at, "cache {} does not exist", value);
    }
    if (kind == Extra::kNumber && value > 0xFFFF) {
      fail_at(instruction.at, "the number {} is too large", value);
    }
  }

  void check_window(const Instruction& instruction) {
    const Window window = window_of(instruction);
    const std::uint64_t end = std::uint64_t{window.first} + window.count;
    const std::uint64_t limit =
        std::uint64_t{code_.register_count} + (RT_MUTANT(verifier_forgets_window_end) ? 1 : 0);
    const bool is_inside = window.first >= code_.first_temporary && end <= limit;
    // A window of no registers may be anywhere.
    if (window.count > 0 && !is_inside) {
      fail_at(instruction.at, "registers {} to {} are not all temporaries", window.first, end - 1);
    }
    makes_generator_ |= instruction.opcode == Opcode::kReturnGenerator;
  }

  void check_names_of_call(const Instruction& instruction) {
    if (!fault_.empty()) return;
    const Object* names = code_.constants->items()[instruction.extra1];
    if (names->type != &tuple_type)
      return fail_at(instruction.at, "names of arguments are a tuple");
    const auto* tuple = static_cast<const Tuple*>(names);
    if (!are_strs(tuple) || tuple->size > static_cast<std::int64_t>(instruction.c)) {
      fail_at(instruction.at, "the last arguments have names, which are strs");
    }
  }

  void check_function(const Instruction& instruction) {
    if (!fault_.empty()) return;
    const Object* body = code_.constants->items()[instruction.extra1];
    if (body->type != &code_type) return fail_at(instruction.at, "a function is made of code");
    const bool has_closure = (instruction.c & FunctionParts::kClosure) != 0;
    if (has_closure != (static_cast<const Code*>(body)->free_count > 0)) {
      fail_at(instruction.at, "free variables need a closure, and only they do");
    }
  }

  // -- where execution goes --

  void check_jumps() {
    for (const Instruction& instruction : instructions_) {
      const InstructionForm& form = form_of(instruction.opcode);
      if (!form.has(Effect::kJumps)) continue;
      const std::int64_t target = instruction.target();
      if (target < 0 || target >= static_cast<std::int64_t>(words_.size()) ||
          !begins_[static_cast<std::size_t>(target)]) {
        return fail_at(instruction.at, "it jumps to {}, where no instruction begins", target);
      }
      const bool is_back = target <= static_cast<std::int64_t>(instruction.at);
      if (is_back != (instruction.opcode == Opcode::kJumpBack)) {
        return fail_at(instruction.at, "loops are closed by JUMP_BACK alone");
      }
      if (target < resume_point()) {
        return fail_at(instruction.at, "nothing jumps into the beginning of a generator");
      }
    }
  }

  // The word behind RETURN_GENERATOR; 0 in others.
  [[nodiscard]] std::int64_t resume_point() const {
    for (const Instruction& instruction : instructions_) {
      if (instruction.opcode == Opcode::kReturnGenerator) return instruction.next;
      if (instruction.opcode != Opcode::kMakeCell && instruction.opcode != Opcode::kMakeCellOf) {
        break;
      }
    }
    return 0;
  }

  [[nodiscard]] bool is_instruction(std::uint32_t word) const {
    return word < words_.size() && begins_[word];
  }

  void check_exceptions() {
    std::uint32_t behind = 0;
    for (const ExceptionRange& range : code_.exception_table()) {
      if (range.first < behind || range.end <= range.first) {
        return fail("exception ranges are ascending and do not overlap");
      }
      const bool is_end = range.end == words_.size() || is_instruction(range.end);
      if (!is_instruction(range.first) || !is_end || !is_instruction(range.handler)) {
        return fail("exception range {} to {}: begins, ends or is handled inside an instruction",
                    range.first, range.end);
      }
      if (!is_temporary(range.live)) {
        return fail("exception range {} to {}: register {} is no temporary", range.first, range.end,
                    range.live);
      }
      if (range.first < resume_point() || range.handler < resume_point()) {
        return fail("nothing is handled in the beginning of a generator");
      }
      behind = range.end;
    }
  }

  void check_positions() {
    if (code_.position_count == 0 || code_.positions[0].first != 0) {
      return fail("the first word has a position");
    }
    for (std::uint32_t i = 1; i < code_.position_count; ++i) {
      if (code_.positions[i].first <= code_.positions[i - 1].first) {
        return fail("positions are ascending");
      }
    }
  }

  const Code& code_;
  const std::span<const Word> words_;
  std::vector<Instruction> instructions_;
  std::vector<bool> begins_;
  bool makes_generator_ = false;
  std::string fault_;
};

}  // namespace

std::string find_fault(const Code& code) { return Verifier(code).find_fault(); }

Result<Done> verify(ThreadState& thread, Borrowed<Code> code) {
  const std::string fault = find_fault(*code);
  if (!fault.empty()) {
    return raise(thread, system_error_type, "bad code for {}: {}", utf8_of(*code->name), fault);
  }
  code->is_verified = true;
  return Done{};
}

}  // namespace runtime
