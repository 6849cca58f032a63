#include "runtime/base/once.h"
#include "runtime/base/scenario.h"

namespace runtime {
namespace {

RT_SCENARIO(once_two, "base/once_by_two", "Who finds it done finds everything that was done.") {
  Once once;
  name_address(&once, "once");
  int runs = 0;
  Plain<bool> initialized(false);
  auto use = [&] {
    bool done = once.call([&] {
      ++runs;
      point("initializing");
      initialized.set(true);
      return true;
    });
    RT_CHECK(done && initialized.get(), "it is done after the call");
  };
  in_parallel({use, use});
  RT_CHECK(runs == 1, "the initializer ran once");
}

RT_SCENARIO(once_fails, "base/once_by_two_first_fails",
            "After a failure another thread tries, also one that was already waiting.") {
  Once once;
  name_address(&once, "once");
  int runs = 0;
  int running = 0;
  int failures = 0;
  auto use = [&] {
    bool done = once.call([&] {
      RT_CHECK(++running == 1, "one thread initializes at a time");
      point("initializing");
      --running;
      return ++runs == 2;
    });
    if (!done) ++failures;
  };
  in_parallel({use, use});
  RT_CHECK(runs == 2 && failures == 1, "the first run failed and the second did not");
  RT_CHECK(once.is_done(), "it is done after a run that did not fail");
}

RT_SCENARIO(once_three, "base/once_by_three",
            "All who wait for the initializer go on when it is done.") {
  Once once;
  name_address(&once, "once");
  int runs = 0;
  auto use = [&] { RT_CHECK(once.call([&] { return ++runs == 1; }), "it is done after the call"); };
  in_parallel({use, use, use});
  RT_CHECK(runs == 1, "the initializer ran once");
}

}  // namespace
}  // namespace runtime
