// str: its constructor, its table, and what does not belong to searching, splitting or case.
#include "runtime/methods/bytearray_object.h"
#include "runtime/methods/format.h"
#include "runtime/methods/format_spec.h"
#include "runtime/methods/open_parts.h"
#include "runtime/methods/str_methods.h"
#include "runtime/methods/text_codec.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/object/values.h"

namespace runtime {

namespace {

// encode() and decode() name what they want a str for.
Result<std::string> codec_argument(ThreadState& thread, Object* argument, const char* function,
                                   const char* name, const char* fallback) {
  if (argument == nullptr) return std::string(fallback);
  if (!is_str(*argument)) {
    return raise(thread, type_error_type, "{}() argument '{}' must be str, not {}", function, name,
                 type_name(Borrowed<Object>(argument)));
  }
  return utf8_of(*as_str(Borrowed<Object>(argument)));
}

Result<Ref<Str>> decoded(ThreadState& thread, Borrowed<Object> object,
                         const BoundArguments& given) {
  TRY_ASSIGN(std::string encoding, codec_argument(thread, given[1], "str", "encoding", "utf-8"));
  TRY_ASSIGN(std::string errors, codec_argument(thread, given[2], "str", "errors", "strict"));
  if (is_str(*object)) return raise_text(thread, type_error_type, "decoding str is not supported");
  if (is_bytes(*object)) return decode_text(thread, as_bytes(object)->view(), encoding, errors);
  if (is_bytearray(*object)) {
    const std::string octets = octets_of(thread, as_bytearray(object));
    return decode_text(thread, octets, encoding, errors);
  }
  return raise(thread, type_error_type, "decoding to str: need a bytes-like object, {} found",
               type_name(object));
}

Result<Ref<Object>> make_str(ThreadState& thread, Borrowed<Object> self,
                             const BoundArguments& arguments) {
  Ref<Str> text = empty_str();
  if (arguments.has(0)) {
    const bool decodes = arguments.has(1) || arguments.has(2);
    RT_TRY_ASSIGN(
        made, text,
        decodes ? decoded(thread, arguments.at(0), arguments) : str_of(thread, arguments.at(0)));
  }
  Type& type = type_argument(self);
  if (&type == &str_type) return text;
  if (text->type != &str_type) {
    RT_TRY_ASSIGN(exact, text, substring(thread, text, 0, text->length));
  }
  return instance_with_value(thread, Borrowed<Type>(&type), std::move(text));
}

Result<Ref<Object>> str_encode(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  TRY_ASSIGN(std::string encoding,
             codec_argument(thread, arguments[0], "encode", "encoding", "utf-8"));
  TRY_ASSIGN(std::string errors,
             codec_argument(thread, arguments[1], "encode", "errors", "strict"));
  return encode_text(thread, as_str(self), encoding, errors);
}

Result<Ref<Object>> str_format(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  return format_fields(thread, as_str(self), arguments.rest(),
                       static_cast<Object*>(arguments.named()));
}

Result<Ref<Object>> str_format_map(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  return format_mapped(thread, as_str(self), arguments.at(0));
}

Result<Ref<Object>> str_dunder_format(ThreadState& thread, Borrowed<Object> self,
                                      const BoundArguments& arguments) {
  TRY(must_be_str(thread, arguments.at(0), "__format__", "argument"));
  return format_str(thread, self, *as_str(arguments.at(0)));
}

Result<Ref<Object>> str_getnewargs(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  TRY_ASSIGN(Ref<Str> text, substring(thread, as_str(self), 0, as_str(self)->length));
  return new_tuple(thread, {text});
}

// What the operator % asks for.
Result<Ref<Object>> format_by_percent(ThreadState& thread, Borrowed<Object> text,
                                      Borrowed<Object> arguments) {
  return percent_format(thread, as_str(text), arguments);
}

constexpr NativeMethod kStrMethods[] = {
    {"find(sub, start?, end?, /)", &str_find, "The lowest index where sub is found, or -1."},
    {"rfind(sub, start?, end?, /)", &str_rfind, "The highest index where sub is found, or -1."},
    {"index(sub, start?, end?, /)", &str_index, "Like find(), but raises ValueError."},
    {"rindex(sub, start?, end?, /)", &str_rindex, "Like rfind(), but raises ValueError."},
    {"count(sub, start?, end?, /)", &str_count, "How often sub occurs without overlapping."},
    {"startswith(prefix, start?, end?, /)", &str_startswith, "Does it begin so?"},
    {"endswith(suffix, start?, end?, /)", &str_endswith, "Does it end so?"},
    {"replace(old, new, /, count?)", &str_replace, "A copy with old replaced by new."},
    {"removeprefix(prefix, /)", &str_removeprefix, "Without this prefix, if it has it."},
    {"removesuffix(suffix, /)", &str_removesuffix, "Without this suffix, if it has it."},
    {"partition(sep, /)", &str_partition, "Before, separator, behind: at the first one."},
    {"rpartition(sep, /)", &str_rpartition, "Before, separator, behind: at the last one."},
    {"split(sep?, maxsplit?)", &str_split, "The parts between separators."},
    {"rsplit(sep?, maxsplit?)", &str_rsplit, "Like split(), from the right."},
    {"splitlines(keepends?)", &str_splitlines, "The lines."},
    {"join(iterable, /)", &str_join, "The strings of iterable, with this one in between."},
    {"strip(chars?, /)", &str_strip, "Without blanks, or chars, at both ends."},
    {"lstrip(chars?, /)", &str_lstrip, "Without blanks, or chars, at the left end."},
    {"rstrip(chars?, /)", &str_rstrip, "Without blanks, or chars, at the right end."},
    {"upper()", &str_upper, "In upper case."},
    {"lower()", &str_lower, "In lower case."},
    {"title()", &str_title, "Each word with a capital."},
    {"capitalize()", &str_capitalize, "With a capital, the rest in lower case."},
    {"swapcase()", &str_swapcase, "Upper case for lower case and the other way round."},
    {"casefold()", &str_casefold, "For comparison without regard to case."},
    {"isalpha()", &str_isalpha, "Letters only?"},
    {"isdigit()", &str_isdigit, "Digits only?"},
    {"isdecimal()", &str_isdecimal, "Decimal digits only?"},
    {"isnumeric()", &str_isnumeric, "Numeric characters only?"},
    {"isalnum()", &str_isalnum, "Letters and numeric characters only?"},
    {"isspace()", &str_isspace, "Blanks only?"},
    {"isupper()", &str_isupper, "In upper case, as far as it has case?"},
    {"islower()", &str_islower, "In lower case, as far as it has case?"},
    {"istitle()", &str_istitle, "Each word with a capital?"},
    {"isidentifier()", &str_isidentifier, "Could it be a name?"},
    {"isprintable()", &str_isprintable, "Would repr() write all of it as it is?"},
    {"isascii()", &str_isascii, "ASCII only?"},
    {"center(width, fillchar?, /)", &str_center, "In the middle of so many characters."},
    {"ljust(width, fillchar?, /)", &str_ljust, "At the left of so many characters."},
    {"rjust(width, fillchar?, /)", &str_rjust, "At the right of so many characters."},
    {"zfill(width, /)", &str_zfill, "With zeros behind its sign."},
    {"expandtabs(tabsize?)", &str_expandtabs, "With blanks for tabs."},
    {"translate(table, /)", &str_translate, "Each character as the table says."},
    {"maketrans(x, y?, z?, /)", &str_maketrans, "A table for translate().", NativeKind::kStatic},
    {"encode(encoding?, errors?)", &str_encode, "As bytes."},
    {"format(*args, **kwargs)", &str_format, "With the fields in braces filled in."},
    {"format_map(mapping, /)", &str_format_map, "Like format(**mapping), without copying it."},
    {"__format__(format_spec, /)", &str_dunder_format, "As format() asks."},
    {"__getnewargs__()", &str_getnewargs},
};

}  // namespace

Result<Done> open_str(ThreadState& thread) {
  Values::of(thread).hooks().percent_format = &format_by_percent;
  return open_type(thread, {
                               .type = str_type,
                               .documentation = "str(object='') or str(bytes, encoding, errors)",
                               .methods = kStrMethods,
                               .constructor = "str(object?, encoding?, errors?)",
                               .make = &make_str,
                           });
}

}  // namespace runtime
