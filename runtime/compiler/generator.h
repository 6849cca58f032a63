// The generator: tree and scopes -> code objects.
//
// One Unit per code object under construction, innermost last. Expressions are generated towards a register: where the
// result is to be is known before, so `x = a + b` writes x without a detour. What is in a register or constant already
// is not moved, but named (Value). Temporaries are handed out like a stack; each is emptied by the instruction that reads
// it (instruction.h), so at the end of a statement all are empty that lie above those that loops and handlers keep.
//
// Reading a local in place is right only if it holds something and nothing changes it before the instruction runs.
//   * What surely holds something is followed along the code (DefiniteLocals); where it is not sure CHECK_LOCAL looks, at
//     the place where Python evaluates the name.
//   * In functions with assignment expressions a local that is not the last operand is copied.
//
// Leaving a statement in the middle (return, break, continue) unwinds the blocks around it from the inside: the bodies of
// `finally` are generated once more at that place, exits of `with` are called, handlers ended. While that code is
// generated the blocks inside are out of effect.
//
// Parts: generator.cpp units, names, constants; generate_statements.cpp, generate_blocks.cpp (loops, try, with),
// generate_functions.cpp (functions, classes, annotations), generate_expressions.cpp, generate_conditions.cpp,
// generate_calls.cpp, generate_displays.cpp (displays, comprehensions, f-strings), generate_targets.cpp (assignment),
// fold.cpp (what is constant).
//
// Ancestry: CPython's Python/codegen.c for order of evaluation, blocks and places; Lua's lcode.c for values in registers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/compiler/assembler.h"
#include "runtime/compiler/compile.h"
#include "runtime/compiler/constants.h"
#include "runtime/compiler/scope.h"

namespace runtime {

using Register = std::uint32_t;

// Where something is: in a register or among the constants.
struct Value {
  std::uint32_t operand = 0;  // a register, or kConstantOperand | index

  [[nodiscard]] bool is_constant() const { return (operand & kConstantOperand) != 0; }
  [[nodiscard]] Register reg() const {
    RT_INVARIANT(!is_constant(), "a constant is in no register");
    return operand;
  }
};

class Generator {
 public:
  Generator(ThreadState& thread, const syntax::SyntaxTree& tree, ScopeTable& scopes,
            Borrowed<Str> file_name, const CompileOptions& options, std::uint32_t future_line)
      : thread_(thread),
        tree_(tree),
        scopes_(scopes),
        file_name_(file_name),
        options_(options),
        last_future_line_(future_line) {}

  Result<Ref<Code>> generate();

 private:
  using Label = Assembler::Label;
  using Position = syntax::Position;

  enum class BlockKind : std::uint8_t {
    kWhile,
    kFor,      // `kept` is the iterator
    kTry,      // a body whose exceptions are caught
    kFinally,  // a body with a `finally`, which is in `statements`
    kFinallyHandler,  // that `finally` itself, for an exception: `kept` is the exception, `saved` what was handled before
    kHandler,  // an `except`, likewise; `name` is to be deleted
    kWith,     // `kept` is the first of five registers
  };
  struct Block {
    BlockKind kind{};
    Position position{};
    Label next = 0;  // continue
    Label end = 0;   // break
    Register kept = 0;
    Register saved = 0;
    std::uint32_t outer_handler = Assembler::kNoHandler;
    std::string_view name = {};
    syntax::Sequence<syntax::Statement> statements = {};
  };

  // Where a name is.
  enum class PlaceKind : std::uint8_t {
    kLocal,           // a register
    kCell,            // a cell register
    kClassCell,       // a cell register; the locals mapping is asked first
    kAnnotationCell,  // a cell register; the class is asked first
    kAnnotationGlobal,
    kGlobal,
    kName,
  };
  struct Place {
    PlaceKind kind{};
    Register reg = 0;
    bool is_sure = false;  // can be followed in DefiniteLocals
  };

  // One code object under construction.
  struct Unit {
    Scope* scope = nullptr;
    std::vector<Scope*> comprehensions;  // inlined ones that the code stands in, innermost last
    Assembler code;
    ConstantPool constants;
    ConstantPool names;
    std::vector<std::string_view> locals;
    std::vector<std::string_view> cells;
    std::vector<std::string_view> free;
    std::unordered_map<std::string_view, Register> local_registers;
    std::unordered_map<std::string_view, Register> cell_registers;  // own ones
    std::unordered_map<std::string_view, Register> free_registers;
    std::vector<bool> is_deleted;  // locals that become unbound somewhere
    Register first_temporary = 0;
    Register top = 0;   // the next temporary
    Register most = 0;  // registers in use at any time
    std::vector<Block> blocks;
    std::string name;
    std::string qualified_name;
    std::uint32_t first_line = 1;
    std::uint32_t flags = 0;
    std::uint32_t positional_count = 0;
    std::uint32_t positional_only_count = 0;
    std::uint32_t keyword_only_count = 0;
    Position last;  // of the latest statement
  };

  // Gives back, at its end, the temporaries that were handed out since.
  class Temporaries {
   public:
    explicit Temporaries(Generator& generator)
        : generator_(generator), top_(generator.unit_->top) {}
    ~Temporaries() { generator_.unit_->top = top_; }
    Temporaries(const Temporaries&) = delete;
    Temporaries& operator=(const Temporaries&) = delete;

   private:
    Generator& generator_;
    const Register top_;
  };

  // -- generator.cpp: units --
  Unit& begin_unit(Scope& scope, std::string_view name, std::uint32_t first_line);
  void place_names(Unit& unit, Scope& scope, bool is_root);
  void begin_code(const Position& position);
  [[nodiscard]] Ref<Code> finish_unit();  // null: failed
  Result<Ref<Code>> make_code(Unit& unit);
  Result<Ref<Tuple>> names_tuple(const std::vector<std::string_view>& names);
  std::string qualified(const Scope& scope, std::string_view name) const;

  // -- generator.cpp: failing. After a failure nothing that is generated matters. --
  void fail(const Position& position, std::string message);
  void fail(Raised raised);
  [[nodiscard]] bool failed() const { return problem_.has_value() || raised_; }
  void warn(const Position& position, std::string_view message);
  template <class T>
  T take(Result<T> result) {
    if (!result.is_raised()) return std::move(result).value();
    fail(std::move(result).raised());
    return T{};
  }

  // -- generator.cpp: instructions --
  void emit(const Position& position, Opcode opcode, std::uint32_t a = 0, std::uint32_t b = 0,
            std::uint32_t c = 0, std::uint32_t extra = 0) {
    unit_->code.emit(position, opcode, a, b, c, extra);
  }
  void jump(const Position& position, Opcode opcode, Label target, std::uint32_t a = 0,
            std::uint32_t b = 0) {
    unit_->code.emit_jump(position, opcode, target, a, b);
  }
  [[nodiscard]] Label new_label() { return unit_->code.new_label(); }
  void bind(Label label) { unit_->code.bind(label); }
  [[nodiscard]] bool is_reachable() const { return unit_->code.is_reachable(); }
  std::uint32_t enter_handler(Label entry, Register live);  // the handler that was current
  [[nodiscard]] Register new_temporary(std::uint32_t count = 1);
  [[nodiscard]] bool is_temporary(Register reg) const { return reg >= unit_->first_temporary; }
  [[nodiscard]] bool is_temporary(Value value) const {
    return !value.is_constant() && is_temporary(value.reg());
  }
  // Where an expression of several instructions may collect its result: `to`, or a temporary if that is a local.
  [[nodiscard]] Register collecting(Register to) { return is_temporary(to) ? to : new_temporary(); }
  // Moves a collected result on.
  void deliver(const Position& position, Register from, Register to);

  // -- generator.cpp: constants and names --
  [[nodiscard]] Value constant(Ref<Object> object);
  [[nodiscard]] Value constant_none();
  [[nodiscard]] Value constant_int(std::int64_t number);
  [[nodiscard]] Value constant_text(std::string_view text);
  [[nodiscard]] std::uint32_t constant_index(Ref<Object> object);
  [[nodiscard]] std::uint32_t name_index(std::string_view name);  // not mangled here
  [[nodiscard]] std::string_view mangle(std::string_view name);
  // The value into a register of its own.
  void load(const Position& position, Value value, Register to);
  // For operands that cannot be constants: loaded into a temporary if it is one.
  [[nodiscard]] Register in_register(const Position& position, Value value);
  // A second reference to what stays needed: a temporary is copied, what else is named twice.
  [[nodiscard]] Value second(const Position& position, Value value);
  void drop(const Position& position, Value value);  // a temporary is emptied

  [[nodiscard]] Place place_of(std::string_view name);  // mangled
  [[nodiscard]] Place place_in_comprehension(std::string_view name, bool& is_there);
  void check_local(const Position& position, const Place& place);
  void load_name(const Position& position, std::string_view name, Register to);
  void store_name(const Position& position, std::string_view name, Value value);
  void delete_name(const Position& position, std::string_view name);
  void mark_bound(const Place& place);

  // -- generate_statements.cpp --
  void statements(syntax::Sequence<syntax::Statement> body);
  void statement(const syntax::Statement* node);
  void compound_statement(const syntax::Statement* node);
  void expression_statement(const syntax::Expr* node);
  void return_statement(const syntax::Return* node);
  void raise_statement(const syntax::Raise* node);
  void assert_statement(const syntax::Assert* node);
  void import_statement(const syntax::Import* node);
  void import_from_statement(const syntax::ImportFrom* node);
  void delete_target(const syntax::Expression* target);
  [[nodiscard]] bool check_future_import(const syntax::ImportFrom* node);

  // -- generate_blocks.cpp --
  void if_statement(const syntax::If* node);
  void while_statement(const syntax::While* node);
  void for_statement(const syntax::For* node);
  void break_statement(const syntax::Statement* node);
  void continue_statement(const syntax::Statement* node);
  void try_statement(const syntax::Try* node);
  void try_except(const syntax::Try* node);
  void except_clause(const syntax::ExceptHandler* handler, Register exception, Register saved,
                     Label end);
  void end_handler(const Position& position, Register exception, Register saved);
  void forget_name(const Position& position, std::string_view name);
  void with_statement(const syntax::With* node, std::size_t item);
  void call_exit(const Position& position, Register base);
  [[nodiscard]] bool push_block(Block block);
  void pop_block() { unit_->blocks.pop_back(); }
  // Code for leaving blocks down to `keep`, each in effect as long as it is inside. Changes the current handler to that of
  // the place to which it leaves; the caller restores it.
  void unwind_to(const Position& position, std::size_t keep);
  void unwind(const Position& position, const Block& block);
  [[nodiscard]] bool needs_unwinding() const;

  // -- generate_functions.cpp --
  void function_definition(const syntax::FunctionDef* node);
  void lambda(const syntax::Lambda* node, Register to);
  void class_definition(const syntax::ClassDef* node);
  void decorate(syntax::Sequence<syntax::Expression> decorators, Register base);
  [[nodiscard]] Ref<Code> function_body(Scope& scope, std::string_view name,
                                        std::uint32_t first_line,
                                        const syntax::Parameters& parameters,
                                        syntax::Sequence<syntax::Statement> body,
                                        const syntax::Expression* value);
  [[nodiscard]] Ref<Code> class_body(const syntax::ClassDef* node, std::uint32_t first_line);
  void set_parameters(const syntax::Parameters& parameters);
  void documentation(syntax::Sequence<syntax::Statement>& body, bool is_function);
  // MAKE_FUNCTION with what its parameters need. `annotated` may be null.
  void make_function(const Position& position, Ref<Code> code, const Scope& scope,
                     const syntax::Parameters* parameters, const syntax::FunctionDef* annotated,
                     Register to);
  void load_defaults(const Position& position, const syntax::Parameters& parameters, Register base,
                     std::uint32_t& parts, Register& next);
  [[nodiscard]] Register cell_of(std::string_view name);
  void load_closure(const Position& position, const Scope& scope, Register to);
  [[nodiscard]] std::vector<std::string_view> free_names_of(const Scope& scope) const;
  void function_annotations(const syntax::FunctionDef* node, Register to);
  void future_function_annotations(const syntax::FunctionDef* node, Register to);
  void annotated_assignment(const syntax::AnnAssign* node);
  void module_annotations(syntax::Sequence<syntax::Statement> body, const Scope& scope);
  struct Annotation {
    std::string_view name;
    const syntax::Expression* value;
  };
  [[nodiscard]] std::vector<Annotation> annotations_of(const syntax::FunctionDef* node) const;
  [[nodiscard]] Ref<Code> annotate_body(Scope& scope, const Position& position,
                                        const std::vector<Annotation>& annotations);
  void collect_annotations(syntax::Sequence<syntax::Statement> body,
                           std::vector<Annotation>& annotations);

  // -- generate_expressions.cpp --
  // The expression's value in place if it is a local or a constant, else in a new temporary. `is_last`: nothing else of
  // the instruction is evaluated after it.
  [[nodiscard]] Value operand(const syntax::Expression* node, bool is_last = true);
  void expression(const syntax::Expression* node, Register to);
  void other_expression(const syntax::Expression* node, Register to);
  void binary(const syntax::BinOp* node, Register to);
  void unary(const syntax::UnaryOp* node, Register to);
  void boolean(const syntax::BoolOp* node, Register to);
  void comparison(const syntax::Compare* node, Register to);
  void named_expression(const syntax::NamedExpr* node, Register to);
  void attribute(const syntax::Attribute* node, Register to);
  void subscript(const syntax::Subscript* node, Register to);
  [[nodiscard]] Value index(const syntax::Expression* node, bool is_last);
  void slice(const syntax::Slice* node, Register to);
  void yield(const syntax::Yield* node, Register to);
  void yield_from(const syntax::YieldFrom* node, Register to);
  void check_comparison(const syntax::Compare* node);
  [[nodiscard]] Value compared(const syntax::Expression* node,
                               syntax::ComparisonOperator operation);
  // Of the attribute's name, when it stands on a line of its own.
  [[nodiscard]] Position attribute_position(const syntax::Attribute* node,
                                            const Position& whole) const;

  // -- generate_conditions.cpp --
  // Jumps if the truth of the expression is `when`.
  void jump_if(const syntax::Expression* node, bool when, Label target);
  void jump_if_compared(const syntax::Compare* node, bool when, Label target);
  [[nodiscard]] bool jump_if_none(const syntax::Compare* node, bool when, Label target);
  // All comparisons but the last; `right` is the left operand of that.
  void comparison_chain(const syntax::Compare* node, Value& right, Label is_false, Register result);

  // -- generate_calls.cpp --
  void call(const syntax::Call* node, Register to);
  Position callee(const syntax::Call* node, Register base);
  void call_unpacked(const syntax::Call* node, const Position& position, Register base,
                     Register to);
  void call_arguments(const Position& position, syntax::Sequence<syntax::Expression> arguments,
                      syntax::Sequence<syntax::Keyword> keywords, Register base,
                      std::uint32_t already, Register to);
  void unpacked_arguments(const Position& position, syntax::Sequence<syntax::Expression> arguments,
                          syntax::Sequence<syntax::Keyword> keywords, Register base,
                          std::uint32_t already, Register to);
  void unpacked_keywords(const Position& position, syntax::Sequence<syntax::Keyword> keywords,
                         Register base, Register map);
  [[nodiscard]] Ref<Object> names_of(syntax::Sequence<syntax::Keyword> keywords);
  void check_keywords(syntax::Sequence<syntax::Keyword> keywords);
  void check_callee(const syntax::Expression* node);

  // -- generate_displays.cpp --
  void sequence_display(const syntax::Expression* node, syntax::Sequence<syntax::Expression> items,
                        Opcode build, Register to);
  void long_display(const syntax::Expression* node, syntax::Sequence<syntax::Expression> items,
                    Opcode build, Register to);
  void dict_display(const syntax::Dict* node, Register to);
  void joined_string(const syntax::JoinedStr* node, Register to);
  void formatted_value(const syntax::FormattedValue* node, Register to);
  void comprehension(const syntax::Expression* node, Register to);
  struct ComprehensionParts {
    std::span<const syntax::Comprehension> generators;
    const syntax::Expression* first;
    const syntax::Expression* second;
    Opcode build;  // or kYield
  };
  [[nodiscard]] static ComprehensionParts parts_of(const syntax::Expression* node);
  void inlined_comprehension(const syntax::Expression* node, const ComprehensionParts& parts,
                             Register to);
  void outlined_comprehension(const syntax::Expression* node, const ComprehensionParts& parts,
                              Register to);
  void comprehension_loops(const syntax::Expression* node, const ComprehensionParts& parts,
                           std::size_t level, Register iterator, Register result);

  // -- generate_targets.cpp --
  void assign(const syntax::Assign* node);
  [[nodiscard]] bool assign_pairwise(const syntax::Expression* target,
                                     const syntax::Expression* value);
  // Consumes the value.
  void store(const syntax::Expression* target, Value value);
  void unpack(const syntax::Expression* target, syntax::Sequence<syntax::Expression> elements,
              Value value);
  void augmented_assignment(const syntax::AugAssign* node);

  // -- fold.cpp --
  // The value of the expression if it is constant; null: it is not.
  [[nodiscard]] Ref<Object> folded(const syntax::Expression* node);
  [[nodiscard]] Ref<Object> fold(const syntax::Expression* node);
  [[nodiscard]] Ref<Object> fold_constant(const syntax::Constant* node);
  [[nodiscard]] Ref<Object> fold_binary(const syntax::BinOp* node);
  [[nodiscard]] Ref<Object> fold_unary(const syntax::UnaryOp* node);
  [[nodiscard]] Ref<Object> fold_tuple(syntax::Sequence<syntax::Expression> elements);
  [[nodiscard]] Ref<Object> fold_slice(const syntax::Slice* node);
  [[nodiscard]] Ref<Object> fold_subscript(const syntax::Subscript* node);
  // What stands for a display of constants behind `in` and `for`: a tuple or frozenset.
  [[nodiscard]] Ref<Object> folded_display(const syntax::Expression* node);
  [[nodiscard]] std::optional<bool> truth_of(const syntax::Expression* node);

  ThreadState& thread_;
  const syntax::SyntaxTree& tree_;
  ScopeTable& scopes_;
  const Borrowed<Str> file_name_;
  const CompileOptions& options_;
  std::vector<std::unique_ptr<Unit>> units_;
  Unit* unit_ = nullptr;
  // Null: not constant. By expressions that have parts.
  std::unordered_map<const syntax::Expression*, Ref<Object>> folded_;  // looked up, never iterated
  std::optional<syntax::SyntaxProblem> problem_;
  Ref<Object> raised_;
  // Bodies of `finally` are written several times, so that a short text may be very much code.
  static constexpr std::uint64_t kMostStatements = 4'000'000;
  std::uint64_t statements_written_ = 0;
  const std::uint32_t last_future_line_;  // of `from __future__ import` at the beginning
};

// The line of the last `from __future__ import` among the first statements; 0: none. Says whether annotations are meant.
[[nodiscard]] std::uint32_t last_future_line(const syntax::SyntaxTree& tree, bool& annotations);

// Of a binary operator, and of its augmented assignment.
[[nodiscard]] Opcode opcode_of(syntax::BinaryOperator operation);
[[nodiscard]] Opcode inplace_opcode_of(syntax::BinaryOperator operation);

}  // namespace runtime
