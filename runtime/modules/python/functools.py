"""Functions that make functions of functions."""
from _functools import _lru_cache_wrapper, cmp_to_key, partial, reduce

try:
    from _functools import Placeholder
except ImportError:
    Placeholder = None

__all__ = ["update_wrapper", "wraps", "WRAPPER_ASSIGNMENTS", "WRAPPER_UPDATES", "total_ordering", "cache", "cmp_to_key", "lru_cache",
           "reduce", "partial", "partialmethod", "singledispatch", "singledispatchmethod", "cached_property", "Placeholder"]

WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotate__", "__type_params__")
WRAPPER_UPDATES = ("__dict__",)
_MISSING = object()


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """Makes a function look like the one it wraps."""
    for name in assigned:
        try:
            value = getattr(wrapped, name)
        except AttributeError:
            continue
        setattr(wrapper, name, value)
    for name in updated:
        getattr(wrapper, name).update(getattr(wrapped, name, {}))
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """A decorator that makes a function look like the one it wraps."""
    return partial(update_wrapper, wrapped=wrapped, assigned=assigned, updated=updated)


# --- The order of a class from one of its comparisons: for each of the four, the other three made from it.


def _from_less():
    def __gt__(self, other):
        result = type(self).__lt__(self, other)
        return result if result is NotImplemented else not result and self != other

    def __le__(self, other):
        result = type(self).__lt__(self, other)
        return result if result is NotImplemented else result or self == other

    def __ge__(self, other):
        result = type(self).__lt__(self, other)
        return result if result is NotImplemented else not result
    return (__gt__, __le__, __ge__)


def _from_less_or_equal():
    def __ge__(self, other):
        result = type(self).__le__(self, other)
        return result if result is NotImplemented else not result or self == other

    def __lt__(self, other):
        result = type(self).__le__(self, other)
        return result if result is NotImplemented else result and self != other

    def __gt__(self, other):
        result = type(self).__le__(self, other)
        return result if result is NotImplemented else not result
    return (__ge__, __lt__, __gt__)


def _from_greater():
    def __lt__(self, other):
        result = type(self).__gt__(self, other)
        return result if result is NotImplemented else not result and self != other

    def __ge__(self, other):
        result = type(self).__gt__(self, other)
        return result if result is NotImplemented else result or self == other

    def __le__(self, other):
        result = type(self).__gt__(self, other)
        return result if result is NotImplemented else not result
    return (__lt__, __ge__, __le__)


def _from_greater_or_equal():
    def __le__(self, other):
        result = type(self).__ge__(self, other)
        return result if result is NotImplemented else not result or self == other

    def __gt__(self, other):
        result = type(self).__ge__(self, other)
        return result if result is NotImplemented else result and self != other

    def __lt__(self, other):
        result = type(self).__ge__(self, other)
        return result if result is NotImplemented else not result
    return (__le__, __gt__, __lt__)


_orders = {"__lt__": _from_less, "__le__": _from_less_or_equal, "__gt__": _from_greater, "__ge__": _from_greater_or_equal}


def total_ordering(cls):
    """Gives a class that has == and one of < <= > >= the other three."""
    roots = [name for name in _orders if getattr(cls, name, None) is not getattr(object, name, None)]
    if not roots:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    root = max(roots)  # prefers < to <= to > to >=
    for method in _orders[root]():
        name = method.__name__
        if name not in roots:
            method.__doc__ = getattr(int, name).__doc__
            method.__qualname__ = name
            setattr(cls, name, method)
    return cls


# --- Results that are kept.

def _info_type():
    from collections import namedtuple
    return namedtuple("CacheInfo", ["hits", "misses", "maxsize", "currsize"])


_CacheInfo = None


def _cache_info(hits, misses, maxsize, currsize):
    global _CacheInfo
    if _CacheInfo is None:
        _CacheInfo = _info_type()
    return _CacheInfo(hits, misses, maxsize, currsize)


def lru_cache(maxsize=128, typed=False):
    """A decorator that keeps the results of the latest `maxsize` different calls; None keeps all."""
    if isinstance(maxsize, int):
        if maxsize < 0:
            maxsize = 0
    elif callable(maxsize) and isinstance(typed, bool):
        function, maxsize = maxsize, 128
        return _kept(function, maxsize, typed)
    elif maxsize is not None:
        raise TypeError("Expected first argument to be an integer, a callable, or None")
    return lambda function: _kept(function, maxsize, typed)


def _kept(function, maxsize, typed):
    wrapper = _lru_cache_wrapper(function, maxsize, typed, _cache_info)
    wrapper.cache_parameters = lambda: {"maxsize": maxsize, "typed": typed}
    return update_wrapper(wrapper, function)


def cache(user_function, /):
    """A decorator that keeps the results of all calls."""
    return lru_cache(maxsize=None)(user_function)


class cached_property:
    """A property computed once for each object and then kept in its __dict__."""

    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = func.__doc__
        self.__module__ = func.__module__

    def __set_name__(self, owner, name):
        if self.attrname is None:
            self.attrname = name
        elif name != self.attrname:
            raise TypeError("Cannot assign the same cached_property to two different names (%r and %r)." % (self.attrname, name))

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.attrname is None:
            raise TypeError("Cannot use cached_property instance without calling __set_name__ on it.")
        try:
            kept = instance.__dict__
        except AttributeError:
            raise TypeError("No '__dict__' attribute on %r instance to cache %r property." % (
                type(instance).__name__, self.attrname)) from None
        value = kept.get(self.attrname, _MISSING)
        if value is _MISSING:
            value = self.func(instance)
            try:
                kept[self.attrname] = value
            except TypeError:
                raise TypeError("The '__dict__' attribute on %r instance does not support item assignment for caching %r property." % (
                    type(instance).__name__, self.attrname)) from None
        return value


# --- Methods with some arguments given beforehand.


class partialmethod:
    """partial for methods: `self` comes before the given arguments."""

    def __init__(self, func, /, *args, **keywords):
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError("the first argument %r must be a callable or a descriptor" % (func,))
        if isinstance(func, partialmethod):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords

    def __repr__(self):
        parts = [repr(self.func)] + [repr(value) for value in self.args] + ["%s=%r" % item for item in self.keywords.items()]
        return "functools.partialmethod(%s)" % ", ".join(parts)

    def __get__(self, obj, cls=None):
        get = getattr(type(self.func), "__get__", None)
        if get is not None:
            bound = get(self.func, obj, cls)
            if bound is not self.func:
                result = partial(bound, *self.args, **self.keywords)
                try:
                    result.__self__ = bound.__self__
                except AttributeError:
                    pass
                return result
        return self._unbound().__get__(obj, cls)

    def _unbound(self):
        def _method(cls_or_self, /, *args, **keywords):
            return self.func(cls_or_self, *self.args, *args, **{**self.keywords, **keywords})
        _method.__isabstractmethod__ = self.__isabstractmethod__
        _method.__partialmethod__ = self
        return _method

    @property
    def __isabstractmethod__(self):
        return getattr(self.func, "__isabstractmethod__", False)


# --- One function, several bodies, chosen by the type of the first argument.


def _most_special(kind, registry):
    """The body for this type: that of its nearest base; abstract classes count as bases right before `object`."""
    for base in kind.__mro__:
        if base is not object and base in registry:
            return registry[base]
    best = None
    for candidate in registry:
        if candidate is object or not issubclass(kind, candidate):
            continue
        if best is None or issubclass(candidate, best):
            best = candidate
        elif not issubclass(best, candidate):
            raise RuntimeError("Ambiguous dispatch: %s or %s" % (best, candidate))
    return registry[object if best is None else best]


def singledispatch(func):
    """Makes a function generic: register(type) adds a body for a type of the first argument."""
    registry = {object: func}
    name = getattr(func, "__name__", "singledispatch function")

    def dispatch(cls):
        """The body for arguments of this type."""
        return _most_special(cls, registry)

    def register(cls, func=None):
        """Adds a body for a type; usable as a decorator."""
        if not isinstance(cls, type):
            annotations = getattr(cls, "__annotations__", None)
            if func is not None or not annotations:
                raise TypeError("Invalid first argument to `register()`: %r. Use either `@register(some_class)` or plain `@register` "
                                "on an annotated function." % (cls,))
            func = cls
            cls = next(iter(annotations.values()))
            if not isinstance(cls, type):
                raise TypeError("Invalid annotation for %r. %r is not a class." % (next(iter(annotations)), cls))
        if func is None:
            return lambda body: register(cls, body)
        registry[cls] = func
        return func

    def wrapper(*args, **kw):
        if not args:
            raise TypeError("%s requires at least 1 positional argument" % name)
        return dispatch(args[0].__class__)(*args, **kw)

    from types import MappingProxyType
    wrapper.register = register
    wrapper.dispatch = dispatch
    wrapper.registry = MappingProxyType(registry)
    wrapper._clear_cache = lambda: None
    update_wrapper(wrapper, func)
    return wrapper


class singledispatchmethod:
    """singledispatch for methods: the argument after `self` decides."""

    def __init__(self, func):
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError("%r is not callable or a descriptor" % (func,))
        self.dispatcher = singledispatch(func)
        self.func = func

    def register(self, cls, method=None):
        """Adds a body for a type."""
        return self.dispatcher.register(cls, func=method)

    def __get__(self, obj, cls=None):
        def _method(*args, **kwargs):
            if not args:
                name = getattr(self.func, "__name__", "singledispatchmethod method")
                raise TypeError("%s requires at least 1 positional argument" % name)
            return self.dispatcher.dispatch(args[0].__class__).__get__(obj, cls)(*args, **kwargs)
        _method.__isabstractmethod__ = getattr(self.func, "__isabstractmethod__", False)
        _method.register = self.register
        return update_wrapper(_method, self.func)
