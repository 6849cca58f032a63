// Reference counts: of owned, immortal, foreign and per-thread counted objects.
#include <array>
#include <atomic>

#include "bench/kernel/contests.h"
#include "runtime/object/kernel.h"
#include "runtime/object/refcount.h"
#include "runtime/object/type.h"

namespace bench {

namespace {

using runtime::Kernel;
using runtime::Object;
using runtime::ThreadState;

runtime::Type plain_type(runtime::TypeSlots{.name = "plain"});
Object immortal(&plain_type);

// Of the size of an object, so that a row of them spreads over as many cache lines.
struct alignas(32) PlainCount {
  std::uint32_t count = 1;
};

inline void count_up_and_down(ThreadState& thread, Object* object) {
  runtime::increment(thread, object);
  keep_memory();
  runtime::decrement(thread, object);
  keep_memory();
}

inline void count_up_and_down(PlainCount* plain) {
  ++plain->count;
  keep_memory();
  --plain->count;
  keep_memory();
}

inline void count_up_and_down(std::atomic<std::int64_t>* shared) {
  shared->fetch_add(1, std::memory_order_relaxed);
  keep_memory();
  shared->fetch_sub(1, std::memory_order_acq_rel);
  keep_memory();
}

Object* make(ThreadState& thread) {
  Object* object = runtime::allocate_instance(thread, plain_type, sizeof(Object));
  if (object == nullptr) std::abort();
  return object;
}

// `rounds` pairs in all, by so many threads of the kernel.
template <class Pair>
Seconds by_threads(Kernel& kernel, unsigned count, std::uint64_t rounds, Pair pair) {
  auto body = [&](const std::function<void()>& start) {
    ThreadState* thread = kernel.world().create_thread();
    runtime::attach(*thread);
    pair(*thread);  // what happens only the first time is not timed
    start();
    for (std::uint64_t i = 0; i < rounds / count; ++i) pair(*thread);
    kernel.world().destroy_thread(thread);
  };
  return together({count, body});
}

constexpr std::size_t kRow = 64;

}  // namespace

void add_counts(Program& program) {
  Kernel kernel;
  ThreadState* thread = &kernel.first_thread();
  std::array<Object*, kRow> owned;
  for (Object*& object : owned) object = make(*thread);
  std::array<PlainCount, kRow> plain;

  auto plain_pair = repeat([count = &plain[0]] { count_up_and_down(count); });
  auto plain_row = repeat(
      [row = plain.data()] {
        for (std::size_t i = 0; i < kRow; ++i) count_up_and_down(row + i);
      },
      kRow);
  program.add({.name = "counts/owned",
               .operation = "increment and decrement",
               .rival = "++ and -- in memory",
               .ours = repeat([thread, object = owned[0]] { count_up_and_down(*thread, object); }),
               .theirs = plain_pair,
               .at_most = 1.5});
  // Here nothing waits for the operation before, so the number of instructions shows: 16 against 2.
  program.add({.name = "counts/owned_row",
               .operation = "the same on 64 objects in turn",
               .rival = "++ and --",
               .ours = repeat(
                   [thread, row = owned.data()] {
                     for (std::size_t i = 0; i < kRow; ++i) count_up_and_down(*thread, row[i]);
                   },
                   kRow),
               .theirs = plain_row});
  program.add({.name = "counts/immortal",
               .operation = "increment and decrement",
               .rival = "++ and -- in memory",
               .ours = repeat([thread, object = &immortal] { count_up_and_down(*thread, object); }),
               .theirs = plain_pair,
               .at_most = 1.05});

  // An object of another thread: what sharing costs where nobody contends.
  Object* foreign = make(*thread);
  std::atomic<std::int64_t> shared{1};
  {
    ThreadState* other = kernel.world().create_thread();
    runtime::detach(*thread);
    runtime::attach(*other);
    program.add({.name = "counts/foreign",
                 .operation = "increment and decrement",
                 .rival = "two atomic operations",
                 .ours = repeat([other, foreign] { count_up_and_down(*other, foreign); }),
                 .theirs = repeat([count = &shared] { count_up_and_down(count); })});
    runtime::detach(*other);
    runtime::attach(*thread);
    kernel.world().destroy_thread(other);
  }

  {
    runtime::Ref<runtime::Type> type =
        runtime::new_type(*thread, runtime::TypeSlots{.name = "counted"});
    runtime::ThreadCounted* counted = type.get();
    auto pair = [counted](ThreadState& by) {
      runtime::increment_per_thread(by, counted);
      keep_memory();
      runtime::decrement_per_thread(by, counted);
      keep_memory();
    };
    runtime::Detached detached(*thread);
    program.add(
        {.name = "counts/per_thread_by_two",
         .operation = "increment_per_thread pair by 2",
         .rival = "by 1 thread",
         .ours = [&](std::uint64_t rounds) { return by_threads(kernel, 2, rounds, pair); },
         .theirs = [&](std::uint64_t rounds) { return by_threads(kernel, 1, rounds, pair); },
         .at_most = 1 / 1.8});
    program.add({.name = "counts/per_thread_or_shared",
                 .operation = "increment_per_thread pair by 2",
                 .rival = "increment pair by 2",
                 .ours = [&](std::uint64_t rounds) { return by_threads(kernel, 2, rounds, pair); },
                 .theirs =
                     [&](std::uint64_t rounds) {
                       return by_threads(kernel, 2, rounds, [counted](ThreadState& by) {
                         count_up_and_down(by, counted);
                       });
                     }});
  }

  runtime::decrement(*thread, foreign);
  for (Object* object : owned) runtime::decrement(*thread, object);
}

}  // namespace bench
