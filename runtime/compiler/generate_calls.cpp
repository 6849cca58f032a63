// Calls; see generator.h.
//
// https://docs.python.org/3/reference/expressions.html#calls
#include <set>

#include "runtime/compiler/generator.h"

namespace runtime {

using syntax::as;
using syntax::NodeKind;
using syntax::try_as;

namespace {

bool is_unpacked(syntax::Sequence<syntax::Expression> arguments,
                 syntax::Sequence<syntax::Keyword> keywords) {
  for (const syntax::Expression* argument : arguments) {
    if (argument->kind == NodeKind::kStarred) return true;
  }
  for (const syntax::Keyword* keyword : keywords) {
    if (keyword->name.empty()) return true;
  }
  return false;
}

// What a literal is that somebody calls by leaving out a comma; null: may be callable.
const char* uncallable_type(const syntax::Expression* node) {
  switch (node->kind) {
    case NodeKind::kTuple:
      return "tuple";
    case NodeKind::kList:
    case NodeKind::kListComp:
      return "list";
    case NodeKind::kDict:
    case NodeKind::kDictComp:
      return "dict";
    case NodeKind::kSet:
    case NodeKind::kSetComp:
      return "set";
    case NodeKind::kGeneratorExp:
      return "generator";
    case NodeKind::kJoinedStr:
      return "str";
    case NodeKind::kConstant:
      break;
    default:
      return nullptr;
  }
  switch (as<syntax::Constant>(node)->constant_kind) {
    case syntax::ConstantKind::kNone:
      return "NoneType";
    case syntax::ConstantKind::kTrue:
    case syntax::ConstantKind::kFalse:
      return "bool";
    case syntax::ConstantKind::kEllipsis:
      return "ellipsis";
    case syntax::ConstantKind::kInteger:
      return "int";
    case syntax::ConstantKind::kFloat:
      return "float";
    case syntax::ConstantKind::kImaginary:
      return "complex";
    case syntax::ConstantKind::kString:
      return "str";
    default:
      return "bytes";
  }
}

}  // namespace

void Generator::check_callee(const syntax::Expression* node) {
  const char* type = uncallable_type(node);
  if (type == nullptr) return;
  warn(node->position,
       std::string("'") + type + "' object is not callable; perhaps you missed a comma?");
}

void Generator::check_keywords(syntax::Sequence<syntax::Keyword> keywords) {
  std::set<std::string_view> names;
  for (const syntax::Keyword* keyword : keywords) {
    if (keyword->name.empty() || names.insert(keyword->name).second) continue;
    return fail(keyword->position, "keyword argument repeated: " + std::string(keyword->name));
  }
}

// Puts the callee and self into base and base + 1; returns the place of the call.
Generator::Position Generator::callee(const syntax::Call* node, Register base) {
  const auto* attribute = try_as<syntax::Attribute>(node->function);
  if (attribute == nullptr) {
    check_callee(node->function);
    expression(node->function, base);
    return node->position;
  }
  const Temporaries temporaries(*this);
  const Value object = operand(attribute->value);
  emit(attribute_position(attribute, attribute->position), Opcode::kLoadMethod, base,
       object.operand, name_index(mangle(attribute->name)));
  return attribute_position(attribute, node->position);
}

void Generator::call(const syntax::Call* node, Register to) {
  const Register base = new_temporary(2);
  check_keywords(node->keywords);
  const Position position = callee(node, base);
  if (failed()) return;
  call_arguments(position, node->arguments, node->keywords, base, 0, to);
}

Ref<Object> Generator::names_of(syntax::Sequence<syntax::Keyword> keywords) {
  std::vector<Ref<Object>> names;
  for (const syntax::Keyword* keyword : keywords) {
    Ref<Str> name = take(new_str(thread_, mangle(keyword->name)));
    if (failed()) return nullptr;
    names.push_back(std::move(name));
  }
  return take(new_tuple_taking(thread_, names));
}

// `already` arguments lie behind base + 1.
void Generator::call_arguments(const Position& position,
                               syntax::Sequence<syntax::Expression> arguments,
                               syntax::Sequence<syntax::Keyword> keywords, Register base,
                               std::uint32_t already, Register to) {
  const std::size_t count = already + arguments.size() + keywords.size();
  if (is_unpacked(arguments, keywords) || count > kMostRegisters / 4) {
    return unpacked_arguments(position, arguments, keywords, base, already, to);
  }
  for (const syntax::Expression* argument : arguments) expression(argument, new_temporary());
  for (const syntax::Keyword* keyword : keywords) expression(keyword->value, new_temporary());
  if (failed()) return;
  if (keywords.empty()) {
    return emit(position, Opcode::kCall, to, base, static_cast<std::uint32_t>(count));
  }
  emit(position, Opcode::kCallNamed, to, base, static_cast<std::uint32_t>(count),
       constant_index(names_of(keywords)));
}

void Generator::unpacked_arguments(const Position& position,
                                   syntax::Sequence<syntax::Expression> arguments,
                                   syntax::Sequence<syntax::Keyword> keywords, Register base,
                                   std::uint32_t already, Register to) {
  // With arguments behind the base already: they are collected where they begin.
  const Register positional = base + 2;
  if (already == 0) {
    const Register next = new_temporary();
    RT_INVARIANT(next == positional, "the arguments follow the callee");
    const auto* only = arguments.size() == 1 ? try_as<syntax::Starred>(arguments[0]) : nullptr;
    if (only != nullptr) {
      expression(only->value, positional);
    } else if (arguments.empty()) {
      emit(position, Opcode::kBuildTuple, positional, positional, 0);
    } else {
      emit(position, Opcode::kBuildList, positional, positional, 0);
    }
    if (only != nullptr) arguments = {};
  } else {
    emit(position, Opcode::kBuildList, positional, positional, already);
  }
  for (const syntax::Expression* argument : arguments) {
    const Temporaries temporaries(*this);
    const auto* starred = try_as<syntax::Starred>(argument);
    const Value value = operand(starred == nullptr ? argument : starred->value);
    emit(argument->position, starred == nullptr ? Opcode::kListAppend : Opcode::kListExtend,
         positional, value.operand);
    if (failed()) return;
  }
  const Temporaries temporaries(*this);
  unit_->top = positional + 1;
  const Register map = new_temporary();
  if (!keywords.empty()) unpacked_keywords(position, keywords, base, map);
  emit(position, Opcode::kCallUnpacked, to, base);
}

void Generator::unpacked_keywords(const Position& position,
                                  syntax::Sequence<syntax::Keyword> keywords, Register base,
                                  Register map) {
  emit(position, Opcode::kBuildMap, map, map, 0);
  for (const syntax::Keyword* keyword : keywords) {
    const Temporaries temporaries(*this);
    if (keyword->name.empty()) {
      const Register value = in_register(keyword->position, operand(keyword->value));
      emit(keyword->position, Opcode::kDictMerge, map, value, base);
      continue;
    }
    // By DICT_MERGE, which complains if the name is there already.
    const Register pair = new_temporary(2);
    load(keyword->position, constant_text(mangle(keyword->name)), pair);
    expression(keyword->value, pair + 1);
    emit(keyword->position, Opcode::kBuildMap, pair, pair, 1);
    emit(keyword->position, Opcode::kDictMerge, map, pair, base);
    if (failed()) return;
  }
}

}  // namespace runtime
