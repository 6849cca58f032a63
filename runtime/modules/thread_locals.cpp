#include "runtime/modules/thread_locals.h"

#include <algorithm>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/dict_object.h"
#include "runtime/modules/gathered_arguments.h"
#include "runtime/modules/modules.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/object_section.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/names.h"
#include "runtime/types/native.h"
#include "runtime/types/object_type.h"
#include "runtime/types/type_body.h"

namespace runtime {

namespace {

LocalObject& local_of(Borrowed<Object> object) { return *static_cast<LocalObject*>(object.get()); }

// The dict of the thread, or null.
Ref<Dict> find_namespace(ThreadState& thread, Borrowed<LocalObject> local) {
  ObjectSection section(thread, local);
  if (local->namespaces == nullptr) return nullptr;
  for (const LocalNamespace& one : *local->namespaces) {
    if (one.serial == thread.serial()) {
      return Ref<Dict>::share(thread, Borrowed(static_cast<Dict*>(one.dict)));
    }
  }
  return nullptr;
}

void add_namespace(ThreadState& thread, Borrowed<LocalObject> local, Ref<Dict> dict) {
  ObjectSection section(thread, local);
  if (local->namespaces == nullptr) local->namespaces = new std::vector<LocalNamespace>;
  local->namespaces->push_back({thread.serial(), dict.release()});
}

// Null: there was none.
Ref<Object> take_namespace(ThreadState& runner, Borrowed<LocalObject> local, std::uint32_t serial) {
  ObjectSection section(runner, local);
  if (local->namespaces == nullptr) return nullptr;
  auto found = std::find_if(local->namespaces->begin(), local->namespaces->end(),
                            [&](const LocalNamespace& one) { return one.serial == serial; });
  if (found == local->namespaces->end()) return nullptr;
  Ref<Object> dict = Ref<Object>::adopt(found->dict);
  local->namespaces->erase(found);
  return dict;
}

Result<Ref<Dict>> make_namespace(ThreadState& thread, Borrowed<LocalObject> local) {
  TRY_ASSIGN(Ref<Dict> dict, new_dict(thread));
  TRY(Modules::part_of(thread).locals.remember(thread, local));
  add_namespace(thread, local, dict.duplicate(thread));
  return dict;
}

// What the program's `__init__` does in a thread that did not make the object.
Result<Done> initialize_here(ThreadState& thread, Borrowed<LocalObject> local) {
  const auto initialize = protocol_of(local).initialize;
  if (initialize == nullptr) return Done();
  GatheredArguments arguments;
  arguments.add_items(thread, *static_cast<Tuple*>(local->arguments));
  if (local->named != nullptr) {
    TRY(arguments.add_named(thread, Borrowed(static_cast<Dict*>(local->named))));
  }
  return initialize(thread, local, arguments.get());
}

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Type> type, const CallArguments& call) {
  const bool has_arguments = !call.positional.empty() || !call.named.empty();
  const Borrowed<Str> name = Names::of(thread).dunder_init();
  Ref<Object> own = find_in_type(thread, type, name);
  Ref<Object> of_object = find_in_type(thread, Borrowed<Type>(&object_type), name);
  if (has_arguments && own.get() == of_object.get()) {
    return raise(thread, type_error_type, "Initialization arguments are not supported");
  }
  TRY_ASSIGN(Ref<Tuple> arguments, new_tuple(thread, call.positional));
  Ref<Dict> named;
  if (!call.named.empty()) {
    TRY_ASSIGN(named, new_dict(thread));
    for (std::size_t i = 0; i < call.named.size(); ++i) {
      TRY(dict_set(thread, named, call.names->at(static_cast<std::int64_t>(i)), call.named[i]));
    }
  }
  TRY_ASSIGN(Ref<Object> made, new_empty_instance(thread, type));
  LocalObject& local = local_of(made);
  local.arguments = arguments.release();
  local.named = named.release();
  TRY(make_namespace(thread, Borrowed(&local)));
  return made;
}

void release_local(Object* object, DroppedFields& dropped) {
  auto* local = static_cast<LocalObject*>(object);
  dropped.take(local->arguments);
  dropped.take(local->named);
  std::vector<LocalNamespace>* namespaces = std::exchange(local->namespaces, nullptr);
  if (namespaces == nullptr) return;
  for (LocalNamespace& one : *namespaces) dropped.take(one.dict);
  delete namespaces;
}

void traverse_local(Object* object, Visit visit, void* context) {
  auto* local = static_cast<LocalObject*>(object);
  if (local->arguments != nullptr) visit(context, local->arguments);
  if (local->named != nullptr) visit(context, local->named);
  if (local->namespaces == nullptr) return;
  for (const LocalNamespace& one : *local->namespaces) visit(context, one.dict);
}

// As any object's attributes, with the dict of this thread in the place of its own.
Result<Ref<Object>> get_local_attribute(ThreadState& thread, Borrowed<Object> self,
                                        Borrowed<Str> name) {
  TRY_ASSIGN(Ref<Dict> dict, local_namespace(thread, Borrowed(&local_of(self))));
  if (name.get() == Names::of(thread).dunder_dict().get()) return dict;
  const Borrowed<Type> type(self->type);
  Ref<Object> in_type = find_in_type(thread, type, name);
  const Protocol* descriptor = in_type ? &protocol_of(in_type) : nullptr;
  const bool is_descriptor = descriptor != nullptr && descriptor->descriptor_get != nullptr;
  if (is_descriptor && descriptor->descriptor_set != nullptr) {
    return descriptor->descriptor_get(thread, in_type, self.get(), type);
  }
  TRY_ASSIGN(Ref<Object> own, dict_get(thread, dict, name));
  if (own) return own;
  if (is_descriptor) return descriptor->descriptor_get(thread, in_type, self.get(), type);
  if (in_type) return in_type;
  // Not found; raised by who knows how, and asks a `__getattr__` of the program.
  return generic_get_attribute(thread, self, name);
}

Result<Done> set_local_attribute(ThreadState& thread, Borrowed<Object> self, Borrowed<Str> name,
                                 Object* value) {
  if (name.get() == Names::of(thread).dunder_dict().get()) {
    return raise(thread, attribute_error_type, "'{}' object attribute '__dict__' is read-only",
                 type_name(self));
  }
  TRY_ASSIGN(Ref<Dict> dict, local_namespace(thread, Borrowed(&local_of(self))));
  if (Ref<Object> in_type = find_in_type(thread, Borrowed<Type>(self->type), name)) {
    if (const auto set = protocol_of(in_type).descriptor_set; set != nullptr) {
      return set(thread, in_type, self, value);
    }
  }
  if (value != nullptr) return dict_set(thread, dict, name, Borrowed(value));
  TRY_ASSIGN(Ref<Object> before, dict_take(thread, dict, name));
  if (before) return Done();
  return raise(thread, attribute_error_type, "'{}' object has no attribute '{}'", type_name(self),
               utf8_of(*name));
}

constexpr Protocol kLocalProtocol{
    .hash = &hash_by_identity,
    .get_attribute = &get_local_attribute,
    .set_attribute = &set_local_attribute,
    .make = &make,
};

}  // namespace

constinit Type local_type(TypeSlots{
    .name = "_thread._local",
    .size = sizeof(LocalObject),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_local,
    .traverse = &traverse_local,
    .protocol = &kLocalProtocol,
});

Result<Ref<Dict>> local_namespace(ThreadState& thread, Borrowed<LocalObject> local) {
  if (Ref<Dict> found = find_namespace(thread, local)) return found;
  TRY_ASSIGN(Ref<Dict> dict, make_namespace(thread, local));
  Result<Done> initialized = initialize_here(thread, local);
  if (initialized.is_raised()) {
    static_cast<void>(take_namespace(thread, local, thread.serial()));
    return std::move(initialized).raised();
  }
  return dict;
}

Result<Done> LocalsOfThread::remember(ThreadState& thread, Borrowed<LocalObject> local) {
  Ref<WeakReference> reference = make_weak_reference(thread, local);
  if (!reference) return raise_out_of_memory(thread);
  if (locals_.size() >= look_at_) {
    std::vector<Ref<WeakReference>> living;
    for (Ref<WeakReference>& known : locals_) {
      if (known->referent.load_relaxed() != nullptr) living.push_back(std::move(known));
    }
    locals_.swap(living);
    look_at_ = std::max(kFewest, 2 * locals_.size());
  }
  locals_.push_back(std::move(reference));
  return Done();
}

// What is dropped may run code of the program that uses thread-local objects again.
void LocalsOfThread::end(ThreadState& runner, std::uint32_t serial) {
  while (!locals_.empty()) {
    Ref<WeakReference> reference = std::move(locals_.back());
    locals_.pop_back();
    if (RT_MUTANT(local_keeps_dead_threads)) continue;
    Ref<Object> local = dereference(runner, reference);
    if (!local) continue;
    Ref<Object> dict = take_namespace(runner, Borrowed(&local_of(local)), serial);
    dict.drop(runner);
  }
}

Result<Done> open_local_type(ThreadState& thread) {
  return open_type(
      thread,
      NativeType{.type = local_type, .module = "_thread", .documentation = "Thread-local data."});
}

}  // namespace runtime
