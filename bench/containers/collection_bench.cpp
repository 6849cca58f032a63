// What a collection of many live objects costs, and what a list of ints weighs:
//   collection_bench [--objects N] [--collections N]
// Prints one figure per line; bench/collection runs it in turns with python3 on the same graph.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "bench/containers/contests.h"
#include "runtime/collector/collector.h"
#include "runtime/containers/list_object.h"

namespace bench {

namespace {

using runtime::List;
using runtime::Ref;
using runtime::ThreadState;

// N lists in one, each with references to two of them: the same ones as in bench/collection.
Ref<List> make_graph(ThreadState& thread, std::int64_t objects) {
  Ref<List> all = must(runtime::new_list(thread));
  std::vector<List*> nodes;
  for (std::int64_t i = 0; i < objects; ++i) {
    Ref<List> node = must(runtime::new_list(thread));
    nodes.push_back(node.get());
    must(runtime::list_append(thread, all, std::move(node)));
  }
  std::uint32_t random = 1;
  for (List* node : nodes) {
    for (int edge = 0; edge < 2; ++edge) {
      random = random * 1664525u + 1013904223u;
      List* other = nodes[random % nodes.size()];
      must(runtime::list_append(
          thread, runtime::Borrowed<List>(node),
          Ref<runtime::Object>::share(thread, runtime::Borrowed<runtime::Object>(other))));
    }
  }
  return all;
}

}  // namespace

int measure(std::int64_t objects, int collections) {
  Runtime runtime;
  ThreadState& thread = runtime.here;
  runtime::Collector collector(runtime.kernel);
  collector.disable();
  {
    const auto before = runtime.kernel.memory().statistics();
    Ref<List> ints = must(runtime::new_list(thread));
    for (std::int64_t i = 0; i < objects; ++i) {
      must(runtime::list_append(thread, ints, must(runtime::new_int(thread, 1'000'000 + i))));
    }
    const auto after = runtime.kernel.memory().statistics();
    const auto object_bytes = static_cast<double>(after.object_bytes - before.object_bytes);
    const auto raw_bytes = static_cast<double>(after.raw_bytes - before.raw_bytes);
    std::printf("bytes_per_int %.2f\nbytes_per_slot %.2f\n",
                object_bytes / static_cast<double>(objects),
                raw_bytes / static_cast<double>(objects));
  }
  Ref<List> graph = make_graph(thread, objects);
  for (int i = 0; i < collections; ++i) {
    const Seconds begun = wall_time();
    const runtime::CollectionResult result = collector.collect(thread);
    const Seconds total = wall_time() - begun;
    if (result.collected != 0) std::abort();
    const auto last = collector.last();
    std::printf("first_pause_ms %.3f\nsecond_pause_ms %.3f\ntotal_ms %.3f\n",
                1e-6 * static_cast<double>(last.first_pause),
                1e-6 * static_cast<double>(last.second_pause), 1e3 * total);
  }
  // The graph is garbage now, but for the list of all, which nobody visits twice.
  list_clear(thread, graph);
  graph.drop(thread);
  const Seconds begun = wall_time();
  const runtime::CollectionResult result = collector.collect(thread);
  std::printf("garbage_total_ms %.3f\ngarbage_objects %lld\n", 1e3 * (wall_time() - begun),
              static_cast<long long>(result.collected));
  const auto last = collector.last();
  std::printf("garbage_first_pause_ms %.3f\ngarbage_second_pause_ms %.3f\n",
              1e-6 * static_cast<double>(last.first_pause),
              1e-6 * static_cast<double>(last.second_pause));
  return 0;
}

}  // namespace bench

int main(int count, char** arguments) {
  std::int64_t objects = 1'000'000;
  int collections = 20;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--objects" && i + 1 < count) {
      objects = std::atoll(arguments[++i]);
    } else if (argument == "--collections" && i + 1 < count) {
      collections = std::atoi(arguments[++i]);
    } else {
      objects = 0;
      break;
    }
  }
  if (objects < 1 || collections < 1) {
    std::fprintf(stderr, "usage: collection_bench [--objects N] [--collections N]\n");
    return 2;
  }
  return bench::measure(objects, collections);
}
