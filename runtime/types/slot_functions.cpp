#include "runtime/types/slot_functions.h"

#include <utility>

#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/recursion.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/exception_fields.h"
#include "runtime/types/slot_table.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

// What the special method `name` of the type is, ready to be called on the object.
Result<Method> special(ThreadState& thread, Borrowed<Object> object, NameOf name) {
  return find_special(thread, object, (Names::of(thread).*name)());
}

Result<Ref<Object>> maybe_call(ThreadState& thread, Borrowed<Object> object, NameOf name,
                               Borrowed<Object> argument) {
  TRY_ASSIGN(Ref<Object> answer, call_special(thread, object, name, {&argument, 1}));
  if (!answer) return not_implemented();
  return answer;
}

// `right` answers a reflected operation in a way of its own.
bool overloads(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right, NameOf name) {
  Borrowed<Str> interned = (Names::of(thread).*name)();
  Ref<Object> of_right = find_in_type(thread, Borrowed<Type>(right->type), interned);
  if (!of_right) return false;
  Ref<Object> of_left = find_in_type(thread, Borrowed<Type>(left->type), interned);
  return of_left.get() != of_right.get();
}

Result<Ref<Str>> checked_str(ThreadState& thread, Ref<Object> answer, const char* name) {
  if (!is_str(*answer)) {
    return raise(thread, type_error_type, "{} returned non-string (type {})", name,
                 type_name(answer));
  }
  return Ref<Str>::adopt(static_cast<Str*>(answer.release()));
}

constexpr NameOf kComparisons[] = {&Names::dunder_lt, &Names::dunder_le, &Names::dunder_eq,
                                   &Names::dunder_ne, &Names::dunder_gt, &Names::dunder_ge};

}  // namespace

Result<Ref<Object>> call_special(ThreadState& thread, Borrowed<Object> object, NameOf name,
                                 Arguments arguments) {
  TRY_ASSIGN(Method method, special(thread, object, name));
  if (!method.function) return Ref<Object>(nullptr);
  Deeper deeper(thread);
  TRY(deeper.check(""));
  return call_method(thread, method, arguments);
}

Result<Ref<Object>> call_required(ThreadState& thread, Borrowed<Object> object, NameOf name,
                                  Arguments arguments) {
  TRY_ASSIGN(Ref<Object> answer, call_special(thread, object, name, arguments));
  if (answer) return answer;
  Borrowed<Str> interned = (Names::of(thread).*name)();
  return raise_attribute_error(thread, object, interned, utf8_of(*interned));
}

// SLOT1BINFULL of CPython's typeobject.c.
Result<Ref<Object>> binary_of_class(ThreadState& thread, Borrowed<Object> left,
                                    Borrowed<Object> right, BinarySlot slot, BinaryOp op,
                                    NameOf name, NameOf reflected) {
  const auto number = static_cast<unsigned>(op);
  bool asks_right = left->type != right->type && protocol_of(right).binary[number] == slot;
  if (protocol_of(left).binary[number] == slot) {
    if (asks_right && is_subtype(*right->type, *left->type) &&
        overloads(thread, left, right, reflected)) {
      TRY_ASSIGN(Ref<Object> answer, maybe_call(thread, right, reflected, left));
      if (!is_not_implemented(answer.get())) return answer;
      asks_right = false;
    }
    TRY_ASSIGN(Ref<Object> answer, maybe_call(thread, left, name, right));
    if (!is_not_implemented(answer.get()) || left->type == right->type) return answer;
  }
  if (asks_right) return maybe_call(thread, right, reflected, left);
  return not_implemented();
}

Result<std::int64_t> class_hash(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Method method, special(thread, object, &Names::dunder_hash));
  if (!method.function || is_none(method.function.get())) {
    return raise(thread, type_error_type, "unhashable type: '{}'", type_name(object));
  }
  TRY_ASSIGN(Ref<Object> answer, call_method(thread, method, Arguments()));
  if (!is_int(*answer)) {
    return raise(thread, type_error_type, "__hash__ method should return an integer");
  }
  const Int& number = *as_int(answer);
  if (number.is_small()) return number.small == -1 ? -2 : number.small;
  return hash_of_int(number);
}

Result<Ref<Object>> class_compare(ThreadState& thread, Borrowed<Object> left,
                                  Borrowed<Object> right, CompareOp op) {
  return maybe_call(thread, left, kComparisons[static_cast<unsigned>(op)], right);
}

Result<Ref<Str>> class_repr(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Ref<Object> answer, call_special(thread, object, &Names::dunder_repr, {}));
  if (!answer) return object_protocol.repr(thread, object);
  return checked_str(thread, std::move(answer), "__repr__");
}

Result<Ref<Str>> class_str(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Ref<Object> answer, call_special(thread, object, &Names::dunder_str, {}));
  if (!answer) return repr_of(thread, object);
  return checked_str(thread, std::move(answer), "__str__");
}

Result<bool> class_truth(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Ref<Object> answer, call_special(thread, object, &Names::dunder_bool, {}));
  if (!answer) {
    const auto length = protocol_of(object).length;
    if (length == nullptr) return true;
    TRY_ASSIGN(std::int64_t count, length(thread, object));
    return count != 0;
  }
  if (answer->type != &bool_type) {
    return raise(thread, type_error_type, "__bool__ should return bool, returned {}",
                 type_name(answer));
  }
  return answer.get() == &true_object;
}

Result<std::int64_t> class_length(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Ref<Object> answer, call_required(thread, object, &Names::dunder_len, {}));
  TRY_ASSIGN(Ref<Object> index, index_of(thread, answer));
  if (sign_of(*as_int(index)) < 0) {
    return raise(thread, value_error_type, "__len__() should return >= 0");
  }
  return checked_index_of(thread, index, overflow_error_type);
}

Result<Ref<Object>> class_iterate(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Method method, special(thread, object, &Names::dunder_iter));
  if (!method.function || is_none(method.function.get())) {
    return raise(thread, type_error_type, "'{}' object is not iterable", type_name(object));
  }
  return call_method(thread, method, Arguments());
}

Result<Ref<Object>> class_next(ThreadState& thread, Borrowed<Object> iterator) {
  Result<Ref<Object>> answer = call_required(thread, iterator, &Names::dunder_next, {});
  if (!answer.is_raised()) return answer;
  Raised raised = std::move(answer).raised();
  if (matches(raised, stop_iteration_type)) return Ref<Object>(nullptr);
  return raised;
}

Result<Ref<Object>> class_get_item(ThreadState& thread, Borrowed<Object> container,
                                   Borrowed<Object> key) {
  return call_required(thread, container, &Names::dunder_getitem, {&key, 1});
}

Result<Done> class_set_item(ThreadState& thread, Borrowed<Object> container, Borrowed<Object> key,
                            Object* value) {
  if (value == nullptr) {
    TRY(call_required(thread, container, &Names::dunder_delitem, {&key, 1}));
    return Done{};
  }
  const Borrowed<Object> both[] = {key, Borrowed<Object>(value)};
  TRY(call_required(thread, container, &Names::dunder_setitem, both));
  return Done{};
}

Result<bool> class_contains(ThreadState& thread, Borrowed<Object> container,
                            Borrowed<Object> member) {
  TRY_ASSIGN(Method method, special(thread, container, &Names::dunder_contains));
  if (!method.function || is_none(method.function.get())) {
    return raise(thread, type_error_type, "'{}' object is not a container", type_name(container));
  }
  TRY_ASSIGN(Ref<Object> answer, call_method(thread, method, {&member, 1}));
  return is_true(thread, answer);
}

Result<Ref<Object>> class_call(ThreadState& thread, Borrowed<Object> callee,
                               const CallArguments& arguments) {
  TRY_ASSIGN(Method method, special(thread, callee, &Names::dunder_call));
  if (!method.function) {
    return raise(thread, type_error_type, "'{}' object is not callable", type_name(callee));
  }
  Deeper deeper(thread);
  TRY(deeper.check(""));
  return call_method_with(thread, method, arguments);
}

// slot_tp_getattr_hook: `__getattr__` is asked when the ordinary way found nothing.
Result<Ref<Object>> class_get_attribute(ThreadState& thread, Borrowed<Object> object,
                                        Borrowed<Str> name) {
  Borrowed<Object> argument(name.get());
  Result<Ref<Object>> found =
      call_special(thread, object, &Names::dunder_getattribute, {&argument, 1});
  if (!found.is_raised()) return found;
  Raised raised = std::move(found).raised();
  if (!matches(raised, attribute_error_type)) return raised;
  TRY_ASSIGN(Ref<Object> answer,
             call_special(thread, object, &Names::dunder_getattr, {&argument, 1}));
  if (!answer) return raised;
  return answer;
}

Result<Done> class_set_attribute(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name,
                                 Object* value) {
  if (value == nullptr) {
    Borrowed<Object> argument(name.get());
    TRY(call_required(thread, object, &Names::dunder_delattr, {&argument, 1}));
    return Done{};
  }
  const Borrowed<Object> both[] = {Borrowed<Object>(name.get()), Borrowed<Object>(value)};
  TRY(call_required(thread, object, &Names::dunder_setattr, both));
  return Done{};
}

Result<Ref<Object>> class_descriptor_get(ThreadState& thread, Borrowed<Object> descriptor,
                                         Object* instance, Borrowed<Type> owner) {
  const Borrowed<Object> both[] = {Borrowed<Object>(instance == nullptr ? &none_object : instance),
                                   Borrowed<Object>(owner.get())};
  TRY_ASSIGN(Ref<Object> answer, call_special(thread, descriptor, &Names::dunder_get, both));
  if (!answer) return Ref<Object>::share(thread, descriptor);
  return answer;
}

Result<Done> class_descriptor_set(ThreadState& thread, Borrowed<Object> descriptor,
                                  Borrowed<Object> instance, Object* value) {
  if (value == nullptr) {
    TRY(call_required(thread, descriptor, &Names::dunder_delete, {&instance, 1}));
    return Done{};
  }
  const Borrowed<Object> both[] = {instance, Borrowed<Object>(value)};
  TRY(call_required(thread, descriptor, &Names::dunder_set, both));
  return Done{};
}

Result<Ref<Object>> class_make(ThreadState& thread, Borrowed<Type> type,
                               const CallArguments& arguments) {
  TRY_ASSIGN(Ref<Object> maker, get_attribute(thread, type, Names::of(thread).dunder_new()));
  const Method method{std::move(maker), Ref<Object>::share(thread, type)};
  Deeper deeper(thread);
  TRY(deeper.check(""));
  return call_method_with(thread, method, arguments);
}

Result<Done> class_initialize(ThreadState& thread, Borrowed<Object> object,
                              const CallArguments& arguments) {
  TRY_ASSIGN(Method method, special(thread, object, &Names::dunder_init));
  if (!method.function) return Done{};
  Deeper deeper(thread);
  TRY(deeper.check(""));
  TRY_ASSIGN(Ref<Object> answer, call_method_with(thread, method, arguments));
  if (is_none(answer.get())) return Done{};
  return raise(thread, type_error_type, "__init__() should return None, not '{}'",
               type_name(answer));
}

// slot_tp_finalize
void finalize_instance(ThreadState& thread, Borrowed<Object> object) {
  Result<Method> method = special(thread, object, &Names::dunder_del);
  if (method.is_raised()) return report_unraisable(thread, std::move(method).raised(), object);
  if (!method.value().function) return;
  Result<Ref<Object>> answer = call_method(thread, method.value(), Arguments());
  if (!answer.is_raised()) return;
  report_unraisable(thread, std::move(answer).raised(), method.value().function);
}

}  // namespace runtime
