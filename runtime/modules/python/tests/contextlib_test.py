import random
import sys
import support

contextlib = support.load("contextlib")
raises = support.raises


def test_contextmanager():
    log = []

    @contextlib.contextmanager
    def block(number, suppress=False):
        """Words."""
        log.append("in")
        try:
            yield number
        except KeyError:
            log.append("caught")
            if not suppress:
                raise
        finally:
            log.append("out")

    assert block.__name__ == "block" and block.__doc__ == "Words."
    with block(5) as number:
        assert number == 5
    with block(5, suppress=True):
        raise KeyError("x")

    def fail():
        with block(1):
            raise KeyError("x")

    raises(KeyError, fail)
    assert log == ["in", "out", "in", "caught", "out", "in", "caught", "out"]

    @block(7)
    def decorated(a, b):
        log.append(a + b)
        return "result"

    del log[:]
    assert decorated(1, b=2) == "result" and decorated(3, 4) == "result"
    assert log == ["in", 3, "out", "in", 7, "out"] and decorated.__name__ == "decorated"


def test_wrong_generators():
    @contextlib.contextmanager
    def never():
        if False:
            yield

    @contextlib.contextmanager
    def twice():
        try:
            yield
        except ValueError:
            pass
        yield

    @contextlib.contextmanager
    def once():
        yield

    assert raises(RuntimeError, never().__enter__) == "generator didn't yield"

    def run(manager, error=None):
        with manager:
            if error:
                raise error

    assert raises(RuntimeError, run, twice()) == "generator didn't stop"
    assert raises(RuntimeError, run, twice(), ValueError()) == "generator didn't stop after throw()"
    assert raises(StopIteration, run, once(), StopIteration("mine")) == "mine"
    assert raises(RuntimeError, run, once(), RuntimeError("mine")) == "mine"
    assert raises(KeyboardInterrupt, run, once(), KeyboardInterrupt()) == ""


def test_small_ones():
    class Thing:
        closed = False

        def close(self):
            self.closed = True

    with contextlib.closing(Thing()) as thing:
        pass
    assert thing.closed
    with contextlib.suppress(KeyError, ValueError):
        raise ValueError
    raises(TypeError, suppressed, TypeError)
    with contextlib.nullcontext(4) as value:
        assert value == 4

    class Stream:
        def __init__(self):
            self.parts = []

        def write(self, text):
            self.parts.append(text)

    stream = Stream()
    saved = sys.stdout
    with contextlib.redirect_stdout(stream) as target:
        print("hello")
    assert sys.stdout is saved and target is stream and "".join(stream.parts) == "hello\n"


def suppressed(kind):
    with contextlib.suppress(KeyError):
        raise kind


def test_exit_stack():
    log = []

    class Manager:
        def __init__(self, name, result=None):
            self.name, self.result = name, result

        def __enter__(self):
            log.append("in " + self.name)
            return self.name

        def __exit__(self, kind, error, trace):
            log.append("out %s %s" % (self.name, kind and kind.__name__))
            return self.result

    with contextlib.ExitStack() as stack:
        assert stack.enter_context(Manager("a", True)) == "a"
        stack.push(Manager("b"))
        stack.callback(log.append, "call")
        stack.push(lambda kind, error, trace: log.append(kind.__name__))
        raise KeyError
    assert log == ["in a", "KeyError", "call", "out b KeyError", "out a KeyError"]
    del log[:]
    with contextlib.ExitStack() as stack:
        stack.enter_context(Manager("a"))
        kept = stack.pop_all()
    assert log == ["in a"]
    kept.close()
    assert log == ["in a", "out a None"]
    assert raises(TypeError, stack.enter_context, 5) == "'builtins.int' object does not support the context manager protocol"


def _chain(error):
    names = []
    while error is not None:
        names.append(str(error))
        error = error.__context__
    return names


def test_exit_stack_like_nested_blocks():
    class Manager:
        def __init__(self, number, behaviour):
            self.number, self.behaviour = number, behaviour

        def __enter__(self):
            return self

        def __exit__(self, kind, error, trace):
            if self.behaviour == 1:
                raise ValueError("exit %d" % self.number)
            if self.behaviour == 2:
                return True
            if self.behaviour == 3:
                try:
                    raise KeyError("inner %d" % self.number)
                except KeyError:
                    raise ValueError("exit %d" % self.number)

    def nested(managers, fail):
        if not managers:
            if fail:
                raise IndexError("body")
            return
        with managers[0]:
            nested(managers[1:], fail)

    def stacked(managers, fail, module=contextlib):
        with module.ExitStack() as stack:
            for manager in managers:
                stack.enter_context(manager)
            if fail:
                raise IndexError("body")

    def answer(function, *arguments):
        try:
            function(*arguments)
        except Exception as error:
            return _chain(error)
        return "passed"

    def inside(function, *arguments):
        try:
            raise OSError("outside")
        except OSError:
            function(*arguments)

    chooser = random.Random(4)
    for _ in range(500):
        behaviours = [chooser.randrange(4) for _ in range(chooser.randrange(5))]
        managers = [Manager(number, behaviour) for number, behaviour in enumerate(behaviours)]
        fail = chooser.random() < 0.5
        if fail and 3 not in behaviours:
            assert answer(nested, managers, fail) == answer(stacked, managers, fail), (behaviours, fail)
        if not support.OWN:
            import contextlib as host
            assert answer(stacked, managers, fail, host) == answer(stacked, managers, fail), (behaviours, fail)
            assert answer(inside, stacked, managers, fail, host) == answer(inside, stacked, managers, fail), (behaviours, fail)


if __name__ == "__main__":
    support.run(globals())
