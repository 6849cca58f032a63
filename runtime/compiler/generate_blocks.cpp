// Statements with bodies, and the ways out of them; see generator.h.
//
// https://docs.python.org/3/reference/compound_stmts.html
#include "runtime/compiler/generator.h"
#include "runtime/object/singletons.h"

namespace runtime {

using syntax::as;
using syntax::NodeKind;
using syntax::try_as;

namespace {

constexpr std::size_t kMostBlocks = 20;  // as in CPython

}  // namespace

bool Generator::push_block(Block block) {
  if (unit_->blocks.size() >= kMostBlocks) {
    fail(block.position, "too many statically nested blocks");
    return false;
  }
  unit_->blocks.push_back(block);
  return true;
}

// -- leaving --

bool Generator::needs_unwinding() const {
  for (const Block& block : unit_->blocks) {
    if (block.kind != BlockKind::kWhile && block.kind != BlockKind::kFor &&
        block.kind != BlockKind::kTry) {
      return true;
    }
  }
  return false;
}

void Generator::unwind_to(const Position& position, std::size_t keep) {
  const std::vector<Block> blocks = unit_->blocks;
  while (unit_->blocks.size() > keep && is_reachable() && !failed()) {
    const Block block = unit_->blocks.back();
    unit_->blocks.pop_back();
    unwind(position, block);
  }
  unit_->blocks = blocks;
}

void Generator::unwind(const Position& position, const Block& block) {
  switch (block.kind) {
    case BlockKind::kWhile:
      return;
    case BlockKind::kFor:
      return emit(position, Opcode::kClear, block.kept);
    case BlockKind::kTry:
      return unit_->code.set_handler(block.outer_handler);
    case BlockKind::kFinally:
      unit_->code.set_handler(block.outer_handler);
      return statements(block.statements);
    case BlockKind::kFinallyHandler:
      unit_->code.set_handler(block.outer_handler);
      return end_handler(position, block.kept, block.saved);
    case BlockKind::kHandler:
      unit_->code.set_handler(block.outer_handler);
      end_handler(position, block.kept, block.saved);
      return forget_name(position, block.name);
    case BlockKind::kWith:
      unit_->code.set_handler(block.outer_handler);
      call_exit(block.position, block.kept);
      return emit(block.position, Opcode::kClear, block.kept);
  }
}

void Generator::break_statement(const syntax::Statement* node) {
  for (std::size_t i = unit_->blocks.size(); i-- > 0;) {
    const Block block = unit_->blocks[i];
    if (block.kind != BlockKind::kWhile && block.kind != BlockKind::kFor) continue;
    const std::uint32_t handler = unit_->code.handler();
    unwind_to(node->position, i);
    jump(node->position, Opcode::kJump, block.end);
    unit_->code.set_handler(handler);
    return;
  }
  fail(node->position, "'break' outside loop");
}

void Generator::continue_statement(const syntax::Statement* node) {
  for (std::size_t i = unit_->blocks.size(); i-- > 0;) {
    const Block block = unit_->blocks[i];
    if (block.kind != BlockKind::kWhile && block.kind != BlockKind::kFor) continue;
    const std::uint32_t handler = unit_->code.handler();
    unwind_to(node->position, i + 1);
    jump(node->position, Opcode::kJumpBack, block.next);
    unit_->code.set_handler(handler);
    return;
  }
  fail(node->position, "'continue' not properly in loop");
}

// -- if, while, for --

void Generator::if_statement(const syntax::If* node) {
  const Label end = new_label();
  // A chain of elif is walked here, not nested.
  for (;;) {
    const Label otherwise = new_label();
    jump_if(node->test, false, otherwise);
    statements(node->body);
    if (node->orelse.empty()) {
      bind(otherwise);
      break;
    }
    jump(unit_->last, Opcode::kJump, end);
    bind(otherwise);
    const auto* next = node->orelse.size() == 1 ? try_as<syntax::If>(node->orelse[0]) : nullptr;
    if (next == nullptr) {
      statements(node->orelse);
      break;
    }
    if (failed()) return;
    node = next;
    unit_->last = node->position;
  }
  bind(end);
}

void Generator::while_statement(const syntax::While* node) {
  const Label start = new_label();
  const Label otherwise = new_label();
  const Label end = new_label();
  if (!push_block(
          {.kind = BlockKind::kWhile, .position = node->position, .next = start, .end = end})) {
    return;
  }
  bind(start);
  jump_if(node->test, false, otherwise);
  statements(node->body);
  jump(unit_->last, Opcode::kJumpBack, start);
  pop_block();
  bind(otherwise);
  statements(node->orelse);
  bind(end);
}

void Generator::for_statement(const syntax::For* node) {
  const Label start = new_label();
  const Label otherwise = new_label();
  const Label end = new_label();
  const Temporaries temporaries(*this);
  const Register iterator = new_temporary();
  {
    const Temporaries inner(*this);
    Ref<Object> display = folded_display(node->iterable);
    const Value iterable = display ? constant(std::move(display)) : operand(node->iterable);
    emit(node->iterable->position, Opcode::kGetIterator, iterator, iterable.operand);
  }
  if (!push_block({.kind = BlockKind::kFor,
                   .position = node->position,
                   .next = start,
                   .end = end,
                   .kept = iterator})) {
    return;
  }
  bind(start);
  {
    const Temporaries inner(*this);
    const auto* name = try_as<syntax::Name>(node->target);
    const Place place = name == nullptr ? Place{PlaceKind::kName} : place_of(mangle(name->name));
    if (place.kind == PlaceKind::kLocal) {
      jump(node->iterable->position, Opcode::kForIterator, otherwise, place.reg, iterator);
      mark_bound(place);
    } else {
      const Register item = new_temporary();
      jump(node->iterable->position, Opcode::kForIterator, otherwise, item, iterator);
      store(node->target, {item});
    }
  }
  statements(node->body);
  jump(unit_->last, Opcode::kJumpBack, start);
  pop_block();
  bind(otherwise);
  statements(node->orelse);
  bind(end);
}

// -- try --

void Generator::end_handler(const Position& position, Register exception, Register saved) {
  emit(position, Opcode::kEndHandler, saved);
  emit(position, Opcode::kClear, exception);
}

// except ... as name: the name is gone behind it, whatever the handler did with it.
void Generator::forget_name(const Position& position, std::string_view name) {
  if (name.empty()) return;
  store_name(position, name, constant_none());
  delete_name(position, name);
}

void Generator::try_statement(const syntax::Try* node) {
  if (node->finally_body.empty()) return try_except(node);
  const Position nowhere;
  const Label entry = new_label();
  const Label failed_entry = new_label();
  const Label end = new_label();
  const Temporaries temporaries(*this);
  const Register exception = new_temporary(2);
  const Register saved = exception + 1;

  const std::uint32_t outer = enter_handler(entry, exception);
  if (!push_block({.kind = BlockKind::kFinally,
                   .position = node->position,
                   .outer_handler = outer,
                   .statements = node->finally_body})) {
    return;
  }
  if (node->handlers.empty()) {
    statements(node->body);
  } else {
    try_except(node);
  }
  pop_block();
  unit_->code.set_handler(outer);
  statements(node->finally_body);
  jump(unit_->last, Opcode::kJump, end);

  bind(entry);
  enter_handler(failed_entry, saved + 1);
  emit(nowhere, Opcode::kBeginHandler, saved, exception);
  if (!push_block({.kind = BlockKind::kFinallyHandler,
                   .position = node->position,
                   .kept = exception,
                   .saved = saved,
                   .outer_handler = outer})) {
    return;
  }
  statements(node->finally_body);
  pop_block();
  emit(nowhere, Opcode::kReraise, exception);
  unit_->code.set_handler(outer);
  bind(failed_entry);
  const Register another = new_temporary();
  emit(nowhere, Opcode::kEndHandler, saved);
  emit(nowhere, Opcode::kReraise, another);
  bind(end);
}

void Generator::try_except(const syntax::Try* node) {
  const Position nowhere;
  const Label entry = new_label();
  const Label failed_entry = new_label();
  const Label end = new_label();
  const Temporaries temporaries(*this);
  const Register exception = new_temporary(2);
  const Register saved = exception + 1;

  const std::uint32_t outer = enter_handler(entry, exception);
  if (!push_block({.kind = BlockKind::kTry, .position = node->position, .outer_handler = outer})) {
    return;
  }
  statements(node->body);
  pop_block();
  unit_->code.set_handler(outer);
  statements(node->orelse);
  jump(unit_->last, Opcode::kJump, end);

  bind(entry);
  enter_handler(failed_entry, saved + 1);
  emit(nowhere, Opcode::kBeginHandler, saved, exception);
  for (std::size_t i = 0; i < node->handlers.size(); ++i) {
    const syntax::ExceptHandler* handler = node->handlers[i];
    if (handler->type == nullptr && i + 1 < node->handlers.size()) {
      return fail(handler->position, "default 'except:' must be last");
    }
    const Label next = new_label();
    if (handler->type != nullptr) {
      const Temporaries inner(*this);
      const Register types = in_register(handler->type->position, operand(handler->type));
      const Register matches = new_temporary();
      emit(handler->type->position, Opcode::kMatchException, matches, exception, types);
      jump(handler->type->position, Opcode::kJumpIfFalse, next, matches);
    }
    const std::uint32_t own = unit_->code.handler();
    unit_->last = handler->position;
    // What leaves the clause by a statement is not caught by the handler of this very handler.
    if (!push_block({.kind = BlockKind::kHandler,
                     .position = handler->position,
                     .kept = exception,
                     .saved = saved,
                     .outer_handler = outer,
                     .name = handler->name.empty() ? std::string_view() : mangle(handler->name)})) {
      return;
    }
    except_clause(handler, exception, saved, end);
    unit_->code.set_handler(own);
    bind(next);
  }
  emit(nowhere, Opcode::kReraise, exception);
  unit_->code.set_handler(outer);
  bind(failed_entry);
  const Register another = new_temporary();
  emit(nowhere, Opcode::kEndHandler, saved);
  emit(nowhere, Opcode::kReraise, another);
  bind(end);
}

// Its block has been pushed.
void Generator::except_clause(const syntax::ExceptHandler* handler, Register exception,
                              Register saved, Label end) {
  const Position nowhere;
  const std::string_view name = unit_->blocks.back().name;
  const std::uint32_t outer = unit_->blocks.back().outer_handler;
  if (name.empty()) {
    statements(handler->body);
    pop_block();
    unit_->code.set_handler(outer);
    end_handler(unit_->last, exception, saved);
    return jump(unit_->last, Opcode::kJump, end);
  }
  const Temporaries temporaries(*this);
  const Label entry = new_label();
  const Register copy = new_temporary();
  emit(handler->position, Opcode::kCopy, copy, exception);
  store_name(handler->position, name, {copy});
  const std::uint32_t own = enter_handler(entry, copy);
  statements(handler->body);
  pop_block();
  unit_->code.set_handler(outer);
  end_handler(unit_->last, exception, saved);
  forget_name(unit_->last, name);
  jump(unit_->last, Opcode::kJump, end);
  unit_->code.set_handler(own);
  bind(entry);
  forget_name(nowhere, name);
  emit(nowhere, Opcode::kReraise, copy);
}

// -- with --

// The exit is in base and base + 1; afterwards base holds what it answered.
void Generator::call_exit(const Position& position, Register base) {
  for (Register argument = base + 2; argument < base + 5; ++argument) {
    load(position, constant_none(), argument);
  }
  emit(position, Opcode::kCall, base, base, 3);
}

void Generator::with_statement(const syntax::With* node, std::size_t item) {
  if (item == node->items.size()) return statements(node->body);
  const Position nowhere;
  const syntax::Expression* context = node->items[item].context;
  const Position& place = context->position;
  const Temporaries temporaries(*this);
  // The exit and its self, then room for its arguments; while the body runs the room is empty.
  const Register base = new_temporary(5);
  const Register manager = base + 2;
  const Register exception = base + 2;
  const Register saved = base + 3;
  expression(context, manager);
  emit(place, Opcode::kCopy, base + 3, manager);
  emit(place, Opcode::kLoadSpecial, base, base + 3,
       static_cast<std::uint32_t>(SpecialMethod::kExit));
  emit(place, Opcode::kLoadSpecial, manager, manager,
       static_cast<std::uint32_t>(SpecialMethod::kEnter));
  emit(place, Opcode::kCall, manager, manager, 0);

  const Label entry = new_label();
  const Label failed_entry = new_label();
  const Label suppress = new_label();
  const Label end = new_label();
  const std::uint32_t outer = enter_handler(entry, exception);
  if (!push_block(
          {.kind = BlockKind::kWith, .position = place, .kept = base, .outer_handler = outer})) {
    return;
  }
  if (node->items[item].target != nullptr) {
    store(node->items[item].target, {manager});
  } else {
    emit(place, Opcode::kClear, manager);
  }
  with_statement(node, item + 1);
  pop_block();
  unit_->code.set_handler(outer);
  call_exit(place, base);
  emit(place, Opcode::kClear, base);
  jump(place, Opcode::kJump, end);

  bind(entry);
  enter_handler(failed_entry, saved + 1);
  emit(place, Opcode::kBeginHandler, saved, exception);
  emit(place, Opcode::kWithException, base + 4, base, exception);
  jump(place, Opcode::kJumpIfTrue, suppress, base + 4);
  emit(place, Opcode::kReraise, exception);
  bind(suppress);
  unit_->code.set_handler(outer);
  end_handler(place, exception, saved);
  emit(place, Opcode::kClear, base);
  emit(place, Opcode::kClear, base + 1);
  jump(place, Opcode::kJump, end);
  bind(failed_entry);
  emit(nowhere, Opcode::kEndHandler, saved);
  emit(nowhere, Opcode::kReraise, base + 4);
  bind(end);
}

}  // namespace runtime
