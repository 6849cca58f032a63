// The types of `_collections` that are no containers of their own: defaultdict, and what reads a field
// of a named tuple.
//
// Ancestry: CPython's Modules/_collectionsmodule.c.
#pragma once

#include "runtime/object/type.h"

namespace runtime {

extern Type default_dict_type;
extern Type tuple_getter_type;  // collections._tuplegetter

}  // namespace runtime
