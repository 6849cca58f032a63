// One line of a sanitizer's stack -> the name that a person would look for, and whether that name
// is plumbing.
//
//   "    #0 list_append /src/Objects/listobject.c:512:5 (python3.14t+0x1f2) (BuildId: 12)"
//   ThreadSanitizer "    #1 0x55d0 in list_append /src/Objects/listobject.c:512:5" the others
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace conformance {

struct SanitizerFrame {
  int index = 0;
  std::string
      function;  // as printed: "std::vector<int>::push_back(int const&)"; empty without symbols
  std::string
      name;  // without parameters, result type and clone suffix; "python3+0x1f2" without symbols
};

std::optional<SanitizerFrame> parse_sanitizer_frame(std::string_view line);

// Does this function only carry out what its caller asked for, so that the caller is the one to
// name?
bool is_plumbing(std::string_view name);

}  // namespace conformance
