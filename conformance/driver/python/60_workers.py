# --- Workers: threads that live for a whole case and play the actors, sample after sample, as nearly at the same time as can be.
#
# A worker announces in a plain attribute of its slot where it is: mark 2*i when it comes to sample i, 2*i + 1 when it has left it. Before a
# sample that has a meeting it spins until the others have announced it too: no lock, no barrier, for those would put the threads in line again.
# When threads run in parallel, marks count modulo 256: such small integers are shared and immortal, larger ones would make the announcement
# itself a contended reference count. So workers may never be more than 64 samples apart: MEETINGS below stay under that.
#
# Overlap: an actor that starts looks whether the others have left the sample already. If nobody had when anybody started, all were inside at once.

RING = 256
SPINS_BEFORE_PAUSE = 400


class Slot(object):
    """Where one worker is. Read by the other workers without any lock."""

    def __init__(self):
        self.at = 0


class Abandoned(Exception):
    """Another worker died of a fault of the harness: nobody will come to the meeting."""


class Round(object):
    """One batch: what every worker needs to play it. Written by the coordinator while the workers wait."""

    def __init__(self, count):
        self.states = []
        self.results = [[] for _ in range(count)]
        self.inside = [[] for _ in range(count)]
        self.begin = self.end = self.meet = ()
        self.ring = RING
        self.delays = [0] * count
        self.parallel = False
        self.crowded = False  # more actors than processors: whoever waits gives way
        self.abandoned = False


def _pause(round_, spins):
    if round_.abandoned:
        raise Abandoned()
    if round_.crowded or not round_.parallel or spins > 20000:
        time.sleep(0)


def _play(round_, me, others, actor, wants_peers_done, results, inside, delay):
    """Plays every sample of the round in the role of `actor`."""
    mask = round_.ring - 1
    half = round_.ring // 2 - 1
    limit = SPINS_BEFORE_PAUSE if round_.parallel and not round_.crowded else 0
    begin, end, meet = round_.begin, round_.end, round_.meet
    put, note = results.append, inside.append
    only = others[0] if len(others) == 1 else None
    sample = 0
    for state in round_.states:
        mark = begin[sample]
        left = end[sample]
        me.at = mark
        if meet[sample]:
            if only is not None:
                spins = 0
                while (only.at - mark) & mask > half:
                    spins += 1
                    if spins > limit:
                        _pause(round_, spins)
            else:
                for other in others:
                    spins = 0
                    while (other.at - mark) & mask > half:
                        spins += 1
                        if spins > limit:
                            _pause(round_, spins)
            if delay:
                for _ in delay:
                    pass
        if wants_peers_done:
            state = state + (PeersDone(round_, me, others, left, mask, half),)
        if only is not None:
            note((only.at - left) & mask > half)
        else:
            together = True
            for other in others:
                if (other.at - left) & mask <= half:
                    together = False
            note(together)
        try:
            result = actor(*state)
            put(result)  # in here: what Java calls null is, on Jython, a name without a value
        except:  # noqa: E722  (a Java exception is no Exception)
            put(raised(sys.exc_info()[0]))
        me.at = left
        sample += 1


def _play_unmet(round_, me, actor, results):
    """The same without meetings and marks: for a single actor, and for actors that nothing asks where they are."""
    put = results.append
    for state in round_.states:
        try:
            result = actor(*state)
            put(result)
        except:  # noqa: E722
            put(raised(sys.exc_info()[0]))


class PeersDone(object):
    """`peers_done()`: have all the others left this sample?"""

    def __init__(self, round_, me, others, left, mask, half):
        self.round = round_
        self.others = others
        self.left = left
        self.mask = mask
        self.half = half
        self.asked = 0

    def __call__(self):
        for other in self.others:
            if (other.at - self.left) & self.mask > self.half:
                self.asked += 1
                if self.round.abandoned:
                    raise Abandoned()
                if self.round.crowded or self.asked > 2000 or not self.round.parallel:
                    time.sleep(0)
                return False
        return True


class Worker(object):
    """A thread that waits at its gate for the next task. The coordinator and one worker are never both inside a task's data."""

    def __init__(self, team, index):
        import threading
        self.team = team
        self.index = index
        self.slot = Slot()
        self.gate = threading.Semaphore(0)
        self.task = None
        self.failure = None
        self.thread = threading.Thread(target=self.live)
        self.thread.daemon = True

    def live(self):
        self.team.pin(self.index)
        while True:
            self.gate.acquire()
            task = self.task
            if task is None:
                return
            try:
                task(self)
            except:  # noqa: E722
                self.failure = sys.exc_info()[:2]
                self.team.abandon()
            self.team.done.release()


class Team(object):
    """The workers of one case."""

    def __init__(self, count, parallel, cpus):
        import threading
        self.done = threading.Semaphore(0)
        self.parallel = parallel
        self.cpus = self._allowed() if parallel and cpus and count <= cpus else None
        self.round = None
        self.workers = [Worker(self, index) for index in range(count)]
        for worker in self.workers:
            _start_in_empty_context(worker.thread)

    def _allowed(self):
        return _try(lambda: sorted(__import__("os").sched_getaffinity(0)))

    def pin(self, index):
        if self.cpus:
            _pin([self.cpus[index % len(self.cpus)]])

    def abandon(self):
        if self.round is not None:
            self.round.abandoned = True

    def do(self, tasks):
        """Gives tasks[k] to worker k (None: it goes on waiting) and waits until all are done."""
        given = 0
        for worker, task in zip(self.workers, tasks):
            if task is not None:
                worker.task = task
                worker.gate.release()
                given += 1
        for _ in range(given):
            self.done.acquire()
        for worker in self.workers:
            if worker.failure is not None and worker.failure[0] is not Abandoned:
                kind, error = worker.failure
                worker.failure = None
                if isinstance(error, SpecProblem):
                    raise error
                raise RuntimeError("a worker of the harness failed: %s: %s" % (kind.__name__, error))

    def dismiss(self):
        for worker in self.workers:
            worker.task = None
            worker.gate.release()
        for worker in self.workers:
            worker.thread.join()


def _start_in_empty_context(thread):
    try:
        from contextvars import Context
    except ImportError:
        thread.start()
        return
    Context().run(thread.start)
