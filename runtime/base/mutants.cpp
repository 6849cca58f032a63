#include "runtime/base/mutants.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace runtime {

#if HEDDLE_MUTANTS
namespace {

struct Row {
  Mutant mutant;
  const char* name;
};

constexpr Row kRows[] = {
    {Mutant::none, ""},
#define RT_MUTANT_ROW(name, floor, layer, difficulty, breaks) {Mutant::name, #name},
#include "runtime/mutants.def"
#undef RT_MUTANT_ROW
};

Mutant chosen() {
  const char* wanted = std::getenv("HEDDLE_MUTANT");
  if (wanted == nullptr) return Mutant::none;
  for (const Row& row : kRows) {
    if (std::strcmp(row.name, wanted) == 0) return row.mutant;
  }
  std::fprintf(stderr, "HEDDLE_MUTANT: no mutant is called '%s'; there are:\n", wanted);
  for (const Row& row : kRows) std::fprintf(stderr, "  %s\n", row.name);
  std::exit(4);
}

}  // namespace

const Mutant active_mutant = chosen();

const char* active_mutant_name() {
  for (const Row& row : kRows) {
    if (row.mutant == active_mutant) return row.name;
  }
  return "";
}
#else
const char* active_mutant_name() { return ""; }
#endif

}  // namespace runtime
