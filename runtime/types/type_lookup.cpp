#include "runtime/types/type_lookup.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/dict_object.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/object_type.h"
#include "runtime/types/type_body.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

// The one of `type` itself; null: it has none, or something foreign raised.
Ref<Object> in_own_dict(ThreadState& thread, const Type& type, Borrowed<Str> name) {
  if (type.body == nullptr) return nullptr;
  Result<Ref<Object>> found = dict_get(thread, type_dict(type), name);
  if (found.is_raised()) return nullptr;
  return std::move(found).value();
}

// Under the type lock.
std::uint32_t version_locked(ThreadState& thread, Type& type) {
  TypeBody& body = *type.body;
  std::uint32_t version = body.version.load_relaxed();  // written under the lock
  if (version != 0) return version;
  version = RT_MUTANT(type_version_reused) ? 1 : Types::of(thread).next_version_locked();
  body.version.store_release(version);
  return version;
}

}  // namespace

TypeCache::Answer TypeCache::look_up(ThreadState& thread, const Type& type, const Str& name,
                                     Ref<Object>* value) {
  const std::uint32_t version = type.body->version.load_acquire();  // [version-before-change]
  if (version == 0) return Answer::kUnknown;
  Entry& entry = entry_of(version, name);
  const std::uint32_t begun = entry.sequence.begin_read();
  const bool is_ours =
      entry.version.load_acquire() == version && entry.name.load_acquire() == &name;
  Object* object = entry.value.load_acquire();
  if (!is_ours || !entry.sequence.is_unchanged(begun)) return Answer::kUnknown;
  if (object == nullptr) return Answer::kAbsent;
  point("type_cache.have_value");
  if (!try_increment(thread, object)) return Answer::kUnknown;
  // [version-before-change]
  if (RT_MUTANT(type_cache_version_not_checked) || type.body->version.load_acquire() == version) {
    *value = Ref<Object>::adopt(object);
    return Answer::kFound;
  }
  decrement(thread, object);
  return Answer::kUnknown;
}

void TypeCache::fill_locked(ThreadState& thread, std::uint32_t version, Str& name, Object* value) {
  Entry& entry = entry_of(version, name);
  Str* before = entry.name.load_relaxed();  // written under the lock
  increment(thread, &name);
  entry.sequence.begin_write();
  entry.version.store_release(version);
  entry.name.store_release(&name);
  entry.value.store_release(value);
  entry.sequence.end_write();
  if (before != nullptr) decrement(thread, before);
}

void TypeCache::clear(ThreadState& thread) {
  for (Entry& entry : entries_) {
    Str* name = entry.name.load_relaxed();  // nobody else is there
    entry.version.store_release(0);
    entry.name.store_release(nullptr);
    if (name != nullptr) decrement(thread, name);
  }
}

Ref<Object> find_uncached(ThreadState& thread, Borrowed<Type> type, Borrowed<Str> name) {
  if (type->resolution_order == nullptr) {
    // Not opened: it has what object has, and what the types have that it is derived from.
    for (const Type* at = type.get(); at != nullptr; at = protocol_of(*at).base) {
      if (Ref<Object> found = in_own_dict(thread, *at, name)) return found;
    }
    return in_own_dict(thread, object_type, name);
  }
  Borrowed<Tuple> order = resolution_order(*type);
  for (std::int64_t i = 0; i < order->size; ++i) {
    if (Ref<Object> found = in_own_dict(thread, *as_type(order->at(i)), name)) return found;
  }
  return nullptr;
}

Ref<Object> find_in_type(ThreadState& thread, Borrowed<Type> type, Borrowed<Str> name) {
  if (type->body == nullptr) return find_uncached(thread, type, name);
  TypeCache& cache = Types::of(thread).cache();
  Ref<Object> found;
  switch (cache.look_up(thread, *type, *name, &found)) {
    case TypeCache::Answer::kFound:
      return found;
    case TypeCache::Answer::kAbsent:
      return nullptr;
    case TypeCache::Answer::kUnknown:
      break;
  }
  point("type_cache.missed");
  // Lookups on many threads would meet at the counts of a name.
  const bool is_kept =
      !kFreeThreaded || is_immortal(name.get()) || try_make_immortal(thread, name.get());
  const bool looks_too_early = RT_MUTANT(type_cache_filled_after_invalidation);
  if (looks_too_early) found = find_uncached(thread, type, name);
  TypeSection section(thread);
  const std::uint32_t version = version_locked(thread, *type);
  if (!looks_too_early) found = find_uncached(thread, type, name);
  // Unchanged: found under the lock, and nobody came while it may have been given up.
  const bool holds = type->body->version.load_relaxed() == version;
  if (version != 0 && holds && is_kept) {
    if (found) set_maybe_weak(found.get());
    cache.fill_locked(thread, version, *name, found.get());
  }
  return found;
}

std::uint32_t type_version(ThreadState& thread, Borrowed<Type> type) {
  if (type->body == nullptr) return 0;
  if (const std::uint32_t version = current_type_version(*type)) return version;
  TypeSection section(thread);
  return version_locked(thread, *type);
}

void invalidate_locked(ThreadState& thread, Type& type) {
  TypeBody& body = *type.body;
  body.version.store_release(0);  // [version-before-change]
  if (RT_MUTANT(derived_types_stay_valid)) return;
  for (std::uint32_t i = 0; i < body.derived_count; ++i)
    invalidate_locked(thread, *body.derived[i]);
}

void add_derived_locked(ThreadState& thread, Type& base, Type& derived) {
  TypeBody& body = *base.body;
  if (body.derived_count == body.derived_capacity) {
    const std::uint32_t larger = body.derived_capacity == 0 ? 4 : body.derived_capacity * 2;
    void* bytes = raw_reallocate(thread, body.derived, body.derived_capacity * sizeof(Type*),
                                 larger * sizeof(Type*));
    RT_CHECK(bytes != nullptr, "there is memory to remember a type");
    body.derived = static_cast<Type**>(bytes);
    body.derived_capacity = larger;
  }
  body.derived[body.derived_count++] = &derived;
}

void remove_derived_locked(Type& base, Type& derived) {
  TypeBody& body = *base.body;
  for (std::uint32_t i = 0; i < body.derived_count; ++i) {
    if (body.derived[i] != &derived) continue;
    for (; i + 1 < body.derived_count; ++i) body.derived[i] = body.derived[i + 1];
    --body.derived_count;
    return;
  }
}

}  // namespace runtime
