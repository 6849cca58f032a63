#include "runtime/containers/dict_object.h"

#include <gtest/gtest.h>
#include <map>
#include <vector>

#include "runtime/base/random.h"
#include "runtime/containers/dict_test_support.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/foreign_object_test_support.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {
namespace {

class DictTest : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  std::string shown(Borrowed<Object> object) { return repr(here(), object); }
  // The next so many allocations of arrays succeed, then none.
  void limit_memory(std::uint64_t allocations) {
    here().slot(kRawBuffersSlot)->allocations_left = allocations;
  }
  void unlimit_memory() { limit_memory(RawBuffers::kUnlimited); }

  ValueKernel kernel_;
};

TEST_F(DictTest, KeepsTheOrderInWhichKeysCame) {
  Ref<Dict> dict = dict_with(here(), {{"b", 1}, {"a", 2}, {"c", 3}});
  EXPECT_EQ(shown(dict), "{'b': 1, 'a': 2, 'c': 3}");
  set(here(), dict, name_of(here(), "b"), 4);
  EXPECT_EQ(shown(dict), "{'b': 4, 'a': 2, 'c': 3}");
  must(dict_delete(here(), dict, name_of(here(), "b")));
  set(here(), dict, name_of(here(), "b"), 5);
  EXPECT_EQ(shown(dict), "{'a': 2, 'c': 3, 'b': 5}");
  EXPECT_EQ(dict_size(*dict), 3);
}

TEST_F(DictTest, FindsEqualKeysOfDifferentTypes) {
  Ref<Dict> dict = must(new_dict(here()));
  set(here(), dict, number(here(), 1), 10);
  EXPECT_EQ(get(here(), dict, boolean(true)), 10);
  EXPECT_EQ(get(here(), dict, must(new_float(here(), 1.0))), 10);
  EXPECT_EQ(get(here(), dict, text(here(), "1")), kAbsent);
  set(here(), dict, must(new_float(here(), 1.0)), 11);
  EXPECT_EQ(shown(dict), "{1: 11}");  // the first key stays
}

TEST_F(DictTest, FindsStringsThatAreEqualButNotTheSame) {
  Ref<Dict> dict = must(new_dict(here()));
  set(here(), dict, text(here(), "not interned"), 1);
  EXPECT_EQ(get(here(), dict, text(here(), "not interned")), 1);
  EXPECT_EQ(get(here(), dict, name_of(here(), "not interned")), 1);
  EXPECT_EQ(get(here(), dict, text(here(), "another")), kAbsent);
}

TEST_F(DictTest, FindsWhatIsNotEqualToItself) {
  Ref<Dict> dict = must(new_dict(here()));
  Ref<Object> nan = must(new_float(here(), __builtin_nan("")));
  set(here(), dict, nan, 1);
  EXPECT_EQ(get(here(), dict, nan), 1);
  EXPECT_EQ(get(here(), dict, must(new_float(here(), __builtin_nan("")))), kAbsent);
}

TEST_F(DictTest, RaisesWhatPythonRaises) {
  Ref<Dict> dict = must(new_dict(here()));
  Ref<Object> unhashable = must(new_dict(here()));
  EXPECT_EQ(raised_by(here(), dict_set(here(), dict, unhashable, none())),
            "TypeError: cannot use 'dict' as a dict key (unhashable type: 'dict')");
  EXPECT_EQ(raised_by(here(), dict_get(here(), dict, unhashable)),
            "TypeError: cannot use 'dict' as a dict key (unhashable type: 'dict')");
  EXPECT_EQ(raised_by(here(), get_item(here(), dict, text(here(), "a"))), "KeyError: 'a'");
  EXPECT_EQ(raised_by(here(), delete_item(here(), dict, text(here(), "a"))), "KeyError: 'a'");
  EXPECT_EQ(raised_by(here(), dict_pop(here(), dict, number(here(), 7), nullptr)), "KeyError: 7");
  EXPECT_EQ(raised_by(here(), dict_pop(here(), dict, unhashable, nullptr)), "KeyError: {}");
  EXPECT_EQ(raised_by(here(), dict_pop_item(here(), dict)),
            "KeyError: 'popitem(): dictionary is empty'");
  EXPECT_EQ(raised_by(here(), hash_of(here(), dict)), "TypeError: unhashable type: 'dict'");
  EXPECT_EQ(raised_by(here(), compare(here(), dict, dict, CompareOp::kLess)),
            "TypeError: '<' not supported between instances of 'dict' and 'dict'");
  EXPECT_EQ(raised_by(here(), binary(here(), dict, number(here(), 5), BinaryOp::kOr)),
            "TypeError: unsupported operand type(s) for |: 'dict' and 'int'");
  EXPECT_EQ(raised_by(here(), inplace(here(), dict, number(here(), 5), BinaryOp::kOr)),
            "TypeError: 'int' object is not iterable");
}

TEST_F(DictTest, PopsTheNewestItem) {
  Ref<Dict> dict = dict_with(here(), {{"a", 1}, {"b", 2}, {"c", 3}});
  must(dict_delete(here(), dict, text(here(), "b")));
  EXPECT_EQ(told(here(), dict_pop_item(here(), dict)), "('c', 3)");
  set(here(), dict, text(here(), "d"), 4);
  EXPECT_EQ(told(here(), dict_pop_item(here(), dict)), "('d', 4)");
  EXPECT_EQ(told(here(), dict_pop_item(here(), dict)), "('a', 1)");
  EXPECT_EQ(shown(dict), "{}");
}

TEST_F(DictTest, SetDefaultGivesWhatIsThere) {
  Ref<Dict> dict = must(new_dict(here()));
  Ref<Str> key = text(here(), "k");
  EXPECT_EQ(told(here(), dict_set_default(here(), dict, key, number(here(), 1))), "1");
  EXPECT_EQ(told(here(), dict_set_default(here(), dict, key, number(here(), 2))), "1");
  EXPECT_EQ(told(here(), dict_pop(here(), dict, key, none().get())), "1");
  EXPECT_EQ(told(here(), dict_pop(here(), dict, key, none().get())), "None");
}

TEST_F(DictTest, IsUpdatedFromDictsAndPairs) {
  Ref<Dict> dict = dict_with(here(), {{"a", 1}, {"b", 2}});
  must(dict_update(here(), dict, dict_with(here(), {{"b", 3}, {"c", 4}})));
  EXPECT_EQ(shown(dict), "{'a': 1, 'b': 3, 'c': 4}");
  Ref<Tuple> pair = must(new_tuple(here(), {text(here(), "d"), number(here(), 5)}));
  Ref<Tuple> pairs = must(new_tuple(here(), {pair, text(here(), "xy")}));
  must(dict_update(here(), dict, pairs));
  EXPECT_EQ(shown(dict), "{'a': 1, 'b': 3, 'c': 4, 'd': 5, 'x': 'y'}");
  must(dict_update(here(), dict, dict));
  EXPECT_EQ(dict_size(*dict), 5);
  Ref<Tuple> one = must(new_tuple(here(), {text(here(), "x")}));
  EXPECT_EQ(raised_by(here(), dict_update(here(), dict, one)),
            "ValueError: dictionary update sequence element #0 has length 1; 2 is required");
  Ref<Tuple> none_at_all = must(new_tuple(here(), {text(here(), "ab"), number(here(), 3)}));
  EXPECT_EQ(raised_by(here(), dict_update(here(), dict, none_at_all)),
            "TypeError: object is not iterable");
  EXPECT_EQ(raised_by(here(), new_dict_from(here(), number(here(), 5))),
            "TypeError: 'int' object is not iterable");
}

TEST_F(DictTest, IsMergedWithBars) {
  Ref<Dict> left = dict_with(here(), {{"a", 1}, {"b", 2}});
  Ref<Dict> right = dict_with(here(), {{"b", 3}, {"c", 4}});
  EXPECT_EQ(told(here(), binary(here(), left, right, BinaryOp::kOr)), "{'a': 1, 'b': 3, 'c': 4}");
  EXPECT_EQ(shown(left), "{'a': 1, 'b': 2}");
  Ref<Object> same = must(inplace(here(), left, right, BinaryOp::kOr));
  EXPECT_EQ(same.get(), left.get());
  EXPECT_EQ(shown(left), "{'a': 1, 'b': 3, 'c': 4}");
}

TEST_F(DictTest, ComparesItems) {
  Ref<Dict> one = dict_with(here(), {{"a", 1}, {"b", 2}});
  Ref<Dict> other = dict_with(here(), {{"b", 2}, {"a", 1}});
  EXPECT_TRUE(must(compare_is_true(here(), one, other, CompareOp::kEqual)));
  set(here(), other, text(here(), "a"), 3);
  EXPECT_FALSE(must(compare_is_true(here(), one, other, CompareOp::kEqual)));
  EXPECT_TRUE(must(compare_is_true(here(), one, other, CompareOp::kNotEqual)));
  EXPECT_TRUE(must(compare_is_true(here(), one, one, CompareOp::kEqual)));
  EXPECT_FALSE(must(compare_is_true(here(), one, number(here(), 1), CompareOp::kEqual)));
}

TEST_F(DictTest, IsPrintedEvenInsideItself) {
  Ref<Dict> dict = must(new_dict(here()));
  must(dict_set(here(), dict, number(here(), 1), dict));
  must(dict_set(here(), dict, number(here(), 2),
                must(new_dict_view(here(), dict, DictPart::kItems))));
  must(dict_set(here(), dict, number(here(), 3),
                must(new_dict_view(here(), dict, DictPart::kValues))));
  EXPECT_EQ(shown(dict),
            "{1: {...}, 2: dict_items([(1, {...}), (2, ...), (3, dict_values([{...}, ..., ...]))]),"
            " 3: dict_values([{...}, dict_items([(1, {...}), (2, ...), (3, ...)]), ...])}");
  dict_clear(here(), dict);
}

TEST_F(DictTest, IsMadeFromKeys) {
  Ref<Dict> source = dict_with(here(), {{"a", 1}, {"b", 2}});
  EXPECT_EQ(told(here(), dict_from_keys(here(), source, none())), "{'a': None, 'b': None}");
  EXPECT_EQ(told(here(), dict_from_keys(here(), text(here(), "aba"), number(here(), 0))),
            "{'a': 0, 'b': 0}");
}

TEST_F(DictTest, ACopyIsAnother) {
  Ref<Dict> source = dict_with(here(), {{"a", 1}, {"b", 2}, {"c", 3}});
  must(dict_delete(here(), source, text(here(), "a")));
  Ref<Dict> copied = must(copy_dict(here(), source));
  set(here(), source, text(here(), "b"), 9);
  EXPECT_EQ(shown(copied), "{'b': 2, 'c': 3}");
  set(here(), copied, text(here(), "d"), 4);
  EXPECT_EQ(shown(source), "{'b': 9, 'c': 3}");
}

TEST_F(DictTest, EverythingIsDroppedOnce) {
  unsigned ends = 0;
  Ref<Dict> dict = must(new_dict(here()));
  Ref<Str> key = text(here(), "k");
  must(dict_set(here(), dict, key, new_probe(here(), &ends)));
  must(dict_set(here(), dict, key, new_probe(here(), &ends)));
  EXPECT_EQ(ends, 1u);
  must(dict_delete(here(), dict, key));
  EXPECT_EQ(ends, 2u);
  for (int i = 0; i < 100; ++i) {
    must(dict_set(here(), dict, new_probe(here(), &ends), new_probe(here(), &ends)));
  }
  dict_clear(here(), dict);
  EXPECT_EQ(ends, 202u);
  for (int i = 0; i < 100; ++i) {
    must(dict_set(here(), dict, number(here(), i + 1000), new_probe(here(), &ends)));
  }
  dict.drop(here());
  EXPECT_EQ(ends, 302u);
}

TEST_F(DictTest, AnItemThatEndsMayUseTheDict) {
  Ref<Dict> dict = must(new_dict(here()));
  Ref<Probe> probe = new_probe(here(), nullptr, finalized_probe_type);
  give_finalizer(
      *probe,
      [](ThreadState& thread, Probe& dying) {
        auto* its_dict = static_cast<Dict*>(dying.context);
        set(thread, Borrowed(its_dict), shared_int(1), dict_size(*its_dict));
      },
      dict.get());
  must(dict_set(here(), dict, shared_int(1), probe));
  probe.drop(here());
  must(dict_delete(here(), dict, shared_int(1)));
  EXPECT_EQ(shown(dict), "{1: 0}");
}

TEST_F(DictTest, BehavesAsAMapWithOrder) {
  const std::uint64_t seed = 20261121;
  SCOPED_TRACE(seed);
  Random random(seed);
  Ref<Dict> dict = must(new_dict(here()));
  std::vector<std::pair<std::int64_t, std::int64_t>> model;
  const auto find = [&](std::int64_t key) {
    auto at = model.begin();
    while (at != model.end() && at->first != key) ++at;
    return at;
  };
  for (int turn = 0; turn < 20'000; ++turn) {
    const auto key = static_cast<std::int64_t>(random.below(60)) * (std::int64_t{1} << 40);
    Ref<Int> object = number(here(), key);
    const auto at = find(key);
    switch (random.below(turn / 2000 % 2 == 0 ? 4 : 8)) {
      case 0:
      case 1:
        set(here(), dict, object, turn);
        if (at == model.end()) {
          model.emplace_back(key, turn);
        } else {
          at->second = turn;
        }
        break;
      case 2:
        EXPECT_EQ(get(here(), dict, object), at == model.end() ? kAbsent : at->second);
        break;
      case 3:
        must(dict_set_default(here(), dict, object, number(here(), turn)));
        if (at == model.end()) model.emplace_back(key, turn);
        break;
      case 4:
      case 5:
        EXPECT_EQ(static_cast<bool>(must(dict_take(here(), dict, object))), at != model.end());
        if (at != model.end()) model.erase(at);
        break;
      case 6:
        if (!model.empty()) {
          Ref<Tuple> item = must(dict_pop_item(here(), dict));
          EXPECT_EQ(*int64_of(*as_int(item->at(0))), model.back().first);
          model.pop_back();
        }
        break;
      default:
        if (random.one_in(50)) {
          dict_clear(here(), dict);
          model.clear();
        }
    }
    ASSERT_EQ(dict_size(*dict), static_cast<std::int64_t>(model.size()));
    if (turn % 100 != 0) continue;
    Ref<Tuple> keys = must(dict_part_as_tuple(here(), dict, DictPart::kKeys));
    for (std::size_t i = 0; i < model.size(); ++i) {
      EXPECT_EQ(*int64_of(*as_int(keys->at(static_cast<std::int64_t>(i)))), model[i].first);
      EXPECT_EQ(get(here(), dict, keys->at(static_cast<std::int64_t>(i))), model[i].second);
    }
  }
}

TEST_F(DictTest, GrowsThroughAllWidthsOfIndices) {
  Ref<Dict> dict = must(new_dict(here()));
  constexpr std::int64_t kCount = 100'000;
  for (std::int64_t i = 0; i < kCount; ++i) set(here(), dict, number(here(), i), i * 2);
  EXPECT_EQ(dict_size(*dict), kCount);
  for (std::int64_t i = 0; i < kCount; ++i) ASSERT_EQ(get(here(), dict, number(here(), i)), i * 2);
  EXPECT_EQ(get(here(), dict, number(here(), kCount)), kAbsent);
  for (std::int64_t i = 0; i < kCount; ++i) must(dict_delete(here(), dict, number(here(), i)));
  EXPECT_EQ(dict_size(*dict), 0);
}

TEST_F(DictTest, WithoutMemoryItStaysAsItWas) {
  Ref<Dict> dict = must(new_dict(here()));
  limit_memory(0);
  EXPECT_EQ(raised_by(here(), dict_set(here(), dict, shared_int(1), shared_int(2))), "MemoryError");
  unlimit_memory();
  EXPECT_EQ(shown(dict), "{}");
  for (int i = 0; i < 5; ++i) set(here(), dict, shared_int(i), i);
  const std::string before = shown(dict);
  Ref<Dict> more = dict_with(here(), {{"a", 1}, {"b", 2}});
  limit_memory(0);
  EXPECT_EQ(raised_by(here(), dict_set(here(), dict, shared_int(9), shared_int(2))), "MemoryError");
  EXPECT_EQ(raised_by(here(), dict_set_default(here(), dict, shared_int(9), shared_int(2))),
            "MemoryError");
  EXPECT_EQ(raised_by(here(), dict_update(here(), dict, more)), "MemoryError");
  EXPECT_EQ(raised_by(here(), copy_dict(here(), dict)), "MemoryError");
  EXPECT_EQ(raised_by(here(), dicts_are_equal(here(), dict, dict)), "MemoryError");
  EXPECT_EQ(raised_by(here(), repr_of(here(), dict)), "MemoryError");
  limit_memory(1);
  EXPECT_EQ(raised_by(here(), dict_update(here(), dict, more)), "MemoryError");
  unlimit_memory();
  EXPECT_EQ(shown(dict), before);
  must(dict_update(here(), dict, more));
  EXPECT_EQ(dict_size(*dict), 7);
}

// -- foreign code --

// A key that has the hash of 1 and asks the test whether it equals another.
ForeignBodies like_one(
    std::function<Result<bool>(ThreadState& thread, Borrowed<Object> other)> equals) {
  return {.hash = [](ThreadState&) { return Result<std::int64_t>(1); },
          .equals = std::move(equals)};
}

TEST_F(DictTest, EqualityThatClearsTheDictIsAskedAnew) {
  Ref<Dict> dict = must(new_dict(here()));
  int asked = 0;
  Ref<Foreign> key = new_foreign(here(), like_one([&](ThreadState& thread, Borrowed<Object>) {
                                   if (asked++ == 0) dict_clear(thread, dict);
                                   return Result<bool>(true);
                                 }));
  set(here(), dict, shared_int(1), 10);
  EXPECT_EQ(get(here(), dict, key), kAbsent);
  EXPECT_EQ(asked, 1);
  set(here(), dict, shared_int(1), 11);
  EXPECT_EQ(get(here(), dict, key), 11);
}

TEST_F(DictTest, EqualityThatReplacesTheTableIsAskedAnew) {
  Ref<Dict> dict = must(new_dict(here()));
  int asked = 0;
  Ref<Foreign> key = new_foreign(here(), like_one([&](ThreadState& thread, Borrowed<Object>) {
                                   if (asked++ == 0) {
                                     dict_clear(thread, dict);
                                     for (int i = 3; i >= 0; --i)
                                       set(thread, dict, number(thread, i), i + 100);
                                   }
                                   return Result<bool>(true);
                                 }));
  set(here(), dict, shared_int(1), 10);
  EXPECT_EQ(get(here(), dict, key), 101);
  asked = 0;
  set(here(), dict, key, 50);
  EXPECT_EQ(shown(dict), "{3: 103, 2: 102, 1: 50, 0: 100}");
}

// What was found in the old table is another key's entry in the new one.
TEST_F(DictTest, EqualityThatReplacesTheTableWhileSettingHarmsNoOtherKey) {
  Ref<Dict> dict = must(new_dict(here()));
  Ref<Foreign> key = new_foreign(here(), like_one([&](ThreadState& thread, Borrowed<Object>) {
                                   dict_clear(thread, dict);
                                   set(thread, dict, shared_int(7), 70);
                                   set(thread, dict, shared_int(8), 80);
                                   return Result<bool>(true);
                                 }));
  set(here(), dict, shared_int(5), 50);
  set(here(), dict, shared_int(1), 10);
  set(here(), dict, key, 20);
  EXPECT_EQ(get(here(), dict, shared_int(7)), 70);
  EXPECT_EQ(get(here(), dict, shared_int(8)), 80);
  EXPECT_EQ(get(here(), dict, key), 20);
  EXPECT_EQ(dict_size(*dict), 3);
}

TEST_F(DictTest, EqualityThatDeletesTheKeyWhileSettingInserts) {
  Ref<Dict> dict = must(new_dict(here()));
  int asked = 0;
  Ref<Foreign> key = new_foreign(here(), like_one([&](ThreadState& thread, Borrowed<Object>) {
                                   if (asked++ == 0) must(dict_delete(thread, dict, shared_int(1)));
                                   return Result<bool>(true);
                                 }));
  set(here(), dict, shared_int(1), 10);
  set(here(), dict, key, 20);
  EXPECT_EQ(dict_size(*dict), 1);
  Ref<Tuple> item = must(dict_pop_item(here(), dict));
  EXPECT_EQ(item->at(0).get(), key.get());
}

TEST_F(DictTest, EqualityThatRaisesLeavesTheDictAsItWas) {
  Ref<Dict> dict = must(new_dict(here()));
  set(here(), dict, shared_int(1), 10);
  Ref<Foreign> key = new_foreign(here(), like_one([](ThreadState& thread, Borrowed<Object>) {
                                   return Result<bool>(raise_text(thread, value_error_type, "no"));
                                 }));
  const auto expect_no = [&](auto result) {
    EXPECT_EQ(raised_by(here(), std::move(result)), "ValueError: no");
    EXPECT_EQ(shown(dict), "{1: 10}");
  };
  expect_no(dict_get(here(), dict, key));
  expect_no(dict_contains(here(), dict, key));
  expect_no(dict_set(here(), dict, key, none()));
  expect_no(dict_take(here(), dict, key));
  expect_no(dict_delete(here(), dict, key));
  expect_no(dict_pop(here(), dict, key, none().get()));
  expect_no(dict_set_default(here(), dict, key, none()));
  Ref<Dict> other = must(new_dict(here()));
  set(here(), other, key, 1);
  expect_no(dict_update(here(), dict, other));
  expect_no(dicts_are_equal(here(), dict, other));
}

TEST_F(DictTest, AHashThatRaisesIsPassedOn) {
  Ref<Dict> dict = must(new_dict(here()));
  Ref<Foreign> key =
      new_foreign(here(), {.hash = [](ThreadState& thread) {
                    return Result<std::int64_t>(raise_text(thread, value_error_type, "no hash"));
                  }});
  EXPECT_EQ(raised_by(here(), dict_set(here(), dict, key, none())), "ValueError: no hash");
  EXPECT_EQ(shown(dict), "{}");
}

TEST_F(DictTest, UpdatingFromADictThatItsKeysChange) {
  Ref<Dict> dict = must(new_dict(here()));
  Ref<Dict> source = must(new_dict(here()));
  set(here(), dict, shared_int(1), 1);
  Ref<Foreign> key = new_foreign(here(), like_one([&](ThreadState& thread, Borrowed<Object>) {
                                   dict_clear(thread, source);
                                   dict_clear(thread, dict);
                                   return Result<bool>(true);
                                 }));
  set(here(), source, key, 2);
  set(here(), source, shared_int(5), 3);
  must(dict_update(here(), dict, source));
  EXPECT_EQ(dict_size(*source), 0);
  EXPECT_EQ(get(here(), dict, shared_int(5)), 3);  // a snapshot was taken
  EXPECT_EQ(dict_size(*dict), 2);
}

TEST_F(DictTest, ComparingDictsThatTheirValuesChange) {
  Ref<Dict> left = must(new_dict(here()));
  Ref<Dict> right = must(new_dict(here()));
  Ref<Foreign> value = new_foreign(here(), {.equals = [&](ThreadState& thread, Borrowed<Object>) {
                                     dict_clear(thread, left);
                                     dict_clear(thread, right);
                                     return Result<bool>(true);
                                   }});
  must(dict_set(here(), left, shared_int(1), value));
  set(here(), left, shared_int(2), 2);
  set(here(), right, shared_int(1), 1);
  set(here(), right, shared_int(2), 2);
  EXPECT_FALSE(must(dicts_are_equal(here(), left, right)));
}

// -- versions --

TEST_F(DictTest, AVersionHoldsAsLongAsTheKeysDo) {
  Ref<Dict> dict = dict_with(here(), {{"a", 1}, {"b", 2}});
  const std::uint32_t version = dict_version(here(), dict);
  EXPECT_NE(version, 0u);
  const std::int64_t entry = must(dict_entry_of(here(), dict, text(here(), "b")));
  EXPECT_EQ(*int64_of(*as_int(dict_get_at(here(), dict, version, entry))), 2);
  set(here(), dict, text(here(), "b"), 7);
  EXPECT_EQ(dict_version(here(), dict), version);
  EXPECT_EQ(*int64_of(*as_int(dict_get_at(here(), dict, version, entry))), 7);
  set(here(), dict, text(here(), "c"), 3);
  EXPECT_FALSE(dict_get_at(here(), dict, version, entry));
  const std::uint32_t second = dict_version(here(), dict);
  EXPECT_NE(second, version);
  must(dict_delete(here(), dict, text(here(), "a")));
  EXPECT_FALSE(dict_get_at(here(), dict, second, entry));
  const std::uint32_t third = dict_version(here(), dict);
  dict_clear(here(), dict);
  EXPECT_FALSE(dict_get_at(here(), dict, third, entry));
  EXPECT_EQ(dict_version(here(), dict), 0u);
}

// -- other threads --

TEST_F(DictTest, AnotherThreadMakesItShared) {
  Ref<Dict> dict = dict_with(here(), {{"a", 1}});
  set(here(), dict, text(here(), "long"), 12345678);
  EXPECT_FALSE(is_shared(dict.get()));
  run_attached(kernel_.kernel, {[&](ThreadState& thread) {
                 EXPECT_EQ(get(thread, dict, text(thread, "long")), 12345678);
                 EXPECT_EQ(get(thread, dict, text(thread, "long")), 12345678);
                 set(thread, dict, text(thread, "theirs"), 87654321);
               }});
  EXPECT_EQ(is_shared(dict.get()), kFreeThreaded);
  EXPECT_EQ(get(here(), dict, text(here(), "theirs")), 87654321);
  EXPECT_EQ(get(here(), dict, text(here(), "theirs")), 87654321);
}

TEST_F(DictTest, ManyThreadsInsertAndDelete) {
  Ref<Dict> dict = must(new_dict(here()));
  set(here(), dict, text(here(), "pin"), 1);
  std::vector<AttachedBody> bodies;
  for (int t = 0; t < 4; ++t) {
    bodies.push_back([&, t](ThreadState& thread) {
      for (int i = 0; i < 3000; ++i) {
        Ref<Int> key = number(thread, t * 100'000 + i);
        set(thread, dict, key, i);
        EXPECT_EQ(get(thread, dict, key), i);
        EXPECT_EQ(get(thread, dict, text(thread, "pin")), 1);
        if (i % 3 != 0) must(dict_delete(thread, dict, key));
        quiescent_point(thread);
      }
    });
  }
  run_attached(kernel_.kernel, std::move(bodies));
  EXPECT_EQ(dict_size(*dict), 1 + 4 * 1000);
}

}  // namespace
}  // namespace runtime
