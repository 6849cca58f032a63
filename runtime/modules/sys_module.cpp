// The module sys: its functions. What follows from settings stands in sys_settings.cpp.
//
// Ancestry: https://docs.python.org/3/library/sys.html; CPython's Python/sysmodule.c.
#include <algorithm>
#include <cmath>
#include <string>

#include "runtime/collector/collector.h"
#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/set_object.h"
#include "runtime/interpreter/frame_object.h"
#include "runtime/interpreter/handled_exception.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/interpreter/print_exception.h"
#include "runtime/memory/memory.h"
#include "runtime/modules/native_module.h"
#include "runtime/modules/standard_streams.h"
#include "runtime/modules/sys_sizes.h"
#include "runtime/modules/unraisable.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"
#include "runtime/object/values.h"
#include "runtime/threads/world.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

Result<std::int64_t> number_of(ThreadState& thread, Borrowed<Object> object) {
  return checked_index_of(thread, object, overflow_error_type);
}

Ref<Object> or_none(Ref<Object> object) { return object ? std::move(object) : none(); }

// -- exceptions --

Result<Ref<Object>> sys_exc_info(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  Ref<Object> handled = handled_exception(thread);
  if (!handled) {
    const Borrowed<Object> nothing(&none_object);
    return new_tuple(thread, {nothing, nothing, nothing});
  }
  Ref<Object> traceback = or_none(exception_traceback(
      thread, Borrowed<ExceptionObject>(static_cast<ExceptionObject*>(handled.get()))));
  return new_tuple(thread, {Borrowed<Object>(handled->type), Borrowed<Object>(handled),
                            Borrowed<Object>(traceback)});
}

Result<Ref<Object>> sys_exception(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return or_none(handled_exception(thread));
}

Result<Ref<Object>> sys_exit(ThreadState& thread, Borrowed<Object>,
                             const BoundArguments& arguments) {
  if (!arguments.has(0)) return raise_empty(thread, system_exit_type);
  return raise_with(thread, system_exit_type, arguments.at(0));
}

// excepthook(type, value, traceback): the traceback belongs to the value already.
Result<Ref<Object>> sys_excepthook(ThreadState& thread, Borrowed<Object>,
                                   const BoundArguments& arguments) {
  const Borrowed<Object> value = arguments.at(1);
  if (!is_exception(value)) {
    write_to_stderr(thread, "TypeError: print_exception(): Exception expected for value, " +
                                std::string(type_name(value)) + " found\n");
    return none();
  }
  write_to_stderr(thread, format_exception(thread, value));
  return none();
}

Result<Ref<Object>> sys_unraisablehook(ThreadState& thread, Borrowed<Object>,
                                       const BoundArguments& arguments) {
  return show_unraisable(thread, arguments.at(0));
}

Result<Ref<Object>> sys_displayhook(ThreadState& thread, Borrowed<Object>,
                                    const BoundArguments& arguments) {
  if (is_none(arguments[0])) return none();
  TRY_ASSIGN(Ref<Object> output, standard_stream(thread, "stdout"));
  if (!output) return raise(thread, runtime_error_type, "lost sys.stdout");
  TRY_ASSIGN(Ref<Str> text, repr_of(thread, arguments.at(0)));
  TRY_ASSIGN(Ref<Str> end, new_str(thread, "\n"));
  TRY_ASSIGN(Ref<Str> line, concatenate_strs(thread, text, end));
  const Borrowed<Object> one[] = {Borrowed<Object>(line)};
  TRY(call_method(thread, output, "write", Arguments(one)));
  return none();
}

// -- counts, sizes, identity --

Result<Ref<Object>> sys_getrefcount(ThreadState& thread, Borrowed<Object>,
                                    const BoundArguments& arguments) {
  Object* object = arguments[0];
  if (is_immortal(object)) {
    return new_int(thread, Values::of(thread).profile().immortal_reference_count);
  }
  return new_int(thread, reference_count(object));
}

Result<Ref<Object>> sys_is_immortal(ThreadState&, Borrowed<Object>,
                                    const BoundArguments& arguments) {
  return boolean(is_immortal(arguments[0]));
}

Result<Ref<Object>> sys_getsizeof(ThreadState& thread, Borrowed<Object>,
                                  const BoundArguments& arguments) {
  Result<Ref<Object>> size = size_of_object(thread, arguments.at(0));
  if (!size.is_raised() || !arguments.has(1)) return size;
  Raised raised = std::move(size).raised();
  if (!matches(raised, type_error_type)) return raised;
  return Ref<Object>::share(thread, arguments.at(1));
}

Result<Ref<Object>> sys_intern(ThreadState& thread, Borrowed<Object>,
                               const BoundArguments& arguments) {
  const Borrowed<Object> text = arguments.at(0);
  if (!is_str(*text)) {
    return raise(thread, type_error_type, "intern() argument must be str, not {}", type_name(text));
  }
  if (text->type != &str_type) {
    return raise(thread, type_error_type, "can't intern {}", type_name(text));
  }
  return intern(thread, Ref<Str>::share(thread, as_str(text)));
}

Result<Ref<Object>> sys_is_interned(ThreadState& thread, Borrowed<Object>,
                                    const BoundArguments& arguments) {
  if (!is_str(*arguments.at(0))) {
    return raise(thread, type_error_type, "_is_interned() argument must be str, not {}",
                 type_name(arguments.at(0)));
  }
  return boolean(as_str(arguments.at(0))->is_interned.load_relaxed());
}

Result<Ref<Object>> sys_interned_size(ThreadState& thread, Borrowed<Object>,
                                      const BoundArguments&) {
  return new_int(thread, static_cast<std::int64_t>(Values::of(thread).interned().size()));
}

Result<Ref<Object>> sys_allocated_blocks(ThreadState& thread, Borrowed<Object>,
                                         const BoundArguments&) {
  return new_int(thread, allocated_blocks(thread));
}

Result<Ref<Object>> sys_debug_malloc_stats(ThreadState& thread, Borrowed<Object>,
                                           const BoundArguments&) {
  write_to_stderr(thread, describe_memory(thread));
  return none();
}

// -- limits --

Result<Ref<Object>> sys_getrecursionlimit(ThreadState& thread, Borrowed<Object>,
                                          const BoundArguments&) {
  return new_int(thread, Interpreter::of(thread).recursion_limit());
}

Result<Ref<Object>> sys_setrecursionlimit(ThreadState& thread, Borrowed<Object>,
                                          const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t limit, number_of(thread, arguments.at(0)));
  if (limit < 1) {
    return raise(thread, value_error_type, "recursion limit must be greater or equal than 1");
  }
  if (limit > INT32_MAX) {
    return raise(thread, overflow_error_type, "Python int too large to convert to C int");
  }
  if (depth_of(thread) >= limit) {
    return raise(thread, recursion_error_type,
                 "cannot set the recursion limit to {} at the recursion depth {}: the limit is too "
                 "low",
                 limit, depth_of(thread));
  }
  Interpreter::of(thread).set_recursion_limit(static_cast<unsigned>(limit));
  return none();
}

Result<Ref<Object>> sys_getswitchinterval(ThreadState& thread, Borrowed<Object>,
                                          const BoundArguments&) {
  return new_float(thread, static_cast<double>(thread.world().gil().switch_interval()) / 1e9);
}

Result<Ref<Object>> sys_setswitchinterval(ThreadState& thread, Borrowed<Object>,
                                          const BoundArguments& arguments) {
  double seconds = 0;
  if (is_float(*arguments.at(0))) {
    seconds = as_float(arguments.at(0))->value;
  } else {
    TRY_ASSIGN(Ref<Object> index, index_of(thread, arguments.at(0)));
    TRY_ASSIGN(const double converted, double_of_int(thread, *as_int(index)));
    seconds = converted;
  }
  if (!(seconds > 0)) {
    return raise(thread, value_error_type, "switch interval must be strictly positive");
  }
  const double nanoseconds = seconds * 1e9;
  thread.world().gil().set_switch_interval(
      nanoseconds > 1e18 ? kForever / 2 : std::max<Nanoseconds>(std::llround(nanoseconds), 1));
  return none();
}

Result<Ref<Object>> sys_get_digits(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_int(thread, Values::of(thread).greatest_decimal_digits());
}

Result<Ref<Object>> sys_is_gil_enabled(ThreadState& thread, Borrowed<Object>,
                                       const BoundArguments&) {
  return boolean(thread.world().gil().is_enabled());
}

// -- frames --

Result<Ref<Object>> sys_getframe(ThreadState& thread, Borrowed<Object>,
                                 const BoundArguments& arguments) {
  std::int64_t depth = 0;
  if (arguments.has(0)) {
    TRY_ASSIGN(depth, number_of(thread, arguments.at(0)));
  }
  TRY_ASSIGN(Ref<FrameObject> frame, frame_at_depth(thread, depth < 0 ? 0 : depth));
  if (!frame) return raise(thread, value_error_type, "call stack is not deep enough");
  return frame;
}

Result<Ref<Object>> sys_getframemodulename(ThreadState& thread, Borrowed<Object>,
                                           const BoundArguments& arguments) {
  std::int64_t depth = 0;
  if (arguments.has(0)) {
    TRY_ASSIGN(depth, number_of(thread, arguments.at(0)));
  }
  TRY_ASSIGN(Ref<FrameObject> frame, frame_at_depth(thread, depth));
  if (!frame) return none();
  TRY_ASSIGN(Ref<Object> globals, get_attribute(thread, frame, "f_globals"));
  TRY_ASSIGN(Ref<Str> key, intern(thread, "__name__"));
  TRY_ASSIGN(Ref<Object> name, dict_get(thread, as_dict(globals), key));
  return or_none(std::move(name));
}

// By the identities of threads, which are their serials.
Result<Ref<Object>> sys_current_frames(ThreadState& thread, Borrowed<Object>,
                                       const BoundArguments&) {
  std::vector<CurrentFrame> found;
  TRY(current_frames(thread, &found));
  TRY_ASSIGN(Ref<Dict> frames, new_dict(thread));
  for (CurrentFrame& row : found) {
    TRY_ASSIGN(Ref<Int> identity, new_int(thread, row.thread_serial));
    TRY(dict_set(thread, frames, identity, row.frame));
  }
  return frames;
}

// -- what other Pythons have for debuggers: kept, not acted upon --

template <const char* const& kName>
Result<Ref<Object>> remember_hook(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments& arguments) {
  TRY(set_attribute(thread, self, kName, arguments[0]));
  return none();
}
template <const char* const& kName>
Result<Ref<Object>> recall_hook(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  TRY_ASSIGN(Ref<Object> hook, find_attribute(thread, self, kName));
  return or_none(std::move(hook));
}
constexpr const char* kTrace = "_trace_function";
constexpr const char* kProfileHook = "_profile_function";
constexpr const char* const& kTraceName = kTrace;
constexpr const char* const& kProfileName = kProfileHook;

Result<Ref<Object>> sys_audit(ThreadState&, Borrowed<Object>, const BoundArguments&) {
  return none();
}

Result<Ref<Object>> utf8_name(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_str(thread, "utf-8");
}

Result<Ref<Object>> sys_is_finalizing(ThreadState&, Borrowed<Object>, const BoundArguments&) {
  return boolean(false);
}

constexpr NativeMethod kFunctions[] = {
    {"exc_info()", &sys_exc_info},
    {"exception()", &sys_exception},
    {"exit(status?, /)", &sys_exit},
    {"excepthook(exctype, value, traceback, /)", &sys_excepthook},
    {"unraisablehook(unraisable, /)", &sys_unraisablehook},
    {"displayhook(object, /)", &sys_displayhook},
    {"getrefcount(object, /)", &sys_getrefcount},
    {"_is_immortal(op, /)", &sys_is_immortal},
    {"getsizeof(object, default?)", &sys_getsizeof},
    {"intern(string, /)", &sys_intern},
    {"_is_interned(string, /)", &sys_is_interned},
    {"getunicodeinternedsize()", &sys_interned_size},
    {"getallocatedblocks()", &sys_allocated_blocks},
    {"_debugmallocstats()", &sys_debug_malloc_stats},
    {"getrecursionlimit()", &sys_getrecursionlimit},
    {"setrecursionlimit(limit, /)", &sys_setrecursionlimit},
    {"getswitchinterval()", &sys_getswitchinterval},
    {"setswitchinterval(interval, /)", &sys_setswitchinterval},
    {"get_int_max_str_digits()", &sys_get_digits},
    {"_is_gil_enabled()", &sys_is_gil_enabled},
    {"_getframe(depth?, /)", &sys_getframe},
    {"_getframemodulename(depth?)", &sys_getframemodulename},
    {"_current_frames()", &sys_current_frames},
    {"settrace(function, /)", &remember_hook<kTraceName>},
    {"gettrace()", &recall_hook<kTraceName>},
    {"setprofile(function, /)", &remember_hook<kProfileName>},
    {"getprofile()", &recall_hook<kProfileName>},
    {"audit(event, /, *args)", &sys_audit},
    {"getdefaultencoding()", &utf8_name},
    {"getfilesystemencoding()", &utf8_name},
    {"is_finalizing()", &sys_is_finalizing},
};

}  // namespace

Result<Done> fill_sys(ThreadState& thread, Borrowed<Module> module) {
  TRY(set_in_module(thread, module, "modules", Interpreter::of(thread).modules()));
  TRY(add_functions(thread, module, kFunctions));
  for (const char* name : {"excepthook", "displayhook", "unraisablehook"}) {
    TRY_ASSIGN(Ref<Object> hook, get_from_module(thread, module, name));
    TRY(set_in_module(thread, module, std::string("__") + name + "__", hook));
  }
  return Done();
}

}  // namespace runtime
