#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/containers/set_object.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/object_section.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/class_type.h"
#include "runtime/types/instance_layout.h"
#include "runtime/types/object_field.h"
#include "runtime/types/signature.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

Borrowed<Instance> as_instance(Borrowed<Object> object) {
  return Borrowed<Instance>(static_cast<Instance*>(object.get()));
}

bool is_collected(const Type& type) { return type.slots.heap == HeapKind::kCollected; }

std::uint32_t bytes_behind_items(const Type& type) {
  return is_class(type) ? as_class(type).bytes_behind_items : 0;
}

// Each member of a frozenset is hashed again by nobody: they are members already.
Result<Ref<Object>> copied_set(ThreadState& thread, Borrowed<Type> type, Borrowed<Set> from) {
  TRY_ASSIGN(Ref<Object> made, new_empty_instance(thread, type));
  TRY_ASSIGN(Ref<Tuple> members, set_to_tuple(thread, from));
  for (std::int64_t i = 0; i < members->size; ++i) {
    TRY(set_add(thread, as_set(made), members->at(i)));
  }
  return made;
}

// What the fields refer to is counted once more: only tuples have any.
void share_items(ThreadState& thread, Object& object) {
  if (!is_tuple(object)) return;
  auto& tuple = static_cast<Tuple&>(object);
  for (std::int64_t i = 0; i < tuple.size; ++i) increment(thread, tuple.items()[i]);
}

void forget_copied_state(Object& object) {
  if (is_str(object)) static_cast<Str&>(object).is_interned.initialize(false);
}

}  // namespace

Result<Ref<Object>> new_empty_instance(ThreadState& thread, Borrowed<Type> type) {
  Object* object = allocate_instance(thread, *type, type->slots.size + bytes_behind_items(*type));
  if (object == nullptr) return raise_out_of_memory(thread);
  Ref<Object> made = Ref<Object>::adopt(object);
  if (type->body != nullptr && type->body->place == AttributesPlace::kInside) {
    begin_instance(*static_cast<Instance*>(object), *as_class(*type).keys);
  }
  if (is_any_set(*object)) static_cast<Set*>(object)->hash.initialize(Set::kNoHash);
  if (is_tuple(*object)) static_cast<Tuple*>(object)->hash.initialize(Tuple::kNoHash);
  if (is_collected(*type)) track(object);
  return made;
}

Result<Ref<Object>> instance_with_value(ThreadState& thread, Borrowed<Type> type,
                                        Ref<Object> exact) {
  if (exact->type == type.get()) return exact;
  RT_INVARIANT(is_subtype(*type, *exact->type), "the value is one of the type or its base");
  if (is_any_set(*exact)) return copied_set(thread, type, as_set(exact));
  const Type& native = native_base_of(*type);
  const std::size_t bytes = bytes_with_items(*exact, native);
  // What a class adds stands behind the items, or, if there are none, is part of its size.
  const std::size_t all =
      std::max<std::size_t>(bytes + bytes_behind_items(*type), type->slots.size);
  Object* object = allocate_instance(thread, *type, all);
  if (object == nullptr) return raise_out_of_memory(thread);
  std::size_t known = bytes;
  // One octet less than is set aside: nobody wrote it.
  if (is_bytes(*exact)) known = sizeof(Bytes) + static_cast<std::size_t>(as_bytes(exact)->length);
  if (is_str(*exact)) known = sizeof(Str) + as_str(exact)->byte_count();
  std::memcpy(static_cast<void*>(object + 1), static_cast<const void*>(exact.get() + 1),
              known - sizeof(Object));
  forget_copied_state(*object);
  share_items(thread, *object);
  if (is_collected(*type)) track(object);
  return Ref<Object>::adopt(object);
}

Result<Ref<Object>> make_instance(ThreadState& thread, Borrowed<Type> type,
                                  const CallArguments& arguments) {
  if (const auto make = protocol_of(*type).make) return make(thread, type, arguments);
  const TypeBody* body = type->body;
  if (body != nullptr && body->constructor != nullptr) {
    return body->constructor->signature->call(thread, body->constructor->make, type, arguments);
  }
  return raise(thread, type_error_type, "cannot create '{}' instances", type->slots.name);
}

// type_call
Result<Ref<Object>> call_type(ThreadState& thread, Borrowed<Type> type,
                              const CallArguments& arguments) {
  TRY_ASSIGN(Ref<Object> made, make_instance(thread, type, arguments));
  if (!is_instance(*made, *type)) return made;
  if (const auto initialize = protocol_of(made).initialize) {
    TRY(initialize(thread, made, arguments));
  }
  return made;
}

Result<Ref<Dict>> attributes_dict_of(ThreadState& thread, Borrowed<Object> object) {
  const TypeBody* body = object->type->body;
  if (body == nullptr || body->place == AttributesPlace::kNone) return Ref<Dict>(nullptr);
  if (body->place == AttributesPlace::kInside) return instance_dict(thread, as_instance(object));
  if (Ref<Dict> dict = existing_dict_of(thread, object)) return dict;
  TRY_ASSIGN(Ref<Dict> made, new_dict(thread));  // dropped if somebody is faster
  ObjectSection section(thread, object);
  note_access_locked(thread, object.get());
  Atomic<Object*>& word = dict_word_of(*object, *body);
  // Guarded by the object's lock.
  if (Object* there = word.load_relaxed()) {
    return Ref<Dict>::share(thread, Borrowed<Dict>(static_cast<Dict*>(there)));
  }
  set_maybe_weak(made.get());
  word.store_release(made.duplicate(thread).release());  // [field-before-found]
  return made;
}

Result<Done> set_attributes_dict(ThreadState& thread, Borrowed<Object> object, Ref<Dict> dict) {
  const TypeBody& body = *object->type->body;
  if (body.place == AttributesPlace::kInside) {
    return set_instance_dict(thread, as_instance(object), std::move(dict));
  }
  Ref<Object> previous =
      exchange_object_field(thread, object, dict_word_of(*object, body), std::move(dict));
  return Done{};
}

}  // namespace runtime
