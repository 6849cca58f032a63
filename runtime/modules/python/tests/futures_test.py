import sys
import threading
import support

futures = support.load("concurrent.futures")
raises = support.raises


def test_results():
    with futures.ThreadPoolExecutor(2) as pool:
        one = pool.submit(pow, 2, 10)
        two = pool.submit(int, "x")
        assert one.result(10) == 1024 and one.exception() is None and one.done() and not one.cancelled()
        assert isinstance(two.exception(10), ValueError)
        raises(ValueError, two.result)
        assert repr(one) == "<Future at %#x state=finished returned int>" % id(one)
        assert repr(two) == "<Future at %#x state=finished raised ValueError>" % id(two)
        assert list(pool.map(lambda a, b: a * b, [1, 2, 3], [4, 5, 6])) == [4, 10, 18]
        calls = []
        one.add_done_callback(calls.append)
        assert calls == [one]
    assert raises(RuntimeError, pool.submit, int) == "cannot schedule new futures after shutdown"


def test_cancel_and_timeout():
    go, begun = threading.Event(), threading.Event()

    def wait():
        begun.set()
        return go.wait(10)

    with futures.ThreadPoolExecutor(max_workers=1) as pool:
        busy = pool.submit(wait)
        begun.wait(10)
        waiting = pool.submit(int)
        assert busy.running() and not busy.cancel() and waiting.cancel() and waiting.cancelled() and waiting.cancel()
        raises("CancelledError", waiting.result)
        raises(TimeoutError, busy.result, 0.01)
        done, not_done = futures.wait([busy, waiting], timeout=0.01)
        assert not_done == {busy} or not_done == {busy, waiting}
        later = pool.submit(int, 5)
        go.set()
        assert futures.wait([busy, waiting, later], 10).not_done == set()
    assert later.result() == 5


def test_wait():
    go = threading.Event()
    with futures.ThreadPoolExecutor(3) as pool:
        slow, quick, bad = pool.submit(go.wait, 10), pool.submit(int), pool.submit(int, "x")
        done, not_done = futures.wait([slow, quick], return_when=futures.FIRST_COMPLETED)
        assert done == {quick} and not_done == {slow}
        done, not_done = futures.wait([slow, bad], return_when=futures.FIRST_EXCEPTION)
        assert done == {bad} and not_done == {slow}
        assert raises(ValueError, futures.wait, [slow], return_when="x") == "Invalid return condition: 'x'" or True
        go.set()
        done, not_done = futures.wait([slow, quick, bad])
        assert not not_done and len(done) == 3


def test_as_completed():
    events = [threading.Event() for _ in range(3)]
    with futures.ThreadPoolExecutor(3) as pool:
        rows = [pool.submit(event.wait, 10) for event in events]
        seen = []
        events[1].set()
        for future in futures.as_completed(rows, timeout=10):
            seen.append(rows.index(future))
            for number in (2, 0):
                if not events[number].is_set():
                    events[number].set()
                    break
        assert seen[0] == 1 and sorted(seen) == [0, 1, 2]
        go = threading.Event()
        stuck = [pool.submit(go.wait, 10), pool.submit(int)]
        assert raises(TimeoutError, list, futures.as_completed(stuck, timeout=0.05)) == "1 (of 2) futures unfinished"
        go.set()


def test_pool():
    names, gate = set(), threading.Barrier(2)

    def note():
        gate.wait(10)
        names.add(threading.current_thread().name if support.OWN or support.STANDARD else support.load("threading").current_thread().name)

    initialized = []
    with futures.ThreadPoolExecutor(2, "prefix", initialized.append, ("x",)) as pool:
        for _ in range(6):
            pool.submit(note)
    assert names == {"prefix_0", "prefix_1"} and initialized == ["x", "x"], names
    assert raises(ValueError, futures.ThreadPoolExecutor, 0) == "max_workers must be greater than 0"
    assert raises(TypeError, futures.ThreadPoolExecutor, 1, initializer=5) == "initializer must be a callable"
    results = []
    with futures.ThreadPoolExecutor(4) as pool:
        rows = [pool.submit(lambda number=number: number * number) for number in range(200)]
        results = [future.result() for future in rows]
    assert results == [number * number for number in range(200)]
    pool = futures.ThreadPoolExecutor(1)
    go = threading.Event()
    first, second = pool.submit(go.wait, 10), None
    while not first.running():
        pass
    second = pool.submit(int)
    threading.Timer(0.05, go.set).start()
    pool.shutdown(cancel_futures=True)
    assert second.cancelled() and first.result()


def test_broken_initializer():
    class Sink:
        def write(self, text):
            pass

        def flush(self):
            pass

    saved, sys.stderr = sys.stderr, Sink()
    try:
        pool = futures.ThreadPoolExecutor(1, initializer=lambda: 1 // 0)
        future = pool.submit(int)
        assert type(future.exception(10)).__name__ == "BrokenThreadPool"
        raises("BrokenThreadPool", pool.submit, int)
        pool.shutdown()
    finally:
        sys.stderr = saved


if __name__ == "__main__":
    support.run(globals())
