#include "runtime/object/immortalization.h"

#include "runtime/base/mutants.h"
#include "runtime/object/deferred.h"
#include "runtime/object/immortal.h"
#include "runtime/object/object_block.h"
#include "runtime/object/values.h"
#include "runtime/threads/stop_the_world.h"

namespace runtime {

#if HEDDLE_GIL

void immortalize_for_second_thread(ThreadState&, Object* (*)(Object*)) {}
bool immortalizes_deferred(ThreadState&) { return false; }

#else

namespace {

void immortalize_stopped(Object* object) {
  if (is_immortal(object)) return;
  // As a reference that is never given back: whoever counts without having seen the mark ends
  // above zero.
  object->shared.fetch_add_relaxed(kSharedOne);
  object->local.store_relaxed(kImmortalLocal);  // the world stands
  clear_gc_bit(object, kGcDeferred);
}

}  // namespace

void immortalize_for_second_thread(ThreadState& thread, Object* (*companion)(Object* object)) {
  Values& values = Values::of(thread);
  if (!values.profile().immortalizes_at_second_thread) return;
  StoppedWorld stopped(thread);
  if (!values.begin_immortalizing()) return;
  for_each_object_of(Memory::of(thread), HeapKind::kCollected, [&](Object* object) {
    if (!is_deferred(object)) return;
    const bool is_alone = companion == nullptr || RT_MUTANT(immortalization_forgets_companion);
    if (Object* other = is_alone ? nullptr : companion(object)) {
      immortalize_stopped(other);
    }
    immortalize_stopped(object);
  });
}

bool immortalizes_deferred(ThreadState& thread) {
  const ValuesOfThread* part = thread.slot(kValuesSlot);
  if (RT_MUTANT(immortalization_forgets_later_ones)) return false;
  return part != nullptr && part->values.is_immortalizing();
}

#endif

}  // namespace runtime
