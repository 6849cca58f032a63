// Dicts of instances that end while the dicts are read and changed.
//
// Threads take the dict of an instance and let the instance go, or put another into its place, so
// that it ends in whatever thread was the last to hold it; meanwhile others read and change the dict.
//
// Checked: the first attribute, which nobody deletes, is in the dict before and after the end of its
// instance; each value is one of its attribute.
#include "stress/instance_storm.h"

namespace stress {
namespace {

void take_turn(InstanceBoard& board, StressThread& thread) {
  ThreadState& state = thread.state();
  const std::int64_t place = board.any_place(thread);
  Ref<Instance> instance = board.find(state, place);
  Ref<Dict> dict = must(instance_dict(state, instance));
  if (thread.random().one_in(2)) board.replace(state, place);
  if (thread.random().one_in(2)) instance.drop(state);
  for (unsigned i = 0; i < 8; ++i) {
    const std::int64_t attribute = board.any_attribute(thread);
    Borrowed<Str> name = board.name(attribute);
    if (thread.random().one_in(4)) {
      set(state, dict, name, InstanceBoard::any_value(thread, attribute));
    } else {
      InstanceBoard::check(attribute, get(state, dict, name));
    }
    RT_CHECK(get(state, dict, board.name(0)) != kAbsent, "what nobody deletes is there");
  }
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) {
  return stress::storm_over_instances(argc, argv, "Does a dict keep what its instance had?", 5,
                                      &stress::take_turn);
}
