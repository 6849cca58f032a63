// `_collections`: https://docs.python.org/3/library/collections.html
#include "runtime/containers/deque_object.h"
#include "runtime/containers/dict_object.h"
#include "runtime/modules/collections_types.h"
#include "runtime/modules/iterator_support.h"
#include "runtime/modules/native_module.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

// -- _tuplegetter --

struct TupleGetter : Object {
  Object* documentation;  // in the section
  std::int64_t index;     // constant
};

TupleGetter& getter_of(Borrowed<Object> object) { return *static_cast<TupleGetter*>(object.get()); }

Result<Ref<Object>> get_field(ThreadState& thread, Borrowed<Object> self, Object* instance,
                              Borrowed<Type>) {
  if (instance == nullptr || is_none(instance)) return Ref<Object>::share(thread, self);
  const std::int64_t index = getter_of(self).index;
  if (!is_tuple(*instance)) {
    return raise(thread, type_error_type,
                 "descriptor for index '{}' for tuple subclasses doesn't apply to '{}' object",
                 index, type_name(Borrowed(instance)));
  }
  const Tuple& tuple = *as_tuple(Borrowed(instance));
  if (index < 0 || index >= tuple.size) {
    return raise(thread, index_error_type, "tuple index out of range");
  }
  return Ref<Object>::share(thread, tuple.at(index));
}

Result<Done> refuse(ThreadState& thread, Borrowed<Object>, Borrowed<Object>, Object* value) {
  return raise_text(thread, attribute_error_type,
                    value == nullptr ? "can't delete attribute" : "can't set attribute");
}

Result<Ref<Object>> make_getter(ThreadState& thread, Borrowed<Object> type,
                                const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t index, checked_index_of(thread, arguments.at(0), overflow_error_type));
  TRY_ASSIGN(Ref<TupleGetter> getter, new_instance_of<TupleGetter>(thread, type));
  getter->index = index;
  getter->documentation = Ref<Object>::share(thread, arguments.at(1)).release();
  return getter;
}

Result<Ref<Object>> get_documentation(ThreadState& thread, Borrowed<Object> self) {
  Ref<Object> text = read_field(thread, getter_of(self), &TupleGetter::documentation);
  return text ? std::move(text) : none();
}

Result<Done> set_documentation(ThreadState& thread, Borrowed<Object> self, Object* value) {
  Ref<Object> text = share_field(thread, value);
  Ref<Object> before;  // dropped outside
  ObjectSection section(thread, self);
  before = exchange_field(getter_of(self).documentation, std::move(text));
  return Done();
}

constexpr Protocol kGetterProtocol{
    .hash = &hash_by_identity,
    .descriptor_get = &get_field,
    .descriptor_set = &refuse,
};

constexpr NativeAttribute kGetterAttributes[] = {
    {"__doc__", &get_documentation, &set_documentation},
};

// -- Counter --

// mapping[item] = mapping.get(item, 0) + 1 for each: what a program would write. Not one step.
Result<Ref<Object>> count_elements(ThreadState& thread, Borrowed<Object>,
                                   const BoundArguments& arguments) {
  const Borrowed<Object> mapping = arguments.at(0);
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, arguments.at(1)));
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator));
    if (!item) return none();
    const Ref<Object> zero = shared_int(0);
    const Borrowed<Object> asked[] = {item, zero};
    TRY_ASSIGN(Ref<Object> before, call_method(thread, mapping, "get", asked));
    TRY_ASSIGN(Ref<Object> after, binary(thread, before, shared_int(1), BinaryOp::kAdd));
    TRY(set_item(thread, mapping, item, after));
  }
}

constexpr NativeMethod kFunctions[] = {
    {"_count_elements(mapping, iterable, /)", &count_elements,
     "Count elements in the iterable, updating the mapping."},
};

}  // namespace

constinit Type tuple_getter_type(iterator_slots<TupleGetter, &TupleGetter::documentation>(
    "_collections._tuplegetter", &kGetterProtocol));

Result<Done> open_deque_types(ThreadState& thread);
Result<Done> open_default_dict_type(ThreadState& thread);

Result<Done> open_collections_types(ThreadState& thread) {
  TRY(open_deque_types(thread));
  TRY(open_default_dict_type(thread));
  return open_type(thread, NativeType{.type = tuple_getter_type,
                                      .module = "_collections",
                                      .attributes = kGetterAttributes,
                                      .derivable = Derivable::kNo,
                                      .constructor = "_tuplegetter(index, doc, /)",
                                      .make = &make_getter});
}

Result<Done> fill_collections(ThreadState& thread, Borrowed<Module> module) {
  TRY(add_functions(thread, module, kFunctions));
  TRY(set_in_module(thread, module, "deque", deque_type));
  TRY(set_in_module(thread, module, "_deque_iterator", deque_iterator_type));
  TRY(set_in_module(thread, module, "_deque_reverse_iterator", deque_reverse_iterator_type));
  TRY(set_in_module(thread, module, "defaultdict", default_dict_type));
  return set_in_module(thread, module, "_tuplegetter", tuple_getter_type);
}

}  // namespace runtime
