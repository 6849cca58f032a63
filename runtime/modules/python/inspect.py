"""Looking at living objects."""
import sys
import types

__all__ = ["ismodule", "isclass", "ismethod", "isfunction", "isgeneratorfunction", "isgenerator", "iscode", "isbuiltin", "isroutine",
           "isframe", "istraceback", "iscoroutine", "iscoroutinefunction", "isabstract", "ismethoddescriptor", "isdatadescriptor",
           "getmembers", "getmro", "getdoc", "cleandoc", "getfile", "getmodule", "getsourcelines", "getsource", "currentframe", "stack",
           "getgeneratorstate", "getgeneratorlocals", "get_annotations", "signature", "Signature", "Parameter", "unwrap", "CO_OPTIMIZED",
           "CO_NEWLOCALS", "CO_VARARGS", "CO_VARKEYWORDS", "CO_NESTED", "CO_GENERATOR", "CO_COROUTINE", "GEN_CREATED", "GEN_RUNNING",
           "GEN_SUSPENDED", "GEN_CLOSED"]

CO_OPTIMIZED, CO_NEWLOCALS, CO_VARARGS, CO_VARKEYWORDS, CO_NESTED, CO_GENERATOR = 1, 2, 4, 8, 16, 32
CO_COROUTINE, CO_ITERABLE_COROUTINE, CO_ASYNC_GENERATOR = 128, 256, 512
GEN_CREATED, GEN_RUNNING, GEN_SUSPENDED, GEN_CLOSED = "GEN_CREATED", "GEN_RUNNING", "GEN_SUSPENDED", "GEN_CLOSED"


def ismodule(object):
    """Is it a module?"""
    return isinstance(object, types.ModuleType)


def isclass(object):
    """Is it a class?"""
    return isinstance(object, type)


def ismethod(object):
    """Is it a method bound to an object?"""
    return isinstance(object, types.MethodType)


def isfunction(object):
    """Is it a function written in Python?"""
    return isinstance(object, types.FunctionType)


def _has_flag(f, flag):
    while ismethod(f):
        f = f.__func__
    return isfunction(f) and bool(f.__code__.co_flags & flag)


def isgeneratorfunction(obj):
    """Does calling it make a generator?"""
    return _has_flag(obj, CO_GENERATOR)


def iscoroutinefunction(obj):
    """Does calling it make a coroutine?"""
    return _has_flag(obj, CO_COROUTINE)


def isgenerator(object):
    """Is it a generator?"""
    return isinstance(object, types.GeneratorType)


def iscoroutine(object):
    """Is it a coroutine?"""
    return type(object).__name__ == "coroutine"


def iscode(object):
    """Is it code?"""
    return isinstance(object, types.CodeType)


def isframe(object):
    """Is it a frame?"""
    return isinstance(object, types.FrameType)


def istraceback(object):
    """Is it a traceback?"""
    return isinstance(object, types.TracebackType)


def isbuiltin(object):
    """Is it a function or bound method that is not written in Python?"""
    return isinstance(object, types.BuiltinFunctionType)


def isabstract(object):
    """Is it a class with abstract methods?"""
    return isinstance(object, type) and bool(getattr(object, "__abstractmethods__", None))


def isdatadescriptor(object):
    """Is it an attribute that decides about assignments?"""
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    return hasattr(type(object), "__set__") or hasattr(type(object), "__delete__")


def ismethoddescriptor(obj):
    """Is it a method of a class not written in Python?"""
    if isclass(obj) or ismethod(obj) or isfunction(obj):
        return False
    kind = type(obj)
    return hasattr(kind, "__get__") and not hasattr(kind, "__set__") and not hasattr(kind, "__delete__")


def isroutine(object):
    """Is it any kind of function or method?"""
    return isbuiltin(object) or isfunction(object) or ismethod(object) or ismethoddescriptor(object)


def getmro(cls):
    """The classes in which attributes are looked up."""
    return cls.__mro__


def getmembers(object, predicate=None):
    """Pairs of name and value of all attributes, in the order of the names."""
    found = []
    for name in sorted(set(dir(object))):
        try:
            value = getattr(object, name)
        except AttributeError:
            continue
        if predicate is None or predicate(value):
            found.append((name, value))
    return found


def cleandoc(doc):
    """A docstring without the indentation of its source."""
    lines = doc.expandtabs().split("\n")
    margins = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
    margin = min(margins) if margins else 0
    lines = [lines[0].lstrip()] + [line[margin:] for line in lines[1:]]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(lines)


def getdoc(object):
    """The docstring, cleaned."""
    doc = getattr(object, "__doc__", None)
    return cleandoc(doc) if isinstance(doc, str) else None


def getfile(object):
    """The file in which it is defined."""
    if ismodule(object):
        name = getattr(object, "__file__", None)
        if name:
            return name
        raise TypeError("%r is a built-in module" % (object,))
    if isclass(object):
        module = sys.modules.get(object.__module__)
        name = getattr(module, "__file__", None)
        if name:
            return name
        raise TypeError("%r is a built-in class" % (object,))
    if ismethod(object):
        object = object.__func__
    if isfunction(object):
        object = object.__code__
    if istraceback(object):
        object = object.tb_frame
    if isframe(object):
        object = object.f_code
    if iscode(object):
        return object.co_filename
    raise TypeError("module, class, method, function, traceback, frame, or code object was expected, got %s" % type(object).__name__)


getsourcefile = getfile


def getmodule(object, _filename=None):
    """The module in which it is defined."""
    if ismodule(object):
        return object
    return sys.modules.get(getattr(object, "__module__", None))


def _block(lines, first):
    """The lines of the block that begins there: down to the next that is indented no deeper."""
    margin = len(lines[first]) - len(lines[first].lstrip())
    place = first
    while place < len(lines) and lines[place].lstrip().startswith("@"):
        place += 1
    place += 1
    end = place
    while place < len(lines):
        line = lines[place]
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            if len(line) - len(line.lstrip()) <= margin and stripped[0] not in ")]}":
                break
            end = place + 1
        place += 1
    return lines[first:end]


def getsourcelines(object):
    """The lines of its source and the number of the first."""
    import linecache
    lines = linecache.getlines(getfile(object))
    if not lines:
        raise OSError("could not get source code")
    if ismodule(object):
        return lines, 0
    if isclass(object):
        for place, line in enumerate(lines):
            if line.split("(")[0].split(":")[0].split() == ["class", object.__name__]:
                return _block(lines, place), place + 1
        raise OSError("could not find class definition")
    if ismethod(object):
        object = object.__func__
    if isfunction(object):
        object = object.__code__
    first = object.co_firstlineno if iscode(object) else object.f_code.co_firstlineno
    return _block(lines, first - 1), first


def getsource(object):
    """The text of its source."""
    return "".join(getsourcelines(object)[0])


def unwrap(func, *, stop=None):
    """The function behind wrappers."""
    seen = set()
    while hasattr(func, "__wrapped__") and not (stop is not None and stop(func)):
        if id(func) in seen:
            raise ValueError("wrapper loop when unwrapping %r" % (func,))
        seen.add(id(func))
        func = func.__wrapped__
    return func


def get_annotations(obj, *, globals=None, locals=None, eval_str=False):
    """A copy of the annotations of a function, class or module."""
    if isclass(obj):
        found = obj.__dict__.get("__annotations__")
        if found is None and getattr(obj, "__annotate__", None) is not None:
            found = obj.__annotations__
    else:
        found = getattr(obj, "__annotations__", None)
    return dict(found) if found else {}


def currentframe():
    """The frame of the caller."""
    return sys._getframe(1)


def stack(context=1):
    """Entries of the calls that led here, the innermost first."""
    import traceback
    found = traceback.extract_stack(sys._getframe(1))
    found.reverse()
    return found


def getgeneratorstate(generator):
    """One of GEN_CREATED, GEN_RUNNING, GEN_SUSPENDED, GEN_CLOSED."""
    if generator.gi_running:
        return GEN_RUNNING
    if generator.gi_frame is None:
        return GEN_CLOSED
    suspended = getattr(generator, "gi_suspended", None)
    if suspended is None:
        suspended = generator.gi_frame.f_lasti >= 0
    return GEN_SUSPENDED if suspended else GEN_CREATED


def getgeneratorlocals(generator):
    """The local variables of a generator."""
    if not isgenerator(generator):
        raise TypeError("%r is not a Python generator" % (generator,))
    frame = generator.gi_frame
    return {} if frame is None else frame.f_locals


# --- Signatures.


class _Empty:
    """Stands for a default or annotation that is not there."""


class Parameter:
    """A parameter of a function."""

    empty = _Empty
    POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD, VAR_POSITIONAL, KEYWORD_ONLY, VAR_KEYWORD = range(5)

    def __init__(self, name, kind, *, default=_Empty, annotation=_Empty):
        self.name = name
        self.kind = kind
        self.default = default
        self.annotation = annotation

    def __str__(self):
        text = {self.VAR_POSITIONAL: "*", self.VAR_KEYWORD: "**"}.get(self.kind, "") + self.name
        if self.annotation is not _Empty:
            text += ": " + getattr(self.annotation, "__name__", repr(self.annotation))
        if self.default is not _Empty:
            text += (" = " if self.annotation is not _Empty else "=") + repr(self.default)
        return text

    def __repr__(self):
        return '<Parameter "%s">' % self


class Signature:
    """The parameters of a function."""

    empty = _Empty

    def __init__(self, parameters=(), *, return_annotation=_Empty):
        self.parameters = dict([(parameter.name, parameter) for parameter in parameters])
        self.return_annotation = return_annotation

    def __str__(self):
        parts, star, slash = [], False, False
        for parameter in self.parameters.values():
            if parameter.kind == Parameter.POSITIONAL_ONLY:
                slash = True
            elif slash:
                parts.append("/")
                slash = False
            if parameter.kind == Parameter.VAR_POSITIONAL:
                star = True
            elif parameter.kind == Parameter.KEYWORD_ONLY and not star:
                parts.append("*")
                star = True
            parts.append(str(parameter))
        if slash:
            parts.append("/")
        text = "(" + ", ".join(parts) + ")"
        if self.return_annotation is not _Empty:
            text += " -> " + getattr(self.return_annotation, "__name__", repr(self.return_annotation))
        return text

    def __repr__(self):
        return "<Signature %s>" % self


def _of_function(function):
    code = function.__code__
    names = code.co_varnames
    positional, only_positional, only_keyword = code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount
    defaults = function.__defaults__ or ()
    keyword_defaults = function.__kwdefaults__ or {}
    annotations = get_annotations(function)
    parameters = []

    def add(name, kind, default=_Empty):
        parameters.append(Parameter(name, kind, default=default, annotation=annotations.get(name, _Empty)))

    for place in range(positional):
        from_end = place - (positional - len(defaults))
        add(names[place], Parameter.POSITIONAL_ONLY if place < only_positional else Parameter.POSITIONAL_OR_KEYWORD,
            defaults[from_end] if from_end >= 0 else _Empty)
    place = positional + only_keyword
    if code.co_flags & CO_VARARGS:
        add(names[place], Parameter.VAR_POSITIONAL)
        place += 1
    for name in names[positional:positional + only_keyword]:
        add(name, Parameter.KEYWORD_ONLY, keyword_defaults.get(name, _Empty))
    if code.co_flags & CO_VARKEYWORDS:
        add(names[place], Parameter.VAR_KEYWORD)
    return parameters, annotations.get("return", _Empty)


def signature(obj, *, follow_wrapped=True):
    """The parameters that a call of the object takes."""
    if not callable(obj):
        raise TypeError("%r is not a callable object" % (obj,))
    if ismethod(obj):
        found = signature(obj.__func__)
        parameters = list(found.parameters.values())
        if parameters and parameters[0].kind <= Parameter.POSITIONAL_OR_KEYWORD:
            parameters = parameters[1:]
        return Signature(parameters, return_annotation=found.return_annotation)
    if follow_wrapped:
        obj = unwrap(obj)
    if isclass(obj):
        for kind in obj.__mro__:
            for name in ("__init__", "__new__"):
                function = kind.__dict__.get(name)
                if isinstance(function, staticmethod):
                    function = function.__func__
                if isfunction(function):
                    parameters, _ = _of_function(function)
                    return Signature(parameters[1:])
        return Signature()
    if isfunction(obj):
        parameters, annotation = _of_function(obj)
        return Signature(parameters, return_annotation=annotation)
    method = getattr(type(obj), "__call__", None)
    if isfunction(method):
        return signature(method.__get__(obj))
    raise ValueError("no signature found for builtin %r" % (obj,))
