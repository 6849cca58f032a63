// Functions made of code: operation.h.
#include "runtime/containers/dict_object.h"
#include "runtime/interpreter/function_object.h"
#include "runtime/interpreter/operation.h"
#include "runtime/object/exception_object.h"

namespace runtime {

Result<Done> make_function(const Operation& at) {
  const std::uint32_t parts = at.c;
  const Borrowed<Code> code(
      static_cast<Code*>(at.code().constants->items()[extra_of(at.behind[0])]));
  TRY_ASSIGN(Ref<FunctionObject> function,
             new_function(at.thread, code, Borrowed<Dict>(at.frame.globals),
                          Borrowed<Dict>(at.frame.builtins)));
  std::uint32_t place = at.b;
  // Nobody knows the function yet.
  auto put_part = [&](std::uint32_t part, Atomic<Object*>& field) -> Result<Done> {
    if ((parts & part) == 0) return Done();
    TRY_ASSIGN(Ref<Object> value, at.take_register(place++));
    field.initialize(value.release());
    return Done();
  };
  TRY(put_part(FunctionParts::kDefaults, function->defaults));
  TRY(put_part(FunctionParts::kKeywordDefaults, function->keyword_defaults));
  TRY(put_part(FunctionParts::kAnnotations, function->annotations));
  if ((parts & FunctionParts::kClosure) != 0) {
    TRY_ASSIGN(Ref<Object> cells, at.take_register(place++));
    if (!is_tuple(*cells) || as_tuple(cells)->size != code->free_count) {
      return raise_damaged(at.thread, "a closure does not fit its code");
    }
    function->closure = static_cast<Tuple*>(cells.release());
  }
  TRY(put_part(FunctionParts::kAnnotate, function->annotate));
  at.put(at.a, std::move(function));
  return Done();
}

}  // namespace runtime
