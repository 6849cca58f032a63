// The module marshal: plain values to octets and back.
//
// Values of exact built-in types only: what is derived from one would not come back as itself. The
// octets are those of CPython's format, version 2, without its references; so equal values of equal
// types have equal octets, and different ones differ: 1, True and 1.0 too.
//
// Ancestry: https://docs.python.org/3/library/marshal.html; CPython's Python/marshal.c.
#include <bit>
#include <cstring>
#include <string>
#include <vector>

#include "runtime/containers/dict_object.h"
#include "runtime/containers/dict_snapshot.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/set_object.h"
#include "runtime/methods/text_codec.h"
#include "runtime/modules/native_module.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/object_section.h"
#include "runtime/object/recursion.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

constexpr unsigned kDeepest = 500;
constexpr int kBitsPerDigit = 15;

class Writer {
 public:
  explicit Writer(ThreadState& thread) : thread_(thread) {}

  Result<Done> write(Borrowed<Object> object) {
    if (depth_ > kDeepest) {
      return raise(thread_, value_error_type, "object too deeply nested to marshal");
    }
    ++depth_;
    Result<Done> written = write_value(object);
    --depth_;
    return written;
  }
  [[nodiscard]] const std::string& octets() const { return octets_; }

 private:
  Result<Done> write_value(Borrowed<Object> object) {
    Type* type = object->type;
    if (is_none(object.get())) return letter('N');
    if (object.get() == &true_object) return letter('T');
    if (object.get() == &false_object) return letter('F');
    if (object.get() == &ellipsis_object) return letter('.');
    if (type == &int_type) return write_int(*as_int(object));
    if (type == &float_type) {
      octets_ += 'g';
      number(std::bit_cast<std::uint64_t>(as_float(object)->value), 8);
      return Done();
    }
    if (type == &str_type) return text('u', utf8_of(*as_str(object)));
    if (type == &bytes_type) return text('s', as_bytes(object)->view());
    if (type == &tuple_type) {
      const Borrowed<Tuple> tuple = as_tuple(object);
      TRY(count('(', tuple->size));
      for (std::int64_t i = 0; i < tuple->size; ++i) TRY(write(tuple->at(i)));
      return Done();
    }
    if (type == &list_type) {
      TRY_ASSIGN(Ref<Tuple> items, list_to_tuple(thread_, as_list(object)));
      TRY(count('[', items->size));
      for (std::int64_t i = 0; i < items->size; ++i) TRY(write(items->at(i)));
      return Done();
    }
    if (type == &dict_type) return write_dict(as_dict(object));
    if (type == &set_type) return write_members('<', object);
    if (type == &frozenset_type) return write_members('>', object);
    return raise(thread_, value_error_type, "unmarshallable object");
  }

  Result<Done> letter(char code) {
    octets_ += code;
    return Done();
  }
  void number(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) octets_ += static_cast<char>(value >> (8 * i));
  }
  Result<Done> count(char code, std::int64_t items) {
    if (items > INT32_MAX) return raise(thread_, value_error_type, "unmarshallable object");
    octets_ += code;
    number(static_cast<std::uint64_t>(items), 4);
    return Done();
  }
  Result<Done> text(char code, std::string_view value) {
    TRY(count(code, static_cast<std::int64_t>(value.size())));
    octets_ += value;
    return Done();
  }

  Result<Done> write_int(const Int& value) {
    if (value.is_small() && value.small >= INT32_MIN && value.small <= INT32_MAX) {
      octets_ += 'i';
      number(static_cast<std::uint64_t>(value.small), 4);
      return Done();
    }
    // Digits of 15 bits, lowest first, from the text in base 8: five of its digits each.
    TRY_ASSIGN(std::string octal, int_to_text(thread_, value, 8));
    const bool is_negative = octal[0] == '-';
    if (is_negative) octal.erase(0, 1);
    std::vector<unsigned> digits;
    for (std::size_t end = octal.size(); end > 0;) {
      const std::size_t begin = end > 5 ? end - 5 : 0;
      digits.push_back(
          static_cast<unsigned>(std::stoul(octal.substr(begin, end - begin), nullptr, 8)));
      end = begin;
    }
    while (digits.back() == 0) digits.pop_back();
    octets_ += 'l';
    const auto size = static_cast<std::int64_t>(digits.size());
    number(static_cast<std::uint64_t>(is_negative ? -size : size), 4);
    for (unsigned digit : digits) number(digit, 2);
    return Done();
  }

  Result<Done> write_dict(Borrowed<Dict> dict) {
    DictSnapshot snapshot(thread_);
    {
      ObjectSection section(thread_, dict);
      if (!snapshot.take_locked(*dict)) return raise_out_of_memory(thread_);
    }
    octets_ += '{';
    for (const DictItem& item : snapshot.items()) {
      TRY(write(item.key));
      TRY(write(item.value));
    }
    return letter('0');
  }

  Result<Done> write_members(char code, Borrowed<Object> set) {
    TRY_ASSIGN(Ref<List> members, new_list_from(thread_, set));
    TRY(count(code, list_size(*members)));
    for (std::int64_t i = 0; i < list_size(*members); ++i) {
      Ref<Object> member = list_get(thread_, members, i);
      if (member) TRY(write(member));
    }
    return Done();
  }

  ThreadState& thread_;
  std::string octets_;
  unsigned depth_ = 0;
};

class Reader {
 public:
  Reader(ThreadState& thread, std::string_view octets) : thread_(thread), octets_(octets) {}

  // A null reference: the end of a dict.
  Result<Ref<Object>> read() {
    if (depth_ > kDeepest) return bad("recursion limit exceeded");
    ++depth_;
    Result<Ref<Object>> value = read_value();
    --depth_;
    return value;
  }

 private:
  Raised bad(const char* why) {
    return raise(thread_, value_error_type, "bad marshal data ({})", why);
  }
  Raised too_short() { return raise(thread_, eof_error_type, "EOF read where object expected"); }

  // False: there are no more octets.
  bool number(int bytes, std::uint64_t* value) {
    if (octets_.size() < static_cast<std::size_t>(bytes)) return false;
    *value = 0;
    for (int i = 0; i < bytes; ++i) {
      *value |= std::uint64_t{static_cast<std::uint8_t>(octets_[static_cast<std::size_t>(i)])}
                << (8 * i);
    }
    octets_.remove_prefix(static_cast<std::size_t>(bytes));
    return true;
  }
  Result<std::int64_t> small() {
    std::uint64_t value = 0;
    if (!number(4, &value)) return too_short();
    return std::int64_t{static_cast<std::int32_t>(value)};
  }
  // How many items or octets follow: never more than there are octets.
  Result<std::size_t> size() {
    TRY_ASSIGN(std::int64_t count, small());
    if (count < 0) return bad("size out of range");
    if (static_cast<std::size_t>(count) > octets_.size()) return too_short();
    return static_cast<std::size_t>(count);
  }

  Result<Ref<Object>> read_value() {
    std::uint64_t code = 0;
    if (!number(1, &code)) return too_short();
    switch (static_cast<char>(code & 0x7F)) {
      case 'N':
        return none();
      case 'T':
        return boolean(true);
      case 'F':
        return boolean(false);
      case '.':
        return ellipsis();
      case '0':
        return Ref<Object>();
      case 'i': {
        TRY_ASSIGN(std::int64_t value, small());
        return new_int(thread_, value);
      }
      case 'l':
        return read_int();
      case 'g': {
        std::uint64_t bits = 0;
        if (!number(8, &bits)) return too_short();
        return new_float(thread_, std::bit_cast<double>(bits));
      }
      case 'u': {
        TRY_ASSIGN(std::string_view text, octets_of_size());
        return decode_text(thread_, text, "utf-8", "surrogatepass");
      }
      case 's': {
        TRY_ASSIGN(std::string_view text, octets_of_size());
        return new_bytes(thread_, text);
      }
      case '(': {
        TRY_ASSIGN(Ref<List> items, read_items());
        return list_to_tuple(thread_, items);
      }
      case '[':
        return read_items();
      case '<': {
        TRY_ASSIGN(Ref<List> items, read_items());
        return new_set_of(thread_, items);
      }
      case '>': {
        TRY_ASSIGN(Ref<List> items, read_items());
        return new_frozenset_of(thread_, items);
      }
      case '{':
        return read_dict();
      default:
        return bad("unknown type code");
    }
  }

  Result<std::string_view> octets_of_size() {
    TRY_ASSIGN(std::size_t count, size());
    const std::string_view text = octets_.substr(0, count);
    octets_.remove_prefix(count);
    return text;
  }

  Result<Ref<Object>> read_int() {
    TRY_ASSIGN(std::int64_t count, small());
    const std::int64_t digits = count < 0 ? -count : count;
    if (static_cast<std::size_t>(digits) * 2 > octets_.size()) return too_short();
    std::string octal;
    for (std::int64_t i = 0; i < digits; ++i) {
      std::uint64_t digit = 0;
      (void)number(2, &digit);
      if (digit >= (1u << kBitsPerDigit)) return bad("digit out of range in long");
      char five[6];
      std::snprintf(five, sizeof(five), "%05o", static_cast<unsigned>(digit));
      octal.insert(0, five);
    }
    if (octal.empty()) octal = "0";
    TRY_ASSIGN(Ref<Int> value, int_from_digits(thread_, octal, 8));
    if (count >= 0) return value;
    return int_unary(thread_, value, UnaryOp::kNegative);
  }

  Result<Ref<List>> read_items() {
    TRY_ASSIGN(std::size_t count, size());
    TRY_ASSIGN(Ref<List> items, new_list(thread_));
    for (std::size_t i = 0; i < count; ++i) {
      TRY_ASSIGN(Ref<Object> item, read());
      if (!item) return bad("null object");
      TRY(list_append(thread_, items, std::move(item)));
    }
    return items;
  }

  Result<Ref<Object>> read_dict() {
    TRY_ASSIGN(Ref<Dict> dict, new_dict(thread_));
    for (;;) {
      TRY_ASSIGN(Ref<Object> key, read());
      if (!key) return dict;
      TRY_ASSIGN(Ref<Object> value, read());
      if (!value) return bad("null object");
      TRY(dict_set(thread_, dict, key, value));
    }
  }

  ThreadState& thread_;
  std::string_view octets_;
  unsigned depth_ = 0;
};

Result<Ref<Object>> dumps(ThreadState& thread, Borrowed<Object>, const BoundArguments& arguments) {
  Writer writer(thread);
  TRY(writer.write(arguments.at(0)));
  return new_bytes(thread, writer.octets());
}

Result<Ref<Object>> loads(ThreadState& thread, Borrowed<Object>, const BoundArguments& arguments) {
  if (!is_bytes(*arguments.at(0))) {
    return raise(thread, type_error_type, "a bytes-like object is required, not '{}'",
                 type_name(arguments.at(0)));
  }
  Reader reader(thread, as_bytes(arguments.at(0))->view());
  TRY_ASSIGN(Ref<Object> value, reader.read());
  if (!value) return raise(thread, type_error_type, "NULL object in marshal data for object");
  return value;
}

constexpr NativeMethod kFunctions[] = {
    {"dumps(value, version?, /)", &dumps, "Octets for a plain value."},
    {"loads(bytes, /)", &loads},
};

}  // namespace

Result<Done> fill_marshal(ThreadState& thread, Borrowed<Module> module) {
  TRY(set_in_module(thread, module, "version", 2));
  return add_functions(thread, module, kFunctions);
}

}  // namespace runtime
