// Classes that are derived from built-in types: what their constructors make, and what their methods
// ask the class for.
#include <gtest/gtest.h>

#include "runtime/containers/list_object.h"
#include "runtime/methods/format.h"
#include "runtime/methods/methods_test_support.h"
#include "runtime/methods/numbers.h"
#include "runtime/types/types_test_support.h"

namespace runtime {
namespace {

class DerivedTypes : public testing::Test {
 protected:
  ThreadState& here() { return program_.here(); }
  Program program_;
};

TEST_F(DerivedTypes, InstancesHaveTheValueAndTheirOwnType) {
  const struct {
    Type& base;
    const char* argument;
    const char* shown;
  } rows[] = {
      {int_type, "12", "12"},        {float_type, "1.5", "1.5"}, {str_type, "ab", "'ab'"},
      {tuple_type, "ab", "('a', 'b')"}, {list_type, "ab", "['a', 'b']"},
  };
  for (const auto& row : rows) {
    Ref<Type> type = class_of(here(), "Derived", {as_base(row.base)});
    Ref<Object> made = made_by(here(), type, {text(here(), row.argument)});
    EXPECT_EQ(made->type, type.get());
    EXPECT_EQ(repr(here(), made), row.shown);
    EXPECT_FALSE(set_attribute(here(), made, "extra", number(here(), 5).get()).is_raised());
    EXPECT_EQ(repr(here(), must(get_attribute(here(), made, "extra"))), "5");
  }
}

TEST_F(DerivedTypes, LargeIntsAndLongTextsKeepAttributesBehindTheirItems) {
  Ref<Type> type = class_of(here(), "Derived", {as_base(int_type)});
  Ref<Object> made =
      made_by(here(), type, {text(here(), "123456789012345678901234567890")});
  EXPECT_FALSE(set_attribute(here(), made, "extra", number(here(), 5).get()).is_raised());
  EXPECT_EQ(repr(here(), made), "123456789012345678901234567890");
  EXPECT_EQ(repr(here(), must(get_attribute(here(), made, "extra"))), "5");
}

TEST_F(DerivedTypes, FormatAsksTheClass) {
  Ref<Str> answer = text(here(), "formatted");
  Ref<Type> type = class_of(here(), "Derived", {as_base(int_type)},
                            {{"__format__", constant_function(here(), answer)}});
  Ref<Object> made = made_by(here(), type, {number(here(), 1)});
  EXPECT_EQ(told(here(), format_value(here(), made, text(here(), "5"))), "'formatted'");
  Ref<Type> wrong = class_of(here(), "Wrong", {},
                             {{"__format__", constant_function(here(), number(here(), 1))}});
  EXPECT_EQ(told(here(), format_value(here(), made_by(here(), wrong), empty_str())),
            "TypeError: __format__ must return a str, not int");
}

TEST_F(DerivedTypes, ADictAsksMissing) {
  Ref<Type> type = class_of(here(), "Derived", {as_base(dict_type)},
                            {{"__missing__", constant_function(here(), number(here(), 7))}});
  Ref<Object> made = made_by(here(), type);
  EXPECT_EQ(told(here(), get_item(here(), made, number(here(), 1))), "7");
  EXPECT_EQ(repr(here(), made), "{}");
}

TEST_F(DerivedTypes, AMappingIsTakenOverByItsKeys) {
  Ref<Object> keys = must(new_list(here(), std::initializer_list<Borrowed<Object>>{number(here(), 3)}));
  Ref<Type> type = class_of(here(), "Mapping", {},
                            {{"keys", constant_function(here(), keys)},
                             {"__getitem__", constant_function(here(), number(here(), 9))}});
  Ref<Object> dict = made_by(here(), as_base(dict_type), {made_by(here(), type)});
  EXPECT_EQ(repr(here(), dict), "{3: 9}");
}

TEST_F(DerivedTypes, IntAsksItsSpecialMethod) {
  Ref<Type> type = class_of(here(), "Number", {},
                            {{"__int__", constant_function(here(), number(here(), 4))}});
  EXPECT_EQ(told(here(), int_of(here(), made_by(here(), type))), "4");
  Ref<Type> wrong = class_of(here(), "Wrong", {},
                             {{"__int__", constant_function(here(), text(here(), "4"))}});
  EXPECT_EQ(told(here(), int_of(here(), made_by(here(), wrong))),
            "TypeError: __int__ returned non-int (type str)");
}

}  // namespace
}  // namespace runtime
