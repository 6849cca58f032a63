// Prints a dictionary of the instructions for bytecode_fuzzer: one line each, its operation's byte.
#include <cstdio>

#include "runtime/compiler/instruction.h"

int main() {
  for (unsigned number = 0; number < runtime::kOpcodes; ++number) {
    std::printf("%s=\"\\x%02x\"\n", runtime::form_of(static_cast<runtime::Opcode>(number)).name,
                number);
  }
}
