// Seeded bugs: the measure of the suite.
//
// runtime/mutants.def lists classic mistakes of such runtimes, one row each. A mutant is a one-line
// change at the place where the mistake would be made:
//
//   if (RT_MUTANT(drops_slot_recheck) || slot.load_acquire() == op) return op;
//
// It exists only in builds with HEDDLE_MUTANTS; there the environment variable HEDDLE_MUTANT=name
// chooses one for the whole process. In every other build RT_MUTANT(...) is the constant false.
// ci/kill_matrix runs them all and says which layer of the suite killed each.
#pragma once

namespace runtime {

enum class Mutant {
  none,
#define RT_MUTANT_ROW(name, floor, layer, difficulty, breaks) name,
#include "runtime/mutants.def"
#undef RT_MUTANT_ROW
};

#if HEDDLE_MUTANTS
extern const Mutant
    active_mutant;  // from HEDDLE_MUTANT; an unknown name ends the process with the list
#define RT_MUTANT(name) (::runtime::active_mutant == ::runtime::Mutant::name)
#else
inline constexpr Mutant active_mutant = Mutant::none;
#define RT_MUTANT(name) (false && ::runtime::Mutant::name == ::runtime::Mutant::none)
#endif

const char* active_mutant_name();  // "" without one

}  // namespace runtime
