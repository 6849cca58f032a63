#include "runtime/base/scenario.h"

#include <algorithm>
#include <cstring>

namespace runtime {

namespace {

std::vector<Scenario>& registered() {
  static std::vector<Scenario> scenarios;
  return scenarios;
}

}  // namespace

RegisterScenario::RegisterScenario(const Scenario& scenario) {
  std::vector<Scenario>& scenarios = registered();
  auto place = std::upper_bound(scenarios.begin(), scenarios.end(), scenario,
                                [](const Scenario& left, const Scenario& right) {
                                  return std::strcmp(left.name, right.name) < 0;
                                });
  scenarios.insert(place, scenario);
}

const std::vector<Scenario>& all_scenarios() { return registered(); }

void in_parallel(std::vector<std::function<void()>> bodies) {
  std::vector<Thread> threads;
  threads.reserve(bodies.size());
  for (std::function<void()>& body : bodies) threads.push_back(Thread(std::move(body)));
  for (Thread& thread : threads) thread.join();
}

void name_address([[maybe_unused]] const void* address, [[maybe_unused]] const char* name) {
#if HEDDLE_SCHEDULED
  machine::name_word(address, name);
#endif
}

void advance_time([[maybe_unused]] Nanoseconds by) {
#if HEDDLE_SCHEDULED
  machine::advance_time(by);
#endif
}

}  // namespace runtime
