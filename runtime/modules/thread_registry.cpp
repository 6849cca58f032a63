#include "runtime/modules/thread_registry.h"

#include <string>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/modules/gathered_arguments.h"
#include "runtime/modules/unraisable.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/immortalization.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str_object.h"
#include "runtime/threads/attach.h"
#include "runtime/threads/world.h"
#include "runtime/types/module_object.h"

namespace runtime {

namespace {

// What a new thread is told. Owned by whoever starts it, then by the thread.
struct Beginning {
  std::shared_ptr<StartedThread> record;
  ThreadState* state;
  Ref<Object> function;
  GatheredArguments arguments;
};

// The exception that ends a thread is reported, unless it says that the thread shall end.
void call_function(ThreadState& thread, Beginning& beginning) {
  Result<Ref<Object>> result = call(thread, beginning.function, beginning.arguments.get());
  if (!result.is_raised()) return;
  Raised raised = std::move(result).raised();
  if (matches(raised, system_exit_type)) return;
  Result<Ref<Str>> shown = repr_of(thread, beginning.function);
  const std::string name = shown.is_raised() ? "<unprintable>" : utf8_of(*shown.value());
  write_unraisable(thread, std::move(raised), nullptr,
                   "Exception ignored in thread started by " + name);
}

void run(Beginning* beginning) {
  ThreadState& thread = *beginning->state;
  const std::shared_ptr<StartedThread> record = beginning->record;
  record->is_complete.wait();
  attach(thread);
  if (RT_MUTANT(thread_handle_done_before_result)) record->has_ended.set();
  call_function(thread, *beginning);
  delete beginning;  // attached: it owns references
  thread.world().destroy_thread(&thread);
  record->has_ended.set();
}

// A module and its dict become immortal together.
Object* dict_of_module(Object* object) {
  return is_module(*object) ? static_cast<Module*>(object)->dict.peek() : nullptr;
}

}  // namespace

Result<Done> ThreadRegistry::start(ThreadState& thread,
                                   const std::shared_ptr<StartedThread>& record,
                                   Borrowed<Object> function, const CallArguments& arguments) {
  if (thread.world().is_shutting_down()) {
    return raise(thread, python_finalization_error_type,
                 "can't create new thread at interpreter shutdown");
  }
  collect_ended();
  auto beginning = std::make_unique<Beginning>();
  beginning->record = record;
  beginning->function = Ref<Object>::share(thread, function);
  beginning->arguments.add(thread, arguments);
  immortalize_for_second_thread(thread, &dict_of_module);
  beginning->state = thread.world().create_thread();
  record->ident = beginning->state->serial();
  {
    RawMutexGuard guard(lock_);
    started_.push_back(record);
  }
  record->system_thread = Thread([told = beginning.release()] { run(told); });
  record->is_complete.set();
  return Done();
}

bool ThreadRegistry::join(ThreadState& thread, StartedThread& record, Nanoseconds deadline) {
  ParkHooks hooks = detach_while_waiting(thread);
  if (!record.has_ended.wait_until(deadline, &hooks)) return false;
  static_cast<void>(record.joined.call(
      [&] {
        // It holds nothing and needs nothing more to end.
        if (record.system_thread.joinable()) record.system_thread.join();
        return true;
      },
      &hooks));
  return true;
}

std::shared_ptr<StartedThread> ThreadRegistry::one_to_wait_for(const ThreadState& thread) {
  RawMutexGuard guard(lock_);
  for (const std::shared_ptr<StartedThread>& record : started_) {
    if (!record->is_daemon && !record->has_ended.is_set() && record->ident != thread.serial()) {
      return record;
    }
  }
  return nullptr;
}

void ThreadRegistry::join_all_but_daemons(ThreadState& thread) {
  while (std::shared_ptr<StartedThread> record = one_to_wait_for(thread)) {
    join(thread, *record, kForever);
  }
}

unsigned ThreadRegistry::running() {
  RawMutexGuard guard(lock_);
  unsigned count = 0;
  for (const std::shared_ptr<StartedThread>& record : started_) {
    if (!record->has_ended.is_set()) ++count;
  }
  return count;
}

void ThreadRegistry::collect_ended() {
  std::list<std::shared_ptr<StartedThread>> ended;
  {
    RawMutexGuard guard(lock_);
    for (auto place = started_.begin(); place != started_.end();) {
      auto next = std::next(place);
      if ((*place)->has_ended.is_set()) ended.splice(ended.end(), started_, place);
      place = next;
    }
  }
  for (const std::shared_ptr<StartedThread>& record : ended) {
    static_cast<void>(record->joined.call([&] {
      if (record->system_thread.joinable()) record->system_thread.join();
      return true;
    }));
  }
}

}  // namespace runtime
