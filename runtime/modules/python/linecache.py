"""Lines of source files, each file read once."""

__all__ = ["getline", "getlines", "clearcache", "checkcache", "lazycache", "updatecache"]

cache = {}  # file name -> (size, time of change, lines, full path)


def clearcache():
    """Forgets all files."""
    cache.clear()


def getline(filename, lineno, module_globals=None):
    """One line with its end; '' if there is none such."""
    lines = getlines(filename, module_globals)
    return lines[lineno - 1] if 1 <= lineno <= len(lines) else ""


def getlines(filename, module_globals=None):
    """All lines; an empty list if the file cannot be read."""
    entry = cache.get(filename)
    if entry is not None:
        return entry[2]
    try:
        return updatecache(filename, module_globals)
    except MemoryError:
        clearcache()
        return []


def checkcache(filename=None):
    """Forgets files that have changed."""
    import os
    for name in list(cache) if filename is None else [filename]:
        entry = cache.get(name)
        if entry is None or entry[1] is None:
            continue
        try:
            status = os.stat(entry[3])
        except OSError:
            cache.pop(name, None)
            continue
        if (status.st_size, status.st_mtime) != entry[:2]:
            cache.pop(name, None)


def lazycache(filename, module_globals):
    """Is the source to be had from the module's loader? Here never."""
    return False


def _places(filename):
    """Where a file of this name may be."""
    import os
    import sys
    yield filename
    if not os.path.isabs(filename):
        for directory in sys.path:
            if isinstance(directory, str):
                yield os.path.join(directory, filename)


def _from_loader(filename, module_globals):
    loader = (module_globals or {}).get("__loader__")
    get_source = getattr(loader, "get_source", None)
    if get_source is None:
        return None
    try:
        source = get_source(module_globals.get("__name__"))
    except Exception:
        return None
    return None if source is None else [line + "\n" for line in source.splitlines()]


def updatecache(filename, module_globals=None):
    """Reads the file anew; returns its lines."""
    import os
    cache.pop(filename, None)
    if not filename or filename.startswith("<") and filename.endswith(">"):
        return []
    for place in _places(filename):
        try:
            status = os.stat(place)
            with open(place, encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines(True)
        except OSError:
            continue
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        cache[filename] = (status.st_size, status.st_mtime, lines, place)
        return lines
    lines = _from_loader(filename, module_globals)
    if lines is None:
        return []
    cache[filename] = (len(lines), None, lines, filename)
    return lines
