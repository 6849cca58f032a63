#include "runtime/compiler/scope_collector.h"

namespace runtime {

using syntax::as;
using syntax::Context;
using syntax::NodeKind;
using syntax::try_as;

bool ScopeCollector::collect(std::optional<syntax::SyntaxProblem>& problem) {
  const syntax::Node* root = tree_.root();
  enter(ScopeKind::kModule, "top", root, 0);
  table_.root_ = scope_;
  switch (root->kind) {
    case NodeKind::kModule:
      statements(as<syntax::Module>(root)->body);
      break;
    case NodeKind::kInteractive:
      statements(as<syntax::Interactive>(root)->body);
      break;
    default:
      expression(as<syntax::Evaluation>(root)->body);
      break;
  }
  problem = std::move(problem_);
  return !problem.has_value();
}

void ScopeCollector::fail(const syntax::Position& position, std::string message) {
  if (!problem_) problem_ = tree_.problem(position, std::move(message));
}

Scope& ScopeCollector::enter(ScopeKind kind, std::string_view name, const void* key,
                             std::uint32_t line) {
  Scope& scope = table_.scopes_.emplace_back();
  scope.kind = kind;
  scope.name = name;
  scope.parent = scope_;
  scope.first_line = line;
  if (scope_ != nullptr) {
    scope.class_name = scope_->class_name;
    scope.is_nested = scope_->is_nested || scope_->is_function_like();
    scope_->children.push_back(&scope);
  }
  table_.by_node_[key] = &scope;
  scope_ = &scope;
  return scope;
}

void ScopeCollector::add(std::string_view name, std::uint16_t flags, const syntax::Node* node) {
  const std::string_view mine = own(name);
  Symbol& symbol = scope_->add(mine);
  if ((flags & SymbolFlag::kParameter) != 0 && symbol.has(SymbolFlag::kParameter)) {
    fail(node->position, "duplicate argument '" + std::string(mine) + "' in function definition");
    return;
  }
  if (is_in_iteration_target_ && (flags & SymbolFlag::kAssigned) != 0) {
    if (symbol.has(SymbolFlag::kGlobal | SymbolFlag::kNonlocal)) {
      fail(node->position, "comprehension inner loop cannot rebind assignment expression target '" +
                               std::string(name) + "'");
      return;
    }
    flags |= SymbolFlag::kIterationVariable;
  }
  symbol.flags |= flags;
}

void ScopeCollector::check_debug(std::string_view name, const syntax::Node* node, Context context) {
  if (name != "__debug__" || context == Context::kLoad) return;
  fail(node->position,
       context == Context::kStore ? "cannot assign to __debug__" : "cannot delete __debug__");
}

void ScopeCollector::statements(syntax::Sequence<syntax::Statement> body) {
  for (const syntax::Statement* node : body) {
    if (failed()) return;
    statement(node);
  }
}

void ScopeCollector::statement(const syntax::Statement* node) {
  switch (node->kind) {
    case NodeKind::kFunctionDef:
      return function(as<syntax::FunctionDef>(node));
    case NodeKind::kClassDef:
      return class_definition(as<syntax::ClassDef>(node));
    case NodeKind::kReturn:
      return expression(as<syntax::Return>(node)->value);
    case NodeKind::kDelete:
      return expressions(as<syntax::Delete>(node)->targets);
    case NodeKind::kAssign: {
      const auto* assign = as<syntax::Assign>(node);
      expression(assign->value);
      return expressions(assign->targets);
    }
    case NodeKind::kAugAssign: {
      const auto* assign = as<syntax::AugAssign>(node);
      expression(assign->target);
      return expression(assign->value);
    }
    case NodeKind::kAnnAssign:
      return annotated_assignment(as<syntax::AnnAssign>(node));
    case NodeKind::kRaise: {
      const auto* raise = as<syntax::Raise>(node);
      expression(raise->exception);
      return expression(raise->cause);
    }
    case NodeKind::kAssert: {
      const auto* assertion = as<syntax::Assert>(node);
      expression(assertion->test);
      return expression(assertion->message);
    }
    case NodeKind::kImport:
      for (const syntax::Alias* alias : as<syntax::Import>(node)->names) import(alias, false);
      return;
    case NodeKind::kImportFrom:
      for (const syntax::Alias* alias : as<syntax::ImportFrom>(node)->names) {
        import(alias, true);
      }
      return;
    case NodeKind::kGlobal:
      return declare(as<syntax::Global>(node)->names, node, true);
    case NodeKind::kNonlocal:
      return declare(as<syntax::Nonlocal>(node)->names, node, false);
    case NodeKind::kExpr:
      return expression(as<syntax::Expr>(node)->value);
    default:
      return compound(node);
  }
}

void ScopeCollector::compound(const syntax::Statement* node) {
  switch (node->kind) {
    case NodeKind::kFor: {
      const auto* loop = as<syntax::For>(node);
      expression(loop->iterable);
      expression(loop->target);
      statements(loop->body);
      return statements(loop->orelse);
    }
    case NodeKind::kWhile: {
      const auto* loop = as<syntax::While>(node);
      expression(loop->test);
      statements(loop->body);
      return statements(loop->orelse);
    }
    case NodeKind::kIf: {
      // A chain of elif is walked here, not nested.
      const auto* branch = as<syntax::If>(node);
      for (;;) {
        expression(branch->test);
        statements(branch->body);
        const auto* next =
            branch->orelse.size() == 1 ? try_as<syntax::If>(branch->orelse[0]) : nullptr;
        if (next == nullptr) return statements(branch->orelse);
        branch = next;
      }
    }
    case NodeKind::kWith: {
      const auto* with = as<syntax::With>(node);
      for (const syntax::WithItem& item : with->items) {
        expression(item.context);
        expression(item.target);
      }
      return statements(with->body);
    }
    case NodeKind::kTry:
      return try_statement(as<syntax::Try>(node));
    default:
      return;
  }
}

void ScopeCollector::try_statement(const syntax::Try* node) {
  statements(node->body);
  statements(node->orelse);
  for (const syntax::ExceptHandler* handler : node->handlers) {
    expression(handler->type);
    if (!handler->name.empty()) {
      check_debug(handler->name, handler, Context::kStore);
      add(handler->name, SymbolFlag::kAssigned | SymbolFlag::kDeleted, handler);
    }
    statements(handler->body);
  }
  statements(node->finally_body);
}

void ScopeCollector::defaults(const syntax::Parameters& parameters) {
  expressions(parameters.defaults);
  expressions(parameters.keyword_defaults);
}

void ScopeCollector::parameter(const syntax::Parameter* node) {
  if (node == nullptr) return;
  check_debug(node->name, node, Context::kStore);
  add(node->name, SymbolFlag::kParameter, node);
}

// In the order of the registers.
void ScopeCollector::parameters(const syntax::Parameters& parameters) {
  for (const syntax::Parameter* node : parameters.positional_only) parameter(node);
  for (const syntax::Parameter* node : parameters.positional) parameter(node);
  for (const syntax::Parameter* node : parameters.keyword_only) parameter(node);
  parameter(parameters.variadic);
  parameter(parameters.keyword_variadic);
}

Scope& ScopeCollector::annotations_scope(Scope& parent, std::string_view name, std::uint32_t line) {
  Scope& scope = enter(ScopeKind::kAnnotations, name, &parent, line);
  scope.sees_class = parent.kind == ScopeKind::kClass;
  scope.add("format").flags = SymbolFlag::kParameter;
  if (scope.sees_class) scope.add("__classdict__").flags = SymbolFlag::kUsed;
  return scope;
}

void ScopeCollector::function_annotations(const syntax::Parameters& parameters,
                                          const syntax::Expression* returns) {
  bool is_any = returns != nullptr;
  const auto visit_all = [&](auto&& visit) {
    for (const syntax::Parameter* node : parameters.positional_only) visit(node);
    for (const syntax::Parameter* node : parameters.positional) visit(node);
    if (parameters.variadic != nullptr) visit(parameters.variadic);
    for (const syntax::Parameter* node : parameters.keyword_only) visit(node);
    if (parameters.keyword_variadic != nullptr) visit(parameters.keyword_variadic);
  };
  visit_all([&](const syntax::Parameter* node) { is_any |= node->annotation != nullptr; });
  if (!is_any || future_annotations_) return;
  Scope& scope = annotations_scope(*scope_, "__annotate__", 0);
  table_.by_node_[&parameters] = &scope;
  visit_all([&](const syntax::Parameter* node) { expression(node->annotation); });
  expression(returns);
  leave();
}

void ScopeCollector::function(const syntax::FunctionDef* node) {
  check_debug(node->name, node, Context::kStore);
  add(node->name, SymbolFlag::kAssigned, node);
  expressions(node->decorators);
  defaults(node->parameters);
  if (failed()) return;
  function_annotations(node->parameters, node->returns);
  enter(ScopeKind::kFunction, node->name, node, node->position.line);
  parameters(node->parameters);
  statements(node->body);
  leave();
}

void ScopeCollector::lambda(const syntax::Lambda* node) {
  defaults(node->parameters);
  enter(ScopeKind::kLambda, "lambda", node, node->position.line);
  parameters(node->parameters);
  expression(node->body);
  leave();
}

void ScopeCollector::class_definition(const syntax::ClassDef* node) {
  check_debug(node->name, node, Context::kStore);
  add(node->name, SymbolFlag::kAssigned, node);
  expressions(node->decorators);
  expressions(node->bases);
  for (const syntax::Keyword* keyword : node->keywords) expression(keyword->value);
  Scope& scope = enter(ScopeKind::kClass, node->name, node, node->position.line);
  scope.class_name = node->name;
  statements(node->body);
  leave();
}

void ScopeCollector::variable_annotation(const syntax::Expression* annotation) {
  if (future_annotations_) return;
  if (scope_->is_function_like()) return;  // those of a function's variables are never evaluated
  Scope& owner = *scope_;
  if (owner.annotations == nullptr) {
    owner.annotations = &annotations_scope(owner, "__annotate__", annotation->position.line);
  } else {
    scope_ = owner.annotations;
  }
  expression(annotation);
  scope_ = &owner;
}

void ScopeCollector::annotated_assignment(const syntax::AnnAssign* node) {
  if (const auto* target = try_as<syntax::Name>(node->target)) {
    const Symbol* symbol = scope_->find(own(target->name));
    if (symbol != nullptr && node->simple && scope_->kind != ScopeKind::kModule &&
        symbol->has(SymbolFlag::kGlobal | SymbolFlag::kNonlocal)) {
      fail(node->position, "annotated name '" + std::string(symbol->name) + "' can't be " +
                               (symbol->has(SymbolFlag::kGlobal) ? "global" : "nonlocal"));
      return;
    }
    check_debug(target->name, target, Context::kStore);
    if (node->simple) {
      add(target->name, SymbolFlag::kAnnotated | SymbolFlag::kAssigned, target);
    } else if (node->value != nullptr) {
      add(target->name, SymbolFlag::kAssigned, target);
    }
  } else {
    expression(node->target);
  }
  if (!failed()) variable_annotation(node->annotation);
  expression(node->value);
}

void ScopeCollector::import(const syntax::Alias* alias, bool is_from) {
  if (failed()) return;
  if (is_from && alias->name == "*") {
    if (scope_->kind != ScopeKind::kModule) {
      fail(alias->position, "import * only allowed at module level");
    }
    return;
  }
  std::string_view name = alias->as_name;
  if (name.empty()) name = is_from ? alias->name : alias->name.substr(0, alias->name.find('.'));
  check_debug(name, alias, Context::kStore);
  add(name, SymbolFlag::kImported, alias);
}

void ScopeCollector::declare(std::span<const std::string_view> names, const syntax::Statement* node,
                             bool is_global) {
  const std::string kind = is_global ? "global" : "nonlocal";
  for (std::string_view written : names) {
    const std::string_view name = own(written);
    if (const Symbol* symbol = scope_->find(name)) {
      const std::string quoted = "'" + std::string(name) + "'";
      std::string message;
      if (symbol->has(SymbolFlag::kParameter)) {
        message = "name " + quoted + " is parameter and " + kind;
      } else if (symbol->has(SymbolFlag::kUsed)) {
        message = "name " + quoted + " is used prior to " + kind + " declaration";
      } else if (symbol->has(SymbolFlag::kAnnotated)) {
        message = "annotated name " + quoted + " can't be " + kind;
      } else if (symbol->has(SymbolFlag::kAssigned)) {
        message = "name " + quoted + " is assigned to before " + kind + " declaration";
      }
      if (!message.empty()) return fail(node->position, message);
    }
    scope_->add(name).flags |= is_global ? SymbolFlag::kGlobal : SymbolFlag::kNonlocal;
    // Then the module means a global by it too, wherever its locals are.
    if (is_global) table_.root_->add(name).flags |= SymbolFlag::kGlobal;
    declarations_.push_back({scope_, name, node->position});
  }
}

}  // namespace runtime
