// The scheduled machine behind atomic.h: every operation first asks the scheduler who runs next
// (scheduler.h).
//
// Logical threads are fibers on one thread of the system, so the operation itself is plain: only
// the question before it makes it a step. Outside an execution (static initialisation, unit tests
// of one thread) nothing is asked.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <new>
#include <type_traits>

#include "runtime/base/scheduled_memory.h"

namespace runtime {
struct Failure;
}

namespace runtime::machine {

// The line of the runtime that performs the operation.
struct Where {
  constexpr Where(const char* in_file = __builtin_FILE(), int at_line = __builtin_LINE(),
                  const char* in_function = __builtin_FUNCTION())
      : file(in_file), function(in_function), line(at_line) {}
  const char* file;
  const char* function;
  int line;
};

enum class AccessKind : std::uint8_t {
  kLoad,
  kStore,
  kExchange,
  kCompareExchange,
  kFetchAdd,
  kFetchOr,
  kFetchAnd,
  kPoint,
  kSpin,
  kPost,
  kWait,
  kStart,
  kExit,
  kJoin,
  kClock,
  kAdvance,
};

struct Operation {
  AccessKind kind = AccessKind::kPoint;
  std::uint8_t size = 0;
  std::memory_order order = std::memory_order_seq_cst;
  std::uintptr_t address = 0;
  const char* name = nullptr;  // of a point
  Where where;
};

using Nanoseconds = std::int64_t;
inline constexpr Nanoseconds kForever = std::numeric_limits<Nanoseconds>::max();

inline bool scheduling = false;  // an execution is under way and one of its tasks runs

void before_operation(const Operation& operation);  // the scheduling point
// For traces, for what happens before what, and whether anything changed. `done` is false for an
// exchange that failed.
void after_operation(std::uint64_t before, std::uint64_t after, bool done = true);
void plain_access(const void* address, bool write, const Where& where);

template <class T>
std::uint64_t bits_of(T value) {
  if constexpr (std::is_pointer_v<T>) {
    return reinterpret_cast<std::uintptr_t>(value);
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<std::uint64_t>(static_cast<std::underlying_type_t<T>>(value));
  } else {
    return static_cast<std::uint64_t>(value);
  }
}

class Access {
 public:
  Access(AccessKind kind, const void* address, std::size_t size, std::memory_order order,
         Where where) {
    if (!scheduling) return;
    before_operation(Operation{kind, static_cast<std::uint8_t>(size), order,
                               reinterpret_cast<std::uintptr_t>(address), nullptr, where});
  }
  template <class T>
  void done(T before, T after) {
    if (scheduling) after_operation(bits_of(before), bits_of(after));
  }
  template <class T>
  void done_storing(std::atomic<T>& word, T value) {
    if (scheduling) after_operation(bits_of(word.load(std::memory_order_relaxed)), bits_of(value));
  }
  template <class T>
  void failed(T seen) {
    if (scheduling) after_operation(bits_of(seen), bits_of(seen), false);
  }
};

// No scheduling point: whether two accesses race is computed (happens_before.h), not provoked.
inline void plain_read(const void* address, Where where) {
  if (scheduling) plain_access(address, false, where);
}
inline void plain_write(const void* address, Where where) {
  if (scheduling) plain_access(address, true, where);
}

void abandon_execution(const Failure& failure);  // returns only outside an execution
void lock_taken(const void* lock);
void lock_released(const void* lock);
void lock_wanted(const void* lock);

inline void point(const char* name, Where where = {}) {
  if (!scheduling) return;
  before_operation(Operation{AccessKind::kPoint, 0, std::memory_order_relaxed, 0, name, where});
}
inline void spin_pause(Where where = {}) {
  if (!scheduling) return;
  before_operation(Operation{AccessKind::kSpin, 0, std::memory_order_relaxed, 0, nullptr, where});
}

Nanoseconds now(Where where = {});
// All clocks are the virtual one.
inline Nanoseconds time_of_day() { return now(); }
inline Nanoseconds thread_time() { return now(); }
inline Nanoseconds process_time() { return now(); }
inline void give_way(Where where = {}) { spin_pause(where); }
unsigned processors();
unsigned thread_number();
void name_word(const void* address, const char* name);
// Virtual time goes on by itself only when nobody can run; a scenario may push it.
void advance_time(Nanoseconds by, Where where = {});

class Semaphore {
 public:
  Semaphore() = default;
  ~Semaphore();
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;
  void post(Where where = {});
  void wait(Where where = {});
  [[nodiscard]] bool wait_until(Nanoseconds deadline, Where where = {});

 private:
  static constexpr std::uint32_t kDestroyed = 0xdeadbeef;
  std::uint32_t count_ = 0;
};

class Thread {
 public:
  Thread() = default;
  explicit Thread(std::function<void()> body, Where where = {});
  Thread(Thread&& other) noexcept : task_(other.task_) { other.task_ = 0; }
  Thread& operator=(Thread&& other) noexcept;
  ~Thread();
  void join(Where where = {});
  [[nodiscard]] bool joinable() const { return task_ != 0; }

 private:
  unsigned task_ = 0;
};

unsigned new_local_index();
std::uint64_t& local_word(unsigned index);

template <class T, class Tag>
class ThreadLocal {
 public:
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8);
  static T get() {
    std::uint64_t word = local_word(index_);
    T value;
    __builtin_memcpy(&value, &word, sizeof(T));
    return value;
  }
  static void set(T value) {
    std::uint64_t word = 0;
    __builtin_memcpy(&word, &value, sizeof(T));
    local_word(index_) = word;
  }

 private:
  static inline const unsigned index_ = new_local_index();
};

std::uint64_t execution_number();  // 0 outside

template <class T>
class Global {
 public:
  T& operator*() { return *get(); }
  T* operator->() { return get(); }

 private:
  T* get() {
    std::uint64_t number = execution_number();
    if (value_ == nullptr || execution_ != number) {
      void* place = number == 0 ? ::operator new(sizeof(T)) : arena_allocate_global(sizeof(T));
      value_ = new (place) T();
      execution_ = number;
    }
    return value_;
  }
  T* value_ = nullptr;
  std::uint64_t execution_ = 0;
};

}  // namespace runtime::machine
