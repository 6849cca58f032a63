// The front door: one Python runtime, for a program that wants to run Python in it.
//
// Everything that a runtime consists of, put together in the right order and taken apart again:
// kernel, values, types, collector, interpreter, modules. The calling thread is its main thread.
//
//   Python python({.profile = kProfile314t, .settings = {...}});
//   int status = python.run_text("print(1 + 1)", "<string>");
//   status = python.finish(status);
//
// One at a time in a process. Other threads come by way of the module threading.
//
// Ancestry: https://docs.python.org/3/c-api/init_config.html; CPython's Py_RunMain and
// Py_FinalizeEx (Python/pylifecycle.c).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/modules/system_settings.h"
#include "runtime/object/profile.h"
#include "runtime/threads/gil.h"

namespace runtime {

struct PythonOptions {
  Profile profile;
  GilMode gil = GilMode::kOff;  // the GIL build always has it on
  std::uint32_t hash_seed = 0;
  std::uint64_t step_limit = 0;  // safe points of one thread, then RuntimeError; 0: any number
  SystemSettings settings = {};
};

class Python {
 public:
  explicit Python(const PythonOptions& options);
  // finish() was called.
  ~Python();
  Python(const Python&) = delete;
  Python& operator=(const Python&) = delete;

  // Runs text as the module __main__. 0, or the exit status that its exception stands for, after the
  // exception has been printed to sys.stderr: 1, or what SystemExit says.
  int run_text(std::string_view text, std::string_view file_name);
  // The same with the text of a file; 2 if it cannot be read.
  int run_file(const std::string& path);
  // Reads standard input to its end and runs it as a program.
  int run_prompt();
  // Writes the instructions of text to standard output instead of running it.
  int disassemble_text(std::string_view text, std::string_view file_name);
  int disassemble_file(const std::string& path);

  // The end of a program: waits for threads that are no daemons, calls what atexit knows, flushes
  // the streams, ends all modules and objects. Gives `status`, or 120 if the streams could not be
  // flushed. Where objects must be left as they are, the process must end without destroying this:
  // see leaves_objects().
  int finish(int status);
  // After finish(): daemon threads are left, asleep for ever, with references on their stacks; or what
  // a second thread has made immortal (profile 3.13t) stands in cycles with what is not.
  [[nodiscard]] bool leaves_objects() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace runtime
