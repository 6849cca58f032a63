#include "conformance/command_line/locations.h"

#include <cstdlib>
#include <filesystem>
#include <vector>

namespace conformance {
namespace {

namespace files = std::filesystem;

bool is_home(const files::path& place) {
  std::error_code error;
  return files::exists(place / "specs" / "features.yaml", error);
}

files::path this_program() {
  std::error_code error;
  return files::read_symlink("/proc/self/exe", error);
}

files::path find_home() {
  if (const char* chosen = std::getenv("HEDDLE_HOME")) return chosen;
  std::error_code error;
  for (const files::path& start : {files::current_path(error), this_program().parent_path()}) {
    for (files::path place = start; !place.empty(); place = place.parent_path()) {
      if (is_home(place)) return place;
      if (place == place.root_path()) break;
    }
  }
  return HEDDLE_SOURCE_DIR;
}

}  // namespace

Locations find_locations() {
  const files::path home = find_home();
  std::error_code error;
  const files::path near = files::proximate(home / "specs", error);  // short paths in reports
  const std::string specs =
      error || near.string().starts_with("../..") ? (home / "specs").string() : near.string();
  return {specs, (home / "conformance" / "ports").string(),
          (this_program().parent_path() / "heddle-fake-port").string()};
}

}  // namespace conformance
