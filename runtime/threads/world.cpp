#include "runtime/threads/world.h"

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/threads/critical_section.h"

namespace runtime {

World::World(WorldOptions options) : stop_(*this), gil_(options.gil, options.switch_interval) {
  RT_CHECK(options.switch_interval > 0, "the switch interval is longer than nothing");
}

World::~World() { RT_CHECK(first_ == nullptr, "a world ends after its threads"); }

ThreadState* World::create_thread() {
  // Relaxed: only that no two are equal matters.
  std::uint32_t serial = last_serial_.fetch_add_relaxed(1) + 1;
  RT_CHECK(serial != 0, "there are serials left");
  auto* thread = new ThreadState(*this, serial);
  run_hooks(&ThreadHooks::created, *thread);
  point("world.thread_unlinked");
  if (try_link(*thread)) return thread;
  StoppedWorld stopped(*this);
  const bool is_linked = try_link(*thread);
  RT_CHECK(is_linked, "while the world stands the first thread has company");
  return thread;
}

bool World::try_link(ThreadState& thread) {
  RawMutexGuard guard(registry_lock_);
  if (first_ == nullptr) {
    thread.is_alone_ = !had_second_thread_;
  } else if (!had_second_thread_) {
    // Its sections are looked at by itself, or while it is suspended, which it stays under this lock.
    const bool is_ours = this_thread_or_null() == first_;
    if (!is_ours && !stop_.stands_locked() && !RT_MUTANT(solitude_ends_under_way)) return false;
    SectionFrame::end_solitude(*first_);
    had_second_thread_ = true;
  }
  stop_.admit_locked(thread);
  link_locked(thread);
  return true;
}

void World::destroy_thread(ThreadState* thread) {
  bool is_own = this_thread_or_null() == thread;
  RT_CHECK(is_own || !thread->is_attached(), "an attached thread ends itself");
  RT_CHECK(thread->sections_ == nullptr, "a thread ends outside of critical sections");
  RT_CHECK(!thread->has_stopped_world_, "who stopped the world starts it before it ends");
  const bool is_hasty = RT_MUTANT(parts_gone_before_last_finalizers);
  if (is_hasty) run_hooks_in_reverse(&ThreadHooks::released, *thread);
  run_hooks_in_reverse(&ThreadHooks::exiting, *thread);
  if (!is_hasty) run_hooks_in_reverse(&ThreadHooks::released, *thread);
  point("world.thread_exiting");
  if (is_own) CurrentThread::set(nullptr);
  {
    RawMutexGuard guard(registry_lock_);
    if (!RT_MUTANT(exit_not_counted)) stop_.dismiss_locked(*thread);
    unlink_locked(*thread);
  }
  gil_.release(*thread);
  delete thread;
}

void World::begin_shutdown(ThreadState& survivor) {
  RT_CHECK(this_thread_or_null() == &survivor, "who stays is the one who says so, attached");
  StoppedWorld stopped(survivor);
  RT_CHECK(survivor_ == nullptr, "a world is shut down once");
  survivor_ = &survivor;
}

unsigned World::thread_count() {
  unsigned count = 0;
  for_each_thread([&count](ThreadState&) { ++count; });
  return count;
}

void World::add_hooks(const ThreadHooks& hooks) {
  RT_CHECK(last_serial_.load() <= 1, "hooks are added before the second thread");
  RT_CHECK(hook_count_ < kMaximalHooks, "there is room for the hooks of every floor");
  hooks_[hook_count_++] = hooks;
  if (first_ != nullptr && hooks.created != nullptr) hooks.created(hooks.context, *first_);
}

void World::set_breaker_handler(BreakerBit bit, BreakerHandler handler, void* context) {
  RT_CHECK(last_serial_.load() <= 1, "handlers are set before the second thread");
  RT_CHECK(bit != BreakerBit::kStop && bit != BreakerBit::kGilDrop, "this floor answers those");
  unsigned index = 0;
  while ((std::uint32_t{1} << index) != static_cast<std::uint32_t>(bit)) ++index;
  RT_CHECK(index < kBreakerBits, "a request is one bit");
  handlers_[index] = {handler, context};
}

void World::run_hooks(Hook hook, ThreadState& thread) {
  for (unsigned index = 0; index < hook_count_; ++index) {
    const ThreadHooks& hooks = hooks_[index];
    if (hooks.*hook != nullptr) (hooks.*hook)(hooks.context, thread);
  }
}

void World::run_hooks_in_reverse(Hook hook, ThreadState& thread) {
  for (unsigned index = hook_count_; index-- > 0;) {
    const ThreadHooks& hooks = hooks_[index];
    if (hooks.*hook != nullptr) (hooks.*hook)(hooks.context, thread);
  }
}

void World::link_locked(ThreadState& thread) {
  thread.earlier_ = last_;
  (last_ == nullptr ? first_ : last_->later_) = &thread;
  last_ = &thread;
}

void World::unlink_locked(ThreadState& thread) {
  (thread.earlier_ == nullptr ? first_ : thread.earlier_->later_) = thread.later_;
  (thread.later_ == nullptr ? last_ : thread.later_->earlier_) = thread.earlier_;
}

}  // namespace runtime
