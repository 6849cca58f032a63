"""What the operating system offers: files by name, the environment, processes and processors."""
import sys
from builtins import open as _open_file
import posixpath as path
import posix as _posix
from posixpath import altsep, curdir, defpath, devnull, extsep, pardir, pathsep, sep

sys.modules["os.path"] = path

name = "posix"
linesep = "\n"
error = OSError
SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
F_OK, X_OK, W_OK, R_OK = 0, 1, 2, 4

# Everything that posix has is here, too: each function and constant as it is there.
for _name in dir(_posix):
    if not _name.startswith("_") and _name != "environ":
        globals()[_name] = getattr(_posix, _name)
if hasattr(_posix, "_exit"):
    _exit = _posix._exit
del _name


def fsencode(filename):
    """The bytes of a file's name."""
    filename = fspath(filename)
    return filename.encode("utf-8", "surrogateescape") if isinstance(filename, str) else filename


def fsdecode(filename):
    """The text of a file's name."""
    filename = fspath(filename)
    return filename.decode("utf-8", "surrogateescape") if isinstance(filename, bytes) else filename


fspath = path._text


class PathLike:
    """What has __fspath__ is the name of a file."""

    def __fspath__(self):
        raise NotImplementedError


# --- The environment.


def _checked(value):
    if not isinstance(value, str):
        raise TypeError("str expected, not " + type(value).__name__)
    return value


class _Environ:
    """The environment as a mapping: what is written here is seen by the processes that this one starts."""

    def __init__(self, data):
        self._data = data

    def __getitem__(self, key):
        try:
            return self._data[_checked(key)]
        except KeyError:
            raise KeyError(key) from None

    def __setitem__(self, key, value):
        _posix.putenv(_checked(key), _checked(value))
        self._data[key] = value

    def __delitem__(self, key):
        _posix.unsetenv(_checked(key))
        try:
            del self._data[key]
        except KeyError:
            raise KeyError(key) from None

    def __iter__(self):
        return iter(list(self._data))

    def __len__(self):
        return len(self._data)

    def __contains__(self, key):
        return key in self._data

    def __repr__(self):
        return "environ({%s})" % ", ".join(["%r: %r" % item for item in self._data.items()])

    def __eq__(self, other):
        return self._data == (other._data if isinstance(other, _Environ) else other)

    __hash__ = None

    def get(self, key, default=None):
        """The value of the variable, or the default."""
        return self._data.get(key, default)

    def keys(self):
        """The names of the variables."""
        return self._data.keys()

    def values(self):
        """The values of the variables."""
        return self._data.values()

    def items(self):
        """Names and values."""
        return self._data.items()

    def copy(self):
        """The environment as a dict."""
        return dict(self._data)

    def pop(self, key, *default):
        """Takes a variable away and returns its value."""
        if key in self._data or not default:
            value = self[key]
            del self[key]
            return value
        return default[0]

    def setdefault(self, key, value):
        """The value of the variable, which is set if it was not there."""
        if key not in self._data:
            self[key] = value
        return self[key]

    def update(self, other=(), /, **variables):
        """Sets several variables."""
        for key, value in dict(other, **variables).items():
            self[key] = value

    def clear(self):
        """Takes all variables away."""
        for key in self:
            del self[key]

    def __or__(self, other):
        return {**self._data, **other}

    def __ror__(self, other):
        return {**other, **self._data}

    def __ior__(self, other):
        self.update(other)
        return self


environ = _Environ(dict([(fsdecode(key), fsdecode(value)) for key, value in _posix.environ.items()]))


def getenv(key, default=None):
    """The value of the variable, or the default."""
    return environ.get(key, default)


def get_exec_path(env=None):
    """The directories in which programs are looked for."""
    found = (environ if env is None else env).get("PATH")
    return (defpath if found is None else found).split(pathsep)


# --- Directories.


def makedirs(name, mode=0o777, exist_ok=False):
    """Makes a directory and those that it stands in."""
    head, tail = path.split(name)
    if not tail:
        head, tail = path.split(head)
    if head and tail and not path.exists(head):
        try:
            makedirs(head, exist_ok=exist_ok)
        except FileExistsError:
            pass
        if tail == curdir:
            return
    try:
        _posix.mkdir(name, mode)
    except OSError:
        if not exist_ok or not path.isdir(name):
            raise


def removedirs(name):
    """Removes an empty directory and those above it as long as they are empty."""
    _posix.rmdir(name)
    head, tail = path.split(name)
    while head and tail:
        try:
            _posix.rmdir(head)
        except OSError:
            break
        head, tail = path.split(head)


def walk(top, topdown=True, onerror=None, followlinks=False):
    """For each directory below `top`: its path, its directories, its other entries."""
    try:
        entries = _posix.listdir(top)
    except OSError as error:
        if onerror is not None:
            onerror(error)
        return
    directories, others = [], []
    for entry in entries:
        (directories if path.isdir(path.join(top, entry)) else others).append(entry)
    if topdown:
        yield top, directories, others
    for directory in directories:
        below = path.join(top, directory)
        if followlinks or not path.islink(below):
            yield from walk(below, topdown, onerror, followlinks)
    if not topdown:
        yield top, directories, others


# --- Processors.

if not hasattr(_posix, "process_cpu_count") and hasattr(_posix, "sched_getaffinity"):
    def process_cpu_count():
        """How many processors this thread may use."""
        return len(_posix.sched_getaffinity(0))


def fdopen(fd, mode="r", buffering=-1, encoding=None, *args, **kwargs):
    """A file object for an open descriptor."""
    if not isinstance(fd, int):
        raise TypeError("invalid fd type (%s, expected integer)" % type(fd))
    return _open_file(fd, mode, buffering, encoding, *args, **kwargs)

