#include "runtime/containers/dict_protocol.h"

#include <utility>

#include "runtime/containers/constructor_arguments.h"
#include "runtime/containers/dict_snapshot.h"
#include "runtime/containers/dict_view.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/recursion.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/object/values.h"

namespace runtime {

namespace {

Result<Ref<Str>> repr_dict(ThreadState& thread, Borrowed<Object> object) {
  ReprFrame frame(thread, object);
  if (frame.is_inside_itself()) return new_str(thread, "{...}");
  Borrowed<Dict> dict = as_dict(object);
  DictSnapshot snapshot(thread);
  bool has_memory;
  {
    ObjectSection section(thread, dict);
    note_access_locked(thread, dict.get());
    has_memory = snapshot.take_locked(*dict);
  }
  if (!has_memory) return raise_out_of_memory(thread);
  StrBuilder built(thread);
  built.append("{");
  for (const DictItem& item : snapshot.items()) {
    if (&item != snapshot.items().data()) built.append(", ");
    TRY_ASSIGN(Ref<Str> key, repr_of(thread, item.key));
    built.append(*key);
    built.append(": ");
    TRY_ASSIGN(Ref<Str> value, repr_of(thread, item.value));
    built.append(*value);
  }
  built.append("}");
  return built.finish();
}

Result<Ref<Object>> compare_dict(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                                 CompareOp op) {
  if (!is_dict(*right) || (op != CompareOp::kEqual && op != CompareOp::kNotEqual)) {
    return not_implemented();
  }
  TRY_ASSIGN(bool equal, dicts_are_equal(thread, as_dict(left), as_dict(right)));
  return boolean(equal == (op == CompareOp::kEqual));
}

Result<std::int64_t> length(ThreadState&, Borrowed<Object> object) {
  return dict_size(*as_dict(object));
}

Result<Ref<Object>> iterate(ThreadState& thread, Borrowed<Object> object) {
  return new_dict_iterator(thread, as_dict(object), DictPart::kKeys, Direction::kForward);
}

Result<Ref<Object>> get_item_of_dict(ThreadState& thread, Borrowed<Object> object,
                                     Borrowed<Object> key) {
  TRY_ASSIGN(Ref<Object> value, dict_get(thread, as_dict(object), key));
  if (value) return value;
  const auto missing = Values::of(thread).hooks().missing;
  if (object->type != &dict_type && missing != nullptr) {
    TRY_ASSIGN(Ref<Object> substitute, missing(thread, object, key));
    if (substitute) return substitute;
  }
  return raise_with(thread, key_error_type, key);
}

Result<Done> set_item_of_dict(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> key,
                              Object* value) {
  if (value == nullptr) return dict_delete(thread, as_dict(object), key);
  return dict_set(thread, as_dict(object), key, Borrowed(value));
}

Result<bool> contains_key(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> key) {
  return dict_contains(thread, as_dict(object), key);
}

Result<Ref<Object>> merge(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right) {
  if (!is_dict(*left) || !is_dict(*right)) return not_implemented();
  TRY_ASSIGN(Ref<Dict> made, copy_dict(thread, as_dict(left)));
  TRY(dict_update(thread, made, right));
  return made;
}

Result<Ref<Object>> merge_in_place(ThreadState& thread, Borrowed<Object> left,
                                   Borrowed<Object> right) {
  TRY(dict_update(thread, as_dict(left), right));
  return Ref<Object>::share(thread, left);
}

// dict.__init__: adds to what is there.
Result<Done> initialize(ThreadState& thread, Borrowed<Object> object,
                        const CallArguments& arguments) {
  TRY_ASSIGN(Object * source, positional_argument(thread, "dict", arguments));
  Borrowed<Dict> dict = as_dict(object);
  if (source != nullptr) TRY(dict_update(thread, dict, Borrowed<Object>(source)));
  for (std::size_t i = 0; i < arguments.named.size(); ++i) {
    TRY(dict_set(thread, dict, arguments.names->at(static_cast<std::int64_t>(i)),
                 arguments.named[i]));
  }
  return Done{};
}

constexpr Protocol protocol_of_dicts() {
  Protocol protocol{
      .compare = &compare_dict,
      .repr = &repr_dict,
      .length = &length,
      .iterate = &iterate,
      .get_item = &get_item_of_dict,
      .set_item = &set_item_of_dict,
      .contains = &contains_key,
      .initialize = &initialize,
  };
  protocol.binary[static_cast<unsigned>(BinaryOp::kOr)] = &merge;
  protocol.inplace[static_cast<unsigned>(BinaryOp::kOr)] = &merge_in_place;
  return protocol;
}

}  // namespace

constexpr Protocol dict_protocol = protocol_of_dicts();

}  // namespace runtime
