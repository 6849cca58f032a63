// The one header of atomics, threads, time and thread-local data.
//
// Nothing else in runtime/ names std::atomic, a thread, a clock, thread_local or a futex;
// ci/check_layers refuses it. So one switch replaces the machine under the whole runtime:
//
//   HEDDLE_ATOMICS=real        every name below is the thing itself, inlined to nothing
//                              (real_machine.h)
//   HEDDLE_ATOMICS=scheduled   every operation first asks a deterministic scheduler who runs next;
//                              threads are fibers, time is virtual, addresses repeat
//                              (scheduled_machine.h, exploration.h)
//
// What this header promises, in both builds:
//
//   Atomic<T>              one word. The order stands in the name of the operation, so that the
//                          set of orders in use can be searched; no name means sequentially
//                          consistent. No operators, no conversions.
//   Plain<T>               shared memory whose accesses something else must order; checked under
//                          the scheduler
//   point("name")          a place where a switch of threads is interesting although no atomic is
//                          touched
//   spin_pause()           a turn of a bounded spin; the scheduler lets somebody else run
//   Semaphore              blocks one thread until another posts: the only way to block besides
//                          Thread::join
//   Thread                 start and join
//   now(), Nanoseconds     monotonic time; virtual under the scheduler, as are
//   time_of_day(), thread_time(), process_time()
//   ThreadLocal<T, Tag>    one pointer-sized value per thread
//   Global<T>              a global that begins anew in each execution of the scheduler
//   thread_number()        small number of the calling thread, in order of creation under the
//                          scheduler
//   lock_wanted(), lock_taken(), lock_released()
//                          tell the scheduler who holds what, for its wait-for graph; else nothing
//
// Orders are those of C++20 [atomics.order]. Stand-alone fences are missing on purpose:
// ThreadSanitizer cannot see them; use a read-modify-write or a stronger order on the access.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#if HEDDLE_SCHEDULED
#include "runtime/base/scheduled_machine.h"
#else
#include "runtime/base/real_machine.h"
#endif

namespace runtime {

using machine::Where;

// One shared word. Thread safe. `where` is filled in by the compiler and exists only under the
// scheduler.
template <class T>
class Atomic {
 public:
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8);

  constexpr Atomic() : value_(T{}) {}
  explicit constexpr Atomic(T value) : value_(value) {}
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;

  T load(Where where = {}) const { return read<std::memory_order_seq_cst>(where); }
  T load_acquire(Where where = {}) const { return read<std::memory_order_acquire>(where); }
  T load_relaxed(Where where = {}) const { return read<std::memory_order_relaxed>(where); }

  void store(T value, Where where = {}) { write<std::memory_order_seq_cst>(value, where); }
  void store_release(T value, Where where = {}) { write<std::memory_order_release>(value, where); }
  void store_relaxed(T value, Where where = {}) { write<std::memory_order_relaxed>(value, where); }

  T exchange(T value, Where where = {}) { return swap<std::memory_order_seq_cst>(value, where); }
  T exchange_acquire(T value, Where where = {}) {
    return swap<std::memory_order_acquire>(value, where);
  }
  T exchange_release(T value, Where where = {}) {
    return swap<std::memory_order_release>(value, where);
  }
  T exchange_acq_rel(T value, Where where = {}) {
    return swap<std::memory_order_acq_rel>(value, where);
  }

  // Stores `desired` if the word is `expected`; else puts the word into `expected` and returns
  // false. Never fails without reason. The order is that of success; a failure loads relaxed, or
  // acquires where success does both.
  [[nodiscard]] bool compare_exchange(T& expected, T desired, Where where = {}) {
    return replace<std::memory_order_seq_cst, std::memory_order_seq_cst>(expected, desired, where);
  }
  [[nodiscard]] bool compare_exchange_acquire(T& expected, T desired, Where where = {}) {
    return replace<std::memory_order_acquire, std::memory_order_relaxed>(expected, desired, where);
  }
  [[nodiscard]] bool compare_exchange_release(T& expected, T desired, Where where = {}) {
    return replace<std::memory_order_release, std::memory_order_relaxed>(expected, desired, where);
  }
  [[nodiscard]] bool compare_exchange_acq_rel(T& expected, T desired, Where where = {}) {
    return replace<std::memory_order_acq_rel, std::memory_order_acquire>(expected, desired, where);
  }
  [[nodiscard]] bool compare_exchange_relaxed(T& expected, T desired, Where where = {}) {
    return replace<std::memory_order_relaxed, std::memory_order_relaxed>(expected, desired, where);
  }

  // Each returns the value before.
  T fetch_add(T operand, Where where = {}) {
    return add<std::memory_order_seq_cst>(operand, where);
  }
  T fetch_add_relaxed(T operand, Where where = {}) {
    return add<std::memory_order_relaxed>(operand, where);
  }
  T fetch_add_acquire(T operand, Where where = {}) {
    return add<std::memory_order_acquire>(operand, where);
  }
  T fetch_add_release(T operand, Where where = {}) {
    return add<std::memory_order_release>(operand, where);
  }
  T fetch_add_acq_rel(T operand, Where where = {}) {
    return add<std::memory_order_acq_rel>(operand, where);
  }
  T fetch_sub(T operand, Where where = {}) {
    return subtract<std::memory_order_seq_cst>(operand, where);
  }
  T fetch_sub_relaxed(T operand, Where where = {}) {
    return subtract<std::memory_order_relaxed>(operand, where);
  }
  T fetch_sub_release(T operand, Where where = {}) {
    return subtract<std::memory_order_release>(operand, where);
  }
  T fetch_sub_acq_rel(T operand, Where where = {}) {
    return subtract<std::memory_order_acq_rel>(operand, where);
  }
  T fetch_or(T bits, Where where = {}) { return set_bits<std::memory_order_seq_cst>(bits, where); }
  T fetch_or_relaxed(T bits, Where where = {}) {
    return set_bits<std::memory_order_relaxed>(bits, where);
  }
  T fetch_or_release(T bits, Where where = {}) {
    return set_bits<std::memory_order_release>(bits, where);
  }
  T fetch_or_acq_rel(T bits, Where where = {}) {
    return set_bits<std::memory_order_acq_rel>(bits, where);
  }
  T fetch_and(T bits, Where where = {}) {
    return keep_bits<std::memory_order_seq_cst>(bits, where);
  }
  T fetch_and_relaxed(T bits, Where where = {}) {
    return keep_bits<std::memory_order_relaxed>(bits, where);
  }
  T fetch_and_release(T bits, Where where = {}) {
    return keep_bits<std::memory_order_release>(bits, where);
  }
  T fetch_and_acq_rel(T bits, Where where = {}) {
    return keep_bits<std::memory_order_acq_rel>(bits, where);
  }

  // Before anybody else can know the word: no order, no scheduling point.
  void initialize(T value) { value_.store(value, std::memory_order_relaxed); }
  // For assertions, dumps and models: no order, no scheduling point.
  T peek() const { return value_.load(std::memory_order_relaxed); }

 private:
  template <std::memory_order order>
  T read(Where where) const {
    machine::Access access(machine::AccessKind::kLoad, &value_, sizeof(T), order, where);
    T value = value_.load(order);
    access.done(value, value);
    return value;
  }
  template <std::memory_order order>
  void write(T value, Where where) {
    machine::Access access(machine::AccessKind::kStore, &value_, sizeof(T), order, where);
    access.done_storing(value_, value);
    value_.store(value, order);
  }
  template <std::memory_order order>
  T swap(T value, Where where) {
    machine::Access access(machine::AccessKind::kExchange, &value_, sizeof(T), order, where);
    T before = value_.exchange(value, order);
    access.done(before, value);
    return before;
  }
  template <std::memory_order success, std::memory_order failure>
  bool replace(T& expected, T desired, Where where) {
    machine::Access access(machine::AccessKind::kCompareExchange, &value_, sizeof(T), success,
                           where);
    bool stored = value_.compare_exchange_strong(expected, desired, success, failure);
    if (stored) {
      access.done(expected, desired);
    } else {
      access.failed(expected);
    }
    return stored;
  }
  template <std::memory_order order>
  T add(T operand, Where where) {
    machine::Access access(machine::AccessKind::kFetchAdd, &value_, sizeof(T), order, where);
    T before = value_.fetch_add(operand, order);
    access.done(before, static_cast<T>(before + operand));
    return before;
  }
  template <std::memory_order order>
  T subtract(T operand, Where where) {
    machine::Access access(machine::AccessKind::kFetchAdd, &value_, sizeof(T), order, where);
    T before = value_.fetch_sub(operand, order);
    access.done(before, static_cast<T>(before - operand));
    return before;
  }
  template <std::memory_order order>
  T set_bits(T bits, Where where) {
    machine::Access access(machine::AccessKind::kFetchOr, &value_, sizeof(T), order, where);
    T before = value_.fetch_or(bits, order);
    access.done(before, static_cast<T>(before | bits));
    return before;
  }
  template <std::memory_order order>
  T keep_bits(T bits, Where where) {
    machine::Access access(machine::AccessKind::kFetchAnd, &value_, sizeof(T), order, where);
    T before = value_.fetch_and(bits, order);
    access.done(before, static_cast<T>(before & bits));
    return before;
  }

  std::atomic<T> value_;
};

// Memory that is shared but not atomic: some lock or hand-over must order its accesses. Under the
// scheduler an access that nothing orders is a failure (happens_before.h); elsewhere this is a T,
// and ThreadSanitizer watches.
template <class T>
class Plain {
 public:
  Plain() = default;
  explicit Plain(T value) : value_(value) {}
  [[nodiscard]] T get(Where where = {}) const {
    machine::plain_read(&value_, where);
    return value_;
  }
  void set(T value, Where where = {}) {
    machine::plain_write(&value_, where);
    value_ = value;
  }

 private:
  T value_{};
};

using machine::give_way;
using machine::Global;
using machine::kForever;
using machine::lock_released;
using machine::lock_taken;
using machine::lock_wanted;
using machine::Nanoseconds;
using machine::now;
using machine::point;
using machine::process_time;
using machine::processors;
using machine::Semaphore;
using machine::spin_pause;
using machine::Thread;
using machine::thread_number;
using machine::thread_time;
using machine::ThreadLocal;
using machine::time_of_day;

}  // namespace runtime
