#include <gtest/gtest.h>

#include "runtime/interpreter/interpreter_test_support.h"

namespace runtime {
namespace {

TEST(Tracebacks, ShowTheWayOfAnException) {
  EXPECT_EQ(run("def f(x):\n"
                "    return g(x)\n"
                "def g(x):\n"
                "    y = x[5] + 1\n"
                "f([1])\n"),
            "Traceback (most recent call last):\n"
            "  File \"<test>\", line 5, in <module>\n"
            "    f([1])\n"
            "    ~^^^^^\n"
            "  File \"<test>\", line 2, in f\n"
            "    return g(x)\n"
            "  File \"<test>\", line 4, in g\n"
            "    y = x[5] + 1\n"
            "        ~^^^\n"
            "IndexError: list index out of range\n");
}

TEST(Tracebacks, MarkTheOperator) {
  EXPECT_EQ(run("a, b = 1, 0\nprint_it = (a + 1) / b\n"),
            "Traceback (most recent call last):\n"
            "  File \"<test>\", line 2, in <module>\n"
            "    print_it = (a + 1) / b\n"
            "               ~~~~~~~~^~~\n"
            "ZeroDivisionError: division by zero\n");
}

TEST(Tracebacks, ShowCausesAndContexts) {
  EXPECT_EQ(run("try:\n"
                "    try:\n"
                "        raise ValueError('a')\n"
                "    except ValueError as e:\n"
                "        raise KeyError('b') from e\n"
                "except KeyError:\n"
                "    missing\n"),
            "Traceback (most recent call last):\n"
            "  File \"<test>\", line 3, in <module>\n"
            "    raise ValueError('a')\n"
            "ValueError: a\n"
            "\n"
            "The above exception was the direct cause of the following exception:\n"
            "\n"
            "Traceback (most recent call last):\n"
            "  File \"<test>\", line 5, in <module>\n"
            "    raise KeyError('b') from e\n"
            "KeyError: 'b'\n"
            "\n"
            "During handling of the above exception, another exception occurred:\n"
            "\n"
            "Traceback (most recent call last):\n"
            "  File \"<test>\", line 7, in <module>\n"
            "    missing\n"
            "NameError: name 'missing' is not defined\n");
}

TEST(Tracebacks, CountWhatIsRepeated) {
  EXPECT_EQ(run("def f(n):\n"
                "    if n == 0: raise KeyError\n"
                "    f(n - 1)\n"
                "f(10)\n"),
            "Traceback (most recent call last):\n"
            "  File \"<test>\", line 4, in <module>\n"
            "    f(10)\n"
            "    ~^^^^\n"
            "  File \"<test>\", line 3, in f\n"
            "    f(n - 1)\n"
            "    ~^^^^^^^\n"
            "  File \"<test>\", line 3, in f\n"
            "    f(n - 1)\n"
            "    ~^^^^^^^\n"
            "  File \"<test>\", line 3, in f\n"
            "    f(n - 1)\n"
            "    ~^^^^^^^\n"
            "  [Previous line repeated 7 more times]\n"
            "  File \"<test>\", line 2, in f\n"
            "    if n == 0: raise KeyError\n"
            "               ^^^^^^^^^^^^^^\n"
            "KeyError\n");
}

TEST(Tracebacks, ShowNotesAndClassesOfModules) {
  EXPECT_EQ(run("class E(Exception): pass\n"
                "e = E('text')\n"
                "e.add_note('one')\n"
                "e.add_note('two')\n"
                "raise e\n"),
            "Traceback (most recent call last):\n"
            "  File \"<test>\", line 5, in <module>\n"
            "    raise e\n"
            "E: text\n"
            "one\n"
            "two\n");
}

TEST(Tracebacks, OfASyntaxErrorShowThePlace) {
  EXPECT_EQ(run("x = 1\n  y = (\n"),
            "  File \"<test>\", line 2\n"
            "    y = (\n"
            "IndentationError: unexpected indent\n");
  EXPECT_EQ(run("x = = 1\n"),
            "  File \"<test>\", line 1\n"
            "    x = = 1\n"
            "        ^\n"
            "SyntaxError: invalid syntax\n");
}

TEST(Tracebacks, AreObjects) {
  EXPECT_EQ(run("def f(): 1 / 0\n"
                "try: f()\n"
                "except ZeroDivisionError as e: t = e.__traceback__\n"
                "lines = t.tb_lineno, t.tb_next.tb_lineno, t.tb_next.tb_next\n"
                "name = t.tb_next.tb_frame.f_code.co_name\n"
                "t.tb_next = None\n"
                "result = lines, name, t.tb_next, t.tb_lasti > 0"),
            "((2, 1, None), 'f', None, True)");
  EXPECT_EQ(error_of("try: 1 / 0\nexcept ZeroDivisionError as e: e.__traceback__.tb_next = "
                     "e.__traceback__"),
            "ValueError: traceback loop detected");
}

TEST(Tracebacks, ABareRaiseAddsNoEntry) {
  EXPECT_EQ(run("def f():\n"
                "    try: 1 / 0\n"
                "    except ZeroDivisionError: raise\n"
                "try: f()\n"
                "except ZeroDivisionError as e:\n"
                "    t = e.__traceback__\n"
                "    result = []\n"
                "    while t: result.append(t.tb_lineno); t = t.tb_next"),
            "[4, 2]");
}

}  // namespace
}  // namespace runtime
