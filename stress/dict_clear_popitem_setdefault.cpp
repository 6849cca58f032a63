// Threads that give and take the keys of one dict: each value goes to exactly one of them.
//
// Every thread sets defaults with numbers of its own, pops keys, pops the newest item, and clears the
// dict now and then. What popitem() and pop() give out is counted by who gets it.
//
// Checked: setdefault() gives what the thread offered or what another one did; a value that was
// taken out is taken once: no number comes twice.
#include <memory>

#include "runtime/containers/dict_test_support.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/object/kernel.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using namespace runtime;

constexpr std::int64_t kKeys = 40;
constexpr std::size_t kNumbers = std::size_t{1} << 22;

class Takers {
 public:
  void take(Borrowed<Object> value) {
    const auto number_taken = static_cast<std::size_t>(*int64_of(*as_int(value)));
    RT_CHECK(number_taken < kNumbers, "a value is a number that was offered");
    RT_CHECK(taken_[number_taken].exchange_acq_rel(true) == false, "a value is taken once");
  }
  // A number that nobody had; relaxed: nothing else depends on it.
  std::size_t next() { return next_.fetch_add_relaxed(1); }

 private:
  std::unique_ptr<Atomic<bool>[]> taken_ { new Atomic<bool>[ kNumbers ] };
  Atomic<std::size_t> next_{1000};
};

void turn(StressThread& thread, Borrowed<Dict> dict, Takers& takers) {
  ThreadState& state = thread.state();
  Ref<Int> key = number(state, static_cast<std::int64_t>(thread.random().below(kKeys)) + 5000);
  switch (thread.random().below(8)) {
    case 0:
    case 1:
    case 2:
    case 3: {
      const std::size_t mine = takers.next();
      if (mine >= kNumbers) return;
      Ref<Int> offered = number(state, static_cast<std::int64_t>(mine));
      Ref<Object> there = must(dict_set_default(state, dict, key, offered));
      RT_CHECK(there->type == &int_type, "setdefault gives what somebody offered");
      return;
    }
    case 4:
    case 5:
      if (Ref<Object> value = must(dict_take(state, dict, key))) takers.take(value);
      return;
    case 6: {
      Result<Ref<Tuple>> item = dict_pop_item(state, dict);
      if (!item.is_raised()) takers.take(item.value()->at(1));
      return;
    }
    default:
      if (thread.random().one_in(20)) dict_clear(state, dict);
      (void)get(state, dict, key);
  }
}

int run(int argc, char** argv) {
  StressRun storm(argc, argv, "Is every value of a dict given to one taker at most?");
  ValueKernel kernel;
  Ref<Dict> dict = must(new_dict(kernel.here()));
  Takers takers;
  {
    Detached detached(kernel.here());
    storm.storm(kernel.kernel.world(), [&](StressThread& thread) {
      while (thread.goes_on()) {
        turn(thread, dict, takers);
        quiescent_point(thread.state());
      }
    });
  }
  Ref<Tuple> left = must(dict_part_as_tuple(kernel.here(), dict, DictPart::kValues));
  for (std::int64_t i = 0; i < left->size; ++i) takers.take(left->at(i));
  left.drop(kernel.here());
  dict.drop(kernel.here());
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
