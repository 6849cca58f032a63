#include "runtime/embedding/python.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/check.h"
#include "runtime/collector/collector.h"
#include "runtime/compiler/compile.h"
#include "runtime/compiler/constants.h"
#include "runtime/compiler/disassemble.h"
#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/evaluate.h"
#include "runtime/interpreter/import.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/interpreter/print_exception.h"
#include "runtime/methods/methods.h"
#include "runtime/modules/compile_warnings.h"
#include "runtime/modules/exit_functions.h"
#include "runtime/modules/finders.h"
#include "runtime/modules/gc_module.h"
#include "runtime/modules/modules.h"
#include "runtime/modules/native_module.h"
#include "runtime/modules/standard_streams.h"
#include "runtime/modules/unraisable.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"
#include "runtime/object/values.h"
#include "runtime/types/attributes.h"
#include "runtime/types/module_object.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

// What must never go wrong: the runtime itself.
void must(ThreadState& thread, Result<Done> done) {
  if (!done.is_raised()) return;
  Raised raised = std::move(done).raised();
  const std::string text = describe(thread, raised.exception());
  std::fprintf(stderr, "heddle-python: the runtime does not start: %s\n", text.c_str());
  RT_CHECK(false, "the runtime starts");
}

// The types that are written in C++ are opened before anything uses them.
struct OpenedTypes {
  explicit OpenedTypes(ThreadState& thread) {
    must(thread, open_basic_types(thread));
    must(thread, open_methods(thread));
  }
};

}  // namespace

struct Python::Parts {
  explicit Parts(const PythonOptions& options)
      : kernel(KernelOptions{.world = {.gil = kFreeThreaded ? options.gil : GilMode::kOn},
                             .memory = {}}),
        values(kernel, {.profile = options.profile, .hash_seed = options.hash_seed}),
        constants(kernel),
        types(kernel),
        opened(kernel.first_thread()),
        collector(kernel, {.marks_alive_first = options.profile.collector_marks_alive_first}),
        interpreter(kernel, values, types, collector, {.step_limit = options.step_limit}),
        modules(kernel) {}

  [[nodiscard]] ThreadState& thread() { return kernel.first_thread(); }

  Kernel kernel;
  Values values;
  SharedConstants constants;
  Types types;
  OpenedTypes opened;
  Collector collector;
  Interpreter interpreter;
  Modules modules;
};

namespace {

// The exit status of SystemExit(code): what is no number is printed.
int status_of_exit(ThreadState& thread, Borrowed<Object> exception) {
  Result<Ref<Object>> found = get_attribute(thread, exception, "code");
  if (found.is_raised()) {
    (void)std::move(found).raised();
    return 1;
  }
  const Ref<Object>& code = found.value();
  if (is_none(code.get())) return 0;
  if (is_int(*code)) return static_cast<int>(clipped_int64_of(*as_int(code)) & 0xFF);
  Result<Ref<Str>> text = str_of(thread, code);
  if (text.is_raised()) {
    (void)std::move(text).raised();
    return 1;
  }
  write_to_stderr(thread, utf8_of(*text.value()) + "\n");
  return 1;
}

// Calls sys.excepthook, which the program may have replaced.
void show_uncaught(ThreadState& thread, Borrowed<Object> exception) {
  const auto show = [&]() -> Result<Done> {
    TRY_ASSIGN(Ref<Object> hook, standard_stream(thread, "excepthook"));
    if (!hook) {
      write_to_stderr(thread, format_exception(thread, exception));
      return Done();
    }
    Ref<Object> traceback = exception_traceback(
        thread, Borrowed<ExceptionObject>(static_cast<ExceptionObject*>(exception.get())));
    const Borrowed<Object> arguments[] = {
        Borrowed<Object>(exception->type), exception,
        traceback ? Borrowed<Object>(traceback) : Borrowed<Object>(&none_object)};
    TRY(call(thread, hook, Arguments(arguments)));
    return Done();
  };
  (void)flush_standard_streams(thread);
  Result<Done> shown = show();
  if (!shown.is_raised()) return;
  Raised second = std::move(shown).raised();
  write_to_stderr(thread, "Error in sys.excepthook:\n" +
                              format_exception(thread, second.exception()) +
                              "\nOriginal exception was:\n" + format_exception(thread, exception));
}

int status_of(ThreadState& thread, Raised raised) {
  Ref<Object> exception = raised.take();
  if (is_instance(*exception, system_exit_type)) return status_of_exit(thread, exception);
  show_uncaught(thread, exception);
  return is_instance(*exception, keyboard_interrupt_type) ? 130 : 1;
}

Result<Ref<Module>> main_module(ThreadState& thread) {
  TRY_ASSIGN(Ref<Str> name, intern(thread, "__main__"));
  const Borrowed<Dict> modules = Interpreter::of(thread).modules();
  TRY_ASSIGN(Ref<Object> found, dict_get(thread, modules, name));
  if (found) return Ref<Module>::adopt(static_cast<Module*>(found.release()));
  TRY_ASSIGN(Ref<Module> module, new_module(thread, name));
  TRY(set_in_module(thread, module, "__builtins__", Interpreter::of(thread).builtins_module()));
  TRY_ASSIGN(Ref<Dict> annotations, new_dict(thread));
  TRY(set_in_module(thread, module, "__annotations__", annotations));
  TRY(dict_set(thread, modules, name, module));
  return module;
}

Result<Ref<Code>> compile_main(ThreadState& thread, std::string_view text,
                               std::string_view file_name, CompileMode mode) {
  TRY_ASSIGN(Ref<Str> file, new_str(thread, file_name));
  CompileOptions options;
  options.source_kind = syntax::SourceKind::kBytes;
  options.warnings = compile_warnings();
  return compile(thread, text, file, mode, options);
}

Result<Done> run_main(ThreadState& thread, std::string_view text, std::string_view file_name,
                      bool is_file) {
  TRY_ASSIGN(Ref<Module> module, main_module(thread));
  if (is_file) TRY(set_in_module(thread, module, "__file__", file_name));
  remember_source(thread, file_name, text);
  TRY_ASSIGN(Ref<Code> code, compile_main(thread, text, file_name, CompileMode::kModule));
  TRY(run_code(thread, code, module_dict(module), nullptr));
  return Done();
}

// The whole file; false, and errno.
bool read_file(const std::string& path, std::string* text) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    ::close(descriptor);
    errno = EISDIR;
    return false;
  }
  char buffer[65536];
  ssize_t count = 0;
  while ((count = ::read(descriptor, buffer, sizeof(buffer))) != 0) {
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    text->append(buffer, static_cast<std::size_t>(count));
  }
  const int error = errno;
  ::close(descriptor);
  errno = error;
  return count == 0;
}

// Waits for the threads that are no daemons, if there were any.
Result<Done> wait_for_threads(ThreadState& thread) {
  TRY_ASSIGN(Ref<Str> name, intern(thread, "threading"));
  TRY_ASSIGN(Ref<Object> threading, dict_get(thread, Interpreter::of(thread).modules(), name));
  if (threading) {
    TRY(call_method(thread, threading, "_shutdown", {}));
    return Done();
  }
  TRY_ASSIGN(Ref<Str> low_name, intern(thread, "_thread"));
  TRY_ASSIGN(Ref<Object> low, dict_get(thread, Interpreter::of(thread).modules(), low_name));
  if (low) TRY(call_method(thread, low, "_shutdown", {}));
  return Done();
}

Result<Done> start(ThreadState& thread, Types& types, Interpreter& interpreter,
                   const SystemSettings& settings) {
  types.hooks().unraisable = &unraisable_hook;
  TRY(open_module_types(thread));
  interpreter.set_finders(module_finders());
  TRY(fill_builtins_of_interpreter(thread));
  TRY(configure_sys(thread, settings));
  return Done();
}

}  // namespace

Python::Python(const PythonOptions& options) : parts_(std::make_unique<Parts>(options)) {
  watch_collections(parts_->collector);
  must(parts_->thread(),
       start(parts_->thread(), parts_->types, parts_->interpreter, options.settings));
}

Python::~Python() = default;

int Python::run_text(std::string_view text, std::string_view file_name) {
  ThreadState& thread = parts_->thread();
  Result<Done> ran = run_main(thread, text, file_name, false);
  return ran.is_raised() ? status_of(thread, std::move(ran).raised()) : 0;
}

namespace {

// False, and says so, if the file cannot be read.
bool read_program(ThreadState& thread, const std::string& path, std::string* text) {
  if (read_file(path, text)) return true;
  const int error = errno;
  write_to_stderr(thread, "heddle-python: can't open file '" + path + "': [Errno " +
                              std::to_string(error) + "] " + std::strerror(error) + "\n");
  return false;
}

}  // namespace

int Python::disassemble_file(const std::string& path) {
  std::string text;
  if (!read_program(parts_->thread(), path, &text)) return 2;
  return disassemble_text(text, path);
}

int Python::run_file(const std::string& path) {
  ThreadState& thread = parts_->thread();
  std::string text;
  if (!read_program(thread, path, &text)) return 2;
  Result<Done> ran = run_main(thread, text, path, true);
  return ran.is_raised() ? status_of(thread, std::move(ran).raised()) : 0;
}

int Python::disassemble_text(std::string_view text, std::string_view file_name) {
  ThreadState& thread = parts_->thread();
  remember_source(thread, file_name, text);
  Result<Ref<Code>> code = compile_main(thread, text, file_name, CompileMode::kModule);
  if (code.is_raised()) return status_of(thread, std::move(code).raised());
  const std::string listing = disassemble(thread, code.value(), NestedCode::kShow);
  std::fwrite(listing.data(), 1, listing.size(), stdout);
  std::fflush(stdout);
  return 0;
}

int Python::finish(int status) {
  ThreadState& thread = parts_->thread();
  Result<Done> waited = wait_for_threads(thread);
  if (waited.is_raised()) {
    write_unraisable(thread, std::move(waited).raised(), nullptr,
                     "Exception ignored on threading shutdown");
  }
  run_exit_functions(thread);
  if (!flush_standard_streams(thread) && status == 0) status = 120;
  parts_->kernel.world().begin_shutdown(thread);
  if (leaves_objects()) return status;
  parts_->interpreter.forget_modules(thread);
  (void)parts_->collector.collect(thread);
  return status;
}

bool Python::leaves_objects() const {
  return parts_->kernel.world().thread_count() > 1 || parts_->values.is_immortalizing();
}

}  // namespace runtime
