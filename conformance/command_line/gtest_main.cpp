// heddle-gtest: every case as a GoogleTest test, so that CTest, IDEs, --gtest_filter,
// GTEST_TOTAL_SHARDS and XML reports work as people expect.
//
//   HEDDLE_PORT=./my-python heddle-gtest --gtest_filter='list/*'
//
// A test's suite is the family ("list/append"), its name the scenario with variant and process. All
// selected tests of a family share one run, made when the first of them is reached. HEDDLE_PORT:
// default python3; HEDDLE_TIER: default sanity; HEDDLE_SEED: default 1; HEDDLE_SPECS: what to
// register, blanks between (default: all but the harness).

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "conformance/command_line/locations.h"
#include "conformance/outcome/grading.h"
#include "conformance/report/expectations.h"
#include "conformance/report/report.h"
#include "conformance/runner/suite_runner.h"

namespace conformance {
namespace {

std::string setting(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

// Specs and port, and the results of the families that have been run.
class Session {
 public:
  // False, with a complaint on standard error, when there is nothing to register.
  bool open() {
    const Locations places = find_locations();
    specs_ = load_specs(words(setting("HEDDLE_SPECS", "")), places.specs);
    for (const Family& family : specs_.families) {
      for (const Scenario& scenario : family.scenarios)
        check_rules(family, scenario, specs_.diagnostics);
    }
    Diagnostics diagnostics = specs_.diagnostics;
    std::optional<Port> port = find_port(setting("HEDDLE_PORT", "python3"), places.ports,
                                         places.fake_program, diagnostics);
    if (port) options_.ports.push_back(*port);
    if (port && !port->expectations.empty())
      expectations_ = load_expectations(port->expectations, diagnostics);
    for (const Diagnostic& one : diagnostics) std::fputs((to_string(one) + "\n").c_str(), stderr);
    options_.tier = parse_tier(setting("HEDDLE_TIER", "sanity")).value_or(Tier::Sanity);
    options_.seed = std::strtoull(setting("HEDDLE_SEED", "1").c_str(), nullptr, 10);
    options_.amend = [this](Result& result) { apply(expectations_, result, "9999-12-31"); };
    options_.repeat_command = [this](const std::string& name, const std::string& id) {
      return "heddle run '" + id + "' --port '" + name + "' --tier " +
             std::string(to_string(options_.tier)) + " --seed " + std::to_string(options_.seed);
    };
    return port.has_value() && !has_errors(diagnostics) && !specs_.families.empty();
  }

  const std::vector<Family>& families() const { return specs_.families; }

  // The result of one case; runs its family when that has not been done.
  const Result* result(const std::string& family_id, const std::string& id) {
    if (run_.insert(family_id).second) run_family(family_id);
    const auto found = results_.find(id);
    return found == results_.end() ? nullptr : &found->second;
  }

  const std::string& trouble() const { return trouble_; }

 private:
  // Exactly the cases of the family that GoogleTest will ask for.
  static std::set<std::string> wanted(const std::string& family_id) {
    std::set<std::string> names;
    const testing::UnitTest& unit = *testing::UnitTest::GetInstance();
    for (int suite = 0; suite < unit.total_test_suite_count(); ++suite) {
      const testing::TestSuite& one = *unit.GetTestSuite(suite);
      if (family_id != one.name()) continue;
      for (int index = 0; index < one.total_test_count(); ++index) {
        const testing::TestInfo& test = *one.GetTestInfo(index);
        if (test.should_run()) names.insert(family_id + "/" + test.name());
      }
    }
    return names;
  }

  void run_family(const std::string& family_id) {
    SpecSet one;
    one.root = specs_.root;
    one.catalogue = specs_.catalogue;
    for (const Family& family : specs_.families) {
      if (family.id == family_id) one.families.push_back(family);
    }
    const std::set<std::string> names = wanted(family_id);
    options_.already_done = [&](const std::string&, const std::string& id) {
      return !names.contains(id);
    };
    SuiteObserver observer;
    observer.on_trouble = [this](const std::string& text) { trouble_ = text; };
    observer.on_result = [this](Result result) { results_[result.id] = std::move(result); };
    const std::atomic<bool> never{false};
    run_suite(one, options_, observer, never, probes_);
  }

  SpecSet specs_;
  SuiteOptions options_;
  Expectations expectations_;
  ProbeCache probes_;
  std::set<std::string> run_;
  std::map<std::string, Result> results_;
  std::string trouble_;
};

class CaseTest : public testing::Test {
 public:
  CaseTest(Session& session, std::string family, std::string id)
      : session_(session), family_(std::move(family)), id_(std::move(id)) {}

  void TestBody() override {
    const Result* result = session_.result(family_, id_);
    if (result == nullptr) {
      FAIL() << (session_.trouble().empty() ? "there is no result" : session_.trouble());
    }
    RecordProperty("verdict", std::string(to_string(result->verdict)));
    RecordProperty("samples", std::to_string(result->observation.samples));
    if (is_failure(result->verdict)) {
      GTEST_MESSAGE_AT_(result->file.c_str(), result->line, to_text(*result, {}).c_str(),
                        testing::TestPartResult::kNonFatalFailure);
      return;
    }
    switch (result->verdict) {
      case Verdict::skipped:
      case Verdict::undecided:
      case Verdict::unwitnessed:
      case Verdict::expected_failure:
        GTEST_SKIP() << to_string(result->verdict) << ": " << result->reason;
      default:
        break;
    }
  }

 private:
  Session& session_;
  std::string family_, id_;
};

void register_cases(Session& session) {
  for (const Family& family : session.families()) {
    for (const Case& one : cases_of(family)) {
      const std::string id = one.id();
      testing::RegisterTest(family.id.c_str(), id.substr(family.id.size() + 1).c_str(), nullptr,
                            nullptr, family.file.c_str(), one.scenario->line,
                            [&session, family_id = family.id, id]() -> CaseTest* {
                              return new CaseTest(session, family_id, id);
                            });
    }
  }
}

}  // namespace
}  // namespace conformance

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  conformance::Session session;
  if (!session.open()) return 4;
  conformance::register_cases(session);
  return RUN_ALL_TESTS();
}
