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


QUICK_TURNS = 20         # so many turns ...
QUICK_SECONDS = 0.0005   # ... within this time: no switch interval is that short (CPython 5 ms a turn, PyPy 0.1 ms), two processors need 0.02 ms


def _pin(cpus):
    """Binds the calling thread to these processors, where the system can: two spinning threads on one processor exchange no quick turns."""
    if cpus:
        _try(lambda: __import__("os").sched_setaffinity(0, cpus))


def measure_parallel(cpus, seconds):
    """Do two threads run at the same time? One burst of quick turns shows it; a busy machine can only delay that, so it is given `seconds`."""
    if cpus is not None and cpus < 2:
        return False
    import threading
    game = _Turn()
    allowed = _try(lambda: sorted(__import__("os").sched_getaffinity(0)))
    _pin(allowed and allowed[:1])

    def opponent():
        _pin(allowed and allowed[1:2])
        while not game.stop:
            if game.ball == 1:
                game.ball = 0

    thread = threading.Thread(target=opponent)
    thread.daemon = True
    thread.start()
    start = now = clock()
    burst = clock()
    spins = turns = 0
    quick = False
    while not quick and now - start < seconds:
        if game.ball == 0:
            game.ball = 1
            turns += 1
            if turns % QUICK_TURNS == 0:
                now = clock()
                quick = now - burst < QUICK_SECONDS
                burst = now
        spins += 1
        if not spins & 255:
            now = clock()
    game.stop = True
    thread.join()
    _pin(allowed)
    return quick


def measured_facts(static):
    found = dict(static)
    # Where the runtime itself says whether it has a GIL a short look is enough; where there is no switch interval at all, it is a long one.
    has_interval = hasattr(sys, "setswitchinterval")
    if "gil_enabled" in static:
        patience = 0.03
    elif "gil_enabled" not in static and has_interval:
        patience = 0.15
    else:
        patience = 5.0
    found["parallel"] = measure_parallel(static.get("cpus"), patience)
    if static.get("gil_enabled") is False and static.get("cpus", 1) >= 2:
        found["parallel"] = True  # its own word, when the machine is too busy to see it; the canary will tell
    if "gil_enabled" not in found and has_interval and static.get("cpus", 1) >= 2:
        found["gil_enabled"] = not found["parallel"]
    return found


class FlagsView(object):
    """`flags` in a `when` rule: an absent flag is None."""

    def __init__(self, found):
        self._found = found

    def __getattr__(self, name):
        return self._found.get("flags." + name)
