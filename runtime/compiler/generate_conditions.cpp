// Conditions: expressions of which only the truth counts; see generator.h.
#include "runtime/compiler/generator.h"

namespace runtime {

using syntax::as;
using syntax::NodeKind;
using syntax::try_as;

namespace {

bool is_none_literal(const syntax::Expression* node) {
  const auto* constant = try_as<syntax::Constant>(node);
  return constant != nullptr && constant->constant_kind == syntax::ConstantKind::kNone;
}

}  // namespace

bool Generator::jump_if_none(const syntax::Compare* node, bool when, Label target) {
  if (node->operations.size() != 1 || !is_none_literal(node->comparators[0])) return false;
  const bool is = node->operations[0] == syntax::ComparisonOperator::kIs;
  if (!is && node->operations[0] != syntax::ComparisonOperator::kIsNot) return false;
  const Temporaries temporaries(*this);
  check_comparison(node);
  const Register value = in_register(node->position, operand(node->left));
  jump(node->position, is == when ? Opcode::kJumpIfNone : Opcode::kJumpIfNotNone, target, value);
  return true;
}

void Generator::jump_if_compared(const syntax::Compare* node, bool when, Label target) {
  const Temporaries temporaries(*this);
  const Register result = new_temporary();
  comparison(node, result);
  jump(node->position, when ? Opcode::kJumpIfTrue : Opcode::kJumpIfFalse, target, result);
}

void Generator::jump_if(const syntax::Expression* node, bool when, Label target) {
  if (failed()) return;
  if (const std::optional<bool> truth = truth_of(node)) {
    if (*truth == when) jump(node->position, Opcode::kJump, target);
    return;
  }
  if (const auto* negation = try_as<syntax::UnaryOp>(node)) {
    if (negation->operation == syntax::UnaryOperator::kNot) {
      return jump_if(negation->operand, !when, target);
    }
  }
  if (const auto* operation = try_as<syntax::BoolOp>(node)) {
    // `and` is decided by the first that is false, `or` by the first that is true.
    const bool decides = operation->operation == syntax::BooleanOperator::kOr;
    const Label end = new_label();
    const std::size_t last = operation->values.size() - 1;
    for (std::size_t i = 0; i < last; ++i) {
      jump_if(operation->values[i], decides, decides == when ? target : end);
    }
    jump_if(operation->values[last], when, target);
    return bind(end);
  }
  if (const auto* branch = try_as<syntax::IfExp>(node)) {
    const Label otherwise = new_label();
    const Label end = new_label();
    jump_if(branch->test, false, otherwise);
    jump_if(branch->body, when, target);
    jump(node->position, Opcode::kJump, end);
    bind(otherwise);
    jump_if(branch->orelse, when, target);
    return bind(end);
  }
  if (const auto* compare = try_as<syntax::Compare>(node)) {
    if (jump_if_none(compare, when, target)) return;
    return jump_if_compared(compare, when, target);
  }
  const Temporaries temporaries(*this);
  const Register value = in_register(node->position, operand(node));
  jump(node->position, when ? Opcode::kJumpIfTrue : Opcode::kJumpIfFalse, target, value);
}

}  // namespace runtime
