// PATH as a shell reads it: an empty part is the working directory, the first executable file wins,
// a file that is not executable is remembered for the message only.
#include "conformance/ports/program_lookup.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace conformance {

namespace {

enum class FileKind { Missing, Directory, NotExecutable, Program };

FileKind kind_of(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0)
    return errno == EACCES ? FileKind::NotExecutable : FileKind::Missing;
  if (S_ISDIR(status.st_mode)) return FileKind::Directory;
  if (!S_ISREG(status.st_mode) || ::access(path.c_str(), X_OK) != 0) return FileKind::NotExecutable;
  return FileKind::Program;
}

std::string complaint(FileKind kind, const std::string& word) {
  switch (kind) {
    case FileKind::Directory:
      return "a directory, not a program: " + word;
    case FileKind::NotExecutable:
      return "not executable: " + word;
    default:
      return "command not found: " + word;
  }
}

// "/usr/bin/env" of "#!/usr/bin/env python3"; empty for a file that is no script.
std::string script_interpreter(const std::string& program) {
  std::ifstream stream(program, std::ios::binary);
  std::string line(256, '\0');
  stream.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<std::size_t>(stream.gcount()));
  if (!line.starts_with("#!")) return {};
  const std::size_t begin = line.find_first_not_of(" \t", 2);
  if (begin == std::string::npos) return {};
  return line.substr(begin, line.find_first_of(" \t\r\n", begin) - begin);
}

}  // namespace

std::string find_program(const std::string& word, const std::string& search_path,
                         std::string& error) {
  FileKind best = FileKind::Missing;
  if (word.find('/') != std::string::npos) {
    best = kind_of(word);
    if (best == FileKind::Program) return word;
  } else if (!word.empty()) {
    for (std::size_t begin = 0; begin <= search_path.size();) {
      const std::size_t end = std::min(search_path.find(':', begin), search_path.size());
      const std::string folder = search_path.substr(begin, end - begin);
      const std::string candidate = (folder.empty() ? "." : folder) + "/" + word;
      const FileKind kind = kind_of(candidate);
      if (kind == FileKind::Program) return candidate;
      if (kind == FileKind::NotExecutable) best = kind;
      begin = end + 1;
    }
  }
  error = word.empty() ? "the command is empty" : complaint(best, word);
  return {};
}

std::string explain_start_failure(const std::string& program, int error_number) {
  const std::string interpreter = script_interpreter(program);
  switch (error_number) {
    case ENOEXEC:
      return "cannot run " + program +
             ": exec format error (a script needs a first line such as #!/bin/sh, a program must "
             "be built for this machine)";
    case ENOENT:
    case ENOTDIR:
      if (interpreter.empty())
        return "cannot run " + program + ": the loader or library it asks for is missing";
      return "cannot run " + program + ": its interpreter is missing: " + interpreter;
    case EACCES:
      if (interpreter.empty()) return "not executable: " + program;
      return "cannot run " + program + ": its interpreter is not executable: " + interpreter;
    case E2BIG:
      return "cannot run " + program + ": arguments and environment are too long";
    case EAGAIN:
      return "cannot run " + program + ": too many processes";
    case ENOMEM:
      return "cannot run " + program + ": out of memory";
    default:
      return "cannot run " + program + ": " + std::strerror(error_number);
  }
}

}  // namespace conformance
