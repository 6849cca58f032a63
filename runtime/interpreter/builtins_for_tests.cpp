// The few builtins that texts of tests use.
#include "runtime/containers/enumerate_iterator.h"
#include "runtime/interpreter/frame_object.h"
#include "runtime/interpreter/generator_object.h"
#include "runtime/interpreter/handled_exception.h"
#include "runtime/interpreter/interpreter_test_support.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/range_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/weak_reference.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/native.h"
#include "runtime/types/object_type.h"
#include "runtime/types/property.h"
#include "runtime/types/super_object.h"

namespace runtime {

namespace {

using Given = const BoundArguments&;

Result<Ref<Object>> length(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY_ASSIGN(std::int64_t count, length_of(thread, given.at(0)));
  return new_int(thread, count);
}
Result<Ref<Object>> next_one(ThreadState& thread, Borrowed<Object>, Given given) {
  if (!given.has(1)) return next_or_stop(thread, given.at(0));
  TRY_ASSIGN(Ref<Object> item, next_of(thread, given.at(0)));
  return item ? std::move(item) : Ref<Object>::share(thread, given.at(1));
}
Result<Ref<Object>> iterator(ThreadState& thread, Borrowed<Object>, Given given) {
  return get_iterator(thread, given.at(0));
}
Result<Ref<Object>> shown(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY_ASSIGN(Ref<Str> text, repr_of(thread, given.at(0)));
  return Ref<Object>(std::move(text));
}
Result<Ref<Object>> is_one(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY_ASSIGN(bool is, is_instance_of(thread, given.at(0), given.at(1)));
  return boolean(is);
}
Result<Ref<Object>> get(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY_ASSIGN(Ref<Str> name, name_of(thread, given.at(1)));
  if (!given.has(2)) return get_attribute(thread, given.at(0), name);
  TRY_ASSIGN(Ref<Object> found, find_attribute(thread, given.at(0), name));
  return found ? std::move(found) : Ref<Object>::share(thread, given.at(2));
}
Result<Ref<Object>> put(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY_ASSIGN(Ref<Str> name, name_of(thread, given.at(1)));
  TRY(set_attribute(thread, given.at(0), name, given.at(2).get()));
  return none();
}
Result<Ref<Object>> frame(ThreadState& thread, Borrowed<Object>, Given given) {
  std::int64_t depth = 0;
  if (given.has(0)) {
    RT_TRY_ASSIGN(number, depth, checked_index_of(thread, given.at(0), overflow_error_type));
  }
  TRY_ASSIGN(Ref<FrameObject> found, frame_at_depth(thread, depth));
  if (!found) return raise(thread, value_error_type, "call stack is not deep enough");
  return Ref<Object>(std::move(found));
}
Result<Ref<Object>> its_locals(ThreadState& thread, Borrowed<Object>, Given) {
  return current_locals(thread);
}
Result<Ref<Object>> its_globals(ThreadState& thread, Borrowed<Object>, Given) {
  return current_globals(thread);
}
Result<Ref<Object>> handled(ThreadState& thread, Borrowed<Object>, Given) {
  Ref<Object> found = handled_exception(thread);
  return found ? std::move(found) : none();
}
Result<Ref<Object>> import(ThreadState& thread, Borrowed<Object>, Given given) {
  std::int64_t level = 0;
  if (given.has(4)) {
    RT_TRY_ASSIGN(number, level, checked_index_of(thread, given.at(4), overflow_error_type));
  }
  Object* list = given.has(3) && !is_none(given[3]) ? given[3] : nullptr;
  return import_name(thread, as_str(given.at(0)), given[1], list, level);
}
Result<Ref<Object>> limit(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY_ASSIGN(std::int64_t number, checked_index_of(thread, given.at(0), overflow_error_type));
  Interpreter::of(thread).set_recursion_limit(static_cast<unsigned>(number));
  return none();
}
Result<Ref<Object>> weak(ThreadState& thread, Borrowed<Object>, Given given) {
  Ref<WeakReference> reference = make_weak_reference(thread, given.at(0));
  if (!reference) return raise_out_of_memory(thread);
  return Ref<Object>(std::move(reference));
}
Result<Ref<Object>> is_dead(ThreadState& thread, Borrowed<Object>, Given given) {
  Ref<Object> found =
      dereference(thread, Borrowed<WeakReference>(static_cast<WeakReference*>(given.at(0).get())));
  return boolean(!found);
}
Result<Ref<Object>> hash_number(ThreadState& thread, Borrowed<Object>, Given given) {
  TRY_ASSIGN(std::int64_t number, hash_of(thread, given.at(0)));
  return new_int(thread, number);
}

constexpr NativeMethod kFunctions[] = {
    {"len(object, /)", &length},
    {"next(iterator, default?, /)", &next_one},
    {"iter(object, /)", &iterator},
    {"repr(object, /)", &shown},
    {"isinstance(object, type, /)", &is_one},
    {"getattr(object, name, default?, /)", &get},
    {"setattr(object, name, value, /)", &put},
    {"_getframe(depth?, /)", &frame},
    {"locals()", &its_locals},
    {"globals()", &its_globals},
    {"handled()", &handled},
    {"__import__(name, globals?, locals?, fromlist?, level?)", &import},
    {"setrecursionlimit(limit, /)", &limit},
    {"weak(object, /)", &weak},
    {"is_dead(reference, /)", &is_dead},
    {"hash(object, /)", &hash_number},
};

}  // namespace

Result<Done> add_builtins_for_tests(ThreadState& thread, Borrowed<Module> module) {
  TRY(add_functions(thread, module, kFunctions));
  const Borrowed<Dict> dict = module_dict(module);
  auto add = [&](const char* name, Type& type) -> Result<Done> {
    TRY_ASSIGN(Ref<Str> key, intern(thread, name));
    return dict_set(thread, dict, key, Borrowed<Object>(&type));
  };
  for (Type* type :
       {&int_type, &bool_type, &float_type, &str_type, &bytes_type, &tuple_type, &list_type,
        &dict_type, &set_type, &frozenset_type, &range_type, &slice_type, &type_type,
        &property_type, &classmethod_type, &staticmethod_type, &super_type, &enumerate_type}) {
    TRY(add(type->slots.name, *type));
  }
  TRY(add("object", object_type));
  TRY(add("BaseException", base_exception_type));
#define RT_EXCEPTION_ROW(identifier, name, base) TRY(add(name, identifier##_type));
#include "runtime/object/exception_types.def"
#undef RT_EXCEPTION_ROW
  return Done();
}

}  // namespace runtime
