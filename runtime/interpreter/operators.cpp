// Operators whose operands are not of the few types that the loop knows: operation.h.
#include "runtime/interpreter/operation.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

// __matmul__ has no slot: no built-in type defines it. A null reference: nobody answers.
Result<Ref<Object>> ask_for(ThreadState& thread, Borrowed<Object> object, const char* name,
                            Borrowed<Object> other) {
  TRY_ASSIGN(Method method, find_special(thread, object, name));
  if (!method.function) return Ref<Object>(nullptr);
  const Borrowed<Object> arguments[] = {other};
  TRY_ASSIGN(Ref<Object> answer, call_method(thread, method, arguments));
  if (is_not_implemented(answer.get())) return Ref<Object>(nullptr);
  return answer;
}

}  // namespace

Result<Done> binary_operation(const Operation& at, BinaryOp op) {
  TRY_ASSIGN(Ref<Object> left, at.take(at.b));
  TRY_ASSIGN(Ref<Object> right, at.take(at.c));
  return at.put_result(at.a, binary(at.thread, left, right, op));
}

Result<Done> inplace_operation(const Operation& at, BinaryOp op) {
  TRY_ASSIGN(Ref<Object> left, at.take(at.b));
  TRY_ASSIGN(Ref<Object> right, at.take(at.c));
  return at.put_result(at.a, inplace(at.thread, left, right, op));
}

Result<Done> matrix_multiply(const Operation& at, bool is_inplace) {
  TRY_ASSIGN(Ref<Object> left, at.take(at.b));
  TRY_ASSIGN(Ref<Object> right, at.take(at.c));
  Ref<Object> answer;
  if (is_inplace) {
    RT_TRY_ASSIGN(inplace_answer, answer, ask_for(at.thread, left, "__imatmul__", right));
  }
  const bool right_goes_first = left->type != right->type && is_subtype(*right->type, *left->type);
  if (!answer && right_goes_first) {
    RT_TRY_ASSIGN(first_answer, answer, ask_for(at.thread, right, "__rmatmul__", left));
  }
  if (!answer) {
    RT_TRY_ASSIGN(left_answer, answer, ask_for(at.thread, left, "__matmul__", right));
  }
  if (!answer && !right_goes_first && left->type != right->type) {
    RT_TRY_ASSIGN(right_answer, answer, ask_for(at.thread, right, "__rmatmul__", left));
  }
  if (!answer) {
    return raise(at.thread, type_error_type, "unsupported operand type(s) for {}: '{}' and '{}'",
                 is_inplace ? "@=" : "@", type_name(left), type_name(right));
  }
  at.put(at.a, std::move(answer));
  return Done();
}

Result<Done> unary_operation(const Operation& at, UnaryOp op) {
  TRY_ASSIGN(Ref<Object> operand, at.take(at.b));
  return at.put_result(at.a, unary(at.thread, operand, op));
}

Result<Done> negate_truth(const Operation& at) {
  TRY_ASSIGN(bool truth, truth_of(at, at.b));
  at.put(at.a, boolean(!truth));
  return Done();
}

Result<Done> comparison(const Operation& at, CompareOp op) {
  TRY_ASSIGN(Ref<Object> left, at.take(at.b));
  TRY_ASSIGN(Ref<Object> right, at.take(at.c));
  return at.put_result(at.a, compare(at.thread, left, right, op));
}

Result<Done> membership(const Operation& at, bool is_in) {
  TRY_ASSIGN(Ref<Object> member, at.take(at.b));
  TRY_ASSIGN(Ref<Object> container, at.take(at.c));
  TRY_ASSIGN(bool found, contains(at.thread, container, member));
  at.put(at.a, boolean(found == is_in));
  return Done();
}

Result<bool> truth_of(const Operation& at, std::uint32_t operand) {
  TRY_ASSIGN(Ref<Object> object, at.take(operand));
  return is_true(at.thread, object);
}

Result<bool> truth_of_kept(const Operation& at) {
  TRY_ASSIGN(Ref<Object> object, at.share(at.a));
  return is_true(at.thread, object);
}

}  // namespace runtime
