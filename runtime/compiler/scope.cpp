#include "runtime/compiler/scope.h"

#include "runtime/compiler/scope_collector.h"
#include "runtime/compiler/scope_resolver.h"

namespace runtime {

Symbol* Scope::find(std::string_view symbol_name) {
  const auto found = index_.find(symbol_name);
  return found == index_.end() ? nullptr : &symbols[found->second];
}

Symbol& Scope::add(std::string_view symbol_name) {
  const auto [place, is_new] =
      index_.try_emplace(symbol_name, static_cast<std::uint32_t>(symbols.size()));
  if (is_new) symbols.push_back(Symbol{.name = symbol_name});
  return symbols[place->second];
}

// https://docs.python.org/3/reference/expressions.html#private-name-mangling
std::string_view mangled(std::string_view class_name, std::string_view name,
                         std::deque<std::string>& pool) {
  if (class_name.empty() || !name.starts_with("__") || name.ends_with("__") ||
      name.find('.') != std::string_view::npos) {
    return name;
  }
  const std::size_t first = class_name.find_first_not_of('_');
  if (first == std::string_view::npos) return name;
  std::string& text = pool.emplace_back("_");
  text += class_name.substr(first);
  text += name;
  return text;
}

std::unique_ptr<ScopeTable> ScopeTable::build(const syntax::SyntaxTree& tree,
                                              bool future_annotations,
                                              std::optional<syntax::SyntaxProblem>& problem) {
  auto table = std::make_unique<ScopeTable>();
  ScopeCollector collector(*table, tree, future_annotations);
  if (!collector.collect(problem)) return nullptr;
  ScopeResolver resolver(*table, tree, collector.declarations());
  if (!resolver.resolve(problem)) return nullptr;
  return table;
}

}  // namespace runtime
