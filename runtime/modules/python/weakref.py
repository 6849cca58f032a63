"""References that do not keep their object alive, and containers and finalizers made from them.

The containers hold weak references whose callbacks take entries out when objects die: at any moment, in any thread. So whoever walks
through one walks through a copy, and a callback takes an entry out only if it is still the one of the dead object.
"""
import itertools
import sys
from _weakref import CallableProxyType, ProxyType, ReferenceType, getweakrefcount, getweakrefs, proxy, ref
from _weakrefset import WeakSet

__all__ = ["ref", "proxy", "getweakrefcount", "getweakrefs", "WeakKeyDictionary", "ReferenceType", "ProxyType", "CallableProxyType",
           "ProxyTypes", "WeakValueDictionary", "WeakSet", "WeakMethod", "finalize"]

ProxyTypes = (ProxyType, CallableProxyType)

try:
    from _weakref import _remove_dead_weakref
except ImportError:
    def _remove_dead_weakref(dct, key):
        """Takes an entry out if its value is a dead reference; one that another thread has put there meanwhile is put back."""
        found = dct.pop(key, None)
        if found is not None and found() is not None:
            dct.setdefault(key, found)


class WeakMethod(ref):
    """A weak reference to a bound method, which itself lives only for a moment: dies with the object or the function."""

    __slots__ = ("_func_ref", "_meth_type", "_alive", "__weakref__")

    def __new__(cls, meth, callback=None):
        try:
            obj = meth.__self__
            func = meth.__func__
        except AttributeError:
            raise TypeError("argument should be a bound method, not %s" % type(meth)) from None

        def _cb(arg):
            self = self_wr()
            if self is not None and self._alive:
                self._alive = False
                if callback is not None:
                    callback(self)

        self = ref.__new__(cls, obj, _cb)
        self._func_ref = ref(func, _cb)
        self._meth_type = type(meth)
        self._alive = True
        self_wr = ref(self)
        return self

    def __init__(self, meth, callback=None):
        pass

    def __call__(self):
        obj = ref.__call__(self)
        func = self._func_ref()
        if obj is None or func is None:
            return None
        return self._meth_type(func, obj)

    def __eq__(self, other):
        if isinstance(other, WeakMethod):
            if not self._alive or not other._alive:
                return self is other
            return ref.__eq__(self, other) and self._func_ref == other._func_ref
        return NotImplemented

    def __ne__(self, other):
        if isinstance(other, WeakMethod):
            return not self == other
        return NotImplemented

    __hash__ = ref.__hash__


class KeyedRef(ref):
    """A weak reference to a value of a WeakValueDictionary that knows its key."""

    __slots__ = ("key",)

    def __new__(cls, ob, callback, key):
        self = ref.__new__(cls, ob, callback)
        self.key = key
        return self

    def __init__(self, ob, callback, key):
        pass


class _WeakMapping:
    """What the two dictionaries have in common; `data` is the dict beneath."""

    def __len__(self):
        return len(self.data)

    def __eq__(self, other):
        if isinstance(other, (_WeakMapping, dict)):
            return dict(self.items()) == dict(other.items())
        return NotImplemented

    __hash__ = None

    def clear(self):
        """Takes all entries out."""
        self.data.clear()

    def keys(self):
        """The keys whose entries live."""
        for key, value in self.items():
            yield key

    __iter__ = keys

    def values(self):
        """The values whose entries live."""
        for key, value in self.items():
            yield value

    def copy(self):
        """Another dictionary with the same entries."""
        result = self.__class__()
        for key, value in self.items():
            result[key] = value
        return result

    __copy__ = copy

    def update(self, other=None, /, **kwargs):
        """Adds the entries of another mapping or the pairs of an iterable."""
        if other is not None:
            if not hasattr(other, "items"):
                other = dict(other)
            for key, value in other.items():
                self[key] = value
        for key, value in kwargs.items():
            self[key] = value

    def __ior__(self, other):
        self.update(other)
        return self

    def __or__(self, other):
        if not hasattr(other, "keys"):
            return NotImplemented
        result = self.copy()
        result.update(other)
        return result

    def __ror__(self, other):
        if not hasattr(other, "keys"):
            return NotImplemented
        result = self.__class__()
        result.update(other)
        result.update(self)
        return result


class WeakValueDictionary(_WeakMapping):
    """A dict that does not keep its values alive."""

    def __init__(self, other=(), /, **kw):
        self.data = {}

        def remove(wr, selfref=ref(self), _atomic_removal=_remove_dead_weakref):
            self = selfref()
            if self is not None:
                _atomic_removal(self.data, wr.key)

        self._remove = remove
        self.update(other, **kw)

    def popitem(self):
        """Takes any entry out and returns it as (key, value)."""
        while True:
            key, wr = self.data.popitem()
            value = wr()
            if value is not None:
                return key, value

    def items(self):
        """The pairs (key, value) whose values live."""
        for key, wr in self.data.copy().items():
            value = wr()
            if value is not None:
                yield key, value

    def __repr__(self):
        return "<%s at %#x>" % (self.__class__.__name__, id(self))

    def __getitem__(self, key):
        value = self.data[key]()
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key, value):
        self.data[key] = KeyedRef(value, self._remove, key)

    def __delitem__(self, key):
        del self.data[key]

    def __contains__(self, key):
        wr = self.data.get(key)
        return wr is not None and wr() is not None

    def __deepcopy__(self, memo):
        from copy import deepcopy
        result = self.__class__()
        for key, value in self.items():
            result[deepcopy(key, memo)] = value
        return result

    def get(self, key, default=None):
        """The value of the key, or the default."""
        wr = self.data.get(key)
        if wr is None:
            return default
        value = wr()
        return default if value is None else value

    def pop(self, key, *args):
        """Takes the key out and returns its value, or the default."""
        wr = self.data.pop(key, None)
        value = None if wr is None else wr()
        if value is None:
            if args:
                return args[0]
            raise KeyError(key)
        return value

    def setdefault(self, key, default=None):
        """The value of the key, which is the default if there was none."""
        fresh = KeyedRef(default, self._remove, key)
        while True:
            wr = self.data.setdefault(key, fresh)
            value = wr()
            if value is not None:
                return value
            _remove_dead_weakref(self.data, key)

    def itervaluerefs(self):
        """The weak references to the values, of which some may be dead."""
        return iter(self.valuerefs())

    def valuerefs(self):
        """A list of the weak references to the values."""
        return list(self.data.copy().values())


class WeakKeyDictionary(_WeakMapping):
    """A dict that does not keep its keys alive."""

    def __init__(self, dict=None):
        self.data = {}

        def remove(wr, selfref=ref(self)):
            self = selfref()
            if self is not None:
                self.data.pop(wr, None)

        self._remove = remove
        if dict is not None:
            self.update(dict)

    def popitem(self):
        """Takes any entry out and returns it as (key, value)."""
        while True:
            wr, value = self.data.popitem()
            key = wr()
            if key is not None:
                return key, value

    def items(self):
        """The pairs (key, value) whose keys live."""
        for wr, value in self.data.copy().items():
            key = wr()
            if key is not None:
                yield key, value

    def __repr__(self):
        return "<%s at %#x>" % (self.__class__.__name__, id(self))

    def __getitem__(self, key):
        return self.data[ref(key)]

    def __setitem__(self, key, value):
        self.data[ref(key, self._remove)] = value

    def __delitem__(self, key):
        del self.data[ref(key)]

    def __contains__(self, key):
        try:
            wr = ref(key)
        except TypeError:
            return False
        return wr in self.data

    def __deepcopy__(self, memo):
        from copy import deepcopy
        result = self.__class__()
        for key, value in self.items():
            result[key] = deepcopy(value, memo)
        return result

    def get(self, key, default=None):
        """The value of the key, or the default."""
        return self.data.get(ref(key), default)

    def pop(self, key, *args):
        """Takes the key out and returns its value, or the default."""
        return self.data.pop(ref(key), *args)

    def setdefault(self, key, default=None):
        """The value of the key, which is the default if there was none."""
        return self.data.setdefault(ref(key, self._remove), default)

    def keyrefs(self):
        """A list of the weak references to the keys."""
        return list(self.data.copy())


class finalize:
    """Calls a function once: when the object dies, when asked to, or at the end of the program, whichever comes first."""

    # Entries stand in a table of the class and keep their finalizer alive. Taking an entry out is one step of a dict: who gets it, calls.
    __slots__ = ()
    _registry = {}
    _shutdown = False
    _index_iter = itertools.count()
    _registered_with_atexit = False

    class _Info:
        __slots__ = ("weakref", "func", "args", "kwargs", "atexit", "index")

    def __init__(self, obj, func, /, *args, **kwargs):
        if not finalize._registered_with_atexit:
            import atexit
            finalize._registered_with_atexit = True
            atexit.register(finalize._exitfunc)
        info = finalize._Info()
        info.weakref = ref(obj, self)
        info.func = func
        info.args = args
        info.kwargs = kwargs or None
        info.atexit = True
        info.index = next(finalize._index_iter)
        finalize._registry[self] = info

    def __call__(self, _=None):
        """Calls the function and returns its result, if that was not done before."""
        info = finalize._registry.pop(self, None)
        if info and not finalize._shutdown:
            return info.func(*info.args, **(info.kwargs or {}))

    def detach(self):
        """If alive: dead from now on; returns (obj, func, args, kwargs)."""
        info = finalize._registry.get(self)
        obj = info and info.weakref()
        if obj is not None and finalize._registry.pop(self, None):
            return obj, info.func, info.args, info.kwargs or {}

    def peek(self):
        """If alive: (obj, func, args, kwargs)."""
        info = finalize._registry.get(self)
        obj = info and info.weakref()
        if obj is not None:
            return obj, info.func, info.args, info.kwargs or {}

    @property
    def alive(self):
        """Is the function still to be called?"""
        return self in finalize._registry

    @property
    def atexit(self):
        """Is it to be called at the end of the program?"""
        info = finalize._registry.get(self)
        return bool(info) and info.atexit

    @atexit.setter
    def atexit(self, value):
        info = finalize._registry.get(self)
        if info:
            info.atexit = bool(value)

    def __repr__(self):
        info = finalize._registry.get(self)
        obj = info and info.weakref()
        if obj is None:
            return "<%s object at %#x; dead>" % (type(self).__name__, id(self))
        return "<%s object at %#x; for %r at %#x>" % (type(self).__name__, id(self), type(obj).__name__, id(obj))

    @classmethod
    def _exitfunc(cls):
        """At the end of the program: calls what is left, the youngest first; new ones may come while this goes on."""
        while True:
            left = [(info.index, one) for one, info in finalize._registry.copy().items() if info.atexit]
            if not left:
                break
            one = max(left)[1]
            try:
                one()
            except Exception:
                sys.excepthook(*sys.exc_info())
        finalize._shutdown = True
