// A raised exception is an ordinary outcome: Result<T> holds a value or the exception that came
// instead.
//
// Python code raises all the time (a loop ends by StopIteration), so raising must be cheap, visible
// in the signature, and leave no lock or reference behind. A function that can raise returns
// Result<T>; TRY passes an exception on to the caller; TRY_ASSIGN does so or gives the value a
// name. Scopes end as in any return, so every Ref and every lock is given back on the way. The
// compiler complains about a Result that nobody looks at.
//
// Not for our own mistakes (RT_INVARIANT, RT_CHECK) and not for "there is none" (std::optional, a
// null Ref).
//
// Ancestry: LibJS's ThrowCompletionOr and TRY, Abseil's StatusOr. Without compiler extensions: TRY
// is a statement.
#pragma once

#include <type_traits>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/object/ref.h"

namespace runtime {

// The value of a function that has nothing to return but may raise.
struct Done {};

// An exception on its way to the caller. Owns it.
class [[nodiscard]] Raised {
 public:
  explicit Raised(Ref<Object> exception) : exception_(std::move(exception)) {
    RT_INVARIANT(static_cast<bool>(exception_), "who raises, raises something");
  }
  [[nodiscard]] Borrowed<Object> exception() const { return exception_; }
  [[nodiscard]] Ref<Object> take() { return std::move(exception_); }

 private:
  Ref<Object> exception_;
};

// Exactly one of the two: a value, unless there is an exception. Moved from, it may only be
// destroyed. T has a value of its own accord (a null Ref, 0): then there need be no flag, and the
// usual case costs one comparison with null.
template <class T>
class [[nodiscard]] Result {
 public:
  static_assert(!std::is_same_v<T, Raised>);

  Result(T value) : value_(std::move(value)) {}
  Result(Raised raised) : exception_(raised.take()) {}
  template <class U>
  requires(std::is_convertible_v<U, T> && !std::is_same_v<std::remove_cvref_t<U>, T> &&
           !std::is_same_v<std::remove_cvref_t<U>, Raised> &&
           !std::is_same_v<std::remove_cvref_t<U>, Result>) Result(U&& value)
      : value_(std::forward<U>(value)) {}

  // Of a value that converts: a Result<Ref<Str>> is returned as a Result<Ref<Object>>.
  template <class U>
  requires(std::is_convertible_v<U, T> && !std::is_same_v<U, T>) Result(Result<U>&& other)
      : value_(std::move(other.value_)), exception_(std::move(other.exception_)) {}

  [[nodiscard]] bool is_raised() const { return static_cast<bool>(exception_); }

  [[nodiscard]] T& value() & {
    RT_INVARIANT(!is_raised(), "the value of a result is taken only when nothing was raised");
    return value_;
  }
  [[nodiscard]] T value() && {
    RT_INVARIANT(!is_raised(), "the value of a result is taken only when nothing was raised");
    return std::move(value_);
  }
  [[nodiscard]] Raised raised() && {
    RT_INVARIANT(is_raised(), "an exception is taken only when one was raised");
    return Raised(std::move(exception_));
  }

 private:
  template <class U>
  friend class Result;

  T value_{};
  Ref<Object> exception_;  // null: none was raised
};

}  // namespace runtime

#define RT_JOIN_WORDS_(left, right) left##right
#define RT_JOIN_WORDS(left, right) RT_JOIN_WORDS_(left, right)

// TRY(expression): goes on when the Result holds a value (which is dropped), else returns the
// exception to the caller.
#define TRY(...)                                                     \
  do {                                                               \
    auto rt_result = (__VA_ARGS__);                                  \
    if (rt_result.is_raised()) return std::move(rt_result).raised(); \
  } while (false)

#define RT_TRY_ASSIGN(name, declaration, ...)            \
  auto name = (__VA_ARGS__);                             \
  if (name.is_raised()) return std::move(name).raised(); \
  declaration = std::move(name).value()

// TRY_ASSIGN(Ref<Object> item, next(thread, iterator)): declares `item`, or returns the exception.
// Two statements: not after an `if` without braces.
#define TRY_ASSIGN(declaration, ...) \
  RT_TRY_ASSIGN(RT_JOIN_WORDS(rt_result_, __LINE__), declaration, __VA_ARGS__)
