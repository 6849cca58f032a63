// Functions, classes and annotations; see generator.h.
//
// https://docs.python.org/3/reference/compound_stmts.html#function-definitions, #class-definitions; PEP 649 and PEP 749:
// annotations are evaluated when somebody asks, by a function of their own.
#include "runtime/compiler/documentation.h"
#include "runtime/compiler/generator.h"
#include "runtime/object/singletons.h"

namespace runtime {

using syntax::as;
using syntax::NodeKind;
using syntax::try_as;

namespace {

std::uint32_t first_line_of(const syntax::Statement* node,
                            syntax::Sequence<syntax::Expression> decorators) {
  return decorators.empty() ? node->position.line : decorators[0]->position.line;
}

// The text of a docstring, if the body begins with one.
const syntax::Constant* docstring(syntax::Sequence<syntax::Statement> body) {
  if (body.empty()) return nullptr;
  const auto* statement = try_as<syntax::Expr>(body[0]);
  if (statement == nullptr) return nullptr;
  const auto* constant = try_as<syntax::Constant>(statement->value);
  const bool is_text =
      constant != nullptr && constant->constant_kind == syntax::ConstantKind::kString;
  return is_text ? constant : nullptr;
}

}  // namespace

// Takes the docstring off the body. A function's is its first constant; others store it.
void Generator::documentation(syntax::Sequence<syntax::Statement>& body, bool is_function) {
  const syntax::Constant* text = docstring(body);
  if (text == nullptr) return;
  body = body.subspan(1);
  if (options_.optimization > 1) return;
  const Value value = constant_text(clean_documentation(text->text));
  if (is_function) {
    unit_->flags |= CodeFlags::kHasDocumentation;
  } else {
    store_name(text->position, "__doc__", value);
  }
}

void Generator::set_parameters(const syntax::Parameters& parameters) {
  Unit& unit = *unit_;
  unit.positional_only_count = static_cast<std::uint32_t>(parameters.positional_only.size());
  unit.positional_count =
      unit.positional_only_count + static_cast<std::uint32_t>(parameters.positional.size());
  unit.keyword_only_count = static_cast<std::uint32_t>(parameters.keyword_only.size());
  if (parameters.variadic != nullptr) unit.flags |= CodeFlags::kVariadic;
  if (parameters.keyword_variadic != nullptr) unit.flags |= CodeFlags::kKeywordVariadic;
}

Ref<Code> Generator::function_body(Scope& scope, std::string_view name, std::uint32_t first_line,
                                   const syntax::Parameters& parameters,
                                   syntax::Sequence<syntax::Statement> body,
                                   const syntax::Expression* value) {
  begin_unit(scope, name, first_line);
  set_parameters(parameters);
  Position start;
  start.line = start.end_line = first_line;
  unit_->last = start;
  if (value == nullptr) documentation(body, true);
  begin_code(start);
  if (value != nullptr) {
    const Value result = operand(value);
    const bool is_generator = scope.is_generator;
    drop(value->position, is_generator ? result : Value{kConstantOperand});
    emit(value->position, Opcode::kReturn, is_generator ? constant_none().operand : result.operand);
  } else {
    statements(body);
    emit(unit_->last, Opcode::kReturn, constant_none().operand);
  }
  return finish_unit();
}

void Generator::load_defaults(const Position& position, const syntax::Parameters& parameters,
                              Register base, std::uint32_t& parts, Register& next) {
  if (!parameters.defaults.empty()) {
    const Register to = next++;
    if (Ref<Object> all = fold_tuple(parameters.defaults)) {
      load(position, constant(std::move(all)), to);
    } else {
      const Temporaries temporaries(*this);
      const Register first = new_temporary(static_cast<std::uint32_t>(parameters.defaults.size()));
      for (std::uint32_t i = 0; i < parameters.defaults.size(); ++i) {
        expression(parameters.defaults[i], first + i);
      }
      emit(position, Opcode::kBuildTuple, to, first,
           static_cast<std::uint32_t>(parameters.defaults.size()));
    }
    parts |= FunctionParts::kDefaults;
  }
  RT_INVARIANT(next <= base + 5, "a function has five parts");
  bool is_any = false;
  for (const syntax::Expression* value : parameters.keyword_defaults) is_any |= value != nullptr;
  if (!is_any) return;
  const Register to = next++;
  emit(position, Opcode::kBuildMap, to, to, 0);
  for (std::size_t i = 0; i < parameters.keyword_defaults.size(); ++i) {
    if (parameters.keyword_defaults[i] == nullptr) continue;
    const Temporaries temporaries(*this);
    const Value name = constant_text(mangle(parameters.keyword_only[i]->name));
    const Value value = operand(parameters.keyword_defaults[i]);
    emit(position, Opcode::kMapPut, to, name.operand, value.operand);
  }
  parts |= FunctionParts::kKeywordDefaults;
}

// The cell that an inner scope means by this name.
Register Generator::cell_of(std::string_view name) {
  bool is_there = false;
  const Place inner = place_in_comprehension(name, is_there);
  if (is_there && inner.kind == PlaceKind::kCell) return inner.reg;
  const Scope& scope = *unit_->scope;
  const Symbol* symbol = scope.find(name);
  const bool is_own = scope.is_function_like()
                          ? symbol != nullptr && symbol->meaning == NameMeaning::kCell
                          : unit_->cell_registers.find(name) != unit_->cell_registers.end();
  return is_own ? unit_->cell_registers.at(name) : unit_->free_registers.at(name);
}

// The cells of the free variables of an inner scope, in a tuple.
void Generator::load_closure(const Position& position, const Scope& scope, Register to) {
  const std::vector<std::string_view> names = free_names_of(scope);
  const Temporaries temporaries(*this);
  const Register first = new_temporary(static_cast<std::uint32_t>(names.size()));
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    const Register cell = cell_of(names[i]);
    emit(position, Opcode::kLoadClosure, first + i, cell);
  }
  emit(position, Opcode::kBuildTuple, to, first, static_cast<std::uint32_t>(names.size()));
}

void Generator::make_function(const Position& position, Ref<Code> code, const Scope& scope,
                              const syntax::Parameters* parameters,
                              const syntax::FunctionDef* annotated, Register to) {
  if (failed()) return;
  const Temporaries temporaries(*this);
  const Register base = new_temporary(5);
  Register next = base;
  std::uint32_t parts = 0;
  if (parameters != nullptr) load_defaults(position, *parameters, base, parts, next);
  Register annotate = 0;
  if (annotated != nullptr) {
    if (options_.future_annotations) {
      if (!annotations_of(annotated).empty()) {
        future_function_annotations(annotated, next++);
        parts |= FunctionParts::kAnnotations;
      }
    } else if (scopes_.annotations_of(annotated->parameters) != nullptr) {
      // Evaluated before the closure is made, but its place is behind it.
      annotate = new_temporary();
      function_annotations(annotated, annotate);
    }
  }
  if (!free_names_of(scope).empty()) {
    load_closure(position, scope, next++);
    parts |= FunctionParts::kClosure;
  }
  if (annotate != 0) {
    emit(position, Opcode::kMove, next++, annotate);
    parts |= FunctionParts::kAnnotate;
  }
  emit(position, Opcode::kMakeFunction, to, base, parts, constant_index(std::move(code)));
}

void Generator::lambda(const syntax::Lambda* node, Register to) {
  Scope& scope = scopes_.of(node);
  Ref<Code> code =
      function_body(scope, "<lambda>", node->position.line, node->parameters, {}, node->body);
  make_function(node->position, std::move(code), scope, &node->parameters, nullptr, to);
}

// -- def and class --

// The decorators lie two registers apart from `base` on, what they decorate behind them.
void Generator::decorate(syntax::Sequence<syntax::Expression> decorators, Register base) {
  for (std::size_t i = decorators.size(); i-- > 0;) {
    const Register callee = base + 2 * static_cast<Register>(i);
    const Register result = i == 0 ? base : callee;
    emit(decorators[i]->position, Opcode::kCall, result, callee, 1);
  }
}

void Generator::function_definition(const syntax::FunctionDef* node) {
  const std::string_view name = mangle(node->name);
  const auto decorators = static_cast<Register>(node->decorators.size());
  // Each decorator, its empty self; then the function.
  const Register base = new_temporary(2 * decorators + 1);
  for (Register i = 0; i < decorators; ++i) expression(node->decorators[i], base + 2 * i);
  if (failed()) return;
  Scope& scope = scopes_.of(node);
  Ref<Code> code = function_body(scope, node->name, first_line_of(node, node->decorators),
                                 node->parameters, node->body, nullptr);
  make_function(node->position, std::move(code), scope, &node->parameters, node,
                base + 2 * decorators);
  decorate(node->decorators, base);
  store_name(node->position, name, {base});
}

Ref<Code> Generator::class_body(const syntax::ClassDef* node, std::uint32_t first_line) {
  Scope& scope = scopes_.of(node);
  begin_unit(scope, node->name, first_line);
  Position start;
  start.line = start.end_line = first_line;
  unit_->last = start;
  begin_code(start);
  {
    const Temporaries temporaries(*this);
    const Register module = new_temporary();
    emit(start, Opcode::kLoadName, module, name_index("__name__"));
    emit(start, Opcode::kStoreName, name_index("__module__"), module);
    const Value qualified_name = constant_text(unit_->qualified_name);
    emit(start, Opcode::kStoreName, name_index("__qualname__"), qualified_name.operand);
    const Value line = constant_int(first_line);
    emit(start, Opcode::kStoreName, name_index("__firstlineno__"), line.operand);
    if (scope.needs_class_dict) {
      emit(start, Opcode::kLoadLocals, module);
      emit(start, Opcode::kStoreCell, unit_->cell_registers["__classdict__"], module);
    }
  }
  auto body = node->body;
  documentation(body, false);
  if (scope.annotations != nullptr) module_annotations(node->body, scope);
  statements(body);
  const Position end = unit_->last;
  if (scope.needs_class_cell) {
    const Register cell = new_temporary(2);
    emit(end, Opcode::kLoadClosure, cell, unit_->cell_registers["__class__"]);
    emit(end, Opcode::kCopy, cell + 1, cell);
    emit(end, Opcode::kStoreName, name_index("__classcell__"), cell + 1);
    emit(end, Opcode::kReturn, cell);
  } else {
    emit(end, Opcode::kReturn, constant_none().operand);
  }
  return finish_unit();
}

void Generator::class_definition(const syntax::ClassDef* node) {
  const auto decorators = static_cast<Register>(node->decorators.size());
  const Register base = new_temporary(2 * decorators + 1);
  for (Register i = 0; i < decorators; ++i) expression(node->decorators[i], base + 2 * i);
  if (failed()) return;
  check_keywords(node->keywords);
  {
    const Temporaries temporaries(*this);
    // __build_class__(body, name, *bases, **keywords)
    const Register build = new_temporary(4);
    emit(node->position, Opcode::kLoadBuildClass, build);
    Ref<Code> code = class_body(node, first_line_of(node, node->decorators));
    make_function(node->position, std::move(code), scopes_.of(node), nullptr, nullptr, build + 2);
    load(node->position, constant_text(node->name), build + 3);
    if (failed()) return;
    call_arguments(node->position, node->bases, node->keywords, build, 2, base + 2 * decorators);
  }
  decorate(node->decorators, base);
  store_name(node->position, mangle(node->name), {base});
}

// -- annotations --

std::vector<Generator::Annotation> Generator::annotations_of(
    const syntax::FunctionDef* node) const {
  std::vector<Annotation> annotations;
  const auto add = [&annotations](const syntax::Parameter* parameter) {
    if (parameter == nullptr || parameter->annotation == nullptr) return;
    annotations.push_back({parameter->name, parameter->annotation});
  };
  for (const syntax::Parameter* parameter : node->parameters.positional_only) add(parameter);
  for (const syntax::Parameter* parameter : node->parameters.positional) add(parameter);
  add(node->parameters.variadic);
  for (const syntax::Parameter* parameter : node->parameters.keyword_only) add(parameter);
  add(node->parameters.keyword_variadic);
  if (node->returns != nullptr) annotations.push_back({"return", node->returns});
  return annotations;
}

// def __annotate__(format, /): the values, if format is VALUE or VALUE_WITH_FAKE_GLOBALS.
Ref<Code> Generator::annotate_body(Scope& scope, const Position& position,
                                   const std::vector<Annotation>& annotations) {
  begin_unit(scope, "__annotate__", position.line);
  unit_->positional_count = unit_->positional_only_count = 1;
  unit_->last = position;
  begin_code(position);
  {
    const Temporaries temporaries(*this);
    const Label supported = new_label();
    const Register is_other = new_temporary();
    emit(position, Opcode::kGreater, is_other, 0, constant_int(2).operand);
    jump(position, Opcode::kJumpIfFalse, supported, is_other);
    emit(position, Opcode::kLoadGlobal, is_other, name_index("NotImplementedError"));
    emit(position, Opcode::kRaise, is_other);
    bind(supported);
  }
  const Register map = new_temporary();
  emit(position, Opcode::kBuildMap, map, map, 0);
  for (const Annotation& annotation : annotations) {
    const Temporaries temporaries(*this);
    const auto* starred = try_as<syntax::Starred>(annotation.value);
    const Value name = constant_text(mangle(annotation.name));
    Value value;
    if (starred == nullptr) {
      value = operand(annotation.value);
    } else {
      // *args: *Ts is the one item of the tuple that Ts unpacks to.
      const Register item = new_temporary();
      const Register source = in_register(starred->position, operand(starred->value));
      emit(starred->position, Opcode::kUnpack, item, source, 1);
      value = {item};
    }
    emit(annotation.value->position, Opcode::kMapPut, map, name.operand, value.operand);
    if (failed()) break;
  }
  emit(position, Opcode::kReturn, map);
  return finish_unit();
}

void Generator::function_annotations(const syntax::FunctionDef* node, Register to) {
  Scope& scope = *scopes_.annotations_of(node->parameters);
  Ref<Code> code = annotate_body(scope, node->position, annotations_of(node));
  make_function(node->position, std::move(code), scope, nullptr, nullptr, to);
}

// from __future__ import annotations: their text.
void Generator::future_function_annotations(const syntax::FunctionDef* node, Register to) {
  emit(node->position, Opcode::kBuildMap, to, to, 0);
  for (const Annotation& annotation : annotations_of(node)) {
    const Temporaries temporaries(*this);
    const Value name = constant_text(mangle(annotation.name));
    const Value text = constant_text(tree_.text_of(annotation.value->position));
    emit(node->position, Opcode::kMapPut, to, name.operand, text.operand);
  }
}

// Of the statements that belong to the scope itself, however deep they stand in others.
void Generator::collect_annotations(syntax::Sequence<syntax::Statement> body,
                                    std::vector<Annotation>& annotations) {
  for (const syntax::Statement* node : body) {
    switch (node->kind) {
      case NodeKind::kAnnAssign: {
        const auto* assign = as<syntax::AnnAssign>(node);
        if (!assign->simple) break;
        annotations.push_back({as<syntax::Name>(assign->target)->name, assign->annotation});
        break;
      }
      case NodeKind::kIf:
        collect_annotations(as<syntax::If>(node)->body, annotations);
        collect_annotations(as<syntax::If>(node)->orelse, annotations);
        break;
      case NodeKind::kFor:
        collect_annotations(as<syntax::For>(node)->body, annotations);
        collect_annotations(as<syntax::For>(node)->orelse, annotations);
        break;
      case NodeKind::kWhile:
        collect_annotations(as<syntax::While>(node)->body, annotations);
        collect_annotations(as<syntax::While>(node)->orelse, annotations);
        break;
      case NodeKind::kWith:
        collect_annotations(as<syntax::With>(node)->body, annotations);
        break;
      case NodeKind::kTry: {
        const auto* attempt = as<syntax::Try>(node);
        collect_annotations(attempt->body, annotations);
        for (const syntax::ExceptHandler* handler : attempt->handlers) {
          collect_annotations(handler->body, annotations);
        }
        collect_annotations(attempt->orelse, annotations);
        collect_annotations(attempt->finally_body, annotations);
        break;
      }
      default:
        break;
    }
  }
}

// Stored before the body runs, so that the body may replace it.
void Generator::module_annotations(syntax::Sequence<syntax::Statement> body, const Scope& scope) {
  std::vector<Annotation> annotations;
  collect_annotations(body, annotations);
  if (annotations.empty()) return;
  const Temporaries temporaries(*this);
  Position start = annotations[0].value->position;
  Ref<Code> code = annotate_body(*scope.annotations, start, annotations);
  const Register function = new_temporary();
  make_function(start, std::move(code), *scope.annotations, nullptr, nullptr, function);
  const char* name = scope.kind == ScopeKind::kClass ? "__annotate_func__" : "__annotate__";
  store_name(start, name, {function});
}

void Generator::annotated_assignment(const syntax::AnnAssign* node) {
  if (node->value != nullptr) {
    const Temporaries temporaries(*this);
    const auto* name = try_as<syntax::Name>(node->target);
    const Place place = name == nullptr ? Place{PlaceKind::kName} : place_of(mangle(name->name));
    if (place.kind == PlaceKind::kLocal) {
      expression(node->value, place.reg);
      mark_bound(place);
    } else {
      store(node->target, operand(node->value, false));
    }
  } else if (const auto* target = try_as<syntax::Attribute>(node->target)) {
    drop(node->position, operand(target->value));
  } else if (const auto* item = try_as<syntax::Subscript>(node->target)) {
    const Temporaries temporaries(*this);
    const Value container = operand(item->value, false);
    drop(node->position, index(item->index, true));
    drop(node->position, container);
  }
  const bool is_stored =
      node->simple && options_.future_annotations && !unit_->scope->is_function_like();
  if (!is_stored) return;
  // __annotations__[name] = text
  const Temporaries temporaries(*this);
  emit(node->position, Opcode::kSetupAnnotations);
  const Register all = new_temporary();
  emit(node->position, Opcode::kLoadName, all, name_index("__annotations__"));
  const Value name = constant_text(mangle(as<syntax::Name>(node->target)->name));
  const Value text = constant_text(tree_.text_of(node->annotation->position));
  emit(node->position, Opcode::kSetItem, all, name.operand, text.operand);
}

}  // namespace runtime
