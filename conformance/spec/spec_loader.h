// YAML -> Family, with a diagnostic for everything that is not as specs/README.md says.
//
// Strict on purpose: an unknown key, a duplicate key, a tag, an anchor, an alias, a quoted scalar
// where Python belongs, a rule without a reason or a condition that names no known fact are errors.
// One broken file does not stop the others. Budgets: 10 MB a file is refused before parsing (limit
// 1 MB), nesting deeper than 32 and more than 100 000 nodes likewise. Not thread-safe beyond
// distinct objects; no global state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/spec/catalogue.h"
#include "conformance/spec/diagnostic.h"
#include "conformance/spec/spec.h"

namespace conformance {

struct SpecSet {
  std::string root;  // the directory that ids are relative to
  Catalogue catalogue;
  std::vector<Family> families;  // sorted by id; families with errors are left out
  // Every family below the root was read, those of harness/ aside, and none was left out: only then
  // can lint() tell what no scenario covers.
  bool complete = false;
  Diagnostics diagnostics;
};

// One file's text. `id` becomes Family::id. Returns false when there was an error (the family is
// then not to be used).
bool load_family(std::string_view text, const std::string& file, const std::string& id,
                 const Catalogue& catalogue, Family& family, Diagnostics& diagnostics);

// The root of the specs is found by walking up from the first existing path to a directory with
// features.yaml. Each path of `selection` is a directory, a .yaml file, or an id glob ("list/*",
// "list/one_list/append_vs_append[*]"); empty means all of `default_root`. Files in specs/harness/
// are taken only when the selection names them. Loads whole families, those that a glob alone names
// only if it matches one of their cases; which cases a glob selects is the caller's to decide with
// id_matches(). A word that is neither a path nor matches anything is a diagnostic.
SpecSet load_specs(const std::vector<std::string>& selection, const std::string& default_root);

// What no single file can show: a behaviour that no scenario covers, a source
// that no behaviour cites, a scenario that covers an unknown behaviour, an actor that assigns a
// name of its setup (by a light scan; a port's own compiler decides in `heddle lint --port`), a
// rule behind `else`. An id that two files have is a diagnostic of load_specs(), which leaves the
// second one out.
Diagnostics lint(const SpecSet& specs);

}  // namespace conformance
