// The real machine behind atomic.h: std::atomic, std::thread, futexes, the monotonic clock.
// Everything that only the scheduler needs is empty and inlined away (ci/check_codegen compares the
// instructions).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <thread>

namespace runtime {
struct Failure;
}

namespace runtime::machine {

struct Where {};

enum class AccessKind : std::uint8_t {
  kLoad,
  kStore,
  kExchange,
  kCompareExchange,
  kFetchAdd,
  kFetchOr,
  kFetchAnd
};

struct Access {
  constexpr Access(AccessKind, const void*, std::size_t, std::memory_order, Where) {}
  template <class T>
  constexpr void done(T, T) {}
  template <class T>
  constexpr void done_storing(std::atomic<T>&, T) {}
  template <class T>
  constexpr void failed(T) {}
};

inline void plain_read(const void*, Where) {}
inline void plain_write(const void*, Where) {}
inline void abandon_execution(const Failure&) {}
inline void point(const char*, Where = {}) {}
inline void lock_taken(const void*) {}
inline void lock_released(const void*) {}
inline void lock_wanted(const void*) {}

inline void spin_pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

using Nanoseconds = std::int64_t;
inline constexpr Nanoseconds kForever = std::numeric_limits<Nanoseconds>::max();
Nanoseconds now();          // monotonic, from an arbitrary beginning
Nanoseconds time_of_day();  // since 1970-01-01 UTC
Nanoseconds thread_time();  // of the processor, used by the calling thread
Nanoseconds process_time();
void give_way();           // another thread may have the processor
unsigned processors();     // this process may use; at least 1
unsigned thread_number();  // 1, 2, ... in order of first use, never reused

// A counting semaphore for one waiting thread at a time. Everything done before post() is visible
// after the wait that it ends. Real: a futex (futex(2)); it may be destroyed as soon as the last
// wait has returned.
class Semaphore {
 public:
  Semaphore() = default;
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;
  void post();
  void wait();
  // False when `deadline` (as now()) came first; kForever never comes.
  [[nodiscard]] bool wait_until(Nanoseconds deadline);

 private:
  std::atomic<std::uint32_t> count_{0};
};

// A thread of the system. The destructor of a thread that was not joined aborts.
class Thread {
 public:
  Thread() = default;
  explicit Thread(std::function<void()> body) : thread_(std::move(body)) {}
  void join() { thread_.join(); }
  [[nodiscard]] bool joinable() const { return thread_.joinable(); }

 private:
  std::thread thread_;
};

// `Tag` tells two variables of one type apart. T is a pointer or another trivial word; begins as
// T{}.
template <class T, class Tag>
class ThreadLocal {
 public:
  static T get() { return value_; }
  static void set(T value) { value_ = value; }

 private:
  static inline constinit thread_local T value_{};
};

// Declare at namespace scope: `Global<ParkingTable> parking_table;`.
template <class T>
class Global {
 public:
  T& operator*() { return value_; }
  T* operator->() { return &value_; }

 private:
  T value_;
};

}  // namespace runtime::machine
