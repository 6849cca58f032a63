// What two threads may do to the same types at the same time.
#include <gtest/gtest.h>

#include "runtime/memory/deferred_free.h"
#include "runtime/types/type_lookup.h"
#include "runtime/types/types_test_support.h"

namespace runtime {
namespace {

constexpr int kRounds = 3000;

class TypesThreadsTest : public testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  // Between two steps of a program.
  static void step(ThreadState& thread) { quiescent_point(thread); }
  TypesKernel kernel_;
};

std::int64_t value_of(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name) {
  return *int64_of(*as_int(must(get_attribute(thread, object, name))));
}

TEST_F(TypesThreadsTest, AReaderOfAClassAttributeNeverSeesAnOlderValueAgain) {
  Ref<Type> type = plain_class(here(), "C", {{"x", number(here(), 1000)}});
  Ref<Type> derived = class_of(here(), "D", {type});
  Ref<Str> name = must(intern(here(), "x"));
  run_attached(kernel_.kernel,
               {[&](ThreadState& thread) {
                  for (int i = 1; i <= kRounds; ++i) {
                    must(set_attribute(thread, type, name, number(thread, 1000 + i).get()));
                    step(thread);
                  }
                },
                [&](ThreadState& thread) {
                  std::int64_t newest = 0;
                  while (newest < 1000 + kRounds) {
                    const std::int64_t seen = value_of(thread, derived, name);
                    ASSERT_GE(seen, newest);
                    newest = seen;
                    step(thread);
                  }
                }});
}

TEST_F(TypesThreadsTest, TwoThreadsMakeInstancesAndGiveThemAttributes) {
  Ref<Type> type = plain_class(here(), "C");
  const auto body = [&](ThreadState& thread) {
    Ref<Str> name = must(intern(thread, "x"));
    for (int i = 0; i < kRounds; ++i) {
      Ref<Object> object = must(call_type(thread, type, CallArguments{}));
      must(set_attribute(thread, object, name, number(thread, i).get()));
      ASSERT_EQ(value_of(thread, object, name), i);
      step(thread);
    }
  };
  run_attached(kernel_.kernel, {body, body});
}

TEST_F(TypesThreadsTest, AnInstanceChangesItsClassWhileItIsRead) {
  Ref<Type> one = plain_class(here(), "A", {{"who", number(here(), 1)}});
  Ref<Type> other = plain_class(here(), "B", {{"who", number(here(), 2)}});
  Ref<Object> object = made_by(here(), one);
  set_number(here(), object, "x", 7);
  run_attached(kernel_.kernel, {[&](ThreadState& thread) {
                                  for (int i = 0; i < kRounds / 10; ++i) {
                                    must(set_class_of(thread, object, i % 2 == 0 ? other : one));
                                    step(thread);
                                  }
                                },
                                [&](ThreadState& thread) {
                                  Ref<Str> who = must(intern(thread, "who"));
                                  Ref<Str> x = must(intern(thread, "x"));
                                  for (int i = 0; i < kRounds; ++i) {
                                    const std::int64_t seen = value_of(thread, object, who);
                                    ASSERT_TRUE(seen == 1 || seen == 2);
                                    ASSERT_EQ(value_of(thread, object, x), 7);
                                    step(thread);
                                  }
                                }});
}

TEST_F(TypesThreadsTest, APropertyIsReplacedWhileItIsRead) {
  Ref<Type> type = plain_class(here(), "C");
  Ref<Object> object = made_by(here(), type);
  const auto replace = [&](ThreadState& thread, std::int64_t value) {
    Ref<Object> getter = constant_function(thread, number(thread, value));
    Ref<Object> property = must(new_property(thread, getter.get(), nullptr, nullptr, nullptr));
    must(set_attribute(thread, type, "p", property.get()));
  };
  replace(here(), 1000);
  run_attached(kernel_.kernel, {[&](ThreadState& thread) {
                                  for (int i = 0; i < kRounds / 3; ++i) {
                                    replace(thread, 1000 + i);
                                    step(thread);
                                  }
                                },
                                [&](ThreadState& thread) {
                                  Ref<Str> name = must(intern(thread, "p"));
                                  std::int64_t newest = 0;
                                  for (int i = 0; i < kRounds; ++i) {
                                    const std::int64_t seen = value_of(thread, object, name);
                                    ASSERT_GE(seen, newest);
                                    newest = seen;
                                    step(thread);
                                  }
                                }});
}

TEST_F(TypesThreadsTest, ASpecialMethodComesAndGoesWhileItIsAskedFor) {
  Ref<Type> base = plain_class(here(), "A");
  Ref<Type> type = class_of(here(), "B", {base});
  Ref<Object> object = made_by(here(), type);
  Ref<Object> length = constant_function(here(), number(here(), 3));
  run_attached(kernel_.kernel, {[&](ThreadState& thread) {
                                  for (int i = 0; i < kRounds / 10; ++i) {
                                    must(set_attribute(thread, base, "__len__", length.get()));
                                    step(thread);
                                    must(set_attribute(thread, base, "__len__", nullptr));
                                    step(thread);
                                  }
                                },
                                [&](ThreadState& thread) {
                                  for (int i = 0; i < kRounds; ++i) {
                                    Result<std::int64_t> result = length_of(thread, object);
                                    if (!result.is_raised()) ASSERT_EQ(result.value(), 3);
                                    step(thread);
                                  }
                                }});
}

TEST_F(TypesThreadsTest, ClassesComeAndGoWhileTheirBaseChanges) {
  Ref<Type> base = plain_class(here(), "A");
  Ref<Object> length = constant_function(here(), number(here(), 3));
  run_attached(kernel_.kernel, {[&](ThreadState& thread) {
                                  for (int i = 0; i < 60; ++i) {
                                    class_of(thread, "B", {base});
                                    if (i % 10 == 9) kernel_.collector.collect(thread);
                                    step(thread);
                                  }
                                },
                                [&](ThreadState& thread) {
                                  for (int i = 0; i < 100; ++i) {
                                    must(set_attribute(thread, base, "__len__", length.get()));
                                    step(thread);
                                    must(set_attribute(thread, base, "__len__", nullptr));
                                    step(thread);
                                  }
                                }});
}

}  // namespace
}  // namespace runtime
