// What the operators and built-in functions do with an int and a bool.
#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"

namespace runtime {

namespace {

Result<std::int64_t> hash(ThreadState&, Borrowed<Object> object) {
  return hash_of_int(*as_int(object));
}

Result<bool> equals(ThreadState&, Borrowed<Object> left, Borrowed<Object> right) {
  return compare_ints(*as_int(left), *as_int(right)) == 0;
}

Result<Ref<Object>> compare_int(ThreadState&, Borrowed<Object> left, Borrowed<Object> right,
                                CompareOp op) {
  if (!is_int(*right)) return not_implemented();
  return boolean(holds(op, compare_ints(*as_int(left), *as_int(right))));
}

Result<Ref<Str>> repr(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(std::string text, int_to_text(thread, *as_int(object), 10));
  return new_str(thread, text);
}

Result<bool> truth(ThreadState&, Borrowed<Object> object) { return sign_of(*as_int(object)) != 0; }

template <BinaryOp kOp>
Result<Ref<Object>> operate(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right) {
  if (!is_int(*left) || !is_int(*right)) return not_implemented();
  return int_binary(thread, as_int(left), as_int(right), kOp);
}

template <UnaryOp kOp>
Result<Ref<Object>> operate_on(ThreadState& thread, Borrowed<Object> operand) {
  return int_unary(thread, as_int(operand), kOp);
}

Result<Ref<Object>> as_exact_int(ThreadState& thread, Borrowed<Object> object) {
  return int_unary(thread, as_int(object), UnaryOp::kPositive);
}

Result<Ref<Object>> as_float_object(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(double value, double_of_int(thread, *as_int(object)));
  return new_float(thread, value);
}

constexpr Protocol kIntProtocol{
    .hash = &hash,
    .equals = &equals,
    .compare = &compare_int,
    .repr = &repr,
    .truth = &truth,
    .binary = {&operate<BinaryOp::kAdd>, &operate<BinaryOp::kSubtract>,
               &operate<BinaryOp::kMultiply>, &operate<BinaryOp::kTrueDivide>,
               &operate<BinaryOp::kFloorDivide>, &operate<BinaryOp::kModulo>,
               &operate<BinaryOp::kDivideModulo>, &operate<BinaryOp::kPower>,
               &operate<BinaryOp::kLeftShift>, &operate<BinaryOp::kRightShift>,
               &operate<BinaryOp::kAnd>, &operate<BinaryOp::kXor>, &operate<BinaryOp::kOr>},
    .unary = {&operate_on<UnaryOp::kNegative>, &operate_on<UnaryOp::kPositive>,
              &operate_on<UnaryOp::kInvert>, &operate_on<UnaryOp::kAbsolute>},
    .index = &as_exact_int,
    .as_int = &as_exact_int,
    .as_float = &as_float_object,
};

// -- bool --

Result<Ref<Str>> repr_bool(ThreadState& thread, Borrowed<Object> object) {
  return new_str(thread, sign_of(*as_int(object)) != 0 ? "True" : "False");
}

// & | ^ of two bools is a bool.
template <BinaryOp kOp>
Result<Ref<Object>> operate_on_bools(ThreadState& thread, Borrowed<Object> left,
                                     Borrowed<Object> right) {
  if (left->type != &bool_type || right->type != &bool_type) {
    return operate<kOp>(thread, left, right);
  }
  const bool first = sign_of(*as_int(left)) != 0;
  const bool second = sign_of(*as_int(right)) != 0;
  if constexpr (kOp == BinaryOp::kAnd) return boolean(first && second);
  if constexpr (kOp == BinaryOp::kOr) return boolean(first || second);
  return boolean(first != second);
}

constexpr Protocol kBoolProtocol = [] {
  Protocol protocol = kIntProtocol;
  protocol.base = &int_type;
  protocol.repr = &repr_bool;
  protocol.binary[static_cast<unsigned>(BinaryOp::kAnd)] = &operate_on_bools<BinaryOp::kAnd>;
  protocol.binary[static_cast<unsigned>(BinaryOp::kXor)] = &operate_on_bools<BinaryOp::kXor>;
  protocol.binary[static_cast<unsigned>(BinaryOp::kOr)] = &operate_on_bools<BinaryOp::kOr>;
  return protocol;
}();

}  // namespace

constinit Type int_type(TypeSlots{.name = "int", .size = sizeof(Int), .protocol = &kIntProtocol});
constinit Type bool_type(TypeSlots{
    .name = "bool", .size = sizeof(Int), .protocol = &kBoolProtocol});

constinit Int true_object(&bool_type, 1);
constinit Int false_object(&bool_type, 0);

}  // namespace runtime
