// What a list method is to the rules of evidence.h.
#pragma once

#include "conformance/linearizability/models/method_codes.h"
#include "conformance/linearizability/step.h"

namespace conformance {

enum class Part : std::uint8_t {
  Append,
  Pop,  // of the last
  GetItem,
  SetItem,
  Copy,
  Len,
  Contains,
  Index,
  Count,
  Moves  // it spoils the rules: places move
};

inline Part part_of(const Step& step) {
  switch (static_cast<ListMethod>(step.method)) {
    case ListMethod::append:
      return Part::Append;
    case ListMethod::pop:
      return step.arguments[0] == Word::absent() ? Part::Pop : Part::Moves;
    case ListMethod::getitem:
      return Part::GetItem;
    case ListMethod::setitem:
      return Part::SetItem;
    case ListMethod::copy:
      return Part::Copy;
    case ListMethod::len:
      return Part::Len;
    case ListMethod::contains:
      return Part::Contains;
    case ListMethod::index:
      return Part::Index;
    case ListMethod::count:
      return Part::Count;
    default:
      return Part::Moves;
  }
}

// Counted from the left, so it is the same place whatever is appended or taken.
inline bool names_a_place(Word index) { return index.is_integer() && index.number() >= 0; }

}  // namespace conformance
