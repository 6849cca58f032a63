#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "runtime/base/random.h"
#include "runtime/containers/list_test_support.h"
#include "runtime/object/float_object.h"

namespace runtime {
namespace {

class ListSort : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Result<Done> sort(const Ref<List>& list, bool reverse = false) {
    return list_sort(here(), list, nullptr, reverse);
  }
  // Compared by their tags, counting.
  Ref<Foreign> tagged(std::int64_t tag) {
    Ref<Foreign> made = new_foreign(here(), {}, tag);
    made->bodies->less = [this, tag](ThreadState&, Borrowed<Object> other) {
      ++comparisons_;
      return Result<bool>(tag < static_cast<Foreign*>(other.get())->tag);
    };
    return made;
  }

  ValueKernel kernel_;
  std::uint64_t comparisons_ = 0;
};

// A function of one argument.
struct Function : Object {
  std::function<Result<Ref<Object>>(ThreadState&, Borrowed<Object>)>* body;  // owned by the test
};
constexpr Protocol kFunctionProtocol{
    .call = [](ThreadState& thread, Borrowed<Object> self, const CallArguments& arguments) {
      return (*static_cast<Function*>(self.get())->body)(thread, arguments.positional[0]);
    }};
constinit Type function_type(TypeSlots{
    .name = "Function", .size = sizeof(Function), .protocol = &kFunctionProtocol});

using Body = std::function<Result<Ref<Object>>(ThreadState&, Borrowed<Object>)>;
Ref<Function> function(ThreadState& thread, Body& body) {
  Ref<Function> made = new_object<Function>(thread, function_type);
  made->body = &body;
  return made;
}

// By insertion, behind what is equal.
void sort_slowly(std::vector<Foreign*>& items, bool reverse) {
  for (std::size_t i = 1; i < items.size(); ++i) {
    Foreign* item = items[i];
    std::size_t at = i;
    for (; at > 0; --at) {
      const std::int64_t before = items[at - 1]->tag;
      if (reverse ? before >= item->tag : before <= item->tag) break;
      items[at] = items[at - 1];
    }
    items[at] = item;
  }
}

TEST_F(ListSort, RandomListsOfAllShapesAreSortedStably) {
  constexpr std::uint64_t kSeed = 4'711;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  Random random(kSeed);
  for (const std::size_t size : {0u, 1u, 2u, 3u, 31u, 63u, 64u, 65u, 100u, 500u, 2000u}) {
    for (int shape = 0; shape < 6; ++shape) {
      for (const bool reverse : {false, true}) {
        SCOPED_TRACE(std::to_string(size) + " of shape " + std::to_string(shape));
        Ref<List> list = must(new_list(here()));
        std::vector<Foreign*> model;
        for (std::size_t i = 0; i < size; ++i) {
          const auto n = static_cast<std::int64_t>(i);
          const std::int64_t tags[] = {n,
                                       -n,
                                       static_cast<std::int64_t>(random.below(size + 1)),
                                       static_cast<std::int64_t>(random.below(3)),
                                       n % 50,
                                       random.one_in(20) ? 0 : n};
          Ref<Foreign> item = tagged(tags[shape]);
          model.push_back(item.get());
          must(list_append(here(), list, std::move(item)));
        }
        comparisons_ = 0;
        must(sort(list, reverse));
        sort_slowly(model, reverse);
        ASSERT_EQ(list_size(*list), static_cast<std::int64_t>(size));
        for (std::size_t i = 0; i < size; ++i) {
          ASSERT_EQ(list_get(here(), list, static_cast<std::int64_t>(i)).get(), model[i]);
        }
        if (shape == (reverse ? 1 : 0) && size > 0) {
          EXPECT_EQ(comparisons_, size - 1);
        }
        const double bound =
            static_cast<double>(size) * (std::log2(static_cast<double>(size) + 1) + 1);
        EXPECT_LE(static_cast<double>(comparisons_), bound);
      }
    }
  }
}

TEST_F(ListSort, NumbersAndTextsAreSortedByValue) {
  Ref<List> ints = numbers(here(), {3, -1, 2, 1'000'000'000'000, 0});
  must(sort(ints));
  EXPECT_EQ(repr(here(), ints), "[-1, 0, 2, 3, 1000000000000]");
  must(sort(ints, true));
  EXPECT_EQ(repr(here(), ints), "[1000000000000, 3, 2, 0, -1]");
  Ref<List> mixed = numbers(here(), {3, 1});
  must(list_append(here(), mixed, must(new_float(here(), 2.5))));
  must(sort(mixed));
  EXPECT_EQ(repr(here(), mixed), "[1, 2.5, 3]");
  Ref<List> floats = must(new_list(here()));
  for (const double value : {2.5, -1.0, 1e300}) {
    must(list_append(here(), floats, must(new_float(here(), value))));
  }
  must(sort(floats));
  EXPECT_EQ(repr(here(), floats), "[-1.0, 2.5, 1e+300]");
  Ref<List> texts = must(new_list_from(here(), text(here(), "heddle")));
  must(sort(texts));
  EXPECT_EQ(repr(here(), texts), "['d', 'd', 'e', 'e', 'h', 'l']");
  must(list_append(here(), texts, shared_int(1)));
  EXPECT_EQ(raised_by(here(), sort(texts)),
            "TypeError: '<' not supported between instances of 'int' and 'str'");
}

TEST_F(ListSort, AKeyIsAskedOncePerItem) {
  unsigned asked = 0;
  Body body = [&](ThreadState& thread, Borrowed<Object> item) -> Result<Ref<Object>> {
    ++asked;
    return unary(thread, item, UnaryOp::kNegative);
  };
  Ref<Function> key = function(here(), body);
  Ref<List> list = numbers(here(), {1, 3, 2});
  must(list_sort(here(), list, key.get(), false));
  EXPECT_EQ(repr(here(), list), "[3, 2, 1]");
  EXPECT_EQ(asked, 3u);
  must(list_sort(here(), list, &none_object, false));
  EXPECT_EQ(repr(here(), list), "[1, 2, 3]");
  Ref<Object> five = shared_int(5);
  EXPECT_EQ(raised_by(here(), list_sort(here(), list, five.get(), false)),
            "TypeError: 'int' object is not callable");
  EXPECT_EQ(repr(here(), list), "[1, 2, 3]");
}

TEST_F(ListSort, AnExceptionLeavesAllItemsInTheList) {
  for (unsigned fails_at = 1; fails_at < 1200; fails_at += 37) {
    unsigned ends = 0;
    Ref<List> list = must(new_list(here()));
    for (std::int64_t i = 0; i < 200; ++i) {
      Ref<Foreign> item = tagged((i * 7919) % 200);
      item->bodies->ends = &ends;
      item->bodies->less = [this, fails_at, tag = item->tag](ThreadState& thread,
                                                             Borrowed<Object> other) {
        if (++comparisons_ == fails_at) {
          return Result<bool>(raise_text(thread, key_error_type, "x"));
        }
        return Result<bool>(tag < static_cast<Foreign*>(other.get())->tag);
      };
      must(list_append(here(), list, std::move(item)));
    }
    comparisons_ = 0;
    EXPECT_EQ(raised_by(here(), sort(list)), "KeyError: 'x'");
    std::vector<std::int64_t> tags;
    for (std::int64_t i = 0; Ref<Object> item = list_get(here(), list, i); ++i) {
      tags.push_back(static_cast<Foreign*>(item.get())->tag);
    }
    std::sort(tags.begin(), tags.end());
    ASSERT_EQ(tags.size(), 200u);
    for (std::int64_t i = 0; i < 200; ++i) ASSERT_EQ(tags[static_cast<std::size_t>(i)], i);
    EXPECT_EQ(ends, 0u);
    list_clear(here(), list);
    EXPECT_EQ(ends, 200u);
  }
}

TEST_F(ListSort, TheListLooksEmptyMeanwhile) {
  Ref<List> list = numbers(here(), {2, 1});
  std::int64_t seen = -1;
  Body body = [&](ThreadState& thread, Borrowed<Object> item) -> Result<Ref<Object>> {
    seen = list_size(*list);
    EXPECT_FALSE(list_get(thread, list, 0));
    must(list_sort(thread, list, nullptr, false));  // of nothing
    list_clear(thread, list);
    return Ref<Object>::share(thread, item);
  };
  Ref<Function> key = function(here(), body);
  must(list_sort(here(), list, key.get(), false));
  EXPECT_EQ(seen, 0);
  EXPECT_EQ(repr(here(), list), "[1, 2]");
}

TEST_F(ListSort, AChangeMeanwhileIsReportedAndUndone) {
  unsigned ends = 0;
  Ref<List> list = numbers(here(), {2, 1});
  Body body = [&](ThreadState& thread, Borrowed<Object> item) -> Result<Ref<Object>> {
    must(list_append(thread, list, new_probe(thread, &ends)));
    return Ref<Object>::share(thread, item);
  };
  Ref<Function> key = function(here(), body);
  EXPECT_EQ(raised_by(here(), list_sort(here(), list, key.get(), false)),
            "ValueError: list modified during sort");
  EXPECT_EQ(repr(here(), list), "[1, 2]");
  EXPECT_EQ(ends, 2u);
  body = [&](ThreadState& thread, Borrowed<Object> item) -> Result<Ref<Object>> {
    must(list_append(thread, list, none()));
    list_clear(thread, list);
    return Ref<Object>::share(thread, item);
  };
  EXPECT_EQ(raised_by(here(), list_sort(here(), list, key.get(), false)),
            "ValueError: list modified during sort");
  EXPECT_EQ(repr(here(), list), "[1, 2]");
}

}  // namespace
}  // namespace runtime
