// Attributes of instances that all threads use.
//
// Each thread sets, reads and deletes attributes of a few instances; all names have room in the
// instance. Now and then one asks for the dict, clears or replaces it, or puts a new instance into
// the place of another.
//
// Checked: each value is one of its attribute; a dict has as many keys as it gives out.
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
    case 1:
    case 2:
    case 3:
      return set(state, instance, name, value);
    case 4:
    case 5:
      (void)must(instance_delete(state, instance, name));
      return;
    case 6: {
      if (!thread.random().one_in(8)) return;
      Ref<Dict> dict = must(instance_dict(state, instance));
      Ref<Dict> copied = must(copy_dict(state, dict));
      Ref<Tuple> keys = must(dict_part_as_tuple(state, copied, DictPart::kKeys));
      RT_CHECK(keys->size == dict_size(*copied), "a dict has as many keys as it says");
      if (thread.random().one_in(4)) dict_clear(state, dict);
      if (thread.random().one_in(4)) must(set_instance_dict(state, instance, std::move(copied)));
      return;
    }
    case 7:
      if (thread.random().one_in(4)) board.replace(state, place);
      return;
    default:
      return InstanceBoard::check(attribute, get(state, instance, name));
  }
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) {
  return stress::storm_over_instances(argc, argv,
                                      "Do threads that set attributes of one instance lose any?", 4,
                                      &stress::take_turn);
}
