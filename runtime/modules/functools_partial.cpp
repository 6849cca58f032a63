// partial: a function together with its first arguments and some named ones.
// https://docs.python.org/3/library/functools.html#functools.partial
//
// What it was made with is constant, so calling it takes no lock.
#include <utility>

#include "runtime/containers/dict_object.h"
#include "runtime/modules/class_getitem.h"
#include "runtime/modules/functools_objects.h"
#include "runtime/modules/gathered_arguments.h"
#include "runtime/modules/iterator_support.h"
#include "runtime/object/recursion.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/weak_reference.h"
#include "runtime/types/bound_method.h"

namespace runtime {

namespace {

struct Partial : WeaklyReferable {
  Atomic<Object*> attributes;
  Object* function;   // constant, as the next two
  Object* arguments;  // a Tuple
  Object* named;      // a Dict that nobody else changes
};

Partial& partial_of(Borrowed<Object> object) { return *static_cast<Partial*>(object.get()); }

void release_partial(Object* object, DroppedFields& dropped) {
  auto* partial = static_cast<Partial*>(object);
  dropped.take(partial->function);
  dropped.take(partial->arguments);
  dropped.take(partial->named);
  dropped.take(partial->attributes);
}

void traverse_partial(Object* object, Visit visit, void* context) {
  auto* partial = static_cast<Partial*>(object);
  for (Object* referred : {partial->function, partial->arguments, partial->named,
                           partial->attributes.load_relaxed()}) {  // the world stands
    if (referred != nullptr) visit(context, referred);
  }
}

Result<Done> add_names(ThreadState& thread, Borrowed<Dict> named, const CallArguments& call) {
  for (std::size_t i = 0; i < call.named.size(); ++i) {
    TRY(dict_set(thread, named, call.names->at(static_cast<std::int64_t>(i)), call.named[i]));
  }
  return Done();
}

// A partial of a partial is one: what the inner one was made with comes first.
Result<Ref<Object>> make(ThreadState& thread, Borrowed<Type> type, const CallArguments& call) {
  if (call.positional.empty()) {
    return raise(thread, type_error_type, "type 'partial' takes at least one argument");
  }
  Borrowed<Object> function = call.positional[0];
  if (protocol_of(function).call == nullptr) {
    return raise(thread, type_error_type, "the first argument must be callable");
  }
  GatheredArguments arguments;
  TRY_ASSIGN(Ref<Dict> named, new_dict(thread));
  if (function->type == &partial_type && partial_of(function).attributes.load() == nullptr) {
    const Partial& inner = partial_of(function);
    arguments.add_items(thread, *static_cast<Tuple*>(inner.arguments));
    TRY_ASSIGN(named, copy_dict(thread, Borrowed(static_cast<Dict*>(inner.named))));
    function = Borrowed(inner.function);
  }
  arguments.add(thread, call.positional.subspan(1));
  TRY(add_names(thread, named, call));
  TRY_ASSIGN(Ref<Tuple> kept, new_tuple(thread, arguments.get().positional));
  TRY_ASSIGN(Ref<Object> made, new_empty_instance(thread, type));
  Partial& partial = partial_of(made);
  partial.function = Ref<Object>::share(thread, function).release();
  partial.arguments = kept.release();
  partial.named = named.release();
  return made;
}

Result<Ref<Object>> call_partial(ThreadState& thread, Borrowed<Object> self,
                                 const CallArguments& call_arguments) {
  const Partial& partial = partial_of(self);
  GatheredArguments all;
  all.add_items(thread, *static_cast<Tuple*>(partial.arguments));
  const Borrowed<Dict> named(static_cast<Dict*>(partial.named));
  if (dict_size(*named) == 0) {
    all.add(thread, call_arguments);
  } else {
    all.add(thread, call_arguments.positional);
    TRY_ASSIGN(Ref<Dict> merged, copy_dict(thread, named));
    TRY(add_names(thread, merged, call_arguments));
    TRY(all.add_named(thread, merged));
  }
  Ref<Object> function = Ref<Object>::share(thread, Borrowed(partial.function));
  return call(thread, function, all.get());
}

Result<Ref<Object>> bind_partial(ThreadState& thread, Borrowed<Object> self, Object* instance,
                                 Borrowed<Type>) {
  if (instance == nullptr || is_none(instance)) return Ref<Object>::share(thread, self);
  return new_bound_method(thread, self, Borrowed(instance));
}

Result<Ref<Str>> repr_of_partial(ThreadState& thread, Borrowed<Object> self) {
  ReprFrame frame(thread, self);
  if (frame.is_inside_itself()) return new_str(thread, "...");
  const Partial& partial = partial_of(self);
  TRY_ASSIGN(Ref<Str> function, repr_of(thread, Borrowed(partial.function)));
  std::string text = full_name_of(thread, Borrowed<Type>(self->type)) + "(" + utf8_of(*function);
  const Tuple& given = *static_cast<Tuple*>(partial.arguments);
  for (std::int64_t i = 0; i < given.size; ++i) {
    TRY_ASSIGN(Ref<Str> shown, repr_of(thread, given.at(i)));
    text += ", " + utf8_of(*shown);
  }
  GatheredArguments named;
  TRY(named.add_named(thread, Borrowed(static_cast<Dict*>(partial.named))));
  const CallArguments pairs = named.get();
  for (std::size_t i = 0; i < pairs.named.size(); ++i) {
    TRY_ASSIGN(Ref<Str> name, str_of(thread, pairs.names->at(static_cast<std::int64_t>(i))));
    TRY_ASSIGN(Ref<Str> shown, repr_of(thread, pairs.named[i]));
    text += ", " + utf8_of(*name) + "=" + utf8_of(*shown);
  }
  return new_str(thread, text + ")");
}

template <Object* Partial::*member>
Result<Ref<Object>> get_member(ThreadState& thread, Borrowed<Object> self) {
  return Ref<Object>::share(thread, Borrowed(partial_of(self).*member));
}

constexpr Protocol kPartialProtocol{
    .hash = &hash_by_identity,
    .repr = &repr_of_partial,
    .call = &call_partial,
    .descriptor_get = &bind_partial,
    .make = &make,
};

constexpr NativeMethod kPartialMethods[] = {
    {"__class_getitem__(item, /)", &class_getitem, "See PEP 585", NativeKind::kOfClass},
};

constexpr NativeAttribute kPartialAttributes[] = {
    {"func", &get_member<&Partial::function>, nullptr, "function object to use in future calls"},
    {"args", &get_member<&Partial::arguments>, nullptr, "tuple of arguments to future calls"},
    {"keywords", &get_member<&Partial::named>, nullptr, "dictionary of named arguments"},
};

}  // namespace

constinit Type partial_type(TypeSlots{
    .name = "functools.partial",
    .size = sizeof(Partial),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_partial,
    .traverse = &traverse_partial,
    .protocol = &kPartialProtocol,
});

Result<Done> open_partial_type(ThreadState& thread) {
  return open_type(
      thread, NativeType{.type = partial_type,
                         .module = "functools",
                         .documentation = "A function with some of its arguments given already.",
                         .methods = kPartialMethods,
                         .attributes = kPartialAttributes,
                         .dict_offset = sizeof(WeaklyReferable)});
}

}  // namespace runtime
