"""What `_thread` has since CPython 3.13, made from an older one: only for tests on such a host."""
import collections
import sys
import _thread
from _thread import *  # noqa: F403
from _thread import RLock, TIMEOUT_MAX, _local, allocate_lock, get_ident, get_native_id, stack_size, _count  # noqa: F401

error = RuntimeError
lock = allocate_lock


class _ExceptHookArgs(collections.namedtuple("_ExceptHookArgs", "exc_type exc_value exc_traceback thread")):
    def __new__(cls, values):
        return super().__new__(cls, *values)


def _excepthook(arguments):
    if arguments.exc_type is SystemExit:
        return
    import traceback
    print("Exception in thread %s:" % arguments.thread.name, file=sys.stderr)
    traceback.print_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)


class _ThreadHandle:
    def __init__(self):
        self.ident = 0
        self._began = False
        self._running = allocate_lock()
        self._done = False

    def is_done(self):
        return self._done

    def _set_done(self):
        self._done = True

    def join(self, timeout=None):
        if self._running.acquire(True, -1 if timeout is None else timeout):
            self._running.release()


_waited_for = []


def start_joinable_thread(function, handle=None, daemon=True):
    if handle is None:
        handle = _ThreadHandle()
    if handle._began:
        raise RuntimeError("thread already started")
    handle._began = True
    handle._running.acquire()
    if not daemon:
        _waited_for.append(handle)

    def body():
        handle.ident = get_ident()
        try:
            function()
        finally:
            handle._done = True
            handle._running.release()

    _thread.start_new_thread(body, ())
    return handle


def _make_thread_handle(ident):
    handle = _ThreadHandle()
    handle.ident = ident
    handle._began = True
    return handle


def _shutdown():
    while _waited_for:
        _waited_for.pop().join()


_main_ident = get_ident()


def _get_main_thread_ident():
    return _main_ident


def _is_main_interpreter():
    return True


def daemon_threads_allowed():
    return True
