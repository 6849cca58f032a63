// `_thread`: https://docs.python.org/3/library/_thread.html
#include <utility>

#include "runtime/interpreter/import.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/interpreter/print_exception.h"
#include "runtime/modules/gathered_arguments.h"
#include "runtime/modules/modules.h"
#include "runtime/modules/native_module.h"
#include "runtime/modules/struct_sequence.h"
#include "runtime/modules/thread_lock.h"
#include "runtime/modules/thread_timeout.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

bool is_callable(Borrowed<Object> object) { return protocol_of(object).call != nullptr; }

Result<Ref<Object>> start_joinable(ThreadState& thread, Borrowed<Object>,
                                   const BoundArguments& arguments) {
  if (!is_callable(arguments.at(0))) {
    return raise(thread, type_error_type, "thread function must be callable");
  }
  Ref<ThreadHandle> handle;
  if (!arguments.has(1) || is_none(arguments[1])) {
    TRY_ASSIGN(handle, new_thread_handle(thread));
  } else if (arguments[1]->type == &thread_handle_type) {
    handle = Ref<ThreadHandle>::share(thread, Borrowed(static_cast<ThreadHandle*>(arguments[1])));
  } else {
    return raise(thread, type_error_type, "'handle' must be a _ThreadHandle");
  }
  bool is_daemon = true;
  if (arguments.has(2)) {
    TRY_ASSIGN(is_daemon, is_true(thread, arguments.at(2)));
  }
  TRY(start_with_handle(thread, handle, arguments.at(0), CallArguments{}, is_daemon));
  return handle;
}

Result<Ref<Object>> start_new(ThreadState& thread, Borrowed<Object>,
                              const BoundArguments& arguments) {
  if (!is_callable(arguments.at(0))) {
    return raise(thread, type_error_type, "first arg must be callable");
  }
  if (!is_tuple(*arguments.at(1))) {
    return raise(thread, type_error_type, "2nd arg must be a tuple");
  }
  GatheredArguments gathered;
  gathered.add_items(thread, *as_tuple(arguments.at(1)));
  if (arguments.has(2)) {
    if (!is_dict(*arguments.at(2))) {
      return raise(thread, type_error_type, "optional 3rd arg must be a dictionary");
    }
    TRY(gathered.add_named(thread, as_dict(arguments.at(2))));
  }
  auto record = std::make_shared<StartedThread>();
  TRY(Modules::of(thread).threads().start(thread, record, arguments.at(0), gathered.get()));
  return new_int_unsigned(thread, record->ident);
}

Result<Ref<Object>> allocate_lock(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_lock(thread);
}

Result<Ref<Object>> get_ident(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_int_unsigned(thread, thread.serial());
}

Result<Ref<Object>> get_native_id(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_int_unsigned(thread, thread_number());
}

std::uint32_t main_ident(ThreadState& thread) {
  return Modules::of(thread).kernel().first_thread().serial();
}

Result<Ref<Object>> get_main_ident(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_int_unsigned(thread, main_ident(thread));
}

Result<Ref<Object>> make_thread_handle(ThreadState& thread, Borrowed<Object>,
                                       const BoundArguments& arguments) {
  if (!is_int(*arguments.at(0))) {
    return raise(thread, type_error_type, "ident must be an integer");
  }
  const std::int64_t ident = clipped_int64_of(*as_int(arguments.at(0)));
  return handle_of_running_thread(thread, static_cast<std::uint32_t>(ident));
}

Result<Ref<Object>> count(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_int(thread, Modules::of(thread).threads().running());
}

Result<Ref<Object>> stack_size(ThreadState& thread, Borrowed<Object>,
                               const BoundArguments& arguments) {
  Atomic<std::int64_t>& kept = Modules::of(thread).threads().stack_size();
  if (!arguments.has(0)) return new_int(thread, kept.load());
  TRY_ASSIGN(std::int64_t size, clipped_index_of(thread, arguments.at(0)));
  if (size < 0) {
    return raise(thread, value_error_type, "size must be 0 or a positive value");
  }
  constexpr std::int64_t kLeast = 32768;  // PTHREAD_STACK_MIN and what CPython adds
  if (size != 0 && size < kLeast) {
    return raise(thread, value_error_type, "size not valid: {} bytes", size);
  }
  return new_int(thread, kept.exchange(size));
}

Result<Ref<Object>> interrupt_main(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  send_exception(thread, Modules::of(thread).kernel().first_thread(),
                 Ref<Object>::share(thread, Borrowed<Object>(&keyboard_interrupt_type)));
  return none();
}

Result<Ref<Object>> shutdown(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  Modules::of(thread).threads().join_all_but_daemons(thread);
  return none();
}

Result<Ref<Object>> answer_true(ThreadState&, Borrowed<Object>, const BoundArguments&) {
  return boolean(true);
}

Result<Ref<Object>> set_name(ThreadState& thread, Borrowed<Object>,
                             const BoundArguments& arguments) {
  if (is_str(*arguments.at(0))) return none();
  return raise(thread, type_error_type, "set_name() argument 'name' must be str, not {}",
               type_name(arguments.at(0)));
}

Result<Ref<Object>> exit_thread(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return raise_empty(thread, system_exit_type);
}

// sys.stderr; where that is gone, what the thread remembers of it. Null: nowhere.
Result<Ref<Object>> error_file(ThreadState& thread, Borrowed<Object> its_thread) {
  TRY_ASSIGN(Ref<Object> sys, import_module(thread, "sys"));
  TRY_ASSIGN(Ref<Object> file, find_attribute(thread, sys, "stderr"));
  if (file && !is_none(file.get())) return file;
  if (is_none(its_thread.get())) return Ref<Object>();
  TRY_ASSIGN(file, find_attribute(thread, its_thread, "_stderr"));
  if (file && is_none(file.get())) return Ref<Object>();
  return file;
}

Result<std::string> name_of_thread(ThreadState& thread, Borrowed<Object> its_thread) {
  if (!is_none(its_thread.get())) {
    TRY_ASSIGN(Ref<Object> name, find_attribute(thread, its_thread, "name"));
    if (name) {
      TRY_ASSIGN(Ref<Str> text, str_of(thread, name));
      return utf8_of(*text);
    }
  }
  return std::to_string(thread.serial());
}

// threading.excepthook: https://docs.python.org/3/library/threading.html#threading.excepthook
Result<Ref<Object>> excepthook(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  const Borrowed<Object> given = arguments.at(0);
  TRY_ASSIGN(Ref<Object> expected, get_from_module(thread, as_module(self), "_ExceptHookArgs"));
  if (given->type != expected.get() || as_tuple(given)->size != 4) {
    return raise(thread, type_error_type,
                 "_thread.excepthook argument type must be ExceptHookArgs");
  }
  const Tuple& told = *as_tuple(given);
  if (told.at(0).get() == &system_exit_type) return none();
  TRY_ASSIGN(Ref<Object> file, error_file(thread, told.at(3)));
  if (!file) return none();
  TRY_ASSIGN(std::string name, name_of_thread(thread, told.at(3)));
  std::string text = "Exception in thread " + name + ":\n";
  if (is_exception(told.at(1))) {
    text += format_exception(thread, told.at(1));
  } else {
    TRY_ASSIGN(Ref<Object> type_text, get_attribute(thread, told.at(0), "__name__"));
    TRY_ASSIGN(Ref<Str> shown, str_of(thread, type_text));
    text += utf8_of(*shown) + "\n";
  }
  TRY_ASSIGN(Ref<Str> line, new_str(thread, text));
  const Borrowed<Object> written[] = {line};
  TRY(call_method(thread, file, "write", written));
  TRY(call_method(thread, file, "flush", {}));
  return none();
}

constexpr NativeMethod kFunctions[] = {
    {"start_joinable_thread(function, handle?, daemon?)", &start_joinable,
     "Start a new thread that calls function(); returns a handle to it."},
    {"start_new_thread(function, args, kwargs?, /)", &start_new,
     "Start a new thread and return its identifier."},
    {"start_new(function, args, kwargs?, /)", &start_new,
     "An obsolete synonym of start_new_thread()."},
    {"daemon_threads_allowed()", &answer_true,
     "True if daemon threads are allowed in this interpreter."},
    {"allocate_lock()", &allocate_lock, "Create a new lock."},
    {"allocate()", &allocate_lock, "An obsolete synonym of allocate_lock()."},
    {"exit()", &exit_thread, "Raise SystemExit: the thread ends."},
    {"exit_thread()", &exit_thread, "An obsolete synonym of exit()."},
    {"interrupt_main(signum?, /)", &interrupt_main,
     "Interrupt the main thread as if a signal had arrived."},
    {"get_ident()", &get_ident, "A number that identifies the calling thread."},
    {"get_native_id()", &get_native_id, "The number of the thread of the system."},
    {"_count()", &count, "How many threads were started here and run."},
    {"stack_size(size?, /)", &stack_size, "The size of the stack of new threads."},
    {"_excepthook(exc_info, /)", &excepthook, "Tell of an exception that ended a thread."},
    {"_get_main_thread_ident()", &get_main_ident, "For internal use by `threading`."},
    {"_make_thread_handle(ident, /)", &make_thread_handle,
     "For internal use: a handle of a thread that runs already."},
    {"_shutdown()", &shutdown, "Wait for all threads that are not daemons."},
    {"_is_main_interpreter()", &answer_true, "True in the main interpreter."},
    {"set_name(name)", &set_name, "The name of the thread for the system."},
};

constexpr const char* kHookFields[] = {"exc_type", "exc_value", "exc_traceback", "thread"};

}  // namespace

Result<Done> fill_thread(ThreadState& thread, Borrowed<Module> module) {
  TRY(add_functions(thread, module, kFunctions));
  TRY(set_in_module(thread, module, "lock", lock_type));
  TRY(set_in_module(thread, module, "LockType", lock_type));
  TRY(set_in_module(thread, module, "RLock", rlock_type));
  TRY(set_in_module(thread, module, "_local", local_type));
  TRY(set_in_module(thread, module, "_ThreadHandle", thread_handle_type));
  TRY(set_in_module(thread, module, "error", runtime_error_type));
  TRY_ASSIGN(Ref<Object> greatest, new_float(thread, kGreatestTimeout));
  TRY(set_in_module(thread, module, "TIMEOUT_MAX", greatest));
  TRY_ASSIGN(Ref<Type> hook_arguments,
             new_struct_sequence_type(thread, "_thread", "_ExceptHookArgs", kHookFields));
  return set_in_module(thread, module, "_ExceptHookArgs", Borrowed<Object>(hook_arguments));
}

}  // namespace runtime
