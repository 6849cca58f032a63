#include "runtime/methods/expression_test_support.h"

#include <string>
#include <utility>
#include <vector>

#include "runtime/containers/dict_object.h"
#include "runtime/containers/enumerate_iterator.h"
#include "runtime/containers/filter_iterator.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/map_iterator.h"
#include "runtime/containers/reversed_iterator.h"
#include "runtime/containers/set_object.h"
#include "runtime/containers/zip_iterator.h"
#include "runtime/methods/bytearray_object.h"
#include "runtime/methods/format.h"
#include "runtime/methods/numbers.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/range_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

// Functions of the module builtins, which does not exist yet.
Result<Ref<Object>> call_function(ThreadState& thread, std::string_view name,
                                  const std::vector<Borrowed<Object>>& given) {
  if (name == "format") return format_value(thread, given[0], as_str(given[1]));
  if (name == "ascii") return ascii_of(thread, given[0]);
  if (name == "round") {
    return round_of(thread, given[0], given.size() > 1 ? given[1].get() : nullptr);
  }
  if (name == "pow") {
    return power_of(thread, given[0], given[1], given.size() > 2 ? given[2].get() : nullptr);
  }
  if (name == "iter") return get_iterator(thread, given[0]);
  if (name == "next") {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, given[0]));
    if (!item) return raise_empty(thread, stop_iteration_type);
    return item;
  }
  if (name == "repr") return repr_of(thread, given[0]);
  if (name == "after") {  // the first, when the rest has been evaluated
    return Ref<Object>::share(thread, given[0]);
  }
  RT_CHECK(name == "len", "a test uses a function that it knows");
  TRY_ASSIGN(std::int64_t length, length_of(thread, given[0]));
  return new_int(thread, length);
}

constexpr std::pair<std::string_view, Type*> kTypes[] = {
    {"str", &str_type},
    {"int", &int_type},
    {"bool", &bool_type},
    {"float", &float_type},
    {"list", &list_type},
    {"tuple", &tuple_type},
    {"dict", &dict_type},
    {"set", &set_type},
    {"frozenset", &frozenset_type},
    {"range", &range_type},
    {"slice", &slice_type},
    {"bytes", &bytes_type},
    {"bytearray", &bytearray_type},
    {"enumerate", &enumerate_type},
    {"zip", &zip_type},
    {"map", &map_type},
    {"filter", &filter_type},
    {"reversed", &reversed_type},
};

class Evaluator {
 public:
  Evaluator(ThreadState& thread, std::string_view text) : thread_(thread), rest_(text) {}

  Result<Ref<Object>> run() {
    TRY_ASSIGN(Ref<Object> value, expression());
    skip();
    RT_CHECK(rest_.empty(), "a test writes an expression that can be read");
    return value;
  }

 private:
  void skip() {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
  }
  bool take(std::string_view text) {
    skip();
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  void must_take(std::string_view text) {
    RT_CHECK(take(text), "a test writes an expression that can be read");
  }
  static bool is_word(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
  std::string_view word() {
    skip();
    std::size_t length = 0;
    while (length < rest_.size() && is_word(rest_[length])) ++length;
    const std::string_view text = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return text;
  }

  Result<Ref<Object>> expression() {
    TRY_ASSIGN(Ref<Object> left, operand());
    for (;;) {
      if (take("**")) {
        RT_TRY_ASSIGN(power, left, with_operand(std::move(left), BinaryOp::kPower));
      } else if (take("+")) {
        RT_TRY_ASSIGN(sum, left, with_operand(std::move(left), BinaryOp::kAdd));
      } else if (take("*")) {
        RT_TRY_ASSIGN(product, left, with_operand(std::move(left), BinaryOp::kMultiply));
      } else if (take("%")) {
        RT_TRY_ASSIGN(rest, left, with_operand(std::move(left), BinaryOp::kModulo));
      } else if (take("|")) {
        RT_TRY_ASSIGN(both, left, with_operand(std::move(left), BinaryOp::kOr));
      } else if (take("&")) {
        RT_TRY_ASSIGN(common, left, with_operand(std::move(left), BinaryOp::kAnd));
      } else if (take("^")) {
        RT_TRY_ASSIGN(one, left, with_operand(std::move(left), BinaryOp::kXor));
      } else if (take("==")) {
        TRY_ASSIGN(Ref<Object> right, operand());
        RT_TRY_ASSIGN(answer, left, compare(thread_, left, right, CompareOp::kEqual));
      } else if (take("<")) {
        TRY_ASSIGN(Ref<Object> right, operand());
        RT_TRY_ASSIGN(answer, left, compare(thread_, left, right, CompareOp::kLess));
      } else if (take("in ")) {
        TRY_ASSIGN(Ref<Object> right, operand());
        TRY_ASSIGN(bool is_in, contains(thread_, right, left));
        left = boolean(is_in);
      } else {
        return left;
      }
    }
  }

  Result<Ref<Object>> with_operand(Ref<Object> left, BinaryOp op) {
    TRY_ASSIGN(Ref<Object> right, operand());
    return binary(thread_, left, right, op);
  }

  Result<Ref<Object>> operand() {
    if (take("-")) {
      TRY_ASSIGN(Ref<Object> value, operand());
      return unary(thread_, value, UnaryOp::kNegative);
    }
    TRY_ASSIGN(Ref<Object> value, atom());
    for (;;) {
      if (rest_.starts_with('.')) {
        rest_.remove_prefix(1);
        RT_TRY_ASSIGN(attribute, value, get_attribute(thread_, value, word()));
      } else if (rest_.starts_with('(')) {
        RT_TRY_ASSIGN(answer, value, call_object(std::move(value)));
      } else if (rest_.starts_with('[')) {
        RT_TRY_ASSIGN(item, value, subscript(std::move(value)));
      } else {
        return value;
      }
    }
  }

  struct Given {
    std::vector<Ref<Object>> owned;
    std::vector<Borrowed<Object>> positional;
    std::vector<Borrowed<Object>> named;
    Ref<Tuple> names;
  };

  Result<Done> read_arguments(Given& given) {
    std::vector<Ref<Object>> names;
    std::vector<Object*> named;
    must_take("(");
    while (!take(")")) {
      const std::string_view before = rest_;
      const std::string_view name = word();
      const bool is_named = !name.empty() && rest_.starts_with('=') && !rest_.starts_with("==");
      if (is_named) {
        rest_.remove_prefix(1);
        TRY_ASSIGN(Ref<Str> interned, intern(thread_, name));
        names.emplace_back(std::move(interned));
      } else {
        rest_ = before;
      }
      TRY_ASSIGN(Ref<Object> value, expression());
      (is_named ? given.named : given.positional).emplace_back(value.get());
      given.owned.push_back(std::move(value));
      if (!take(",")) {
        must_take(")");
        break;
      }
    }
    if (!names.empty()) {
      RT_TRY_ASSIGN(tuple, given.names, new_tuple_taking(thread_, names));
    }
    return Done{};
  }

  Result<Ref<Object>> call_object(Ref<Object> callee) {
    Given given;
    TRY(read_arguments(given));
    return call(thread_, callee, CallArguments{given.positional, given.named, given.names.get()});
  }

  Result<Ref<Object>> end_of_slice() {
    skip();
    if (rest_.starts_with(':') || rest_.starts_with(']')) return none();
    return expression();
  }

  Result<Ref<Object>> subscript(Ref<Object> container) {
    must_take("[");
    TRY_ASSIGN(Ref<Object> key, end_of_slice());
    if (take(":")) {
      TRY_ASSIGN(Ref<Object> stop, end_of_slice());
      Ref<Object> step = none();
      if (take(":")) {
        RT_TRY_ASSIGN(given, step, end_of_slice());
      }
      RT_TRY_ASSIGN(slice, key, new_slice(thread_, key, stop, step));
    }
    must_take("]");
    return get_item(thread_, container, key);
  }

  Result<Ref<Object>> atom() {
    skip();
    RT_CHECK(!rest_.empty(), "a test writes an expression that can be read");
    const char c = rest_[0];
    if (c == '\'' || c == '"') return string();
    if (rest_.starts_with("b'") || rest_.starts_with("b\"")) {
      rest_.remove_prefix(1);
      TRY_ASSIGN(Ref<Object> text, string());
      std::string octets;
      for (std::int64_t i = 0; i < as_str(text)->length; ++i) {
        octets += static_cast<char>(as_str(text)->at(i));
      }
      return new_bytes(thread_, octets);
    }
    if (c >= '0' && c <= '9') return number();
    if (c == '[') return list();
    if (c == '(') return tuple();
    if (c == '{') return dict_or_set();
    return named();
  }

  Result<Ref<Object>> number() {
    std::string digits;
    bool is_float = false;
    while (!rest_.empty()) {
      const char c = rest_[0];
      const bool is_exponent_sign =
          (c == '+' || c == '-') && !digits.empty() && digits.back() == 'e';
      const bool is_point = c == '.' && rest_.size() > 1 && rest_[1] >= '0' && rest_[1] <= '9';
      if (!is_word(c) && !is_exponent_sign && !is_point) break;
      is_float |= c == 'e' || is_point;
      digits += c;
      rest_.remove_prefix(1);
    }
    TRY_ASSIGN(Ref<Str> text, new_str(thread_, digits));
    if (!is_float) return parse_int(thread_, text, 10);
    TRY_ASSIGN(double value, parse_double(thread_, text));
    return new_float(thread_, value);
  }

  CodePoint hexadecimal(unsigned digits) {
    CodePoint value = 0;
    for (unsigned i = 0; i < digits; ++i) {
      const char c = rest_[0];
      rest_.remove_prefix(1);
      value = value * 16 + static_cast<CodePoint>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return value;
  }

  Result<Ref<Object>> string() {
    const char quote = rest_[0];
    rest_.remove_prefix(1);
    StrBuilder built(thread_);
    while (!rest_.starts_with(quote)) {
      RT_CHECK(!rest_.empty(), "a test ends its strings");
      if (rest_[0] != '\\') {
        std::size_t length = 1;
        while (length < rest_.size() && (rest_[length] & 0xC0) == 0x80) ++length;
        TRY_ASSIGN(Ref<Str> part, new_str(thread_, rest_.substr(0, length)));
        built.append(*part);
        rest_.remove_prefix(length);
        continue;
      }
      const char escape = rest_[1];
      rest_.remove_prefix(2);
      const CodePoint code_point = escape == 'n'   ? '\n'
                                   : escape == 't' ? '\t'
                                   : escape == 'r' ? '\r'
                                   : escape == '0' ? 0
                                   : escape == 'x' ? hexadecimal(2)
                                   : escape == 'u' ? hexadecimal(4)
                                   : escape == 'U' ? hexadecimal(8)
                                                   : static_cast<CodePoint>(escape);
      built.append(code_point);
    }
    rest_.remove_prefix(1);
    return built.finish();
  }

  Result<Done> items_until(std::string_view end, std::vector<Ref<Object>>& items) {
    while (!take(end)) {
      TRY_ASSIGN(Ref<Object> item, expression());
      items.push_back(std::move(item));
      if (!take(",")) {
        must_take(end);
        break;
      }
    }
    return Done{};
  }

  Result<Ref<Object>> list() {
    must_take("[");
    std::vector<Ref<Object>> items;
    TRY(items_until("]", items));
    TRY_ASSIGN(Ref<Tuple> tuple, new_tuple_taking(thread_, items));
    return new_list_from(thread_, tuple);
  }

  Result<Ref<Object>> tuple() {
    must_take("(");
    std::vector<Ref<Object>> items;
    while (!take(")")) {
      TRY_ASSIGN(Ref<Object> item, expression());
      items.push_back(std::move(item));
      if (take(",")) continue;
      must_take(")");
      if (items.size() == 1) return std::move(items[0]);
      break;
    }
    return new_tuple_taking(thread_, items);
  }

  Result<Ref<Object>> dict_or_set() {
    must_take("{");
    TRY_ASSIGN(Ref<Dict> dict, new_dict(thread_));
    if (take("}")) return dict;
    TRY_ASSIGN(Ref<Set> set, new_set(thread_));
    bool is_dict = false;
    do {
      if (take("}")) return is_dict ? Ref<Object>(std::move(dict)) : Ref<Object>(std::move(set));
      TRY_ASSIGN(Ref<Object> key, expression());
      is_dict = take(":");
      if (!is_dict) {
        TRY(set_add(thread_, set, key));
        continue;
      }
      TRY_ASSIGN(Ref<Object> value, expression());
      TRY(dict_set(thread_, dict, key, value));
    } while (take(","));
    must_take("}");
    return is_dict ? Ref<Object>(std::move(dict)) : Ref<Object>(std::move(set));
  }

  Result<Ref<Object>> named() {
    const std::string_view name = word();
    if (name == "None") return none();
    if (name == "True") return boolean(true);
    if (name == "False") return boolean(false);
    for (const auto& [known, type] : kTypes) {
      if (known == name) return Ref<Object>::share(thread_, Borrowed<Object>(type));
    }
    Given given;
    TRY(read_arguments(given));
    return call_function(thread_, name, given.positional);
  }

  ThreadState& thread_;
  std::string_view rest_;
};

}  // namespace

Result<Ref<Object>> evaluate_expression(ThreadState& thread, std::string_view text) {
  return Evaluator(thread, text).run();
}

}  // namespace runtime
