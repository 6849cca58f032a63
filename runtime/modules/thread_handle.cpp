#include <utility>

#include "runtime/modules/modules.h"
#include "runtime/modules/thread_registry.h"
#include "runtime/modules/thread_timeout.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/class_type.h"
#include "runtime/types/native.h"

namespace runtime {

namespace {

ThreadHandle& handle_of(Borrowed<Object> object) {
  return *static_cast<ThreadHandle*>(object.get());
}

Result<Done> check_started(ThreadState& thread, const ThreadHandle& handle) {
  if (handle.state.load() != ThreadHandle::kNotStarted) return Done();
  return raise(thread, runtime_error_type, "thread not started");
}

Result<Ref<Object>> join_method(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments) {
  Nanoseconds deadline = kForever;
  if (arguments.has(0) && !is_none(arguments[0])) {
    TRY_ASSIGN(Nanoseconds wait, nanoseconds_of(thread, arguments.at(0)));
    // A negative one is none.
    if (wait >= 0) deadline = deadline_after(wait);
  }
  ThreadHandle& handle = handle_of(self);
  TRY(check_started(thread, handle));
  const std::shared_ptr<StartedThread> record = *handle.record;
  if (!record->has_ended.is_set() && record->ident == thread.serial()) {
    return raise(thread, runtime_error_type, "Cannot join current thread");
  }
  ThreadRegistry::join(thread, *record, deadline);
  return none();
}

Result<Ref<Object>> is_done(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return boolean((*handle_of(self).record)->has_ended.is_set());
}

Result<Ref<Object>> set_done(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  TRY(check_started(thread, handle_of(self)));
  (*handle_of(self).record)->has_ended.set();
  return none();
}

Result<Ref<Object>> get_ident(ThreadState& thread, Borrowed<Object> self) {
  const ThreadHandle& handle = handle_of(self);
  if (handle.state.load() != ThreadHandle::kRunning) return shared_int(0);
  return new_int_unsigned(thread, (*handle.record)->ident);
}

Result<Ref<Str>> repr_of_handle(ThreadState& thread, Borrowed<Object> self) {
  const ThreadHandle& handle = handle_of(self);
  const bool is_running = handle.state.load() == ThreadHandle::kRunning;
  return new_str(thread, fmt::format("<_ThreadHandle object: ident={}>",
                                     is_running ? (*handle.record)->ident : 0));
}

void release_handle(Object* object, DroppedFields&) {
  delete std::exchange(static_cast<ThreadHandle*>(object)->record, nullptr);
}

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_thread_handle(thread);
}

constexpr Protocol kHandleProtocol{.hash = &hash_by_identity, .repr = &repr_of_handle};

constexpr NativeMethod kHandleMethods[] = {
    {"join(timeout?, /)", &join_method, "Wait until the thread has ended."},
    {"is_done()", &is_done, "True if the thread has ended."},
    {"_set_done()", &set_done, "Mark the thread as ended."},
};

constexpr NativeAttribute kHandleAttributes[] = {{"ident", &get_ident}};

}  // namespace

constinit Type thread_handle_type(TypeSlots{
    .name = "_thread._ThreadHandle",
    .size = sizeof(ThreadHandle),
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_handle,
    .protocol = &kHandleProtocol,
});

Result<Ref<ThreadHandle>> new_thread_handle(ThreadState& thread) {
  Ref<ThreadHandle> handle = new_object<ThreadHandle>(thread, thread_handle_type);
  if (!handle) return raise_out_of_memory(thread);
  handle->record = new std::shared_ptr<StartedThread>(std::make_shared<StartedThread>());
  return handle;
}

Result<Done> start_with_handle(ThreadState& thread, Borrowed<ThreadHandle> handle,
                               Borrowed<Object> function, const CallArguments& arguments,
                               bool is_daemon) {
  std::uint8_t seen = ThreadHandle::kNotStarted;
  if (!handle->state.compare_exchange(seen, ThreadHandle::kStarting)) {
    return raise(thread, runtime_error_type, "thread already started");
  }
  const std::shared_ptr<StartedThread> record = *handle->record;
  record->is_daemon = is_daemon;
  Result<Done> started = Modules::of(thread).threads().start(thread, record, function, arguments);
  handle->state.store(started.is_raised() ? ThreadHandle::kNotStarted : ThreadHandle::kRunning);
  return started;
}

Result<Ref<ThreadHandle>> handle_of_running_thread(ThreadState& thread, std::uint32_t ident) {
  TRY_ASSIGN(Ref<ThreadHandle> handle, new_thread_handle(thread));
  (*handle->record)->ident = ident;
  handle->state.store(ThreadHandle::kRunning);
  return handle;
}

Result<Done> open_thread_handle_type(ThreadState& thread) {
  return open_type(thread, NativeType{.type = thread_handle_type,
                                      .module = "_thread",
                                      .documentation = "A handle of a thread of the system.",
                                      .methods = kHandleMethods,
                                      .attributes = kHandleAttributes,
                                      .derivable = Derivable::kNo,
                                      .constructor = "_ThreadHandle()",
                                      .make = &make});
}

}  // namespace runtime
