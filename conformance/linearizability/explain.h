// Why not? The smallest part of a problem that still has no order, and where the search got stuck.
//
// An operation is *needed* if setting it free makes an order possible. Free means: it may have taken
// effect at any moment after its call, with any result, or never. Setting free only ever allows more
// orders, so what fails with an operation free fails because of the others: the core is a proof and not
// only another failing history. (Leaving a write out altogether would make every later read of it fail,
// and every history would shrink to one read.) An operation that cannot change the state is left out.
//
// First the problem is cut behind the first return that no order passes. Where what is left is long, its
// beginning is replaced by the states that it can end in, at the last moments when no operation was under
// way.
#pragma once

#include <vector>

#include "conformance/linearizability/engine.h"

namespace conformance {

struct Explanation {
  std::vector<std::int32_t> core;   // operations of the problem that are needed
  bool minimal = true;              // each was tried and is needed
  std::vector<std::string> starts;  // where the beginning was cut off: the states it can end in
};

// `furthest_entry`: the last return that the failed search took into account.
Explanation explain(const Model& model, Engine& engine, const Problem& problem, const Setup& setup,
                    std::int32_t furthest_entry, const SearchLimits& limits);

}  // namespace conformance
