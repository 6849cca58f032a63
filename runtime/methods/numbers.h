// Numbers made of other objects: int(x), float(x), round(x), pow(a, b, c).
//
// Each asks the special method that Python names for it (`__int__`, `__index__`, `__float__`,
// `__round__`, `__pow__`), and checks what it answers.
//
// Ancestry: https://docs.python.org/3/library/functions.html#int and below; CPython's
// PyNumber_Long, PyNumber_Float and PyNumber_Power (Objects/abstract.c).
#pragma once

#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"

namespace runtime {

// int(object): an exact int. TypeError "int() argument must be a string, a bytes-like object or a
// real number, not 'list'".
Result<Ref<Int>> int_of(ThreadState& thread, Borrowed<Object> object);
// int(text, base), where `text` is a str, bytes or bytearray.
Result<Ref<Int>> int_of_text(ThreadState& thread, Borrowed<Object> text, int base);

// float(object). TypeError "float() argument must be a string or a real number, not 'list'".
Result<double> float_of(ThreadState& thread, Borrowed<Object> object);
// Of what is a number already: TypeError "must be real number, not str".
Result<double> double_of(ThreadState& thread, Borrowed<Object> object);

// round(number, digits); null `digits`: round(number).
Result<Ref<Object>> round_of(ThreadState& thread, Borrowed<Object> number, Object* digits);
// Half to even. round(float), round(float, digits), round(int, digits).
Result<Ref<Int>> round_to_int(ThreadState& thread, double value);
Result<double> round_to_digits(ThreadState& thread, double value, std::int64_t digits);
Result<Ref<Int>> round_int(ThreadState& thread, Borrowed<Int> value, Borrowed<Int> digits);

// pow(base, exponent, modulus); null `modulus`: base ** exponent.
Result<Ref<Object>> power_of(ThreadState& thread, Borrowed<Object> base, Borrowed<Object> exponent,
                             Object* modulus);

}  // namespace runtime
