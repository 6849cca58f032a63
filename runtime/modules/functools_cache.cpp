// lru_cache: what a function said when it was asked the same the last time.
// https://docs.python.org/3/library/functools.html#functools.lru_cache
//
// The answers stand in a dict, which threads share as they share any dict. If their number is limited,
// each is a link in a list as well, the one used last in front; list and counts are in the section of
// the cache. The function itself runs under no lock, so two threads may ask it the same at the same
// time, and the first answer is kept. A link is in the list or not, and only one that is in it is moved
// or taken out; so the dict and the list may disagree for a moment.
#include <utility>
#include <vector>

#include "runtime/containers/dict_object.h"
#include "runtime/modules/functools_objects.h"
#include "runtime/modules/iterator_support.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/object/weak_reference.h"
#include "runtime/types/bound_method.h"

namespace runtime {

namespace {

constexpr std::int64_t kUnlimited = -1;

struct CacheLink : Object {
  Object* key;  // constant, as the value
  Object* value;
  CacheLink* newer;  // these three in the section of the cache
  CacheLink* older;
  bool is_linked;  // then the list owns a reference
};

struct CacheWrapper : WeaklyReferable {
  Atomic<Object*> attributes;
  Object* function;   // constant, as the next ones
  Object* answers;    // a Dict: of links, or of values if there is no limit
  Object* info_type;  // makes what cache_info() answers
  std::int64_t greatest_size;
  bool is_typed;
  // In the section.
  CacheLink* newest;
  CacheLink* oldest;
  std::int64_t size;  // of the list
  std::int64_t hits;
  std::int64_t misses;
};

constinit Type cache_link_type(iterator_slots<CacheLink, &CacheLink::key, &CacheLink::value>(
    "functools._lru_list_elem", nullptr));

CacheWrapper& cache_of(Borrowed<Object> object) {
  return *static_cast<CacheWrapper*>(object.get());
}
Borrowed<Dict> answers_of(const CacheWrapper& cache) {
  return Borrowed(static_cast<Dict*>(cache.answers));
}

// -- the list; in the section --

void link_in_front(CacheWrapper& cache, CacheLink& link) {
  link.newer = nullptr;
  link.older = cache.newest;
  (cache.newest == nullptr ? cache.oldest : cache.newest->newer) = &link;
  cache.newest = &link;
  link.is_linked = true;
}

void unlink(CacheWrapper& cache, CacheLink& link) {
  (link.newer == nullptr ? cache.newest : link.newer->older) = link.older;
  (link.older == nullptr ? cache.oldest : link.older->newer) = link.newer;
  link.newer = nullptr;
  link.older = nullptr;
  link.is_linked = false;
}

// All links, which are in no list any more; the caller owns them.
std::vector<Ref<Object>> unlink_all(CacheWrapper& cache) {
  std::vector<Ref<Object>> links;
  while (CacheLink* link = cache.newest) {
    unlink(cache, *link);
    links.push_back(Ref<Object>::adopt(link));
  }
  cache.size = 0;
  return links;
}

// What the cache keeps, not what it is: it can be called still.
void clear_cache(Object* object, DroppedFields& dropped) {
  auto* cache = static_cast<CacheWrapper*>(object);
  while (Object* link = cache->newest) {
    unlink(*cache, *cache->newest);
    dropped.take(link);
  }
  cache->size = 0;
}

void release_cache(Object* object, DroppedFields& dropped) {
  auto* cache = static_cast<CacheWrapper*>(object);
  dropped.take(cache->function);
  dropped.take(cache->answers);
  dropped.take(cache->info_type);
  dropped.take(cache->attributes);
  clear_cache(object, dropped);
}

void traverse_cache(Object* object, Visit visit, void* context) {
  auto* cache = static_cast<CacheWrapper*>(object);
  for (Object* referred : {cache->function, cache->answers, cache->info_type,
                           cache->attributes.load_relaxed()}) {  // the world stands
    if (referred != nullptr) visit(context, referred);
  }
  for (CacheLink* link = cache->newest; link != nullptr; link = link->older) visit(context, link);
}

// -- keys --

// Stands between the arguments without name and those with, so that f(1, 'a') and f(1, a=...) differ.
constinit Object name_mark(&ellipsis_type);

bool is_its_own_key(const Object& object) {
  return object.type == &int_type || object.type == &str_type;
}

// What the arguments are known by: a tuple, or the only argument if it is an int or a str.
Result<Ref<Object>> key_of(ThreadState& thread, const CacheWrapper& cache,
                           const CallArguments& call) {
  const bool is_one = call.positional.size() == 1 && call.named.empty() && !cache.is_typed;
  if (is_one && is_its_own_key(*call.positional[0])) {
    return Ref<Object>::share(thread, call.positional[0]);
  }
  std::vector<Borrowed<Object>> parts(call.positional.begin(), call.positional.end());
  if (!call.named.empty()) parts.emplace_back(&name_mark);
  for (std::size_t i = 0; i < call.named.size(); ++i) {
    parts.push_back(call.names->at(static_cast<std::int64_t>(i)));
    parts.push_back(call.named[i]);
  }
  if (cache.is_typed) {
    for (Borrowed<Object> value : call.positional) parts.emplace_back(value->type);
    for (Borrowed<Object> value : call.named) parts.emplace_back(value->type);
  }
  TRY_ASSIGN(Ref<Tuple> key, new_tuple(thread, parts));
  TRY(hash_of(thread, key));  // what cannot be a key is told here, in the words of hash()
  return key;
}

// -- calls --

void count_hit(ThreadState& thread, CacheWrapper& cache) {
  ObjectSection section(thread, Borrowed<Object>(&cache));
  ++cache.hits;
}
void count_miss(ThreadState& thread, CacheWrapper& cache) {
  ObjectSection section(thread, Borrowed<Object>(&cache));
  ++cache.misses;
}

Result<Ref<Object>> call_uncached(ThreadState& thread, CacheWrapper& cache,
                                  const CallArguments& arguments) {
  count_miss(thread, cache);
  return call(thread, Borrowed(cache.function), arguments);
}

Result<Ref<Object>> call_unlimited(ThreadState& thread, CacheWrapper& cache,
                                   const CallArguments& arguments) {
  TRY_ASSIGN(Ref<Object> key, key_of(thread, cache, arguments));
  TRY_ASSIGN(Ref<Object> known, dict_get(thread, answers_of(cache), key));
  if (known) {
    count_hit(thread, cache);
    return known;
  }
  TRY_ASSIGN(Ref<Object> answer, call_uncached(thread, cache, arguments));
  TRY(dict_set(thread, answers_of(cache), key, answer));
  return answer;
}

// The link was put into the dict. The one that was used longest ago, if there are too many; then it is
// in no list any more.
Ref<Object> add_to_list(ThreadState& thread, CacheWrapper& cache, Ref<CacheLink> link) {
  ObjectSection section(thread, Borrowed<Object>(&cache));
  link_in_front(cache, *link.release());
  if (++cache.size <= cache.greatest_size) return nullptr;
  CacheLink* oldest = cache.oldest;
  unlink(cache, *oldest);
  --cache.size;
  return Ref<Object>::adopt(oldest);
}

// The key may stand for another answer by now, which stays.
Result<Done> take_out_of_dict(ThreadState& thread, CacheWrapper& cache, const Ref<Object>& link) {
  Borrowed<Object> key(static_cast<CacheLink*>(link.get())->key);
  TRY_ASSIGN(Ref<Object> taken, dict_take(thread, answers_of(cache), key));
  if (taken && taken.get() != link.get()) {
    TRY(dict_set_default(thread, answers_of(cache), key, taken));
  }
  return Done();
}

Result<Ref<Object>> call_limited(ThreadState& thread, CacheWrapper& cache,
                                 const CallArguments& arguments) {
  TRY_ASSIGN(Ref<Object> key, key_of(thread, cache, arguments));
  TRY_ASSIGN(Ref<Object> known, dict_get(thread, answers_of(cache), key));
  if (known) {
    CacheLink& link = *static_cast<CacheLink*>(known.get());
    ObjectSection section(thread, Borrowed<Object>(&cache));
    ++cache.hits;
    if (link.is_linked && cache.newest != &link) {
      unlink(cache, link);
      link_in_front(cache, link);
    }
    return Ref<Object>::share(thread, Borrowed(link.value));
  }
  TRY_ASSIGN(Ref<Object> answer, call_uncached(thread, cache, arguments));
  Ref<CacheLink> link = new_object<CacheLink>(thread, cache_link_type);
  if (!link) return raise_out_of_memory(thread);
  link->key = key.duplicate(thread).release();
  link->value = answer.duplicate(thread).release();
  track(link.get());
  TRY_ASSIGN(Ref<Object> kept, dict_set_default(thread, answers_of(cache), key, link));
  // The same was asked meanwhile, by another thread or by the function itself.
  if (kept.get() != link.get()) return answer;
  if (Ref<Object> evicted = add_to_list(thread, cache, std::move(link))) {
    TRY(take_out_of_dict(thread, cache, evicted));
  }
  return answer;
}

Result<Ref<Object>> call_cache(ThreadState& thread, Borrowed<Object> self,
                               const CallArguments& arguments) {
  CacheWrapper& cache = cache_of(self);
  if (cache.greatest_size == 0) return call_uncached(thread, cache, arguments);
  if (cache.greatest_size == kUnlimited) return call_unlimited(thread, cache, arguments);
  return call_limited(thread, cache, arguments);
}

Result<Ref<Object>> bind_cache(ThreadState& thread, Borrowed<Object> self, Object* instance,
                               Borrowed<Type>) {
  if (instance == nullptr || is_none(instance)) return Ref<Object>::share(thread, self);
  return new_bound_method(thread, self, Borrowed(instance));
}

// -- what programs see --

Result<Ref<Object>> cache_info(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  CacheWrapper& cache = cache_of(self);
  std::int64_t hits = 0;
  std::int64_t misses = 0;
  std::int64_t size = 0;
  {
    ObjectSection section(thread, self);
    hits = cache.hits;
    misses = cache.misses;
    size = cache.size;
  }
  if (cache.greatest_size == kUnlimited) size = dict_size(*answers_of(cache));
  TRY_ASSIGN(Ref<Int> hit_count, new_int(thread, hits));
  TRY_ASSIGN(Ref<Int> miss_count, new_int(thread, misses));
  Ref<Object> limit = none();
  if (cache.greatest_size != kUnlimited) {
    RT_TRY_ASSIGN(number, limit, new_int(thread, cache.greatest_size));
  }
  TRY_ASSIGN(Ref<Int> current, new_int(thread, size));
  const Borrowed<Object> told[] = {hit_count, miss_count, limit, current};
  return call(thread, Borrowed(cache.info_type), told);
}

Result<Ref<Object>> cache_clear(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  CacheWrapper& cache = cache_of(self);
  std::vector<Ref<Object>> links;  // dropped outside
  {
    ObjectSection section(thread, self);
    cache.hits = 0;
    cache.misses = 0;
    links = unlink_all(cache);
  }
  dict_clear(thread, answers_of(cache));
  return none();
}

Result<Ref<Object>> answer_itself(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments&) {
  return Ref<Object>::share(thread, self);
}

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Object> type,
                         const BoundArguments& arguments) {
  if (protocol_of(arguments.at(0)).call == nullptr) {
    return raise(thread, type_error_type, "the first argument must be callable");
  }
  std::int64_t greatest = kUnlimited;
  if (!is_none(arguments[1])) {
    if (!has_index(arguments.at(1))) {
      return raise(thread, type_error_type, "maxsize should be integer or None");
    }
    TRY_ASSIGN(greatest, clipped_index_of(thread, arguments.at(1)));
    greatest = std::max<std::int64_t>(greatest, 0);
  }
  TRY_ASSIGN(bool is_typed, is_true(thread, arguments.at(2)));
  TRY_ASSIGN(Ref<Dict> answers, new_dict(thread));
  TRY_ASSIGN(Ref<CacheWrapper> cache, new_instance_of<CacheWrapper>(thread, type));
  cache->greatest_size = greatest;
  cache->is_typed = is_typed;
  cache->info_type = Ref<Object>::share(thread, arguments.at(3)).release();
  cache->answers = answers.release();
  cache->function = Ref<Object>::share(thread, arguments.at(0)).release();
  return cache;
}

constexpr Protocol kCacheProtocol{
    .hash = &hash_by_identity,
    .call = &call_cache,
    .descriptor_get = &bind_cache,
};

constexpr NativeMethod kCacheMethods[] = {
    {"cache_info()", &cache_info, "Report cache statistics"},
    {"cache_clear()", &cache_clear, "Clear the cache and cache statistics"},
    {"__copy__()", &answer_itself},
    {"__deepcopy__(memo, /)", &answer_itself},
};

}  // namespace

constinit Type cache_wrapper_type(TypeSlots{
    .name = "functools._lru_cache_wrapper",
    .size = sizeof(CacheWrapper),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_cache,
    .traverse = &traverse_cache,
    .clear = &clear_cache,
    .protocol = &kCacheProtocol,
});

Result<Done> open_cache_type(ThreadState& thread) {
  return open_type(
      thread, NativeType{.type = cache_wrapper_type,
                         .module = "functools",
                         .documentation = "A callable that remembers the answers of a function.",
                         .methods = kCacheMethods,
                         .constructor =
                             "_lru_cache_wrapper(user_function, maxsize, typed, cache_info_type)",
                         .make = &make,
                         .dict_offset = sizeof(WeaklyReferable)});
}

}  // namespace runtime
