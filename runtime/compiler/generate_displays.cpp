// Displays, comprehensions, f-strings; see generator.h.
#include "runtime/compiler/generator.h"
#include "runtime/object/singletons.h"

namespace runtime {

using syntax::as;
using syntax::NodeKind;
using syntax::try_as;

namespace {

// More than that are not all held in registers at the same time.
constexpr std::size_t kMostInRegisters = 30;
constexpr std::size_t kMostPairsInRegisters = 15;

bool has_star(syntax::Sequence<syntax::Expression> items) {
  for (const syntax::Expression* item : items) {
    if (item->kind == NodeKind::kStarred) return true;
  }
  return false;
}

}  // namespace

void Generator::sequence_display(const syntax::Expression* node,
                                 syntax::Sequence<syntax::Expression> items, Opcode build,
                                 Register to) {
  if (has_star(items) || items.size() > kMostInRegisters) {
    return long_display(node, items, build, to);
  }
  // Three constants or more are stored once, as a tuple.
  if (items.size() > 2 && build != Opcode::kBuildTuple) {
    if (Ref<Object> all = fold_tuple(items)) {
      const Register result = collecting(to);
      emit(node->position, build, result, result, 0);
      const Value value = constant(std::move(all));
      emit(node->position, build == Opcode::kBuildSet ? Opcode::kSetUpdate : Opcode::kListExtend,
           result, value.operand);
      return deliver(node->position, result, to);
    }
  }
  const Register base = unit_->top;
  for (const syntax::Expression* item : items) expression(item, new_temporary());
  // Without items the base is only a place to name.
  const Register first = items.empty() ? new_temporary() : base;
  emit(node->position, build, to, first, static_cast<std::uint32_t>(items.size()));
}

void Generator::long_display(const syntax::Expression* node,
                             syntax::Sequence<syntax::Expression> items, Opcode build,
                             Register to) {
  const bool is_set = build == Opcode::kBuildSet;
  const Register result = collecting(to);
  emit(node->position, is_set ? Opcode::kBuildSet : Opcode::kBuildList, result, result, 0);
  Ref<Object> all = has_star(items) ? nullptr : fold_tuple(items);
  if (all) {
    const Value value = constant(std::move(all));
    emit(node->position, is_set ? Opcode::kSetUpdate : Opcode::kListExtend, result, value.operand);
    items = {};
  }
  for (const syntax::Expression* item : items) {
    const Temporaries temporaries(*this);
    const auto* starred = try_as<syntax::Starred>(item);
    const Value value = operand(starred == nullptr ? item : starred->value);
    Opcode add = is_set ? Opcode::kSetAdd : Opcode::kListAppend;
    if (starred != nullptr) add = is_set ? Opcode::kSetUpdate : Opcode::kListExtend;
    emit(item->position, add, result, value.operand);
    if (failed()) return;
  }
  if (build == Opcode::kBuildTuple) {
    return emit(node->position, Opcode::kListToTuple, to, result);
  }
  deliver(node->position, result, to);
}

void Generator::dict_display(const syntax::Dict* node, Register to) {
  bool is_plain = node->values.size() <= kMostPairsInRegisters;
  for (const syntax::Expression* key : node->keys) is_plain &= key != nullptr;
  if (is_plain) {
    const Register base = new_temporary();
    unit_->top = base;
    for (std::size_t i = 0; i < node->values.size(); ++i) {
      expression(node->keys[i], new_temporary());
      expression(node->values[i], new_temporary());
    }
    return emit(node->position, Opcode::kBuildMap, to, base,
                static_cast<std::uint32_t>(node->values.size()));
  }
  const Register result = collecting(to);
  emit(node->position, Opcode::kBuildMap, result, result, 0);
  for (std::size_t i = 0; i < node->values.size(); ++i) {
    const Temporaries temporaries(*this);
    if (node->keys[i] == nullptr) {
      const Register mapping = in_register(node->position, operand(node->values[i]));
      emit(node->position, Opcode::kDictUpdate, result, mapping);
    } else {
      const Value key = operand(node->keys[i], false);
      const Value value = operand(node->values[i]);
      emit(node->position, Opcode::kMapPut, result, key.operand, value.operand);
    }
    if (failed()) return;
  }
  deliver(node->position, result, to);
}

// -- f-strings: https://docs.python.org/3/reference/lexical_analysis.html#f-strings --

void Generator::joined_string(const syntax::JoinedStr* node, Register to) {
  if (node->values.empty()) return load(node->position, constant_text(""), to);
  if (node->values.size() == 1) {
    // A str already: a constant, or the result of FORMAT.
    return expression(node->values[0], to);
  }
  if (node->values.size() > kMostRegisters / 4) {
    return fail(node->position, "too many parts in an f-string");
  }
  const Register base = unit_->top;
  for (const syntax::Expression* piece : node->values) expression(piece, new_temporary());
  emit(node->position, Opcode::kBuildString, to, base,
       static_cast<std::uint32_t>(node->values.size()));
}

void Generator::formatted_value(const syntax::FormattedValue* node, Register to) {
  const auto conversion = static_cast<std::uint32_t>(node->conversion);
  if (node->format_spec == nullptr) {
    const Value value = operand(node->value);
    return emit(node->position, Opcode::kFormat, to, value.operand, conversion);
  }
  const Register base = new_temporary(2);
  expression(node->value, base);
  expression(node->format_spec, base + 1);
  emit(node->position, Opcode::kFormatWith, to, base, conversion);
}

// -- comprehensions: https://docs.python.org/3/reference/expressions.html#displays-for-lists-sets-and-dictionaries --

Generator::ComprehensionParts Generator::parts_of(const syntax::Expression* node) {
  switch (node->kind) {
    case NodeKind::kListComp: {
      const auto* list = as<syntax::ListComp>(node);
      return {list->generators, list->element, nullptr, Opcode::kBuildList};
    }
    case NodeKind::kSetComp: {
      const auto* set = as<syntax::SetComp>(node);
      return {set->generators, set->element, nullptr, Opcode::kBuildSet};
    }
    case NodeKind::kDictComp: {
      const auto* dict = as<syntax::DictComp>(node);
      return {dict->generators, dict->key, dict->value, Opcode::kBuildMap};
    }
    default: {
      const auto* generator = as<syntax::GeneratorExp>(node);
      return {generator->generators, generator->element, nullptr, Opcode::kYield};
    }
  }
}

void Generator::comprehension(const syntax::Expression* node, Register to) {
  const ComprehensionParts parts = parts_of(node);
  if (scopes_.of(node).is_inlined) return inlined_comprehension(node, parts, to);
  outlined_comprehension(node, parts, to);
}

// From `level` on: the iterator of that level is there; the innermost adds to the result.
void Generator::comprehension_loops(const syntax::Expression* node, const ComprehensionParts& parts,
                                    std::size_t level, Register iterator, Register result) {
  const syntax::Comprehension& generator = parts.generators[level];
  const Label start = new_label();
  const Label end = new_label();
  const Temporaries temporaries(*this);
  bind(start);
  {
    const Temporaries inner(*this);
    const auto* name = try_as<syntax::Name>(generator.target);
    const Place place = name == nullptr ? Place{PlaceKind::kName} : place_of(mangle(name->name));
    const bool is_direct = place.kind == PlaceKind::kLocal;
    const Register item = is_direct ? place.reg : new_temporary();
    jump(generator.iterable->position, Opcode::kForIterator, end, item, iterator);
    if (is_direct) {
      mark_bound(place);
    } else {
      store(generator.target, {item});
    }
  }
  for (const syntax::Expression* condition : generator.conditions) {
    // A condition that fails goes on with the next item; jumps go forward, so to the one below.
    const Label passed = new_label();
    jump_if(condition, true, passed);
    jump(condition->position, Opcode::kJumpBack, start);
    bind(passed);
  }
  if (level + 1 < parts.generators.size()) {
    const Register next = new_temporary();
    const syntax::Expression* iterable = parts.generators[level + 1].iterable;
    {
      const Temporaries inner(*this);
      Ref<Object> display = folded_display(iterable);
      const Value value = display ? constant(std::move(display)) : operand(iterable);
      emit(iterable->position, Opcode::kGetIterator, next, value.operand);
    }
    comprehension_loops(node, parts, level + 1, next, result);
  } else {
    const Temporaries inner(*this);
    const Value first = operand(parts.first, parts.second == nullptr);
    const Position& place = parts.first->position;
    if (parts.build == Opcode::kBuildMap) {
      const Value second_part = operand(parts.second);
      emit(place, Opcode::kMapPut, result, first.operand, second_part.operand);
    } else if (parts.build == Opcode::kBuildSet) {
      emit(place, Opcode::kSetAdd, result, first.operand);
    } else if (parts.build == Opcode::kBuildList) {
      emit(place, Opcode::kListAppend, result, first.operand);
    } else {
      const Register sent = new_temporary();
      emit(place, Opcode::kYield, sent, first.operand);
      emit(place, Opcode::kClear, sent);
    }
  }
  jump(parts.first->position, Opcode::kJumpBack, start);
  bind(end);
}

// The variables of the comprehension have registers of the frame around; what was in them, under the same name, comes back
// whatever happens.
void Generator::inlined_comprehension(const syntax::Expression* node,
                                      const ComprehensionParts& parts, Register to) {
  const Position nowhere;
  Scope& scope = scopes_.of(node);
  const Register iterator = new_temporary();
  const syntax::Expression* iterable = parts.generators[0].iterable;
  {
    const Temporaries inner(*this);
    Ref<Object> display = folded_display(iterable);
    const Value value = display ? constant(std::move(display)) : operand(iterable);
    emit(iterable->position, Opcode::kGetIterator, iterator, value.operand);
  }

  struct Saved {
    Register reg;
    Register save;
    bool is_cell;
  };
  std::vector<Saved> saved;
  const DefiniteLocals definite = unit_->code.definite();
  const auto is_used_around = [this](std::string_view name) {
    const auto is_local = [name](const Scope* around) {
      const Symbol* symbol = around->find(name);
      return around->is_function_like() && symbol != nullptr &&
             (symbol->meaning == NameMeaning::kLocal || symbol->has(SymbolFlag::kParameter));
    };
    bool is_used = is_local(unit_->scope);
    for (const Scope* around : unit_->comprehensions) {
      is_used |= around != unit_->comprehensions.back() && is_local(around);
    }
    return is_used;
  };
  unit_->comprehensions.push_back(&scope);
  for (const Symbol& symbol : scope.symbols) {
    const bool is_cell = symbol.meaning == NameMeaning::kCell;
    if (!is_cell && symbol.meaning != NameMeaning::kLocal) continue;
    const Register reg =
        is_cell ? unit_->cell_registers[symbol.name] : unit_->local_registers[symbol.name];
    saved.push_back({reg, new_temporary(), is_cell});
    // A name that only comprehensions use has nothing in its register.
    if (is_cell || is_used_around(symbol.name)) {
      emit(node->position, is_cell ? Opcode::kSaveCell : Opcode::kSaveLocal, saved.back().save,
           reg);
    }
    if (is_cell) emit(node->position, Opcode::kMakeCell, reg);
    if (!is_cell) unit_->code.definite().remove(reg);
  }
  const Label entry = new_label();
  const Label end = new_label();
  const std::uint32_t outer = enter_handler(entry, unit_->top);
  const Register result = new_temporary();
  emit(node->position, parts.build, result, result, 0);
  comprehension_loops(node, parts, 0, iterator, result);
  unit_->comprehensions.pop_back();
  unit_->code.set_handler(outer);
  const auto restore = [&](const Position& position) {
    for (auto each = saved.rbegin(); each != saved.rend(); ++each) {
      emit(position, each->is_cell ? Opcode::kRestoreCell : Opcode::kRestoreLocal, each->reg,
           each->save);
    }
    unit_->code.definite() = definite;
  };
  restore(node->position);
  deliver(node->position, result, to);
  jump(node->position, Opcode::kJump, end);
  bind(entry);
  restore(nowhere);
  emit(nowhere, Opcode::kReraise, result);
  bind(end);
  unit_->code.definite() = definite;
}

// A function of its own, called with the iterator of the outermost loop.
void Generator::outlined_comprehension(const syntax::Expression* node,
                                       const ComprehensionParts& parts, Register to) {
  Scope& scope = scopes_.of(node);
  const Register base = new_temporary(3);
  {
    const std::string name = "<" + std::string(scope.name) + ">";
    begin_unit(scope, name, node->position.line);
    unit_->positional_count = 1;
    unit_->last = node->position;
    begin_code(node->position);
    const Register iterator = new_temporary();
    const Register result = new_temporary();
    emit(node->position, Opcode::kSaveLocal, iterator, 0);
    if (parts.build != Opcode::kYield) emit(node->position, parts.build, result, result, 0);
    comprehension_loops(node, parts, 0, iterator, result);
    if (parts.build != Opcode::kYield) {
      emit(node->position, Opcode::kReturn, result);
    } else {
      emit(node->position, Opcode::kReturn, constant_none().operand);
    }
    Ref<Code> code = finish_unit();
    if (failed()) return;
    make_function(node->position, std::move(code), scope, nullptr, nullptr, base);
  }
  const syntax::Expression* iterable = parts.generators[0].iterable;
  {
    const Temporaries inner(*this);
    const Value value = operand(iterable);
    emit(iterable->position, Opcode::kGetIterator, base + 2, value.operand);
  }
  emit(node->position, Opcode::kCall, to, base, 1);
}

}  // namespace runtime
