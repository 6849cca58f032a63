#include "conformance/command_line/output_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace conformance {
namespace {

[[noreturn]] void fail(const std::string& path, const char* doing) {
  throw OutputError(std::string("cannot ") + doing + " " + path + ": " + std::strerror(errno));
}

void write_all(int descriptor, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path, "write");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool is_plain_or_missing(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode);
}

}  // namespace

LineFile::LineFile(const std::string& path, std::uint64_t keep) : path_(path) {
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor_ < 0) fail(path, "open");
  if (is_plain_or_missing(path) && ::ftruncate(descriptor_, static_cast<off_t>(keep)) != 0)
    fail(path, "shorten");
}

LineFile::~LineFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void LineFile::write_line(std::string_view line) {
  write_all(descriptor_, std::string(line) + "\n", path_);
}

void LineFile::close() {
  const int descriptor = descriptor_;
  descriptor_ = -1;
  if (::close(descriptor) != 0) fail(path_, "close");
}

void write_whole_file(const std::string& path, std::string_view text) {
  const bool direct = !is_plain_or_missing(path);
  const std::string target = direct ? path : path + ".part";
  const int descriptor = ::open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) fail(target, "open");
  try {
    write_all(descriptor, text, target);
  } catch (...) {
    ::close(descriptor);
    if (!direct) ::unlink(target.c_str());
    throw;
  }
  if (::close(descriptor) != 0) fail(target, "close");
  if (!direct && std::rename(target.c_str(), path.c_str()) != 0) fail(path, "write");
}

}  // namespace conformance
