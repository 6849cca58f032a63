#include "runtime/modules/warning.h"

#include "runtime/interpreter/import.h"
#include "runtime/object/int_object.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

Result<Done> warn(ThreadState& thread, Type& category, std::string_view text,
                  std::int64_t stack_level) {
  TRY_ASSIGN(Ref<Object> warnings, import_module(thread, "warnings"));
  TRY_ASSIGN(Ref<Str> message, new_str(thread, text));
  TRY_ASSIGN(Ref<Int> level, new_int(thread, stack_level));
  const Borrowed<Object> arguments[] = {message, Borrowed<Object>(&category), level};
  TRY(call_method(thread, warnings, "warn", arguments));
  return Done();
}

}  // namespace runtime
