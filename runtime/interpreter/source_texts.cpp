#include "runtime/interpreter/source_texts.h"

namespace runtime {

void SourceTexts::remember(std::string_view file, std::string_view text) {
  RawMutexGuard guard(lock_);
  texts_.insert_or_assign(std::string(file), std::string(text));
}

std::optional<std::string> SourceTexts::find(std::string_view file) const {
  RawMutexGuard guard(lock_);
  const auto found = texts_.find(file);
  if (found == texts_.end()) return std::nullopt;
  return found->second;
}

}  // namespace runtime
