#include "runtime/modules/contexts_object.h"
#include "runtime/modules/modules_test_support.h"

namespace runtime {
namespace {

RT_SCENARIO(context_entered, "modules/context_entered_by_two",
            "Of two threads that enter one context one is refused, unless the other has left it.") {
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<Context> context = must(new_context(thread));
  OneAtATime inside;
  Atomic<int> refused;
  Ref<Object> body = function(thread, [&](ThreadState&, const CallArguments&) {
    inside.pass();
    return Result<Ref<Object>>(none());
  });
  auto enter = [&](ThreadState& runner) {
    Result<Ref<Object>> result = run_in_context(runner, context, body, CallArguments{});
    if (result.is_raised()) refused.fetch_add(1);
  };
  run_in_threads(runtime, {enter, enter});
  RT_CHECK(inside.passed() + refused.load() == 2, "each came in or was refused");
  RT_CHECK(inside.passed() >= 1, "one came in");
}

RT_SCENARIO(
    context_read, "modules/context_read_vs_set",
    "Who reads a context in which another thread sets a variable finds a value that it had.") {
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<Context> context = must(new_context(thread));
  Ref<ContextVariable> variable = must(new_context_variable(thread, text(thread, "v"), nullptr));
  Ref<Object> body = function(thread, [&](ThreadState& runner, const CallArguments&) {
    for (int i = 1; i <= 2; ++i) {
      must(context_variable_set(runner, variable, number(runner, 1000 + i)));
    }
    return Result<Ref<Object>>(none());
  });
  run_in_threads(runtime, {[&](ThreadState& runner) {
                             must(run_in_context(runner, context, body, CallArguments{}));
                           },
                           [&](ThreadState& runner) {
                             Ref<HamtNode> seen = context_variables(runner, context);
                             Object* value = hamt_find(seen.get(), *variable);
                             if (value == nullptr) return;
                             const std::int64_t found = static_cast<Int*>(value)->small;
                             RT_CHECK(found == 1001 || found == 1002, "a value that was set");
                           }});
}

}  // namespace
}  // namespace runtime
