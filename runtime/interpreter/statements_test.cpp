#include <gtest/gtest.h>

#include "runtime/interpreter/interpreter_test_support.h"

namespace runtime {
namespace {

TEST(Closures, ShareVariables) {
  EXPECT_EQ(run("def make():\n"
                "    n = 0\n"
                "    def add():\n"
                "        nonlocal n\n"
                "        n += 1\n"
                "        return n\n"
                "    def get(): return n\n"
                "    return add, get\n"
                "add, get = make()\n"
                "add()\nadd()\n"
                "result = get(), add.__closure__[0] is get.__closure__[0],\\\n"
                "    add.__closure__[0].cell_contents"),
            "(2, True, 2)");
  EXPECT_EQ(run("result = [f() for f in [lambda: i for i in range(3)]]"), "[2, 2, 2]");
  EXPECT_EQ(run("def f(x):\n    def g(): return x\n    x = 2\n    del x\n    return g\n"
                "try: f(1)()\nexcept NameError as e: result = str(e)"),
            "\"cannot access free variable 'x' where it is not associated with a value in "
            "enclosing scope\"");
}

TEST(Closures, CellsAreObjects) {
  EXPECT_EQ(run("def f(x): return lambda: x\n"
                "a, b = f(1), f(2)\n"
                "one, two = a.__closure__[0], b.__closure__[0]\n"
                "less = one < two\n"
                "one.cell_contents = 5\n"
                "after = a()\n"
                "del one.cell_contents\n"
                "try: one.cell_contents\n"
                "except ValueError as e: text = str(e)\n"
                "result = less, after, text, one < two"),
            "(True, 5, 'cell is empty', True)");
}

TEST(Classes, AreMadeByStatements) {
  EXPECT_EQ(
      run("class A:\n"
          "    kind = 'a'\n"
          "    def __init__(self, v): self.v = v\n"
          "    def get(self): return self.v\n"
          "    @property\n"
          "    def double(self): return self.v * 2\n"
          "    @classmethod\n"
          "    def name(cls): return cls.__name__\n"
          "    @staticmethod\n"
          "    def same(x): return x\n"
          "class B(A):\n"
          "    def __init__(self, v): super().__init__(v + 1)\n"
          "    def get(self): return super().get() + 100\n"
          "b = B(3)\n"
          "result = b.get(), b.double, B.name(), b.same(1), B.kind, B.__qualname__, b.__dict__"),
      "(104, 8, 'B', 1, 'a', 'B', {'v': 4})");
}

TEST(Classes, MetaclassesPrepareAndMakeThem) {
  EXPECT_EQ(run("log = []\n"
                "class M(type):\n"
                "    @classmethod\n"
                "    def __prepare__(m, n, b, **k): log.append(k); return {'prepared': 1}\n"
                "    def __new__(m, n, b, d, **k): return super().__new__(m, n, b, d)\n"
                "    def __init__(c, n, b, d, **k): super().__init__(n, b, d)\n"
                "class C(metaclass=M, option=3):\n"
                "    def f(self): return __class__\n"
                "result = C().f() is C, C.prepared, type(C).__name__, log"),
            "(True, 1, 'M', [{'option': 3}])");
  EXPECT_EQ(run("class Entry:\n"
                "    def __mro_entries__(self, bases): return (int,)\n"
                "class C(Entry()): pass\n"
                "result = C.__bases__, len(C.__orig_bases__)"),
            "((<class 'int'>,), 1)");
  EXPECT_EQ(error_of("class M(type):\n"
                     "    def __new__(m, n, b, d):\n"
                     "        d.pop('__classcell__', None)\n"
                     "        return type.__new__(m, n, b, d)\n"
                     "class C(metaclass=M):\n    def f(self): return __class__"),
            "RuntimeError: __class__ not set defining 'C' as <class '__main__.C'>. Was "
            "__classcell__ propagated to type.__new__?");
  EXPECT_EQ(error_of("class A(type): pass\nclass B(type): pass\n"
                     "class C(metaclass=A): pass\nclass D(C, metaclass=B): pass")
                .substr(0, 29),
            "TypeError: metaclass conflict");
}

TEST(Classes, SuperWithoutArgumentsNeedsAMethod) {
  EXPECT_EQ(error_of("class C:\n    def f(): super()\nC.f()"),
            "RuntimeError: super(): no arguments");
  EXPECT_EQ(error_of("def f(x): super()\nf(1)"), "RuntimeError: super(): __class__ cell not found");
  EXPECT_EQ(run("class A:\n    def f(self): return 'A'\n"
                "class B(A):\n"
                "    def f(self):\n"
                "        def g(): return self\n"
                "        return super().f(), g() is self\n"
                "result = B().f()"),
            "('A', True)");
}

TEST(Classes, AnnotationsAreMadeWhenSomebodyAsks) {
  EXPECT_EQ(run("def f(a: int, b: 'str' = 3) -> list: pass\nresult = f.__annotations__"),
            "{'a': <class 'int'>, 'b': 'str', 'return': <class 'list'>}");
  EXPECT_EQ(run("def f(a: missing): pass\nresult = f.__name__"), "'f'");
}

TEST(Comprehensions, HaveTheirOwnVariables) {
  EXPECT_EQ(run("i = 'outer'\n"
                "a = [i * j for i in range(3) for j in range(3) if i != j]\n"
                "b = {k: v for k, v in [(1, 2), (3, 4)]}\n"
                "c = {x % 2 for x in range(5)}\n"
                "d = list(x for x in (1, 2))\n"
                "result = a, b, c, d, i"),
            "([0, 0, 0, 2, 0, 2], {1: 2, 3: 4}, {0, 1}, [1, 2], 'outer')");
}

TEST(Formatting, OfFStrings) {
  EXPECT_EQ(run("x, w = 3.14159, 8\n"
                "result = f'{x:.2f}|{x!r:>{w}}|{\"a\"!s}|{w=}|{{}}'"),
            "'3.14| 3.14159|a|w=8|{}'");
}

TEST(Unpacking, SaysWhatDoesNotFit) {
  EXPECT_EQ(run("a, *b, c = range(5)\n(d, e), f = (1, 2), 3\nresult = a, b, c, d, e, f"),
            "(0, [1, 2, 3], 4, 1, 2, 3)");
  EXPECT_EQ(error_of("a, b = 1, 2, 3"),
            "ValueError: too many values to unpack (expected 2, got 3)");
  EXPECT_EQ(error_of("a, b = range(9)"), "ValueError: too many values to unpack (expected 2)");
  EXPECT_EQ(error_of("a, b = [1]"), "ValueError: not enough values to unpack (expected 2, got 1)");
  EXPECT_EQ(error_of("a, *b, c = [1]"),
            "ValueError: not enough values to unpack (expected at least 2, got 1)");
  EXPECT_EQ(error_of("a, b = 5"), "TypeError: cannot unpack non-iterable int object");
  EXPECT_EQ(error_of("[*5]"), "TypeError: Value after * must be an iterable, not int");
  EXPECT_EQ(error_of("{**5}"), "TypeError: 'int' object is not a mapping");
}

TEST(Operators, WorkOnSmallAndLargeNumbers) {
  EXPECT_EQ(run("result = [-7 // 2, -7 % 3, 7 >> 1, 2 ** 70, 9223372036854775807 + 1, 1.5 * 2,\n"
                "          1 / 2, 6 & 3, 6 | 3, 6 ^ 3, -(2 ** 63) - 1, 1 << 40, not 3, ~5]"),
            "[-4, 2, 3, 1180591620717411303424, 9223372036854775808, 3.0, 0.5, 2, 7, 5, "
            "-9223372036854775809, 1099511627776, False, -6]");
  EXPECT_EQ(run("x = [1]\ny = x\nx += [2]\ns = 'a'\ns += 'b'\nresult = y, s, 1 < 2 < 3, 3 in x"),
            "([1, 2], 'ab', True, False)");
  EXPECT_EQ(error_of("1 @ 2"), "TypeError: unsupported operand type(s) for @: 'int' and 'int'");
}

}  // namespace
}  // namespace runtime
