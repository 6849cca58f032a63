// The text of what is no file, for the source lines in tracebacks: "<string>" of -c, modules that
// are compiled in.
//
// Ancestry: CPython's linecache._register_code.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/raw_mutex.h"

namespace runtime {

// Thread safe.
class SourceTexts {
 public:
  void remember(std::string_view file, std::string_view text);
  [[nodiscard]] std::optional<std::string> find(std::string_view file) const;

 private:
  mutable RawMutex lock_;  // a leaf; guards what follows
  std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace runtime
