#include "runtime/collector/reachability.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/object/deferred.h"
#include "runtime/object/refcount.h"

namespace runtime {

void Reachability::visit_references(Object* object, Visit visit, void* context) {
  Type* type = object->type;
  if (!RT_MUTANT(collector_forgets_types)) visit(context, type);
  if (type->slots.traverse != nullptr) type->slots.traverse(object, visit, context);
}

void Reachability::Queue::push(Object* object) {
  __builtin_prefetch(object, 1);
  Object*& place = ahead[next++ % kAhead];
  if (Object* earlier = std::exchange(place, object)) look(*self, earlier);
}

void Reachability::Queue::look_at_all() {
  for (unsigned i = 0; i < kAhead; ++i) {
    if (Object* earlier = std::exchange(ahead[next++ % kAhead], nullptr)) look(*self, earlier);
  }
}

std::uint32_t Reachability::references_to(const Object* object) const {
  std::int64_t references = RT_MUTANT(collector_counts_owner_only)
                                ? std::int64_t{owner_count(object)}
                                : reference_count(object);
  references -= held_;
  if (is_deferred(object)) references -= kDeferredBias;
  RT_LAW(Law::kCountsMatchReferences, references >= 0, object);
  return static_cast<std::uint32_t>(std::min<std::int64_t>(references, UINT32_MAX));
}

bool Reachability::add(ThreadState& thread, Object* object) {
  if (!set_.push(thread, object)) return false;
  gc_working_count(object) = references_to(object);
  set_gc_bit(object, kGcUnreachable);
  return true;
}

void Reachability::begin_anew(std::int64_t held) {
  held_ = held;
  for (Object* object : set_.all()) gc_working_count(object) = references_to(object);
}

bool Reachability::reserve(ThreadState& thread) { return waiting_.reserve(thread, set_.size()); }

void Reachability::subtract_one(Reachability&, Object* object) {
  if (!is_unreached(object)) return;
  // More fields refer to it than references were counted.
  RT_LAW(Law::kCountsMatchReferences, gc_working_count(object) != 0, object);
  --gc_working_count(object);
}

void Reachability::subtract_inner_references() {
  Queue queue{this, &subtract_one};
  for (Object* object : set_.all()) {
    if (is_unreached(object)) visit_references(object, &found, &queue);
  }
  queue.look_at_all();
}

void Reachability::add_stack_reference(Object* object) {
  if (is_unreached(object)) ++gc_working_count(object);
}

void Reachability::reach(Object* object) {
  if (!is_unreached(object)) return;
  clear_gc_bit(object, kGcUnreachable);
  waiting_.append(object);
}

void Reachability::reach_further() {
  Queue queue{this, &reach_one};
  do {
    while (!waiting_.is_empty()) visit_references(waiting_.pop(), &found, &queue);
    queue.look_at_all();
  } while (!waiting_.is_empty());
}

void Reachability::reach_counted() {
  for (Object* object : set_.all()) {
    if (gc_working_count(object) != 0) reach(object);
  }
  if (RT_MUTANT(collector_reaches_one_step)) return waiting_.clear();
  reach_further();
}

void Reachability::keep_unreached(ObjectVector* reached) {
  std::span<Object*> all = set_.all();
  std::size_t kept = 0;
  for (Object* object : all) {
    if (is_unreached(object)) {
      all[kept++] = object;
    } else if (reached != nullptr) {
      reached->append(object);
    }
  }
  set_.shrink(kept);
}

void Reachability::check_counts() {
  if (!kChecksEnabled || set_.size() > kLargestChecked) return;
  std::unordered_map<Object*, std::int64_t> inner;
  for (Object* object : set_.all()) {
    if (!is_unreached(object)) continue;
    visit_references(
        object,
        [](void* counts, Object* referred) {
          ++(*static_cast<std::unordered_map<Object*, std::int64_t>*>(counts))[referred];
        },
        &inner);
  }
  for (Object* object : set_.all()) {
    if (!is_unreached(object)) continue;
    RT_LAW(Law::kCountsMatchReferences,
           gc_working_count(object) + inner[object] == references_to(object), object);
  }
}

void Reachability::check_closed() {
  if (!kChecksEnabled) return;
  for (Object* object : set_.all()) {
    if (is_unreached(object)) continue;
    visit_references(
        object,
        [](void*, Object* referred) {
          RT_CHECK(!is_unreached(referred), "what a living object refers to is not garbage");
        },
        nullptr);
  }
}

void Reachability::free(ThreadState& thread) {
  set_.free(thread);
  waiting_.free(thread);
}

}  // namespace runtime
