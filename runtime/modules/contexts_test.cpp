#include <gtest/gtest.h>

#include "runtime/modules/contexts_object.h"
#include "runtime/modules/modules_test_support.h"

namespace runtime {
namespace {

Ref<ContextVariable> variable_for_test(ThreadState& thread, Object* fallback = nullptr) {
  return must(new_context_variable(thread, text(thread, "v"), fallback));
}

TEST(Contexts, AVariableIsSetAndReset) {
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<ContextVariable> variable = variable_for_test(thread);
  EXPECT_NE(raised_by(thread, context_variable_get(thread, variable, nullptr)).find("LookupError"),
            std::string::npos);
  Ref<ContextToken> first = must(context_variable_set(thread, variable, number(thread, 1)));
  Ref<ContextToken> second = must(context_variable_set(thread, variable, number(thread, 2)));
  EXPECT_EQ(told(thread, context_variable_get(thread, variable, nullptr)), "2");
  must(context_variable_reset(thread, variable, second));
  EXPECT_EQ(told(thread, context_variable_get(thread, variable, nullptr)), "1");
  EXPECT_NE(raised_by(thread, context_variable_reset(thread, variable, second))
                .find("has already been used once"),
            std::string::npos);
  must(context_variable_reset(thread, variable, first));
  EXPECT_EQ(told(thread, context_variable_get(thread, variable, number(thread, 7).get())), "7");
}

TEST(Contexts, ACopyIsAnotherContext) {
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<ContextVariable> variable = variable_for_test(thread);
  Ref<ContextToken> token = must(context_variable_set(thread, variable, number(thread, 1)));
  Ref<Context> copy = must(copy_context(thread, must(current_context(thread))));
  Ref<Object> body = function(thread, [&](ThreadState& runner, const CallArguments&) {
    EXPECT_NE(raised_by(runner, context_variable_reset(runner, variable, token))
                  .find("was created in a different Context"),
              std::string::npos);
    must(context_variable_set(runner, variable, number(runner, 2)));
    return context_variable_get(runner, variable, nullptr);
  });
  EXPECT_EQ(told(thread, run_in_context(thread, copy, body, CallArguments{})), "2");
  EXPECT_EQ(told(thread, context_variable_get(thread, variable, nullptr)), "1");
  EXPECT_EQ(told(thread, get_item(thread, copy, variable)), "2");
}

TEST(Contexts, IsEnteredOnceAtATime) {
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<Context> context = must(new_context(thread));
  Ref<Object> body = function(thread, [&](ThreadState& runner, const CallArguments&) {
    const std::string said = raised_by(
        runner,
        run_in_context(runner, context, constant_function(runner, none()), CallArguments{}));
    EXPECT_EQ(said.find("RuntimeError: cannot enter context: <_contextvars.Context object at 0x"),
              0u);
    EXPECT_NE(said.find("is already entered"), std::string::npos);
    return Result<Ref<Object>>(none());
  });
  must(run_in_context(thread, context, body, CallArguments{}));
  must(run_in_context(thread, context, constant_function(thread, none()), CallArguments{}));
}

}  // namespace
}  // namespace runtime
