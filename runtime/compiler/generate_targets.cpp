// Assignment; see generator.h.
//
// https://docs.python.org/3/reference/simple_stmts.html#assignment-statements: the value first, then the targets from
// left to right, the parts of each when its turn comes.
#include "runtime/compiler/generator.h"

namespace runtime {

using syntax::as;
using syntax::NodeKind;
using syntax::try_as;

namespace {

// The elements of a tuple or list, if it is one and none is starred.
const syntax::Sequence<syntax::Expression>* plain_elements(const syntax::Expression* node) {
  const syntax::Sequence<syntax::Expression>* elements = nullptr;
  if (const auto* tuple = try_as<syntax::Tuple>(node)) elements = &tuple->elements;
  if (const auto* list = try_as<syntax::List>(node)) elements = &list->elements;
  if (elements == nullptr) return nullptr;
  for (const syntax::Expression* element : *elements) {
    if (element->kind == NodeKind::kStarred) return nullptr;
  }
  return elements;
}

constexpr std::size_t kMostPairs = 8;

}  // namespace

// a, b = b, a: no tuple is made.
bool Generator::assign_pairwise(const syntax::Expression* target, const syntax::Expression* value) {
  if (value->kind != NodeKind::kTuple) return false;
  const auto* targets = plain_elements(target);
  const auto* values = plain_elements(value);
  if (targets == nullptr || values == nullptr || targets->size() != values->size() ||
      values->empty() || values->size() > kMostPairs || folded(value)) {
    return false;
  }
  const Register first = new_temporary(static_cast<std::uint32_t>(values->size()));
  for (std::uint32_t i = 0; i < values->size(); ++i) expression((*values)[i], first + i);
  for (std::uint32_t i = 0; i < values->size(); ++i) store((*targets)[i], {first + i});
  return true;
}

void Generator::assign(const syntax::Assign* node) {
  if (node->targets.size() == 1) {
    const syntax::Expression* target = node->targets[0];
    if (const auto* name = try_as<syntax::Name>(target)) {
      const Place place = place_of(mangle(name->name));
      if (place.kind == PlaceKind::kLocal) {
        expression(node->value, place.reg);
        return mark_bound(place);
      }
    }
    if (assign_pairwise(target, node->value)) return;
  }
  const Value value = operand(node->value, false);
  for (std::size_t i = 0; i < node->targets.size(); ++i) {
    if (failed()) return;
    const Temporaries temporaries(*this);
    const bool is_last = i + 1 == node->targets.size();
    store(node->targets[i], is_last ? value : second(node->value->position, value));
  }
}

void Generator::store(const syntax::Expression* target, Value value) {
  if (failed()) return;
  const Temporaries temporaries(*this);
  switch (target->kind) {
    case NodeKind::kName:
      return store_name(target->position, mangle(as<syntax::Name>(target)->name), value);
    case NodeKind::kAttribute: {
      const auto* attribute = as<syntax::Attribute>(target);
      const Register object = in_register(target->position, operand(attribute->value));
      return emit(attribute_position(attribute, target->position), Opcode::kStoreAttribute, object,
                  name_index(mangle(attribute->name)), value.operand);
    }
    case NodeKind::kSubscript: {
      const auto* item = as<syntax::Subscript>(target);
      const Value container = operand(item->value, false);
      const Value key = index(item->index, true);
      return emit(target->position, Opcode::kSetItem, container.operand, key.operand,
                  value.operand);
    }
    case NodeKind::kTuple:
      return unpack(target, as<syntax::Tuple>(target)->elements, value);
    case NodeKind::kList:
      return unpack(target, as<syntax::List>(target)->elements, value);
    case NodeKind::kStarred:
      return fail(target->position, "starred assignment target must be in a list or tuple");
    default:
      return fail(target->position, "cannot assign to this expression");
  }
}

void Generator::unpack(const syntax::Expression* target,
                       syntax::Sequence<syntax::Expression> elements, Value value) {
  const auto count = static_cast<std::uint32_t>(elements.size());
  std::uint32_t star = count;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (elements[i]->kind != NodeKind::kStarred) continue;
    if (star != count) {
      return fail(target->position, "multiple starred expressions in assignment");
    }
    star = i;
  }
  const Register source = in_register(target->position, value);
  const Register first = new_temporary(count);
  if (star == count) {
    emit(target->position, Opcode::kUnpack, first, source, count);
  } else {
    emit(target->position, Opcode::kUnpackStar, first, source, star, count - star - 1);
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto* starred = try_as<syntax::Starred>(elements[i]);
    store(starred == nullptr ? elements[i] : starred->value, {first + i});
  }
}

// Each part of the target is evaluated once.
void Generator::augmented_assignment(const syntax::AugAssign* node) {
  const Opcode opcode = inplace_opcode_of(node->operation);
  const Position& place = node->position;
  switch (node->target->kind) {
    case NodeKind::kName: {
      const std::string_view name = mangle(as<syntax::Name>(node->target)->name);
      const Value old = operand(node->target, false);
      const Value change = operand(node->value);
      const Place where = place_of(name);
      if (where.kind == PlaceKind::kLocal) {
        emit(place, opcode, where.reg, old.operand, change.operand);
        return mark_bound(where);
      }
      const Register result = new_temporary();
      emit(place, opcode, result, old.operand, change.operand);
      return store_name(node->target->position, name, {result});
    }
    case NodeKind::kAttribute: {
      const auto* attribute = as<syntax::Attribute>(node->target);
      const Position where = attribute_position(attribute, node->target->position);
      const Register object = in_register(node->target->position, operand(attribute->value, false));
      const std::uint32_t name = name_index(mangle(attribute->name));
      const Value again = second(node->target->position, {object});
      const Register old = new_temporary();
      emit(where, Opcode::kLoadAttribute, old, again.operand, name);
      const Value change = operand(node->value);
      emit(place, opcode, old, old, change.operand);
      return emit(where, Opcode::kStoreAttribute, object, name, old);
    }
    case NodeKind::kSubscript: {
      const auto* item = as<syntax::Subscript>(node->target);
      const Value container = operand(item->value, false);
      const Value key = index(item->index, false);
      const Value container_again = second(node->target->position, container);
      const Value key_again = second(node->target->position, key);
      const Register old = new_temporary();
      emit(node->target->position, Opcode::kGetItem, old, container_again.operand,
           key_again.operand);
      const Value change = operand(node->value);
      emit(place, opcode, old, old, change.operand);
      return emit(node->target->position, Opcode::kSetItem, container.operand, key.operand, old);
    }
    default:
      return fail(place, "illegal expression for augmented assignment");
  }
}

}  // namespace runtime
