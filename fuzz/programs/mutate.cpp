#include "fuzz/programs/mutate.h"

#include <algorithm>

#include "fuzz/programs/program.h"
#include "runtime/base/random.h"

namespace fuzzing {

namespace {

constexpr std::uint64_t kLongestRun = 28;  // points: an action has 5 to 40
constexpr std::uint8_t kToTheEnd = 255;

class Mutation {
 public:
  Mutation(std::uint8_t* bytes, std::size_t size, std::size_t capacity, std::uint32_t seed)
      : bytes_(bytes), size_(size), capacity_(capacity), random_(seed) {
    if (size_ < kProgramBytes) std::fill(bytes_ + size_, bytes_ + kProgramBytes, 0);
    size_ = std::max(size_, kProgramBytes);
  }

  std::size_t done() {
    switch (random_.below(8)) {
      case 0:
        meet();
        new_schedule();
        break;
      case 1:
        meet();
        break;
      case 2:
        leave_out();
        break;
      case 3:
        new_schedule();
        break;
      case 4:
        longer_schedule();
        break;
      case 5:
        bytes_[random_.below(kHeaderBytes)] = any();
        break;
      default:
        change_step();
        break;
    }
    if (random_.one_in(3)) change_step();
    if (random_.one_in(4)) change_run();
    return size_;
  }

 private:
  std::uint8_t any() { return static_cast<std::uint8_t>(random_.next()); }
  std::uint8_t* step(std::size_t thread, std::size_t number) {
    return bytes_ + kHeaderBytes + 2 * (thread * kSteps + number);
  }
  void put_schedule(std::size_t entry, std::uint8_t who, std::uint8_t points) {
    const std::size_t at = kProgramBytes + 2 * entry;
    if (at + 2 > capacity_) return;
    bytes_[at] = who;
    bytes_[at + 1] = points;
    size_ = std::max(size_, at + 2);
  }

  // One thread does one or two things, another one to three, to one or two places.
  void meet() {
    std::fill(step(0, 0), bytes_ + kProgramBytes, 0);
    const std::uint8_t argument = any();
    const std::uint8_t other = random_.one_in(2) ? argument : any();
    bytes_[0] = random_.one_in(4) ? 1 : 0;
    bytes_[2] = static_cast<std::uint8_t>(random_.below(5));
    for (std::size_t thread = 0; thread < 2u + bytes_[0]; ++thread) {
      const std::size_t count = 1 + random_.below(thread == 0 ? 2 : 3);
      for (std::size_t i = 0; i < count; ++i) {
        step(thread, i)[0] = any() | 1;
        step(thread, i)[1] = random_.one_in(2) ? argument : other;
      }
    }
  }

  void leave_out() {
    for (std::size_t i = 0; i < std::size_t{kThreads} * kSteps; ++i) {
      if (random_.one_in(3)) step(0, i)[0] = 0;
    }
  }

  void change_step() {
    std::uint8_t* changed = step(random_.below(kThreads), random_.below(kSteps));
    if (random_.one_in(2)) {
      changed[0] = any();
    } else {
      changed[1] =
          random_.one_in(2) ? any() : step(random_.below(kThreads), random_.below(kSteps))[1];
    }
  }

  // Somebody is stopped in the middle, another goes to his end, and perhaps once more.
  void new_schedule() {
    size_ = kProgramBytes;
    const std::uint64_t stops = 1 + random_.below(3);
    for (std::uint64_t i = 0; i < stops; ++i) {
      const bool whole = i + 1 == stops && random_.one_in(2);
      put_schedule(i, static_cast<std::uint8_t>(i == 0 ? random_.below(3) : 1 + random_.below(2)),
                   whole ? kToTheEnd : static_cast<std::uint8_t>(random_.below(kLongestRun)));
    }
  }

  void longer_schedule() {
    put_schedule((size_ - kProgramBytes) / 2, static_cast<std::uint8_t>(random_.below(3)),
                 static_cast<std::uint8_t>(random_.below(kLongestRun)));
  }

  void change_run() {
    if (size_ < kProgramBytes + 2) return;
    const std::size_t entry = random_.below((size_ - kProgramBytes) / 2);
    put_schedule(entry, bytes_[kProgramBytes + 2 * entry],
                 static_cast<std::uint8_t>(random_.below(kLongestRun)));
  }

  std::uint8_t* bytes_;
  std::size_t size_;
  std::size_t capacity_;
  runtime::Random random_;
};

}  // namespace

std::size_t mutate_program(std::uint8_t* bytes, std::size_t size, std::size_t capacity,
                           std::uint32_t seed) {
  if (capacity < kProgramBytes) return size;
  return Mutation(bytes, size, capacity, seed).done();
}

}  // namespace fuzzing
