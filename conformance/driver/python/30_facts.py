# --- Facts: what this very process is, found by asking and measuring, never guessed from a name.


def _try(function):
    try:
        return function()
    except Exception:
        return None


def _cpus():
    import os
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    if getattr(os, "cpu_count", None):
        return os.cpu_count()
    try:
        import multiprocessing
        return multiprocessing.cpu_count()
    except Exception:
        from java.lang import Runtime
        return Runtime.getRuntime().availableProcessors()


def _implementation():
    if hasattr(sys, "implementation"):
        return sys.implementation.name
    import platform
    return platform.python_implementation().lower()


def _free_threaded():
    import sysconfig
    return sysconfig.get_config_var("Py_GIL_DISABLED") == 1


def static_facts():
    """Facts that need no thread and next to no time."""
    found = {
        "version": "%d.%d.%d" % tuple(sys.version_info[:3]),
        "release": _try(lambda: str(sys.version_info[3])),
        "implementation": _try(_implementation),
        "free_threaded": bool(_try(_free_threaded)),
        "cpus": _try(_cpus),
        "platform": sys.platform if not sys.platform.startswith("java") else "java",
        "bits": 64 if getattr(sys, "maxsize", 0) > 2 ** 32 else 32,
    }
    if hasattr(sys, "_is_gil_enabled"):
        found["gil_enabled"] = bool(sys._is_gil_enabled())
    flags = getattr(sys, "flags", None)
    for name in dir(flags):
        value = getattr(flags, name, None)
        if not name.startswith("_") and type(value) in (int, bool) and name not in ("n_fields", "n_sequence_fields", "n_unnamed_fields"):
            found["flags." + name] = value
    return dict((name, value) for name, value in found.items() if value is not None)


class _Turn(object):
    def __init__(self):
        self.ball = 0
        self.stop = False
        self.turns = 0


def _exchange_turns(seconds):
    """How many turns two spinning threads exchange. Under a GIL each needs a switch interval; in parallel, a microsecond."""
    import threading
    game = _Turn()

    def opponent():
        while not game.stop:
            if game.ball == 1:
                game.ball = 0

    thread = threading.Thread(target=opponent)
    thread.daemon = True
    thread.start()
    end = clock() + seconds
    spins = turns = 0
    while True:
        if game.ball == 0:
            game.ball = 1
            turns += 1
        spins += 1
        if not spins & 63 and clock() > end:
            break
    game.stop = True
    thread.join()
    return turns / seconds


PARALLEL_TURNS_PER_SECOND = 40000  # a switch interval of 5 ms allows 200; PyPy's hand-over 10 000; two processors a million


def measure_parallel(cpus, attempts):
    """Do two threads run at the same time? A busy machine can only hide it, so the best of several attempts counts."""
    if cpus is not None and cpus < 2:
        return False
    for seconds in attempts:
        if _exchange_turns(seconds) > PARALLEL_TURNS_PER_SECOND:
            return True
    return False


def measured_facts(static):
    found = dict(static)
    # Where the runtime itself says that it has a GIL one look is enough; where it says that it has none, many.
    gil = static.get("gil_enabled")
    attempts = (0.02,) if gil else (0.02, 0.03, 0.05, 0.08) if gil is None else (0.02, 0.05, 0.1, 0.2, 0.4)
    found["parallel"] = measure_parallel(static.get("cpus"), attempts)
    if "gil_enabled" not in found and static.get("cpus", 1) >= 2:
        found["gil_enabled"] = not found["parallel"]
    return found


class FlagsView(object):
    """`flags` in a `when` rule: an absent flag is None."""

    def __init__(self, found):
        self._found = found

    def __getattr__(self, name):
        return self._found.get("flags." + name)
