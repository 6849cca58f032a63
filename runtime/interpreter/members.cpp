// Attributes and items: operation.h.
#include "runtime/interpreter/attribute_cache.h"
#include "runtime/interpreter/operation.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/slice_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/type_body.h"

namespace runtime {

namespace {

void put_pair(const Operation& at, Method method) {
  at.put(at.a, std::move(method.function));
  at.put(at.a + 1, std::move(method.self));
}

// In the cache of the instruction, which has one.
void remember(const Operation& at, Borrowed<Object> object, Borrowed<Str> name) {
  Atomic<std::uint64_t>& cache = at.code().caches[extra_of(at.behind[0])];
  if (is_remembered(cache.load_relaxed(), *object)) return;
  if (const std::uint64_t word = word_to_remember(at.thread, object, name)) {
    cache.store_relaxed(word);
  }
}

Raised raise_no_context_manager(ThreadState& thread, Borrowed<Object> object, bool is_exit) {
  return raise(thread, type_error_type,
               "'{}' object does not support the context manager protocol{}", type_name(object),
               is_exit ? " (missed __exit__ method)" : "");
}

}  // namespace

Result<Done> load_attribute(const Operation& at) {
  TRY_ASSIGN(Ref<Object> object, at.take(at.b));
  TRY_ASSIGN(Ref<Object> value, get_attribute(at.thread, object, at.name(at.c)));
  remember(at, object, at.name(at.c));
  at.put(at.a, std::move(value));
  return Done();
}

namespace {

// A method of what has no attributes of its own, such as a list: nothing is counted but a local that
// becomes `self`. False: nothing was done.
bool load_method_of_type(const Operation& at) {
  if (at.is_constant(at.b)) return false;
  StackRef& source = at.place(at.b);
  if (source.is_empty()) return false;
  const Borrowed<Type> type(source.object()->type);
  if (!has_body(*type) || type->body->place != AttributesPlace::kNone) return false;
  if (protocol_of(*type).get_attribute != nullptr) return false;
  Ref<Object> attribute = find_in_type(at.thread, type, at.name(at.c));
  if (!attribute || !protocol_of(attribute).binds_by_first_argument) return false;
  const bool is_temporary = at.b >= at.code().first_temporary;
  const StackRef self =
      is_temporary ? std::exchange(source, StackRef()) : source.duplicate(at.thread);
  at.put(at.a, std::move(attribute));
  put_register(at.thread, at.place(at.a + 1), self);
  return true;
}

}  // namespace

Result<Done> load_method(const Operation& at) {
  if (load_method_of_type(at)) return Done();
  TRY_ASSIGN(Ref<Object> object, at.take(at.b));
  TRY_ASSIGN(Method method, get_method(at.thread, object, at.name(at.c)));
  put_pair(at, std::move(method));
  return Done();
}

Result<Done> load_special(const Operation& at) {
  TRY_ASSIGN(Ref<Object> object, at.take_register(at.b));
  const bool is_exit = static_cast<SpecialMethod>(at.c) == SpecialMethod::kExit;
  TRY_ASSIGN(Method method, find_special(at.thread, object, is_exit ? "__exit__" : "__enter__"));
  if (!method.function) return raise_no_context_manager(at.thread, object, is_exit);
  put_pair(at, std::move(method));
  return Done();
}

Result<Done> store_attribute(const Operation& at) {
  TRY_ASSIGN(Ref<Object> object, at.take_register(at.a));
  TRY_ASSIGN(Ref<Object> value, at.take(at.c));
  TRY(set_attribute(at.thread, object, at.name(at.b), value.get()));
  remember(at, object, at.name(at.b));
  return Done();
}

Result<Done> delete_attribute(const Operation& at) {
  TRY_ASSIGN(Ref<Object> object, at.take_register(at.a));
  return set_attribute(at.thread, object, at.name(at.b), nullptr);
}

Result<Done> load_item(const Operation& at) {
  TRY_ASSIGN(Ref<Object> container, at.take(at.b));
  TRY_ASSIGN(Ref<Object> key, at.take(at.c));
  return at.put_result(at.a, get_item(at.thread, container, key));
}

Result<Done> store_item(const Operation& at) {
  TRY_ASSIGN(Ref<Object> container, at.take(at.a));
  TRY_ASSIGN(Ref<Object> key, at.take(at.b));
  TRY_ASSIGN(Ref<Object> value, at.take(at.c));
  return set_item(at.thread, container, key, value);
}

Result<Done> remove_item(const Operation& at) {
  TRY_ASSIGN(Ref<Object> container, at.take(at.a));
  TRY_ASSIGN(Ref<Object> key, at.take(at.b));
  return delete_item(at.thread, container, key);
}

Result<Done> build_slice(const Operation& at) {
  TRY_ASSIGN(Ref<Object> start, at.take_register(at.b));
  TRY_ASSIGN(Ref<Object> stop, at.take_register(at.b + 1));
  TRY_ASSIGN(Ref<Object> step, at.take_register(at.b + 2));
  TRY_ASSIGN(Ref<Slice> slice, new_slice(at.thread, start, stop, step));
  at.put(at.a, std::move(slice));
  return Done();
}

}  // namespace runtime
