import random
import support

collections = support.load("collections")
raises = support.raises
host = None if support.OWN else __import__("collections")


def test_namedtuple():
    Point = collections.namedtuple("Point", "x, y")
    point = Point(1, y=2)
    assert point == (1, 2) and point.x == 1 and point.y == 2 and repr(point) == "Point(x=1, y=2)"
    assert point._replace(x=5) == (5, 2) and point._asdict() == {"x": 1, "y": 2} and Point._make([3, 4]) == Point(3, 4)
    assert Point._fields == ("x", "y") == Point.__match_args__ and Point._field_defaults == {} and Point.__module__ == __name__
    assert Point.__doc__ == "Point(x, y)" and point.__getnewargs__() == (1, 2) and type(point) is Point
    assert raises(AttributeError, setattr, point, "x", 1) in ("can't set attribute", "property of 'Point' object has no setter")
    assert raises(TypeError, Point) == "Point.__new__() missing 2 required positional arguments: 'x' and 'y'"
    assert raises(TypeError, Point, 1) == "Point.__new__() missing 1 required positional argument: 'y'"
    assert raises(TypeError, Point, 1, 2, 3) == "Point.__new__() takes 3 positional arguments but 4 were given"
    assert raises(TypeError, Point, 1, z=2) == "Point.__new__() got an unexpected keyword argument 'z'"
    assert raises(TypeError, Point, 1, x=2) == "Point.__new__() got multiple values for argument 'x'"
    assert raises(TypeError, Point._make, [1]) == "Expected 2 arguments, got 1"
    Three = collections.namedtuple("Three", ["a", "b", "c"], defaults=[8, 9])
    assert Three(1) == (1, 8, 9) == Three(c=9, a=1) and Three._field_defaults == {"b": 8, "c": 9}
    assert raises(TypeError, Three, 1, 2, 3, 4) == "Three.__new__() takes from 2 to 4 positional arguments but 5 were given"
    assert raises(TypeError, collections.namedtuple("Some", "x y z")) == (
        "Some.__new__() missing 3 required positional arguments: 'x', 'y', and 'z'")
    assert collections.namedtuple("Some", "x _y class x", rename=True)._fields == ("x", "_1", "_2", "_3")
    for names, message in (("x x", "Encountered duplicate field name: 'x'"), ("class", "Type names and field names cannot be a keyword: 'class'"),
                           ("_x", "Field names cannot start with an underscore: '_x'"),
                           ("1", "Type names and field names must be valid identifiers: '1'")):
        assert raises(ValueError, collections.namedtuple, "Some", names) == message

    class Derived(Point):
        @property
        def sum(self):
            return self.x + self.y

    assert Derived(3, 4).sum == 7 and repr(Derived(3, 4)) == "Derived(x=3, y=4)" and type(Derived(1, 2)._replace(x=2)) is Derived
    assert collections.namedtuple("Nothing", "")() == ()


def test_counter():
    counter = collections.Counter("abracadabra")
    assert repr(counter) == "Counter({'a': 5, 'b': 2, 'r': 2, 'c': 1, 'd': 1})" and counter.most_common(1) == [("a", 5)]
    assert counter["z"] == 0 and "z" not in counter and counter.total() == 11 and sorted(counter.elements()) == sorted("abracadabra")
    del counter["nothing"]
    assert repr(collections.Counter()) == "Counter()" and collections.Counter(a=2, b=3) == collections.Counter({"b": 3, "a": 2})
    raises(NotImplementedError, collections.Counter.fromkeys, "ab")


def test_counters_like_the_host():
    if not host:
        return
    chooser = random.Random(6)

    def some():
        return dict([(chooser.choice("abcd"), chooser.randrange(-3, 5)) for _ in range(chooser.randrange(5))])

    for _ in range(1000):
        left, right = some(), some()
        pairs = [(collections.Counter(left), collections.Counter(right)), (host.Counter(left), host.Counter(right))]
        answers = []
        for a, b in pairs:
            answer = [dict(a + b), dict(a - b), dict(a | b), dict(a & b), dict(+a), dict(-a), a <= b, a < b, a >= b, a > b, a == b, a != b]
            answer.append(repr(a))
            for name in ("__iadd__", "__isub__", "__ior__", "__iand__"):
                answer.append(dict(getattr(a.copy(), name)(b)))
            a.update(b)
            answer.append(dict(a))
            a.subtract("abca")
            answer.append((dict(a), a.most_common(2)))
            answers.append(answer)
        assert answers[0] == answers[1], (left, right)


def test_user_types():
    chain = collections.ChainMap({"a": 1}, {"a": 2, "b": 3})
    assert chain["a"] == 1 and chain["b"] == 3 and len(chain) == 2 and dict(chain) == {"a": 1, "b": 3} and list(chain) == ["a", "b"]
    chain["b"] = 5
    assert chain.maps[0] == {"a": 1, "b": 5} and chain.parents["b"] == 3 and chain.new_child({"c": 1})["c"] == 1
    assert repr(chain) == "ChainMap({'a': 1, 'b': 5}, {'a': 2, 'b': 3})" and chain.get("z", 7) == 7
    assert raises(KeyError, chain.pop, "z") == '"Key not found in the first mapping: \'z\'"'

    class Own(collections.UserDict):
        def __missing__(self, key):
            return "missing " + key

    own = Own({"a": 1}, b=2)
    assert own["a"] == 1 and own["z"] == "missing z" and own == {"a": 1, "b": 2} and len(own) == 2 and own.pop("a") == 1
    assert repr(own) == "{'b': 2}" and own.copy() == own and isinstance(own.copy(), Own) and own.get("q") is None
    own.update(c=3)
    assert own | {"d": 4} == {"b": 2, "c": 3, "d": 4}
    values = collections.UserList([3, 1, 2])
    values.sort()
    assert values == [1, 2, 3] and values[1:] == [2, 3] and type(values[1:]) is collections.UserList and values + [4] == [1, 2, 3, 4]
    values.append(5)
    values.extend([6])
    assert values.pop() == 6 and values.index(5) == 3 and list(reversed(values)) == [5, 3, 2, 1] and repr(values * 2) == "[1, 2, 3, 5, 1, 2, 3, 5]"


def test_fallbacks_like_the_host():
    if not host or support.STANDARD:
        return
    own = support.load("_collections_in_python")
    chooser = random.Random(7)
    for _ in range(300):
        maxlen = chooser.choice([None, None, 0, 1, 3])
        pair = [own.deque("abc", maxlen), host.deque("abc", maxlen)]
        for _ in range(20):
            name, arguments = chooser.choice([("append", (1,)), ("appendleft", (2,)), ("pop", ()), ("popleft", ()), ("rotate", (chooser.randrange(-3, 4),)),
                                              ("extend", ("xy",)), ("extendleft", ("zw",)), ("remove", (1,)), ("insert", (1, 5)), ("index", (2,)),
                                              ("count", (1,)), ("reverse", ()), ("__getitem__", (1,)), ("__delitem__", (0,)), ("__len__", ())])
            answers = []
            for one in pair:
                try:
                    answers.append(getattr(one, name)(*arguments))
                except (IndexError, ValueError) as error:
                    answers.append(type(error).__name__ if name in ("remove", "index") else repr(error))
            assert answers[0] == answers[1] and repr(pair[0]) == repr(pair[1]) and list(pair[0]) == list(pair[1]), (name, answers, pair)
    table = own.defaultdict(list, a=[1])
    table["b"].append(2)
    assert repr(table) == "defaultdict(<class 'list'>, {'a': [1], 'b': [2]})" and type(table.copy()) is own.defaultdict
    raises(KeyError, lambda: own.defaultdict()["x"])
    ordered = own.OrderedDict([("a", 1), ("b", 2), ("c", 3)])
    ordered.move_to_end("a")
    ordered.move_to_end("c", last=False)
    assert list(ordered) == ["c", "b", "a"] and ordered.popitem() == ("a", 1) and ordered.popitem(last=False) == ("c", 3)
    assert ordered == {"b": 2} and own.OrderedDict([("a", 1), ("b", 2)]) != own.OrderedDict([("b", 2), ("a", 1)])


def test_abstract_classes():
    names = support.load("collections.abc")
    Mapping, MutableMapping, Sequence, Iterable, Iterator = names.Mapping, names.MutableMapping, names.Sequence, names.Iterable, names.Iterator
    assert isinstance({}, MutableMapping) and isinstance({}, Mapping) and not isinstance([], Mapping)
    assert isinstance([], names.MutableSequence) and isinstance("", Sequence) and isinstance((), Sequence) and not isinstance({}, Sequence)
    assert isinstance([], Iterable) and isinstance(iter([]), Iterator) and not isinstance([], Iterator) and not isinstance(5, Iterable)
    assert isinstance(5, names.Hashable) and not isinstance([], names.Hashable) and isinstance(len, names.Callable)
    assert isinstance({}.keys(), names.KeysView) and isinstance(set(), names.MutableSet) and isinstance(frozenset(), names.Set)
    assert isinstance((value for value in []), names.Generator) and isinstance([], names.Reversible) and isinstance("", names.Collection)
    assert not issubclass(frozenset, names.MutableSet) and issubclass(dict, names.Sized)

    class Half(Mapping):
        def __len__(self):
            return 0

        def __iter__(self):
            return iter(())

    text = raises(TypeError, Half)
    assert text in ("Can't instantiate abstract class Half without an implementation for abstract method '__getitem__'",
                    "Can't instantiate abstract class Half with abstract method __getitem__"), text

    class Whole(Half):
        def __getitem__(self, key):
            raise KeyError(key)

    assert Whole() == {} and Whole().get(1, 2) == 2 and 1 not in Whole() and list(Whole().items()) == [] and isinstance(Whole(), Mapping)

    class Bag(names.MutableSet):
        def __init__(self, items=()):
            self.items = []
            for item in items:
                self.add(item)

        def __contains__(self, item):
            return item in self.items

        def __iter__(self):
            return iter(self.items)

        def __len__(self):
            return len(self.items)

        def add(self, item):
            if item not in self.items:
                self.items.append(item)

        def discard(self, item):
            if item in self.items:
                self.items.remove(item)

    bag = Bag([1, 2, 3])
    assert bag & [2, 9] == {2} and bag | [4] == {1, 2, 3, 4} and bag - {1} == {2, 3} and bag ^ {3, 4} == {1, 2, 4} and bag > {1}
    bag |= [7]
    bag -= [1, 2]
    assert set(bag) == {3, 7} and bag.pop() == 3 and bag == {7}
    bag.clear()
    assert len(bag) == 0

    class Row(Sequence):
        def __getitem__(self, place):
            return [5, 6, 5][place]

        def __len__(self):
            return 3

    assert list(Row()) == [5, 6, 5] and Row().index(6) == 1 and Row().count(5) == 2 and 6 in Row() and list(reversed(Row())) == [5, 6, 5]


def test_abc():
    abc = support.load("abc")

    class Shape(abc.ABC):
        @abc.abstractmethod
        def area(self):
            pass

        @property
        @abc.abstractmethod
        def name(self):
            pass

    assert Shape.__abstractmethods__ == frozenset(["area", "name"])
    raises(TypeError, Shape)

    class Square(Shape):
        name = "square"

        def area(self):
            return 4

    assert Square().area() == 4 and Square.__abstractmethods__ == frozenset()

    class Stranger:
        pass

    assert not isinstance(Stranger(), Shape)
    assert Shape.register(Stranger) is Stranger
    assert isinstance(Stranger(), Shape) and issubclass(Stranger, Shape) and not issubclass(Stranger, Square)
    assert raises(TypeError, Shape.register, 5) == "Can only register classes"
    assert raises(RuntimeError, Square.register, Shape) == "Refusing to create an inheritance cycle"


def test_types():
    types = support.load("types")

    def generator():
        yield

    assert isinstance(generator, types.FunctionType) and isinstance(generator(), types.GeneratorType) and types.NoneType is type(None)
    assert types.ModuleType.__name__ in ("module", "_System") and isinstance(types.SimpleNamespace(a=1), types.SimpleNamespace)
    assert isinstance(generator.__code__, types.CodeType) and isinstance(len, types.BuiltinFunctionType)
    assert isinstance(types.__dict__ and type.__dict__, types.MappingProxyType) and isinstance("".join, types.BuiltinMethodType)

    def body(namespace):
        namespace["x"] = 5

    made = types.new_class("Made", (list,), {}, body)
    assert made.x == 5 and made.__bases__ == (list,) and made([1]) == [1]


if __name__ == "__main__":
    support.run(globals())
