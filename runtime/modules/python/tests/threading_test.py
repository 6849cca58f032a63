import contextvars
import sys
import support

threading = support.load("threading")
raises = support.raises


def in_thread(function):
    box = []
    thread = threading.Thread(target=lambda: box.append(function()))
    thread.start()
    thread.join()
    return box[0]


def test_life():
    go, runs = threading.Event(), []

    def body():
        go.wait(10)
        runs.append(threading.current_thread())

    thread = threading.Thread(target=body)
    assert repr(thread).endswith(" (body), initial)>"), repr(thread)
    assert thread.name.startswith("Thread-") and thread.ident is None and thread.native_id is None
    assert not thread.is_alive()
    assert raises(RuntimeError, thread.join) == "cannot join thread before it is started"
    thread.start()
    assert thread.is_alive() and thread in threading.enumerate() and threading.active_count() >= 2
    assert repr(thread).endswith(", started %d)>" % thread.ident)
    assert raises(RuntimeError, thread.start) == "threads can only be started once"
    assert raises(RuntimeError, setattr, thread, "daemon", True) == "cannot set daemon status of active thread"
    assert thread.join(0.01) is None and thread.join(-1) is None and thread.is_alive()
    go.set()
    assert thread.join() is None and thread.join(0.1) is None
    assert not thread.is_alive() and thread not in threading.enumerate() and runs == [thread]
    assert ", stopped " in repr(thread)
    assert not hasattr(thread, "_target")


def test_join_oneself():
    thread = threading.Thread(target=lambda: seen.append(raises(RuntimeError, threading.current_thread().join)))
    seen = []
    thread.start()
    thread.join()
    assert seen == ["cannot join current thread"]


def test_main_and_current():
    assert threading.current_thread() is threading.main_thread()
    assert threading.main_thread().name == "MainThread" and not threading.main_thread().daemon
    assert threading.main_thread().is_alive()
    assert repr(threading.main_thread()) == "<_MainThread(MainThread, started %d)>" % threading.get_ident()


def test_arguments():
    seen = []
    thread = threading.Thread(None, lambda *args, **kwargs: seen.append((args, kwargs)), "name", (1, 2), {"key": 3}, daemon=True)
    assert thread.name == "name" and thread.daemon and repr(thread) == "<Thread(name, initial daemon)>"
    thread.name = 5
    assert thread.name == "5"
    thread.start()
    thread.join()
    assert seen == [((1, 2), {"key": 3})]
    assert raises(AssertionError, threading.Thread, 5) == "group argument must be None for now"

    class Bare(threading.Thread):
        def __init__(self):
            pass

    assert raises(RuntimeError, Bare().start) == "thread.__init__() not called"
    assert raises(RuntimeError, Bare().join) == "Thread.__init__() not called"


def test_daemon_is_inherited():
    assert threading.Thread().daemon is False
    box = []
    thread = threading.Thread(target=lambda: box.append(threading.Thread().daemon), daemon=True)
    thread.start()
    thread.join()
    assert box == [True]


def test_excepthook():
    reports = []
    saved = threading.excepthook
    assert saved is threading.__excepthook__
    threading.excepthook = lambda arguments: reports.append((arguments.exc_type, str(arguments.exc_value), arguments.thread))
    try:
        def fail():
            raise KeyError("oh")
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        assert reports == [(KeyError, "'oh'", thread)]
    finally:
        threading.excepthook = saved
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()


def test_context():
    if not hasattr(sys.flags, "thread_inherit_context") and support.STANDARD:
        return
    variable = contextvars.ContextVar("variable", default="default")
    variable.set("parent")

    def seen(**arguments):
        box = []
        thread = threading.Thread(target=lambda: box.append(variable.get()), **arguments)
        thread.start()
        thread.join()
        return box[0]

    if sys.version_info < (3, 14):
        assert raises(TypeError, threading.Thread, context=None).endswith("got an unexpected keyword argument 'context'")
        assert seen() == "default"
        return
    if not support.OWN and not support.STANDARD:
        support.flags["thread_inherit_context"] = 1
        assert seen() == seen(context=None) == "parent"
        support.flags["thread_inherit_context"] = 0
    if not getattr(sys.flags, "thread_inherit_context", 0):
        assert seen() == "default"
    else:
        assert seen() == "parent"
    assert seen(context=contextvars.copy_context()) == "parent"
    assert seen(context=contextvars.Context()) == "default"


def test_condition():
    condition = threading.Condition()
    assert raises(RuntimeError, condition.wait, 0.01) == "cannot wait on un-acquired lock"
    assert raises(RuntimeError, condition.notify) == "cannot notify on un-acquired lock"
    assert raises(RuntimeError, condition.notify_all) == "cannot notify on un-acquired lock"
    with condition:
        assert condition.wait(0.01) is False and condition.wait(0) is False and condition.wait(-1) is False
        assert condition.wait_for(lambda: [], 0.01) == []
        assert condition.wait_for(lambda: "true", 0.01) == "true"
        assert ", 0)>" in repr(condition) and repr(condition).startswith("<Condition(<locked ")
    plain = threading.Condition(threading.Lock())
    box = []

    def body():
        with plain:
            while not box:
                plain.wait()
            box.append("seen")

    threads = [threading.Thread(target=body) for _ in range(3)]
    for thread in threads:
        thread.start()
    with plain:
        box.append("news")
        plain.notify_all()
    for thread in threads:
        thread.join()
    assert box == ["news", "seen", "seen", "seen"]


def test_notify_wakes_so_many():
    condition, woken, waiting = threading.Condition(), [], threading.Semaphore(0)
    done = threading.Semaphore(0)

    def body():
        with condition:
            waiting.release()
            condition.wait(10)
            woken.append(1)
        done.release()

    threads = [threading.Thread(target=body) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in threads:
        waiting.acquire()
    seen = []
    for number in (1, 2, 5):
        with condition:
            condition.notify(number)
        for _ in range(min(number, 4 - len(seen and [1] * seen[-1]))):
            done.acquire()
        with condition:
            seen.append(len(woken))
    assert seen == [1, 3, 4]
    for thread in threads:
        thread.join()


def test_event():
    event = threading.Event()
    assert repr(event) == "<threading.Event at %#x: unset>" % id(event)
    assert event.wait(0.01) is False and not event.is_set()
    thread = threading.Thread(target=event.set)
    thread.start()
    assert event.wait(10) is True and event.is_set() and event.wait() is True
    thread.join()
    assert repr(event) == "<threading.Event at %#x: set>" % id(event)
    event.clear()
    assert event.wait(0) is False


def test_semaphores():
    semaphore = threading.Semaphore(2)
    assert repr(semaphore) == "<threading.Semaphore at %#x: value=2>" % id(semaphore)
    assert [semaphore.acquire(False) for _ in range(3)] == [True, True, False]
    assert semaphore.acquire(timeout=0.01) is False
    assert raises(ValueError, semaphore.acquire, False, 1) == "can't specify timeout for non-blocking acquire"
    assert raises(ValueError, semaphore.release, 0) == "n must be one or more"
    semaphore.release(3)
    assert [semaphore.acquire(False) for _ in range(4)] == [True, True, True, False]
    assert raises(ValueError, threading.Semaphore, -1) == "semaphore initial value must be >= 0"
    bounded = threading.BoundedSemaphore(2)
    with bounded:
        assert repr(bounded) == "<threading.BoundedSemaphore at %#x: value=1/2>" % id(bounded)
    assert raises(ValueError, bounded.release) == "Semaphore released too many times"


def test_barrier():
    barrier = threading.Barrier(3, action=lambda: log.append("action"))
    log = []
    assert repr(barrier) == "<threading.Barrier at %#x: waiters=0/3>" % id(barrier)

    def body():
        for _ in range(10):
            numbers.append(barrier.wait(10))

    numbers = []
    threads = [threading.Thread(target=body) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [0] * 10 + [1] * 10 + [2] * 10 and log == ["action"] * 10
    assert barrier.parties == 3 and barrier.n_waiting == 0 and not barrier.broken
    raises("BrokenBarrierError", barrier.wait, 0.01)
    assert barrier.broken and repr(barrier) == "<threading.Barrier at %#x: broken>" % id(barrier)
    raises("BrokenBarrierError", barrier.wait)
    barrier.reset()
    assert not barrier.broken
    barrier.abort()
    raises("BrokenBarrierError", barrier.wait)

    waiting = threading.Barrier(2)
    seen = []

    def wait():
        try:
            waiting.wait(10)
        except threading.BrokenBarrierError:
            seen.append("broken")

    thread = threading.Thread(target=wait)
    thread.start()
    while not waiting.n_waiting:
        pass
    waiting.reset()
    thread.join()
    assert seen == ["broken"] and not waiting.broken

    failing = threading.Barrier(1, action=lambda: 1 // 0)
    raises(ZeroDivisionError, failing.wait)
    assert failing.broken


def test_timer():
    calls = []
    timer = threading.Timer(0.01, lambda *args, **kwargs: calls.append((args, kwargs)), [1], {"a": 2})
    timer.start()
    timer.join()
    assert calls == [((1,), {"a": 2})]
    timer = threading.Timer(10, calls.clear)
    timer.start()
    timer.cancel()
    timer.join()
    assert len(calls) == 1


def test_local():
    storage = threading.local()
    storage.value = "main"
    assert in_thread(lambda: hasattr(storage, "value")) is False
    assert storage.value == "main"


def test_dummy_thread():
    import _thread
    box, done = [], threading.Event()

    def body():
        thread = threading.current_thread()
        box.append((type(thread).__name__, thread.name[:6], thread.is_alive(), thread.daemon))
        box.append(raises(RuntimeError, thread.join) in ("cannot join current thread", "cannot join a dummy thread"))
        done.set()

    _thread.start_new_thread(body, ())
    done.wait(10)
    assert box == [("_DummyThread", "Dummy-", True, True), True]
    for _ in range(100000):
        if not [thread for thread in threading.enumerate() if "Dummy" in thread.name]:
            break
    else:
        raise AssertionError("a dummy thread outlived its thread")


def test_many_starts_of_one_thread():
    if support.STANDARD:
        return  # there a start that comes second may disturb the first
    for _ in range(50):
        runs, refused = [], []
        thread = threading.Thread(target=runs.append, args=(1,))

        def starter():
            try:
                thread.start()
            except RuntimeError:
                refused.append(1)

        starters = [threading.Thread(target=starter) for _ in range(3)]
        for one in starters:
            one.start()
        for one in starters:
            one.join()
        thread.join()
        assert runs == [1]


def test_hooks_are_kept():
    threading.settrace(test_timer)
    assert threading.gettrace() is test_timer
    threading.settrace(None)
    threading.setprofile(None)
    assert threading.getprofile() is None


def test_shutdown():
    if support.OWN or support.STANDARD:
        return
    calls, go = [], threading.Event()
    threading._register_atexit(calls.append, 1)
    threading._register_atexit(go.set)
    thread = threading.Thread(target=go.wait)
    thread.start()
    threading._shutdown()
    assert calls == [1] and not thread.is_alive()
    assert raises(RuntimeError, threading._register_atexit, int) == "can't register atexit after shutdown"


if __name__ == "__main__":
    last = test_shutdown
    del test_shutdown
    support.run(globals())
    last()
