#include <gtest/gtest.h>

#include "runtime/interpreter/interpreter_test_support.h"

namespace runtime {
namespace {

constexpr const char* kCounting =
    "log = []\n"
    "def count(n):\n"
    "    try:\n"
    "        for i in range(n):\n"
    "            got = yield i\n"
    "            if got is not None: log.append(got)\n"
    "    except ValueError as e:\n"
    "        log.append(str(e))\n"
    "        yield 'caught'\n"
    "    finally:\n"
    "        log.append('end')\n"
    "    return 'value'\n";

std::string counting(const std::string& text) { return run(kCounting + text); }

TEST(Generators, GoOnWhereTheyWereLeft) {
  EXPECT_EQ(counting("result = [x for x in count(3)], list(count(2)), log"),
            "([0, 1, 2], [0, 1], ['end', 'end'])");
}

TEST(Generators, GetWhatIsSent) {
  EXPECT_EQ(counting("g = count(3)\nresult = next(g), g.send('a'), g.send('b'), log"),
            "(0, 1, 2, ['a', 'b'])");
  EXPECT_EQ(counting("g = count(1)\ng.send(1)").substr(0, 9), "Traceback");
  EXPECT_EQ(error_of("def g(): yield\ng().send(1)"),
            "TypeError: can't send non-None value to a just-started generator");
}

TEST(Generators, RaiseWhatIsThrownWhereTheyStand) {
  EXPECT_EQ(counting("g = count(3)\nnext(g)\nresult = g.throw(ValueError('v')), log"),
            "('caught', ['v'])");
  EXPECT_EQ(counting("g = count(3)\ntry: g.throw(KeyError(1))\nexcept KeyError: pass\n"
                     "result = list(g), log"),
            "([], [])");
  EXPECT_EQ(error_of("def g(): yield\ng().throw(1)"),
            "TypeError: exceptions must be classes or instances deriving from BaseException, not "
            "int");
}

TEST(Generators, TellTheirValueByStopIteration) {
  EXPECT_EQ(counting("g = count(0)\ntry: next(g)\nexcept StopIteration as e: result = e.value"),
            "'value'");
  EXPECT_EQ(
      counting("g = count(0)\ntry: g.__next__()\nexcept StopIteration as e: result = e.value"),
      "'value'");
  EXPECT_EQ(
      counting("g = count(0)\ntry: g.send(None)\nexcept StopIteration as e: result = e.value"),
      "'value'");
  EXPECT_EQ(run("def g():\n    return (yield)\n"
                "x = g()\nnext(x)\n"
                "try: x.send((1, 2))\nexcept StopIteration as e: result = e.value, e.args"),
            "((1, 2), ((1, 2),))");
}

TEST(Generators, StopIterationDoesNotLeaveThem) {
  EXPECT_EQ(
      run("def g():\n    raise StopIteration(1)\n    yield\n"
          "try: next(g())\n"
          "except RuntimeError as e: result = repr(e), repr(e.__cause__), repr(e.__context__)"),
      "(\"RuntimeError('generator raised StopIteration')\", 'StopIteration(1)', "
      "'StopIteration(1)')");
}

TEST(Generators, CloseRunsWhatIsLeft) {
  EXPECT_EQ(counting("g = count(3)\nnext(g)\nresult = g.close(), g.close(), log, list(g)"),
            "(None, None, ['end'], [])");
  EXPECT_EQ(run("def g():\n    try: yield\n    except GeneratorExit: return 5\n"
                "x = g()\nnext(x)\nresult = x.close()"),
            "5");
  EXPECT_EQ(error_of("def g():\n    while True:\n        try: yield\n        except GeneratorExit: "
                     "pass\nx = g()\nnext(x)\nx.close()"),
            "RuntimeError: generator ignored GeneratorExit");
  EXPECT_EQ(counting("result = count(3).close(), log"), "(None, [])");
}

TEST(Generators, TheirEndClosesThem) {
  EXPECT_EQ(counting("g = count(3)\nnext(g)\ndel g\nresult = log"), "['end']");
  EXPECT_EQ(counting("g = count(3)\ndel g\nresult = log"), "[]");
}

constexpr const char* kDelegating =
    "log = []\n"
    "def inner():\n"
    "    try:\n"
    "        while True:\n"
    "            log.append((yield len(log)))\n"
    "    except KeyError as e:\n"
    "        return 'inner ' + repr(e)\n"
    "    finally:\n"
    "        log.append('inner end')\n"
    "def outer():\n"
    "    value = yield from inner()\n"
    "    log.append(value)\n"
    "    yield 'more'\n";

TEST(Generators, DelegateToOthers) {
  auto delegating = [](const std::string& text) { return run(kDelegating + text); };
  EXPECT_EQ(delegating("o = outer()\nresult = next(o), o.send('a'), o.gi_yieldfrom.__name__, log"),
            "(0, 1, 'inner', ['a'])");
  EXPECT_EQ(delegating("o = outer()\nnext(o)\nresult = o.throw(KeyError(1)), log"),
            "('more', ['inner end', 'inner KeyError(1)'])");
  EXPECT_EQ(delegating("o = outer()\nnext(o)\no.close()\nresult = log, list(o)"),
            "(['inner end'], [])");
  EXPECT_EQ(delegating("o = outer()\nnext(o)\ntry: o.throw(IndexError(2))\n"
                       "except IndexError as e: result = repr(e), log"),
            "('IndexError(2)', ['inner end'])");
  EXPECT_EQ(run("class It:\n"
                "    n = 0\n"
                "    def __iter__(self): return self\n"
                "    def __next__(self):\n"
                "        self.n += 1\n"
                "        if self.n > 2: raise StopIteration('v')\n"
                "        return self.n\n"
                "    def send(self, x): return x * 10\n"
                "    def throw(self, e): return repr(e)\n"
                "def g(): return (yield from It())\n"
                "x = g()\n"
                "result = [next(x), x.send(4), x.throw(KeyError(1)), next(x)]\n"
                "try: next(x)\nexcept StopIteration as e: result.append(e.value)"),
            "[1, 40, 'KeyError(1)', 2, 'v']");
}

TEST(Generators, AreNotEnteredTwice) {
  EXPECT_EQ(run("def g():\n    try: next(x)\n    except ValueError as e: yield str(e)\n"
                "x = g()\nresult = next(x)"),
            "'generator already executing'");
}

TEST(Generators, TakeTheirHandledExceptionAlong) {
  EXPECT_EQ(run("def g():\n"
                "    try: raise KeyError(1)\n"
                "    except KeyError:\n"
                "        yield repr(handled())\n"
                "    yield repr(handled())\n"
                "result = []\n"
                "try: raise ValueError(0)\n"
                "except ValueError:\n"
                "    x = g()\n"
                "    for _ in range(2): result += [next(x), repr(handled())]\n"
                "result.append(handled())"),
            "['KeyError(1)', 'ValueError(0)', 'ValueError(0)', 'ValueError(0)', None]");
  EXPECT_EQ(run("def g():\n"
                "    try: raise KeyError(1)\n"
                "    except KeyError:\n"
                "        yield 1\n"
                "        return\n"
                "list(g())\nresult = handled()"),
            "None");
}

TEST(Generators, LeaveTheHandledExceptionOfTheirCallerAlone) {
  EXPECT_EQ(run("def g():\n"
                "    try: raise KeyError(1)\n"
                "    except KeyError: yield 1\n"
                "try: raise ValueError(0)\n"
                "except ValueError:\n"
                "    seen = [x for x in g()], repr(handled())\n"
                "result = seen, handled()"),
            "(([1], 'ValueError(0)'), None)");
}

TEST(Generators, ShowThemselves) {
  EXPECT_EQ(
      run("def g():\n    x = 1\n    yield x\n"
          "a = g()\n"
          "first = a.gi_running, a.gi_suspended, dict(a.gi_frame.f_locals), a.gi_code.co_name\n"
          "next(a)\n"
          "second = a.gi_suspended, dict(a.gi_frame.f_locals), a.gi_frame.f_lineno\n"
          "list(a)\n"
          "a.__name__ = 'n'\n"
          "result = first, second, a.gi_frame, a.gi_suspended, a.__name__, a.__qualname__"),
      "((False, False, {}, 'g'), (True, {'x': 1}, 3), None, False, 'n', 'g')");
}

TEST(Generators, AndTheirCyclesAreCollected) {
  PythonKernel runtime;
  run(runtime,
      "class C: pass\n"
      "def g(c):\n    log.append('begin')\n    try: yield\n    finally: log.append('end')\n"
      "log = []\n"
      "c = C()\nc.g = g(c)\nnext(c.g)\nw = weak(c)\ndel c");
  runtime.collector.collect(runtime.here());
  EXPECT_EQ(run(runtime, "result = is_dead(w), log"), "(True, ['begin', 'end'])");
}

TEST(Generators, WhatASuspendedOneRefersToLives) {
  PythonKernel runtime;
  run(runtime,
      "def make():\n"
      "    exec_globals = {}\n"
      "    def g(f):\n"
      "        yield\n"
      "        yield f()\n"
      "    return g(helper)\n"
      "def helper(): return 'alive'\n"
      "x = make()\nnext(x)\ndel helper");
  runtime.collector.collect(runtime.here());
  EXPECT_EQ(run(runtime, "result = next(x)"), "'alive'");
}

TEST(Generators, ALongChainOfThemEndsInRecursionError) {
  EXPECT_EQ(error_of("def chain(n):\n"
                     "    if n: yield from chain(n - 1)\n"
                     "    yield n\n"
                     "list(chain(5000))"),
            "RecursionError: maximum recursion depth exceeded");
  EXPECT_EQ(run("def chain(n):\n"
                "    if n: yield from chain(n - 1)\n"
                "    yield n\n"
                "result = len(list(chain(900)))"),
            "901");
}

}  // namespace
}  // namespace runtime
