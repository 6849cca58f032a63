import sys
import support

enum = support.load("enum")
traceback = support.load("traceback")
inspect = support.load("inspect")
importlib = support.load("importlib")
util = support.load("importlib.util")
raises = support.raises


def test_enum():
    class Color(enum.Enum):
        RED = 1
        GREEN = 2
        CRIMSON = 1

        def shout(self):
            return self.name + "!"

        @property
        def double(self):
            return self.value * 2

    assert repr(Color.RED) == "<Color.RED: 1>" and str(Color.RED) == "Color.RED" and Color(1) is Color.RED and Color["GREEN"] is Color.GREEN
    assert list(Color) == [Color.RED, Color.GREEN] and Color.CRIMSON is Color.RED and len(Color) == 2 and repr(Color) == "<enum 'Color'>"
    assert dict(Color.__members__) == {"RED": Color.RED, "GREEN": Color.GREEN, "CRIMSON": Color.RED} and Color.RED.shout() == "RED!"
    assert Color.GREEN.double == 4 and isinstance(Color.RED, Color) and Color.RED in Color and Color.RED != Color.GREEN and {Color.RED: 1}[Color.RED] == 1
    assert raises(ValueError, Color, 9).endswith("9 is not a valid test_enum.<locals>.Color") or raises(ValueError, Color, 9) == "9 is not a valid Color"
    raises(KeyError, lambda: Color["BLUE"])
    assert raises(AttributeError, setattr, Color, "RED", 5) in ("cannot reassign member 'RED'",)
    raises(TypeError, lambda: Color.RED < Color.GREEN)

    class Number(enum.IntEnum):
        ONE = enum.auto()
        TWO = enum.auto()
        TEN = 10
        ELEVEN = enum.auto()

    assert [int(one) for one in Number] == [1, 2, 10, 11] and Number.TWO + 1 == 3 and Number.ONE < Number.TWO and repr(Number.ONE) == "<Number.ONE: 1>"
    assert str(Number.ONE) == "1" and "%d" % Number.TEN == "10" and "{}".format(Number.TWO) == "2" and Number(10) is Number.TEN and Number.ONE == 1

    class Word(enum.StrEnum):
        HELLO = enum.auto()
        OTHER = "else"

    assert Word.HELLO == "hello" and str(Word.OTHER) == "else" and repr(Word.OTHER) == "<Word.OTHER: 'else'>"

    class Mixed(str, enum.Enum):
        A = "a"

    assert Mixed.A == "a" and repr(Mixed.A) == "<Mixed.A: 'a'>" and str(Mixed.A) == "Mixed.A" and Mixed("a") is Mixed.A

    class Planet(enum.Enum):
        EARTH = (1, 2)

        def __init__(self, mass, radius):
            self.mass, self.radius = mass, radius

        @classmethod
        def _missing_(cls, value):
            return cls.EARTH if value == "home" else None

    assert Planet.EARTH.mass == 1 and Planet.EARTH.value == (1, 2) and Planet("home") is Planet.EARTH
    Animal = enum.Enum("Animal", "CAT DOG")
    assert Animal.DOG.value == 2 and Animal.__module__ == __name__

    def duplicates():
        @enum.unique
        class Twice(enum.Enum):
            A = 1
            B = 1

    assert raises(ValueError, duplicates) == "duplicate values found in <enum 'Twice'>: B -> A"

    def extend():
        class More(Color):
            pass

    assert raises(TypeError, extend) == "<enum 'More'> cannot extend <enum 'Color'>"
    if not support.OWN:
        copy = support.load("copy")
        assert copy.deepcopy([Color.RED])[0] is Color.RED


def failing(depth):
    if depth:
        return failing(depth - 1)
    try:
        raise KeyError("inner")
    except KeyError as error:
        if depth is None:
            raise ValueError("outer") from error
        raise ValueError("outer")


def _without_carets(text):
    return [line for line in text.splitlines() if line.strip("^~ ") or not line.strip()]


def test_traceback():
    try:
        failing(8)
    except ValueError:
        text = traceback.format_exc()
        error = sys.exc_info()[1]
    if not support.OWN:
        import traceback as host
        assert _without_carets(text) == _without_carets("".join(host.format_exception(error))), text
        assert traceback.extract_tb(error.__traceback__) == [tuple(entry) for entry in host.extract_tb(error.__traceback__)]
        assert _without_carets("".join(traceback.format_stack())) == _without_carets("".join(host.format_stack()))
    assert "During handling of the above exception, another exception occurred:" in text and "[Previous line repeated 5 more times]" in text
    assert traceback.format_exception_only(error) == ["ValueError: outer\n"] and text.endswith("ValueError: outer\n")
    entry = traceback.extract_tb(error.__traceback__)[-1]
    assert (entry.name, entry.line) == ("failing", 'raise ValueError("outer")') and entry.filename == __file__
    assert repr(entry) == "<FrameSummary file %s, line %d in failing>" % (__file__, entry.lineno)
    for kind in (KeyError(), ValueError(""), OSError(2, "no"), SystemExit(3)):
        if not support.OWN:
            assert traceback.format_exception_only(kind) == host.format_exception_only(kind)
    if hasattr(error, "add_note"):
        error.add_note("a note\nof two lines")
        assert traceback.format_exception_only(error) == ["ValueError: outer\n", "a note\n", "of two lines\n"]
    try:
        compile("x = = 1", "file.py", "exec")
    except SyntaxError as error:
        if not support.OWN:
            assert traceback.format_exception_only(error) == host.format_exception_only(error)
    parts = []

    class Stream:
        def write(self, text):
            parts.append(text)

    traceback.print_exception(KeyError("k"), file=Stream())
    assert "".join(parts) == "KeyError: 'k'\n"
    assert raises(TypeError, traceback.format_exception, 5) == "Exception expected for value, int found"


def sample(a, /, b, c=1, *args, d, e=2, **kwargs):
    """Doc.

        Indented.
    """


def test_inspect():
    def generator():
        yield 1

    class Thing:
        def __init__(self, x, y=5):
            pass

        def method(self, z):
            pass

    assert inspect.isfunction(sample) and inspect.isgeneratorfunction(generator) and not inspect.isgeneratorfunction(sample)
    assert inspect.ismethod(Thing(1).method) and inspect.isclass(Thing) and inspect.isbuiltin(len) and inspect.isroutine(len) and inspect.ismodule(sys) or not support.OWN
    one = generator()
    assert inspect.getgeneratorstate(one) == "GEN_CREATED"
    next(one)
    assert inspect.getgeneratorstate(one) == "GEN_SUSPENDED"
    one.close()
    assert inspect.getgeneratorstate(one) == "GEN_CLOSED" and inspect.currentframe().f_code.co_name == "test_inspect"
    assert str(inspect.signature(sample)) == "(a, /, b, c=1, *args, d, e=2, **kwargs)"
    assert str(inspect.signature(Thing)) == "(x, y=5)" and str(inspect.signature(Thing(1).method)) == "(z)"
    assert inspect.getdoc(sample) == "Doc.\n\nIndented." and inspect.getsource(sample).startswith("def sample(a,")
    assert inspect.getsource(sample).endswith('"""\n') and inspect.getfile(sample) == __file__
    assert [name for name, _ in inspect.getmembers(Thing, inspect.isfunction)] == ["__init__", "method"]

    def annotated(x: int) -> str:
        pass

    assert inspect.get_annotations(annotated) == {"x": int, "return": str} and str(inspect.signature(annotated)) == "(x: int) -> str"


def test_reprlib():
    reprlib = support.load("reprlib")

    class Ring(list):
        @reprlib.recursive_repr()
        def __repr__(self):
            return "<" + ", ".join([repr(item) for item in self]) + ">"

    ring = Ring([1])
    ring.append(ring)
    assert repr(ring) == "<1, ...>"
    for value in ([1] * 9, "x" * 50, {1: 2, 3: 4, 5: 6, 7: 8, 9: 10}, (1,), set([3, 1]), 10 ** 60, [[[[[[[[1]]]]]]]], set(), {}):
        if not support.OWN:
            import reprlib as host
            assert reprlib.repr(value) == host.repr(value), value


def test_import():
    assert importlib.import_module("keyword").iskeyword("if")
    importlib.invalidate_caches()
    assert util.resolve_name(".b", "a") == "a.b" and util.resolve_name("..c", "a.b") == "a.c" and util.resolve_name("x", None) == "x"
    assert raises(ImportError, util.resolve_name, "...c", "a.b") == "attempted relative import beyond top-level package"
    assert util.find_spec("no_such_module_anywhere") is None and util.find_spec("sys").name == "sys"
    assert util.find_spec("support").origin == support.__file__
    spec = util.spec_from_file_location("sample_module", support.__file__.replace("support.py", "thread_shim.py"))
    assert spec.name == "sample_module" and spec.parent == "" and spec.has_location
    raises(TypeError, importlib.reload, 5)


if __name__ == "__main__":
    support.run(globals())
