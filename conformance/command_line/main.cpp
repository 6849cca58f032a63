// The program `heddle`: reads the command line, calls one command.

#include <CLI/CLI.hpp>

#include "conformance/command_line/commands.h"

namespace {

constexpr const char* kFooter = R"(Examples:
  heddle run                                        every claim on python3
  heddle run --port ./my-python --tier quick        on your interpreter, about two minutes
  heddle run list --port "python3.14t -X gil=0"     one area, one command line
  heddle run 'iterators/*' --port jython --junit report.xml --jsonl results.jsonl
  heddle explain list/append                        what a claim says, and why
  heddle diff monday.jsonl tuesday.jsonl            what changed between two runs
  heddle check history.jsonl --model list           is there an order that explains what was recorded?

Exit status: 0 as expected; 1 a claim is broken; 2 crash, hang or race; 3 something required was not witnessed (with
--require-witness); 4 usage, spec or harness error; 5 void; 6 unexpected pass; 130 interrupted.)";

void add_run(CLI::App& app, conformance::RunCommand& run) {
  CLI::App* command =
      app.add_subcommand("run", "Judge ports: run claims on Python runtimes, grade what is seen");
  command->add_option("SPEC", run.specs,
                      "directories, files or ids (globs); default: all but specs/harness");
  command
      ->add_option(
          "--port,-p", run.ports,
          "a port: a name of conformance/ports, a port file, or a command line; may be given again")
      ->allow_extra_args(false);
  command->add_option("--tier", run.tier, "how much: sanity, quick, default, thorough")
      ->capture_default_str();
  command->add_option("--budget", run.budget,
                      "wall-clock time for everything (90s, 5m, 1h), divided over the claims");
  command->add_option("--seed", run.seed, "repeat the choices of another run (0: choose one)");
  command->add_option("--shard", run.shard, "i/n: only the i-th of n disjoint parts");
  command->add_option("--jobs,-j", run.jobs, "processors to use (0: all)");
  command->add_option("--expectations", run.expectations,
                      "file of known failures, instead of the port's own");
  command->add_flag("--update-expectations", run.update_expectations,
                    "write that file anew from this run");
  command->add_option("--junit", run.junit, "write JUnit XML");
  command->add_option("--jsonl", run.jsonl, "write JSON Lines, one result each, as they come");
  command->add_option("--resume", run.resume,
                      "go on where this JSON Lines file ends, and write to it");
  command->add_flag("--require-witness", run.require_witness,
                    "exit 3 when a required outcome was not seen");
  command->add_option("--progress", run.progress, "auto, plain, none")
      ->capture_default_str()
      ->check(CLI::IsMember({"auto", "plain", "none"}));
  command->add_flag("--verbose,-v", run.verbose, "print every result with its table");
}

void add_fuzz(CLI::App& app, conformance::FuzzCommand& fuzz) {
  CLI::App* command = app.add_subcommand(
      "fuzz", "Play programs on one container until a run has no sequential explanation");
  command->add_option("CONTAINER", fuzz.model, "list, dict, set, deque, queue")->required();
  command->add_option("--port,-p", fuzz.port, "as for run --port")->capture_default_str();
  command->add_option("--seed", fuzz.seed, "repeat the programs of another run (0: choose one)");
  command->add_option("--budget", fuzz.budget, "how long to look: 30s, 5m, 1h")
      ->capture_default_str();
  command
      ->add_option("--threads", fuzz.threads,
                   "of a program; at most as many as the port has "
                   "processors where it is parallel")
      ->capture_default_str();
  command->add_option("--operations", fuzz.operations, "of one thread, at most")
      ->capture_default_str();
  command
      ->add_option("--methods", fuzz.methods,
                   "only these methods of the model, whether or not they are promised to be "
                   "atomic; separated by commas")
      ->delimiter(',');
  command->add_option("--program", fuzz.program,
                      "only this program: calls separated by ';', threads by ' | '");
  command->add_option("--initial", fuzz.initial, "the state at the start, a value");
  command->add_option("--bound", fuzz.bound, "maxlen of a deque, maxsize of a queue");
  command->add_flag("--pairs", fuzz.pairs,
                    "instead: each pair of operations on small states, judged as litmus by the "
                    "outcomes that the model computes");
  command->add_flag("--triples", fuzz.triples, "the same with three operations");
  command->add_option("--emit-spec", fuzz.emit_spec,
                      "write what failed, or the pairs, as a spec for heddle run");
  command->add_option("--emit-history", fuzz.emit_history,
                      "write the failing history as JSON Lines for heddle check");
  command->add_option("--html", fuzz.html, "write the failing history as a page with a timeline");
}

CLI::App* add_spec(CLI::App& app, const char* name, const char* text,
                   conformance::SpecCommand& spec) {
  CLI::App* command = app.add_subcommand(name, text);
  command->add_option("SPEC", spec.specs, "directories, files or ids (globs)");
  return command;
}

CLI::App* add_check(CLI::App& app, conformance::CheckCommand& check) {
  CLI::App* command = app.add_subcommand(
      "check", "Find out whether a recorded history is linearizable, or why it is not");
  command
      ->add_option("HISTORY", check.history,
                   "JSON Lines (conformance/history); - is standard input")
      ->required();
  command->add_option(
      "--model,-m", check.model,
      "list, dict, set, deque, queue, counter, register, kv; default: what the file names");
  command->add_option("--html", check.html, "also write a page with every operation as a bar");
  command->add_option("--time-limit", check.time_limit,
                      "give up after (90s, 5m, 1h); default: never");
  command
      ->add_option("--memory-limit", check.memory_limit,
                   "give up beyond, in reading and in searching (512M, 2G)")
      ->capture_default_str();
  return command;
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App app{"Heddle judges Python runtimes: do they keep what free threading promises?"};
  app.footer(kFooter);
  app.set_version_flag("--version", "heddle " HEDDLE_VERSION);
  app.require_subcommand(1);
  conformance::RunCommand run;
  conformance::SpecCommand list, lint, explain, emit;
  conformance::TraceCommand trace;
  std::string port, left, right;
  conformance::FuzzCommand fuzz;
  add_run(app, run);
  add_fuzz(app, fuzz);
  add_spec(app, "list", "Print the cases, with their kinds", list);
  add_spec(app, "lint", "Check specs and catalogues", lint)
      ->add_option("--port,-p", lint.port, "also let this port's Python read every snippet");
  add_spec(app, "explain", "Print claims in full: code, outcomes, reasons, sources", explain);
  add_spec(app, "emit", "Print the driver, a self-contained Python program", emit);
  CLI::App* probe = app.add_subcommand("probe", "Print the facts and features of a port");
  probe->add_option("PORT", port, "as for run --port")->required();
  CLI::App* trace_command = app.add_subcommand(
      "trace", "Print sentence -> behaviour -> claim, with verdicts of result files");
  trace_command->add_option("RESULTS", trace.results, "JSON Lines files of runs");
  trace_command->add_flag("--all", trace.all, "also the informative sentences");
  conformance::CheckCommand check;
  CLI::App* check_command = add_check(app, check);
  CLI::App* diff = app.add_subcommand("diff", "Compare two JSON Lines files of results");
  diff->add_option("LEFT", left)->required();
  diff->add_option("RIGHT", right)->required();
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    const int exit = app.exit(error);
    return exit == 0 ? 0 : 4;
  }
  if (app.got_subcommand("run")) return conformance::run(run);
  if (app.got_subcommand("fuzz")) return conformance::fuzz(fuzz);
  if (app.got_subcommand("list")) return conformance::list(list);
  if (app.got_subcommand("lint")) return conformance::lint_specs(lint);
  if (app.got_subcommand("explain")) return conformance::explain(explain);
  if (app.got_subcommand("emit")) return conformance::emit(emit);
  if (app.got_subcommand(probe)) return conformance::probe_port(port);
  if (app.got_subcommand(trace_command)) return conformance::trace(trace);
  if (app.got_subcommand(check_command)) return conformance::check_history(check);
  return conformance::diff(left, right);
}
