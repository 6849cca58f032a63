// bytes: its constructor and its table.
#include "runtime/methods/bytearray_object.h"
#include "runtime/methods/bytes_methods.h"
#include "runtime/methods/octets.h"
#include "runtime/methods/open_parts.h"
#include "runtime/methods/text_codec.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

Result<Ref<Object>> new_octets_like(ThreadState& thread, Borrowed<Object> like,
                                    std::string_view octets) {
  if (is_bytes(*like)) return new_bytes(thread, octets);
  return new_bytearray(thread, octets);
}

namespace {

Result<Done> must_be_name(ThreadState& thread, Object* argument, const char* function,
                          const char* name) {
  if (argument == nullptr || is_str(*argument)) return Done{};
  return raise(thread, type_error_type, "{}() argument '{}' must be str, not {}", function, name,
               type_name(Borrowed<Object>(argument)));
}

std::string name_or(Object* argument, const char* fallback) {
  return argument == nullptr ? fallback : utf8_of(*as_str(Borrowed<Object>(argument)));
}

}  // namespace

Result<Ref<Bytes>> bytes_of_source(ThreadState& thread, const char* function, Object* source,
                                   Object* encoding, Object* errors) {
  TRY(must_be_name(thread, encoding, function, "encoding"));
  TRY(must_be_name(thread, errors, function, "errors"));
  const bool is_text = source != nullptr && is_str(*source);
  if (!is_text && (encoding != nullptr || errors != nullptr)) {
    return raise(thread, type_error_type, "{} without a string argument",
                 encoding != nullptr ? "encoding" : "errors");
  }
  if (source == nullptr) return new_bytes(thread, "");
  Borrowed<Object> given(source);
  if (is_text) {
    if (encoding == nullptr) {
      return raise_text(thread, type_error_type, "string argument without an encoding");
    }
    return encode_text(thread, as_str(given), name_or(encoding, ""), name_or(errors, "strict"));
  }
  if (has_index(given) && !has_octets(*given)) {
    TRY_ASSIGN(std::int64_t count, checked_index_of(thread, given, overflow_error_type));
    if (count < 0) return raise_text(thread, value_error_type, "negative count");
    return new_filled_bytes(thread, count, 0);
  }
  TRY_ASSIGN(std::string octets, octets_of_object(thread, given));
  return new_bytes(thread, octets);
}

namespace {

Result<Ref<Object>> make_bytes(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  Type& type = type_argument(self);
  Ref<Bytes> made;
  if (arguments.has(0) && arguments.at(0)->type == &bytes_type && !arguments.has(1) &&
      !arguments.has(2)) {
    made = Ref<Bytes>::share(thread, as_bytes(arguments.at(0)));
  } else {
    RT_TRY_ASSIGN(fresh, made,
                  bytes_of_source(thread, "bytes", arguments[0], arguments[1], arguments[2]));
  }
  if (&type == &bytes_type) return made;
  return instance_with_value(thread, Borrowed<Type>(&type), std::move(made));
}

Result<Ref<Object>> getnewargs(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  TRY_ASSIGN(Ref<Bytes> octets, new_bytes(thread, as_bytes(self)->view()));
  return new_tuple(thread, {octets});
}

Result<Ref<Object>> dunder_bytes(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  if (self->type == &bytes_type) return Ref<Object>::share(thread, self);
  return new_bytes(thread, as_bytes(self)->view());
}

// A table for translate().
Result<Ref<Object>> maketrans(ThreadState& thread, Borrowed<Object>,
                              const BoundArguments& arguments) {
  TRY_ASSIGN(std::string from, required_octets(thread, arguments.at(0)));
  TRY_ASSIGN(std::string to, required_octets(thread, arguments.at(1)));
  if (from.size() != to.size()) {
    return raise_text(thread, value_error_type, "maketrans arguments must have same length");
  }
  std::string table(256, '\0');
  for (unsigned i = 0; i < 256; ++i) table[i] = static_cast<char>(i);
  for (std::size_t i = 0; i < from.size(); ++i) table[static_cast<std::uint8_t>(from[i])] = to[i];
  return new_bytes(thread, table);
}

constexpr NativeMethod kBytesMethods[] = {
    RT_METHODS_OF_OCTETS,
    {"maketrans(frm, to, /)", &maketrans, "A table for translate().", NativeKind::kStatic},
    {"__getnewargs__()", &getnewargs},
    {"__bytes__()", &dunder_bytes},
};

}  // namespace

Result<Done> open_bytes(ThreadState& thread) {
  return open_type(thread, {
                               .type = bytes_type,
                               .documentation = "bytes(source=b'', encoding, errors)",
                               .methods = kBytesMethods,
                               .constructor = "bytes(source?, encoding?, errors?)",
                               .make = &make_bytes,
                           });
}

}  // namespace runtime
