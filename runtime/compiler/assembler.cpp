#include "runtime/compiler/assembler.h"

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"

namespace runtime {

namespace {

bool has_target(const InstructionForm& form) {
  return form.a == Operand::kFarJump || form.b == Operand::kJump || form.extra2 == Extra::kJump;
}

// Whether the operand needs more than eight bits.
bool is_large(Operand kind, std::uint32_t value) {
  switch (kind) {
    case Operand::kNothing:
    case Operand::kJump:
    case Operand::kFarJump:
      return false;
    case Operand::kLongConstant:
      return value > 0xFFFF;
    case Operand::kSourceOrConstant:
      return (value & ~kConstantOperand) >= kNarrowConstantBit;
    default:
      return value > 0xFF;
  }
}

std::uint32_t encoded(Operand kind, std::uint32_t value, bool is_wide) {
  if (kind != Operand::kSourceOrConstant || (value & kConstantOperand) == 0) return value;
  return (value & ~kConstantOperand) | (is_wide ? kWideConstantBit : kNarrowConstantBit);
}

}  // namespace

Assembler::Label Assembler::new_label() {
  labels_.emplace_back();
  return static_cast<Label>(labels_.size() - 1);
}

void Assembler::reach(Label label) {
  LabelState& state = labels_[label];
  if (state.is_reached) {
    state.definite.keep_common(definite_);
  } else {
    state.definite = definite_;
  }
  state.is_reached = true;
}

void Assembler::bind(Label label) {
  LabelState& state = labels_[label];
  RT_INVARIANT(state.index == UINT32_MAX, "a label is bound once");
  // A jump to what follows it anyway.
  if (!pending_.empty() && !is_reachable_ && pending_.back().opcode == Opcode::kJump &&
      pending_.back().target == label) {
    pending_.pop_back();
  }
  state.index = static_cast<std::uint32_t>(pending_.size());
  if (is_reachable_) {
    if (state.is_reached) definite_.keep_common(state.definite);
  } else if (state.is_reached) {
    definite_ = state.definite;
    is_reachable_ = true;
  }
}

std::uint32_t Assembler::new_handler(Label entry, std::uint32_t live) {
  handlers_.push_back({entry, live});
  return static_cast<std::uint32_t>(handlers_.size() - 1);
}

void Assembler::emit(const syntax::Position& position, Opcode opcode, std::uint32_t a,
                     std::uint32_t b, std::uint32_t c, std::uint32_t extra) {
  if (!is_reachable_) return;
  if (pending_.size() >= kMostInstructions) {
    is_too_long_ = true;
    return;
  }
  Pending& pending = pending_.emplace_back();
  pending.opcode = opcode;
  pending.a = a;
  pending.b = b;
  pending.c = c;
  pending.extra = extra;
  pending.target = 0;
  pending.handler = handler_;
  pending.position = position;
  // What is surely there when the handler is entered was there when its region began.
  if (handler_ != kNoHandler && !labels_[handlers_[handler_].entry].is_reached) {
    reach(handlers_[handler_].entry);
  }
  if (form_of(opcode).has(Effect::kEnds)) is_reachable_ = false;
}

void Assembler::emit_jump(const syntax::Position& position, Opcode opcode, Label target,
                          std::uint32_t a, std::uint32_t b) {
  if (!is_reachable_) return;
  if (labels_[target].index == UINT32_MAX) reach(target);
  emit(position, opcode, a, b);
  if (!is_too_long_) pending_.back().target = target;
}

std::int64_t Assembler::distance(const Pending& pending) const {
  const std::uint32_t index = labels_[pending.target].index;
  RT_INVARIANT(index < pending_.size(), "a label that is jumped to is bound before an instruction");
  return static_cast<std::int64_t>(pending_[index].at) - (pending.at + size_of(pending));
}

std::uint32_t Assembler::size_of(const Pending& pending) const {
  return 1 + (pending.is_wide ? 1 : 0) + form_of(pending.opcode).extra_words();
}

bool Assembler::must_be_wide(const Pending& pending) {
  const InstructionForm& form = form_of(pending.opcode);
  return is_large(form.a, pending.a) || is_large(form.b, pending.b) || is_large(form.c, pending.c);
}

std::uint32_t Assembler::place_all() {
  std::uint32_t at = 0;
  for (Pending& pending : pending_) {
    pending.at = at;
    at += size_of(pending);
  }
  return at;
}

void Assembler::widen() {
  for (Pending& pending : pending_) pending.is_wide = must_be_wide(pending);
  for (bool is_changed = true; is_changed;) {
    is_changed = false;
    place_all();
    for (Pending& pending : pending_) {
      if (pending.is_wide || form_of(pending.opcode).b != Operand::kJump) continue;
      const std::int64_t far = distance(pending);
      if (far != static_cast<std::int16_t>(far)) {
        pending.is_wide = true;
        is_changed = true;
      }
    }
  }
}

void Assembler::write(CodeParts& parts, const Pending& pending) const {
  const InstructionForm& form = form_of(pending.opcode);
  std::uint32_t a = encoded(form.a, pending.a, pending.is_wide);
  std::uint32_t b = encoded(form.b, pending.b, pending.is_wide);
  std::uint32_t c = encoded(form.c, pending.c, pending.is_wide);
  const auto far = has_target(form) ? static_cast<std::uint32_t>(distance(pending)) : 0;
  const std::uint32_t half = pending.is_wide ? 16 : 8;
  if (form.a == Operand::kFarJump) {
    a = far & 0xFF;
    b = far >> 8 & 0xFF;
    c = far >> 16 & 0xFF;
  } else if (form.b == Operand::kJump || form.b == Operand::kLongConstant) {
    const std::uint32_t number = form.b == Operand::kJump ? far : b;
    b = number & ((1u << half) - 1);
    c = number >> half & ((1u << half) - 1);
  }
  if (pending.is_wide)
    parts.instructions.push_back(make_word(Opcode::kWide, a >> 8, b >> 8, c >> 8));
  parts.instructions.push_back(make_word(pending.opcode, a, b, c));
  for (const Extra extra : {form.extra1, form.extra2}) {
    if (extra == Extra::kNothing) continue;
    std::uint32_t number = pending.extra;
    if (extra == Extra::kCell) number = parts.cache_count++;
    if (extra == Extra::kJump) number = far & kMostExtra;
    parts.instructions.push_back(make_extra(number));
  }
}

void Assembler::write_tables(CodeParts& parts, std::uint32_t end) const {
  std::uint32_t current = kNoHandler;
  for (const Pending& pending : pending_) {
    const syntax::Position& place = pending.position;
    const CodePosition position{place.line, place.column, place.end_line, place.end_column};
    if (parts.positions.empty() || !(parts.positions.back().position == position)) {
      parts.positions.push_back({pending.at, position});
    }
    if (pending.handler == current) continue;
    if (current != kNoHandler) parts.exceptions.back().end = pending.at;
    current = pending.handler;
    if (current == kNoHandler) continue;
    const Handler& handler = handlers_[current];
    parts.exceptions.push_back(
        {pending.at, end, pending_[labels_[handler.entry].index].at, handler.live});
  }
  if (RT_MUTANT(exception_range_one_short)) {
    for (ExceptionRange& range : parts.exceptions) {
      for (const Pending& pending : pending_) {
        if (pending.at + size_of(pending) == range.end && pending.at > range.first) {
          range.end = pending.at;
          break;
        }
      }
    }
  }
}

bool Assembler::assemble(CodeParts& parts) {
  if (is_too_long_) return false;
  RT_INVARIANT(!is_reachable_, "code does not fall off its end");
  widen();
  const std::uint32_t end = place_all();
  if (end >= kMostWords) return false;
  for (const Pending& pending : pending_) write(parts, pending);
  write_tables(parts, end);
  return true;
}

}  // namespace runtime
