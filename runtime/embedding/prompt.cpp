// The prompt: statement by statement from standard input.
#include <string>
#include <unistd.h>

#include "runtime/embedding/python.h"

namespace runtime {

// A program that comes through a pipe is read whole; at a terminal each statement runs when it is
// complete, which one learns by an empty line, as long as it has an open block.
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
