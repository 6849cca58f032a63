// How much memory objects take, as sys shows it.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/object/ref.h"
#include "runtime/object/result.h"

namespace runtime {

// sys.getsizeof(object): its `__sizeof__()`, and what lies before it.
Result<Ref<Object>> size_of_object(ThreadState& thread, Borrowed<Object> object);
// sys.getallocatedblocks()
[[nodiscard]] std::int64_t allocated_blocks(ThreadState& thread);
// What sys._debugmallocstats() writes.
[[nodiscard]] std::string describe_memory(ThreadState& thread);

}  // namespace runtime
