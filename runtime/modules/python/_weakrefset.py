"""Sets that do not keep their elements alive.

A set of weak references, each with a callback that takes it out. Whoever walks through the set walks through a copy: the original may
change at any moment, by any thread, since any thread may drop the last reference to an element.
"""
from _weakref import ref

__all__ = ["WeakSet"]


class WeakSet:
    """A set of weakly referenced elements."""

    def __init__(self, data=None):
        self.data = set()

        def _remove(item, selfref=ref(self)):
            self = selfref()
            if self is not None:
                self.data.discard(item)

        self._remove = _remove
        if data is not None:
            self.update(data)

    def __iter__(self):
        for itemref in self.data.copy():
            item = itemref()
            if item is not None:
                yield item

    def __len__(self):
        return len(self.data)

    def __contains__(self, item):
        try:
            wr = ref(item)
        except TypeError:
            return False
        return wr in self.data

    def __reduce__(self):
        return self.__class__, (list(self),), self.__dict__.copy()

    def __repr__(self):
        return repr(self.data)

    def add(self, item):
        """Adds an element."""
        self.data.add(ref(item, self._remove))

    def clear(self):
        """Takes all elements out."""
        self.data.clear()

    def copy(self):
        """Another set with the same elements."""
        return self.__class__(self)

    __copy__ = copy

    def pop(self):
        """Takes any element out and returns it."""
        while True:
            try:
                itemref = self.data.pop()
            except KeyError:
                raise KeyError("pop from empty WeakSet") from None
            item = itemref()
            if item is not None:
                return item

    def remove(self, item):
        """Takes an element out; KeyError if it is not there."""
        self.data.remove(ref(item))

    def discard(self, item):
        """Takes an element out if it is there."""
        self.data.discard(ref(item))

    def update(self, other):
        """Adds all elements of the other."""
        for element in other:
            self.add(element)

    def __ior__(self, other):
        self.update(other)
        return self

    def difference(self, other):
        """A new set with the elements that are not in the other."""
        result = self.copy()
        result.difference_update(other)
        return result

    __sub__ = difference

    def difference_update(self, other):
        """Takes out what is in the other."""
        if self is other:
            self.data.clear()
        else:
            self.data.difference_update([ref(item) for item in other])

    def __isub__(self, other):
        self.difference_update(other)
        return self

    def intersection(self, other):
        """A new set with the elements that are in both."""
        return self.__class__([item for item in other if item in self])

    __and__ = intersection

    def intersection_update(self, other):
        """Keeps only what is in the other, too."""
        self.data.intersection_update([ref(item) for item in other])

    def __iand__(self, other):
        self.intersection_update(other)
        return self

    def issubset(self, other):
        """Are all elements in the other?"""
        return self.data.issubset([ref(item) for item in other])

    __le__ = issubset

    def __lt__(self, other):
        return self.data < set([ref(item) for item in other])

    def issuperset(self, other):
        """Are all elements of the other in this one?"""
        return self.data.issuperset([ref(item) for item in other])

    __ge__ = issuperset

    def __gt__(self, other):
        return self.data > set([ref(item) for item in other])

    def __eq__(self, other):
        if not isinstance(other, self.__class__):
            return NotImplemented
        return self.data == set([ref(item) for item in other])

    __hash__ = None

    def symmetric_difference(self, other):
        """A new set with the elements that are in exactly one of both."""
        result = self.copy()
        result.symmetric_difference_update(other)
        return result

    __xor__ = symmetric_difference

    def symmetric_difference_update(self, other):
        """Takes out what is in both and adds what is only in the other."""
        if self is other:
            self.data.clear()
        else:
            self.data.symmetric_difference_update([ref(item, self._remove) for item in other])

    def __ixor__(self, other):
        self.symmetric_difference_update(other)
        return self

    def union(self, other):
        """A new set with the elements of both."""
        result = self.copy()
        result.update(other)
        return result

    __or__ = union

    def isdisjoint(self, other):
        """Have both no element in common?"""
        return len(self.intersection(other)) == 0
