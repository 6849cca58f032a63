// str: taking text apart and putting it together.
#include <algorithm>
#include <vector>

#include "runtime/containers/list_object.h"
#include "runtime/methods/characters.h"
#include "runtime/methods/str_methods.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

// Parts of one text, which the caller keeps alive.
class Parts {
 public:
  Parts(ThreadState& thread, Borrowed<Str> text) : thread_(thread), text_(text) {}

  Result<Done> add(std::int64_t start, std::int64_t end) {
    if (!list_) {
      RT_TRY_ASSIGN(made, list_, new_list(thread_));
    }
    TRY_ASSIGN(Ref<Str> part, substring(thread_, text_, start, end));
    return list_append(thread_, list_, std::move(part));
  }
  Result<Ref<Object>> finish() {
    if (!list_) return new_list(thread_);
    return std::move(list_);
  }
  Result<Ref<Object>> finish_reversed() {
    if (list_) list_reverse(thread_, list_);
    return finish();
  }

 private:
  ThreadState& thread_;
  const Borrowed<Str> text_;
  Ref<List> list_;
};

Result<Ref<Object>> split_at_blanks(ThreadState& thread, Borrowed<Str> text, std::int64_t most) {
  Parts parts(thread, text);
  std::int64_t at = 0;
  for (;;) {
    while (at < text->length && is_blank(text->at(at))) ++at;
    if (at == text->length) return parts.finish();
    const std::int64_t start = at;
    if (most-- == 0) {
      TRY(parts.add(start, text->length));
      return parts.finish();
    }
    while (at < text->length && !is_blank(text->at(at))) ++at;
    TRY(parts.add(start, at));
  }
}

Result<Ref<Object>> rsplit_at_blanks(ThreadState& thread, Borrowed<Str> text, std::int64_t most) {
  Parts parts(thread, text);
  std::int64_t at = text->length;
  for (;;) {
    while (at > 0 && is_blank(text->at(at - 1))) --at;
    if (at == 0) return parts.finish_reversed();
    const std::int64_t end = at;
    if (most-- == 0) {
      TRY(parts.add(0, end));
      return parts.finish_reversed();
    }
    while (at > 0 && !is_blank(text->at(at - 1))) --at;
    TRY(parts.add(at, end));
  }
}

Result<Ref<Object>> split_at(ThreadState& thread, Borrowed<Str> text, const Str& separator,
                             std::int64_t most) {
  Parts parts(thread, text);
  std::int64_t at = 0;
  while (most-- > 0) {
    const std::int64_t found = find_in_str(*text, separator, at, text->length);
    if (found < 0) break;
    TRY(parts.add(at, found));
    at = found + separator.length;
  }
  TRY(parts.add(at, text->length));
  return parts.finish();
}

Result<Ref<Object>> rsplit_at(ThreadState& thread, Borrowed<Str> text, const Str& separator,
                              std::int64_t most) {
  Parts parts(thread, text);
  std::int64_t end = text->length;
  while (most-- > 0) {
    const std::int64_t found = find_last_in_str(*text, separator, 0, end);
    if (found < 0) break;
    TRY(parts.add(found + separator.length, end));
    end = found;
  }
  TRY(parts.add(0, end));
  return parts.finish_reversed();
}

enum class From { kStart, kEnd };

Result<Ref<Object>> split_method(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments, From from) {
  Borrowed<Str> text = as_str(self);
  TRY_ASSIGN(std::int64_t most, number_argument(thread, arguments[1], -1));
  if (most < 0) most = INT64_MAX;
  if (!arguments.has(0) || is_none(arguments[0])) {
    return from == From::kStart ? split_at_blanks(thread, text, most)
                                : rsplit_at_blanks(thread, text, most);
  }
  if (!is_str(*arguments.at(0))) {
    return raise(thread, type_error_type, "must be str or None, not {}",
                 type_name(arguments.at(0)));
  }
  const Str& separator = *as_str(arguments.at(0));
  if (separator.length == 0) return raise_text(thread, value_error_type, "empty separator");
  return from == From::kStart ? split_at(thread, text, separator, most)
                              : rsplit_at(thread, text, separator, most);
}

enum Ends : unsigned { kLeft = 1, kRight = 2 };

bool has(const Str& characters, CodePoint code_point) {
  for (std::int64_t i = 0; i < characters.length; ++i) {
    if (characters.at(i) == code_point) return true;
  }
  return false;
}

Result<Ref<Object>> strip_method(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments, unsigned ends,
                                 const char* function) {
  Borrowed<Str> text = as_str(self);
  const Str* characters = nullptr;  // null: blanks
  if (arguments.has(0) && !is_none(arguments[0])) {
    if (!is_str(*arguments.at(0))) {
      return raise(thread, type_error_type, "{} arg must be None or str", function);
    }
    characters = as_str(arguments.at(0)).get();
  }
  const auto goes = [&](std::int64_t index) {
    const CodePoint code_point = text->at(index);
    return characters == nullptr ? is_blank(code_point) : has(*characters, code_point);
  };
  std::int64_t start = 0;
  std::int64_t end = text->length;
  while ((ends & kLeft) != 0 && start < end && goes(start)) ++start;
  while ((ends & kRight) != 0 && end > start && goes(end - 1)) --end;
  return substring(thread, text, start, end);
}

}  // namespace

Result<Ref<Object>> str_split(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  return split_method(thread, self, arguments, From::kStart);
}

Result<Ref<Object>> str_rsplit(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  return split_method(thread, self, arguments, From::kEnd);
}

Result<Ref<Object>> str_splitlines(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  TRY_ASSIGN(bool keeps_ends, truth_argument(thread, arguments[0], false));
  Borrowed<Str> text = as_str(self);
  Parts parts(thread, text);
  std::int64_t at = 0;
  while (at < text->length) {
    const std::int64_t start = at;
    while (at < text->length && !is_line_break(text->at(at))) ++at;
    const std::int64_t end = at;
    if (at < text->length) {
      const bool is_both =
          text->at(at) == '\r' && at + 1 < text->length && text->at(at + 1) == '\n';
      at += is_both ? 2 : 1;
    }
    TRY(parts.add(start, keeps_ends ? at : end));
  }
  return parts.finish();
}

Result<Ref<Object>> str_join(ThreadState& thread, Borrowed<Object> self,
                             const BoundArguments& arguments) {
  Borrowed<Object> given = arguments.at(0);
  Ref<Tuple> items;
  if (given->type == &tuple_type) {
    items = Ref<Tuple>::share(thread, as_tuple(given));
  } else if (given->type == &list_type) {
    RT_TRY_ASSIGN(at_once, items, list_to_tuple(thread, as_list(given)));
  } else {
    Result<Ref<Object>> iterator = get_iterator(thread, given);
    if (iterator.is_raised()) {
      Raised raised = std::move(iterator).raised();
      if (!matches(raised, type_error_type) || protocol_of(given).iterate != nullptr) return raised;
      return raise_text(thread, type_error_type, "can only join an iterable");
    }
    TRY_ASSIGN(Ref<List> list, new_list_from(thread, iterator.value()));
    RT_TRY_ASSIGN(at_once, items, list_to_tuple(thread, list));
  }
  std::vector<Borrowed<Object>> parts;
  parts.reserve(static_cast<std::size_t>(items->size));
  for (std::int64_t i = 0; i < items->size; ++i) {
    if (!is_str(*items->at(i))) {
      return raise(thread, type_error_type, "sequence item {}: expected str instance, {} found", i,
                   type_name(items->at(i)));
    }
    parts.push_back(items->at(i));
  }
  return join_strs(thread, as_str(self), parts);
}

Result<Ref<Object>> str_strip(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  return strip_method(thread, self, arguments, kLeft | kRight, "strip");
}

Result<Ref<Object>> str_lstrip(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  return strip_method(thread, self, arguments, kLeft, "lstrip");
}

Result<Ref<Object>> str_rstrip(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  return strip_method(thread, self, arguments, kRight, "rstrip");
}

}  // namespace runtime
