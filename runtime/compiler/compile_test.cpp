#include "runtime/compiler/compile.h"

#include <gtest/gtest.h>

#include "runtime/compiler/compiler_test_support.h"

namespace runtime {
namespace {

TEST(Compile, AnAssignmentToALocalIsOneInstruction) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.inner_instructions("def f(a, b):\n  x = a + b\n  x += 1\n  return x\n"),
            "ADD x, a, b\nINPLACE_ADD x, x, 1\nRETURN x\n");
}

TEST(Compile, NamesOfAModuleGoThroughItsMapping) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.module_instructions("x = 1\ny = x\ndel x\n"),
            "STORE_NAME x, 1\nLOAD_NAME %0, x\nSTORE_NAME y, %0\nDELETE_NAME x\nRETURN None\n");
}

TEST(Compile, ALocalThatMayBeMissingIsCheckedWhereItIsRead) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.inner_instructions("def f(c):\n  if c: x = 1\n  return x + c()\n"),
            "JUMP_IF_FALSE c, to 3\nLOAD_CONSTANT x, 1\nCHECK_LOCAL x\nMOVE %2, c\n"
            "CALL %1, %2 (0)\nADD %0, x, %1\nRETURN %0\n");
}

TEST(Compile, ALocalThatAnOperandChangesIsCopiedBefore) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.inner_instructions("def f(a):\n  return a + (a := 2)\n"),
            "MOVE %1, a\nLOAD_CONSTANT a, 2\nLOAD_CONSTANT %2, 2\nADD %0, %1, %2\nRETURN %0\n");
}

TEST(Compile, ConstantsAreComputed) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.module_instructions("x = 2 ** 10 + -1\ny = ('a' 'b' + 'c', (1, 2)[1])\n"),
            "STORE_NAME x, 1023\nSTORE_NAME y, ('abc', 2)\nRETURN None\n");
}

TEST(Compile, WhatWouldBeLargeOrRaisesIsLeftForTheProgram) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.module_instructions("x = 1 << 1000\ny = 1 // 0\n"),
            "LEFT_SHIFT %0, 1, 1000\nSTORE_NAME x, %0\nFLOOR_DIVIDE %0, 1, 0\nSTORE_NAME y, %0\n"
            "RETURN None\n");
}

TEST(Compile, EqualConstantsOfOtherTypesOrSignsAreDifferent) {
  CompilerKernel kernel;
  const Ref<Code> code = kernel.compiled("a = 0; b = 0.0; c = -0.0; d = False; e = 0; f = 0.0\n");
  EXPECT_EQ(repr(kernel.here(), Borrowed<Object>(code->constants)), "(0, 0.0, -0.0, False, None)");
}

TEST(Compile, AMembershipTestOfConstantsHasAFrozenset) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.module_instructions("x = a in {1}\ny = a in [1, 2]\n"),
            "LOAD_NAME %1, a\nIN %0, %1, frozenset({1})\nSTORE_NAME x, %0\n"
            "LOAD_NAME %1, a\nIN %0, %1, (1, 2)\nSTORE_NAME y, %0\nRETURN None\n");
}

TEST(Compile, CodeThatNobodyReachesIsNotThere) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.inner_instructions("def f(a):\n  if not __debug__: a()\n  return a\n  a()\n"),
            "RETURN a\n");
}

TEST(Compile, AMethodIsCalledWithoutABoundMethod) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.inner_instructions("def f(a):\n  return a.b(1, k=2)\n"),
            "LOAD_METHOD %1, a, b\nLOAD_CONSTANT %3, 1\nLOAD_CONSTANT %4, 2\n"
            "CALL_NAMED %0, %1 (2), ('k',)\nRETURN %0\n");
}

TEST(Compile, UnpackedArgumentsAreCollected) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.inner_instructions("def f(a, b):\n  return f(*a, **b)\n"),
            "LOAD_GLOBAL %1, f\nMOVE %3, a\nBUILD_MAP %4, %4 (0)\nDICT_MERGE %4, b, %1\n"
            "CALL_UNPACKED %0, %1\nRETURN %0\n");
}

TEST(Compile, AChainOfComparisonsEvaluatesTheMiddleOnce) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.inner_instructions("def f(a, b, c):\n  return a < b() < c\n"),
            "MOVE %2, b\nCALL %1, %2 (0)\nCOPY %2, %1\nLESS %0, a, %2\n"
            "JUMP_IF_FALSE_KEEP %0, to 11\nLESS %0, %1, c\nJUMP to 13\nCLEAR %1\nCLEAR %2\n"
            "RETURN %0\n");
}

TEST(Compile, AFinallyIsThereForEachWayOut) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.inner_instructions("def f(a):\n  try:\n    return a()\n  finally:\n    a.b\n"),
            "MOVE %3, a\nCALL %2, %3 (0)\nLOAD_ATTRIBUTE %3, a, b\nCLEAR %3\nRETURN %2\n"
            "BEGIN_HANDLER %1, %0\nLOAD_ATTRIBUTE %2, a, b\nCLEAR %2\nRERAISE %0\n"
            "END_HANDLER %1\nRERAISE %2\n"
            "1 to 4: 8 with %0\n8 to 13: 13 with %2\n");
}

TEST(Compile, AnExceptionsNameIsForgottenOnEveryWay) {
  CompilerKernel kernel;
  EXPECT_EQ(
      kernel.inner_instructions("def f(a):\n  try:\n    a()\n  except a as e:\n    return e\n"),
      "MOVE %3, a\nCALL %2, %3 (0)\nCLEAR %2\nJUMP to 24\nBEGIN_HANDLER %1, %0\n"
      "MATCH_EXCEPTION %2, %0, a\nJUMP_IF_FALSE %2, to 21\nCOPY %2, %0\nMOVE e, %2\n"
      "CHECK_LOCAL e\nMOVE %3, e\nEND_HANDLER %1\nCLEAR %0\nLOAD_CONSTANT e, None\n"
      "DELETE_LOCAL e\nRETURN %3\nLOAD_CONSTANT e, None\nDELETE_LOCAL e\nRERAISE %2\n"
      "RERAISE %0\nEND_HANDLER %1\nRERAISE %2\nRETURN None\n"
      "1 to 5: 6 with %0\n6 to 11: 22 with %2\n11 to 13: 18 with %2\n"
      "18 to 22: 22 with %2\n");
}

TEST(Compile, AVariableOfAComprehensionGivesTheOuterOneBack) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.inner_instructions("def f(x, y):\n  return [x for x in y], x\n"),
            "GET_ITERATOR %2, y\nSAVE_LOCAL %3, x\nBUILD_LIST %4, %4 (0)\n"
            "FOR_ITERATOR x, %2, to 9\nLIST_APPEND %4, x\nJUMP_BACK to 4\nRESTORE_LOCAL x, %3\n"
            "MOVE %1, %4\nJUMP to 14\nRESTORE_LOCAL x, %3\nRERAISE %4\nMOVE %2, x\n"
            "BUILD_TUPLE %0, %1 (2)\nRETURN %0\n"
            "3 to 9: 12 with %4\n");
}

TEST(Compile, AFunctionInAComprehensionCapturesItsVariable) {
  CompilerKernel kernel;
  const Ref<Code> code = kernel.inner("def f(y):\n  return [lambda: x for x in y]\n");
  EXPECT_EQ(repr(kernel.here(), Borrowed<Object>(code->cell_names)), "('x',)");
  EXPECT_EQ(repr(kernel.here(), Borrowed<Object>(code->local_names)), "('y',)");
}

TEST(Compile, ACapturedArgumentMovesIntoItsCell) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.inner_instructions("def f(a):\n  def g(): return a\n  return g\n"),
            "MAKE_CELL_OF {a}, a\nLOAD_CLOSURE %6, {a}\nBUILD_TUPLE %1, %6 (1)\n"
            "MAKE_FUNCTION %0, %1 (closure), <code g>\nMOVE g, %0\nRETURN g\n");
}

TEST(Compile, AGeneratorIsMadeBeforeItsBodyRuns) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.inner_instructions("def f(a):\n  x = yield a\n  yield from x\n"),
            "RETURN_GENERATOR\nYIELD x, a\nGET_DELEGATE %1, x\nLOAD_CONSTANT %0, None\n"
            "DELEGATE %0, %1\nCLEAR %0\nRETURN None\n");
}

TEST(Compile, AClassGivesItsCellToItsMethods) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.inner_instructions("class A:\n  def f(self): super()\n"),
            "MAKE_CELL {__class__}\nLOAD_NAME %0, __name__\nSTORE_NAME __module__, %0\n"
            "STORE_NAME __qualname__, 'A'\nSTORE_NAME __firstlineno__, 1\n"
            "LOAD_CLOSURE %6, {__class__}\nBUILD_TUPLE %1, %6 (1)\n"
            "MAKE_FUNCTION %0, %1 (closure), <code f>\nSTORE_NAME f, %0\n"
            "LOAD_CLOSURE %0, {__class__}\nCOPY %1, %0\nSTORE_NAME __classcell__, %1\nRETURN %0\n");
}

TEST(Compile, DocumentationIsTheFirstConstantWithoutItsIndentation) {
  CompilerKernel kernel;
  const Ref<Code> code = kernel.inner("def f():\n  '''One.\n\n    Two.\n  '''\n");
  EXPECT_NE(code->flags & CodeFlags::kHasDocumentation, 0u);
  EXPECT_EQ(repr(kernel.here(), code->constants->at(0)), "'One.\\n\\nTwo.\\n'");
}

TEST(Compile, ACodeKnowsItsArguments) {
  CompilerKernel kernel;
  const Ref<Code> code = kernel.inner("def f(a, /, b, *c, d=1, **e): z = 1\n");
  EXPECT_EQ(code->positional_only_count, 1u);
  EXPECT_EQ(code->positional_count, 2u);
  EXPECT_EQ(code->keyword_only_count, 1u);
  EXPECT_EQ(code->parameter_count(), 5u);
  EXPECT_EQ(repr(kernel.here(), Borrowed<Object>(code->local_names)),
            "('a', 'b', 'd', 'c', 'e', 'z')");
}

TEST(Compile, QualifiedNamesSayWhereAFunctionStands) {
  CompilerKernel kernel;
  const Ref<Code> outer = kernel.inner("class A:\n  def f(self):\n    return lambda: 1\n");
  const Ref<Code> method = kernel.nested(outer);
  EXPECT_EQ(utf8_of(*kernel.nested(method)->qualified_name), "A.f.<locals>.<lambda>");
}

TEST(Compile, EveryInstructionKnowsItsPlace) {
  CompilerKernel kernel;
  const Ref<Code> code = kernel.compiled("x = (a +\n     b.c)\n");
  Instruction instruction;
  for (std::uint32_t at = 0; decode(code->words(), at, instruction); at = instruction.next) {
    if (instruction.opcode != Opcode::kLoadAttribute) continue;
    EXPECT_EQ(position_of(*code, at), (CodePosition{2, 5, 2, 8}));
    return;
  }
  FAIL() << "the attribute is loaded";
}

TEST(Compile, TheTextOfEvalReturnsItsValue) {
  CompilerKernel kernel;
  const Ref<Code> code = kernel.compiled("a + 1", CompileMode::kExpression);
  EXPECT_EQ(kernel.instructions(code), "LOAD_NAME %1, a\nADD %0, %1, 1\nRETURN %0\n");
}

TEST(Compile, APromptShowsTheValuesOfExpressions) {
  CompilerKernel kernel;
  const Ref<Code> code = kernel.compiled("a\n", CompileMode::kInteractive);
  EXPECT_EQ(kernel.instructions(code), "LOAD_NAME %0, a\nPRINT_EXPRESSION %0\nRETURN None\n");
}

TEST(Compile, ManyVariablesNeedWideInstructions) {
  CompilerKernel kernel;
  std::string source = "def f():\n";
  for (int i = 0; i < 300; ++i) source += fmt::format("  v{} = g({} + 1000)\n", i, i);
  const Ref<Code> code = kernel.inner(source + "  return v299 + v0\n");
  EXPECT_TRUE(code->is_verified);
  Instruction last;
  for (std::uint32_t at = 0; decode(code->words(), at, last); at = last.next) {
    if (last.opcode == Opcode::kAdd) break;
  }
  EXPECT_TRUE(last.is_wide);
  EXPECT_EQ(last.b, 299u);
  EXPECT_EQ(last.c, 0u);
}

TEST(Compile, AJumpOverMuchCodeIsWide) {
  CompilerKernel kernel;
  std::string source = "def f(a):\n  while a:\n";
  for (int i = 0; i < 20000; ++i) source += "    a.b = a\n";
  const Ref<Code> code = kernel.inner(source);
  Instruction first;
  ASSERT_TRUE(decode(code->words(), 1, first));
  EXPECT_EQ(first.opcode, Opcode::kJumpIfFalse);
  EXPECT_TRUE(first.is_wide);
  EXPECT_GT(first.target(), 40000);
}

TEST(Compile, AnnotationsAreAFunction) {
  CompilerKernel kernel;
  EXPECT_EQ(kernel.module_instructions("def f(a: int): pass\n"),
            "MAKE_FUNCTION %6, %7 (), <code __annotate__>\nMOVE %1, %6\n"
            "MAKE_FUNCTION %0, %1 (annotate), <code f>\nSTORE_NAME f, %0\nRETURN None\n");
}

TEST(Compile, FutureAnnotationsAreTheirText) {
  CompilerKernel kernel;
  const Ref<Code> code =
      kernel.compiled("from __future__ import annotations\ndef f(a: x . y): pass\n");
  EXPECT_NE(kernel.instructions(code).find("MAP_PUT %1, 'a', 'x . y'"), std::string::npos);
  EXPECT_NE(code->flags & CodeFlags::kFutureAnnotations, 0u);
}

// What CPython says of the same texts, and where.
TEST(Compile, MistakesAreReportedAsPythonDoes) {
  CompilerKernel kernel;
  const std::pair<const char*, const char*> cases[] = {
      {"return 1", "SyntaxError: 'return' outside function (1, 1)"},
      {"break", "SyntaxError: 'break' outside loop (1, 1)"},
      {"continue", "SyntaxError: 'continue' not properly in loop (1, 1)"},
      {"yield 1", "SyntaxError: 'yield' outside function (1, 1)"},
      {"while 1:\n  def f(): break", "SyntaxError: 'break' outside loop (2, 12)"},
      {"class A:\n  return 1", "SyntaxError: 'return' outside function (2, 3)"},
      {"def f(a, a): pass", "SyntaxError: duplicate argument 'a' in function definition (1, 10)"},
      {"f(a=1, a=2)", "SyntaxError: keyword argument repeated: a (1, 8)"},
      {"__debug__ = 1", "SyntaxError: cannot assign to __debug__ (1, 1)"},
      {"def f():\n  from x import *", "SyntaxError: import * only allowed at module level (2, 17)"},
      {"x = 1\nfrom __future__ import annotations",
       "SyntaxError: from __future__ imports must occur at the beginning of the file (2, 1)"},
      {"a, *b, *c = d", "SyntaxError: multiple starred expressions in assignment (1, 1)"},
      {"[(yield x) for x in y]", "SyntaxError: 'yield' inside list comprehension (1, 3)"},
  };
  for (const auto& [source, expected] : cases) EXPECT_EQ(kernel.complaint(source), expected);
}

TEST(Compile, TooManyNestedBlocksAreRefused) {
  CompilerKernel kernel;
  std::string source;
  for (int depth = 0; depth < 21; ++depth) source += std::string(depth, ' ') + "while a:\n";
  EXPECT_EQ(kernel.complaint(source + std::string(21, ' ') + "a\n"),
            "SyntaxError: too many statically nested blocks (21, 21)");
}

TEST(Compile, BodiesThatAreWrittenAgainAndAgainHaveALimit) {
  CompilerKernel kernel;
  std::string source = "def f():\n for x in y:\n";
  for (int depth = 2; depth < 20; ++depth) {
    const std::string indent(static_cast<std::size_t>(depth), ' ');
    source += indent + "try:\n" + indent + " if a: return\n" + indent + " if a: break\n";
    source += indent + "finally:\n";
  }
  EXPECT_EQ(kernel.complaint(source + std::string(20, ' ') + "a()\n"),
            "OverflowError: the compiled code is too long");
}

struct Warnings {
  std::vector<std::string> messages;
  static Result<Done> receive(ThreadState&, void* context, syntax::WarningKind,
                              std::string_view message, Borrowed<Str>, int) {
    static_cast<Warnings*>(context)->messages.emplace_back(message);
    return Done{};
  }
};

TEST(Compile, DoubtfulComparisonsAndAssertionsAreWarnedAbout) {
  CompilerKernel kernel;
  Warnings warnings;
  CompileOptions options;
  options.warnings = {&Warnings::receive, &warnings};
  kernel.compiled("a is 1\nassert (a, 'b')\n(1, 2)(a)\n", CompileMode::kModule, options);
  EXPECT_EQ(warnings.messages, (std::vector<std::string>{
                                   "\"is\" with 'int' literal. Did you mean \"==\"?",
                                   "assertion is always true, perhaps remove parentheses?",
                                   "'tuple' object is not callable; perhaps you missed a comma?"}));
}

}  // namespace
}  // namespace runtime
