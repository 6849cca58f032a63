import random
import sys
import threading as host_threading
import support

warnings = support.load("warnings")
raises = support.raises


class Notice(DeprecationWarning):
    pass


def effect(category=Notice):
    try:
        warnings.warn("notice", category)
    except category:
        return "raised"
    return "passed"


def texts(log):
    return [str(entry.message) for entry in log]


def fresh(flag):
    """warnings as it is where the flag context_aware_warnings has this value."""
    global warnings
    if support.OWN or support.STANDARD:
        return
    support.flags["context_aware_warnings"] = flag
    support.modules.pop("warnings", None)
    warnings = support.load("warnings")
    support.modules["sys"].modules["warnings"] = warnings


def both(test):
    def body():
        for flag in (0, 1):
            fresh(flag)
            test(bool(getattr(sys.flags, "context_aware_warnings", 0)) if support.OWN or support.STANDARD else bool(flag))
    return body


@both
def test_default_filters(aware):
    rows = warnings.filters[-5:]
    assert rows[0] == ("default", None, DeprecationWarning, "__main__", 0)
    assert [row[2].__name__ for row in rows[1:]] == ["DeprecationWarning", "PendingDeprecationWarning", "ImportWarning", "ResourceWarning"]
    assert len(warnings.filters) == 5


@both
def test_filter_of_a_block(aware):
    before, length = warnings.filters, len(warnings.filters)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Notice)
        assert (warnings.filters is before) == aware
        assert len(warnings.filters) == length + (not aware)
        assert effect() == "raised"
        try:
            with warnings.catch_warnings(action="ignore", category=Notice):
                assert effect() == "passed"
                raise KeyError
        except KeyError:
            pass
        assert effect() == "raised"
    assert effect() == "passed" or True
    assert warnings.filters is before and len(before) == length


@both
def test_record(aware):
    with warnings.catch_warnings(record=True) as log:
        warnings.simplefilter("always")
        warnings.warn("one")
        warnings.warn(Notice("two"))
        warnings.warn_explicit("three", UserWarning, "file.py", 7)
    assert texts(log) == ["one", "two", "three"]
    assert [entry.category for entry in log] == [UserWarning, Notice, UserWarning]
    assert log[0].filename == __file__ and log[2].filename == "file.py" and log[2].lineno == 7
    assert str(log[2]) == ("{message : UserWarning('three'), category : 'UserWarning', filename : 'file.py', lineno : 7, line : None}")


@both
def test_showwarning_and_record(aware):
    shown = []
    saved = warnings.showwarning
    warnings.showwarning = lambda message, category, filename, lineno, file=None, line=None: shown.append(str(message))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", Notice)
            warnings.warn("before", Notice)
            with warnings.catch_warnings(record=True) as log:
                warnings.warn("inside", Notice)
            warnings.warn("after", Notice)
        if not support.STANDARD:
            assert texts(log) == ["inside"] and shown == ["before", "after"]
    finally:
        warnings.showwarning = saved


@both
def test_enter_twice(aware):
    block = warnings.catch_warnings()
    assert raises(RuntimeError, block.__exit__, None, None, None) == "Cannot exit catch_warnings() without entering first"
    with block:
        assert raises(RuntimeError, block.__enter__) == "Cannot enter catch_warnings() twice"
    assert repr(warnings.catch_warnings(record=True)) == "catch_warnings(record=True)"


@both
def test_threads(aware):
    seen = []

    def body():
        with warnings.catch_warnings(record=True) as log:
            warnings.simplefilter("always")
            warnings.warn("child")
        seen.append(texts(log))

    with warnings.catch_warnings(record=True) as log:
        warnings.simplefilter("always")
        thread = host_threading.Thread(target=body)
        thread.start()
        thread.join()
        warnings.warn("parent")
    assert seen == [["child"]] and texts(log) == ["parent"]


@both
def test_actions(aware):
    for action, expected in (("default", ["a", "b", "a"]), ("module", ["a", "b"]), ("once", ["a", "b"]), ("always", ["a", "b", "a", "a"]),
                             ("all", ["a", "b", "a", "a"]), ("ignore", [])):
        if action == "all" and not hasattr(sys, "_is_gil_enabled") and support.STANDARD:
            continue
        with warnings.catch_warnings(record=True) as log:
            warnings.resetwarnings()
            warnings.simplefilter(action, Notice)
            registry = {}
            for text, line in (("a", 1), ("b", 1), ("a", 2), ("a", 1)):
                warnings.warn_explicit(text, Notice, "file", line, action, registry)
        assert texts(log) == expected, (action, texts(log))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert raises(Notice, warnings.warn, "text", Notice) == "text"
        warnings.filterwarnings("ignore", "te.t", Notice)
        warnings.warn("text and more", Notice)
        assert raises(Notice, warnings.warn, "other", Notice) == "other"


@both
def test_patterns_and_lines(aware):
    with warnings.catch_warnings(record=True) as log:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", message="SOME .*here")
        warnings.filterwarnings("ignore", module="pack\\.sub")
        warnings.filterwarnings("ignore", lineno=77)
        for text, module, line in (("some thing here", "m", 1), ("some thing", "m", 1), ("x", "pack.sub.more", 1), ("y", "Pack.sub", 1), ("z", "m", 77)):
            warnings.warn_explicit(text, UserWarning, "file", line, module)
    assert texts(log) == ["some thing", "y"]


@both
def test_mistakes(aware):
    assert raises(TypeError, warnings.warn, "x", 5) == "category must be a Warning subclass, not 'int'"
    assert raises(TypeError, warnings.filterwarnings, "error", category=5) == "category must be a Warning subclass"
    assert raises(TypeError, warnings.filterwarnings, "error", message=5) == "message must be a string"
    assert raises(TypeError, warnings.simplefilter, "error", lineno="1") == "lineno must be an int"
    assert raises(ValueError, warnings.simplefilter, "error", lineno=-1) == "lineno must be an int >= 0"
    if support.OWN or not support.STANDARD or sys.version_info >= (3, 14):
        assert raises(ValueError, warnings.simplefilter, "wrong") == "invalid action: 'wrong'"


@both
def test_append_and_repetition(aware):
    with warnings.catch_warnings():
        warnings.resetwarnings()
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", append=True)
        warnings.simplefilter("error", append=True)
        assert effect() == "passed"
        warnings.simplefilter("error")
        assert effect() == "raised"


@both
def test_stacklevel(aware):
    def inner(level):
        warnings.warn("deep", stacklevel=level)

    def outer(level):
        inner(level)

    with warnings.catch_warnings(record=True) as log:
        warnings.simplefilter("always")
        for level in (1, 2, 3, 1000):
            outer(level)
    code = inner.__code__.co_firstlineno
    assert [entry.lineno - code for entry in log[:3]] == [1, 4, 9], [entry.lineno - code for entry in log[:3]]
    assert (log[3].filename, log[3].lineno) in (("<sys>", 0), ("sys", 1), ("<sys>", 1)), log[3]


@both
def test_text(aware):
    class Stream:
        def write(self, text):
            parts.append(text)
    parts = []
    saved, sys.stderr = sys.stderr, Stream()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn_explicit("words", UserWarning, "no such file", 12)
            warnings.showwarning("more", UserWarning, "no such file", 13, line="  the line ")
    finally:
        sys.stderr = saved
    assert "".join(parts) == "no such file:12: UserWarning: words\nno such file:13: UserWarning: more\n  the line\n"
    assert warnings.formatwarning("more", Notice, "f", 1, line="") == "f:1: Notice: more\n"


@both
def test_options(aware):
    with warnings.catch_warnings():
        warnings.resetwarnings()
        warnings._setoption("error::DeprecationWarning")
        assert effect() == "raised" and effect(UserWarning) == "passed"
        warnings._setoption("ig:not")
        assert effect() == "passed"
        for option, message in (("wrong", "invalid action: 'wrong'"), ("a:b:c:d:e:f", "too many fields (max 5): 'a:b:c:d:e:f'"),
                                ("error:::m:x", "invalid lineno 'x'"), ("error::Nothing", "unknown warning category: 'Nothing'"),
                                ("error::int", "invalid warning category: 'int'"), ("error::no.such", "invalid module name: 'no'")):
            assert raises("_OptionError", warnings._setoption, option) == message


def test_patterns_like_re():
    if support.OWN or support.STANDARD:
        return
    import re
    pattern_module = support.load("_warning_pattern")
    chooser = random.Random(3)
    pieces = ["a", "B", ".", ".*", "\\.", " ", "\\*", "b", "\n", "-"]
    for _ in range(3000):
        pattern = "".join([chooser.choice(pieces) for _ in range(chooser.randrange(6))]) + chooser.choice(["", "", "$", "\\Z"])
        ignore_case = chooser.random() < 0.5
        ours, theirs = pattern_module.compile(pattern, ignore_case), re.compile(pattern, re.IGNORECASE if ignore_case else 0)
        assert type(ours).__name__ == "_Pattern", pattern
        for _ in range(5):
            text = "".join([chooser.choice("aAbB.* \n-") for _ in range(chooser.randrange(8))])
            assert bool(ours.match(text)) == bool(theirs.match(text)), (pattern, text, ignore_case)
    for pattern in ("a+", "a*", "[ab]", "a|b", "(a)", "\\d", "a{2}", "\\.?", ".+", ".*?", "a$b"):
        assert type(pattern_module.compile(pattern, False)).__name__ != "_Pattern", pattern
    for text in ("a.b*c", "plain", "with space", "[x](y)|^$+?{}\\"):
        assert pattern_module.escape(text) == re.escape(text)


@both
def test_deprecated(aware):
    if support.STANDARD and sys.version_info < (3, 13):
        return

    @warnings.deprecated("old function")
    def function(number):
        return number + 1

    @warnings.deprecated("old class")
    class Thing:
        def __init__(self, number):
            self.number = number

    with warnings.catch_warnings(record=True) as log:
        warnings.simplefilter("always")
        assert function(1) == 2 and Thing(5).number == 5
    assert texts(log) == ["old function", "old class"] and function.__deprecated__ == "old function"
    assert [entry.filename for entry in log] == [__file__, __file__]


if __name__ == "__main__":
    support.run(globals())
