# Three usual ways of making two threads race, for bench/collisions: a Barrier per fresh object, two new threads per fresh object, one barrier and a
# loop on one shared object. Prints one JSON line. Python 2.7 and 3.
#
#   PYTHON rivals.py TECHNIQUE RACE SECONDS
import json
import sys
import threading
import time

clock = getattr(time, "perf_counter", time.time)


class Cell(object):
    def __init__(self):
        self.count = 0


def increment(cell):
    seen = cell.count
    cell.count = seen + 1


RACES = {
    "lost_update": (Cell, increment, lambda cell, results: cell.count == 1),
    "duplicate": (lambda: iter([10, 20]), next, lambda source, results: results == [10, 10]),
}


class Barrier(object):
    """threading.Barrier where there is one (Python 3), else the same for two threads with a Condition."""

    def __init__(self):
        self.condition = threading.Condition()
        self.waiting = 0
        self.round = 0

    def wait(self):
        with self.condition:
            mine = self.round
            self.waiting += 1
            if self.waiting == 2:
                self.waiting = 0
                self.round += 1
                self.condition.notify_all()
            while self.round == mine:
                self.condition.wait()


def two_party_barrier():
    return threading.Barrier(2) if hasattr(threading, "Barrier") else Barrier()


def barrier_per_object(make, act, witnessed, seconds):
    barrier, done = two_party_barrier(), two_party_barrier()
    box = {"state": make(), "stop": False}
    results = [None, None]
    counts = [0, 0]

    def play(me):
        while True:
            barrier.wait()
            if box["stop"]:
                return
            results[me] = act(box["state"])
            done.wait()
            if me == 0:
                counts[0] += 1
                counts[1] += witnessed(box["state"], results)
                box["state"] = make()
                box["stop"] = clock() >= end

    end = clock() + seconds
    run_both(play)
    return counts


def threads_per_object(make, act, witnessed, seconds):
    counts = [0, 0]
    end = clock() + seconds
    while clock() < end:
        state = make()
        results = [None, None]

        def play(me):
            results[me] = act(state)

        run_both(play)
        counts[0] += 1
        counts[1] += witnessed(state, results)
    return counts


def loop_on_one_object(make, act, witnessed, seconds):
    """One barrier, then both loop on one shared object. Witnesses: updates lost; elements given twice of one long iterator."""
    turns = 20000
    counts = [0, 0]
    end = clock() + seconds
    while clock() < end:
        barrier = two_party_barrier()
        state = Cell() if act is increment else iter(list(range(2 * turns)))
        taken = [[], []]

        def play(me):
            mine = taken[me]
            barrier.wait()
            for _ in range(turns):
                result = act(state) if act is increment else next(state, None)
                if act is not increment:
                    mine.append(result)

        run_both(play)
        counts[0] += turns
        if act is increment:
            counts[1] += 2 * turns - state.count
        else:
            counts[1] += len(taken[0]) + len(taken[1]) - len(set(taken[0]) | set(taken[1]))
    return counts


def run_both(play):
    threads = [threading.Thread(target=play, args=(me,)) for me in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


TECHNIQUES = {"barrier": barrier_per_object, "threads": threads_per_object, "loop": loop_on_one_object}


def main():
    technique, race, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    make, act, witnessed = RACES[race]
    began = clock()
    samples, witnesses = TECHNIQUES[technique](make, act, witnessed, seconds)
    print(json.dumps({"samples": samples, "witnesses": witnesses, "seconds": clock() - began}))


main()
