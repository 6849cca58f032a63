// `deque[int]`: what a class is subscripted with says something to who reads the program, and nothing
// to the runtime; so the class itself is the answer.
//
// Ancestry: PEP 585. Departure: no types.GenericAlias in between.
#pragma once

#include "runtime/types/native.h"

namespace runtime {

// For rows "__class_getitem__(item, /)" of NativeKind::kOfClass.
inline Result<Ref<Object>> class_getitem(ThreadState& thread, Borrowed<Object> self,
                                         const BoundArguments&) {
  return Ref<Object>::share(thread, self);
}

}  // namespace runtime
