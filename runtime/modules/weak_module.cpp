// `_weakref`: https://docs.python.org/3/library/weakref.html
#include <vector>

#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/modules/native_module.h"
#include "runtime/modules/weak_objects.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"

namespace runtime {

namespace {

Result<Ref<Object>> get_count(ThreadState& thread, Borrowed<Object>,
                              const BoundArguments& arguments) {
  return new_int_unsigned(thread, weak_reference_count(arguments.at(0)));
}

Result<Ref<Object>> get_references(ThreadState& thread, Borrowed<Object>,
                                   const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<List> list, new_list(thread));
  for (Ref<WeakReference>& reference : weak_references_of(thread, arguments.at(0))) {
    TRY(list_append(thread, list, std::move(reference)));
  }
  return list;
}

Result<Ref<Object>> make_proxy(ThreadState& thread, Borrowed<Object>,
                               const BoundArguments& arguments) {
  return new_proxy(thread, arguments.at(0), arguments[1]);
}

bool is_dead(const Object& object) {
  return is_weak_reference(object) &&
         static_cast<const WeakReference&>(object).referent.load_acquire() == nullptr;
}

// Takes the entry out if its value is a dead reference. Another thread may put a living one there
// between the look and the taking: that one is put back, unless there is a newer one still.
Result<Ref<Object>> remove_dead(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  if (!is_dict(*arguments.at(0))) {
    return raise(thread, type_error_type, "_remove_dead_weakref() argument 1 must be dict, not {}",
                 type_name(arguments.at(0)));
  }
  const Borrowed<Dict> dict = as_dict(arguments.at(0));
  const Borrowed<Object> key = arguments.at(1);
  TRY_ASSIGN(Ref<Object> value, dict_get(thread, dict, key));
  if (!value) return none();
  if (!is_weak_reference(*value)) return raise(thread, type_error_type, "not a weakref");
  if (!is_dead(*value)) return none();
  TRY_ASSIGN(Ref<Object> taken, dict_take(thread, dict, key));
  if (taken && !is_dead(*taken)) TRY(dict_set_default(thread, dict, key, taken));
  return none();
}

constexpr NativeMethod kFunctions[] = {
    {"getweakrefcount(object, /)", &get_count, "Return the number of weak references to 'object'."},
    {"getweakrefs(object, /)", &get_references,
     "Return a list of all weak references to 'object'."},
    {"proxy(object, callback?, /)", &make_proxy,
     "Create a proxy object that weakly references 'object'."},
    {"_remove_dead_weakref(dct, key, /)", &remove_dead,
     "Take a dead reference out of a dict, as one step."},
};

}  // namespace

Result<Done> open_weak_reference_type(ThreadState& thread);
Result<Done> open_proxy_types(ThreadState& thread);

Result<Done> open_weak_types(ThreadState& thread) {
  TRY(open_weak_reference_type(thread));
  return open_proxy_types(thread);
}

Result<Done> fill_weakref(ThreadState& thread, Borrowed<Module> module) {
  TRY(add_functions(thread, module, kFunctions));
  TRY(set_in_module(thread, module, "ref", weak_reference_type));
  TRY(set_in_module(thread, module, "ReferenceType", weak_reference_type));
  TRY(set_in_module(thread, module, "ProxyType", proxy_type));
  return set_in_module(thread, module, "CallableProxyType", callable_proxy_type);
}

}  // namespace runtime
