#include "runtime/modules/modules.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/threads/attach.h"
#include "runtime/threads/world.h"

namespace runtime {

Modules::Modules(Kernel& kernel) : kernel_(kernel) {
  kernel.world().add_hooks(
      ThreadHooks{this, &thread_created, nullptr, nullptr, &thread_exiting, &thread_released});
}

Modules::~Modules() {
  // The first thread of the kernel, and no other.
  RT_CHECK(kernel_.world().thread_count() == 1, "modules end when the other threads have ended");
  threads_.collect_ended();
  ThreadState& last = kernel_.first_thread();
  drop_left_behind(last);
  thread_exiting(this, last);
  thread_released(this, last);
}

void Modules::thread_created(void* self, ThreadState& thread) {
  thread.slot(kModulesSlot) = new ModulesOfThread{*static_cast<Modules*>(self), nullptr, {}};
}

// What is dropped may be code of the program that asks for this part once more.
void Modules::give_up(ThreadState& runner, std::uint32_t serial, ModulesOfThread& part) {
  part.locals.end(runner, serial);
  Ref<Object> context = std::move(part.context);
  context.drop(runner);
  part.locals.end(runner, serial);
}

void Modules::drop_left_behind(ThreadState& runner) {
  std::vector<LeftBehind> left;
  {
    RawMutexGuard guard(left_behind_lock_);
    left.swap(left_behind_);
  }
  for (LeftBehind& one : left) give_up(runner, one.serial, one.part);
}

// Also runs when the modules themselves have ended already: then there is no part.
void Modules::thread_exiting(void*, ThreadState& thread) {
  ModulesOfThread* part = thread.slot(kModulesSlot);
  if (part == nullptr) return;
  if (ThreadState* runner = this_thread_or_null()) {
    part->modules.drop_left_behind(*runner);
    give_up(*runner, thread.serial(), *part);
  } else if (!part->is_empty()) {
    // Whoever ends the state is attached nowhere; objects end on a thread that is.
    Attached attached(thread);
    give_up(thread, thread.serial(), *part);
  }
  if (RT_MUTANT(part_gone_before_last_finalizers)) thread_released(nullptr, thread);
}

void Modules::thread_released(void*, ThreadState& thread) {
  ModulesOfThread* part = thread.slot(kModulesSlot);
  if (part == nullptr) return;
  thread.slot(kModulesSlot) = nullptr;
  if (!part->is_empty()) {
    Modules& modules = part->modules;
    RawMutexGuard guard(modules.left_behind_lock_);
    modules.left_behind_.push_back({thread.serial(), std::move(*part)});
  }
  delete part;
}

}  // namespace runtime
