#include "runtime/types/native.h"

#include <gtest/gtest.h>

#include "runtime/base/build.h"
#include "runtime/object/deferred.h"
#include "runtime/types/module_object.h"
#include "runtime/types/native_function.h"
#include "runtime/types/types_test_support.h"

namespace runtime {
namespace {

// Tells how it was bound: "a=1 b=- rest=2 named={'x': 3}".
Result<Ref<Object>> tell(ThreadState& thread, Borrowed<Object>, const BoundArguments& arguments) {
  std::string text;
  for (unsigned i = 0; i < 3; ++i) {
    if (arguments.has(i)) text += repr(thread, arguments.at(i));
    text += ";";
  }
  text += std::to_string(arguments.rest().size());
  if (arguments.named() != nullptr) text += repr(thread, Borrowed<Object>(arguments.named()));
  return new_str(thread, text);
}

class NativeTest : public testing::Test {
 protected:
  Ref<Object> native(const NativeMethod& row) {
    return must(new_native_function(here(), row, nullptr, nullptr));
  }
  // Calls with numbers 1, 2, ... by place and one more by each name.
  std::string called(const NativeMethod& row, unsigned by_place,
                     std::initializer_list<std::string_view> names = {}) {
    ThreadState& thread = here();
    Ref<Object> callee = native(row);
    std::vector<Ref<Object>> kept;
    std::vector<Borrowed<Object>> positional;
    std::vector<Borrowed<Object>> named;
    std::vector<Borrowed<Object>> name_list;
    for (unsigned i = 1; i <= by_place; ++i) {
      kept.push_back(number(thread, i));
      positional.emplace_back(kept.back());
    }
    for (std::string_view name : names) {
      kept.push_back(number(thread, static_cast<std::int64_t>(10 + named.size())));
      named.emplace_back(kept.back());
      kept.push_back(must(intern(thread, name)));
      name_list.emplace_back(kept.back());
    }
    Ref<Tuple> name_tuple = must(new_tuple(thread, Arguments(name_list)));
    const CallArguments arguments{.positional = positional,
                                  .named = named,
                                  .names = named.empty() ? nullptr : name_tuple.get()};
    return told(thread, call(thread, callee, arguments));
  }
  ThreadState& here() { return kernel_.here(); }

  TypesKernel kernel_;
};

constexpr NativeMethod kNothing{"clear()", &tell};
constexpr NativeMethod kOne{"append(object, /)", &tell};
constexpr NativeMethod kTwo{"insert(index, object, /)", &tell};
constexpr NativeMethod kPop{"pop(index?, /)", &tell};
constexpr NativeMethod kGetattr{"getattr(object, name, default?, /)", &tell};
constexpr NativeMethod kByNameOnly{"sort(*, key?, reverse?)", &tell};
constexpr NativeMethod kRest{"print(*values, sep?, end?)", &tell};
constexpr NativeMethod kOnlyRest{"chain(*values)", &tell};
constexpr NativeMethod kNamed{"update(other?, /, **named)", &tell};
constexpr NativeMethod kEither{"encode(encoding?, errors?)", &tell};
constexpr NativeMethod kRequired{"compile(source, filename, mode)", &tell};

TEST_F(NativeTest, BindsWhatTheSignatureAsksFor) {
  EXPECT_EQ(called(kNothing, 0), "';;;0'");
  EXPECT_EQ(called(kOne, 1), "'1;;;0'");
  EXPECT_EQ(called(kPop, 0), "';;;0'");
  EXPECT_EQ(called(kGetattr, 2), "'1;2;;0'");
  EXPECT_EQ(called(kByNameOnly, 0, {"reverse"}), "';10;;0'");
  EXPECT_EQ(called(kRest, 3, {"end"}), "';10;;3'");
  EXPECT_EQ(called(kNamed, 1, {"other", "x"}), "\"1;;;0{'other': 10, 'x': 11}\"");
  EXPECT_EQ(called(kEither, 1, {"errors"}), "'1;10;;0'");
  EXPECT_EQ(called(kRequired, 1, {"mode", "filename"}), "'1;11;10;0'");
}

TEST_F(NativeTest, SaysOfTooManyOrTooFewWhatCPythonSays) {
  EXPECT_EQ(called(kNothing, 1), "TypeError: clear() takes no arguments (1 given)");
  EXPECT_EQ(called(kOne, 0), "TypeError: append() takes exactly one argument (0 given)");
  EXPECT_EQ(called(kTwo, 1), "TypeError: insert expected 2 arguments, got 1");
  EXPECT_EQ(called(kPop, 2), "TypeError: pop expected at most 1 argument, got 2");
  EXPECT_EQ(called(kGetattr, 1), "TypeError: getattr expected at least 2 arguments, got 1");
  EXPECT_EQ(called(kByNameOnly, 1), "TypeError: sort() takes no positional arguments");
  EXPECT_EQ(called(kEither, 3), "TypeError: encode() takes at most 2 arguments (3 given)");
  EXPECT_EQ(called(kRequired, 2), "TypeError: compile() missing required argument 'mode' (pos 3)");
}

TEST_F(NativeTest, SaysOfNamesWhatCPythonSays) {
  EXPECT_EQ(called(kOne, 0, {"object"}), "TypeError: append() takes no keyword arguments");
  EXPECT_EQ(called(kOnlyRest, 0, {"x"}), "TypeError: chain() takes no keyword arguments");
  EXPECT_EQ(called(kByNameOnly, 0, {"foo"}),
            "TypeError: sort() got an unexpected keyword argument 'foo'");
  EXPECT_EQ(called(kEither, 1, {"encoding"}),
            "TypeError: argument for encode() given by name ('encoding') and position (1)");
}

// -- a native type --

struct Counter : Object {
  std::int64_t count;
};
Counter& as_counter(Borrowed<Object> object) { return *static_cast<Counter*>(object.get()); }

Result<std::int64_t> length(ThreadState&, Borrowed<Object> self) { return as_counter(self).count; }
Result<Ref<Object>> add(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right);
constexpr Protocol kCounterProtocol = [] {
  Protocol protocol{.hash = &hash_by_identity, .length = &length};
  protocol.binary[0] = &add;
  return protocol;
}();
constinit Type counter_type(TypeSlots{
    .name = "Counter", .size = sizeof(Counter), .protocol = &kCounterProtocol});

Result<Ref<Object>> add(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right) {
  const bool is_left = is_instance(*left, counter_type);
  Borrowed<Object> other = is_left ? right : left;
  if (!is_int(*other)) return not_implemented();
  return new_int(thread,
                 as_counter(is_left ? left : right).count * 100 + *int64_of(*as_int(other)));
}
Result<Ref<Object>> make(ThreadState& thread, Borrowed<Object> type,
                         const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> made, new_empty_instance(thread, as_type(type)));
  if (arguments.has(0)) as_counter(made).count = *int64_of(*as_int(arguments.at(0)));
  return made;
}
Result<Ref<Object>> increase(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return new_int(thread, ++as_counter(self).count);
}
Result<Ref<Object>> describe_class(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  return new_str(thread, std::string(as_type(self)->slots.name));
}
Result<Ref<Object>> get_half(ThreadState& thread, Borrowed<Object> self) {
  return new_int(thread, as_counter(self).count / 2);
}
constexpr NativeMethod kCounterMethods[] = {
    {"increase()", &increase, "One more."},
    {"which()", &describe_class, "", NativeKind::kOfClass},
    {"place()", &describe_class, "", NativeKind::kStatic},
};
constexpr NativeAttribute kCounterAttributes[] = {{"half", &get_half}};

class NativeTypeTest : public NativeTest {
 protected:
  NativeTypeTest() {
    must(open_type(here(), {.type = counter_type,
                            .module = "tests",
                            .methods = kCounterMethods,
                            .attributes = kCounterAttributes,
                            .constructor = "Counter(start?, /)",
                            .make = &make}));
  }
  Ref<Object> counter(std::int64_t start) {
    return made_by(here(), as_base(counter_type), {number(here(), start)});
  }
  std::string of(Borrowed<Object> object, std::string_view name) {
    return told(here(), call_method(here(), object, name, Arguments()));
  }
};

TEST_F(NativeTypeTest, CallsMethodsAndReadsAttributes) {
  Ref<Object> object = counter(7);
  EXPECT_EQ(of(object, "increase"), "8");
  EXPECT_EQ(told_attribute(here(), object, "half"), "4");
  EXPECT_EQ(of(object, "which"), "'Counter'");
  EXPECT_EQ(of(as_base(counter_type), "place"), "'Counter'");
  Ref<Object> bound = attribute(here(), object, "increase");
  EXPECT_EQ(told(here(), call_with(here(), bound)), "9");
  EXPECT_EQ(told_attribute(here(), bound, "__qualname__"), "'Counter.increase'");
  EXPECT_EQ(repr(here(), as_base(counter_type)), "<class 'tests.Counter'>");
}

TEST_F(NativeTypeTest, ShowsSlotsAsSpecialMethods) {
  Ref<Object> object = counter(3);
  EXPECT_EQ(of(object, "__len__"), "3");
  Ref<Object> wrapper = attribute(here(), as_base(counter_type), "__add__");
  EXPECT_EQ(repr(here(), wrapper), "<slot wrapper '__add__' of 'Counter' objects>");
  Ref<Object> one = number(here(), 1);
  EXPECT_EQ(told(here(), call_with(here(), wrapper, {object, one})), "301");
  Ref<Object> reflected = attribute(here(), object, "__radd__");
  EXPECT_EQ(told(here(), call_with(here(), reflected, {one})), "301");
  EXPECT_EQ(told(here(), call_with(here(), wrapper, {one, one})),
            "TypeError: descriptor '__add__' requires a 'Counter' object but received a 'int'");
  EXPECT_EQ(told(here(), call_with(here(), reflected)), "TypeError: expected 1 argument, got 0");
}

TEST_F(NativeTypeTest, CheckWhatMethodsAreCalledOn) {
  Ref<Object> method = attribute(here(), as_base(counter_type), "increase");
  EXPECT_EQ(repr(here(), method), "<method 'increase' of 'Counter' objects>");
  EXPECT_EQ(told(here(), call_with(here(), method)),
            "TypeError: unbound method Counter.increase() needs an argument");
  EXPECT_EQ(
      told(here(), call_with(here(), method, {number(here(), 1)})),
      "TypeError: descriptor 'increase' for 'Counter' objects doesn't apply to a 'int' object");
}

TEST_F(NativeTypeTest, MakesInstancesAndChecksTheTypeThatIsAskedFor) {
  Ref<Object> maker = attribute(here(), as_base(counter_type), "__new__");
  EXPECT_EQ(told(here(), call_with(here(), maker, {as_base(int_type)})),
            "TypeError: Counter.__new__(int): int is not a subtype of Counter");
  EXPECT_EQ(told(here(), call_with(here(), maker, {number(here(), 3)})),
            "TypeError: Counter.__new__(X): X is not a type object (int)");
  Ref<Object> of_object = attribute(here(), as_base(object_type), "__new__");
  EXPECT_EQ(told(here(), call_with(here(), of_object, {as_base(counter_type)})),
            "TypeError: object.__new__(Counter) is not safe, use Counter.__new__()");
  EXPECT_EQ(told(here(),
                 call_with(here(), as_base(counter_type), {number(here(), 1), number(here(), 2)})),
            "TypeError: Counter expected at most 1 argument, got 2");
}

TEST_F(NativeTypeTest, CannotBeChanged) {
  EXPECT_EQ(raised_by(here(), set_attribute(here(), as_base(counter_type), "x", &none_object)),
            "TypeError: cannot set 'x' attribute of immutable type 'Counter'");
  Ref<Object> object = counter(1);
  EXPECT_EQ(raised_by(here(), set_attribute(here(), object, "half", &none_object)),
            "AttributeError: attribute 'half' of 'Counter' objects is not writable");
  EXPECT_EQ(raised_by(here(), set_attribute(here(), object, "x", &none_object)),
            "AttributeError: 'Counter' object has no attribute 'x' and no __dict__ for setting new "
            "attributes");
  EXPECT_EQ(raised_by(here(), set_attribute(here(), object, "increase", &none_object)),
            "AttributeError: 'Counter' object attribute 'increase' is read-only");
}

TEST_F(NativeTypeTest, CanBeDerivedFrom) {
  Ref<Type> derived = class_of(here(), "D", {as_base(counter_type)});
  Ref<Object> object = made_by(here(), derived, {number(here(), 5)});
  EXPECT_EQ(of(object, "increase"), "6");
  set_number(here(), object, "x", 3);
  EXPECT_EQ(told_attribute(here(), object, "x"), "3");
  EXPECT_EQ(of(object, "which"), "'D'");
  EXPECT_EQ(must(length_of(here(), object)), 6);
}

TEST_F(NativeTest, AddsFunctionsToAModule) {
  static constexpr NativeMethod kRows[] = {kOne, kPop};
  Ref<Module> module = must(new_module(here(), "m"));
  must(add_functions(here(), module, kRows));
  EXPECT_EQ(repr(here(), attribute(here(), module, "pop")), "<built-in function pop>");
  EXPECT_EQ(told_attribute(here(), attribute(here(), module, "pop"), "__module__"), "'m'");
  EXPECT_EQ(told_attribute(here(), module, "foo"),
            "AttributeError: module 'm' has no attribute 'foo'");
}

TEST_F(NativeTest, FunctionsOfAModuleAreNotCountedByStacks) {
  if (!kFreeThreaded) GTEST_SKIP() << "the GIL build defers nothing";
  static constexpr NativeMethod kRows[] = {kPop};
  Ref<Module> module = must(new_module(here(), "m"));
  must(add_functions(here(), module, kRows));
  EXPECT_TRUE(is_deferred(attribute(here(), module, "pop").get()));
}

}  // namespace
}  // namespace runtime
