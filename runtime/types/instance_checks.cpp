#include "runtime/object/exception_object.h"
#include "runtime/object/recursion.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

// What is no class may have bases all the same; a null reference: it has none.
Result<Ref<Object>> bases_of(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Ref<Object> bases, find_attribute(thread, object, Names::of(thread).dunder_bases()));
  if (!bases || !is_tuple(*bases)) return Ref<Object>(nullptr);
  return bases;
}

Result<bool> is_abstractly_derived(ThreadState& thread, Borrowed<Object> type,
                                   Borrowed<Object> what) {
  if (type.get() == what.get()) return true;
  Deeper deeper(thread);
  TRY(deeper.check(" in __issubclass__"));
  TRY_ASSIGN(Ref<Object> bases, bases_of(thread, type));
  if (!bases) return false;
  Borrowed<Tuple> all = as_tuple(bases);
  for (std::int64_t i = 0; i < all->size; ++i) {
    TRY_ASSIGN(bool is_derived, is_abstractly_derived(thread, all->at(i), what));
    if (is_derived) return true;
  }
  return false;
}

// type.__instancecheck__ was not replaced.
bool checks_by_itself(ThreadState& thread, Borrowed<Object> what, Borrowed<Str> name) {
  Ref<Object> own = find_in_type(thread, Borrowed<Type>(what->type), name);
  if (!own) return false;
  Ref<Object> of_type = find_in_type(thread, Borrowed<Type>(&type_type), name);
  return own.get() == of_type.get();
}

// One of the items of a tuple, tuples inside it included.
Result<bool> any_of(ThreadState& thread, Borrowed<Object> object, Borrowed<Tuple> what,
                    Result<bool> (*check)(ThreadState&, Borrowed<Object>, Borrowed<Object>)) {
  Deeper deeper(thread);
  TRY(deeper.check(" in __instancecheck__"));
  for (std::int64_t i = 0; i < what->size; ++i) {
    TRY_ASSIGN(bool answer, check(thread, object, what->at(i)));
    if (answer) return true;
  }
  return false;
}

}  // namespace

Result<bool> is_real_instance(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> what) {
  if (is_type(*what)) {
    Borrowed<Type> type = as_type(what);
    if (is_instance(*object, *type)) return true;
    TRY_ASSIGN(Ref<Object> claimed,
               find_attribute(thread, object, Names::of(thread).dunder_class()));
    if (!claimed || claimed.get() == object->type || !is_type(*claimed)) return false;
    return is_subtype(*as_type(claimed), *type);
  }
  TRY_ASSIGN(Ref<Object> bases, bases_of(thread, what));
  if (!bases) {
    return raise(thread, type_error_type,
                 "isinstance() arg 2 must be a type, a tuple of types, or a union");
  }
  TRY_ASSIGN(Ref<Object> claimed, find_attribute(thread, object, Names::of(thread).dunder_class()));
  if (!claimed) return false;
  return is_abstractly_derived(thread, claimed, what);
}

Result<bool> is_real_subclass(ThreadState& thread, Borrowed<Object> type, Borrowed<Object> what) {
  if (is_type(*type) && is_type(*what)) return is_subtype(*as_type(type), *as_type(what));
  TRY_ASSIGN(Ref<Object> bases, bases_of(thread, type));
  if (!bases) return raise(thread, type_error_type, "issubclass() arg 1 must be a class");
  TRY_ASSIGN(Ref<Object> others, bases_of(thread, what));
  if (!others) {
    return raise(thread, type_error_type,
                 "issubclass() arg 2 must be a class, a tuple of classes, or a union");
  }
  return is_abstractly_derived(thread, type, what);
}

Result<bool> is_instance_of(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> what) {
  if (what.get() == object->type) return true;
  Borrowed<Str> name = Names::of(thread).dunder_instancecheck();
  if (checks_by_itself(thread, what, name)) return is_real_instance(thread, object, what);
  if (is_tuple(*what)) return any_of(thread, object, as_tuple(what), &is_instance_of);
  TRY_ASSIGN(Method check, find_special(thread, what, name));
  if (!check.function) return is_real_instance(thread, object, what);
  Deeper deeper(thread);
  TRY(deeper.check(" in __instancecheck__"));
  TRY_ASSIGN(Ref<Object> answer, call_method(thread, check, Arguments(&object, 1)));
  return is_true(thread, answer);
}

Result<bool> is_subclass_of(ThreadState& thread, Borrowed<Object> type, Borrowed<Object> what) {
  Borrowed<Str> name = Names::of(thread).dunder_subclasscheck();
  if (checks_by_itself(thread, what, name)) {
    if (type.get() == what.get()) return true;
    return is_real_subclass(thread, type, what);
  }
  if (is_tuple(*what)) return any_of(thread, type, as_tuple(what), &is_subclass_of);
  TRY_ASSIGN(Method check, find_special(thread, what, name));
  if (!check.function) return is_real_subclass(thread, type, what);
  Deeper deeper(thread);
  TRY(deeper.check(" in __subclasscheck__"));
  TRY_ASSIGN(Ref<Object> answer, call_method(thread, check, Arguments(&type, 1)));
  return is_true(thread, answer);
}

}  // namespace runtime
