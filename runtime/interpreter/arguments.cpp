#include "runtime/interpreter/arguments.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "runtime/containers/dict_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

// One binding: the frame that is being filled.
class Binding {
 public:
  Binding(ThreadState& thread, Frame& frame, Borrowed<FunctionObject> function,
          const PassedArguments& passed)
      : thread_(thread),
        code_(frame.its_code()),
        registers_(frame.registers()),
        function_(function),
        passed_(passed),
        positional_(code_.positional_count),
        parameters_(code_.positional_count + code_.keyword_only_count) {}

  Result<Done> run() {
    TRY(make_rest());
    bind_positional();
    TRY(bind_named());
    TRY(check_positional());
    TRY(bind_defaults());
    return bind_keyword_defaults();
  }

 private:
  [[nodiscard]] bool has(std::uint32_t flag) const { return (code_.flags & flag) != 0; }
  [[nodiscard]] Str* parameter_name(std::uint32_t index) const {
    return static_cast<Str*>(code_.local_names->items()[index]);
  }
  [[nodiscard]] std::string called() const {
    Ref<Object> name = read_field(thread_, function_, function_->qualified_name);
    return utf8_of(*as_str(name));
  }

  // *args and **kwargs exist in any case.
  Result<Done> make_rest() {
    std::uint32_t place = parameters_;
    if (has(CodeFlags::kVariadic)) {
      const std::uint32_t given = passed_.positional_count;
      const std::uint32_t rest = given > positional_ ? given - positional_ : 0;
      if (rest == 0) {
        registers_[place] = StackRef::counted(empty_tuple());
      } else {
        TRY_ASSIGN(Ref<Tuple> tuple, allocate_tuple(thread_, rest));
        for (std::uint32_t i = 0; i < rest; ++i) {
          tuple->items()[i] = passed_.positional[positional_ + i].to_heap(thread_).release();
        }
        track(tuple.get());
        registers_[place] = StackRef::counted(std::move(tuple));
      }
      ++place;
    }
    if (has(CodeFlags::kKeywordVariadic)) {
      TRY_ASSIGN(Ref<Dict> dict, new_dict(thread_));
      rest_of_names_ = dict.get();
      registers_[place] = StackRef::counted(std::move(dict));
    }
    return Done();
  }

  void bind_positional() {
    const std::uint32_t count = std::min(passed_.positional_count, positional_);
    for (std::uint32_t i = 0; i < count; ++i) {
      registers_[i] = std::exchange(passed_.positional[i], StackRef());
    }
  }

  // The parameter that can be given by this name; parameters_: none.
  [[nodiscard]] std::uint32_t parameter_of(const Str& name) const {
    for (std::uint32_t i = code_.positional_only_count; i < parameters_; ++i) {
      if (parameter_name(i) == &name) return i;
    }
    for (std::uint32_t i = code_.positional_only_count; i < parameters_; ++i) {
      if (equal_strs(*parameter_name(i), name)) return i;
    }
    return parameters_;
  }

  Result<Done> bind_named() {
    for (std::uint32_t i = 0; i < passed_.named_count(); ++i) {
      const Borrowed<Str> name(static_cast<Str*>(passed_.names->items()[i]));
      const std::uint32_t parameter = parameter_of(*name);
      if (parameter == parameters_) {
        if (rest_of_names_ == nullptr) return raise_unexpected(*name);
        Ref<Object> value = passed_.named[i].to_heap(thread_);
        TRY(dict_set(thread_, Borrowed<Dict>(rest_of_names_), name, value));
      } else if (!registers_[parameter].is_empty()) {
        return raise(thread_, type_error_type, "{}() got multiple values for argument '{}'",
                     called(), utf8_of(*name));
      } else {
        registers_[parameter] = std::exchange(passed_.named[i], StackRef());
      }
    }
    return Done();
  }

  Raised raise_unexpected(const Str& name) {
    std::string wrongly_named;
    for (std::uint32_t i = 0; i < code_.positional_only_count; ++i) {
      for (std::uint32_t j = 0; j < passed_.named_count(); ++j) {
        const auto* passed_name = static_cast<const Str*>(passed_.names->items()[j]);
        if (!equal_strs(*parameter_name(i), *passed_name)) continue;
        if (!wrongly_named.empty()) wrongly_named += ", ";
        wrongly_named += utf8_of(*passed_name);
      }
    }
    if (!wrongly_named.empty()) {
      return raise(thread_, type_error_type,
                   "{}() got some positional-only arguments passed as keyword arguments: '{}'",
                   called(), wrongly_named);
    }
    return raise(thread_, type_error_type, "{}() got an unexpected keyword argument '{}'", called(),
                 utf8_of(name));
  }

  [[nodiscard]] std::uint32_t default_count(const Object* defaults) const {
    return defaults == nullptr
               ? 0
               : static_cast<std::uint32_t>(static_cast<const Tuple*>(defaults)->size);
  }

  Result<Done> check_positional() {
    const std::uint32_t given = passed_.positional_count;
    if (given <= positional_ || has(CodeFlags::kVariadic)) return Done();
    Ref<Object> defaults = read_field(thread_, function_, function_->defaults);
    const std::uint32_t with_default = default_count(defaults.get());
    std::uint32_t named_only = 0;
    for (std::uint32_t i = positional_; i < parameters_; ++i) {
      if (!registers_[i].is_empty()) ++named_only;
    }
    const std::string takes =
        with_default == 0
            ? fmt::format("{}", positional_)
            : fmt::format("from {} to {}", positional_ - std::min(with_default, positional_),
                          positional_);
    const bool is_plural = with_default != 0 || positional_ != 1;
    std::string besides;
    if (named_only > 0) {
      besides = fmt::format(" positional argument{} (and {} keyword-only argument{})",
                            given == 1 ? "" : "s", named_only, named_only == 1 ? "" : "s");
    }
    return raise(thread_, type_error_type, "{}() takes {} positional argument{} but {}{} {} given",
                 called(), takes, is_plural ? "s" : "", given, besides,
                 given == 1 && named_only == 0 ? "was" : "were");
  }

  Raised raise_missing(const char* kind, const std::vector<std::string>& names) {
    std::string list;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) list += names.size() == 2 ? " and " : i + 1 == names.size() ? ", and " : ", ";
      list += fmt::format("'{}'", names[i]);
    }
    return raise(thread_, type_error_type, "{}() missing {} required {} argument{}: {}", called(),
                 names.size(), kind, names.size() == 1 ? "" : "s", list);
  }

  Result<Done> bind_defaults() {
    if (passed_.positional_count >= positional_) return Done();
    Ref<Object> defaults = read_field(thread_, function_, function_->defaults);
    const std::uint32_t count = std::min(default_count(defaults.get()), positional_);
    const std::uint32_t surplus = default_count(defaults.get()) - count;
    const std::uint32_t without = positional_ - count;
    std::vector<std::string> missing;
    for (std::uint32_t i = passed_.positional_count; i < without; ++i) {
      if (registers_[i].is_empty()) missing.push_back(utf8_of(*parameter_name(i)));
    }
    if (!missing.empty()) return raise_missing("positional", missing);
    for (std::uint32_t i = std::max(without, passed_.positional_count); i < positional_; ++i) {
      if (!registers_[i].is_empty()) continue;
      const Borrowed<Object> value = static_cast<Tuple*>(defaults.get())->at(surplus + i - without);
      registers_[i] = RT_MUTANT(argument_default_not_counted) ? StackRef::uncounted(value)
                                                              : StackRef::load(thread_, value);
    }
    return Done();
  }

  Result<Done> bind_keyword_defaults() {
    if (code_.keyword_only_count == 0) return Done();
    std::vector<std::string> missing;
    Ref<Object> defaults = read_field(thread_, function_, function_->keyword_defaults);
    for (std::uint32_t i = positional_; i < parameters_; ++i) {
      if (!registers_[i].is_empty()) continue;
      Ref<Object> value;
      if (defaults) {
        RT_TRY_ASSIGN(found, value,
                      dict_get(thread_, as_dict(defaults), Borrowed<Str>(parameter_name(i))));
      }
      if (value) {
        registers_[i] = StackRef::counted(std::move(value));
      } else {
        missing.push_back(utf8_of(*parameter_name(i)));
      }
    }
    if (!missing.empty()) return raise_missing("keyword-only", missing);
    return Done();
  }

  ThreadState& thread_;
  Code& code_;
  StackRef* const registers_;
  const Borrowed<FunctionObject> function_;
  const PassedArguments& passed_;
  const std::uint32_t positional_;
  const std::uint32_t parameters_;  // without *args and **kwargs
  Dict* rest_of_names_ = nullptr;
};

}  // namespace

void PassedArguments::close_all(ThreadState& thread) const {
  for (std::uint32_t i = 0; i < positional_count; ++i) positional[i].close(thread);
  for (std::uint32_t i = 0; i < named_count(); ++i) named[i].close(thread);
}

Result<Done> bind_arguments(ThreadState& thread, Frame& frame, Borrowed<FunctionObject> function,
                            const PassedArguments& passed) {
  Result<Done> done = Binding(thread, frame, function, passed).run();
  passed.close_all(thread);
  return done;
}

Result<Done> update_from_mapping(ThreadState& thread, Borrowed<Dict> target,
                                 Borrowed<Object> source) {
  if (source->type == &dict_type) return dict_update(thread, target, source);
  TRY_ASSIGN(Ref<Object> keys, call_method(thread, source, "keys", Arguments()));
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, keys));
  for (;;) {
    TRY_ASSIGN(Ref<Object> key, next_of(thread, iterator));
    if (!key) return Done();
    TRY_ASSIGN(Ref<Object> value, get_item(thread, source, key));
    TRY(dict_set(thread, target, key, value));
  }
}

Result<Done> merge_named_arguments(ThreadState& thread, Borrowed<Dict> target,
                                   Borrowed<Object> source, Borrowed<Object> callee) {
  if (!is_dict(*source)) {
    Result<Ref<Object>> found = find_attribute(thread, source, Names::of(thread).keys());
    if (found.is_raised() || !found.value()) {
      return raise(thread, type_error_type, "{} argument after ** must be a mapping, not {}",
                   callee_text(thread, callee), type_name(source));
    }
  }
  TRY_ASSIGN(Ref<Dict> added, new_dict(thread));
  TRY(update_from_mapping(thread, added, source));
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, added));
  for (;;) {
    TRY_ASSIGN(Ref<Object> key, next_of(thread, iterator));
    if (!key) return Done();
    if (!is_str(*key)) return raise(thread, type_error_type, "keywords must be strings");
    TRY_ASSIGN(bool is_there, dict_contains(thread, target, key));
    if (is_there) {
      return raise(thread, type_error_type, "{} got multiple values for keyword argument '{}'",
                   callee_text(thread, callee), utf8_of(*as_str(key)));
    }
    TRY_ASSIGN(Ref<Object> value, dict_get(thread, added, key));
    if (value) TRY(dict_set(thread, target, key, value));
  }
}

std::string callee_text(ThreadState& thread, Borrowed<Object> callee) {
  auto text_of = [&](Borrowed<Str> name) -> std::string {
    Result<Ref<Object>> found = find_attribute(thread, callee, name);
    if (found.is_raised() || !found.value() || !is_str(*found.value())) return "";
    return utf8_of(*as_str(found.value()));
  };
  const std::string name = text_of(Names::of(thread).dunder_qualname());
  if (name.empty()) {
    Result<Ref<Str>> text = str_of(thread, callee);
    return text.is_raised() ? std::string(type_name(callee)) : utf8_of(*text.value());
  }
  const std::string module = text_of(Names::of(thread).dunder_module());
  if (module.empty() || module == "builtins") return name + "()";
  return module + "." + name + "()";
}

}  // namespace runtime
