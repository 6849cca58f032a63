#include "fuzz/programs/program.h"

namespace fuzzing {

Program read_program(std::span<const std::uint8_t> bytes) {
  std::size_t at = 0;
  const auto next = [&]() -> std::uint8_t { return at < bytes.size() ? bytes[at++] : 0; };
  Program program;
  program.threads = 2 + next() % 2;
  program.kind = next();
  program.size = next() % 8;
  for (auto& steps : program.steps) {
    for (Step& step : steps) {
      step.action = next();
      step.argument = next();
    }
  }
  if (at < bytes.size()) program.schedule = bytes.subspan(at);
  return program;
}

}  // namespace fuzzing
