#include "runtime/containers/zip_iterator.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

void release_zip(Object* object, DroppedFields& dropped) {
  auto* zip = static_cast<ZipIterator*>(object);
  for (Tuple** field : {&zip->iterators, &zip->result}) {
    Object* tuple = std::exchange(*field, nullptr);
    dropped.take(tuple);
  }
}

void traverse_zip(Object* object, Visit visit, void* context) {
  auto* zip = static_cast<ZipIterator*>(object);
  for (Tuple* tuple : {zip->iterators, zip->result}) {
    if (tuple != nullptr) visit(context, tuple);
  }
}

// "zip() argument 3 is longer than arguments 1-2", for the iterator at `index`.
Raised lengths_differ(ThreadState& thread, const char* function, std::int64_t index,
                      const char* how) {
  return raise(thread, value_error_type, "{}() argument {} is {} than argument{}{}", function,
               index + 1, how, index == 1 ? " " : "s 1-", index);
}

// A tuple to be filled: the last one, if nobody else has it, or a new one. The caller's alone.
Result<Ref<Tuple>> begin_result(ThreadState& thread, ZipIterator& zip) {
  if (!try_reuse(thread, *zip.result)) return allocate_tuple(thread, zip.result->size);
  return Ref<Tuple>::share(thread, Borrowed(zip.result));
}

Result<Ref<Object>> next_tuple(ThreadState& thread, Borrowed<Object> object) {
  auto& zip = *static_cast<ZipIterator*>(object.get());
  const Tuple& iterators = *zip.iterators;
  if (iterators.size == 0) return Ref<Object>();
  TRY_ASSIGN(Ref<Tuple> filled, begin_result(thread, zip));
  const bool is_reused = filled.get() == zip.result;
  if (RT_MUTANT(zip_result_not_held) && is_reused) filled.drop(thread);
  Tuple& result = is_reused ? *zip.result : *filled;
  for (std::int64_t i = 0; i < iterators.size; ++i) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterators.at(i)));
    if (!item) {
      if (!zip.is_strict) return Ref<Object>();
      return end_together(thread, "zip", iterators, i);
    }
    item = exchange_item(result, i, std::move(item));  // what was there is dropped
  }
  if (!is_reused) track(&result);
  if (RT_MUTANT(zip_result_not_held) && is_reused) {
    filled = Ref<Tuple>::share(thread, Borrowed(zip.result));
  }
  return filled;
}

constexpr Protocol kZipProtocol{
    .hash = &hash_by_identity,
    .iterate = &iterate_itself,
    .next = &next_tuple,
};

}  // namespace

constinit Type zip_type(TypeSlots{
    .name = "zip",
    .size = sizeof(ZipIterator),
    .heap = HeapKind::kCollected,
    .release_fields = &release_zip,
    .traverse = &traverse_zip,
    .protocol = &kZipProtocol,
});

Result<Ref<Tuple>> iterators_of(ThreadState& thread, Arguments iterables) {
  if (iterables.empty()) return empty_tuple();
  TRY_ASSIGN(Ref<Tuple> iterators,
             allocate_tuple(thread, static_cast<std::int64_t>(iterables.size())));
  for (std::size_t i = 0; i < iterables.size(); ++i) {
    TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, iterables[i]));
    iterators->items()[i] = iterator.release();
  }
  track(iterators.get());
  return iterators;
}

Result<Ref<Object>> end_together(ThreadState& thread, const char* function, const Tuple& iterators,
                                 std::int64_t index) {
  if (index > 0) return lengths_differ(thread, function, index, "shorter");
  for (std::int64_t i = 1; i < iterators.size && !RT_MUTANT(zip_ignores_longer); ++i) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterators.at(i)));
    if (item) return lengths_differ(thread, function, i, "longer");
  }
  return Ref<Object>();
}

Result<Ref<Object>> new_zip(ThreadState& thread, Arguments iterables, bool is_strict) {
  TRY_ASSIGN(Ref<Tuple> iterators, iterators_of(thread, iterables));
  Ref<Tuple> result = empty_tuple();
  if (iterators->size != 0) {
    RT_TRY_ASSIGN(allocated, result, allocate_tuple(thread, iterators->size));
    for (std::int64_t i = 0; i < result->size; ++i) result->items()[i] = &none_object;
    track(result.get());
  }
  Ref<ZipIterator> zip = new_object<ZipIterator>(thread, zip_type);
  if (!zip) return raise_out_of_memory(thread);
  zip->iterators = iterators.release();
  zip->result = result.release();
  zip->is_strict = is_strict;
  track(zip.get());
  return zip;
}

}  // namespace runtime
