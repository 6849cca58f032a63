#include "runtime/containers/reversed_iterator.h"

#include <gtest/gtest.h>

#include "runtime/containers/dict_view.h"
#include "runtime/containers/iterators_test_support.h"
#include "runtime/containers/list_iterator.h"

namespace runtime {
namespace {

class Reversed : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  // Items by index below `length`, IndexError beyond.
  Ref<Object> sequence(std::int64_t* length) {
    return scripted(here(), {.item =
                                 [length](ThreadState& thread, std::int64_t index) {
                                   if (index < *length) {
                                     return Result<Ref<Object>>(number(thread, index));
                                   }
                                   return Result<Ref<Object>>(
                                       raise_text(thread, index_error_type, "out of range"));
                                 },
                             .length = *length});
  }
  std::int64_t hint(Borrowed<Object> iterator) {
    return must(length_hint(here(), *static_cast<ReversedIterator*>(iterator.get())));
  }

  ValueKernel kernel_;
};

TEST_F(Reversed, BeginsAtTheEnd) {
  EXPECT_EQ(items_of(here(), must(new_reversed(here(), number_tuple(here(), {1, 2, 3})))), "3 2 1");
  EXPECT_EQ(items_of(here(), must(new_reversed(here(), text(here(), "ab")))), "'b' 'a'");
  EXPECT_EQ(items_of(here(), must(new_reversed(here(), empty_tuple()))), "");
}

TEST_F(Reversed, AsksDictsAndListsForTheirOwnWay) {
  Ref<Dict> dict = must(new_dict(here()));
  must(dict_set(here(), dict, number(here(), 1), number(here(), 10)));
  must(dict_set(here(), dict, number(here(), 2), number(here(), 20)));
  EXPECT_EQ(items_of(here(), must(new_reversed(here(), dict))), "2 1");
  const auto view = [&](DictPart part) {
    Ref<Object> made = must(new_dict_view(here(), dict, part));
    return items_of(here(), must(new_reversed(here(), made)));
  };
  EXPECT_EQ(view(DictPart::kKeys), "2 1");
  EXPECT_EQ(view(DictPart::kValues), "20 10");
  EXPECT_EQ(view(DictPart::kItems), "(2, 20) (1, 10)");
  Ref<List> list = must(new_list_from(here(), number_tuple(here(), {1, 2})));
  Ref<Object> iterator = must(new_reversed(here(), list));
  EXPECT_EQ(iterator->type, &list_reverse_iterator_type);
  EXPECT_EQ(items_of(here(), iterator), "2 1");
}

TEST_F(Reversed, WantsALengthAndItems) {
  EXPECT_EQ(raised_by(here(), new_reversed(here(), set_of(here(), {}))),
            "TypeError: 'set' object is not reversible");
  EXPECT_EQ(raised_by(here(), new_reversed(here(), shared_int(3))),
            "TypeError: 'int' object is not reversible");
}

TEST_F(Reversed, EndsForEverWhereAnItemIsMissing) {
  std::int64_t length = 4;
  Ref<Object> iterator = must(new_reversed(here(), sequence(&length)));
  EXPECT_EQ(repr(here(), must(next_of(here(), iterator))), "3");
  EXPECT_EQ(hint(iterator), 3);
  length = 1;
  EXPECT_FALSE(must(next_of(here(), iterator)));
  EXPECT_EQ(hint(iterator), 0);
  length = 4;
  EXPECT_FALSE(must(next_of(here(), iterator)));
}

TEST_F(Reversed, EndsWithWhatItsSequenceRaises) {
  Ref<Object> raises = scripted(
      here(), {.item =
                   [](ThreadState& thread, std::int64_t) {
                     return Result<Ref<Object>>(raise_text(thread, value_error_type, "no"));
                   },
               .length = 3});
  Ref<Object> iterator = must(new_reversed(here(), raises));
  EXPECT_EQ(raised_by(here(), next_of(here(), iterator)), "ValueError: no");
  EXPECT_FALSE(must(next_of(here(), iterator)));
}

}  // namespace
}  // namespace runtime
