// What a deque can do, and its iterators. For deque_object.cpp alone.
#pragma once

#include "runtime/object/protocol.h"

namespace runtime {

extern const Protocol kDequeProtocol;

}  // namespace runtime
