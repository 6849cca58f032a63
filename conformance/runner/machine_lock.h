// One lock per machine: litmus cases of a parallel port need the processors for themselves, whoever
// else runs Heddle here.
//
// A lock file in the directory for temporary files, flock(2): the kernel lets go of it when we die.
// Not recursive.
#pragma once

#include <atomic>
#include <string>

namespace conformance {

class MachineLock {
 public:
  // Waits until it has the lock or `stop` is set. Where no lock file can be made it goes on without
  // one and says so in `trouble`.
  MachineLock(const std::string& path, const std::atomic<bool>& stop, std::string& trouble);
  ~MachineLock();
  MachineLock(const MachineLock&) = delete;
  MachineLock& operator=(const MachineLock&) = delete;

 private:
  int descriptor_ = -1;
};

// $HEDDLE_LOCK, else heddle-litmus.lock in the directory for temporary files.
std::string machine_lock_path();

}  // namespace conformance
