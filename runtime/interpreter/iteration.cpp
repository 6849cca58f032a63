// Iterators: operation.h.
#include "runtime/interpreter/generator_object.h"
#include "runtime/interpreter/operation.h"
#include "runtime/object/protocol.h"

namespace runtime {

Result<Done> make_iterator(const Operation& at) {
  TRY_ASSIGN(Ref<Object> iterable, at.take(at.b));
  return at.put_result(at.a, get_iterator(at.thread, iterable));
}

Result<Done> make_delegate(const Operation& at) {
  TRY_ASSIGN(Ref<Object> iterable, at.take_register(at.b));
  if (is_generator(*iterable)) {
    at.put(at.a, std::move(iterable));
    return Done();
  }
  return at.put_result(at.a, get_iterator(at.thread, iterable));
}

}  // namespace runtime
