// The types of `_thread`, opened in one go.
#include "runtime/object/ref.h"
#include "runtime/object/result.h"

namespace runtime {

Result<Done> open_lock_type(ThreadState& thread);
Result<Done> open_rlock_type(ThreadState& thread);
Result<Done> open_local_type(ThreadState& thread);
Result<Done> open_thread_handle_type(ThreadState& thread);

Result<Done> open_thread_types(ThreadState& thread) {
  TRY(open_lock_type(thread));
  TRY(open_rlock_type(thread));
  TRY(open_local_type(thread));
  return open_thread_handle_type(thread);
}

}  // namespace runtime
