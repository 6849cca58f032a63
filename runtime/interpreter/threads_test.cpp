#include <gtest/gtest.h>
#include <vector>

#include "runtime/interpreter/frame_object.h"
#include "runtime/interpreter/interpreter_test_support.h"

namespace runtime {
namespace {

// Runs each text in a thread of its own, with the same globals.
std::vector<std::string> run_beside(PythonKernel& runtime, std::vector<std::string> texts) {
  std::vector<std::string> found(texts.size());
  std::vector<AttachedBody> bodies;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    bodies.push_back([&runtime, &found, i, source = texts[i]](ThreadState& thread) {
      Result<Ref<Object>> ran = try_run(thread, runtime.globals, source);
      found[i] =
          ran.is_raised() ? format_exception(thread, std::move(ran).raised().exception()) : "";
    });
  }
  run_attached(runtime.kernel, std::move(bodies));
  return found;
}

TEST(PythonThreads, CallTheSameFunctions) {
  PythonKernel runtime;
  run(runtime,
      "def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\n"
      "log = []");
  const std::vector<std::string> found =
      run_beside(runtime, {"log.append(fib(15))", "log.append(fib(15))"});
  EXPECT_EQ(found, (std::vector<std::string>{"", ""}));
  EXPECT_EQ(run(runtime, "result = log"), "[610, 610]");
}

TEST(PythonThreads, ShareAGenerator) {
  PythonKernel runtime;
  run(runtime,
      "def g():\n    for i in range(300): yield i\n"
      "shared = g()\n"
      "def drain(into):\n"
      "    while True:\n"
      "        try: into.append(next(shared))\n"
      "        except StopIteration: return\n"
      "        except ValueError: pass\n"
      "a, b = [], []");
  const std::vector<std::string> found = run_beside(runtime, {"drain(a)", "drain(b)"});
  EXPECT_EQ(found, (std::vector<std::string>{"", ""}));
  EXPECT_EQ(run(runtime, "a += b\na.sort()\nresult = a == list(range(300))"), "True");
}

TEST(PythonThreads, ReplaceCodeAndDefaultsWhileOthersCall) {
  PythonKernel runtime;
  run(runtime,
      "def f(x=(1, 2)): return x\n"
      "def g(x=(3, 4)): return list(x)\n"
      "one, two = f.__code__, g.__code__\n"
      "wrong = []");
  const std::vector<std::string> found =
      run_beside(runtime, {"for i in range(500):\n"
                           "    f.__defaults__ = ((i, i),)\n"
                           "    f.__code__ = two if i % 2 else one\n",
                           "for i in range(500):\n"
                           "    if len(f()) != 2: wrong.append(i)\n"});
  EXPECT_EQ(found, (std::vector<std::string>{"", ""}));
  EXPECT_EQ(run(runtime, "result = wrong"), "[]");
}

TEST(PythonThreads, ReadFramesOfOneAnother) {
  PythonKernel runtime;
  run(runtime,
      "frames, stop, wrong = [], [], []\n"
      "def busy():\n"
      "    def inner(n): return n + 1\n"
      "    number, text = 0, 'a'\n"
      "    frames.append(_getframe())\n"
      "    while not stop:\n"
      "        number = inner(number)\n"
      "        text = 'a' * (number % 7)\n"
      "def look():\n"
      "    while not frames: pass\n"
      "    frame = frames[0]\n"
      "    for i in range(100):\n"
      "        v = dict(frame.f_locals)\n"
      "        if type(v['number']) is not int or len(v.get('text', '')) > 6: wrong.append(v)\n"
      "        if frame.f_lineno is None or frame.f_code.co_name != 'busy': wrong.append(i)\n"
      "        repr(frame), frame.f_back, frame.f_lasti\n"
      "    stop.append(1)\n");
  const std::vector<std::string> found = run_beside(runtime, {"busy()", "look()"});
  EXPECT_EQ(found, (std::vector<std::string>{"", ""}));
  EXPECT_EQ(run(runtime, "frames.clear()\nresult = wrong"), "[]");
}

TEST(PythonThreads, WriteVariablesOfOneAnother) {
  PythonKernel runtime;
  run(runtime,
      "frames, seen = [], []\n"
      "def wait():\n"
      "    value = 1\n"
      "    frames.append(_getframe())\n"
      "    while value == 1: pass\n"
      "    seen.append(value)\n"
      "def change():\n"
      "    while not frames: pass\n"
      "    frames[0].f_locals['value'] = [42]\n");
  const std::vector<std::string> found = run_beside(runtime, {"wait()", "change()"});
  EXPECT_EQ(found, (std::vector<std::string>{"", ""}));
  EXPECT_EQ(run(runtime, "frames.clear()\nresult = seen"), "[[42]]");
}

TEST(PythonThreads, ShowTheirNewestFrames) {
  PythonKernel runtime;
  run(runtime,
      "ready, stop = [], []\ndef busy():\n    ready.append(1)\n    while not stop: pass\n");
  std::size_t count = 0;
  run_attached(runtime.kernel,
               {[&](ThreadState& thread) { must(try_run(thread, runtime.globals, "busy()")); },
                [&](ThreadState& thread) {
                  must(try_run(thread, runtime.globals, "while not ready: pass"));
                  std::vector<CurrentFrame> frames;
                  must(current_frames(thread, &frames));
                  count = frames.size();
                  frames.clear();
                  must(try_run(thread, runtime.globals, "stop.append(1)"));
                }});
  EXPECT_EQ(count, 1u);  // who asks runs no Python himself
}

TEST(PythonThreads, CollectWhileOthersRun) {
  PythonKernel runtime;
  run(runtime,
      "def work():\n"
      "    for i in range(300):\n"
      "        def f(x): return lambda: (f, x)\n"
      "        def g():\n            yield f\n            yield i\n"
      "        y = g()\n        next(y)\n        f(i)()\n"
      "stop = []");
  std::string first;
  run_attached(runtime.kernel, {[&](ThreadState& thread) {
                                  Result<Ref<Object>> ran =
                                      try_run(thread, runtime.globals, "work()\nstop.append(1)");
                                  if (ran.is_raised()) first = raised_by(thread, std::move(ran));
                                },
                                [&](ThreadState& thread) {
                                  for (int i = 0; i < 20; ++i) runtime.collector.collect(thread);
                                }});
  EXPECT_EQ(first, "");
}

}  // namespace
}  // namespace runtime
