#include "conformance/runner/machine_lock.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace conformance {

MachineLock::MachineLock(const std::string& path, const std::atomic<bool>& stop,
                         std::string& trouble) {
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    trouble = "no machine-wide lock: cannot open " + path + ": " + std::strerror(errno);
    return;
  }
  ::fchmod(descriptor_,
           0666);  // other people on this machine lock it too; not ours to change if it is theirs
  while (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && !stop.load()) {
    ::poll(nullptr, 0, 20);  // flock cannot be waited for together with `stop`
  }
}

MachineLock::~MachineLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string machine_lock_path() {
  if (const char* chosen = std::getenv("HEDDLE_LOCK")) return chosen;
  std::error_code error;
  std::filesystem::path directory = std::filesystem::temp_directory_path(error);
  if (error) directory = "/tmp";
  return (directory / "heddle-litmus.lock").string();
}

}  // namespace conformance
