#include "runtime/containers/instance_values.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/dict_change.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/immortal.h"
#include "runtime/object/str_object.h"

namespace runtime {

namespace {

void release_instance_type(Object* object, DroppedFields&) {
  let_go(this_thread(), *static_cast<InstanceType*>(object)->keys);
}

// The type of types of instances.
constinit Type instance_type_type(TypeSlots{
    .name = "type",
    .size = sizeof(InstanceType),
    .heap = HeapKind::kCollected,
    .release_fields = &release_instance_type,
});

// The dict of an instance, counted; null: none.
Ref<Dict> dict_of(ThreadState& thread, Borrowed<Instance> instance) {
  Object* dict = instance->dict.load_acquire();  // [table-before-pointer]
  if (dict == nullptr) return nullptr;
  point("instance.have_dict");
  // Made findable before it was stored.
  if (try_increment_from(thread, instance->dict, dict)) {
    return Ref<Dict>::adopt(static_cast<Dict*>(dict));
  }
  ObjectSection section(thread, instance);
  note_access_locked(thread, instance.get());
  dict = instance->dict.load_relaxed();  // guarded by the instance's lock
  if (dict == nullptr) return nullptr;
  return Ref<Dict>::share(thread, Borrowed(static_cast<Dict*>(dict)));
}

// The values leave the instance before its dict does. In a section of the dict.
void detach_from_instance_locked(ThreadState& thread, Borrowed<Dict> dict, Instance* instance,
                                 RetiredTable& retired) {
  note_access_locked(thread, dict.get());
  if (dict->holder.load_relaxed() != instance) return;  // guarded by the dict's lock
  if (RT_MUTANT(dict_not_detached_from_dead_instance)) {
    dict->holder.store_release(nullptr);
    return;
  }
  // Without memory for values of its own the dict ends up empty.
  if (!detach_values_locked(thread, *dict)) retired.take_locked(*dict);
}

enum class Place { kInside, kInDict };

// In a section of the instance: kInside means that its lock guards the values, until the section is
// suspended.
Place place_locked(ThreadState& thread, Borrowed<Instance> instance) {
  note_access_locked(thread, instance.get());
  const bool has_dict = instance->dict.load_relaxed() != nullptr;  // guarded by the lock
  // Likewise, as there is no dict.
  return has_dict || !instance->values.are_valid.load_relaxed() ? Place::kInDict : Place::kInside;
}

// Reads without a lock. kChanged: the attribute is in the dict, or must be read under the lock.
Search read_inside(ThreadState& thread, Borrowed<Instance> instance, std::int64_t number,
                   Ref<Object>* value) {
  DictValues& values = instance->values;
  if (number >= 0) {
    Atomic<Object*>& slot = values.slot(number);
    if (Object* object = slot.load_acquire()) {
      point("instance.have_value");
      if (!try_increment_from(thread, slot, object)) return Search::kChanged;
      Ref<Object> counted = Ref<Object>::adopt(object);
      if (!values.are_valid.load_acquire()) return Search::kChanged;  // [valid-before-cleared]
      *value = std::move(counted);
      return Search::kFound;
    }
  }
  point("instance.no_value");
  return values.are_valid.load_acquire() || RT_MUTANT(instance_trusts_empty_slot)
             ? Search::kAbsent
             : Search::kChanged;  // [valid-before-moved]
}

}  // namespace

// Moves what the instance owns to `dropped`: it is dead, or garbage.
void release_instance(Object* object, DroppedFields& dropped) {
  auto* instance = static_cast<Instance*>(object);
  ThreadState& thread = this_thread();
  RetiredTable retired(thread);
  Ref<Object> dict;
  {
    ObjectSection section(thread, Borrowed<Object>(object));
    dict = Ref<Object>::adopt(instance->dict.load_relaxed());  // guarded by the instance's lock
    // Nobody finds it here any more; the reference is ours.
    instance->dict.store_release(nullptr);
  }
  if (dict) {
    Borrowed<Dict> its_dict = as_dict(dict);
    {
      ObjectSection section(thread, its_dict);
      detach_from_instance_locked(thread, its_dict, instance, retired);
    }
    dropped.take(dict);
    return;
  }
  for (unsigned i = 0; i < instance->values.capacity; ++i) dropped.take(instance->values.slot(i));
  instance->values.size = 0;
}

// Values to which a dict points are visited by the dict.
void traverse_instance(Object* object, Visit visit, void* context) {
  auto* instance = static_cast<Instance*>(object);
  if (Object* dict = instance->dict.peek()) return visit(context, dict);
  for (unsigned i = 0; i < instance->values.capacity; ++i) {
    if (Object* value = instance->values.slot(i).peek()) visit(context, value);
  }
}

std::size_t instance_bytes(unsigned attributes) {
  return sizeof(Instance) - sizeof(DictValues) + DictValues::bytes_for(attributes);
}

void begin_instance(Instance& instance, const SharedKeys& keys) {
  instance.values.are_valid.initialize(true);
  instance.values.capacity = keys.capacity;
}

Ref<InstanceType> new_instance_type(ThreadState& thread, const TypeSlots& slots,
                                    unsigned attributes) {
  SharedKeys* keys = new_shared_keys(thread, attributes);
  if (keys == nullptr) return nullptr;
  Ref<InstanceType> type = new_object<InstanceType>(thread, instance_type_type);
  if (!type) {
    let_go(thread, *keys);
    return nullptr;
  }
  type->slots = slots;
  type->slots.size = static_cast<std::uint32_t>(instance_bytes(attributes));
  type->slots.heap = HeapKind::kCollected;
  type->slots.weak_references_offset = kWeakReferencesBehindHeader;
  type->slots.release_fields = &release_instance;
  type->slots.traverse = &traverse_instance;
  type->slots.clear = &release_instance;
  type->keys = keys;
  complete_type(thread, type);
  return type;
}

Ref<Instance> new_instance(ThreadState& thread, Borrowed<InstanceType> type) {
  Ref<Instance> made = new_object<Instance>(thread, *type);
  if (!made) return nullptr;
  begin_instance(*made, *type->keys);
  track(made.get());
  return made;
}

Result<Ref<Object>> instance_get(ThreadState& thread, Borrowed<Instance> instance,
                                 Borrowed<Str> name) {
  const std::int64_t hash = hash_of_str(thread, *name);
  if (reads_without_lock(thread, instance.get())) [[likely]] {
    const std::int64_t number = instance->shared_keys().find(*name, hash);
    Ref<Object> value;
    if (read_inside(thread, instance, number, &value) != Search::kChanged) [[likely]] {
      return value;
    }
  }
  {
    ObjectSection section(thread, instance);
    if (place_locked(thread, instance) == Place::kInside) {
      const std::int64_t number = instance->shared_keys().find(*name, hash);
      Object* value = number < 0 ? nullptr : instance->values.slot(number).load_relaxed();
      if (value == nullptr) return Ref<Object>(nullptr);
      set_maybe_weak(value);  // the next reader need not lock
      return Ref<Object>::share(thread, Borrowed(value));
    }
  }
  Ref<Dict> dict = dict_of(thread, instance);
  if (!dict) return Ref<Object>(nullptr);
  return dict_get_hashed(thread, dict, name, hash);
}

Result<Done> instance_set(ThreadState& thread, Borrowed<Instance> instance, Borrowed<Str> name,
                          Borrowed<Object> value) {
  RT_INVARIANT(name->is_interned.peek(), "names of attributes are interned");
  const std::int64_t hash = hash_of_str(thread, *name);
  Ref<Object> previous;
  {
    ObjectSection section(thread, instance);
    if (place_locked(thread, instance) == Place::kInside ||
        (RT_MUTANT(instance_set_ignores_dict) && instance->values.are_valid.peek())) {
      const std::int64_t number = instance->shared_keys().find_or_insert(thread, *name, hash);
      if (number >= 0) {
        make_findable(instance.get(), value.get());
        Atomic<Object*>& slot = instance->values.slot(number);
        previous = Ref<Object>::adopt(slot.load_relaxed());  // guarded by the instance's lock
        if (!previous) instance->values.append_to_order(number);
        // [increment-before-recheck]
        slot.store_release(Ref<Object>::share(thread, value).release());
        return Done{};
      }
    }
  }
  TRY_ASSIGN(Ref<Dict> dict, instance_dict(thread, instance));
  return dict_set(thread, dict, name, value);
}

Result<bool> instance_delete(ThreadState& thread, Borrowed<Instance> instance, Borrowed<Str> name) {
  const std::int64_t hash = hash_of_str(thread, *name);
  Ref<Object> previous;
  {
    ObjectSection section(thread, instance);
    if (place_locked(thread, instance) == Place::kInside) {
      const std::int64_t number = instance->shared_keys().find(*name, hash);
      if (number < 0) return false;
      Atomic<Object*>& slot = instance->values.slot(number);
      previous = Ref<Object>::adopt(slot.load_relaxed());  // guarded by the instance's lock
      if (!previous) return false;
      slot.store_release(nullptr);  // [increment-before-recheck]
      instance->values.remove_from_order(number);
      return true;
    }
  }
  Ref<Dict> dict = dict_of(thread, instance);
  if (!dict) return false;
  TRY_ASSIGN(Ref<Object> value, dict_take(thread, dict, name));
  return static_cast<bool>(value);
}

Result<Ref<Dict>> instance_dict(ThreadState& thread, Borrowed<Instance> instance) {
  if (Ref<Dict> dict = dict_of(thread, instance)) return dict;
  TRY_ASSIGN(Ref<Dict> made, new_dict(thread));  // dropped if somebody is faster
  ObjectSection section(thread, instance);
  const Place place = place_locked(thread, instance);
  // Guarded by the instance's lock.
  if (Object* dict = instance->dict.load_relaxed(); dict != nullptr) {
    if (!RT_MUTANT(instance_dict_made_twice)) {
      return Ref<Dict>::share(thread, Borrowed(static_cast<Dict*>(dict)));
    }
  }
  if (place == Place::kInside) {
    SharedKeys& shared = instance->shared_keys();
    keep(shared);
    // Nobody knows the dict yet.
    made->keys.initialize(&shared.keys);
    made->values.initialize(&instance->values);
    made->holder.initialize(instance.get());
    made->used.initialize(instance->values.size);
    set_maybe_weak(instance.get());  // readers of the dict count it
  }
  set_maybe_weak(made.get());
  instance->dict.store_release(made.duplicate(thread).release());  // [table-before-pointer]
  point("instance.dict_made");
  return made;
}

Result<Done> set_instance_dict(ThreadState& thread, Borrowed<Instance> instance, Ref<Dict> dict) {
  // What the instance has now is the dict's alone before it is replaced.
  TRY_ASSIGN(Ref<Dict> current, instance_dict(thread, instance));
  bool has_memory = true;
  Ref<Object> previous;
  set_maybe_weak(dict.get());
  for (bool is_done = false; !is_done && has_memory;) {
    {
      ObjectSection section(thread, current);
      note_access_locked(thread, current.get());
      if (current->holder.load_relaxed() == instance.get()) {  // guarded by the dict's lock
        has_memory = detach_values_locked(thread, *current);
      }
    }
    if (!has_memory) break;
    Ref<Dict> now;
    {
      ObjectSection section(thread, instance);
      note_access_locked(thread, instance.get());
      Object* there = instance->dict.load_relaxed();  // guarded by the instance's lock
      if (there == current.get()) {
        previous = Ref<Object>::adopt(there);
        instance->dict.store_release(dict.release());  // [table-before-pointer]
        is_done = true;
      } else {
        // Somebody else has replaced it meanwhile: what he put there goes instead.
        now = Ref<Dict>::share(thread, Borrowed(static_cast<Dict*>(there)));
      }
    }
    if (now) current = std::move(now);
  }
  if (!has_memory) return raise_out_of_memory(thread);
  return Done{};
}

Result<Done> move_values_to_dict(ThreadState& thread, Borrowed<Instance> instance) {
  TRY_ASSIGN(Ref<Dict> dict, instance_dict(thread, instance));
  ObjectSection section(thread, dict);
  note_access_locked(thread, dict.get());
  if (dict->holder.load_relaxed() != instance.get()) return Done{};  // guarded by the dict's lock
  if (!detach_values_locked(thread, *dict)) return raise_out_of_memory(thread);
  return Done{};
}

Ref<Dict> existing_instance_dict(ThreadState& thread, Borrowed<Instance> instance) {
  return dict_of(thread, instance);
}

}  // namespace runtime
