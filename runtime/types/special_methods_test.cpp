#include <gtest/gtest.h>

#include "runtime/object/recursion.h"
#include "runtime/types/types_test_support.h"

namespace runtime {
namespace {

class SpecialMethodsTest : public testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Ref<Object> answers(std::int64_t value) {
    return constant_function(here(), number(here(), value));
  }
  Ref<Object> answers_text(std::string_view value) {
    return constant_function(here(), text(here(), value));
  }
  Ref<Object> answers_not_implemented() { return constant_function(here(), not_implemented()); }
  // An instance of a new class.
  Ref<Object> with(Members members) { return made_by(here(), plain_class(here(), "A", members)); }
  std::string added(Borrowed<Object> left, Borrowed<Object> right) {
    return told(here(), binary(here(), left, right, BinaryOp::kAdd));
  }
  TypesKernel kernel_;
};

TEST_F(SpecialMethodsTest, AnswerForOperators) {
  Ref<Object> one = number(here(), 1);
  Ref<Object> object = with({{"__add__", answers(10)},
                             {"__radd__", answers(20)},
                             {"__neg__", answers(30)},
                             {"__getitem__", answers(40)},
                             {"__len__", answers(5)},
                             {"__iadd__", answers(60)}});
  EXPECT_EQ(added(object, one), "10");
  EXPECT_EQ(added(one, object), "20");
  EXPECT_EQ(told(here(), unary(here(), object, UnaryOp::kNegative)), "30");
  EXPECT_EQ(told(here(), get_item(here(), object, one)), "40");
  EXPECT_EQ(must(length_of(here(), object)), 5);
  EXPECT_EQ(told(here(), inplace(here(), object, one, BinaryOp::kAdd)), "60");
  EXPECT_TRUE(must(is_true(here(), object)));
}

TEST_F(SpecialMethodsTest, OfADerivedClassAreAskedFirst) {
  Ref<Type> base = plain_class(here(), "A", {{"__add__", answers(1)}, {"__radd__", answers(2)}});
  Ref<Type> derived = class_of(here(), "B", {base}, {{"__radd__", answers(3)}});
  Ref<Object> left = made_by(here(), base);
  EXPECT_EQ(added(left, made_by(here(), derived)), "3");
  Ref<Type> silent = class_of(here(), "C", {base});
  EXPECT_EQ(added(left, made_by(here(), silent)), "1");
  Ref<Type> unknowing = plain_class(here(), "D", {{"__add__", answers_not_implemented()}});
  EXPECT_EQ(added(made_by(here(), unknowing), left), "2");
  EXPECT_EQ(added(made_by(here(), unknowing), number(here(), 1)),
            "TypeError: unsupported operand type(s) for +: 'D' and 'int'");
}

TEST_F(SpecialMethodsTest, DecideEqualityAndHash) {
  Ref<Object> plain = with({});
  EXPECT_TRUE(must(are_equal(here(), plain, plain)));
  Ref<Object> other = with({});
  EXPECT_FALSE(must(are_equal(here(), plain, other)));
  Ref<Object> equal_to_all = with({{"__eq__", constant_function(here(), boolean(true))}});
  EXPECT_TRUE(must(are_equal(here(), equal_to_all, number(here(), 1))));
  EXPECT_TRUE(must(are_equal(here(), number(here(), 1), equal_to_all)));
  EXPECT_EQ(told(here(), compare(here(), equal_to_all, other, CompareOp::kNotEqual)), "False");
  EXPECT_EQ(raised_by(here(), hash_of(here(), equal_to_all)), "TypeError: unhashable type: 'A'");
  Ref<Object> hashed = with({{"__hash__", answers(-1)}});
  EXPECT_EQ(must(hash_of(here(), hashed)), -2);
  EXPECT_EQ(raised_by(here(), hash_of(here(), with({{"__hash__", answers_text("x")}}))),
            "TypeError: __hash__ method should return an integer");
  EXPECT_EQ(told(here(), compare(here(), plain, other, CompareOp::kLess)),
            "TypeError: '<' not supported between instances of 'A' and 'A'");
}

TEST_F(SpecialMethodsTest, AreCheckedForWhatTheyAnswer) {
  EXPECT_EQ(raised_by(here(), is_true(here(), with({{"__bool__", answers(1)}}))),
            "TypeError: __bool__ should return bool, returned int");
  EXPECT_EQ(raised_by(here(), length_of(here(), with({{"__len__", answers(-1)}}))),
            "ValueError: __len__() should return >= 0");
  EXPECT_EQ(told(here(), repr_of(here(), with({{"__repr__", answers(1)}}))),
            "TypeError: __repr__ returned non-string (type int)");
  EXPECT_EQ(told(here(), get_iterator(here(), with({{"__iter__", answers(1)}}))),
            "TypeError: iter() returned non-iterator of type 'int'");
  EXPECT_EQ(told(here(), get_iterator(here(), with({{"__iter__", none()}}))),
            "TypeError: 'A' object is not iterable");
  EXPECT_EQ(raised_by(here(), contains(here(), with({{"__contains__", none()}}), none())),
            "TypeError: 'A' object is not a container");
  EXPECT_EQ(told(here(), call_with(here(), with({}))), "TypeError: 'A' object is not callable");
}

TEST_F(SpecialMethodsTest, EndIterationByStopIteration) {
  Ref<Object> stop = function(here(), [](ThreadState& thread, const CallArguments&) {
    return Result<Ref<Object>>(raise_empty(thread, stop_iteration_type));
  });
  Ref<Object> iterator = with({{"__next__", stop}});
  Ref<Object> item = must(next_of(here(), iterator));
  EXPECT_EQ(item.get(), nullptr);
}

TEST_F(SpecialMethodsTest, AreAskedForAttributesThatAreNotFound) {
  Ref<Object> object = with({{"__getattr__", answers_text("found")}, {"x", number(here(), 1)}});
  EXPECT_EQ(told_attribute(here(), object, "x"), "1");
  EXPECT_EQ(told_attribute(here(), object, "y"), "'found'");
  Ref<Object> hidden = with({{"__getattribute__", answers(7)}});
  EXPECT_EQ(told_attribute(here(), hidden, "anything"), "7");
  Ref<Object> guarded = with({{"__setattr__", constant_function(here(), none())}});
  set_number(here(), guarded, "x", 1);
  EXPECT_EQ(told_attribute(here(), guarded, "x"),
            "AttributeError: 'A' object has no attribute 'x'");
}

TEST_F(SpecialMethodsTest, MayComeAndGoLater) {
  Ref<Type> base = plain_class(here(), "A");
  Ref<Type> derived = class_of(here(), "B", {base});
  Ref<Object> object = made_by(here(), derived);
  EXPECT_EQ(raised_by(here(), length_of(here(), object)),
            "TypeError: object of type 'B' has no len()");
  must(set_attribute(here(), base, "__len__", answers(3).get()));
  EXPECT_EQ(must(length_of(here(), object)), 3);
  must(set_attribute(here(), derived, "__len__", answers(4).get()));
  EXPECT_EQ(must(length_of(here(), object)), 4);
  must(set_attribute(here(), derived, "__len__", nullptr));
  EXPECT_EQ(must(length_of(here(), object)), 3);
  must(set_attribute(here(), base, "__len__", nullptr));
  EXPECT_EQ(raised_by(here(), length_of(here(), object)),
            "TypeError: object of type 'B' has no len()");
}

TEST_F(SpecialMethodsTest, OfNativeTypesAreUsedDirectlyWhereNothingReplacesThem) {
  Ref<Type> derived = class_of(here(), "L", {as_base(list_type)}, {{"__len__", answers(9)}});
  Ref<Object> object = must(new_empty_instance(here(), derived));
  must(list_append(here(), as_list(object), number(here(), 1)));
  EXPECT_EQ(must(length_of(here(), object)), 9);
  EXPECT_EQ(protocol_of(object).get_item, protocol_of(list_type).get_item);
  EXPECT_EQ(added(object, must(new_list(here()))), "[1]");
  Ref<Object> wrapper = attribute(here(), as_base(list_type), "__len__");
  EXPECT_EQ(told(here(), call_with(here(), wrapper, {object})), "1");
}

TEST_F(SpecialMethodsTest, MakeDescriptors) {
  Ref<Type> data = plain_class(
      here(), "Data", {{"__get__", answers(1)}, {"__set__", constant_function(here(), none())}});
  Ref<Type> other = plain_class(here(), "Other", {{"__get__", answers(2)}});
  Ref<Object> object = with({{"data", made_by(here(), data)}, {"other", made_by(here(), other)}});
  set_number(here(), object, "data", 5);
  EXPECT_EQ(told_attribute(here(), object, "data"), "1");
  EXPECT_EQ(told_attribute(here(), object, "other"), "2");
  set_number(here(), object, "other", 6);
  EXPECT_EQ(told_attribute(here(), object, "other"), "6");
  EXPECT_EQ(raised_by(here(), set_attribute(here(), object, "data", nullptr)),
            "AttributeError: __delete__");
}

TEST_F(SpecialMethodsTest, FinalizeOnce) {
  unsigned calls = 0;
  Ref<Object> del = function(here(), [&](ThreadState&, const CallArguments&) {
    ++calls;
    return Result<Ref<Object>>(none());
  });
  Ref<Type> type = plain_class(here(), "A", {{"__del__", del}});
  made_by(here(), type).drop(here());
  EXPECT_EQ(calls, 1u);
  must(set_attribute(here(), type, "__del__", nullptr));
  made_by(here(), type).drop(here());
  EXPECT_EQ(calls, 1u);
}

std::string unraisable_text;

TEST_F(SpecialMethodsTest, TellTheHookOfWhatAFinalizerRaises) {
  kernel_.types.hooks().unraisable = [](ThreadState& thread, Raised raised, Borrowed<Object>) {
    unraisable_text = describe(thread, raised.exception());
  };
  Ref<Object> del = function(here(), [](ThreadState& thread, const CallArguments&) {
    return Result<Ref<Object>>(raise(thread, value_error_type, "in the end"));
  });
  with({{"__del__", del}}).drop(here());
  EXPECT_EQ(unraisable_text, "ValueError: in the end");
}

TEST_F(SpecialMethodsTest, MakeInstances) {
  Ref<Object> seven = number(here(), 7);
  Ref<Object> maker = constant_function(here(), seven);
  Ref<Type> type = plain_class(here(), "A", {{"__new__", maker}});
  EXPECT_EQ(told(here(), call_with(here(), type, {seven})), "7");
}

TEST_F(SpecialMethodsTest, StopBeforeTheStackEnds) {
  Ref<Object> itself = function(here(), [](ThreadState& thread, const CallArguments& arguments) {
    return Result<Ref<Object>>(repr_of(thread, arguments.positional[0]));
  });
  EXPECT_EQ(told(here(), repr_of(here(), with({{"__repr__", itself}}))).substr(0, 45),
            "RecursionError: maximum recursion depth excee");
}

TEST_F(SpecialMethodsTest, AreFoundBehindAClassBySuper) {
  Ref<Type> base = plain_class(here(), "A", {{"f", answers(1)}});
  Ref<Type> derived = class_of(here(), "B", {base}, {{"f", answers(2)}});
  Ref<Object> object = made_by(here(), derived);
  Ref<Object> super = made_by(here(), as_base(super_type), {derived, object});
  EXPECT_EQ(told(here(), call_with(here(), attribute(here(), super, "f"))), "1");
  EXPECT_EQ(repr(here(), super), "<super: <class 'B'>, <B object>>");
  EXPECT_EQ(told_attribute(here(), super, "g"),
            "AttributeError: 'super' object has no attribute 'g'");
  EXPECT_EQ(
      told(here(), call_with(here(), as_base(super_type), {derived, number(here(), 1)})),
      "TypeError: super(type, obj): obj (instance of int) is not an instance or subtype of type "
      "(B).");
  EXPECT_EQ(told(here(), call_with(here(), as_base(super_type))),
            "RuntimeError: super(): no arguments");
}

TEST_F(SpecialMethodsTest, DecideWhatIsAnInstance) {
  Ref<Object> one = number(here(), 1);
  EXPECT_TRUE(must(is_instance_of(here(), one, as_base(int_type))));
  EXPECT_TRUE(must(is_instance_of(
      here(), one, must(new_tuple(here(), {as_base(str_type), as_base(object_type)})))));
  EXPECT_EQ(raised_by(here(), is_instance_of(here(), one, one)),
            "TypeError: isinstance() arg 2 must be a type, a tuple of types, or a union");
  EXPECT_EQ(raised_by(here(), is_subclass_of(here(), one, as_base(int_type))),
            "TypeError: issubclass() arg 1 must be a class");
  Ref<Type> metaclass = class_of(here(), "M", {as_base(type_type)},
                                 {{"__instancecheck__", constant_function(here(), boolean(true))}});
  Ref<Dict> dict = must(new_dict(here()));
  Ref<Object> lenient = made_by(here(), metaclass, {text(here(), "L"), empty_tuple(), dict});
  EXPECT_TRUE(must(is_instance_of(here(), one, lenient)));
}

TEST_F(SpecialMethodsTest, WrappedByPropertyAndItsLike) {
  Ref<Object> property = made_by(here(), as_base(property_type), {answers(5)});
  Ref<Object> object = with({{"p", property},
                             {"c", must(new_classmethod(here(), answers(6)))},
                             {"s", must(new_staticmethod(here(), answers(7)))}});
  EXPECT_EQ(told_attribute(here(), object, "p"), "5");
  EXPECT_EQ(raised_by(here(), set_attribute(here(), object, "p", &none_object)),
            "AttributeError: property 'p' of 'A' object has no setter");
  EXPECT_EQ(raised_by(here(), set_attribute(here(), object, "p", nullptr)),
            "AttributeError: property 'p' of 'A' object has no deleter");
  EXPECT_EQ(told(here(), call_method(here(), object, "c", Arguments())), "6");
  EXPECT_EQ(told(here(), call_method(here(), object, "s", Arguments())), "7");
}

}  // namespace
}  // namespace runtime
