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

constexpr Case kOperators[] = {
    {"a + b * c ** -d",
     "Expr(value=BinOp(left=Name(id='a', ctx=Load()), op=Add(), right=BinOp(left=Name(id='b', "
     "ctx=Load()), op=Mult(), right=BinOp(left=Name(id='c', ctx=Load()), op=Pow(), "
     "right=UnaryOp(op=USub(), operand=Name(id='d', ctx=Load()))))))"},
    {"-a ** b",
     "Expr(value=UnaryOp(op=USub(), operand=BinOp(left=Name(id='a', ctx=Load()), op=Pow(), "
     "right=Name(id='b', ctx=Load()))))"},
    {"a ** b ** c",
     "Expr(value=BinOp(left=Name(id='a', ctx=Load()), op=Pow(), right=BinOp(left=Name(id='b', "
     "ctx=Load()), op=Pow(), right=Name(id='c', ctx=Load()))))"},
    {"~a & b | c ^ d",
     "Expr(value=BinOp(left=BinOp(left=UnaryOp(op=Invert(), operand=Name(id='a', ctx=Load())), "
     "op=BitAnd(), right=Name(id='b', ctx=Load())), op=BitOr(), right=BinOp(left=Name(id='c', "
     "ctx=Load()), op=BitXor(), right=Name(id='d', ctx=Load()))))"},
    {"a << b >> c",
     "Expr(value=BinOp(left=BinOp(left=Name(id='a', ctx=Load()), op=LShift(), "
     "right=Name(id='b', ctx=Load())), op=RShift(), right=Name(id='c', ctx=Load())))"},
    {"a @ b // c % d / e",
     "Expr(value=BinOp(left=BinOp(left=BinOp(left=BinOp(left=Name(id='a', ctx=Load()), "
     "op=MatMult(), right=Name(id='b', ctx=Load())), op=FloorDiv(), right=Name(id='c', "
     "ctx=Load())), op=Mod(), right=Name(id='d', ctx=Load())), op=Div(), right=Name(id='e', "
     "ctx=Load())))"},
    {"a < b <= c == d != e > f >= g",
     "Expr(value=Compare(left=Name(id='a', ctx=Load()), ops=[Lt(), LtE(), Eq(), NotEq(), Gt(), "
     "GtE()], comparators=[Name(id='b', ctx=Load()), Name(id='c', ctx=Load()), Name(id='d', "
     "ctx=Load()), Name(id='e', ctx=Load()), Name(id='f', ctx=Load()), Name(id='g', "
     "ctx=Load())]))"},
    {"a is b is not c in d not in e",
     "Expr(value=Compare(left=Name(id='a', ctx=Load()), ops=[Is(), IsNot(), In(), NotIn()], "
     "comparators=[Name(id='b', ctx=Load()), Name(id='c', ctx=Load()), Name(id='d', "
     "ctx=Load()), Name(id='e', ctx=Load())]))"},
    {"not a == b",
     "Expr(value=UnaryOp(op=Not(), operand=Compare(left=Name(id='a', ctx=Load()), ops=[Eq()], "
     "comparators=[Name(id='b', ctx=Load())])))"},
    {"a and b and c or d and e",
     "Expr(value=BoolOp(op=Or(), values=[BoolOp(op=And(), values=[Name(id='a', ctx=Load()), "
     "Name(id='b', ctx=Load()), Name(id='c', ctx=Load())]), BoolOp(op=And(), "
     "values=[Name(id='d', ctx=Load()), Name(id='e', ctx=Load())])]))"},
    {"not a and not b",
     "Expr(value=BoolOp(op=And(), values=[UnaryOp(op=Not(), operand=Name(id='a', ctx=Load())), "
     "UnaryOp(op=Not(), operand=Name(id='b', ctx=Load()))]))"},
    {"a if b else c if d else e",
     "Expr(value=IfExp(test=Name(id='b', ctx=Load()), body=Name(id='a', ctx=Load()), "
     "orelse=IfExp(test=Name(id='d', ctx=Load()), body=Name(id='c', ctx=Load()), "
     "orelse=Name(id='e', ctx=Load()))))"},
    {"(a := b)",
     "Expr(value=NamedExpr(target=Name(id='a', ctx=Store()), value=Name(id='b', ctx=Load())))"},
    {"[a := 1, b]",
     "Expr(value=List(elts=[NamedExpr(target=Name(id='a', ctx=Store()), "
     "value=Constant(value=1)), Name(id='b', ctx=Load())], ctx=Load()))"},
    {"f(a := 1)",
     "Expr(value=Call(func=Name(id='f', ctx=Load()), args=[NamedExpr(target=Name(id='a', "
     "ctx=Store()), value=Constant(value=1))]))"},
    {"x[a := 0]",
     "Expr(value=Subscript(value=Name(id='x', ctx=Load()), slice=NamedExpr(target=Name(id='a', "
     "ctx=Store()), value=Constant(value=0)), ctx=Load()))"},
    {"(a, b)",
     "Expr(value=Tuple(elts=[Name(id='a', ctx=Load()), Name(id='b', ctx=Load())], ctx=Load()))"},
    {"()", "Expr(value=Tuple(ctx=Load()))"},
    {"(a,)", "Expr(value=Tuple(elts=[Name(id='a', ctx=Load())], ctx=Load()))"},
    {"a,", "Expr(value=Tuple(elts=[Name(id='a', ctx=Load())], ctx=Load()))"},
    {"((a))", "Expr(value=Name(id='a', ctx=Load()))"},
    {"+a - -b",
     "Expr(value=BinOp(left=UnaryOp(op=UAdd(), operand=Name(id='a', ctx=Load())), op=Sub(), "
     "right=UnaryOp(op=USub(), operand=Name(id='b', ctx=Load()))))"},
};

constexpr Case kDisplays[] = {
    {"[]", "Expr(value=List(ctx=Load()))"},
    {"[a, *b]",
     "Expr(value=List(elts=[Name(id='a', ctx=Load()), Starred(value=Name(id='b', ctx=Load()), "
     "ctx=Load())], ctx=Load()))"},
    {"{}", "Expr(value=Dict())"},
    {"{a}", "Expr(value=Set(elts=[Name(id='a', ctx=Load())]))"},
    {"{a, *b,}",
     "Expr(value=Set(elts=[Name(id='a', ctx=Load()), Starred(value=Name(id='b', ctx=Load()), "
     "ctx=Load())]))"},
    {"{a: b, **c, d: e}",
     "Expr(value=Dict(keys=[Name(id='a', ctx=Load()), None, Name(id='d', ctx=Load())], "
     "values=[Name(id='b', ctx=Load()), Name(id='c', ctx=Load()), Name(id='e', ctx=Load())]))"},
    {"{**a}", "Expr(value=Dict(keys=[None], values=[Name(id='a', ctx=Load())]))"},
    {"[a for b in c]",
     "Expr(value=ListComp(elt=Name(id='a', ctx=Load()), "
     "generators=[comprehension(target=Name(id='b', ctx=Store()), iter=Name(id='c', "
     "ctx=Load()), is_async=0)]))"},
    {"[a for b in c if d if e for f in g]",
     "Expr(value=ListComp(elt=Name(id='a', ctx=Load()), "
     "generators=[comprehension(target=Name(id='b', ctx=Store()), iter=Name(id='c', "
     "ctx=Load()), ifs=[Name(id='d', ctx=Load()), Name(id='e', ctx=Load())], is_async=0), "
     "comprehension(target=Name(id='f', ctx=Store()), iter=Name(id='g', ctx=Load()), "
     "is_async=0)]))"},
    {"{a for b in c}",
     "Expr(value=SetComp(elt=Name(id='a', ctx=Load()), "
     "generators=[comprehension(target=Name(id='b', ctx=Store()), iter=Name(id='c', "
     "ctx=Load()), is_async=0)]))"},
    {"{a: b for c in d}",
     "Expr(value=DictComp(key=Name(id='a', ctx=Load()), value=Name(id='b', ctx=Load()), "
     "generators=[comprehension(target=Name(id='c', ctx=Store()), iter=Name(id='d', "
     "ctx=Load()), is_async=0)]))"},
    {"(a for b in c)",
     "Expr(value=GeneratorExp(elt=Name(id='a', ctx=Load()), "
     "generators=[comprehension(target=Name(id='b', ctx=Store()), iter=Name(id='c', "
     "ctx=Load()), is_async=0)]))"},
    {"f(a for b in c)",
     "Expr(value=Call(func=Name(id='f', ctx=Load()), args=[GeneratorExp(elt=Name(id='a', "
     "ctx=Load()), generators=[comprehension(target=Name(id='b', ctx=Store()), "
     "iter=Name(id='c', ctx=Load()), is_async=0)])]))"},
    {"[a for b, *c in d]",
     "Expr(value=ListComp(elt=Name(id='a', ctx=Load()), "
     "generators=[comprehension(target=Tuple(elts=[Name(id='b', ctx=Store()), "
     "Starred(value=Name(id='c', ctx=Store()), ctx=Store())], ctx=Store()), iter=Name(id='d', "
     "ctx=Load()), is_async=0)]))"},
    {"[a for a.b in c]",
     "Expr(value=ListComp(elt=Name(id='a', ctx=Load()), "
     "generators=[comprehension(target=Attribute(value=Name(id='a', ctx=Load()), attr='b', "
     "ctx=Store()), iter=Name(id='c', ctx=Load()), is_async=0)]))"},
    {"[[a for b in c] for d in e]",
     "Expr(value=ListComp(elt=ListComp(elt=Name(id='a', ctx=Load()), "
     "generators=[comprehension(target=Name(id='b', ctx=Store()), iter=Name(id='c', "
     "ctx=Load()), is_async=0)]), generators=[comprehension(target=Name(id='d', ctx=Store()), "
     "iter=Name(id='e', ctx=Load()), is_async=0)]))"},
    {"{(a := 1): b}",
     "Expr(value=Dict(keys=[NamedExpr(target=Name(id='a', ctx=Store()), "
     "value=Constant(value=1))], values=[Name(id='b', ctx=Load())]))"},
    {"[x for x in (lambda: y)]",
     "Expr(value=ListComp(elt=Name(id='x', ctx=Load()), "
     "generators=[comprehension(target=Name(id='x', ctx=Store()), iter=Lambda(args=arguments(),"
     " body=Name(id='y', ctx=Load())), is_async=0)]))"},
};

constexpr Case kPrimaries[] = {
    {"a.b.c",
     "Expr(value=Attribute(value=Attribute(value=Name(id='a', ctx=Load()), attr='b', "
     "ctx=Load()), attr='c', ctx=Load()))"},
    {"a[b]",
     "Expr(value=Subscript(value=Name(id='a', ctx=Load()), slice=Name(id='b', ctx=Load()), "
     "ctx=Load()))"},
    {"a[b, c]",
     "Expr(value=Subscript(value=Name(id='a', ctx=Load()), slice=Tuple(elts=[Name(id='b', "
     "ctx=Load()), Name(id='c', ctx=Load())], ctx=Load()), ctx=Load()))"},
    {"a[b,]",
     "Expr(value=Subscript(value=Name(id='a', ctx=Load()), slice=Tuple(elts=[Name(id='b', "
     "ctx=Load())], ctx=Load()), ctx=Load()))"},
    {"a[1:2]",
     "Expr(value=Subscript(value=Name(id='a', ctx=Load()), slice=Slice(lower=Constant(value=1),"
     " upper=Constant(value=2)), ctx=Load()))"},
    {"a[:]", "Expr(value=Subscript(value=Name(id='a', ctx=Load()), slice=Slice(), ctx=Load()))"},
    {"a[::]", "Expr(value=Subscript(value=Name(id='a', ctx=Load()), slice=Slice(), ctx=Load()))"},
    {"a[1:2:3, ...]",
     "Expr(value=Subscript(value=Name(id='a', ctx=Load()), "
     "slice=Tuple(elts=[Slice(lower=Constant(value=1), upper=Constant(value=2), "
     "step=Constant(value=3)), Constant(value=Ellipsis)], ctx=Load()), ctx=Load()))"},
    {"a[*b]",
     "Expr(value=Subscript(value=Name(id='a', ctx=Load()), "
     "slice=Tuple(elts=[Starred(value=Name(id='b', ctx=Load()), ctx=Load())], ctx=Load()), "
     "ctx=Load()))"},
    {"a[*b, c:d]",
     "Expr(value=Subscript(value=Name(id='a', ctx=Load()), "
     "slice=Tuple(elts=[Starred(value=Name(id='b', ctx=Load()), ctx=Load()), "
     "Slice(lower=Name(id='c', ctx=Load()), upper=Name(id='d', ctx=Load()))], ctx=Load()), "
     "ctx=Load()))"},
    {"a[b:=c]",
     "Expr(value=Subscript(value=Name(id='a', ctx=Load()), slice=NamedExpr(target=Name(id='b', "
     "ctx=Store()), value=Name(id='c', ctx=Load())), ctx=Load()))"},
    {"f()", "Expr(value=Call(func=Name(id='f', ctx=Load())))"},
    {"f(a, *b, c=d, *e, **g)",
     "Expr(value=Call(func=Name(id='f', ctx=Load()), args=[Name(id='a', ctx=Load()), "
     "Starred(value=Name(id='b', ctx=Load()), ctx=Load()), Starred(value=Name(id='e', "
     "ctx=Load()), ctx=Load())], keywords=[keyword(arg='c', value=Name(id='d', ctx=Load())), "
     "keyword(value=Name(id='g', ctx=Load()))]))"},
    {"f(a)(b).c[d]",
     "Expr(value=Subscript(value=Attribute(value=Call(func=Call(func=Name(id='f', ctx=Load()), "
     "args=[Name(id='a', ctx=Load())]), args=[Name(id='b', ctx=Load())]), attr='c', "
     "ctx=Load()), slice=Name(id='d', ctx=Load()), ctx=Load()))"},
    {"f(a,)", "Expr(value=Call(func=Name(id='f', ctx=Load()), args=[Name(id='a', ctx=Load())]))"},
    {"a.b(c)[d:e].f",
     "Expr(value=Attribute(value=Subscript(value=Call(func=Attribute(value=Name(id='a', "
     "ctx=Load()), attr='b', ctx=Load()), args=[Name(id='c', ctx=Load())]), "
     "slice=Slice(lower=Name(id='d', ctx=Load()), upper=Name(id='e', ctx=Load())), ctx=Load()),"
     " attr='f', ctx=Load()))"},
};

TEST(Operators, BindAsInPython) { expect_trees(kOperators); }

TEST(Displays, HaveTheTreesOfPython) { expect_trees(kDisplays); }

TEST(Primaries, HaveTheTreesOfPython) { expect_trees(kPrimaries); }

}  // namespace
}  // namespace syntax
