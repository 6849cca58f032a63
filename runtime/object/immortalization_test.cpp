#include "runtime/object/immortalization.h"

#include <gtest/gtest.h>

#include "runtime/base/build.h"
#include "runtime/object/deferred.h"
#include "runtime/object/immortal.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/values.h"

namespace runtime {
namespace {

constexpr TypeSlots kSharedSlots{
    .name = "Shared", .size = sizeof(Object), .heap = HeapKind::kCollected};

struct OldAndNew {
  bool old_is_immortal;
  bool companion_is_immortal;
  bool new_is_immortal;
};

// Of a type that exists when the second thread is about to start, and of one that is made later.
OldAndNew types_around_the_second_thread(const Profile& profile) {
  Kernel kernel;
  Values values(kernel, {.profile = profile});
  ThreadState& thread = kernel.first_thread();
  Ref<Type> old_one = new_type(thread, kSharedSlots);
  static Object* companion = nullptr;
  Ref<Object> beside = new_object<Object>(thread, *old_one);
  companion = beside.get();
  immortalize_for_second_thread(thread, [](Object*) { return companion; });
  immortalize_for_second_thread(thread, nullptr);
  Ref<Type> new_one = new_type(thread, kSharedSlots);
  return {is_immortal(old_one.get()), is_immortal(companion), is_immortal(new_one.get())};
}

TEST(Immortalization, InThreeThirteenWhatIsSharedBecomesImmortalAtTheSecondThread) {
  if (!kFreeThreaded) GTEST_SKIP() << "the GIL build defers nothing";
  const OldAndNew seen = types_around_the_second_thread(kProfile313t);
  EXPECT_TRUE(seen.old_is_immortal);
  EXPECT_TRUE(seen.companion_is_immortal);
  EXPECT_TRUE(seen.new_is_immortal);
}

TEST(Immortalization, LaterProfilesHaveNone) {
  const OldAndNew seen = types_around_the_second_thread(kFreeThreaded ? kProfile314t : kProfile314);
  EXPECT_FALSE(seen.old_is_immortal);
  EXPECT_FALSE(seen.companion_is_immortal);
  EXPECT_FALSE(seen.new_is_immortal);
}

TEST(Immortalization, BeforeTheSecondThreadTheyAreDeferred) {
  if (!kFreeThreaded) GTEST_SKIP() << "the GIL build defers nothing";
  Kernel kernel;
  Values values(kernel, {.profile = kProfile313t});
  Ref<Type> type = new_type(kernel.first_thread(), kSharedSlots);
  EXPECT_FALSE(is_immortal(type.get()));
  EXPECT_TRUE(is_deferred(type.get()));
}

}  // namespace
}  // namespace runtime
