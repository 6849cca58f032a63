#include "runtime/modules/standard_streams.h"

#include <unistd.h>

#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/modules/text_file.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"

namespace runtime {

Result<Ref<Object>> standard_stream(ThreadState& thread, std::string_view name) {
  TRY_ASSIGN(Ref<Str> sys, intern(thread, "sys"));
  TRY_ASSIGN(Ref<Object> module, dict_get(thread, Interpreter::of(thread).modules(), sys));
  if (!module) return Ref<Object>();
  return find_attribute(thread, module, name);
}

void write_to_stderr(ThreadState& thread, std::string_view text) {
  const auto write = [&]() -> Result<Done> {
    TRY_ASSIGN(Ref<Object> stream, standard_stream(thread, "stderr"));
    if (!stream || is_none(stream.get())) return raise_empty(thread, runtime_error_type);
    TRY_ASSIGN(Ref<Str> words, new_str(thread, text));
    const Borrowed<Object> one[] = {Borrowed<Object>(words)};
    TRY(call_method(thread, stream, "write", Arguments(one)));
    return Done();
  };
  Result<Done> written = write();
  if (!written.is_raised()) return;
  (void)std::move(written).raised();
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t count = ::write(2, rest.data(), rest.size());
    if (count <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

bool flush_standard_streams(ThreadState& thread) {
  bool all_well = true;
  for (const char* name : {"stdout", "stderr"}) {
    const auto flush = [&]() -> Result<Done> {
      TRY_ASSIGN(Ref<Object> stream, standard_stream(thread, name));
      if (!stream || is_none(stream.get())) return Done();
      if (is_text_file(*stream)) {
        return flush_file(thread, Borrowed<File>(static_cast<File*>(stream.get())));
      }
      TRY(call_method(thread, stream, "flush", {}));
      return Done();
    };
    Result<Done> flushed = flush();
    if (flushed.is_raised()) {
      (void)std::move(flushed).raised();
      all_well = false;
    }
  }
  return all_well;
}

}  // namespace runtime
