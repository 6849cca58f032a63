"""How objects that say nothing about it are taken apart, so that copy and others can make them again."""

__all__ = ["pickle", "constructor", "add_extension", "remove_extension", "clear_extension_cache", "dispatch_table", "reduced"]

dispatch_table = {}  # type -> function that gives the recipe for an object of that type
_extensions = {}


def pickle(ob_type, pickle_function, constructor_ob=None):
    """Declares how objects of a type are taken apart."""
    if not callable(pickle_function):
        raise TypeError("reduction functions must be callable")
    dispatch_table[ob_type] = pickle_function
    if constructor_ob is not None:
        constructor(constructor_ob)


def constructor(object):
    """Checks that this can be called to make an object."""
    if not callable(object):
        raise TypeError("constructors must be callable")


def __newobj__(cls, *args):
    return cls.__new__(cls, *args)


def __newobj_ex__(cls, args, kwargs):
    return cls.__new__(cls, *args, **kwargs)


def _slotnames(cls):
    """The names of all slots of a class and its bases, as attributes are called outside the class."""
    names = []
    for base in cls.__mro__:
        slots = base.__dict__.get("__slots__", ())
        if isinstance(slots, str):
            slots = (slots,)
        for name in slots:
            if name in ("__dict__", "__weakref__"):
                continue
            if name.startswith("__") and not name.endswith("__"):
                stripped = base.__name__.lstrip("_")
                name = "_%s%s" % (stripped, name) if stripped else name
            names.append(name)
    return names


def _state(obj):
    """The attributes: a dict, or a pair with a second one for slots; None if there are none."""
    own = getattr(type(obj), "__getstate__", None)
    if own is not None and own is not getattr(object, "__getstate__", None):
        return obj.__getstate__()
    state = getattr(obj, "__dict__", None) or None
    slots = {}
    for name in _slotnames(type(obj)):
        try:
            slots[name] = getattr(obj, name)
        except AttributeError:
            pass
    return (state, slots) if slots else state


def _value_of(obj):
    """For a subclass of a type whose objects never change: the arguments that give the same value."""
    for base in (int, str, float, bytes, tuple):
        if isinstance(obj, base):
            return (base(obj),)
    return ()


def reduced(obj):
    """The recipe (function, arguments, state, items, pairs) by which an object can be made again: what object.__reduce_ex__(2) gives."""
    kind = type(obj)
    if hasattr(kind, "__getnewargs_ex__"):
        args, kwargs = obj.__getnewargs_ex__()
        function, arguments = __newobj_ex__, (kind, tuple(args), kwargs)
    else:
        args = obj.__getnewargs__() if hasattr(kind, "__getnewargs__") else _value_of(obj)
        if not isinstance(args, tuple):
            raise TypeError("__getnewargs__ should return a tuple, not '%s'" % type(args).__name__)
        function, arguments = __newobj__, (kind,) + args
    items = iter(list.copy(obj)) if isinstance(obj, list) else None
    pairs = iter(dict.copy(obj).items()) if isinstance(obj, dict) else None
    return function, arguments, _state(obj), items, pairs


def add_extension(module, name, code):
    """Gives a global name a short number."""
    _extensions[module, name] = code


def remove_extension(module, name, code):
    """Takes the number away."""
    if _extensions.get((module, name)) != code:
        raise ValueError("key %s is not registered with code %s" % ((module, name), code))
    del _extensions[module, name]


def clear_extension_cache():
    """Nothing is cached."""
