// History -> JSON Lines (README.md holds the format). What is written is read back the same; lines
// are in order of calls. Throws nothing; a stream that fails shows it in its own state.
#pragma once

#include <iosfwd>

#include "conformance/history/operation.h"

namespace conformance {

enum class HistoryForm {
  Operations,  // one line for each operation: short, for complete histories
  Events,      // a line for the call and one for the return: survives a recorder that dies
};

void write_history(const History& history, HistoryForm form, std::ostream& stream);

}  // namespace conformance
