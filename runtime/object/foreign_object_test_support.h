// For tests, scenarios and stress of containers: an object whose __eq__, __hash__ and __lt__ are
// whatever the test wants: block, raise, change the container that is asking.
//
//   Ref<Foreign> key = new_foreign(thread, {.equals = [&](ThreadState& thread, Borrowed<Object>) {
//     { Detached detached(thread); }             // the caller's sections are suspended here
//     clear(thread, dict);
//     return Result<bool>(true);
//   }});
//
// An operation that is not given behaves as that of `object`: hash by identity, equal to itself
// alone, no order. Bodies run attached, on whatever thread asks; a Foreign that several threads use
// has bodies that several threads may run.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"
#include "runtime/object/type.h"

namespace runtime {

struct ForeignBodies {
  std::function<Result<std::int64_t>(ThreadState& thread)> hash = {};
  std::function<Result<bool>(ThreadState& thread, Borrowed<Object> other)> equals = {};
  std::function<Result<bool>(ThreadState& thread, Borrowed<Object> other)> less = {};
  // Counted up when the object ends.
  unsigned* ends = nullptr;
};

struct Foreign : Object {
  ForeignBodies* bodies;  // owned
  std::int64_t tag;       // the test's
};

inline Result<std::int64_t> hash_foreign(ThreadState& thread, Borrowed<Object> object) {
  auto* foreign = static_cast<Foreign*>(object.get());
  if (foreign->bodies->hash) return foreign->bodies->hash(thread);
  return hash_by_identity(thread, object);
}

inline Result<Ref<Object>> compare_foreign(ThreadState& thread, Borrowed<Object> left,
                                           Borrowed<Object> right, CompareOp op) {
  const ForeignBodies& bodies = *static_cast<Foreign*>(left.get())->bodies;
  if ((op == CompareOp::kEqual || op == CompareOp::kNotEqual) && bodies.equals) {
    TRY_ASSIGN(bool equal, bodies.equals(thread, right));
    return boolean(equal == (op == CompareOp::kEqual));
  }
  if (op == CompareOp::kLess && bodies.less) {
    TRY_ASSIGN(bool less, bodies.less(thread, right));
    return boolean(less);
  }
  return not_implemented();
}

inline void release_foreign(Object* object, DroppedFields&) {
  auto* foreign = static_cast<Foreign*>(object);
  if (foreign->bodies->ends != nullptr) ++*foreign->bodies->ends;
  delete std::exchange(foreign->bodies, nullptr);
}

inline constexpr Protocol kForeignProtocol{
    .hash = &hash_foreign,
    .compare = &compare_foreign,
};
inline constinit Type foreign_type(TypeSlots{
    .name = "Foreign",
    .size = sizeof(Foreign),
    .heap = HeapKind::kCollected,
    .release_fields = &release_foreign,
    .protocol = &kForeignProtocol,
});

[[nodiscard]] inline Ref<Foreign> new_foreign(ThreadState& thread, ForeignBodies bodies,
                                              std::int64_t tag = 0) {
  Ref<Foreign> foreign = new_object<Foreign>(thread, foreign_type);
  RT_CHECK(static_cast<bool>(foreign), "there is memory for an object of a test");
  foreign->bodies = new ForeignBodies(std::move(bodies));
  foreign->tag = tag;
  track(foreign.get());
  return foreign;
}

}  // namespace runtime
