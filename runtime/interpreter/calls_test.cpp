#include <gtest/gtest.h>

#include "runtime/interpreter/interpreter_test_support.h"

namespace runtime {
namespace {

TEST(Calls, ExpressionsAreEvaluated) {
  EXPECT_EQ(run("result = 1 + 1"), "2");
  EXPECT_EQ(run("a = 3\nb = a * 2 - 1\nresult = (a, b, a < b, 'x' * 2)"), "(3, 5, True, 'xx')");
}

TEST(Calls, FunctionsCallThemselves) {
  EXPECT_EQ(run("def fib(n):\n"
                "    return n if n < 2 else fib(n - 1) + fib(n - 2)\n"
                "result = fib(15)"),
            "610");
}

TEST(Calls, LoopsAddUp) {
  EXPECT_EQ(run("total = 0\nfor i in range(1000):\n    total += i\nresult = total"), "499500");
  EXPECT_EQ(run("n = 10\nwhile n > 3:\n    n -= 1\nelse:\n    n *= 100\nresult = n"), "300");
}

TEST(Calls, EveryKindOfParameterIsBound) {
  const char* const definition =
      "def f(a, b, /, c, d=4, *rest, e, g=7, **named):\n"
      "    return a, b, c, d, rest, e, g, named\n";
  auto call = [&](const std::string& arguments) {
    return run(definition + ("result = f(" + arguments + ")"));
  };
  EXPECT_EQ(call("1, 2, 3, e=5"), "(1, 2, 3, 4, (), 5, 7, {})");
  EXPECT_EQ(call("1, 2, c=3, e=5, z=9"), "(1, 2, 3, 4, (), 5, 7, {'z': 9})");
  EXPECT_EQ(call("1, 2, 3, 40, 50, 60, e=5, g=70"), "(1, 2, 3, 40, (50, 60), 5, 70, {})");
  EXPECT_EQ(call("*(1, 2), *[3], **{'e': 5, 'a': 6}"), "(1, 2, 3, 4, (), 5, 7, {'a': 6})");
}

TEST(Calls, ACallThatDoesNotFitSaysSo) {
  PythonKernel runtime;
  run(runtime,
      "def none(): pass\n"
      "def one(x): pass\n"
      "def two(x, y=2): pass\n"
      "def three(x, y, z): pass\n"
      "def named(*, k, l=1): pass\n"
      "def only(x, /): pass\n"
      "class C:\n    def m(self, x): pass\n"
      "c = C()");
  EXPECT_EQ(error_of(runtime, "one()"),
            "TypeError: one() missing 1 required positional argument: 'x'");
  EXPECT_EQ(error_of(runtime, "three()"),
            "TypeError: three() missing 3 required positional arguments: 'x', 'y', and 'z'");
  EXPECT_EQ(error_of(runtime, "three(1)"),
            "TypeError: three() missing 2 required positional arguments: 'y' and 'z'");
  EXPECT_EQ(error_of(runtime, "none(1)"),
            "TypeError: none() takes 0 positional arguments but 1 was given");
  EXPECT_EQ(error_of(runtime, "one(1, 2)"),
            "TypeError: one() takes 1 positional argument but 2 were given");
  EXPECT_EQ(error_of(runtime, "two(1, 2, 3)"),
            "TypeError: two() takes from 1 to 2 positional arguments but 3 were given");
  EXPECT_EQ(error_of(runtime, "named(1, k=1)"),
            "TypeError: named() takes 0 positional arguments but 1 positional argument (and 1 "
            "keyword-only argument) were given");
  EXPECT_EQ(error_of(runtime, "one(1, x=1)"),
            "TypeError: one() got multiple values for argument 'x'");
  EXPECT_EQ(error_of(runtime, "one(1, y=1)"),
            "TypeError: one() got an unexpected keyword argument 'y'");
  EXPECT_EQ(error_of(runtime, "named()"),
            "TypeError: named() missing 1 required keyword-only argument: 'k'");
  EXPECT_EQ(
      error_of(runtime, "only(x=1)"),
      "TypeError: only() got some positional-only arguments passed as keyword arguments: 'x'");
  EXPECT_EQ(error_of(runtime, "c.m()"),
            "TypeError: C.m() missing 1 required positional argument: 'x'");
  EXPECT_EQ(error_of(runtime, "one(**{'x': 1}, **{'x': 2})"),
            "TypeError: __main__.one() got multiple values for keyword argument 'x'");
  EXPECT_EQ(error_of(runtime, "one(**1)"),
            "TypeError: __main__.one() argument after ** must be a mapping, not int");
  EXPECT_EQ(error_of(runtime, "(1)(2)"), "TypeError: 'int' object is not callable");
}

TEST(Calls, AnEmptyVariableIsNamed) {
  EXPECT_EQ(error_of("def f():\n    x\n    x = 1\nf()"),
            "UnboundLocalError: cannot access local variable 'x' where it is not associated with "
            "a value");
  EXPECT_EQ(error_of("def f():\n    def g():\n        return x\n    g()\n    x = 1\nf()"),
            "NameError: cannot access free variable 'x' where it is not associated with a value "
            "in enclosing scope");
  EXPECT_EQ(error_of("y"), "NameError: name 'y' is not defined");
  EXPECT_EQ(error_of("def f():\n    del x\n    x = 1\nf()"),
            "UnboundLocalError: cannot access local variable 'x' where it is not associated with "
            "a value");
}

TEST(Calls, DefaultsAndCodeCanBeReplaced) {
  EXPECT_EQ(run("def f(x=1, *, y=2): return x, y\n"
                "def g(x=1, *, y=2): return y, x\n"
                "first = f()\n"
                "f.__defaults__ = (10,)\n"
                "f.__kwdefaults__ = {'y': 20}\n"
                "second = f()\n"
                "f.__code__ = g.__code__\n"
                "result = first, second, f()"),
            "((1, 2), (10, 20), (20, 10))");
  EXPECT_EQ(error_of("def f(): pass\nf.__code__ = 1"),
            "TypeError: __code__ must be set to a code object");
  EXPECT_EQ(error_of("def f(): pass\nf.__defaults__ = 1"),
            "TypeError: __defaults__ must be set to a tuple object");
  EXPECT_EQ(error_of("x = 1\ndef f(): pass\ndef h():\n    y = 1\n    return lambda: y\n"
                     "f.__code__ = h().__code__"),
            "ValueError: f() requires a code object with 0 free vars, not 1");
}

TEST(Calls, AFunctionShowsItself) {
  EXPECT_EQ(run("def f(a, b=2, *c, d, **e):\n    'what it does'\n    x = 1\n"
                "k = f.__code__\n"
                "f.mark = 5\n"
                "result = (f.__name__, f.__qualname__, f.__doc__, f.__module__, f.__defaults__,\n"
                "          f.__closure__, f.mark, f.__dict__, k.co_name, k.co_argcount,\n"
                "          k.co_kwonlyargcount, k.co_varnames, k.co_firstlineno, k.co_filename)"),
            "('f', 'f', 'what it does', '__main__', (2,), None, 5, {'mark': 5}, 'f', 2, 1, "
            "('a', 'b', 'd', 'c', 'e', 'x'), 1, '<test>')");
}

}  // namespace
}  // namespace runtime
