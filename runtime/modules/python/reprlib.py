"""repr() for things that contain themselves, and repr() of limited length."""
from _thread import get_ident

__all__ = ["Repr", "repr", "recursive_repr"]

_full = repr


def recursive_repr(fillvalue="..."):
    """A decorator for __repr__: inside a call for an object, another one for the same object gives the fill value."""
    def decorating_function(user_function):
        from functools import update_wrapper
        running = set()

        def wrapper(self):
            key = id(self), get_ident()
            if key in running:
                return fillvalue
            running.add(key)
            try:
                return user_function(self)
            finally:
                running.discard(key)

        return update_wrapper(wrapper, user_function)

    return decorating_function


class Repr:
    """Texts of at most so many items and characters."""

    def __init__(self, *, maxlevel=6, maxtuple=6, maxlist=6, maxdict=4, maxset=6, maxfrozenset=6, maxstring=30, maxlong=40, maxother=30,
                 fillvalue="..."):
        self.maxlevel = maxlevel
        self.maxtuple = maxtuple
        self.maxlist = maxlist
        self.maxdict = maxdict
        self.maxset = maxset
        self.maxfrozenset = maxfrozenset
        self.maxstring = maxstring
        self.maxlong = maxlong
        self.maxother = maxother
        self.fillvalue = fillvalue

    def repr(self, x):
        """The text of x."""
        return self.repr1(x, self.maxlevel)

    def repr1(self, x, level):
        """The text of x, which may have so many levels."""
        kind = type(x)
        if kind is list:
            return self._items(x, level, "[", "]", self.maxlist)
        if kind is tuple:
            return self._items(x, level, "(", ",)" if len(x) == 1 else ")", self.maxtuple)
        if kind is set:
            return self._items(_in_order(x), level, "{", "}", self.maxset) if x else "set()"
        if kind is frozenset:
            return self._items(_in_order(x), level, "frozenset({", "})", self.maxfrozenset) if x else "frozenset()"
        if kind is dict:
            return self._dict(x, level)
        if kind is str:
            return self._cut(_full(x[:self.maxstring]), _full(x), self.maxstring)
        text = _full(x)
        return self._cut(text, text, self.maxlong if kind is int else self.maxother)

    def _cut(self, start, text, most):
        if len(text) <= most:
            return text
        left = max(0, (most - 3) // 2)
        right = max(0, most - 3 - left)
        return start[:left] + self.fillvalue + text[len(text) - right:]

    def _items(self, x, level, left, right, most):
        if level <= 0 and x:
            return left + self.fillvalue + right
        parts = [self.repr1(item, level - 1) for item in list(x)[:most]]
        if len(x) > most:
            parts.append(self.fillvalue)
        return left + ", ".join(parts) + right

    def _dict(self, x, level):
        if not x:
            return "{}"
        if level <= 0:
            return "{" + self.fillvalue + "}"
        parts = ["%s: %s" % (self.repr1(key, level - 1), self.repr1(x[key], level - 1)) for key in _in_order(x)[:self.maxdict]]
        if len(x) > self.maxdict:
            parts.append(self.fillvalue)
        return "{" + ", ".join(parts) + "}"


def _in_order(x):
    try:
        return sorted(x)
    except Exception:
        return list(x)


aRepr = Repr()
repr = aRepr.repr
