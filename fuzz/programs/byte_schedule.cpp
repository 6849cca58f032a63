#include "fuzz/programs/byte_schedule.h"

namespace fuzzing {

using runtime::machine::AccessKind;
using runtime::machine::Candidate;
using runtime::machine::Decision;
using runtime::machine::Operation;

namespace {

constexpr std::size_t kCounters = std::size_t{1} << 13;
constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15;

// libFuzzer reads these after each input and clears them before the next.
__attribute__((section("__libfuzzer_extra_counters"))) std::uint8_t counters[kCounters];

void count(std::uint32_t first, std::uint32_t second) {
  const std::uint64_t both = (std::uint64_t{first} << 32 | second) * kFactor;
  std::uint8_t& counter = counters[both >> 51];
  if (counter != 255) ++counter;
}
static_assert(kCounters == std::size_t{1} << (64 - 51));

// The same in every process of one build, wherever the program is loaded.
std::uint32_t place_of(const Operation& operation) {
  const std::uint64_t file = reinterpret_cast<std::uintptr_t>(operation.where.file) -
                             reinterpret_cast<std::uintptr_t>(counters);
  const std::uint64_t place = file << 24 ^ static_cast<std::uint64_t>(operation.where.line) << 4 ^
                              static_cast<std::uint64_t>(operation.kind);
  return static_cast<std::uint32_t>((place * kFactor) >> 32);
}

}  // namespace

void ByteSchedule::begin() {
  begun_ = true;
  patience = 0;
}

unsigned ByteSchedule::choose(const Decision& decision) {
  if (!begun_ || at_ >= bytes_.size()) {
    patience = kForEver;
    return 0;
  }
  const unsigned choice = bytes_[at_] % decision.candidate_count;
  patience = at_ + 1 < bytes_.size() ? bytes_[at_ + 1] : kForEver;
  at_ += 2;
  return choice;
}

void ByteSchedule::will_run(const Candidate& candidate, bool can_continue) {
  if (!begun_) return;
  const Operation& operation = *candidate.operation;
  if (operation.address == 0 || operation.size == 0) return;
  LastAccess& last = last_[(operation.address * kFactor) >> 56];
  const bool writes = runtime::machine::writes(operation.kind);
  const bool same = last.address == operation.address;
  if (same && last.task == candidate.task && (last.wrote || !writes)) return;
  const std::uint32_t place = place_of(operation);
  if (same && last.task != candidate.task && (writes || last.wrote)) count(last.place, place);
  if (candidate.task != last_task_ && last_task_ != 0 && can_continue)
    count(last_place_ + 1, place);
  last_task_ = candidate.task;
  last_place_ = place;
  last = LastAccess{operation.address, place, static_cast<std::uint16_t>(candidate.task), writes};
}

}  // namespace fuzzing
