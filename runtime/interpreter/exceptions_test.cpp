#include <gtest/gtest.h>

#include "runtime/interpreter/interpreter_test_support.h"

namespace runtime {
namespace {

TEST(Exceptions, AreCaughtByTheirTypes) {
  EXPECT_EQ(run("result = []\n"
                "for error in (ValueError, KeyError, IndexError):\n"
                "    try: raise error(1)\n"
                "    except (ValueError, KeyError) as e: result.append(repr(e))\n"
                "    except LookupError: result.append('lookup')\n"
                "    else: result.append('none')\n"
                "    finally: result.append('finally')"),
            "['ValueError(1)', 'finally', 'KeyError(1)', 'finally', 'lookup', 'finally']");
  EXPECT_EQ(error_of("raise 5"), "TypeError: exceptions must derive from BaseException");
  EXPECT_EQ(error_of("raise ValueError from 5"),
            "TypeError: exception causes must derive from BaseException");
  EXPECT_EQ(error_of("try: 1 / 0\nexcept 5: pass"),
            "TypeError: catching classes that do not inherit from BaseException is not allowed");
  EXPECT_EQ(error_of("raise"), "RuntimeError: No active exception to reraise");
}

TEST(Exceptions, RememberWhatWasHandled) {
  EXPECT_EQ(run("try:\n"
                "    try: 1 / 0\n"
                "    finally: [][1]\n"
                "except IndexError as e: result = repr(e.__context__), e.__cause__"),
            "(\"ZeroDivisionError('division by zero')\", None)");
  EXPECT_EQ(run("try:\n"
                "    try: 1 / 0\n"
                "    except ZeroDivisionError as z: raise KeyError(1) from z\n"
                "except KeyError as e:\n"
                "    result = e.__cause__ is e.__context__, e.__suppress_context__"),
            "(True, True)");
  EXPECT_EQ(run("try: raise ValueError(1)\nexcept ValueError: inside = repr(handled())\n"
                "result = inside, handled()"),
            "('ValueError(1)', None)");
  EXPECT_EQ(run("def f():\n"
                "    try: raise KeyError(2)\n"
                "    except KeyError: return handled()\n"
                "try: raise ValueError(1)\n"
                "except ValueError: result = repr(f()), repr(handled())"),
            "('KeyError(2)', 'ValueError(1)')");
}

TEST(Exceptions, TheNameOfTheHandlerEndsWithIt) {
  EXPECT_EQ(error_of("try: 1 / 0\nexcept ZeroDivisionError as e: pass\ne"),
            "NameError: name 'e' is not defined");
}

TEST(Exceptions, ContextManagersSeeThem) {
  EXPECT_EQ(
      run("log = []\n"
          "class M:\n"
          "    def __init__(self, n, swallow): self.n, self.swallow = n, swallow\n"
          "    def __enter__(self): log.append(self.n); return self.n\n"
          "    def __exit__(self, t, v, tb): log.append(t and t.__name__); return self.swallow\n"
          "with M(1, True) as a, M(2, False) as b:\n"
          "    log.append((a, b))\n"
          "    raise KeyError\n"
          "with M(3, False): pass\n"
          "result = log"),
      "[1, 2, (1, 2), 'KeyError', 'KeyError', 3, None]");
  EXPECT_EQ(error_of("with 5: pass"),
            "TypeError: 'int' object does not support the context manager protocol (missed "
            "__exit__ method)");
}

TEST(Exceptions, FinallyRunsOnEveryWay) {
  EXPECT_EQ(run("log = []\n"
                "def f(x):\n"
                "    for i in range(3):\n"
                "        try:\n"
                "            if x == 'return': return i\n"
                "            if x == 'break': break\n"
                "            if x == 'continue': continue\n"
                "        finally: log.append(x)\n"
                "    return 'after'\n"
                "result = [f('return'), f('break'), f('continue')], log"),
            "([0, 'after', 'after'], ['return', 'break', 'continue', 'continue', 'continue'])");
}

TEST(Exceptions, AreSentToAThread) {
  PythonKernel runtime;
  send_exception(runtime.here(), runtime.here(),
                 Ref<Object>::share(runtime.here(), Borrowed<Object>(&keyboard_interrupt_type)));
  EXPECT_EQ(error_of(runtime, "while True: pass"), "KeyboardInterrupt");
  EXPECT_EQ(error_of(runtime, "for i in range(9): pass"), "");
}

TEST(Exceptions, AStepLimitEndsALoop) {
  PythonKernel runtime(InterpreterOptions{.step_limit = 1000});
  EXPECT_EQ(error_of(runtime, "while True: pass"), "RuntimeError: step limit exceeded");
}

TEST(Recursion, EndsInRecursionError) {
  const std::string error = "RecursionError: maximum recursion depth exceeded";
  EXPECT_EQ(error_of("def f(): return f()\nf()"), error);
  EXPECT_EQ(error_of("class C:\n    def __getattr__(self, n): return getattr(self, n)\nC().x"),
            error);
  EXPECT_EQ(error_of("class C:\n    def __repr__(self): return repr(self)\nrepr(C())"), error);
  EXPECT_EQ(error_of("class C:\n    def __eq__(self, o): return self == o\nC() == C()"), error);
  EXPECT_EQ(error_of("class C:\n    def __init__(self): C()\nC()"), error);
  EXPECT_EQ(run("def depth(n):\n"
                "    try: return depth(n + 1)\n"
                "    except RecursionError: return n\n"
                "setrecursionlimit(100)\nresult = depth(2)"),
            "100");
}

TEST(Recursion, TheMachinesStackIsBoundedToo) {
  EXPECT_EQ(error_of("setrecursionlimit(1000000)\n"
                     "class C:\n    def __getattr__(self, n): return getattr(self, n)\nC().x")
                .substr(0, 48),
            "RecursionError: maximum recursion depth exceeded");
}

TEST(Recursion, OfFunctionsNeedsNoMachineStack) {
  EXPECT_EQ(run("setrecursionlimit(200000)\n"
                "def f(n): return n if n == 0 else f(n - 1)\n"
                "result = f(100000)"),
            "0");
}

}  // namespace
}  // namespace runtime
