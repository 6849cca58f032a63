// The verifier: may the loop run this code without looking?
//
// The loop trusts operands: it indexes registers, constants, names and caches by them and jumps where they say. verify()
// reads the code once and refuses it unless, for each instruction,
//   * the words are well formed: a known operation, WIDE only before what can be wide, EXTRA words where the operation has
//     them and nowhere else, nothing cut off at the end;
//   * every register lies in the frame, in the region that its kind of operand demands (local, cell, temporary), and so
//     does each window to its last register;
//   * constants, names and caches exist, names are strs, and what an operation needs to be a tuple of strs, code, or one
//     of few numbers is; the closure of MAKE_FUNCTION is there if and only if its code has free variables, the tuple of
//     CALL_NAMED is no longer than its arguments;
//   * a jump goes to the beginning of an instruction, forward, or backward for JUMP_BACK;
//   * no path falls off the end;
// and unless the tables fit:
//   * exception ranges are ascending, do not overlap, begin and end where instructions do, have a handler that is an
//     instruction and a live register that is a temporary;
//   * positions are ascending and begin at word 0;
//   * names are strs, argument counts fit the locals, register counts fit each other;
//   * RETURN_GENERATOR stands in generators alone and is executed at most once, before any YIELD: it is the first
//     instruction behind the MAKE_CELLs; YIELD and DELEGATE stand in generators alone; operations on the locals
//     mapping are no matter of the code, the loop checks that there is one.
//
// So verified code cannot make the loop leave the frame's registers, the code's tables or its instructions. It does not
// follow that registers hold anything, or what (instruction.h): the loop looks.
//
// Nested code objects are verified on their own.
//
// Ancestry: the verifier of the Java virtual machine, without its types; CPython has none.
#pragma once

#include <string>

#include "runtime/compiler/code_object.h"

namespace runtime {

// What is wrong with it, with the word at which it is; empty: nothing. Changes nothing.
[[nodiscard]] std::string find_fault(const Code& code);

// Sets is_verified if there is no fault. By whoever made the code, before it is published. SystemError.
Result<Done> verify(ThreadState& thread, Borrowed<Code> code);

}  // namespace runtime
