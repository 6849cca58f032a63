// The second half of scope.h: local, global, free or cell?
//
// Ancestry: CPython's Python/symtable.c, analyze_block.
#pragma once

#include <set>

#include "runtime/compiler/scope_collector.h"

namespace runtime {

class ScopeResolver {
 public:
  ScopeResolver(ScopeTable& table, const syntax::SyntaxTree& tree,
                const std::vector<NameDeclaration>& declarations)
      : table_(table), tree_(tree), declarations_(declarations) {}

  [[nodiscard]] bool resolve(std::optional<syntax::SyntaxProblem>& problem);

 private:
  using Names = std::set<std::string_view>;
  // What a scope takes from the functions around it.
  struct Taken {
    Names captured;  // by functions in it (or by itself, if it is one): needs cells
    Names direct;    // by the code of an inlined comprehension: is there anyway
  };

  // `bound`: names of functions around.
  Taken resolve_scope(Scope& scope, const Names& bound);
  void resolve_name(Scope& scope, Symbol& symbol, const Names& bound);
  void add_class_names(Scope& scope, Names& captured);
  // A name that passes through the scope on its way further in.
  void pass_through(Scope& scope, std::string_view name);
  void fail(const Scope& scope, std::string_view name, std::string message);

  ScopeTable& table_;
  const syntax::SyntaxTree& tree_;
  const std::vector<NameDeclaration>& declarations_;
  std::optional<syntax::SyntaxProblem> problem_;
};

}  // namespace runtime
