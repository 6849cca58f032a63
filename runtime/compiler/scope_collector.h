// The first half of scope.h: which names does each scope bind, use and declare?
//
// Follows the order in which the program is executed where that matters (a declaration after a use is an error).
//
// Ancestry: CPython's Python/symtable.c, symtable_visit_stmt and symtable_visit_expr.
#pragma once

#include "runtime/compiler/scope.h"

namespace runtime {

// A `global` or `nonlocal` statement, for errors that show later.
struct NameDeclaration {
  const Scope* scope;
  std::string_view name;
  syntax::Position position;
};

class ScopeCollector {
 public:
  ScopeCollector(ScopeTable& table, const syntax::SyntaxTree& tree, bool future_annotations)
      : table_(table), tree_(tree), future_annotations_(future_annotations) {}

  [[nodiscard]] bool collect(std::optional<syntax::SyntaxProblem>& problem);
  [[nodiscard]] const std::vector<NameDeclaration>& declarations() const { return declarations_; }

 private:
  // All of these do nothing more once there is a problem.
  void statements(syntax::Sequence<syntax::Statement> body);
  void statement(const syntax::Statement* node);
  void expressions(syntax::Sequence<syntax::Expression> nodes);
  void expression(const syntax::Expression* node);  // null: nothing

  void function(const syntax::FunctionDef* node);
  void class_definition(const syntax::ClassDef* node);
  void lambda(const syntax::Lambda* node);
  void annotated_assignment(const syntax::AnnAssign* node);
  void import(const syntax::Alias* alias, bool is_from);
  void declare(std::span<const std::string_view> names, const syntax::Statement* node,
               bool is_global);
  void try_statement(const syntax::Try* node);
  void compound(const syntax::Statement* node);

  void name(const syntax::Name* node);
  void named_expression(const syntax::NamedExpr* node);
  void bind_outside_comprehensions(const syntax::Name* target);
  void yield(const syntax::Expression* node, const syntax::Expression* value);
  void comprehension(const syntax::Expression* node, const char* name, ScopeKind kind,
                     std::span<const syntax::Comprehension> generators,
                     const syntax::Expression* first, const syntax::Expression* second);
  void other_expression(const syntax::Expression* node);

  void defaults(const syntax::Parameters& parameters);
  void parameters(const syntax::Parameters& parameters);
  void parameter(const syntax::Parameter* node);
  void function_annotations(const syntax::Parameters& parameters,
                            const syntax::Expression* returns);
  void variable_annotation(const syntax::Expression* annotation);

  Scope& enter(ScopeKind kind, std::string_view name, const void* key, std::uint32_t line);
  Scope& annotations_scope(Scope& parent, std::string_view name, std::uint32_t line);
  void leave() { scope_ = scope_->parent; }
  std::string_view own(std::string_view name) { return table_.mangle(*scope_, name); }

  // Binds or uses a name in the current scope.
  void add(std::string_view name, std::uint16_t flags, const syntax::Node* node);
  void check_debug(std::string_view name, const syntax::Node* node, syntax::Context context);
  void fail(const syntax::Position& position, std::string message);
  [[nodiscard]] bool failed() const { return problem_.has_value(); }

  ScopeTable& table_;
  const syntax::SyntaxTree& tree_;
  const bool future_annotations_;
  Scope* scope_ = nullptr;
  bool is_in_iteration_target_ = false;
  int iterable_depth_ = 0;  // inside the iterables of comprehensions
  std::vector<NameDeclaration> declarations_;
  std::optional<syntax::SyntaxProblem> problem_;
};

}  // namespace runtime
