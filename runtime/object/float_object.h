// float: the machine's double.
//
// Its repr is the shortest text that reads back as the same number. It equals an int of the same
// value, exactly and whatever their sizes, so it has that int's hash. A float never changes.
//
// Ancestry: CPython's Objects/floatobject.c; the shortest text is that of std::to_chars (Ulf Adams,
// "Ryu", PLDI 2018), laid out as Python lays it out.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct Float : Object {
  double value;
};

extern Type float_type;

Result<Ref<Float>> new_float(ThreadState& thread, double value);

[[nodiscard]] inline bool is_float(const Object& object) {
  return object.type == &float_type || is_subtype(*object.type, float_type);
}
[[nodiscard]] inline Borrowed<Float> as_float(Borrowed<Object> object) {
  RT_INVARIANT(is_float(*object), "what is taken for a float is one");
  return Borrowed<Float>(static_cast<Float*>(object.get()));
}

// A NaN has the hash of its identity, for which `identity` stands.
[[nodiscard]] std::int64_t hash_of_double(double value, const Object* identity);
[[nodiscard]] std::string repr_of_double(double value);
// float(text). ValueError "could not convert string to float: ...".
Result<double> parse_double(ThreadState& thread, Borrowed<Str> text);

// base ** exponent. ZeroDivisionError, OverflowError.
Result<double> power_of_doubles(ThreadState& thread, double base, double exponent);

// divmod(): the quotient is whole, the remainder has the sign of the divisor, which is not 0.
struct QuotientAndRemainder {
  double quotient;
  double remainder;
};
[[nodiscard]] QuotientAndRemainder divide_doubles(double left, double right);

}  // namespace runtime
