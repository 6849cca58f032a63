#include "runtime/object/exception_object.h"

#include <gtest/gtest.h>
#include <vector>

#include "runtime/object/bytes_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/range_object.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

class Exceptions : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Ref<ExceptionObject> made(Type& type, std::initializer_list<Borrowed<Object>> arguments) {
    return must(new_exception(here(), type, must(new_tuple(here(), arguments))));
  }
  Ref<ExceptionObject> value_error(std::string_view message) {
    return made(value_error_type, {text(here(), message)});
  }

  ValueKernel kernel_;
};

TEST_F(Exceptions, TheTypesFormTheHierarchyOfTheLibraryReference) {
  Raised raised = raise(here(), key_error_type, "{}", "x");
  EXPECT_TRUE(matches(raised, key_error_type));
  EXPECT_TRUE(matches(raised, lookup_error_type));
  EXPECT_TRUE(matches(raised, exception_type));
  EXPECT_TRUE(matches(raised, base_exception_type));
  EXPECT_FALSE(matches(raised, index_error_type));
  EXPECT_FALSE(is_subtype(generator_exit_type, exception_type));
  EXPECT_TRUE(is_subtype(unbound_local_error_type, name_error_type));
  EXPECT_TRUE(is_subtype(recursion_error_type, runtime_error_type));
  EXPECT_TRUE(is_subtype(user_warning_type, warning_type));
  EXPECT_STREQ(zero_division_error_type.slots.name, "ZeroDivisionError");
  EXPECT_FALSE(is_exception(none()));
}

TEST_F(Exceptions, AreShownAsPythonShowsThem) {
  EXPECT_EQ(repr(here(), made(value_error_type, {})), "ValueError()");
  EXPECT_EQ(repr(here(), value_error("a")), "ValueError('a')");
  Ref<ExceptionObject> two = made(value_error_type, {text(here(), "a"), shared_int(1)});
  EXPECT_EQ(repr(here(), two), "ValueError('a', 1)");
  EXPECT_EQ(utf8_of(*must(str_of(here(), two))), "('a', 1)");
  EXPECT_EQ(utf8_of(*must(str_of(here(), value_error("a")))), "a");
  EXPECT_EQ(utf8_of(*must(str_of(here(), made(value_error_type, {})))), "");
  EXPECT_EQ(utf8_of(*must(str_of(here(), made(key_error_type, {text(here(), "")})))), "''");
  EXPECT_EQ(describe(here(), made(runtime_error_type, {})), "RuntimeError");
}

TEST_F(Exceptions, CarryWhatTheyWereRaisedWith) {
  Raised stop = raise_with(here(), stop_iteration_type, shared_int(5));
  EXPECT_EQ(stop_iteration_value(here(), Borrowed(&as_exception(stop))).get(), shared_int(5).get());
  Raised empty = raise_empty(here(), stop_iteration_type);
  EXPECT_EQ(stop_iteration_value(here(), Borrowed(&as_exception(empty))).get(), none().get());
  EXPECT_EQ(exception_arguments(here(), Borrowed(&as_exception(empty)))->size, 0);
}

TEST_F(Exceptions, ACauseSuppressesTheContext) {
  Ref<ExceptionObject> exception = value_error("a");
  EXPECT_FALSE(suppresses_context(here(), exception));
  EXPECT_FALSE(static_cast<bool>(exception_cause(here(), exception)));
  Ref<ExceptionObject> cause = value_error("b");
  set_exception_cause(here(), exception, cause.duplicate(here()));
  EXPECT_EQ(exception_cause(here(), exception).get(), cause.get());
  EXPECT_TRUE(suppresses_context(here(), exception));
  set_exception_cause(here(), exception, nullptr);
  EXPECT_FALSE(static_cast<bool>(exception_cause(here(), exception)));
  EXPECT_TRUE(suppresses_context(here(), exception));
}

TEST_F(Exceptions, WhatIsBeingHandledBecomesTheContext) {
  Ref<ExceptionObject> handled = value_error("first");
  Raised raised = raise(here(), type_error_type, "second");
  chain_context(here(), raised, handled);
  EXPECT_EQ(exception_context(here(), Borrowed(&as_exception(raised))).get(), handled.get());
}

TEST_F(Exceptions, TheChainOfContextsDoesNotBecomeARing) {
  Ref<ExceptionObject> first = value_error("first");
  Ref<ExceptionObject> second = value_error("second");
  set_exception_context(here(), second, first.duplicate(here()));
  // first is raised again while second is handled.
  Raised again{Ref<Object>(first.duplicate(here()))};
  chain_context(here(), again, second);
  EXPECT_EQ(exception_context(here(), first).get(), second.get());
  EXPECT_FALSE(static_cast<bool>(exception_context(here(), second)));
  chain_context(here(), again, first);
  EXPECT_EQ(exception_context(here(), first).get(), second.get()) << "it is not its own context";
  set_exception_context(here(), first, nullptr);
}

TEST_F(Exceptions, ARingThatAProgramMadeIsWalkedOnce) {
  Ref<ExceptionObject> first = value_error("first");
  Ref<ExceptionObject> second = value_error("second");
  set_exception_context(here(), second, first.duplicate(here()));
  set_exception_context(here(), first, second.duplicate(here()));
  Raised raised = raise(here(), type_error_type, "third");
  chain_context(here(), raised, first);
  EXPECT_EQ(exception_context(here(), Borrowed(&as_exception(raised))).get(), first.get());
  set_exception_context(here(), first, nullptr);
}

TEST_F(Exceptions, OutOfMemoryIsRaisedWithoutMemory) {
  Raised raised = raise_out_of_memory(here());
  EXPECT_EQ(describe(here(), raised.exception()), "MemoryError");
  EXPECT_EQ(repr(here(), raised.exception()), "MemoryError()");
  Borrowed<ExceptionObject> exception(&as_exception(raised));
  set_exception_context(here(), exception, value_error("a"));
  EXPECT_FALSE(static_cast<bool>(exception_context(here(), exception)))
      << "it is shared by all who run out of memory";
}

TEST_F(Exceptions, ATypeOfAProgramIsCaughtAsItsBase) {
  Protocol protocol = protocol_of(value_error_type);
  protocol.base = &value_error_type;
  Ref<Type> derived = new_type(here(), exception_slots("TooLong", &protocol));
  Raised raised = raise(here(), *derived, "by {} bytes", 3);
  EXPECT_TRUE(matches(raised, value_error_type));
  EXPECT_EQ(describe(here(), raised.exception()), "TooLong: by 3 bytes");
}

// Whatever runs out of memory, and wherever, what was made until then is given back: the kernel
// looks for it when it ends.
TEST(ExceptionsWithoutMemory, ValuesThatFindNoMemoryRaise) {
  ValueKernel kernel({}, {.world = {}, .memory = {.page_bytes_limit = 1 << 20}});
  ThreadState& thread = kernel.here();
  Ref<Tuple> chain = empty_tuple();
  for (;;) {
    Result<Ref<Str>> name = new_str(thread, "a name that needs a block of its own");
    if (name.is_raised()) {
      EXPECT_EQ(raised_by(thread, std::move(name)), "MemoryError");
      break;
    }
    Result<Ref<Tuple>> longer = new_tuple(thread, {chain, std::move(name).value()});
    if (longer.is_raised()) {
      EXPECT_EQ(raised_by(thread, std::move(longer)), "MemoryError");
      break;
    }
    chain = std::move(longer).value();
  }
  // A block is still left here and there, of this size or that.
  const auto until_it_raises = [&](auto make) {
    std::vector<Ref<Object>> made;
    for (int i = 0; i < 100'000; ++i) {
      Result<Ref<Object>> next = make();
      if (next.is_raised()) return raised_by(thread, std::move(next));
      made.push_back(std::move(next).value());
    }
    return std::string("never");
  };
  using R = Result<Ref<Object>>;
  EXPECT_EQ(until_it_raises([&]() -> R { return new_int(thread, 1'000); }), "MemoryError");
  EXPECT_EQ(until_it_raises([&]() -> R { return new_float(thread, 1.5); }), "MemoryError");
  EXPECT_EQ(until_it_raises([&]() -> R { return new_bytes(thread, "bytes"); }), "MemoryError");
  EXPECT_EQ(until_it_raises([&]() -> R {
              return binary(thread, shared_int(2), shared_int(200), BinaryOp::kPower);
            }),
            "MemoryError");
  EXPECT_EQ(until_it_raises([&]() -> R {
              return new_range(thread, shared_int(0), shared_int(9), shared_int(1));
            }),
            "MemoryError");
  EXPECT_EQ(until_it_raises([&]() -> R { return get_iterator(thread, chain); }), "MemoryError");
  EXPECT_EQ(until_it_raises([&]() -> R { return raise(thread, type_error_type, "text"); }),
            "MemoryError");
}

TEST_F(Exceptions, EndWithWhatTheyReferTo) {
  Ref<ExceptionObject> exception = value_error("a");
  Ref<ExceptionObject> context = value_error("b");
  set_exception_context(here(), exception, context.duplicate(here()));
  set_exception_traceback(here(), exception, context.duplicate(here()));
  EXPECT_EQ(reference_count(context.get()), 3);
  exception.drop(here());
  EXPECT_EQ(reference_count(context.get()), 1);
}

}  // namespace
}  // namespace runtime
