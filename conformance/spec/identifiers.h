// Which texts may be names: in Python, in ids of cases, in ids of catalogues.
#pragma once

#include <string_view>

namespace conformance {

// ASCII letters, digits and _, not beginning with a digit: the same in Python 2.7 and 3.
bool is_identifier(std::string_view text);

// An identifier that Python does not keep for itself, in any version.
bool is_python_name(std::string_view text);

// What may stand between the slashes and brackets of an id: letters, digits, _ - and dots; so that
// no glob character, no path and no separator of ids can be part of one.
bool is_id_part(std::string_view text);

// One or more id parts with '/' in between.
bool is_id(std::string_view text);

// What names a source or a document: an id part, or several with '/' or ':' in between, as in
// N14:gh-123275.
bool is_reference(std::string_view text);

}  // namespace conformance
