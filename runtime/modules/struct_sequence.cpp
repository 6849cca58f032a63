#include "runtime/modules/struct_sequence.h"

#include <string>

#include "runtime/containers/dict_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/intern.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/native.h"
#include "runtime/types/native_function.h"
#include "runtime/types/type_body.h"

namespace runtime {

namespace {

// A read-only attribute: item number `index` of a tuple.
struct SequenceField : Object {
  std::int64_t index;
};

Result<Ref<Object>> read_field(ThreadState& thread, Borrowed<Object> field, Object* instance,
                               Borrowed<Type>) {
  if (instance == nullptr) return Ref<Object>::share(thread, field);
  const std::int64_t index = static_cast<SequenceField*>(field.get())->index;
  if (!is_tuple(*instance) || index >= static_cast<Tuple*>(instance)->size) {
    return raise(thread, type_error_type, "the attribute belongs to another type");
  }
  return Ref<Object>::share(thread, static_cast<Tuple*>(instance)->at(index));
}

Result<Done> refuse_to_write(ThreadState& thread, Borrowed<Object>, Borrowed<Object>, Object*) {
  return raise(thread, attribute_error_type, "readonly attribute");
}

constexpr Protocol kFieldProtocol{.descriptor_get = &read_field,
                                  .descriptor_set = &refuse_to_write};

constinit Type sequence_field_type(TypeSlots{
    .name = "member_descriptor", .size = sizeof(SequenceField), .protocol = &kFieldProtocol});

Result<Ref<Object>> repr_method(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  if (!is_tuple(*self)) return raise(thread, type_error_type, "a struct sequence is expected");
  const Borrowed<Tuple> items = as_tuple(self);
  const Borrowed<Type> type(self->type);
  TRY_ASSIGN(Ref<Object> fields, get_attribute(thread, type, "__match_args__"));
  std::string text = full_name_of(thread, type) + "(";
  for (std::int64_t i = 0; i < items->size; ++i) {
    if (i > 0) text += ", ";
    if (is_tuple(*fields) && i < as_tuple(fields)->size && is_str(*as_tuple(fields)->at(i))) {
      text += utf8_of(*as_str(as_tuple(fields)->at(i))) + "=";
    }
    TRY_ASSIGN(Ref<Str> item, repr_of(thread, items->at(i)));
    text += utf8_of(*item);
  }
  return new_str(thread, text + ")");
}

constexpr NativeMethod kRepr{"__repr__()", &repr_method};

}  // namespace

Result<Ref<Type>> new_struct_sequence_type(ThreadState& thread, std::string_view module,
                                           std::string_view name,
                                           std::span<const char* const> fields) {
  TRY_ASSIGN(Ref<Dict> attributes, new_dict(thread));
  std::vector<Ref<Object>> names;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    Ref<SequenceField> field = new_object<SequenceField>(thread, sequence_field_type);
    if (!field) return raise_out_of_memory(thread);
    field->index = static_cast<std::int64_t>(i);
    TRY_ASSIGN(Ref<Str> field_name, intern(thread, fields[i]));
    TRY(dict_set(thread, attributes, field_name, field));
    names.push_back(std::move(field_name));
  }
  TRY_ASSIGN(Ref<Tuple> match_names, new_tuple_taking(thread, names));
  TRY_ASSIGN(Ref<Str> key, intern(thread, "__match_args__"));
  TRY(dict_set(thread, attributes, key, match_names));
  TRY_ASSIGN(Ref<Str> count_key, intern(thread, "n_fields"));
  TRY_ASSIGN(Ref<Int> count, new_int(thread, static_cast<std::int64_t>(fields.size())));
  TRY(dict_set(thread, attributes, count_key, count));
  TRY_ASSIGN(Ref<Str> module_key, intern(thread, "__module__"));
  TRY_ASSIGN(Ref<Str> module_text, new_str(thread, module));
  TRY(dict_set(thread, attributes, module_key, module_text));
  TRY_ASSIGN(Ref<Str> slots_key, intern(thread, "__slots__"));
  TRY(dict_set(thread, attributes, slots_key, empty_tuple()));
  TRY_ASSIGN(Ref<Str> repr_key, intern(thread, "__repr__"));
  TRY_ASSIGN(Ref<Object> repr, new_method_descriptor(thread, Borrowed<Type>(&tuple_type), kRepr));
  TRY(dict_set(thread, attributes, repr_key, repr));
  TRY_ASSIGN(Ref<Str> type_name_text, new_str(thread, name));
  TRY_ASSIGN(Ref<Tuple> bases, new_tuple(thread, {Borrowed<Object>(&tuple_type)}));
  return new_class(thread, Borrowed<Type>(&type_type), type_name_text, bases, attributes);
}

Result<Ref<Object>> new_struct_sequence(ThreadState& thread, Borrowed<Type> type,
                                        std::span<Ref<Object>> values) {
  TRY_ASSIGN(Ref<Tuple> tuple, new_tuple_taking(thread, values));
  return instance_with_value(thread, type, std::move(tuple));
}

Result<Done> open_struct_sequence_types(ThreadState& thread) {
  return open_type(thread, {.type = sequence_field_type, .derivable = Derivable::kNo});
}

}  // namespace runtime
