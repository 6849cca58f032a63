// The keys that only a scenario of the kind `history` has -> HistoryClaim. Used by the scenario
// loader alone. Whether the model has the methods that are named is checked above this floor.
#pragma once

#include <optional>

#include "conformance/spec/fields.h"
#include "conformance/spec/spec.h"

namespace conformance {

HistoryClaim read_history(Reading& reading, const Fields& fields);

}  // namespace conformance
