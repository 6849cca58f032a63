// Arguments with one more before them: what is passed when a function is called as a method.
//
// Ancestry: CPython's PY_VECTORCALL_ARGUMENTS_OFFSET, which serves the same purpose.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

#include "runtime/object/protocol.h"

namespace runtime {

// On the stack of who calls. Owns nothing: what it was given lives as long.
class PrependedArguments {
 public:
  PrependedArguments(Borrowed<Object> first, Arguments others) {
    const std::size_t count = others.size() + 1;
    if (count > kInline) {
      many_ = std::make_unique<Place[]>(count);
      places_ = many_.get();
    }
    new (&places_[0]) Borrowed<Object>(first);
    for (std::size_t i = 1; i < count; ++i) new (&places_[i]) Borrowed<Object>(others[i - 1]);
    count_ = count;
  }
  PrependedArguments(const PrependedArguments&) = delete;
  PrependedArguments& operator=(const PrependedArguments&) = delete;

  [[nodiscard]] Arguments all() const {
    return {std::launder(reinterpret_cast<const Borrowed<Object>*>(places_)), count_};
  }

 private:
  static constexpr std::size_t kInline = 8;
  struct Place {
    alignas(Borrowed<Object>) std::byte bytes[sizeof(Borrowed<Object>)];
  };
  Place few_[kInline];
  std::unique_ptr<Place[]> many_;
  Place* places_ = few_;
  std::size_t count_;
};

}  // namespace runtime
