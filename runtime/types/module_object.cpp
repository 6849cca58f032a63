#include "runtime/types/module_object.h"

#include <utility>

#include "runtime/containers/list_object.h"
#include "runtime/object/deferred.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/exception_fields.h"
#include "runtime/types/native.h"
#include "runtime/types/type_attributes.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

void release(Object* object, DroppedFields& dropped) {
  dropped.take(static_cast<Module*>(object)->dict);
}
void traverse(Object* object, Visit visit, void* context) {
  if (Object* dict = static_cast<Module*>(object)->dict.peek()) visit(context, dict);
}

Result<Done> fill_dict(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> name,
                       Borrowed<Object> documentation) {
  const Names& names = Names::of(thread);
  TRY(dict_set(thread, dict, names.dunder_name(), name));
  TRY(dict_set(thread, dict, names.dunder_doc(), documentation));
  TRY(dict_set(thread, dict, names.dunder_package(), none()));
  TRY(dict_set(thread, dict, names.dunder_loader(), none()));
  return dict_set(thread, dict, names.dunder_spec(), none());
}

Result<Ref<Str>> repr_module(ThreadState& thread, Borrowed<Object> object) {
  Borrowed<Module> module = as_module(object);
  Ref<Str> name = module_name(thread, module);
  std::string text = name ? utf8_of(*name) : "?";
  TRY_ASSIGN(Ref<Object> file,
             dict_get(thread, module_dict(module), Names::of(thread).dunder_file()));
  if (file && is_str(*file)) {
    return new_str(thread, fmt::format("<module '{}' from '{}'>", text, utf8_of(*as_str(file))));
  }
  TRY_ASSIGN(Ref<Object> loader,
             dict_get(thread, module_dict(module), Names::of(thread).dunder_spec()));
  const bool is_built_in = loader && !is_none(loader.get());
  return new_str(thread, fmt::format("<module '{}'{}>", text, is_built_in ? " (built-in)" : ""));
}

// module_getattro: what is not there is asked of the module's own `__getattr__` (PEP 562).
Result<Ref<Object>> get_attribute_of_module(ThreadState& thread, Borrowed<Object> object,
                                            Borrowed<Str> name) {
  Result<Ref<Object>> found = generic_get_attribute(thread, object, name);
  if (!found.is_raised()) return found;
  Raised raised = std::move(found).raised();
  if (raised.exception()->type != &attribute_error_type) return raised;
  Borrowed<Module> module = as_module(object);
  TRY_ASSIGN(Ref<Object> hook,
             dict_get(thread, module_dict(module), Names::of(thread).dunder_getattr()));
  if (hook) {
    const Borrowed<Object> argument = name;
    return call(thread, hook, Arguments(&argument, 1));
  }
  Ref<Str> module_text = module_name(thread, module);
  if (!module_text) return raised;
  return raise_attribute_error(
      thread, object, name,
      fmt::format("module '{}' has no attribute '{}'", utf8_of(*module_text), utf8_of(*name)));
}

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Type> type, const CallArguments&) {
  TRY_ASSIGN(Ref<Object> made, new_empty_instance(thread, type));
  TRY_ASSIGN(Ref<Dict> dict, new_dict(thread));
  set_maybe_weak(dict.get());
  static_cast<Module*>(made.get())->dict.store_release(dict.release());
  defer(thread, made.get());
  return made;
}

Result<Done> initialize(ThreadState& thread, Borrowed<Object> object,
                        const CallArguments& arguments) {
  const std::size_t given = arguments.positional.size();
  if (given == 0) {
    return raise(thread, type_error_type, "module() missing required argument 'name' (pos 1)");
  }
  if (given + arguments.named.size() > 2) {
    return raise(thread, type_error_type, "module() takes at most 2 arguments ({} given)",
                 given + arguments.named.size());
  }
  if (!is_str(*arguments.positional[0])) {
    return raise(thread, type_error_type, "module() argument 'name' must be str, not {}",
                 type_name(arguments.positional[0]));
  }
  Object* documentation = &none_object;
  if (given == 2) documentation = arguments.positional[1].get();
  if (!arguments.named.empty()) documentation = arguments.named[0].get();
  return fill_dict(thread, module_dict(as_module(object)), arguments.positional[0],
                   Borrowed<Object>(documentation));
}

constexpr Protocol kModuleProtocol{
    .hash = &hash_by_identity,
    .repr = &repr_module,
    .get_attribute = &get_attribute_of_module,
    .make = &make,
    .initialize = &initialize,
};

Result<Ref<Object>> get_dict(ThreadState& thread, Borrowed<Object> self) {
  return Ref<Object>::share(thread, module_dict(as_module(self)));
}

Result<Ref<Object>> directory(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  Borrowed<Dict> dict = module_dict(as_module(self));
  TRY_ASSIGN(Ref<Object> hook, dict_get(thread, dict, Names::of(thread).dunder_dir()));
  if (hook) return call(thread, hook, Arguments());
  return new_list_from(thread, dict);
}

constexpr NativeAttribute kAttributes[] = {{"__dict__", &get_dict}};
constexpr NativeMethod kMethods[] = {{"__dir__()", &directory}};

}  // namespace

constinit Type module_type(TypeSlots{
    .name = "module",
    .size = sizeof(Module),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release,
    .traverse = &traverse,
    .protocol = &kModuleProtocol,
});

Result<Ref<Module>> new_module(ThreadState& thread, Borrowed<Str> name) {
  TRY_ASSIGN(Ref<Dict> dict, new_dict(thread));
  TRY(fill_dict(thread, dict, name, none()));
  Ref<Module> made = new_object<Module>(thread, module_type);
  if (!made) return raise_out_of_memory(thread);
  set_maybe_weak(dict.get());
  made->dict.initialize(dict.release());
  defer(thread, made.get());
  track(made.get());
  return made;
}

Result<Ref<Module>> new_module(ThreadState& thread, std::string_view name) {
  TRY_ASSIGN(Ref<Str> text, new_str(thread, name));
  return new_module(thread, text);
}

Borrowed<Dict> module_dict(Borrowed<Module> module) {
  return Borrowed<Dict>(static_cast<Dict*>(module->dict.load_acquire()));
}

Ref<Str> module_name(ThreadState& thread, Borrowed<Module> module) {
  Result<Ref<Object>> name = dict_get(thread, module_dict(module), Names::of(thread).dunder_name());
  if (name.is_raised() || !name.value() || !is_str(*name.value())) return nullptr;
  return Ref<Str>::adopt(static_cast<Str*>(std::move(name).value().release()));
}

Result<Done> open_module_type(ThreadState& thread) {
  return open_type(thread, {.type = module_type,
                            .documentation = "A namespace that was imported.",
                            .methods = kMethods,
                            .attributes = kAttributes,
                            .dict_offset = offsetof(Module, dict)});
}

}  // namespace runtime
