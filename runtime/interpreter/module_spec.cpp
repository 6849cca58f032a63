#include "runtime/interpreter/module_spec.h"

#include "runtime/interpreter/shared_field.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"
#include "runtime/types/native.h"

namespace runtime {

namespace {

void release_spec(Object* object, DroppedFields& dropped) {
  dropped.take(static_cast<ModuleSpec*>(object)->attributes);
}
void traverse_spec(Object* object, Visit visit, void* context) {
  visit_field(static_cast<ModuleSpec*>(object)->attributes, visit, context);
}

Result<Ref<Str>> repr_spec(ThreadState& thread, Borrowed<Object> object) {
  StrBuilder built(thread);
  built.append("ModuleSpec(name=");
  for (const char* name : {"name", "loader", "origin"}) {
    if (std::string_view(name) != "name") built.append(std::string(", ") + name + "=");
    TRY_ASSIGN(Ref<Object> value, get_attribute(thread, object, name));
    TRY_ASSIGN(Ref<Str> shown, repr_of(thread, value));
    built.append(*shown);
  }
  built.append(")");
  return built.finish();
}

constexpr Protocol kSpecProtocol{.repr = &repr_spec};

}  // namespace

constinit Type module_spec_type(TypeSlots{
    .name = "ModuleSpec",
    .size = sizeof(ModuleSpec),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_spec,
    .traverse = &traverse_spec,
    .clear = &release_spec,
    .protocol = &kSpecProtocol,
});

Result<Ref<Object>> new_module_spec(ThreadState& thread, Borrowed<Str> name, Object* origin,
                                    Object* search_locations, bool has_location) {
  Ref<ModuleSpec> spec = new_object<ModuleSpec>(thread, module_spec_type);
  if (!spec) return raise_out_of_memory(thread);
  track(spec.get());
  const std::string full = utf8_of(*name);
  const std::size_t dot = full.rfind('.');
  TRY_ASSIGN(Ref<Str> parent, new_str(thread, search_locations != nullptr ? full
                                              : dot == std::string::npos  ? std::string()
                                                                          : full.substr(0, dot)));
  auto or_none = [](Object* object) { return object == nullptr ? &none_object : object; };
  TRY(set_attribute(thread, spec, "name", name.get()));
  TRY(set_attribute(thread, spec, "loader", &none_object));
  TRY(set_attribute(thread, spec, "origin", or_none(origin)));
  TRY(set_attribute(thread, spec, "parent", parent.get()));
  TRY(set_attribute(thread, spec, "submodule_search_locations", or_none(search_locations)));
  TRY(set_attribute(thread, spec, "has_location", has_location ? &true_object : &false_object));
  TRY(set_attribute(thread, spec, "cached", &none_object));
  return Ref<Object>(std::move(spec));
}

Result<Done> open_module_spec_type(ThreadState& thread) {
  return open_type(thread, NativeType{
                               .type = module_spec_type,
                               .module = "importlib.machinery",
                               .documentation = "Where a module came from.",
                               .derivable = Derivable::kNo,
                               .dict_offset = sizeof(WeaklyReferable),
                           });
}

}  // namespace runtime
