// Two threads that read one file.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/modules/modules_test_support.h"
#include "runtime/modules/text_file.h"

namespace runtime {
namespace {

// One file for all executions: what an execution opens stays open when it is abandoned.
const int kDescriptor = ::memfd_create("scenario", MFD_CLOEXEC);

RT_SCENARIO(file_lines, "modules/file_lines_read_by_two",
            "Two threads that read lines of one file get each line once, and whole.") {
  constexpr std::string_view kLines = "one\ntwo\n";
  RT_CHECK(::pwrite(kDescriptor, kLines.data(), kLines.size(), 0) == 8, "it can be written");
  RT_CHECK(::lseek(kDescriptor, 0, SEEK_SET) == 0, "and read from its beginning");
  ModulesKernel runtime;
  must(open_file_types(runtime.here()));
  FileMode how;
  how.reads = true;
  how.closes_descriptor = false;
  Ref<File> file = must(new_file(runtime.here(), kDescriptor, how, text(runtime.here(), "scenario"),
                                 "r", "utf-8", "strict"));
  std::string read[2];
  const auto read_line = [&](std::string& into) {
    return [&](ThreadState& thread) {
      Ref<Object> line = must(call_with(thread, attribute(thread, file, "readline")));
      into = utf8_of(*as_str(line));
    };
  };
  run_in_threads(runtime, {read_line(read[0]), read_line(read[1])});
  RT_CHECK((read[0] == "one\n" && read[1] == "two\n") || (read[0] == "two\n" && read[1] == "one\n"),
           "each line once");
}

}  // namespace
}  // namespace runtime
