"""Threads as objects, and what threads use to wait for each other.

Everything stands on the locks and thread handles of `_thread`. Little is imported here, since most programs import this module: whatever
is needed rarely is imported where it is needed.
"""
import sys as _sys
import _contextvars
import _thread
from _thread import (
    RLock as _NativeRLock, TIMEOUT_MAX, _excepthook as excepthook, _ExceptHookArgs as ExceptHookArgs, _get_main_thread_ident,
    _local as local, _make_thread_handle, _ThreadHandle, allocate_lock as _allocate_lock, allocate_lock as Lock,
    daemon_threads_allowed as _daemon_threads_allowed, error as ThreadError, get_ident, get_native_id, stack_size)
from itertools import count as _count_from
from time import monotonic as _time

__all__ = ["get_ident", "active_count", "Condition", "current_thread", "enumerate", "main_thread", "TIMEOUT_MAX", "Event", "Lock", "RLock",
           "Semaphore", "BoundedSemaphore", "Thread", "Barrier", "BrokenBarrierError", "Timer", "ThreadError", "setprofile", "settrace",
           "local", "stack_size", "excepthook", "ExceptHookArgs", "getprofile", "gettrace", "setprofile_all_threads",
           "settrace_all_threads", "get_native_id"]

if hasattr(_thread, "lock"):
    Lock = _thread.lock

_original_excepthook = __excepthook__ = excepthook


def _deprecated(text):
    import warnings
    warnings.warn(text, DeprecationWarning, stacklevel=3)


# --- Hooks for tracing and profiling that new threads take over.

_profile_hook = None
_trace_hook = None


def setprofile(func):
    """The function becomes the profile function of every thread started from now on."""
    global _profile_hook
    _profile_hook = func


def setprofile_all_threads(func):
    """The function becomes the profile function of every thread, also of those that run."""
    setprofile(func)
    _sys._setprofileallthreads(func)


def getprofile():
    """The profile function of new threads."""
    return _profile_hook


def settrace(func):
    """The function becomes the trace function of every thread started from now on."""
    global _trace_hook
    _trace_hook = func


def settrace_all_threads(func):
    """The function becomes the trace function of every thread, also of those that run."""
    settrace(func)
    _sys._settraceallthreads(func)


def gettrace():
    """The trace function of new threads."""
    return _trace_hook


# --- Locks and what is built from them.


def RLock(*args, **kwargs):
    """A new lock that its owner can acquire again."""
    if args or kwargs:
        _deprecated("Passing arguments to RLock is deprecated and will be removed in 3.15")
    return _NativeRLock(*args, **kwargs)


class Condition:
    """Threads wait here, with a lock given up meanwhile, until another thread that holds the lock notifies them.

    Each waiting thread sleeps on a lock of its own, which a notifier releases.
    """

    def __init__(self, lock=None):
        if lock is None:
            lock = RLock()
        self._lock = lock
        self._waiters = []
        self.acquire = lock.acquire
        self.release = lock.release
        if hasattr(lock, "locked"):
            self.locked = lock.locked
        if hasattr(lock, "_release_save"):
            self._release_save = lock._release_save
        if hasattr(lock, "_acquire_restore"):
            self._acquire_restore = lock._acquire_restore
        if hasattr(lock, "_is_owned"):
            self._is_owned = lock._is_owned

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *args):
        return self._lock.__exit__(*args)

    def __repr__(self):
        return "<Condition(%s, %d)>" % (self._lock, len(self._waiters))

    # For locks that have no notion of levels and owners; others bring these three along.

    def _release_save(self):
        self._lock.release()

    def _acquire_restore(self, saved):
        self._lock.acquire()

    def _is_owned(self):
        if self._lock.acquire(False):
            self._lock.release()
            return False
        return True

    def wait(self, timeout=None):
        """Gives the lock up until notified or until the timeout is over; tells whether it was notified."""
        if not self._is_owned():
            raise RuntimeError("cannot wait on un-acquired lock")
        bell = _allocate_lock()
        bell.acquire()
        self._waiters.append(bell)
        saved = self._release_save()
        rung = False
        try:
            if timeout is None:
                bell.acquire()
                rung = True
            elif timeout > 0:
                rung = bell.acquire(True, timeout)
            else:
                rung = bell.acquire(False)
            return rung
        finally:
            self._acquire_restore(saved)
            if not rung:
                try:
                    self._waiters.remove(bell)
                except ValueError:
                    pass

    def wait_for(self, predicate, timeout=None):
        """Waits until the predicate is true or the timeout is over; returns the predicate's last value."""
        end = None
        result = predicate()
        while not result:
            if timeout is not None:
                if end is None:
                    end = _time() + timeout
                    rest = timeout
                else:
                    rest = end - _time()
                    if rest <= 0:
                        break
                self.wait(rest)
            else:
                self.wait()
            result = predicate()
        return result

    def notify(self, n=1):
        """Wakes at most n of the waiting threads, the longest waiting first."""
        if not self._is_owned():
            raise RuntimeError("cannot notify on un-acquired lock")
        waiters = self._waiters
        while waiters and n > 0:
            bell = waiters[0]
            try:
                bell.release()
            except RuntimeError:
                pass  # its thread was rung and has not yet taken it off the list
            else:
                n -= 1
            try:
                waiters.remove(bell)
            except ValueError:
                pass

    def notify_all(self):
        """Wakes all waiting threads."""
        self.notify(len(self._waiters))

    def notifyAll(self):
        """Deprecated name of notify_all."""
        _deprecated("notifyAll() is deprecated, use notify_all() instead")
        self.notify_all()


def _place(thing):
    kind = thing.__class__
    return "<%s.%s at %#x: " % (kind.__module__, kind.__qualname__, id(thing))


class Semaphore:
    """Counts how often it may still be acquired; who finds zero waits for a release."""

    def __init__(self, value=1):
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        self._cond = Condition(Lock())
        self._value = value

    def __repr__(self):
        return "%svalue=%s>" % (_place(self), self._value)

    def acquire(self, blocking=True, timeout=None):
        """Takes one; waits for it if told to; tells whether one was taken."""
        if not blocking and timeout is not None:
            raise ValueError("can't specify timeout for non-blocking acquire")
        end = None
        with self._cond:
            while self._value == 0:
                if not blocking:
                    return False
                if timeout is not None:
                    if end is None:
                        end = _time() + timeout
                    else:
                        timeout = end - _time()
                        if timeout <= 0:
                            return False
                self._cond.wait(timeout)
            self._value -= 1
            return True

    __enter__ = acquire

    def release(self, n=1):
        """Gives n back and lets as many waiting threads go on."""
        if n < 1:
            raise ValueError("n must be one or more")
        with self._cond:
            self._value += n
            self._cond.notify(n)

    def __exit__(self, kind, error, trace):
        self.release()


class BoundedSemaphore(Semaphore):
    """A semaphore that refuses to be released more often than it was acquired."""

    def __init__(self, value=1):
        super().__init__(value)
        self._initial_value = value

    def __repr__(self):
        return "%svalue=%s/%s>" % (_place(self), self._value, self._initial_value)

    def release(self, n=1):
        """Gives n back; ValueError if that would be more than there were at first."""
        if n < 1:
            raise ValueError("n must be one or more")
        with self._cond:
            if self._value + n > self._initial_value:
                raise ValueError("Semaphore released too many times")
            self._value += n
            self._cond.notify(n)


class Event:
    """A flag that threads wait for."""

    def __init__(self):
        self._cond = Condition(Lock())
        self._flag = False

    def __repr__(self):
        return "%s%s>" % (_place(self), "set" if self._flag else "unset")

    def is_set(self):
        """Is the flag set?"""
        return self._flag

    def isSet(self):
        """Deprecated name of is_set."""
        _deprecated("isSet() is deprecated, use is_set() instead")
        return self.is_set()

    def set(self):
        """Sets the flag and wakes all who wait for it."""
        with self._cond:
            self._flag = True
            self._cond.notify_all()

    def clear(self):
        """Takes the flag down."""
        with self._cond:
            self._flag = False

    def wait(self, timeout=None):
        """Waits for the flag; False if the timeout came first. A thread woken by set() need not find the flag still set."""
        with self._cond:
            return self._flag or self._cond.wait(timeout)


class BrokenBarrierError(RuntimeError):
    """A barrier that nobody can pass any more."""


class Barrier:
    """Lets threads go on when a fixed number of them has come."""

    # States: threads come (filling), threads leave (draining), threads are told to leave by reset(), broken.
    _FILLING, _DRAINING, _RESETTING, _BROKEN = range(4)

    def __init__(self, parties, action=None, timeout=None):
        if parties < 1:
            raise ValueError("parties must be >= 1")
        self._cond = Condition(Lock())
        self._action = action
        self._timeout = timeout
        self._parties = parties
        self._state = self._FILLING
        self._count = 0

    def __repr__(self):
        if self.broken:
            return _place(self) + "broken>"
        return "%swaiters=%d/%d>" % (_place(self), self.n_waiting, self.parties)

    def wait(self, timeout=None):
        """Waits until all parties have come; returns a number from 0 to parties - 1, another one for each."""
        if timeout is None:
            timeout = self._timeout
        with self._cond:
            while self._state in (self._DRAINING, self._RESETTING):
                self._cond.wait()
            if self._state == self._BROKEN:
                raise BrokenBarrierError
            number = self._count
            self._count += 1
            try:
                if number + 1 == self._parties:
                    self._open()
                else:
                    self._stay(timeout)
                return number
            finally:
                self._count -= 1
                if self._count == 0 and self._state in (self._DRAINING, self._RESETTING):
                    self._state = self._FILLING
                    self._cond.notify_all()

    def _open(self):
        try:
            if self._action:
                self._action()
            self._state = self._DRAINING
            self._cond.notify_all()
        except:
            self._break()
            raise

    def _stay(self, timeout):
        if not self._cond.wait_for(lambda: self._state != self._FILLING, timeout):
            self._break()
            raise BrokenBarrierError
        if self._state != self._DRAINING:
            raise BrokenBarrierError

    def _break(self):
        self._state = self._BROKEN
        self._cond.notify_all()

    def reset(self):
        """Empties the barrier: who waits there gets BrokenBarrierError, who comes later finds it as new."""
        with self._cond:
            if self._count == 0:
                self._state = self._FILLING
            else:
                self._state = self._RESETTING
            self._cond.notify_all()

    def abort(self):
        """Breaks the barrier: who waits or comes gets BrokenBarrierError."""
        with self._cond:
            self._break()

    @property
    def parties(self):
        """How many threads the barrier waits for."""
        return self._parties

    @property
    def n_waiting(self):
        """How many threads wait at the moment."""
        return self._count if self._state == self._FILLING else 0

    @property
    def broken(self):
        """Is the barrier broken?"""
        return self._state == self._BROKEN


# --- Threads.
#
# _limbo: threads whose start() was called and which do not run yet. _active: ident -> thread, for those that run.
# The lock is one that its owner can take again, for a finalizer may ask for the current thread while it is held.

_active_limbo_lock = RLock()
_active = {}
_limbo = {}

_next_number = _count_from(1).__next__

# Before 3.14 threads have no argument `context`.
_no_context = None if _sys.version_info >= (3, 14) else object()


def _newname(template):
    return template % _next_number()


class Thread:
    """A thread of control: `run` in a thread of its own, once, after start()."""

    _initialized = False

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None, context=_no_context):
        assert group is None, "group argument must be None for now"
        if context is _no_context:
            context = None
        elif _no_context is not None:
            raise TypeError("Thread.__init__() got an unexpected keyword argument 'context'")
        if kwargs is None:
            kwargs = {}
        if name:
            name = str(name)
        else:
            name = _newname("Thread-%d")
            if target is not None:
                try:
                    name += " (%s)" % target.__name__
                except AttributeError:
                    pass
        if daemon is not None:
            if daemon and not _daemon_threads_allowed():
                raise RuntimeError("daemon threads are disabled in this (sub)interpreter")
        else:
            daemon = current_thread().daemon
        self._target = target
        self._name = name
        self._args = args
        self._kwargs = kwargs
        self._daemonic = daemon
        self._context = context
        self._ident = None
        self._native_id = None
        self._claimed = False
        self._started = Event()
        self._handle = _ThreadHandle()
        self._initialized = True

    def __repr__(self):
        assert self._initialized, "Thread.__init__() was not called"
        status = "initial"
        if self._started.is_set():
            status = "started"
        if self._handle.is_done():
            status = "stopped"
        if self._daemonic:
            status += " daemon"
        if self._ident is not None:
            status += " %s" % self._ident
        return "<%s(%s, %s)>" % (self.__class__.__name__, self._name, status)

    def start(self):
        """Starts the thread; RuntimeError if that was done before."""
        if not self._initialized:
            raise RuntimeError("thread.__init__() not called")
        with _active_limbo_lock:
            if self._claimed:  # whoever sets it first starts the thread, also when two call start() at the same time
                raise RuntimeError("threads can only be started once")
            self._claimed = True
            _limbo[self] = self
        try:
            if self._context is None:
                inherits = getattr(_sys.flags, "thread_inherit_context", 0)
                self._context = _contextvars.copy_context() if inherits else _contextvars.Context()
            _thread.start_joinable_thread(self._bootstrap, handle=self._handle, daemon=self.daemon)
        except Exception:
            with _active_limbo_lock:
                _limbo.pop(self, None)
                self._claimed = False
            raise
        self._started.wait()  # from here on ident is known and enumerate() lists the thread

    def run(self):
        """What the thread does: calls the target. Subclasses may do something else."""
        try:
            if self._target is not None:
                self._target(*self._args, **self._kwargs)
        finally:
            # The arguments may refer to the thread: an unnecessary cycle.
            del self._target, self._args, self._kwargs

    def _bootstrap(self):
        try:
            self._bootstrap_inner()
        except:
            if self._daemonic and _sys is None:
                return  # the runtime is being taken down around this thread
            raise

    def _bootstrap_inner(self):
        try:
            self._set_ident()
            self._native_id = get_native_id()
            with _active_limbo_lock:
                _active[self._ident] = self
                _limbo.pop(self, None)
            self._set_os_name()
            self._started.set()
            if _trace_hook:
                _sys.settrace(_trace_hook)
            if _profile_hook:
                _sys.setprofile(_profile_hook)
            try:
                self._context.run(self.run)
            except:
                _tell(self)
        finally:
            self._delete()

    def _set_ident(self):
        self._ident = get_ident()

    def _set_os_name(self):
        set_name = getattr(_thread, "set_name", None)
        if set_name is not None and self._name:
            try:
                set_name(self._name)
            except OSError:
                pass

    def _delete(self):
        with _active_limbo_lock:
            _active.pop(get_ident(), None)

    def join(self, timeout=None):
        """Waits until the thread has ended, at most `timeout` seconds."""
        if not self._initialized:
            raise RuntimeError("Thread.__init__() not called")
        if not self._started.is_set():
            raise RuntimeError("cannot join thread before it is started")
        if self is current_thread():
            raise RuntimeError("cannot join current thread")
        if timeout is not None:
            timeout = max(timeout, 0)
        self._handle.join(timeout)

    @property
    def name(self):
        """A text that says who this is; it need not be unique."""
        assert self._initialized, "Thread.__init__() not called"
        return self._name

    @name.setter
    def name(self, name):
        assert self._initialized, "Thread.__init__() not called"
        self._name = str(name)
        if get_ident() == self._ident:
            self._set_os_name()

    @property
    def ident(self):
        """The number of the thread among the living; None before the start."""
        assert self._initialized, "Thread.__init__() not called"
        return self._ident

    @property
    def native_id(self):
        """The number the operating system gave it; None before the start."""
        assert self._initialized, "Thread.__init__() not called"
        return self._native_id

    def is_alive(self):
        """True from start() until the thread has ended."""
        assert self._initialized, "Thread.__init__() not called"
        return self._started.is_set() and not self._handle.is_done()

    @property
    def daemon(self):
        """The program does not wait for such a thread at its end. Inherited from the thread that makes this one."""
        assert self._initialized, "Thread.__init__() not called"
        return self._daemonic

    @daemon.setter
    def daemon(self, daemonic):
        if not self._initialized:
            raise RuntimeError("Thread.__init__() not called")
        if daemonic and not _daemon_threads_allowed():
            raise RuntimeError("daemon threads are disabled in this interpreter")
        if self._started.is_set():
            raise RuntimeError("cannot set daemon status of active thread")
        self._daemonic = daemonic

    def isDaemon(self):
        """Deprecated: read the attribute daemon."""
        _deprecated("isDaemon() is deprecated, get the daemon attribute instead")
        return self.daemon

    def setDaemon(self, daemonic):
        """Deprecated: set the attribute daemon."""
        _deprecated("setDaemon() is deprecated, set the daemon attribute instead")
        self.daemon = daemonic

    def getName(self):
        """Deprecated: read the attribute name."""
        _deprecated("getName() is deprecated, get the name attribute instead")
        return self.name

    def setName(self, name):
        """Deprecated: set the attribute name."""
        _deprecated("setName() is deprecated, set the name attribute instead")
        self.name = name


def _tell(thread):
    """Reports the exception being handled, which ends this thread, through threading.excepthook."""
    arguments = None
    try:
        hook = excepthook
        if hook is None:
            hook = _original_excepthook
        arguments = ExceptHookArgs([*_sys.exc_info(), thread])
        hook(arguments)
    except Exception as error:
        error.__suppress_context__ = True
        if _sys is not None and _sys.stderr is not None:
            print("Exception in threading.excepthook:", file=_sys.stderr, flush=True)
            _sys.excepthook(type(error), error, error.__traceback__)
    finally:
        arguments = None  # it holds the exception, whose traceback holds this frame


class Timer(Thread):
    """Calls a function after some seconds, unless cancelled before."""

    def __init__(self, interval, function, args=None, kwargs=None):
        Thread.__init__(self)
        self.interval = interval
        self.function = function
        self.args = args if args is not None else []
        self.kwargs = kwargs if kwargs is not None else {}
        self.finished = Event()

    def cancel(self):
        """Stops the timer if it has not called its function yet."""
        self.finished.set()

    def run(self):
        self.finished.wait(self.interval)
        if not self.finished.is_set():
            self.function(*self.args, **self.kwargs)
        self.finished.set()


class _MainThread(Thread):
    """The thread that the process began with."""

    def __init__(self):
        Thread.__init__(self, name="MainThread", daemon=False)
        self._claimed = True
        self._started.set()
        self._ident = _get_main_thread_ident()
        if self._ident == get_ident():
            self._native_id = get_native_id()
        self._handle = _make_thread_handle(self._ident)
        with _active_limbo_lock:
            _active[self._ident] = self


_own_dummy = local()


class _ForgetDummy:
    """Lies in the local storage of a thread that this module did not start; dies with that thread and takes its entry away."""

    def __init__(self, dummy):
        self._dummy = dummy
        self._ident = dummy.ident
        _own_dummy.forget = self

    def __del__(self, _lock=_active_limbo_lock, _threads=_active):
        with _lock:
            if _threads.get(self._ident) is self._dummy:
                del _threads[self._ident]


class _DummyThread(Thread):
    """Stands for a thread that this module did not start."""

    def __init__(self):
        Thread.__init__(self, name=_newname("Dummy-%d"), daemon=_daemon_threads_allowed())
        self._claimed = True
        self._started.set()
        self._set_ident()
        self._native_id = get_native_id()
        self._handle = _make_thread_handle(self._ident)
        with _active_limbo_lock:
            _active[self._ident] = self
        _ForgetDummy(self)

    def is_alive(self):
        if not self._handle.is_done() and self._started.is_set():
            return True
        raise RuntimeError("thread is not alive")

    def join(self, timeout=None):
        raise RuntimeError("cannot join a dummy thread")


def current_thread():
    """The object of the calling thread."""
    try:
        return _active[get_ident()]
    except KeyError:
        return _DummyThread()


def currentThread():
    """Deprecated name of current_thread."""
    _deprecated("currentThread() is deprecated, use current_thread() instead")
    return current_thread()


def main_thread():
    """The object of the thread that the process began with."""
    return _main_thread


def active_count():
    """How many threads are alive."""
    with _active_limbo_lock:
        return len(_active) + len(_limbo)


def activeCount():
    """Deprecated name of active_count."""
    _deprecated("activeCount() is deprecated, use active_count() instead")
    return active_count()


def enumerate():
    """A list of the threads that are alive."""
    with _active_limbo_lock:
        return list(_active.values()) + list(_limbo.values())


# --- The end of the program.

_at_shutdown = []
_shutting_down = False


def _register_atexit(func, *arg, **kwargs):
    """The function is called before the end of the program waits for threads; the last registered is the first called."""
    if _shutting_down:
        raise RuntimeError("can't register atexit after shutdown")
    _at_shutdown.append((func, arg, kwargs))


def _shutdown():
    """Called by the runtime when the main program has ended: waits for the threads that are no daemons."""
    global _shutting_down
    if _main_thread._handle.is_done() and _thread._is_main_interpreter():
        return
    _shutting_down = True
    while _at_shutdown:
        func, arg, kwargs = _at_shutdown.pop()
        func(*arg, **kwargs)
    if _thread._is_main_interpreter():
        _main_thread._handle._set_done()
    _thread._shutdown()


_main_thread = _MainThread()
