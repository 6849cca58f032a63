#include "conformance/ports/sanitizer_frame.h"

#include <gtest/gtest.h>

namespace conformance {

namespace {

std::string name_of(const std::string& line) {
  const auto frame = parse_sanitizer_frame(line);
  return frame ? frame->name : "no frame";
}

TEST(SanitizerFrame, TheFormsOfTheSanitizersAreRead) {
  EXPECT_EQ(
      name_of(
          "    #0 list_append /src/Objects/listobject.c:512:5 (python3.14t+0x1f2) (BuildId: 1d4e)"),
      "list_append");
  EXPECT_EQ(name_of("    #1 0x55acc69d5f21 in list_append /src/Objects/listobject.c:512:5"),
            "list_append");
  EXPECT_EQ(
      name_of("    #2 0x7fd606a45249 in __libc_start_call_main csu/../sysdeps/nptl/start.h:58:16"),
      "__libc_start_call_main");
  EXPECT_EQ(name_of("    #0 __tsan_memset <null> (races+0x5ec8d) (BuildId: 1d4e)"),
            "__tsan_memset");
  EXPECT_EQ(name_of("    #0 0x562b8e786336 in free (/tmp/build/addresses+0xcb336) (BuildId: 3a0c)"),
            "free");
  EXPECT_EQ(name_of("    #0 f file.c:3"), "f");
  EXPECT_EQ(parse_sanitizer_frame("  #12 f file.c:3")->index, 12);
}

TEST(SanitizerFrame, WithoutSymbolsTheModuleStandsForTheName) {
  EXPECT_EQ(name_of("    #7 <null> <null> (libstdc++.so.6+0xd44a2) (BuildId: 289e)"),
            "libstdc++.so.6+0xd44a2");
  EXPECT_EQ(name_of("    #4 0x55acc68f4330 (/opt/python 3/bin/python3.14t+0x2c330)"),
            "python3.14t+0x2c330");
  EXPECT_EQ(name_of("    #4 0x55acc68f4330"), "(no symbol)");
}

TEST(SanitizerFrame, NamesOfCxxLoseParametersAndResultType) {
  EXPECT_EQ(name_of("#0 plain_reader() /s/a.cpp:24:39 (races+0xe782a)"), "plain_reader");
  EXPECT_EQ(name_of("#0 ns::Type::method(int, std::vector<int, std::allocator<int> > const&) const "
                    "/s/a.cpp:1:1"),
            "ns::Type::method");
  EXPECT_EQ(name_of("#0 void ns::grow<int (*)(char)>(int (*)(char)) /s/a.cpp:1:1"),
            "ns::grow<int (*)(char)>");
  EXPECT_EQ(name_of("#0 (anonymous namespace)::helper(int) /s/a.cpp:1:1"),
            "(anonymous namespace)::helper");
  EXPECT_EQ(name_of("#0 main::$_0::operator()() const /s/a.cpp:1:1"), "main::$_0::operator()");
  EXPECT_EQ(name_of("#0 operator new(unsigned long) <null> (races+0x1)"), "operator new");
}

TEST(SanitizerFrame, APathMayHoldBlanks) {
  EXPECT_EQ(name_of("#0 f(int) /home/a b/my file.cpp:3:4 (x+0x1)"), "f");
}

TEST(SanitizerFrame, SuffixesOfClonesAreDropped) {
  EXPECT_EQ(name_of("#0 list_append.constprop.0 /s/a.c:1"), "list_append");
  EXPECT_EQ(name_of("#0 list_append.part.3.isra.1 /s/a.c:1"), "list_append");
  EXPECT_EQ(name_of("#0 list_append [clone .cold] /s/a.c:1"), "list_append");
}

TEST(SanitizerFrame, OtherLinesAreNoFrames) {
  for (const char* line :
       {"", "#", "#x f", "  Write of size 8", "#12", "# 1 f", "Thread T1 #0 f"}) {
    EXPECT_FALSE(parse_sanitizer_frame(line)) << line;
  }
}

TEST(SanitizerFrame, OnlyTheTableIsPlumbing) {
  for (const char* name :
       {"__tsan_memcpy", "___interceptor_malloc", "free", "operator delete[]", "pthread_mutex_lock",
        "std::mutex::lock", "Py_DECREF", "_Py_atomic_load_ptr", "_PyMutex_LockTimed",
        "_PyThreadState_Attach", "mi_free"}) {
    EXPECT_TRUE(is_plumbing(name)) << name;
  }
  for (const char* name : {"list_append", "Py_INCREFS", "freeze", "mallocate", "PyObject_GetAttr",
                           "_PyList_AppendTakeRef", "my_memcpy", ""}) {
    EXPECT_FALSE(is_plumbing(name)) << name;
  }
}

}  // namespace

}  // namespace conformance
