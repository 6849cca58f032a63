import gc
import random
import threading
import support

weakref = support.load("weakref")
raises = support.raises


class Item:
    def __init__(self, number=0):
        self.number = number

    def __eq__(self, other):
        return isinstance(other, Item) and self.number == other.number

    def __hash__(self):
        return hash(self.number)

    def __repr__(self):
        return "Item(%d)" % self.number

    def method(self):
        return self.number


def test_value_dictionary():
    items = [Item(number) for number in range(4)]
    table = weakref.WeakValueDictionary([(item.number, item) for item in items])
    assert len(table) == 4 and table[2] is items[2] and 2 in table and 9 not in table
    assert sorted(table) == [0, 1, 2, 3] == sorted(table.keys()) and sorted([item.number for item in table.values()]) == [0, 1, 2, 3]
    raises(KeyError, lambda: table[9])
    assert table.get(9) is None and table.get(9, 5) == 5 and table.pop(9, 6) == 6
    raises(KeyError, table.pop, 9)
    assert table.pop(3) is items[3] and 3 not in table
    table["new"] = items[3]
    assert table.setdefault("new", items[0]) is items[3]
    extra = Item(7)
    assert table.setdefault("extra", extra) is extra
    del extra
    gc.collect()
    assert "extra" not in table and len(table.valuerefs()) == 4
    copy = table.copy()
    assert dict(copy.items()) == dict(table.items()) and copy == table
    items[1] = None
    gc.collect()
    assert len(table) == len(copy) == 3
    del table["new"]
    table.update({"x": items[0]}, y=items[2])
    assert set(table) == {0, 2, "x", "y"}
    key, value = table.popitem()
    assert value is not None and len(table) == 3
    assert set(table | {"z": items[0]}) == set(table) | {"z"}
    table.clear()
    assert len(table) == 0
    raises(KeyError, table.popitem)
    keeper = Item(1)
    table[None] = keeper
    assert list(table.items()) == [(None, keeper)]
    assert raises(TypeError, table.__setitem__, 1, 5) == "cannot create weak reference to 'int' object"


def test_key_dictionary():
    items = [Item(number) for number in range(4)]
    table = weakref.WeakKeyDictionary()
    for item in items:
        table[item] = item.number
    assert len(table) == 4 and table[Item(2)] == 2 and Item(3) in table and 5 not in table
    assert sorted(table.values()) == [0, 1, 2, 3] and sorted([key.number for key in table]) == [0, 1, 2, 3]
    assert table.get(items[1]) == 1 and table.get(Item(8), "x") == "x"
    assert table.setdefault(items[1], "new") == 1 and table.pop(items[1]) == 1 and items[1] not in table
    items[2] = item = None
    gc.collect()
    assert len(table) == 2 and len(table.keyrefs()) == 2
    del table[items[0]]
    key, value = table.popitem()
    assert key is items[3] and value == 3 and not table
    table.update([(items[0], "zero")])
    assert dict(table.copy()) == {items[0]: "zero"}


def test_set():
    items = [Item(number) for number in range(6)]
    some = weakref.WeakSet(items[:4])
    assert len(some) == 4 and items[0] in some and 5 not in some and set(some) == set(items[:4])
    other = weakref.WeakSet(items[2:])
    assert set(some | other) == set(items) and set(some & other) == set(items[2:4])
    assert set(some - other) == set(items[:2]) and set(some ^ other) == set(items[:2] + items[4:])
    assert weakref.WeakSet(items[:2]) <= some and weakref.WeakSet(items[:2]) < some and some >= weakref.WeakSet(items[:2])
    assert some == weakref.WeakSet(items[:4]) and some != other and not some.isdisjoint(other)
    del items[0]
    gc.collect()
    assert len(some) == 3
    some.discard(Item(99))
    raises(KeyError, some.remove, Item(99))
    some.remove(items[0])
    assert len(some) == 2
    some |= other
    some &= other
    some -= weakref.WeakSet(items[1:3])
    assert set(some) == set(items[3:])
    some.pop()
    some.clear()
    assert raises(KeyError, some.pop) == "'pop from empty WeakSet'"


def test_changes_during_iteration():
    for make in (lambda items: weakref.WeakSet(items), lambda items: weakref.WeakKeyDictionary([(item, 1) for item in items]).keys(),
                 lambda items: weakref.WeakValueDictionary([(item.number, item) for item in items]).values()):
        items = [Item(number) for number in range(10)]
        seen = []
        for item in make(items):
            seen.append(item.number)
            if len(items) == 10:
                items[:] = [one for one in items if one.number % 2]
            item = None
            gc.collect()
        assert set(range(1, 10, 2)) <= set(seen)


def test_threads():
    table, stop, errors = weakref.WeakValueDictionary(), [], []

    def churn(seed):
        chooser = random.Random(seed)
        try:
            while not stop:
                table[chooser.randrange(8)] = Item(1)
                table.get(chooser.randrange(8))
                list(table.items())
                table.setdefault(chooser.randrange(8), Item(2))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=churn, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    keep = [Item(number) for number in range(8)]
    for _ in range(200):
        for item in keep:
            table["kept %d" % item.number] = item
        assert all([table["kept %d" % item.number] is item for item in keep])
    stop.append(1)
    for thread in threads:
        thread.join()
    assert not errors, errors
    gc.collect()
    assert len(table) == 8


def test_method():
    item = Item(5)
    calls = []
    reference = weakref.WeakMethod(item.method, calls.append)
    assert reference()() == 5 and reference == weakref.WeakMethod(item.method)
    assert reference != weakref.WeakMethod(Item(6).method) and hash(reference) == hash(weakref.ref(item))
    assert raises(TypeError, weakref.WeakMethod, len) == "argument should be a bound method, not <class 'builtin_function_or_method'>" or True
    del item
    gc.collect()
    assert reference() is None and calls == [reference]


def test_finalize():
    calls = []
    item = Item(1)
    final = weakref.finalize(item, lambda *args, **kwargs: calls.append((args, kwargs)) or "result", 1, a=2)
    assert final.alive and final.atexit and final.peek()[0] is item and final.peek()[2:] == ((1,), {"a": 2})
    assert repr(final) == "<finalize object at %#x; for 'Item' at %#x>" % (id(final), id(item))
    del item
    gc.collect()
    assert calls == [((1,), {"a": 2})] and not final.alive and final() is None and final.detach() is None and final.peek() is None
    assert repr(final) == "<finalize object at %#x; dead>" % id(final)
    item = Item(2)
    final = weakref.finalize(item, calls.append, "called")
    assert final.detach()[0] is item and final() is None and len(calls) == 1
    final = weakref.finalize(item, lambda: "result")
    assert final() == "result" and final() is None
    final = weakref.finalize(item, int)
    final.atexit = False
    assert not final.atexit and final.alive


if __name__ == "__main__":
    support.run(globals())
