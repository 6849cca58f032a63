// What a list can do, as a table: list_protocol.cpp.
#pragma once

#include "runtime/object/protocol.h"

namespace runtime {

extern const Protocol list_protocol;

}  // namespace runtime
