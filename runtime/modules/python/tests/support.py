"""Loads the modules of this folder for a test, on whatever Python runs the test.

On our own runtime they are the standard library, and load() is an import. On CPython they live in a world of their own: their import
statements find each other first and only then the host's modules, so that the host's library is untouched and can be compared with.
With HEDDLE_TEST_STANDARD=1 load() gives the host's own modules: the expectations of a test are then checked against CPython.
"""
import builtins
import os
import sys
import types

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OWN = sys.implementation.name != "cpython"
STANDARD = not OWN and os.environ.get("HEDDLE_TEST_STANDARD") == "1"

modules = {}
flags = {}  # what sys.flags says in the world of the tested modules, where it differs from the host


class _Flags:
    def __getattr__(self, name):
        if name in flags:
            return flags[name]
        return getattr(sys.flags, name)


class _System(types.ModuleType):
    """sys as the tested modules see it."""

    def __getattr__(self, name):
        return getattr(sys, name)

    def __setattr__(self, name, value):
        if name in ("stdout", "stderr", "stdin"):
            setattr(sys, name, value)
        else:
            types.ModuleType.__setattr__(self, name, value)


def _find(name):
    path = os.path.join(FOLDER, *name.split("."))
    if os.path.exists(os.path.join(path, "__init__.py")):
        return os.path.join(path, "__init__.py"), True
    if os.path.exists(path + ".py"):
        return path + ".py", False
    return None, False


def _world_import(name, globals=None, locals=None, fromlist=(), level=0):
    if level:
        package = globals["__package__"]
        for _ in range(level - 1):
            package = package.rpartition(".")[0]
        name = package + "." + name if name else package
    module = load(name)
    if fromlist:
        for item in fromlist:
            if item != "*" and not hasattr(module, item) and _find(name + "." + item)[0]:
                load(name + "." + item)
        return module
    return load(name.split(".")[0])


_builtins = dict(vars(builtins), __import__=_world_import)


def _host(name):
    __import__(name)
    return sys.modules[name]


def _load_world(name):
    if name in modules:
        return modules[name]
    parent, _, leaf = name.rpartition(".")
    if parent:
        _load_world(parent)
        if name in modules:
            return modules[name]
    if name == "sys":
        module = _System("sys")
        types.ModuleType.__setattr__(module, "flags", _Flags())
        types.ModuleType.__setattr__(module, "modules", dict(sys.modules))
        modules[name] = module
        return module
    if name == "_thread" and not hasattr(_host(name), "start_joinable_thread"):
        import thread_shim
        modules[name] = thread_shim
        return thread_shim
    path, is_package = _find(name)
    if path is None:
        module = _host(name)
    else:
        module = types.ModuleType(name)
        module.__file__ = path
        module.__package__ = name if is_package else parent
        if is_package:
            module.__path__ = [os.path.dirname(path)]
        module.__dict__["__builtins__"] = _builtins
        modules[name] = module
        with open(path) as stream:
            code = compile(stream.read(), path, "exec")
        exec(code, module.__dict__)
    modules[name] = module
    if "sys" in modules:
        modules["sys"].modules[name] = module
    if parent:
        setattr(modules[parent], leaf, module)
    return module


def load(name):
    """The module of this folder (or, where it has none of that name, the host's)."""
    if OWN or STANDARD:
        __import__(name)
        return sys.modules[name]
    return _load_world(name)


def raises(kind, function, *arguments, **keywords):
    """The text of the exception, which must be of this very kind."""
    try:
        function(*arguments, **keywords)
    except BaseException as error:
        assert type(error) is kind or type(error).__name__ == getattr(kind, "__name__", kind), repr(error)
        return str(error)
    raise AssertionError("no exception, but %s was expected" % kind)


def run(names):
    """Calls every function of the module that begins with test_, in the order of the names."""
    for name in sorted(names):
        if name.startswith("test_"):
            names[name]()
    print("ok", names["__file__"].rpartition("/")[2])
