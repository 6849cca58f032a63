"""What this runs on."""
import sys

__all__ = ["python_implementation", "python_version", "python_version_tuple", "python_compiler", "python_build", "python_branch",
           "python_revision", "system", "node", "release", "version", "machine", "processor", "platform", "architecture", "uname"]

_found = None


def uname():
    """System, node, release, version and machine."""
    global _found
    if _found is None:
        from collections import namedtuple
        result = namedtuple("uname_result", "system node release version machine")
        try:
            from posix import uname as ask
            _found = result(*ask())
        except (ImportError, AttributeError):
            _found = result(sys.platform, "", "", "", "")
    return _found


def system():
    """As in Linux."""
    return uname().system


def node():
    """The name of the machine in its network."""
    return uname().node


def release():
    """The release of the system."""
    return uname().release


def version():
    """The version of the system's release."""
    return uname().version


def machine():
    """As in x86_64."""
    return uname().machine


def processor():
    """The real name of the processor; '' where it is not known."""
    return ""


def architecture(executable=None, bits="", linkage=""):
    """The width of a pointer and the format of programs."""
    return ("64bit" if sys.maxsize > 2 ** 32 else "32bit"), "ELF"


def platform(aliased=False, terse=False):
    """All of this in one text."""
    found = uname()
    parts = [found.system, found.release] if terse else [found.system, found.release, found.machine]
    return "-".join([part for part in parts if part])


def python_implementation():
    """The name of this runtime; CPython spells itself with two capitals."""
    name = sys.implementation.name
    return {"cpython": "CPython", "pypy": "PyPy"}.get(name, name[:1].upper() + name[1:])


def python_version():
    """As in 3.14.0."""
    return "%d.%d.%d" % tuple(sys.version_info[:3])


def python_version_tuple():
    """As in ('3', '14', '0')."""
    return tuple(python_version().split("."))


def python_branch():
    """The branch of the source."""
    return ""


def python_revision():
    """The revision of the source."""
    return ""


def python_build():
    """Number and date of the build."""
    return "", ""


def python_compiler():
    """The compiler that this was built by."""
    _, bracket, rest = sys.version.partition("[")
    return rest.partition("]")[0] if bracket else ""
