#include "runtime/object/protocol.h"

#include <bit>
#include <iterator>

#include "runtime/base/mutants.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/recursion.h"
#include "runtime/object/sequence_getitem_iterator.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

// object.__repr__
Result<Ref<Str>> repr_by_address(ThreadState& thread, Borrowed<Object> object) {
  return new_str(thread, fmt::format("<{} object at {}>", type_name(object),
                                     static_cast<const void*>(object.get())));
}

// What the program wrote between the operands, in messages of CPython.
constexpr const char* kCompareSigns[] = {"<", "<=", "==", "!=", ">", ">="};
constexpr const char* kBinarySigns[] = {"+",           "-",  "*",  "/", "//", "%", "divmod()",
                                        "** or pow()", "<<", ">>", "&", "^",  "|"};
constexpr const char* kInplaceSigns[] = {"+=",  "-=",  "*=",  "/=", "//=", "%=", "divmod()",
                                         "**=", "<<=", ">>=", "&=", "^=",  "|="};
constexpr const char* kUnarySigns[] = {"unary -", "unary +", "unary ~", "abs()"};
static_assert(std::size(kBinarySigns) == kBinaryOps && std::size(kInplaceSigns) == kBinaryOps);
static_assert(std::size(kUnarySigns) == kUnaryOps);

unsigned number_of(BinaryOp op) { return static_cast<unsigned>(op); }

Raised unsupported_operands(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                            const char* sign) {
  return raise(thread, type_error_type, "unsupported operand type(s) for {}: '{}' and '{}'", sign,
               type_name(left), type_name(right));
}

// The type of `right` is derived from that of `left`: then it is asked first.
bool right_goes_first(Borrowed<Object> left, Borrowed<Object> right) {
  return left->type != right->type && !RT_MUTANT(reflected_operand_ignores_subtype) &&
         is_subtype(*right->type, *left->type);
}

// What the type of `left` says alone; NotImplemented when it has no say.
Result<Ref<Object>> ask_comparison(ThreadState& thread, Borrowed<Object> left,
                                   Borrowed<Object> right, CompareOp op) {
  const Protocol& protocol = protocol_of(left);
  if (protocol.compare != nullptr) return protocol.compare(thread, left, right, op);
  const bool is_equality = op == CompareOp::kEqual || op == CompareOp::kNotEqual;
  if (protocol.equals == nullptr || !is_equality || left->type != right->type) {
    return not_implemented();
  }
  TRY_ASSIGN(bool equal, protocol.equals(thread, left, right));
  return boolean(equal == (op == CompareOp::kEqual));
}

// binary_op1 of CPython's abstract.c: NotImplemented when neither operand knows.
Result<Ref<Object>> ask_binary(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                               BinaryOp op) {
  const BinarySlot left_slot = protocol_of(left).binary[number_of(op)];
  BinarySlot right_slot = protocol_of(right).binary[number_of(op)];
  if (left->type == right->type || right_slot == left_slot) right_slot = nullptr;
  if (left_slot != nullptr) {
    if (right_slot != nullptr && right_goes_first(left, right)) {
      TRY_ASSIGN(Ref<Object> answer, right_slot(thread, left, right));
      if (!is_not_implemented(answer.get())) return answer;
      right_slot = nullptr;
    }
    TRY_ASSIGN(Ref<Object> answer, left_slot(thread, left, right));
    if (!is_not_implemented(answer.get())) return answer;
  }
  if (right_slot != nullptr && !RT_MUTANT(reflected_operand_not_asked)) {
    return right_slot(thread, left, right);
  }
  return not_implemented();
}

// sequence_repeat of CPython's abstract.c.
Result<Ref<Object>> repeat(ThreadState& thread, Borrowed<Object> sequence, Borrowed<Object> times,
                           Result<Ref<Object>> (*slot)(ThreadState&, Borrowed<Object>,
                                                       std::int64_t)) {
  if (!has_index(times)) {
    return raise(thread, type_error_type, "can't multiply sequence by non-int of type '{}'",
                 type_name(times));
  }
  TRY_ASSIGN(std::int64_t count, checked_index_of(thread, times, overflow_error_type));
  return slot(thread, sequence, count);
}

}  // namespace

constinit const Protocol object_protocol{.hash = &hash_by_identity, .repr = &repr_by_address};

CompareOp swapped(CompareOp op) {
  switch (op) {
    case CompareOp::kLess:
      return CompareOp::kGreater;
    case CompareOp::kLessEqual:
      return CompareOp::kGreaterEqual;
    case CompareOp::kGreater:
      return CompareOp::kLess;
    case CompareOp::kGreaterEqual:
      return CompareOp::kLessEqual;
    default:
      return op;
  }
}

bool holds(CompareOp op, int order) {
  switch (op) {
    case CompareOp::kLess:
      return order < 0;
    case CompareOp::kLessEqual:
      return order <= 0;
    case CompareOp::kEqual:
      return order == 0;
    case CompareOp::kNotEqual:
      return order != 0;
    case CompareOp::kGreater:
      return order > 0;
    default:
      return order >= 0;
  }
}

bool is_subtype(const Type& type, const Type& ancestor) {
  if (const Tuple* order = type.resolution_order) {
    for (std::int64_t i = 0; i < order->size; ++i) {
      if (order->items()[i] == &ancestor) return true;
    }
    return false;
  }
  for (const Type* at = &type; at != nullptr; at = protocol_of(*at).base) {
    if (at == &ancestor) return true;
  }
  return false;
}

// The low bits of an address say nothing; as CPython's Py_HashPointer.
Result<std::int64_t> hash_by_identity(ThreadState&, Borrowed<Object> object) {
  const auto hash =
      static_cast<std::int64_t>(std::rotr(reinterpret_cast<std::uintptr_t>(object.get()), 4));
  return hash == -1 ? -2 : hash;
}

Result<Ref<Object>> iterate_itself(ThreadState& thread, Borrowed<Object> iterator) {
  return Ref<Object>::share(thread, iterator);
}

Result<std::int64_t> hash_of(ThreadState& thread, Borrowed<Object> object) {
  const Protocol& protocol = protocol_of(object);
  if (protocol.hash == nullptr) {
    return raise(thread, type_error_type, "unhashable type: '{}'", type_name(object));
  }
  TRY_ASSIGN(std::int64_t hash, protocol.hash(thread, object));
  RT_INVARIANT(hash != -1, "no hash is -1");
  return hash;
}

Result<bool> are_equal(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right) {
  if (left.get() == right.get() && !RT_MUTANT(equality_without_identity)) return true;
  if (left->type == right->type) {
    if (const auto equals = protocol_of(left).equals) return equals(thread, left, right);
  }
  return compare_is_true(thread, left, right, CompareOp::kEqual);
}

Result<Ref<Object>> compare(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                            CompareOp op) {
  Deeper deeper(thread);
  TRY(deeper.check(" in comparison"));
  const bool right_first = right_goes_first(left, right);
  if (right_first) {
    TRY_ASSIGN(Ref<Object> answer, ask_comparison(thread, right, left, swapped(op)));
    if (!is_not_implemented(answer.get())) return answer;
  }
  TRY_ASSIGN(Ref<Object> answer, ask_comparison(thread, left, right, op));
  if (!is_not_implemented(answer.get())) return answer;
  if (!right_first) {
    const CompareOp asked = RT_MUTANT(reflected_comparison_not_swapped) ? op : swapped(op);
    TRY_ASSIGN(Ref<Object> reflected, ask_comparison(thread, right, left, asked));
    if (!is_not_implemented(reflected.get())) return reflected;
  }
  if (op == CompareOp::kEqual) return boolean(left.get() == right.get());
  if (op == CompareOp::kNotEqual) return boolean(left.get() != right.get());
  return raise(thread, type_error_type, "'{}' not supported between instances of '{}' and '{}'",
               kCompareSigns[static_cast<unsigned>(op)], type_name(left), type_name(right));
}

Result<bool> compare_is_true(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                             CompareOp op) {
  TRY_ASSIGN(Ref<Object> answer, compare(thread, left, right, op));
  return is_true(thread, answer);
}

Result<bool> is_true(ThreadState& thread, Borrowed<Object> object) {
  if (object.get() == &true_object) return true;
  if (object.get() == &false_object) return false;
  const Protocol& protocol = protocol_of(object);
  if (protocol.truth != nullptr) return protocol.truth(thread, object);
  if (protocol.length == nullptr) return true;
  TRY_ASSIGN(std::int64_t length, protocol.length(thread, object));
  return length != 0;
}

Result<Ref<Str>> repr_of(ThreadState& thread, Borrowed<Object> object) {
  Deeper deeper(thread);
  TRY(deeper.check(" while getting the repr of an object"));
  const auto slot = protocol_of(object).repr;
  return slot == nullptr ? repr_by_address(thread, object) : slot(thread, object);
}

Result<Ref<Str>> str_of(ThreadState& thread, Borrowed<Object> object) {
  const auto slot = protocol_of(object).str;
  if (slot == nullptr) return repr_of(thread, object);
  Deeper deeper(thread);
  TRY(deeper.check(" while getting the str of an object"));
  return slot(thread, object);
}

Result<std::int64_t> length_of(ThreadState& thread, Borrowed<Object> object) {
  const auto slot = protocol_of(object).length;
  if (slot != nullptr) return slot(thread, object);
  return raise(thread, type_error_type, "object of type '{}' has no len()", type_name(object));
}

Result<Ref<Object>> get_iterator(ThreadState& thread, Borrowed<Object> object) {
  const auto slot = protocol_of(object).iterate;
  if (slot == nullptr) {
    if (protocol_of(object).get_item != nullptr) return new_getitem_iterator(thread, object);
    return raise(thread, type_error_type, "'{}' object is not iterable", type_name(object));
  }
  TRY_ASSIGN(Ref<Object> iterator, slot(thread, object));
  if (protocol_of(iterator).next == nullptr) {
    return raise(thread, type_error_type, "iter() returned non-iterator of type '{}'",
                 type_name(iterator));
  }
  return iterator;
}

Result<Ref<Object>> next_of(ThreadState& thread, Borrowed<Object> iterator) {
  const auto slot = protocol_of(iterator).next;
  if (slot != nullptr) return slot(thread, iterator);
  return raise(thread, type_error_type, "'{}' object is not an iterator", type_name(iterator));
}

Result<Ref<Object>> get_item(ThreadState& thread, Borrowed<Object> container,
                             Borrowed<Object> key) {
  const auto slot = protocol_of(container).get_item;
  if (slot != nullptr) return slot(thread, container, key);
  if (const auto of_class = protocol_of(container).get_class_item) {
    return of_class(thread, container, key);
  }
  return raise(thread, type_error_type, "'{}' object is not subscriptable", type_name(container));
}

Result<Done> set_item(ThreadState& thread, Borrowed<Object> container, Borrowed<Object> key,
                      Borrowed<Object> value) {
  const auto slot = protocol_of(container).set_item;
  if (slot != nullptr) return slot(thread, container, key, value.get());
  return raise(thread, type_error_type, "'{}' object does not support item assignment",
               type_name(container));
}

Result<Done> delete_item(ThreadState& thread, Borrowed<Object> container, Borrowed<Object> key) {
  const auto slot = protocol_of(container).set_item;
  if (slot != nullptr) return slot(thread, container, key, nullptr);
  return raise(thread, type_error_type, "'{}' object does not support item deletion",
               type_name(container));
}

Result<bool> contains(ThreadState& thread, Borrowed<Object> container, Borrowed<Object> member) {
  if (const auto slot = protocol_of(container).contains) return slot(thread, container, member);
  if (protocol_of(container).iterate == nullptr && protocol_of(container).get_item == nullptr) {
    return raise(thread, type_error_type, "argument of type '{}' is not a container or iterable",
                 type_name(container));
  }
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, container));
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator));
    if (!item) return false;
    TRY_ASSIGN(bool equal, are_equal(thread, item, member));
    if (equal) return true;
  }
}

Result<Ref<Object>> call(ThreadState& thread, Borrowed<Object> callee, Arguments arguments) {
  return call(thread, callee, CallArguments{.positional = arguments});
}

Result<Ref<Object>> call(ThreadState& thread, Borrowed<Object> callee,
                         const CallArguments& arguments) {
  const auto slot = protocol_of(callee).call;
  if (slot == nullptr) {
    return raise(thread, type_error_type, "'{}' object is not callable", type_name(callee));
  }
  return slot(thread, callee, arguments);
}

// PyNumber_Add, PyNumber_Multiply and the rest.
Result<Ref<Object>> binary(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                           BinaryOp op) {
  TRY_ASSIGN(Ref<Object> answer, ask_binary(thread, left, right, op));
  if (!is_not_implemented(answer.get())) return answer;
  if (op == BinaryOp::kAdd) {
    if (const auto slot = protocol_of(left).concatenate) return slot(thread, left, right);
  } else if (op == BinaryOp::kMultiply) {
    if (const auto slot = protocol_of(left).repeat) return repeat(thread, left, right, slot);
    if (const auto slot = protocol_of(right).repeat) return repeat(thread, right, left, slot);
  }
  return unsupported_operands(thread, left, right, kBinarySigns[number_of(op)]);
}

Result<Ref<Object>> inplace(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                            BinaryOp op) {
  if (const BinarySlot slot = protocol_of(left).inplace[number_of(op)]) {
    TRY_ASSIGN(Ref<Object> answer, slot(thread, left, right));
    if (!is_not_implemented(answer.get())) return answer;
  }
  TRY_ASSIGN(Ref<Object> answer, ask_binary(thread, left, right, op));
  if (!is_not_implemented(answer.get())) return answer;
  // What was asked before may have given the operand another class.
  const Protocol& protocol = protocol_of(left);
  if (op == BinaryOp::kAdd) {
    if (protocol.inplace_concatenate != nullptr) {
      return protocol.inplace_concatenate(thread, left, right);
    }
    if (protocol.concatenate != nullptr) return protocol.concatenate(thread, left, right);
  } else if (op == BinaryOp::kMultiply) {
    const auto slot =
        protocol.inplace_repeat != nullptr ? protocol.inplace_repeat : protocol.repeat;
    if (slot != nullptr) return repeat(thread, left, right, slot);
    if (const auto other = protocol_of(right).repeat) return repeat(thread, right, left, other);
  }
  return unsupported_operands(thread, left, right, kInplaceSigns[number_of(op)]);
}

Result<Ref<Object>> unary(ThreadState& thread, Borrowed<Object> operand, UnaryOp op) {
  const auto number = static_cast<unsigned>(op);
  if (const UnarySlot slot = protocol_of(operand).unary[number]) return slot(thread, operand);
  return raise(thread, type_error_type, "bad operand type for {}: '{}'", kUnarySigns[number],
               type_name(operand));
}

bool has_index(Borrowed<Object> object) {
  return is_int(*object) || protocol_of(object).index != nullptr;
}

Result<Ref<Object>> index_of(ThreadState& thread, Borrowed<Object> object) {
  if (object->type == &int_type) return Ref<Object>::share(thread, object);
  const UnarySlot slot = protocol_of(object).index;
  if (slot == nullptr) {
    return raise(thread, type_error_type, "'{}' object cannot be interpreted as an integer",
                 type_name(object));
  }
  TRY_ASSIGN(Ref<Object> index, slot(thread, object));
  if (!is_int(*index)) {
    return raise(thread, type_error_type, "__index__ returned non-int (type {})", type_name(index));
  }
  return index;
}

Result<std::int64_t> clipped_index_of(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Ref<Object> index, index_of(thread, object));
  return clipped_int64_of(*as_int(index));
}

Result<std::int64_t> checked_index_of(ThreadState& thread, Borrowed<Object> object,
                                      Type& overflow) {
  TRY_ASSIGN(Ref<Object> index, index_of(thread, object));
  if (const auto number = int64_of(*as_int(index))) return *number;
  return raise(thread, overflow, "cannot fit '{}' into an index-sized integer", type_name(object));
}

}  // namespace runtime
