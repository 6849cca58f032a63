// From the bytes of a file to text that the tokenizer can read without looking twice.
//
// Afterwards the text is well-formed UTF-8 without byte order mark and NUL, its lines end in "\n"
// and so does the last one. A file may declare its encoding in one of its first two lines (PEP
// 263): UTF-8, Latin-1 and ASCII are known, anything else is an error.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/syntax/parse.h"

namespace syntax {

struct SourceText {
  std::string text;
  std::optional<SyntaxProblem> problem;
};

SourceText read_source(std::string_view source, SourceKind kind);

}  // namespace syntax
