// Text to octets and back: utf-8, ascii, latin-1.
//
// What an encoding cannot say goes to an error handler: strict raises UnicodeEncodeError or
// UnicodeDecodeError, ignore leaves it out, replace puts a question mark (or U+FFFD),
// backslashreplace and xmlcharrefreplace write its number, surrogateescape and surrogatepass carry
// it through as surrogates.
//
// Ancestry: https://docs.python.org/3/library/codecs.html#error-handlers; PEP 383.
#pragma once

#include <string_view>

#include "runtime/object/bytes_object.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"

namespace runtime {

// text.encode(encoding, errors). LookupError "unknown encoding: x".
Result<Ref<Bytes>> encode_text(ThreadState& thread, Borrowed<Str> text, std::string_view encoding,
                               std::string_view errors);
// octets.decode(encoding, errors). The octets stay as they are meanwhile.
Result<Ref<Str>> decode_text(ThreadState& thread, std::string_view octets,
                             std::string_view encoding, std::string_view errors);

}  // namespace runtime
