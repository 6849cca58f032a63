// What a dict can do, as a table for its type.
#pragma once

#include "runtime/object/protocol.h"

namespace runtime {

extern const Protocol dict_protocol;

}  // namespace runtime
