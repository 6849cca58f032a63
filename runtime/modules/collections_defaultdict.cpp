// defaultdict: a dict that makes what is missing.
// https://docs.python.org/3/library/collections.html#collections.defaultdict
//
// Two threads that miss the same key may both call the factory; the value that is there first stays and
// both are given it.
#include <utility>

#include "runtime/containers/dict_object.h"
#include "runtime/containers/dict_protocol.h"
#include "runtime/modules/class_getitem.h"
#include "runtime/modules/collections_types.h"
#include "runtime/modules/iterator_support.h"
#include "runtime/object/recursion.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/names.h"

namespace runtime {

namespace {

struct DefaultDict : Dict {
  Object* factory;  // in the section; null: none
};

DefaultDict& default_dict_of(Borrowed<Object> object) {
  return *static_cast<DefaultDict*>(object.get());
}

Ref<Object> factory_of(ThreadState& thread, Borrowed<Object> object) {
  return read_field(thread, default_dict_of(object), &DefaultDict::factory);
}

void set_factory(ThreadState& thread, Borrowed<Object> object, Object* factory) {
  Ref<Object> value =
      factory == nullptr || is_none(factory) ? Ref<Object>() : share_field(thread, factory);
  Ref<Object> before;  // dropped outside
  ObjectSection section(thread, object);
  before = exchange_field(default_dict_of(object).factory, std::move(value));
}

Result<Ref<Object>> missing(ThreadState& thread, Borrowed<Object> self, Borrowed<Object> key) {
  Ref<Object> factory = factory_of(thread, self);
  if (!factory) return raise_with(thread, key_error_type, key);
  TRY_ASSIGN(Ref<Object> made, call(thread, factory, Arguments()));
  return dict_set_default(thread, as_dict(self), key, made);
}

Result<Ref<Object>> missing_method(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  return missing(thread, self, arguments.at(0));
}

// A class that is derived from it may have its own `__missing__`.
Result<Ref<Object>> get_or_make(ThreadState& thread, Borrowed<Object> self, Borrowed<Object> key) {
  TRY_ASSIGN(Ref<Object> value, dict_get(thread, as_dict(self), key));
  if (value) return value;
  if (self->type == &default_dict_type) return missing(thread, self, key);
  const Borrowed<Object> arguments[] = {key};
  TRY_ASSIGN(Method method, find_special(thread, self, "__missing__"));
  if (!method.function) return raise_with(thread, key_error_type, key);
  return call_method(thread, method, arguments);
}

Result<Done> initialize(ThreadState& thread, Borrowed<Object> self, const CallArguments& call) {
  CallArguments rest = call;
  Object* factory = nullptr;
  if (!call.positional.empty()) {
    factory = call.positional[0].get();
    if (!is_none(factory) && protocol_of(Borrowed(factory)).call == nullptr) {
      return raise(thread, type_error_type, "first argument must be callable or None");
    }
    rest.positional = call.positional.subspan(1);
  }
  set_factory(thread, self, factory);
  return dict_protocol.initialize(thread, self, rest);
}

// type(self)(factory, source)
Result<Ref<Object>> another(ThreadState& thread, Borrowed<Object> self, Borrowed<Object> source) {
  Ref<Object> type = Ref<Object>::share(thread, Borrowed<Object>(self->type));
  Ref<Object> factory = factory_of(thread, self);
  if (!factory) factory = none();
  const Borrowed<Object> arguments[] = {factory, source};
  return call(thread, type, arguments);
}

Result<Ref<Object>> copy(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return another(thread, self, self);
}

Result<Ref<Object>> merge(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right) {
  if (!is_dict(*left) || !is_dict(*right)) return not_implemented();
  const bool is_left = is_instance(*left, default_dict_type);
  TRY_ASSIGN(Ref<Object> merged, another(thread, is_left ? left : right, left));
  if (!is_dict(*merged)) return not_implemented();
  TRY(dict_update(thread, as_dict(merged), right));
  return merged;
}

Result<Ref<Str>> repr_of_default_dict(ThreadState& thread, Borrowed<Object> self) {
  Ref<Object> factory = factory_of(thread, self);
  if (!factory) factory = none();
  std::string made_by = "...";
  {
    // A factory may refer to the dict.
    ReprFrame frame(thread, self);
    if (!frame.is_inside_itself()) {
      TRY_ASSIGN(Ref<Str> shown, repr_of(thread, factory));
      made_by = utf8_of(*shown);
    }
  }
  TRY_ASSIGN(Ref<Str> items, dict_protocol.repr(thread, self));
  Ref<Str> name = type_name_of(thread, Borrowed<Type>(self->type));
  return new_str(thread, utf8_of(*name) + "(" + made_by + ", " + utf8_of(*items) + ")");
}

Result<Ref<Object>> reduce(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  Ref<Object> factory = factory_of(thread, self);
  Ref<Tuple> arguments = empty_tuple();
  if (factory) {
    RT_TRY_ASSIGN(one, arguments, new_tuple(thread, {factory}));
  }
  TRY_ASSIGN(Ref<Object> items, call_method(thread, self, "items", {}));
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, items));
  Ref<Object> type = Ref<Object>::share(thread, Borrowed<Object>(self->type));
  return new_tuple(thread, {type, arguments, none(), none(), iterator});
}

Result<Ref<Object>> get_factory(ThreadState& thread, Borrowed<Object> self) {
  Ref<Object> factory = factory_of(thread, self);
  return factory ? std::move(factory) : none();
}

Result<Done> set_factory_attribute(ThreadState& thread, Borrowed<Object> self, Object* value) {
  set_factory(thread, self, value);
  return Done();
}

Result<Ref<Object>> make_empty(ThreadState& thread, Borrowed<Object> type, const BoundArguments&) {
  return new_empty_instance(thread, as_type(type));
}

void release_default_dict(Object* object, DroppedFields& dropped) {
  dropped.take(static_cast<DefaultDict*>(object)->factory);
  dict_type.slots.release_fields(object, dropped);
}

void traverse_default_dict(Object* object, Visit visit, void* context) {
  if (Object* factory = static_cast<DefaultDict*>(object)->factory) visit(context, factory);
  dict_type.slots.traverse(object, visit, context);
}

void clear_default_dict(Object* object, DroppedFields& dropped) {
  dropped.take(static_cast<DefaultDict*>(object)->factory);
  dict_type.slots.clear(object, dropped);
}

// A dict's, but for what is missing. Made before main: see base/scheduled_statics.h.
const Protocol kDefaultDictProtocol = [] {
  Protocol derived = dict_protocol;
  derived.base = &dict_type;
  derived.repr = &repr_of_default_dict;
  derived.get_item = &get_or_make;
  derived.binary[static_cast<unsigned>(BinaryOp::kOr)] = &merge;
  derived.initialize = &initialize;
  return derived;
}();

constexpr NativeMethod kMethods[] = {
    {"__missing__(key, /)", &missing_method, "Called for a key that is not there."},
    {"copy()", &copy, "A shallow copy."},
    {"__copy__()", &copy, "A shallow copy."},
    {"__reduce__()", &reduce, "Return state information for pickling."},
    {"__class_getitem__(item, /)", &class_getitem, "See PEP 585", NativeKind::kOfClass},
};

constexpr NativeAttribute kAttributes[] = {
    {"default_factory", &get_factory, &set_factory_attribute,
     "Called without arguments for a key that is not there."},
};

}  // namespace

// The table is set when the type is opened: that of dict stands in another file.
constinit Type default_dict_type(TypeSlots{
    .name = "collections.defaultdict",
    .size = sizeof(DefaultDict),
    .heap = HeapKind::kCollected,
    .release_fields = &release_default_dict,
    .traverse = &traverse_default_dict,
    .clear = &clear_default_dict,
});

Result<Done> open_default_dict_type(ThreadState& thread) {
  default_dict_type.slots.protocol = &kDefaultDictProtocol;
  return open_type(thread, NativeType{.type = default_dict_type,
                                      .base = &dict_type,
                                      .module = "collections",
                                      .documentation = "A dict that makes what is missing.",
                                      .methods = kMethods,
                                      .attributes = kAttributes,
                                      .constructor = "defaultdict(*arguments, **named)",
                                      .make = &make_empty});
}

}  // namespace runtime
