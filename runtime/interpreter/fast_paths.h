// What the loop does without asking a type: numbers that are small, items of exact lists, tuples and
// dicts, steps of the common iterators.
//
// Each function looks at the types itself and says by an empty register or kUnknown that it is not
// for it; nothing has happened then. None runs foreign code, unless it says so.
//
// Ancestry: the specialised instructions of CPython's Python/bytecodes.c (BINARY_OP_ADD_INT and its
// like; PEP 659), here chosen by looking at the operands each time.
#pragma once

#include <cmath>
#include <cstdint>

#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_iterator.h"
#include "runtime/containers/list_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/range_iterator.h"
#include "runtime/object/shared_place.h"
#include "runtime/object/singletons.h"
#include "runtime/object/stack_ref.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

[[nodiscard]] inline StackRef boolean_register(bool value) {
  return StackRef::uncounted(Borrowed<Object>(value ? &true_object : &false_object));
}

// An int of exact type that fits into 64 bits; not an empty register.
[[nodiscard]] inline bool is_small_int(const Object* object) {
  return object != nullptr && object->type == &int_type &&
         static_cast<const Int*>(object)->is_small();
}
[[nodiscard]] inline std::int64_t small_int_of(const Object* object) {
  return static_cast<const Int*>(object)->small;
}
[[nodiscard]] inline bool is_exact_float(const Object* object) {
  return object != nullptr && object->type == &float_type;
}
[[nodiscard]] inline double double_in(const Object* object) {
  return static_cast<const Float*>(object)->value;
}

// Empty when there is no memory: the slow way says so.
[[nodiscard]] inline StackRef int_register(ThreadState& thread, std::int64_t value) {
  if (value >= kLeastSharedInt && value <= kGreatestSharedInt) {
    return StackRef::uncounted(Borrowed<Object>(shared_int(value).release()));
  }
  Result<Ref<Int>> made = new_int(thread, value);
  if (made.is_raised()) [[unlikely]]
    return StackRef();
  return StackRef::counted(std::move(made).value());
}
[[nodiscard]] inline StackRef float_register(ThreadState& thread, double value) {
  Result<Ref<Float>> made = new_float(thread, value);
  if (made.is_raised()) [[unlikely]]
    return StackRef();
  return StackRef::counted(std::move(made).value());
}

[[nodiscard]] inline StackRef no_fast(ThreadState&, Object*, Object*) { return StackRef(); }

[[nodiscard]] inline StackRef add_numbers_fast(ThreadState& thread, Object* left, Object* right) {
  if (is_small_int(left) && is_small_int(right)) {
    std::int64_t sum;
    if (!__builtin_add_overflow(small_int_of(left), small_int_of(right), &sum)) {
      return int_register(thread, sum);
    }
  } else if (is_exact_float(left) && is_exact_float(right)) {
    return float_register(thread, double_in(left) + double_in(right));
  }
  return StackRef();
}
[[nodiscard]] inline StackRef add_fast(ThreadState& thread, Object* left, Object* right) {
  return add_numbers_fast(thread, left, right);
}
[[nodiscard]] inline StackRef subtract_fast(ThreadState& thread, Object* left, Object* right) {
  if (is_small_int(left) && is_small_int(right)) {
    std::int64_t difference;
    if (!__builtin_sub_overflow(small_int_of(left), small_int_of(right), &difference)) {
      return int_register(thread, difference);
    }
  } else if (is_exact_float(left) && is_exact_float(right)) {
    return float_register(thread, double_in(left) - double_in(right));
  }
  return StackRef();
}
[[nodiscard]] inline StackRef multiply_fast(ThreadState& thread, Object* left, Object* right) {
  if (is_small_int(left) && is_small_int(right)) {
    std::int64_t product;
    if (!__builtin_mul_overflow(small_int_of(left), small_int_of(right), &product)) {
      return int_register(thread, product);
    }
  } else if (is_exact_float(left) && is_exact_float(right)) {
    return float_register(thread, double_in(left) * double_in(right));
  }
  return StackRef();
}
[[nodiscard]] inline StackRef divide_fast(ThreadState& thread, Object* left, Object* right) {
  if (is_exact_float(left) && is_exact_float(right) && double_in(right) != 0.0) {
    return float_register(thread, double_in(left) / double_in(right));
  }
  return StackRef();
}
[[nodiscard]] inline StackRef modulo_fast(ThreadState& thread, Object* left, Object* right) {
  if (!is_small_int(left) || !is_small_int(right)) return StackRef();
  const std::int64_t divisor = small_int_of(right);
  if (divisor <= 0) return StackRef();
  const std::int64_t remainder = small_int_of(left) % divisor;
  return int_register(thread, remainder < 0 ? remainder + divisor : remainder);
}
[[nodiscard]] inline StackRef floor_divide_fast(ThreadState& thread, Object* left, Object* right) {
  if (!is_small_int(left) || !is_small_int(right)) return StackRef();
  const std::int64_t divisor = small_int_of(right);
  if (divisor <= 0) return StackRef();
  const std::int64_t dividend = small_int_of(left);
  const std::int64_t quotient = dividend / divisor;
  return int_register(thread, dividend % divisor < 0 ? quotient - 1 : quotient);
}
[[nodiscard]] inline StackRef right_shift_fast(ThreadState& thread, Object* left, Object* right) {
  if (!is_small_int(left) || !is_small_int(right)) return StackRef();
  const std::int64_t by = small_int_of(right);
  if (by < 0 || by > 63) return StackRef();
  return int_register(thread, small_int_of(left) >> by);
}
[[nodiscard]] inline StackRef bit_and_fast(ThreadState& thread, Object* left, Object* right) {
  if (!is_small_int(left) || !is_small_int(right)) return StackRef();
  return int_register(thread, small_int_of(left) & small_int_of(right));
}
[[nodiscard]] inline StackRef bit_or_fast(ThreadState& thread, Object* left, Object* right) {
  if (!is_small_int(left) || !is_small_int(right)) return StackRef();
  return int_register(thread, small_int_of(left) | small_int_of(right));
}
[[nodiscard]] inline StackRef bit_xor_fast(ThreadState& thread, Object* left, Object* right) {
  if (!is_small_int(left) || !is_small_int(right)) return StackRef();
  return int_register(thread, small_int_of(left) ^ small_int_of(right));
}

enum class Comparison : std::uint8_t { kFalse, kTrue, kUnknown };

template <CompareOp op, class T>
[[nodiscard]] inline Comparison compare_values(T left, T right) {
  bool answer = false;
  if constexpr (op == CompareOp::kLess) answer = left < right;
  if constexpr (op == CompareOp::kLessEqual) answer = left <= right;
  if constexpr (op == CompareOp::kEqual) answer = left == right;
  if constexpr (op == CompareOp::kNotEqual) answer = left != right;
  if constexpr (op == CompareOp::kGreater) answer = left > right;
  if constexpr (op == CompareOp::kGreaterEqual) answer = left >= right;
  return answer ? Comparison::kTrue : Comparison::kFalse;
}

template <CompareOp op>
[[nodiscard]] inline Comparison compare_fast(const Object* left, const Object* right) {
  if (is_small_int(left) && is_small_int(right)) {
    return compare_values<op>(small_int_of(left), small_int_of(right));
  }
  if (is_exact_float(left) && is_exact_float(right)) {
    return compare_values<op>(double_in(left), double_in(right));
  }
  if constexpr (op == CompareOp::kEqual || op == CompareOp::kNotEqual) {
    if (left != nullptr && right != nullptr && left->type == &str_type &&
        right->type == &str_type) {
      const bool is_equal = left == right || equal_strs(static_cast<const Str&>(*left),
                                                        static_cast<const Str&>(*right));
      return is_equal == (op == CompareOp::kEqual) ? Comparison::kTrue : Comparison::kFalse;
    }
  }
  return Comparison::kUnknown;
}

// container[key] for a list or tuple and an index that is in range.
[[nodiscard]] inline StackRef item_fast(ThreadState& thread, Object* container, Object* key) {
  if (container == nullptr || !is_small_int(key)) return StackRef();
  std::int64_t index = small_int_of(key);
  if (container->type == &list_type) {
    const Borrowed<List> list(static_cast<List*>(container));
    if (index < 0) return StackRef();
    Ref<Object> item = list_get(thread, list, index);
    return item ? StackRef::counted(std::move(item)) : StackRef();
  }
  if (container->type == &tuple_type) {
    const auto* tuple = static_cast<const Tuple*>(container);
    if (index < 0) index += tuple->size;
    if (index < 0 || index >= tuple->size) return StackRef();
    return StackRef::load(thread, tuple->at(index));
  }
  return StackRef();
}

// next(iterator); a null reference: exhausted. May run foreign code.
[[nodiscard]] inline Result<Ref<Object>> next_fast(ThreadState& thread, Object* iterator) {
  if (iterator->type == &range_iterator_type) {
    auto& range = *static_cast<RangeIterator*>(iterator);
    const std::int64_t place = is_unique(thread, &range)
                                   ? take_own_place(range.place, range.length)
                                   : take_place(thread, range, range.place, range.length);
    if (place == kNoPlace) return Ref<Object>();
    return new_int(thread, range.start + place * range.step);
  }
  const Protocol& protocol = protocol_of(*iterator->type);
  if (protocol.next == nullptr) return next_of(thread, Borrowed<Object>(iterator));
  return protocol.next(thread, Borrowed<Object>(iterator));
}

}  // namespace runtime
