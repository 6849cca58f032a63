// Objects as text: format(), ascii(), str.format and the operator %.
//
// All three ways to format ask the object in the end: its type's `__format__`, or for % its repr,
// its str or its number. int, float and str share one small language for widths, signs and digits
// (format_spec.h).
//
// Ancestry: https://docs.python.org/3/library/string.html#format-string-syntax (PEP 3101) and
// https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting.
#pragma once

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"

namespace runtime {

// format(object, spec): f"{object:spec}". Asks `__format__` of its type.
Result<Ref<Str>> format_value(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> spec);

// ascii(object): repr() with everything beyond ASCII escaped.
Result<Ref<Str>> ascii_of(ThreadState& thread, Borrowed<Object> object);

// format % arguments, where `arguments` is a tuple, a mapping or one value. TypeError "not enough
// arguments for format string", "not all arguments converted during string formatting"; ValueError
// "unsupported format character ...".
Result<Ref<Str>> percent_format(ThreadState& thread, Borrowed<Str> format,
                                Borrowed<Object> arguments);

// text.format(*positional, **named); null `named`: there are none.
Result<Ref<Str>> format_fields(ThreadState& thread, Borrowed<Str> text, Arguments positional,
                               Object* named);
// text.format_map(mapping).
Result<Ref<Str>> format_mapped(ThreadState& thread, Borrowed<Str> text, Borrowed<Object> mapping);

}  // namespace runtime
