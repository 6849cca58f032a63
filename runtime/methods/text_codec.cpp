#include "runtime/methods/text_codec.h"

#include <fmt/core.h>
#include <string>

#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/types/class_type.h"

namespace runtime {

namespace {

enum class Encoding { kUtf8, kAscii, kLatin1 };

enum class Handler {
  kStrict,
  kIgnore,
  kReplace,
  kBackslashReplace,
  kXmlReplace,
  kSurrogateEscape,
  kSurrogatePass,
  kUnknown
};

constexpr CodePoint kReplacement = 0xFFFD;

bool is_surrogate(CodePoint c) { return c >= 0xD800 && c <= 0xDFFF; }

Result<Encoding> encoding_named(ThreadState& thread, std::string_view name) {
  std::string plain;
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    plain += c == '_' || c == ' ' ? '-' : c;
  }
  for (const char* utf8 : {"utf-8", "utf8", "u8", "cp65001"}) {
    if (plain == utf8) return Encoding::kUtf8;
  }
  for (const char* ascii : {"ascii", "us-ascii", "646"}) {
    if (plain == ascii) return Encoding::kAscii;
  }
  for (const char* latin :
       {"latin-1", "latin1", "latin", "iso-8859-1", "iso8859-1", "8859", "cp819", "l1"}) {
    if (plain == latin) return Encoding::kLatin1;
  }
  TRY_ASSIGN(Ref<Str> shown, new_str(thread, name));
  return raise(thread, lookup_error_type, "unknown encoding: {}", utf8_of(*shown));
}

Handler handler_named(std::string_view name) {
  constexpr std::pair<std::string_view, Handler> kHandlers[] = {
      {"strict", Handler::kStrict},
      {"ignore", Handler::kIgnore},
      {"replace", Handler::kReplace},
      {"backslashreplace", Handler::kBackslashReplace},
      {"xmlcharrefreplace", Handler::kXmlReplace},
      {"surrogateescape", Handler::kSurrogateEscape},
      {"surrogatepass", Handler::kSurrogatePass}};
  for (const auto& [known, handler] : kHandlers) {
    if (known == name) return handler;
  }
  return Handler::kUnknown;
}

Raised unknown_handler(ThreadState& thread, std::string_view errors) {
  return raise(thread, lookup_error_type, "unknown error handler name '{}'", errors);
}

// UnicodeEncodeError(encoding, object, start, end, reason), or its counterpart.
Result<Ref<Object>> new_codec_error(ThreadState& thread, Type& type, const char* encoding,
                                    Borrowed<Object> object, std::int64_t start, std::int64_t end,
                                    const char* reason) {
  TRY_ASSIGN(Ref<Str> name, new_str(thread, encoding));
  TRY_ASSIGN(Ref<Int> first, new_int(thread, start));
  TRY_ASSIGN(Ref<Int> last, new_int(thread, end));
  TRY_ASSIGN(Ref<Str> why, new_str(thread, reason));
  const Borrowed<Object> arguments[] = {name, object, first, last, why};
  return call_type(thread, Borrowed<Type>(&type), CallArguments{.positional = arguments});
}

Raised raise_codec_error(ThreadState& thread, Type& type, const char* encoding,
                         Borrowed<Object> object, std::int64_t start, std::int64_t end,
                         const char* reason) {
  Result<Ref<Object>> made = new_codec_error(thread, type, encoding, object, start, end, reason);
  if (made.is_raised()) return std::move(made).raised();
  return Raised(std::move(made).value());
}

const char* name_of_encoding(Encoding encoding) {
  return encoding == Encoding::kUtf8 ? "utf-8" : encoding == Encoding::kAscii ? "ascii" : "latin-1";
}

// -- text to octets --

class Encoder {
 public:
  Encoder(ThreadState& thread, Borrowed<Str> text, Encoding encoding, std::string_view errors)
      : thread_(thread), text_(text), encoding_(encoding), errors_(errors) {}

  Result<Ref<Bytes>> run() {
    for (std::int64_t at = 0; at < text_->length;) {
      if (can_say(text_->at(at))) {
        put(text_->at(at++));
        continue;
      }
      std::int64_t end = at + 1;
      while (end < text_->length && !can_say(text_->at(end))) ++end;
      TRY(handle(at, end));
      at = end;
    }
    return new_bytes(thread_, octets_);
  }

 private:
  [[nodiscard]] bool can_say(CodePoint c) const {
    if (encoding_ == Encoding::kUtf8) return !is_surrogate(c);
    return c < (encoding_ == Encoding::kAscii ? 0x80u : 0x100u);
  }

  void put(CodePoint c) {
    if (encoding_ == Encoding::kUtf8) {
      put_utf8(c);
    } else {
      octets_ += static_cast<char>(c);
    }
  }

  void put_utf8(CodePoint c) {
    const auto follow = [this](CodePoint bits) {
      octets_ += static_cast<char>(0x80 | (bits & 0x3F));
    };
    if (c < 0x80) {
      octets_ += static_cast<char>(c);
    } else if (c < 0x800) {
      octets_ += static_cast<char>(0xC0 | c >> 6);
      follow(c);
    } else if (c < 0x10000) {
      octets_ += static_cast<char>(0xE0 | c >> 12);
      follow(c >> 6);
      follow(c);
    } else {
      octets_ += static_cast<char>(0xF0 | c >> 18);
      follow(c >> 12);
      follow(c >> 6);
      follow(c);
    }
  }

  Raised fail(std::int64_t start, std::int64_t end) {
    const char* reason = encoding_ == Encoding::kUtf8    ? "surrogates not allowed"
                         : encoding_ == Encoding::kAscii ? "ordinal not in range(128)"
                                                         : "ordinal not in range(256)";
    return raise_codec_error(thread_, unicode_encode_error_type, name_of_encoding(encoding_), text_,
                             start, end, reason);
  }

  Result<Done> handle(std::int64_t start, std::int64_t end) {
    const Handler handler = handler_named(errors_);
    if (handler == Handler::kUnknown) return unknown_handler(thread_, errors_);
    if (handler == Handler::kStrict) return fail(start, end);
    for (std::int64_t i = start; i < end; ++i) {
      const CodePoint c = text_->at(i);
      switch (handler) {
        case Handler::kReplace:
          octets_ += '?';
          break;
        case Handler::kBackslashReplace:
          octets_ += c < 0x100     ? fmt::format("\\x{:02x}", c)
                     : c < 0x10000 ? fmt::format("\\u{:04x}", c)
                                   : fmt::format("\\U{:08x}", c);
          break;
        case Handler::kXmlReplace:
          octets_ += fmt::format("&#{};", c);
          break;
        case Handler::kSurrogateEscape:
          if (c < 0xDC80 || c > 0xDCFF) return fail(start, end);
          octets_ += static_cast<char>(c - 0xDC00);
          break;
        case Handler::kSurrogatePass:
          if (!is_surrogate(c) || encoding_ != Encoding::kUtf8) return fail(start, end);
          put_utf8(c);
          break;
        default:
          break;
      }
    }
    return Done{};
  }

  ThreadState& thread_;
  const Borrowed<Str> text_;
  const Encoding encoding_;
  const std::string_view errors_;
  std::string octets_;
};

// -- octets to text --

class Decoder {
 public:
  Decoder(ThreadState& thread, std::string_view octets, Encoding encoding, std::string_view errors)
      : thread_(thread), octets_(octets), encoding_(encoding), errors_(errors), built_(thread) {}

  Result<Ref<Str>> run() {
    if (!built_.reserve(static_cast<std::int64_t>(octets_.size()))) {
      return raise_out_of_memory(thread_);
    }
    while (at_ < octets_.size()) {
      const std::uint8_t first = octet(at_);
      if (encoding_ == Encoding::kLatin1 || first < 0x80) {
        built_.append(CodePoint{first});
        ++at_;
      } else if (encoding_ == Encoding::kAscii) {
        TRY(handle(1, "ordinal not in range(128)"));
      } else {
        TRY(decode_sequence(first));
      }
    }
    return built_.finish();
  }

 private:
  [[nodiscard]] std::uint8_t octet(std::size_t index) const {
    return static_cast<std::uint8_t>(octets_[index]);
  }

  // Table 3-7 of the Unicode Standard: what may follow which first octet.
  Result<Done> decode_sequence(std::uint8_t first) {
    if (first < 0xC2 || first > 0xF4) return handle(1, "invalid start byte");
    const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    CodePoint code_point = first & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
      if (at_ + i >= octets_.size()) return handle(i, "unexpected end of data");
      const std::uint8_t next = octet(at_ + i);
      std::uint8_t least = 0x80;
      std::uint8_t greatest = 0xBF;
      if (i == 1) {
        if (first == 0xE0) least = 0xA0;
        if (first == 0xED) greatest = 0x9F;
        if (first == 0xF0) least = 0x90;
        if (first == 0xF4) greatest = 0x8F;
      }
      if (next < least || next > greatest) return handle(i, "invalid continuation byte");
      code_point = code_point << 6 | (next & 0x3Fu);
    }
    built_.append(code_point);
    at_ += length;
    return Done{};
  }

  // `count` octets that cannot be read.
  Result<Done> handle(std::size_t count, const char* reason) {
    switch (handler_named(errors_)) {
      case Handler::kIgnore:
        break;
      case Handler::kReplace:
        built_.append(kReplacement);
        break;
      case Handler::kBackslashReplace:
        for (std::size_t i = 0; i < count; ++i) {
          built_.append(fmt::format("\\x{:02x}", octet(at_ + i)));
        }
        break;
      case Handler::kSurrogateEscape:
        for (std::size_t i = 0; i < count; ++i) {
          built_.append(CodePoint{0xDC00u + octet(at_ + i)});
        }
        break;
      case Handler::kSurrogatePass:
        if (!is_encoded_surrogate()) return fail(count, reason);
        built_.append(
            CodePoint{0xD000u | (octet(at_ + 1) & 0x3Fu) << 6 | (octet(at_ + 2) & 0x3Fu)});
        count = 3;
        break;
      case Handler::kUnknown:
        return unknown_handler(thread_, errors_);
      case Handler::kXmlReplace:
        return raise_text(thread_, type_error_type,
                          "don't know how to handle UnicodeDecodeError in error callback");
      case Handler::kStrict:
        return fail(count, reason);
    }
    at_ += count;
    return Done{};
  }

  [[nodiscard]] bool is_encoded_surrogate() const {
    return encoding_ == Encoding::kUtf8 && at_ + 2 < octets_.size() && octet(at_) == 0xED &&
           octet(at_ + 1) >= 0xA0 && octet(at_ + 1) <= 0xBF && octet(at_ + 2) >= 0x80 &&
           octet(at_ + 2) <= 0xBF;
  }

  Raised fail(std::size_t count, const char* reason) {
    Result<Ref<Bytes>> object = new_bytes(thread_, octets_);
    if (object.is_raised()) return std::move(object).raised();
    return raise_codec_error(thread_, unicode_decode_error_type, name_of_encoding(encoding_),
                             object.value(), static_cast<std::int64_t>(at_),
                             static_cast<std::int64_t>(at_ + count), reason);
  }

  ThreadState& thread_;
  const std::string_view octets_;
  const Encoding encoding_;
  const std::string_view errors_;
  StrBuilder built_;
  std::size_t at_ = 0;
};

}  // namespace

Result<Ref<Bytes>> encode_text(ThreadState& thread, Borrowed<Str> text, std::string_view encoding,
                               std::string_view errors) {
  TRY_ASSIGN(Encoding known, encoding_named(thread, encoding));
  if (text->is_ascii) {
    return new_bytes(thread, {reinterpret_cast<const char*>(text->bytes()), text->byte_count()});
  }
  return Encoder(thread, text, known, errors).run();
}

Result<Ref<Str>> decode_text(ThreadState& thread, std::string_view octets,
                             std::string_view encoding, std::string_view errors) {
  TRY_ASSIGN(Encoding known, encoding_named(thread, encoding));
  return Decoder(thread, octets, known, errors).run();
}

}  // namespace runtime
