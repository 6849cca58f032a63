// Where things are: the specs, the port files, the programs beside this one.
#pragma once

#include <string>

namespace conformance {

struct Locations {
  std::string specs;         // root of the specs
  std::string ports;         // directory of the port files
  std::string fake_program;  // the fake port
};

// Looked for, in this order: $HEDDLE_HOME, the working directory and its parents, this program's
// directory and its parents, the source directory of the build. The first that holds
// specs/features.yaml counts.
Locations find_locations();

}  // namespace conformance
