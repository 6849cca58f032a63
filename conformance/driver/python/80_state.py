# --- Process-wide state: noted before a case, put back after it, and said when the case had left it changed.


def _warnings():
    return sys.modules.get("warnings")


def _put_back_filters(saved):
    module = _warnings()
    module.filters[:] = saved
    changed = getattr(module, "_filters_mutated_lock_held", None) or getattr(module, "_filters_mutated", None)
    if changed is not None:
        lock = getattr(module, "_lock", None)
        if changed.__name__.endswith("lock_held") and lock is not None:
            with lock:
                changed()
        else:
            changed()


def _watched():
    """name -> (read, put back) of everything that is watched and that this runtime has."""
    rows = {}
    module = _warnings()
    if module is not None:
        rows["warning filters"] = (lambda: list(module.filters), _put_back_filters)
        rows["warnings.showwarning"] = (lambda: module.showwarning, lambda saved: setattr(module, "showwarning", saved))
    if hasattr(sys, "getswitchinterval"):
        rows["switch interval"] = (sys.getswitchinterval, sys.setswitchinterval)
    if hasattr(sys, "getrecursionlimit"):
        rows["recursion limit"] = (sys.getrecursionlimit, sys.setrecursionlimit)
    gc = sys.modules.get("gc")
    if gc is not None and _try(gc.isenabled) is not None:
        rows["collector"] = (gc.isenabled, lambda saved: gc.enable() if saved else gc.disable())
        if _try(lambda: gc.get_threshold()):
            rows["collector thresholds"] = (gc.get_threshold, lambda saved: gc.set_threshold(*saved))
    threading = sys.modules.get("threading")
    if threading is not None and hasattr(threading, "excepthook"):
        rows["threading.excepthook"] = (lambda: threading.excepthook, lambda saved: setattr(threading, "excepthook", saved))
    return rows


class ProcessState(object):
    def __init__(self):
        self.rows = _watched()
        self.saved = dict([(name, row[0]()) for name, row in self.rows.items()])

    def put_back(self):
        """Restores what differs; returns its names."""
        changed = []
        for name in sorted(self.rows):
            read, restore = self.rows[name]
            if read() != self.saved[name]:
                changed.append(name)
                _try(lambda: restore(self.saved[name]))
        return changed
