// Expressions; see generator.h.
#include "runtime/compiler/generator.h"
#include "runtime/object/singletons.h"

namespace runtime {

using syntax::as;
using syntax::BinaryOperator;
using syntax::NodeKind;
using syntax::try_as;

Opcode opcode_of(BinaryOperator operation) {
  return static_cast<Opcode>(static_cast<unsigned>(Opcode::kAdd) +
                             static_cast<unsigned>(operation));
}

Opcode inplace_opcode_of(BinaryOperator operation) {
  return static_cast<Opcode>(static_cast<unsigned>(Opcode::kInplaceAdd) +
                             static_cast<unsigned>(operation));
}

static_assert(static_cast<unsigned>(Opcode::kFloorDivide) - static_cast<unsigned>(Opcode::kAdd) ==
              static_cast<unsigned>(BinaryOperator::kFloorDivide));
static_assert(static_cast<unsigned>(Opcode::kModulo) - static_cast<unsigned>(Opcode::kAdd) ==
              static_cast<unsigned>(BinaryOperator::kModulo));
static_assert(static_cast<unsigned>(Opcode::kBitXor) - static_cast<unsigned>(Opcode::kAdd) ==
              static_cast<unsigned>(BinaryOperator::kBitXor));

Value Generator::operand(const syntax::Expression* node, bool is_last) {
  if (const auto* name = try_as<syntax::Name>(node); name != nullptr && name->name != "__debug__") {
    const Place place = place_of(mangle(name->name));
    if (place.kind == PlaceKind::kLocal && (is_last || !unit_->scope->has_named_expressions)) {
      check_local(node->position, place);
      return {place.reg};
    }
  } else if (Ref<Object> value = folded(node)) {
    return constant(std::move(value));
  }
  const Register reg = new_temporary();
  expression(node, reg);
  return {reg};
}

void Generator::expression(const syntax::Expression* node, Register to) {
  if (failed()) return;
  const Temporaries temporaries(*this);
  switch (node->kind) {
    case NodeKind::kName:
      if (as<syntax::Name>(node)->name == "__debug__") break;
      return load_name(node->position, mangle(as<syntax::Name>(node)->name), to);
    case NodeKind::kCall:
      return call(as<syntax::Call>(node), to);
    default:
      break;
  }
  if (Ref<Object> value = folded(node)) {
    return emit(node->position, Opcode::kLoadConstant, to, constant_index(std::move(value)));
  }
  switch (node->kind) {
    case NodeKind::kAttribute:
      return attribute(as<syntax::Attribute>(node), to);
    case NodeKind::kSubscript:
      return subscript(as<syntax::Subscript>(node), to);
    case NodeKind::kBinOp:
      return binary(as<syntax::BinOp>(node), to);
    case NodeKind::kCompare:
      return comparison(as<syntax::Compare>(node), to);
    default:
      return other_expression(node, to);
  }
}

void Generator::other_expression(const syntax::Expression* node, Register to) {
  switch (node->kind) {
    case NodeKind::kBoolOp:
      return boolean(as<syntax::BoolOp>(node), to);
    case NodeKind::kNamedExpr:
      return named_expression(as<syntax::NamedExpr>(node), to);
    case NodeKind::kUnaryOp:
      return unary(as<syntax::UnaryOp>(node), to);
    case NodeKind::kLambda:
      return lambda(as<syntax::Lambda>(node), to);
    case NodeKind::kIfExp: {
      const auto* branch = as<syntax::IfExp>(node);
      const Label otherwise = new_label();
      const Label end = new_label();
      jump_if(branch->test, false, otherwise);
      expression(branch->body, to);
      jump(node->position, Opcode::kJump, end);
      bind(otherwise);
      expression(branch->orelse, to);
      return bind(end);
    }
    case NodeKind::kDict:
      return dict_display(as<syntax::Dict>(node), to);
    case NodeKind::kSet:
      return sequence_display(node, as<syntax::Set>(node)->elements, Opcode::kBuildSet, to);
    case NodeKind::kList:
      return sequence_display(node, as<syntax::List>(node)->elements, Opcode::kBuildList, to);
    case NodeKind::kTuple:
      return sequence_display(node, as<syntax::Tuple>(node)->elements, Opcode::kBuildTuple, to);
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp:
    case NodeKind::kGeneratorExp:
      return comprehension(node, to);
    case NodeKind::kYield:
      return yield(as<syntax::Yield>(node), to);
    case NodeKind::kYieldFrom:
      return yield_from(as<syntax::YieldFrom>(node), to);
    case NodeKind::kJoinedStr:
      return joined_string(as<syntax::JoinedStr>(node), to);
    case NodeKind::kFormattedValue:
      return formatted_value(as<syntax::FormattedValue>(node), to);
    case NodeKind::kSlice:
      return slice(as<syntax::Slice>(node), to);
    case NodeKind::kStarred:
      return fail(node->position, "can't use starred expression here");
    default:
      return fail(node->position, "this expression is not supported");
  }
}

// A chain that leans to the left is walked here, not nested.
void Generator::binary(const syntax::BinOp* node, Register to) {
  std::vector<const syntax::BinOp*> chain{node};
  while (const auto* left = try_as<syntax::BinOp>(chain.back()->left)) {
    if (folded(left)) break;
    chain.push_back(left);
  }
  const Register collected = chain.size() > 1 ? new_temporary() : to;
  Value left = operand(chain.back()->left, false);
  for (std::size_t i = chain.size(); i-- > 0;) {
    const Temporaries temporaries(*this);
    const Value right = operand(chain[i]->right);
    const Register result = i == 0 ? to : collected;
    emit(chain[i]->position, opcode_of(chain[i]->operation), result, left.operand, right.operand);
    left = {result};
    if (failed()) return;
  }
}

void Generator::unary(const syntax::UnaryOp* node, Register to) {
  const Value value = operand(node->operand);
  Opcode opcode = Opcode::kNot;
  if (node->operation == syntax::UnaryOperator::kInvert) opcode = Opcode::kInvert;
  if (node->operation == syntax::UnaryOperator::kPlus) opcode = Opcode::kPositive;
  if (node->operation == syntax::UnaryOperator::kMinus) opcode = Opcode::kNegative;
  emit(node->position, opcode, to, value.operand);
}

void Generator::boolean(const syntax::BoolOp* node, Register to) {
  const bool is_and = node->operation == syntax::BooleanOperator::kAnd;
  const Opcode opcode = is_and ? Opcode::kJumpIfFalseKeep : Opcode::kJumpIfTrueKeep;
  const Register result = collecting(to);
  const Label end = new_label();
  for (std::size_t i = 0; i < node->values.size(); ++i) {
    expression(node->values[i], result);
    if (i + 1 < node->values.size()) jump(node->values[i]->position, opcode, end, result);
  }
  bind(end);
  deliver(node->position, result, to);
}

void Generator::named_expression(const syntax::NamedExpr* node, Register to) {
  const Value value = operand(node->value);
  const std::string_view name = mangle(as<syntax::Name>(node->target)->name);
  store_name(node->target->position, name, second(node->position, value));
  load(node->position, value, to);
}

// -- comparison --

namespace {

Opcode opcode_of(syntax::ComparisonOperator operation) {
  switch (operation) {
    case syntax::ComparisonOperator::kEqual:
      return Opcode::kEqual;
    case syntax::ComparisonOperator::kNotEqual:
      return Opcode::kNotEqual;
    case syntax::ComparisonOperator::kLess:
      return Opcode::kLess;
    case syntax::ComparisonOperator::kLessOrEqual:
      return Opcode::kLessEqual;
    case syntax::ComparisonOperator::kGreater:
      return Opcode::kGreater;
    case syntax::ComparisonOperator::kGreaterOrEqual:
      return Opcode::kGreaterEqual;
    case syntax::ComparisonOperator::kIs:
      return Opcode::kIs;
    case syntax::ComparisonOperator::kIsNot:
      return Opcode::kIsNot;
    case syntax::ComparisonOperator::kIn:
      return Opcode::kIn;
    default:
      return Opcode::kNotIn;
  }
}

bool is_membership(syntax::ComparisonOperator operation) {
  return operation == syntax::ComparisonOperator::kIn ||
         operation == syntax::ComparisonOperator::kNotIn;
}

bool is_identity(syntax::ComparisonOperator operation) {
  return operation == syntax::ComparisonOperator::kIs ||
         operation == syntax::ComparisonOperator::kIsNot;
}

// The type of a literal of which there may be two that are equal; null: of others.
const char* literal_type(const syntax::Expression* node) {
  if (node->kind == NodeKind::kTuple) return "tuple";
  const auto* constant = try_as<syntax::Constant>(node);
  if (constant == nullptr) return nullptr;
  switch (constant->constant_kind) {
    case syntax::ConstantKind::kInteger:
      return "int";
    case syntax::ConstantKind::kFloat:
      return "float";
    case syntax::ConstantKind::kImaginary:
      return "complex";
    case syntax::ConstantKind::kString:
      return "str";
    case syntax::ConstantKind::kBytes:
      return "bytes";
    default:
      return nullptr;
  }
}

}  // namespace

void Generator::check_comparison(const syntax::Compare* node) {
  const char* left = literal_type(node->left);
  for (std::size_t i = 0; i < node->operations.size(); ++i) {
    const char* right = literal_type(node->comparators[i]);
    if (is_identity(node->operations[i]) && (left != nullptr || right != nullptr)) {
      const bool is_not = node->operations[i] == syntax::ComparisonOperator::kIsNot;
      return warn(node->position, std::string("\"") + (is_not ? "is not" : "is") + "\" with '" +
                                      (right != nullptr ? right : left) +
                                      "' literal. Did you mean \"" + (is_not ? "!=" : "==") +
                                      "\"?");
    }
    left = right;
  }
}

Value Generator::compared(const syntax::Expression* node, syntax::ComparisonOperator operation) {
  if (is_membership(operation)) {
    if (Ref<Object> display = folded_display(node)) return constant(std::move(display));
  }
  return operand(node);
}

void Generator::comparison_chain(const syntax::Compare* node, Value& left, Label is_false,
                                 Register result) {
  left = operand(node->left, false);
  for (std::size_t i = 0; i + 1 < node->operations.size(); ++i) {
    // The middle operand stays: it is the left one of the next comparison.
    const Register middle = new_temporary();
    expression(node->comparators[i], middle);
    const Value again = second(node->position, {middle});
    emit(node->position, opcode_of(node->operations[i]), result, left.operand, again.operand);
    jump(node->position, Opcode::kJumpIfFalseKeep, is_false, result);
    left = {middle};
    if (failed()) return;
  }
}

void Generator::comparison(const syntax::Compare* node, Register to) {
  check_comparison(node);
  const std::size_t last = node->operations.size() - 1;
  if (last == 0) {
    const Value left = operand(node->left, false);
    const Value right = compared(node->comparators[0], node->operations[0]);
    return emit(node->position, opcode_of(node->operations[0]), to, left.operand, right.operand);
  }
  const Register result = collecting(to);
  const Register first_middle = unit_->top;
  const Label is_false = new_label();
  const Label end = new_label();
  Value left;
  comparison_chain(node, left, is_false, result);
  const Register behind = unit_->top;
  const Value right = compared(node->comparators[last], node->operations[last]);
  emit(node->position, opcode_of(node->operations[last]), result, left.operand, right.operand);
  jump(node->position, Opcode::kJump, end);
  bind(is_false);
  for (Register reg = first_middle; reg < behind; ++reg) emit(node->position, Opcode::kClear, reg);
  bind(end);
  deliver(node->position, result, to);
}

// -- attributes and items --

// A chain of calls over several lines is shown at the line of each name.
Generator::Position Generator::attribute_position(const syntax::Attribute* node,
                                                  const Position& whole) const {
  const Position& own = node->position;
  if (own.line == own.end_line) return whole;
  Position place = whole;
  place.line = own.end_line;
  const auto length = static_cast<std::uint32_t>(node->name.size());
  if (length <= own.end_column) {
    place.column = own.end_column - length;
  } else {
    place.column = own.end_column;
  }
  if (place.end_line < place.line ||
      (place.end_line == place.line && place.end_column < place.column)) {
    place.end_line = own.end_line;
    place.end_column = own.end_column;
  }
  return place;
}

void Generator::attribute(const syntax::Attribute* node, Register to) {
  const Value object = operand(node->value);
  emit(attribute_position(node, node->position), Opcode::kLoadAttribute, to, object.operand,
       name_index(mangle(node->name)));
}

Value Generator::index(const syntax::Expression* node, bool is_last) {
  return operand(node, is_last);
}

void Generator::subscript(const syntax::Subscript* node, Register to) {
  const Value container = operand(node->value, false);
  const Value key = index(node->index, true);
  emit(node->position, Opcode::kGetItem, to, container.operand, key.operand);
}

void Generator::slice(const syntax::Slice* node, Register to) {
  const Register base = new_temporary(3);
  Register part = base;
  for (const syntax::Expression* bound : {node->lower, node->upper, node->step}) {
    if (bound == nullptr) {
      load(node->position, constant_none(), part);
    } else {
      expression(bound, part);
    }
    ++part;
  }
  emit(node->position, Opcode::kBuildSlice, to, base);
}

// -- yield --

void Generator::yield(const syntax::Yield* node, Register to) {
  if (!unit_->scope->is_function_like()) {
    return fail(node->position, "'yield' outside function");
  }
  const Value value = node->value == nullptr ? constant_none() : operand(node->value);
  emit(node->position, Opcode::kYield, to, value.operand);
}

void Generator::yield_from(const syntax::YieldFrom* node, Register to) {
  if (!unit_->scope->is_function_like()) {
    return fail(node->position, "'yield from' outside function");
  }
  const Register result = collecting(to);
  const Register iterator = new_temporary();
  const Register source = in_register(node->position, operand(node->value));
  emit(node->position, Opcode::kGetDelegate, iterator, source);
  load(node->position, constant_none(), result);
  emit(node->position, Opcode::kDelegate, result, iterator);
  deliver(node->position, result, to);
}

}  // namespace runtime
