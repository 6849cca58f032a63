// Accounts in a ring of threads that lock one or two of them in any order, nest, and block inside.
//
// Checked: no deadlock; the newest section excludes (each account keeps two equal words); what moves
// between two accounts under one section of both is never seen half done, so the sum stays.
#include <vector>

#include "runtime/base/check.h"
#include "runtime/threads/attach.h"
#include "runtime/threads/critical_section.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using runtime::CriticalSection;
using runtime::CriticalSection2;
using runtime::Mutex;
using runtime::ThreadState;

constexpr unsigned kAccounts = 4;
constexpr long kBegin = 1'000;

struct Account {
  Mutex mutex;
  long balance = kBegin;
  long copy = kBegin;

  void add(long amount) {
    RT_CHECK(balance == copy, "the newest section excludes");
    balance += amount;
    runtime::spin_pause();
    copy += amount;
  }
};

class Bank {
 public:
  void turn(StressThread& thread, unsigned depth) {
    Account& one = accounts_[thread.random().below(kAccounts)];
    Account& another = accounts_[thread.random().below(kAccounts)];
    ThreadState& state = thread.state();
    switch (thread.random().below(4)) {
      case 0: {
        // Moves money; nobody sees it on the way.
        CriticalSection2 both(state, one.mutex, another.mutex);
        one.add(-5);
        another.add(5);
        break;
      }
      case 1: {
        // Nests: the inner turn may suspend this section, and has ended it when it returns.
        CriticalSection outer(state, one.mutex);
        one.add(0);
        if (depth < 4) turn(thread, depth + 1);
        one.add(0);
        break;
      }
      case 2: {
        CriticalSection2 outer(state, one.mutex, another.mutex);
        if (depth < 4) turn(thread, depth + 1);
        one.add(-1);
        another.add(1);
        break;
      }
      default: {
        // Blocks inside.
        CriticalSection section(state, one.mutex);
        one.add(0);
        { runtime::Detached detached(state); }
        one.add(0);
        runtime::safe_point(state);
        one.add(0);
      }
    }
  }

  void check() const {
    long sum = 0;
    for (const Account& account : accounts_) {
      RT_CHECK(account.balance == account.copy, "each change was complete");
      RT_CHECK(!account.mutex.is_locked(), "nobody holds an account at the end");
      sum += account.balance;
    }
    RT_CHECK(sum == kBegin * kAccounts, "what moves is not lost");
  }

 private:
  Account accounts_[kAccounts];
};

int run(int argc, char** argv) {
  StressRun storm(argc, argv, "Do critical sections exclude, and never deadlock?");
  runtime::World world;
  Bank bank;
  storm.storm(world, [&](StressThread& thread) {
    while (thread.goes_on()) bank.turn(thread, 0);
  });
  bank.check();
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
