#include "runtime/modules/gathered_arguments.h"

#include <utility>

#include "runtime/containers/dict_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

void GatheredArguments::add(ThreadState& thread, Borrowed<Object> value) {
  RT_INVARIANT(!names_, "what has no name comes before what has");
  values_.push_back(Ref<Object>::share(thread, value));
  ++positional_;
}

void GatheredArguments::add(ThreadState& thread, Arguments values) {
  for (Borrowed<Object> value : values) add(thread, value);
}

void GatheredArguments::add_items(ThreadState& thread, const Tuple& values) {
  for (std::int64_t i = 0; i < values.size; ++i) add(thread, values.at(i));
}

void GatheredArguments::add(ThreadState& thread, const CallArguments& arguments) {
  add(thread, arguments.positional);
  if (arguments.named.empty()) return;
  for (Borrowed<Object> value : arguments.named) {
    values_.push_back(Ref<Object>::share(thread, value));
  }
  names_ = Ref<Tuple>::share(thread, Borrowed(arguments.names));
}

Result<Done> GatheredArguments::add_named(ThreadState& thread, Borrowed<Dict> named) {
  RT_INVARIANT(!names_, "names are added once");
  if (dict_size(*named) == 0) return Done();
  std::vector<Ref<Object>> names;
  TRY_ASSIGN(Ref<Dict> snapshot, copy_dict(thread, named));  // nobody changes it
  TRY_ASSIGN(Ref<Object> keys, get_iterator(thread, snapshot));
  for (;;) {
    TRY_ASSIGN(Ref<Object> key, next_of(thread, keys));
    if (!key) break;
    if (!is_str(*key)) return raise(thread, type_error_type, "keywords must be strings");
    TRY_ASSIGN(Ref<Object> value, dict_get(thread, snapshot, key));
    if (!value) continue;
    TRY_ASSIGN(Ref<Str> name, name_of(thread, key));
    names.push_back(std::move(name));
    values_.push_back(std::move(value));
  }
  TRY_ASSIGN(names_, new_tuple_taking(thread, names));
  return Done();
}

CallArguments GatheredArguments::get() {
  borrowed_.assign(values_.begin(), values_.end());
  const Arguments all(borrowed_);
  return CallArguments{.positional = all.first(positional_),
                       .named = all.subspan(positional_),
                       .names = names_.get()};
}

}  // namespace runtime
