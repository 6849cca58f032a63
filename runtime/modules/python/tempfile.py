"""Files and directories for a short time."""
import os

__all__ = ["NamedTemporaryFile", "TemporaryDirectory", "mkdtemp", "mkstemp", "gettempdir", "gettempprefix", "tempdir", "template"]

template = "tmp"
tempdir = None
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"
_TRIES = 10000


def gettempprefix():
    """How the names begin."""
    return template


def gettempdir():
    """The directory for all this: TMPDIR, TEMP or TMP of the environment, or a usual one."""
    global tempdir
    if tempdir is None:
        for candidate in [os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")] + ["/tmp", "/var/tmp", "/usr/tmp", os.getcwd()]:
            if candidate and os.path.isdir(candidate):
                tempdir = os.path.abspath(candidate)
                break
        else:
            raise FileNotFoundError(2, "No usable temporary directory found")
    return tempdir


def _names(suffix, prefix, dir):
    """Paths that nobody else is likely to use."""
    dir = gettempdir() if dir is None else dir
    prefix = template if prefix is None else prefix
    for _ in range(_TRIES):
        name = "".join([_LETTERS[byte % len(_LETTERS)] for byte in os.urandom(8)])
        yield os.path.join(dir, prefix + name + (suffix or ""))


def mkdtemp(suffix=None, prefix=None, dir=None):
    """Makes a new directory that only its owner may use; returns its path."""
    for path in _names(suffix, prefix, dir):
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            continue
        return os.path.abspath(path)
    raise FileExistsError(17, "No usable temporary directory name found")


def mkstemp(suffix=None, prefix=None, dir=None, text=False):
    """Makes a new file that only its owner may use; returns its descriptor and its path."""
    for path in _names(suffix, prefix, dir):
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        return descriptor, os.path.abspath(path)
    raise FileExistsError(17, "No usable temporary file name found")


class TemporaryDirectory:
    """A new directory that is removed with all it holds at the end of the block."""

    def __init__(self, suffix=None, prefix=None, dir=None, ignore_cleanup_errors=False, *, delete=True):
        self.name = mkdtemp(suffix, prefix, dir)
        self._delete = delete
        self._ignore_errors = ignore_cleanup_errors

    def __repr__(self):
        return "<%s %r>" % (self.__class__.__name__, self.name)

    def __enter__(self):
        return self.name

    def __exit__(self, kind, error, trace):
        if self._delete:
            self.cleanup()

    def cleanup(self):
        """Removes the directory now."""
        from shutil import rmtree
        if os.path.isdir(self.name):
            rmtree(self.name, self._ignore_errors)


class _Named:
    """A file that is removed when it is closed."""

    def __init__(self, file, name, delete):
        self.file = file
        self.name = name
        self.delete = delete

    def __getattr__(self, attribute):
        return getattr(self.file, attribute)

    def __iter__(self):
        return iter(self.file)

    def __enter__(self):
        self.file.__enter__()
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        """Closes and removes the file."""
        self.file.close()
        if self.delete:
            self.delete = False
            os.remove(self.name)


def NamedTemporaryFile(mode="w+b", buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None, delete=True, *,
                       errors=None, delete_on_close=True):
    """A new file with a name, removed when it is closed."""
    for path in _names(suffix, prefix, dir):
        if os.path.lexists(path):
            continue
        file = open(path, mode.replace("w", "x"), buffering, encoding, errors, newline)
        return _Named(file, os.path.abspath(path), delete)
    raise FileExistsError(17, "No usable temporary file name found")
