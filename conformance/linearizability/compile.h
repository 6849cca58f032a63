// A history becomes problems: one for each key where the model and every method in it speak of one key
// only, else one for all.
//
// Events are sorted by time; a return counts resolution - 1 later than its stamp and behind the calls of
// its moment, so that equal stamps, and stamps within one tick, overlap. Where that lets two operations
// of one thread overlap, the second is told to wait for the first (Problem::after). Operations that never
// returned and cannot change the state are left out.
#pragma once

#include <span>
#include <vector>

#include "conformance/linearizability/checker.h"
#include "conformance/linearizability/problem.h"

namespace conformance {

struct Compiled {
  std::vector<Problem> problems;  // the first `count` are of this history, the rest is kept room
  std::size_t count = 0;
  std::vector<Word> partition_keys;  // of each problem, where they are by key
  KeyNumbers keys;
  bool by_key = false;
  bool order_matters = false;  // some method shows a dict's order of insertion
  // Two operations of one thread overlap by their stamps and have different keys: that one came first
  // is known, and the problems do not say it.
  bool order_is_lost = false;
};

// The working memory of compile(), used again.
struct CompileMemory {
  struct Event {
    std::int64_t time;
    std::uint32_t code;  // calls before returns: is_return << 31 | operation
  };
  std::vector<Event> events;
  std::vector<std::int32_t> number;  // operation -> its number in its problem, -1: not called yet
  std::vector<std::int32_t> partition;  // operation -> problem
  std::vector<std::int32_t> last_of_thread;
  std::vector<std::uint8_t> has_returned;
};

void compile(const Model& model, std::span<const CompactOperation> operations,
             std::int64_t resolution, Word initial, Partitioning partitioning,
             const WordTable& words, CompileMemory& memory, Compiled& compiled);

// Method, arguments and result; the key's number is still to be set.
Step to_step(const Method& method, const Operation& operation, WordTable& words);
CompactOperation to_compact(const Method& method, const Operation& operation, WordTable& words);

}  // namespace conformance
