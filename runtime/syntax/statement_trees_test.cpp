// What programs mean: text and the tree of it, as ast.dump() of CPython 3.13 prints it (without
// "Module(body=[...])").
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/syntax/dump.h"
#include "runtime/syntax/parse.h"

namespace syntax {
namespace {

struct Case {
  const char* source;
  const char* tree;
};

template <std::size_t N>
void expect_trees(const Case (&cases)[N]) {
  for (const Case& one : cases) {
    const ParseResult result = parse(one.source);
    ASSERT_TRUE(result.is_ok()) << one.source << "\n" << result.problem->message;
    std::string expected =
        *one.tree == '\0' ? "Module()" : "Module(body=[" + std::string(one.tree) + "])";
    EXPECT_EQ(dump(result.tree->root()), expected) << one.source;
  }
}

constexpr Case kStatements[] = {
    {"x = 1", "Assign(targets=[Name(id='x', ctx=Store())], value=Constant(value=1))"},
    {"x = y = 1",
     "Assign(targets=[Name(id='x', ctx=Store()), Name(id='y', ctx=Store())], "
     "value=Constant(value=1))"},
    {"a, *b = c",
     "Assign(targets=[Tuple(elts=[Name(id='a', ctx=Store()), Starred(value=Name(id='b', "
     "ctx=Store()), ctx=Store())], ctx=Store())], value=Name(id='c', ctx=Load()))"},
    {"(a, [b, *c]), d.e, f[0] = x",
     "Assign(targets=[Tuple(elts=[Tuple(elts=[Name(id='a', ctx=Store()), "
     "List(elts=[Name(id='b', ctx=Store()), Starred(value=Name(id='c', ctx=Store()), "
     "ctx=Store())], ctx=Store())], ctx=Store()), Attribute(value=Name(id='d', ctx=Load()), "
     "attr='e', ctx=Store()), Subscript(value=Name(id='f', ctx=Load()), "
     "slice=Constant(value=0), ctx=Store())], ctx=Store())], value=Name(id='x', ctx=Load()))"},
    {"*a, = b",
     "Assign(targets=[Tuple(elts=[Starred(value=Name(id='a', ctx=Store()), ctx=Store())], "
     "ctx=Store())], value=Name(id='b', ctx=Load()))"},
    {"x += 1", "AugAssign(target=Name(id='x', ctx=Store()), op=Add(), value=Constant(value=1))"},
    {"x.y **= 2",
     "AugAssign(target=Attribute(value=Name(id='x', ctx=Load()), attr='y', ctx=Store()), "
     "op=Pow(), value=Constant(value=2))"},
    {"x[0] //= y",
     "AugAssign(target=Subscript(value=Name(id='x', ctx=Load()), slice=Constant(value=0), "
     "ctx=Store()), op=FloorDiv(), value=Name(id='y', ctx=Load()))"},
    {"x: int",
     "AnnAssign(target=Name(id='x', ctx=Store()), annotation=Name(id='int', ctx=Load()), "
     "simple=1)"},
    {"x: int = 1",
     "AnnAssign(target=Name(id='x', ctx=Store()), annotation=Name(id='int', ctx=Load()), "
     "value=Constant(value=1), simple=1)"},
    {"(x): int",
     "AnnAssign(target=Name(id='x', ctx=Store()), annotation=Name(id='int', ctx=Load()), "
     "simple=0)"},
    {"a.b: str = 'c'",
     "AnnAssign(target=Attribute(value=Name(id='a', ctx=Load()), attr='b', ctx=Store()), "
     "annotation=Name(id='str', ctx=Load()), value=Constant(value='c'), simple=0)"},
    {"del x", "Delete(targets=[Name(id='x', ctx=Del())])"},
    {"del a, b.c, d[1:2]",
     "Delete(targets=[Name(id='a', ctx=Del()), Attribute(value=Name(id='b', ctx=Load()), "
     "attr='c', ctx=Del()), Subscript(value=Name(id='d', ctx=Load()), "
     "slice=Slice(lower=Constant(value=1), upper=Constant(value=2)), ctx=Del())])"},
    {"del (a, [b, c])",
     "Delete(targets=[Tuple(elts=[Name(id='a', ctx=Del()), List(elts=[Name(id='b', ctx=Del()), "
     "Name(id='c', ctx=Del())], ctx=Del())], ctx=Del())])"},
    {"pass", "Pass()"},
    {"return_ = None; pass;",
     "Assign(targets=[Name(id='return_', ctx=Store())], value=Constant(value=None)), Pass()"},
    {"break", "Break()"},
    {"continue", "Continue()"},
    {"return", "Return()"},
    {"return 1, *b",
     "Return(value=Tuple(elts=[Constant(value=1), Starred(value=Name(id='b', ctx=Load()), "
     "ctx=Load())], ctx=Load()))"},
    {"raise", "Raise()"},
    {"raise A", "Raise(exc=Name(id='A', ctx=Load()))"},
    {"raise A from b", "Raise(exc=Name(id='A', ctx=Load()), cause=Name(id='b', ctx=Load()))"},
    {"assert a", "Assert(test=Name(id='a', ctx=Load()))"},
    {"assert a, 'b'", "Assert(test=Name(id='a', ctx=Load()), msg=Constant(value='b'))"},
    {"global a, b", "Global(names=['a', 'b'])"},
    {"nonlocal c", "Nonlocal(names=['c'])"},
    {"import a", "Import(names=[alias(name='a')])"},
    {"import a.b.c as d, e", "Import(names=[alias(name='a.b.c', asname='d'), alias(name='e')])"},
    {"from a import b", "ImportFrom(module='a', names=[alias(name='b')], level=0)"},
    {"from a.b import (c as d, e,)",
     "ImportFrom(module='a.b', names=[alias(name='c', asname='d'), alias(name='e')], level=0)"},
    {"from a import *", "ImportFrom(module='a', names=[alias(name='*')], level=0)"},
    {"from . import a", "ImportFrom(names=[alias(name='a')], level=1)"},
    {"from ...a import b", "ImportFrom(module='a', names=[alias(name='b')], level=3)"},
    {"from .... import a", "ImportFrom(names=[alias(name='a')], level=4)"},
    {"x = yield", "Assign(targets=[Name(id='x', ctx=Store())], value=Yield())"},
    {"x = yield a, b",
     "Assign(targets=[Name(id='x', ctx=Store())], value=Yield(value=Tuple(elts=[Name(id='a', "
     "ctx=Load()), Name(id='b', ctx=Load())], ctx=Load())))"},
    {"yield from a", "Expr(value=YieldFrom(value=Name(id='a', ctx=Load())))"},
    {"match = case = type = _ = 1",
     "Assign(targets=[Name(id='match', ctx=Store()), Name(id='case', ctx=Store()), "
     "Name(id='type', ctx=Store()), Name(id='_', ctx=Store())], value=Constant(value=1))"},
    {"match(x)",
     "Expr(value=Call(func=Name(id='match', ctx=Load()), args=[Name(id='x', ctx=Load())]))"},
    {"match[a]",
     "Expr(value=Subscript(value=Name(id='match', ctx=Load()), slice=Name(id='a', ctx=Load()), "
     "ctx=Load()))"},
    {"print(type, case)",
     "Expr(value=Call(func=Name(id='print', ctx=Load()), args=[Name(id='type', ctx=Load()), "
     "Name(id='case', ctx=Load())]))"},
    {"type(x)",
     "Expr(value=Call(func=Name(id='type', ctx=Load()), args=[Name(id='x', ctx=Load())]))"},
    {"match * 2",
     "Expr(value=BinOp(left=Name(id='match', ctx=Load()), op=Mult(), right=Constant(value=2)))"},
};

constexpr Case kCompound[] = {
    {"if a: b", "If(test=Name(id='a', ctx=Load()), body=[Expr(value=Name(id='b', ctx=Load()))])"},
    {"if a:\n  b\nelif c:\n  d\nelif e: f\nelse:\n  g",
     "If(test=Name(id='a', ctx=Load()), body=[Expr(value=Name(id='b', ctx=Load()))], "
     "orelse=[If(test=Name(id='c', ctx=Load()), body=[Expr(value=Name(id='d', ctx=Load()))], "
     "orelse=[If(test=Name(id='e', ctx=Load()), body=[Expr(value=Name(id='f', ctx=Load()))], "
     "orelse=[Expr(value=Name(id='g', ctx=Load()))])])])"},
    {"while a:\n  break\nelse: c",
     "While(test=Name(id='a', ctx=Load()), body=[Break()], orelse=[Expr(value=Name(id='c', "
     "ctx=Load()))])"},
    {"for a, b in c: d",
     "For(target=Tuple(elts=[Name(id='a', ctx=Store()), Name(id='b', ctx=Store())], "
     "ctx=Store()), iter=Name(id='c', ctx=Load()), body=[Expr(value=Name(id='d', ctx=Load()))])"},
    {"for a, in b, c:\n  d\nelse:\n  e",
     "For(target=Tuple(elts=[Name(id='a', ctx=Store())], ctx=Store()), "
     "iter=Tuple(elts=[Name(id='b', ctx=Load()), Name(id='c', ctx=Load())], ctx=Load()), "
     "body=[Expr(value=Name(id='d', ctx=Load()))], orelse=[Expr(value=Name(id='e', "
     "ctx=Load()))])"},
    {"for *a, b in *c, d: pass",
     "For(target=Tuple(elts=[Starred(value=Name(id='a', ctx=Store()), ctx=Store()), "
     "Name(id='b', ctx=Store())], ctx=Store()), iter=Tuple(elts=[Starred(value=Name(id='c', "
     "ctx=Load()), ctx=Load()), Name(id='d', ctx=Load())], ctx=Load()), body=[Pass()])"},
    {"for a.b in c: pass",
     "For(target=Attribute(value=Name(id='a', ctx=Load()), attr='b', ctx=Store()), "
     "iter=Name(id='c', ctx=Load()), body=[Pass()])"},
    {"for x[0] in c: pass",
     "For(target=Subscript(value=Name(id='x', ctx=Load()), slice=Constant(value=0), "
     "ctx=Store()), iter=Name(id='c', ctx=Load()), body=[Pass()])"},
    {"try: a\nexcept: b",
     "Try(body=[Expr(value=Name(id='a', ctx=Load()))], "
     "handlers=[ExceptHandler(body=[Expr(value=Name(id='b', ctx=Load()))])])"},
    {"try:\n  a\nexcept A:\n  b\nexcept (B, C) as d:\n  e\nelse: f\nfinally: g",
     "Try(body=[Expr(value=Name(id='a', ctx=Load()))], "
     "handlers=[ExceptHandler(type=Name(id='A', ctx=Load()), body=[Expr(value=Name(id='b', "
     "ctx=Load()))]), ExceptHandler(type=Tuple(elts=[Name(id='B', ctx=Load()), Name(id='C', "
     "ctx=Load())], ctx=Load()), name='d', body=[Expr(value=Name(id='e', ctx=Load()))])], "
     "orelse=[Expr(value=Name(id='f', ctx=Load()))], finalbody=[Expr(value=Name(id='g', "
     "ctx=Load()))])"},
    {"try: a\nfinally: b",
     "Try(body=[Expr(value=Name(id='a', ctx=Load()))], finalbody=[Expr(value=Name(id='b', "
     "ctx=Load()))])"},
    {"with a: b",
     "With(items=[withitem(context_expr=Name(id='a', ctx=Load()))], "
     "body=[Expr(value=Name(id='b', ctx=Load()))])"},
    {"with a as b, c as (d, e): f",
     "With(items=[withitem(context_expr=Name(id='a', ctx=Load()), optional_vars=Name(id='b', "
     "ctx=Store())), withitem(context_expr=Name(id='c', ctx=Load()), "
     "optional_vars=Tuple(elts=[Name(id='d', ctx=Store()), Name(id='e', ctx=Store())], "
     "ctx=Store()))], body=[Expr(value=Name(id='f', ctx=Load()))])"},
    {"with (a as b, c as d,): e",
     "With(items=[withitem(context_expr=Name(id='a', ctx=Load()), optional_vars=Name(id='b', "
     "ctx=Store())), withitem(context_expr=Name(id='c', ctx=Load()), optional_vars=Name(id='d',"
     " ctx=Store()))], body=[Expr(value=Name(id='e', ctx=Load()))])"},
    {"with (a, b): c",
     "With(items=[withitem(context_expr=Name(id='a', ctx=Load())), "
     "withitem(context_expr=Name(id='b', ctx=Load()))], body=[Expr(value=Name(id='c', "
     "ctx=Load()))])"},
    {"with (a, b) as c: d",
     "With(items=[withitem(context_expr=Tuple(elts=[Name(id='a', ctx=Load()), Name(id='b', "
     "ctx=Load())], ctx=Load()), optional_vars=Name(id='c', ctx=Store()))], "
     "body=[Expr(value=Name(id='d', ctx=Load()))])"},
    {"with (a): b",
     "With(items=[withitem(context_expr=Name(id='a', ctx=Load()))], "
     "body=[Expr(value=Name(id='b', ctx=Load()))])"},
    {"with (yield): b",
     "With(items=[withitem(context_expr=Yield())], body=[Expr(value=Name(id='b', ctx=Load()))])"},
    {"with (a).b as c, d: e",
     "With(items=[withitem(context_expr=Attribute(value=Name(id='a', ctx=Load()), attr='b', "
     "ctx=Load()), optional_vars=Name(id='c', ctx=Store())), withitem(context_expr=Name(id='d',"
     " ctx=Load()))], body=[Expr(value=Name(id='e', ctx=Load()))])"},
    {"with (a + b): c",
     "With(items=[withitem(context_expr=BinOp(left=Name(id='a', ctx=Load()), op=Add(), "
     "right=Name(id='b', ctx=Load())))], body=[Expr(value=Name(id='c', ctx=Load()))])"},
    {"with (a if b else c) as d: e",
     "With(items=[withitem(context_expr=IfExp(test=Name(id='b', ctx=Load()), body=Name(id='a', "
     "ctx=Load()), orelse=Name(id='c', ctx=Load())), optional_vars=Name(id='d', ctx=Store()))],"
     " body=[Expr(value=Name(id='e', ctx=Load()))])"},
    {"with (x for x in y) as z: pass",
     "With(items=[withitem(context_expr=GeneratorExp(elt=Name(id='x', ctx=Load()), "
     "generators=[comprehension(target=Name(id='x', ctx=Store()), iter=Name(id='y', "
     "ctx=Load()), is_async=0)]), optional_vars=Name(id='z', ctx=Store()))], body=[Pass()])"},
    {"if a:\n  if b:\n    c\n  d\ne",
     "If(test=Name(id='a', ctx=Load()), body=[If(test=Name(id='b', ctx=Load()), "
     "body=[Expr(value=Name(id='c', ctx=Load()))]), Expr(value=Name(id='d', ctx=Load()))]), "
     "Expr(value=Name(id='e', ctx=Load()))"},
    {"if a:\n\tb\n# comment\n\n\tc\n",
     "If(test=Name(id='a', ctx=Load()), body=[Expr(value=Name(id='b', ctx=Load())), "
     "Expr(value=Name(id='c', ctx=Load()))])"},
};

constexpr Case kDefinitions[] = {
    {"def f(): pass", "FunctionDef(name='f', args=arguments(), body=[Pass()])"},
    {"def f(a, b=1, *c, d, e=2, **f): pass",
     "FunctionDef(name='f', args=arguments(args=[arg(arg='a'), arg(arg='b')], "
     "vararg=arg(arg='c'), kwonlyargs=[arg(arg='d'), arg(arg='e')], kw_defaults=[None, "
     "Constant(value=2)], kwarg=arg(arg='f'), defaults=[Constant(value=1)]), body=[Pass()])"},
    {"def f(a, /, b, *, c): pass",
     "FunctionDef(name='f', args=arguments(posonlyargs=[arg(arg='a')], args=[arg(arg='b')], "
     "kwonlyargs=[arg(arg='c')], kw_defaults=[None]), body=[Pass()])"},
    {"def f(a=1, /, b=2): pass",
     "FunctionDef(name='f', args=arguments(posonlyargs=[arg(arg='a')], args=[arg(arg='b')], "
     "defaults=[Constant(value=1), Constant(value=2)]), body=[Pass()])"},
    {"def f(a, /): pass",
     "FunctionDef(name='f', args=arguments(posonlyargs=[arg(arg='a')]), body=[Pass()])"},
    {"def f(*, a): pass",
     "FunctionDef(name='f', args=arguments(kwonlyargs=[arg(arg='a')], kw_defaults=[None]), "
     "body=[Pass()])"},
    {"def f(*a: *b): pass",
     "FunctionDef(name='f', args=arguments(vararg=arg(arg='a', "
     "annotation=Starred(value=Name(id='b', ctx=Load()), ctx=Load()))), body=[Pass()])"},
    {"def f(a: int, b: str = 'c', *d: e, **g: h) -> i: return a",
     "FunctionDef(name='f', args=arguments(args=[arg(arg='a', annotation=Name(id='int', "
     "ctx=Load())), arg(arg='b', annotation=Name(id='str', ctx=Load()))], vararg=arg(arg='d', "
     "annotation=Name(id='e', ctx=Load())), kwarg=arg(arg='g', annotation=Name(id='h', "
     "ctx=Load())), defaults=[Constant(value='c')]), body=[Return(value=Name(id='a', "
     "ctx=Load()))], returns=Name(id='i', ctx=Load()))"},
    {"@a\n@b.c(d)\ndef f(): pass",
     "FunctionDef(name='f', args=arguments(), body=[Pass()], decorator_list=[Name(id='a', "
     "ctx=Load()), Call(func=Attribute(value=Name(id='b', ctx=Load()), attr='c', ctx=Load()), "
     "args=[Name(id='d', ctx=Load())])])"},
    {"@a\nclass A: pass",
     "ClassDef(name='A', body=[Pass()], decorator_list=[Name(id='a', ctx=Load())])"},
    {"class A: pass", "ClassDef(name='A', body=[Pass()])"},
    {"class A(): x = 1",
     "ClassDef(name='A', body=[Assign(targets=[Name(id='x', ctx=Store())], "
     "value=Constant(value=1))])"},
    {"class A(B, *C, metaclass=D, **e):\n  def f(self): return super().f()\n  y: int",
     "ClassDef(name='A', bases=[Name(id='B', ctx=Load()), Starred(value=Name(id='C', "
     "ctx=Load()), ctx=Load())], keywords=[keyword(arg='metaclass', value=Name(id='D', "
     "ctx=Load())), keyword(value=Name(id='e', ctx=Load()))], body=[FunctionDef(name='f', "
     "args=arguments(args=[arg(arg='self')]), "
     "body=[Return(value=Call(func=Attribute(value=Call(func=Name(id='super', ctx=Load())), "
     "attr='f', ctx=Load())))]), AnnAssign(target=Name(id='y', ctx=Store()), "
     "annotation=Name(id='int', ctx=Load()), simple=1)])"},
    {"lambda: 0", "Expr(value=Lambda(args=arguments(), body=Constant(value=0)))"},
    {"lambda a, b=1, /, *c, d, e=2, **f: a",
     "Expr(value=Lambda(args=arguments(posonlyargs=[arg(arg='a'), arg(arg='b')], "
     "vararg=arg(arg='c'), kwonlyargs=[arg(arg='d'), arg(arg='e')], kw_defaults=[None, "
     "Constant(value=2)], kwarg=arg(arg='f'), defaults=[Constant(value=1)]), body=Name(id='a', "
     "ctx=Load())))"},
    {"lambda *, a: a",
     "Expr(value=Lambda(args=arguments(kwonlyargs=[arg(arg='a')], kw_defaults=[None]), "
     "body=Name(id='a', ctx=Load())))"},
    {"lambda a: lambda b: a",
     "Expr(value=Lambda(args=arguments(args=[arg(arg='a')]), "
     "body=Lambda(args=arguments(args=[arg(arg='b')]), body=Name(id='a', ctx=Load()))))"},
};

TEST(SimpleStatements, HaveTheTreesOfPython) { expect_trees(kStatements); }

TEST(CompoundStatements, HaveTheTreesOfPython) { expect_trees(kCompound); }

TEST(Definitions, HaveTheTreesOfPython) { expect_trees(kDefinitions); }

}  // namespace
}  // namespace syntax
