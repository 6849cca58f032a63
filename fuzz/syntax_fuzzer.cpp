// Any bytes whatever are a program or no program; in neither case does the parser crash, hang or
// hand out a tree that cannot be walked.
//
// The first byte chooses the mode. What is parsed is dumped: that visits every node and every text
// of the tree. A problem must point into the text.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runtime/base/check.h"
#include "runtime/syntax/dump.h"
#include "runtime/syntax/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view source(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto mode = static_cast<syntax::Mode>(data[0] % 3);
  syntax::ParseOptions options;
  options.source_kind = data[0] % 2 == 0 ? syntax::SourceKind::kBytes : syntax::SourceKind::kText;
  const syntax::ParseResult result = syntax::parse(source, mode, options);
  RT_CHECK(result.is_ok() != result.problem.has_value(),
           "there is a tree or a problem, never both");
  if (result.is_ok()) {
    RT_CHECK(!syntax::dump(result.tree->root(), syntax::DumpPositions::kYes).empty(),
             "a tree has a root");
  } else {
    RT_CHECK(!result.problem->message.empty(), "a problem has a message");
    RT_CHECK(result.problem->line >= 0 && result.problem->line <= static_cast<int>(size) + 1,
             "a problem points into the text");
  }
  return 0;
}
