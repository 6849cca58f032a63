"""Copies of any object: of itself only, or of all that it is made of."""

__all__ = ["Error", "copy", "deepcopy", "replace"]


class Error(Exception):
    """The object cannot be copied."""


error = Error

_atomic = frozenset([type(None), int, float, bool, str, bytes, type, range, slice, type(Ellipsis), type(NotImplemented), type(len),
                     type(lambda: None), property])


def _reduced(x, kind):
    """The recipe by which the object can be made again, in the form of pickle: its own, or that of any object."""
    for name, arguments in (("__reduce_ex__", (4,)), ("__reduce__", ())):
        method = getattr(kind, name, None)
        if method is not None and method is not getattr(object, name, None):
            return method(x, *arguments)
    import copyreg
    function = copyreg.dispatch_table.get(kind)
    return copyreg.reduced(x) if function is None else function(x)


def _weak_reference():
    from _weakref import ref
    return ref


def copy(x):
    """Another object of the same kind that shares all parts with this one."""
    kind = type(x)
    if kind in _atomic or issubclass(kind, type) or kind is _weak_reference():
        return x
    if kind in (list, dict, set, bytearray):
        return x.copy()
    if kind in (tuple, frozenset):
        return x
    method = getattr(kind, "__copy__", None)
    if method is not None:
        return method(x)
    recipe = _reduced(x, kind)
    if isinstance(recipe, str):
        return x
    return _made(x, None, *recipe)


def deepcopy(x, memo=None, _nil=[]):
    """Another object of the same kind with copies of all parts."""
    kind = type(x)
    if kind in _atomic:
        return x
    if memo is None:
        memo = {}
    mark = id(x)
    found = memo.get(mark, _nil)
    if found is not _nil:
        return found
    if kind is list:
        result = memo[mark] = []
        for item in x:
            result.append(deepcopy(item, memo))
    elif kind is dict:
        result = memo[mark] = {}
        for key, value in x.items():
            result[deepcopy(key, memo)] = deepcopy(value, memo)
    elif kind is tuple:
        result = _deep_tuple(x, memo)
    elif issubclass(kind, type) or kind is _weak_reference():
        return x
    elif hasattr(kind, "__deepcopy__"):
        result = x.__deepcopy__(memo)
    elif hasattr(x, "__func__") and hasattr(x, "__self__"):
        result = kind(x.__func__, deepcopy(x.__self__, memo))
    else:
        recipe = _reduced(x, kind)
        result = x if isinstance(recipe, str) else _made(x, memo, *recipe)
    if result is not x:
        memo[mark] = result
        memo.setdefault(id(memo), []).append(x)  # x must live as long as its id is in memo
    return result


def _deep_tuple(x, memo):
    items = [deepcopy(item, memo) for item in x]
    found = memo.get(id(x))
    if found is not None:
        return found  # an item refers to the tuple
    for old, new in zip(x, items):
        if old is not new:
            return tuple(items)
    return x


def _made(x, memo, function, arguments, state=None, items=None, pairs=None, set_state=None):
    """Carries the recipe out; with a memo each part is copied first."""
    deep = memo is not None
    if deep and arguments:
        arguments = [deepcopy(argument, memo) for argument in arguments]
    result = function(*arguments)
    if deep:
        memo[id(x)] = result
    if state is not None:
        if deep:
            state = deepcopy(state, memo)
        if set_state is not None:
            set_state(result, state)
        elif hasattr(result, "__setstate__"):
            result.__setstate__(state)
        else:
            slots = None
            if isinstance(state, tuple) and len(state) == 2:
                state, slots = state
            if state is not None:
                result.__dict__.update(state)
            if slots is not None:
                for name, value in slots.items():
                    setattr(result, name, value)
    if items is not None:
        for item in items:
            result.append(deepcopy(item, memo) if deep else item)
    if pairs is not None:
        for key, value in pairs:
            if deep:
                key, value = deepcopy(key, memo), deepcopy(value, memo)
            result[key] = value
    return result


def replace(obj, /, **changes):
    """A copy in which these fields have other values."""
    method = getattr(obj.__class__, "__replace__", None)
    if method is None:
        raise TypeError("replace() does not support %s objects" % obj.__class__.__name__)
    return method(obj, **changes)
