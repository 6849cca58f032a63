// load_specs(): what a person names on a command line -> files -> families.
//
// A word of the selection that exists is a path; any other is an id glob below the root. A glob may
// go on behind the id of a family (list/two/append[*]@inherit), so the question is not "does it
// match the family" but "could it match a case of it".
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "conformance/spec/advice.h"
#include "conformance/spec/identifiers.h"
#include "conformance/spec/spec_loader.h"
#include "conformance/spec/yaml_reader.h"

namespace conformance {

namespace {

namespace filesystem = std::filesystem;
using Path = filesystem::path;

constexpr const char* kFeaturesFile = "features.yaml";
constexpr const char* kHarnessPrefix = "harness/";

bool path_exists(const Path& path) {
  std::error_code ignored;
  // A link that leads nowhere exists too: reading it will say what is wrong.
  const filesystem::file_type type = filesystem::symlink_status(path, ignored).type();
  return type != filesystem::file_type::not_found && type != filesystem::file_type::none;
}

bool is_folder(const Path& path) {
  std::error_code ignored;
  return filesystem::is_directory(path, ignored);
}

Path resolved(const Path& path) {
  std::error_code failed;
  Path result = filesystem::weakly_canonical(path, failed);
  return failed ? filesystem::absolute(path, failed).lexically_normal() : result;
}

// The nearest directory from `path` upwards that holds features.yaml.
std::optional<Path> root_above(const Path& path) {
  Path at = resolved(path);
  if (!is_folder(at)) at = at.parent_path();
  for (;; at = at.parent_path()) {
    if (path_exists(at / kFeaturesFile)) return at;
    if (at == at.parent_path()) return std::nullopt;
  }
}

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// Could the glob match some text that begins with `prefix`? The set of places in the glob that are
// reachable by `prefix` must not run empty; whatever of the glob is left then, some text fits it.
bool could_match(std::string_view glob, std::string_view prefix) {
  std::vector<bool> reached(glob.size() + 1, false);
  const auto pass_stars = [&](std::vector<bool>& places) {
    for (std::size_t at = 0; at < glob.size(); ++at) {
      if (places[at] && glob[at] == '*') places[at + 1] = true;
    }
  };
  reached[0] = true;
  pass_stars(reached);
  for (const char c : prefix) {
    std::vector<bool> next(glob.size() + 1, false);
    for (std::size_t at = 0; at < glob.size(); ++at) {
      if (!reached[at]) continue;
      if (glob[at] == '*') next[at] = true;
      if (glob[at] == '?' || glob[at] == c) next[at + 1] = true;
    }
    pass_stars(next);
    reached = std::move(next);
  }
  return std::find(reached.begin(), reached.end(), true) != reached.end();
}

struct Candidate {
  Path file;  // as it is to be shown
  std::string id;
};

class Selection {
 public:
  explicit Selection(SpecSet& specs) : specs_(specs) {}

  void run(const std::vector<std::string>& words, const std::string& default_root) {
    const auto first_path = std::find_if(words.begin(), words.end(),
                                         [](const std::string& word) { return path_exists(word); });
    const Path first = first_path == words.end() ? Path(default_root) : Path(*first_path);
    if (!is_folder(first) && first_path == words.end()) {
      return error(default_root, "no directory of specs here");
    }
    if (!find_root(first, default_root)) return;
    const bool all = words.empty();
    specs_.complete = all;
    if (all) add_directory(first);
    for (const std::string& word : words) {
      if (path_exists(word)) add_path(word);
    }
    for (const std::string& word : words) {
      if (!path_exists(word)) add_glob(word, default_root);
    }
    load_candidates();
    check_globs();
    drop_unmatched();
  }

 private:
  void error(const std::string& file, std::string message, std::string advice = "") {
    specs_.diagnostics.push_back(
        {file, 0, 0, std::move(message), std::move(advice), Severity::Error});
  }

  bool find_root(const Path& first, const std::string& default_root) {
    const std::optional<Path> above = root_above(first);
    if (above) {
      root_ = *above;
    } else {
      // Specs of somebody's own, away from ours: ids are relative to what was named, features are
      // the usual ones.
      root_ = is_folder(first) ? resolved(first) : resolved(first).parent_path();
      const Path below = resolved(default_root).lexically_relative(root_);
      if (is_folder(first) && !below.empty() && *below.begin() != ".." && below != ".") {
        error(first.string(), "holds more than specs",
              fmt::format("did you mean '{}'?", default_root));
        return false;
      }
    }
    specs_.root = root_.string();
    specs_.catalogue = load_catalogue(above ? specs_.root : default_root, specs_.diagnostics);
    outside_ = !above;
    return true;
  }

  void add_path(const std::string& word) {
    if (is_folder(word)) {
      add_directory(word);
      specs_.complete = specs_.complete || (!outside_ && resolved(word) == root_);
      return;
    }
    if (Path(word).extension() != ".yaml") {
      return error(word, "is not a spec", "specs are files that end with .yaml");
    }
    add_file(word);
  }

  // Sorted, so that diagnostics come in the same order everywhere. Links to directories are not
  // followed.
  void add_directory(const Path& directory) {
    std::error_code failed;
    std::vector<filesystem::directory_entry> entries;
    filesystem::directory_iterator at(directory, failed);
    for (; !failed && at != filesystem::directory_iterator(); at.increment(failed)) {
      entries.push_back(*at);
    }
    if (failed) {
      specs_.complete = false;
      return error(directory.string(), "cannot be read: " + failed.message());
    }
    std::sort(entries.begin(), entries.end());
    for (const filesystem::directory_entry& entry : entries) {
      const Path& path = entry.path();
      if (path.filename().string()[0] == '.') continue;
      std::error_code ignored;
      if (entry.is_directory(ignored)) {
        if (entry.is_symlink(ignored)) continue;
        if (resolved(path) != root_ / "harness" || named_harness_) add_directory(path);
      } else if (path.extension() == ".yaml") {
        add_file(path);
      } else if (path.extension() == ".yml") {
        error(path.string(), "is not read", "name it .yaml");
      }
    }
  }

  // The catalogues of the root were read and linted with it; a file of expectations is for
  // `--expectations`.
  bool is_no_family(const Path& path) const {
    static const std::set<std::string> kCatalogues = {kFeaturesFile, "behaviours.yaml",
                                                      "sources.yaml"};
    const std::string name = path.filename().string();
    if (name == "expectations.yaml") return true;
    return kCatalogues.count(name) > 0 && resolved(path).parent_path() == root_;
  }

  void add_file(const Path& path) {
    if (is_no_family(path)) return;
    const Path place = resolved(path);
    if (!files_.insert(place).second) return;
    const Path relative = place.lexically_relative(root_);
    std::string id;
    if (relative.empty() || *relative.begin() == "..") {
      id = place.stem().string();
    } else {
      id = (relative.parent_path() / relative.stem()).generic_string();
    }
    if (!is_id(id)) {
      return error(path.string(), fmt::format("its path would be the id '{}'", id),
                   "letters, digits, '_', '-' and '.' in names of files and folders");
    }
    candidates_.push_back({path, std::move(id)});
  }

  void add_glob(const std::string& word, const std::string& default_root) {
    if (Path(word).extension() == ".yaml") return error(word, "no such file");
    if (known_.empty()) know_all(default_root);
    bool any = false;
    const bool may_be_harness = begins_with(word, kHarnessPrefix) || word == "harness";
    for (const Candidate& candidate : known_) {
      if (begins_with(candidate.id, kHarnessPrefix) && !may_be_harness) continue;
      if (!id_matches(word, candidate.id) && !could_match(word, candidate.id + "/")) continue;
      any = true;
      if (!files_.insert(resolved(candidate.file)).second) continue;
      candidates_.push_back(candidate);
      only_by_glob_.insert(candidate.id);
    }
    if (!any) return nothing_matches(word);
    globs_.push_back(word);
  }

  void nothing_matches(const std::string& word) {
    std::vector<std::string_view> ids;
    for (const Candidate& candidate : known_) ids.push_back(candidate.id);
    error("",
          fmt::format("'{}' is no path, and no spec below {} has such an id", word, specs_.root),
          did_you_mean(word, ids));
  }

  // Every family below the root, unread: what globs choose from.
  void know_all(const std::string& default_root) {
    std::vector<Candidate> chosen = std::exchange(candidates_, {});
    std::set<Path> files = std::exchange(files_, {});
    const bool was_complete = specs_.complete;
    named_harness_ = true;
    // The root as it was given where it is the same directory, for the sake of readable
    // diagnostics.
    add_directory(resolved(default_root) == root_ ? Path(default_root) : root_);
    named_harness_ = false;
    known_ = std::exchange(candidates_, std::move(chosen));
    files_ = std::move(files);
    specs_.complete = was_complete;
  }

  void load_candidates() {
    std::sort(candidates_.begin(), candidates_.end(),
              [](const Candidate& left, const Candidate& right) { return left.id < right.id; });
    const Candidate* previous = nullptr;
    for (const Candidate& candidate : candidates_) {
      if (previous != nullptr && previous->id == candidate.id) {
        error(candidate.file.string(), fmt::format("has the id '{}'", candidate.id),
              fmt::format("so has {}", previous->file.string()));
        specs_.complete = false;
        continue;
      }
      previous = &candidate;
      load(candidate);
    }
  }

  void load(const Candidate& candidate) {
    const std::string file = candidate.file.string();
    std::string text;
    Family family;
    if (read_text_file(file, text, specs_.diagnostics) &&
        load_family(text, file, candidate.id, specs_.catalogue, family, specs_.diagnostics)) {
      specs_.families.push_back(std::move(family));
    } else {
      broken_.push_back(candidate.id);
      specs_.complete = false;
    }
  }

  static bool any_case_matches(const Family& family, const std::string& glob) {
    const std::vector<Case> cases = cases_of(family);
    return std::any_of(cases.begin(), cases.end(),
                       [&](const Case& one) { return id_matches(glob, one.id()); });
  }

  // A glob that families could match and no case does is as wrong as one that no family could.
  void check_globs() {
    for (const std::string& glob : globs_) {
      const bool may_be_broken = std::any_of(broken_.begin(), broken_.end(), [&](const auto& id) {
        return id_matches(glob, id) || could_match(glob, id + "/");
      });
      const bool any = std::any_of(specs_.families.begin(), specs_.families.end(),
                                   [&](const Family& one) { return any_case_matches(one, glob); });
      if (!any && !may_be_broken) {
        error("", fmt::format("no case matches '{}'", glob), nearest_case(glob));
      }
    }
  }

  // Families that could have held a case for some glob, and hold none.
  void drop_unmatched() {
    std::erase_if(specs_.families, [&](const Family& family) {
      return only_by_glob_.count(family.id) > 0 &&
             std::none_of(globs_.begin(), globs_.end(),
                          [&](const std::string& glob) { return any_case_matches(family, glob); });
    });
  }

  std::string nearest_case(const std::string& glob) const {
    std::vector<std::string> ids;
    for (const Family& family : specs_.families) {
      for (const Case& one : cases_of(family)) ids.push_back(one.id());
    }
    return did_you_mean(glob, std::vector<std::string_view>(ids.begin(), ids.end()));
  }

  SpecSet& specs_;
  Path root_;
  bool outside_ = false;  // no features.yaml above what was named
  bool named_harness_ = false;
  std::vector<Candidate> candidates_, known_;
  std::set<Path> files_;
  std::set<std::string> only_by_glob_;  // ids of families that no path names
  std::vector<std::string> globs_, broken_;
};

}  // namespace

SpecSet load_specs(const std::vector<std::string>& selection, const std::string& default_root) {
  SpecSet specs;
  Selection(specs).run(selection, default_root);
  return specs;
}

}  // namespace conformance
