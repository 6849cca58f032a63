// Results -> JUnit XML: suites per port and family, each case at its place in the YAML.
//
// Only a passed or unspecified case is green. A failure is the port's (it broke the claim, died,
// raced, or passed against expectation), an error is ours or the machine's (the spec, the harness,
// a canary that lived), and everything that decides nothing is skipped with its reason: a CI that
// shows skips shows what was not witnessed.
#include <fmt/format.h>
#include <map>

#include "conformance/report/report.h"
#include "conformance/report/xml_text.h"

namespace conformance {

namespace {

enum class Mark { Green, Failure, Error, Skipped };

Mark mark_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
    case Verdict::unspecified:
      return Mark::Green;
    case Verdict::failed:
    case Verdict::crashed:
    case Verdict::hung:
    case Verdict::race:
    case Verdict::flaky:
    case Verdict::not_linearizable:
    case Verdict::unexpected_pass:
      return Mark::Failure;
    case Verdict::spec_error:
    case Verdict::harness_error:
    case Verdict::void_:
      return Mark::Error;
    case Verdict::skipped:
    case Verdict::undecided:
    case Verdict::unwitnessed:
    case Verdict::expected_failure:
      return Mark::Skipped;
  }
  return Mark::Error;
}

// "list/one_list" and "append[big]@row"; neither a variant nor a row has a slash in its name.
std::pair<std::string, std::string> split_id(const std::string& id) {
  const std::size_t slash = id.rfind('/');
  if (slash == std::string::npos) return {"", id};
  return {id.substr(0, slash), id.substr(slash + 1)};
}

class Tally {
 public:
  void add(const Result& result) {
    ++tests_;
    seconds_ += result.observation.seconds;
    const Mark mark = mark_of(result.verdict);
    failures_ += mark == Mark::Failure;
    errors_ += mark == Mark::Error;
    skipped_ += mark == Mark::Skipped;
  }
  std::string attributes() const {
    return fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="{}" time="{:.3f}")", tests_,
                       failures_, errors_, skipped_, seconds_);
  }

 private:
  int tests_ = 0, failures_ = 0, errors_ = 0, skipped_ = 0;
  double seconds_ = 0;
};

std::string property(std::string_view name, std::string_view value) {
  return fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", xml_attribute(name),
                     xml_attribute(value));
}

std::string properties(const RunHeader& header, const std::string& port_name) {
  std::string xml = "    <properties>\n";
  xml += property("heddle", header.heddle_version);
  xml += property("seed", std::to_string(header.seed));
  xml += property("tier", header.tier);
  if (!header.shard.empty()) xml += property("shard", header.shard);
  for (const RunHeader::PortHeader& port : header.ports) {
    if (port.name != port_name) continue;
    xml += property("command", port.command);
    xml += property("implementation", port.implementation);
    xml += property("version", port.version);
    for (const auto& [name, fact] : port.facts) xml += property("fact." + name, to_string(fact));
  }
  return xml + "    </properties>\n";
}

// The element inside a test case that says why it is not green, and the lines that a person reads.
std::string body(const Result& result, Mark mark) {
  const std::string_view verdict = to_string(result.verdict);
  const std::string message = xml_attribute(
      fmt::format("{}{}{}", verdict, result.reason.empty() ? "" : ": ", result.reason));
  if (mark == Mark::Skipped) return fmt::format("      <skipped message=\"{}\"/>\n", message);
  const char* element = mark == Mark::Failure ? "failure" : "error";
  return fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n", element, verdict,
                     message, xml_content(to_text(result, TextStyle{})));
}

std::string test_case(const Result& result) {
  const auto [family, name] = split_id(result.id);
  const std::string open =
      fmt::format(R"(    <testcase classname="{}" name="{}" file="{}" line="{}" time="{:.3f}")",
                  xml_attribute(result.port + "." + family), xml_attribute(name),
                  xml_attribute(result.file), result.line, result.observation.seconds);
  const Mark mark = mark_of(result.verdict);
  if (mark == Mark::Green) return open + "/>\n";
  return open + ">\n" + body(result, mark) + "    </testcase>\n";
}

}  // namespace

std::string to_junit(const RunHeader& header, const std::vector<Result>& results) {
  std::map<std::pair<std::string, std::string>, std::vector<const Result*>> suites;
  Tally all;
  for (const Result& result : results) {
    suites[{result.port, split_id(result.id).first}].push_back(&result);
    all.add(result);
  }
  std::string xml =
      fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"heddle\" {}>\n",
                  all.attributes());
  for (const auto& [key, members] : suites) {
    Tally tally;
    for (const Result* result : members) tally.add(*result);
    xml += fmt::format("  <testsuite name=\"{}\" {}>\n",
                       xml_attribute(key.first + "." + key.second), tally.attributes());
    xml += properties(header, key.first);
    for (const Result* result : members) xml += test_case(*result);
    xml += "  </testsuite>\n";
  }
  return xml + "</testsuites>\n";
}

}  // namespace conformance
