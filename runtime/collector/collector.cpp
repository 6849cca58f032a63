#include "runtime/collector/collector.h"

#include <new>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/collector/collection.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/immortal.h"
#include "runtime/object/laws.h"
#include "runtime/threads/stop_the_world.h"

namespace runtime {

Collector::Collector(Kernel& kernel, const CollectorOptions& options)
    : kernel_(kernel), options_(options), is_enabled_(options.is_enabled) {
  set_thresholds(options.thresholds);
  kernel.world().set_breaker_handler(BreakerBit::kGc, &requested, this);
  kernel.world().add_hooks(ThreadHooks{this, &thread_created, nullptr, nullptr, nullptr, &thread_released});
}

Collector::~Collector() {
  ThreadState& thread = kernel_.first_thread();
  RT_CHECK(kernel_.world().thread_count() == 1,
           "the collector ends when the other threads have ended");
  clear_garbage(thread);
  set_saves_all(false);
  unfreeze(thread);
  roots_.clear();
  stack_references_.clear();
  listeners_.clear();
  // A type without `clear` keeps its garbage for ever, so until a collection changes nothing: no
  // finalizer has kept anything, and nothing has ended.
  std::size_t before;
  do {
    before = kernel_.memory().statistics().objects;
    collect(thread);
  } while (last_.resurrected != 0 || kernel_.memory().statistics().objects < before);
  reachability_.free(thread);
  thread_released(nullptr, thread);
  // Nobody asks any more; what was asked is not answered.
  thread.eval_breaker().fetch_and_acq_rel(~static_cast<std::uint32_t>(BreakerBit::kGc));
}

void Collector::add_roots(void* context, VisitReferences roots) {
  roots_.push_back({context, roots});
}
void Collector::add_stack_references(void* context, VisitReferences references) {
  stack_references_.push_back({context, references});
}
void Collector::add_callback(void* context, CollectionCallback callback) {
  listeners_.push_back({context, callback});
}

CollectionResult Collector::collect(ThreadState& thread, unsigned generation) {
  check_attached(thread, nullptr);
  RT_INVARIANT(generation < kGenerations, "a generation is 0, 1 or 2");
  if (is_collecting_.exchange_acquire(true) &&  // [collection-after-collection]
      !RT_MUTANT(collector_runs_twice)) {
    return {};
  }
  announce(thread, CollectionPhase::kStart, {generation, {}});
  CollectionStatistics run = Collection(*this, thread).run();
  run.generation = generation;
  note(run);
  const CollectionResult result{static_cast<std::int64_t>(run.collected), 0};
  announce(thread, CollectionPhase::kStop, {generation, result});
  is_collecting_.store_release(false);  // [collection-after-collection]
  return result;
}

void Collector::announce(ThreadState& thread, CollectionPhase phase, const CollectionInfo& info) {
  for (const Listener& listener : listeners_) {
    listener.callback(listener.context, thread, phase, info);
  }
}

void Collector::note(const CollectionStatistics& run) {
  RawMutexGuard guard(lock_);
  last_ = run;
  GenerationStatistics& of_generation = statistics_[run.generation];
  ++of_generation.collections;
  of_generation.collected += static_cast<std::int64_t>(run.collected);
}

CollectionStatistics Collector::last() const {
  RawMutexGuard guard(lock_);
  return last_;
}
std::array<GenerationStatistics, kGenerations> Collector::statistics() const {
  RawMutexGuard guard(lock_);
  return statistics_;
}

void Collector::set_thresholds(const std::array<int, kGenerations>& thresholds) {
  for (unsigned i = 0; i < kGenerations; ++i) thresholds_[i].store_relaxed(thresholds[i]);
}
std::array<int, kGenerations> Collector::thresholds() const {
  std::array<int, kGenerations> result;
  for (unsigned i = 0; i < kGenerations; ++i) result[i] = thresholds_[i].load_relaxed();
  return result;
}

std::array<int, kGenerations> Collector::counts(ThreadState& thread) {
  AllocationCount& mine = *thread.slot(kAllocationCountSlot);
  young_.fetch_add_relaxed(std::exchange(mine.pending, 0));
  const std::int64_t young = young_.load_relaxed();
  return {young < 0 ? 0 : static_cast<int>(young), 0, 0};
}

bool Collector::should_collect() const {
  const std::int64_t young = young_.load_relaxed();
  const int threshold = thresholds_[0].load_relaxed();
  if (!is_enabled() || threshold == 0 || young <= threshold) return false;
  // A heap that grows shall not be walked again and again for the same survivors.
  if (thresholds_[1].load_relaxed() != 0 && young < long_lived_.load_relaxed() / 4) return false;
  return options_.memory_gate == nullptr || options_.memory_gate(options_.memory_gate_context);
}

// Inside allocate_instance() or at the end of an object.
void Collector::counted(ThreadState& thread, AllocationCount& count) {
  auto& self = *static_cast<Collector*>(count.context);
  const std::int32_t told = std::exchange(count.pending, 0);
  // What was made before the last collection may end now.
  if (told < 0 && self.young_.load_relaxed() <= 0) return;
  self.young_.fetch_add_relaxed(told);
  if (told < 0 || !self.should_collect()) return;
  if (RT_MUTANT(collector_runs_inside_allocation)) {
    self.collect(thread, 0);
    return;
  }
  request(thread, BreakerBit::kGc);
}

void Collector::requested(void* context, ThreadState& thread) {
  auto& self = *static_cast<Collector*>(context);
  if (self.options_.at_every_safe_point) {
    self.collect(thread, 0);
    request(thread, BreakerBit::kGc);
  } else if (self.should_collect()) {  // nobody has collected meanwhile
    self.collect(thread, 0);
  }
}

void Collector::thread_created(void* context, ThreadState& thread) {
  void* bytes = raw_allocate_uncounted(sizeof(AllocationCount));
  RT_CHECK(bytes != nullptr, "there is memory for a new thread");
  auto* count = new (bytes) AllocationCount();
  count->context = context;
  count->tell = &counted;
  thread.slot(kAllocationCountSlot) = count;
  if (static_cast<Collector*>(context)->options_.at_every_safe_point) {
    request(thread, BreakerBit::kGc);
  }
}

// Also runs when the collector itself has ended already.
void Collector::thread_released(void*, ThreadState& thread) {
  AllocationCount* count = std::exchange(thread.slot(kAllocationCountSlot), nullptr);
  if (count == nullptr) return;
  if (count->pending > 0) count->tell(thread, *count);
  raw_free_uncounted(count);
}

}  // namespace runtime
