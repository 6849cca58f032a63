"""Futures, and waiting for several of them."""
import sys
import threading
from builtins import TimeoutError
from collections import namedtuple
from time import monotonic as _time

FIRST_COMPLETED = "FIRST_COMPLETED"
FIRST_EXCEPTION = "FIRST_EXCEPTION"
ALL_COMPLETED = "ALL_COMPLETED"

PENDING = "PENDING"
RUNNING = "RUNNING"
CANCELLED = "CANCELLED"
CANCELLED_AND_NOTIFIED = "CANCELLED_AND_NOTIFIED"
FINISHED = "FINISHED"

_ENDED = (CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED)
_NOTIFIED = (CANCELLED_AND_NOTIFIED, FINISHED)
_WORDS = {PENDING: "pending", RUNNING: "running", CANCELLED: "cancelled", CANCELLED_AND_NOTIFIED: "cancelled", FINISHED: "finished"}


class Error(Exception):
    """The base of the errors of futures."""


class CancelledError(Error):
    """The call was cancelled."""


class InvalidStateError(Error):
    """The future is not in a state in which this can be done."""


class BrokenExecutor(RuntimeError):
    """The executor cannot run anything any more."""


class Future:
    """The result of a call that may not have ended yet."""

    def __init__(self):
        self._condition = threading.Condition()
        self._state = PENDING
        self._result = None
        self._exception = None
        self._waiters = []
        self._done_callbacks = []

    def __repr__(self):
        with self._condition:
            text = "<%s at %#x state=%s" % (self.__class__.__name__, id(self), _WORDS[self._state])
            if self._state != FINISHED:
                return text + ">"
            if self._exception:
                return "%s raised %s>" % (text, self._exception.__class__.__name__)
            return "%s returned %s>" % (text, self._result.__class__.__name__)

    def _call(self, function):
        try:
            function(self)
        except Exception:
            print("exception calling callback for %r" % (self,), file=sys.stderr)
            sys.excepthook(*sys.exc_info())

    def _invoke_callbacks(self):
        for function in self._done_callbacks:
            self._call(function)

    def cancel(self):
        """Cancels the call if it has not begun; tells whether it is cancelled."""
        with self._condition:
            if self._state in (RUNNING, FINISHED):
                return False
            if self._state != PENDING:
                return True
            self._state = CANCELLED
            self._condition.notify_all()
        self._invoke_callbacks()
        return True

    def cancelled(self):
        """Was the call cancelled?"""
        with self._condition:
            return self._state in (CANCELLED, CANCELLED_AND_NOTIFIED)

    def running(self):
        """Does the call run?"""
        with self._condition:
            return self._state == RUNNING

    def done(self):
        """Has the call ended, or was it cancelled?"""
        with self._condition:
            return self._state in _ENDED

    def add_done_callback(self, fn):
        """Calls fn(future) when the call has ended; at once if it has."""
        with self._condition:
            if self._state not in _ENDED:
                self._done_callbacks.append(fn)
                return
        self._call(fn)

    def _wait(self, timeout):
        """Waits for the end with the condition held."""
        if self._state not in _ENDED:
            self._condition.wait_for(lambda: self._state in _ENDED, timeout)
        if self._state in (CANCELLED, CANCELLED_AND_NOTIFIED):
            raise CancelledError()
        if self._state != FINISHED:
            raise TimeoutError()

    def result(self, timeout=None):
        """What the call returned; raises what it raised."""
        try:
            with self._condition:
                self._wait(timeout)
                if self._exception:
                    raise self._exception
                return self._result
        finally:
            self = None  # or the exception's traceback would hold the future that holds the exception

    def exception(self, timeout=None):
        """What the call raised, or None."""
        with self._condition:
            self._wait(timeout)
            return self._exception

    # For executors.

    def set_running_or_notify_cancel(self):
        """The call begins: True, or False if it was cancelled meanwhile."""
        with self._condition:
            if self._state == CANCELLED:
                self._state = CANCELLED_AND_NOTIFIED
                for waiter in self._waiters:
                    waiter.add(self)
                return False
            if self._state == PENDING:
                self._state = RUNNING
                return True
            raise RuntimeError("Future in unexpected state")

    def _finish(self, result, error):
        with self._condition:
            if self._state in _ENDED:
                raise InvalidStateError("%s: %r" % (self._state, self))
            self._result = result
            self._exception = error
            self._state = FINISHED
            for waiter in self._waiters:
                waiter.add(self)
            self._condition.notify_all()
        self._invoke_callbacks()

    def set_result(self, result):
        """The call has returned this."""
        self._finish(result, None)

    def set_exception(self, exception):
        """The call has raised this."""
        self._finish(None, exception)


class _Waiter:
    """Collects futures that end; its event says that there are enough."""

    def __init__(self, wanted, stop_on_exception=False):
        self.event = threading.Event()
        self.lock = threading.Lock()
        self.finished = []
        self.wanted = wanted
        self.stop_on_exception = stop_on_exception

    def add(self, future):
        with self.lock:
            self.finished.append(future)
            if len(self.finished) >= self.wanted or (
                    self.stop_on_exception and future._state == FINISHED and future._exception is not None):
                self.event.set()

    def take(self):
        """The futures that have ended since the last time."""
        with self.lock:
            finished, self.finished = self.finished, []
            self.event.clear()
            return finished


def _watch(futures, waiter):
    """Lets the waiter be told of each future that ends from now on; returns those that have ended already."""
    done = []
    for future in futures:
        with future._condition:
            if future._state in _NOTIFIED:
                done.append(future)
            else:
                future._waiters.append(waiter)
    return done


def _unwatch(futures, waiter):
    for future in futures:
        with future._condition:
            if waiter in future._waiters:
                future._waiters.remove(waiter)


DoneAndNotDoneFutures = namedtuple("DoneAndNotDoneFutures", "done not_done")


def wait(fs, timeout=None, return_when=ALL_COMPLETED):
    """Waits for futures: for all, for the first, or until one has raised. Returns the sets of those that are done and those that are not."""
    if return_when not in (FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED):
        raise ValueError("Invalid return condition: %r" % (return_when,))
    futures = set(fs)
    waiter = _Waiter(len(futures), return_when == FIRST_EXCEPTION)
    done = set(_watch(futures, waiter))
    failed = [future for future in done if not future.cancelled() and future.exception() is not None]
    enough = len(done) == len(futures) or return_when == FIRST_COMPLETED and done or return_when == FIRST_EXCEPTION and failed
    if not enough:
        with waiter.lock:
            waiter.wanted = 1 if return_when == FIRST_COMPLETED else len(futures) - len(done)
            if len(waiter.finished) >= waiter.wanted:
                waiter.event.set()
        waiter.event.wait(timeout)
    _unwatch(futures, waiter)
    done.update(waiter.take())
    return DoneAndNotDoneFutures(done, futures - done)


def as_completed(fs, timeout=None):
    """The futures in the order in which they end."""
    end = None if timeout is None else timeout + _time()
    pending = set(fs)
    total = len(pending)
    waiter = _Waiter(1)
    ready = _watch(pending, waiter)
    try:
        while True:
            for future in ready:
                pending.discard(future)
            ready.reverse()
            while ready:
                yield ready.pop()  # it is not kept here while the caller has it
            if not pending:
                return
            rest = None
            if end is not None:
                rest = end - _time()
                if rest < 0:
                    raise TimeoutError("%d (of %d) futures unfinished" % (len(pending), total))
            waiter.event.wait(rest)
            ready = waiter.take()
    finally:
        _unwatch(pending, waiter)


class Executor:
    """Runs calls elsewhere."""

    def submit(self, fn, /, *args, **kwargs):
        """Has fn(*args, **kwargs) called; returns its future."""
        raise NotImplementedError()

    def map(self, fn, *iterables, timeout=None, chunksize=1, buffersize=None):
        """The results of fn for the items of the iterables, in their order; the calls run at the same time."""
        if buffersize is not None and not isinstance(buffersize, int):
            raise TypeError("buffersize must be an integer or None")
        if buffersize is not None and buffersize < 1:
            raise ValueError("buffersize must be None or > 0")
        end = None if timeout is None else timeout + _time()
        rows = zip(*iterables)
        futures = []
        for row in rows:
            futures.append(self.submit(fn, *row))
            if buffersize is not None and len(futures) >= buffersize:
                break

        def results():
            try:
                futures.reverse()
                while futures:
                    if buffersize is not None:
                        for row in rows:
                            futures.insert(0, self.submit(fn, *row))
                            break
                    future = futures.pop()
                    try:
                        result = future.result(None if end is None else end - _time())
                    finally:
                        future.cancel()
                        del future
                    yield result
            finally:
                for future in futures:
                    future.cancel()

        return results()

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Takes no more calls; waits for those that were taken if told to."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.shutdown(wait=True)
        return False
