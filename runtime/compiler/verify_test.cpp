#include "runtime/compiler/verify.h"

#include <gtest/gtest.h>

#include "runtime/compiler/compiler_test_support.h"

namespace runtime {
namespace {

// Code of three locals (a, b, c), a cell, a free variable and four temporaries, which is right until somebody changes it.
class VerifierTest : public testing::Test {
 protected:
  static constexpr std::uint32_t kCell = 3;
  static constexpr std::uint32_t kTemporary = 5;
  static constexpr std::uint32_t kRegisters = 9;

  Ref<Tuple> names(std::initializer_list<const char*> texts) {
    std::vector<Ref<Object>> items;
    for (const char* each : texts) items.push_back(text(kernel.here(), each));
    return items.empty() ? empty_tuple() : must(new_tuple_taking(kernel.here(), items));
  }

  CodeParts parts(std::vector<Word> words) {
    CodeParts result;
    result.name = text(kernel.here(), "f");
    result.qualified_name = text(kernel.here(), "f");
    result.file_name = text(kernel.here(), "test.py");
    result.constants = must(
        new_tuple(kernel.here(), {none(), names({"k"}), Ref<Object>(kernel.compiled("pass\n"))}));
    result.names = names({"x"});
    result.local_names = names({"a", "b", "c"});
    result.cell_names = names({"d"});
    result.free_names = names({"e"});
    result.register_count = kRegisters;
    result.cache_count = 1;
    result.positions = {{0, {1, 0, 1, 1}}};
    result.instructions = std::move(words);
    return result;
  }

  std::string fault(CodeParts changed) {
    const Ref<Code> code = must(new_code(kernel.here(), std::move(changed)));
    return find_fault(*code);
  }
  // Of these words, with a RETURN behind them.
  std::string fault_of(std::vector<Word> words) {
    words.push_back(kReturn);
    return fault(parts(std::move(words)));
  }
  static Word word(Opcode opcode, std::uint32_t a = 0, std::uint32_t b = 0, std::uint32_t c = 0) {
    return make_word(opcode, a, b, c);
  }

  static constexpr Word kReturn = make_word(Opcode::kReturn, kNarrowConstantBit, 0, 0);
  CompilerKernel kernel;
};

TEST_F(VerifierTest, RightCodeIsAccepted) {
  EXPECT_EQ(fault_of({word(Opcode::kResume), word(Opcode::kMove, 0, kTemporary)}), "");
  EXPECT_EQ(fault_of({word(Opcode::kCall, 8, kTemporary, 2), make_extra(0)}), "");
}

TEST_F(VerifierTest, CodeThatIsVerifiedSaysSo) {
  const Ref<Code> code = must(new_code(kernel.here(), parts({kReturn})));
  EXPECT_FALSE(code->is_verified);
  must(verify(kernel.here(), code));
  EXPECT_TRUE(code->is_verified);
}

TEST_F(VerifierTest, AFaultIsASystemError) {
  const Ref<Code> code = must(new_code(kernel.here(), parts({word(Opcode::kResume)})));
  EXPECT_EQ(raised_by(kernel.here(), verify(kernel.here(), code)),
            "SystemError: bad code for f: execution does not fall off the end");
  EXPECT_FALSE(code->is_verified);
}

TEST_F(VerifierTest, RegistersLieInTheRegionOfTheirKind) {
  EXPECT_EQ(fault_of({word(Opcode::kMove, 0, kRegisters)}),
            "word 0: register 9 is neither local nor temporary");
  EXPECT_EQ(fault_of({word(Opcode::kMove, kCell, 0)}),
            "word 0: register 3 is neither local nor temporary");
  EXPECT_EQ(fault_of({word(Opcode::kClear, 0)}), "word 0: register 0 is no temporary");
  EXPECT_EQ(fault_of({word(Opcode::kDeleteLocal, kTemporary)}), "word 0: register 5 is no local");
  EXPECT_EQ(fault_of({word(Opcode::kLoadCell, 0, 0)}), "word 0: register 0 holds no cell");
  EXPECT_EQ(fault_of({word(Opcode::kLoadCell, 0, kTemporary)}), "word 0: register 5 holds no cell");
}

TEST_F(VerifierTest, WindowsEndInTheFrame) {
  EXPECT_EQ(fault_of({word(Opcode::kBuildTuple, 0, kTemporary, 4)}), "");
  EXPECT_EQ(fault_of({word(Opcode::kBuildTuple, 0, kTemporary, 5)}),
            "word 0: registers 5 to 9 are not all temporaries");
  EXPECT_EQ(fault_of({word(Opcode::kBuildTuple, 0, 4, 2)}),
            "word 0: registers 4 to 5 are not all temporaries");
  EXPECT_EQ(fault_of({word(Opcode::kCall, 0, kTemporary, 3), make_extra(0)}),
            "word 0: registers 5 to 9 are not all temporaries");
  EXPECT_EQ(fault_of({word(Opcode::kUnpack, 8, 0, 2)}),
            "word 0: registers 8 to 9 are not all temporaries");
  EXPECT_EQ(fault_of({word(Opcode::kLoadMethod, 8, 0, 0), make_extra(0)}),
            "word 0: registers 8 to 9 are not all temporaries");
  EXPECT_EQ(fault_of({word(Opcode::kUnpackStar, kTemporary, 0, 2), make_extra(2)}),
            "word 0: registers 5 to 9 are not all temporaries");
}

TEST_F(VerifierTest, TablesHaveWhatIsNamed) {
  EXPECT_EQ(fault_of({word(Opcode::kReturn, kNarrowConstantBit | 3)}),
            "word 0: constant 3 does not exist");
  EXPECT_EQ(fault_of({word(Opcode::kLoadConstant, 0, 3)}), "word 0: constant 3 does not exist");
  EXPECT_EQ(fault_of({word(Opcode::kStoreGlobal, 1, 0)}), "word 0: name 1 does not exist");
  EXPECT_EQ(fault_of({word(Opcode::kLoadGlobal, 0, 0), make_extra(1)}),
            "word 0: cache 1 does not exist");
  EXPECT_EQ(fault_of({word(Opcode::kFormat, 0, 0, 4)}), "word 0: conversion 4 does not exist");
  EXPECT_EQ(fault_of({word(Opcode::kLoadSpecial, kTemporary, 0, 2)}),
            "word 0: special method 2 does not exist");
  EXPECT_EQ(fault_of({word(Opcode::kMakeFunction, 0, kTemporary, 32), make_extra(2)}),
            "word 0: function part 32 does not exist");
}

TEST_F(VerifierTest, FunctionsAndNamedCallsHaveTheConstantsTheyNeed) {
  EXPECT_EQ(fault_of({word(Opcode::kMakeFunction, 0, kTemporary, 0), make_extra(0)}),
            "word 0: a function is made of code");
  EXPECT_EQ(fault_of({word(Opcode::kMakeFunction, 0, kTemporary, 8), make_extra(2)}),
            "word 0: free variables need a closure, and only they do");
  EXPECT_EQ(fault_of({word(Opcode::kCallNamed, 0, kTemporary, 1), make_extra(0), make_extra(0)}),
            "word 0: names of arguments are a tuple");
  EXPECT_EQ(fault_of({word(Opcode::kCallNamed, 0, kTemporary, 0), make_extra(1), make_extra(0)}),
            "word 0: the last arguments have names, which are strs");
}

TEST_F(VerifierTest, WordsAreWellFormed) {
  EXPECT_EQ(fault_of({0xFF}), "word 0: no instruction begins here");
  EXPECT_EQ(fault_of({make_extra(0)}), "word 0: no instruction begins here");
  EXPECT_EQ(fault_of({word(Opcode::kLoadGlobal, 0, 0)}), "word 0: no instruction begins here");
  EXPECT_EQ(fault_of({word(Opcode::kWide), word(Opcode::kResume)}),
            "word 0: no instruction begins here");
  EXPECT_EQ(fault_of({word(Opcode::kWide), word(Opcode::kWide)}),
            "word 0: no instruction begins here");
  EXPECT_EQ(fault(parts({kReturn, word(Opcode::kWide)})), "word 1: no instruction begins here");
  EXPECT_EQ(fault_of({word(Opcode::kWide, 0, 1), word(Opcode::kMove, 0, 0)}),
            "word 0: register 256 is neither local nor temporary");
}

TEST_F(VerifierTest, JumpsGoToInstructionsAndForward) {
  EXPECT_EQ(
      fault_of({word(Opcode::kJumpIfTrue, 0, 1), word(Opcode::kLoadGlobal, 0, 0), make_extra(0)}),
      "word 0: it jumps to 2, where no instruction begins");
  EXPECT_EQ(
      fault_of({word(Opcode::kJumpIfTrue, 0, 1), word(Opcode::kWide), word(Opcode::kMove, 0, 0)}),
      "word 0: it jumps to 2, where no instruction begins");
  EXPECT_EQ(fault_of({word(Opcode::kJump, 1)}),
            "word 0: it jumps to 2, where no instruction begins");
  EXPECT_EQ(fault_of({word(Opcode::kJump, 0xFE, 0xFF, 0xFF)}),
            "word 0: it jumps to -1, where no instruction begins");
  EXPECT_EQ(fault_of({word(Opcode::kJump, 0xFF, 0xFF, 0xFF)}),
            "word 0: loops are closed by JUMP_BACK alone");
  EXPECT_EQ(fault_of({word(Opcode::kJumpBack, 0)}), "word 0: loops are closed by JUMP_BACK alone");
}

TEST_F(VerifierTest, ExecutionDoesNotFallOffTheEnd) {
  EXPECT_EQ(fault(parts({word(Opcode::kResume)})), "execution does not fall off the end");
  EXPECT_EQ(fault(parts({})), "code has from 1 to 2^23 words");
}

TEST_F(VerifierTest, OnlyGeneratorsYield) {
  EXPECT_EQ(fault_of({word(Opcode::kYield, 0, 0)}), "word 0: only a generator yields");
  EXPECT_EQ(fault_of({word(Opcode::kReturnGenerator)}),
            "word 0: a generator is made once, at the beginning of one");
  CodeParts generator = parts({word(Opcode::kReturnGenerator), word(Opcode::kYield, 0, 0),
                               word(Opcode::kReturnGenerator), kReturn});
  generator.flags = CodeFlags::kGenerator;
  EXPECT_EQ(fault(std::move(generator)),
            "word 2: a generator is made once, at the beginning of one");
  CodeParts again = parts({word(Opcode::kMakeCell, kCell), word(Opcode::kReturnGenerator),
                           word(Opcode::kJumpBack, 0xFD, 0xFF, 0xFF)});
  again.flags = CodeFlags::kGenerator;
  EXPECT_EQ(fault(std::move(again)), "word 2: nothing jumps into the beginning of a generator");
}

class ExceptionTableTest : public VerifierTest {
 protected:
  std::string fault_with(std::vector<ExceptionRange> ranges) {
    CodeParts changed = parts({word(Opcode::kMove, 0, 1), word(Opcode::kLoadGlobal, 0, 0),
                               make_extra(0), word(Opcode::kMove, 0, 1), kReturn});
    changed.exceptions = std::move(ranges);
    return fault(std::move(changed));
  }
};

TEST_F(ExceptionTableTest, RangesFitTheInstructions) {
  EXPECT_EQ(fault_with({{0, 3, 4, kTemporary}}), "");
  EXPECT_EQ(fault_with({{0, 5, 4, kTemporary}}), "");
  const std::string inside = "begins, ends or is handled inside an instruction";
  EXPECT_EQ(fault_with({{0, 2, 4, kTemporary}}), "exception range 0 to 2: " + inside);
  EXPECT_EQ(fault_with({{2, 3, 4, kTemporary}}), "exception range 2 to 3: " + inside);
  EXPECT_EQ(fault_with({{0, 3, 2, kTemporary}}), "exception range 0 to 3: " + inside);
  EXPECT_EQ(fault_with({{0, 6, 4, kTemporary}}), "exception range 0 to 6: " + inside);
  EXPECT_EQ(fault_with({{0, 3, 5, kTemporary}}), "exception range 0 to 3: " + inside);
}

TEST_F(ExceptionTableTest, RangesAreInOrderAndHaveATemporary) {
  EXPECT_EQ(fault_with({{0, 3, 4, kRegisters}}),
            "exception range 0 to 3: register 9 is no temporary");
  EXPECT_EQ(fault_with({{0, 3, 4, 0}}), "exception range 0 to 3: register 0 is no temporary");
  const std::string order = "exception ranges are ascending and do not overlap";
  EXPECT_EQ(fault_with({{0, 3, 4, kTemporary}, {1, 4, 4, kTemporary}}), order);
  EXPECT_EQ(fault_with({{3, 4, 4, kTemporary}, {0, 1, 4, kTemporary}}), order);
  EXPECT_EQ(fault_with({{3, 3, 4, kTemporary}}), order);
}

TEST_F(VerifierTest, TablesOfNamesAndCountsFitEachOther) {
  CodeParts few = parts({kReturn});
  few.register_count = 4;
  EXPECT_EQ(fault(std::move(few)), "registers are locals, cells and temporaries, at most 32767");
  CodeParts many = parts({kReturn});
  many.positional_count = 4;
  EXPECT_EQ(fault(std::move(many)), "parameters are the first locals");
  CodeParts variadic = parts({kReturn});
  variadic.positional_count = 3;
  variadic.flags = CodeFlags::kVariadic;
  EXPECT_EQ(fault(std::move(variadic)), "parameters are the first locals");
  CodeParts numbers = parts({kReturn});
  numbers.names = must(new_tuple(kernel.here(), {none()}));
  EXPECT_EQ(fault(std::move(numbers)), "names are strs");
  CodeParts placeless = parts({kReturn});
  placeless.positions.clear();
  EXPECT_EQ(fault(std::move(placeless)), "the first word has a position");
  CodeParts unordered = parts({kReturn});
  unordered.positions = {{0, {}}, {0, {}}};
  EXPECT_EQ(fault(std::move(unordered)), "positions are ascending");
}

}  // namespace
}  // namespace runtime
