// The text of a docstring, without the indentation that it has in the program.
//
// Ancestry: CPython's _PyCompile_CleanDoc (3.13); https://docs.python.org/3/library/inspect.html#inspect.cleandoc without
// its removal of empty lines.
#pragma once

#include <string>
#include <string_view>

namespace runtime {

[[nodiscard]] std::string clean_documentation(std::string_view text);

}  // namespace runtime
