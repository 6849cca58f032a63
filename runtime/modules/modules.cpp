#include "runtime/modules/modules.h"

#include <utility>

#include "runtime/threads/attach.h"
#include "runtime/threads/world.h"

namespace runtime {

Modules::Modules(Kernel& kernel) : kernel_(kernel) {
  kernel.world().add_hooks(ThreadHooks{this, &thread_created, nullptr, nullptr, &thread_exiting});
}

Modules::~Modules() {
  // The first thread of the kernel, and no other.
  RT_CHECK(kernel_.world().thread_count() == 1, "modules end when the other threads have ended");
  threads_.collect_ended();
  thread_exiting(this, kernel_.first_thread());
}

void Modules::thread_created(void* self, ThreadState& thread) {
  thread.slot(kModulesSlot) = new ModulesOfThread{*static_cast<Modules*>(self), nullptr, {}};
}

// What is dropped may be code of the program that asks for this part once more.
void Modules::give_up(ThreadState& runner, ThreadState& thread, ModulesOfThread& part) {
  part.locals.end(runner, thread.serial());
  Ref<Object> context = std::move(part.context);
  context.drop(runner);
  part.locals.end(runner, thread.serial());
}

// Also runs when the modules themselves have ended already.
void Modules::thread_exiting(void*, ThreadState& thread) {
  ModulesOfThread* part = thread.slot(kModulesSlot);
  if (part == nullptr) return;
  if (ThreadState* runner = this_thread_or_null()) {
    give_up(*runner, thread, *part);
  } else if (part->context || !part->locals.is_empty()) {
    // Whoever ends the state is attached nowhere; objects end on a thread that is.
    Attached attached(thread);
    give_up(thread, thread, *part);
  }
  thread.slot(kModulesSlot) = nullptr;
  delete part;
}

}  // namespace runtime
