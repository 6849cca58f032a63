// Which Python this is, in words.
#pragma once

#include <string>

#include "runtime/object/profile.h"

namespace runtime {

inline constexpr int kVersionMicro = 0;

// sys.version: "3.14.0 free-threading build (Heddle 1.0.0) [Clang 19.1.7]".
[[nodiscard]] std::string version_text(const Profile& profile);
// What -V prints: "Python 3.14.0".
[[nodiscard]] std::string short_version_text(const Profile& profile);

}  // namespace runtime
