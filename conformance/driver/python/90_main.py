# --- The run of one plan.


class Context(object):
    """What every case of this process shares."""

    def __init__(self, plan, facts):
        self.parallel = bool(facts.get("parallel"))
        self.cpus = facts.get("cpus")
        self.collector = Collector()
        self.interval = _try(lambda: sys.getswitchinterval())

    def restore_engine(self):
        """What the engine itself turned."""
        self.collector.restore()
        if self.interval is not None:
            sys.setswitchinterval(self.interval)


def _expand(files):
    """The actors with their counts, and how their results become the parameters of `observe`."""
    actors, wants, groups = [], [], []
    for index, row in enumerate(files.actor_rows):
        count = row.get("count", 1)
        groups.append((len(actors), count, bool(row.get("counted"))))
        actors += [files.actors[index]] * count
        wants += [files.wants_peers_done[index]] * count
    gather = None
    if any([counted for _, _, counted in groups]):
        def gather(row):
            return [row[first:first + count] if counted else row[first] for first, count, counted in groups]
    return actors, wants, gather


def _sanitizer_logs():
    """Where the sanitizers of this process write, if it has any: the judge says so in their options."""
    import os
    for name in ("TSAN_OPTIONS", "ASAN_OPTIONS"):
        for option in os.environ.get(name, "").split(":"):
            if option.startswith("log_path="):
                return option[len("log_path="):]
    return None


def _bytes_of_logs(prefix):
    import os
    directory, name = os.path.split(prefix)
    return sum([os.path.getsize(os.path.join(directory, entry)) for entry in os.listdir(directory) if entry.startswith(name)])


NOTHING = {"samples": 0, "overlapped": None, "seconds": 0, "counts": []}


class Driver(object):
    def __init__(self, plan, events, directory):
        self.plan = plan
        self.events = events
        self.directory = directory
        self.facts = {}
        self.logs = _try(_sanitizer_logs)

    def end(self, case, notes, report):
        """The end of a case. With the size of the sanitizers' logs by now, the judge can tell whose reports are whose."""
        if self.logs:
            report["sanitizer_bytes"] = _try(lambda: _bytes_of_logs(self.logs))
        self.events.say("end", scenario=case["id"], notes=notes, **report)

    def hello(self):
        facts = static_facts()
        if self.plan.get("mode") == "probe":
            facts = measured_facts(facts)
            for name, probe in sorted(self.plan.get("features", {}).items()):
                facts[name] = self.probe(name, probe)
        else:
            for name, value in self.plan.get("facts", {}).items():
                facts.setdefault(name, value)
        self.facts = facts
        self.events.say("hello", protocol=1, implementation=facts.get("implementation", "unknown"),
                        version=sys.version.replace("\n", " "), facts=facts)

    def probe(self, name, snippet):
        text = _Text()
        text.add_function("probe", [], snippet)
        files = CaseFiles(self.directory, 0, {}, {}, [])
        try:
            return bool(files._import("probe_" + name, text, "probe").probe())
        except BaseException:
            return False
        except:  # noqa: E722  (a Java exception)
            return False

    def run(self):
        self.hello()
        mode = self.plan.get("mode", "run")
        if mode == "probe":
            self.events.say("bye")
            return
        context = None
        for number, case in enumerate(self.plan["scenarios"]):
            kind = case.get("kind", "litmus")
            if mode == "run" and kind in ("litmus", "script", "history") and context is None:
                context = Context(self.plan, self.facts)
                if context.parallel and self.plan.get("canary_seconds"):
                    self.events.say("canary", **run_canary(context, self.plan["canary_seconds"], Random(self.plan.get("seed", 1))))
            self.events.say("begin", scenario=case["id"])
            try:
                self.one(mode, kind, number, case, context)
            except SpecProblem:
                error = sys.exc_info()[1]
                self.events.say("problem", scenario=case["id"], phase=error.phase, message=error.message, line=error.line)
                self.end(case, [], dict(NOTHING))
        self.events.say("bye")

    def one(self, mode, kind, number, case, context):
        make = HistoryFiles if kind == "history" else CaseFiles
        files = make(self.directory, number, case, self.facts, self.plan.get("fact_names", []))
        if mode == "check":
            files.check()
            self.end(case, [], dict(NOTHING))
        elif kind == "process":
            self.process(files, case)
        elif kind == "history":
            self.history(files, case, context)
        else:
            self.threads(files, kind, case, context)

    def process(self, files, case):
        began = clock()
        files.load_process()
        histogram = Histogram(files.observed, files.whens)
        try:
            values = files.observe()
        except:  # noqa: E722
            raise files.problem("observe")
        histogram.add(values)
        self.end(case, [], {"samples": 1, "overlapped": None, "seconds": round(clock() - began, 4), "counts": histogram.rows()})

    def history(self, files, case, context):
        seed = self.plan.get("seed", 1) * 1000 + case.get("salt", 0)
        state = ProcessState()
        files.load()

        def say(**fields):
            return self.events.say("history", scenario=case["id"], **fields)

        most = MOST_BYTES // len(self.plan["scenarios"])
        run = History(files, context, Random(seed), case["history"].get("seed", seed), say, most)
        self.events.say("clock", scenario=case["id"], name=run.clock_name, resolution=run.tick)
        run.run(case.get("seconds", 1.0), lambda one: self.events.say("counts", scenario=case["id"], **one.report()))
        notes = [["left_changed", name] for name in state.put_back()]
        notes.append(["tuning", json.dumps(run.tuner.best(), sort_keys=True)])
        if run.bytes > most:
            notes.append(["histories", "it ended early: more histories than the judge reads"])
        self.end(case, notes, run.report())

    def threads(self, files, kind, case, context):
        random = Random(self.plan.get("seed", 1) * 1000 + case.get("salt", 0))
        state = ProcessState()
        files.load()
        actors, wants, gather = _expand(files)
        fresh = case.get("threads") == "fresh"
        seconds = case.get("seconds", 1.0)

        def beat(run):
            self.events.say("counts", scenario=case["id"], **run.report())

        if kind == "litmus" and not fresh:
            run = Litmus(files, actors, wants, gather, files.observed, context, random)
            run.run(seconds, beat)
        else:
            run = Script(files, actors, wants, gather, files.observed, context, fresh, random)
            run.run(case.get("samples", 5) if kind == "script" else 1 << 60, seconds if kind == "litmus" else max(seconds, 5.0), beat)
        notes = [["left_changed", name] for name in state.put_back()]
        if kind == "litmus" and not fresh:
            notes.append(["tuning", json.dumps(run.tuner.best(), sort_keys=True)])
        self.end(case, notes, run.report())


def _dump_stacks_when_asked(path):
    """SIGUSR1, or dying of a signal, writes the stacks of all threads to a file, where the runtime can."""
    try:
        import faulthandler
        import signal
        stream = open(path, "w")
        faulthandler.enable(stream)
        faulthandler.register(signal.SIGUSR1, stream)
        return stream
    except Exception:
        return None


def main(arguments):
    path = arguments[0] if arguments else None
    if len(arguments) > 1:
        directory = arguments[1]
    else:
        import tempfile
        directory = tempfile.mkdtemp("", "heddle-")
    sys.dont_write_bytecode = True
    stacks = _dump_stacks_when_asked(path + ".stacks") if path else None
    Driver(PLAN, Events(path), directory).run()
    return stacks


if __name__ == "__main__":
    main(sys.argv[1:])
