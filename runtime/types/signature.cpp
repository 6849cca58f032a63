#include "runtime/types/signature.h"

#include <algorithm>
#include <new>
#include <utility>

#include "runtime/containers/dict_object.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

const char* plural(std::size_t count) { return count == 1 ? "" : "s"; }

}  // namespace

Result<Signature*> Signature::read(ThreadState& thread, const char* text, const Type* owner) {
  void* bytes = raw_allocate_uncounted(sizeof(Signature));
  if (bytes == nullptr) return raise_out_of_memory(thread);
  auto* made = new (bytes) Signature();
  made->text_ = text;
  made->owner_ = owner;
  std::string_view rest(text);
  const std::size_t open = std::min(rest.find('('), rest.size());
  Result<Ref<Str>> name = intern(thread, rest.substr(0, open));
  if (name.is_raised()) {
    free(made);
    return std::move(name).raised();
  }
  made->name_ = name.value().get();
  rest = open == rest.size() ? std::string_view() : rest.substr(open + 1);
  rest = rest.substr(0, std::min(rest.rfind(')'), rest.size()));
  bool is_by_name_only = false;
  bool has_slash = false;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view word = trimmed(rest.substr(0, comma));
    rest = comma == rest.size() ? std::string_view() : rest.substr(comma + 1);
    if (word == "/") {
      made->by_place_only_ = made->count_;
      has_slash = true;
    } else if (word.starts_with("**")) {
      made->takes_named_ = true;
    } else if (word.starts_with("*")) {
      made->takes_rest_ = word.size() > 1;
      is_by_name_only = true;
    } else if (!word.empty()) {
      RT_CHECK(made->count_ < BoundArguments::kMostParameters,
               "a native function has few parameters");
      const bool is_optional = word.ends_with("?");
      if (is_optional) word.remove_suffix(1);
      Result<Ref<Str>> parameter = intern(thread, word);
      if (parameter.is_raised()) {
        free(made);
        return std::move(parameter).raised();
      }
      made->parameters_[made->count_++] = {parameter.value().get(), is_optional};
      if (!is_by_name_only) {
        made->by_place_ = made->count_;
        if (!is_optional) made->required_by_place_ = made->count_;
      }
    }
  }
  const bool is_by_place_only = made->by_place_only_ == made->count_ && !made->takes_named_;
  if (!is_by_place_only || (made->takes_rest_ && !has_slash && made->count_ != 0)) {
    made->style_ = Style::kGeneral;
  } else if (made->takes_rest_) {
    made->style_ = Style::kByPlace;
  } else if (made->count_ == 0) {
    made->style_ = Style::kNothing;
  } else if (made->count_ == 1 && made->required_by_place_ == 1) {
    made->style_ = Style::kOne;
  } else {
    made->style_ = Style::kByPlace;
  }
  return made;
}

void Signature::free(Signature* signature) { raw_free_uncounted(signature); }

std::string Signature::full_name() const {
  if (owner_ == nullptr) return short_name();
  return std::string(owner_->slots.name) + "." + short_name();
}

std::string Signature::parameters_text() const {
  const std::string_view text(text_);
  const std::size_t open = text.find('(');
  return open == std::string_view::npos ? "()" : std::string(text.substr(open));
}

Result<Ref<Object>> Signature::call(ThreadState& thread, NativeFunction function,
                                    Borrowed<Object> self, const CallArguments& arguments) const {
  if (style_ == Style::kGeneral) return call_general(thread, function, self, arguments);
  if (!arguments.named.empty()) {
    return raise(thread, type_error_type, "{}() takes no keyword arguments", full_name());
  }
  const std::size_t given = arguments.positional.size();
  if (given < required_by_place_ || (given > by_place_ && !takes_rest_)) {
    return wrong_count(thread, given);
  }
  const std::size_t taken = std::min<std::size_t>(given, by_place_);
  BoundArguments bound(arguments.positional, taken, count_);
  if (takes_rest_) bound.rest_ = arguments.positional.subspan(taken);
  return function(thread, self, bound);
}

Raised Signature::wrong_count(ThreadState& thread, std::size_t given) const {
  if (style_ == Style::kNothing) {
    return raise(thread, type_error_type, "{}() takes no arguments ({} given)", full_name(), given);
  }
  if (style_ == Style::kOne) {
    return raise(thread, type_error_type, "{}() takes exactly one argument ({} given)", full_name(),
                 given);
  }
  const bool is_few = given < required_by_place_;
  const std::size_t wanted = is_few ? required_by_place_ : by_place_;
  const bool is_exact = required_by_place_ == by_place_ && !takes_rest_;
  return raise(thread, type_error_type, "{} expected {}{} argument{}, got {}", short_name(),
               is_exact ? ""
               : is_few ? "at least "
                        : "at most ",
               wanted, plural(wanted), given);
}

Result<Ref<Object>> Signature::call_general(ThreadState& thread, NativeFunction function,
                                            Borrowed<Object> self,
                                            const CallArguments& arguments) const {
  const std::size_t given = arguments.positional.size();
  if (!takes_rest_ &&
      (given > by_place_ || (!takes_named_ && given + arguments.named.size() > count_))) {
    return too_many(thread, arguments);
  }
  const std::size_t taken = std::min<std::size_t>(given, by_place_);
  BoundArguments bound(arguments.positional, taken, count_);
  if (takes_rest_) bound.rest_ = arguments.positional.subspan(taken);
  Ref<Dict> named;
  if (!arguments.named.empty()) TRY(bind_names(thread, arguments, bound, named));
  TRY(check_required(thread, bound, given));
  bound.named_ = named.get();
  return function(thread, self, bound);
}

Raised Signature::too_many(ThreadState& thread, const CallArguments& arguments) const {
  const std::size_t given = arguments.positional.size();
  const std::size_t all = given + arguments.named.size();
  if (takes_named_ && by_place_only_ == count_) return wrong_count(thread, given);
  if (!takes_named_ && all > count_) {
    if (by_place_ == 0 && given != 0) {
      return raise(thread, type_error_type, "{}() takes no positional arguments", short_name());
    }
    return raise(thread, type_error_type, "{}() takes at most {} {}argument{} ({} given)",
                 short_name(), count_, given == 0 ? "keyword " : "", plural(count_), all);
  }
  if (by_place_ == 0) {
    return raise(thread, type_error_type, "{}() takes no positional arguments", short_name());
  }
  return raise(thread, type_error_type, "{}() takes {} {} positional argument{} ({} given)",
               short_name(), required_by_place_ < by_place_ ? "at most" : "exactly", by_place_,
               plural(by_place_), given);
}

Result<Done> Signature::bind_names(ThreadState& thread, const CallArguments& arguments,
                                   BoundArguments& bound, Ref<Dict>& named) const {
  for (std::size_t i = 0; i < arguments.named.size(); ++i) {
    Borrowed<Object> name = arguments.names->at(static_cast<std::int64_t>(i));
    unsigned place = by_place_only_;
    while (place < count_ && parameters_[place].name != name.get()) ++place;
    if (place < count_) {
      if (bound.values_[place] != nullptr) {
        return raise(thread, type_error_type,
                     "argument for {}() given by name ('{}') and position ({})", short_name(),
                     utf8_of(*as_str(name)), place + 1);
      }
      bound.values_[place] = arguments.named[i].get();
      continue;
    }
    if (!takes_named_) {
      return raise(thread, type_error_type, "{}() got an unexpected keyword argument '{}'",
                   short_name(), utf8_of(*as_str(name)));
    }
    if (!named) {
      RT_TRY_ASSIGN(made, named, new_dict(thread));
    }
    TRY(dict_set(thread, named, name, arguments.named[i]));
  }
  return Done{};
}

Result<Done> Signature::check_required(ThreadState& thread, const BoundArguments& bound,
                                       std::size_t given) const {
  for (unsigned i = 0; i < count_; ++i) {
    if (bound.values_[i] != nullptr || parameters_[i].is_optional) continue;
    if (takes_named_ && by_place_only_ == count_) return wrong_count(thread, given);
    if (i < by_place_only_) {
      unsigned required = 0;
      while (required < by_place_only_ && !parameters_[required].is_optional) ++required;
      return raise(thread, type_error_type, "{}() takes {} {} positional argument{} ({} given)",
                   short_name(), required < by_place_ ? "at least" : "exactly", required,
                   plural(required), given);
    }
    return raise(thread, type_error_type, "{}() missing required argument '{}' (pos {})",
                 short_name(), utf8_of(*parameters_[i].name), i + 1);
  }
  return Done{};
}

}  // namespace runtime
