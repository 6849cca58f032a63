// lint(): what no single file can show, and what a single file shows only to a second look. Every
// finding is an error: a claim that covers nothing, a promise that nothing checks or a rule that
// can never match is a mistake, if a quiet one.
#include <fmt/format.h>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "conformance/spec/advice.h"
#include "conformance/spec/python_names.h"
#include "conformance/spec/spec_loader.h"

namespace conformance {

namespace {

using Names = std::set<std::string, std::less<>>;

class Linter {
 public:
  explicit Linter(const SpecSet& specs) : specs_(specs) {}

  Diagnostics run() {
    for (const Family& family : specs_.families) {
      for (const Scenario& scenario : family.scenarios) look_at(family, scenario);
    }
    look_at_references();
    if (specs_.complete) look_at_coverage();
    return std::move(diagnostics_);
  }

 private:
  void error(const std::string& file, int line, std::string message, std::string advice = "") {
    diagnostics_.push_back({file, line, 0, std::move(message), std::move(advice), Severity::Error});
  }

  void look_at(const Family& family, const Scenario& scenario) {
    const bool of_harness = family.id.rfind("harness/", 0) == 0;
    if (scenario.covers.empty() && !of_harness) {
      error(family.file, scenario.line, fmt::format("'{}' covers nothing", scenario.name),
            "name the behaviours after `covers:`");
    }
    for (const std::string& id : scenario.covers) {
      if (specs_.catalogue.find_behaviour(id) == nullptr) {
        error(family.file, scenario.line,
              fmt::format("'{}' covers the unknown behaviour '{}'", scenario.name, id),
              nearest(specs_.catalogue.behaviours, id));
      }
      covered_.insert(id);
    }
    look_at_rules(family, scenario);
    look_at_actors(family, scenario);
  }

  void look_at_rules(const Family& family, const Scenario& scenario) {
    const Rule* last = nullptr;
    for (const Rule& rule : scenario.outcomes) {
      if (last != nullptr) {
        error(family.file, rule.line, "no outcome gets as far as this rule",
              fmt::format("'else' on line {} takes them all", last->line));
        return;
      }
      if (rule.matcher == Matcher::Else && rule.where.always()) last = &rule;
    }
  }

  // An assignment would make the name the actor's own, and setup's object would be out of its
  // reach.
  void look_at_actors(const Family& family, const Scenario& scenario) {
    Names of_setup;
    for (const PythonName& name : scan_python(scenario.setup.text).bound)
      of_setup.insert(name.name);
    for (const Variant& variant : scenario.variants) {
      for (const NamedSnippet& let : variant.let) of_setup.insert(let.name);
    }
    for (const Actor& actor : scenario.actors) {
      const PythonNames names = scan_python(actor.code.text);
      Names told;
      for (const auto* found : {&names.bound, &names.outside}) {
        for (const PythonName& name : *found) {
          if (of_setup.count(name.name) == 0 || !told.insert(name.name).second) continue;
          error(family.file, actor.code.line + name.line,
                fmt::format("the actor '{}' assigns '{}', a name of setup", actor.name, name.name),
                "change an object instead, or take another name");
        }
      }
    }
  }

  template <typename Row>
  static std::string nearest(const std::vector<Row>& rows, std::string_view id) {
    std::vector<std::string_view> ids;
    for (const Row& row : rows) ids.push_back(row.id);
    return did_you_mean(id, ids);
  }

  void look_at_references() {
    const Catalogue& catalogue = specs_.catalogue;
    for (const Behaviour& behaviour : catalogue.behaviours) {
      for (const std::string& id : behaviour.sources) {
        cited_.insert(id);
        if (catalogue.find_source(id) != nullptr) continue;
        error(catalogue.behaviours_file, behaviour.line,
              fmt::format("'{}' cites the unknown source '{}'", behaviour.id, id),
              nearest(catalogue.sources, id));
      }
    }
    Names documents;
    for (const SourceDocument& document : catalogue.documents) documents.insert(document.id);
    for (const Source& source : catalogue.sources) {
      if (documents.count(source.document) > 0) continue;
      error(catalogue.sources_file, source.line,
            fmt::format("'{}' is of the unknown document '{}'", source.id, source.document),
            nearest(catalogue.documents, source.document));
    }
  }

  void look_at_coverage() {
    const Catalogue& catalogue = specs_.catalogue;
    for (const Behaviour& behaviour : catalogue.behaviours) {
      if (behaviour.informative || covered_.count(behaviour.id) > 0) continue;
      error(catalogue.behaviours_file, behaviour.line,
            fmt::format("no scenario covers '{}'", behaviour.id),
            "write one, or say why none can with `informative: true` and `because:`");
    }
    for (const Source& source : catalogue.sources) {
      if (source.informative || cited_.count(source.id) > 0) continue;
      error(catalogue.sources_file, source.line, fmt::format("no behaviour cites '{}'", source.id),
            "write one, or say why none can with `informative: true` and `because:`");
    }
  }

  const SpecSet& specs_;
  Diagnostics diagnostics_;
  Names covered_, cited_;
};

}  // namespace

Diagnostics lint(const SpecSet& specs) { return Linter(specs).run(); }

}  // namespace conformance
