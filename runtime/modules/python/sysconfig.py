"""How this runtime was built and where it is installed."""
import sys

__all__ = ["get_config_var", "get_config_vars", "get_path", "get_paths", "get_path_names", "get_scheme_names", "get_platform",
           "get_python_version", "get_default_scheme", "is_python_build"]

_vars = None


def _free_threaded():
    # The letter for builds without a global lock, or the words of sys.version where there are no such letters.
    return "t" in getattr(sys, "abiflags", "") or "free-threading" in sys.version


def _make_vars():
    major, minor = sys.version_info[:2]
    free = _free_threaded()
    prefix = getattr(sys, "prefix", "")
    return {
        "prefix": prefix, "exec_prefix": getattr(sys, "exec_prefix", prefix), "base": prefix, "platbase": prefix, "installed_base": prefix,
        "installed_platbase": prefix, "py_version": "%d.%d.%d" % tuple(sys.version_info[:3]), "py_version_short": "%d.%d" % (major, minor),
        "py_version_nodot": "%d%d" % (major, minor), "VERSION": "%d.%d" % (major, minor), "abiflags": getattr(sys, "abiflags", ""),
        "implementation": "Python", "implementation_lower": "python", "platlibdir": "lib", "abi_thread": "t" if free else "",
        "Py_GIL_DISABLED": 1 if free else 0, "Py_DEBUG": 1 if hasattr(sys, "gettotalrefcount") else 0, "EXT_SUFFIX": None, "SOABI": None,
        "SIZEOF_VOID_P": 8 if sys.maxsize > 2 ** 32 else 4, "MACHDEP": sys.platform, "CONFIG_ARGS": "", "userbase": None, "projectbase": "",
        "srcdir": ""}


def get_config_vars(*args):
    """All variables of the build as a dict, or the values of those that are named."""
    global _vars
    if _vars is None:
        _vars = _make_vars()
    return [_vars.get(name) for name in args] if args else _vars


def get_config_var(name):
    """The value of one variable of the build; None if there is none of that name."""
    return get_config_vars().get(name)


def get_platform():
    """System and machine, as in linux-x86_64."""
    try:
        from posix import uname
        system, _, _, _, machine = uname()
        return "%s-%s" % (system.lower(), machine)
    except (ImportError, AttributeError):
        return sys.platform


def get_python_version():
    """Version as in 3.14."""
    return "%d.%d" % tuple(sys.version_info[:2])


def get_default_scheme():
    """The scheme of directories in use."""
    return "posix_prefix"


def get_scheme_names():
    """All schemes of directories."""
    return ("posix_prefix",)


def get_path_names():
    """What get_path can be asked for."""
    return ("stdlib", "platstdlib", "purelib", "platlib", "include", "scripts", "data")


def get_paths(scheme="posix_prefix", vars=None, expand=True):
    """All directories of the installation."""
    base = getattr(sys, "prefix", "")
    library = base + "/lib/python" + get_python_version() + ("t" if _free_threaded() else "")
    return {"stdlib": library, "platstdlib": library, "purelib": library + "/site-packages", "platlib": library + "/site-packages",
            "include": base + "/include/python" + get_python_version(), "scripts": base + "/bin", "data": base}


def get_path(name, scheme="posix_prefix", vars=None, expand=True):
    """One directory of the installation."""
    return get_paths()[name]


def is_python_build(check_home=None):
    """Does this run from a folder in which it was built?"""
    return False
