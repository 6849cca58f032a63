import random
import support

operator = support.load("operator")
raises = support.raises


class Empty:
    pass


def pure():
    """The module as it is where `_operator` has nothing to offer."""
    if support.OWN or support.STANDARD:
        return operator
    import types
    support.modules["_operator"] = types.ModuleType("_operator")
    support.modules.pop("operator", None)
    return support.load("operator")


def test_like_the_operators():
    chooser = random.Random(5)
    module = pure()
    binary = {"add": "a + b", "sub": "a - b", "mul": "a * b", "floordiv": "a // b", "truediv": "a / b", "mod": "a % b", "and_": "a & b",
              "or_": "a | b", "xor": "a ^ b", "lshift": "a << b", "rshift": "a >> b", "lt": "a < b", "le": "a <= b", "eq": "a == b",
              "ne": "a != b", "gt": "a > b", "ge": "a >= b", "pow": "a ** b", "is_": "a is b", "is_not": "a is not b"}
    for name, text in binary.items():
        for _ in range(20):
            a, b = chooser.randrange(-50, 50), chooser.randrange(1, 20)
            assert getattr(module, name)(a, b) == eval(text), name
            if "i" + name.rstrip("_") in module.__all__:
                assert getattr(module, "i" + name.rstrip("_"))(a, b) == eval(text), name
    assert module.not_(0) is True and module.truth([]) is False and module.neg(3) == -3 and module.pos(-3) == -3
    assert module.inv(5) == -6 and module.invert(5) == -6 and module.abs(-2) == 2 and module.index(True) == 1
    assert module.concat([1], [2]) == [1, 2] and module.contains([1], 1) and module.countOf([1, 2, 1], 1) == 2
    assert module.indexOf([4, 5], 5) == 1 and module.getitem({"a": 1}, "a") == 1 and module.call(max, 1, 2) == 2
    values = [1, 2]
    module.setitem(values, 0, 5)
    module.delitem(values, 1)
    assert values == [5] and module.iconcat(values, [6]) is values and values == [5, 6]
    assert raises(ValueError, module.indexOf, [], 1) == "sequence.index(x): x not in sequence"
    assert raises(TypeError, module.index, 1.5) == "'float' object cannot be interpreted as an integer"


def test_getters():
    module = pure()
    thing = Empty()
    thing.a = Empty()
    thing.a.b = 5
    assert module.attrgetter("a.b")(thing) == 5 and module.attrgetter("a.b", "a")(thing) == (5, thing.a)
    assert module.itemgetter(1)("abc") == "b" and module.itemgetter(1, 0)("abc") == ("b", "a")
    assert module.methodcaller("split", ",", maxsplit=1)("a,b,c") == ["a", "b,c"]
    assert repr(module.attrgetter("a", "b.c")) == "operator.attrgetter('a', 'b.c')"
    assert repr(module.itemgetter(1, "x")) == "operator.itemgetter(1, 'x')"
    assert repr(module.methodcaller("m", 1, b=2)) == "operator.methodcaller('m', 1, b=2)"
    assert raises(TypeError, module.attrgetter, 5) == "attribute name must be a string"
    assert raises(TypeError, module.methodcaller, 5) == "method name must be a string"


def test_length_hint():
    module = pure()

    class Hint:
        def __init__(self, value):
            self.value = value

        def __length_hint__(self):
            return self.value

    assert module.length_hint([1, 2]) == 2 and module.length_hint(iter([1, 2, 3])) == 3 and module.length_hint(Hint(7)) == 7
    assert module.length_hint(5, 9) == 9 and module.length_hint(Hint(NotImplemented), 4) == 4
    assert raises(ValueError, module.length_hint, Hint(-1)) == "__length_hint__() should return >= 0"
    assert raises(TypeError, module.length_hint, Hint("x")) == "__length_hint__ must be an integer, not str"


if __name__ == "__main__":
    support.run(globals())
