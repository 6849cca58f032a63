#include "conformance/runner/probe.h"

#include <fmt/format.h>

namespace conformance {
namespace {

std::string failure_of(const DriverRun& run) {
  if (!run.start_error.empty()) return run.start_error;
  if (run.interrupted) return "interrupted";
  if (!run.hello) {
    return fmt::format("it is no Python that runs the driver ({})", run.how_it_ended());
  }
  if (run.hello->protocol != 1) {
    return fmt::format("it speaks version {} of the protocol, this judge speaks 1",
                       run.hello->protocol);
  }
  if (!run.bye)
    return fmt::format("it did not finish answering what it is ({})", run.how_it_ended());
  if (!run.hello->facts.contains("version")) return "its answer names no version";
  return {};
}

}  // namespace

ProbeResult probe(const Port& port, const std::vector<std::string>& options,
                  const std::map<std::string, std::string>& environment, const Catalogue& catalogue,
                  const std::atomic<bool>& stop) {
  DriverPlan plan;
  plan.mode = DriverMode::Probe;
  plan.features = catalogue.features;
  DriverRunSettings settings;
  settings.port = &port;
  settings.options = options;
  settings.environment = environment;
  const DriverRun run = run_driver(settings, plan, stop);
  ProbeResult result;
  result.failure = failure_of(run);
  result.start_failed = !run.start_error.empty();
  result.seconds = run.seconds;
  if (!result.failure.empty()) return result;
  result.implementation = run.hello->implementation;
  result.version = run.hello->version;
  result.facts = run.hello->facts;
  for (const MissingFeature& missing : port.lacks) result.facts[missing.feature] = false;
  return result;
}

}  // namespace conformance
