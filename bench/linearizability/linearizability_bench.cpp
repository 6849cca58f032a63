// How fast is the checker? Checking only: histories are read and turned into words before the clock runs.
//
//   linearizability_bench check REPEATS FILE [--whole]    "VERDICT NANOSECONDS", the median of the repeats
//   linearizability_bench series [SEED]                   time against length, lists and dicts
//
// `--whole` forbids partitions. The first form is what a rival program must offer too (README.md of bench).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "conformance/history/history_reader.h"
#include "conformance/linearizability/compile.h"

namespace {

using namespace conformance;
using Clock = std::chrono::steady_clock;

std::int64_t since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
}

struct Timed {
  Linearizability answer = Linearizability::Undecided;
  std::int64_t nanoseconds = 0;  // median
};

Timed timed(Checker& checker, const std::vector<CompactOperation>& operations,
            const CheckOptions& options, int repeats) {
  Timed result;
  std::vector<std::int64_t> times;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    const Clock::time_point start = Clock::now();
    result.answer = checker.check_compact(operations, options);
    times.push_back(since(start));
  }
  std::nth_element(times.begin(), times.begin() + repeats / 2, times.end());
  result.nanoseconds = times[static_cast<std::size_t>(repeats / 2)];
  return result;
}

int check_file(int repeats, const std::string& path, bool whole) {
  Diagnostics diagnostics;
  const History history = read_history_file(path, {}, diagnostics);
  for (const Diagnostic& one : diagnostics) std::fprintf(stderr, "%s\n", to_string(one).c_str());
  const Model* model = find_model(history.metadata.model);
  if (has_errors(diagnostics) || model == nullptr) return 4;
  Checker checker(*model);
  checker.set_resolution(history.metadata.resolution);
  std::vector<CompactOperation> operations;
  for (const Operation& operation : history.operations) {
    const Method* method = find_method(*model, operation.method);
    if (method == nullptr) return 4;
    operations.push_back(to_compact(*method, operation, checker.words()));
  }
  CheckOptions options;
  options.partitioning = whole ? Partitioning::None : Partitioning::ByKey;
  const Timed result = timed(checker, operations, options, repeats);
  std::printf("%s %lld\n", std::string(to_string(result.answer)).c_str(),
              static_cast<long long>(result.nanoseconds));
  return 0;
}

constexpr std::int64_t kShort = 20;  // pauses: all threads are busy nearly always
constexpr std::int64_t kLong = 200;  // half of the time

// Threads that call one after the other, spans that overlap, and an object that is played at a random
// moment of each span: what is recorded is right.
class Player {
 public:
  // Spans are of 1 to 200 ticks, pauses of 1 to `pause`.
  Player(std::uint64_t seed, int threads, std::int64_t pause)
      : random_(seed), clocks_(static_cast<std::size_t>(threads)), pause_(pause) {}

  template <typename Play>
  std::vector<CompactOperation> history(int count, Play play) {
    std::vector<CompactOperation> operations(static_cast<std::size_t>(count));
    std::vector<std::pair<std::int64_t, std::size_t>> moments;
    for (std::size_t index = 0; index < operations.size(); ++index) {
      CompactOperation& operation = operations[index];
      // The thread that is behind goes on.
      const auto least = std::min_element(clocks_.begin(), clocks_.end());
      operation.thread = static_cast<std::uint16_t>(least - clocks_.begin());
      operation.called_at = *least + 1 + below(pause_);
      operation.returned_at = operation.called_at + 1 + below(200);
      *least = operation.returned_at;
      const std::int64_t span = operation.returned_at - operation.called_at + 1;
      moments.emplace_back(operation.called_at + below(span), index);
    }
    std::sort(moments.begin(), moments.end());
    for (const auto& [moment, index] : moments) play(operations[index], *this);
    return operations;
  }

  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }

 private:
  std::mt19937_64 random_;
  std::vector<std::int64_t> clocks_;
  std::int64_t pause_;
};

void call(CompactOperation& operation, const Model& model, const char* method, Word result,
          Word first = Word::absent(), Word second = Word::absent()) {
  operation.method = find_method(model, method)->code;
  operation.result = result;
  operation.arguments[0] = first;
  operation.arguments[1] = second;
}

// append, pop, getitem, setitem, len, contains; every value is written once.
std::vector<CompactOperation> list_history(std::uint64_t seed, int count, std::int64_t pause) {
  const Model& model = *find_model("list");
  std::vector<std::int64_t> items;
  std::int64_t fresh = 0;
  return Player(seed, 8, pause).history(count, [&](CompactOperation& operation, Player& player) {
    const auto size = static_cast<std::int64_t>(items.size());
    const std::int64_t at = player.below(std::max<std::int64_t>(size, 1));
    const auto slot = static_cast<std::size_t>(at);
    switch (player.below(10)) {
      case 0:
      case 1:
      case 2:
        call(operation, model, "append", Word::none(), Word::integer(fresh));
        items.push_back(fresh++);
        return;
      case 3:
      case 4:
        if (size == 0) return call(operation, model, "pop", Word::raised(Raised::IndexError));
        call(operation, model, "pop", Word::integer(items.back()));
        items.pop_back();
        return;
      case 5:
      case 6:
        return call(operation, model, "getitem",
                    size == 0 ? Word::raised(Raised::IndexError) : Word::integer(items[slot]),
                    Word::integer(at));
      case 7:
        call(operation, model, "setitem",
             size == 0 ? Word::raised(Raised::IndexError) : Word::none(), Word::integer(at),
             Word::integer(fresh));
        if (size > 0) items[slot] = fresh;
        ++fresh;
        return;
      case 8:
        return call(operation, model, "len", Word::integer(size));
      default: {
        const std::int64_t wanted = player.below(fresh + 1);
        const bool there = std::find(items.begin(), items.end(), wanted) != items.end();
        return call(operation, model, "contains", Word::boolean(there), Word::integer(wanted));
      }
    }
  });
}

// get, setitem, delitem, setdefault on 64 keys.
std::vector<CompactOperation> dict_history(std::uint64_t seed, int count) {
  const Model& model = *find_model("dict");
  std::vector<Word> values(64, Word::absent());
  return Player(seed, 8, kShort).history(count, [&](CompactOperation& operation, Player& player) {
    const std::int64_t number = player.below(64);
    Word& value = values[static_cast<std::size_t>(number)];
    const Word key = Word::integer(number), other = Word::integer(player.below(1000));
    const bool there = value != Word::absent();
    switch (player.below(4)) {
      case 0:
        return call(operation, model, "get", there ? value : Word::none(), key);
      case 1:
        call(operation, model, "setitem", Word::none(), key, other);
        value = other;
        return;
      case 2:
        call(operation, model, "delitem", there ? Word::none() : Word::raised(Raised::KeyError),
             key);
        value = Word::absent();
        return;
      default:
        if (!there) value = other;
        return call(operation, model, "setdefault", value, key, other);
    }
  });
}

int series(std::uint64_t seed) {
  CheckOptions options;
  options.time_limit = std::chrono::seconds(10);
  std::printf("%-6s %8s %10s %10s %16s\n", "model", "busy", "operations", "ms", "answer");
  struct Row {
    const char* name;
    std::int64_t pause;
  };
  for (const auto& [name, pause] : {Row{"list", kShort}, Row{"list", kLong}, Row{"dict", kShort}}) {
    for (const int count : {100, 300, 1'000, 3'000, 10'000, 30'000, 100'000}) {
      Checker checker(*find_model(name));
      const std::vector<CompactOperation> operations =
          *name == 'l' ? list_history(seed, count, pause) : dict_history(seed, count);
      const Timed result = timed(checker, operations, options, count <= 10'000 ? 5 : 1);
      std::printf("%-6s %8s %10d %10.3f %16s\n", name, pause == kShort ? "always" : "half", count,
                  static_cast<double>(result.nanoseconds) / 1e6,
                  std::string(to_string(result.answer)).c_str());
      std::fflush(stdout);
      if (result.answer != Linearizability::Linearizable) break;  // longer ones take longer
    }
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string verb = count > 1 ? arguments[1] : "";
  if (verb == "series") return series(count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 1);
  if (verb == "check" && count >= 4 && std::atoi(arguments[2]) > 0) {
    return check_file(std::atoi(arguments[2]), arguments[3],
                      count > 4 && std::string(arguments[4]) == "--whole");
  }
  std::fprintf(stderr, "usage: %s check REPEATS FILE [--whole] | series [SEED]\n", arguments[0]);
  return 4;
}
