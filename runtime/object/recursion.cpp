#include "runtime/object/recursion.h"

#include "runtime/object/exception_object.h"
#include "runtime/object/values.h"

namespace runtime {

Deeper::Deeper(ThreadState& thread) : thread_(thread) { ++thread.slot(kValuesSlot)->depth; }
Deeper::~Deeper() { --thread_.slot(kValuesSlot)->depth; }

Result<Done> Deeper::check(const char* where) {
  const ValuesOfThread& part = *thread_.slot(kValuesSlot);
  if (part.depth <= part.values.recursion_limit()) return Done{};
  return raise(thread_, recursion_error_type, "maximum recursion depth exceeded{}", where);
}

ReprFrame::ReprFrame(ThreadState& thread, Borrowed<Object> object)
    : thread_(thread), object_(object.get()), outer_(thread.slot(kValuesSlot)->innermost_repr) {
  for (const ReprFrame* frame = outer_; frame != nullptr; frame = frame->outer_) {
    if (frame->object_ == object_) is_inside_itself_ = true;
  }
  thread.slot(kValuesSlot)->innermost_repr = this;
}

ReprFrame::~ReprFrame() { thread_.slot(kValuesSlot)->innermost_repr = outer_; }

}  // namespace runtime
