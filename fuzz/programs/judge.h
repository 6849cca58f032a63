// Was what the threads of a program saw possible for an object that does one thing after the other?
//
// The record becomes a history for conformance/linearizability, with what the container holds at the end
// as its last operation, so that a lost change is seen although nobody looked. Actions that only look in
// several steps are left out; a program with an action of which the model knows nothing is not judged
// here (the laws and the shadow heap still are).
//
// One Judge per process and model: it keeps its memory from program to program. Not thread safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "conformance/linearizability/checker.h"
#include "fuzz/programs/container.h"

namespace fuzzing {

class Judge {
 public:
  explicit Judge(const ContainerKind& kind);

  // "" when it was possible, else the sentence that says what was not. `initial` has been written by
  // ContainerKind::build, `resolution` is that of the stamps.
  std::string complaint(const Program& program, const Recorder& recorder,
                        std::span<const std::int64_t> initial, std::int64_t resolution);

 private:
  conformance::Word initial_word(std::span<const std::int64_t> numbers);
  conformance::Word taken(const Recorder::OfThread& thread, const Event& event);
  conformance::Word answered(const Recorder::OfThread& thread, const Event& event);
  [[nodiscard]] std::uint8_t code_of(const char* method) const;
  void fill(conformance::CompactOperation& operation, const Recorder::OfThread& thread,
            const Event& event);

  const ContainerKind& kind_;
  const conformance::Model& model_;
  conformance::Checker checker_;
  std::vector<conformance::CompactOperation> operations_;
  std::vector<conformance::Word> words_;
};

// The program as columns, one per thread, with answers and stamps. For whoever reads a failure.
std::string program_text(const ContainerKind& kind, const Program& program,
                         const Recorder& recorder, std::span<const std::int64_t> initial);

}  // namespace fuzzing
