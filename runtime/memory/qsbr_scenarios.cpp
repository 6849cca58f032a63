#include "runtime/base/scenario.h"
#include "runtime/memory/qsbr.h"

namespace runtime {
namespace {

// A shared pointer without a lock, and the buffer behind it. The buffer is freed for real, so that
// whoever reads it afterwards, or without an order between, is noticed.
class SharedBuffer {
 public:
  SharedBuffer() {
    place_.initialize(new Plain<int>(kAlive));
    name_address(&place_, "shared pointer");
  }
  ~SharedBuffer() {
    delete unlinked_;
    delete place_.peek();
  }
  // What a reader does between two quiescent points.
  void read() {
    Plain<int>* buffer = place_.load_acquire();
    point("reader.inside");
    if (buffer != nullptr) RT_CHECK(buffer->get() == kAlive, "a buffer lives while it is read");
  }
  void unlink() { unlinked_ = place_.exchange_acq_rel(nullptr); }
  // By who unlinked it, or later.
  void free() {
    delete unlinked_;
    unlinked_ = nullptr;
  }

 private:
  static constexpr int kAlive = 7;
  Atomic<Plain<int>*> place_;
  Plain<int>* unlinked_ = nullptr;
};

void unlink_and_free(Qsbr& qsbr, SharedBuffer& shared, int looks) {
  shared.unlink();
  Qsbr::Goal goal = qsbr.advance();
  for (int look = 0; look < looks; ++look) {
    if (qsbr.reached(goal)) return shared.free();
  }
}

RT_SCENARIO(qsbr_attach_vs_free, "memory/qsbr_attach_vs_free",
            "What was unlinked is not freed while a thread reads it that attached meanwhile.") {
  Qsbr qsbr;
  SharedBuffer shared;
  QsbrSlot* slot = qsbr.take_slot();
  in_parallel({[&] {
                 qsbr.attach(*slot);
                 shared.read();
                 qsbr.detach(*slot);
               },
               [&] { unlink_and_free(qsbr, shared, 2); }});
}

RT_SCENARIO(qsbr_report_vs_free, "memory/qsbr_report_vs_free",
            "A thread that says it holds nothing may read again at once.") {
  Qsbr qsbr;
  SharedBuffer shared;
  QsbrSlot* slot = qsbr.take_slot();
  qsbr.attach(*slot);
  in_parallel({[&] {
                 shared.read();
                 qsbr.report(*slot);
                 shared.read();
               },
               [&] { unlink_and_free(qsbr, shared, 3); }});
}

RT_SCENARIO(qsbr_detach_and_attach, "memory/qsbr_detach_and_attach_vs_free",
            "A thread that was offline for a moment is as safe as before.") {
  Qsbr qsbr;
  SharedBuffer shared;
  QsbrSlot* slot = qsbr.take_slot();
  qsbr.attach(*slot);
  in_parallel({[&] {
                 shared.read();
                 qsbr.detach(*slot);
                 qsbr.attach(*slot);
                 shared.read();
               },
               [&] { unlink_and_free(qsbr, shared, 2); }});
}

RT_SCENARIO(qsbr_new_thread_vs_free, "memory/qsbr_new_thread_vs_free",
            "A thread that comes into being during a scan is not overlooked when it reads.") {
  Qsbr qsbr;
  SharedBuffer shared;
  in_parallel({[&] {
                 QsbrSlot* slot = qsbr.take_slot();
                 qsbr.attach(*slot);
                 shared.read();
                 qsbr.return_slot(slot);
               },
               [&] { unlink_and_free(qsbr, shared, 2); }});
}

RT_SCENARIO(qsbr_slot_changes_hands, "memory/qsbr_slot_changes_hands",
            "A slot that went from one thread to the next speaks for the next one only.") {
  Qsbr qsbr;
  SharedBuffer shared;
  QsbrSlot* slot = qsbr.take_slot();
  qsbr.attach(*slot);
  in_parallel({[&] {
                 shared.read();
                 qsbr.return_slot(slot);
               },
               [&] {
                 QsbrSlot* own = qsbr.take_slot();
                 qsbr.attach(*own);
                 shared.read();
                 qsbr.detach(*own);
                 unlink_and_free(qsbr, shared, 1);
               }});
}

RT_SCENARIO(qsbr_scan_vs_attach, "memory/qsbr_scan_vs_attach",
            "A scan that has passed a slot before its thread attached does not believe in a goal "
            "that was given after that.") {
  Qsbr qsbr;
  SharedBuffer shared;
  QsbrSlot* slot = qsbr.take_slot();
  constexpr Qsbr::Goal kFirstGoal = 3;
  Atomic<bool> is_stamped{false};
  in_parallel({[&] {  // looks for a goal that somebody else gives meanwhile
                 bool is_due = qsbr.reached(kFirstGoal);
                 if (!is_due) return;
                 RT_CHECK(is_stamped.peek(), "a goal is reached after it was given");
                 shared.free();
               },
               [&] {
                 qsbr.attach(*slot);
                 shared.read();
                 qsbr.detach(*slot);
               },
               [&] {
                 shared.unlink();
                 is_stamped.store(true);
                 RT_CHECK(qsbr.advance() == kFirstGoal, "goals are given in order");
               }});
}

RT_SCENARIO(qsbr_two_scans, "memory/qsbr_two_scans",
            "Two threads that scan at once free what each of them unlinked, and only that.") {
  Qsbr qsbr;
  SharedBuffer first;
  SharedBuffer second;
  QsbrSlot* slot = qsbr.take_slot();
  QsbrSlot* other = qsbr.take_slot();
  qsbr.attach(*slot);
  qsbr.attach(*other);
  in_parallel({[&] {
                 second.read();
                 first.unlink();
                 Qsbr::Goal goal = qsbr.advance();
                 qsbr.report(*slot);
                 if (qsbr.reached(goal)) first.free();
               },
               [&] {
                 first.read();
                 second.unlink();
                 Qsbr::Goal goal = qsbr.advance();
                 qsbr.report(*other);
                 if (qsbr.reached(goal)) second.free();
               }});
}

}  // namespace
}  // namespace runtime
