"""What importing consists of."""

__all__ = ["ModuleSpec", "SOURCE_SUFFIXES", "BYTECODE_SUFFIXES", "EXTENSION_SUFFIXES", "all_suffixes"]

SOURCE_SUFFIXES = [".py"]
BYTECODE_SUFFIXES = []
EXTENSION_SUFFIXES = []  # this runtime loads no modules in machine code


def all_suffixes():
    """How the names of files that can be imported end."""
    return SOURCE_SUFFIXES + BYTECODE_SUFFIXES + EXTENSION_SUFFIXES


class ModuleSpec:
    """Where a module comes from."""

    def __init__(self, name, loader, *, origin=None, loader_state=None, is_package=None):
        self.name = name
        self.loader = loader
        self.origin = origin
        self.loader_state = loader_state
        self.submodule_search_locations = [] if is_package else None
        self.cached = None
        self.has_location = False

    def __repr__(self):
        parts = ["name=%r" % self.name, "loader=%r" % (self.loader,)]
        if self.origin is not None:
            parts.append("origin=%r" % self.origin)
        if self.submodule_search_locations is not None:
            parts.append("submodule_search_locations=%s" % self.submodule_search_locations)
        return "ModuleSpec(%s)" % ", ".join(parts)

    @property
    def parent(self):
        """The package that the module is in; the module itself if it is a package."""
        if self.submodule_search_locations is None:
            return self.name.rpartition(".")[0]
        return self.name
