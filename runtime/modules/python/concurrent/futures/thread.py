"""An executor whose calls run in threads."""
import itertools
import os
import queue
import threading
import weakref

from concurrent.futures import _base

__all__ = ["ThreadPoolExecutor", "BrokenThreadPool"]

_workers = weakref.WeakKeyDictionary()  # thread -> the queue that it takes its work from
_shutdown = False
_global_lock = threading.Lock()  # no worker is started between the decision to end and the end


def _end_all():
    """Before the program waits for its threads: tells all workers that there will be no more work."""
    global _shutdown
    with _global_lock:
        _shutdown = True
    workers = list(_workers.items())
    for _, work in workers:
        work.put(None)
    for thread, _ in workers:
        thread.join()


threading._register_atexit(_end_all)


class BrokenThreadPool(_base.BrokenExecutor):
    """A worker could not be initialized."""


class _WorkItem:
    """A call and its future."""

    def __init__(self, future, fn, args, kwargs):
        self.future = future
        self.call = (fn, args, kwargs)

    def run(self):
        if not self.future.set_running_or_notify_cancel():
            return
        fn, args, kwargs = self.call
        try:
            result = fn(*args, **kwargs)
        except BaseException as error:
            self.future.set_exception(error)
            self = None  # the error's traceback holds this frame
        else:
            self.future.set_result(result)


def _work(executor_reference, work, initializer, initargs):
    """The life of a worker: takes work until its executor is gone or shut down."""
    if initializer is not None:
        try:
            initializer(*initargs)
        except BaseException:
            import sys
            print("Exception in initializer:", file=sys.stderr)
            sys.excepthook(*sys.exc_info())
            executor = executor_reference()
            if executor is not None:
                executor._initializer_failed()
            return
    while True:
        try:
            item = work.get_nowait()
        except queue.Empty:
            executor = executor_reference()
            if executor is not None:
                executor._idle.release()
            del executor
            item = work.get()
        if item is not None:
            item.run()
            del item
            continue
        executor = executor_reference()
        if _shutdown or executor is None or executor._shutdown:
            if executor is not None:
                executor._shutdown = True
            work.put(None)  # for the next worker
            return
        del executor


class ThreadPoolExecutor(_base.Executor):
    """Runs calls in at most `max_workers` threads, which are started as they are needed."""

    _numbers = itertools.count().__next__

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=(), **ctxkwargs):
        if ctxkwargs:
            raise TypeError("ThreadPoolExecutor.__init__() got an unexpected keyword argument %r" % next(iter(ctxkwargs)))
        if max_workers is None:
            max_workers = min(32, (getattr(os, "process_cpu_count", os.cpu_count)() or 1) + 4)
        if max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._max_workers = max_workers
        self._work_queue = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads = set()
        self._broken = False
        self._shutdown = False
        self._shutdown_lock = threading.Lock()
        self._thread_name_prefix = thread_name_prefix or "ThreadPoolExecutor-%d" % ThreadPoolExecutor._numbers()
        self._initializer = initializer
        self._initargs = initargs

    def submit(self, fn, /, *args, **kwargs):
        with self._shutdown_lock, _global_lock:
            if self._broken:
                raise BrokenThreadPool(self._broken)
            if self._shutdown:
                raise RuntimeError("cannot schedule new futures after shutdown")
            if _shutdown:
                raise RuntimeError("cannot schedule new futures after interpreter shutdown")
            future = _base.Future()
            self._work_queue.put(_WorkItem(future, fn, args, kwargs))
            self._adjust_thread_count()
            return future

    def _adjust_thread_count(self):
        if self._idle.acquire(timeout=0):
            return
        number = len(self._threads)
        if number >= self._max_workers:
            return
        work = self._work_queue

        def wake(_):
            work.put(None)

        thread = threading.Thread(name="%s_%d" % (self._thread_name_prefix, number), target=_work,
                                  args=(weakref.ref(self, wake), work, self._initializer, self._initargs))
        thread.start()
        self._threads.add(thread)
        _workers[thread] = work

    def _initializer_failed(self):
        with self._shutdown_lock:
            self._broken = "A thread initializer failed, the thread pool is not usable anymore"
            for item in self._drained():
                item.future.set_exception(BrokenThreadPool(self._broken))

    def _drained(self):
        while True:
            try:
                item = self._work_queue.get_nowait()
            except queue.Empty:
                return
            if item is not None:
                yield item

    def shutdown(self, wait=True, *, cancel_futures=False):
        with self._shutdown_lock:
            self._shutdown = True
            if cancel_futures:
                for item in self._drained():
                    item.future.cancel()
            self._work_queue.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
