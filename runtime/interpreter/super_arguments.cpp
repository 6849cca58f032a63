#include "runtime/interpreter/super_arguments.h"

#include "runtime/interpreter/cell_object.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/intern.h"
#include "runtime/types/type_body.h"

namespace runtime {

namespace {

// What the cell of this register holds; null: it is empty, or there is no cell.
Ref<Object> held_by_cell(ThreadState& thread, Frame& frame, std::int32_t number) {
  Object* cell = frame.registers()[number].object();
  if (cell == nullptr) return nullptr;
  return cell_get(thread, Borrowed<CellObject>(static_cast<CellObject*>(cell)));
}

// The first argument of the call, which may have moved into a cell.
Ref<Object> first_argument(ThreadState& thread, Frame& frame) {
  const Code& code = frame.its_code();
  const StackRef place = frame.registers()[0];
  if (!place.is_empty()) return Ref<Object>::share(thread, Borrowed<Object>(place.object()));
  const std::int32_t cell =
      cell_register_of(code, *static_cast<Str*>(code.local_names->items()[0]));
  return cell < 0 ? nullptr : held_by_cell(thread, frame, cell);
}

}  // namespace

Result<SuperArguments> super_arguments(ThreadState& thread) {
  Frame* const frame = thread.slot(kInterpreterSlot)->current;
  if (frame == nullptr) return raise(thread, runtime_error_type, "super(): no current frame");
  const Code& code = frame->its_code();
  if (code.positional_count == 0) {
    return raise(thread, runtime_error_type, "super(): no arguments");
  }
  Ref<Object> object = first_argument(thread, *frame);
  if (!object) return raise(thread, runtime_error_type, "super(): arg[0] deleted");
  TRY_ASSIGN(Ref<Str> name, intern(thread, "__class__"));
  const std::int32_t cell = cell_register_of(code, *name);
  if (cell < 0) return raise(thread, runtime_error_type, "super(): __class__ cell not found");
  Ref<Object> type = held_by_cell(thread, *frame, cell);
  if (!type) return raise(thread, runtime_error_type, "super(): empty __class__ cell");
  if (!is_type(*type)) {
    return raise(thread, runtime_error_type, "super(): __class__ is not a type ({})",
                 type_name(type));
  }
  return SuperArguments{Ref<Type>::adopt(static_cast<Type*>(type.release())), std::move(object)};
}

}  // namespace runtime
