// "{0.name[key]!r:>{width}}".format(...): fields in braces.
//
// Ancestry: PEP 3101; CPython's Objects/stringlib/unicode_format.h.
#include "runtime/containers/dict_object.h"
#include "runtime/methods/format.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

// How fields are numbered is one decision for the whole text, nested fields included.
enum class Numbering { kUndecided, kAutomatic, kManual };

// Which part of the text of one level: [at, end).
struct Span {
  std::int64_t at;
  std::int64_t end;
};

class FieldFormatter {
 public:
  FieldFormatter(ThreadState& thread, Arguments positional, Object* named, bool named_only)
      : thread_(thread), positional_(positional), named_(named), named_only_(named_only) {}

  // `depth`: how many levels of fields there may be.
  Result<Ref<Str>> build(const Str& text, Span span, int depth) {
    if (depth < 0) return error("Max string recursion exceeded");
    StrBuilder built(thread_);
    while (span.at < span.end) {
      const CodePoint c = text.at(span.at++);
      if (c != '{' && c != '}') {
        built.append(c);
        continue;
      }
      const bool is_last = span.at >= span.end;
      if (!is_last && text.at(span.at) == c) {
        built.append(c);
        ++span.at;
        continue;
      }
      if (c == '}') return error("Single '}' encountered in format string");
      if (is_last) return error("Single '{' encountered in format string");
      TRY(append_field(text, span, depth, built));
    }
    return built.finish();
  }

 private:
  Raised error(const char* message) { return raise_text(thread_, value_error_type, message); }

  // Behind its opening brace; leaves `span` behind its closing one.
  Result<Done> append_field(const Str& text, Span& span, int depth, StrBuilder& built) {
    const std::int64_t start = span.at;
    bool is_in_brackets = false;
    CodePoint c = 0;
    for (; span.at < span.end; ++span.at) {
      c = text.at(span.at);
      if (c == '{') return error("unexpected '{' in field name");
      if (c == '[') is_in_brackets = true;
      if (c == ']') is_in_brackets = false;
      if (!is_in_brackets && (c == '}' || c == ':' || c == '!')) break;
    }
    if (span.at >= span.end) return error("expected '}' before end of string");
    const Span name{start, span.at++};
    CodePoint conversion = 0;
    if (c == '!') {
      if (span.at >= span.end) {
        return error("end of string while looking for conversion specifier");
      }
      conversion = text.at(span.at++);
      if (span.at >= span.end) return error("unmatched '{' in format spec");
      c = text.at(span.at++);
      if (c != ':' && c != '}') return error("expected ':' after conversion specifier");
    }
    Span spec{span.at, span.at};
    bool has_nested = false;
    if (c == ':') {
      int open = 1;
      for (;; ++span.at) {
        if (span.at >= span.end) return error("unmatched '{' in format spec");
        c = text.at(span.at);
        if (c == '{') {
          has_nested = true;
          ++open;
        }
        if (c == '}' && --open == 0) break;
      }
      spec.end = span.at++;
    }
    TRY_ASSIGN(Ref<Object> value, look_up(text, name));
    RT_TRY_ASSIGN(converted, value, convert(std::move(value), conversion));
    TRY_ASSIGN(Ref<Str> spec_text, has_nested ? build(text, spec, depth - 1) : cut(text, spec));
    TRY_ASSIGN(Ref<Str> formatted, format_value(thread_, value, spec_text));
    built.append(*formatted);
    return Done{};
  }

  Result<Ref<Str>> cut(const Str& text, Span span) {
    if (span.at == span.end) return empty_str();
    return substring(thread_, Borrowed<Str>(const_cast<Str*>(&text)), span.at, span.end);
  }

  Result<Ref<Object>> convert(Ref<Object> value, CodePoint conversion) {
    switch (conversion) {
      case 0:
        return value;
      case 'r':
        return repr_of(thread_, value);
      case 's':
        return str_of(thread_, value);
      case 'a':
        return ascii_of(thread_, value);
      default:
        if (conversion > 32 && conversion < 127) {
          return raise(thread_, value_error_type, "Unknown conversion specifier {}",
                       static_cast<char>(conversion));
        }
        return raise(thread_, value_error_type, "Unknown conversion specifier \\x{:x}", conversion);
    }
  }

  // -1: it is no number.
  Result<std::int64_t> number_in(const Str& text, Span span) {
    if (span.at == span.end) return -1;
    std::int64_t value = 0;
    for (std::int64_t i = span.at; i < span.end; ++i) {
      const CodePoint c = text.at(i);
      if (c < '0' || c > '9') return -1;
      if (__builtin_mul_overflow(value, 10, &value) ||
          __builtin_add_overflow(value, static_cast<std::int64_t>(c - '0'), &value)) {
        return error("Too many decimal digits in format string");
      }
    }
    return value;
  }

  // What the name of a field stands for, with what follows it.
  Result<Ref<Object>> look_up(const Str& text, Span name) {
    std::int64_t at = name.at;
    while (at < name.end && text.at(at) != '.' && text.at(at) != '[') ++at;
    TRY_ASSIGN(Ref<Object> value, look_up_first(text, {name.at, at}));
    while (at < name.end) {
      const bool is_attribute = text.at(at++) == '.';
      const std::int64_t start = at;
      if (is_attribute) {
        while (at < name.end && text.at(at) != '.' && text.at(at) != '[') ++at;
      } else {
        while (at < name.end && text.at(at) != ']') ++at;
        if (at == name.end) return error("Missing ']' in format string");
      }
      const Span part{start, at};
      if (!is_attribute) {
        ++at;
        if (at < name.end && text.at(at) != '.' && text.at(at) != '[') {
          return error("Only '.' or '[' may follow ']' in format field specifier");
        }
      }
      if (part.at == part.end) return error("Empty attribute in format string");
      RT_TRY_ASSIGN(found, value, look_into(value, text, part, is_attribute));
    }
    return value;
  }

  Result<Ref<Object>> look_into(Borrowed<Object> value, const Str& text, Span part,
                                bool is_attribute) {
    TRY_ASSIGN(Ref<Str> word, cut(text, part));
    if (is_attribute) {
      TRY_ASSIGN(Ref<Str> name, name_of(thread_, word));
      return get_attribute(thread_, value, name);
    }
    TRY_ASSIGN(std::int64_t number, number_in(text, part));
    if (number < 0) return get_item(thread_, value, word);
    TRY_ASSIGN(Ref<Int> index, new_int(thread_, number));
    return get_item(thread_, value, index);
  }

  Result<Ref<Object>> look_up_first(const Str& text, Span name) {
    TRY_ASSIGN(std::int64_t number, number_in(text, name));
    const bool is_empty = name.at == name.end;
    if (is_empty || number >= 0) {
      TRY(decide(is_empty ? Numbering::kAutomatic : Numbering::kManual));
      if (is_empty) number = next_number_++;
      if (named_only_) return error("Format string contains positional fields");
      if (number >= static_cast<std::int64_t>(positional_.size())) {
        return raise(thread_, index_error_type,
                     "Replacement index {} out of range for positional args tuple", number);
      }
      return Ref<Object>::share(thread_, positional_[static_cast<std::size_t>(number)]);
    }
    TRY_ASSIGN(Ref<Str> key, cut(text, name));
    if (named_ == nullptr) return raise_with(thread_, key_error_type, key);
    return get_item(thread_, Borrowed<Object>(named_), key);
  }

  Result<Done> decide(Numbering numbering) {
    if (numbering_ == Numbering::kUndecided) numbering_ = numbering;
    if (numbering_ == numbering) return Done{};
    return error(numbering == Numbering::kAutomatic
                     ? "cannot switch from manual field specification to automatic field numbering"
                     : "cannot switch from automatic field numbering to manual field "
                       "specification");
  }

  ThreadState& thread_;
  const Arguments positional_;
  Object* const named_;
  const bool named_only_;  // format_map(): there is no such thing as a position
  Numbering numbering_ = Numbering::kUndecided;
  std::int64_t next_number_ = 0;
};

}  // namespace

Result<Ref<Str>> format_fields(ThreadState& thread, Borrowed<Str> text, Arguments positional,
                               Object* named) {
  return FieldFormatter(thread, positional, named, false).build(*text, {0, text->length}, 1);
}

Result<Ref<Str>> format_mapped(ThreadState& thread, Borrowed<Str> text, Borrowed<Object> mapping) {
  return FieldFormatter(thread, {}, mapping.get(), true).build(*text, {0, text->length}, 1);
}

}  // namespace runtime
