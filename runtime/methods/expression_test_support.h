// For tests of methods: reads and evaluates an expression (methods_test_support.h).
#pragma once

#include <string_view>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"

namespace runtime {

// Tests write what can be read: a mistake ends the program.
Result<Ref<Object>> evaluate_expression(ThreadState& thread, std::string_view text);

}  // namespace runtime
