#include "runtime/modules/sys_sizes.h"

#include <fmt/core.h>

#include "runtime/memory/memory.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/object_block.h"
#include "runtime/types/attributes.h"

namespace runtime {

Result<Ref<Object>> size_of_object(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Method method, find_special(thread, object, "__sizeof__"));
  if (!method.function) {
    return raise(thread, type_error_type, "Type {} doesn't define __sizeof__", type_name(object));
  }
  TRY_ASSIGN(Ref<Object> answer, call_method(thread, method, {}));
  if (!is_int(*answer)) {
    return raise(thread, type_error_type, "'{}' object cannot be interpreted as an integer",
                 type_name(answer));
  }
  const std::int64_t size = clipped_int64_of(*as_int(answer));
  if (size < 0) return raise(thread, value_error_type, "__sizeof__() should return >= 0");
  return new_int(thread, size + static_cast<std::int64_t>(prefix_of(object->type->slots.heap)));
}

std::int64_t allocated_blocks(ThreadState& thread) {
  return static_cast<std::int64_t>(Memory::of(thread).statistics().objects);
}

std::string describe_memory(ThreadState& thread) {
  const MemoryStatistics now = Memory::of(thread).statistics();
  return fmt::format(
      "objects: {} in {} bytes\nraw buffers: {} bytes, of which {} wait for readers\n"
      "pages: {} owned, {} waiting, {} abandoned, {} pooled; {} bytes mapped\n"
      "freed by another thread: {} objects; adopted: {} pages; recycled: {} pages\n",
      now.objects, now.object_bytes, now.raw_bytes, now.deferred_bytes, now.pages_owned,
      now.pages_waiting, now.pages_abandoned, now.pages_pooled, now.page_bytes, now.remote_frees,
      now.pages_adopted, now.pages_recycled);
}

}  // namespace runtime
