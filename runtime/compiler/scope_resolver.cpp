#include "runtime/compiler/scope_resolver.h"

namespace runtime {

bool ScopeResolver::resolve(std::optional<syntax::SyntaxProblem>& problem) {
  resolve_scope(table_.root(), {});
  problem = std::move(problem_);
  return !problem.has_value();
}

void ScopeResolver::fail(const Scope& scope, std::string_view name, std::string message) {
  if (problem_) return;
  syntax::Position position;
  for (const NameDeclaration& declaration : declarations_) {
    if (declaration.scope != &scope || declaration.name != name) continue;
    position = declaration.position;
    break;
  }
  problem_ = tree_.problem(position, std::move(message));
}

void ScopeResolver::resolve_name(Scope& scope, Symbol& symbol, const Names& bound) {
  if (symbol.has(SymbolFlag::kGlobal)) {
    if (symbol.has(SymbolFlag::kNonlocal)) {
      fail(scope, symbol.name, "name '" + std::string(symbol.name) + "' is nonlocal and global");
    }
    symbol.meaning = NameMeaning::kGlobalDeclared;
  } else if (symbol.has(SymbolFlag::kNonlocal)) {
    if (scope.kind == ScopeKind::kModule) {
      fail(scope, symbol.name, "nonlocal declaration not allowed at module level");
    } else if (!bound.contains(symbol.name)) {
      fail(scope, symbol.name, "no binding for nonlocal '" + std::string(symbol.name) + "' found");
    }
    symbol.meaning = NameMeaning::kFree;
  } else if (symbol.has(SymbolFlag::kBound)) {
    symbol.meaning = NameMeaning::kLocal;
  } else {
    symbol.meaning = bound.contains(symbol.name) ? NameMeaning::kFree : NameMeaning::kGlobal;
  }
}

void ScopeResolver::pass_through(Scope& scope, std::string_view name) {
  if (Symbol* symbol = scope.find(name)) {
    // A class may bind the name itself, or use it as a global: its functions see another.
    if (symbol->meaning != NameMeaning::kFree) symbol->flags |= SymbolFlag::kFreeInClass;
    return;
  }
  scope.add(name).meaning = NameMeaning::kFree;
}

// The class itself provides these two to its functions and annotations.
void ScopeResolver::add_class_names(Scope& scope, Names& captured) {
  scope.needs_class_cell = captured.erase("__class__") != 0;
  scope.needs_class_dict = captured.erase("__classdict__") != 0;
}

ScopeResolver::Taken ScopeResolver::resolve_scope(Scope& scope, const Names& bound) {
  for (Symbol& symbol : scope.symbols) resolve_name(scope, symbol, bound);
  Taken taken;
  for (const Symbol& symbol : scope.symbols) {
    if (symbol.meaning != NameMeaning::kFree) continue;
    (scope.is_inlined ? taken.direct : taken.captured).insert(symbol.name);
  }

  Names inner = bound;
  if (scope.is_function_like()) {
    for (const Symbol& symbol : scope.symbols) {
      if (symbol.meaning == NameMeaning::kLocal) inner.insert(symbol.name);
      if (symbol.meaning == NameMeaning::kGlobalDeclared) inner.erase(symbol.name);
    }
  } else if (scope.kind == ScopeKind::kClass) {
    inner.insert({"__class__", "__classdict__"});
  }

  Names captured;
  Names direct;
  for (Scope* child : scope.children) {
    if (problem_) return {};
    Taken of_child = resolve_scope(*child, inner);
    captured.merge(of_child.captured);
    direct.merge(of_child.direct);
  }

  if (scope.kind == ScopeKind::kClass) add_class_names(scope, captured);
  for (std::string_view name : captured) {
    Symbol* symbol = scope.find(name);
    const bool is_ours =
        scope.is_function_like() && symbol != nullptr &&
        (symbol->meaning == NameMeaning::kLocal || symbol->meaning == NameMeaning::kCell);
    if (is_ours) {
      symbol->meaning = NameMeaning::kCell;
    } else if (scope.is_inlined) {
      // The cell is one of the scope around, which the code of this one shares.
      if (scope.find(name) == nullptr) scope.add(name).meaning = NameMeaning::kFree;
      taken.captured.insert(name);
    } else {
      pass_through(scope, name);
      taken.captured.insert(name);
    }
  }
  for (std::string_view name : direct) {
    const Symbol* symbol = scope.find(name);
    const bool is_ours = symbol != nullptr && (symbol->meaning == NameMeaning::kLocal ||
                                               symbol->meaning == NameMeaning::kCell);
    if (is_ours) continue;
    if (symbol == nullptr) scope.add(name).meaning = NameMeaning::kFree;
    (scope.is_inlined ? taken.direct : taken.captured).insert(name);
  }
  return taken;
}

}  // namespace runtime
