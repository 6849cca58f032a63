#include "runtime/interpreter/interpreter.h"

#include <new>
#include <utility>

#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/build_class.h"
#include "runtime/interpreter/cell_object.h"
#include "runtime/interpreter/frame_object.h"
#include "runtime/interpreter/function_object.h"
#include "runtime/interpreter/generator_object.h"
#include "runtime/interpreter/module_locks.h"
#include "runtime/interpreter/module_spec.h"
#include "runtime/interpreter/source_texts.h"
#include "runtime/interpreter/super_arguments.h"
#include "runtime/interpreter/traceback_object.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/str_object.h"
#include "runtime/threads/stop_the_world.h"
#include "runtime/threads/world.h"
#include "runtime/types/module_object.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

constexpr NativeMethod kOwnBuiltins[] = {
    {"__build_class__(func, name, /, *bases, **kwds)", &build_class},
};

template <class T>
T must_begin(Result<T> result) {
  RT_CHECK(!result.is_raised(), "there is memory to begin with");
  return std::move(result).value();
}

Result<Done> open_types(ThreadState& thread) {
  TRY(open_cell_type(thread));
  TRY(open_code_type(thread));
  TRY(open_function_type(thread));
  TRY(open_frame_type(thread));
  TRY(open_frame_locals_proxy_type(thread));
  TRY(open_traceback_type(thread));
  TRY(open_module_spec_type(thread));
  return open_generator_type(thread);
}

Ref<Object> module_name_of_caller(ThreadState& thread) {
  Ref<Object> globals = current_globals(thread);
  if (!globals) return nullptr;
  Result<Ref<Object>> name = dict_get(thread, as_dict(globals), Names::of(thread).dunder_name());
  if (name.is_raised()) return nullptr;
  return std::move(name).value();
}

// A safe point saw the request; who sent the exception has put it into `sent`, and the loop finds it
// there after each safe point.
void answer_nothing(void*, ThreadState&) {}

void visit_registers(Frame& frame, Visit visit, void* context) {
  auto uncounted = [&](const StackRef& place) {
    if (!place.is_empty() && !place.is_counted()) visit(context, place.object());
  };
  uncounted(frame.function);
  uncounted(frame.code);
  StackRef* const registers = frame.registers();
  for (std::uint32_t i = 0; i < frame.register_count; ++i) uncounted(registers[i]);
}

}  // namespace

Interpreter::Interpreter(Kernel& kernel, Values&, Types& types, Collector& collector,
                         const InterpreterOptions& options)
    : options_(options),
      kernel_(kernel),
      module_locks_(std::make_unique<ModuleLocks>()),
      source_texts_(std::make_unique<SourceTexts>()) {
  recursion_limit_.initialize(options.recursion_limit);
  ThreadState& thread = kernel.first_thread();
  kernel.world().add_hooks(
      ThreadHooks{this, &thread_created, nullptr, nullptr, &thread_exiting, &thread_released});
  kernel.world().set_breaker_handler(BreakerBit::kAsync, &answer_nothing, nullptr);
  collector.add_roots(this, &visit_roots);
  collector.add_stack_references(this, &visit_stacks);
  types.hooks().super_arguments = &super_arguments;
  types.hooks().current_module_name = &module_name_of_caller;

  (void)must_begin(open_types(thread));
  modules_ = must_begin(new_dict(thread));
  Ref<Module> builtins = must_begin(new_module(thread, "builtins"));
  builtins_ = Ref<Dict>::share(thread, module_dict(builtins));
  (void)must_begin(dict_set(thread, modules_, Names::of(thread).builtins(), builtins));
  (void)must_begin(add_functions(thread, builtins, kOwnBuiltins));
  builtins_module_ = std::move(builtins);
}

Interpreter::~Interpreter() {
  RT_CHECK(kernel_.world().thread_count() == 1,
           "an interpreter ends when the other threads have ended");
  ThreadState& thread = kernel_.first_thread();
  forget_modules(thread);
  modules_.drop(thread);
  builtins_.drop(thread);
  builtins_module_.drop(thread);
  thread_exiting(this, thread);
  thread_released(this, thread);
}

void Interpreter::forget_modules(ThreadState& thread) { dict_clear(thread, modules_); }

void Interpreter::thread_created(void* self, ThreadState& thread) {
  void* bytes = raw_allocate_uncounted(sizeof(InterpreterOfThread));
  RT_CHECK(bytes != nullptr, "there is memory for a new thread");
  thread.slot(kInterpreterSlot) = new (bytes) InterpreterOfThread(*static_cast<Interpreter*>(self));
}

// Also runs when the interpreter itself has ended already.
void Interpreter::thread_exiting(void*, ThreadState& thread) {
  InterpreterOfThread* part = thread.slot(kInterpreterSlot);
  if (part == nullptr) return;
  RT_INVARIANT(part->current == nullptr, "a thread does not exit inside a call");
  // Nobody sends it anything any more: who does knows that the thread lives.
  Object* const sent = part->sent.exchange(nullptr);
  if (sent != nullptr) decrement(this_thread(), sent);
}

// What others drop for the thread until it is gone may have finalizers, which need this part.
void Interpreter::thread_released(void*, ThreadState& thread) {
  InterpreterOfThread* part = std::exchange(thread.slot(kInterpreterSlot), nullptr);
  if (part == nullptr) return;
  part->~InterpreterOfThread();
  raw_free_uncounted(part);
}

void Interpreter::visit_roots(void* self, Visit visit, void* context) {
  auto* interpreter = static_cast<Interpreter*>(self);
  visit(context, interpreter->modules_.get());
  visit(context, interpreter->builtins_module_.get());
}

void Interpreter::visit_stacks(void* self, Visit visit, void* context) {
  auto* interpreter = static_cast<Interpreter*>(self);
  if (RT_MUTANT(stack_references_not_visited)) return;
  interpreter->kernel_.world().for_each_thread([&](ThreadState& thread) {
    const InterpreterOfThread* part = thread.slot(kInterpreterSlot);
    if (part == nullptr) return;
    for (Frame* frame = part->current; frame != nullptr; frame = frame->previous) {
      visit_registers(*frame, visit, context);
    }
  });
}

Ref<Object> handled_exception(ThreadState& thread) {
  for (HandledException* place = thread.slot(kInterpreterSlot)->handled; place != nullptr;
       place = place->before) {
    if (place->exception != nullptr) {
      return Ref<Object>::share(thread, Borrowed<Object>(place->exception));
    }
  }
  return nullptr;
}

void send_exception(ThreadState& thread, ThreadState& target, Ref<Object> exception) {
  InterpreterOfThread* part = target.slot(kInterpreterSlot);
  RT_INVARIANT(part != nullptr, "who is sent an exception runs Python");
  Ref<Object> previous = Ref<Object>::adopt(part->sent.exchange(exception.release()));
  request(target, BreakerBit::kAsync);
  previous.drop(thread);
}

}  // namespace runtime
