#include "fuzz/programs/threads_run.h"

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "fuzz/programs/judge.h"
#include "runtime/collector/collector.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/object/values_test_support.h"
#include "runtime/threads/attach.h"

namespace fuzzing {

using namespace runtime;

namespace {

// Beyond what a warm kernel has: what waits for a thread that is not attached, or for readers.
constexpr std::size_t kObjectsInTransit = 200;
constexpr std::size_t kBytesInTransit = std::size_t{1} << 20;
constexpr std::uint64_t kProgramsPerCollection = 500;
constexpr unsigned kSpinsBeforeGivingWay = 200;

std::int64_t nanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

template <class Condition>
void spin_until(Condition&& condition) {
  for (unsigned spins = 0; !condition(); ++spins) {
    if (spins < kSpinsBeforeGivingWay) {
      machine::spin_pause();
    } else {
      std::this_thread::yield();
    }
  }
}

class Crew {
 public:
  explicit Crew(const ContainerKind& kind)
      : kind_(kind),
        judge_(kind),
        collector_(kernel_.kernel, CollectorOptions{.is_enabled = false}) {
    for (unsigned i = 0; i < kThreads; ++i) {
      states_[i] = kernel_.kernel.world().create_thread();
      std::thread([this, i] { work(i); }).detach();  // until the process ends
    }
  }

  std::string run(std::span<const std::uint8_t> bytes) {
    program_ = read_program(bytes);
    recorder_.clear();
    initial_.used = 0;
    ThreadState& here = kernel_.here();
    Subject subject;
    NumberWriter initial(initial_);
    build_subject(kind_, here, program_, subject, initial);
    subject_ = &subject;
    {
      Detached detached(here);
      go();
    }
    perform(kind_.observe, here, kThreads, subject, recorder_.threads[kThreads], 0, &nanoseconds);
    subject = Subject{};
    quiescent_point(here);
    if (is_leaking()) return "what programs have made ends with them (leak)\n" + text();
    const std::string wrong = judge_.complaint(program_, recorder_, initial_numbers(), 1);
    return wrong.empty() ? "" : wrong + "\n" + text();
  }

  [[nodiscard]] std::string text() const {
    return program_text(kind_, program_, recorder_, initial_numbers());
  }

 private:
  [[nodiscard]] std::span<const std::int64_t> initial_numbers() const {
    return std::span(initial_.numbers).first(initial_.used);
  }

  // Types end in collections only; so behind one there is nothing left but what a kernel keeps.
  bool is_leaking() {
    if (++programs_ % kProgramsPerCollection != 0) return false;
    collector_.collect(kernel_.here());
    const MemoryStatistics memory = kernel_.kernel.memory().statistics();
    if (programs_ == kProgramsPerCollection) at_first_ = memory;
    return memory.objects > at_first_.objects + kObjectsInTransit ||
           memory.raw_bytes > at_first_.raw_bytes + kBytesInTransit;
  }

  void go() {
    arrived_.store(0, std::memory_order_relaxed);
    finished_.store(0, std::memory_order_relaxed);
    number_.fetch_add(1, std::memory_order_release);
    number_.notify_all();
    // Asleep, not giving way again and again: there are fewer processors than threads, perhaps.
    for (std::uint32_t done = 0; done != kThreads;) {
      finished_.wait(done, std::memory_order_acquire);
      done = finished_.load(std::memory_order_acquire);
    }
  }

  void work(unsigned self) {
    for (std::uint32_t done = 0;; ++done) {
      for (unsigned spins = 0; number_.load(std::memory_order_acquire) == done; ++spins) {
        if (spins < kSpinsBeforeGivingWay) {
          machine::spin_pause();
        } else {
          number_.wait(done, std::memory_order_acquire);
        }
      }
      if (self < program_.threads) {
        Attached attached(*states_[self]);
        arrived_.fetch_add(1, std::memory_order_acq_rel);
        spin_until([&] { return arrived_.load(std::memory_order_acquire) >= program_.threads; });
        do_steps(self);
        quiescent_point(*states_[self]);
      }
      if (finished_.fetch_add(1, std::memory_order_acq_rel) + 1 == kThreads) finished_.notify_all();
    }
  }

  void do_steps(unsigned self) {
    for (const Step& step : program_.steps[self]) {
      if (const Action* action = action_of(kind_, program_.loose(), step)) {
        perform(*action, *states_[self], self, *subject_, recorder_.threads[self], step.argument,
                &nanoseconds);
      }
    }
  }

  const ContainerKind& kind_;
  Judge judge_;
  ValueKernel kernel_;
  Collector collector_;
  std::uint64_t programs_ = 0;
  MemoryStatistics at_first_;  // collection
  std::array<ThreadState*, kThreads> states_{};
  Program program_;
  Recorder recorder_;
  Recorder::OfThread initial_;
  Subject* subject_ = nullptr;
  alignas(64) std::atomic<std::uint32_t> number_{0};  // of the program
  alignas(64) std::atomic<std::uint32_t> arrived_{0};
  alignas(64) std::atomic<std::uint32_t> finished_{0};
};

Crew* crew = nullptr;  // never ends: its threads do not

}  // namespace

std::string run_on_threads(const ContainerKind& kind, std::span<const std::uint8_t> bytes) {
  if (crew == nullptr) crew = new Crew(kind);
  return crew->run(bytes);
}

std::string program_on_threads_text() { return crew == nullptr ? "" : crew->text(); }

}  // namespace fuzzing
