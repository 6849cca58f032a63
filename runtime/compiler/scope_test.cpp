#include "runtime/compiler/scope.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace runtime {
namespace {

const char* word_of(NameMeaning meaning) {
  switch (meaning) {
    case NameMeaning::kLocal:
      return "local";
    case NameMeaning::kCell:
      return "cell";
    case NameMeaning::kFree:
      return "free";
    case NameMeaning::kGlobalDeclared:
      return "declared";
    default:
      return "global";
  }
}

// "top: a=local; f: b=cell" - the scopes in the order of the text, their names in alphabetical order.
void describe_scope(const Scope& scope, std::string& text) {
  if (!text.empty()) text += "; ";
  text += std::string(scope.name) + ":";
  std::vector<std::string> names;
  for (const Symbol& symbol : scope.symbols) {
    names.push_back(std::string(symbol.name) + "=" + word_of(symbol.meaning));
  }
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) text += " " + name;
  for (const Scope* child : scope.children) describe_scope(*child, text);
}

std::string scopes_of(std::string_view source) {
  const syntax::ParseResult parsed = syntax::parse(source);
  if (!parsed.is_ok()) return parsed.problem->message;
  std::optional<syntax::SyntaxProblem> problem;
  const auto table = ScopeTable::build(*parsed.tree, false, problem);
  if (table == nullptr) {
    return problem->message + " @" + std::to_string(problem->line) + "," +
           std::to_string(problem->offset);
  }
  std::string text;
  describe_scope(table->root(), text);
  return text;
}

// The expectations are what symtable.symtable() of CPython 3.11 says, comprehensions apart.
TEST(Scope, ANameIsLocalWhereItIsBound) {
  EXPECT_EQ(scopes_of("x = 1\ndef f(a): b = a + x + y"),
            "top: f=local x=local; f: a=local b=local x=global y=global");
}

TEST(Scope, AFunctionCapturesFromTheOneAround) {
  EXPECT_EQ(scopes_of("def f():\n  x = 1\n  def g():\n    return lambda: x"),
            "top: f=local; f: g=local x=cell; g: x=free; lambda: x=free");
}

TEST(Scope, AClassIsNotSeenByItsMethods) {
  EXPECT_EQ(scopes_of("def f(x):\n  class C:\n    x = x\n    def m(self): return x"),
            "top: f=local; f: C=local x=cell; C: m=local x=local; m: self=local x=free");
}

TEST(Scope, DeclarationsGoAroundTheFunction) {
  EXPECT_EQ(scopes_of("def f():\n  x = 1\n  def g():\n    global x\n    x = 2\n    def h(): x"),
            "top: f=local x=declared; f: g=local x=local; g: h=local x=declared; h: x=global");
  EXPECT_EQ(scopes_of("def f():\n  x = 1\n  def g():\n    nonlocal x\n    x = 2"),
            "top: f=local; f: g=local x=cell; g: x=free");
}

TEST(Scope, SuperNeedsTheClass) {
  EXPECT_EQ(scopes_of("class C:\n  def m(self): super().m()"),
            "top: C=local; C: m=local; m: __class__=free self=local super=global");
}

TEST(Scope, PrivateNamesAreMangled) {
  EXPECT_EQ(scopes_of("class _C:\n  __x = 1\n  def __m(self, __y): __z__"),
            "top: _C=local; _C: _C__m=local _C__x=local; "
            "__m: _C__y=local __z__=global self=local");
}

TEST(Scope, AGeneratorExpressionCapturesWhatAnInlinedComprehensionDoesNot) {
  EXPECT_EQ(scopes_of("def f(a, b):\n  return (a for c in b)"),
            "top: f=local; f: a=cell b=local; genexpr: .0=local a=free c=local");
  EXPECT_EQ(scopes_of("def f(a, b):\n  return [a for c in b]"),
            "top: f=local; f: a=local b=local; listcomp: a=free c=local");
  EXPECT_EQ(scopes_of("def f(a, b):\n  return [lambda: a + c for c in b]"),
            "top: f=local; f: a=cell b=local; listcomp: a=free c=cell; lambda: a=free c=free");
}

TEST(Scope, WhatAComprehensionUsesOfAnOuterFunctionPassesThrough) {
  EXPECT_EQ(scopes_of("def f(a):\n  def g(b):\n    return [a for c in b]"),
            "top: f=local; f: a=cell g=local; g: a=free b=local; listcomp: a=free c=local");
}

TEST(Scope, AComprehensionInAClassIsAFunction) {
  EXPECT_EQ(scopes_of("class C:\n  x = 1\n  y = [x for z in x]"),
            "top: C=local; C: x=local y=local; listcomp: .0=local x=global z=local");
}

TEST(Scope, AnAssignmentExpressionBindsOutsideOfComprehensions) {
  EXPECT_EQ(scopes_of("def f(b):\n  return [x := c for c in b], x"),
            "top: f=local; f: b=local x=local; listcomp: c=local x=free");
  EXPECT_EQ(scopes_of("def f(b):\n  return (x := c for c in b), x"),
            "top: f=local; f: b=local x=cell; genexpr: .0=local c=local x=free");
  EXPECT_EQ(scopes_of("[x := c for c in b]"),
            "top: b=global x=declared; listcomp: c=local x=declared");
}

TEST(Scope, AnnotationsOfAClassSeeItsNames) {
  EXPECT_EQ(scopes_of("class C:\n  x: y"),
            "top: C=local; C: x=local; __annotate__: __classdict__=free format=local y=global");
}

TEST(Scope, ImportsAndHandlersBind) {
  EXPECT_EQ(scopes_of("def f():\n  import a.b, c as d\n  from e import g\n"
                      "  try: pass\n  except h as i: pass"),
            "top: f=local; f: a=local d=local g=local h=global i=local");
}

TEST(Scope, MistakesOfDeclarations) {
  EXPECT_EQ(scopes_of("def f(x):\n  global x"), "name 'x' is parameter and global @2,3");
  EXPECT_EQ(scopes_of("def f():\n  x = 1\n  global x"),
            "name 'x' is assigned to before global declaration @3,3");
  EXPECT_EQ(scopes_of("def f():\n  x\n  nonlocal x"),
            "name 'x' is used prior to nonlocal declaration @3,3");
  EXPECT_EQ(scopes_of("def f():\n  x: int\n  global x"), "annotated name 'x' can't be global @3,3");
  EXPECT_EQ(scopes_of("def f():\n  global x\n  x: int = 1"),
            "annotated name 'x' can't be global @3,3");
  EXPECT_EQ(scopes_of("def f():\n  def g(): nonlocal x"),
            "no binding for nonlocal 'x' found @2,12");
  EXPECT_EQ(scopes_of("nonlocal x"), "nonlocal declaration not allowed at module level @1,1");
  EXPECT_EQ(scopes_of("def f():\n  x = 1\n  def g():\n    nonlocal x\n    global x"),
            "name 'x' is nonlocal and global @4,5");
}

TEST(Scope, MistakesOfAssignmentExpressions) {
  EXPECT_EQ(scopes_of("[i := 0 for i in j]"),
            "assignment expression cannot rebind comprehension iteration variable 'i' @1,2");
  EXPECT_EQ(scopes_of("[i for i in (k := j)]"),
            "assignment expression cannot be used in a comprehension iterable expression @1,14");
  EXPECT_EQ(scopes_of("[[(j := 0) for i in k] for j in k]"),
            "assignment expression cannot rebind comprehension iteration variable 'j' @1,4");
  EXPECT_EQ(scopes_of("class C:\n  [y := 1 for x in z]"),
            "assignment expression within a comprehension cannot be used in a class body @2,4");
}

}  // namespace
}  // namespace runtime
