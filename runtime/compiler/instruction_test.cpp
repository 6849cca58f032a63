#include "runtime/compiler/instruction.h"

#include <gtest/gtest.h>

namespace runtime {
namespace {

TEST(Instruction, EveryOperandKindStandsWhereItsBitsAre) {
  for (unsigned number = 0; number < kOpcodes; ++number) {
    const InstructionForm& form = form_of(static_cast<Opcode>(number));
    if (form.a == Operand::kFarJump) {
      EXPECT_EQ(form.b, Operand::kNothing) << form.name;
    }
    if (form.b == Operand::kJump || form.b == Operand::kLongConstant) {
      EXPECT_EQ(form.c, Operand::kNothing) << form.name;
    }
    const bool can_jump =
        form.a == Operand::kFarJump || form.b == Operand::kJump || form.extra2 == Extra::kJump;
    EXPECT_EQ(can_jump, form.has(Effect::kJumps)) << form.name;
    EXPECT_FALSE(form.extra1 == Extra::kNothing && form.extra2 != Extra::kNothing) << form.name;
  }
}

TEST(Instruction, AWideOneHasSixteenBitsEach) {
  const Word words[] = {make_word(Opcode::kWide, 1, 2, 0x80), make_word(Opcode::kAdd, 3, 4, 5),
                        make_extra(77)};
  Instruction instruction;
  ASSERT_TRUE(decode(words, 0, instruction));
  EXPECT_EQ(instruction.a, 0x103u);
  EXPECT_EQ(instruction.b, 0x204u);
  EXPECT_TRUE(instruction.is_constant(instruction.c));
  EXPECT_EQ(instruction.constant_index(instruction.c), 5u);
  EXPECT_EQ(instruction.extra1, 77u);
  EXPECT_EQ(instruction.next, 3u);
}

TEST(Instruction, JumpsCountFromTheWordBehind) {
  const Word near[] = {make_word(Opcode::kJumpIfTrue, 0, 0xFE, 0xFF)};
  Instruction instruction;
  ASSERT_TRUE(decode(near, 0, instruction));
  EXPECT_EQ(instruction.target(), -1);
  EXPECT_EQ(jump_of(near[0]), -2);
  const Word far[] = {make_word(Opcode::kJumpBack, 0xFD, 0xFF, 0xFF)};
  ASSERT_TRUE(decode(far, 0, instruction));
  EXPECT_EQ(instruction.target(), -2);
  EXPECT_EQ(far_jump_of(far[0]), -3);
  const Word loop[] = {make_word(Opcode::kForIterator, 0, 1, 0), make_extra(0), make_extra(6)};
  ASSERT_TRUE(decode(loop, 0, instruction));
  EXPECT_EQ(instruction.target(), 9);
  EXPECT_EQ(far_jump_of(loop[2]), 6);
}

}  // namespace
}  // namespace runtime
