// Scopes: what does each name of a program mean?
//
// A module, class, function, lambda, generator expression, comprehension or set of annotations is a scope. One walk over
// the tree collects for each scope which names it binds, uses and declares; then a walk over the scopes decides, from the
// outside to the inside, whether a name is local, global or free, and from the inside to the outside, which locals are
// captured and so live in cells.
//
// A comprehension is a scope of its own, but its code stands in that of the scope around it (`is_inlined`), unless that is
// a class body. What an inlined comprehension uses of the scope around is not captured: it is there. Only a function
// inside the comprehension captures.
//
// Names are mangled here (`__x` in class C is `_C__x`); the code generator mangles with the same function.
//
// Ancestry: https://docs.python.org/3/reference/executionmodel.html#naming-and-binding; CPython's Python/symtable.c; PEP
// 572 (assignment expressions), PEP 649 (annotations), PEP 709 (inlined comprehensions).
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/syntax/parse.h"

namespace runtime {

enum class ScopeKind : std::uint8_t {
  kModule,  // and the text of eval()
  kClass,
  kFunction,
  kLambda,
  kComprehension,
  kGeneratorExpression,
  kAnnotations,
};

enum class NameMeaning : std::uint8_t {
  kLocal,           // of a function: a register; of a class or module: in the locals mapping
  kCell,            // a local of a function that inner scopes capture
  kFree,            // a cell of a function around
  kGlobalDeclared,  // `global x`
  kGlobal,          // nobody binds it
};

struct SymbolFlag {
  static constexpr std::uint16_t kGlobal = 1;  // declared
  static constexpr std::uint16_t kNonlocal = 2;
  static constexpr std::uint16_t kAssigned = 4;  // or deleted, or defined
  static constexpr std::uint16_t kParameter = 8;
  static constexpr std::uint16_t kImported = 16;
  static constexpr std::uint16_t kUsed = 32;
  static constexpr std::uint16_t kAnnotated = 64;
  static constexpr std::uint16_t kIterationVariable = 128;  // of a comprehension
  static constexpr std::uint16_t kDeleted = 256;            // becomes unbound somewhere
  static constexpr std::uint16_t kFreeInClass =
      512;  // a name of the class body that functions in it take from around
  static constexpr std::uint16_t kBound = kAssigned | kParameter | kImported;
};

struct Symbol {
  std::string_view name;
  std::uint16_t flags = 0;
  NameMeaning meaning = NameMeaning::kGlobal;

  [[nodiscard]] bool has(std::uint16_t flag) const { return (flags & flag) != 0; }
};

struct Scope {
  ScopeKind kind = ScopeKind::kModule;
  std::string_view name;
  Scope* parent = nullptr;
  std::string_view class_name;  // of the class around, for mangling; empty: none
  std::vector<Scope*> children;
  std::vector<Symbol> symbols;  // in the order of their first appearance
  bool is_inlined = false;
  bool is_generator = false;
  bool is_nested = false;              // a function around
  bool needs_class_cell = false;       // of a class: __class__ is captured
  bool needs_class_dict = false;       // of a class: __classdict__ is captured by annotations
  bool has_named_expressions = false;  // x := 1 changes a local in the middle of an expression
  bool sees_class = false;       // of annotations: their names are looked for in the class first
  Scope* annotations = nullptr;  // of a module or class: those of its variables
  std::uint32_t first_line = 0;

  [[nodiscard]] bool is_function_like() const {
    return kind != ScopeKind::kModule && kind != ScopeKind::kClass;
  }
  [[nodiscard]] Symbol* find(std::string_view symbol_name);
  [[nodiscard]] const Symbol* find(std::string_view symbol_name) const {
    return const_cast<Scope*>(this)->find(symbol_name);
  }
  Symbol& add(std::string_view symbol_name);

 private:
  std::unordered_map<std::string_view, std::uint32_t> index_;  // looked up, never iterated
};

// "_C__x" for a private name in a class, else the name itself. The text lives in `pool` or where it lived.
[[nodiscard]] std::string_view mangled(std::string_view class_name, std::string_view name,
                                       std::deque<std::string>& pool);

class ScopeTable {
 public:
  // The scopes of a tree, or what is wrong with its names. `future_annotations`: they are no code.
  static std::unique_ptr<ScopeTable> build(const syntax::SyntaxTree& tree, bool future_annotations,
                                           std::optional<syntax::SyntaxProblem>& problem);

  [[nodiscard]] Scope& root() { return *root_; }
  // Of a Module, Evaluation, Interactive, FunctionDef, ClassDef, Lambda, comprehension.
  [[nodiscard]] Scope& of(const syntax::Node* node) { return *by_node_.at(node); }
  // Of the annotations of a function's parameters and result; null: it has none.
  [[nodiscard]] Scope* annotations_of(const syntax::Parameters& parameters) {
    const auto found = by_node_.find(&parameters);
    return found == by_node_.end() ? nullptr : found->second;
  }
  [[nodiscard]] std::string_view mangle(const Scope& scope, std::string_view name) {
    return mangled(scope.class_name, name, names_);
  }

 private:
  friend class ScopeCollector;
  friend class ScopeResolver;

  Scope* root_ = nullptr;
  std::deque<Scope> scopes_;
  std::deque<std::string> names_;
  std::unordered_map<const void*, Scope*> by_node_;  // looked up, never iterated
};

}  // namespace runtime
