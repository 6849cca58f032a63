// A list that some threads sort and turn round while others read it.
//
// Checked: a reader gets a number of the list or none, and a copy is empty or has each number once.
#include <algorithm>

#include "stress/list_storm.h"

namespace stress {
namespace {

constexpr std::int64_t kItems = 100;

int run(int argc, char** argv) {
  using namespace runtime;
  ListStorm storm(argc, argv, "Does a list that is sorted look empty or whole?");
  Ref<List> list = range_list(storm.here(), kItems);
  storm.storm([&](StressThread& thread) {
    ThreadState& state = thread.state();
    if (thread.index() == 0 || thread.random().one_in(20)) {
      if (thread.random().one_in(2)) list_reverse(state, list);
      must(list_sort(state, list, nullptr, thread.random().one_in(2)));
      return;
    }
    const std::int64_t value =
        value_of(list_get(state, list, static_cast<std::int64_t>(thread.random().below(kItems))));
    RT_CHECK(-1 <= value && value < kItems, "what is read was in the list");
    Ref<List> copy = must(list_copy(state, list));
    std::vector<std::int64_t> values = values_of(state, copy);
    RT_CHECK(values.empty() || values.size() == kItems, "a copy is empty or whole");
    std::sort(values.begin(), values.end());
    for (std::size_t i = 0; i < values.size(); ++i) {
      RT_CHECK(values[i] == static_cast<std::int64_t>(i), "each number is there once");
    }
  });
  RT_CHECK(list_size(*list) == kItems, "nothing is lost");
  list.drop(storm.here());
  return storm.run().finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
