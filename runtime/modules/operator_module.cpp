// `_operator`: https://docs.python.org/3/library/operator.html
#include "runtime/modules/gathered_arguments.h"
#include "runtime/modules/native_module.h"
#include "runtime/modules/operator_types.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

using Given = const BoundArguments&;

template <BinaryOp op>
Result<Ref<Object>> of_two(ThreadState& thread, Borrowed<Object>, Given given) {
  return binary(thread, given.at(0), given.at(1), op);
}
template <BinaryOp op>
Result<Ref<Object>> in_place(ThreadState& thread, Borrowed<Object>, Given given) {
  return inplace(thread, given.at(0), given.at(1), op);
}
template <UnaryOp op>
Result<Ref<Object>> of_one(ThreadState& thread, Borrowed<Object>, Given given) {
  return unary(thread, given.at(0), op);
}
template <CompareOp op>
Result<Ref<Object>> compared(ThreadState& thread, Borrowed<Object>, Given given) {
  return compare(thread, given.at(0), given.at(1), op);
}

Result<Ref<Object>> truth(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY_ASSIGN(bool answer, is_true(thread, given.at(0)));
  return boolean(answer);
}
Result<Ref<Object>> negated(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY_ASSIGN(bool answer, is_true(thread, given.at(0)));
  return boolean(!answer);
}
Result<Ref<Object>> is_same(ThreadState&, Borrowed<Object>, Given given) {
  return boolean(given[0] == given[1]);
}
Result<Ref<Object>> is_other(ThreadState&, Borrowed<Object>, Given given) {
  return boolean(given[0] != given[1]);
}
Result<Ref<Object>> is_none_object(ThreadState&, Borrowed<Object>, Given given) {
  return boolean(is_none(given[0]));
}
Result<Ref<Object>> is_not_none_object(ThreadState&, Borrowed<Object>, Given given) {
  return boolean(!is_none(given[0]));
}
Result<Ref<Object>> index(ThreadState& thread, Borrowed<Object>, Given given) {
  return index_of(thread, given.at(0));
}

bool is_sequence(Borrowed<Object> object) {
  return protocol_of(object).get_item != nullptr && protocol_of(object).length != nullptr;
}

Result<Done> check_sequence(ThreadState& thread, Borrowed<Object> object) {
  if (is_sequence(object)) return Done();
  return raise(thread, type_error_type, "'{}' object can't be concatenated", type_name(object));
}

Result<Ref<Object>> concat(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY(check_sequence(thread, given.at(0)));
  return binary(thread, given.at(0), given.at(1), BinaryOp::kAdd);
}
Result<Ref<Object>> concat_in_place(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY(check_sequence(thread, given.at(0)));
  return inplace(thread, given.at(0), given.at(1), BinaryOp::kAdd);
}

Result<Ref<Object>> has(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY_ASSIGN(bool found, contains(thread, given.at(0), given.at(1)));
  return boolean(found);
}

Result<Ref<Object>> count_of(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, given.at(0)));
  std::int64_t count = 0;
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator));
    if (!item) return new_int(thread, count);
    TRY_ASSIGN(bool is_equal, are_equal(thread, item, given.at(1)));
    if (is_equal) ++count;
  }
}

Result<Ref<Object>> index_of_item(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, given.at(0)));
  for (std::int64_t place = 0;; ++place) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator));
    if (!item) {
      return raise(thread, value_error_type, "sequence.index(x): x not in sequence");
    }
    TRY_ASSIGN(bool is_equal, are_equal(thread, item, given.at(1)));
    if (is_equal) return new_int(thread, place);
  }
}

Result<Ref<Object>> get(ThreadState& thread, Borrowed<Object>, Given given) {
  return get_item(thread, given.at(0), given.at(1));
}
Result<Ref<Object>> set(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY(set_item(thread, given.at(0), given.at(1), given.at(2)));
  return none();
}
Result<Ref<Object>> remove(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY(delete_item(thread, given.at(0), given.at(1)));
  return none();
}

// len() if there is one, else what __length_hint__() says, else the default: PEP 424.
Result<Ref<Object>> length_hint(ThreadState& thread, Borrowed<Object>, Given given) {
  std::int64_t fallback = 0;
  if (given.has(1)) {
    if (!is_int(*given.at(1))) {
      return raise(thread, type_error_type, "'{}' object cannot be interpreted as an integer",
                   type_name(given.at(1)));
    }
    TRY_ASSIGN(fallback, checked_index_of(thread, given.at(1), overflow_error_type));
  }
  if (protocol_of(given.at(0)).length != nullptr) {
    Result<std::int64_t> length = length_of(thread, given.at(0));
    if (!length.is_raised()) return new_int(thread, length.value());
    Raised raised = std::move(length).raised();
    if (!matches(raised, type_error_type)) return raised;
  }
  TRY_ASSIGN(Method method, find_special(thread, given.at(0), "__length_hint__"));
  if (!method.function) return new_int(thread, fallback);
  Result<Ref<Object>> hint = call_method(thread, method, {});
  if (hint.is_raised()) {
    Raised raised = std::move(hint).raised();
    if (matches(raised, type_error_type)) return new_int(thread, fallback);
    return raised;
  }
  if (hint.value().get() == &not_implemented_object) return new_int(thread, fallback);
  if (!is_int(*hint.value())) {
    return raise(thread, type_error_type, "__length_hint__ must be an integer, not {}",
                 type_name(hint.value()));
  }
  if (sign_of(*as_int(hint.value())) < 0) {
    return raise(thread, value_error_type, "__length_hint__() should return >= 0");
  }
  return hint;
}

Result<Ref<Object>> call_it(ThreadState& thread, Borrowed<Object>, Given given) {
  GatheredArguments arguments;
  arguments.add(thread, given.rest());
  if (given.named() != nullptr) {
    TRY(arguments.add_named(thread, Borrowed(given.named())));
  }
  return call(thread, given.at(0), arguments.get());
}

constexpr NativeMethod kFunctions[] = {
    {"lt(a, b, /)", &compared<CompareOp::kLess>, "Same as a < b."},
    {"le(a, b, /)", &compared<CompareOp::kLessEqual>, "Same as a <= b."},
    {"eq(a, b, /)", &compared<CompareOp::kEqual>, "Same as a == b."},
    {"ne(a, b, /)", &compared<CompareOp::kNotEqual>, "Same as a != b."},
    {"gt(a, b, /)", &compared<CompareOp::kGreater>, "Same as a > b."},
    {"ge(a, b, /)", &compared<CompareOp::kGreaterEqual>, "Same as a >= b."},
    {"truth(a, /)", &truth, "True if a is true, False otherwise."},
    {"not_(a, /)", &negated, "Same as not a."},
    {"is_(a, b, /)", &is_same, "Same as a is b."},
    {"is_not(a, b, /)", &is_other, "Same as a is not b."},
    {"is_none(a, /)", &is_none_object, "Same as a is None."},
    {"is_not_none(a, /)", &is_not_none_object, "Same as a is not None."},
    {"index(a, /)", &index, "Same as a.__index__()."},
    {"add(a, b, /)", &of_two<BinaryOp::kAdd>, "Same as a + b."},
    {"sub(a, b, /)", &of_two<BinaryOp::kSubtract>, "Same as a - b."},
    {"mul(a, b, /)", &of_two<BinaryOp::kMultiply>, "Same as a * b."},
    {"truediv(a, b, /)", &of_two<BinaryOp::kTrueDivide>, "Same as a / b."},
    {"floordiv(a, b, /)", &of_two<BinaryOp::kFloorDivide>, "Same as a // b."},
    {"mod(a, b, /)", &of_two<BinaryOp::kModulo>, "Same as a % b."},
    {"pow(a, b, /)", &of_two<BinaryOp::kPower>, "Same as a ** b."},
    {"lshift(a, b, /)", &of_two<BinaryOp::kLeftShift>, "Same as a << b."},
    {"rshift(a, b, /)", &of_two<BinaryOp::kRightShift>, "Same as a >> b."},
    {"and_(a, b, /)", &of_two<BinaryOp::kAnd>, "Same as a & b."},
    {"xor(a, b, /)", &of_two<BinaryOp::kXor>, "Same as a ^ b."},
    {"or_(a, b, /)", &of_two<BinaryOp::kOr>, "Same as a | b."},
    {"neg(a, /)", &of_one<UnaryOp::kNegative>, "Same as -a."},
    {"pos(a, /)", &of_one<UnaryOp::kPositive>, "Same as +a."},
    {"inv(a, /)", &of_one<UnaryOp::kInvert>, "Same as ~a."},
    {"invert(a, /)", &of_one<UnaryOp::kInvert>, "Same as ~a."},
    {"abs(a, /)", &of_one<UnaryOp::kAbsolute>, "Same as abs(a)."},
    {"iadd(a, b, /)", &in_place<BinaryOp::kAdd>, "Same as a += b."},
    {"isub(a, b, /)", &in_place<BinaryOp::kSubtract>, "Same as a -= b."},
    {"imul(a, b, /)", &in_place<BinaryOp::kMultiply>, "Same as a *= b."},
    {"itruediv(a, b, /)", &in_place<BinaryOp::kTrueDivide>, "Same as a /= b."},
    {"ifloordiv(a, b, /)", &in_place<BinaryOp::kFloorDivide>, "Same as a //= b."},
    {"imod(a, b, /)", &in_place<BinaryOp::kModulo>, "Same as a %= b."},
    {"ipow(a, b, /)", &in_place<BinaryOp::kPower>, "Same as a **= b."},
    {"ilshift(a, b, /)", &in_place<BinaryOp::kLeftShift>, "Same as a <<= b."},
    {"irshift(a, b, /)", &in_place<BinaryOp::kRightShift>, "Same as a >>= b."},
    {"iand(a, b, /)", &in_place<BinaryOp::kAnd>, "Same as a &= b."},
    {"ixor(a, b, /)", &in_place<BinaryOp::kXor>, "Same as a ^= b."},
    {"ior(a, b, /)", &in_place<BinaryOp::kOr>, "Same as a |= b."},
    {"concat(a, b, /)", &concat, "Same as a + b, for a and b sequences."},
    {"iconcat(a, b, /)", &concat_in_place, "Same as a += b, for a and b sequences."},
    {"contains(a, b, /)", &has, "Same as b in a (note reversed operands)."},
    {"countOf(a, b, /)", &count_of,
     "Return the number of items in a which are, or which equal, b."},
    {"indexOf(a, b, /)", &index_of_item, "Return the first index of b in a."},
    {"getitem(a, b, /)", &get, "Same as a[b]."},
    {"setitem(a, b, c, /)", &set, "Same as a[b] = c."},
    {"delitem(a, b, /)", &remove, "Same as del a[b]."},
    {"length_hint(obj, default?, /)", &length_hint,
     "Return an estimate of the number of items in obj."},
    {"call(obj, /, *args, **kwargs)", &call_it, "Same as obj(*args, **kwargs)."},
};

}  // namespace

Result<Done> fill_operator(ThreadState& thread, Borrowed<Module> module) {
  TRY(add_functions(thread, module, kFunctions));
  TRY(set_in_module(thread, module, "itemgetter", itemgetter_type));
  TRY(set_in_module(thread, module, "attrgetter", attrgetter_type));
  return set_in_module(thread, module, "methodcaller", methodcaller_type);
}

}  // namespace runtime
