#include "runtime/threads/critical_section.h"

#include <functional>
#include <utility>

#include "runtime/base/mutants.h"

namespace runtime {

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
  if (thread_.is_alone_) return begin_alone(*first, second);
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
    if (!frame->is_locked_) continue;
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
  newest->is_locked_ = !thread.is_alone_;
  if (thread.is_alone_) return newest->hold(first, second);
  if (RT_MUTANT(section_resumes_out_of_order) && second != nullptr) std::swap(first, second);
  newest->lock_in_order(first, second);
  point("section.resumed");
}

// Nobody else holds anything, so trying is enough. What an older section has in common with a newer
// one belongs to the newer one; the older one is then suspended, with all that are older still, as if
// the newer one had waited for it.
void SectionFrame::end_solitude(ThreadState& thread) {
  thread.is_alone_ = false;
  if (RT_MUTANT(sections_of_the_lonely_stay_unlocked)) return;
  bool is_suspended = false;
  for (SectionFrame* frame = thread.sections_; frame != nullptr && !frame->is_suspended_;
       frame = frame->previous_) {
    if (!is_suspended && frame->first_->try_lock()) {
      if (frame->second_ == nullptr || frame->second_->try_lock()) {
        frame->is_locked_ = true;
        continue;
      }
      frame->first_->unlock();
    }
    is_suspended = true;
    frame->is_suspended_ = true;
  }
}

}  // namespace runtime
