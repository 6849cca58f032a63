// Threads that extend two lists by each other, and cut them when they are long.
//
// Each list begins with items in runs of four equal ones, and whatever is added is a whole copy of a
// list. Checked: nobody waits for ever, and every copy of either list consists of whole runs.
#include "stress/list_storm.h"

namespace stress {
namespace {

int run(int argc, char** argv) {
  using namespace runtime;
  ListStorm storm(argc, argv, "Is a list extended by another as a whole?");
  Ref<List> lists[2] = {numbers(storm.here(), {1, 1, 1, 1}), numbers(storm.here(), {2, 2, 2, 2})};
  Ref<Slice> tail = slice(storm.here(), 4, kNo);
  storm.storm([&](StressThread& thread) {
    ThreadState& state = thread.state();
    const std::size_t one = thread.random().below(2);
    must(list_extend(state, lists[one], lists[1 - one]));
    Ref<List> copy = must(list_copy(state, lists[one]));
    RT_CHECK(list_size(*copy) % 4 == 0, "a copy consists of whole runs");
    for (std::int64_t i = 0; i < list_size(*copy); i += 4) {
      Ref<Object> first = list_get(state, copy, i);
      for (std::int64_t j = 1; j < 4; ++j) {
        RT_CHECK(list_get(state, copy, i + j).get() == first.get(), "a run is whole");
      }
    }
    if (list_size(*copy) > 200) must(list_set_slice(state, lists[one], tail, nullptr));
  });
  for (Ref<List>& list : lists) list.drop(storm.here());
  return storm.run().finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
