// Variables that functions share: operation.h.
#include "runtime/interpreter/cell_object.h"
#include "runtime/interpreter/operation.h"
#include "runtime/object/exception_object.h"

namespace runtime {

namespace {

// The cell in the register; a null reference: none.
Ref<CellObject> cell_in(const Operation& at, std::uint32_t number) {
  Object* cell = at.place(number).object();
  if (cell == nullptr) return nullptr;
  return Ref<CellObject>::share(at.thread, Borrowed<CellObject>(static_cast<CellObject*>(cell)));
}

Result<Done> put_new_cell(const Operation& at, Ref<Object> value) {
  TRY_ASSIGN(Ref<CellObject> cell, new_cell(at.thread, std::move(value)));
  at.put(at.a, std::move(cell));
  return Done();
}

}  // namespace

Result<Done> make_empty_cell(const Operation& at) { return put_new_cell(at, nullptr); }

Result<Done> make_cell_of_local(const Operation& at) {
  return put_new_cell(at, at.place(at.b).to_heap(at.thread));
}

Result<Done> load_cell(const Operation& at) {
  // The frame keeps the cell: it is replaced by instructions of this frame alone.
  Object* cell = at.place(at.b).object();
  if (cell == nullptr) return at.raise_empty_register(at.b);
  Ref<Object> value = cell_get(at.thread, Borrowed<CellObject>(static_cast<CellObject*>(cell)));
  if (!value) return at.raise_empty_register(at.b);
  at.put(at.a, std::move(value));
  return Done();
}

Result<Done> store_cell(const Operation& at) {
  TRY_ASSIGN(Ref<Object> value, at.take(at.b));
  Ref<CellObject> cell = cell_in(at, at.a);
  if (!cell) return at.raise_empty_register(at.a);
  cell_set(at.thread, cell, std::move(value));
  return Done();
}

Result<Done> delete_cell(const Operation& at) {
  Ref<CellObject> cell = cell_in(at, at.a);
  if (!cell) return at.raise_empty_register(at.a);
  Ref<Object> previous = cell_take(at.thread, cell);
  if (!previous) return at.raise_empty_register(at.a);
  return Done();
}

Result<Done> load_closure(const Operation& at) {
  Ref<CellObject> cell = cell_in(at, at.b);
  if (!cell) return at.raise_empty_register(at.b);
  at.put(at.a, std::move(cell));
  return Done();
}

Result<Done> save_cell(const Operation& at) {
  StackRef cell = std::exchange(at.place(at.b), StackRef());
  put_register(at.thread, at.place(at.a), cell);
  return Done();
}

Result<Done> restore_cell(const Operation& at) {
  StackRef saved = std::exchange(at.place(at.b), StackRef());
  if (!saved.is_empty() && saved.object()->type != &cell_type) {
    saved.close(at.thread);
    return raise_damaged(at.thread, "what is restored is no cell");
  }
  put_register(at.thread, at.place(at.a), saved);
  return Done();
}

}  // namespace runtime
