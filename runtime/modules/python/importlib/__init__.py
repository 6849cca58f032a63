"""The import statement as functions."""
import sys

__all__ = ["__import__", "import_module", "invalidate_caches", "reload"]

__import__ = __import__


def invalidate_caches():
    """Lets the next import look for files that have come since."""
    for finder in getattr(sys, "meta_path", None) or ():
        method = getattr(finder, "invalidate_caches", None)
        if method is not None:
            method()
    cache = getattr(sys, "path_importer_cache", None)
    if cache:
        cache.clear()


def import_module(name, package=None):
    """Imports a module and returns it; names that begin with dots are relative to the package."""
    if name.startswith("."):
        from importlib.util import resolve_name
        if not package:
            raise TypeError("the 'package' argument is required to perform a relative import for %r" % name)
        name = resolve_name(name, package)
    __import__(name)
    return sys.modules[name]


def reload(module):
    """Executes the module's source again in the same module."""
    name = getattr(module, "__name__", None)
    if not isinstance(module, type(sys)):
        raise TypeError("reload() argument must be a module")
    if sys.modules.get(name) is not module:
        raise ImportError("module %s not in sys.modules" % name, name=name)
    path = getattr(module, "__file__", None)
    if not path:
        return module
    with open(path, encoding="utf-8") as file:
        source = file.read()
    exec(compile(source, path, "exec"), module.__dict__)
    return sys.modules[name]
