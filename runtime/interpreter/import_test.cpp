#include "runtime/interpreter/import.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

#include "runtime/containers/list_object.h"
#include "runtime/interpreter/interpreter_test_support.h"

namespace runtime {
namespace {

namespace files = std::filesystem;

// A folder with modules, which sys.path names.
class Imports : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = files::temp_directory_path() /
              ("heddle_import_" +
               std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    files::remove_all(folder_);
    files::create_directories(folder_);
    ThreadState& thread = runtime.here();
    Ref<Module> sys = must(new_module(thread, "sys"));
    Ref<List> path = must(new_list(thread));
    must(list_append(thread, path, text(thread, folder_.string())));
    must(dict_set(thread, module_dict(sys), must(intern(thread, "path")), path));
    must(dict_set(thread, module_dict(sys), must(intern(thread, "modules")),
                  runtime.interpreter.modules()));
    must(dict_set(thread, runtime.interpreter.modules(), must(intern(thread, "sys")), sys));
  }
  void TearDown() override { files::remove_all(folder_); }

  void write(const std::string& name, const std::string& content) {
    const files::path path = folder_ / name;
    files::create_directories(path.parent_path());
    std::ofstream(path) << content;
  }
  std::string run_here(const std::string& source) { return run(runtime, source); }
  std::string error_here(const std::string& source) { return error_of(runtime, source); }
  [[nodiscard]] std::string folder() const { return folder_.string(); }

  PythonKernel runtime;

 private:
  files::path folder_;
};

TEST_F(Imports, AModuleRunsOnce) {
  write("m.py", "count = []\ncount.append(1)\nname = __name__, __package__, __spec__.name\n");
  EXPECT_EQ(run_here("import m\nimport m as n\nfrom m import count, name as c\n"
                     "result = m is n, count, c, m.__file__"),
            "(True, [1], ('m', '', 'm'), '" + folder() + "/m.py')");
}

TEST_F(Imports, PackagesHoldModules) {
  write("p/__init__.py", "from . import a\nfrom .a import value as v\n");
  write("p/a.py", "value = 5\nfrom .sub.b import up\n");
  write("p/sub/__init__.py", "");
  write("p/sub/b.py", "from .. import sub\nup = sub.__name__, __package__\n");
  EXPECT_EQ(run_here("import p.sub.b\nimport p.sub.b as b\nfrom p.sub import b as c\n"
                     "result = p.v, b is c, p.a.up, p.__path__, p.__spec__.parent"),
            "(5, True, ('p.sub', 'p.sub'), ['" + folder() + "/p'], 'p')");
}

TEST_F(Imports, WhatIsMissingIsNamed) {
  write("m.py", "");
  write("q/__init__.py", "");
  EXPECT_EQ(error_here("import nothing"), "ModuleNotFoundError: No module named 'nothing'");
  EXPECT_EQ(error_here("import m.x"),
            "ModuleNotFoundError: No module named 'm.x'; 'm' is not a package");
  EXPECT_EQ(error_here("import q.x"), "ModuleNotFoundError: No module named 'q.x'");
  EXPECT_EQ(error_here("from m import x"),
            "ImportError: cannot import name 'x' from 'm' (" + folder() + "/m.py)");
  EXPECT_EQ(error_here("from q import x"),
            "ImportError: cannot import name 'x' from 'q' (" + folder() + "/q/__init__.py)");
  EXPECT_EQ(error_here("from . import x"),
            "ImportError: attempted relative import with no known parent package");
  EXPECT_EQ(run_here("try: import nothing\nexcept ModuleNotFoundError as e: result = e.name"),
            "'nothing'");
}

TEST_F(Imports, AModuleThatRaisesIsForgotten) {
  write("bad.py", "1 / 0\n");
  EXPECT_EQ(error_here("import bad"), "ZeroDivisionError: division by zero");
  EXPECT_EQ(run_here("import sys\nresult = 'bad' in sys.modules"), "False");
}

TEST_F(Imports, InACircleTheModuleIsHalfMade) {
  write("one.py", "import two\nx = 1\n");
  write("two.py", "import one\nseen = getattr(one, 'x', 'not yet')\n");
  EXPECT_EQ(run_here("import one\nresult = one.two.seen, one.x"), "('not yet', 1)");
  write("three.py", "from four import y\nx = 1\n");
  write("four.py", "from three import x\ny = 2\n");
  EXPECT_EQ(error_here("import three"),
            "ImportError: cannot import name 'x' from partially initialized module 'three' (most "
            "likely due to a circular import) (" +
                folder() + "/three.py)");
}

TEST_F(Imports, AStarTakesPublicNames) {
  write("m.py", "a, _b = 1, 2\n");
  write("n.py", "__all__ = ['_c']\n_c, d = 3, 4\n");
  EXPECT_EQ(run_here("from m import *\nfrom n import *\n"
                     "result = a, _c, '_b' in globals(), 'd' in globals()"),
            "(1, 3, False, False)");
}

TEST_F(Imports, TwoThreadsRunAModuleOnce) {
  write("slow.py", "log.append(1)\nfor i in range(20000): pass\ndone = True\n");
  ThreadState& thread = runtime.here();
  run_here("log = []");
  Ref<Object> log = must(dict_get(thread, runtime.globals, must(intern(thread, "log"))));
  must(dict_set(thread, runtime.interpreter.builtins(), must(intern(thread, "log")), log));
  std::string found[2];
  run_attached(runtime.kernel,
               {
                   [&](ThreadState& other) {
                     found[0] = run(other, new_globals(other), "import slow\nresult = slow.done");
                   },
                   [&](ThreadState& other) {
                     found[1] = run(other, new_globals(other), "import slow\nresult = slow.done");
                   },
               });
  EXPECT_EQ(found[0], "True");
  EXPECT_EQ(found[1], "True");
  EXPECT_EQ(repr(thread, log), "[1]");
}

TEST_F(Imports, TwoThreadsThatImportInACircleDoNotWaitForEver) {
  write("left.py", "for i in range(5000): pass\nimport right\n");
  write("right.py", "for i in range(5000): pass\nimport left\n");
  std::string found[2];
  run_attached(runtime.kernel, {
                                   [&](ThreadState& other) {
                                     found[0] = run(other, new_globals(other),
                                                    "import left\nresult = left.__name__");
                                   },
                                   [&](ThreadState& other) {
                                     found[1] = run(other, new_globals(other),
                                                    "import right\nresult = right.__name__");
                                   },
                               });
  EXPECT_EQ(found[0], "'left'");
  EXPECT_EQ(found[1], "'right'");
}

}  // namespace
}  // namespace runtime
