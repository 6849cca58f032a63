#include "runtime/modules/contexts_hamt.h"

#include <gtest/gtest.h>
#include <map>
#include <vector>

#include "runtime/base/random.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

constinit Type hamt_test_key_type(TypeSlots{.name = "key", .size = sizeof(HamtKey)});

Ref<HamtKey> hamt_test_key(ThreadState& thread, std::uint32_t hash) {
  Ref<HamtKey> key = new_object<HamtKey>(thread, hamt_test_key_type);
  key->hash = hash;
  return key;
}

using Model = std::map<HamtKey*, std::int64_t>;

void expect_same(const HamtNode* root, const Model& model, const std::vector<Ref<HamtKey>>& keys) {
  ASSERT_EQ(hamt_size(root), static_cast<std::int64_t>(model.size()));
  for (const Ref<HamtKey>& key : keys) {
    const Object* found = hamt_find(root, *key);
    const auto expected = model.find(key.get());
    ASSERT_EQ(found != nullptr, expected != model.end());
    if (found != nullptr) {
      ASSERT_EQ(static_cast<const Int*>(found)->small, expected->second);
    }
  }
}

TEST(Hamt, EachVersionStaysWhatItWasWhateverTheHashes) {
  ValueKernel kernel;
  ThreadState& thread = kernel.here();
  // All different; few different ones; all bits but the last equal; all the same.
  const std::uint32_t masks[] = {0xFFFFFFFF, 0x3, 0x80000001, 0};
  for (std::uint32_t mask : masks) {
    Random random(mask + 1);
    std::vector<Ref<HamtKey>> keys;
    for (int i = 0; i < 40; ++i) {
      keys.push_back(hamt_test_key(thread, static_cast<std::uint32_t>(random.next()) & mask));
    }
    Ref<HamtNode> root;
    Model model;
    std::vector<std::pair<Ref<HamtNode>, Model>> versions;
    for (int step = 0; step < 2000; ++step) {
      HamtKey* key = keys[random.next() % keys.size()].get();
      if (random.next() % 3 == 0 && model.count(key) != 0) {
        root = must(hamt_without(thread, root.get(), *key));
        model.erase(key);
      } else {
        const auto value = static_cast<std::int64_t>(step);
        root = must(hamt_with(thread, root.get(), Borrowed(key), number(thread, value)));
        model[key] = value;
      }
      if (step % 50 == 0) {
        versions.emplace_back(root ? root.duplicate(thread) : Ref<HamtNode>(), model);
        expect_same(root.get(), model, keys);
      }
    }
    for (const auto& [version, then] : versions) expect_same(version.get(), then, keys);
  }
}

TEST(Hamt, IsEmptyAgainWhenTheLastKeyHasGone) {
  ValueKernel kernel;
  ThreadState& thread = kernel.here();
  Ref<HamtKey> one = hamt_test_key(thread, 7);
  Ref<HamtKey> other = hamt_test_key(thread, 7);
  Ref<HamtNode> root = must(hamt_with(thread, nullptr, one, shared_int(1)));
  root = must(hamt_with(thread, root.get(), other, shared_int(2)));
  EXPECT_EQ(hamt_size(root.get()), 2);
  root = must(hamt_without(thread, root.get(), *one));
  EXPECT_EQ(hamt_find(root.get(), *one), nullptr);
  EXPECT_NE(hamt_find(root.get(), *other), nullptr);
  root = must(hamt_without(thread, root.get(), *other));
  EXPECT_EQ(root.get(), nullptr);
}

}  // namespace
}  // namespace runtime
