import random
import threading
import support

queue = support.load("queue")
raises = support.raises


def test_orders():
    for kind, expected in ((queue.Queue, [3, 1, 2]), (queue.LifoQueue, [2, 1, 3]), (queue.PriorityQueue, [1, 2, 3]), (queue.SimpleQueue, [3, 1, 2])):
        one = kind()
        for item in (3, 1, 2):
            one.put(item)
        assert one.qsize() == 3 and not one.empty()
        assert [one.get() for _ in range(3)] == expected and one.empty()
        raises("Empty", one.get, False)
        raises("Empty", one.get_nowait)
        raises("Empty", one.get, True, 0.01)
        assert raises(ValueError, one.get, True, -1) == "'timeout' must be a non-negative number"


def test_bound():
    one = queue.Queue(1)
    one.put(1)
    assert one.full()
    raises("Full", one.put, 2, False)
    raises("Full", one.put_nowait, 2)
    raises("Full", one.put, 2, True, 0.01)
    assert raises(ValueError, one.put, 2, True, -1) == "'timeout' must be a non-negative number"
    one.get()
    one.task_done()
    assert raises(ValueError, one.task_done) == "task_done() called too many times"
    one.join()


def test_producers_and_consumers():
    for kind in (lambda: queue.Queue(), lambda: queue.Queue(2), lambda: queue.SimpleQueue(), lambda: queue._PySimpleQueue(), lambda: queue.LifoQueue(3)):
        one, got = kind(), []

        def produce(name):
            for number in range(100):
                one.put((name, number))

        def consume():
            for _ in range(100):
                got.append(one.get(timeout=10))

        threads = [threading.Thread(target=produce, args=(name,)) for name in range(3)] + [threading.Thread(target=consume) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(got) == [(name, number) for name in range(3) for number in range(100)] and one.empty()


def test_join():
    one, done = queue.Queue(), []

    def work():
        for _ in range(10):
            done.append(one.get())
            one.task_done()

    for number in range(10):
        one.put(number)
    thread = threading.Thread(target=work)
    thread.start()
    one.join()
    assert done == list(range(10))
    thread.join()


def test_shutdown():
    if not hasattr(queue, "ShutDown"):
        return
    one = queue.Queue()
    seen = []

    def waiter():
        try:
            empty.get()
        except queue.ShutDown:
            seen.append("ShutDown")

    empty = queue.Queue()
    thread = threading.Thread(target=waiter)
    thread.start()
    empty.shutdown()
    thread.join()
    assert seen == ["ShutDown"]
    one.put("kept")
    one.shutdown()
    raises("ShutDown", one.put, "more")
    assert one.get() == "kept"
    raises("ShutDown", one.get)
    raises("ShutDown", one.get, False)
    one = queue.Queue()
    one.put(1)
    one.shutdown(immediate=True)
    raises("ShutDown", one.get)
    one.join()


if __name__ == "__main__":
    support.run(globals())
