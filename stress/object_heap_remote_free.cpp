// Objects that are allocated on one thread and freed on another, while others look at their headers
// without a lock.
//
// Threads exchange objects over a few places and free what they get. They exit and come again, so
// that their pages are abandoned and adopted; the sizes in use change with them, so that pages
// become empty and are cut anew.
//
// Checked: nobody else writes into an object (its body is plain data, which also lets a sanitizer
// see a block that is used again without an order); where a pointer leads that was loaded after the
// last quiescent point, there is a header; in the end each block was freed once and no page is lost.
#include <cinttypes>
#include <cstdio>
#include <cstring>

#include "runtime/base/check.h"
#include "runtime/memory/memory.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using runtime::Atomic;
using runtime::HeapKind;
using runtime::Memory;
using runtime::ThreadState;

constexpr unsigned kPlaces = 64;
constexpr Nanoseconds kLifeOfAThread = 50'000'000;

struct Object {
  // The bytes that anybody may look at. Bodies are filled with something else, so that a pointer
  // into the middle of another object does not find it.
  static constexpr std::uint64_t kHeader = 0x0123'4567'89ab'cdef;
  Atomic<std::uint64_t> header;
  std::uint64_t more_header[2];
  std::uint64_t type;
  std::uint32_t body_words;
  std::uint32_t seal;

  std::uint32_t* body() { return reinterpret_cast<std::uint32_t*>(this + 1); }

  static Object* create(StressThread& thread, std::size_t bytes) {
    HeapKind kind = thread.random().one_in(4) ? HeapKind::kPlain : HeapKind::kCollected;
    auto* object = static_cast<Object*>(runtime::allocate_object(thread.state(), bytes, kind));
    RT_CHECK(object != nullptr, "there is memory");
    object->header.store_relaxed(kHeader);  // others may look; they find a header either way
    object->body_words = static_cast<std::uint32_t>((bytes - sizeof(Object)) / 4);
    object->seal = ~object->body_words;
    for (std::uint32_t word = 0; word < object->body_words; ++word) object->body()[word] = word;
    return object;
  }
  void destroy(ThreadState& thread) {
    RT_CHECK(seal == ~body_words, "an object keeps its bytes");
    for (std::uint32_t word = 0; word < body_words; ++word) {
      RT_CHECK(body()[word] == word, "an object keeps its bytes");
    }
    runtime::free_object(thread, this);
  }
};

struct alignas(64) Place {
  Atomic<Object*> object{nullptr};
};

// Two sizes at a time, other ones in each life, and a large object now and then.
std::size_t some_size(runtime::Random& random, std::uint64_t life) {
  if (random.one_in(1000)) return 20'000;
  return sizeof(Object) + 16 * (life % 7) + (random.one_in(2) ? 0 : 200 * (life % 5));
}

// Pointers that one thread has loaded without counting a reference, each perhaps stale by now. They
// may be looked at until its next quiescent point.
class StalePointers {
 public:
  void add(Object* object) {
    if (object != nullptr) objects_[next_++ % kMost] = object;
  }
  void look() const {
    for (Object* object : objects_) {
      if (object == nullptr) continue;
      RT_LAW(runtime::Law::kHeadersOutliveReaders, object->header.load_relaxed() == Object::kHeader,
             object);
    }
  }
  void forget() {
    for (Object*& object : objects_) object = nullptr;
  }

 private:
  static constexpr unsigned kMost = 16;
  Object* objects_[kMost] = {};
  unsigned next_ = 0;
};

void turn(StressThread& thread, Place* places, StalePointers& stale, std::uint64_t life) {
  ThreadState& state = thread.state();
  runtime::Random& random = thread.random();
  Place& place = places[random.below(kPlaces)];
  switch (random.below(8)) {
    case 0: {
      Object* old = place.object.exchange_acq_rel(nullptr);
      if (old != nullptr) old->destroy(state);
      return;
    }
    case 1:
    case 2: {
      Object* old = place.object.exchange_acq_rel(Object::create(thread, some_size(random, life)));
      if (old != nullptr) old->destroy(state);
      return;
    }
    case 3:
      if (!random.one_in(20)) return;
      stale.forget();
      return runtime::quiescent_point(state);
    case 4:
      if (random.one_in(100)) runtime::process_deferred(state);
      if (random.one_in(20'000)) {
        stale.forget();
        runtime::drain_everything(state);
      }
      return;
    default:
      stale.add(place.object.load_acquire());
      stale.look();
  }
}

int run(int argc, char** argv) {
  StressRun storm(argc, argv, "Does every block come back, and is it a header for who looks?");
  runtime::World world;
  Memory memory(world);
  Place places[kPlaces];
  std::uint64_t life = 0;
  do {
    storm.storm(
        world,
        [&](StressThread& thread) {
          StalePointers stale;
          while (thread.goes_on()) turn(thread, places, stale, life);
        },
        kLifeOfAThread);
    ++life;
  } while (runtime::now() < storm.end());
  ThreadState* last = world.create_thread();
  {
    runtime::Attached attached(*last);
    for (Place& place : places) {
      if (Object* object = place.object.load()) object->destroy(*last);
    }
    runtime::MemoryStatistics before = memory.statistics();
    RT_CHECK(before.objects == 0, "each block was freed once");
    runtime::drain_everything(*last);
    runtime::MemoryStatistics after = memory.statistics();
    RT_CHECK(after.pages_owned + after.pages_waiting + after.pages_abandoned == 0,
             "pages without objects go to the pool");
    std::printf("%" PRIu64 " blocks freed elsewhere, %" PRIu64 " pages adopted, %" PRIu64
                " cut anew or given back\n",
                after.remote_frees, after.pages_adopted, after.pages_recycled);
  }
  world.destroy_thread(last);
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
