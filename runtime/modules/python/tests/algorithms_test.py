import random as host_random
import support

heapq = support.load("heapq")
bisect = support.load("bisect")
random = support.load("random")
copy = support.load("copy")
string = support.load("string")
keyword = support.load("keyword")
raises = support.raises
on_host = not support.OWN


def test_heaps():
    chooser = host_random.Random(10)
    for _ in range(500):
        values = [chooser.randrange(20) for _ in range(chooser.randrange(15))]
        heap = values[:]
        heapq.heapify(heap)
        heapq.heappush(heap, 7)
        ordered = sorted(values + [7])
        assert heap[0] == ordered[0]
        assert heapq.heapreplace(heap, 9) == ordered[0]
        ordered = sorted(ordered[1:] + [9])
        assert heapq.heappushpop(heap, 5) == min(ordered + [5])
        ordered = sorted(ordered + [5])[1:]
        assert [heapq.heappop(heap) for _ in range(len(heap))] == ordered
        assert heapq.nsmallest(3, values) == sorted(values)[:3] and heapq.nlargest(3, values, key=lambda value: -value) == sorted(values)[:3]
        rows = [sorted([chooser.randrange(9) for _ in range(chooser.randrange(6))]) for _ in range(3)]
        assert list(heapq.merge(*rows)) == sorted(sum(rows, []))
        assert list(heapq.merge(*[row[::-1] for row in rows], reverse=True)) == sorted(sum(rows, []), reverse=True)
        if hasattr(heapq, "heapify_max"):
            heap = values[:]
            heapq.heapify_max(heap)
            heapq.heappush_max(heap, 7)
            ordered = sorted(values + [7], reverse=True)
            assert heapq.heapreplace_max(heap, 9) == ordered[0]
            ordered = sorted(ordered[1:] + [9], reverse=True)
            assert heapq.heappushpop_max(heap, 5) == max(ordered + [5])
            ordered = sorted(ordered + [5], reverse=True)[1:]
            assert [heapq.heappop_max(heap) for _ in range(len(heap))] == ordered
    raises(IndexError, heapq.heappop, [])


def test_heaps_like_the_host():
    if not on_host:
        return
    import heapq as host
    chooser = host_random.Random(11)
    for _ in range(500):
        ours = [chooser.randrange(20) for _ in range(chooser.randrange(15))]
        theirs = ours[:]
        heapq.heapify(ours)
        host.heapify(theirs)
        assert ours == theirs
        for _ in range(10):
            value = chooser.randrange(20)
            name = chooser.choice(["heappush", "heappushpop", "heapreplace"]) if ours else "heappush"
            assert getattr(heapq, name)(ours, value) == getattr(host, name)(theirs, value) and ours == theirs
        rows = [[(key, place) for key in sorted([chooser.randrange(4) for _ in range(4)])] for place in range(3)]
        assert list(heapq.merge(*rows, key=lambda row: row[0])) == list(host.merge(*rows, key=lambda row: row[0]))


def test_bisect():
    chooser = host_random.Random(12)
    for _ in range(1000):
        values = sorted([chooser.randrange(10) for _ in range(chooser.randrange(10))])
        x = chooser.randrange(10)
        left, right = bisect.bisect_left(values, x), bisect.bisect_right(values, x)
        assert all([value < x for value in values[:left]]) and all([value == x for value in values[left:right]]) and all([value > x for value in values[right:]])
        other = values[:]
        bisect.insort(other, x)
        assert other == sorted(values + [x])
        assert bisect.bisect([-value for value in values][::-1], -x, key=lambda value: value) == len(values) - left
    assert raises(ValueError, bisect.bisect, [], 1, -1) == "lo must be non-negative"


def test_random():
    one, two = random.Random(5), random.Random(5)
    assert [one.random() for _ in range(5)] == [two.random() for _ in range(5)]
    state = one.getstate()
    expected = [one.randrange(1000) for _ in range(5)]
    one.setstate(state)
    assert [one.randrange(1000) for _ in range(5)] == expected and random.Random("text").random() == random.Random("text").random()
    values = [one.random() for _ in range(2000)]
    assert all([0 <= value < 1 for value in values]) and 0.45 < sum(values) / 2000 < 0.55
    assert set([one.randint(1, 3) for _ in range(100)]) == {1, 2, 3} and set([one.choice("ab") for _ in range(50)]) == {"a", "b"}
    row = list(range(20))
    one.shuffle(row)
    assert sorted(row) == list(range(20)) and row != list(range(20))
    sample = one.sample(range(10), 4)
    assert len(set(sample)) == 4 and set(sample) <= set(range(10)) and len(one.choices("abc", [0, 1, 0], k=5)) == 5
    assert one.choices("abc", [0, 1, 0], k=5) == ["b"] * 5 and 0 <= one.getrandbits(5) < 32 and len(one.randbytes(5)) == 5
    assert raises(ValueError, one.sample, [1], 2) == "Sample larger than population or is negative"
    raises(ValueError, one.randrange, 0)
    raises(IndexError, one.choice, [])
    random.seed(1)
    first = random.random()
    random.seed(1)
    assert random.random() == first and 1 <= random.uniform(1, 2) <= 2


class Plain:
    def __init__(self, value):
        self.value = value


class Slotted:
    __slots__ = ("a", "b")


class Reduced:
    def __init__(self, a):
        self.a = a

    def __reduce__(self):
        return Reduced, (self.a,)


class Special(list):
    pass


def test_copy():
    for value in (None, 1, 1.5, "x", b"x", (1, [2]), int, len, range(3), frozenset([1])):
        assert copy.copy(value) is value
    inner = [1]
    for value in ([inner], {"a": inner}, {1}, Plain(inner), Reduced(inner), Special([inner])):
        other = copy.copy(value)
        assert other is not value and type(other) is type(value)
    assert copy.copy([inner])[0] is inner and copy.copy(Plain(inner)).value is inner
    deep = copy.deepcopy({"a": [inner, inner], "b": (inner, 1), "c": Plain(inner), "d": Reduced(inner), "e": Special([inner])})
    assert deep["a"][0] == inner and deep["a"][0] is not inner and deep["a"][0] is deep["a"][1] is deep["b"][0] is deep["c"].value is deep["d"].a is deep["e"][0]
    pair = (1, "x")
    assert copy.deepcopy(pair) is pair
    circle = [1]
    circle.append((circle,))
    other = copy.deepcopy(circle)
    assert other[1][0] is other and other is not circle
    thing = Plain(None)
    thing.value = thing
    assert copy.deepcopy(thing).value.value is not thing
    slotted = Slotted()
    slotted.a = inner
    assert copy.copy(slotted).a is inner and copy.deepcopy(slotted).a == inner and not hasattr(copy.copy(slotted), "b")

    class Own:
        def __copy__(self):
            return "copied"

        def __deepcopy__(self, memo):
            return "deeply"

        def __replace__(self, /, **changes):
            return changes

    assert copy.copy(Own()) == "copied" and copy.deepcopy([Own()]) == ["deeply"]
    if hasattr(copy, "replace"):
        assert copy.replace(Own(), a=1) == {"a": 1}
        assert raises(TypeError, copy.replace, 5, a=1) == "replace() does not support int objects"
    error = ValueError("x", 1)
    error.extra = inner
    other = copy.copy(error)
    assert other.args == error.args and other.extra is inner


class Number(int):
    pass


class Child(Slotted):
    __slots__ = ("__hidden", "c")

    def __init__(self):
        self.a, self.c, self.__hidden = 1, 2, 3


class Stateful:
    def __getnewargs__(self):
        return (5,)

    def __new__(cls, value):
        self = object.__new__(cls)
        self.value = value
        return self

    def __getstate__(self):
        return {"value": 6}


def test_recipes():
    copyreg = support.load("copyreg")
    number = Number(5)
    number.extra = 1
    table = type("Table", (dict,), {})(a=1)
    for thing in (Plain(3), Slotted(), number, Special([1, 2]), table, Child(), Stateful(5)):
        recipe = copyreg.reduced(thing) if hasattr(copyreg, "reduced") else thing.__reduce_ex__(2)
        if on_host:
            host = thing.__reduce_ex__(2)
            assert recipe[0].__name__ == host[0].__name__ and recipe[1:3] == host[1:3], (recipe, host)
            assert [part and list(part) for part in recipe[3:]] == [part and list(part) for part in host[3:5]], (recipe, host)
        other = copy.copy(thing)
        assert type(other) is type(thing) and other is not thing
    other = copy.deepcopy(number)
    assert other == 5 and other.extra == 1 and copy.copy(Child()).c == 2 and copy.copy(Stateful(5)).value == 6 and copy.copy(table) == {"a": 1}


def test_string_and_keyword():
    assert string.capwords("hello  big world") == "Hello Big World" and len(string.printable) == 100
    template = string.Template("$a ${b}c $$ $d")
    assert template.substitute(a=1, b=2, d=3) == "1 2c $ 3" and template.safe_substitute(a=1) == "1 ${b}c $ $d"
    raises(KeyError, template.substitute, a=1)
    assert raises(ValueError, string.Template("x\n $").substitute) == "Invalid placeholder in string: line 2, col 2"
    assert keyword.iskeyword("class") and not keyword.iskeyword("match") and keyword.issoftkeyword("match")


if __name__ == "__main__":
    support.run(globals())
