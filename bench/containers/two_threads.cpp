// One list and one dict that two threads use at the same time.
//
// What scales is measured against one thread doing the same; what there is besides, against the
// usual ways of sharing a container in C++. The items are small ints, which nobody counts; items
// that are counted are measured too: there the two threads meet at the counts, not at the container.
#include <mutex>
#include <oneapi/tbb/concurrent_hash_map.h>
#include <shared_mutex>

#include "bench/containers/contests.h"
#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"

namespace bench {

namespace {

using runtime::Borrowed;
using runtime::Dict;
using runtime::Kernel;
using runtime::List;
using runtime::Object;
using runtime::Ref;
using runtime::ThreadState;

constexpr std::int64_t kItems = 250;  // so many small ints are shared
constexpr double kTwiceAsMuch = 1 / 1.8;

// Each thread begins elsewhere.
std::int64_t place(unsigned number, std::uint64_t i) {
  return static_cast<std::int64_t>((i + number * 97) % kItems);
}

// The same containers in Python's way and in C++'s. The items are those of `list`.
struct Shared {
  Ref<List> list;
  Ref<Dict> dict;
  std::vector<Ref<Object>> keys;
  std::vector<Object*> vector;
  tbb::concurrent_hash_map<std::int64_t, Object*> map;
  std::shared_mutex shared_mutex;

  Shared(ThreadState& thread, std::int64_t first_item)
      : list(must(runtime::new_list(thread))), dict(must(runtime::new_dict(thread))) {
    for (std::int64_t i = 0; i < kItems; ++i) {
      Ref<Object> item = must(runtime::new_int(thread, first_item + i));
      keys.push_back(must(runtime::new_int(thread, i)));
      must(runtime::dict_set(thread, dict, keys.back(), item));
      vector.push_back(item.get());
      map.insert({i, item.get()});
      must(runtime::list_append(thread, list, std::move(item)));
    }
  }
};

void add_reading(Program& program, Runtime& runtime, Shared& shared, const std::string& items,
                 double target) {
  Kernel& kernel = runtime.kernel;
  const auto index = [&](ThreadState& thread, unsigned number, std::uint64_t i) {
    Ref<Object> item = runtime::list_get(thread, shared.list, place(number, i));
    keep_memory();
    item.drop(thread);
  };
  const auto get = [&](ThreadState& thread, unsigned number, std::uint64_t i) {
    Ref<Object> value = must(runtime::dict_get(
        thread, shared.dict, shared.keys[static_cast<std::size_t>(place(number, i))]));
    keep_memory();
    value.drop(thread);
  };
  const auto index_vector = [&](ThreadState& thread, unsigned number, std::uint64_t i) {
    Object* object;
    {
      std::shared_lock lock(shared.shared_mutex);
      object = shared.vector.at(static_cast<std::size_t>(place(number, i)));
      runtime::increment(thread, object);
    }
    keep_memory();
    runtime::decrement(thread, object);
  };
  const auto find = [&](ThreadState& thread, unsigned number, std::uint64_t i) {
    Object* object;
    {
      decltype(shared.map)::const_accessor found;
      if (!shared.map.find(found, place(number, i))) std::abort();
      object = found->second;
      runtime::increment(thread, object);
    }
    keep_memory();
    runtime::decrement(thread, object);
  };
  const auto by = [&kernel](unsigned count, const auto& operation) -> Side {
    return [&kernel, count, &operation](std::uint64_t rounds) {
      return by_threads(kernel, count, rounds, operation);
    };
  };
  program.add({.name = "two/list_index_" + items,
               .operation = "take an item, drop it, by 2",
               .rival = "by 1 thread",
               .ours = by(2, index),
               .theirs = by(1, index),
               .at_most = target});
  program.add({.name = "two/list_index_or_vector_" + items,
               .operation = "take an item, drop it, by 2",
               .rival = "std::vector, std::shared_mutex, by 2",
               .ours = by(2, index),
               .theirs = by(2, index_vector)});
  program.add({.name = "two/dict_get_" + items,
               .operation = "take a value, drop it, by 2",
               .rival = "by 1 thread",
               .ours = by(2, get),
               .theirs = by(1, get),
               .at_most = target});
  program.add({.name = "two/dict_get_or_tbb_" + items,
               .operation = "take a value, drop it, by 2",
               .rival = "tbb::concurrent_hash_map, by 2",
               .ours = by(2, get),
               .theirs = by(2, find)});
}

void add_appending(Program& program, Runtime& runtime) {
  Kernel& kernel = runtime.kernel;
  program.add(
      {.name = "two/list_append",
       .operation = "append to one list, by 2",
       .rival = "std::vector, std::mutex, by 2",
       .ours =
           [&](std::uint64_t rounds) {
             Ref<List> list;
             {
               runtime::Attached attached(runtime.here);
               list = must(runtime::new_list(runtime.here));
             }
             const Seconds time =
                 by_threads(kernel, 2, rounds, [&](ThreadState& thread, unsigned, std::uint64_t i) {
                   must(runtime::list_append(
                       thread, list, runtime::shared_int(static_cast<std::int64_t>(i % kItems))));
                 });
             runtime::Attached attached(runtime.here);
             list.drop(runtime.here);
             return time;
           },
       .theirs =
           [&](std::uint64_t rounds) {
             std::vector<Object*> vector;
             std::mutex mutex;
             return by_threads(
                 kernel, 2, rounds, [&](ThreadState& thread, unsigned, std::uint64_t i) {
                   Ref<Object> item = runtime::shared_int(static_cast<std::int64_t>(i % kItems));
                   std::lock_guard guard(mutex);
                   runtime::increment(thread, item.get());
                   vector.push_back(item.get());
                 });
           },
       .at_most = 1});
}

}  // namespace

void add_two_threads(Program& program) {
  Runtime runtime;
  {
    Shared uncounted(runtime.here, 0);
    Shared counted(runtime.here, 10'000);
    {
      runtime::Detached detached(runtime.here);
      add_reading(program, runtime, uncounted, "uncounted", kTwiceAsMuch);
      add_reading(program, runtime, counted, "counted", 0);
      add_appending(program, runtime);
    }
  }
}

}  // namespace bench
