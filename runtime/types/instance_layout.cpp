#include "runtime/types/instance_layout.h"

#include "runtime/containers/instance_values.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/object_section.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/class_type.h"
#include "runtime/types/object_field.h"

namespace runtime {

namespace {

constexpr std::size_t kDigitBytes = 8;

std::size_t rounded(std::size_t bytes) { return (bytes + 7) & ~std::size_t{7}; }

// fn(Atomic<Object*>&) for each place of `__slots__`, of the class and those it is derived from.
template <class Function>
void for_each_member(Object& object, Function&& fn) {
  for (const Type* type = object.type; is_class(*type); type = type->body->base) {
    const ClassType& one = as_class(*type);
    auto* places =
        reinterpret_cast<Atomic<Object*>*>(reinterpret_cast<char*>(&object) + one.member_offset);
    for (std::uint32_t i = 0; i < one.member_count; ++i) fn(places[i]);
  }
}

// The class added the dict, and the native base does not know it.
bool owns_dict(const Type& type) {
  const TypeBody& body = *type.body;
  if (body.place == AttributesPlace::kBehindItems) return true;
  if (body.place != AttributesPlace::kDict) return false;
  const Type& native = native_base_of(type);
  return native.body == nullptr || native.body->place == AttributesPlace::kNone;
}

void release_added(Object* object, DroppedFields& dropped) {
  for_each_member(*object, [&](Atomic<Object*>& place) { dropped.take(place); });
  if (owns_dict(*object->type)) dropped.take(dict_word_of(*object, *object->type->body));
}

}  // namespace

const Type& native_base_of(const Type& type) {
  const Type* native = &type;
  while (is_class(*native)) native = native->body->base;
  return *native;
}

bool has_items(const Type& native) {
  return is_subtype(native, int_type) || is_subtype(native, str_type) ||
         is_subtype(native, tuple_type) || is_subtype(native, bytes_type);
}

std::size_t bytes_with_items(const Object& object, const Type& native) {
  if (is_subtype(native, int_type)) {
    return rounded(sizeof(Int) + static_cast<const Int&>(object).digit_count * kDigitBytes);
  }
  if (is_subtype(native, str_type)) {
    return rounded(sizeof(Str) + static_cast<const Str&>(object).byte_count());
  }
  if (is_subtype(native, tuple_type)) {
    const auto size = static_cast<std::size_t>(static_cast<const Tuple&>(object).size);
    return sizeof(Tuple) + size * sizeof(Object*);
  }
  if (is_subtype(native, bytes_type)) {
    // One more than its octets: they end with a zero.
    const auto length = static_cast<std::size_t>(static_cast<const Bytes&>(object).length);
    return rounded(sizeof(Bytes) + length + 1);
  }
  return rounded(native.slots.size);
}

Atomic<Object*>& dict_word_of(Object& object, const TypeBody& body) {
  const std::size_t offset = body.place == AttributesPlace::kBehindItems
                                 ? bytes_with_items(object, native_base_of(*object.type))
                                 : body.dict_offset;
  return *reinterpret_cast<Atomic<Object*>*>(reinterpret_cast<char*>(&object) + offset);
}

Ref<Dict> existing_dict_of(ThreadState& thread, Borrowed<Object> object) {
  const TypeBody* body = object->type->body;
  if (body == nullptr || body->place == AttributesPlace::kNone) return nullptr;
  if (body->place == AttributesPlace::kInside) {
    return existing_instance_dict(thread, Borrowed<Instance>(static_cast<Instance*>(object.get())));
  }
  Ref<Object> dict = read_object_field(thread, object, dict_word_of(*object, *body));
  return Ref<Dict>::adopt(static_cast<Dict*>(dict.release()));
}

void release_class_instance(Object* object, DroppedFields& dropped) {
  release_added(object, dropped);
  if (object->type->body->place == AttributesPlace::kInside) {
    release_instance(object, dropped);
    return;
  }
  const Type& native = native_base_of(*object->type);
  if (native.slots.release_fields != nullptr) native.slots.release_fields(object, dropped);
}

void clear_class_instance(Object* object, DroppedFields& dropped) {
  {
    ObjectSection section(this_thread(), Borrowed<Object>(object));
    for_each_member(*object, [&](Atomic<Object*>& place) {
      if (!dropped.is_full()) dropped.take(place);
    });
    if (owns_dict(*object->type) && !dropped.is_full()) {
      dropped.take(dict_word_of(*object, *object->type->body));
    }
  }
  if (object->type->body->place == AttributesPlace::kInside) {
    release_instance(object, dropped);
    return;
  }
  const Type& native = native_base_of(*object->type);
  if (native.slots.clear != nullptr) native.slots.clear(object, dropped);
}

void traverse_class_instance(Object* object, Visit visit, void* context) {
  const auto visit_word = [&](Atomic<Object*>& word) {
    if (Object* referred = word.peek()) visit(context, referred);
  };
  for_each_member(*object, visit_word);
  if (owns_dict(*object->type)) visit_word(dict_word_of(*object, *object->type->body));
  if (object->type->body->place == AttributesPlace::kInside) {
    traverse_instance(object, visit, context);
    return;
  }
  const Type& native = native_base_of(*object->type);
  if (native.slots.traverse != nullptr) native.slots.traverse(object, visit, context);
}

}  // namespace runtime
