"""Queues by which threads hand things to each other."""
import threading
from collections import deque
from time import monotonic as _time

__all__ = ["Empty", "Full", "ShutDown", "Queue", "PriorityQueue", "LifoQueue", "SimpleQueue"]

try:
    from _queue import Empty
except ImportError:
    class Empty(Exception):
        """There is nothing to get."""


class Full(Exception):
    """There is no room to put anything."""


class ShutDown(Exception):
    """The queue is closed."""


class Queue:
    """A queue, first in first out, that holds at most `maxsize` items; any number if that is not positive."""

    def __init__(self, maxsize=0):
        self.maxsize = maxsize
        self._init(maxsize)
        self.mutex = threading.Lock()  # guards everything; the three conditions share it
        self.not_empty = threading.Condition(self.mutex)
        self.not_full = threading.Condition(self.mutex)
        self.all_tasks_done = threading.Condition(self.mutex)
        self.unfinished_tasks = 0
        self.is_shutdown = False

    # What subclasses do in another way; called with the mutex held.

    def _init(self, maxsize):
        self.queue = deque()

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.popleft()

    def qsize(self):
        """About how many items there are."""
        with self.mutex:
            return self._qsize()

    def empty(self):
        """Is there nothing, at this moment?"""
        with self.mutex:
            return not self._qsize()

    def full(self):
        """Is there no room, at this moment?"""
        with self.mutex:
            return 0 < self.maxsize <= self._qsize()

    def _wait(self, condition, blocked, block, timeout, failure):
        """Waits as long as blocked() is true; raises ShutDown or, when waiting is over or not wished, the failure."""
        if not block:
            if blocked():
                raise failure
        elif timeout is None:
            while blocked():
                condition.wait()
        elif timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        else:
            end = _time() + timeout
            while blocked():
                rest = end - _time()
                if rest <= 0.0:
                    raise failure
                condition.wait(rest)

    def put(self, item, block=True, timeout=None):
        """Adds an item; waits for room if told to, Full if there is none in time."""
        def blocked():
            if self.is_shutdown:
                raise ShutDown
            return 0 < self.maxsize <= self._qsize()

        with self.not_full:
            if self.is_shutdown:
                raise ShutDown
            if self.maxsize > 0:
                self._wait(self.not_full, blocked, block, timeout, Full)
            self._put(item)
            self.unfinished_tasks += 1
            self.not_empty.notify()

    def get(self, block=True, timeout=None):
        """Takes an item; waits for one if told to, Empty if there is none in time."""
        def blocked():
            if self._qsize():
                return False
            if self.is_shutdown:
                raise ShutDown
            return True

        with self.not_empty:
            blocked()
            self._wait(self.not_empty, blocked, block, timeout, Empty)
            item = self._get()
            self.not_full.notify()
            return item

    def put_nowait(self, item):
        """Adds an item or raises Full."""
        return self.put(item, block=False)

    def get_nowait(self):
        """Takes an item or raises Empty."""
        return self.get(block=False)

    def task_done(self):
        """Says that the work on one item that was taken is done."""
        with self.all_tasks_done:
            left = self.unfinished_tasks - 1
            if left < 0:
                raise ValueError("task_done() called too many times")
            self.unfinished_tasks = left
            if left == 0:
                self.all_tasks_done.notify_all()

    def join(self):
        """Waits until the work on all items is done."""
        with self.all_tasks_done:
            while self.unfinished_tasks:
                self.all_tasks_done.wait()

    def shutdown(self, immediate=False):
        """Closes the queue: nothing can be put; what is there can be taken, unless `immediate` drops it."""
        with self.mutex:
            self.is_shutdown = True
            if immediate:
                while self._qsize():
                    self._get()
                    if self.unfinished_tasks > 0:
                        self.unfinished_tasks -= 1
                self.all_tasks_done.notify_all()
            self.not_empty.notify_all()
            self.not_full.notify_all()


class PriorityQueue(Queue):
    """A queue that gives the smallest item first."""

    def _init(self, maxsize):
        from heapq import heappop, heappush
        self._heappop, self._heappush = heappop, heappush
        self.queue = []

    def _put(self, item):
        self._heappush(self.queue, item)

    def _get(self):
        return self._heappop(self.queue)


class LifoQueue(Queue):
    """A queue that gives the latest item first."""

    def _init(self, maxsize):
        self.queue = []

    def _get(self):
        return self.queue.pop()


class _PySimpleQueue:
    """A queue without bound, whose put never waits."""

    def __init__(self):
        self._queue = deque()
        self._count = threading.Semaphore(0)

    def put(self, item, block=True, timeout=None):
        """Adds an item."""
        self._queue.append(item)
        self._count.release()

    def get(self, block=True, timeout=None):
        """Takes an item; waits for one if told to, Empty if there is none in time."""
        if timeout is not None and timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        if not self._count.acquire(block, timeout if block else None):
            raise Empty
        return self._queue.popleft()

    def put_nowait(self, item):
        """Adds an item."""
        return self.put(item, block=False)

    def get_nowait(self):
        """Takes an item or raises Empty."""
        return self.get(block=False)

    def empty(self):
        """Is there nothing, at this moment?"""
        return len(self._queue) == 0

    def qsize(self):
        """About how many items there are."""
        return len(self._queue)


_PySimpleQueue.__name__ = _PySimpleQueue.__qualname__ = "SimpleQueue"
try:
    from _queue import SimpleQueue
except ImportError:
    SimpleQueue = _PySimpleQueue
