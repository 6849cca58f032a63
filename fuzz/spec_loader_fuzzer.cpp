// Any bytes whatever are a file of claims or one that is refused: with places inside the file, soon, and
// without a crash. What is read is linted as well.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "conformance/spec/catalogue.h"
#include "conformance/spec/spec_loader.h"

namespace {

void demand(bool truth, const char* sentence) {
  if (truth) return;
  std::fprintf(stderr, "this should have been true: %s\n", sentence);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const conformance::Catalogue catalogue;
  conformance::Diagnostics diagnostics;
  conformance::SpecSet specs;
  conformance::Family family;
  const bool good = conformance::load_family(text, "a.yaml", "a", catalogue, family, diagnostics);
  demand(good == !conformance::has_errors(diagnostics), "a file is read or refused, never both");
  for (const conformance::Diagnostic& diagnostic : diagnostics) {
    demand(!diagnostic.message.empty(), "a diagnostic says what is wrong");
    demand(diagnostic.line >= 0 && diagnostic.line <= static_cast<int>(size) + 1,
           "a diagnostic points into the file");
    demand(!conformance::to_string(diagnostic).empty(), "a diagnostic can be printed");
  }
  if (!good) return 0;
  specs.families.push_back(std::move(family));
  (void)conformance::lint(specs);
  return 0;
}
