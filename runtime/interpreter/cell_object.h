// Cells: a variable that a function shares with the functions inside it.
//
// The value is read without a lock and replaced in a section of the cell (shared_field.h): one load
// or one store of such a variable is one step for other threads, `n += 1` is two.
//
// Ancestry: CPython's Objects/cellobject.c.
#pragma once

#include "runtime/interpreter/shared_field.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct CellObject : Object {
  Atomic<Object*> value;  // null: empty
};

extern Type cell_type;

// Null `value`: an empty one. MemoryError.
Result<Ref<CellObject>> new_cell(ThreadState& thread, Ref<Object> value);

// Null: empty.
[[nodiscard]] inline Ref<Object> cell_get(ThreadState& thread, Borrowed<CellObject> cell) {
  return read_field(thread, cell, cell->value);
}
// Null empties.
inline void cell_set(ThreadState& thread, Borrowed<CellObject> cell, Ref<Object> value) {
  write_field(thread, cell, cell->value, std::move(value));
}
// What was there; null: it was empty.
[[nodiscard]] inline Ref<Object> cell_take(ThreadState& thread, Borrowed<CellObject> cell) {
  return exchange_field(thread, cell, cell->value, nullptr);
}

Result<Done> open_cell_type(ThreadState& thread);

}  // namespace runtime
