// str: upper and lower case, and what kind of characters it is made of.
#include "runtime/methods/characters.h"
#include "runtime/methods/str_methods.h"

namespace runtime {

namespace {

template <CaseMapping mapping>
Result<Ref<Object>> change(ThreadState& thread, Borrowed<Object> self) {
  return change_case(thread, as_str(self), mapping);
}

// Is it not empty, and does the question hold for each?
template <class Question>
Result<Ref<Object>> for_all(Borrowed<Object> self, Question&& question) {
  const Str& text = *as_str(self);
  for (std::int64_t i = 0; i < text.length; ++i) {
    if (!question(text.at(i))) return boolean(false);
  }
  return boolean(text.length != 0);
}

// Does it have a cased character, and is there no `forbidden` one?
template <class Wanted, class Forbidden>
Result<Ref<Object>> has_case(Borrowed<Object> self, Wanted&& wanted, Forbidden&& forbidden) {
  const Str& text = *as_str(self);
  bool has_one = false;
  for (std::int64_t i = 0; i < text.length; ++i) {
    if (forbidden(text.at(i))) return boolean(false);
    has_one |= wanted(text.at(i));
  }
  return boolean(has_one);
}

}  // namespace

Result<Ref<Object>> str_upper(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return change<CaseMapping::kUpper>(thread, self);
}
Result<Ref<Object>> str_lower(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return change<CaseMapping::kLower>(thread, self);
}
Result<Ref<Object>> str_title(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return change<CaseMapping::kTitle>(thread, self);
}
Result<Ref<Object>> str_capitalize(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  return change<CaseMapping::kCapitalize>(thread, self);
}
Result<Ref<Object>> str_swapcase(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  return change<CaseMapping::kSwap>(thread, self);
}
Result<Ref<Object>> str_casefold(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  return change<CaseMapping::kFold>(thread, self);
}

Result<Ref<Object>> str_isalpha(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return for_all(self, &is_alphabetic);
}
Result<Ref<Object>> str_isdigit(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return for_all(self, &is_digit);
}
Result<Ref<Object>> str_isdecimal(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return for_all(self, &is_decimal);
}
Result<Ref<Object>> str_isnumeric(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return for_all(self, &is_numeric);
}
Result<Ref<Object>> str_isalnum(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return for_all(self, &is_alphanumeric);
}
Result<Ref<Object>> str_isspace(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return for_all(self, &is_blank);
}
Result<Ref<Object>> str_isupper(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return has_case(self, &is_upper, [](CodePoint c) { return is_lower(c) || is_title(c); });
}
Result<Ref<Object>> str_islower(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return has_case(self, &is_lower, [](CodePoint c) { return is_upper(c) || is_title(c); });
}

Result<Ref<Object>> str_istitle(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  const Str& text = *as_str(self);
  bool has_one = false;
  bool is_inside_word = false;
  for (std::int64_t i = 0; i < text.length; ++i) {
    const CodePoint c = text.at(i);
    const bool begins = is_upper(c) || is_title(c);
    const bool goes_on = is_lower(c);
    if ((begins && is_inside_word) || (goes_on && !is_inside_word)) return boolean(false);
    is_inside_word = begins || goes_on;
    has_one |= is_inside_word;
  }
  return boolean(has_one);
}

Result<Ref<Object>> str_isidentifier(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return boolean(is_identifier(*as_str(self)));
}

Result<Ref<Object>> str_isprintable(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  const Str& text = *as_str(self);
  for (std::int64_t i = 0; i < text.length; ++i) {
    if (!is_printable(text.at(i))) return boolean(false);
  }
  return boolean(true);
}

Result<Ref<Object>> str_isascii(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return boolean(as_str(self)->is_ascii);
}

}  // namespace runtime
