#include "conformance/spec/python_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> bound(std::string_view text) {
  std::vector<std::string> names;
  for (const PythonName& name : scan_python(text).bound) names.push_back(name.name);
  return names;
}

TEST(PythonNames, AssignmentsBind) {
  EXPECT_THAT(bound("a = 1"), ElementsAre("a"));
  EXPECT_THAT(bound("a = b = c"), ElementsAre("a", "b"));
  EXPECT_THAT(bound("a, (b, [c, *d]) = e"), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(bound("a += 1; b //= 2; c **= 3; d >>= 1; e @= f"),
              ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(bound("a: int = 1"), ElementsAre("a"));
  EXPECT_THAT(bound("a: dict[str, int]"), ElementsAre("a"));
  EXPECT_THAT(bound("f(g(a := 1), [b := 2 for c in d])"), ElementsAre("a", "b"));
  EXPECT_THAT(bound("del a, b"), ElementsAre("a", "b"));
  EXPECT_THAT(bound("a = lambda b=1: b"), ElementsAre("a"));
  EXPECT_THAT(bound("\xc3\xa4 = 1"), ElementsAre("\xc3\xa4"));
}

TEST(PythonNames, ChangingAnObjectDoesNotBind) {
  EXPECT_THAT(bound("a.b = 1"), IsEmpty());
  EXPECT_THAT(bound("a[i] = 1"), IsEmpty());
  EXPECT_THAT(bound("a[i].b, c.d[e] = 1, 2"), IsEmpty());
  EXPECT_THAT(bound("f(x)[i] += 1"), IsEmpty());
  EXPECT_THAT(bound("a[i], b = 1, 2"), ElementsAre("b"));
  EXPECT_THAT(bound("del a[0]"), IsEmpty());
  EXPECT_THAT(bound("a.append(b)"), IsEmpty());
  EXPECT_THAT(bound("f(a=1, b=2)"), IsEmpty());
  EXPECT_THAT(bound("sort(key=lambda x: x)"), IsEmpty());
  EXPECT_THAT(bound("a == b; a <= b; a >= b; a != b"), IsEmpty());
  EXPECT_THAT(bound("return {a: b}"), IsEmpty());
  EXPECT_THAT(bound("return lambda a=1: a"), IsEmpty());
  EXPECT_THAT(bound("[a for a in b]"), IsEmpty());
}

TEST(PythonNames, StatementsBind) {
  EXPECT_THAT(bound("for a, b in c:\n  d = 1"), ElementsAre("a", "b", "d"));
  EXPECT_THAT(bound("for a.b in c: pass"), IsEmpty());
  EXPECT_THAT(bound("with a as b, c() as (d, e):\n  pass"), ElementsAre("b", "d", "e"));
  EXPECT_THAT(bound("with (a as b, c as d):\n  pass"), ElementsAre("b", "d"));
  EXPECT_THAT(bound("with a as b.c: pass"), IsEmpty());
  EXPECT_THAT(bound("try: a = 1\nexcept E as b: c = 2\nfinally: d = 3"),
              ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(bound("import a.b.c, d as e, f.g as h"), ElementsAre("a", "e", "h"));
  EXPECT_THAT(bound("from a import b, c as d"), ElementsAre("b", "d"));
  EXPECT_THAT(bound("from . import (\n  a,\n  b as c,\n)"), ElementsAre("a", "c"));
  EXPECT_THAT(bound("if x: a = 1\nelif y: b = 2\nelse: c = 3\nwhile z: d = 4"),
              ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(bound("async with a as b: pass\nasync for c in d: pass"), ElementsAre("b", "c"));
  EXPECT_THAT(bound("match a:\n  case [b, C(d, e=f), g.h, None, _] if i:\n    j = 1"),
              ElementsAre("b", "d", "f", "j"));
  EXPECT_THAT(bound("match = 1\ncase.x = 2\nmatch.y(z)"), ElementsAre("match"));
}

TEST(PythonNames, NestedFunctionsAndClassesKeepTheirNames) {
  EXPECT_THAT(bound("def f(a, b=1):\n  c = 2\n  if c:\n    d = 3\ne = 4"), ElementsAre("f", "e"));
  EXPECT_THAT(bound("class A(B):\n  c = 2\nd = 1"), ElementsAre("A", "d"));
  EXPECT_THAT(bound("async def f():\n  a = 1"), ElementsAre("f"));
  EXPECT_THAT(bound("if x:\n  def f():\n    a = 1\n  b = 2\nc = 3"), ElementsAre("f", "b", "c"));
  EXPECT_THAT(bound("def f(): a = 1\nb = 2"), ElementsAre("f", "b"));
}

TEST(PythonNames, StringsCommentsAndContinuationsAreUnderstood) {
  EXPECT_THAT(bound("x('a = 1') # b = 2\nc = 3"), ElementsAre("c"));
  EXPECT_THAT(bound("x('''\na = 1\n''')"), IsEmpty());
  EXPECT_THAT(bound("x(r'\\', b\"\\\"\", rb'''c = 1''')"), IsEmpty());
  EXPECT_THAT(bound("x(\n  a = 1,\n  b = 2)\nc = 3"), ElementsAre("c"));
  EXPECT_THAT(bound("a \\\n  = 1"), ElementsAre("a"));
  EXPECT_THAT(bound("'unclosed\na = 1"), ElementsAre("a"));
}

TEST(PythonNames, KnowsTheLineOfEachName) {
  const PythonNames names = scan_python("a = '''\n\n'''; b = 1\n\n(c,\n d) = 2");
  std::vector<int> lines;
  for (const PythonName& name : names.bound) lines.push_back(name.line);
  EXPECT_THAT(lines, ElementsAre(0, 2, 4, 5));
}

TEST(PythonNames, ADeclaredGlobalIsNotOfThisBody) {
  EXPECT_THAT(bound("global a\na = 1\nb = 2"), ElementsAre("b"));
}

TEST(PythonNames, NonlocalReachesOutsideAlsoFromANestedFunction) {
  const PythonNames names = scan_python("def f():\n  nonlocal a\n  a = 1");
  ASSERT_EQ(names.outside.size(), 1U);
  EXPECT_EQ(names.outside[0].name, "a");
  EXPECT_EQ(names.outside[0].line, 1);
  EXPECT_EQ(scan_python("def f(): nonlocal b; b = 1").outside.size(), 1U);
}

TEST(PythonNames, TellsWhatTheEndCutsOff) {
  EXPECT_EQ(scan_python("a = (1, [2])").unclosed, "");
  EXPECT_EQ(scan_python("a = (1, [2").unclosed, "'['");
  EXPECT_EQ(scan_python("a == 'x").unclosed, "a string");
  EXPECT_EQ(scan_python("f'''").unclosed, "a string");
}

TEST(PythonNames, GarbageIsSurvived) {
  for (const char* text : {"",
                           "=",
                           ":",
                           ";;;",
                           ")",
                           "]]}",
                           "for",
                           "for in",
                           "with as",
                           "import",
                           "from",
                           "def",
                           "del",
                           "async",
                           "case :",
                           "match x",
                           "a =",
                           "= =",
                           "\\",
                           "lambda",
                           "lambda:",
                           "except as",
                           "from import",
                           "global",
                           "as as as",
                           "...",
                           "a :=",
                           ":= a",
                           "with as as as:",
                           "for x",
                           "class:",
                           "if",
                           "nonlocal"}) {
    scan_python(text);
  }
  scan_python(std::string(100'000, '('));
  scan_python(std::string(100'000, ')'));
  std::string nested;
  for (int i = 0; i < 20'000; ++i) nested += "if x: ";
  scan_python(nested);
}

}  // namespace
}  // namespace conformance
