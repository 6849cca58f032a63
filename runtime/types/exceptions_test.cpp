#include <gtest/gtest.h>

#include "runtime/object/bytes_object.h"
#include "runtime/types/exception_fields.h"
#include "runtime/types/types_test_support.h"

namespace runtime {
namespace {

class ExceptionsTest : public testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Ref<Object> made(Type& type, std::initializer_list<Borrowed<Object>> arguments) {
    return made_by(here(), as_base(type), arguments);
  }
  std::string str(Borrowed<Object> object) { return utf8_of(*must(str_of(here(), object))); }
  std::string named(Type& type, std::string_view name, Borrowed<Object> value) {
    Ref<Tuple> names = must(new_tuple(here(), {must(intern(here(), name))}));
    const CallArguments arguments{.positional = {}, .named = {&value, 1}, .names = names.get()};
    Result<Ref<Object>> result = call(here(), as_base(type), arguments);
    if (result.is_raised()) return raised_by(here(), std::move(result));
    return told_attribute(here(), result.value(), name);
  }
  TypesKernel kernel_;
};

TEST_F(ExceptionsTest, HaveArgumentsAndChains) {
  Ref<Object> error = made(value_error_type, {text(here(), "bad"), number(here(), 1)});
  EXPECT_EQ(repr(here(), error), "ValueError('bad', 1)");
  EXPECT_EQ(told_attribute(here(), error, "args"), "('bad', 1)");
  EXPECT_EQ(told_attribute(here(), error, "__cause__"), "None");
  must(set_attribute(here(), error, "__cause__", made(key_error_type, {}).get()));
  EXPECT_EQ(told_attribute(here(), error, "__cause__"), "KeyError()");
  EXPECT_EQ(told_attribute(here(), error, "__suppress_context__"), "True");
  EXPECT_EQ(raised_by(here(), set_attribute(here(), error, "__cause__", number(here(), 1).get())),
            "TypeError: exception cause must be None or derive from BaseException");
  EXPECT_EQ(raised_by(here(), set_attribute(here(), error, "args", nullptr)),
            "TypeError: args may not be deleted");
  set_number(here(), error, "x", 3);
  EXPECT_EQ(told_attribute(here(), error, "__dict__"), "{'x': 3}");
}

TEST_F(ExceptionsTest, TakeNotes) {
  Ref<Object> error = made(value_error_type, {});
  Ref<Object> note = text(here(), "note");
  const Borrowed<Object> argument = note;
  must(call_method(here(), error, "add_note", Arguments(&argument, 1)));
  EXPECT_EQ(told_attribute(here(), error, "__notes__"), "['note']");
}

TEST_F(ExceptionsTest, OfTheSystemAreOfTheTypeForTheirNumber) {
  Ref<Object> error =
      made(os_error_type, {number(here(), 2), text(here(), "x"), text(here(), "f")});
  EXPECT_EQ(repr(here(), error), "FileNotFoundError(2, 'x')");
  EXPECT_EQ(str(error), "[Errno 2] x: 'f'");
  EXPECT_EQ(told_attribute(here(), error, "errno"), "2");
  EXPECT_EQ(told_attribute(here(), error, "filename"), "'f'");
  EXPECT_EQ(str(made(os_error_type, {text(here(), "only")})), "only");
  Raised raised = raise_os_error(here(), 17, nullptr);
  EXPECT_EQ(describe(here(), raised.exception()), "FileExistsError: [Errno 17] File exists");
}

TEST_F(ExceptionsTest, HaveWhatTheirKindHas) {
  EXPECT_EQ(told_attribute(here(), made(stop_iteration_type, {number(here(), 1)}), "value"), "1");
  EXPECT_EQ(told_attribute(here(), made(system_exit_type, {}), "code"), "None");
  EXPECT_EQ(told_attribute(here(), made(system_exit_type, {number(here(), 3)}), "code"), "3");
  EXPECT_EQ(named(name_error_type, "name", text(here(), "y")), "'y'");
  EXPECT_EQ(named(attribute_error_type, "obj", number(here(), 2)), "2");
  EXPECT_EQ(named(attribute_error_type, "foo", number(here(), 2)),
            "TypeError: AttributeError() got an unexpected keyword argument 'foo'");
  EXPECT_EQ(named(value_error_type, "foo", number(here(), 2)),
            "TypeError: ValueError() takes no keyword arguments");
  Ref<Object> place = must(new_tuple(
      here(), {text(here(), "d/f.py"), number(here(), 1), number(here(), 2), text(here(), "t")}));
  EXPECT_EQ(str(made(syntax_error_type, {text(here(), "m"), place})), "m (f.py, line 1)");
  Ref<Object> octets = must(new_bytes(here(), "a"));
  EXPECT_EQ(str(made(unicode_decode_error_type, {text(here(), "utf8"), octets, number(here(), 0),
                                                 number(here(), 1), text(here(), "r")})),
            "'utf8' codec can't decode byte 0x61 in position 0: r");
  EXPECT_EQ(str(made(key_error_type, {text(here(), "k")})), "'k'");
}

TEST_F(ExceptionsTest, CanBeDerivedFrom) {
  Ref<Type> type = class_of(here(), "E", {as_base(os_error_type)});
  Ref<Object> error = made_by(here(), type, {number(here(), 2), text(here(), "x")});
  EXPECT_EQ(error->type, type.get());
  EXPECT_EQ(str(error), "[Errno 2] x");
  Result<Ref<Object>> raised = raise(here(), *type, "message");
  EXPECT_EQ(raised_by(here(), std::move(raised)), "E: message");
  set_number(here(), error, "x", 1);
  EXPECT_EQ(told_attribute(here(), error, "x"), "1");
}

TEST_F(ExceptionsTest, KnowTheNameThatWasNotFound) {
  Ref<Object> object = number(here(), 1);
  Result<Ref<Object>> found = get_attribute(here(), object, "missing");
  ASSERT_TRUE(found.is_raised());
  Raised raised = std::move(found).raised();
  Ref<Object> error = Ref<Object>::share(here(), raised.exception());
  EXPECT_EQ(told_attribute(here(), error, "name"), "'missing'");
  EXPECT_EQ(told_attribute(here(), error, "obj"), "1");
}

}  // namespace
}  // namespace runtime
