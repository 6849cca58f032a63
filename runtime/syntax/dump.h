// A tree as one line of text, for tests and for people: "Module(body=[Expr(value=Name(id='x',
// ctx=Load()))])".
//
// As ast.dump() of Python 3.13 and newer writes it: what is empty is left out. Integers stand as
// the tree keeps them, in base 10 or 16; characters beyond ASCII are escaped.
#pragma once

#include <string>

#include "runtime/syntax/tree.h"

namespace syntax {

enum class DumpPositions : std::uint8_t { kNo, kYes };

std::string dump(const Node* node, DumpPositions positions = DumpPositions::kNo);

}  // namespace syntax
