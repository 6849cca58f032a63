#include "runtime/modules/text_file.h"

#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <unistd.h>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/list_object.h"
#include "runtime/methods/text_codec.h"
#include "runtime/modules/os_error.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/threads/attach.h"
#include "runtime/types/attributes.h"
#include "runtime/types/native.h"

namespace runtime {

// All but `mutex` and the constants is guarded by the mutex.
struct FileState {
  Mutex mutex;
  int descriptor = -1;  // -1: closed
  FileMode how;         // constant
  std::string mode;     // constant
  std::string encoding;
  std::string errors;
  Ref<Object> name;    // constant
  std::string unread;  // octets; [taken, size)
  std::size_t taken = 0;
  bool is_at_end = false;
  std::string unwritten;
};

namespace {

constexpr std::size_t kBufferBytes = 8192;

FileState& state_of(Borrowed<Object> self) { return *static_cast<File*>(self.get())->state; }

Raised raise_closed(ThreadState& thread) {
  return raise(thread, value_error_type, "I/O operation on closed file.");
}

// In the mutex: passes all on. 0 or errno.
int flush_locked(ThreadState& thread, FileState& state) {
  std::string octets = std::exchange(state.unwritten, {});
  const int descriptor = state.descriptor;
  Detached detached(thread);
  std::string_view rest = octets;
  while (!rest.empty()) {
    const ssize_t count = ::write(descriptor, rest.data(), rest.size());
    if (count < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

// In the mutex: reads more; false at the end of the file. `error`: errno.
bool read_more_locked(ThreadState& thread, FileState& state, int* error) {
  if (state.is_at_end) return false;
  char buffer[kBufferBytes];
  ssize_t count = 0;
  const int descriptor = state.descriptor;
  {
    Detached detached(thread);
    do {
      count = ::read(descriptor, buffer, sizeof(buffer));
    } while (count < 0 && errno == EINTR);
    if (count < 0) *error = errno;
  }
  if (count <= 0) {
    state.is_at_end = count == 0 && !::isatty(descriptor);
    return false;
  }
  if (state.taken > 0) {
    state.unread.erase(0, state.taken);
    state.taken = 0;
  }
  state.unread.append(buffer, static_cast<std::size_t>(count));
  return true;
}

Result<Done> write_octets(ThreadState& thread, Borrowed<File> file, std::string_view octets) {
  FileState& state = *file->state;
  int error = 0;
  bool is_closed = false;
  {
    MutexGuard guard(thread, state.mutex);
    is_closed = state.descriptor < 0;
    if (!is_closed) {
      state.unwritten.append(octets);
      const bool must = state.how.flushes_always || state.unwritten.size() >= kBufferBytes ||
                        (state.how.flushes_lines && octets.find('\n') != std::string_view::npos);
      if (must) error = flush_locked(thread, state);
    }
  }
  if (is_closed) return raise_closed(thread);
  if (error != 0) return raise_os_error(thread, error);
  return Done();
}

// The octets up to `most` (all: npos), or to the end of the line.
struct Taken {
  std::string octets;
  int error = 0;
  bool is_closed = false;
};

Taken take_octets(ThreadState& thread, FileState& state, std::size_t most, bool one_line) {
  Taken taken;
  std::optional<MutexGuard> guard;
  if (!RT_MUTANT(file_read_without_mutex)) guard.emplace(thread, state.mutex);
  taken.is_closed = state.descriptor < 0;
  if (taken.is_closed) return taken;
  if (!state.unwritten.empty()) taken.error = flush_locked(thread, state);
  std::size_t searched = 0;
  while (taken.error == 0) {
    const std::string_view there = std::string_view(state.unread).substr(state.taken);
    std::size_t count = there.size() < most ? std::string_view::npos : most;
    if (one_line) {
      const std::size_t end = there.find('\n', searched);
      if (end != std::string_view::npos && end + 1 <= most) count = end + 1;
      searched = there.size();
    }
    if (count != std::string_view::npos) {
      taken.octets = there.substr(0, count);
      state.taken += count;
      return taken;
    }
    const std::size_t before = there.size();
    if (!read_more_locked(thread, state, &taken.error)) {
      if (taken.error != 0) break;
      taken.octets = std::string_view(state.unread).substr(state.taken, before);
      state.taken += before;
      return taken;
    }
  }
  return taken;
}

std::string with_plain_line_ends(std::string octets) {
  if (octets.find('\r') == std::string::npos) return octets;
  std::string plain;
  plain.reserve(octets.size());
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (octets[i] != '\r') {
      plain += octets[i];
    } else if (i + 1 == octets.size() || octets[i + 1] != '\n') {
      plain += '\n';
    }
  }
  return plain;
}

Result<Ref<Object>> given(ThreadState& thread, FileState& state, Taken taken) {
  if (taken.is_closed) return raise_closed(thread);
  if (taken.error != 0) return raise_os_error(thread, taken.error);
  if (!state.how.is_text) return new_bytes(thread, taken.octets);
  if (!state.how.keeps_line_ends) taken.octets = with_plain_line_ends(std::move(taken.octets));
  return decode_text(thread, taken.octets, state.encoding, state.errors);
}

Result<Done> check_can_read(ThreadState& thread, const FileState& state) {
  if (state.how.reads) return Done();
  return raise(thread, os_error_type, "not readable");
}

Result<std::size_t> size_argument(ThreadState& thread, const BoundArguments& arguments) {
  if (!arguments.has(0) || is_none(arguments[0])) return std::string::npos;
  TRY_ASSIGN(std::int64_t size, checked_index_of(thread, arguments.at(0), overflow_error_type));
  return size < 0 ? std::string::npos : static_cast<std::size_t>(size);
}

// -- methods --

Result<Ref<Object>> read_method(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments) {
  FileState& state = state_of(self);
  TRY(check_can_read(thread, state));
  TRY_ASSIGN(std::size_t size, size_argument(thread, arguments));
  Taken taken = take_octets(thread, state, size, false);
  if (state.how.is_text && size != std::string::npos) {
    // Whole characters: a code point that begins is read to its end.
    const auto is_middle = [](char octet) {
      return (static_cast<unsigned char>(octet) & 0xC0) == 0x80;
    };
    for (int i = 0; i < 3 && !taken.octets.empty(); ++i) {
      std::string next;
      {
        MutexGuard guard(thread, state.mutex);
        if (state.taken >= state.unread.size() || !is_middle(state.unread[state.taken])) break;
        next = state.unread[state.taken++];
      }
      taken.octets += next;
    }
  }
  return given(thread, state, std::move(taken));
}

Result<Ref<Object>> readline_method(ThreadState& thread, Borrowed<Object> self,
                                    const BoundArguments& arguments) {
  FileState& state = state_of(self);
  TRY(check_can_read(thread, state));
  TRY_ASSIGN(std::size_t size, size_argument(thread, arguments));
  return given(thread, state, take_octets(thread, state, size, true));
}

Result<Ref<Object>> next_line(ThreadState& thread, Borrowed<Object> self) {
  FileState& state = state_of(self);
  TRY(check_can_read(thread, state));
  Taken taken = take_octets(thread, state, std::string::npos, true);
  if (taken.error == 0 && !taken.is_closed && taken.octets.empty()) return Ref<Object>();
  return given(thread, state, std::move(taken));
}

Result<Ref<Object>> readlines_method(ThreadState& thread, Borrowed<Object> self,
                                     const BoundArguments&) {
  TRY_ASSIGN(Ref<List> lines, new_list(thread));
  for (;;) {
    TRY_ASSIGN(Ref<Object> line, next_line(thread, self));
    if (!line) return lines;
    TRY(list_append(thread, lines, std::move(line)));
  }
}

Result<Ref<Object>> write_method(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  const Borrowed<File> file(static_cast<File*>(self.get()));
  if (!file->state->how.writes) return raise(thread, os_error_type, "not writable");
  const Borrowed<Object> text = arguments.at(0);
  if (file->state->how.is_text) {
    if (!is_str(*text)) {
      return raise(thread, type_error_type, "write() argument must be str, not {}",
                   type_name(text));
    }
    TRY(write_text(thread, file, as_str(text)));
    return new_int(thread, as_str(text)->length);
  }
  if (!is_bytes(*text)) {
    return raise(thread, type_error_type, "a bytes-like object is required, not '{}'",
                 type_name(text));
  }
  TRY(write_octets(thread, file, as_bytes(text)->view()));
  return new_int(thread, as_bytes(text)->length);
}

Result<Ref<Object>> writelines_method(ThreadState& thread, Borrowed<Object> self,
                                      const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> lines, get_iterator(thread, arguments.at(0)));
  for (;;) {
    TRY_ASSIGN(Ref<Object> line, next_of(thread, lines));
    if (!line) return none();
    const Borrowed<Object> one[] = {Borrowed<Object>(line)};
    TRY(call_method(thread, self, "write", Arguments(one)));
  }
}

Result<Ref<Object>> flush_method(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  FileState& state = state_of(self);
  int error = 0;
  bool is_closed = false;
  {
    MutexGuard guard(thread, state.mutex);
    is_closed = state.descriptor < 0;
    if (!is_closed) error = flush_locked(thread, state);
  }
  if (is_closed) return raise_closed(thread);
  if (error != 0) return raise_os_error(thread, error);
  return none();
}

// 0 or errno.
int close_locked(ThreadState& thread, FileState& state) {
  if (state.descriptor < 0) return 0;
  const int error = flush_locked(thread, state);
  const int descriptor = std::exchange(state.descriptor, -1);
  if (state.how.closes_descriptor) ::close(descriptor);
  return error;
}

Result<Ref<Object>> close_method(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  FileState& state = state_of(self);
  int error = 0;
  {
    MutexGuard guard(thread, state.mutex);
    error = close_locked(thread, state);
  }
  if (error != 0) return raise_os_error(thread, error);
  return none();
}

Result<Ref<Object>> enter_method(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  FileState& state = state_of(self);
  bool is_closed = false;
  {
    MutexGuard guard(thread, state.mutex);
    is_closed = state.descriptor < 0;
  }
  if (is_closed) return raise_closed(thread);
  return Ref<Object>::share(thread, self);
}

Result<Ref<Object>> exit_method(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments) {
  return close_method(thread, self, arguments);
}

int descriptor_of(ThreadState& thread, FileState& state) {
  MutexGuard guard(thread, state.mutex);
  return state.descriptor;
}

Result<Ref<Object>> fileno_method(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments&) {
  const int descriptor = descriptor_of(thread, state_of(self));
  if (descriptor < 0) return raise_closed(thread);
  return new_int(thread, descriptor);
}

Result<Ref<Object>> isatty_method(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments&) {
  const int descriptor = descriptor_of(thread, state_of(self));
  if (descriptor < 0) return raise_closed(thread);
  return boolean(::isatty(descriptor) != 0);
}

Result<Ref<Object>> readable_method(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return boolean(state_of(self).how.reads);
}
Result<Ref<Object>> writable_method(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return boolean(state_of(self).how.writes);
}

// seek and tell in octets: of text too, where the number means nothing to a program anyway.
Result<Ref<Object>> seek_method(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t offset, checked_index_of(thread, arguments.at(0), overflow_error_type));
  std::int64_t whence = 0;
  if (arguments.has(1)) {
    TRY_ASSIGN(const std::int64_t given_whence,
               checked_index_of(thread, arguments.at(1), overflow_error_type));
    whence = given_whence;
  }
  FileState& state = state_of(self);
  off_t place = 0;
  int error = 0;
  bool is_closed = false;
  {
    MutexGuard guard(thread, state.mutex);
    is_closed = state.descriptor < 0;
    if (!is_closed) {
      error = flush_locked(thread, state);
      if (whence == SEEK_CUR) {
        offset -= static_cast<std::int64_t>(state.unread.size() - state.taken);
      }
      state.unread.clear();
      state.taken = 0;
      state.is_at_end = false;
      place = ::lseek(state.descriptor, offset, static_cast<int>(whence));
      if (place < 0) error = errno;
    }
  }
  if (is_closed) return raise_closed(thread);
  if (error != 0) return raise_os_error(thread, error);
  return new_int(thread, place);
}

Result<Ref<Object>> tell_method(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  FileState& state = state_of(self);
  off_t place = 0;
  int error = 0;
  {
    MutexGuard guard(thread, state.mutex);
    if (state.descriptor < 0) {
      error = EBADF;
    } else {
      place = ::lseek(state.descriptor, 0, SEEK_CUR);
      if (place < 0) {
        error = errno;
      } else {
        place += static_cast<off_t>(state.unwritten.size());
        place -= static_cast<off_t>(state.unread.size() - state.taken);
      }
    }
  }
  if (error != 0) return raise_os_error(thread, error);
  return new_int(thread, place);
}

Result<Ref<Str>> repr_of_file(ThreadState& thread, Borrowed<Object> self) {
  FileState& state = state_of(self);
  TRY_ASSIGN(Ref<Str> name, repr_of(thread, state.name));
  std::string text = state.how.is_text ? "<_io.TextIOWrapper name=" : "<_io.BufferedRandom name=";
  text += utf8_of(*name);
  if (state.how.is_text) {
    text += " mode='" + state.mode + "' encoding='" + state.encoding + "'";
  }
  return new_str(thread, text + ">");
}

// -- attributes --

Result<Ref<Object>> get_name(ThreadState& thread, Borrowed<Object> self) {
  return state_of(self).name.duplicate(thread);
}
Result<Ref<Object>> get_mode(ThreadState& thread, Borrowed<Object> self) {
  return new_str(thread, state_of(self).mode);
}
Result<Ref<Object>> get_encoding(ThreadState& thread, Borrowed<Object> self) {
  return new_str(thread, state_of(self).encoding);
}
Result<Ref<Object>> get_errors(ThreadState& thread, Borrowed<Object> self) {
  return new_str(thread, state_of(self).errors);
}
Result<Ref<Object>> get_closed(ThreadState& thread, Borrowed<Object> self) {
  return boolean(descriptor_of(thread, state_of(self)) < 0);
}
Result<Ref<Object>> get_line_buffering(ThreadState&, Borrowed<Object> self) {
  return boolean(state_of(self).how.flushes_lines);
}

void release_file(Object* object, DroppedFields& dropped) {
  FileState* state = std::exchange(static_cast<File*>(object)->state, nullptr);
  if (state == nullptr) return;
  // Nobody else has it: no mutex, and no detaching here, where objects end.
  std::string_view rest = state->unwritten;
  while (state->descriptor >= 0 && !rest.empty()) {
    const ssize_t count = ::write(state->descriptor, rest.data(), rest.size());
    if (count < 0 && errno != EINTR) break;
    if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
  }
  if (state->descriptor >= 0 && state->how.closes_descriptor) ::close(state->descriptor);
  dropped.take(state->name);
  delete state;
}

constexpr Protocol kFileProtocol{
    .repr = &repr_of_file,
    .iterate = &iterate_itself,
    .next = &next_line,
};

constexpr NativeMethod kMethods[] = {
    {"read(size?, /)", &read_method},
    {"readline(size?, /)", &readline_method},
    {"readlines()", &readlines_method},
    {"write(text, /)", &write_method},
    {"writelines(lines, /)", &writelines_method},
    {"flush()", &flush_method},
    {"close()", &close_method},
    {"fileno()", &fileno_method},
    {"isatty()", &isatty_method},
    {"readable()", &readable_method},
    {"writable()", &writable_method},
    {"seek(offset, whence?, /)", &seek_method},
    {"tell()", &tell_method},
    {"__enter__()", &enter_method},
    {"__exit__(*exception)", &exit_method},
};

constexpr NativeAttribute kAttributes[] = {
    {"name", &get_name},     {"mode", &get_mode},     {"encoding", &get_encoding},
    {"errors", &get_errors}, {"closed", &get_closed}, {"line_buffering", &get_line_buffering},
};

constexpr TypeSlots file_slots(const char* name) {
  return TypeSlots{.name = name,
                   .size = sizeof(File),
                   .release_fields = &release_file,
                   .protocol = &kFileProtocol};
}

}  // namespace

constinit Type text_file_type(file_slots("TextIOWrapper"));
constinit Type binary_file_type(file_slots("BufferedRandom"));

Result<Ref<File>> new_file(ThreadState& thread, int descriptor, const FileMode& how,
                           Borrowed<Object> name, std::string_view mode, std::string_view encoding,
                           std::string_view errors) {
  Ref<File> file = new_object<File>(thread, how.is_text ? text_file_type : binary_file_type);
  if (!file) return raise_out_of_memory(thread);
  auto* state = new FileState;
  state->descriptor = descriptor;
  state->how = how;
  state->mode = mode;
  state->encoding = encoding;
  state->errors = errors;
  state->name = Ref<Object>::share(thread, name);
  file->state = state;
  return file;
}

Result<Done> write_text(ThreadState& thread, Borrowed<File> file, Borrowed<Str> text) {
  const FileState& state = *file->state;
  if (text->is_ascii) {
    return write_octets(thread, file,
                        {reinterpret_cast<const char*>(text->bytes()), text->byte_count()});
  }
  TRY_ASSIGN(Ref<Bytes> octets, encode_text(thread, text, state.encoding, state.errors));
  return write_octets(thread, file, octets->view());
}

Result<Done> flush_file(ThreadState& thread, Borrowed<File> file) {
  int error = 0;
  {
    MutexGuard guard(thread, file->state->mutex);
    if (file->state->descriptor >= 0) error = flush_locked(thread, *file->state);
  }
  if (error != 0) return raise_os_error(thread, error);
  return Done();
}

Result<Done> open_file_types(ThreadState& thread) {
  TRY(open_type(thread, {.type = text_file_type,
                         .module = "_io",
                         .methods = kMethods,
                         .attributes = kAttributes,
                         .derivable = Derivable::kNo}));
  return open_type(thread, {.type = binary_file_type,
                            .module = "_io",
                            .methods = kMethods,
                            .attributes = kAttributes,
                            .derivable = Derivable::kNo});
}

}  // namespace runtime
