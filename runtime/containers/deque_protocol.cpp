#include "runtime/containers/deque_protocol.h"

#include <string>
#include <vector>

#include "runtime/base/mutants.h"
#include "runtime/containers/deque_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/object_section.h"
#include "runtime/object/recursion.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"

namespace runtime {

namespace {

// -- iterators --

// Everything but `deque` is in the section of the deque.
struct DequeIterator : Object {
  Object* deque;       // constant
  std::int64_t place;  // of the next item
  std::int64_t left;
  std::uint64_t changes;
};

Result<Ref<Object>> next_item(ThreadState& thread, Borrowed<Object> object) {
  auto& self = *static_cast<DequeIterator*>(object.get());
  if (self.deque == nullptr) return Ref<Object>();
  auto& deque = *static_cast<Deque*>(self.deque);
  {
    ObjectSection section(thread, Borrowed<Object>(&deque));
    if (self.changes == deque.changes || RT_MUTANT(deque_iterator_ignores_changes)) {
      if (self.left == 0) return Ref<Object>();
      Object* item = deque.items[(deque.first + self.place) & (deque.capacity - 1)];
      self.place += object->type == &deque_iterator_type ? 1 : -1;
      --self.left;
      return Ref<Object>::share(thread, Borrowed(item));
    }
    self.left = 0;
  }
  return raise(thread, runtime_error_type, "deque mutated during iteration");
}

constexpr Protocol kIteratorProtocol{
    .hash = &hash_by_identity,
    .iterate = &iterate_itself,
    .next = &next_item,
};

constexpr TypeSlots iterator_slots_of(const char* name) {
  return TypeSlots{
      .name = name,
      .size = sizeof(DequeIterator),
      .heap = HeapKind::kCollected,
      .release_fields = &release_field<&DequeIterator::deque>,
      .traverse = &traverse_field<&DequeIterator::deque>,
      .protocol = &kIteratorProtocol,
  };
}

// -- the deque --

Result<std::int64_t> length(ThreadState&, Borrowed<Object> object) {
  return deque_size(*as_deque(object));
}

Result<Ref<Object>> iterate(ThreadState& thread, Borrowed<Object> object) {
  return deque_iterator(thread, as_deque(object), End::kLeft);
}

Result<std::int64_t> index_argument(ThreadState& thread, Borrowed<Object> key) {
  if (has_index(key)) return checked_index_of(thread, key, index_error_type);
  return raise(thread, type_error_type, "sequence index must be integer, not '{}'", type_name(key));
}

Result<Ref<Object>> get(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> key) {
  TRY_ASSIGN(std::int64_t index, index_argument(thread, key));
  return deque_get(thread, as_deque(object), index);
}

Result<Done> set(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> key,
                 Object* value) {
  TRY_ASSIGN(std::int64_t index, index_argument(thread, key));
  Ref<Object> item;
  if (value != nullptr) item = Ref<Object>::share(thread, Borrowed(value));
  return deque_set(thread, as_deque(object), index, std::move(item));
}

Result<bool> has(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> member) {
  TRY_ASSIGN(std::int64_t index, deque_find(thread, as_deque(object), member));
  return index >= 0;
}

Result<Ref<Object>> compare_deques(ThreadState& thread, Borrowed<Object> left,
                                   Borrowed<Object> right, CompareOp op) {
  if (!is_deque(*right)) return not_implemented();
  Deeper deeper(thread);
  TRY(deeper.check(" in comparison"));
  const bool is_equality = op == CompareOp::kEqual || op == CompareOp::kNotEqual;
  std::vector<Ref<Object>> ours = deque_items(thread, as_deque(left));
  std::vector<Ref<Object>> theirs = deque_items(thread, as_deque(right));
  if (is_equality && ours.size() != theirs.size()) return boolean(op == CompareOp::kNotEqual);
  for (std::size_t i = 0; i < ours.size() && i < theirs.size(); ++i) {
    TRY_ASSIGN(bool is_same, are_equal(thread, ours[i], theirs[i]));
    if (is_same) continue;
    if (is_equality) return boolean(op == CompareOp::kNotEqual);
    return compare(thread, ours[i], theirs[i], op);
  }
  const int order = ours.size() < theirs.size() ? -1 : ours.size() > theirs.size() ? 1 : 0;
  return boolean(holds(op, order));
}

Result<Ref<Str>> repr_of_deque(ThreadState& thread, Borrowed<Object> object) {
  ReprFrame frame(thread, object);
  if (frame.is_inside_itself()) return new_str(thread, "[...]");
  Deeper deeper(thread);
  TRY(deeper.check(" while getting the repr of an object"));
  const std::int64_t greatest = as_deque(object)->greatest_size();
  std::string_view name(type_name(object));
  if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos) {
    name = name.substr(dot + 1);
  }
  StrBuilder text(thread);
  text.append(name);
  text.append("([");
  bool is_first = true;
  for (const Ref<Object>& item : deque_items(thread, as_deque(object))) {
    if (!is_first) text.append(", ");
    is_first = false;
    TRY_ASSIGN(Ref<Str> shown, repr_of(thread, item));
    text.append(*shown);
  }
  text.append("]");
  if (greatest != Deque::kUnlimited) text.append(", maxlen=" + std::to_string(greatest));
  text.append(")");
  return text.finish();
}

Result<Ref<Object>> concatenate(ThreadState& thread, Borrowed<Object> left,
                                Borrowed<Object> right) {
  if (!is_deque(*right)) {
    return raise(thread, type_error_type, "can only concatenate deque (not \"{}\") to deque",
                 type_name(right));
  }
  TRY_ASSIGN(Ref<Deque> result, deque_copy(thread, as_deque(left)));
  TRY(deque_extend(thread, result, End::kRight, right));
  return result;
}

Result<Ref<Object>> extend_in_place(ThreadState& thread, Borrowed<Object> left,
                                    Borrowed<Object> right) {
  TRY(deque_extend(thread, as_deque(left), End::kRight, right));
  return Ref<Object>::share(thread, left);
}

// What is beyond the greatest length is not put in only to be taken out again.
Result<Done> repeat_into(ThreadState& thread, Borrowed<Deque> target,
                         const std::vector<Ref<Object>>& items, std::int64_t times) {
  const auto once = static_cast<std::int64_t>(items.size());
  if (once == 0) return Done();
  const std::int64_t greatest = target->greatest_size();
  if (greatest != Deque::kUnlimited) times = std::min(times, greatest / once + 2);
  if (times > (INT64_MAX >> 4) / once) return raise_out_of_memory(thread);
  for (std::int64_t i = 0; i < times; ++i) {
    for (const Ref<Object>& item : items) {
      TRY(deque_add(thread, target, End::kRight, item.duplicate(thread)));
    }
  }
  return Done();
}

Result<Ref<Object>> repeat(ThreadState& thread, Borrowed<Object> object, std::int64_t times) {
  const Borrowed<Deque> deque = as_deque(object);
  TRY_ASSIGN(Ref<Deque> result, new_deque(thread, deque->greatest_size()));
  TRY(repeat_into(thread, result, deque_items(thread, deque), times));
  return result;
}

Result<Ref<Object>> repeat_in_place(ThreadState& thread, Borrowed<Object> object,
                                    std::int64_t times) {
  const Borrowed<Deque> deque = as_deque(object);
  if (times <= 0) {
    deque_clear(thread, deque);
  } else {
    TRY(repeat_into(thread, deque, deque_items(thread, deque), times - 1));
  }
  return Ref<Object>::share(thread, object);
}

// deque(iterable=(), maxlen=None)
struct Given {
  Object* iterable = nullptr;
  Object* limit = nullptr;
};

Result<Given> bound(ThreadState& thread, const CallArguments& call) {
  if (call.positional.size() > 2) {
    return raise(thread, type_error_type, "deque() takes at most 2 arguments ({} given)",
                 call.positional.size() + call.named.size());
  }
  Given given;
  if (!call.positional.empty()) given.iterable = call.positional[0].get();
  if (call.positional.size() > 1) given.limit = call.positional[1].get();
  for (std::size_t i = 0; i < call.named.size(); ++i) {
    const std::string name = utf8_of(*as_str(call.names->at(static_cast<std::int64_t>(i))));
    Object*& target = name == "iterable" ? given.iterable : given.limit;
    if ((name != "iterable" && name != "maxlen") || target != nullptr) {
      return raise(thread, type_error_type, "deque() got an unexpected keyword argument '{}'",
                   name);
    }
    target = call.named[i].get();
  }
  return given;
}

Result<Done> initialize(ThreadState& thread, Borrowed<Object> self, const CallArguments& call) {
  TRY_ASSIGN(Given given, bound(thread, call));
  std::int64_t greatest = Deque::kUnlimited;
  if (given.limit != nullptr && !is_none(given.limit)) {
    if (!is_int(*given.limit)) return raise(thread, type_error_type, "an integer is required");
    TRY_ASSIGN(greatest, checked_index_of(thread, Borrowed(given.limit), overflow_error_type));
    if (greatest < 0) return raise(thread, value_error_type, "maxlen must be non-negative");
  }
  return deque_initialize(thread, as_deque(self), given.iterable, greatest);
}

}  // namespace

constinit Type deque_iterator_type(iterator_slots_of("_collections._deque_iterator"));
constinit Type deque_reverse_iterator_type(
    iterator_slots_of("_collections._deque_reverse_iterator"));

constinit const Protocol kDequeProtocol{
    .compare = &compare_deques,
    .repr = &repr_of_deque,
    .length = &length,
    .iterate = &iterate,
    .get_item = &get,
    .set_item = &set,
    .contains = &has,
    .concatenate = &concatenate,
    .inplace_concatenate = &extend_in_place,
    .repeat = &repeat,
    .inplace_repeat = &repeat_in_place,
    .initialize = &initialize,
};

Result<Ref<Object>> deque_iterator(ThreadState& thread, Borrowed<Deque> deque, End end) {
  Type& type = end == End::kLeft ? deque_iterator_type : deque_reverse_iterator_type;
  Ref<DequeIterator> iterator = new_object<DequeIterator>(thread, type);
  if (!iterator) return raise_out_of_memory(thread);
  iterator->deque = Ref<Object>::share(thread, deque).release();
  {
    ObjectSection section(thread, deque);
    iterator->left = deque_size(*deque);
    iterator->changes = deque->changes;
  }
  iterator->place = end == End::kLeft ? 0 : iterator->left - 1;
  track(iterator.get());
  return iterator;
}

std::int64_t deque_iterator_left(ThreadState& thread, Borrowed<Object> iterator) {
  auto& self = *static_cast<DequeIterator*>(iterator.get());
  if (self.deque == nullptr) return 0;
  ObjectSection section(thread, Borrowed(self.deque));
  return self.left;
}

}  // namespace runtime
