// The module posix: calls of the system, for os.py. Each detaches around what may wait.
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/set_object.h"
#include "runtime/modules/native_module.h"
#include "runtime/modules/os_error.h"
#include "runtime/modules/struct_sequence.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"
#include "runtime/threads/attach.h"
#include "runtime/types/attributes.h"
#include "runtime/types/type_body.h"

extern char** environ;

namespace runtime {

namespace {

Result<std::int64_t> number_of(ThreadState& thread, Borrowed<Object> object) {
  return checked_index_of(thread, object, overflow_error_type);
}

// A call that gives a negative number and errno when it fails.
template <class Call>
Result<std::int64_t> system_call(ThreadState& thread, std::string_view file, Call&& call) {
  std::int64_t answer = 0;
  int error = 0;
  {
    Detached detached(thread);
    do {
      answer = call();
      error = errno;
    } while (answer < 0 && error == EINTR);
  }
  if (answer < 0) return raise_os_error(thread, error, file);
  return answer;
}

template <class Call>
Result<Ref<Object>> on_path(ThreadState& thread, Borrowed<Object> object, Call&& call) {
  TRY_ASSIGN(std::string path, path_of(thread, object));
  TRY(system_call(thread, path, [&] { return call(path.c_str()); }));
  return none();
}

// -- the process --

Result<Ref<Object>> get_pid(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_int(thread, ::getpid());
}
Result<Ref<Object>> get_ppid(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_int(thread, ::getppid());
}
Result<Ref<Object>> get_uid(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_int(thread, ::getuid());
}

Result<Ref<Object>> exit_now(ThreadState& thread, Borrowed<Object>,
                             const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t status, number_of(thread, arguments.at(0)));
  ::_exit(static_cast<int>(status));
}

Result<Ref<Object>> abort_now(ThreadState&, Borrowed<Object>, const BoundArguments&) {
  std::abort();
}

Result<Ref<Object>> kill_process(ThreadState& thread, Borrowed<Object>,
                                 const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t process, number_of(thread, arguments.at(0)));
  TRY_ASSIGN(std::int64_t signal, number_of(thread, arguments.at(1)));
  TRY(system_call(thread, {},
                  [&] { return ::kill(static_cast<pid_t>(process), static_cast<int>(signal)); }));
  return none();
}

Result<Ref<Object>> cpu_count(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_int(thread, ::sysconf(_SC_NPROCESSORS_ONLN));
}

Result<Ref<Object>> get_affinity(ThreadState& thread, Borrowed<Object>,
                                 const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t process, number_of(thread, arguments.at(0)));
  cpu_set_t processors;
  CPU_ZERO(&processors);
  TRY(system_call(thread, {}, [&] {
    return ::sched_getaffinity(static_cast<pid_t>(process), sizeof(processors), &processors);
  }));
  TRY_ASSIGN(Ref<Set> found, new_set(thread));
  for (int number = 0; number < CPU_SETSIZE; ++number) {
    if (!CPU_ISSET(number, &processors)) continue;
    TRY_ASSIGN(Ref<Int> member, new_int(thread, number));
    TRY(set_add(thread, found, member));
  }
  return found;
}

Result<Ref<Object>> set_affinity(ThreadState& thread, Borrowed<Object>,
                                 const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t process, number_of(thread, arguments.at(0)));
  TRY_ASSIGN(Ref<Object> members, get_iterator(thread, arguments.at(1)));
  cpu_set_t processors;
  CPU_ZERO(&processors);
  for (;;) {
    TRY_ASSIGN(Ref<Object> member, next_of(thread, members));
    if (!member) break;
    TRY_ASSIGN(std::int64_t number, number_of(thread, member));
    if (number < 0) return raise(thread, value_error_type, "negative CPU number");
    if (number >= CPU_SETSIZE) return raise(thread, overflow_error_type, "CPU number too large");
    CPU_SET(static_cast<int>(number), &processors);
  }
  TRY(system_call(thread, {}, [&] {
    return ::sched_setaffinity(static_cast<pid_t>(process), sizeof(processors), &processors);
  }));
  return none();
}

Result<Ref<Object>> random_octets(ThreadState& thread, Borrowed<Object>,
                                  const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t count, number_of(thread, arguments.at(0)));
  if (count < 0) return raise(thread, value_error_type, "negative argument not allowed");
  if (count > (std::int64_t{1} << 30)) return raise_out_of_memory(thread);
  std::string octets(static_cast<std::size_t>(count), '\0');
  std::size_t filled = 0;
  while (filled < octets.size()) {
    const ssize_t got = ::getrandom(octets.data() + filled, octets.size() - filled, 0);
    if (got < 0 && errno != EINTR) return raise_os_error(thread, errno);
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
  return new_bytes(thread, octets);
}

Result<Ref<Object>> error_text(ThreadState& thread, Borrowed<Object>,
                               const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t number, number_of(thread, arguments.at(0)));
  return new_str(thread, std::strerror(static_cast<int>(number)));
}

// -- the environment: setenv is not safe beside getenv, so it is done in a section of the module --

Result<Ref<Object>> put_variable(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  TRY_ASSIGN(std::string name, path_of(thread, arguments.at(0)));
  TRY_ASSIGN(std::string value, path_of(thread, arguments.at(1)));
  int failed = 0;
  {
    ObjectSection section(thread, self);
    failed = ::setenv(name.c_str(), value.c_str(), 1);
  }
  if (failed != 0) return raise_os_error(thread, errno);
  return none();
}

Result<Ref<Object>> remove_variable(ThreadState& thread, Borrowed<Object> self,
                                    const BoundArguments& arguments) {
  TRY_ASSIGN(std::string name, path_of(thread, arguments.at(0)));
  int failed = 0;
  {
    ObjectSection section(thread, self);
    failed = ::unsetenv(name.c_str());
  }
  if (failed != 0) return raise_os_error(thread, errno);
  return none();
}

// The environment as the process found it, str to str.
Result<Ref<Dict>> environment(ThreadState& thread) {
  TRY_ASSIGN(Ref<Dict> variables, new_dict(thread));
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=', 1);
    if (equals == std::string_view::npos) continue;
    TRY_ASSIGN(Ref<Str> name, new_str(thread, text.substr(0, equals)));
    TRY_ASSIGN(Ref<Str> value, new_str(thread, text.substr(equals + 1)));
    TRY(dict_set(thread, variables, name, value));
  }
  return variables;
}

// -- files and folders --

Result<Ref<Object>> working_directory(ThreadState& thread, Borrowed<Object>,
                                      const BoundArguments&) {
  char path[4096];
  if (::getcwd(path, sizeof(path)) == nullptr) return raise_os_error(thread, errno);
  return new_str(thread, path);
}

Result<Ref<Object>> change_directory(ThreadState& thread, Borrowed<Object>,
                                     const BoundArguments& arguments) {
  return on_path(thread, arguments.at(0), [](const char* path) { return ::chdir(path); });
}

Result<Ref<Object>> list_directory(ThreadState& thread, Borrowed<Object>,
                                   const BoundArguments& arguments) {
  std::string path = ".";
  if (arguments.has(0) && !is_none(arguments[0])) {
    TRY_ASSIGN(std::string given_path, path_of(thread, arguments.at(0)));
    path = std::move(given_path);
  }
  std::vector<std::string> names;
  int error = 0;
  {
    Detached detached(thread);
    DIR* directory = ::opendir(path.c_str());
    if (directory == nullptr) {
      error = errno;
    } else {
      while (const dirent* entry = ::readdir(directory)) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") names.emplace_back(name);
      }
      ::closedir(directory);
    }
  }
  if (error != 0) return raise_os_error(thread, error, path);
  TRY_ASSIGN(Ref<List> list, new_list(thread));
  for (const std::string& name : names) {
    TRY_ASSIGN(Ref<Str> text, new_str(thread, name));
    TRY(list_append(thread, list, std::move(text)));
  }
  return list;
}

Result<mode_t> mode_argument(ThreadState& thread, const BoundArguments& arguments,
                             unsigned parameter, mode_t otherwise) {
  if (!arguments.has(parameter)) return otherwise;
  TRY_ASSIGN(std::int64_t mode, number_of(thread, arguments.at(parameter)));
  return static_cast<mode_t>(mode);
}

Result<Ref<Object>> make_directory(ThreadState& thread, Borrowed<Object>,
                                   const BoundArguments& arguments) {
  TRY_ASSIGN(mode_t mode, mode_argument(thread, arguments, 1, 0777));
  return on_path(thread, arguments.at(0), [&](const char* path) { return ::mkdir(path, mode); });
}

Result<Ref<Object>> remove_directory(ThreadState& thread, Borrowed<Object>,
                                     const BoundArguments& arguments) {
  return on_path(thread, arguments.at(0), [](const char* path) { return ::rmdir(path); });
}

Result<Ref<Object>> remove_file(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  return on_path(thread, arguments.at(0), [](const char* path) { return ::unlink(path); });
}

Result<Ref<Object>> rename_file(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  TRY_ASSIGN(std::string to, path_of(thread, arguments.at(1)));
  return on_path(thread, arguments.at(0),
                 [&](const char* path) { return ::rename(path, to.c_str()); });
}

Result<Ref<Object>> read_link(ThreadState& thread, Borrowed<Object>,
                              const BoundArguments& arguments) {
  TRY_ASSIGN(std::string path, path_of(thread, arguments.at(0)));
  char target[4096];
  TRY_ASSIGN(std::int64_t length, system_call(thread, path, [&] {
               return ::readlink(path.c_str(), target, sizeof(target));
             }));
  return new_str(thread, std::string_view(target, static_cast<std::size_t>(length)));
}

Result<Ref<Object>> can_access(ThreadState& thread, Borrowed<Object>,
                               const BoundArguments& arguments) {
  TRY_ASSIGN(std::string path, path_of(thread, arguments.at(0)));
  TRY_ASSIGN(std::int64_t mode, number_of(thread, arguments.at(1)));
  Detached detached(thread);
  return boolean(::access(path.c_str(), static_cast<int>(mode)) == 0);
}

constexpr const char* kStatusFields[] = {"st_mode", "st_ino",  "st_dev",   "st_nlink", "st_uid",
                                         "st_gid",  "st_size", "st_atime", "st_mtime", "st_ctime"};
constexpr const char* kUnameFields[] = {"sysname", "nodename", "release", "version", "machine"};

// An instance of a struct sequence that the module has made.
Result<Ref<Object>> structure(ThreadState& thread, Borrowed<Object> module, const char* type_name,
                              std::span<Ref<Object>> fields) {
  TRY_ASSIGN(Ref<Object> type, get_attribute(thread, module, type_name));
  return new_struct_sequence(thread, as_type(type), fields);
}

Result<Ref<Object>> system_names(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  utsname names;
  ::uname(&names);
  Ref<Object> parts[5];
  const char* texts[] = {names.sysname, names.nodename, names.release, names.version,
                         names.machine};
  for (int i = 0; i < 5; ++i) {
    TRY_ASSIGN(Ref<Str> text, new_str(thread, texts[i]));
    parts[i] = std::move(text);
  }
  return structure(thread, self, "uname_result", parts);
}

// Times are floats.
Result<Ref<Object>> structure_of_status(ThreadState& thread, Borrowed<Object> module,
                                        const struct stat& status) {
  const std::int64_t numbers[] = {
      static_cast<std::int64_t>(status.st_mode), static_cast<std::int64_t>(status.st_ino),
      static_cast<std::int64_t>(status.st_dev),  static_cast<std::int64_t>(status.st_nlink),
      static_cast<std::int64_t>(status.st_uid),  static_cast<std::int64_t>(status.st_gid),
      static_cast<std::int64_t>(status.st_size)};
  const timespec times[] = {status.st_atim, status.st_mtim, status.st_ctim};
  Ref<Object> fields[10];
  for (int i = 0; i < 7; ++i) {
    TRY_ASSIGN(Ref<Int> number, new_int(thread, numbers[i]));
    fields[i] = std::move(number);
  }
  for (int i = 0; i < 3; ++i) {
    TRY_ASSIGN(Ref<Float> seconds,
               new_float(thread, static_cast<double>(times[i].tv_sec) +
                                     static_cast<double>(times[i].tv_nsec) * 1e-9));
    fields[7 + i] = std::move(seconds);
  }
  return structure(thread, module, "stat_result", fields);
}

template <int (*kStatus)(const char*, struct stat*)>
Result<Ref<Object>> status_of(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  struct stat status {};
  if (is_int(*arguments.at(0))) {
    TRY_ASSIGN(std::int64_t descriptor, number_of(thread, arguments.at(0)));
    TRY(system_call(thread, {}, [&] { return ::fstat(static_cast<int>(descriptor), &status); }));
  } else {
    TRY_ASSIGN(std::string path, path_of(thread, arguments.at(0)));
    TRY(system_call(thread, path, [&] { return kStatus(path.c_str(), &status); }));
  }
  return structure_of_status(thread, self, status);
}

int follow(const char* path, struct stat* status) { return ::stat(path, status); }
int do_not_follow(const char* path, struct stat* status) { return ::lstat(path, status); }

// -- descriptors --

Result<Ref<Object>> open_descriptor(ThreadState& thread, Borrowed<Object>,
                                    const BoundArguments& arguments) {
  TRY_ASSIGN(std::string path, path_of(thread, arguments.at(0)));
  TRY_ASSIGN(std::int64_t flags, number_of(thread, arguments.at(1)));
  TRY_ASSIGN(mode_t mode, mode_argument(thread, arguments, 2, 0777));
  TRY_ASSIGN(std::int64_t descriptor, system_call(thread, path, [&] {
               return ::open(path.c_str(), static_cast<int>(flags) | O_CLOEXEC, mode);
             }));
  return new_int(thread, descriptor);
}

Result<Ref<Object>> close_descriptor(ThreadState& thread, Borrowed<Object>,
                                     const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t descriptor, number_of(thread, arguments.at(0)));
  if (::close(static_cast<int>(descriptor)) != 0) return raise_os_error(thread, errno);
  return none();
}

Result<Ref<Object>> read_descriptor(ThreadState& thread, Borrowed<Object>,
                                    const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t descriptor, number_of(thread, arguments.at(0)));
  TRY_ASSIGN(std::int64_t count, number_of(thread, arguments.at(1)));
  if (count < 0) return raise_os_error(thread, EINVAL);
  if (count > (std::int64_t{1} << 30)) return raise_out_of_memory(thread);
  std::string octets(static_cast<std::size_t>(count), '\0');
  TRY_ASSIGN(std::int64_t got, system_call(thread, {}, [&] {
               return ::read(static_cast<int>(descriptor), octets.data(), octets.size());
             }));
  octets.resize(static_cast<std::size_t>(got));
  return new_bytes(thread, octets);
}

Result<Ref<Object>> write_descriptor(ThreadState& thread, Borrowed<Object>,
                                     const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t descriptor, number_of(thread, arguments.at(0)));
  if (!is_bytes(*arguments.at(1))) {
    return raise(thread, type_error_type, "a bytes-like object is required, not '{}'",
                 type_name(arguments.at(1)));
  }
  const std::string_view octets = as_bytes(arguments.at(1))->view();
  TRY_ASSIGN(std::int64_t written, system_call(thread, {}, [&] {
               return ::write(static_cast<int>(descriptor), octets.data(), octets.size());
             }));
  return new_int(thread, written);
}

Result<Ref<Object>> make_pipe(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return raise_os_error(thread, errno);
  TRY_ASSIGN(Ref<Int> reading, new_int(thread, ends[0]));
  TRY_ASSIGN(Ref<Int> writing, new_int(thread, ends[1]));
  return new_tuple(thread, {Borrowed<Object>(reading), Borrowed<Object>(writing)});
}

Result<Ref<Object>> is_terminal(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t descriptor, number_of(thread, arguments.at(0)));
  return boolean(::isatty(static_cast<int>(descriptor)) != 0);
}

constexpr NativeMethod kFunctions[] = {
    {"getpid()", &get_pid},
    {"getppid()", &get_ppid},
    {"getuid()", &get_uid},
    {"_exit(status)", &exit_now},
    {"abort()", &abort_now},
    {"kill(pid, signal, /)", &kill_process},
    {"cpu_count()", &cpu_count},
    {"sched_getaffinity(pid, /)", &get_affinity},
    {"sched_setaffinity(pid, mask, /)", &set_affinity},
    {"urandom(size, /)", &random_octets},
    {"uname()", &system_names},
    {"strerror(code, /)", &error_text},
    {"putenv(name, value, /)", &put_variable},
    {"unsetenv(name, /)", &remove_variable},
    {"getcwd()", &working_directory},
    {"chdir(path)", &change_directory},
    {"listdir(path?)", &list_directory},
    {"mkdir(path, mode?)", &make_directory},
    {"rmdir(path)", &remove_directory},
    {"unlink(path)", &remove_file},
    {"remove(path)", &remove_file},
    {"rename(src, dst)", &rename_file},
    {"replace(src, dst)", &rename_file},
    {"readlink(path)", &read_link},
    {"access(path, mode)", &can_access},
    {"stat(path)", &status_of<&follow>},
    {"lstat(path)", &status_of<&do_not_follow>},
    {"fstat(fd)", &status_of<&follow>},
    {"open(path, flags, mode?)", &open_descriptor},
    {"close(fd)", &close_descriptor},
    {"read(fd, length, /)", &read_descriptor},
    {"write(fd, data, /)", &write_descriptor},
    {"pipe()", &make_pipe},
    {"isatty(fd, /)", &is_terminal},
};

struct Number {
  const char* name;
  int value;
};
constexpr Number kNumbers[] = {
    {"O_RDONLY", O_RDONLY}, {"O_WRONLY", O_WRONLY}, {"O_RDWR", O_RDWR},     {"O_CREAT", O_CREAT},
    {"O_EXCL", O_EXCL},     {"O_TRUNC", O_TRUNC},   {"O_APPEND", O_APPEND}, {"F_OK", F_OK},
    {"R_OK", R_OK},         {"W_OK", W_OK},         {"X_OK", X_OK},
};

}  // namespace

Result<Done> fill_posix(ThreadState& thread, Borrowed<Module> module) {
  TRY_ASSIGN(Ref<Dict> variables, environment(thread));
  TRY(set_in_module(thread, module, "environ", variables));
  TRY_ASSIGN(Ref<Type> status_type,
             new_struct_sequence_type(thread, "os", "stat_result", kStatusFields));
  TRY(set_in_module(thread, module, "stat_result", status_type));
  TRY_ASSIGN(Ref<Type> uname_type,
             new_struct_sequence_type(thread, "posix", "uname_result", kUnameFields));
  TRY(set_in_module(thread, module, "uname_result", uname_type));
  for (const Number& number : kNumbers) {
    TRY(set_in_module(thread, module, number.name, number.value));
  }
  return add_functions(thread, module, kFunctions);
}

}  // namespace runtime
