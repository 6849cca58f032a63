#include "runtime/object/intern.h"

#include <gtest/gtest.h>
#include <set>

#include "runtime/object/kernel_test_support.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

class Intern : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  InternTable& table() { return kernel_.values.interned(); }

  ValueKernel kernel_;
};

TEST_F(Intern, OfEqualStringsThereIsOne) {
  Ref<Str> one = text(here(), "name");
  Ref<Str> other = text(here(), "name");
  ASSERT_NE(one.get(), other.get());
  Str* the_one = one.get();
  Ref<Str> interned = must(intern(here(), std::move(one)));
  EXPECT_EQ(interned.get(), the_one);
  EXPECT_EQ(must(intern(here(), std::move(other))).get(), the_one);
  EXPECT_EQ(must(intern(here(), "name")).get(), the_one);
  EXPECT_NE(must(intern(here(), "name2")).get(), the_one);
  EXPECT_EQ(table().size(), 2u);
}

TEST_F(Intern, AnInternedStringIsImmortal) {
  Ref<Str> name = must(intern(here(), "name"));
  EXPECT_TRUE(is_immortal(name.get()));
  EXPECT_TRUE(name->is_interned.peek());
  Str* the_one = name.get();
  name.drop(here());
  EXPECT_EQ(must(intern(here(), "name")).get(), the_one);
}

TEST_F(Intern, AStringThatLosesEnds) {
  must(intern(here(), "name"));
  Ref<Str> loser = text(here(), "name");
  Ref<Str> mine = loser.duplicate(here());
  must(intern(here(), std::move(loser)));
  EXPECT_EQ(reference_count(mine.get()), 1);
  EXPECT_FALSE(mine->is_interned.peek());
}

TEST_F(Intern, TheStringOfAnotherThreadIsCopied) {
  if (!kFreeThreaded) GTEST_SKIP() << "strings have no owner in the GIL build";
  Ref<Str> theirs = text(here(), "name");
  Str* interned = nullptr;
  run_attached(kernel_.kernel, {[&](ThreadState& thread) {
                 interned = must(intern(thread, theirs.duplicate(thread))).get();
               }});
  EXPECT_NE(interned, theirs.get());
  EXPECT_FALSE(is_immortal(theirs.get()));
  EXPECT_EQ(must(intern(here(), std::move(theirs))).get(), interned);
}

TEST_F(Intern, TheShortestOnesAreInternedAnyway) {
  EXPECT_EQ(must(intern(here(), "a")).get(), text(here(), "a").get());
  EXPECT_EQ(must(intern(here(), "")).get(), empty_str().get());
  Ref<Str> copy = must(copy_str(here(), text(here(), "b")));
  EXPECT_EQ(must(intern(here(), std::move(copy))).get(), text(here(), "b").get());
}

TEST_F(Intern, WhatWasInternedIsFoundAfterTheTableHasGrown) {
  std::vector<Str*> names;
  for (int i = 0; i < 20'000; ++i) {
    names.push_back(must(intern(here(), "name" + std::to_string(i))).get());
  }
  EXPECT_EQ(std::set<Str*>(names.begin(), names.end()).size(), names.size());
  EXPECT_EQ(table().size(), names.size());
  for (int i = 0; i < 20'000; ++i) {
    Ref<Str> name = text(here(), "name" + std::to_string(i));
    EXPECT_EQ(table().try_find(here(), *name), names[static_cast<std::size_t>(i)]);
  }
  EXPECT_EQ(table().try_find(here(), *text(here(), "another")), nullptr);
}

TEST_F(Intern, WithoutMemoryForTheTableNothingIsInterned) {
  Ref<Str> name = text(here(), "name");
  here().slot(kRawBuffersSlot)->allocations_left = 0;
  EXPECT_EQ(told(here(), intern(here(), name.duplicate(here()))), "MemoryError");
  here().slot(kRawBuffersSlot)->allocations_left = RawBuffers::kUnlimited;
  EXPECT_FALSE(is_immortal(name.get()));
  EXPECT_EQ(table().size(), 0u);
  Str* the_one = name.get();
  EXPECT_EQ(must(intern(here(), std::move(name))).get(), the_one);
}

TEST_F(Intern, EqualBytesOfAnotherKindAreAnotherString) {
  // Four code points of one byte, and two of two bytes with the same bytes.
  Ref<Str> narrow = must(new_str(here(), std::u32string_view(U"\xAC \xAC ")));
  Ref<Str> wide = must(new_str(here(), std::u32string_view(U"\x20AC\x20AC")));
  EXPECT_NE(must(intern(here(), std::move(narrow))).get(),
            must(intern(here(), std::move(wide))).get());
}

TEST_F(Intern, TwoKernelsHaveTablesOfTheirOwn) {
  Str* mine = must(intern(here(), "name")).get();
  Detached detached(here());
  Thread thread([&] {
    ValueKernel other;
    EXPECT_NE(must(intern(other.here(), "name")).get(), mine);
  });
  thread.join();
}

}  // namespace
}  // namespace runtime
