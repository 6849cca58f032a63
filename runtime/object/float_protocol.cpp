// What the operators and built-in functions do with a float.
#include <cmath>
#include <string>

#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

Result<std::int64_t> hash(ThreadState&, Borrowed<Object> object) {
  return hash_of_double(as_float(object)->value, object.get());
}

Result<bool> equals(ThreadState&, Borrowed<Object> left, Borrowed<Object> right) {
  return as_float(left)->value == as_float(right)->value;
}

bool holds_between(double left, double right, CompareOp op) {
  if (std::isnan(left) || std::isnan(right)) return op == CompareOp::kNotEqual;
  return holds(op, left < right ? -1 : left > right ? 1 : 0);
}

Result<Ref<Object>> compare_float(ThreadState&, Borrowed<Object> left, Borrowed<Object> right,
                                  CompareOp op) {
  const double value = as_float(left)->value;
  if (is_float(*right)) return boolean(holds_between(value, as_float(right)->value, op));
  if (!is_int(*right)) return not_implemented();
  if (std::isnan(value)) return boolean(op == CompareOp::kNotEqual);
  return boolean(holds(swapped(op), compare_int_with_double(*as_int(right), value)));
}

Result<Ref<Str>> repr(ThreadState& thread, Borrowed<Object> object) {
  return new_str(thread, repr_of_double(as_float(object)->value));
}

Result<bool> truth(ThreadState&, Borrowed<Object> object) { return as_float(object)->value != 0; }

Result<double> double_of(ThreadState& thread, Borrowed<Object> number) {
  if (is_float(*number)) return as_float(number)->value;
  return double_of_int(thread, *as_int(number));
}

bool is_number(Borrowed<Object> object) { return is_float(*object) || is_int(*object); }

template <BinaryOp kOp>
Result<Ref<Object>> operate(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right) {
  if (!is_number(left) || !is_number(right)) return not_implemented();
  TRY_ASSIGN(double first, double_of(thread, left));
  TRY_ASSIGN(double second, double_of(thread, right));
  if constexpr (kOp == BinaryOp::kAdd) return new_float(thread, first + second);
  if constexpr (kOp == BinaryOp::kSubtract) return new_float(thread, first - second);
  if constexpr (kOp == BinaryOp::kMultiply) return new_float(thread, first * second);
  if constexpr (kOp == BinaryOp::kPower) {
    TRY_ASSIGN(double power, power_of_doubles(thread, first, second));
    return new_float(thread, power);
  }
  if (second == 0) return raise(thread, zero_division_error_type, "division by zero");
  if constexpr (kOp == BinaryOp::kTrueDivide) return new_float(thread, first / second);
  const QuotientAndRemainder parts = divide_doubles(first, second);
  if constexpr (kOp == BinaryOp::kFloorDivide) return new_float(thread, parts.quotient);
  if constexpr (kOp == BinaryOp::kModulo) return new_float(thread, parts.remainder);
  TRY_ASSIGN(Ref<Float> quotient, new_float(thread, parts.quotient));
  TRY_ASSIGN(Ref<Float> remainder, new_float(thread, parts.remainder));
  return new_tuple(thread, {quotient, remainder});
}

template <UnaryOp kOp>
Result<Ref<Object>> operate_on(ThreadState& thread, Borrowed<Object> operand) {
  const double value = as_float(operand)->value;
  if constexpr (kOp == UnaryOp::kNegative) return new_float(thread, -value);
  if constexpr (kOp == UnaryOp::kAbsolute) return new_float(thread, std::fabs(value));
  return new_float(thread, value);
}

Result<Ref<Object>> as_int_object(ThreadState& thread, Borrowed<Object> object) {
  return new_int_from_double(thread, as_float(object)->value);
}

Result<Ref<Object>> as_exact_float(ThreadState& thread, Borrowed<Object> object) {
  if (object->type == &float_type) return Ref<Object>::share(thread, object);
  return new_float(thread, as_float(object)->value);
}

constexpr Protocol kFloatProtocol{
    .hash = &hash,
    .equals = &equals,
    .compare = &compare_float,
    .repr = &repr,
    .truth = &truth,
    .binary = {&operate<BinaryOp::kAdd>, &operate<BinaryOp::kSubtract>,
               &operate<BinaryOp::kMultiply>, &operate<BinaryOp::kTrueDivide>,
               &operate<BinaryOp::kFloorDivide>, &operate<BinaryOp::kModulo>,
               &operate<BinaryOp::kDivideModulo>, &operate<BinaryOp::kPower>},
    .unary = {&operate_on<UnaryOp::kNegative>, &operate_on<UnaryOp::kPositive>, nullptr,
              &operate_on<UnaryOp::kAbsolute>},
    .as_int = &as_int_object,
    .as_float = &as_exact_float,
};

}  // namespace

constinit Type float_type(TypeSlots{
    .name = "float", .size = sizeof(Float), .protocol = &kFloatProtocol});

}  // namespace runtime
