// The types set and frozenset: what their operators, repr() and `in` mean.
#include <utility>

#include "runtime/containers/constructor_arguments.h"
#include "runtime/containers/set_iterator.h"
#include "runtime/containers/set_locked.h"
#include "runtime/containers/set_operations.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/recursion.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"

namespace runtime {

namespace {

// Nobody can find the set, so nobody is inside its table.
void release_set(Object* object, DroppedFields& dropped) {
  auto* set = static_cast<Set*>(object);
  SetTable* table = set->table.load_relaxed();  // this thread is alone with the set
  if (table == nullptr) return;
  set->table.store_relaxed(nullptr);
  for (std::size_t i = 0; i <= table->mask; ++i) {
    if (is_key(table->entries[i].key.load_relaxed())) dropped.take(table->entries[i].key);
  }
  raw_free(this_thread(), table, table->bytes());
}

void traverse_set(Object* object, Visit visit, void* context) {
  const SetTable* table = static_cast<Set*>(object)->table.peek();
  for (std::size_t i = 0; table != nullptr && i <= table->mask; ++i) {
    Object* key = table->entries[i].key.peek();
    if (is_key(key)) visit(context, key);
  }
}

// A cycle through a frozenset goes on through something that can be changed.
void break_cycles(Object* object, DroppedFields&) {
  set_clear(this_thread(), Borrowed<Set>(static_cast<Set*>(object)));
}

Result<std::int64_t> hash_frozenset(ThreadState&, Borrowed<Object> object) {
  return hash_of_frozenset(*as_set(object));
}

Result<Ref<Object>> compare_set(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                                CompareOp op) {
  if (!is_any_set(*right)) return not_implemented();
  Borrowed<Set> one = as_set(left);
  Borrowed<Set> another = as_set(right);
  switch (op) {
    case CompareOp::kEqual:
    case CompareOp::kNotEqual: {
      TRY_ASSIGN(bool equal, set_equals(thread, one, another));
      return boolean(equal == (op == CompareOp::kEqual));
    }
    case CompareOp::kLess:
    case CompareOp::kGreater: {
      if (op == CompareOp::kGreater) std::swap(one, another);
      TRY_ASSIGN(bool holds, set_is_proper_subset(thread, one, another));
      return boolean(holds);
    }
    default: {
      if (op == CompareOp::kGreaterEqual) std::swap(one, another);
      TRY_ASSIGN(bool holds, set_is_subset(thread, one, another));
      return boolean(holds);
    }
  }
}

Result<Ref<Str>> repr_set(ThreadState& thread, Borrowed<Object> object) {
  Borrowed<Set> set = as_set(object);
  ReprFrame frame(thread, object);
  StrBuilder built(thread);
  SetSnapshot members(thread);
  if (!frame.is_inside_itself()) {
    SetSection section(thread, set);
    if (!members.take_locked(*set)) return raise_out_of_memory(thread);
  }
  const bool is_plain = object->type == &set_type && !members.items().empty();
  if (!is_plain) {
    TRY_ASSIGN(Ref<Str> name, new_str(thread, type_name(object)));
    built.append(*name);
    built.append(frame.is_inside_itself() ? "(...)" : "(");
  }
  if (frame.is_inside_itself()) return built.finish();
  const char* between = "{";
  for (const SetSnapshot::Item& item : members.items()) {
    TRY_ASSIGN(Ref<Str> member, repr_of(thread, Borrowed(item.key)));
    built.append(between);
    built.append(*member);
    between = ", ";
  }
  if (!members.items().empty()) built.append("}");
  if (!is_plain) built.append(")");
  return built.finish();
}

Result<std::int64_t> length(ThreadState&, Borrowed<Object> object) {
  return set_size(*as_set(object));
}

Result<Ref<Object>> iterate(ThreadState& thread, Borrowed<Object> object) {
  return new_set_iterator(thread, as_set(object));
}

Result<bool> contains_member(ThreadState& thread, Borrowed<Object> object,
                             Borrowed<Object> member) {
  return set_contains(thread, as_set(object), member);
}

using NewSet = Result<Ref<Set>> (*)(ThreadState&, Borrowed<Set>, Borrowed<Object>);
using Update = Result<Done> (*)(ThreadState&, Borrowed<Set>, Borrowed<Object>);

// The operators know sets only; the functions behind them take anything iterable.
template <NewSet operation>
Result<Ref<Object>> operate(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right) {
  if (!is_any_set(*left) || !is_any_set(*right)) return not_implemented();
  return operation(thread, as_set(left), right);
}
template <Update operation>
Result<Ref<Object>> operate_inplace(ThreadState& thread, Borrowed<Object> left,
                                    Borrowed<Object> right) {
  if (!is_any_set(*right)) return not_implemented();
  TRY(operation(thread, as_set(left), right));
  return Ref<Object>::share(thread, left);
}

// set.__init__: begins anew.
Result<Done> initialize(ThreadState& thread, Borrowed<Object> object,
                        const CallArguments& arguments) {
  TRY_ASSIGN(Object * iterable, only_argument(thread, "set", arguments));
  Borrowed<Set> set = as_set(object);
  if (set_size(*set) != 0) set_clear(thread, set);
  if (iterable == nullptr) return Done{};
  return set_update(thread, set, Borrowed<Object>(iterable));
}

constexpr void set_slot(BinarySlot (&slots)[kBinaryOps], BinaryOp op, BinarySlot slot) {
  slots[static_cast<unsigned>(op)] = slot;
}

constexpr Protocol kFrozensetProtocol = [] {
  Protocol protocol{
      .hash = &hash_frozenset,
      .compare = &compare_set,
      .repr = &repr_set,
      .length = &length,
      .iterate = &iterate,
      .contains = &contains_member,
  };
  set_slot(protocol.binary, BinaryOp::kSubtract, &operate<&set_difference>);
  set_slot(protocol.binary, BinaryOp::kAnd, &operate<&set_intersection>);
  set_slot(protocol.binary, BinaryOp::kXor, &operate<&set_symmetric_difference>);
  set_slot(protocol.binary, BinaryOp::kOr, &operate<&set_union>);
  return protocol;
}();

constexpr Protocol kSetProtocol = [] {
  Protocol protocol = kFrozensetProtocol;
  protocol.hash = nullptr;
  protocol.initialize = &initialize;
  set_slot(protocol.inplace, BinaryOp::kSubtract, &operate_inplace<&set_difference_update>);
  set_slot(protocol.inplace, BinaryOp::kAnd, &operate_inplace<&set_intersection_update>);
  set_slot(protocol.inplace, BinaryOp::kXor, &operate_inplace<&set_symmetric_difference_update>);
  set_slot(protocol.inplace, BinaryOp::kOr, &operate_inplace<&set_update>);
  return protocol;
}();

}  // namespace

constinit Type set_type(TypeSlots{
    .name = "set",
    .size = sizeof(Set),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_set,
    .traverse = &traverse_set,
    .clear = &break_cycles,
    .protocol = &kSetProtocol,
});
constinit Type frozenset_type(TypeSlots{
    .name = "frozenset",
    .size = sizeof(Set),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_set,
    .traverse = &traverse_set,
    .protocol = &kFrozensetProtocol,
});

}  // namespace runtime
