#include "runtime/modules/version.h"

#include <fmt/core.h>

namespace runtime {

std::string short_version_text(const Profile& profile) {
  return fmt::format("Python {}.{}.{}", profile.major, profile.minor, kVersionMicro);
}

std::string version_text(const Profile& profile) {
#if defined(__clang__)
  const std::string compiler =
      fmt::format("Clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  const std::string compiler =
      fmt::format("GCC {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
  const std::string build = *profile.build == '\0' ? "" : std::string(profile.build) + " ";
  return fmt::format("{}.{}.{} {}(Heddle 1.0.0) [{}]", profile.major, profile.minor, kVersionMicro,
                     build, compiler);
}

}  // namespace runtime
