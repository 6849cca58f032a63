#include <gtest/gtest.h>

#include "runtime/interpreter/frame_object.h"
#include "runtime/interpreter/interpreter_test_support.h"
#include "runtime/types/native.h"

namespace runtime {
namespace {

TEST(Frames, ShowTheCallThatIsUnderWay) {
  EXPECT_EQ(
      run("def f(a):\n"
          "    frame = _getframe()\n"
          "    return (frame.f_code.co_name, frame.f_lineno, frame.f_back.f_code.co_name,\n"
          "            frame.f_globals is globals(), frame.f_locals['a'], frame.f_lasti > 0,\n"
          "            frame is _getframe(), frame.f_back.f_back)\n"
          "result = f(5)"),
      "('f', 3, '<module>', True, 5, True, True, None)");
  EXPECT_EQ(error_of("_getframe(1)"), "ValueError: call stack is not deep enough");
}

TEST(Frames, OutliveTheirCallWithItsVariables) {
  EXPECT_EQ(run("def f():\n"
                "    a, b = 1, [2]\n"
                "    def g(): return b\n"
                "    return _getframe()\n"
                "frame = f()\n"
                "first = dict(frame.f_locals)\n"
                "frame.f_locals['a'] = 5\n"
                "frame.f_locals['b'] = 6\n"
                "second = frame.f_locals['a'], frame.f_locals['b'], frame.f_lineno\n"
                "line = frame.f_back.f_code.co_name\n"
                "del first['g']\n"
                "frame.clear()\n"
                "result = first, second, line, dict(frame.f_locals)"),
            "({'a': 1, 'b': [2]}, (5, 6, 4), '<module>', {})");
}

TEST(Frames, KeepTheirVariablesAliveAndLetThemGo) {
  EXPECT_EQ(run("class C: pass\n"
                "def f():\n    c = C()\n    return weak(c), _getframe()\n"
                "w, frame = f()\n"
                "alive = is_dead(w)\n"
                "frame.clear()\n"
                "result = alive, is_dead(w)"),
            "(False, True)");
  EXPECT_EQ(run("class C: pass\n"
                "def f():\n    c = C()\n    _getframe()\n    return weak(c)\n"
                "result = is_dead(f())"),
            "True");
}

TEST(Frames, AreNotClearedWhileTheyRun) {
  EXPECT_EQ(error_of("def f(): _getframe().clear()\nf()"),
            "RuntimeError: cannot clear an executing frame");
  EXPECT_EQ(error_of("def g(): yield\nx = g()\nnext(x)\nx.gi_frame.clear()"),
            "RuntimeError: cannot clear a suspended frame");
  EXPECT_EQ(run("def g(): yield 1\nx = g()\nx.gi_frame.clear()\nresult = list(x)"), "[]");
}

TEST(FrameLocals, WriteThrough) {
  EXPECT_EQ(run("def f():\n"
                "    value, other = 1, 'same'\n"
                "    frame = _getframe()\n"
                "    one, two = frame.f_locals, frame.f_locals\n"
                "    fresh, equal = one is not two, one == two\n"
                "    one['value'] = 2\n"
                "    one['extra'] = 3\n"
                "    return (fresh, equal, value, other, two['value'], two['extra'],\n"
                "            'extra' in locals())\n"
                "result = f()"),
            "(True, True, 2, 'same', 2, 3, True)");
  EXPECT_EQ(run("def f():\n"
                "    value = 1\n"
                "    def inner(): return value\n"
                "    _getframe().f_locals['value'] = 2\n"
                "    return inner(), value\n"
                "result = f()"),
            "(2, 2)");
  EXPECT_EQ(run("def g():\n    value = 1\n    _getframe().f_locals['value'] = 2\n    yield value\n"
                "x = g()\nresult = list(x)"),
            "[2]");
}

TEST(FrameLocals, AreAMapping) {
  EXPECT_EQ(
      run("def f():\n"
          "    x = 1\n"
          "    if x > 1: unset = 2\n"
          "    p = _getframe().f_locals\n"
          "    p['q'] = 5\n"
          "    return (len(p), list(p), 'x' in p, 'unset' in p, p.get('unset', 'no'),\n"
          "            p.setdefault('r', 6), p.pop('q'), p.pop('s', 7), (p | {'x': 2})['x'],\n"
          "            [k for k, v in p.items() if v == 1], list(p.copy()), p == {**p})\n"
          "result = f()"),
      "(3, ['x', 'p', 'q'], True, False, 'no', 6, 5, 7, 2, ['x'], ['x', 'p', 'r'], True)");
  EXPECT_EQ(error_of("def f():\n    x = 1\n    del _getframe().f_locals['x']\nf()"),
            "ValueError: cannot remove local variables from FrameLocalsProxy");
  EXPECT_EQ(error_of("def f():\n    x = 1\n    _getframe().f_locals.pop('x')\nf()"),
            "ValueError: cannot remove local variables from FrameLocalsProxy");
  EXPECT_EQ(run("def f():\n    x = 1\n    return repr(_getframe().f_locals)\nresult = f()"),
            "\"{'x': 1}\"");
}

TEST(FrameLocals, OfModulesAndClassesAreTheNamespace) {
  EXPECT_EQ(run("class C:\n    same = _getframe().f_locals is locals()\n"
                "    _getframe().f_locals['written'] = 2\n"
                "result = C.same, C.written, _getframe().f_locals is globals()"),
            "(True, 2, True)");
}

TEST(FrameLocals, ASnapshotChangesNothing) {
  EXPECT_EQ(run("def f():\n"
                "    x = 1\n"
                "    one, two = locals(), locals()\n"
                "    one['x'] = 2\n"
                "    return x, two['x'], one is two\n"
                "result = f()"),
            "(1, 1, False)");
}

TEST(FrameLocals, WhatIsOverwrittenIsKeptUntilTheCallEnds) {
  EXPECT_EQ(run("class C: pass\n"
                "def f():\n"
                "    c = C()\n"
                "    w = weak(c)\n"
                "    _getframe().f_locals['c'] = 1\n"
                "    return c, is_dead(w), w\n"
                "c, during, w = f()\n"
                "result = c, during, is_dead(w)"),
            "(1, False, True)");
}

TEST(Functions, OfModulesWaitForTheCollector) {
  if (!kFreeThreaded) GTEST_SKIP() << "deferred references exist without a GIL";
  PythonKernel runtime;
  run(runtime,
      "def outer():\n    def inner(): pass\n    return weak(inner)\n"
      "result = is_dead(outer())\n"
      "def f(): pass\n"
      "w = weak(f)\ndel f\nalive = is_dead(w)");
  EXPECT_EQ(run(runtime, "result = result, alive"), "(True, False)");
  runtime.collector.collect(runtime.here());
  EXPECT_EQ(run(runtime, "result = is_dead(w)"), "True");
}

TEST(Functions, ThatOnlyAFrameRefersToLive) {
  PythonKernel runtime;
  // `collect` is called while the register of `f` alone holds it.
  runtime.globals = new_globals(runtime.here());
  static Collector* collector;
  collector = &runtime.collector;
  static constexpr NativeMethod kCollect[] = {
      {"collect()",
       [](ThreadState& thread, Borrowed<Object>, const BoundArguments&) -> Result<Ref<Object>> {
         collector->collect(thread);
         return none();
       }}};
  must(add_functions(runtime.here(), as_module(runtime.interpreter.builtins_module()), kCollect));
  EXPECT_EQ(run(runtime,
                "def f(): return 'alive'\n"
                "def g():\n"
                "    global f\n"
                "    mine = f\n"
                "    del f\n"
                "    collect()\n"
                "    return mine()\n"
                "result = g()"),
            "'alive'");
}

}  // namespace
}  // namespace runtime
