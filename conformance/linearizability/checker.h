// Is there an order of these operations, each at one moment between its call and its return, in
// which a sequential object would have answered just so?
//
// check() takes a History of values; check_compact() takes operations that are words already, for
// programs that make and judge thousands of small histories a second. README.md tells the life of a
// history.
//
// The answers are three. `linearizable` comes with an order (witness). `not_linearizable` comes with
// a smallest set of operations that cannot be explained, and with the place where the search got
// stuck. `undecided` says what ran out; it never stands for either of the others.
//
// Exactness: the memo compares 128-bit hashes; the argument is in README.md. Errors: check() on a
// history of which complaint() complains answers Unusable with the complaints. Nothing throws.
// Thread safety: one Checker is one thread's; many may run at once.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "conformance/history/operation.h"
#include "conformance/linearizability/model.h"
#include "conformance/linearizability/word.h"

namespace conformance {

enum class Partitioning { ByKey, None };

struct CheckOptions {
  std::chrono::nanoseconds time_limit{0};             // 0: none
  std::int64_t memory_limit = std::int64_t{1} << 30;  // bytes, for memo and stacks
  const std::atomic<bool>* cancelled = nullptr;       // looked at inside the search
  Partitioning partitioning = Partitioning::ByKey;    // where model and history allow it
  bool explain = true;  // not_linearizable: also find the smallest failing set
  // Shorter problems are searched without weighing what values show about the order of operations
  // (evidence.h): there it costs more than it saves.
  std::int32_t weigh_from = 24;
};

enum class Linearizability { Linearizable, NotLinearizable, Undecided, Unusable };
std::string_view to_string(Linearizability answer);
enum class WhyUndecided { Decided, Time, Memory, Cancelled };

// An operation that could not go next, and why.
struct Refusal {
  std::size_t operation;  // index into History::operations
  std::string expected;   // what the model would have returned there; "" where it would block
};

struct Stuck {
  std::vector<std::size_t> prefix;  // the longest order found, as indices into History::operations
  std::string state;                // the model's state behind it, as text
  std::vector<Refusal> refused;     // those of which one had to go next
};

struct CheckResult {
  Linearizability answer = Linearizability::Undecided;
  WhyUndecided why_undecided = WhyUndecided::Decided;
  std::vector<std::string> complaints;  // Unusable

  // Linearizable: all operations that took effect, in an order. Indices into History::operations.
  std::vector<std::size_t> witness;

  // NotLinearizable. `core`: no order explains these operations even if every other operation of
  // the history could have taken effect, with any result, at any moment of its span or never; and
  // none of them can be left out. With `core_is_minimal` false the time for making it smaller ran
  // out. `core_start`: the object's possible states where the core begins, as values.
  std::vector<std::size_t> core;
  bool core_is_minimal = false;
  std::vector<std::string> core_start;
  Stuck stuck;

  std::int64_t steps = 0;       // questions asked of the model
  std::int64_t remembered = 0;  // configurations in the memo
  std::int64_t partitions = 0;
};

CheckResult check(const History& history, const Model& model, const CheckOptions& options = {});

// --- The fast path: no values, no strings, memory that is used again.

struct CompactOperation {
  std::uint8_t method = 0;  // Method::code
  bool returned = true;
  std::uint16_t thread = 0;
  Word arguments[3] = {Word::absent(), Word::absent(), Word::absent()};
  Word result;
  std::int64_t called_at = 0;
  std::int64_t returned_at = 0;
};

class Checker {
 public:
  explicit Checker(const Model& model);
  ~Checker();
  Checker(const Checker&) = delete;
  Checker& operator=(const Checker&) = delete;

  WordTable& words();  // for text, lists and the like; clear() it between histories if it grows
  void set_resolution(std::int64_t resolution);
  void set_bound(std::optional<std::int64_t> bound);
  void set_initial(Word initial);  // Word::absent(): empty

  // Methods and arguments are the caller's responsibility here (complaint() is not asked).
  Linearizability check_compact(std::span<const CompactOperation> operations,
                                const CheckOptions& options = {});
  // Of the last check that answered Linearizable, for every operation that took effect.
  std::span<const std::uint32_t> witness() const;

 private:
  friend CheckResult check(const History& history, const Model& model, const CheckOptions& options);
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace conformance
