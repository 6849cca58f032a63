// The program on standard input.
#include <string>
#include <unistd.h>

#include "runtime/embedding/python.h"

namespace runtime {

// Read whole before it runs, at a terminal too: there is no dialogue.
int Python::run_prompt() {
  std::string text;
  char buffer[65536];
  ssize_t count = 0;
  while ((count = ::read(0, buffer, sizeof(buffer))) > 0) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return run_text(text, "<stdin>");
}

}  // namespace runtime
