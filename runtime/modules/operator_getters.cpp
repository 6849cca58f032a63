// itemgetter, attrgetter, methodcaller. All that they hold is constant, so calling them takes no lock.
#include <string>
#include <utility>
#include <vector>

#include "runtime/containers/dict_object.h"
#include "runtime/modules/gathered_arguments.h"
#include "runtime/modules/iterator_support.h"
#include "runtime/modules/operator_types.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

// f(object), and nothing else.
Result<Done> check_one(ThreadState& thread, const char* name, const CallArguments& call) {
  if (!call.named.empty()) {
    return raise(thread, type_error_type, "{}() takes no keyword arguments", name);
  }
  if (call.positional.size() == 1) return Done();
  return raise(thread, type_error_type, "{} expected 1 argument, got {}", name,
               call.positional.size());
}

// "operator.itemgetter(1, 'a')"
Result<Ref<Str>> repr_with(ThreadState& thread, Borrowed<Object> self, const Tuple& items) {
  std::string text = full_name_of(thread, Borrowed<Type>(self->type)) + "(";
  for (std::int64_t i = 0; i < items.size; ++i) {
    TRY_ASSIGN(Ref<Str> shown, repr_of(thread, items.at(i)));
    text += (i == 0 ? "" : ", ") + utf8_of(*shown);
  }
  return new_str(thread, text + ")");
}

// -- itemgetter --

struct ItemGetter : Object {
  Object* keys;  // a Tuple
};

const Tuple& keys_of(Borrowed<Object> self) {
  return *static_cast<Tuple*>(static_cast<ItemGetter*>(self.get())->keys);
}

Result<Ref<Object>> get_items(ThreadState& thread, Borrowed<Object> self,
                              const CallArguments& call) {
  TRY(check_one(thread, "itemgetter", call));
  const Tuple& keys = keys_of(self);
  if (keys.size == 1) return get_item(thread, call.positional[0], keys.at(0));
  std::vector<Ref<Object>> items;
  for (std::int64_t i = 0; i < keys.size; ++i) {
    TRY_ASSIGN(Ref<Object> item, get_item(thread, call.positional[0], keys.at(i)));
    items.push_back(std::move(item));
  }
  return new_tuple_taking(thread, items);
}

Result<Ref<Object>> make_itemgetter(ThreadState& thread, Borrowed<Object> type,
                                    const BoundArguments& arguments) {
  if (arguments.rest().empty()) {
    return raise(thread, type_error_type, "itemgetter expected at least 1 argument, got 0");
  }
  TRY_ASSIGN(Ref<Tuple> keys, new_tuple(thread, arguments.rest()));
  TRY_ASSIGN(Ref<ItemGetter> getter, new_instance_of<ItemGetter>(thread, type));
  getter->keys = keys.release();
  return getter;
}

Result<Ref<Str>> repr_of_itemgetter(ThreadState& thread, Borrowed<Object> self) {
  return repr_with(thread, self, keys_of(self));
}

Result<Ref<Object>> reduce_itemgetter(ThreadState& thread, Borrowed<Object> self,
                                      const BoundArguments&) {
  Ref<Object> keys =
      Ref<Object>::share(thread, Borrowed(static_cast<ItemGetter*>(self.get())->keys));
  return new_tuple(thread, {Borrowed<Object>(self->type), keys});
}

// -- attrgetter --

struct AttrGetter : Object {
  Object* names;  // a Tuple of what was given
  Object* paths;  // a Tuple of tuples: each name split at its dots
};

// "a.b" is ("a", "b"), interned.
Result<Ref<Object>> path_of(ThreadState& thread, Borrowed<Object> name) {
  if (!is_str(*name)) {
    return raise(thread, type_error_type, "attribute name must be a string");
  }
  const std::string text = utf8_of(*as_str(name));
  std::vector<Ref<Object>> parts;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t dot = text.find('.', begin);
    const std::size_t length = dot == std::string::npos ? dot : dot - begin;
    TRY_ASSIGN(Ref<Str> part, new_str(thread, std::string_view(text).substr(begin, length)));
    TRY_ASSIGN(Ref<Str> interned, name_of(thread, part));
    parts.push_back(std::move(interned));
    if (dot == std::string::npos) break;
    begin = dot + 1;
  }
  return new_tuple_taking(thread, parts);
}

Result<Ref<Object>> follow(ThreadState& thread, Borrowed<Object> object, const Tuple& path) {
  Ref<Object> found = Ref<Object>::share(thread, object);
  for (std::int64_t i = 0; i < path.size; ++i) {
    TRY_ASSIGN(found, get_attribute(thread, found, as_str(path.at(i))));
  }
  return found;
}

Result<Ref<Object>> get_attributes(ThreadState& thread, Borrowed<Object> self,
                                   const CallArguments& call) {
  TRY(check_one(thread, "attrgetter", call));
  const Tuple& paths = *static_cast<Tuple*>(static_cast<AttrGetter*>(self.get())->paths);
  if (paths.size == 1) return follow(thread, call.positional[0], *as_tuple(paths.at(0)));
  std::vector<Ref<Object>> values;
  for (std::int64_t i = 0; i < paths.size; ++i) {
    TRY_ASSIGN(Ref<Object> value, follow(thread, call.positional[0], *as_tuple(paths.at(i))));
    values.push_back(std::move(value));
  }
  return new_tuple_taking(thread, values);
}

Result<Ref<Object>> make_attrgetter(ThreadState& thread, Borrowed<Object> type,
                                    const BoundArguments& arguments) {
  if (arguments.rest().empty()) {
    return raise(thread, type_error_type, "attrgetter expected at least 1 argument, got 0");
  }
  std::vector<Ref<Object>> paths;
  for (Borrowed<Object> name : arguments.rest()) {
    TRY_ASSIGN(Ref<Object> path, path_of(thread, name));
    paths.push_back(std::move(path));
  }
  TRY_ASSIGN(Ref<Tuple> all, new_tuple_taking(thread, paths));
  TRY_ASSIGN(Ref<Tuple> names, new_tuple(thread, arguments.rest()));
  TRY_ASSIGN(Ref<AttrGetter> getter, new_instance_of<AttrGetter>(thread, type));
  getter->names = names.release();
  getter->paths = all.release();
  return getter;
}

Result<Ref<Str>> repr_of_attrgetter(ThreadState& thread, Borrowed<Object> self) {
  return repr_with(thread, self, *static_cast<Tuple*>(static_cast<AttrGetter*>(self.get())->names));
}

Result<Ref<Object>> reduce_attrgetter(ThreadState& thread, Borrowed<Object> self,
                                      const BoundArguments&) {
  Ref<Object> names =
      Ref<Object>::share(thread, Borrowed(static_cast<AttrGetter*>(self.get())->names));
  return new_tuple(thread, {Borrowed<Object>(self->type), names});
}

// -- methodcaller --

struct MethodCaller : Object {
  Object* name;       // a Str, interned
  Object* arguments;  // a Tuple
  Object* named;      // a Dict that nobody else changes, or null
};

const MethodCaller& caller_of(Borrowed<Object> self) {
  return *static_cast<MethodCaller*>(self.get());
}

Result<Ref<Object>> call_the_method(ThreadState& thread, Borrowed<Object> self,
                                    const CallArguments& given) {
  TRY(check_one(thread, "methodcaller", given));
  const MethodCaller& caller = caller_of(self);
  TRY_ASSIGN(Method method, get_method(thread, given.positional[0], as_str(Borrowed(caller.name))));
  GatheredArguments all;
  if (method.self) all.add(thread, Borrowed<Object>(method.self));
  all.add_items(thread, *static_cast<Tuple*>(caller.arguments));
  if (caller.named != nullptr) {
    TRY(all.add_named(thread, Borrowed(static_cast<Dict*>(caller.named))));
  }
  return call(thread, method.function, all.get());
}

Result<Ref<Object>> make_methodcaller(ThreadState& thread, Borrowed<Object> type,
                                      const BoundArguments& arguments) {
  if (arguments.rest().empty()) {
    return raise(thread, type_error_type,
                 "methodcaller needs at least one argument, the method name");
  }
  const Borrowed<Object> given = arguments.rest()[0];
  if (!is_str(*given)) return raise(thread, type_error_type, "method name must be a string");
  TRY_ASSIGN(Ref<Str> name, name_of(thread, given));
  TRY_ASSIGN(Ref<Tuple> kept, new_tuple(thread, arguments.rest().subspan(1)));
  Ref<Dict> named;
  if (arguments.named() != nullptr) {
    TRY_ASSIGN(named, copy_dict(thread, Borrowed(arguments.named())));
  }
  TRY_ASSIGN(Ref<MethodCaller> caller, new_instance_of<MethodCaller>(thread, type));
  caller->name = name.release();
  caller->arguments = kept.release();
  caller->named = named.release();
  return caller;
}

Result<Ref<Str>> repr_of_methodcaller(ThreadState& thread, Borrowed<Object> self) {
  const MethodCaller& caller = caller_of(self);
  TRY_ASSIGN(Ref<Str> name, repr_of(thread, Borrowed(caller.name)));
  std::string text = full_name_of(thread, Borrowed<Type>(self->type)) + "(" + utf8_of(*name);
  const Tuple& arguments = *static_cast<Tuple*>(caller.arguments);
  for (std::int64_t i = 0; i < arguments.size; ++i) {
    TRY_ASSIGN(Ref<Str> shown, repr_of(thread, arguments.at(i)));
    text += ", " + utf8_of(*shown);
  }
  GatheredArguments named;
  if (caller.named != nullptr) {
    TRY(named.add_named(thread, Borrowed(static_cast<Dict*>(caller.named))));
  }
  const CallArguments pairs = named.get();
  for (std::size_t i = 0; i < pairs.named.size(); ++i) {
    TRY_ASSIGN(Ref<Str> key, str_of(thread, pairs.names->at(static_cast<std::int64_t>(i))));
    TRY_ASSIGN(Ref<Str> shown, repr_of(thread, pairs.named[i]));
    text += ", " + utf8_of(*key) + "=" + utf8_of(*shown);
  }
  return new_str(thread, text + ")");
}

constexpr Protocol getter_protocol(Result<Ref<Str>> (*repr)(ThreadState&, Borrowed<Object>),
                                   Result<Ref<Object>> (*call)(ThreadState&, Borrowed<Object>,
                                                               const CallArguments&)) {
  return Protocol{.hash = &hash_by_identity, .repr = repr, .call = call};
}

constexpr Protocol kItemProtocol = getter_protocol(&repr_of_itemgetter, &get_items);
constexpr Protocol kAttrProtocol = getter_protocol(&repr_of_attrgetter, &get_attributes);
constexpr Protocol kMethodProtocol = getter_protocol(&repr_of_methodcaller, &call_the_method);

constexpr NativeMethod kItemMethods[] = {{"__reduce__()", &reduce_itemgetter}};
constexpr NativeMethod kAttrMethods[] = {{"__reduce__()", &reduce_attrgetter}};

}  // namespace

constinit Type itemgetter_type(iterator_slots<ItemGetter, &ItemGetter::keys>("operator.itemgetter",
                                                                             &kItemProtocol));
constinit Type attrgetter_type(iterator_slots<AttrGetter, &AttrGetter::names, &AttrGetter::paths>(
    "operator.attrgetter", &kAttrProtocol));
constinit Type methodcaller_type(
    iterator_slots<MethodCaller, &MethodCaller::name, &MethodCaller::arguments,
                   &MethodCaller::named>("operator.methodcaller", &kMethodProtocol));

Result<Done> open_operator_types(ThreadState& thread) {
  TRY(open_type(thread, NativeType{.type = itemgetter_type,
                                   .module = "operator",
                                   .documentation = "Gets the items with the given keys.",
                                   .methods = kItemMethods,
                                   .derivable = Derivable::kNo,
                                   .constructor = "itemgetter(*items)",
                                   .make = &make_itemgetter}));
  TRY(open_type(thread, NativeType{.type = attrgetter_type,
                                   .module = "operator",
                                   .documentation = "Gets the attributes with the given names.",
                                   .methods = kAttrMethods,
                                   .derivable = Derivable::kNo,
                                   .constructor = "attrgetter(*attrs)",
                                   .make = &make_attrgetter}));
  return open_type(thread, NativeType{.type = methodcaller_type,
                                      .module = "operator",
                                      .documentation = "Calls the method with the given name.",
                                      .derivable = Derivable::kNo,
                                      .constructor = "methodcaller(*args, **kwargs)",
                                      .make = &make_methodcaller});
}

}  // namespace runtime
