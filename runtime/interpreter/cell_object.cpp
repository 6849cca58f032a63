#include "runtime/interpreter/cell_object.h"

#include <fmt/format.h>
#include <utility>

#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/native.h"

namespace runtime {

namespace {

Borrowed<CellObject> cell_of(Borrowed<Object> object) {
  return Borrowed<CellObject>(static_cast<CellObject*>(object.get()));
}

void release_cell(Object* object, DroppedFields& dropped) {
  dropped.take(static_cast<CellObject*>(object)->value);
}

void traverse_cell(Object* object, Visit visit, void* context) {
  visit_field(static_cast<CellObject*>(object)->value, visit, context);
}

// Empty cells come first.
Result<Ref<Object>> compare_cells(ThreadState& thread, Borrowed<Object> left,
                                  Borrowed<Object> right, CompareOp op) {
  if (left->type != &cell_type || right->type != &cell_type) return not_implemented();
  Ref<Object> first = cell_get(thread, cell_of(left));
  Ref<Object> second = cell_get(thread, cell_of(right));
  if (first && second) return compare(thread, first, second, op);
  return boolean(holds(op, (first ? 1 : 0) - (second ? 1 : 0)));
}

Result<Ref<Str>> repr_cell(ThreadState& thread, Borrowed<Object> object) {
  Ref<Object> value = cell_get(thread, cell_of(object));
  const auto address = reinterpret_cast<std::uintptr_t>(object.get());
  if (!value) return new_str(thread, fmt::format("<cell at {:#x}: empty>", address));
  return new_str(thread,
                 fmt::format("<cell at {:#x}: {} object at {:#x}>", address, type_name(value),
                             reinterpret_cast<std::uintptr_t>(value.get())));
}

constexpr Protocol kCellProtocol{
    .compare = &compare_cells,
    .repr = &repr_cell,
};

Result<Ref<Object>> get_contents(ThreadState& thread, Borrowed<Object> self) {
  Ref<Object> value = cell_get(thread, cell_of(self));
  if (!value) return raise(thread, value_error_type, "cell is empty");
  return value;
}

Result<Done> set_contents(ThreadState& thread, Borrowed<Object> self, Object* value) {
  cell_set(thread, cell_of(self),
           value == nullptr ? nullptr : Ref<Object>::share(thread, Borrowed<Object>(value)));
  return Done();
}

Result<Ref<Object>> make_cell(ThreadState& thread, Borrowed<Object>,
                              const BoundArguments& arguments) {
  return new_cell(thread, arguments.has(0) ? Ref<Object>::share(thread, arguments.at(0)) : nullptr);
}

constexpr NativeAttribute kAttributes[] = {
    {"cell_contents", &get_contents, &set_contents},
};

}  // namespace

constinit Type cell_type(TypeSlots{
    .name = "cell",
    .size = sizeof(CellObject),
    .heap = HeapKind::kCollected,
    .release_fields = &release_cell,
    .traverse = &traverse_cell,
    .clear = &release_cell,
    .protocol = &kCellProtocol,
});

Result<Ref<CellObject>> new_cell(ThreadState& thread, Ref<Object> value) {
  Ref<CellObject> cell = new_object<CellObject>(thread, cell_type);
  if (!cell) return raise_out_of_memory(thread);
  cell->value.initialize(value.release());
  track(cell.get());
  return cell;
}

Result<Done> open_cell_type(ThreadState& thread) {
  return open_type(thread,
                   NativeType{
                       .type = cell_type,
                       .documentation = "A variable of a function that functions in it use.",
                       .attributes = kAttributes,
                       .derivable = Derivable::kNo,
                       .constructor = "cell(contents?, /)",
                       .make = &make_cell,
                   });
}

}  // namespace runtime
