// How long the world takes to stand still.
#include <algorithm>
#include <atomic>
#include <thread>

#include "bench/kernel/contests.h"
#include "runtime/threads/attach.h"
#include "runtime/threads/stop_the_world.h"
#include "runtime/threads/world.h"

namespace bench {

namespace {

std::string percentiles(std::vector<Seconds> times) {
  std::sort(times.begin(), times.end());
  auto at = [&](double part) {
    return 1e6 * times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
  };
  char text[120];
  std::snprintf(text, sizeof text, "p50 %.0f us, p99 %.0f us, longest %.0f us, of %zu stops",
                at(0.5), at(0.99), at(1), times.size());
  return text;
}

// `count` attached threads that reach a safe point every few nanoseconds, and one more that stops
// them all.
std::string stop_times(unsigned count, unsigned stops) {
  runtime::World world;
  std::atomic<bool> end{false};
  std::atomic<unsigned> running{0};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < count; ++i) {
    threads.emplace_back([&] {
      runtime::ThreadState* thread = world.create_thread();
      runtime::attach(*thread);
      running.fetch_add(1);
      while (!end.load(std::memory_order_relaxed)) runtime::safe_point(*thread);
      world.destroy_thread(thread);
    });
  }
  while (running.load() != count) std::this_thread::yield();
  runtime::ThreadState* requester = world.create_thread();
  runtime::attach(*requester);
  std::vector<Seconds> times;
  for (unsigned i = 0; i < stops; ++i) {
    Seconds begun = wall_time();
    runtime::stop_the_world(*requester);
    times.push_back(wall_time() - begun);
    runtime::start_the_world(*requester);
    // Let them run again before the next stop.
    runtime::Detached detached(*requester);
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  end.store(true);
  world.destroy_thread(requester);
  for (std::thread& thread : threads) thread.join();
  return percentiles(std::move(times));
}

}  // namespace

void add_stops(Program& program) {
  for (unsigned count : {1u, 8u}) {
    std::string name = "stops/" + std::to_string(count) + "_attached_threads";
    if (program.wants(name)) program.add(Measurement{name, stop_times(count, 1000)});
  }
}

}  // namespace bench
