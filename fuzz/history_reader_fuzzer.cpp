// Can a file of history make the reader crash, hang, use much memory, or contradict itself?
//
// Bytes are read as a file. What is accepted is written in both forms and must be read back the same.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "conformance/history/history_reader.h"
#include "conformance/history/history_writer.h"
#include "conformance/linearizability/model.h"

namespace {

using namespace conformance;

void require(bool truth, const char* what) {
  if (truth) return;
  std::fprintf(stderr, "history_reader_fuzzer: %s\n", what);
  std::abort();
}

std::string written(const History& history, HistoryForm form) {
  std::ostringstream stream;
  write_history(history, form, stream);
  return stream.str();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const HistoryLimits limits{1000, 1 << 22, 1 << 16};
  Diagnostics diagnostics;
  std::istringstream stream(std::string(reinterpret_cast<const char*>(data), size));
  const History history = read_history(stream, "input", limits, diagnostics);
  require(static_cast<int>(diagnostics.size()) <= kMaximumComplaints + 1, "complaints do not end");
  for (const Diagnostic& one : diagnostics) {
    require(!one.message.empty(), "a complaint without words");
    to_string(one);
  }
  for (const Model& model : all_models()) {
    for (const Operation& operation : history.operations) complaint(model, operation);
  }
  if (has_errors(diagnostics)) return 0;
  for (const HistoryForm form : {HistoryForm::Operations, HistoryForm::Events}) {
    const std::string text = written(history, form);
    Diagnostics again;
    std::istringstream copy(text);
    // Written out, characters may take more bytes than they did.
    const History reread = read_history(copy, "copy", {}, again);
    require(again.empty(), "what was written is complained of");
    require(written(reread, form) == text, "what was written is read back as something else");
  }
  return 0;
}
