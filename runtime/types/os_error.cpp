#include <cerrno>
#include <string>
#include <utility>

#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/exception_detail_attribute.h"
#include "runtime/types/exception_kinds.h"
#include "runtime/types/exception_methods.h"

namespace runtime {

namespace {

// OSError(errno, strerror[, filename[, winerror[, filename2]]]): with two to five arguments they are
// more than arguments.
bool tells_more(Arguments arguments) { return arguments.size() >= 2 && arguments.size() <= 5; }

Result<Done> fill(ThreadState& thread, Borrowed<Object> self, Arguments arguments) {
  if (!tells_more(arguments)) return store_arguments(thread, self, arguments);
  const Names& names = Names::of(thread);
  TRY(set_exception_detail(thread, self, names.errno_(), arguments[0].get()));
  TRY(set_exception_detail(thread, self, names.strerror(), arguments[1].get()));
  const bool has_filename = arguments.size() > 2 && !is_none(arguments[2].get());
  if (has_filename) {
    TRY(set_exception_detail(thread, self, names.filename(), arguments[2].get()));
  }
  if (arguments.size() == 5) {
    TRY(set_exception_detail(thread, self, names.filename2(), arguments[4].get()));
  }
  return store_arguments(thread, self, has_filename ? arguments.first(2) : arguments);
}

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Type> type, const CallArguments& arguments) {
  Borrowed<Type> chosen = type;
  if (type.get() == &os_error_type && tells_more(arguments.positional) &&
      is_int(*arguments.positional[0])) {
    if (const auto number = int64_of(*as_int(arguments.positional[0]))) {
      chosen = Borrowed<Type>(&os_error_type_of(*number));
    }
  }
  TRY_ASSIGN(Ref<Object> made, make_exception(thread, chosen, arguments));
  TRY(fill(thread, made, arguments.positional));
  return made;
}

Result<Done> initialize(ThreadState& thread, Borrowed<Object> self,
                        const CallArguments& arguments) {
  if (!arguments.named.empty()) {
    return raise(thread, type_error_type, "{}() takes no keyword arguments", type_name(self));
  }
  return fill(thread, self, arguments.positional);
}

Result<std::string> text_of(ThreadState& thread, Borrowed<Object> object, bool quoted) {
  TRY_ASSIGN(Ref<Str> text, quoted ? repr_of(thread, object) : str_of(thread, object));
  return utf8_of(*text);
}

// "[Errno 2] No such file or directory: 'x' -> 'y'"
Result<Ref<Str>> str(ThreadState& thread, Borrowed<Object> self) {
  const Names& names = Names::of(thread);
  TRY_ASSIGN(Ref<Object> number, exception_detail(thread, self, names.errno_()));
  TRY_ASSIGN(Ref<Object> reason, exception_detail(thread, self, names.strerror()));
  TRY_ASSIGN(Ref<Object> filename, exception_detail(thread, self, names.filename()));
  TRY_ASSIGN(Ref<Object> filename2, exception_detail(thread, self, names.filename2()));
  const bool has_filename = !is_none(filename.get());
  if (!has_filename && (is_none(number.get()) || is_none(reason.get()))) {
    return protocol_of(exception_type).str(thread, self);
  }
  TRY_ASSIGN(std::string number_text, text_of(thread, number, false));
  TRY_ASSIGN(std::string reason_text, text_of(thread, reason, false));
  std::string text = "[Errno " + number_text + "] " + reason_text;
  if (has_filename) {
    TRY_ASSIGN(std::string name, text_of(thread, filename, true));
    text += ": " + name;
    if (!is_none(filename2.get())) {
      TRY_ASSIGN(std::string other, text_of(thread, filename2, true));
      text += " -> " + other;
    }
  }
  return new_str(thread, text);
}

constexpr NativeAttribute kAttributes[] = {
    detail_row<&Names::errno_>("errno"),
    detail_row<&Names::strerror>("strerror"),
    detail_row<&Names::filename>("filename"),
    detail_row<&Names::filename2>("filename2"),
    detail_row<&Names::characters_written>("characters_written"),
};

}  // namespace

const ExceptionKind os_error_kind{
    .make = &make, .initialize = &initialize, .str = &str, .attributes = kAttributes};

// https://docs.python.org/3/library/exceptions.html#os-exceptions
Type& os_error_type_of(std::int64_t number) {
  switch (number) {
    case EAGAIN:
    case EALREADY:
    case EINPROGRESS:
      return blocking_io_error_type;
    case EPIPE:
    case ESHUTDOWN:
      return broken_pipe_error_type;
    case ECHILD:
      return child_process_error_type;
    case ECONNABORTED:
      return connection_aborted_error_type;
    case ECONNREFUSED:
      return connection_refused_error_type;
    case ECONNRESET:
      return connection_reset_error_type;
    case EEXIST:
      return file_exists_error_type;
    case ENOENT:
      return file_not_found_error_type;
    case EISDIR:
      return is_a_directory_error_type;
    case ENOTDIR:
      return not_a_directory_error_type;
    case EINTR:
      return interrupted_error_type;
    case EACCES:
    case EPERM:
      return permission_error_type;
    case ESRCH:
      return process_lookup_error_type;
    case ETIMEDOUT:
      return timeout_error_type;
    default:
      return os_error_type;
  }
}

Result<Ref<Object>> new_os_error(ThreadState& thread, Borrowed<Object> number,
                                 Borrowed<Object> text, Object* filename) {
  const Borrowed<Object> all[] = {number, text,
                                  Borrowed<Object>(filename == nullptr ? &none_object : filename)};
  const Arguments arguments = Arguments(all).first(filename == nullptr ? 2 : 3);
  return make(thread, Borrowed<Type>(&os_error_type), CallArguments{.positional = arguments});
}

}  // namespace runtime
