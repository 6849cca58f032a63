"""Helpers around importing."""
import sys

__all__ = ["find_spec", "resolve_name", "module_from_spec", "spec_from_file_location"]


def resolve_name(name, package):
    """The full name of a module that may be given relative to a package."""
    if not name.startswith("."):
        return name
    if not package:
        raise ImportError("no package specified for %r (required for relative module names)" % name)
    level = len(name) - len(name.lstrip("."))
    parts = package.split(".")
    if level > len(parts):
        raise ImportError("attempted relative import beyond top-level package")
    base = ".".join(parts[:len(parts) - level + 1])
    rest = name[level:]
    return base + "." + rest if rest else base


def _is_frozen(name):
    """Is the module's text part of the program?"""
    try:
        from _imp import is_frozen
    except ImportError:
        return False
    return is_frozen(name)


def find_spec(name, package=None):
    """Where a module would come from; None if there is none. The module is not imported, but the packages that it is in are."""
    from importlib.machinery import ModuleSpec
    name = resolve_name(name, package)
    module = sys.modules.get(name)
    if module is not None:
        spec = getattr(module, "__spec__", None)
        if spec is not None:
            return spec
        return ModuleSpec(name, getattr(module, "__loader__", None), origin=getattr(module, "__file__", None),
                          is_package=hasattr(module, "__path__"))
    if name in sys.builtin_module_names:
        return ModuleSpec(name, None, origin="built-in")
    if _is_frozen(name):
        return ModuleSpec(name, None, origin="frozen")
    parent, _, leaf = name.rpartition(".")
    directories = sys.path
    if parent:
        __import__(parent)
        directories = getattr(sys.modules[parent], "__path__", [])
    from posixpath import isfile, join
    for directory in directories:
        for path, is_package in ((join(directory, leaf, "__init__.py"), True), (join(directory, leaf + ".py"), False)):
            if isfile(path):
                return spec_from_file_location(name, path, submodule_search_locations=[join(directory, leaf)] if is_package else None)
    return None


class _SourceLoader:
    """Executes a file as a module."""

    def __init__(self, name, path):
        self.name = name
        self.path = path

    def create_module(self, spec):
        return None

    def get_filename(self, name=None):
        return self.path

    def get_source(self, name=None):
        with open(self.path, encoding="utf-8") as file:
            return file.read()

    def exec_module(self, module):
        exec(compile(self.get_source(), self.path, "exec"), module.__dict__)


def spec_from_file_location(name, location=None, *, loader=None, submodule_search_locations=None):
    """A description of a module that is in this file."""
    from importlib.machinery import ModuleSpec
    spec = ModuleSpec(name, loader or _SourceLoader(name, location), origin=location)
    spec.has_location = True
    spec.submodule_search_locations = submodule_search_locations
    return spec


def module_from_spec(spec):
    """A new module for a description, not yet executed."""
    module = type(sys)(spec.name)
    module.__spec__ = spec
    module.__loader__ = spec.loader
    module.__package__ = spec.parent
    if spec.has_location:
        module.__file__ = spec.origin
    if spec.submodule_search_locations is not None:
        module.__path__ = spec.submodule_search_locations
    return module
