#include "runtime/compiler/disassemble.h"

#include <fmt/format.h>
#include <iterator>

#include "runtime/object/protocol.h"

namespace runtime {

namespace {

class Disassembler {
 public:
  Disassembler(ThreadState& thread, const Code& code) : thread_(thread), code_(code) {}

  std::string text() {
    put("{} ({} line {}), {} registers\n", utf8_of(*code_.qualified_name),
        utf8_of(*code_.file_name), code_.first_line, code_.register_count);
    CodePosition latest;
    for (std::uint32_t at = 0; at < code_.instruction_count;) {
      Instruction instruction;
      if (!decode(code_.words(), at, instruction)) {
        put("{:8} {:5}  ? {:08x}\n", "", at, code_.instructions[at]);
        ++at;
        continue;
      }
      const CodePosition position = position_of(code_, at);
      std::string place;
      if (!(position == latest) && position.line != 0) {
        place = fmt::format("{}:{}", position.line, position.column);
      }
      latest = position;
      put("{:>8} {:5}  ", place, at);
      line(instruction);
      at = instruction.next;
    }
    for (const ExceptionRange& range : code_.exception_table()) {
      put("  {} to {}: {} with {}\n", range.first, range.end, range.handler, reg(range.live));
    }
    return std::move(text_);
  }

 private:
  template <class... Values>
  void put(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Values>(values)...);
  }

  std::string reg(std::uint32_t index) const {
    if (index >= code_.first_temporary) return fmt::format("%{}", index - code_.first_temporary);
    const Str* name = code_.name_of_register(index);
    const std::string text = name == nullptr ? "?" : utf8_of(*name);
    return index < code_.local_count ? text : "{" + text + "}";
  }

  std::string constant(std::uint64_t index) const {
    if (index >= static_cast<std::uint64_t>(code_.constants->size)) return "constant ?";
    const Borrowed<Object> object = code_.constants->at(static_cast<std::int64_t>(index));
    if (is_code(*object)) return "<code " + utf8_of(*as_code(object)->name) + ">";
    Result<Ref<Str>> shown = repr_of(thread_, object);
    return shown.is_raised() ? "?" : utf8_of(*shown.value());
  }

  std::string name(std::uint32_t index) const {
    if (index >= static_cast<std::uint64_t>(code_.names->size)) return "name ?";
    return utf8_of(*static_cast<Str*>(code_.names->items()[index]));
  }

  std::string function_parts(std::uint32_t parts) const {
    static constexpr const char* kNames[] = {"defaults", "keyword defaults", "annotations",
                                             "closure", "annotate"};
    std::string text = "(";
    for (unsigned bit = 0; bit < 5; ++bit) {
      if ((parts >> bit & 1) == 0) continue;
      if (text.size() > 1) text += ", ";
      text += kNames[bit];
    }
    return text + ")";
  }

  // Empty: nothing to show.
  std::string operand(const Instruction& instruction, Operand kind, std::uint32_t value) const {
    switch (kind) {
      case Operand::kNothing:
      case Operand::kJump:
      case Operand::kFarJump:
        return "";
      case Operand::kSourceOrConstant:
        if (instruction.is_constant(value)) return constant(instruction.constant_index(value));
        return reg(value);
      case Operand::kName:
        return name(value);
      case Operand::kConstant:
        return constant(value);
      case Operand::kLongConstant:
        return constant(instruction.long_constant());
      case Operand::kNumber:
        return fmt::format("({})", value);
      case Operand::kConversion: {
        static constexpr const char* kNames[] = {"", "!s", "!r", "!a"};
        return value < 4 ? kNames[value] : "!?";
      }
      case Operand::kSpecial:
        return value == 0 ? "__enter__" : "__exit__";
      case Operand::kFunctionParts:
        return function_parts(value);
      default:
        return reg(value);
    }
  }

  void line(const Instruction& instruction) {
    const InstructionForm& form = form_of(instruction.opcode);
    std::string operands;
    const auto add = [&operands](const std::string& text, bool is_note = false) {
      if (text.empty()) return;
      if (!operands.empty()) operands += is_note ? " " : ", ";
      operands += text;
    };
    const auto add_operand = [&](Operand kind, std::uint32_t value) {
      add(operand(instruction, kind, value),
          kind == Operand::kNumber || kind == Operand::kFunctionParts);
    };
    add_operand(form.a, instruction.a);
    add_operand(form.b, instruction.b);
    add_operand(form.c, instruction.c);
    if (form.extra1 == Extra::kConstant) add(constant(instruction.extra1));
    if (form.extra1 == Extra::kNumber) add(fmt::format("({})", instruction.extra1), true);
    if (form.has(Effect::kJumps)) add(fmt::format("to {}", instruction.target()));
    if (operands.empty()) {
      put("{}\n", form.name);
    } else {
      put("{:<22} {}\n", form.name, operands);
    }
  }

  ThreadState& thread_;
  const Code& code_;
  std::string text_;
};

}  // namespace

std::string disassemble(ThreadState& thread, Borrowed<Code> code, NestedCode nested) {
  std::string text = Disassembler(thread, *code).text();
  if (nested == NestedCode::kLeaveOut) return text;
  for (std::int64_t i = 0; i < code->constants->size; ++i) {
    const Borrowed<Object> constant = code->constants->at(i);
    if (is_code(*constant)) text += "\n" + disassemble(thread, as_code(constant), nested);
  }
  return text;
}

}  // namespace runtime
