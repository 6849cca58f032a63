#include <cstring>
#include <new>
#include <utility>

#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"
#include "runtime/types/native.h"
#include "runtime/types/native_function.h"
#include "runtime/types/object_type.h"
#include "runtime/types/property.h"
#include "runtime/types/signature.h"
#include "runtime/types/slot_table.h"
#include "runtime/types/type_attributes.h"
#include "runtime/types/type_body.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

// The type before the others: [type, base, ..., object].
Result<Ref<Tuple>> order_of(ThreadState& thread, Type& type, const Type* base) {
  if (base == nullptr) return new_tuple(thread, {Borrowed<Object>(&type)});
  Borrowed<Tuple> before = resolution_order(*base);
  TRY_ASSIGN(Ref<Tuple> order, allocate_tuple(thread, before->size + 1));
  order->items()[0] = &type;  // static, so that there is nothing to count
  for (std::int64_t i = 0; i < before->size; ++i) order->items()[i + 1] = before->at(i).get();
  track(order.get());
  return order;
}

Result<Done> add_constructor(ThreadState& thread, const NativeType& row, TypeBody& body) {
  if (row.constructor == nullptr) return Done{};
  void* bytes = raw_allocate(thread, sizeof(NativeConstructor));
  if (bytes == nullptr) return raise_out_of_memory(thread);
  body.constructor = new (bytes) NativeConstructor{nullptr, row.make};
  RT_TRY_ASSIGN(read, body.constructor->signature,
                Signature::read(thread, row.constructor, nullptr));
  TRY_ASSIGN(Ref<Object> maker, new_native_new(thread, Borrowed<Type>(&row.type)));
  return dict_set(thread, Borrowed<Dict>(body.dict), Names::of(thread).dunder_new(), maker);
}

Result<Done> add_method(ThreadState& thread, Type& type, const NativeMethod& row) {
  Ref<Object> made;
  if (row.kind == NativeKind::kStatic) {
    TRY_ASSIGN(Ref<Object> function, new_native_function(thread, row, &type, nullptr));
    RT_TRY_ASSIGN(wrapped, made, new_staticmethod(thread, function));
  } else {
    RT_TRY_ASSIGN(descriptor, made, new_method_descriptor(thread, Borrowed<Type>(&type), row));
  }
  const std::string_view text(row.signature);
  TRY_ASSIGN(Ref<Str> name, intern(thread, text.substr(0, text.find('('))));
  return dict_set(thread, type_dict(type), name, made);
}

constexpr NativeAttribute kDictRow = {"__dict__", &dict_of_instance, &set_dict_of_instance,
                                      "The attributes of the object."};

Result<Done> fill_dict(ThreadState& thread, const NativeType& row, const Type* base) {
  Type& type = row.type;
  for (const NativeMethod& method : row.methods) TRY(add_method(thread, type, method));
  for (const NativeAttribute& attribute : row.attributes) {
    TRY_ASSIGN(Ref<Object> made, new_getset_descriptor(thread, Borrowed<Type>(&type), attribute));
    TRY_ASSIGN(Ref<Str> name, intern(thread, attribute.name));
    TRY(dict_set(thread, type_dict(type), name, made));
  }
  TRY(add_wrappers(thread, type, base));
  const Names& names = Names::of(thread);
  if (row.dict_offset != 0) {
    TRY_ASSIGN(Ref<Object> made, new_getset_descriptor(thread, Borrowed<Type>(&type), kDictRow));
    TRY(dict_set_default(thread, type_dict(type), names.dunder_dict(), made));
  }
  TRY_ASSIGN(bool has_documentation, dict_contains(thread, type_dict(type), names.dunder_doc()));
  if (!has_documentation) {
    Ref<Object> documentation = none();
    if (*row.documentation != 0) {
      RT_TRY_ASSIGN(text, documentation, new_str(thread, std::string_view(row.documentation)));
    }
    TRY(dict_set(thread, type_dict(type), names.dunder_doc(), documentation));
  }
  if (std::strcmp(row.module, "builtins") == 0) return Done{};
  TRY_ASSIGN(Ref<Str> module, intern(thread, row.module));
  TRY_ASSIGN(bool has_module, dict_contains(thread, type_dict(type), names.dunder_module()));
  if (has_module) return Done{};
  return dict_set(thread, type_dict(type), names.dunder_module(), module);
}

}  // namespace

Result<Done> open_type(ThreadState& thread, const NativeType& row) {
  Type& type = row.type;
  RT_CHECK(type.body == nullptr, "a type is opened once, and one runtime at a time has types");
  // Who is equal to nobody else is hashed by identity.
  const Protocol& given = protocol_of(type);
  if (given.hash == nullptr && given.compare == nullptr && given.equals == nullptr) {
    Protocol hashed = given;
    hashed.hash = &hash_by_identity;
    Types::of(thread).set_protocol(type, hashed);
  }
  Type* base = row.base;
  if (base == nullptr && &type != &object_type) {
    base = protocol_of(type).base != nullptr ? protocol_of(type).base : &object_type;
  }
  void* bytes = raw_allocate_zeroed(thread, sizeof(TypeBody));
  if (bytes == nullptr) return raise_out_of_memory(thread);
  auto* body = new (bytes) TypeBody{};
  body->is_derivable = row.derivable == Derivable::kYes;
  body->base = base;
  body->documentation = row.documentation;
  if (row.dict_offset != 0) {
    body->place = AttributesPlace::kDict;
    body->dict_offset = row.dict_offset;
  } else if (base != nullptr) {
    body->place = base->body->place;
    body->dict_offset = base->body->dict_offset;
  }
  type.body = body;
  Types::of(thread).remember(type);
  TRY_ASSIGN(Ref<Dict> dict, new_dict(thread));
  body->dict = dict.release();
  RT_TRY_ASSIGN(order, Ref<Tuple> resolution, order_of(thread, type, base));
  type.resolution_order = resolution.release();
  Ref<Tuple> bases = empty_tuple();
  if (base != nullptr) {
    RT_TRY_ASSIGN(one, bases, new_tuple(thread, {Borrowed<Object>(base)}));
    TypeSection section(thread);
    add_derived_locked(thread, *base, type);
  }
  body->bases = bases.release();
  // "collections.deque" is called deque.
  std::string_view name(type.slots.name);
  if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos) {
    name = name.substr(dot + 1);
  }
  TRY_ASSIGN(Ref<Str> short_name, intern(thread, name));
  body->name.initialize(short_name.release());
  TRY(add_constructor(thread, row, *body));
  return fill_dict(thread, row, base);
}

}  // namespace runtime
