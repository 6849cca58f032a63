#include <string>
#include <utility>

#include "runtime/containers/list_object.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/exception_detail_attribute.h"
#include "runtime/types/exception_kinds.h"

namespace runtime {

namespace {

using NameOf = Borrowed<Str> (Names::*)() const;

Result<Done> set(ThreadState& thread, Borrowed<Object> self, NameOf name, Borrowed<Object> value) {
  return set_exception_detail(thread, self, (Names::of(thread).*name)(), value.get());
}
Result<Ref<Object>> get(ThreadState& thread, Borrowed<Object> self, NameOf name) {
  return exception_detail(thread, self, (Names::of(thread).*name)());
}

// -- SyntaxError(message, (filename, lineno, offset, text[, end_lineno, end_offset])) --

Result<Done> initialize_syntax_error(ThreadState& thread, Borrowed<Object> self,
                                     const CallArguments& arguments) {
  static constexpr NameOf kPlaces[] = {&Names::filename, &Names::lineno,     &Names::offset,
                                       &Names::text,     &Names::end_lineno, &Names::end_offset};
  if (!arguments.named.empty()) {
    return raise(thread, type_error_type, "{}() takes no keyword arguments", type_name(self));
  }
  TRY(store_arguments(thread, self, arguments.positional));
  if (!arguments.positional.empty()) TRY(set(thread, self, &Names::msg, arguments.positional[0]));
  if (arguments.positional.size() != 2) return Done{};
  TRY_ASSIGN(Ref<List> items, new_list_from(thread, arguments.positional[1]));
  TRY_ASSIGN(Ref<Tuple> places, list_to_tuple(thread, items));
  if (places->size < 4 || places->size > 7) {
    return raise(thread, type_error_type, "function missing required argument (pos {})",
                 places->size + 1);
  }
  if (places->size == 5) {
    return raise(thread, type_error_type,
                 "end_offset must be provided when end_lineno is provided");
  }
  for (std::int64_t i = 0; i < places->size && i < 6; ++i) {
    TRY(set(thread, self, kPlaces[i], places->at(i)));
  }
  return Done{};
}

// "message (file.py, line 3)"
Result<Ref<Str>> str_of_syntax_error(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(Ref<Object> message, get(thread, self, &Names::msg));
  TRY_ASSIGN(Ref<Object> filename, get(thread, self, &Names::filename));
  TRY_ASSIGN(Ref<Object> line, get(thread, self, &Names::lineno));
  TRY_ASSIGN(Ref<Str> text, str_of(thread, message));
  const bool has_line = line->type == &int_type;
  if (!is_str(*filename) && !has_line) return text;
  std::string place;
  if (is_str(*filename)) {
    place = utf8_of(*as_str(filename));
    place = place.substr(place.rfind('/') + 1);
  }
  if (has_line) {
    TRY_ASSIGN(Ref<Str> number, str_of(thread, line));
    place += (place.empty() ? "line " : ", line ") + utf8_of(*number);
  }
  return new_str(thread, utf8_of(*text) + " (" + place + ")");
}

constexpr NativeAttribute kSyntaxErrorAttributes[] = {
    detail_row<&Names::msg>("msg"),
    detail_row<&Names::filename>("filename"),
    detail_row<&Names::lineno>("lineno"),
    detail_row<&Names::offset>("offset"),
    detail_row<&Names::text>("text"),
    detail_row<&Names::end_lineno>("end_lineno"),
    detail_row<&Names::end_offset>("end_offset"),
    detail_row<&Names::print_file_and_line>("print_file_and_line"),
};

// -- UnicodeDecodeError(encoding, object, start, end, reason) and its like --

Result<Done> store_all(ThreadState& thread, Borrowed<Object> self, const CallArguments& arguments,
                       std::span<const NameOf> names) {
  const std::size_t given = arguments.positional.size();
  if (!arguments.named.empty()) {
    return raise(thread, type_error_type, "{}() takes no keyword arguments", type_name(self));
  }
  if (given != names.size()) {
    return raise(thread, type_error_type, "function takes exactly {} arguments ({} given)",
                 names.size(), given);
  }
  TRY(store_arguments(thread, self, arguments.positional));
  for (std::size_t i = 0; i < given; ++i) {
    TRY(set(thread, self, names[i], arguments.positional[i]));
  }
  return Done{};
}

Result<Done> check_type(ThreadState& thread, const CallArguments& arguments, std::size_t place,
                        bool (*is_right)(const Object&), const char* wanted) {
  if (arguments.positional.size() <= place || is_right(*arguments.positional[place])) return Done{};
  return raise(thread, type_error_type, "argument {} must be {}, not {}", place + 1, wanted,
               type_name(arguments.positional[place]));
}

constexpr NameOf kCodecNames[] = {&Names::encoding, &Names::object, &Names::start, &Names::end,
                                  &Names::reason};

Result<Done> initialize_decode_error(ThreadState& thread, Borrowed<Object> self,
                                     const CallArguments& arguments) {
  TRY(check_type(thread, arguments, 0, &is_str, "str"));
  TRY(check_type(thread, arguments, 1, &is_bytes, "a bytes-like object"));
  TRY(check_type(thread, arguments, 2, &is_int, "int"));
  TRY(check_type(thread, arguments, 3, &is_int, "int"));
  TRY(check_type(thread, arguments, 4, &is_str, "str"));
  return store_all(thread, self, arguments, kCodecNames);
}
Result<Done> initialize_encode_error(ThreadState& thread, Borrowed<Object> self,
                                     const CallArguments& arguments) {
  TRY(check_type(thread, arguments, 0, &is_str, "str"));
  TRY(check_type(thread, arguments, 1, &is_str, "str"));
  TRY(check_type(thread, arguments, 2, &is_int, "int"));
  TRY(check_type(thread, arguments, 3, &is_int, "int"));
  TRY(check_type(thread, arguments, 4, &is_str, "str"));
  return store_all(thread, self, arguments, kCodecNames);
}
Result<Done> initialize_translate_error(ThreadState& thread, Borrowed<Object> self,
                                        const CallArguments& arguments) {
  TRY(check_type(thread, arguments, 0, &is_str, "str"));
  return store_all(thread, self, arguments, std::span(kCodecNames).subspan(1));
}

struct CodecFailure {
  std::string encoding;
  Ref<Object> object;
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::string reason;
};

Result<CodecFailure> read(ThreadState& thread, Borrowed<Object> self) {
  CodecFailure failure;
  TRY_ASSIGN(Ref<Object> encoding, get(thread, self, &Names::encoding));
  TRY_ASSIGN(Ref<Str> encoding_text, str_of(thread, encoding));
  failure.encoding = utf8_of(*encoding_text);
  RT_TRY_ASSIGN(object, failure.object, get(thread, self, &Names::object));
  TRY_ASSIGN(Ref<Object> start, get(thread, self, &Names::start));
  TRY_ASSIGN(Ref<Object> end, get(thread, self, &Names::end));
  if (is_int(*start)) failure.start = clipped_int64_of(*as_int(start));
  if (is_int(*end)) failure.end = clipped_int64_of(*as_int(end));
  TRY_ASSIGN(Ref<Object> reason, get(thread, self, &Names::reason));
  TRY_ASSIGN(Ref<Str> reason_text, str_of(thread, reason));
  failure.reason = utf8_of(*reason_text);
  return failure;
}

std::string escaped(CodePoint character) {
  if (character <= 0xFF) return fmt::format("\\x{:02x}", character);
  if (character <= 0xFFFF) return fmt::format("\\u{:04x}", character);
  return fmt::format("\\U{:08x}", character);
}

// One place, or from first to last.
std::string places(const CodecFailure& failure) {
  return fmt::format("{}-{}", failure.start, failure.end - 1);
}

Result<Ref<Str>> str_of_decode_error(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(CodecFailure failure, read(thread, self));
  if (is_none(failure.object.get())) return empty_str();
  const bool is_one = is_bytes(*failure.object) && failure.end == failure.start + 1 &&
                      failure.start >= 0 && failure.start < as_bytes(failure.object)->length;
  const std::string what =
      is_one
          ? fmt::format("byte 0x{:02x} in position {}",
                        static_cast<unsigned char>(as_bytes(failure.object)->data()[failure.start]),
                        failure.start)
          : "bytes in position " + places(failure);
  return new_str(thread, fmt::format("'{}' codec can't decode {}: {}", failure.encoding, what,
                                     failure.reason));
}

std::string characters(const CodecFailure& failure) {
  const bool is_one = is_str(*failure.object) && failure.end == failure.start + 1 &&
                      failure.start >= 0 && failure.start < as_str(failure.object)->length;
  if (!is_one) return "characters in position " + places(failure);
  return fmt::format("character '{}' in position {}",
                     escaped(as_str(failure.object)->at(failure.start)), failure.start);
}

Result<Ref<Str>> str_of_encode_error(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(CodecFailure failure, read(thread, self));
  if (is_none(failure.object.get())) return empty_str();
  return new_str(thread, fmt::format("'{}' codec can't encode {}: {}", failure.encoding,
                                     characters(failure), failure.reason));
}
Result<Ref<Str>> str_of_translate_error(ThreadState& thread, Borrowed<Object> self) {
  TRY_ASSIGN(CodecFailure failure, read(thread, self));
  if (is_none(failure.object.get())) return empty_str();
  return new_str(thread,
                 fmt::format("can't translate {}: {}", characters(failure), failure.reason));
}

constexpr NativeAttribute kCodecAttributes[] = {
    detail_row<&Names::encoding>("encoding"), detail_row<&Names::object>("object"),
    detail_row<&Names::start>("start"),       detail_row<&Names::end>("end"),
    detail_row<&Names::reason>("reason"),
};

}  // namespace

const ExceptionKind syntax_error_kind{.initialize = &initialize_syntax_error,
                                      .str = &str_of_syntax_error,
                                      .attributes = kSyntaxErrorAttributes};
const ExceptionKind unicode_decode_error_kind{.initialize = &initialize_decode_error,
                                              .str = &str_of_decode_error,
                                              .attributes = kCodecAttributes};
const ExceptionKind unicode_encode_error_kind{.initialize = &initialize_encode_error,
                                              .str = &str_of_encode_error,
                                              .attributes = kCodecAttributes};
const ExceptionKind unicode_translate_error_kind{.initialize = &initialize_translate_error,
                                                 .str = &str_of_translate_error,
                                                 .attributes = kCodecAttributes};

}  // namespace runtime
