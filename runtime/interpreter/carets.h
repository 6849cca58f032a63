// The line below a source line in a traceback: which part of it was being executed.
//
//     return left + right[0]
//                   ~~~~~^^^
//
// The marked part is that of the instruction's position. Of a binary operation, a subscript and a call
// the operator, the brackets and the parentheses are marked with ^, the rest with ~. Where marks would
// tell nothing (the whole line, without such a part; a call that is all that is returned or assigned)
// there are none.
//
// Ancestry: PEP 657; CPython's _extract_caret_anchors_from_line_segment and _should_show_carets
// (Lib/traceback.py).
#pragma once

#include <string>
#include <string_view>

#include "runtime/compiler/code_object.h"

namespace runtime {

// `line` is the source line that stands at position.line, without its end. Empty: no marks. Begins
// with as many blanks as are needed below the line without its indentation.
[[nodiscard]] std::string carets_for(std::string_view line, const CodePosition& position);

}  // namespace runtime
