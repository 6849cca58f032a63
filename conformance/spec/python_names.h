// Which names does a piece of Python bind? A light scan for lint and for collisions of names; a
// port's own compiler decides.
//
// It understands strings, comments, brackets, line continuation and the statements that bind (=,
// augmented, annotated, :=, for, with-as, import, def, class, except-as, del, case patterns). What
// nested functions and classes bind stays theirs. It is not a parser: text that is not Python gives
// some answer, never a crash.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace conformance {

struct PythonName {
  std::string name;
  int line = 0;  // from 0, within the text
};

struct PythonNames {
  std::vector<PythonName> bound;  // in the order of the text; a name may stand there several times
  std::vector<PythonName>
      outside;           // named by `nonlocal`, also in nested functions: assigned beyond this body
  std::string unclosed;  // what the end of the text cuts off: "a string", "'('"; empty: nothing
};

PythonNames scan_python(std::string_view text);

}  // namespace conformance
