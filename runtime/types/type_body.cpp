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
  std::uint32_t version;  // for which they were computed
  ClassSlots slots;
};

bool differs(const ClassType& type, const ClassSlots& slots);

// Of the class and all that are derived from it, where they change. Under the type lock.
void compute_locked(ThreadState& thread, Type& type, std::vector<NewSlots>& all) {
  if (is_class(type)) {
    const std::uint32_t version = type_version(thread, Borrowed<Type>(&type));
    NewSlots made{&as_class(type), version, computed_slots(thread, as_class(type))};
    if (differs(*made.type, made.slots)) all.push_back(made);
  }
  if (RT_MUTANT(slot_update_forgets_derived)) return;
  for (std::uint32_t i = 0; i < type.body->derived_count; ++i) {
    compute_locked(thread, *type.body->derived[i], all);
  }
}

// The class is still derived from `type`: it has not ended.
bool is_derived_in_stopped_world(const Type& type, const ClassType* from) {
  if (&type == from) return true;
  for (std::uint32_t i = 0; i < type.body->derived_count; ++i) {
    if (is_derived_in_stopped_world(*type.body->derived[i], from)) return true;
  }
  return false;
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
// lock is given up: a class may have ended, or another thread may have changed it, as its version says.
void update_slots_locked(ThreadState& thread, Type& type) {
  for (bool is_done = false; !is_done;) {
    std::vector<NewSlots> all;
    compute_locked(thread, type, all);
    if (all.empty()) return;
    is_done = true;
    StoppedWorld stopped(thread);
    for (NewSlots& one : all) {
      if (!is_derived_in_stopped_world(type, one.type)) continue;
      if (current_type_version(*one.type) != one.version) {
        is_done = false;
        continue;
      }
      one.type->protocol = one.slots.protocol;
      one.type->slots.finalize = one.slots.finalize;
    }
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
