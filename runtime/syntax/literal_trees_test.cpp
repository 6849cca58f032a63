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

constexpr Case kLiterals[] = {
    {"0", "Expr(value=Constant(value=0))"},
    {"00", "Expr(value=Constant(value=0))"},
    {"1_000", "Expr(value=Constant(value=1000))"},
    {"0xFF_a", "Expr(value=Constant(value=0xffa))"},
    {"0o17", "Expr(value=Constant(value=0xf))"},
    {"0b1010", "Expr(value=Constant(value=0xa))"},
    {"123456789012345678901234567890",
     "Expr(value=Constant(value=123456789012345678901234567890))"},
    {"1.5", "Expr(value=Constant(value=1.5))"},
    {"1e10", "Expr(value=Constant(value=1e+10))"},
    {".5", "Expr(value=Constant(value=0.5))"},
    {"1.", "Expr(value=Constant(value=1))"},
    {"1_0.2_5e-1_0", "Expr(value=Constant(value=1.025e-09))"},
    {"1e400", "Expr(value=Constant(value=inf))"},
    {"2j", "Expr(value=Constant(value=2j))"},
    {"None, True, False, ...",
     "Expr(value=Tuple(elts=[Constant(value=None), Constant(value=True), Constant(value=False),"
     " Constant(value=Ellipsis)], ctx=Load()))"},
    {"'a' \"b\" '''c'''", "Expr(value=Constant(value='abc'))"},
    {"b'a' b'\\xff\\0'", "Expr(value=Constant(value=b'a\\xff\\x00'))"},
    {"r'\\n' '\\n'", "Expr(value=Constant(value='\\\\n\\n'))"},
    {"rb'\\x'", "Expr(value=Constant(value=b'\\\\x'))"},
    {"'\\x41\\u00e9\\U0001F600\\101'", "Expr(value=Constant(value='A\\xe9\\U0001f600A'))"},
    {"'a\\\nb'", "Expr(value=Constant(value='ab'))"},
    {"'''a\n\"b\"'''", "Expr(value=Constant(value='a\\n\"b\"'))"},
    {"u'a'", "Expr(value=Constant(value='a'))"},
    {"'\\ud800'", "Expr(value=Constant(value='\\ud800'))"},
    {"'it\\'s'", "Expr(value=Constant(value=\"it's\"))"},
};

constexpr Case kFStrings[] = {
    {"f'a'", "Expr(value=JoinedStr(values=[Constant(value='a')]))"},
    {"f''", "Expr(value=JoinedStr())"},
    {"f'{a}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), "
     "conversion=-1)]))"},
    {"f'a{b}c{{d}}'",
     "Expr(value=JoinedStr(values=[Constant(value='a'), FormattedValue(value=Name(id='b', "
     "ctx=Load()), conversion=-1), Constant(value='c{d}')]))"},
    {"f'{a!r}{b!s}{c!a}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), "
     "conversion=114), FormattedValue(value=Name(id='b', ctx=Load()), conversion=115), "
     "FormattedValue(value=Name(id='c', ctx=Load()), conversion=97)]))"},
    {"f'{a:>10}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), "
     "conversion=-1, format_spec=JoinedStr(values=[Constant(value='>10')]))]))"},
    {"f'{a:{b}.{c}}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), "
     "conversion=-1, format_spec=JoinedStr(values=[FormattedValue(value=Name(id='b', "
     "ctx=Load()), conversion=-1), Constant(value='.'), FormattedValue(value=Name(id='c', "
     "ctx=Load()), conversion=-1)]))]))"},
    {"f'{a=}'",
     "Expr(value=JoinedStr(values=[Constant(value='a='), FormattedValue(value=Name(id='a', "
     "ctx=Load()), conversion=114)]))"},
    {"f'{a = }'",
     "Expr(value=JoinedStr(values=[Constant(value='a = '), FormattedValue(value=Name(id='a', "
     "ctx=Load()), conversion=114)]))"},
    {"f'{a=!s:x}'",
     "Expr(value=JoinedStr(values=[Constant(value='a='), FormattedValue(value=Name(id='a', "
     "ctx=Load()), conversion=115, format_spec=JoinedStr(values=[Constant(value='x')]))]))"},
    {"f'{a=:x}'",
     "Expr(value=JoinedStr(values=[Constant(value='a='), FormattedValue(value=Name(id='a', "
     "ctx=Load()), conversion=-1, format_spec=JoinedStr(values=[Constant(value='x')]))]))"},
    {"f'{a!r:^{b}}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), "
     "conversion=114, format_spec=JoinedStr(values=[Constant(value='^'), "
     "FormattedValue(value=Name(id='b', ctx=Load()), conversion=-1)]))]))"},
    {"f'{a[\"b\"]}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Subscript(value=Name(id='a', "
     "ctx=Load()), slice=Constant(value='b'), ctx=Load()), conversion=-1)]))"},
    {"f'{f'{a}'}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=JoinedStr(values=[FormattedValue(value="
     "Name(id='a', ctx=Load()), conversion=-1)]), conversion=-1)]))"},
    {"f'{'a' + \"b\"}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=BinOp(left=Constant(value='a'), "
     "op=Add(), right=Constant(value='b')), conversion=-1)]))"},
    {"f'{a if b else c}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=IfExp(test=Name(id='b', ctx=Load()), "
     "body=Name(id='a', ctx=Load()), orelse=Name(id='c', ctx=Load())), conversion=-1)]))"},
    {"f'{(lambda x: x)}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Lambda(args=arguments(args=[arg(arg='x'"
     ")]), body=Name(id='x', ctx=Load())), conversion=-1)]))"},
    {"f'{ {1: 2}[1] }'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Subscript(value=Dict(keys=[Constant(val"
     "ue=1)], values=[Constant(value=2)]), slice=Constant(value=1), ctx=Load()), "
     "conversion=-1)]))"},
    {"f'{a:=5}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), "
     "conversion=-1, format_spec=JoinedStr(values=[Constant(value='=5')]))]))"},
    {"f'{a, b}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Tuple(elts=[Name(id='a', ctx=Load()), "
     "Name(id='b', ctx=Load())], ctx=Load()), conversion=-1)]))"},
    {"f'{*a, b}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Tuple(elts=[Starred(value=Name(id='a', "
     "ctx=Load()), ctx=Load()), Name(id='b', ctx=Load())], ctx=Load()), conversion=-1)]))"},
    {"f'{yield}'", "Expr(value=JoinedStr(values=[FormattedValue(value=Yield(), conversion=-1)]))"},
    {"'a' f'b{c}' 'd'",
     "Expr(value=JoinedStr(values=[Constant(value='ab'), FormattedValue(value=Name(id='c', "
     "ctx=Load()), conversion=-1), Constant(value='d')]))"},
    {"f'''a\n{b\n}c'''",
     "Expr(value=JoinedStr(values=[Constant(value='a\\n'), FormattedValue(value=Name(id='b', "
     "ctx=Load()), conversion=-1), Constant(value='c')]))"},
    {"rf'\\n{a}'",
     "Expr(value=JoinedStr(values=[Constant(value='\\\\n'), FormattedValue(value=Name(id='a', "
     "ctx=Load()), conversion=-1)]))"},
    {"f'\\n\\x41{a}'",
     "Expr(value=JoinedStr(values=[Constant(value='\\nA'), FormattedValue(value=Name(id='a', "
     "ctx=Load()), conversion=-1)]))"},
    {"f'{a!=b}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Compare(left=Name(id='a', ctx=Load()), "
     "ops=[NotEq()], comparators=[Name(id='b', ctx=Load())]), conversion=-1)]))"},
    {"f'{a:%H:%M}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), "
     "conversion=-1, format_spec=JoinedStr(values=[Constant(value='%H:%M')]))]))"},
    {"f'{a:{{}}}'",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), "
     "conversion=-1, format_spec=JoinedStr(values=[FormattedValue(value=Dict(), "
     "conversion=-1)]))]))"},
};

constexpr Case kJoining[] = {
    {"a = (1 +\n  2)",
     "Assign(targets=[Name(id='a', ctx=Store())], value=BinOp(left=Constant(value=1), op=Add(),"
     " right=Constant(value=2)))"},
    {"a = 1 + \\\n  2",
     "Assign(targets=[Name(id='a', ctx=Store())], value=BinOp(left=Constant(value=1), op=Add(),"
     " right=Constant(value=2)))"},
    {"if a: # c\n  # d\n  b # e\n",
     "If(test=Name(id='a', ctx=Load()), body=[Expr(value=Name(id='b', ctx=Load()))])"},
    {"a\n\n\n", "Expr(value=Name(id='a', ctx=Load()))"},
    {"\n\n# only\n", ""},
    {"", ""},
    {"\\\na", "Expr(value=Name(id='a', ctx=Load()))"},
    {"x = [\n1,\n# c\n2,\n]",
     "Assign(targets=[Name(id='x', ctx=Store())], value=List(elts=[Constant(value=1), "
     "Constant(value=2)], ctx=Load()))"},
    {"a;b;c",
     "Expr(value=Name(id='a', ctx=Load())), Expr(value=Name(id='b', ctx=Load())), "
     "Expr(value=Name(id='c', ctx=Load()))"},
    {"\303\251t\303\251 = 1",
     "Assign(targets=[Name(id='\\xe9t\\xe9', ctx=Store())], value=Constant(value=1))"},
    {"\342\204\230 = \357\254\201",
     "Assign(targets=[Name(id='\\u2118', ctx=Store())], value=Name(id='fi', ctx=Load()))"},
};

TEST(Literals, HaveTheirValues) { expect_trees(kLiterals); }

TEST(FormattedStrings, HaveTheTreesOfPython) { expect_trees(kFStrings); }

TEST(Lines, AreJoinedAndSkipped) { expect_trees(kJoining); }

}  // namespace
}  // namespace syntax
