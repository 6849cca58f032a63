// Readers without a lock, and writers who replace under them what they read.
//
// Checked: a buffer keeps its bytes for as long as a reader may be inside, which is plain data, so
// that a sanitizer sees a free that nothing orders after the last read; threads detach, exit and
// come again, and somebody drains everything now and then; in the end each buffer was freed once.
#include <cinttypes>
#include <cstdio>

#include "runtime/base/check.h"
#include "runtime/memory/memory.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using runtime::Atomic;
using runtime::Memory;
using runtime::ThreadState;

constexpr unsigned kPlaces = 4;
constexpr Nanoseconds kLifeOfAThread = 100'000'000;

// The first word says how long it is; each word is that number, so that both ends can be checked.
struct Buffer {
  static Buffer* create(ThreadState& thread, std::size_t words) {
    auto* buffer = static_cast<Buffer*>(runtime::raw_allocate(thread, words * sizeof(Buffer)));
    RT_CHECK(buffer != nullptr, "there is memory");
    buffer[0].word = words;
    buffer[words - 1].word = words;
    return buffer;
  }
  void check() const {
    std::uint64_t words = word;
    RT_CHECK(words >= 2 && words <= kMostWords, "a buffer keeps its bytes while it is read");
    RT_CHECK(this[words - 1].word == words, "a buffer keeps its bytes while it is read");
  }
  [[nodiscard]] std::size_t bytes() const { return word * sizeof(Buffer); }

  static constexpr std::uint64_t kMostWords = 40'000;
  std::uint64_t word;
};

struct alignas(64) Place {
  Atomic<Buffer*> buffer{nullptr};
};

std::size_t some_size(runtime::Random& random) {
  if (random.one_in(500)) return Buffer::kMostWords;  // a few of these fill a batch
  return 2 + random.below(random.one_in(10) ? 500 : 20);
}

void retire(ThreadState& thread, Buffer* old) {
  if (old != nullptr) runtime::free_deferred(thread, old, old->bytes());
}

void turn(StressThread& thread, Place* places) {
  ThreadState& state = thread.state();
  runtime::Random& random = thread.random();
  switch (random.below(16)) {
    case 0:
    case 1: {
      Buffer* fresh = Buffer::create(state, some_size(random));
      return retire(state, places[random.below(kPlaces)].buffer.exchange_acq_rel(fresh));
    }
    case 2:
    case 3:
    case 4:
    case 5:
      return runtime::quiescent_point(state);
    case 6:
      if (random.one_in(20)) runtime::Detached detached(state);
      return;
    case 7:
      if (random.one_in(10)) runtime::process_deferred(state);
      return;
    case 8:
      if (random.one_in(2000)) runtime::drain_everything(state);
      return;
    default: {
      // Several at a time, all of them between two quiescent points.
      const Buffer* held[3];
      for (const Buffer*& buffer : held) {
        buffer = places[random.below(kPlaces)].buffer.load_acquire();
        if (buffer != nullptr) buffer->check();
      }
      for (const Buffer* buffer : held) {
        if (buffer != nullptr) buffer->check();
      }
    }
  }
}

int run(int argc, char** argv) {
  StressRun storm(argc, argv, "Is a buffer freed only when no reader can be inside?");
  runtime::World world;
  Memory memory(world);
  Place places[kPlaces];
  do {
    storm.storm(
        world,
        [&](StressThread& thread) {
          while (thread.goes_on()) turn(thread, places);
        },
        kLifeOfAThread);
  } while (runtime::now() < storm.end());
  ThreadState* last = world.create_thread();
  {
    runtime::Attached attached(*last);
    for (Place& place : places) retire(*last, place.buffer.exchange_acq_rel(nullptr));
    runtime::drain_everything(*last);
    runtime::MemoryStatistics statistics = memory.statistics();
    RT_CHECK(statistics.deferred_buffers == 0, "nothing waits after everything was drained");
    RT_CHECK(statistics.raw_bytes == 0, "each buffer was freed once");
  }
  world.destroy_thread(last);
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
