// The module _io: open(). The rest of io is Python text.
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/modules/native_module.h"
#include "runtime/modules/os_error.h"
#include "runtime/modules/text_file.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/threads/attach.h"

namespace runtime {

namespace {

struct OpenMode {
  FileMode how;
  int flags = 0;
};

Result<OpenMode> parse_mode(ThreadState& thread, const std::string& mode) {
  OpenMode parsed;
  char kind = 0;
  bool updates = false;
  bool is_binary = false;
  bool is_text = false;
  for (char letter : mode) {
    const bool names_kind = letter == 'r' || letter == 'w' || letter == 'a' || letter == 'x';
    if (names_kind && kind != 0) {
      return raise(thread, value_error_type,
                   "must have exactly one of create/read/write/append mode");
    }
    if (names_kind) {
      kind = letter;
    } else if (letter == '+' && !updates) {
      updates = true;
    } else if (letter == 'b' && !is_binary) {
      is_binary = true;
    } else if (letter == 't' && !is_text) {
      is_text = true;
    } else {
      return raise(thread, value_error_type, "invalid mode: '{}'", mode);
    }
  }
  if (is_binary && is_text) {
    return raise(thread, value_error_type, "can't have text and binary mode at once");
  }
  if (kind == 0) {
    return raise(thread, value_error_type,
                 "Must have exactly one of create/read/write/append mode and at most one plus");
  }
  parsed.how.is_text = !is_binary;
  parsed.how.reads = kind == 'r' || updates;
  parsed.how.writes = kind != 'r' || updates;
  parsed.flags = parsed.how.reads ? (parsed.how.writes ? O_RDWR : O_RDONLY) : O_WRONLY;
  if (kind == 'w') parsed.flags |= O_CREAT | O_TRUNC;
  if (kind == 'a') parsed.flags |= O_CREAT | O_APPEND;
  if (kind == 'x') parsed.flags |= O_CREAT | O_EXCL;
  return parsed;
}

Result<std::string> text_argument(ThreadState& thread, Object* argument, const char* name,
                                  const char* otherwise) {
  if (argument == nullptr || is_none(argument)) return std::string(otherwise);
  if (!is_str(*argument)) {
    return raise(thread, type_error_type, "open() argument '{}' must be str, not {}", name,
                 type_name(Borrowed<Object>(argument)));
  }
  return utf8_of(*as_str(Borrowed<Object>(argument)));
}

// open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True)
Result<Ref<Object>> open_file(ThreadState& thread, Borrowed<Object>,
                              const BoundArguments& arguments) {
  TRY_ASSIGN(std::string mode, text_argument(thread, arguments[1], "mode", "r"));
  TRY_ASSIGN(OpenMode parsed, parse_mode(thread, mode));
  TRY_ASSIGN(std::string encoding, text_argument(thread, arguments[3], "encoding", "utf-8"));
  TRY_ASSIGN(std::string errors, text_argument(thread, arguments[4], "errors", "strict"));
  TRY_ASSIGN(std::string newline, text_argument(thread, arguments[5], "newline", "any"));
  parsed.how.keeps_line_ends = newline != "any";
  if (arguments.has(2) && is_int(*arguments.at(2))) {
    parsed.how.flushes_lines = clipped_int64_of(*as_int(arguments.at(2))) == 1;
    parsed.how.flushes_always = clipped_int64_of(*as_int(arguments.at(2))) == 0;
  }
  int descriptor = -1;
  if (is_int(*arguments.at(0))) {
    TRY_ASSIGN(std::int64_t number, checked_index_of(thread, arguments.at(0), overflow_error_type));
    if (number < 0) return raise(thread, value_error_type, "negative file descriptor");
    descriptor = static_cast<int>(number);
    if (arguments.has(6)) {
      TRY_ASSIGN(const bool closes, is_true(thread, arguments.at(6)));
      parsed.how.closes_descriptor = closes;
    }
  } else {
    TRY_ASSIGN(std::string path, path_of(thread, arguments.at(0)));
    int error = 0;
    {
      Detached detached(thread);
      descriptor = ::open(path.c_str(), parsed.flags | O_CLOEXEC, 0666);
      error = errno;
      struct stat status {};
      if (descriptor >= 0 && ::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
        ::close(descriptor);
        descriptor = -1;
        error = EISDIR;
      }
    }
    if (descriptor < 0) return raise_os_error(thread, error, path);
  }
  return new_file(thread, descriptor, parsed.how, arguments.at(0), mode, encoding, errors);
}

constexpr NativeMethod kFunctions[] = {
    {"open(file, mode?, buffering?, encoding?, errors?, newline?, closefd?)", &open_file,
     "Opens a file of the system."},
};

}  // namespace

Result<Done> fill_io(ThreadState& thread, Borrowed<Module> module) {
  TRY(set_in_module(thread, module, "TextIOWrapper", Borrowed<Object>(&text_file_type)));
  TRY(set_in_module(thread, module, "BufferedRandom", Borrowed<Object>(&binary_file_type)));
  TRY(set_in_module(thread, module, "DEFAULT_BUFFER_SIZE", 8192));
  return add_functions(thread, module, kFunctions);
}

}  // namespace runtime
