// Statements that do not nest; see generator.h.
#include "runtime/compiler/generator.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/singletons.h"

namespace runtime {

using syntax::as;
using syntax::NodeKind;
using syntax::try_as;

void Generator::statements(syntax::Sequence<syntax::Statement> body) {
  for (const syntax::Statement* node : body) {
    if (failed()) return;
    statement(node);
  }
}

void Generator::statement(const syntax::Statement* node) {
  unit_->last = node->position;
  if (++statements_written_ > kMostStatements || unit_->code.is_too_long()) {
    return fail(raise_text(thread_, overflow_error_type, "the compiled code is too long"));
  }
  const Temporaries temporaries(*this);
  switch (node->kind) {
    case NodeKind::kReturn:
      return return_statement(as<syntax::Return>(node));
    case NodeKind::kDelete:
      for (const syntax::Expression* target : as<syntax::Delete>(node)->targets) {
        delete_target(target);
      }
      return;
    case NodeKind::kAssign:
      return assign(as<syntax::Assign>(node));
    case NodeKind::kAugAssign:
      return augmented_assignment(as<syntax::AugAssign>(node));
    case NodeKind::kAnnAssign:
      return annotated_assignment(as<syntax::AnnAssign>(node));
    case NodeKind::kRaise:
      return raise_statement(as<syntax::Raise>(node));
    case NodeKind::kAssert:
      return assert_statement(as<syntax::Assert>(node));
    case NodeKind::kImport:
      return import_statement(as<syntax::Import>(node));
    case NodeKind::kImportFrom:
      return import_from_statement(as<syntax::ImportFrom>(node));
    case NodeKind::kExpr:
      return expression_statement(as<syntax::Expr>(node));
    case NodeKind::kBreak:
      return break_statement(node);
    case NodeKind::kContinue:
      return continue_statement(node);
    case NodeKind::kGlobal:
    case NodeKind::kNonlocal:
    case NodeKind::kPass:
      return;
    default:
      return compound_statement(node);
  }
}

void Generator::compound_statement(const syntax::Statement* node) {
  switch (node->kind) {
    case NodeKind::kFunctionDef:
      return function_definition(as<syntax::FunctionDef>(node));
    case NodeKind::kClassDef:
      return class_definition(as<syntax::ClassDef>(node));
    case NodeKind::kFor:
      return for_statement(as<syntax::For>(node));
    case NodeKind::kWhile:
      return while_statement(as<syntax::While>(node));
    case NodeKind::kIf:
      return if_statement(as<syntax::If>(node));
    case NodeKind::kWith:
      return with_statement(as<syntax::With>(node), 0);
    case NodeKind::kTry:
      return try_statement(as<syntax::Try>(node));
    default:
      return fail(node->position, "this statement is not supported");
  }
}

void Generator::expression_statement(const syntax::Expr* node) {
  const bool is_shown = tree_.mode() == syntax::Mode::kInteractive && units_.size() == 1;
  if (is_shown) {
    const Value value = operand(node->value);
    return emit(node->position, Opcode::kPrintExpression, value.operand);
  }
  if (node->value->kind == NodeKind::kConstant) return;
  const Value value = operand(node->value);
  drop(node->position, value);
}

void Generator::return_statement(const syntax::Return* node) {
  const Scope& scope = *unit_->scope;
  if (!scope.is_function_like()) return fail(node->position, "'return' outside function");
  Value value = node->value == nullptr ? constant_none() : operand(node->value);
  if (needs_unwinding() && !value.is_constant() && !is_temporary(value)) {
    // What runs on the way out may change the variable.
    const Register copy = new_temporary();
    load(node->value->position, value, copy);
    value = {copy};
  }
  const std::uint32_t handler = unit_->code.handler();
  unwind_to(node->position, 0);
  emit(node->position, Opcode::kReturn, value.operand);
  unit_->code.set_handler(handler);
}

void Generator::raise_statement(const syntax::Raise* node) {
  if (node->exception == nullptr) return emit(node->position, Opcode::kRaiseHandled);
  const Value exception = operand(node->exception, node->cause == nullptr);
  const Register reg = in_register(node->position, exception);
  if (node->cause == nullptr) return emit(node->position, Opcode::kRaise, reg);
  const Value cause = operand(node->cause);
  emit(node->position, Opcode::kRaiseFrom, reg, cause.operand);
}

void Generator::assert_statement(const syntax::Assert* node) {
  if (const auto* tuple = try_as<syntax::Tuple>(node->test)) {
    if (!tuple->elements.empty()) {
      warn(node->position, "assertion is always true, perhaps remove parentheses?");
    }
  }
  if (options_.optimization > 0) return;
  const Label end = new_label();
  jump_if(node->test, true, end);
  const Register base = new_temporary(2);
  emit(node->position, Opcode::kLoadAssertionError, base);
  if (node->message != nullptr) {
    expression(node->message, new_temporary());
    emit(node->position, Opcode::kCall, base, base, 1);
  }
  emit(node->test->position, Opcode::kRaise, base);
  bind(end);
}

// -- import: https://docs.python.org/3/reference/simple_stmts.html#import --

void Generator::import_statement(const syntax::Import* node) {
  for (const syntax::Alias* alias : node->names) {
    const Temporaries temporaries(*this);
    const Register module = new_temporary();
    emit(node->position, Opcode::kImportName, module, name_index(alias->name),
         constant_none().operand, 0);
    if (alias->as_name.empty()) {
      const std::string_view top = alias->name.substr(0, alias->name.find('.'));
      store_name(node->position, mangle(top), {module});
      continue;
    }
    // a.b.c as d: the import gives a; b and c are taken from it.
    std::size_t dot = alias->name.find('.');
    while (dot != std::string_view::npos) {
      const std::size_t begin = dot + 1;
      dot = alias->name.find('.', begin);
      const std::string_view part = alias->name.substr(begin, dot - begin);
      const Register inner = new_temporary();
      emit(node->position, Opcode::kImportFrom, inner, module, name_index(part));
      emit(node->position, Opcode::kMove, module, inner);
    }
    store_name(node->position, mangle(alias->as_name), {module});
  }
}

bool Generator::check_future_import(const syntax::ImportFrom* node) {
  static constexpr std::string_view kFeatures[] = {
      "nested_scopes",  "generators",       "division",       "absolute_import", "with_statement",
      "print_function", "unicode_literals", "barry_as_FLUFL", "generator_stop",  "annotations"};
  const bool is_early = unit_->scope->kind == ScopeKind::kModule && unit_->blocks.empty() &&
                        node->position.line <= last_future_line_;
  if (!is_early) {
    fail(node->position, "from __future__ imports must occur at the beginning of the file");
    return false;
  }
  for (const syntax::Alias* alias : node->names) {
    if (alias->name == "braces") {
      fail(node->position, "not a chance");
      return false;
    }
    bool is_known = false;
    for (std::string_view feature : kFeatures) is_known |= feature == alias->name;
    if (!is_known) {
      fail(alias->position, "future feature " + std::string(alias->name) + " is not defined");
      return false;
    }
  }
  return true;
}

void Generator::import_from_statement(const syntax::ImportFrom* node) {
  if (node->module == "__future__" && node->level == 0 && !check_future_import(node)) return;
  if (failed()) return;
  Ref<Object> names;
  std::vector<Ref<Object>> parts;
  for (const syntax::Alias* alias : node->names) {
    Ref<Str> text = take(new_str(thread_, alias->name));
    if (failed()) return;
    parts.push_back(std::move(text));
  }
  names = take(new_tuple_taking(thread_, parts));
  if (failed()) return;
  const Register module = new_temporary();
  const Value from_list = constant(std::move(names));
  emit(node->position, Opcode::kImportName, module, name_index(node->module), from_list.operand,
       static_cast<std::uint32_t>(node->level));
  if (node->names.size() == 1 && node->names[0]->name == "*") {
    return emit(node->position, Opcode::kImportStar, module);
  }
  for (const syntax::Alias* alias : node->names) {
    const Temporaries temporaries(*this);
    const Register value = new_temporary();
    emit(node->position, Opcode::kImportFrom, value, module, name_index(alias->name));
    const std::string_view name = alias->as_name.empty() ? alias->name : alias->as_name;
    store_name(node->position, mangle(name), {value});
  }
  emit(node->position, Opcode::kClear, module);
}

void Generator::delete_target(const syntax::Expression* target) {
  const Temporaries temporaries(*this);
  switch (target->kind) {
    case NodeKind::kName:
      return delete_name(target->position, mangle(as<syntax::Name>(target)->name));
    case NodeKind::kAttribute: {
      const auto* attribute = as<syntax::Attribute>(target);
      const Register object = in_register(target->position, operand(attribute->value));
      return emit(target->position, Opcode::kDeleteAttribute, object,
                  name_index(mangle(attribute->name)));
    }
    case NodeKind::kSubscript: {
      const auto* item = as<syntax::Subscript>(target);
      const Value container = operand(item->value, false);
      const Value key = index(item->index, true);
      return emit(target->position, Opcode::kDeleteItem, container.operand, key.operand);
    }
    case NodeKind::kTuple:
      for (const syntax::Expression* element : as<syntax::Tuple>(target)->elements) {
        delete_target(element);
      }
      return;
    case NodeKind::kList:
      for (const syntax::Expression* element : as<syntax::List>(target)->elements) {
        delete_target(element);
      }
      return;
    default:
      return fail(target->position, "cannot delete this expression");
  }
}

}  // namespace runtime
