// Results as JUnit XML: what every CI system reads.

#include <fmt/format.h>

#include <map>

#include "conformance/report/report.h"

namespace conformance {
namespace {

// Length of the UTF-8 sequence that starts at `at`, 0 when it is none that XML 1.0 may hold.
std::size_t sound_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return first >= 0x20 || first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
  const std::size_t length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length == 0 || first >= 0xf5 || at + length > text.size()) return 0;
  unsigned long code = first & (0x7fu >> length);
  for (std::size_t index = 1; index < length; ++index) {
    if ((byte(at + index) & 0xc0) != 0x80) return 0;
    code = (code << 6) | (byte(at + index) & 0x3f);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool forbidden = (code >= 0xd800 && code < 0xe000) || code == 0xfffe || code == 0xffff || code > 0x10ffff;
  return overlong || forbidden ? 0 : length;
}

// Text as XML may hold it: markup escaped, what cannot be held replaced by U+FFFD.
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sound_length(text, at);
    if (length == 0) {
      out += "\xef\xbf\xbd";
      ++at;
      continue;
    }
    switch (text[at]) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\n': out += "&#10;"; break;
      case '\r': out += "&#13;"; break;
      case '\t': out += "&#9;"; break;
      default: out.append(text.substr(at, length));
    }
    at += length;
  }
  return out;
}

std::string family_of(const std::string& id) { return id.substr(0, id.rfind('/', id.find_first_of("[@"))); }

enum class JunitKind { Passed, Failure, Error, Skipped };

JunitKind junit_kind(Verdict verdict) {
  switch (verdict) {
    case Verdict::failed:
    case Verdict::not_linearizable:
    case Verdict::race:
    case Verdict::unexpected_pass: return JunitKind::Failure;
    case Verdict::crashed:
    case Verdict::hung:
    case Verdict::flaky:
    case Verdict::spec_error:
    case Verdict::harness_error: return JunitKind::Error;
    case Verdict::skipped:
    case Verdict::void_:
    case Verdict::unwitnessed:
    case Verdict::undecided:
    case Verdict::expected_failure: return JunitKind::Skipped;
    case Verdict::passed:
    case Verdict::unspecified: return JunitKind::Passed;
  }
  return JunitKind::Error;
}

std::string body_of(const Result& result) {
  TextStyle style;
  return to_text(result, style);
}

std::string test_case(const Result& result) {
  const std::string family = family_of(result.id);
  std::string xml = fmt::format(R"(    <testcase classname="{}" name="{}" file="{}" line="{}" time="{:.3f}")", escaped(result.port + "." + family),
                                escaped(result.id.substr(family.size() + 1)), escaped(result.file), result.line, result.observation.seconds);
  const std::string message = escaped(fmt::format("{}: {}", to_string(result.verdict), result.reason));
  switch (junit_kind(result.verdict)) {
    case JunitKind::Passed: return xml + "/>\n";
    case JunitKind::Skipped: return xml + fmt::format(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", message);
    case JunitKind::Failure:
      return xml + fmt::format(">\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n", to_string(result.verdict), message, escaped(body_of(result)));
    case JunitKind::Error:
      return xml + fmt::format(">\n      <error type=\"{}\" message=\"{}\">{}</error>\n    </testcase>\n", to_string(result.verdict), message, escaped(body_of(result)));
  }
  return xml + "/>\n";
}

struct Tally {
  int tests = 0, failures = 0, errors = 0, skipped = 0;
  double seconds = 0;
  void add(const Result& result) {
    ++tests;
    seconds += result.observation.seconds;
    const JunitKind kind = junit_kind(result.verdict);
    failures += kind == JunitKind::Failure;
    errors += kind == JunitKind::Error;
    skipped += kind == JunitKind::Skipped;
  }
  std::string attributes() const {
    return fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="{}" time="{:.3f}")", tests, failures, errors, skipped, seconds);
  }
};

std::string properties(const RunHeader& header, const std::string& port_name) {
  std::string xml = "    <properties>\n";
  const auto add = [&](const std::string& name, const std::string& value) {
    xml += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", escaped(name), escaped(value));
  };
  add("heddle", header.heddle_version);
  add("seed", std::to_string(header.seed));
  add("tier", header.tier);
  if (!header.shard.empty()) add("shard", header.shard);
  for (const RunHeader::PortHeader& port : header.ports) {
    if (port.name != port_name) continue;
    add("command", port.command);
    add("python", port.version);
    for (const auto& [name, fact] : port.facts) add("fact." + name, to_string(fact));
  }
  return xml + "    </properties>\n";
}

}  // namespace

std::string to_junit(const RunHeader& header, const std::vector<Result>& results) {
  std::map<std::pair<std::string, std::string>, std::vector<const Result*>> suites;
  Tally all;
  for (const Result& result : results) {
    suites[{result.port, family_of(result.id)}].push_back(&result);
    all.add(result);
  }
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + fmt::format("<testsuites name=\"heddle\" {}>\n", all.attributes());
  for (const auto& [key, members] : suites) {
    Tally tally;
    for (const Result* result : members) tally.add(*result);
    xml += fmt::format("  <testsuite name=\"{}\" {}>\n", escaped(key.first + "." + key.second), tally.attributes());
    xml += properties(header, key.first);
    for (const Result* result : members) xml += test_case(*result);
    xml += "  </testsuite>\n";
  }
  return xml + "</testsuites>\n";
}

}  // namespace conformance
