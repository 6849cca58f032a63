#include "runtime/types/type_life.h"

#include <utility>

#include "runtime/memory/raw_heap.h"
#include "runtime/types/class_type.h"
#include "runtime/types/signature.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

void free_derived(ThreadState& thread, TypeBody& body) {
  raw_free(thread, std::exchange(body.derived, nullptr), body.derived_capacity * sizeof(Type*));
  body.derived_count = 0;
  body.derived_capacity = 0;
}

void take_body(TypeBody& body, DroppedFields& dropped) {
  Ref<Dict> dict = Ref<Dict>::adopt(std::exchange(body.dict, nullptr));
  Ref<Tuple> bases = Ref<Tuple>::adopt(std::exchange(body.bases, nullptr));
  dropped.take(dict);
  dropped.take(body.name);
  dropped.take(body.qualified_name);
  dropped.take(bases);
}

}  // namespace

void drop_body(ThreadState& thread, TypeBody& body) {
  {
    DroppedFields dropped(thread);
    take_body(body, dropped);
  }
  if (body.constructor != nullptr && !body.is_class) {
    if (body.constructor->signature != nullptr) Signature::free(body.constructor->signature);
    raw_free(thread, std::exchange(body.constructor, nullptr), sizeof(NativeConstructor));
  }
  free_derived(thread, body);
}

void release_type(Object* object, DroppedFields& dropped) {
  auto* type = static_cast<Type*>(object);
  if (type->body == nullptr) return;
  ThreadState& thread = this_thread();
  ClassType& made = as_class(*type);
  if (Types::of_or_null(thread) != nullptr && made.its_body.bases != nullptr) {
    TypeSection section(thread);
    const Tuple& bases = *made.its_body.bases;
    for (std::int64_t i = 0; i < bases.size; ++i) {
      remove_derived_locked(static_cast<Type&>(*bases.items()[i]), *type);
    }
  }
  if (made.keys != nullptr) let_go(thread, *std::exchange(made.keys, nullptr));
  if (made.name_buffer != nullptr) {
    raw_free(thread, std::exchange(made.name_buffer, nullptr), made.name_bytes);
  }
  free_derived(thread, made.its_body);
  Ref<Tuple> order = Ref<Tuple>::adopt(std::exchange(type->resolution_order, nullptr));
  dropped.take(order);
  Ref<Tuple> names = Ref<Tuple>::adopt(std::exchange(made.member_names, nullptr));
  dropped.take(names);
  dropped.take(made.self_reference);
  take_body(made.its_body, dropped);
}

void clear_type(Object* object, DroppedFields& dropped) {
  auto* type = static_cast<Type*>(object);
  if (type->body == nullptr) return;
  type->body->version.store_release(0);
  Ref<Tuple> order = Ref<Tuple>::adopt(std::exchange(type->resolution_order, nullptr));
  dropped.take(order);
}

void traverse_type(Object* object, Visit visit, void* context) {
  auto* type = static_cast<Type*>(object);
  if (type->body == nullptr || !type->body->is_class) return;
  const ClassType& made = as_class(*type);
  const TypeBody& body = made.its_body;
  for (Object* field :
       {static_cast<Object*>(type->resolution_order), static_cast<Object*>(body.dict),
        static_cast<Object*>(body.bases), body.name.peek(), body.qualified_name.peek(),
        made.self_reference, static_cast<Object*>(made.member_names)}) {
    if (field != nullptr) visit(context, field);
  }
}

}  // namespace runtime
