#include "runtime/interpreter/module_locks.h"

#include "runtime/base/check.h"
#include "runtime/threads/attach.h"

namespace runtime {

bool ModuleLocks::closes_circle(std::uint32_t serial, const Lock& wanted) const {
  const Lock* lock = &wanted;
  for (;;) {
    if (lock->owner == serial) return true;
    const auto next = waits_for_.find(lock->owner);
    if (next == waits_for_.end()) return false;
    lock = next->second;
  }
}

ModuleLocks::Taken ModuleLocks::acquire(ThreadState& thread, std::string_view name) {
  const std::uint32_t serial = thread.serial();
  Semaphore handed_over;
  {
    RawMutexGuard guard(lock_);
    Lock& lock = locks_.try_emplace(std::string(name)).first->second;
    if (lock.owner == 0 || lock.owner == serial) {
      if (lock.owner == 0) count_.store_relaxed(count_.load_relaxed() + 1);  // guarded
      lock.owner = serial;
      ++lock.depth;
      return Taken::kMine;
    }
    if (closes_circle(serial, lock)) return Taken::kCircle;
    waits_for_.emplace(serial, &lock);
    lock.waiters.push_back({serial, &handed_over});
  }
  Detached detached(thread);
  handed_over.wait();
  return Taken::kMine;
}

void ModuleLocks::release(ThreadState& thread, std::string_view name) {
  RawMutexGuard guard(lock_);
  const auto found = locks_.find(name);
  RT_INVARIANT(found != locks_.end() && found->second.owner == thread.serial(),
               "who releases a module's lock has it");
  Lock& lock = found->second;
  if (--lock.depth > 0) return;
  if (lock.waiters.empty()) {
    locks_.erase(found);
    count_.store_relaxed(count_.load_relaxed() - 1);  // guarded
    return;
  }
  const Waiter next = lock.waiters.front();
  lock.waiters.erase(lock.waiters.begin());
  waits_for_.erase(next.serial);
  lock.owner = next.serial;
  lock.depth = 1;
  next.semaphore->post();
}

ModuleLocks::Importer ModuleLocks::importer(ThreadState& thread, std::string_view name) const {
  if (count_.load_relaxed() == 0) return Importer::kNobody;
  RawMutexGuard guard(lock_);
  const auto found = locks_.find(name);
  if (found == locks_.end()) return Importer::kNobody;
  return found->second.owner == thread.serial() ? Importer::kThisThread : Importer::kAnother;
}

}  // namespace runtime
