// Scenarios that hold and scenarios that fail, for the test of kernel_explore itself.
#include "runtime/base/scenario.h"

namespace runtime {
namespace {

RT_SCENARIO(right, "good/two_increments", "Two atomic increments count two.") {
  Atomic<int> counter{0};
  auto once = [&] { counter.fetch_add(1); };
  in_parallel({once, once});
  RT_CHECK(counter.load() == 2, "two increments count two");
}

RT_SCENARIO(also_right, "good/flag", "Who sees the flag sees the message.") {
  Atomic<int> flag{0};
  Plain<int> message{0};
  in_parallel({[&] {
                 message.set(1);
                 flag.store_release(1);
               },
               [&] {
                 if (flag.load_acquire() == 1) RT_CHECK(message.get() == 1, "the message is there");
               }});
}

RT_SCENARIO(wrong, "planted/lost_update", "Wrong: a load and a store are an increment.") {
  Atomic<int> counter{0};
  name_address(&counter, "counter");
  auto once = [&] { counter.store(counter.load() + 1); };
  in_parallel({once, once});
  RT_CHECK(counter.load() == 2, "two increments count two");
}

RT_SCENARIO(stuck, "planted/two_orders", "Wrong: two locks may be taken in two orders.") {
  Semaphore left, right;
  left.post();
  right.post();
  auto take_both = [](Semaphore& first, Semaphore& second) {
    first.wait();
    second.wait();
    second.post();
    first.post();
  };
  in_parallel({[&] { take_both(left, right); }, [&] { take_both(right, left); }});
}

}  // namespace
}  // namespace runtime
