// int and bool: their constructors and methods.
#include <climits>
#include <string>

#include "runtime/methods/bytearray_object.h"
#include "runtime/methods/format_spec.h"
#include "runtime/methods/numbers.h"
#include "runtime/methods/octets.h"
#include "runtime/methods/open_parts.h"
#include "runtime/object/big_int.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

Result<Ref<Object>> as_exact(ThreadState& thread, Borrowed<Object> self) {
  if (self->type == &int_type) return Ref<Object>::share(thread, self);
  return int_unary(thread, as_int(self), UnaryOp::kPositive);
}

Result<Ref<Int>> int_with_base(ThreadState& thread, Borrowed<Object> text, Borrowed<Object> given) {
  TRY_ASSIGN(std::int64_t base, clipped_index_of(thread, given));
  if (base != 0 && (base < 2 || base > 36)) {
    return raise_text(thread, value_error_type, "int() base must be >= 2 and <= 36, or 0");
  }
  if (!is_str(*text) && !is_bytes(*text) && !is_bytearray(*text)) {
    return raise_text(thread, type_error_type, "int() can't convert non-string with explicit base");
  }
  return int_of_text(thread, text, static_cast<int>(base));
}

Result<Ref<Object>> make_int(ThreadState& thread, Borrowed<Object> self,
                             const BoundArguments& arguments) {
  Ref<Int> value = shared_int(0);
  if (!arguments.has(0)) {
    if (arguments.has(1)) {
      return raise_text(thread, type_error_type, "int() missing string argument");
    }
  } else {
    RT_TRY_ASSIGN(made, value,
                  arguments.has(1) ? int_with_base(thread, arguments.at(0), arguments.at(1))
                                   : int_of(thread, arguments.at(0)));
  }
  Type& type = type_argument(self);
  if (&type == &int_type) return value;
  return instance_with_value(thread, Borrowed<Type>(&type), std::move(value));
}

Result<Ref<Object>> make_bool(ThreadState& thread, Borrowed<Object>,
                              const BoundArguments& arguments) {
  return boolean_of(truth_argument(thread, arguments[0], false));
}

Result<Ref<Object>> int_bit_length(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  return new_int(thread, bit_length(*as_int(self)));
}

Result<Ref<Object>> int_bit_count(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments&) {
  const IntView number(*as_int(self));
  std::int64_t count = 0;
  for (int i = 0; i < number.get()->used; ++i) count += __builtin_popcountll(number.get()->dp[i]);
  return new_int(thread, count);
}

Result<bool> is_little(ThreadState& thread, Object* order) {
  if (order == nullptr) return false;
  Borrowed<Object> given(order);
  if (!is_str(*given)) {
    return raise(thread, type_error_type, "argument 'byteorder' must be str, not {}",
                 type_name(given));
  }
  if (equals_utf8(*as_str(given), "little")) return true;
  if (equals_utf8(*as_str(given), "big")) return false;
  return raise_text(thread, value_error_type, "byteorder must be either 'little' or 'big'");
}

void reverse_octets(std::string& octets) {
  for (std::size_t i = 0, j = octets.size(); i + 1 < j; ++i) std::swap(octets[i], octets[--j]);
}

Raised too_big(ThreadState& thread) {
  return raise_text(thread, overflow_error_type, "int too big to convert");
}

// Big-endian, in two's complement where it is negative.
Result<Ref<Object>> int_to_bytes(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t length, number_argument(thread, arguments[0], 1));
  TRY_ASSIGN(bool little, is_little(thread, arguments[1]));
  TRY_ASSIGN(bool is_signed, truth_argument(thread, arguments[2], false));
  if (length < 0) {
    return raise_text(thread, value_error_type, "length argument must be non-negative");
  }
  const Int& value = *as_int(self);
  const bool is_negative = sign_of(value) < 0;
  if (is_negative && !is_signed) {
    return raise_text(thread, overflow_error_type, "can't convert negative int to unsigned");
  }
  if (length > (INT64_MAX >> 8)) return raise_out_of_memory(thread);
  // Of -(value + 1) the bits are those of value, inverted.
  BigInt magnitude;
  magnitude.with([&](mp_int* to) {
    const IntView number(value);
    const mp_err error = mp_copy(number.get(), to);
    if (error != MP_OKAY || !is_negative) return error;
    const mp_err incremented = mp_incr(to);
    return incremented == MP_OKAY ? mp_neg(to, to) : incremented;
  });
  if (!magnitude.with([](mp_int*) { return MP_OKAY; })) return raise_out_of_memory(thread);
  const auto bits = static_cast<std::int64_t>(mp_count_bits(magnitude.get()));
  if (bits + (is_signed ? 1 : 0) > length * 8 && !(length == 0 && bits == 0 && !is_negative)) {
    return too_big(thread);
  }
  const auto size = static_cast<std::size_t>(length);
  const std::size_t used = mp_ubin_size(magnitude.get());
  // So many octets are asked for at once, before they are filled.
  TRY_ASSIGN(Ref<Bytes> made, new_filled_bytes(thread, length, is_negative ? 0xFF : 0));
  if (size == 0) return made;
  std::string octets(used, '\0');
  std::size_t written = 0;
  if (used != 0 && mp_to_ubin(magnitude.get(), reinterpret_cast<unsigned char*>(octets.data()),
                              used, &written) != MP_OKAY) {
    return raise_out_of_memory(thread);
  }
  for (std::size_t i = 0; i < written; ++i) {
    const char octet = octets[written - 1 - i];
    made->data()[little ? i : size - 1 - i] = is_negative ? static_cast<char>(~octet) : octet;
  }
  return made;
}

Result<Ref<Object>> int_from_bytes(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  TRY_ASSIGN(bool little, is_little(thread, arguments[1]));
  TRY_ASSIGN(bool is_signed, truth_argument(thread, arguments[2], false));
  TRY_ASSIGN(std::string octets, octets_of_object(thread, arguments.at(0)));
  if (little) reverse_octets(octets);
  if (octets.size() > INT_MAX / 16) return raise_out_of_memory(thread);
  const bool is_negative = is_signed && !octets.empty() && (octets[0] & 0x80) != 0;
  if (is_negative) {
    for (char& octet : octets) octet = static_cast<char>(~octet);
  }
  BigInt number;
  number.with([&](mp_int* to) {
    const mp_err error =
        mp_from_ubin(to, reinterpret_cast<const unsigned char*>(octets.data()), octets.size());
    if (error != MP_OKAY || !is_negative) return error;
    const mp_err incremented = mp_incr(to);
    return incremented == MP_OKAY ? mp_neg(to, to) : incremented;
  });
  TRY_ASSIGN(Ref<Int> value, number.finish(thread));
  Type& type = type_argument(self);
  if (&type == &int_type) return value;
  const Borrowed<Object> argument[] = {value};
  return call(thread, self, argument);
}

Result<Ref<Object>> int_ratio(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  TRY_ASSIGN(Ref<Object> value, as_exact(thread, self));
  return new_tuple(thread, {value, shared_int(1)});
}

Result<Ref<Object>> int_itself(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return as_exact(thread, self);
}

Result<Ref<Object>> int_is_integer(ThreadState&, Borrowed<Object>, const BoundArguments&) {
  return boolean(true);
}

Result<Ref<Object>> int_format(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  TRY(must_be_str(thread, arguments.at(0), "__format__", "argument"));
  return format_int(thread, self, *as_str(arguments.at(0)));
}

Result<Ref<Object>> int_round(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  if (!arguments.has(0) || is_none(arguments[0])) return as_exact(thread, self);
  TRY_ASSIGN(Ref<Object> digits, index_of(thread, arguments.at(0)));
  return round_int(thread, as_int(self), as_int(digits));
}

Result<Ref<Object>> int_getnewargs(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  TRY_ASSIGN(Ref<Object> value, as_exact(thread, self));
  return new_tuple(thread, {value});
}

Result<Ref<Object>> get_itself(ThreadState& thread, Borrowed<Object> self) {
  return as_exact(thread, self);
}
Result<Ref<Object>> get_zero(ThreadState&, Borrowed<Object>) { return Ref<Object>(shared_int(0)); }
Result<Ref<Object>> get_one(ThreadState&, Borrowed<Object>) { return Ref<Object>(shared_int(1)); }

constexpr NativeMethod kIntMethods[] = {
    {"bit_length()", &int_bit_length, "How many bits it takes, without sign."},
    {"bit_count()", &int_bit_count, "How many ones there are in its bits, without sign."},
    {"to_bytes(length?, byteorder?, *, signed?)", &int_to_bytes, "Its octets."},
    {"from_bytes(bytes, byteorder?, *, signed?)", &int_from_bytes, "The int with these octets.",
     NativeKind::kOfClass},
    {"as_integer_ratio()", &int_ratio, "The pair (int, 1)."},
    {"conjugate()", &int_itself, "Itself."},
    {"is_integer()", &int_is_integer, "True."},
    {"__format__(format_spec, /)", &int_format, "As format() asks."},
    {"__round__(ndigits?, /)", &int_round, "Half to even, to so many digits."},
    {"__trunc__()", &int_itself, "Itself."},
    {"__floor__()", &int_itself, "Itself."},
    {"__ceil__()", &int_itself, "Itself."},
    {"__getnewargs__()", &int_getnewargs},
};

constexpr NativeAttribute kIntAttributes[] = {
    {"real", &get_itself, nullptr, "the real part of a complex number"},
    {"imag", &get_zero, nullptr, "the imaginary part of a complex number"},
    {"numerator", &get_itself, nullptr, "the numerator of a rational number in lowest terms"},
    {"denominator", &get_one, nullptr, "the denominator of a rational number in lowest terms"},
};

}  // namespace

Result<Done> open_int(ThreadState& thread) {
  TRY(open_type(thread, {
                            .type = int_type,
                            .documentation = "int(x=0) or int(text, base=10)",
                            .methods = kIntMethods,
                            .attributes = kIntAttributes,
                            .constructor = "int(x?, /, base?)",
                            .make = &make_int,
                        }));
  return open_type(thread, {
                               .type = bool_type,
                               .base = &int_type,
                               .documentation = "bool(object=False, /)",
                               .derivable = Derivable::kNo,
                               .constructor = "bool(object?, /)",
                               .make = &make_bool,
                           });
}

}  // namespace runtime
