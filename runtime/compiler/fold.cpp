// What is constant already: literals, operators on constants, tuples of constants; see generator.h.
//
// Computed with the objects' own operations, so the values are those that the program would have got. What raises is left
// for the program, and so is what would be large: nobody wants a megabyte in the code because of "x" * 1000000.
//
// Ancestry: CPython's Python/flowgraph.c (fold_tuple_of_constants, safe_multiply and others).
#include "runtime/compiler/generator.h"
#include "runtime/containers/set_object.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"
#include "runtime/object/slice_object.h"

namespace runtime {

using syntax::as;
using syntax::BinaryOperator;
using syntax::NodeKind;
using syntax::try_as;

namespace {

constexpr std::int64_t kMostBits = 128;
constexpr std::int64_t kMostItems = 256;
constexpr std::int64_t kMostText = 4096;

// Null if it raised: then it is no constant.
template <class T>
Ref<Object> quietly(Result<T> result) {
  if (result.is_raised()) return nullptr;
  return std::move(result).value();
}

std::optional<BinaryOp> operation_of(BinaryOperator operation) {
  switch (operation) {
    case BinaryOperator::kAdd:
      return BinaryOp::kAdd;
    case BinaryOperator::kSubtract:
      return BinaryOp::kSubtract;
    case BinaryOperator::kMultiply:
      return BinaryOp::kMultiply;
    case BinaryOperator::kMatrixMultiply:
      return std::nullopt;
    case BinaryOperator::kDivide:
      return BinaryOp::kTrueDivide;
    case BinaryOperator::kModulo:
      return BinaryOp::kModulo;
    case BinaryOperator::kPower:
      return BinaryOp::kPower;
    case BinaryOperator::kLeftShift:
      return BinaryOp::kLeftShift;
    case BinaryOperator::kRightShift:
      return BinaryOp::kRightShift;
    case BinaryOperator::kBitOr:
      return BinaryOp::kOr;
    case BinaryOperator::kBitXor:
      return BinaryOp::kXor;
    case BinaryOperator::kBitAnd:
      return BinaryOp::kAnd;
    case BinaryOperator::kFloorDivide:
      return BinaryOp::kFloorDivide;
  }
  return std::nullopt;
}

bool is_number(const Object& object) {
  return object.type == &int_type || object.type == &bool_type || object.type == &float_type;
}

bool is_integer(const Object& object) {
  return object.type == &int_type || object.type == &bool_type;
}

// Characters, octets or items; of what is no sequence -1.
std::int64_t size_of(Borrowed<Object> object) {
  if (object->type == &str_type) return as_str(object)->length;
  if (object->type == &bytes_type) return as_bytes(object)->length;
  if (object->type == &tuple_type) return as_tuple(object)->size;
  return -1;
}

bool is_small_product(Borrowed<Object> left, Borrowed<Object> right) {
  if (is_integer(*left) && is_integer(*right)) {
    return bit_length(*as_int(left)) + bit_length(*as_int(right)) <= kMostBits;
  }
  const std::int64_t left_size = size_of(left);
  const std::int64_t right_size = size_of(right);
  if (left_size < 0 && right_size < 0) return true;  // floats
  const Borrowed<Object> sequence = left_size >= 0 ? left : right;
  const Borrowed<Object> times = left_size >= 0 ? right : left;
  if (!is_integer(*times)) return false;
  const std::int64_t size = size_of(sequence);
  const std::int64_t count = clipped_int64_of(*as_int(times));
  const std::int64_t most = sequence->type == &tuple_type ? kMostItems : kMostText;
  return count >= 0 && (size == 0 || count <= most / size);
}

bool is_small(Borrowed<Object> left, Borrowed<Object> right, BinaryOperator operation) {
  const bool integers = is_integer(*left) && is_integer(*right);
  switch (operation) {
    case BinaryOperator::kMultiply:
      return is_small_product(left, right);
    case BinaryOperator::kPower: {
      if (!integers) return is_number(*left) && is_number(*right);
      const std::int64_t exponent = clipped_int64_of(*as_int(right));
      const std::int64_t bits = bit_length(*as_int(left));
      return exponent <= 0 || bits <= 1 || exponent <= kMostBits / bits;
    }
    case BinaryOperator::kLeftShift: {
      if (!integers) return false;
      const std::int64_t shift = clipped_int64_of(*as_int(right));
      return shift >= 0 && shift <= kMostBits && bit_length(*as_int(left)) + shift <= kMostBits;
    }
    case BinaryOperator::kModulo:
      // "%s" % x formats.
      return is_number(*left) && is_number(*right);
    case BinaryOperator::kAdd:
      return size_of(left) < 0 || size_of(left) + size_of(right) <= kMostText;
    default:
      return is_number(*left) && is_number(*right);
  }
}

}  // namespace

Ref<Object> Generator::fold_constant(const syntax::Constant* node) {
  switch (node->constant_kind) {
    case syntax::ConstantKind::kNone:
      return none();
    case syntax::ConstantKind::kTrue:
      return runtime::boolean(true);
    case syntax::ConstantKind::kFalse:
      return runtime::boolean(false);
    case syntax::ConstantKind::kEllipsis:
      return ellipsis();
    case syntax::ConstantKind::kInteger:
      return take(int_from_digits(thread_, node->text, node->base));
    case syntax::ConstantKind::kFloat:
      return take(new_float(thread_, node->number));
    case syntax::ConstantKind::kString:
      return take(new_str(thread_, node->text));
    case syntax::ConstantKind::kBytes:
      return take(new_bytes(thread_, node->text));
    case syntax::ConstantKind::kImaginary:
      fail(node->position, "complex numbers are not supported");
      return nullptr;
  }
  return nullptr;
}

Ref<Object> Generator::fold_unary(const syntax::UnaryOp* node) {
  Ref<Object> operand_value = folded(node->operand);
  if (!operand_value) return nullptr;
  if (node->operation == syntax::UnaryOperator::kNot) {
    const std::optional<bool> truth = truth_of(node->operand);
    return truth ? runtime::boolean(!*truth) : nullptr;
  }
  if (!is_number(*operand_value)) return nullptr;
  UnaryOp operation = UnaryOp::kNegative;
  if (node->operation == syntax::UnaryOperator::kPlus) operation = UnaryOp::kPositive;
  if (node->operation == syntax::UnaryOperator::kInvert) {
    // ~True warns when it runs.
    if (operand_value->type != &int_type) return nullptr;
    operation = UnaryOp::kInvert;
  }
  return quietly(runtime::unary(thread_, operand_value, operation));
}

Ref<Object> Generator::fold_binary(const syntax::BinOp* node) {
  const std::optional<BinaryOp> operation = operation_of(node->operation);
  if (!operation) return nullptr;
  const Ref<Object> right = folded(node->right);
  if (!right) return nullptr;
  const Ref<Object> left = folded(node->left);
  if (!left || !is_small(left, right, node->operation)) return nullptr;
  return quietly(runtime::binary(thread_, left, right, *operation));
}

Ref<Object> Generator::fold_tuple(syntax::Sequence<syntax::Expression> elements) {
  std::vector<Ref<Object>> items;
  for (const syntax::Expression* element : elements) {
    Ref<Object> item = folded(element);
    if (!item) return nullptr;
    items.push_back(std::move(item));
  }
  if (items.empty()) return empty_tuple();
  return take(new_tuple_taking(thread_, items));
}

Ref<Object> Generator::fold_slice(const syntax::Slice* node) {
  Ref<Object> parts[3];
  const syntax::Expression* const bounds[3] = {node->lower, node->upper, node->step};
  for (int i = 0; i < 3; ++i) {
    parts[i] = bounds[i] == nullptr ? none() : folded(bounds[i]);
    if (!parts[i]) return nullptr;
  }
  return take(new_slice(thread_, parts[0], parts[1], parts[2]));
}

Ref<Object> Generator::fold_subscript(const syntax::Subscript* node) {
  if (node->context != syntax::Context::kLoad) return nullptr;
  const Ref<Object> container = folded(node->value);
  if (!container || size_of(container) < 0) return nullptr;
  const Ref<Object> key = folded(node->index);
  if (!key) return nullptr;
  return quietly(get_item(thread_, container, key));
}

Ref<Object> Generator::fold(const syntax::Expression* node) {
  switch (node->kind) {
    case NodeKind::kUnaryOp:
      return fold_unary(as<syntax::UnaryOp>(node));
    case NodeKind::kBinOp:
      return fold_binary(as<syntax::BinOp>(node));
    case NodeKind::kTuple: {
      const auto* tuple = as<syntax::Tuple>(node);
      return tuple->context == syntax::Context::kLoad ? fold_tuple(tuple->elements) : nullptr;
    }
    case NodeKind::kSlice:
      return fold_slice(as<syntax::Slice>(node));
    case NodeKind::kSubscript:
      return fold_subscript(as<syntax::Subscript>(node));
    default:
      return nullptr;
  }
}

Ref<Object> Generator::folded(const syntax::Expression* node) {
  if (failed()) return nullptr;
  switch (node->kind) {
    case NodeKind::kConstant:
      return fold_constant(as<syntax::Constant>(node));
    case NodeKind::kName:
      if (as<syntax::Name>(node)->name != "__debug__") return nullptr;
      return runtime::boolean(options_.optimization == 0);
    case NodeKind::kUnaryOp:
    case NodeKind::kBinOp:
    case NodeKind::kTuple:
    case NodeKind::kSlice:
    case NodeKind::kSubscript:
      break;
    default:
      return nullptr;
  }
  const auto known = folded_.find(node);
  if (known != folded_.end()) {
    return known->second ? known->second.duplicate(thread_) : Ref<Object>();
  }
  Ref<Object> value = fold(node);
  Ref<Object> result = value ? value.duplicate(thread_) : Ref<Object>();
  folded_.emplace(node, std::move(value));
  return result;
}

Ref<Object> Generator::folded_display(const syntax::Expression* node) {
  if (const auto* list = try_as<syntax::List>(node)) return fold_tuple(list->elements);
  const auto* set = try_as<syntax::Set>(node);
  if (set == nullptr) return nullptr;
  const Ref<Object> items = fold_tuple(set->elements);
  if (!items) return nullptr;
  return quietly(new_frozenset_of(thread_, items));
}

std::optional<bool> Generator::truth_of(const syntax::Expression* node) {
  const Ref<Object> value = folded(node);
  if (!value) return std::nullopt;
  Result<bool> truth = is_true(thread_, value);
  if (truth.is_raised()) return std::nullopt;
  return truth.value();
}

}  // namespace runtime
