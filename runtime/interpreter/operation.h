// One instruction that is being executed, as the functions see it that do the rare or long ones.
//
// The loop (loop.cpp) keeps what it needs in local variables and does common cases itself. Everything
// else is a function of an Operation: the thread, the frame, the operands. Such a function takes its
// sources out of the registers (or shares them, if they are variables), so that what it uses is its
// own whatever foreign code does to the frame meanwhile, and puts its result into a register.
//
// Not an interface of the floor: for the files of the loop alone.
//
// Ancestry: the cases of CPython's Python/ceval.c (Python/bytecodes.c).
#pragma once

#include <utility>

#include "runtime/compiler/instruction.h"
#include "runtime/interpreter/frame.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

// What enters a register: counted only if it could die.
[[nodiscard]] inline StackRef stack_ref_of(ThreadState& thread, Ref<Object> reference) {
  Object* object = reference.get();
  if (object == nullptr) return StackRef();
  if (is_immortal(object)) return StackRef::uncounted(Borrowed<Object>(reference.release()));
  if (is_deferred(object)) {
    const Borrowed<Object> kept(reference.get());  // by its bias
    reference.drop(thread);
    return StackRef::uncounted(kept);
  }
  return StackRef::counted(std::move(reference));
}

// First stores, then drops what was there.
inline void put_register(ThreadState& thread, StackRef& place, StackRef value) {
  StackRef previous = std::exchange(place, value);
  previous.close(thread);
}

struct Operation {
  ThreadState& thread;
  Frame& frame;
  std::uint32_t a, b, c;
  std::uint32_t constant_bit;  // of the operands, wide or not
  const Word* behind;          // the EXTRA words

  [[nodiscard]] Code& code() const { return frame.its_code(); }
  [[nodiscard]] StackRef& place(std::uint32_t number) const { return frame.registers()[number]; }
  [[nodiscard]] bool is_constant(std::uint32_t operand) const {
    return (operand & constant_bit) != 0;
  }
  [[nodiscard]] Object* constant(std::uint32_t operand) const {
    return code().constants->items()[operand & (constant_bit - 1)];
  }
  [[nodiscard]] Borrowed<Str> name(std::uint32_t index) const {
    return Borrowed<Str>(static_cast<Str*>(code().names->items()[index]));
  }

  // Of a source, constant or not: a reference of one's own. A temporary is empty afterwards.
  [[nodiscard]] Result<Ref<Object>> take(std::uint32_t operand) const {
    if (is_constant(operand)) {
      return Ref<Object>::share(thread, Borrowed<Object>(constant(operand)));
    }
    return take_register(operand);
  }
  // The same of what cannot be a constant.
  [[nodiscard]] Result<Ref<Object>> take_register(std::uint32_t number) const {
    StackRef& source = place(number);
    if (source.is_empty()) [[unlikely]]
      return raise_empty_register(number);
    if (number >= code().first_temporary) return source.to_heap(thread);
    return Ref<Object>::share(thread, Borrowed<Object>(source.object()));
  }
  // Of an operand that stays.
  [[nodiscard]] Result<Ref<Object>> share(std::uint32_t number) const {
    StackRef& source = place(number);
    if (source.is_empty()) [[unlikely]]
      return raise_empty_register(number);
    return Ref<Object>::share(thread, Borrowed<Object>(source.object()));
  }
  void put(std::uint32_t number, Ref<Object> value) const {
    put_register(thread, place(number), stack_ref_of(thread, std::move(value)));
  }
  Result<Done> put_result(std::uint32_t number, Result<Ref<Object>> value) const {
    if (value.is_raised()) return std::move(value).raised();
    put(number, std::move(value).value());
    return Done();
  }

  [[nodiscard]] Raised raise_empty_register(std::uint32_t number) const;
};

// What a function of an instruction looks like.
using Execute = Result<Done> (*)(const Operation& at);

// -- registers and names: names.cpp --
Result<Done> load_global(const Operation& at);
Result<Done> store_global(const Operation& at);
Result<Done> delete_global(const Operation& at);
Result<Done> load_name(const Operation& at);
Result<Done> store_name(const Operation& at);
Result<Done> delete_name(const Operation& at);
Result<Done> load_locals(const Operation& at);
Result<Done> load_mapping_or_global(const Operation& at);
Result<Done> load_mapping_or_cell(const Operation& at);
Result<Done> setup_annotations(const Operation& at);
Result<Done> load_build_class(const Operation& at);
Result<Done> delete_local(const Operation& at);

// -- cells: cells.cpp --
Result<Done> make_empty_cell(const Operation& at);
Result<Done> make_cell_of_local(const Operation& at);
Result<Done> load_cell(const Operation& at);
Result<Done> store_cell(const Operation& at);
Result<Done> delete_cell(const Operation& at);
Result<Done> load_closure(const Operation& at);
Result<Done> save_cell(const Operation& at);
Result<Done> restore_cell(const Operation& at);

// -- attributes and items: members.cpp --
Result<Done> load_attribute(const Operation& at);
Result<Done> load_method(const Operation& at);
Result<Done> load_special(const Operation& at);
Result<Done> store_attribute(const Operation& at);
Result<Done> delete_attribute(const Operation& at);
Result<Done> load_item(const Operation& at);
Result<Done> store_item(const Operation& at);
Result<Done> remove_item(const Operation& at);
Result<Done> build_slice(const Operation& at);

// -- operators: operators.cpp --
Result<Done> binary_operation(const Operation& at, BinaryOp op);
Result<Done> inplace_operation(const Operation& at, BinaryOp op);
Result<Done> matrix_multiply(const Operation& at, bool is_inplace);
Result<Done> unary_operation(const Operation& at, UnaryOp op);
Result<Done> negate_truth(const Operation& at);
Result<Done> comparison(const Operation& at, CompareOp op);
Result<Done> membership(const Operation& at, bool is_in);
// The truth of a source, which is consumed.
Result<bool> truth_of(const Operation& at, std::uint32_t operand);
// The truth of register a, which stays.
Result<bool> truth_of_kept(const Operation& at);

// -- building and taking apart: building.cpp, unpacking.cpp --
Result<Done> build_tuple(const Operation& at);
Result<Done> build_list(const Operation& at);
Result<Done> build_set(const Operation& at);
Result<Done> build_map(const Operation& at);
Result<Done> build_string(const Operation& at);
Result<Done> append_to_list(const Operation& at);
Result<Done> add_to_set(const Operation& at);
Result<Done> put_into_map(const Operation& at);
Result<Done> extend_list(const Operation& at);
Result<Done> update_set(const Operation& at);
Result<Done> update_dict(const Operation& at);
Result<Done> merge_dict(const Operation& at);
Result<Done> list_into_tuple(const Operation& at);
Result<Done> unpack(const Operation& at);
Result<Done> unpack_star(const Operation& at);
Result<Done> format(const Operation& at);
Result<Done> format_with(const Operation& at);

// -- calls and functions: calls.cpp, functions.cpp --
Result<Done> call_native(const Operation& at);
Result<Done> call_native_named(const Operation& at);
Result<Done> call_unpacked(const Operation& at);
// The same of a callee that is a function: its frame.
Result<Frame*> begin_unpacked_call(const Operation& at);
Result<Done> make_function(const Operation& at);

// -- modules: imports.cpp --
Result<Done> execute_import(const Operation& at);
Result<Done> execute_import_from(const Operation& at);
Result<Done> execute_import_star(const Operation& at);
Result<Done> print_expression(const Operation& at);

// -- iteration and generators: iteration.cpp --
Result<Done> make_iterator(const Operation& at);
Result<Done> make_delegate(const Operation& at);

// -- exceptions: exceptions.cpp --
Result<Done> raise_exception(const Operation& at);
Result<Done> raise_from(const Operation& at);
Result<Done> raise_handled(const Operation& at);
Result<Done> begin_handler(const Operation& at);
Result<Done> end_handler(const Operation& at);
Result<Done> match_exception(const Operation& at);
Result<Done> with_exception(const Operation& at);
// In the frame's code or the frame itself was found to be damaged.
[[nodiscard]] Raised raise_damaged(ThreadState& thread, const char* what);

}  // namespace runtime
