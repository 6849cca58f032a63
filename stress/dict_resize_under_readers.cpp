// Readers of one dict while its table is replaced over and over.
//
// Some keys are there from the beginning and are never deleted; writers insert and delete others by
// the hundred, so that the table grows and is replaced, give the pinned keys new values, and now and
// then copy the dict or update it from another. Readers look for pinned keys and for keys of the
// writers without a lock, and iterate. Keys are ints and strings, made anew for each look: they are
// compared, not recognised.
//
// Checked: a pinned key is always found; every value says of which key it is; a copy has all pinned
// keys.
#include "runtime/containers/dict_test_support.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/object/kernel.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using namespace runtime;

constexpr std::int64_t kPins = 16;
constexpr std::int64_t kOthers = 500;
constexpr std::int64_t kFactor = 1'000'000;  // value = key * kFactor + anything

Ref<Object> key_of(ThreadState& thread, std::int64_t number_of_key) {
  if (number_of_key % 2 == 0) return number(thread, number_of_key * kFactor);
  return text(thread, "key" + std::to_string(number_of_key));
}

void check_value(std::int64_t number_of_key, std::int64_t value) {
  RT_CHECK(value / kFactor == number_of_key, "a value is one of its key");
}

void read(StressThread& thread, Borrowed<Dict> dict) {
  ThreadState& state = thread.state();
  const auto wanted = static_cast<std::int64_t>(thread.random().below(kPins + kOthers));
  const std::int64_t value = get(state, dict, key_of(state, wanted));
  RT_CHECK(value != kAbsent || wanted >= kPins, "a pinned key is found");
  if (value != kAbsent) check_value(wanted, value);
  if (!thread.random().one_in(200)) return;
  Ref<Object> items = must(new_dict_iterator(state, dict, DictPart::kItems, Direction::kForward));
  for (;;) {
    Result<Ref<Object>> item = next_of(state, items);
    if (item.is_raised() || !item.value()) break;
    Borrowed<Tuple> pair = as_tuple(item.value());
    if (is_int(*pair->at(0))) {
      check_value(*int64_of(*as_int(pair->at(0))) / kFactor, *int64_of(*as_int(pair->at(1))));
    }
  }
}

void write(StressThread& thread, Borrowed<Dict> dict) {
  ThreadState& state = thread.state();
  const auto changed = static_cast<std::int64_t>(thread.random().below(kPins + kOthers));
  Ref<Object> key = key_of(state, changed);
  const auto value = static_cast<std::int64_t>(thread.random().below(kFactor));
  if (changed >= kPins && thread.random().one_in(2)) {
    must(dict_take(state, dict, key));
  } else {
    set(state, dict, key, changed * kFactor + value);
  }
  if (!thread.random().one_in(500)) return;
  Ref<Dict> copied = must(copy_dict(state, dict));
  for (std::int64_t pin = 0; pin < kPins; ++pin) {
    check_value(pin, get(state, copied, key_of(state, pin)));
  }
  must(dict_update(state, dict, copied));
}

int run(int argc, char** argv) {
  StressRun storm(argc, argv, "Is a key that nobody deletes always found, and with its value?");
  ValueKernel kernel;
  Ref<Dict> dict = must(new_dict(kernel.here()));
  for (std::int64_t pin = 0; pin < kPins; ++pin) {
    set(kernel.here(), dict, key_of(kernel.here(), pin), pin * kFactor);
  }
  {
    Detached detached(kernel.here());
    storm.storm(kernel.kernel.world(), [&](StressThread& thread) {
      while (thread.goes_on()) {
        if (thread.random().one_in(3)) {
          write(thread, dict);
        } else {
          read(thread, dict);
        }
        quiescent_point(thread.state());
      }
    });
  }
  for (std::int64_t pin = 0; pin < kPins; ++pin) {
    check_value(pin, get(kernel.here(), dict, key_of(kernel.here(), pin)));
  }
  dict.drop(kernel.here());
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
