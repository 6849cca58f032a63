#include "runtime/object/type.h"

#include <gtest/gtest.h>
#include <iterator>
#include <set>
#include <vector>

#include "runtime/base/build.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

// Pages are used again for blocks of another size: then a header lies where text was.
TEST(Type, AnObjectInMemoryOfAnotherSizeBeginsUnlocked) {
  if (!kFreeThreaded) GTEST_SKIP() << "objects have no lock in the GIL build";
#if !HEDDLE_GIL
  ValueKernel kernel;
  const std::string full(1000, '\xFF');
  std::vector<Ref<Bytes>> large;
  std::set<std::uintptr_t> places;
  for (int i = 0; i < 2000; ++i) {
    large.push_back(must(new_bytes(kernel.here(), full)));
    places.insert(reinterpret_cast<std::uintptr_t>(large.back().get()));
  }
  large.clear();
  drain_everything(kernel.here());
  std::vector<Ref<Int>> small;
  bool is_inside = false;
  for (int i = 0; i < 100000; ++i) {
    small.push_back(must(new_int(kernel.here(), 1'000'000 + i)));
    EXPECT_FALSE(small.back()->mutex.is_locked());
    const auto place = reinterpret_cast<std::uintptr_t>(small.back().get());
    const auto above = places.upper_bound(place);
    if (above != places.begin()) is_inside = is_inside || place - *std::prev(above) < full.size();
  }
  EXPECT_TRUE(is_inside) << "no page was used again, so nothing was tested";
#endif
}

}  // namespace
}  // namespace runtime
