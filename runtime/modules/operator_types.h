// What `operator` makes: callables that get items, get attributes, or call a method.
//
// Ancestry: https://docs.python.org/3/library/operator.html; CPython's Modules/_operator.c.
#pragma once

#include "runtime/object/type.h"

namespace runtime {

extern Type itemgetter_type;
extern Type attrgetter_type;
extern Type methodcaller_type;

}  // namespace runtime
