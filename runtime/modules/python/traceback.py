"""Tracebacks as text and as data."""
import sys

__all__ = ["extract_stack", "extract_tb", "format_exception", "format_exception_only", "format_list", "format_stack", "format_tb",
           "print_exc", "format_exc", "print_exception", "print_last", "print_stack", "print_tb", "clear_frames", "FrameSummary",
           "StackSummary", "TracebackException", "walk_stack", "walk_tb", "print_list"]

_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"
_REPEATS_SHOWN = 3
_FROM_ARGUMENT = object()


class FrameSummary:
    """One entry of a traceback: file, line, function and, when asked for, the text of the line."""

    __slots__ = ("filename", "lineno", "name", "_line", "locals", "end_lineno", "colno", "end_colno")

    def __init__(self, filename, lineno, name, *, lookup_line=True, locals=None, line=None, end_lineno=None, colno=None, end_colno=None):
        self.filename = filename
        self.lineno = lineno
        self.name = name
        self._line = line
        self.locals = None if locals is None else dict([(key, repr(value)) for key, value in locals.items()])
        self.end_lineno = lineno if end_lineno is None else end_lineno
        self.colno = colno
        self.end_colno = end_colno
        if lookup_line:
            self.line

    @property
    def line(self):
        """The text of the line without spaces around it; None if there is no line number."""
        if self._line is None:
            if self.lineno is None:
                return None
            import linecache
            self._line = linecache.getline(self.filename, self.lineno).strip()
        return self._line.strip()

    def _row(self):
        return (self.filename, self.lineno, self.name, self.line)

    def __eq__(self, other):
        if isinstance(other, FrameSummary):
            return self._row()[:3] == other._row()[:3] and self.locals == other.locals
        if isinstance(other, tuple):
            return self._row() == other
        return NotImplemented

    __hash__ = None

    def __getitem__(self, place):
        return self._row()[place]

    def __iter__(self):
        return iter(self._row())

    def __len__(self):
        return 4

    def __repr__(self):
        return "<FrameSummary file %s, line %s in %s>" % (self.filename, self.lineno, self.name)


def walk_stack(f):
    """Pairs (frame, line number) from a frame outwards; None is the caller."""
    if f is None:
        f = sys._getframe().f_back.f_back or sys._getframe().f_back
    while f is not None:
        yield f, f.f_lineno
        f = f.f_back


def walk_tb(tb):
    """Pairs (frame, line number) of a traceback."""
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


class StackSummary(list):
    """The entries of a traceback."""

    @classmethod
    def extract(klass, frame_gen, *, limit=None, lookup_lines=True, capture_locals=False):
        """Makes entries of pairs (frame, line number): all, the first `limit`, or the last -limit."""
        if limit is None:
            limit = getattr(sys, "tracebacklimit", None)
            if limit is not None and limit < 0:
                limit = 0
        pairs = list(frame_gen)
        if limit is not None:
            pairs = pairs[:limit] if limit >= 0 else pairs[limit:]
        result = klass()
        for frame, lineno in pairs:
            code = frame.f_code
            result.append(FrameSummary(code.co_filename, lineno, code.co_name, lookup_line=False,
                                       locals=frame.f_locals if capture_locals else None))
        if lookup_lines:
            for entry in result:
                entry.line
        return result

    @classmethod
    def from_list(klass, a_list):
        """Makes entries of tuples (file, line number, name, line)."""
        result = klass()
        for entry in a_list:
            if not isinstance(entry, FrameSummary):
                filename, lineno, name, line = entry
                entry = FrameSummary(filename, lineno, name, line=line)
            result.append(entry)
        return result

    def format_frame_summary(self, frame_summary, **kwargs):
        """The text of one entry."""
        rows = ['  File "%s", line %s, in %s\n' % (frame_summary.filename, frame_summary.lineno, frame_summary.name)]
        line = frame_summary.line
        if line:
            rows.append("    %s\n" % line)
        if frame_summary.locals:
            for name, value in sorted(frame_summary.locals.items()):
                rows.append("    %s = %s\n" % (name, value))
        return "".join(rows)

    def format(self, **kwargs):
        """The texts of all entries; of equal ones in a row only the first few."""
        result = []
        last, repeats = None, 0

        def close():
            hidden = repeats - _REPEATS_SHOWN
            if hidden > 0:
                result.append("  [Previous line repeated %d more time%s]\n" % (hidden, "s" if hidden > 1 else ""))

        for entry in self:
            row = (entry.filename, entry.lineno, entry.name)
            if row != last:
                close()
                last, repeats = row, 0
            repeats += 1
            if repeats <= _REPEATS_SHOWN:
                result.append(self.format_frame_summary(entry))
        close()
        return result


def _text_of(value, what="exception"):
    try:
        return str(value)
    except Exception:
        return "<%s str() failed>" % what


def _type_name(kind):
    module = getattr(kind, "__module__", None)
    if module in ("__main__", "builtins"):
        return kind.__qualname__
    return "%s.%s" % (module if isinstance(module, str) else "<unknown>", kind.__qualname__)


class TracebackException:
    """An exception as data: its text, its stack, and the exceptions behind it."""

    def __init__(self, exc_type, exc_value, exc_traceback, *, limit=None, lookup_lines=True, capture_locals=False, compact=False,
                 max_group_width=15, max_group_depth=10, _seen=None):
        _seen = _seen or set()
        _seen.add(id(exc_value))
        self.stack = StackSummary.extract(walk_tb(exc_traceback), limit=limit, lookup_lines=lookup_lines, capture_locals=capture_locals)
        self._exc_type = self.exc_type = exc_type
        self.exc_type_str = None if exc_type is None else exc_type.__qualname__
        self._str = _text_of(exc_value)
        notes = getattr(exc_value, "__notes__", None)
        self.__notes__ = notes
        self.__suppress_context__ = exc_value.__suppress_context__ if exc_value is not None else False
        self._syntax = None
        if exc_type is not None and issubclass(exc_type, SyntaxError):
            self._syntax = exc_value
            self.filename, self.msg = exc_value.filename, exc_value.msg or "<no detail available>"
            self.lineno = None if exc_value.lineno is None else str(exc_value.lineno)
            self.text, self.offset = exc_value.text, exc_value.offset
        self.__cause__ = self._behind(getattr(exc_value, "__cause__", None), _seen, limit, lookup_lines, capture_locals)
        self.__context__ = None
        if self.__cause__ is None and not self.__suppress_context__:
            self.__context__ = self._behind(getattr(exc_value, "__context__", None), _seen, limit, lookup_lines, capture_locals)

    def _behind(self, error, seen, limit, lookup_lines, capture_locals):
        if error is None or id(error) in seen:
            return None
        return TracebackException(type(error), error, error.__traceback__, limit=limit, lookup_lines=lookup_lines,
                                  capture_locals=capture_locals, _seen=seen)

    @classmethod
    def from_exception(cls, exc, *args, **kwargs):
        """The data of a living exception."""
        return cls(type(exc), exc, exc.__traceback__, *args, **kwargs)

    def __str__(self):
        return self._str

    def _format_syntax(self, name):
        if self.lineno is not None:
            yield '  File "%s", line %s\n' % (self.filename or "<string>", self.lineno)
        elif self.filename is not None:
            yield '  File "%s"\n' % self.filename
        if self.text is not None:
            line = self.text.rstrip("\n")
            stripped = line.lstrip(" \n\f")
            yield "    %s\n" % stripped
            if self.offset is not None:
                place = max(self.offset - 1 - (len(line) - len(stripped)), 0)
                space = "".join([character if character.isspace() else " " for character in stripped[:place]])
                end = getattr(self._syntax, "end_offset", None) or self.offset
                width = max(min(end, len(line) + 1) - self.offset, 1)
                yield "    %s%s\n" % (space, "^" * width)
        yield "%s: %s\n" % (name, self.msg)

    def format_exception_only(self, *, show_group=False, **kwargs):
        """The last lines: type, text and notes."""
        if self._exc_type is None:
            yield "%s\n" % (self._str if self._str != "None" else "NoneType: None")
            return
        name = _type_name(self._exc_type)
        if self._syntax is not None:
            yield from self._format_syntax(name)
        else:
            yield "%s: %s\n" % (name, self._str) if self._str else name + "\n"
        notes = self.__notes__
        if notes is None:
            return
        if isinstance(notes, (list, tuple)):
            for note in notes:
                for line in _text_of(note, "note").split("\n"):
                    yield line + "\n"
        else:
            yield "%s\n" % _text_of(notes, "__notes__ repr")

    def format(self, *, chain=True, **kwargs):
        """All lines, those of the exceptions behind it first."""
        rows = []  # from this exception back to the first one
        error = self
        while error is not None:
            if chain and error.__cause__ is not None:
                rows.append((_CAUSE, error))
                error = error.__cause__
            elif chain and error.__context__ is not None:
                rows.append((_CONTEXT, error))
                error = error.__context__
            else:
                rows.append((None, error))
                error = None
        for link, error in reversed(rows):
            if link is not None:
                yield link
            if error.stack:
                yield "Traceback (most recent call last):\n"
                yield from error.stack.format()
            yield from error.format_exception_only()

    def print(self, *, file=None, chain=True, **kwargs):
        """Writes all lines."""
        _write(self.format(chain=chain), file)


def _write(lines, file):
    if file is None:
        file = sys.stderr
    for line in lines:
        print(line, file=file, end="")


def _exception_of(exc, value, tb):
    if value is _FROM_ARGUMENT and tb is _FROM_ARGUMENT:
        if exc is not None and not isinstance(exc, BaseException):
            raise TypeError("Exception expected for value, %s found" % type(exc).__name__)
        return type(exc) if exc is not None else None, exc, getattr(exc, "__traceback__", None)
    if value is _FROM_ARGUMENT or tb is _FROM_ARGUMENT:
        raise ValueError("Both or neither of value and tb must be given")
    return type(value) if value is not None else None, value, tb


def format_exception(exc, /, value=_FROM_ARGUMENT, tb=_FROM_ARGUMENT, limit=None, chain=True, **kwargs):
    """The lines in which an exception is shown."""
    return list(TracebackException(*_exception_of(exc, value, tb), limit=limit).format(chain=chain))


def format_exception_only(exc, /, value=_FROM_ARGUMENT, *, show_group=False, **kwargs):
    """The last of these lines: type and text."""
    if value is _FROM_ARGUMENT:
        value = exc
    return list(TracebackException(type(value), value, None).format_exception_only()) if value is not None else ["NoneType: None\n"]


def print_exception(exc, /, value=_FROM_ARGUMENT, tb=_FROM_ARGUMENT, limit=None, file=None, chain=True, **kwargs):
    """Writes an exception, by default to sys.stderr."""
    _write(format_exception(exc, value, tb, limit, chain), file)


def format_exc(limit=None, chain=True):
    """The exception being handled, as text."""
    return "".join(format_exception(*sys.exc_info()[1:2], limit=limit, chain=chain))


def print_exc(limit=None, file=None, chain=True):
    """Writes the exception being handled."""
    _write([format_exc(limit, chain)], file)


def print_last(limit=None, file=None, chain=True):
    """Writes the exception that was last shown at the prompt."""
    if not hasattr(sys, "last_exc"):
        raise ValueError("no last exception")
    print_exception(sys.last_exc, limit=limit, file=file, chain=chain)


def extract_tb(tb, limit=None):
    """The entries of a traceback."""
    return StackSummary.extract(walk_tb(tb), limit=limit)


def format_tb(tb, limit=None):
    """The lines of a traceback."""
    return extract_tb(tb, limit).format()


def print_tb(tb, limit=None, file=None):
    """Writes a traceback."""
    _write(format_tb(tb, limit), file)


def _stack(frame, limit):
    pairs = []
    while frame is not None:
        pairs.append((frame, frame.f_lineno))
        frame = frame.f_back
    if limit is not None:
        pairs = pairs[:limit] if limit >= 0 else pairs[limit:]
    pairs.reverse()
    return StackSummary.extract(pairs)


def extract_stack(f=None, limit=None):
    """The entries of the calls that led to the frame, by default to the caller."""
    return _stack(sys._getframe(1) if f is None else f, limit)


def format_stack(f=None, limit=None):
    """The lines of the calls that led to the frame."""
    return _stack(sys._getframe(1) if f is None else f, limit).format()


def print_stack(f=None, limit=None, file=None):
    """Writes the calls that led to the frame."""
    _write(_stack(sys._getframe(1) if f is None else f, limit).format(), file)


def format_list(extracted_list):
    """The lines of entries."""
    return StackSummary.from_list(extracted_list).format()


def print_list(extracted_list, file=None):
    """Writes entries."""
    _write(format_list(extracted_list), file)


def clear_frames(tb):
    """Drops the local variables of all frames of a traceback."""
    while tb is not None:
        try:
            tb.tb_frame.clear()
        except RuntimeError:
            pass  # it runs
        tb = tb.tb_next
