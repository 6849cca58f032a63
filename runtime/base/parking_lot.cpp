#include "runtime/base/parking_lot.h"

#include <cstddef>

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/base/raw_mutex.h"

namespace runtime {

namespace {

// On the stack of a waiting thread. Everything but the semaphore is guarded by the mutex of its
// bucket, and after `woken` is posted nobody but the waiter may touch it.
struct Waiter {
  const void* const word;
  void* const argument;
  Waiter* earlier = nullptr;
  Waiter* later = nullptr;
  bool is_queued = false;
  bool is_chosen = false;  // by an unpark, which has posted or will
  Semaphore woken{};
};

class Bucket {
 public:
  RawMutex mutex;

  void append_locked(Waiter& waiter) {
    waiter.earlier = last_;
    (last_ == nullptr ? first_ : last_->later) = &waiter;
    last_ = &waiter;
    waiter.is_queued = true;
  }

  void remove_locked(Waiter& waiter) {
    RT_INVARIANT(waiter.is_queued, "who leaves the queue is in it");
    (waiter.earlier == nullptr ? first_ : waiter.earlier->later) = waiter.later;
    (waiter.later == nullptr ? last_ : waiter.later->earlier) = waiter.earlier;
    waiter.earlier = waiter.later = nullptr;
    waiter.is_queued = false;
  }

  // The one that has waited longest at `word`; with `after`, the next one behind that. Null if
  // there is none.
  Waiter* find_locked(const void* word, const Waiter* after = nullptr) const {
    Waiter* waiter = after == nullptr ? first_ : after->later;
    if (RT_MUTANT(unpark_one_takes_newest) && after == nullptr && last_ != nullptr) waiter = last_;
    while (waiter != nullptr && waiter->word != word && !RT_MUTANT(unpark_wakes_other_word)) {
      waiter = waiter->later;
    }
    return waiter;
  }

 private:
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
};

class ParkingLot {
 public:
  Bucket& bucket_of(const void* word) {
    return buckets_[reinterpret_cast<std::uintptr_t>(word) % kBuckets];
  }

 private:
  // A prime, so that no alignment of addresses leaves buckets unused. More than the processors of
  // most machines, so that threads waiting at different words seldom meet.
  static constexpr std::size_t kBuckets = 257;

  Bucket buckets_[kBuckets];
};

Global<ParkingLot> parking_lot;

// Sleeps until chosen, or takes the waiter out of its queue.
ParkResult sleep_until(Bucket& bucket, Waiter& waiter, Nanoseconds deadline) {
  if (waiter.woken.wait_until(deadline)) return ParkResult::kWoken;
  point("park.timeout");
  {
    RawMutexGuard guard(bucket.mutex);
    if (!waiter.is_chosen || RT_MUTANT(park_timeout_forgets_wake)) {
      bucket.remove_locked(waiter);
      return ParkResult::kTimedOut;
    }
  }
  // Chosen in the last moment. The unpark counts on it, and is about to post.
  waiter.woken.wait();
  return ParkResult::kWoken;
}

}  // namespace

template <class T>
ParkResult park(const Atomic<T>& word, std::type_identity_t<T> expected, Nanoseconds deadline,
                void* argument, const ParkHooks* hooks) {
  Bucket& bucket = parking_lot->bucket_of(&word);
  Waiter waiter{&word, argument};
  if (RT_MUTANT(park_checks_word_before_bucket_lock) && word.load() != expected) {
    return ParkResult::kChanged;
  }
  {
    RawMutexGuard guard(bucket.mutex);
    // Under the lock that every unpark takes: whoever changes the word after this finds us in the
    // queue.
    if (!RT_MUTANT(park_checks_word_before_bucket_lock) && word.load() != expected) {
      return ParkResult::kChanged;
    }
    bucket.append_locked(waiter);
  }
  point("park.enqueued");
  if (hooks != nullptr) hooks->before_wait(hooks->context);
  ParkResult result = sleep_until(bucket, waiter, deadline);
  RT_INVARIANT(!waiter.is_queued, "who was woken has left the queue");
  if (hooks != nullptr) hooks->after_wait(hooks->context);
  return result;
}

template ParkResult park(const Atomic<std::uint8_t>&, std::uint8_t, Nanoseconds, void*,
                         const ParkHooks*);
template ParkResult park(const Atomic<int>&, int, Nanoseconds, void*, const ParkHooks*);
template ParkResult park(const Atomic<std::uint32_t>&, std::uint32_t, Nanoseconds, void*,
                         const ParkHooks*);
template ParkResult park(const Atomic<std::uint64_t>&, std::uint64_t, Nanoseconds, void*,
                         const ParkHooks*);

void unpark_one(const void* word, UnparkCallback callback) {
  Bucket& bucket = parking_lot->bucket_of(word);
  Waiter* waiter;
  {
    RawMutexGuard guard(bucket.mutex);
    waiter = bucket.find_locked(word);
    bool more_waiters = waiter != nullptr && bucket.find_locked(word, waiter) != nullptr;
    if (waiter != nullptr) {
      waiter->is_chosen = true;
      if (RT_MUTANT(unpark_posts_before_unlinking)) waiter->woken.post();
      bucket.remove_locked(*waiter);
    }
    if (RT_MUTANT(unpark_callback_outside_lock)) {
      bucket.mutex.unlock();
      bucket.mutex.lock();
    }
    point("unpark.callback");
    callback(waiter == nullptr ? nullptr : waiter->argument, more_waiters);
  }
  // Outside the lock, so that the woken thread does not wait for us. It ends the life of the node.
  if (waiter != nullptr && !RT_MUTANT(unpark_posts_before_unlinking)) waiter->woken.post();
}

unsigned unpark_all(const void* word) {
  Bucket& bucket = parking_lot->bucket_of(word);
  Waiter* first = nullptr;  // chosen, in the order of their waiting, linked by `later`
  {
    RawMutexGuard guard(bucket.mutex);
    Waiter** end = &first;
    while (Waiter* waiter = bucket.find_locked(word)) {
      waiter->is_chosen = true;
      bucket.remove_locked(*waiter);
      *end = waiter;
      end = &waiter->later;
    }
  }
  unsigned woken = 0;
  while (first != nullptr) {
    Waiter* waiter = first;
    first = waiter->later;  // before the post, which ends the life of the node
    waiter->woken.post();
    ++woken;
  }
  return woken;
}

}  // namespace runtime
