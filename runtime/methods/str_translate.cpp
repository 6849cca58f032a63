// str.translate and str.maketrans: one character for another.
#include "runtime/containers/dict_object.h"
#include "runtime/containers/dict_view.h"
#include "runtime/methods/str_methods.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

// What the table says of one character goes to `built`; LookupError: it stays.
Result<Done> translate_one(ThreadState& thread, Borrowed<Object> table, CodePoint code_point,
                           StrBuilder& built) {
  TRY_ASSIGN(Ref<Int> key, new_int(thread, code_point));
  Result<Ref<Object>> found = get_item(thread, table, key);
  if (found.is_raised()) {
    Raised raised = std::move(found).raised();
    if (!matches(raised, lookup_error_type)) return raised;
    built.append(code_point);
    return Done{};
  }
  Borrowed<Object> answer = found.value();
  if (is_none(answer.get())) return Done{};
  if (is_str(*answer)) {
    built.append(*as_str(answer));
    return Done{};
  }
  if (!is_int(*answer)) {
    return raise_text(thread, type_error_type,
                      "character mapping must return integer, None or str");
  }
  const auto number = int64_of(*as_int(answer));
  if (!number.has_value() || *number < 0 || *number > kGreatestCodePoint) {
    return raise_text(thread, value_error_type, "character mapping must be in range(0x110000)");
  }
  built.append(static_cast<CodePoint>(*number));
  return Done{};
}

Result<Ref<Object>> table_of_dict(ThreadState& thread, Borrowed<Object> given) {
  if (given->type != &dict_type && !is_dict(*given)) {
    return raise_text(thread, type_error_type,
                      "if you give only one argument to maketrans it must be a dict");
  }
  TRY_ASSIGN(Ref<Dict> table, new_dict(thread));
  TRY_ASSIGN(Ref<Tuple> items, dict_part_as_tuple(thread, as_dict(given), DictPart::kItems));
  for (std::int64_t i = 0; i < items->size; ++i) {
    Borrowed<Tuple> item = as_tuple(items->at(i));
    Borrowed<Object> key = item->at(0);
    if (is_str(*key)) {
      if (as_str(key)->length != 1) {
        return raise_text(thread, value_error_type,
                          "string keys in translatetable must be of length 1");
      }
      TRY_ASSIGN(Ref<Int> number, new_int(thread, as_str(key)->at(0)));
      TRY(dict_set(thread, table, number, item->at(1)));
    } else if (is_int(*key)) {
      TRY(dict_set(thread, table, key, item->at(1)));
    } else {
      return raise_text(thread, type_error_type,
                        "keys in translate table mustbe strings or integers");
    }
  }
  return table;
}

}  // namespace

Result<Ref<Object>> str_translate(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments& arguments) {
  Borrowed<Str> text = as_str(self);
  StrBuilder built(thread);
  for (std::int64_t i = 0; i < text->length; ++i) {
    TRY(translate_one(thread, arguments.at(0), text->at(i), built));
  }
  return built.finish();
}

Result<Ref<Object>> str_maketrans(ThreadState& thread, Borrowed<Object>,
                                  const BoundArguments& arguments) {
  if (!arguments.has(1)) return table_of_dict(thread, arguments.at(0));
  if (!is_str(*arguments.at(0))) {
    return raise_text(thread, type_error_type,
                      "first maketrans argument must be a string if there is a second argument");
  }
  TRY(must_be_str(thread, arguments.at(1), "maketrans", "argument 2"));
  const Str& from = *as_str(arguments.at(0));
  const Str& to = *as_str(arguments.at(1));
  if (from.length != to.length) {
    return raise_text(thread, value_error_type,
                      "the first two maketrans arguments must have equal length");
  }
  TRY_ASSIGN(Ref<Dict> table, new_dict(thread));
  for (std::int64_t i = 0; i < from.length; ++i) {
    TRY_ASSIGN(Ref<Int> key, new_int(thread, from.at(i)));
    TRY_ASSIGN(Ref<Int> value, new_int(thread, to.at(i)));
    TRY(dict_set(thread, table, key, value));
  }
  if (!arguments.has(2)) return table;
  TRY(must_be_str(thread, arguments.at(2), "maketrans", "argument 3"));
  const Str& dropped = *as_str(arguments.at(2));
  for (std::int64_t i = 0; i < dropped.length; ++i) {
    TRY_ASSIGN(Ref<Int> key, new_int(thread, dropped.at(i)));
    TRY(dict_set(thread, table, key, none()));
  }
  return table;
}

}  // namespace runtime
