#include "runtime/types/type_body.h"

#include <string>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"
#include "runtime/threads/stop_the_world.h"
#include "runtime/types/class_type.h"
#include "runtime/types/exception_fields.h"
#include "runtime/types/object_field.h"
#include "runtime/types/slot_table.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

struct NewSlots {
  ClassType* type;
  ClassSlots slots;
};

// Of the class and all that are derived from it. Under the type lock.
void compute_locked(ThreadState& thread, Type& type, std::vector<NewSlots>& all) {
  if (is_class(type)) all.push_back({&as_class(type), computed_slots(thread, as_class(type))});
  if (RT_MUTANT(slot_update_forgets_derived)) return;
  for (std::uint32_t i = 0; i < type.body->derived_count; ++i) {
    compute_locked(thread, *type.body->derived[i], all);
  }
}

bool differs(const ClassType& type, const ClassSlots& slots) {
  if (type.slots.finalize != slots.finalize || type.protocol.equals != slots.protocol.equals) {
    return true;
  }
  for (const SlotRow& row : slot_rows()) {
    if (slot_in(type.protocol, row.offset) != slot_in(slots.protocol, row.offset)) return true;
  }
  return false;
}

// Threads read slots without a lock, so they are changed when none runs. On the way to that the type
// lock is given up: if somebody has changed the class meanwhile, he has seen to the slots.
void update_slots_locked(ThreadState& thread, Type& type) {
  for (;;) {
    const std::uint32_t version = type_version(thread, Borrowed<Type>(&type));
    std::vector<NewSlots> all;
    compute_locked(thread, type, all);
    std::erase_if(all, [](const NewSlots& one) { return !differs(*one.type, one.slots); });
    if (all.empty()) return;
    // They cannot end meanwhile without being struck off, and are compared again before they are used.
    StoppedWorld stopped(thread);
    if (current_type_version(type) != version || version == 0) {
      if (version != 0) continue;
    }
    for (NewSlots& one : all) {
      one.type->protocol = one.slots.protocol;
      one.type->slots.finalize = one.slots.finalize;
    }
    return;
  }
}

Ref<Str> as_text(Ref<Object> object) {
  return Ref<Str>::adopt(static_cast<Str*>(object.release()));
}

}  // namespace

Result<Done> type_set(ThreadState& thread, Borrowed<Type> type, Borrowed<Str> name, Object* value) {
  Ref<Object> previous;  // dropped when the lock is given back
  const bool is_slot = is_slot_name(thread, *name);
  TypeSection section(thread);
  if (value != nullptr) set_maybe_weak(value);
  invalidate_locked(thread, *type);
  point("type.invalidated");
  Borrowed<Dict> dict = type_dict(*type);
  RT_TRY_ASSIGN(found, previous, dict_get(thread, dict, name));
  if (value != nullptr) {
    TRY(dict_set(thread, dict, name, Borrowed<Object>(value)));
  } else {
    TRY_ASSIGN(Ref<Object> taken, dict_take(thread, dict, name));
    if (!taken) return raise_no_attribute(thread, type, name);
    previous = std::move(taken);
  }
  point("type.changed");
  if (is_slot) update_slots_locked(thread, *type);
  return Done{};
}

Ref<Str> type_name_of(ThreadState& thread, Borrowed<Type> type) {
  if (type->body != nullptr) {
    if (Ref<Object> name = read_object_field(thread, type, type->body->name)) {
      return as_text(std::move(name));
    }
  }
  Result<Ref<Str>> made = new_str(thread, std::string_view(type->slots.name));
  return made.is_raised() ? empty_str() : std::move(made).value();
}

Ref<Str> qualified_name_of(ThreadState& thread, Borrowed<Type> type) {
  if (type->body != nullptr) {
    if (Ref<Object> name = read_object_field(thread, type, type->body->qualified_name)) {
      return as_text(std::move(name));
    }
  }
  return type_name_of(thread, type);
}

Result<Ref<Object>> module_name_of(ThreadState& thread, Borrowed<Type> type) {
  Borrowed<Str> name = Names::of(thread).dunder_module();
  if (type->body != nullptr) {
    TRY_ASSIGN(Ref<Object> module, dict_get(thread, type_dict(*type), name));
    if (module) return module;
    if (is_class(*type)) return raise_attribute_error(thread, type, name, "__module__");
  }
  return intern(thread, "builtins");
}

std::string full_name_of(ThreadState& thread, Borrowed<Type> type) {
  const std::string name = utf8_of(*qualified_name_of(thread, type));
  Result<Ref<Object>> module = module_name_of(thread, type);
  if (module.is_raised() || !is_str(*module.value())) return name;
  const std::string text = utf8_of(*as_str(module.value()));
  return text == "builtins" ? name : text + "." + name;
}

}  // namespace runtime
