// References that say whether they own: Ref<T> holds one reference, Borrowed<T> lives off somebody
// else's.
//
// A count is only as right as the code that keeps it, and "does this function take my reference?"
// is the question that code gets wrong. So interfaces do not pass raw pointers. Ref<T> owns exactly
// one reference (or none, after a move) and gives it up when it ends; it can be moved, and is
// doubled only by name. Borrowed<T> is a pointer that must not outlive the Ref or the field from
// which it was made; it costs nothing.
//
// Not for slots that others read without a lock (refcount.h, try_increment_from) and not for the
// evaluation stack (stack_ref.h).
//
// Ancestry: CPython's "steals" and "borrows" made types; Hermes' handles; PEP 703, "Borrowed
// References".
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "runtime/object/refcount.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

template <class T>
class Ref;

// Never null. Not thread safe in itself: it is as good as the reference behind it.
template <class T>
class Borrowed {
 public:
  explicit Borrowed(T* object) : object_(object) {
    RT_INVARIANT(object != nullptr, "a borrowed reference refers to something");
  }
  template <class U>
  requires std::is_convertible_v<U*, T*> Borrowed(const Borrowed<U>& other)
      : object_(other.get()) {}
  template <class U>
  requires std::is_convertible_v<U*, T*> Borrowed(const Ref<U>& owner)
      : Borrowed(static_cast<T*>(owner.get())) {}

  [[nodiscard]] T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }

 private:
  T* object_;
};

template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(std::nullptr_t) {}

  // Takes over a reference that the caller owns.
  [[nodiscard]] static Ref adopt(T* object) { return Ref(object); }
  // Takes a further reference to an object that stays alive meanwhile.
  [[nodiscard]] static Ref share(ThreadState& thread, Borrowed<T> object) {
    increment(thread, object.get());
    return Ref(object.get());
  }

  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  template <class U>
  requires std::is_convertible_v<U*, T*> Ref(Ref<U>&& other)
  noexcept : object_(other.release()) {}
  Ref& operator=(Ref&& other) noexcept {
    Ref previous(std::exchange(object_, std::exchange(other.object_, nullptr)));  // dropped last
    return *this;
  }
  // Drops the reference, which may run foreign code. The calling thread is attached.
  ~Ref() {
    if (object_ != nullptr) decrement(this_thread(), object_);
  }

  // As the destructor, for who has the thread at hand.
  void drop(ThreadState& thread) {
    if (T* object = std::exchange(object_, nullptr)) decrement(thread, object);
  }
  // Gives the reference to the caller, who must see to it that it is dropped.
  [[nodiscard]] T* release() { return std::exchange(object_, nullptr); }
  [[nodiscard]] Ref duplicate(ThreadState& thread) const {
    return share(thread, Borrowed<T>(object_));
  }

  [[nodiscard]] T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  explicit Ref(T* object) : object_(object) {}
  T* object_ = nullptr;
};

}  // namespace runtime
