#include "runtime/containers/dict_view.h"

#include <utility>

#include "runtime/containers/dict_snapshot.h"
#include "runtime/containers/set_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/recursion.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

Borrowed<Dict> dict_of(Borrowed<Object> view) {
  return Borrowed<Dict>(static_cast<DictView*>(view.get())->dict);
}
DictPart part_of(const Object& view) {
  return view.type == &dict_keys_type     ? DictPart::kKeys
         : view.type == &dict_values_type ? DictPart::kValues
                                          : DictPart::kItems;
}

void release_view(Object* object, DroppedFields& dropped) {
  Object* dict = std::exchange(static_cast<DictView*>(object)->dict, nullptr);
  dropped.take(dict);
}

void traverse_view(Object* object, Visit visit, void* context) {
  if (Dict* dict = static_cast<DictView*>(object)->dict) visit(context, dict);
}

Result<std::int64_t> length(ThreadState&, Borrowed<Object> view) {
  return dict_size(*dict_of(view));
}

Result<Ref<Object>> iterate(ThreadState& thread, Borrowed<Object> view) {
  return new_dict_iterator(thread, dict_of(view), part_of(*view), Direction::kForward);
}

Result<Ref<Str>> repr_view(ThreadState& thread, Borrowed<Object> view) {
  ReprFrame frame(thread, view);
  if (frame.is_inside_itself()) return new_str(thread, "...");
  TRY_ASSIGN(Ref<Tuple> parts, dict_view_as_tuple(thread, view));
  StrBuilder built(thread);
  built.append(type_name(view));
  built.append("([");
  for (std::int64_t i = 0; i < parts->size; ++i) {
    if (i != 0) built.append(", ");
    TRY_ASSIGN(Ref<Str> part, repr_of(thread, parts->at(i)));
    built.append(*part);
  }
  built.append("])");
  return built.finish();
}

Result<bool> contains_key(ThreadState& thread, Borrowed<Object> view, Borrowed<Object> key) {
  return dict_contains(thread, dict_of(view), key);
}

Result<bool> contains_pair(ThreadState& thread, Borrowed<Object> view, Borrowed<Object> pair) {
  if (!is_tuple(*pair) || as_tuple(pair)->size != 2) return false;
  TRY_ASSIGN(Ref<Object> value, dict_get(thread, dict_of(view), as_tuple(pair)->at(0)));
  if (!value) return false;
  return are_equal(thread, value, as_tuple(pair)->at(1));
}

// -- what keys and items have of sets --

bool is_set_like(const Object& object) {
  return object.type == &dict_keys_type || object.type == &dict_items_type || is_any_set(object);
}

Result<bool> all_are_in(ThreadState& thread, Borrowed<Object> members, Borrowed<Object> container) {
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, members));
  for (;;) {
    TRY_ASSIGN(Ref<Object> member, next_of(thread, iterator));
    if (!member) return true;
    TRY_ASSIGN(bool is_in, contains(thread, container, member));
    if (!is_in) return false;
  }
}

Result<Ref<Object>> compare_view(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                                 CompareOp op) {
  if (!is_set_like(*right)) return not_implemented();
  TRY_ASSIGN(std::int64_t left_size, length_of(thread, left));
  TRY_ASSIGN(std::int64_t right_size, length_of(thread, right));
  bool holds_so_far = false;
  bool left_is_inside = true;  // else: right in left
  switch (op) {
    case CompareOp::kEqual:
    case CompareOp::kNotEqual:
      holds_so_far = left_size == right_size;
      break;
    case CompareOp::kLess:
      holds_so_far = left_size < right_size;
      break;
    case CompareOp::kLessEqual:
      holds_so_far = left_size <= right_size;
      break;
    case CompareOp::kGreater:
      holds_so_far = left_size > right_size;
      left_is_inside = false;
      break;
    case CompareOp::kGreaterEqual:
      holds_so_far = left_size >= right_size;
      left_is_inside = false;
      break;
  }
  if (holds_so_far) {
    RT_TRY_ASSIGN(
        answer, holds_so_far,
        left_is_inside ? all_are_in(thread, left, right) : all_are_in(thread, right, left));
  }
  return boolean(op == CompareOp::kNotEqual ? !holds_so_far : holds_so_far);
}

// A set of the members of `left`, changed by `right` with a set's own operation.
Result<Ref<Object>> as_sets(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                            BinaryOp op) {
  TRY_ASSIGN(Ref<Set> first, new_set_of(thread, left));
  TRY_ASSIGN(Ref<Set> second, new_set_of(thread, right));
  return inplace(thread, first, second, op);
}
template <BinaryOp op>
Result<Ref<Object>> set_operation(ThreadState& thread, Borrowed<Object> left,
                                  Borrowed<Object> right) {
  return as_sets(thread, left, right, op);
}

constexpr Protocol kKeysProtocol = [] {
  Protocol protocol{
      .compare = &compare_view,
      .repr = &repr_view,
      .length = &length,
      .iterate = &iterate,
      .contains = &contains_key,
  };
  protocol.binary[static_cast<unsigned>(BinaryOp::kAnd)] = &set_operation<BinaryOp::kAnd>;
  protocol.binary[static_cast<unsigned>(BinaryOp::kOr)] = &set_operation<BinaryOp::kOr>;
  protocol.binary[static_cast<unsigned>(BinaryOp::kXor)] = &set_operation<BinaryOp::kXor>;
  protocol.binary[static_cast<unsigned>(BinaryOp::kSubtract)] = &set_operation<BinaryOp::kSubtract>;
  return protocol;
}();

constexpr Protocol kItemsProtocol = [] {
  Protocol protocol = kKeysProtocol;
  protocol.contains = &contains_pair;
  return protocol;
}();

constexpr Protocol kValuesProtocol{
    .hash = &hash_by_identity,
    .repr = &repr_view,
    .length = &length,
    .iterate = &iterate,
};

constexpr TypeSlots view_slots(const char* name, const Protocol* protocol) {
  return TypeSlots{
      .name = name,
      .size = sizeof(DictView),
      .heap = HeapKind::kCollected,
      .release_fields = &release_view,
      .traverse = &traverse_view,
      .protocol = protocol,
  };
}

}  // namespace

constinit Type dict_keys_type(view_slots("dict_keys", &kKeysProtocol));
constinit Type dict_values_type(view_slots("dict_values", &kValuesProtocol));
constinit Type dict_items_type(view_slots("dict_items", &kItemsProtocol));

bool is_dict_view(const Object& object) {
  return object.type == &dict_keys_type || object.type == &dict_values_type ||
         object.type == &dict_items_type;
}

Result<Ref<Object>> new_dict_view(ThreadState& thread, Borrowed<Dict> dict, DictPart part) {
  Type& type = part == DictPart::kKeys     ? dict_keys_type
               : part == DictPart::kValues ? dict_values_type
                                           : dict_items_type;
  Ref<DictView> made = new_object<DictView>(thread, type);
  if (!made) return raise_out_of_memory(thread);
  made->dict = Ref<Dict>::share(thread, dict).release();
  track(made.get());
  return made;
}

Result<Ref<Tuple>> dict_part_as_tuple(ThreadState& thread, Borrowed<Dict> dict, DictPart part) {
  DictSnapshot snapshot(thread);
  bool has_memory;
  {
    ObjectSection section(thread, dict);
    note_access_locked(thread, dict.get());
    has_memory = snapshot.take_locked(*dict);
  }
  if (!has_memory) return raise_out_of_memory(thread);
  if (snapshot.items().empty()) return empty_tuple();
  TRY_ASSIGN(Ref<Tuple> made,
             allocate_tuple(thread, static_cast<std::int64_t>(snapshot.items().size())));
  Object** to = made->items();
  for (DictItem& item : snapshot.items()) {
    if (part == DictPart::kItems) {
      Ref<Object> both[2] = {std::move(item.key), std::move(item.value)};
      TRY_ASSIGN(Ref<Tuple> pair, new_tuple_taking(thread, both));
      *to++ = pair.release();
    } else {
      *to++ = (part == DictPart::kKeys ? item.key : item.value).release();
    }
  }
  track(made.get());
  return made;
}

Result<Ref<Tuple>> dict_view_as_tuple(ThreadState& thread, Borrowed<Object> view) {
  return dict_part_as_tuple(thread, dict_of(view), part_of(*view));
}

}  // namespace runtime
