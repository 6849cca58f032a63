# --- Litmus: many samples of one case, in batches.
#
# A batch: the builder makes the states, the workers play them, the outcomes are observed and counted, the tuner learns.

MEETINGS = (1, 2, 8, 32)
DELAYS = (0, 0, 2, 8, 25, 60)
MAX_BATCH = 2048

_switching = Random(1)


def give_up_processor():
    """What a `# switch` line becomes where threads do not run in parallel."""
    if _switching.below(4):
        time.sleep(0)


def _gc():
    return _try(lambda: __import__("gc"))


class Collector(object):
    """The choice `on`, `off` or `often`, put back afterwards."""

    def __init__(self):
        self.gc = _gc()
        self.enabled = _try(lambda: self.gc.isenabled())
        self.threshold = _try(lambda: self.gc.get_threshold())

    def set(self, choice):
        if self.gc is None or self.enabled is None:
            return
        if choice == "off":
            _try(self.gc.disable)
        else:
            _try(self.gc.enable)
        if self.threshold:
            _try(lambda: self.gc.set_threshold(60) if choice == "often" else self.gc.set_threshold(*self.threshold))

    def restore(self):
        if self.gc is not None and self.enabled is not None:
            self.set("on" if self.enabled else "off")


class Litmus(object):
    """Runs one case. `files` has setup, actors, observe, cleanup; `actors` may hold one function several times (`count`)."""

    batch_seconds = 0.004
    least_batch = 4

    def __init__(self, files, actors, wants_peers_done, gather, names, context, random):
        self.files = files
        self.actors = actors
        self.wants = wants_peers_done
        self.gather = gather
        self.context = context
        self.random = random
        self.parallel = context.parallel and len(actors) > 1
        self.histogram = Histogram(names, files.whens)
        self.partials = [Histogram(names, files.whens) for _ in actors]
        self.overlapped = 0
        self.played = 0
        self.seconds = 0.0
        count = len(actors)
        crowded = count > (context.cpus or 1)
        self.crowded = crowded
        if self.parallel:
            choices = [("meet", MEETINGS), ("delay", range(len(DELAYS))), ("first", range(count)),
                       ("builder", range(-1, count)), ("drop", ("at once", "at the end")), ("collector", ("on", "off", "often"))]
        else:
            meetings = (0, 1) if files.has_switch else (0, 0, 0, 4)
            choices = [("meet", meetings), ("interval", (5e-3, 1e-4, 1e-6)), ("collector", ("on", "off"))]
        self.tuner = Tuner([(name, list(arms)) for name, arms in choices], random)
        self.team = Team(count, self.parallel, context.cpus)
        self.marks = None

    def _marks(self, count, ring):
        if self.marks is None or self.marks[0] != (count, ring):
            mask = ring - 1
            self.marks = ((count, ring), [(2 * sample) & mask for sample in range(1, count + 1)],
                          [(2 * sample + 1) & mask for sample in range(1, count + 1)])
        return self.marks[1], self.marks[2]

    def _build(self, round_, count):
        setup = self.files.setup
        states = round_.states
        try:
            for _ in range(count):
                states.append(setup())
        except:  # noqa: E722
            raise self.files.problem("setup")

    def _observe(self, round_, start, step, histogram, drop):
        observe, cleanup, gather = self.files.observe, self.files.cleanup, self.gather
        states, results, add = round_.states, round_.results, histogram.add
        phase = "observe"
        try:
            if gather is None and cleanup is None and not drop:
                if len(results) == 2:
                    first, second = results
                    for index in range(start, len(states), step):
                        add(observe(*(states[index] + (first[index], second[index]))))
                    return
                for index in range(start, len(states), step):
                    add(observe(*(states[index] + tuple([row[index] for row in results]))))
                return
            for index in range(start, len(states), step):
                state = states[index]
                row = [row[index] for row in results]
                phase = "observe"
                add(observe(*(state + tuple(gather(row) if gather else row))))
                if cleanup is not None:
                    phase = "cleanup"
                    cleanup(*state)
                if drop:
                    states[index] = state = None
                    for column in results:
                        column[index] = None
        except:  # noqa: E722
            raise self.files.problem(phase)

    def batch(self, count):
        """One batch of `count` samples; returns how long it took."""
        chosen = self.tuner.pick()
        began = clock()
        players = len(self.actors)
        round_ = self.team.round = Round(players)
        round_.crowded = self.crowded
        round_.parallel = self.parallel
        meet = chosen["meet"]
        round_.ring = RING if self.parallel else 1 << 20
        round_.begin, round_.end = self._marks(count, round_.ring)
        round_.meet = [bool(meet) and sample % meet == 0 for sample in range(count)]
        self.context.collector.set(chosen["collector"])
        if self.parallel:
            delay = DELAYS[chosen["delay"]]
            for index in range(players):
                round_.delays[index] = range(self.random.below(delay + 1)) if index != chosen["first"] and delay else None
        elif hasattr(sys, "setswitchinterval"):
            sys.setswitchinterval(chosen["interval"])
        roles = self.random.shuffled(players)  # worker k plays actor roles[k]
        for worker in self.team.workers:
            worker.slot.at = 0
        builder = chosen.get("builder", -1)
        if builder >= 0:
            owner = roles.index(builder)
            self.team.do([(lambda worker: self._build(round_, count)) if index == owner else None for index in range(players)])
        else:
            self._build(round_, count)
        slots = [worker.slot for worker in self.team.workers]

        def play(worker):
            role = roles[worker.index]
            others = [slot for slot in slots if slot is not worker.slot]
            if not others or not (meet or self.wants_any):
                _play_unmet(round_, worker.slot, self.actors[role], round_.results[role])
            else:
                _play(round_, worker.slot, others, self.actors[role], self.wants[role], round_.results[role],
                      round_.inside[role], round_.delays[role])

        self.team.do([play] * players)
        drop = chosen.get("drop") == "at once"
        if self.parallel:
            def watch(worker):
                self._observe(round_, worker.index, players, self.partials[worker.index], drop)
            self.team.do([watch] * players)
        else:
            self._observe(round_, 0, 1, self.partials[0], drop)
        overlapped = 0
        if round_.inside[0]:
            columns = round_.inside
            overlapped = sum([1 for row in zip(*columns) if all(row)])
        self.team.round = None
        round_.states = round_.results = None
        news = []
        for partial in self.partials:
            news += self.histogram.merge(partial)
        took = clock() - began
        self.overlapped += overlapped
        self.played += count
        self.seconds += took
        self.tuner.learn(news, self.histogram.entries, overlapped if self.parallel else count, took)
        return took

    @property
    def wants_any(self):
        return True in self.wants

    def unfinished(self, late):
        """Is there a reason to go on, so many seconds after the time is up?"""
        return False

    def run(self, seconds, beat, enough=None):
        """Batches for `seconds`; `beat(self)` about once a second; stops early when `enough(self)` says so."""
        size = 16
        end = clock() + seconds
        last = clock()
        try:
            while True:
                took = self.batch(size)
                now = clock()
                if enough is not None and enough(self):
                    break
                if now >= end and not self.unfinished(now - end):
                    break
                if now - last >= 1.0:
                    last = now
                    beat(self)
                wanted = int(size * self.batch_seconds / max(took, 1e-6))
                size = max(self.least_batch, min(MAX_BATCH, 2 * size, (size + wanted + 1) // 2))
        finally:
            self.context.restore_engine()
        self.team.dismiss()

    def report(self):
        return {"samples": self.histogram.samples, "overlapped": self.overlapped if self.parallel else None,
                "seconds": round(self.seconds, 4), "counts": self.histogram.rows()}


# --- The canary: an update that must get lost where threads really collide.


class _Cell(object):
    def __init__(self):
        self.count = 0


def _canary_setup():
    return (_Cell(),)


def _canary_actor(cell):
    seen = cell.count
    cell.count = seen + 1


def _canary_observe(cell, left, right):
    return (cell.count,)


class _CanaryFiles(object):
    setup = staticmethod(_canary_setup)
    observe = staticmethod(_canary_observe)
    cleanup = None
    whens = ()
    has_switch = False

    def problem(self, phase):
        return sys.exc_info()[1]


CANARY_WITNESSES = 3


def run_canary(context, seconds, random, enough=None):
    """Runs the lost-update canary with the very engine that runs the cases."""
    canary = Litmus(_CanaryFiles(), [_canary_actor, _canary_actor], [False, False], None, ["count"], context, random)

    def lost(litmus):
        return litmus.histogram.entries.get("count=1", [0])[0]

    canary.run(seconds, lambda litmus: None, enough or (lambda litmus: lost(litmus) >= CANARY_WITNESSES))
    return {"samples": canary.histogram.samples, "witnesses": lost(canary), "seconds": round(canary.seconds, 4),
            "provoked": lost(canary) > 0, "overlapped": canary.overlapped}
