#include "runtime/containers/map_iterator.h"

#include <utility>
#include <vector>

#include "runtime/containers/zip_iterator.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

void release_map(Object* object, DroppedFields& dropped) {
  auto* map = static_cast<MapIterator*>(object);
  Object* iterators = std::exchange(map->iterators, nullptr);
  dropped.take(map->function);
  dropped.take(iterators);
}

void traverse_map(Object* object, Visit visit, void* context) {
  auto* map = static_cast<MapIterator*>(object);
  if (map->function != nullptr) visit(context, map->function);
  if (map->iterators != nullptr) visit(context, map->iterators);
}

Result<Ref<Object>> next_result(ThreadState& thread, Borrowed<Object> object) {
  auto& map = *static_cast<MapIterator*>(object.get());
  const Tuple& iterators = *map.iterators;
  std::vector<Ref<Object>> items;  // own what `arguments` borrows
  std::vector<Borrowed<Object>> arguments;
  items.reserve(static_cast<std::size_t>(iterators.size));
  arguments.reserve(static_cast<std::size_t>(iterators.size));
  for (std::int64_t i = 0; i < iterators.size; ++i) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterators.at(i)));
    if (!item) {
      if (!map.is_strict) return Ref<Object>();
      return end_together(thread, "map", iterators, i);
    }
    arguments.emplace_back(item.get());
    items.push_back(std::move(item));
  }
  return call(thread, Borrowed(map.function), arguments);
}

constexpr Protocol kMapProtocol{
    .hash = &hash_by_identity,
    .iterate = &iterate_itself,
    .next = &next_result,
};

}  // namespace

constinit Type map_type(TypeSlots{
    .name = "map",
    .size = sizeof(MapIterator),
    .heap = HeapKind::kCollected,
    .release_fields = &release_map,
    .traverse = &traverse_map,
    .protocol = &kMapProtocol,
});

Result<Ref<Object>> new_map(ThreadState& thread, Borrowed<Object> function, Arguments iterables,
                            bool is_strict) {
  if (iterables.empty()) {
    return raise_text(thread, type_error_type, "map() must have at least two arguments.");
  }
  TRY_ASSIGN(Ref<Tuple> iterators, iterators_of(thread, iterables));
  Ref<MapIterator> map = new_object<MapIterator>(thread, map_type);
  if (!map) return raise_out_of_memory(thread);
  map->function = Ref<Object>::share(thread, function).release();
  map->iterators = iterators.release();
  map->is_strict = is_strict;
  track(map.get());
  return map;
}

}  // namespace runtime
