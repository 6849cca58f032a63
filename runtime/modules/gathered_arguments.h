// The arguments of a call that are put together from several sources: a tuple that was kept, what the
// caller passed, a dict of names.
//
// Owns everything, so it may live across calls that run foreign code.
#pragma once

#include <vector>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

struct Dict;

// First what has no name, then what has.
class GatheredArguments {
 public:
  void add(ThreadState& thread, Borrowed<Object> value);
  void add(ThreadState& thread, Arguments values);
  void add_items(ThreadState& thread, const Tuple& values);
  // Both halves of a call that are complete already.
  void add(ThreadState& thread, const CallArguments& arguments);
  // TypeError "keywords must be strings".
  Result<Done> add_named(ThreadState& thread, Borrowed<Dict> named);

  // Valid until something is added.
  [[nodiscard]] CallArguments get();

 private:
  std::vector<Ref<Object>> values_;
  std::vector<Borrowed<Object>> borrowed_;
  std::size_t positional_ = 0;
  Ref<Tuple> names_;
};

}  // namespace runtime
