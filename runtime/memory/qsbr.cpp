#include "runtime/memory/qsbr.h"

namespace runtime {

Qsbr::~Qsbr() {
  for (QsbrSlot* slot = first_slot_.load(); slot != nullptr;) {
    QsbrSlot* next = slot->next;
    delete slot;
    slot = next;
  }
}

QsbrSlot* Qsbr::take_slot() {
  RawMutexGuard guard(lock_);
  if (QsbrSlot* spare = spare_slots_; spare != nullptr) {
    spare_slots_ = spare->next_spare;
    return spare;
  }
  auto* slot = new QsbrSlot(*this);
  slot->next = first_slot_.load_relaxed();  // changes only under the lock
  first_slot_.store(slot);                  // [added-before-attached]
  return slot;
}

void Qsbr::return_slot(QsbrSlot* slot) {
  // Online if its thread exits itself; a state that never ran is offline.
  if (slot->sequence.load_relaxed() != QsbrSlot::kOffline) detach(*slot);
  slot->should_process = false;
  RawMutexGuard guard(lock_);
  slot->next_spare = spare_slots_;
  spare_slots_ = slot;
}

Qsbr::Goal Qsbr::scan() {
  // First the write sequence, then the slots: a thread that attaches behind our back has seen at
  // least this value. [attach-before-scan]
  Goal least = RT_MUTANT(qsbr_scan_asks_last) ? UINT64_MAX : write_sequence_.load();
  for (QsbrSlot* slot = first_slot_.load(); slot != nullptr; slot = slot->next) {
    point("qsbr.poll.slot");
    Goal seen = slot->sequence.load();  // [attach-before-scan] [left-before-reported]
    if (seen != QsbrSlot::kOffline && seen < least) least = seen;
  }
  point("qsbr.poll.min");
  if (RT_MUTANT(qsbr_scan_asks_last) && write_sequence_.load() < least) {
    least = write_sequence_.load();
  }
  Goal known = read_sequence_.load_relaxed();  // the exchange checks it
  while (known < least && !read_sequence_.compare_exchange_release(known, least)) {
    // [scanned-before-read]
  }
  return least;
}

}  // namespace runtime
