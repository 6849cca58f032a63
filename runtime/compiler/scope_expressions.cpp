// What expressions bind and use; the rest of ScopeCollector is in scope_collector.cpp.
#include <utility>

#include "runtime/compiler/scope_collector.h"

namespace runtime {

using syntax::as;
using syntax::Context;
using syntax::NodeKind;

namespace {

const char* name_of_comprehension(std::string_view scope_name) {
  if (scope_name == "listcomp") return "list comprehension";
  if (scope_name == "setcomp") return "set comprehension";
  if (scope_name == "dictcomp") return "dict comprehension";
  return "generator expression";
}

bool is_comprehension(const Scope& scope) {
  return scope.kind == ScopeKind::kComprehension || scope.kind == ScopeKind::kGeneratorExpression;
}

}  // namespace

void ScopeCollector::expressions(syntax::Sequence<syntax::Expression> nodes) {
  for (const syntax::Expression* node : nodes) expression(node);
}

void ScopeCollector::expression(const syntax::Expression* node) {
  if (node == nullptr || failed()) return;
  switch (node->kind) {
    case NodeKind::kName:
      return name(as<syntax::Name>(node));
    case NodeKind::kConstant:
      return;
    case NodeKind::kAttribute: {
      const auto* attribute = as<syntax::Attribute>(node);
      check_debug(attribute->name, node, attribute->context);
      return expression(attribute->value);
    }
    case NodeKind::kSubscript:
      expression(as<syntax::Subscript>(node)->value);
      return expression(as<syntax::Subscript>(node)->index);
    case NodeKind::kCall: {
      const auto* call = as<syntax::Call>(node);
      expression(call->function);
      expressions(call->arguments);
      for (const syntax::Keyword* keyword : call->keywords) {
        check_debug(keyword->name, keyword, Context::kStore);
        expression(keyword->value);
      }
      return;
    }
    case NodeKind::kBinOp: {
      // A chain that leans to the left is walked here, not nested.
      std::vector<const syntax::BinOp*> chain;
      const syntax::Expression* left = node;
      while (left->kind == NodeKind::kBinOp) {
        chain.push_back(as<syntax::BinOp>(left));
        left = chain.back()->left;
      }
      expression(left);
      for (; !chain.empty(); chain.pop_back()) expression(chain.back()->right);
      return;
    }
    case NodeKind::kTuple:
      return expressions(as<syntax::Tuple>(node)->elements);
    case NodeKind::kList:
      return expressions(as<syntax::List>(node)->elements);
    case NodeKind::kStarred:
      return expression(as<syntax::Starred>(node)->value);
    default:
      return other_expression(node);
  }
}

void ScopeCollector::other_expression(const syntax::Expression* node) {
  switch (node->kind) {
    case NodeKind::kBoolOp:
      return expressions(as<syntax::BoolOp>(node)->values);
    case NodeKind::kNamedExpr:
      return named_expression(as<syntax::NamedExpr>(node));
    case NodeKind::kUnaryOp:
      return expression(as<syntax::UnaryOp>(node)->operand);
    case NodeKind::kLambda:
      return lambda(as<syntax::Lambda>(node));
    case NodeKind::kIfExp: {
      const auto* branch = as<syntax::IfExp>(node);
      expression(branch->test);
      expression(branch->body);
      return expression(branch->orelse);
    }
    case NodeKind::kDict: {
      const auto* dict = as<syntax::Dict>(node);
      for (std::size_t i = 0; i < dict->values.size(); ++i) {
        expression(dict->keys[i]);
        expression(dict->values[i]);
      }
      return;
    }
    case NodeKind::kSet:
      return expressions(as<syntax::Set>(node)->elements);
    case NodeKind::kListComp: {
      const auto* list = as<syntax::ListComp>(node);
      return comprehension(node, "listcomp", ScopeKind::kComprehension, list->generators,
                           list->element, nullptr);
    }
    case NodeKind::kSetComp: {
      const auto* set = as<syntax::SetComp>(node);
      return comprehension(node, "setcomp", ScopeKind::kComprehension, set->generators,
                           set->element, nullptr);
    }
    case NodeKind::kDictComp: {
      const auto* dict = as<syntax::DictComp>(node);
      return comprehension(node, "dictcomp", ScopeKind::kComprehension, dict->generators, dict->key,
                           dict->value);
    }
    case NodeKind::kGeneratorExp: {
      const auto* generator = as<syntax::GeneratorExp>(node);
      return comprehension(node, "genexpr", ScopeKind::kGeneratorExpression, generator->generators,
                           generator->element, nullptr);
    }
    case NodeKind::kYield:
      return yield(node, as<syntax::Yield>(node)->value);
    case NodeKind::kYieldFrom:
      return yield(node, as<syntax::YieldFrom>(node)->value);
    case NodeKind::kCompare:
      expression(as<syntax::Compare>(node)->left);
      return expressions(as<syntax::Compare>(node)->comparators);
    case NodeKind::kJoinedStr:
      return expressions(as<syntax::JoinedStr>(node)->values);
    case NodeKind::kFormattedValue:
      expression(as<syntax::FormattedValue>(node)->value);
      return expression(as<syntax::FormattedValue>(node)->format_spec);
    case NodeKind::kSlice: {
      const auto* slice = as<syntax::Slice>(node);
      expression(slice->lower);
      expression(slice->upper);
      return expression(slice->step);
    }
    default:
      return;
  }
}

void ScopeCollector::name(const syntax::Name* node) {
  check_debug(node->name, node, node->context);
  if (node->context == Context::kLoad) {
    add(node->name, SymbolFlag::kUsed, node);
    // super() finds the class of the function in a cell.
    if (node->name == "super" && scope_->is_function_like()) {
      scope_->add("__class__").flags |= SymbolFlag::kUsed;
    }
    return;
  }
  const std::uint16_t deleted = node->context == Context::kDelete ? SymbolFlag::kDeleted : 0;
  add(node->name, SymbolFlag::kAssigned | deleted, node);
}

void ScopeCollector::yield(const syntax::Expression* node, const syntax::Expression* value) {
  expression(value);
  if (failed()) return;
  if (scope_->kind == ScopeKind::kAnnotations) {
    return fail(node->position, "yield expression cannot be used within an annotation");
  }
  if (is_comprehension(*scope_)) {
    return fail(node->position,
                std::string("'yield' inside ") + name_of_comprehension(scope_->name));
  }
  scope_->is_generator = true;
}

// PEP 572: in a comprehension the name belongs to the scope around.
void ScopeCollector::bind_outside_comprehensions(const syntax::Name* target) {
  Scope* outer = scope_;
  for (; is_comprehension(*outer); outer = outer->parent) {
    const Symbol* symbol = outer->find(own(target->name));
    if (symbol != nullptr && symbol->has(SymbolFlag::kIterationVariable)) {
      return fail(target->position,
                  "assignment expression cannot rebind comprehension iteration variable '" +
                      std::string(target->name) + "'");
    }
  }
  if (outer->kind == ScopeKind::kClass) {
    return fail(target->position,
                "assignment expression within a comprehension cannot be used in a class body");
  }
  const std::string_view mine = own(target->name);
  const Symbol* known = outer->find(mine);
  const bool is_global =
      outer->kind == ScopeKind::kModule || (known != nullptr && known->has(SymbolFlag::kGlobal));
  outer->has_named_expressions = true;
  if (is_global) table_.root_->add(mine).flags |= SymbolFlag::kGlobal;
  for (Scope* scope = scope_; scope != outer; scope = scope->parent) {
    scope->add(mine).flags |= is_global ? SymbolFlag::kGlobal : SymbolFlag::kNonlocal;
  }
  if (outer->kind == ScopeKind::kModule) {
    outer->add(mine).flags |= SymbolFlag::kGlobal | SymbolFlag::kAssigned;
  } else if (!is_global && (known == nullptr || !known->has(SymbolFlag::kNonlocal))) {
    outer->add(mine).flags |= SymbolFlag::kAssigned;
  }
}

void ScopeCollector::named_expression(const syntax::NamedExpr* node) {
  const auto* target = as<syntax::Name>(node->target);
  if (scope_->kind == ScopeKind::kAnnotations) {
    return fail(node->position, "named expression cannot be used within an annotation");
  }
  if (iterable_depth_ > 0) {
    return fail(node->position,
                "assignment expression cannot be used in a comprehension iterable expression");
  }
  if (is_comprehension(*scope_)) bind_outside_comprehensions(target);
  if (failed()) return;
  scope_->has_named_expressions = true;
  expression(node->value);
  if (is_comprehension(*scope_)) {
    check_debug(target->name, target, Context::kStore);
  } else {
    name(target);
  }
}

void ScopeCollector::comprehension(const syntax::Expression* node, const char* name, ScopeKind kind,
                                   std::span<const syntax::Comprehension> generators,
                                   const syntax::Expression* first,
                                   const syntax::Expression* second) {
  const auto iterable = [this](const syntax::Expression* value) {
    ++iterable_depth_;
    expression(value);
    --iterable_depth_;
  };
  const auto target = [this](const syntax::Expression* value) {
    is_in_iteration_target_ = true;
    expression(value);
    is_in_iteration_target_ = false;
  };
  iterable(generators[0].iterable);
  if (failed()) return;
  const bool outer_target = std::exchange(is_in_iteration_target_, false);
  const bool can_be_inlined = kind == ScopeKind::kComprehension &&
                              scope_->kind != ScopeKind::kClass &&
                              scope_->kind != ScopeKind::kAnnotations;
  Scope& scope = enter(kind, name, node, node->position.line);
  scope.is_inlined = can_be_inlined;
  if (!can_be_inlined) scope.add(".0").flags = SymbolFlag::kParameter;
  if (kind == ScopeKind::kGeneratorExpression) scope.is_generator = true;
  target(generators[0].target);
  expressions(generators[0].conditions);
  for (const syntax::Comprehension& generator : generators.subspan(1)) {
    target(generator.target);
    iterable(generator.iterable);
    expressions(generator.conditions);
  }
  // As evaluated: of a dict, the key first.
  expression(first);
  expression(second);
  leave();
  is_in_iteration_target_ = outer_target;
}

}  // namespace runtime
