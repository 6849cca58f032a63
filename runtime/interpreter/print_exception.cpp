#include "runtime/interpreter/print_exception.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <vector>

#include "runtime/compiler/code_object.h"
#include "runtime/interpreter/carets.h"
#include "runtime/interpreter/frame_object.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/interpreter/source_texts.h"
#include "runtime/interpreter/traceback_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"
#include "runtime/types/exception_fields.h"
#include "runtime/types/type_body.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

// As many equal entries are shown before they are counted.
constexpr unsigned kShownRepetitions = 3;

Borrowed<ExceptionObject> exception_of(Borrowed<Object> object) {
  return Borrowed<ExceptionObject>(static_cast<ExceptionObject*>(object.get()));
}

std::string stripped(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\f\r\n");
  if (begin == std::string_view::npos) return "";
  return std::string(line.substr(begin, line.find_last_not_of(" \t\f\r\n") + 1 - begin));
}

std::optional<std::string> text_of_line(std::istream& stream, int line) {
  std::string text;
  for (int i = 1; std::getline(stream, text); ++i) {
    if (i == line) return text;
  }
  return std::nullopt;
}

// One entry of a traceback as it is compared and shown.
struct Entry {
  std::string file;
  std::string name;
  int line;
  CodePosition position;
};

Entry entry_of(ThreadState& thread, Borrowed<TracebackObject> traceback) {
  const Borrowed<FrameObject> frame(static_cast<FrameObject*>(traceback->frame));
  Ref<Code> code;
  {
    FrameAccess access(thread, frame);
    code = Ref<Code>::share(thread, Borrowed<Code>(&access->its_code()));
  }
  Entry entry{utf8_of(*code->file_name), utf8_of(*code->name), traceback->line, {}};
  if (traceback->last_instruction >= 0) {
    entry.position =
        position_of(*code, static_cast<std::uint32_t>(traceback->last_instruction) / 2);
  }
  return entry;
}

std::string shown(ThreadState& thread, const Entry& entry) {
  std::string text = fmt::format("  File \"{}\", line {}, in {}\n", entry.file,
                                 entry.line < 0 ? "None" : std::to_string(entry.line), entry.name);
  if (entry.line <= 0) return text;
  const std::string line = source_line(thread, entry.file, entry.line);
  const std::string bare = stripped(line);
  if (bare.empty()) return text;
  text += "    " + bare + "\n";
  if (static_cast<int>(entry.position.line) != entry.line) return text;
  const std::string marks = carets_for(line, entry.position);
  if (!marks.empty()) text += "    " + marks + "\n";
  return text;
}

std::string repeated(unsigned count) {
  const unsigned more = count - kShownRepetitions;
  return fmt::format("  [Previous line repeated {} more time{}]\n", more, more == 1 ? "" : "s");
}

// "m.C" as the last line begins with.
std::string type_text(ThreadState& thread, Borrowed<Object> exception) {
  const Borrowed<Type> type(exception->type);
  if (!has_body(*type)) return type->slots.name;
  const std::string name = utf8_of(*qualified_name_of(thread, type));
  Result<Ref<Object>> module = module_name_of(thread, type);
  if (module.is_raised() || !is_str(*module.value())) return "<unknown>." + name;
  const std::string module_text = utf8_of(*as_str(module.value()));
  if (module_text == "builtins" || module_text == "__main__") return name;
  return module_text + "." + name;
}

std::string str_text(ThreadState& thread, Borrowed<Object> exception) {
  Result<Ref<Str>> text = str_of(thread, exception);
  if (text.is_raised()) return "<exception str() failed>";
  return utf8_of(*text.value());
}

// -- SyntaxError --

struct SyntaxPlace {
  std::optional<std::string> file, text, message;
  std::optional<std::int64_t> line, offset, end_line, end_offset;
};

std::optional<std::string> text_detail(ThreadState& thread, Borrowed<Object> exception,
                                       const char* name) {
  Result<Ref<Object>> found = find_attribute(thread, exception, name);
  if (found.is_raised() || !found.value() || !is_str(*found.value())) return std::nullopt;
  return utf8_of(*as_str(found.value()));
}
std::optional<std::int64_t> number_detail(ThreadState& thread, Borrowed<Object> exception,
                                          const char* name) {
  Result<Ref<Object>> found = find_attribute(thread, exception, name);
  if (found.is_raised() || !found.value() || !is_int(*found.value())) return std::nullopt;
  return int64_of(*as_int(found.value()));
}

SyntaxPlace syntax_place(ThreadState& thread, Borrowed<Object> exception) {
  return SyntaxPlace{
      .file = text_detail(thread, exception, "filename"),
      .text = text_detail(thread, exception, "text"),
      .message = text_detail(thread, exception, "msg"),
      .line = number_detail(thread, exception, "lineno"),
      .offset = number_detail(thread, exception, "offset"),
      .end_line = number_detail(thread, exception, "end_lineno"),
      .end_offset = number_detail(thread, exception, "end_offset"),
  };
}

std::string syntax_text(const SyntaxPlace& place) {
  std::string line = *place.text;
  while (!line.empty() && line.back() == '\n') line.pop_back();
  const std::size_t begin = std::min(line.find_first_not_of(" \n\f"), line.size());
  const std::string bare = line.substr(begin);
  std::string text = "    " + bare + "\n";
  if (!place.offset) return text;
  const auto size = static_cast<std::int64_t>(line.size());
  const std::int64_t spaces = static_cast<std::int64_t>(begin);
  std::int64_t offset = *place.offset;
  std::int64_t end = place.end_offset.value_or(0);
  if (place.line == place.end_line) {
    if (end == 0) end = offset;
  } else {
    end = size + 1;
  }
  if (offset > size) {
    offset = size + 1;
    end = std::max(end, offset);
  }
  if (offset >= end || end < 0) end = offset + 1;
  const std::int64_t column = offset - 1 - spaces;
  const std::int64_t end_column = end - 1 - spaces;
  if (column < 0) return text;
  std::string marks;
  for (std::int64_t i = 0; i < column; ++i) {
    const char at =
        i < static_cast<std::int64_t>(bare.size()) ? bare[static_cast<std::size_t>(i)] : ' ';
    marks += at == '\t' || at == '\f' ? at : ' ';
  }
  marks +=
      std::string(static_cast<std::size_t>(std::max<std::int64_t>(end_column - column, 1)), '^');
  return text + "    " + marks + "\n";
}

std::string format_syntax_error(ThreadState& thread, Borrowed<Object> exception) {
  const SyntaxPlace place = syntax_place(thread, exception);
  std::string text;
  std::string suffix;
  if (place.line) {
    text += fmt::format("  File \"{}\", line {}\n", place.file.value_or("<string>"), *place.line);
    if (place.text) text += syntax_text(place);
  } else if (place.file) {
    suffix = fmt::format(" ({})", *place.file);
  }
  return text + fmt::format("{}: {}{}\n", type_text(thread, exception),
                            place.message.value_or("<no detail available>"), suffix);
}

std::string notes_text(ThreadState& thread, Borrowed<Object> exception) {
  Result<Ref<Object>> notes = find_attribute(thread, exception, Names::of(thread).dunder_notes());
  if (notes.is_raised() || !notes.value() || is_none(notes.value().get())) return "";
  Result<Ref<Object>> iterator = get_iterator(thread, notes.value());
  if (iterator.is_raised() || is_str(*notes.value())) {
    Result<Ref<Str>> shown_notes = repr_of(thread, notes.value());
    return (shown_notes.is_raised() ? "<__notes__ repr() failed>" : utf8_of(*shown_notes.value())) +
           "\n";
  }
  std::string text;
  for (;;) {
    Result<Ref<Object>> note = next_of(thread, iterator.value());
    if (note.is_raised() || !note.value()) return text;
    Result<Ref<Str>> shown_note = str_of(thread, note.value());
    text += (shown_note.is_raised() ? "<note str() failed>" : utf8_of(*shown_note.value())) + "\n";
  }
}

// The exception that is to be shown before this one, and the sentence between them.
Ref<Object> earlier(ThreadState& thread, Borrowed<Object> exception, const char** sentence) {
  if (Ref<Object> cause = exception_cause(thread, exception_of(exception))) {
    *sentence = "\nThe above exception was the direct cause of the following exception:\n\n";
    return cause;
  }
  if (suppresses_context(thread, exception_of(exception))) return nullptr;
  *sentence = "\nDuring handling of the above exception, another exception occurred:\n\n";
  return exception_context(thread, exception_of(exception));
}

}  // namespace

void remember_source(ThreadState& thread, std::string_view file, std::string_view text) {
  Interpreter::of(thread).source_texts().remember(file, text);
}

std::string source_line(ThreadState& thread, std::string_view file, int line) {
  if (const std::optional<std::string> known = Interpreter::of(thread).source_texts().find(file)) {
    std::size_t begin = 0;
    for (int i = 1; i < line && begin != std::string::npos; ++i) {
      begin = known->find('\n', begin);
      if (begin != std::string::npos) ++begin;
    }
    if (begin == std::string::npos) return "";
    return known->substr(begin, known->find('\n', begin) - begin);
  }
  std::ifstream stream{std::string(file)};
  if (!stream) return "";
  return text_of_line(stream, line).value_or("");
}

std::string format_traceback(ThreadState& thread, Object* traceback) {
  std::string text;
  std::optional<Entry> last;
  unsigned count = 0;
  Ref<Object> cursor;
  if (traceback != nullptr && is_traceback(*traceback)) {
    cursor = Ref<Object>::share(thread, Borrowed<Object>(traceback));
  }
  while (cursor) {
    const Borrowed<TracebackObject> entry_object(static_cast<TracebackObject*>(cursor.get()));
    const Entry entry = entry_of(thread, entry_object);
    if (!last || last->file != entry.file || last->line != entry.line || last->name != entry.name) {
      if (count > kShownRepetitions) text += repeated(count);
      count = 0;
      last = entry;
    }
    if (++count <= kShownRepetitions) text += shown(thread, entry);
    cursor = read_field(thread, entry_object, entry_object->next);
  }
  if (count > kShownRepetitions) text += repeated(count);
  return text;
}

std::string format_exception_only(ThreadState& thread, Borrowed<Object> exception) {
  std::string text;
  if (is_instance(*exception, syntax_error_type)) {
    text = format_syntax_error(thread, exception);
  } else {
    const std::string told = str_text(thread, exception);
    text = type_text(thread, exception) + (told.empty() ? "" : ": " + told) + "\n";
  }
  return text + notes_text(thread, exception);
}

std::string format_exception(ThreadState& thread, Borrowed<Object> exception) {
  // From the last to the first, each once.
  std::vector<Ref<Object>> chain;
  std::vector<const char*> sentences;
  chain.push_back(Ref<Object>::share(thread, exception));
  for (;;) {
    const char* sentence = "";
    Ref<Object> before = earlier(thread, chain.back(), &sentence);
    if (!before || !is_exception(before)) break;
    const bool is_known = std::any_of(chain.begin(), chain.end(), [&](const Ref<Object>& known) {
      return known.get() == before.get();
    });
    if (is_known) break;
    sentences.push_back(sentence);
    chain.push_back(std::move(before));
  }
  std::string text;
  for (std::size_t i = chain.size(); i > 0; --i) {
    const Ref<Object>& one = chain[i - 1];
    if (Ref<Object> traceback = exception_traceback(thread, exception_of(one))) {
      text += "Traceback (most recent call last):\n" + format_traceback(thread, traceback.get());
    }
    text += format_exception_only(thread, one);
    if (i > 1) text += sentences[i - 2];
  }
  return text;
}

void print_exception(ThreadState& thread, Borrowed<Object> exception, WriteText write,
                     void* context) {
  write(context, format_exception(thread, exception));
}

}  // namespace runtime
