// What programs may ask of the whole heap: gc.get_objects and its like.
//
// The world stands while the heap is walked, so each object is either tracked, complete and alive, or
// it is left out. References are taken before the world goes on; so what is returned lives, however
// the others go on.
#include <algorithm>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/collector/collector.h"
#include "runtime/object/immortal.h"
#include "runtime/object/object_block.h"
#include "runtime/threads/stop_the_world.h"

namespace runtime {

namespace {

struct Search {
  std::span<Object* const> wanted;
  bool is_found = false;
};
void compare(void* context, Object* referred) {
  auto& search = *static_cast<Search*>(context);
  for (const Object* one : search.wanted) search.is_found |= one == referred;
}

// A static type is no object of the heap.
void visit_heap_type(Object* object, Visit visit, void* context) {
  if ((object->type->flags.load_relaxed() & kStaticObject) == 0) visit(context, object->type);
}

}  // namespace

// The world stands, so the bits are exact.
bool Collector::is_shown(const Object* object) const {
  if (!has_gc_bit(object, kGcTracked) && !RT_MUTANT(half_made_objects_shown)) return false;
  if (reference_count(object) == 0) return false;  // it ends
  // Its fields may be half empty. Outside a collection the bit means nothing.
  return !has_garbage_.load_relaxed() || !Reachability::is_unreached(object) ||
         RT_MUTANT(garbage_shown);
}

template <class Function>
void Collector::for_each_tracked(Function&& fn) {
  for_each_object_of(kernel_.memory(), HeapKind::kCollected, [&](Object* object) {
    if (is_shown(object)) fn(object);
  });
}

std::vector<Ref<Object>> Collector::objects(ThreadState& thread) {
  std::vector<Ref<Object>> result;
  StoppedWorld stopped(thread);
  for_each_tracked([&](Object* object) {
    result.push_back(Ref<Object>::share(thread, Borrowed<Object>(object)));
  });
  return result;
}

std::vector<Ref<Object>> Collector::referrers(ThreadState& thread,
                                              std::span<Object* const> referents) {
  std::vector<Ref<Object>> result;
  StoppedWorld stopped(thread);
  for_each_tracked([&](Object* object) {
    Search search{referents};
    visit_heap_type(object, &compare, &search);
    if (object->type->slots.traverse != nullptr) {
      object->type->slots.traverse(object, &compare, &search);
    }
    if (search.is_found) result.push_back(Ref<Object>::share(thread, Borrowed<Object>(object)));
  });
  return result;
}

std::vector<Ref<Object>> Collector::referents(ThreadState& thread, Borrowed<Object> object) {
  struct Found {
    ThreadState& thread;
    std::vector<Ref<Object>> objects;
  } found{thread, {}};
  const Visit take = [](void* context, Object* referred) {
    auto& all = *static_cast<Found*>(context);
    all.objects.push_back(Ref<Object>::share(all.thread, Borrowed<Object>(referred)));
  };
  StoppedWorld stopped(thread);
  if (has_gc_bit(object.get(), kGcTracked)) {
    if (object->type->slots.traverse != nullptr) {
      object->type->slots.traverse(object.get(), take, &found);
    }
    visit_heap_type(object.get(), take, &found);
  }
  return std::move(found.objects);
}

void Collector::freeze(ThreadState& thread) {
  StoppedWorld stopped(thread);
  for_each_tracked([](Object* object) { set_gc_bit(object, kGcFrozen); });
}

void Collector::unfreeze(ThreadState& thread) {
  StoppedWorld stopped(thread);
  for_each_object_of(kernel_.memory(), HeapKind::kCollected,
                     [](Object* object) { clear_gc_bit(object, kGcFrozen); });
}

std::size_t Collector::freeze_count(ThreadState& thread) {
  std::size_t count = 0;
  StoppedWorld stopped(thread);
  for_each_tracked([&](Object* object) { count += has_gc_bit(object, kGcFrozen) ? 1 : 0; });
  return count;
}

std::vector<Ref<Object>> Collector::garbage(ThreadState& thread) {
  std::vector<Ref<Object>> result;
  RawMutexGuard guard(lock_);
  for (const Ref<Object>& object : garbage_) result.push_back(object.duplicate(thread));
  return result;
}

void Collector::clear_garbage(ThreadState&) {
  std::vector<Ref<Object>> dropped;  // after the lock was given back
  RawMutexGuard guard(lock_);
  dropped.swap(garbage_);
}

}  // namespace runtime
