// FrameLocalsProxy: the variables of a function's frame as a mapping that writes through.
//
// Each access to f_locals makes a new one; it holds the frame object and nothing else. Names that are
// no variable lie in a dict of the frame object. A variable that is overwritten while its call runs is
// kept until the call ends: an instruction may be using what it held.
//
// Ancestry: PEP 667; CPython's PyFrameLocalsProxy (Objects/frameobject.c).
#pragma once

#include <vector>

#include "runtime/interpreter/frame_object.h"

namespace runtime {

struct FrameLocalsProxy : Object {
  Object* frame;  // an owned FrameObject; constant
};

extern Type frame_locals_proxy_type;

Result<Ref<Object>> new_frame_locals_proxy(ThreadState& thread, Borrowed<FrameObject> frame);

// Those that hold something.
Result<Ref<Dict>> dict_of_variables(ThreadState& thread, std::vector<FrameVariable> variables);

}  // namespace runtime
