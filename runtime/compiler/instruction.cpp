#include "runtime/compiler/instruction.h"

namespace runtime {

namespace {

using enum Effect;

}  // namespace

const InstructionForm kInstructionForms[kOpcodes] = {
#define RT_INSTRUCTION(identifier, name, a, b, c, extra1, extra2, effects, text) \
  {name, Operand::a, Operand::b, Operand::c, Extra::extra1, Extra::extra2, effects, text},
#include "runtime/compiler/instructions.def"
#undef RT_INSTRUCTION
};

namespace {

// Operands of 24 bits have no room to grow, and what has no operands needs none.
bool can_be_wide(const InstructionForm& form) {
  return form.a != Operand::kFarJump &&
         (form.a != Operand::kNothing || form.b != Operand::kNothing);
}

std::int32_t signed_24(std::uint32_t number) { return static_cast<std::int32_t>(number << 8) >> 8; }

}  // namespace

std::int64_t Instruction::target() const {
  const InstructionForm& form = form_of(opcode);
  std::int64_t distance = 0;
  if (form.a == Operand::kFarJump) {
    distance = signed_24(a | b << 8 | c << 16);
  } else if (form.b == Operand::kJump) {
    distance = is_wide ? static_cast<std::int32_t>(b | c << 16)
                       : static_cast<std::int16_t>(static_cast<std::uint16_t>(b | c << 8));
  } else if (form.extra2 == Extra::kJump) {
    distance = signed_24(extra2);
  }
  return static_cast<std::int64_t>(next) + distance;
}

bool decode(std::span<const Word> words, std::uint32_t at, Instruction& instruction) {
  if (at >= words.size()) return false;
  instruction = Instruction{};
  instruction.at = at;
  std::size_t here = at;
  Word high = 0;
  if (opcode_of(words[here]) == Opcode::kWide) {
    high = words[here];
    instruction.is_wide = true;
    if (++here == words.size()) return false;
  }
  const Word word = words[here++];
  if (!is_opcode(word & 0xFF)) return false;
  instruction.opcode = opcode_of(word);
  if (instruction.opcode == Opcode::kWide || instruction.opcode == Opcode::kExtra) return false;
  const InstructionForm& form = form_of(instruction.opcode);
  if (instruction.is_wide && !can_be_wide(form)) return false;
  instruction.a = a_of(word) | a_of(high) << 8;
  instruction.b = b_of(word) | b_of(high) << 8;
  instruction.c = c_of(word) | c_of(high) << 8;
  for (unsigned i = 0; i < form.extra_words(); ++i) {
    if (here == words.size() || opcode_of(words[here]) != Opcode::kExtra) return false;
    (i == 0 ? instruction.extra1 : instruction.extra2) = extra_of(words[here++]);
  }
  instruction.next = static_cast<std::uint32_t>(here);
  return true;
}

Window window_of(const Instruction& instruction) {
  const std::uint32_t b = instruction.b;
  const std::uint32_t c = instruction.c;
  switch (instruction.opcode) {
    case Opcode::kLoadMethod:
    case Opcode::kLoadSpecial:
      return {instruction.a, 2};
    case Opcode::kBuildSlice:
      return {b, 3};
    case Opcode::kBuildTuple:
    case Opcode::kBuildList:
    case Opcode::kBuildSet:
    case Opcode::kBuildString:
      return {b, c};
    case Opcode::kBuildMap:
      return {b, 2 * c};
    case Opcode::kUnpack:
      return {instruction.a, c};
    case Opcode::kUnpackStar:
      return {instruction.a, c + 1 + instruction.extra1};
    case Opcode::kFormatWith:
    case Opcode::kWithException:
      return {b, 2};
    case Opcode::kCall:
    case Opcode::kCallNamed:
      return {b, c + 2};
    case Opcode::kCallUnpacked:
      return {b, 4};
    case Opcode::kMakeFunction:
      return {b, static_cast<std::uint32_t>(__builtin_popcount(c & FunctionParts::kAll))};
    default:
      return {};
  }
}

}  // namespace runtime
