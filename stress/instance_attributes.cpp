// Attributes of instances that all threads use.
//
// Each thread sets, reads and deletes attributes of a few instances; all names have room in the
// instance. Now and then one asks for the dict, clears or replaces it, or puts a new instance into
// the place of another.
//
// Checked: each value is one of its attribute; a dict has as many keys as it gives out.
#include "runtime/containers/dict_test_support.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/object/kernel.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using namespace runtime;

constexpr std::int64_t kFactor = 1'000'000;  // value = attribute * kFactor + anything

// Where the threads find the instances: a dict from places to instances, which they replace.
class Board {
 public:
  explicit Board(ThreadState& thread) {
    type_ = attributes_type(thread, kAttributes);
    board_ = must(new_dict(thread));
    for (std::int64_t i = 0; i < kNames; ++i) {
      names_.push_back(name_of(thread, "attribute" + std::to_string(i)));
    }
    for (std::int64_t i = 0; i < kPlaces; ++i) replace(thread, i);
  }

  void turn(StressThread& thread);
  void finish(ThreadState& thread) { board_.drop(thread); }

 private:
  static constexpr unsigned kAttributes = 4;  // with room in the instance
  static constexpr std::int64_t kNames = 4;
  static constexpr std::int64_t kPlaces = 3;

  void replace(ThreadState& thread, std::int64_t place) {
    Ref<Instance> fresh = instance_of(thread, type_);
    set(thread, fresh, names_[0], 0);
    must(dict_set(thread, board_, shared_int(place), fresh));
  }
  Ref<Instance> find(ThreadState& thread, std::int64_t place) {
    Ref<Object> found = must(dict_get(thread, board_, shared_int(place)));
    RT_CHECK(static_cast<bool>(found), "a place of the board is never empty");
    return Ref<Instance>::adopt(static_cast<Instance*>(found.release()));
  }
  static void check(std::int64_t attribute, std::int64_t value) {
    RT_CHECK(value == kAbsent || value / kFactor == attribute, "a value is one of its attribute");
  }

  Ref<InstanceType> type_;
  Ref<Dict> board_;
  std::vector<Ref<Str>> names_;
};

void Board::turn(StressThread& thread) {
  ThreadState& state = thread.state();
  const auto place = static_cast<std::int64_t>(thread.random().below(kPlaces));
  Ref<Instance> instance = find(state, place);
  const auto attribute = static_cast<std::int64_t>(thread.random().below(kNames));
  Borrowed<Str> name = names_[static_cast<std::size_t>(attribute)];
  const auto value = attribute * kFactor + static_cast<std::int64_t>(thread.random().below(1000));
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
      if (thread.random().one_in(4)) replace(state, place);
      return;
    default:
      return check(attribute, get(state, instance, name));
  }
}

int run(int argc, char** argv) {
  StressRun storm(argc, argv, "Do threads that set attributes of one instance lose any?");
  ValueKernel kernel;
  Board board(kernel.here());
  {
    Detached detached(kernel.here());
    storm.storm(kernel.kernel.world(), [&](StressThread& thread) {
      while (thread.goes_on()) {
        board.turn(thread);
        quiescent_point(thread.state());
      }
    });
  }
  board.finish(kernel.here());
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
