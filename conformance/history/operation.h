// A history: what several threads asked of one shared object, what they were told, and when.
//
// An operation has a call stamp, taken before it begins, and a return stamp, taken after it has
// ended, on one monotonic clock that all threads share. Operation a came before b when a had
// returned before b was called; otherwise they overlap, and either may have taken effect first. A
// clock ticks: a stamp t with resolution r stands for any moment from t up to t + r, so a came
// before b only if a.returned_at + r <= b.called_at. Equal stamps are therefore an overlap: stamps
// are widened, never narrowed, and a coarse clock makes a check weaker, not wrong. The operations
// of one thread follow each other in the order of their stamps whatever the clock.
//
// An operation that never returned (returned is false) may have taken effect at any moment after
// its call, or not at all.
//
// Plain data, no invariants: readers check what they read (history_reader.h), builders see to their
// own. Units: the clock's own, by convention nanoseconds (metadata.unit). Herlihy and Wing,
// "Linearizability: a correctness condition for concurrent objects", ACM TOPLAS 12(3), 1990.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conformance/outcome/value.h"

namespace conformance {

struct Operation {
  int thread = 0;
  std::string method;            // as the model knows it: append, getitem, setdefault, cas ...
  std::vector<Value> arguments;  // canonical values (outcome/value.h)
  Value result;  // what came back; an exception is raised(KeyError). None if not returned
  std::int64_t called_at = 0;
  std::int64_t returned_at = 0;  // meaningless where returned is false
  bool returned = true;
};

// "raised(KeyError)" as a value.
Value raised(const std::string& exception);

struct HistoryMetadata {
  std::string model;             // name of the model it is to be checked against; may be empty
  std::string source;            // who recorded it, in words; may be empty
  std::string unit = "ns";       // of the stamps: ns, us, ms, s, or ticks (a logical clock)
  std::int64_t resolution = 1;   // the clock's tick, in units; at least 1
  std::optional<Value> initial;  // the object's state at the start; absent: the model's empty one
  std::optional<std::int64_t> bound;  // maxlen of a deque, maxsize of a queue
};

struct History {
  HistoryMetadata metadata;
  std::vector<Operation> operations;  // in any order
};

// Did `left` end before `right` began, whatever the clock's ticks hide?
bool precedes(const Operation& left, const Operation& right, std::int64_t resolution);

// The sentence a report must carry when the clock is coarser than one microsecond; else empty.
std::string coarse_clock_note(const HistoryMetadata& metadata);

// "thread 2: pop(0) -> 'x'", as reports show an operation; "append(1)" where thread is not wanted.
std::string describe(const Operation& operation);

}  // namespace conformance
