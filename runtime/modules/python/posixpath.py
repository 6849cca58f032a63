"""Names of files: taking them apart and putting them together. The module os.path."""
import posix as _posix

__all__ = ["abspath", "basename", "commonpath", "commonprefix", "dirname", "exists", "expanduser", "getatime", "getctime", "getmtime",
           "getsize", "isabs", "isdir", "isfile", "islink", "join", "lexists", "normcase", "normpath", "realpath", "relpath", "samefile",
           "split", "splitext", "splitroot", "sep", "pardir", "curdir", "extsep", "pathsep", "altsep", "defpath", "devnull"]

curdir = "."
pardir = ".."
extsep = "."
sep = "/"
pathsep = ":"
altsep = None
defpath = "/bin:/usr/bin"
devnull = "/dev/null"

_KIND, _DIRECTORY, _REGULAR, _LINK = 0o170000, 0o040000, 0o100000, 0o120000


def _text(path):
    """The path as str or bytes; objects with __fspath__ give theirs."""
    if isinstance(path, (str, bytes)):
        return path
    method = getattr(type(path), "__fspath__", None)
    if method is None:
        raise TypeError("expected str, bytes or os.PathLike object, not " + type(path).__name__)
    return method(path)


def _slash(path):
    return b"/" if isinstance(path, bytes) else "/"


def normcase(s):
    """The path as it is: here case matters."""
    return _text(s)


def isabs(s):
    """Does the path begin at the root?"""
    s = _text(s)
    return s.startswith(_slash(s))


def join(a, *p):
    """Puts parts of a path together; an absolute part makes those before it void."""
    path = _text(a)
    slash = _slash(path)
    for part in p:
        part = _text(part)
        if isinstance(part, bytes) != isinstance(path, bytes):
            raise TypeError("Can't mix strings and bytes in path components")
        if part.startswith(slash) or not path:
            path = part
        elif path.endswith(slash):
            path += part
        else:
            path += slash + part
    return path


def split(p):
    """The part before the last slash and the part behind it."""
    p = _text(p)
    slash = _slash(p)
    place = p.rfind(slash) + 1
    head, tail = p[:place], p[place:]
    if head and head != slash * len(head):
        head = head.rstrip(slash)
    return head, tail


def dirname(p):
    """The part before the last slash."""
    return split(p)[0]


def basename(p):
    """The part behind the last slash."""
    return split(p)[1]


def splitext(p):
    """The path without its extension, and the extension with its dot."""
    p = _text(p)
    dot = b"." if isinstance(p, bytes) else "."
    name = p.rfind(_slash(p)) + 1
    place = p.rfind(dot)
    # Dots at the beginning of a name do not make an extension.
    if place < name or p[name:place] == dot * (place - name):
        return p, p[:0]
    return p[:place], p[place:]


def splitdrive(p):
    """An empty drive, and the path."""
    p = _text(p)
    return p[:0], p


def splitroot(p):
    """Drive (empty), root and rest of a path."""
    p = _text(p)
    slash = _slash(p)
    if not p.startswith(slash):
        return p[:0], p[:0], p
    root = slash * 2 if p.startswith(slash * 2) and not p.startswith(slash * 3) else slash
    return p[:0], root, p[len(root):]


def normpath(path):
    """The path without empty and `.` parts, and with `..` carried out where that is possible."""
    path = _text(path)
    slash = _slash(path)
    here, up = (b".", b"..") if isinstance(path, bytes) else (".", "..")
    if not path:
        return here
    _, root, rest = splitroot(path)
    parts = []
    for part in rest.split(slash):
        if not part or part == here:
            continue
        if part != up or not root and not parts or parts and parts[-1] == up:
            parts.append(part)
        elif parts:
            parts.pop()
    return root + slash.join(parts) or here


def abspath(path):
    """The path from the root on."""
    path = _text(path)
    if not isabs(path):
        here = _posix.getcwd()
        path = join(here.encode() if isinstance(path, bytes) else here, path)
    return normpath(path)


def realpath(filename, *, strict=False):
    """The path from the root on without symbolic links."""
    filename = _text(filename)
    slash = _slash(filename)
    todo = [part for part in reversed(_parts_from_root(filename))]
    path = slash
    followed = 0
    while todo:
        part = todo.pop()
        if part == slash[:0] or part == (b"." if isinstance(part, bytes) else "."):
            continue
        if part == (b".." if isinstance(part, bytes) else ".."):
            path = dirname(path)
            continue
        following = join(path, part)
        if not islink(following):
            if strict:
                _posix.lstat(following)
            path = following
            continue
        followed += 1
        if followed > 40:
            if strict:
                _posix.stat(following)
            path = following
            continue
        target = _posix.readlink(following)
        if isabs(target):
            path = slash
        todo.extend(reversed(target.split(slash)))
    return path


def _parts_from_root(path):
    """The parts of a path from the root on, `..` not yet carried out: it may stand behind a link."""
    if not isabs(path):
        here = _posix.getcwd()
        path = join(here.encode() if isinstance(path, bytes) else here, path)
    return path.split(_slash(path))


def relpath(path, start=None):
    """The way to the path from the directory `start`."""
    path = _text(path)
    if not path:
        raise ValueError("no path specified")
    slash = _slash(path)
    here, up = (b".", b"..") if isinstance(path, bytes) else (".", "..")
    begin = [part for part in abspath(here if start is None else start).split(slash) if part]
    end = [part for part in abspath(path).split(slash) if part]
    common = 0
    while common < min(len(begin), len(end)) and begin[common] == end[common]:
        common += 1
    return slash.join([up] * (len(begin) - common) + end[common:]) or here


def commonprefix(m):
    """The longest text that all begin with."""
    if not m:
        return ""
    first, last = min(m), max(m)
    for place, character in enumerate(first):
        if character != last[place]:
            return first[:place]
    return first


def commonpath(paths):
    """The longest path that all are inside of."""
    paths = [_text(path) for path in paths]
    if not paths:
        raise ValueError("commonpath() arg is an empty sequence")
    slash = _slash(paths[0])
    if len(set([isabs(path) for path in paths])) != 1:
        raise ValueError("Can't mix absolute and relative paths")
    here = b"." if isinstance(slash, bytes) else "."
    rows = [[part for part in path.split(slash) if part and part != here] for path in paths]
    first, last = min(rows), max(rows)
    common = 0
    while common < len(first) and first[common] == last[common]:
        common += 1
    return (slash if isabs(paths[0]) else slash[:0]) + slash.join(first[:common])


def _mode(status, path):
    try:
        return status(path).st_mode & _KIND
    except (OSError, ValueError):
        return None


def exists(path):
    """Is there something of this name? False for a broken link."""
    return _mode(_posix.stat, path) is not None


def lexists(path):
    """Is there something of this name? True for a broken link."""
    return _mode(_posix.lstat, path) is not None


def isfile(path):
    """Is it an ordinary file?"""
    return _mode(_posix.stat, path) == _REGULAR


def isdir(s):
    """Is it a directory?"""
    return _mode(_posix.stat, s) == _DIRECTORY


def islink(path):
    """Is it a symbolic link?"""
    return _mode(_posix.lstat, path) == _LINK


def getsize(filename):
    """The size in bytes."""
    return _posix.stat(filename).st_size


def getmtime(filename):
    """When it was changed."""
    return _posix.stat(filename).st_mtime


def getatime(filename):
    """When it was read."""
    return _posix.stat(filename).st_atime


def getctime(filename):
    """When its description was changed."""
    return _posix.stat(filename).st_ctime


def samefile(f1, f2):
    """Do both names mean one file?"""
    a, b = _posix.stat(f1), _posix.stat(f2)
    return a.st_ino == b.st_ino and a.st_dev == b.st_dev


def expanduser(path):
    """The path with ~ at its beginning replaced by the home directory."""
    path = _text(path)
    if path != "~" and not path[:2] == "~/":
        return path
    from os import environ
    home = environ.get("HOME")
    if not home:
        return path
    return (home.rstrip("/") + path[1:]) or "/"
