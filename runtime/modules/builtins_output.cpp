// print, input, open.
#include <string>
#include <unistd.h>

#include "runtime/interpreter/import.h"
#include "runtime/modules/builtins.h"
#include "runtime/modules/native_module.h"
#include "runtime/modules/standard_streams.h"
#include "runtime/modules/text_file.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

// `sep` or `end`: None and nothing mean `otherwise`.
Result<Ref<Str>> separator(ThreadState& thread, Object* given, const char* name,
                           std::string_view otherwise) {
  if (given == nullptr || is_none(given)) return new_str(thread, otherwise);
  if (!is_str(*given)) {
    return raise(thread, type_error_type, "{} must be None or a string, not {}", name,
                 type_name(Borrowed<Object>(given)));
  }
  return Ref<Str>::share(thread, as_str(Borrowed<Object>(given)));
}

Result<Done> write_to(ThreadState& thread, Borrowed<Object> file, Borrowed<Str> text) {
  if (is_text_file(*file)) {
    return write_text(thread, Borrowed<File>(static_cast<File*>(file.get())), text);
  }
  const Borrowed<Object> one[] = {text};
  TRY(call_method(thread, file, "write", Arguments(one)));
  return Done();
}

// A file of our own gets the whole line at once, any other piece by piece as CPython writes.
Result<Ref<Object>> builtin_print(ThreadState& thread, Borrowed<Object>,
                                  const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Str> between, separator(thread, arguments[0], "sep", " "));
  TRY_ASSIGN(Ref<Str> end, separator(thread, arguments[1], "end", "\n"));
  Ref<Object> file;
  if (arguments.has(2) && !is_none(arguments[2])) {
    file = Ref<Object>::share(thread, arguments.at(2));
  } else {
    TRY_ASSIGN(Ref<Object> output, standard_stream(thread, "stdout"));
    if (!output) return raise(thread, runtime_error_type, "lost sys.stdout");
    if (is_none(output.get())) return none();
    file = std::move(output);
  }
  const Arguments values = arguments.rest();
  if (is_text_file(*file)) {
    StrBuilder line(thread);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) line.append(*between);
      TRY_ASSIGN(Ref<Str> text, str_of(thread, values[i]));
      line.append(*text);
    }
    line.append(*end);
    TRY_ASSIGN(Ref<Str> text, line.finish());
    TRY(write_to(thread, file, text));
  } else {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) TRY(write_to(thread, file, between));
      TRY_ASSIGN(Ref<Str> text, str_of(thread, values[i]));
      TRY(write_to(thread, file, text));
    }
    TRY(write_to(thread, file, end));
  }
  if (arguments.has(3)) {
    TRY_ASSIGN(bool flushes, is_true(thread, arguments.at(3)));
    if (flushes) TRY(call_method(thread, file, "flush", {}));
  }
  return none();
}

Result<Ref<Object>> builtin_input(ThreadState& thread, Borrowed<Object>,
                                  const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> input, standard_stream(thread, "stdin"));
  if (!input) return raise(thread, runtime_error_type, "input(): lost sys.stdin");
  TRY_ASSIGN(Ref<Object> output, standard_stream(thread, "stdout"));
  if (!output) return raise(thread, runtime_error_type, "input(): lost sys.stdout");
  if (arguments.has(0)) {
    TRY_ASSIGN(Ref<Str> prompt, str_of(thread, arguments.at(0)));
    TRY(write_to(thread, output, prompt));
  }
  TRY(call_method(thread, output, "flush", {}));
  TRY_ASSIGN(Ref<Object> line, call_method(thread, input, "readline", {}));
  if (!is_str(*line)) {
    return raise(thread, type_error_type, "object.readline() returned non-string");
  }
  const Borrowed<Str> text = as_str(line);
  if (text->length == 0) return raise(thread, eof_error_type, "EOF when reading a line");
  if (text->at(text->length - 1) != '\n') return line;
  return substring(thread, text, 0, text->length - 1);
}

constexpr NativeMethod kFunctions[] = {
    {"print(*args, sep?, end?, file?, flush?)", &builtin_print, "Writes its arguments and an end."},
    {"input(prompt?, /)", &builtin_input},
};

}  // namespace

std::span<const NativeMethod> output_builtins() { return kFunctions; }

}  // namespace runtime
