#include "runtime/compiler/generator.h"

#include <algorithm>

#include "runtime/compiler/verify.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"

namespace runtime {

using syntax::as;

// -- the whole --

Result<Ref<Code>> Generator::generate() {
  const syntax::Node* root = tree_.root();
  Scope& scope = scopes_.of(root);
  begin_unit(scope, "<module>", 1);
  Position start;
  start.line = root->kind == syntax::NodeKind::kEvaluation ? 1 : 0;
  begin_code(start);
  if (const auto* evaluation = syntax::try_as<syntax::Evaluation>(root)) {
    const Value value = operand(evaluation->body);
    emit(evaluation->body->position, Opcode::kReturn, value.operand);
  } else {
    syntax::Sequence<syntax::Statement> body;
    if (const auto* interactive = syntax::try_as<syntax::Interactive>(root)) {
      body = interactive->body;
    } else {
      body = as<syntax::Module>(root)->body;
    }
    const auto whole = body;
    if (root->kind == syntax::NodeKind::kModule) documentation(body, false);
    unit_->last = start;
    if (scope.annotations != nullptr) module_annotations(whole, scope);
    statements(body);
    emit(unit_->last, Opcode::kReturn, constant_none().operand);
  }
  Ref<Code> code = finish_unit();
  if (raised_) return Raised(std::move(raised_));
  if (problem_) return raise_problem(thread_, *problem_, file_name_);
  return code;
}

void Generator::fail(const Position& position, std::string message) {
  if (!failed()) problem_ = tree_.problem(position, std::move(message));
}

void Generator::fail(Raised raised) {
  if (!failed()) raised_ = raised.take();
}

void Generator::warn(const Position& position, std::string_view message) {
  if (options_.warnings.receive == nullptr || failed()) return;
  Result<Done> received = options_.warnings.receive(thread_, options_.warnings.context,
                                                    syntax::WarningKind::kSyntaxWarning, message,
                                                    file_name_, static_cast<int>(position.line));
  if (received.is_raised()) fail(std::move(received).raised());
}

// -- units --

std::string Generator::qualified(const Scope& scope, std::string_view name) const {
  if (units_.size() < 2) return std::string(name);
  const Unit& outer = *units_[units_.size() - 2];
  if (outer.scope->kind == ScopeKind::kModule) return std::string(name);
  // A function that is declared global is named like one.
  if (scope.kind == ScopeKind::kFunction || scope.kind == ScopeKind::kClass) {
    const Symbol* symbol = outer.scope->find(name);
    if (symbol != nullptr && symbol->meaning == NameMeaning::kGlobalDeclared) {
      return std::string(name);
    }
  }
  std::string result = outer.qualified_name;
  if (outer.scope->is_function_like()) result += ".<locals>";
  return result + "." + std::string(name);
}

void Generator::place_names(Unit& unit, Scope& scope, bool is_root) {
  const auto add_local = [&unit](const Symbol& symbol) {
    const auto next = static_cast<Register>(unit.locals.size());
    const auto [place, is_new] = unit.local_registers.try_emplace(symbol.name, next);
    if (is_new) {
      unit.locals.push_back(symbol.name);
      unit.is_deleted.push_back(false);
    }
    if (symbol.has(SymbolFlag::kDeleted)) unit.is_deleted[place->second] = true;
  };
  const auto add_to = [](std::vector<std::string_view>& names, std::string_view name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  if (scope.is_function_like()) {
    for (const Symbol& symbol : scope.symbols) {
      if (symbol.has(SymbolFlag::kParameter) || symbol.meaning == NameMeaning::kLocal) {
        add_local(symbol);
      }
      if (symbol.meaning == NameMeaning::kCell) add_to(unit.cells, symbol.name);
    }
  }
  if (is_root) {
    for (std::string_view name : free_names_of(scope)) unit.free.push_back(name);
    if (scope.needs_class_cell) unit.cells.push_back("__class__");
    if (scope.needs_class_dict) unit.cells.push_back("__classdict__");
  }
  for (Scope* child : scope.children) {
    if (child->is_inlined) place_names(unit, *child, false);
  }
}

std::vector<std::string_view> Generator::free_names_of(const Scope& scope) const {
  std::vector<std::string_view> names;
  for (const Symbol& symbol : scope.symbols) {
    const bool is_free = symbol.meaning == NameMeaning::kFree ||
                         (scope.kind == ScopeKind::kClass && symbol.has(SymbolFlag::kFreeInClass));
    if (is_free) names.push_back(symbol.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Generator::Unit& Generator::begin_unit(Scope& scope, std::string_view name,
                                       std::uint32_t first_line) {
  units_.push_back(std::make_unique<Unit>());
  Unit& unit = *units_.back();
  unit.scope = &scope;
  unit.name = name;
  unit.qualified_name = qualified(scope, name);
  unit.first_line = first_line;
  if (scope.is_function_like()) {
    unit.flags = CodeFlags::kOptimized | CodeFlags::kNewLocals;
    if (scope.is_nested) unit.flags |= CodeFlags::kNested;
    if (scope.is_generator) unit.flags |= CodeFlags::kGenerator;
    if (scope.kind == ScopeKind::kFunction && scope.parent->kind == ScopeKind::kClass) {
      unit.flags |= CodeFlags::kMethod;
    }
  }
  if (options_.future_annotations) unit.flags |= CodeFlags::kFutureAnnotations;
  place_names(unit, scope, true);
  std::sort(unit.cells.begin(), unit.cells.end());
  auto next = static_cast<Register>(unit.locals.size());
  for (std::string_view cell : unit.cells) unit.cell_registers[cell] = next++;
  for (std::string_view free : unit.free) unit.free_registers[free] = next++;
  unit.first_temporary = unit.top = unit.most = next;
  unit_ = &unit;
  return unit;
}

void Generator::begin_code(const Position& position) {
  Unit& unit = *unit_;
  for (std::string_view name : unit.cells) {
    const Symbol* symbol = unit.scope->find(name);
    const bool is_of_class = unit.scope->kind == ScopeKind::kClass;
    if (!is_of_class && (symbol == nullptr || symbol->meaning != NameMeaning::kCell)) {
      continue;  // a comprehension makes its own
    }
    const auto local = unit.local_registers.find(name);
    if (!is_of_class && local != unit.local_registers.end() &&
        symbol->has(SymbolFlag::kParameter)) {
      emit(position, Opcode::kMakeCellOf, unit.cell_registers[name], local->second);
    } else {
      emit(position, Opcode::kMakeCell, unit.cell_registers[name]);
    }
  }
  if (unit.scope->is_generator) emit(position, Opcode::kReturnGenerator);
  emit(position, Opcode::kResume);
  if (!unit.scope->is_function_like()) return;
  for (const Symbol& symbol : unit.scope->symbols) {
    if (!symbol.has(SymbolFlag::kParameter) || symbol.meaning != NameMeaning::kLocal) continue;
    const Register reg = unit.local_registers[symbol.name];
    if (!unit.is_deleted[reg]) unit.code.definite().add(reg);
  }
}

Result<Ref<Tuple>> Generator::names_tuple(const std::vector<std::string_view>& names) {
  if (names.empty()) return empty_tuple();
  std::vector<Ref<Object>> objects;
  for (std::string_view name : names) {
    TRY_ASSIGN(Ref<Str> text, new_str(thread_, name));
    TRY_ASSIGN(Ref<Str> interned, intern(thread_, std::move(text)));
    objects.push_back(std::move(interned));
  }
  return new_tuple_taking(thread_, objects);
}

Result<Ref<Code>> Generator::make_code(Unit& unit) {
  CodeParts parts;
  if (!unit.code.assemble(parts)) {
    return raise_text(thread_, overflow_error_type, "the compiled code is too long");
  }
  if (unit.most > kMostRegisters || unit.names.size() > 0xFFFF) {
    return raise_text(thread_, overflow_error_type, "too many names or values in one function");
  }
  TRY_ASSIGN(Ref<Str> name, new_str(thread_, unit.name));
  TRY_ASSIGN(parts.name, intern(thread_, std::move(name)));
  TRY_ASSIGN(Ref<Str> qualified_name, new_str(thread_, unit.qualified_name));
  TRY_ASSIGN(parts.qualified_name, intern(thread_, std::move(qualified_name)));
  parts.file_name = Ref<Str>::share(thread_, file_name_);
  TRY_ASSIGN(parts.constants, unit.constants.finish(thread_));
  TRY_ASSIGN(parts.names, unit.names.finish(thread_));
  TRY_ASSIGN(parts.local_names, names_tuple(unit.locals));
  TRY_ASSIGN(parts.cell_names, names_tuple(unit.cells));
  TRY_ASSIGN(parts.free_names, names_tuple(unit.free));
  parts.flags = unit.flags;
  parts.first_line = unit.first_line;
  parts.positional_count = unit.positional_count;
  parts.positional_only_count = unit.positional_only_count;
  parts.keyword_only_count = unit.keyword_only_count;
  parts.register_count = unit.most;
  TRY_ASSIGN(Ref<Code> code, new_code(thread_, std::move(parts)));
  TRY(verify(thread_, code));
  return code;
}

Ref<Code> Generator::finish_unit() {
  Ref<Code> code;
  if (!failed()) code = take(make_code(*unit_));
  units_.pop_back();
  unit_ = units_.empty() ? nullptr : units_.back().get();
  return code;
}

// -- instructions --

std::uint32_t Generator::enter_handler(Label entry, Register live) {
  const std::uint32_t outer = unit_->code.handler();
  unit_->code.set_handler(unit_->code.new_handler(entry, live));
  return outer;
}

Register Generator::new_temporary(std::uint32_t count) {
  const Register first = unit_->top;
  unit_->top += count;
  unit_->most = std::max(unit_->most, unit_->top);
  return first;
}

void Generator::deliver(const Position& position, Register from, Register to) {
  if (from != to) emit(position, Opcode::kMove, to, from);
}

// -- constants --

std::uint32_t Generator::constant_index(Ref<Object> object) {
  if (!object) return 0;  // failed
  return take(unit_->constants.index_of(thread_, std::move(object), options_.constants));
}

Value Generator::constant(Ref<Object> object) {
  const std::uint32_t index = constant_index(std::move(object));
  if (index < kWideConstantBit) return {kConstantOperand | index};
  const Register reg = new_temporary();
  emit(unit_->last, Opcode::kLoadConstant, reg, index);
  return {reg};
}

Value Generator::constant_none() { return constant(none()); }

Value Generator::constant_int(std::int64_t number) {
  return constant(take(new_int(thread_, number)));
}

Value Generator::constant_text(std::string_view text) {
  return constant(take(new_str(thread_, text)));
}

void Generator::load(const Position& position, Value value, Register to) {
  if (value.is_constant()) {
    emit(position, Opcode::kLoadConstant, to, value.operand & ~kConstantOperand);
  } else {
    deliver(position, value.reg(), to);
  }
}

Register Generator::in_register(const Position& position, Value value) {
  if (!value.is_constant()) return value.reg();
  const Register reg = new_temporary();
  load(position, value, reg);
  return reg;
}

Value Generator::second(const Position& position, Value value) {
  if (!is_temporary(value)) return value;
  const Register copy = new_temporary();
  emit(position, Opcode::kCopy, copy, value.reg());
  return {copy};
}

void Generator::drop(const Position& position, Value value) {
  if (is_temporary(value)) emit(position, Opcode::kClear, value.reg());
}

// -- names --

std::string_view Generator::mangle(std::string_view name) {
  return scopes_.mangle(*unit_->scope, name);
}

std::uint32_t Generator::name_index(std::string_view name) {
  Ref<Str> text = take(new_str(thread_, name));
  if (!text) return 0;
  Ref<Str> interned = take(intern(thread_, std::move(text)));
  if (!interned) return 0;
  return take(unit_->names.index_of(thread_, std::move(interned), options_.constants));
}

Generator::Place Generator::place_in_comprehension(std::string_view name, bool& is_there) {
  const auto& around = unit_->comprehensions;
  is_there = true;
  for (auto scope = around.rbegin(); scope != around.rend(); ++scope) {
    const Symbol* symbol = (*scope)->find(name);
    if (symbol == nullptr) continue;
    if (symbol->meaning == NameMeaning::kLocal) {
      const Register reg = unit_->local_registers[name];
      return {PlaceKind::kLocal, reg, !unit_->is_deleted[reg]};
    }
    if (symbol->meaning == NameMeaning::kCell) {
      return {PlaceKind::kCell, unit_->cell_registers[name]};
    }
    if (symbol->meaning == NameMeaning::kGlobalDeclared) return {PlaceKind::kGlobal};
  }
  is_there = false;
  return {};
}

Generator::Place Generator::place_of(std::string_view name) {
  bool is_there = false;
  const Place inner = place_in_comprehension(name, is_there);
  if (is_there) return inner;
  const Scope& scope = *unit_->scope;
  const Symbol* symbol = scope.find(name);
  const NameMeaning meaning = symbol == nullptr ? NameMeaning::kGlobal : symbol->meaning;
  if (meaning == NameMeaning::kGlobalDeclared) return {PlaceKind::kGlobal};
  if (!scope.is_function_like()) {
    if (meaning == NameMeaning::kFree) return {PlaceKind::kClassCell, unit_->free_registers[name]};
    return {PlaceKind::kName};
  }
  switch (meaning) {
    case NameMeaning::kLocal: {
      const Register reg = unit_->local_registers[name];
      return {PlaceKind::kLocal, reg, !unit_->is_deleted[reg]};
    }
    case NameMeaning::kCell:
      return {PlaceKind::kCell, unit_->cell_registers[name]};
    case NameMeaning::kFree:
      return {scope.sees_class && name != "__classdict__" ? PlaceKind::kAnnotationCell
                                                          : PlaceKind::kCell,
              unit_->free_registers[name]};
    default:
      return {scope.sees_class ? PlaceKind::kAnnotationGlobal : PlaceKind::kGlobal};
  }
}

void Generator::mark_bound(const Place& place) {
  if (place.kind == PlaceKind::kLocal && place.is_sure) unit_->code.definite().add(place.reg);
}

void Generator::check_local(const Position& position, const Place& place) {
  if (place.is_sure && unit_->code.definite().has(place.reg)) return;
  emit(position, Opcode::kCheckLocal, place.reg);
  mark_bound(place);
}

void Generator::load_name(const Position& position, std::string_view name, Register to) {
  const Place place = place_of(name);
  switch (place.kind) {
    case PlaceKind::kLocal:
      emit(position, Opcode::kMove, to, place.reg);
      return mark_bound(place);
    case PlaceKind::kCell:
      return emit(position, Opcode::kLoadCell, to, place.reg);
    case PlaceKind::kClassCell: {
      const Temporaries temporaries(*this);
      const Register mapping = collecting(to);
      emit(position, Opcode::kLoadLocals, mapping);
      return emit(position, Opcode::kLoadMappingOrCell, to, mapping, place.reg);
    }
    case PlaceKind::kAnnotationCell:
    case PlaceKind::kAnnotationGlobal: {
      const Temporaries temporaries(*this);
      const Register mapping = collecting(to);
      emit(position, Opcode::kLoadCell, mapping, unit_->free_registers["__classdict__"]);
      if (place.kind == PlaceKind::kAnnotationCell) {
        return emit(position, Opcode::kLoadMappingOrCell, to, mapping, place.reg);
      }
      return emit(position, Opcode::kLoadMappingOrGlobal, to, mapping, name_index(name));
    }
    case PlaceKind::kGlobal:
      return emit(position, Opcode::kLoadGlobal, to, name_index(name));
    case PlaceKind::kName:
      return emit(position, Opcode::kLoadName, to, name_index(name));
  }
}

void Generator::store_name(const Position& position, std::string_view name, Value value) {
  const Place place = place_of(name);
  switch (place.kind) {
    case PlaceKind::kLocal:
      load(position, value, place.reg);
      return mark_bound(place);
    case PlaceKind::kCell:
    case PlaceKind::kClassCell:
    case PlaceKind::kAnnotationCell:
      return emit(position, Opcode::kStoreCell, place.reg, value.operand);
    case PlaceKind::kGlobal:
    case PlaceKind::kAnnotationGlobal:
      return emit(position, Opcode::kStoreGlobal, name_index(name), value.operand);
    case PlaceKind::kName:
      return emit(position, Opcode::kStoreName, name_index(name), value.operand);
  }
}

void Generator::delete_name(const Position& position, std::string_view name) {
  const Place place = place_of(name);
  switch (place.kind) {
    case PlaceKind::kLocal:
      return emit(position, Opcode::kDeleteLocal, place.reg);
    case PlaceKind::kCell:
    case PlaceKind::kClassCell:
    case PlaceKind::kAnnotationCell:
      return emit(position, Opcode::kDeleteCell, place.reg);
    case PlaceKind::kGlobal:
    case PlaceKind::kAnnotationGlobal:
      return emit(position, Opcode::kDeleteGlobal, name_index(name));
    case PlaceKind::kName:
      return emit(position, Opcode::kDeleteName, name_index(name));
  }
}

}  // namespace runtime
