// A program of the fuzzers: what two or three threads do to one container, read from bytes.
//
// The layout is fixed, so that a mutation of one byte changes one thing: a byte each for the number of
// threads, the kind of container and how much is in it, then kThreads * kSteps pairs (action, argument),
// then the schedule. Action 0 is "nothing". Every byte string is a program; what is missing reads as
// zero.
//
// What was asked and answered is kept in fixed arrays (Recorder): a program runs under the scheduler,
// where memory belongs to the execution and is gone afterwards, and on real threads, where a lock in the
// harness would order what is to collide. Each thread writes its own part only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace fuzzing {

inline constexpr unsigned kThreads = 3;
inline constexpr unsigned kSteps = 6;
inline constexpr std::size_t kHeaderBytes = 3;
inline constexpr std::size_t kProgramBytes = kHeaderBytes + std::size_t{2} * kThreads * kSteps;

struct Step {
  std::uint8_t action = 0;  // 0: nothing; else 1 + a place in the table of the container, modulo
  std::uint8_t argument = 0;
};

struct Program {
  unsigned threads = 2;
  std::uint8_t kind = 0;
  unsigned size = 0;  // 0 .. 7: items at the beginning
  // Also actions of which the model knows nothing.
  [[nodiscard]] bool loose() const { return kind >= 0x80; }
  std::array<std::array<Step, kSteps>, kThreads> steps{};
  std::span<const std::uint8_t> schedule;  // of the bytes that it was read from
};

Program read_program(std::span<const std::uint8_t> bytes);

// What an operation answered: numbers stand for the objects of the container.
struct Answer {
  enum class Kind : std::uint8_t { kNone, kTruth, kNumber, kRaised, kNumbers, kPair, kPairs };
  // The exceptions that containers raise.
  enum Exception : std::uint8_t { kKeyError, kIndexError, kValueError, kRuntimeError };
  Kind kind = Kind::kNone;
  std::int64_t number = 0;             // truth, number, exception, first of a pair
  std::int64_t other = 0;              // second of a pair
  std::uint16_t first = 0, count = 0;  // kNumbers, kPairs: of the recorder's numbers of this thread
};

enum class Judged : std::uint8_t {
  kStep,   // one step for other threads: the model says what it may answer
  kParts,  // one step for who locks; who reads without a lock may see the middle of it
  kRead,  // one step that reads one item without a lock: not judged beside kParts of another thread
  kLook,  // changes nothing, in several steps: for the eye and the shadow only
  kLoose,  // changes the container in several steps, or in ways the model does not know: then the
           // model says nothing of the whole program
};

struct Event {
  const char* method = nullptr;  // of the model; null: nothing was done
  Judged judged = Judged::kStep;
  std::uint8_t arguments = 0;
  std::int64_t argument[2] = {};
  bool takes_numbers = false;          // the arguments are one list (or dict) of numbers
  std::uint16_t first = 0, count = 0;  // of it
  bool returned = false;
  Answer answer;
  std::int64_t called_at = 0, returned_at = 0;
};

// The events of one run. Row kThreads is of the thread that looks at the container at the end.
struct Recorder {
  static constexpr unsigned kNumbers = 512;
  struct OfThread {
    std::array<Event, kSteps + 2> events{};
    unsigned count = 0;
    std::array<std::int64_t, kNumbers> numbers{};
    std::uint16_t used = 0;
  };
  std::array<OfThread, kThreads + 1> threads{};

  void clear() {
    for (OfThread& thread : threads) thread.count = thread.used = 0;
  }
};

// Numbers that one thread writes down for an answer or an argument.
class NumberWriter {
 public:
  explicit NumberWriter(Recorder::OfThread& thread) : thread_(thread), first_(thread.used) {}
  void add(std::int64_t number) {
    if (thread_.used < Recorder::kNumbers) thread_.numbers[thread_.used++] = number;
  }
  [[nodiscard]] std::uint16_t first() const { return first_; }
  [[nodiscard]] std::uint16_t count() const {
    return static_cast<std::uint16_t>(thread_.used - first_);
  }

 private:
  Recorder::OfThread& thread_;
  std::uint16_t first_;
};

}  // namespace fuzzing
