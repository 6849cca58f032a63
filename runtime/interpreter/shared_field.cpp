#include "runtime/interpreter/shared_field.h"

namespace runtime {

Ref<Object> read_field_slow(ThreadState& thread, Borrowed<Object> owner, Atomic<Object*>& field) {
  ObjectSection section(thread, owner);
  note_access_locked(thread, owner.get());
  Object* object = field.load_relaxed();  // in the section nobody writes it
  if (object == nullptr) return nullptr;
  make_findable(owner.get(), object);
  return Ref<Object>::share(thread, Borrowed<Object>(object));
}

Ref<Object> exchange_field(ThreadState& thread, Borrowed<Object> owner, Atomic<Object*>& field,
                           Ref<Object> value) {
  ObjectSection section(thread, owner);
  note_access_locked(thread, owner.get());
  if (value) make_findable(owner.get(), value.get());
  Object* previous = field.load_relaxed();  // in the section nobody else writes it
  field.store_release(value.release());     // [field-before-found], [increment-before-recheck]
  return Ref<Object>::adopt(previous);
}

}  // namespace runtime
