// What the last finalizers of a thread that ends may ask of the modules.
#include "runtime/containers/set_object.h"
#include "runtime/modules/contexts_object.h"
#include "runtime/modules/modules_test_support.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/weak_reference.h"

namespace runtime {
namespace {

RT_SCENARIO(finalizer_of_exit, "modules/finalizer_in_an_exiting_thread",
            "What runs because a thread ends finds the context of that thread, and what it leaves "
            "there is let go.") {
  static Ref<ContextVariable>* variable;  // a callback has no other way to it
  static Ref<WeakReference>* left_there;
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<ContextVariable> made = must(new_context_variable(thread, text(thread, "v"), nullptr));
  Ref<Object> doomed;
  Ref<WeakReference> watched, left;
  variable = &made;
  left_there = &left;
  const auto callback = [](ThreadState& runner, Borrowed<WeakReference>, Borrowed<Object>) {
    Ref<Object> value = must(new_set_of(runner, must(new_tuple(runner, {shared_int(1)}))));
    *left_there = make_weak_reference(runner, value);
    must(context_variable_set(runner, *variable, std::move(value)));
  };
  Semaphore watching;
  run_attached(runtime.kernel, {[&](ThreadState& owner) {
                                  doomed = must(new_set_of(owner, empty_tuple()));
                                  watched = make_weak_reference(owner, doomed, callback, none());
                                  watching.post();
                                },
                                [&](ThreadState& other) {
                                  wait_detached(other, watching);
                                  doomed.drop(other);
                                }});
  RT_CHECK(left, "the callback has run");
  run_attached(runtime.kernel, {[](ThreadState&) {}});
  RT_CHECK(!dereference(thread, left), "a thread that has ended has no context");
  RT_CHECK(!dereference(thread, watched), "what was dropped has ended");
}

}  // namespace
}  // namespace runtime
