"""Helpers for the with statement."""
import sys

__all__ = ["contextmanager", "closing", "nullcontext", "AbstractContextManager", "ContextDecorator", "ExitStack", "redirect_stdout",
           "redirect_stderr", "suppress", "chdir"]


class AbstractContextManager:
    """A base for context managers: __enter__ returns the manager itself, __exit__ lets exceptions pass."""

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        return None


class ContextDecorator:
    """Lets a context manager be used as a decorator: each call of the function runs inside it."""

    def _recreate_cm(self):
        return self

    def __call__(self, func):
        from functools import wraps

        @wraps(func)
        def inner(*args, **kwds):
            with self._recreate_cm():
                return func(*args, **kwds)
        return inner


class _GeneratorContextManager(ContextDecorator, AbstractContextManager):
    """What a function decorated by contextmanager returns: enters by the first step of the generator, leaves by the second."""

    def __init__(self, func, args, kwds):
        self.gen = func(*args, **kwds)
        self.func, self.args, self.kwds = func, args, kwds
        doc = getattr(func, "__doc__", None)
        if doc is not None:
            self.__doc__ = doc

    def _recreate_cm(self):
        return self.__class__(self.func, self.args, self.kwds)

    def __enter__(self):
        del self.args, self.kwds, self.func  # needed only to begin anew; they may keep much alive
        try:
            return next(self.gen)
        except StopIteration:
            raise RuntimeError("generator didn't yield") from None

    def __exit__(self, kind, error, trace):
        if kind is None:
            try:
                next(self.gen)
            except StopIteration:
                return False
            try:
                raise RuntimeError("generator didn't stop")
            finally:
                self.gen.close()
        if error is None:
            error = kind()
        try:
            self.gen.throw(error)
        except StopIteration as stop:
            # The body ended normally, unless it only passed on the StopIteration it was given.
            return stop is not error
        except RuntimeError as other:
            if other is error:
                other.__traceback__ = trace
                return False
            # A StopIteration that leaves a generator comes out as the cause of a RuntimeError.
            if isinstance(error, StopIteration) and other.__cause__ is error:
                error.__traceback__ = trace
                return False
            raise
        except BaseException as other:
            if other is not error:
                raise
            other.__traceback__ = trace
            return False
        try:
            raise RuntimeError("generator didn't stop after throw()")
        finally:
            self.gen.close()


def contextmanager(func):
    """Makes a context manager of a generator function that yields once: what is before is entry, what is after is exit."""
    from functools import wraps

    @wraps(func)
    def helper(*args, **kwds):
        return _GeneratorContextManager(func, args, kwds)
    return helper


class closing(AbstractContextManager):
    """Calls close() of a thing at the end of the block."""

    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *exc_info):
        self.thing.close()


class _RedirectStream(AbstractContextManager):
    _stream = None

    def __init__(self, new_target):
        self._new_target = new_target
        self._old_targets = []

    def __enter__(self):
        self._old_targets.append(getattr(sys, self._stream))
        setattr(sys, self._stream, self._new_target)
        return self._new_target

    def __exit__(self, kind, error, trace):
        setattr(sys, self._stream, self._old_targets.pop())


class redirect_stdout(_RedirectStream):
    """Lets sys.stdout be another file for the time of a block."""

    _stream = "stdout"


class redirect_stderr(_RedirectStream):
    """Lets sys.stderr be another file for the time of a block."""

    _stream = "stderr"


class suppress(AbstractContextManager):
    """Ends the block without complaint when one of these exceptions leaves it."""

    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __enter__(self):
        pass

    def __exit__(self, kind, error, trace):
        return kind is not None and issubclass(kind, self._exceptions)


class nullcontext(AbstractContextManager):
    """A context manager that does nothing but give the value it was made with."""

    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, *exc_info):
        pass


class chdir(AbstractContextManager):
    """Works in another directory for the time of a block."""

    def __init__(self, path):
        self.path = path
        self._old = []

    def __enter__(self):
        import os
        self._old.append(os.getcwd())
        os.chdir(self.path)

    def __exit__(self, *exc_info):
        import os
        os.chdir(self._old.pop())


class ExitStack(AbstractContextManager):
    """Collects, while the block runs, what is to be done at its end; the last comes first."""

    def __init__(self):
        self._exits = []  # functions of (kind, error, traceback)

    def pop_all(self):
        """A new stack with everything that was to be done; this one then does nothing."""
        other = type(self)()
        other._exits = self._exits
        self._exits = []
        return other

    def push(self, exit):
        """Registers a context manager's __exit__ or a function like it, without entering anything."""
        method = getattr(type(exit), "__exit__", None)
        if method is None:
            self._exits.append(exit)
        else:
            self._exits.append(lambda *details: method(exit, *details))
        return exit

    def enter_context(self, cm):
        """Enters the context manager now and leaves it with the block."""
        kind = type(cm)
        try:
            enter, leave = kind.__enter__, kind.__exit__
        except AttributeError:
            raise TypeError("'%s.%s' object does not support the context manager protocol" % (kind.__module__, kind.__qualname__)) from None
        result = enter(cm)
        self._exits.append(lambda *details: leave(cm, *details))
        return result

    def callback(self, callback, /, *args, **kwds):
        """Calls the function with these arguments at the end of the block."""
        def call(kind, error, trace):
            callback(*args, **kwds)
        call.__wrapped__ = callback
        self._exits.append(call)
        return callback

    def close(self):
        """Does now what was to be done at the end."""
        self.__exit__(None, None, None)

    def __exit__(self, *details):
        error = given = details[1]
        # Exceptions of the exits look as if the with statements were nested: each one's context is the one that was there before.
        outside = sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1]
        raised_here = False
        while self._exits:
            leave = self._exits.pop()
            try:
                if error is None:
                    leave(None, None, None)
                elif leave(type(error), error, error.__traceback__):
                    error = None
                    raised_here = False
            except BaseException as other:
                _put_context(other, error, outside)
                error = other
                raised_here = True
        if raised_here:
            context = error.__context__
            try:
                raise error
            except BaseException:
                error.__context__ = context
                raise
        return given is not None and error is None


def _put_context(new, old, outside):
    """Makes `old` the context of `new`, or of the last in its chain of contexts before what was handled outside the block."""
    while True:
        context = new.__context__
        if context is None or context is old:
            return
        if context is outside:
            break
        new = context
    new.__context__ = old
