import support

functools = support.load("functools")
raises = support.raises


def test_wraps():
    def wrapped(a):
        """Doc."""
    wrapped.extra = 1

    @functools.wraps(wrapped)
    def wrapper():
        pass

    assert wrapper.__name__ == "wrapped" and wrapper.__doc__ == "Doc." and wrapper.extra == 1 and wrapper.__wrapped__ is wrapped
    assert wrapper.__qualname__ == wrapped.__qualname__ and wrapper.__module__ == __name__

    class Without:
        def __call__(self):
            pass

    functools.update_wrapper(wrapper, Without())
    assert wrapper.__name__ == "wrapped"


def test_partial_and_reduce():
    function = functools.partial(int, base=2)
    assert function("101") == 5 and function.keywords == {"base": 2} and function.func is int
    assert functools.partial(function, "11")() == 3
    assert functools.reduce(lambda a, b: a + b, [1, 2, 3], 10) == 16
    assert sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)) == [3, 2, 1]


def test_partialmethod():
    class Cell:
        alive = False

        def set_state(self, state, other=None):
            self.alive = (state, other)

        set_alive = functools.partialmethod(set_state, True)
        set_dead = functools.partialmethod(set_alive, other=1)

        @classmethod
        def name(cls, text):
            return cls.__name__ + text

        named = functools.partialmethod(name, "!")

    cell = Cell()
    cell.set_alive()
    assert cell.alive == (True, None)
    cell.set_dead()
    assert cell.alive == (True, 1)
    cell.set_alive(other=5)
    assert cell.alive == (True, 5) and Cell.named() == "Cell!" and cell.named() == "Cell!"
    Cell.set_alive(cell, 7)
    assert cell.alive == (True, 7)


def test_total_ordering():
    for root in ("__lt__", "__le__", "__gt__", "__ge__"):
        def compare(self, other, root=root):
            if not isinstance(other, Number):
                return NotImplemented
            return getattr(int, root)(self.value, other.value)

        class Number:
            def __init__(self, value):
                self.value = value

            def __eq__(self, other):
                return self.value == other.value

        setattr(Number, root, compare)
        functools.total_ordering(Number)
        for a in range(3):
            for b in range(3):
                x, y = Number(a), Number(b)
                assert ((x < y), (x <= y), (x > y), (x >= y)) == (a < b, a <= b, a > b, a >= b)
        raises(TypeError, lambda: Number(1) < 5)
        assert Number.__ge__(Number(1), 5) is NotImplemented

    class Nothing:
        pass

    assert raises(ValueError, functools.total_ordering, Nothing) == "must define at least one ordering operation: < > <= >="


def test_caches():
    calls = []

    @functools.lru_cache(maxsize=2)
    def double(x, y=0):
        calls.append(x)
        return 2 * x + y

    assert [double(1), double(2), double(1), double(3), double(2), double(1, y=5)] == [2, 4, 2, 6, 4, 7]
    assert calls == [1, 2, 3, 2, 1]
    assert repr(double.cache_info()) == "CacheInfo(hits=1, misses=5, maxsize=2, currsize=2)"
    assert double.cache_parameters() == {"maxsize": 2, "typed": False} and double.__wrapped__(4) == 8
    double.cache_clear()
    assert tuple(double.cache_info()) == (0, 0, 2, 0)

    @functools.lru_cache
    def plain(x):
        return x

    assert plain.cache_parameters()["maxsize"] == 128

    @functools.cache
    def forever(x):
        return x

    assert forever(3) == 3 and forever.cache_info().maxsize is None
    assert raises(TypeError, functools.lru_cache, "x") == "Expected first argument to be an integer, a callable, or None"


def test_cached_property():
    calls = []

    class Thing:
        @functools.cached_property
        def value(self):
            """Doc."""
            calls.append(1)
            return 5

    thing = Thing()
    assert thing.value == 5 and thing.value == 5 and calls == [1] and thing.__dict__ == {"value": 5}
    assert Thing.value.__doc__ == "Doc."
    del thing.value
    assert thing.value == 5 and calls == [1, 1]

    class Slotted:
        __slots__ = ()
        value = functools.cached_property(lambda self: 1)

    assert raises(TypeError, lambda: Slotted().value) == "No '__dict__' attribute on 'Slotted' instance to cache 'value' property."
    loose = functools.cached_property(lambda self: 1)
    Thing.loose = loose
    assert raises(TypeError, lambda: thing.loose) == "Cannot use cached_property instance without calling __set_name__ on it."


def test_singledispatch():
    @functools.singledispatch
    def describe(thing, more=""):
        return "thing" + more

    @describe.register(int)
    def _(thing, more=""):
        return "int" + more

    @describe.register
    def _(thing: list, more=""):
        return "list" + more

    describe.register(str, lambda thing, more="": "str")
    assert [describe(1, "!"), describe(True), describe([]), describe("x"), describe(1.5)] == ["int!", "int", "list", "str", "thing"]
    assert describe.dispatch(bool)(1) == "int" and describe.registry[int](1) == "int"
    assert raises(TypeError, describe) == "describe requires at least 1 positional argument"

    class Formatter:
        @functools.singledispatchmethod
        def format(self, thing):
            return "thing"

        @format.register(int)
        def _(self, thing):
            return "int"

    assert Formatter().format(1) == "int" and Formatter().format("x") == "thing"


if __name__ == "__main__":
    support.run(globals())
