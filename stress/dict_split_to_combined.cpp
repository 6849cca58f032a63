// Instances whose dicts outgrow them while others read.
//
// A few instances are used by all threads, and replaced now and then. Some set more attributes than
// the instance has room for, or a key that is no name, so that the values move into the dict; others
// read attributes by way of the instance and by way of its dict, without a lock.
//
// Checked: the first attribute, which nobody deletes, is always found, both ways; each value is one
// of its attribute.
#include "stress/instance_storm.h"

namespace stress {
namespace {

void take_turn(InstanceBoard& board, StressThread& thread) {
  ThreadState& state = thread.state();
  const std::int64_t place = board.any_place(thread);
  Ref<Instance> instance = board.find(state, place);
  const std::int64_t attribute = board.any_attribute(thread);
  Borrowed<Str> name = board.name(attribute);
  const std::int64_t value = InstanceBoard::any_value(thread, attribute);
  switch (thread.random().below(16)) {
    case 0:
      return set(state, instance, name, value);
    case 1:
      return set(state, must(instance_dict(state, instance)), name, value);
    case 2:
      if (thread.random().one_in(4)) board.replace(state, place);
      return;
    case 3:
      if (thread.random().one_in(16)) {
        set(state, must(instance_dict(state, instance)), number(state, 7), 7);
      }
      return;
    case 4:
      if (attribute != 0) (void)must(instance_delete(state, instance, name));
      return;
    case 5:
    case 6:
    case 7:
      RT_CHECK(get(state, instance, board.name(0)) != kAbsent, "what nobody deletes is there");
      RT_CHECK(get(state, must(instance_dict(state, instance)), board.name(0)) != kAbsent,
               "what nobody deletes is there");
      return;
    case 8:
    case 9:
    case 10:
      return InstanceBoard::check(attribute,
                                  get(state, must(instance_dict(state, instance)), name));
    default:
      return InstanceBoard::check(attribute, get(state, instance, name));
  }
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) {
  return stress::storm_over_instances(argc, argv,
                                      "Are attributes found while their values move into a dict?",
                                      8, &stress::take_turn);
}
