// A driver may write anything: the judge's reader makes events or errors of it, and the same ones
// whether the file comes at once or in pieces.
//
// The first byte says into how many pieces the rest is cut. Counts of one scenario are cumulative, and of
// those that come together the reader hands out the last only; so what is compared is what stays of them.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

#include "conformance/ports/protocol.h"

namespace {

using conformance::Event;

void demand(bool truth, const char* sentence) {
  if (truth) return;
  std::fprintf(stderr, "this should have been true: %s\n", sentence);
  std::abort();
}

// A file in memory that grows while it is read.
class GrowingFile {
 public:
  GrowingFile() : descriptor_(memfd_create("events", 0)) {
    demand(descriptor_ >= 0, "there is memory for a file");
  }
  ~GrowingFile() { close(descriptor_); }
  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }
  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      demand(written > 0, "a file in memory can be written");
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }

 private:
  int descriptor_;
};

// What stays of the events: all but counts that later ones replace.
struct Kept {
  std::vector<std::size_t> kinds;
  std::vector<std::string> errors;
};

Kept read(std::string_view text, std::size_t pieces) {
  GrowingFile file;
  conformance::ProtocolReader reader(file.path());
  Kept kept;
  const auto take = [&](std::vector<Event> events) {
    for (const Event& event : events) {
      if (const auto* error = std::get_if<conformance::ProtocolError>(&event)) {
        demand(!error->message.empty(), "an error says what is wrong");
        kept.errors.push_back(std::to_string(error->line) + ": " + error->message);
      } else if (!std::holds_alternative<conformance::CountsEvent>(event) ||
                 std::get<conformance::CountsEvent>(event).final) {
        kept.kinds.push_back(event.index());
      }
    }
  };
  const std::size_t step = text.size() / pieces + 1;
  for (std::size_t at = 0; at < text.size(); at += step) {
    file.write(text.substr(at, step));
    take(reader.poll());
  }
  take(reader.poll(true));
  demand(reader.bytes_read() == text.size(), "the reader has seen the whole file");
  return kept;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Kept whole = read(text, 1);
  const std::size_t pieces = data[0] % 16 + 1u;
  if (pieces == 1) return 0;
  const Kept cut = read(text, pieces);
  demand(whole.kinds == cut.kinds, "the events are the same in whatever pieces they come");
  demand(whole.errors == cut.errors, "the errors are the same in whatever pieces the events come");
  return 0;
}
