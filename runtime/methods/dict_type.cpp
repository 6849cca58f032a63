// dict and its views: constructor and methods.
#include <utility>

#include "runtime/containers/dict_object.h"
#include "runtime/containers/dict_view.h"
#include "runtime/containers/set_object.h"
#include "runtime/methods/open_parts.h"
#include "runtime/object/tuple_object.h"
#include "runtime/object/values.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

// -- what dicts ask of programs --

Result<Ref<Object>> keys_of_mapping(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Ref<Object> method, find_attribute(thread, object, "keys"));
  if (!method) return Ref<Object>();
  return call(thread, method, Arguments());
}

Result<Ref<Object>> ask_missing(ThreadState& thread, Borrowed<Object> dict, Borrowed<Object> key) {
  TRY_ASSIGN(Method method, find_special(thread, dict, "__missing__"));
  if (!method.function) return Ref<Object>();
  const Borrowed<Object> argument[] = {key};
  return call_method(thread, method, argument);
}

// -- methods of dict --

Borrowed<Object> value_or_none(const BoundArguments& arguments, unsigned parameter) {
  return Borrowed<Object>(arguments.has(parameter) ? arguments[parameter] : &none_object);
}

Result<Ref<Object>> get(ThreadState& thread, Borrowed<Object> self,
                        const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> value, dict_get(thread, as_dict(self), arguments.at(0)));
  if (value) return value;
  return Ref<Object>::share(thread, value_or_none(arguments, 1));
}

Result<Ref<Object>> pop(ThreadState& thread, Borrowed<Object> self,
                        const BoundArguments& arguments) {
  return dict_pop(thread, as_dict(self), arguments.at(0), arguments[1]);
}

Result<Ref<Object>> popitem(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return dict_pop_item(thread, as_dict(self));
}

Result<Ref<Object>> setdefault(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  return dict_set_default(thread, as_dict(self), arguments.at(0), value_or_none(arguments, 1));
}

Result<Ref<Object>> update(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  Borrowed<Dict> dict = as_dict(self);
  if (arguments.has(0)) TRY(dict_update(thread, dict, arguments.at(0)));
  if (Dict* named = arguments.named()) TRY(dict_update(thread, dict, Borrowed<Dict>(named)));
  return none();
}

Result<Ref<Object>> clear(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  dict_clear(thread, as_dict(self));
  return none();
}

Result<Ref<Object>> copy(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return copy_dict(thread, as_dict(self));
}

template <DictPart part>
Result<Ref<Object>> view(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return new_dict_view(thread, as_dict(self), part);
}

Result<Ref<Object>> reversed(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return new_dict_iterator(thread, as_dict(self), DictPart::kKeys, Direction::kReversed);
}

Result<Ref<Object>> fromkeys(ThreadState& thread, Borrowed<Object> self,
                             const BoundArguments& arguments) {
  Borrowed<Object> value = value_or_none(arguments, 1);
  if (&type_argument(self) == &dict_type) {
    return dict_from_keys(thread, arguments.at(0), value);
  }
  TRY_ASSIGN(Ref<Object> made, call(thread, self, Arguments()));
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, arguments.at(0)));
  for (;;) {
    TRY_ASSIGN(Ref<Object> key, next_of(thread, iterator));
    if (!key) return made;
    TRY(set_item(thread, made, key, value));
  }
}

constexpr NativeMethod kDictMethods[] = {
    {"get(key, default?, /)", &get, "The value of key, or default."},
    {"pop(key, default?, /)", &pop, "Removes key and returns its value, or default."},
    {"popitem()", &popitem, "Removes the newest key and returns it with its value."},
    {"setdefault(key, default?, /)", &setdefault,
     "The value of key, which is default if it was absent."},
    {"update(other?, /, **named)", &update, "Takes over the keys and values of others."},
    {"clear()", &clear, "Removes all keys."},
    {"copy()", &copy, "A dict with the same keys and values."},
    {"keys()", &view<DictPart::kKeys>, "A view of the keys."},
    {"values()", &view<DictPart::kValues>, "A view of the values."},
    {"items()", &view<DictPart::kItems>, "A view of the keys with their values."},
    {"__reversed__()", &reversed, "An iterator from the newest key to the oldest."},
    {"fromkeys(iterable, value?, /)", &fromkeys, "A dict with these keys, all with one value.",
     NativeKind::kOfClass},
};

// -- methods of views --

Borrowed<Dict> dict_of(Borrowed<Object> self) {
  return Borrowed<Dict>(static_cast<DictView*>(self.get())->dict);
}

template <DictPart part>
Result<Ref<Object>> reversed_view(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments&) {
  return new_dict_iterator(thread, dict_of(self), part, Direction::kReversed);
}

// The shorter one is gone through, as far as lengths are known.
Result<Ref<Object>> isdisjoint(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  Borrowed<Object> members = arguments.at(0);
  Borrowed<Object> container = self;
  if (is_any_set(*members) || is_dict_view(*members)) {
    TRY_ASSIGN(std::int64_t length, length_of(thread, members));
    if (length > dict_size(*dict_of(self))) std::swap(members, container);
  }
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, members));
  for (;;) {
    TRY_ASSIGN(Ref<Object> member, next_of(thread, iterator));
    if (!member) return boolean(true);
    TRY_ASSIGN(bool is_in, contains(thread, container, member));
    if (is_in) return boolean(false);
  }
}

constexpr NativeMethod kKeysMethods[] = {
    {"isdisjoint(other, /)", &isdisjoint, "Have they nothing in common?"},
    {"__reversed__()", &reversed_view<DictPart::kKeys>},
};
constexpr NativeMethod kItemsMethods[] = {
    {"isdisjoint(other, /)", &isdisjoint, "Have they nothing in common?"},
    {"__reversed__()", &reversed_view<DictPart::kItems>},
};
constexpr NativeMethod kValuesMethods[] = {
    {"__reversed__()", &reversed_view<DictPart::kValues>},
};

}  // namespace

Result<Done> open_dict(ThreadState& thread) {
  ValuesHooks& hooks = Values::of(thread).hooks();
  hooks.keys_of = &keys_of_mapping;
  hooks.missing = &ask_missing;
  return open_type(thread, {
                               .type = dict_type,
                               .documentation = "dict(mapping or pairs, /, **named)",
                               .methods = kDictMethods,
                               .constructor = "dict(*source, **named)",
                               .make = &make_empty,
                           });
}

Result<Done> open_dict_views(ThreadState& thread) {
  TRY(open_type(thread,
                {.type = dict_keys_type, .methods = kKeysMethods, .derivable = Derivable::kNo}));
  TRY(open_type(thread,
                {.type = dict_items_type, .methods = kItemsMethods, .derivable = Derivable::kNo}));
  return open_type(
      thread, {.type = dict_values_type, .methods = kValuesMethods, .derivable = Derivable::kNo});
}

}  // namespace runtime
