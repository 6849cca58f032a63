#include "runtime/types/simple_namespace.h"

#include "runtime/containers/list_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/recursion.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/native.h"
#include "runtime/types/type_attributes.h"

namespace runtime {

namespace {

void release(Object* object, DroppedFields& dropped) {
  dropped.take(static_cast<SimpleNamespace*>(object)->dict);
}
void traverse(Object* object, Visit visit, void* context) {
  if (Object* dict = static_cast<SimpleNamespace*>(object)->dict.peek()) visit(context, dict);
}

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Type> type, const CallArguments&) {
  return new_empty_instance(thread, type);
}

Result<Done> initialize(ThreadState& thread, Borrowed<Object> self,
                        const CallArguments& arguments) {
  if (arguments.positional.size() > 1) {
    return raise(thread, type_error_type, "{} expected at most 1 argument, got {}", type_name(self),
                 arguments.positional.size());
  }
  TRY_ASSIGN(Ref<Dict> dict, attributes_dict_of(thread, self));
  if (arguments.positional.size() == 1) TRY(dict_update(thread, dict, arguments.positional[0]));
  for (std::size_t i = 0; i < arguments.named.size(); ++i) {
    TRY(dict_set(thread, dict, arguments.names->at(static_cast<std::int64_t>(i)),
                 arguments.named[i]));
  }
  return Done{};
}

Result<Ref<Str>> repr(ThreadState& thread, Borrowed<Object> self) {
  const std::string name =
      self->type == &simple_namespace_type ? "namespace" : std::string(type_name(self));
  ReprFrame frame(thread, self);
  if (frame.is_inside_itself()) return new_str(thread, name + "(...)");
  TRY_ASSIGN(Ref<Dict> dict, attributes_dict_of(thread, self));
  TRY_ASSIGN(Ref<List> keys, new_list_from(thread, dict));
  StrBuilder text(thread);
  text.append(name + "(");
  bool is_first = true;
  for (std::int64_t i = 0; i < list_size(*keys); ++i) {
    Ref<Object> key = list_get(thread, keys, i);
    if (!is_str(*key)) continue;
    TRY_ASSIGN(Ref<Object> value, dict_get(thread, dict, key));
    if (!value) continue;
    TRY_ASSIGN(Ref<Str> value_text, repr_of(thread, value));
    if (!is_first) text.append(", ");
    is_first = false;
    text.append(*as_str(key));
    text.append("=");
    text.append(*value_text);
  }
  text.append(")");
  return text.finish();
}

Result<Ref<Object>> compare(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                            CompareOp op) {
  const bool is_equality = op == CompareOp::kEqual || op == CompareOp::kNotEqual;
  if (!is_equality || !is_instance(*right, simple_namespace_type)) return not_implemented();
  TRY_ASSIGN(Ref<Dict> one, attributes_dict_of(thread, left));
  TRY_ASSIGN(Ref<Dict> other, attributes_dict_of(thread, right));
  TRY_ASSIGN(bool equal, dicts_are_equal(thread, one, other));
  return boolean(equal == (op == CompareOp::kEqual));
}

constexpr Protocol kProtocol{
    .compare = &compare,
    .repr = &repr,
    .make = &make,
    .initialize = &initialize,
};
constexpr NativeAttribute kAttributes[] = {{"__dict__", &dict_of_instance}};

}  // namespace

constinit Type simple_namespace_type(TypeSlots{
    .name = "types.SimpleNamespace",
    .size = sizeof(SimpleNamespace),
    .heap = HeapKind::kCollected,
    .release_fields = &release,
    .traverse = &traverse,
    .protocol = &kProtocol,
});

Result<Ref<Object>> new_simple_namespace(ThreadState& thread, Borrowed<Dict> attributes) {
  TRY_ASSIGN(Ref<Object> made, new_empty_instance(thread, Borrowed<Type>(&simple_namespace_type)));
  TRY_ASSIGN(Ref<Dict> dict, attributes_dict_of(thread, made));
  TRY(dict_update(thread, dict, attributes));
  return made;
}

Result<Done> open_simple_namespace_type(ThreadState& thread) {
  return open_type(thread, {.type = simple_namespace_type,
                            .module = "types",
                            .documentation = "An object that is its attributes.",
                            .attributes = kAttributes,
                            .dict_offset = offsetof(SimpleNamespace, dict)});
}

}  // namespace runtime
