#include "runtime/threads/critical_section.h"

#include <functional>
#include <utility>

#include "runtime/base/mutants.h"

namespace runtime {

bool SectionFrame::newest_holds(const ThreadState& thread, const Mutex& mutex) {
  const SectionFrame* newest = thread.sections_;
  return newest != nullptr && !newest->is_suspended_ &&
         (newest->first_ == &mutex || newest->second_ == &mutex);
}

void SectionFrame::begin_slow(Mutex& mutex) {
  // The usual way of meeting one's own lock: a method of an object calls another one of it.
  if (newest_holds(thread_, mutex)) return;
  // On the stack before it waits: so the older sections, which the wait suspends, stay suspended
  // until this one has ended.
  if (!RT_MUTANT(section_waits_before_push)) push();
  point("section.pushed");
  lock_in_order(&mutex, nullptr);
  if (RT_MUTANT(section_waits_before_push)) push();
}

void SectionFrame::begin_both(Mutex& one, Mutex& another) {
  if (&one == &another) return begin(one);
  Mutex* first = &one;
  Mutex* second = &another;
  if (std::less<>()(second, first) && !RT_MUTANT(two_locks_not_ordered)) std::swap(first, second);
  if (first->try_lock()) {
    if (second->try_lock()) {
      hold(first, second);
      push();
      return;
    }
    first->unlock();
  }
  if (newest_holds(thread_, one) && newest_holds(thread_, another)) return;
  push();
  point("section.pushed");
  lock_in_order(first, second);
}

// Waits for the second one with the first one locked, and nothing else: the older sections are
// suspended when it parks. So threads wait for each other only from lower addresses to higher ones.
void SectionFrame::lock_in_order(Mutex* first, Mutex* second) {
  first->lock(thread_);
  if (second != nullptr) second->lock(thread_);
  hold(first, second);
}

void SectionFrame::suspend_all(ThreadState& thread) {
  if (RT_MUTANT(sections_kept_when_detaching)) return;
  for (SectionFrame* frame = thread.sections_; frame != nullptr && !frame->is_suspended_;
       frame = frame->previous_) {
    frame->is_suspended_ = true;
    if (frame->second_ != nullptr) frame->second_->unlock();
    if (frame->first_ != nullptr) frame->first_->unlock();
  }
  point("section.suspended");
}

void SectionFrame::resume_newest(ThreadState& thread) {
  SectionFrame* newest = thread.sections_;
  if (newest == nullptr || !newest->is_suspended_) return;
  Mutex* first = newest->first_;
  Mutex* second = newest->second_;
  // While it waits it holds nothing, as at its beginning: detaching on the way comes here again and
  // finds nothing to lock.
  newest->hold(nullptr, nullptr);
  newest->is_suspended_ = false;
  if (first == nullptr) return;
  if (RT_MUTANT(section_resumes_out_of_order) && second != nullptr) std::swap(first, second);
  newest->lock_in_order(first, second);
  point("section.resumed");
}

}  // namespace runtime
