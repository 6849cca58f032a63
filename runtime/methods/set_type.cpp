// set and frozenset: constructors and methods.
#include "runtime/containers/list_object.h"
#include "runtime/containers/set_object.h"
#include "runtime/containers/set_operations.h"
#include "runtime/methods/open_parts.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

using NewSet = Result<Ref<Set>> (*)(ThreadState&, Borrowed<Set>, Borrowed<Object>);
using Update = Result<Done> (*)(ThreadState&, Borrowed<Set>, Borrowed<Object>);
using Question = Result<bool> (*)(ThreadState&, Borrowed<Set>, Borrowed<Object>);

Result<Ref<Object>> make_frozenset(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  Borrowed<Object> source = arguments.has(0) ? arguments.at(0) : Borrowed<Object>(empty_tuple());
  TRY_ASSIGN(Ref<Set> members, new_frozenset_of(thread, source));
  Type& type = type_argument(self);
  if (&type == &frozenset_type) return members;
  return instance_with_value(thread, Borrowed<Type>(&type), std::move(members));
}

// One after the other; the operators' functions take one operand.
template <NewSet operation>
Result<Ref<Object>> with_each(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  if (arguments.rest().empty()) return set_copy(thread, as_set(self));
  Ref<Set> result = Ref<Set>::share(thread, as_set(self));
  for (Borrowed<Object> other : arguments.rest()) {
    RT_TRY_ASSIGN(made, result, operation(thread, result, other));
  }
  return result;
}

template <Update operation>
Result<Ref<Object>> update_with_each(ThreadState& thread, Borrowed<Object> self,
                                     const BoundArguments& arguments) {
  for (Borrowed<Object> other : arguments.rest()) TRY(operation(thread, as_set(self), other));
  return none();
}

Result<Ref<Object>> symmetric_difference(ThreadState& thread, Borrowed<Object> self,
                                         const BoundArguments& arguments) {
  return set_symmetric_difference(thread, as_set(self), arguments.at(0));
}
Result<Ref<Object>> symmetric_difference_update(ThreadState& thread, Borrowed<Object> self,
                                                const BoundArguments& arguments) {
  return none_after(set_symmetric_difference_update(thread, as_set(self), arguments.at(0)));
}

template <Question question>
Result<Ref<Object>> ask(ThreadState& thread, Borrowed<Object> self,
                        const BoundArguments& arguments) {
  return boolean_of(question(thread, as_set(self), arguments.at(0)));
}

Result<Ref<Object>> add(ThreadState& thread, Borrowed<Object> self,
                        const BoundArguments& arguments) {
  return none_after(set_add(thread, as_set(self), arguments.at(0)));
}
Result<Ref<Object>> remove(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  return none_after(set_remove(thread, as_set(self), arguments.at(0)));
}
Result<Ref<Object>> discard(ThreadState& thread, Borrowed<Object> self,
                            const BoundArguments& arguments) {
  TRY(set_discard(thread, as_set(self), arguments.at(0)));
  return none();
}
Result<Ref<Object>> pop(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return set_pop(thread, as_set(self));
}
Result<Ref<Object>> clear(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  set_clear(thread, as_set(self));
  return none();
}
Result<Ref<Object>> copy(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return set_copy(thread, as_set(self));
}

// (type, ([members],), attributes)
Result<Ref<Object>> reduce(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  TRY_ASSIGN(Ref<Tuple> members, set_to_tuple(thread, as_set(self)));
  TRY_ASSIGN(Ref<List> list, new_list_from(thread, members));
  TRY_ASSIGN(Ref<Tuple> arguments, new_tuple(thread, {list}));
  TRY_ASSIGN(Ref<Object> attributes, find_attribute(thread, self, "__dict__"));
  if (!attributes) attributes = none();
  return new_tuple(thread, {Borrowed<Object>(self->type), arguments, attributes});
}

// What sets of both kinds have comes first.
constexpr NativeMethod kMethods[] = {
    {"union(*others)", &with_each<&set_union>, "The members of all."},
    {"intersection(*others)", &with_each<&set_intersection>, "What is a member of all."},
    {"difference(*others)", &with_each<&set_difference>, "What is no member of the others."},
    {"symmetric_difference(other, /)", &symmetric_difference, "What is a member of just one."},
    {"isdisjoint(other, /)", &ask<&set_is_disjoint>, "Have they nothing in common?"},
    {"issubset(other, /)", &ask<&set_is_subset>, "Does the other have all of its members?"},
    {"issuperset(other, /)", &ask<&set_is_superset>, "Has it all members of the other?"},
    {"copy()", &copy, "A set with the same members."},
    {"__reduce__()", &reduce},
    {"update(*others)", &update_with_each<&set_update>, "Adds the members of the others."},
    {"intersection_update(*others)", &update_with_each<&set_intersection_update>,
     "Keeps what is a member of all."},
    {"difference_update(*others)", &update_with_each<&set_difference_update>,
     "Removes the members of the others."},
    {"symmetric_difference_update(other, /)", &symmetric_difference_update,
     "Keeps what is a member of just one."},
    {"add(object, /)", &add, "Adds a member."},
    {"remove(object, /)", &remove, "Removes a member; KeyError if it is none."},
    {"discard(object, /)", &discard, "Removes a member, if it is one."},
    {"pop()", &pop, "Removes any member and returns it."},
    {"clear()", &clear, "Removes all members."},
};
constexpr std::size_t kMethodsOfBoth = 9;

}  // namespace

Result<Done> open_set(ThreadState& thread) {
  TRY(open_type(thread, {
                            .type = set_type,
                            .documentation = "set(iterable=(), /)",
                            .methods = kMethods,
                            .constructor = "set(*iterable, **named)",
                            .make = &make_empty,
                        }));
  return open_type(thread, {
                               .type = frozenset_type,
                               .documentation = "frozenset(iterable=(), /)",
                               .methods = std::span(kMethods).first(kMethodsOfBoth),
                               .constructor = "frozenset(iterable?, /)",
                               .make = &make_frozenset,
                           });
}

}  // namespace runtime
