// Words of the results file that its writer and its reader must agree on and that are nobody
// else's.
#pragma once

#include <array>
#include <string_view>

#include "conformance/outcome/observation.h"

namespace conformance {

inline constexpr int kResultsFormat = 1;  // raised when the meaning of an existing field changes

inline constexpr std::array<Observation::Ending, 6> kEndings = {
    Observation::Ending::Finished,     Observation::Ending::Crashed,
    Observation::Ending::Hung,         Observation::Ending::SpecProblem,
    Observation::Ending::HarnessError, Observation::Ending::NotRun};

constexpr std::string_view ending_word(Observation::Ending ending) {
  constexpr std::array<std::string_view, 6> kWords = {"finished",     "crashed",       "hung",
                                                      "spec_problem", "harness_error", "not_run"};
  return kWords[static_cast<std::size_t>(ending)];
}

}  // namespace conformance
