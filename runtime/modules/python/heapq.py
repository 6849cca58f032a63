"""Heaps: lists in which heap[k] is never greater than heap[2k+1] and heap[2k+2], so that the smallest item is the first.

The functions whose names end in _max keep the greatest item first.
"""

__all__ = ["heappush", "heappop", "heapify", "heapreplace", "heappushpop", "heappush_max", "heappop_max", "heapify_max",
           "heapreplace_max", "heappushpop_max", "nlargest", "nsmallest", "merge"]


def _rise(heap, top, place):
    """The item at `place` goes up, not above `top`, until what is above it is not greater."""
    item = heap[place]
    while place > top:
        above = (place - 1) >> 1
        other = heap[above]
        if not item < other:
            break
        heap[place] = other
        place = above
    heap[place] = item


def _sink(heap, place):
    """The item at `place` goes down: the smaller ones below move up to the end, and it rises from there, for mostly it belongs far down."""
    size = len(heap)
    top = place
    item = heap[place]
    below = 2 * place + 1
    while below < size:
        right = below + 1
        if right < size and not heap[below] < heap[right]:
            below = right
        heap[place] = heap[below]
        place = below
        below = 2 * place + 1
    heap[place] = item
    _rise(heap, top, place)


def heappush(heap, item):
    """Adds an item."""
    heap.append(item)
    _rise(heap, 0, len(heap) - 1)


def heappop(heap):
    """Takes the smallest item; IndexError if there is none."""
    last = heap.pop()
    if not heap:
        return last
    item = heap[0]
    heap[0] = last
    _sink(heap, 0)
    return item


def heapreplace(heap, item):
    """Takes the smallest item and adds another one after that."""
    found = heap[0]
    heap[0] = item
    _sink(heap, 0)
    return found


def heappushpop(heap, item):
    """Adds an item and takes the smallest after that."""
    if heap and heap[0] < item:
        item, heap[0] = heap[0], item
        _sink(heap, 0)
    return item


def heapify(x):
    """Makes a heap of any list."""
    for place in reversed(range(len(x) // 2)):
        _sink(x, place)


# --- The same with the greatest item first.


def _rise_max(heap, top, place):
    item = heap[place]
    while place > top:
        above = (place - 1) >> 1
        other = heap[above]
        if not other < item:
            break
        heap[place] = other
        place = above
    heap[place] = item


def _sink_max(heap, place):
    size = len(heap)
    top = place
    item = heap[place]
    below = 2 * place + 1
    while below < size:
        right = below + 1
        if right < size and not heap[right] < heap[below]:
            below = right
        heap[place] = heap[below]
        place = below
        below = 2 * place + 1
    heap[place] = item
    _rise_max(heap, top, place)


def heappush_max(heap, item):
    """Adds an item."""
    heap.append(item)
    _rise_max(heap, 0, len(heap) - 1)


def heappop_max(heap):
    """Takes the greatest item; IndexError if there is none."""
    last = heap.pop()
    if not heap:
        return last
    item = heap[0]
    heap[0] = last
    _sink_max(heap, 0)
    return item


def heapreplace_max(heap, item):
    """Takes the greatest item and adds another one after that."""
    found = heap[0]
    heap[0] = item
    _sink_max(heap, 0)
    return found


def heappushpop_max(heap, item):
    """Adds an item and takes the greatest after that."""
    if heap and item < heap[0]:
        item, heap[0] = heap[0], item
        _sink_max(heap, 0)
    return item


def heapify_max(x):
    """Makes a heap of any list."""
    for place in reversed(range(len(x) // 2)):
        _sink_max(x, place)


# --- From several sorted ones, and the first or last few of any.


class _Head:
    """The next item of one of the iterables that are merged; equal ones come in the order of their iterables."""

    __slots__ = ("key", "number", "value", "advance", "reverse")

    def __lt__(self, other):
        if self.reverse:
            if other.key < self.key:
                return True
            if self.key < other.key:
                return False
        else:
            if self.key < other.key:
                return True
            if other.key < self.key:
                return False
        return self.number < other.number


def merge(*iterables, key=None, reverse=False):
    """The items of several sorted iterables as one sorted iterator."""
    heads = []
    for number, iterable in enumerate(map(iter, iterables)):
        for value in iterable:
            head = _Head()
            head.number, head.advance, head.reverse = number, iterable.__next__, reverse
            head.value, head.key = value, value if key is None else key(value)
            heads.append(head)
            break
    heapify(heads)
    while heads:
        head = heads[0]
        yield head.value
        try:
            head.value = head.advance()
        except StopIteration:
            heappop(heads)
            continue
        head.key = head.value if key is None else key(head.value)
        _sink(heads, 0)


def nsmallest(n, iterable, key=None):
    """The n smallest items, the smallest first."""
    return sorted(iterable, key=key)[:max(n, 0)]


def nlargest(n, iterable, key=None):
    """The n greatest items, the greatest first."""
    return sorted(iterable, key=key, reverse=True)[:max(n, 0)]
