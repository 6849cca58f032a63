"""deque, defaultdict and OrderedDict for a runtime whose `_collections` lacks them.

Made from list and dict, whose single operations are safe among threads; taking from the left end of a deque is slow.
"""


class deque:
    """A list that grows and shrinks at both ends, perhaps with a greatest length."""

    __module__ = "collections"

    def __init__(self, iterable=(), maxlen=None):
        if maxlen is not None and maxlen < 0:
            raise ValueError("maxlen must be non-negative")
        self._maxlen = maxlen
        self._items = []
        self.extend(iterable)

    @property
    def maxlen(self):
        """The greatest length, or None."""
        return self._maxlen

    def append(self, item):
        """Adds an item at the right end."""
        self._items.append(item)
        if self._maxlen is not None and len(self._items) > self._maxlen:
            self._items.pop(0)

    def appendleft(self, item):
        """Adds an item at the left end."""
        self._items.insert(0, item)
        if self._maxlen is not None and len(self._items) > self._maxlen:
            self._items.pop()

    def extend(self, iterable):
        """Adds all items at the right end."""
        for item in list(iterable):
            self.append(item)

    def extendleft(self, iterable):
        """Adds all items at the left end, one after the other."""
        for item in list(iterable):
            self.appendleft(item)

    def pop(self):
        """Takes the item at the right end."""
        try:
            return self._items.pop()
        except IndexError:
            raise IndexError("pop from an empty deque") from None

    def popleft(self):
        """Takes the item at the left end."""
        try:
            return self._items.pop(0)
        except IndexError:
            raise IndexError("pop from an empty deque") from None

    def clear(self):
        """Takes all items out."""
        self._items.clear()

    def copy(self):
        """A shallow copy."""
        return self.__class__(self._items, self._maxlen)

    __copy__ = copy

    def count(self, item):
        """How often the item occurs."""
        return self._items.count(item)

    def index(self, item, *limits):
        """The place of the first such item."""
        try:
            return self._items.index(item, *limits)
        except ValueError:
            raise ValueError("%r is not in deque" % (item,)) from None

    def insert(self, place, item):
        """Puts an item before the place."""
        if self._maxlen is not None and len(self._items) >= self._maxlen:
            raise IndexError("deque already at its maximum size")
        self._items.insert(place, item)

    def remove(self, item):
        """Takes the first such item out."""
        try:
            self._items.remove(item)
        except ValueError:
            raise ValueError("deque.remove(x): x not in deque") from None

    def reverse(self):
        """Turns the order round."""
        self._items.reverse()

    def rotate(self, n=1):
        """Moves n items from the right end to the left."""
        if self._items:
            n %= len(self._items)
            self._items[:] = self._items[len(self._items) - n:] + self._items[:len(self._items) - n]

    def __len__(self):
        return len(self._items)

    def __bool__(self):
        return bool(self._items)

    def __contains__(self, item):
        return item in self._items

    def __iter__(self):
        size = len(self._items)
        for place in range(size):
            if len(self._items) != size:
                raise RuntimeError("deque mutated during iteration")
            yield self._items[place]

    def __reversed__(self):
        return reversed(list(self._items))

    def __getitem__(self, place):
        if isinstance(place, slice):
            raise TypeError("sequence index must be integer, not 'slice'")
        try:
            return self._items[place]
        except IndexError:
            raise IndexError("deque index out of range") from None

    def __setitem__(self, place, item):
        try:
            self._items[place] = item
        except IndexError:
            raise IndexError("deque index out of range") from None

    def __delitem__(self, place):
        try:
            del self._items[place]
        except IndexError:
            raise IndexError("deque index out of range") from None

    def __iadd__(self, other):
        self.extend(other)
        return self

    def __add__(self, other):
        if not isinstance(other, deque):
            raise TypeError('can only concatenate deque (not "%s") to deque' % type(other).__name__)
        result = self.copy()
        result.extend(other)
        return result

    def __mul__(self, n):
        return self.__class__(self._items * n, self._maxlen)

    __rmul__ = __mul__

    def __repr__(self):
        items = ["[...]" if item is self else repr(item) for item in list(self._items)]
        text = "%s([%s]" % (self.__class__.__name__, ", ".join(items))
        return text + (")" if self._maxlen is None else ", maxlen=%d)" % self._maxlen)

    def __eq__(self, other):
        return self._items == other._items if isinstance(other, deque) else NotImplemented

    def __lt__(self, other):
        return self._items < other._items if isinstance(other, deque) else NotImplemented

    def __le__(self, other):
        return self._items <= other._items if isinstance(other, deque) else NotImplemented

    def __gt__(self, other):
        return self._items > other._items if isinstance(other, deque) else NotImplemented

    def __ge__(self, other):
        return self._items >= other._items if isinstance(other, deque) else NotImplemented

    __hash__ = None

    def __reduce__(self):
        return self.__class__, (list(self._items), self._maxlen)


class defaultdict(dict):
    """A dict that makes the values of missing keys by calling a function."""

    __module__ = "collections"

    def __init__(self, default_factory=None, /, *args, **kwargs):
        if default_factory is not None and not callable(default_factory):
            raise TypeError("first argument must be callable or None")
        self.default_factory = default_factory
        dict.__init__(self, *args, **kwargs)

    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        return self.setdefault(key, self.default_factory())

    def copy(self):
        """A shallow copy."""
        return type(self)(self.default_factory, self)

    __copy__ = copy

    def __reduce__(self):
        return type(self), (self.default_factory, dict(self)) if self.default_factory else (None, dict(self))

    def __repr__(self):
        return "%s(%r, %s)" % (type(self).__name__, self.default_factory, dict.__repr__(self))

    def __or__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        result = self.copy()
        result.update(other)
        return result

    def __ror__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        return type(self)(self.default_factory, {**other, **self})


class OrderedDict(dict):
    """A dict that can move its entries, and for which the order counts when two are compared."""

    __module__ = "collections"

    def move_to_end(self, key, last=True):
        """Moves an entry to one of the ends."""
        value = self[key]
        if last:
            del self[key]
            self[key] = value
        else:
            others = [item for item in self.items() if item[0] is not key and item[0] != key]
            self.clear()
            self[key] = value
            self.update(others)

    def popitem(self, last=True):
        """Takes the entry at one of the ends."""
        if not self:
            raise KeyError("dictionary is empty")
        key = next(reversed(self) if last else iter(self))
        return key, self.pop(key)

    def copy(self):
        """A shallow copy."""
        return self.__class__(self)

    __copy__ = copy

    @classmethod
    def fromkeys(cls, iterable, value=None):
        """A dict with these keys."""
        result = cls()
        for key in iterable:
            result[key] = value
        return result

    def __eq__(self, other):
        if isinstance(other, OrderedDict):
            return dict.__eq__(self, other) and list(self) == list(other)
        return dict.__eq__(self, other)

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def __reduce__(self):
        return self.__class__, (list(self.items()),)

    def __repr__(self):
        return "%s(%s)" % (self.__class__.__name__, dict.__repr__(self) if self else "")
