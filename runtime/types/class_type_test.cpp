#include "runtime/types/class_type.h"

#include <gtest/gtest.h>

#include "runtime/types/types_test_support.h"

namespace runtime {
namespace {

class ClassTest : public testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  std::string failed(std::initializer_list<Borrowed<Object>> bases, Members members = {}) {
    return raised_by(here(), try_class(here(), "C", bases, members));
  }
  TypesKernel kernel_;
};

TEST_F(ClassTest, HasAttributesOfItsOwnAndOfItsBases) {
  Ref<Type> base = plain_class(here(), "B", {{"x", number(here(), 1)}});
  Ref<Type> type = class_of(here(), "C", {base}, {{"y", number(here(), 2)}});
  EXPECT_EQ(told_attribute(here(), type, "x"), "1");
  EXPECT_EQ(told_attribute(here(), type, "y"), "2");
  set_number(here(), base, "x", 3);
  EXPECT_EQ(told_attribute(here(), type, "x"), "3");
  must(set_attribute(here(), base, "x", nullptr));
  EXPECT_EQ(told_attribute(here(), type, "x"),
            "AttributeError: type object 'C' has no attribute 'x'");
  EXPECT_EQ(repr(here(), type), "<class 'C'>");
  EXPECT_EQ(told_attribute(here(), type, "__name__"), "'C'");
}

TEST_F(ClassTest, MakesInstancesWithAttributes) {
  Ref<Type> type = plain_class(here(), "C", {{"x", number(here(), 1)}});
  Ref<Object> object = made_by(here(), type);
  EXPECT_EQ(told_attribute(here(), object, "x"), "1");
  set_number(here(), object, "x", 2);
  EXPECT_EQ(told_attribute(here(), object, "x"), "2");
  EXPECT_EQ(told_attribute(here(), object, "__dict__"), "{'x': 2}");
  must(set_attribute(here(), object, "x", nullptr));
  EXPECT_EQ(told_attribute(here(), object, "x"), "1");
  EXPECT_EQ(told_attribute(here(), object, "y"), "AttributeError: 'C' object has no attribute 'y'");
  for (int i = 0; i < 40; ++i) set_number(here(), object, "a" + std::to_string(i), i);
  EXPECT_EQ(told_attribute(here(), object, "a39"), "39");
}

TEST_F(ClassTest, TakesArgumentsOnlyIfItHasAUseForThem) {
  Ref<Object> one = number(here(), 1);
  Ref<Type> plain = plain_class(here(), "C");
  EXPECT_EQ(told(here(), call_with(here(), plain, {one})), "TypeError: C() takes no arguments");
  Ref<Object> init = function(here(), [](ThreadState& thread, const CallArguments& arguments) {
    return set_attribute(thread, arguments.positional[0], "x", arguments.positional[1].get())
                   .is_raised()
               ? Result<Ref<Object>>(Ref<Object>(nullptr))
               : Result<Ref<Object>>(none());
  });
  Ref<Type> type = plain_class(here(), "D", {{"__init__", init}});
  EXPECT_EQ(told_attribute(here(), made_by(here(), type, {one}), "x"), "1");
  Ref<Type> wrong = plain_class(here(), "E", {{"__init__", constant_function(here(), one)}});
  EXPECT_EQ(told(here(), call_with(here(), wrong)),
            "TypeError: __init__() should return None, not 'int'");
}

TEST_F(ClassTest, LinearizesItsBases) {
  Ref<Type> a = plain_class(here(), "A");
  Ref<Type> b = class_of(here(), "B", {a});
  Ref<Type> c = class_of(here(), "C", {a});
  Ref<Type> d = class_of(here(), "D", {b, c});
  EXPECT_EQ(told_attribute(here(), d, "__mro__"),
            "(<class 'D'>, <class 'B'>, <class 'C'>, <class 'A'>, <class 'object'>)");
  EXPECT_EQ(failed({a, b}),
            "TypeError: Cannot create a consistent method resolution order (MRO) for bases A, B");
  EXPECT_EQ(failed({a, a}), "TypeError: duplicate base class A");
  EXPECT_EQ(told(here(), call_method(here(), a, "__subclasses__", Arguments())),
            "[<class 'B'>, <class 'C'>]");
}

TEST_F(ClassTest, RefusesBasesThatDoNotGoTogether) {
  EXPECT_EQ(failed({as_base(bool_type)}), "TypeError: type 'bool' is not an acceptable base type");
  EXPECT_EQ(failed({as_base(int_type), as_base(str_type)}),
            "TypeError: multiple bases have instance lay-out conflict");
  Ref<Object> slots = text(here(), "x");
  Ref<Type> one = plain_class(here(), "S", {{"__slots__", slots}});
  Ref<Type> other = plain_class(here(), "T", {{"__slots__", slots}});
  EXPECT_EQ(failed({one, other}), "TypeError: multiple bases have instance lay-out conflict");
}

TEST_F(ClassTest, KeepsSlotsInPlaces) {
  Ref<Object> slots = must(new_tuple(here(), {text(here(), "x"), text(here(), "__y")}));
  Ref<Type> type = plain_class(here(), "C", {{"__slots__", slots}});
  Ref<Object> object = made_by(here(), type);
  EXPECT_EQ(told_attribute(here(), object, "x"), "AttributeError: 'C' object has no attribute 'x'");
  set_number(here(), object, "x", 1);
  set_number(here(), object, "_C__y", 2);
  EXPECT_EQ(told_attribute(here(), object, "x"), "1");
  EXPECT_EQ(raised_by(here(), set_attribute(here(), object, "z", &none_object)),
            "AttributeError: 'C' object has no attribute 'z' and no __dict__ for setting new "
            "attributes");
  must(set_attribute(here(), object, "x", nullptr));
  EXPECT_EQ(raised_by(here(), set_attribute(here(), object, "x", nullptr)), "AttributeError: x");
  EXPECT_EQ(told_attribute(here(), object, "__dict__"),
            "AttributeError: 'C' object has no attribute '__dict__'");
  Ref<Type> derived = class_of(here(), "D", {type});
  Ref<Object> with_dict = made_by(here(), derived);
  set_number(here(), with_dict, "x", 1);
  set_number(here(), with_dict, "z", 3);
  EXPECT_EQ(told_attribute(here(), with_dict, "__dict__"), "{'z': 3}");
}

TEST_F(ClassTest, RefusesSlotsThatMakeNoSense) {
  EXPECT_EQ(failed({}, {{"__slots__", text(here(), "a b")}}),
            "TypeError: __slots__ must be identifiers");
  EXPECT_EQ(failed({}, {{"__slots__", text(here(), "a")}, {"a", number(here(), 1)}}),
            "ValueError: 'a' in __slots__ conflicts with class variable");
  EXPECT_EQ(failed({as_base(int_type)}, {{"__slots__", text(here(), "a")}}),
            "TypeError: nonempty __slots__ not supported for subtype of 'int'");
}

TEST_F(ClassTest, DerivesFromTypesWithItemsBehindThem) {
  Ref<Type> type = class_of(here(), "T", {as_base(tuple_type)});
  Ref<Object> exact = must(new_tuple(here(), {number(here(), 1000), number(here(), 2)}));
  Ref<Object> object = must(instance_with_value(here(), type, exact.duplicate(here())));
  EXPECT_EQ(repr(here(), object), "(1000, 2)");
  set_number(here(), object, "x", 3);
  EXPECT_EQ(told_attribute(here(), object, "x"), "3");
  must(set_attribute(here(), object, "itself", object.get()));
  Ref<Type> text_type = class_of(here(), "S", {as_base(str_type)});
  Ref<Object> word = must(instance_with_value(here(), text_type, text(here(), "word")));
  set_number(here(), word, "x", 4);
  EXPECT_EQ(told_attribute(here(), word, "__dict__"), "{'x': 4}");
  EXPECT_TRUE(must(are_equal(here(), word, text(here(), "word"))));
  Ref<Type> int_class = class_of(here(), "I", {as_base(int_type)});
  Ref<Object> one = must(instance_with_value(here(), int_class, number(here(), 12345678)));
  set_number(here(), one, "x", 5);
  EXPECT_EQ(told(here(), binary(here(), one, number(here(), 1), BinaryOp::kAdd)), "12345679");
}

TEST_F(ClassTest, TellsBasesAndAttributesOfItself) {
  Ref<Object> list = must(new_list(here()));
  Ref<Object> hook = function(here(), [&](ThreadState& thread, const CallArguments& arguments) {
    Result<Done> done =
        list_append(thread, as_list(list), Ref<Object>::share(thread, arguments.positional[0]));
    return done.is_raised() ? Result<Ref<Object>>(std::move(done).raised())
                            : Result<Ref<Object>>(none());
  });
  Ref<Type> base = plain_class(here(), "B", {{"__init_subclass__", hook}});
  Ref<Object> told_name = function(here(), [&](ThreadState& thread, const CallArguments& all) {
    Result<Done> done =
        list_append(thread, as_list(list), Ref<Object>::share(thread, all.positional[2]));
    return done.is_raised() ? Result<Ref<Object>>(std::move(done).raised())
                            : Result<Ref<Object>>(none());
  });
  Ref<Type> descriptor = plain_class(here(), "D", {{"__set_name__", told_name}});
  Ref<Object> instance = made_by(here(), descriptor);
  Ref<Type> type = class_of(here(), "C", {base}, {{"field", instance}});
  EXPECT_EQ(repr(here(), list), "['field', <class 'C'>]");
}

TEST_F(ClassTest, IsCollectedWithItsInstances) {
  const std::size_t before = kernel_.kernel.memory().statistics().objects;
  {
    Ref<Type> type = plain_class(here(), "C");
    Ref<Object> object = made_by(here(), type);
    must(set_attribute(here(), type, "instance", object.get()));
  }
  kernel_.collector.collect(here());
  kernel_.collector.collect(here());
  EXPECT_LE(kernel_.kernel.memory().statistics().objects, before + 8);  // interned names stay
}

TEST_F(ClassTest, ChangesTheClassOfAnInstance) {
  Ref<Type> one = plain_class(here(), "A", {{"who", number(here(), 1)}});
  Ref<Type> other = plain_class(here(), "B", {{"who", number(here(), 2)}});
  Ref<Object> object = made_by(here(), one);
  set_number(here(), object, "x", 7);
  must(set_attribute(here(), object, "__class__", other.get()));
  EXPECT_EQ(told_attribute(here(), object, "who"), "2");
  EXPECT_EQ(told_attribute(here(), object, "x"), "7");
  set_number(here(), object, "y", 8);
  EXPECT_EQ(told_attribute(here(), object, "__dict__"), "{'x': 7, 'y': 8}");
  EXPECT_EQ(raised_by(here(), set_attribute(here(), object, "__class__", &int_type)),
            "TypeError: __class__ assignment only supported for mutable types or ModuleType "
            "subclasses");
  Ref<Type> slotted = plain_class(here(), "S", {{"__slots__", text(here(), "x")}});
  EXPECT_EQ(raised_by(here(), set_attribute(here(), object, "__class__", slotted.get())),
            "TypeError: __class__ assignment: 'S' object layout differs from 'B'");
}

TEST_F(ClassTest, CanBeRenamed) {
  Ref<Type> type = plain_class(here(), "C");
  must(set_attribute(here(), type, "__name__", text(here(), "D").get()));
  EXPECT_EQ(told_attribute(here(), type, "__name__"), "'D'");
  Ref<Object> object = made_by(here(), type);
  EXPECT_EQ(told_attribute(here(), object, "x"), "AttributeError: 'D' object has no attribute 'x'");
}

TEST_F(ClassTest, CanHaveAMetaclass) {
  Ref<Type> metaclass = class_of(here(), "M", {as_base(type_type)}, {{"x", number(here(), 5)}});
  Ref<Tuple> bases = empty_tuple();
  Ref<Dict> dict = must(new_dict(here()));
  Ref<Object> type = made_by(here(), metaclass, {text(here(), "C"), bases, dict});
  EXPECT_EQ(type->type, metaclass.get());
  EXPECT_EQ(told_attribute(here(), type, "x"), "5");
  Ref<Object> object = made_by(here(), type);
  EXPECT_EQ(told_attribute(here(), object, "x"), "AttributeError: 'C' object has no attribute 'x'");
  Ref<Type> derived =
      must(winning_metaclass(here(), Borrowed<Type>(&type_type), must(new_tuple(here(), {type}))));
  EXPECT_EQ(derived.get(), metaclass.get());
}

}  // namespace
}  // namespace runtime
