// Whatever words the verifier accepts stay inside their code, on every path.
//
// The bytes are made into code that is nearly right (operations that exist, EXTRA words where they
// belong, operands near the limits), because random words are refused at once. What is accepted is
// then walked by chance, and at each step looked at again, with other eyes than the verifier's.
#include <cstddef>
#include <cstdint>
#include <memory>

#include "fuzz/collected_kernel.h"

namespace {

using namespace runtime;

// The bytes of the input, zero when they are used up.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  [[nodiscard]] bool is_empty() const { return size_ == 0; }
  std::uint8_t next() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

constexpr std::size_t kForNames = std::size_t{1} << 16;  // bytes; they are few here
constexpr int kInputsPerRound = 500;
int inputs_left = kInputsPerRound;

fuzzing::CollectedKernel& kernel() {
  static fuzzing::CollectedKernel* const made = new fuzzing::CollectedKernel();
  return *made;
}

Ref<Tuple> some_names(std::uint8_t count) {
  std::vector<Ref<Object>> names;
  for (std::uint8_t i = 0; i < count; ++i)
    names.push_back(must(new_str(kernel().here(), CodePoint('a' + i))));
  return names.empty() ? empty_tuple() : must(new_tuple_taking(kernel().here(), names));
}

CodeParts parts_of(Bytes& bytes) {
  ThreadState& thread = kernel().here();
  CodeParts parts;
  parts.name = text(thread, "f");
  parts.qualified_name = text(thread, "f");
  parts.file_name = text(thread, "fuzz");
  parts.constants = must(new_tuple(thread, {none(), some_names(2)}));
  parts.names = some_names(3);
  parts.local_names = some_names(bytes.next() % 4);
  parts.cell_names = some_names(bytes.next() % 3);
  parts.free_names = some_names(bytes.next() % 3);
  parts.flags = (bytes.next() % 2 == 0 ? 0 : CodeFlags::kGenerator) | CodeFlags::kOptimized;
  const auto variables = static_cast<std::uint32_t>(
      parts.local_names->size + parts.cell_names->size + parts.free_names->size);
  parts.register_count = variables + bytes.next() % 6;
  parts.cache_count = 2;
  parts.positions = {{0, {}}};
  for (int ranges = bytes.next() % 3; ranges > 0; --ranges) {
    const std::uint32_t first = bytes.next();
    parts.exceptions.push_back({first, first + bytes.next(), bytes.next(), bytes.next() % 16u});
  }
  while (!bytes.is_empty()) {
    const auto opcode = static_cast<Opcode>(bytes.next() % kOpcodes);
    const std::uint8_t a = bytes.next();
    const std::uint8_t b = bytes.next();
    const std::uint8_t c = bytes.next();
    parts.instructions.push_back(make_word(opcode, a, b, c));
    for (unsigned extra = form_of(opcode).extra_words(); extra > 0; --extra) {
      parts.instructions.push_back(make_extra(bytes.next() % 8u));
    }
  }
  parts.instructions.push_back(make_word(Opcode::kReturn, kNarrowConstantBit, 0, 0));
  return parts;
}

void look_at(const Code& code, const Instruction& instruction) {
  const InstructionForm& form = form_of(instruction.opcode);
  const auto look = [&](Operand kind, std::uint32_t value) {
    switch (kind) {
      case Operand::kDestination:
      case Operand::kSource:
      case Operand::kKept:
      case Operand::kKeptTemporary:
      case Operand::kTemporary:
      case Operand::kLocal:
      case Operand::kCellRegister:
      case Operand::kDelegated:
        RT_CHECK(value < code.register_count, "a register is one of the frame's");
        return;
      case Operand::kName:
        RT_CHECK(value < static_cast<std::uint64_t>(code.names->size), "a name exists");
        return;
      default:
        return;
    }
  };
  look(form.a, instruction.a);
  look(form.b, instruction.b);
  look(form.c, instruction.c);
  const Window window = window_of(instruction);
  RT_CHECK(window.count == 0 || window.first + window.count <= code.register_count,
           "a window ends in the frame");
}

void walk(const Code& code, std::uint32_t choices) {
  std::uint32_t at = 0;
  for (int step = 0; step < 200; ++step) {
    Instruction instruction;
    RT_CHECK(decode(code.words(), at, instruction), "execution is always at an instruction");
    look_at(code, instruction);
    const InstructionForm& form = form_of(instruction.opcode);
    choices = choices * 1664525u + 1013904223u;
    const ExceptionRange* range = handler_of(code, at);
    if (range != nullptr && choices >> 30 == 0) {
      RT_CHECK(range->live < code.register_count, "an exception has a register");
      at = range->handler;
    } else if (form.has(Effect::kJumps) && (form.has(Effect::kEnds) || choices >> 31 == 0)) {
      at = static_cast<std::uint32_t>(instruction.target());
    } else if (form.has(Effect::kEnds)) {
      return;
    } else {
      at = instruction.next;
    }
  }
}

}  // namespace

extern "C" int __lsan_is_turned_off() { return 1; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (--inputs_left == 0) {
    kernel().end_round(kForNames);
    inputs_left = kInputsPerRound;
  }
  Bytes bytes(data, size);
  const Ref<Code> code = must(new_code(kernel().here(), parts_of(bytes)));
  RT_CHECK(!disassemble(kernel().here(), code).empty(), "any code can be shown");
  if (!find_fault(*code).empty()) return 0;
  for (std::uint32_t seed = 0; seed < 8; ++seed) walk(*code, seed * 2654435761u);
  return 0;
}
