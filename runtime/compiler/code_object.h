// Code: a compiled function body, class body or module. Constant from its making on.
//
// The compiler fills a CodeParts and new_code() makes an object of it: instructions, constants and names, tables of
// exceptions and positions, and how many registers a frame needs. Nothing of it changes afterwards but the caches, one
// 64-bit word per cacheable instruction, which all threads share. The loop runs code only if verify() has passed it.
//
// What a frame finds in its registers when the first instruction runs:
//   [0, parameter_count)                     the arguments, *args as a tuple, **kwargs as a dict: positional (positional-only
//                                            first), keyword-only, then *args if kVariadic, then **kwargs if kKeywordVariadic
//   [.., local_count)                        empty
//   [local_count, + cell_count)              own cells: empty; MAKE_CELL and MAKE_CELL_OF at the beginning make them (an
//                                            argument that is captured moves into its cell there)
//   [.., first_temporary)                    free variables: the cells of the function's closure, in order, put there by
//                                            whoever makes the frame
//   [first_temporary, register_count)        temporaries: empty
// A name may be both a local and a cell (a captured argument). While its cell register is empty the local counts, else the
// cell. Names of comprehensions that stand in a class or module are locals too (kOptimized is not set there), and no part
// of the frame's locals mapping.
//
// Exceptions: when an instruction of [first, end) raises (a YIELD into which an exception was thrown, too), the loop
// empties every temporary from `live` on, highest first, stores the exception in register `live` and goes on at
// `handler`. The ranges do not overlap; a place that is in none gives the exception to the caller. The loop adds the
// frame to the traceback when the exception is raised or arrives, but not for RERAISE. In a generator it turns a
// StopIteration that would leave the frame into RuntimeError "generator raised StopIteration".
//
// In free-threaded builds code is deferred and counted per thread.
//
// Ancestry: CPython's PyCodeObject; https://docs.python.org/3/reference/datamodel.html#code-objects.
//
// Orderings in this file
//   The caches are loaded and stored relaxed: each is one word that says everything about itself.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/base/atomic.h"
#include "runtime/compiler/instruction.h"
#include "runtime/object/per_thread_counts.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/object/type.h"
#include "runtime/object/weak_reference.h"

namespace runtime {

// co_flags, with CPython's values.
struct CodeFlags {
  static constexpr std::uint32_t kOptimized = 0x1;        // has no locals mapping: a function
  static constexpr std::uint32_t kNewLocals = 0x2;        // a function
  static constexpr std::uint32_t kVariadic = 0x4;         // *args
  static constexpr std::uint32_t kKeywordVariadic = 0x8;  // **kwargs
  static constexpr std::uint32_t kNested = 0x10;          // stands in a function
  static constexpr std::uint32_t kGenerator = 0x20;
  static constexpr std::uint32_t kFutureAnnotations = 0x1000000;
  static constexpr std::uint32_t kHasDocumentation =
      0x4000000;                                       // constant 0 is __doc__ of the function
  static constexpr std::uint32_t kMethod = 0x8000000;  // stands in a class body
};

// Lines count from 1, columns count bytes of UTF-8 from 0, as the tree does. Line 0: no place in the text.
struct CodePosition {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;

  friend bool operator==(const CodePosition&, const CodePosition&) = default;
};

// The words from `first` to that of the next entry belong to this place.
struct PositionEntry {
  std::uint32_t first;
  CodePosition position;
};

struct ExceptionRange {
  std::uint32_t first;    // word
  std::uint32_t end;      // word behind the last
  std::uint32_t handler;  // word
  std::uint32_t live;     // register, a temporary
};

struct Code : ThreadCounted {
  Atomic<WeakReference*> weak_references;

  // Owned; never null.
  Str* name;
  Str* qualified_name;
  Str* file_name;
  Tuple* constants;
  Tuple* names;        // of globals, attributes, modules: interned strs, as all below
  Tuple* local_names;  // of registers [0, local_count)
  Tuple* cell_names;   // of own cells
  Tuple* free_names;

  std::uint32_t flags;
  std::uint32_t first_line;
  std::uint32_t positional_count;       // co_argcount: positional-only ones included
  std::uint32_t positional_only_count;  // co_posonlyargcount
  std::uint32_t keyword_only_count;     // co_kwonlyargcount

  std::uint32_t local_count;      // registers of locals; the first of the cells
  std::uint32_t cell_count;       // own cells
  std::uint32_t free_count;       // behind them
  std::uint32_t first_temporary;  // local_count + cell_count + free_count
  std::uint32_t register_count;

  // Owned buffers, in one allocation with `instructions` at its beginning.
  Word* instructions;
  PositionEntry* positions;    // by word, ascending
  ExceptionRange* exceptions;  // by first word, ascending; not overlapping
  Atomic<std::uint64_t>* caches;
  std::uint32_t instruction_count;  // words
  std::uint32_t position_count;
  std::uint32_t exception_count;
  std::uint32_t cache_count;
  bool is_verified;  // set by verify() alone, before publication

  // Parameters of all kinds: they are the first locals.
  [[nodiscard]] std::uint32_t parameter_count() const {
    return positional_count + keyword_only_count + ((flags & CodeFlags::kVariadic) != 0 ? 1 : 0) +
           ((flags & CodeFlags::kKeywordVariadic) != 0 ? 1 : 0);
  }
  [[nodiscard]] bool is_generator() const { return (flags & CodeFlags::kGenerator) != 0; }
  [[nodiscard]] std::span<const Word> words() const { return {instructions, instruction_count}; }
  [[nodiscard]] std::span<const ExceptionRange> exception_table() const {
    return {exceptions, exception_count};
  }
  [[nodiscard]] std::span<const PositionEntry> position_table() const {
    return {positions, position_count};
  }
  // The name of a local, own cell or free variable; null for a temporary.
  [[nodiscard]] Str* name_of_register(std::uint32_t index) const;
};

extern Type code_type;

[[nodiscard]] inline bool is_code(const Object& object) { return object.type == &code_type; }
[[nodiscard]] inline Borrowed<Code> as_code(Borrowed<Object> object) {
  RT_INVARIANT(is_code(*object), "what is taken for code is code");
  return Borrowed<Code>(static_cast<Code*>(object.get()));
}

// Where the instruction stands in the text of which `word` is part.
[[nodiscard]] CodePosition position_of(const Code& code, std::uint32_t word);
// The range that covers the instruction at `word`; null: none.
[[nodiscard]] const ExceptionRange* handler_of(const Code& code, std::uint32_t word);
// The cell register (own or free) whose name is this interned string; -1: none. Where super() finds __class__, and its
// first argument when that is captured.
[[nodiscard]] std::int32_t cell_register_of(const Code& code, const Str& name);

// What new_code() makes an object of. References are owned, and moved out.
struct CodeParts {
  Ref<Str> name;
  Ref<Str> qualified_name;
  Ref<Str> file_name;
  Ref<Tuple> constants;
  Ref<Tuple> names;
  Ref<Tuple> local_names;
  Ref<Tuple> cell_names;
  Ref<Tuple> free_names;
  std::uint32_t flags = 0;
  std::uint32_t first_line = 1;
  std::uint32_t positional_count = 0;
  std::uint32_t positional_only_count = 0;
  std::uint32_t keyword_only_count = 0;
  std::uint32_t register_count = 0;
  std::uint32_t cache_count = 0;
  std::vector<Word> instructions;
  std::vector<PositionEntry> positions;
  std::vector<ExceptionRange> exceptions;
};

// Not verified yet. local_count and so on follow from the names. MemoryError.
Result<Ref<Code>> new_code(ThreadState& thread, CodeParts parts);

}  // namespace runtime
