#include "runtime/containers/filter_iterator.h"

#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/threads/attach.h"

namespace runtime {

namespace {

void release_filter(Object* object, DroppedFields& dropped) {
  auto* filter = static_cast<FilterIterator*>(object);
  dropped.take(filter->function);
  dropped.take(filter->iterator);
}

void traverse_filter(Object* object, Visit visit, void* context) {
  auto* filter = static_cast<FilterIterator*>(object);
  if (filter->function != nullptr) visit(context, filter->function);
  if (filter->iterator != nullptr) visit(context, filter->iterator);
}

Result<bool> lets_pass(ThreadState& thread, Borrowed<Object> function, Borrowed<Object> item) {
  if (is_none(function.get()) || function.get() == &bool_type) return is_true(thread, item);
  TRY_ASSIGN(Ref<Object> answer, call(thread, function, Arguments(&item, 1)));
  return is_true(thread, answer);
}

Result<Ref<Object>> next_passing(ThreadState& thread, Borrowed<Object> object) {
  auto& filter = *static_cast<FilterIterator*>(object.get());
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, Borrowed(filter.iterator)));
    if (!item) return item;
    TRY_ASSIGN(bool passes, lets_pass(thread, Borrowed(filter.function), item));
    if (passes) return item;
    safe_point(thread);
  }
}

constexpr Protocol kFilterProtocol{
    .hash = &hash_by_identity,
    .iterate = &iterate_itself,
    .next = &next_passing,
};

}  // namespace

constinit Type filter_type(TypeSlots{
    .name = "filter",
    .size = sizeof(FilterIterator),
    .heap = HeapKind::kCollected,
    .release_fields = &release_filter,
    .traverse = &traverse_filter,
    .protocol = &kFilterProtocol,
});

Result<Ref<Object>> new_filter(ThreadState& thread, Borrowed<Object> function,
                               Borrowed<Object> iterable) {
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, iterable));
  Ref<FilterIterator> filter = new_object<FilterIterator>(thread, filter_type);
  if (!filter) return raise_out_of_memory(thread);
  filter->function = Ref<Object>::share(thread, function).release();
  filter->iterator = iterator.release();
  track(filter.get());
  return filter;
}

}  // namespace runtime
