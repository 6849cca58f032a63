// Quiescent reports and the object heap.
#include "runtime/memory/memory.h"

#include <atomic>
#include <memory>
#include <mimalloc.h>
#include <vector>

#include "bench/kernel/contests.h"
#include "runtime/base/random.h"
#include "runtime/memory/deferred_free.h"

namespace bench {

namespace {

using runtime::HeapKind;
using runtime::ThreadState;

// One way of getting and giving back memory.
struct Ours {
  ThreadState* thread;
  void* allocate(std::size_t bytes) const {
    return runtime::allocate_object(*thread, bytes, HeapKind::kPlain);
  }
  void free(void* block) const { runtime::free_object(*thread, block); }
  void pause() const { runtime::quiescent_point(*thread); }
};
struct Mimalloc {
  void* allocate(std::size_t bytes) const { return mi_malloc(bytes); }
  void free(void* block) const { mi_free(block); }
  void pause() const {}
};

// An object is used: its first word is written.
template <class Heap>
inline void* make(const Heap& heap, std::size_t bytes) {
  void* block = heap.allocate(bytes);
  *static_cast<std::uint64_t*>(block) = bytes;
  keep_memory();
  return block;
}

template <class Heap>
Side one_at_a_time(Heap heap, std::size_t bytes) {
  return repeat([heap, bytes] {
    heap.free(make(heap, bytes));
    keep_memory();
  });
}

constexpr std::size_t kRow = 1000;

template <class Heap>
Side rows(Heap heap, std::size_t bytes) {
  auto row = std::make_shared<std::vector<void*>>(kRow);
  return repeat(
      [heap, bytes, row, blocks = row->data()] {
        for (std::size_t i = 0; i < kRow; ++i) blocks[i] = make(heap, bytes);
        for (std::size_t i = 0; i < kRow; ++i) heap.free(blocks[i]);
        heap.pause();
      },
      kRow);
}

// A population in which objects of 32, 48 and 64 bytes live for some time and die in another order
// than they were born.
template <class Heap>
Side population(Heap heap) {
  constexpr std::size_t kLiving = 4096;
  constexpr std::size_t kSteps = 1 << 14;
  struct State {
    explicit State(Heap its_heap) : heap(its_heap), living(kLiving) {
      runtime::Random random(1);
      for (std::size_t i = 0; i < kSteps; ++i) {
        places.push_back(static_cast<std::uint16_t>(random.below(kLiving)));
        sizes.push_back(static_cast<std::uint8_t>(32 + 16 * random.below(3)));
      }
      for (void*& block : living) block = make(heap, 48);
    }
    ~State() {
      for (void* block : living) heap.free(block);
    }
    Heap heap;
    std::vector<void*> living;
    std::vector<std::uint16_t> places;
    std::vector<std::uint8_t> sizes;
  };
  auto state = std::make_shared<State>(heap);
  return repeat(
      [state, heap, living = state->living.data(), places = state->places.data(),
       sizes = state->sizes.data()] {
        for (std::size_t i = 0; i < kSteps; ++i) {
          void*& place = living[places[i]];
          heap.free(place);
          place = make(heap, sizes[i]);
        }
        heap.pause();
      },
      kSteps);
}

// One thread makes, another frees; they pass blocks along by the hundred.
template <class MakeHeap>
Seconds freed_elsewhere(std::uint64_t rounds, std::size_t bytes, MakeHeap with_heap) {
  constexpr std::size_t kParcel = 128;
  constexpr std::size_t kParcels = 8;
  struct alignas(64) Parcel {
    std::atomic<bool> is_full{false};
    void* blocks[kParcel];
  };
  std::vector<Parcel> parcels(kParcels);
  const std::uint64_t count = rounds / kParcel;
  auto wait_for = [](Parcel& parcel, bool full) {
    while (parcel.is_full.load(std::memory_order_acquire) != full) __builtin_ia32_pause();
  };
  auto maker = [&](const std::function<void()>& start) {
    with_heap([&](const auto& heap) {
      start();
      for (std::uint64_t i = 0; i < count; ++i) {
        Parcel& parcel = parcels[i % kParcels];
        wait_for(parcel, false);
        for (void*& block : parcel.blocks) block = make(heap, bytes);
        parcel.is_full.store(true, std::memory_order_release);
        heap.pause();
      }
    });
  };
  auto freer = [&](const std::function<void()>& start) {
    with_heap([&](const auto& heap) {
      start();
      for (std::uint64_t i = 0; i < count; ++i) {
        Parcel& parcel = parcels[i % kParcels];
        wait_for(parcel, true);
        for (void* block : parcel.blocks) heap.free(block);
        parcel.is_full.store(false, std::memory_order_release);
        heap.pause();
      }
    });
  };
  return together({maker, freer});
}

}  // namespace

void add_memory(Program& program) {
  runtime::World world;
  runtime::Memory memory(world);
  ThreadState* thread = world.create_thread();
  runtime::attach(*thread);
  Ours ours{thread};
  Mimalloc mimalloc;

  std::atomic<std::uint64_t> from{1};
  std::atomic<std::uint64_t> to{0};
  program.add({.name = "memory/quiescent_report",
               .operation = "report_quiescent",
               .rival = "a load and a store",
               .ours = repeat([thread] {
                 runtime::report_quiescent(*thread);
                 keep_memory();
               }),
               .theirs = repeat([from = &from, to = &to] {
                 to->store(from->load(std::memory_order_acquire), std::memory_order_release);
                 keep_memory();
               }),
               .nanoseconds_at_most = 1});
  for (std::size_t bytes : {32u, 48u, 64u}) {
    program.add({.name = "memory/pair_" + std::to_string(bytes),
                 .operation = "allocate and free " + std::to_string(bytes) + " bytes",
                 .rival = "mimalloc",
                 .ours = one_at_a_time(ours, bytes),
                 .theirs = one_at_a_time(mimalloc, bytes),
                 .at_most = 1.05});
  }
  program.add({.name = "memory/rows_48",
               .operation = "1000 of 48 bytes, then free them",
               .rival = "mimalloc",
               .ours = rows(ours, 48),
               .theirs = rows(mimalloc, 48),
               .at_most = 1.05});
  program.add({.name = "memory/population",
               .operation = "replace one of 4096 of 32 to 64",
               .rival = "mimalloc",
               .ours = population(ours),
               .theirs = population(mimalloc),
               .at_most = 1.05});
  auto with_ours = [&world](auto work) {
    ThreadState* mine = world.create_thread();
    runtime::attach(*mine);
    work(Ours{mine});
    world.destroy_thread(mine);
  };
  auto with_mimalloc = [](auto work) { work(Mimalloc{}); };
  runtime::detach(*thread);
  for (std::size_t bytes : {32u, 64u}) {
    program.add(
        {.name = "memory/freed_elsewhere_" + std::to_string(bytes),
         .operation = "allocate here, free there, " + std::to_string(bytes),
         .rival = "mimalloc",
         .ours = [&](std::uint64_t rounds) { return freed_elsewhere(rounds, bytes, with_ours); },
         .theirs =
             [&](std::uint64_t rounds) { return freed_elsewhere(rounds, bytes, with_mimalloc); },
         .at_most = 1.5});
  }
  world.destroy_thread(thread);
}

}  // namespace bench
