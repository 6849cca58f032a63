# --- Script: one sample at a time, setup, actors, observation and cleanup strictly in that order. Also litmus with fresh threads.


class Script(object):
    def __init__(self, files, actors, wants_peers_done, gather, names, context, fresh, random):
        self.files = files
        self.actors = actors
        self.wants = wants_peers_done
        self.gather = gather
        self.context = context
        self.fresh = fresh
        self.random = random
        self.histogram = Histogram(names, files.whens)
        self.overlapped = 0
        self.seconds = 0.0
        self.parallel = context.parallel and len(actors) > 1
        self.team = Team(len(actors), False, context.cpus) if actors and not fresh else None

    def _round(self, state):
        players = len(self.actors)
        round_ = Round(players)
        round_.crowded = players > (self.context.cpus or 1)
        round_.parallel = self.parallel
        round_.states = [state]
        round_.begin, round_.end, round_.meet = [2], [3], [self.parallel]
        for index in range(players):
            delay = self.random.below(3) and self.random.below(60)
            round_.delays[index] = range(delay) if delay and self.parallel else None
        return round_

    def _play_fresh(self, round_):
        import threading
        slots = [Slot() for _ in self.actors]
        failures = []

        def live(role):
            try:
                others = [slot for slot in slots if slot is not slots[role]]
                self._perform(round_, role, slots[role], others)
            except:  # noqa: E722
                round_.abandoned = True
                failures.append(sys.exc_info()[:2])

        threads = [threading.Thread(target=live, args=(role,)) for role in range(len(self.actors))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for kind, error in failures:
            if kind is not Abandoned:
                raise RuntimeError("a thread of the harness failed: %s: %s" % (kind.__name__, error))

    def _play_persistent(self, round_):
        roles = self.random.shuffled(len(self.actors))
        self.team.round = round_
        for worker in self.team.workers:
            worker.slot.at = 0
        slots = [worker.slot for worker in self.team.workers]

        def play(worker):
            others = [slot for slot in slots if slot is not worker.slot]
            self._perform(round_, roles[worker.index], worker.slot, others)

        self.team.do([play] * len(self.actors))

    def _perform(self, round_, role, slot, others):
        if others:
            _play(round_, slot, others, self.actors[role], self.wants[role], round_.results[role], round_.inside[role],
                  round_.delays[role])
        else:
            _play_unmet(round_, slot, self.actors[role], round_.results[role])

    def sample(self):
        phase = "setup"
        state = None
        try:
            state = self.files.setup()
            row = []
            if self.actors:
                phase = "actors"
                round_ = self._round(state)
                if self.fresh:
                    self._play_fresh(round_)
                else:
                    self._play_persistent(round_)
                row = [column[0] for column in round_.results]
                if self.parallel and all([inside and inside[0] for inside in round_.inside]):
                    self.overlapped += 1
                round_ = None
            phase = "observe"
            self.histogram.add(self.files.observe(*(state + tuple(self.gather(row) if self.gather else row))))
        except RuntimeError:
            if phase == "actors":
                raise
            raise self.files.problem(phase)
        except:  # noqa: E722
            raise self.files.problem(phase)
        finally:
            if state is not None and self.files.cleanup is not None:
                try:
                    self.files.cleanup(*state)
                except:  # noqa: E722
                    raise self.files.problem("cleanup")

    def run(self, samples, seconds, beat):
        """At most `samples` of them; after `seconds` no further one is begun."""
        began = last = clock()
        try:
            while self.histogram.samples < samples:
                self.sample()
                now = clock()
                self.seconds = now - began
                if self.seconds > seconds:
                    break
                if now - last >= 1.0:
                    last = now
                    beat(self)
        finally:
            self.context.restore_engine()
        if self.team is not None:
            self.team.dismiss()

    def report(self):
        return {"samples": self.histogram.samples, "overlapped": self.overlapped if self.parallel else None,
                "seconds": round(self.seconds, 4), "counts": self.histogram.rows()}
