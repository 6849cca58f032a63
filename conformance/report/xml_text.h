// Text that XML 1.0 can hold: markup escaped, and what XML cannot hold at all (control characters,
// lone surrogates, bytes that are not UTF-8) replaced by U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace conformance {

std::string xml_attribute(std::string_view text);  // line breaks and tabs kept, as references
std::string xml_content(std::string_view text);    // line breaks and tabs as they are

}  // namespace conformance
