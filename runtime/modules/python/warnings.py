"""Warnings: what a program is told without being stopped, and the filters that decide whether it is told, stopped or spared.

A filter is a tuple (action, message, category, module, line number); the first that fits decides. The filters of the process are the list
`filters`. Where sys.flags.context_aware_warnings is set, catch_warnings puts a list of its own, and the list that records, into a context
variable, so that blocks in several threads do not meet. Otherwise it exchanges the attributes of this module until its end.
"""
import sys
from _thread import RLock

__all__ = ["warn", "warn_explicit", "showwarning", "formatwarning", "filterwarnings", "simplefilter", "resetwarnings", "catch_warnings",
           "deprecated"]

_lock = RLock()  # guards filters, registries and their version
_use_context = bool(getattr(sys.flags, "context_aware_warnings", 0))
_filters_version = 1  # a registry of what was shown is good for one version of the filters
_actions = ("error", "ignore", "always", "all", "default", "module", "once")

filters = []
defaultaction = _defaultaction = "default"
onceregistry = _onceregistry = {}


class _Block:
    """What holds inside one catch_warnings block: its filters, the list it records to, the showwarning it found."""

    def __init__(self, own_filters):
        self._filters = own_filters
        self.log = None
        self.hook = None


class _Everywhere:
    """What holds outside any block."""

    log = None
    hook = None

    @property
    def _filters(self):
        return filters


_everywhere = _Everywhere()

if _use_context:
    from _contextvars import ContextVar
    _warnings_context = ContextVar("warnings_context")

    def _get_context():
        return _warnings_context.get(_everywhere)

    def _set_context(context):
        _warnings_context.set(context)
else:
    def _get_context():
        return _everywhere


def _get_filters():
    """The filters that hold here and now."""
    return _get_context()._filters


def _filters_mutated_lock_held():
    global _filters_version
    _filters_version += 1


def _filters_mutated():
    with _lock:
        _filters_mutated_lock_held()


# --- Filters.


def _check_category(category):
    if not isinstance(category, type) or not issubclass(category, Warning):
        raise TypeError("category must be a Warning subclass")


def _check_line(lineno):
    if not isinstance(lineno, int):
        raise TypeError("lineno must be an int")
    if lineno < 0:
        raise ValueError("lineno must be an int >= 0")


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    """Adds a filter: what to do with warnings whose text and module begin with what these patterns describe."""
    if action not in _actions:
        raise ValueError("invalid action: %r" % (action,))
    if not isinstance(message, str):
        raise TypeError("message must be a string")
    _check_category(category)
    if not isinstance(module, str):
        raise TypeError("module must be a string")
    _check_line(lineno)
    message_pattern = module_pattern = None
    if message or module:
        import _warning_pattern
        if message:
            message_pattern = _warning_pattern.compile(message, True)
        if module:
            module_pattern = _warning_pattern.compile(module, False)
    _add_filter((action, message_pattern, category, module_pattern, lineno), append)


def simplefilter(action, category=Warning, lineno=0, append=False):
    """Adds a filter for warnings of this category, whatever their text and module."""
    if action not in _actions:
        raise ValueError("invalid action: %r" % (action,))
    _check_line(lineno)
    _add_filter((action, None, category, None, lineno), append)


def _add_filter(item, append):
    with _lock:
        present = _get_filters()
        if not append:
            try:
                present.remove(item)
            except ValueError:
                pass
            present.insert(0, item)
        elif item not in present:
            present.append(item)
        _filters_mutated_lock_held()


def resetwarnings():
    """Takes all filters away, also the default ones."""
    with _lock:
        del _get_filters()[:]
        _filters_mutated_lock_held()


# --- Issuing.


class WarningMessage:
    """One warning as it is shown or recorded."""

    def __init__(self, message, category, filename, lineno, file=None, line=None, source=None):
        self.message = message
        self.category = category
        self.filename = filename
        self.lineno = lineno
        self.file = file
        self.line = line
        self.source = source
        self._category_name = category.__name__ if category else None

    def __str__(self):
        return "{message : %r, category : %r, filename : %r, lineno : %s, line : %r}" % (
            self.message, self._category_name, self.filename, self.lineno, self.line)

    def __repr__(self):
        return "<WarningMessage %s>" % self


def _is_internal_frame(frame):
    filename = frame.f_code.co_filename
    return "importlib" in filename and "_bootstrap" in filename


def _outer(frame, prefixes):
    """The frame that called this one, import machinery and files to be skipped left out."""
    frame = frame.f_back
    while frame is not None and (_is_internal_frame(frame) or prefixes and frame.f_code.co_filename.startswith(prefixes)):
        frame = frame.f_back
    return frame


def _frame_at(stacklevel, prefixes):
    """The frame to blame, counted from the caller of warn(); None when there are not so many."""
    try:
        frame = sys._getframe(2)
        if stacklevel <= 1 and not prefixes or _is_internal_frame(frame):
            for _ in range(stacklevel - 1):
                frame = frame.f_back
                if frame is None:
                    return None
            return frame
        for _ in range(stacklevel - 1):
            frame = _outer(frame, prefixes)
            if frame is None:
                return None
        return frame
    except ValueError:
        return None


def warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()):
    """Issues a warning about the code `stacklevel` calls up from here."""
    if isinstance(message, Warning):
        category = message.__class__
    elif category is None:
        category = UserWarning
    if not isinstance(category, type) or not issubclass(category, Warning):
        raise TypeError("category must be a Warning subclass, not '%s'" % type(category).__name__)
    if not isinstance(skip_file_prefixes, tuple):
        raise TypeError("skip_file_prefixes must be a tuple of strs.")
    if skip_file_prefixes:
        stacklevel = max(2, stacklevel)
    frame = _frame_at(stacklevel, skip_file_prefixes)
    if frame is None:
        globals, filename, lineno = sys.__dict__, "<sys>", 0
    else:
        globals, filename, lineno = frame.f_globals, frame.f_code.co_filename, frame.f_lineno
    module = globals.get("__name__", "<string>")
    registry = globals.setdefault("__warningregistry__", {})
    warn_explicit(message, category, filename, lineno, module, registry, globals, source)


def _fits(item, text, category, module, lineno):
    action, message_pattern, kind, module_pattern, line = item
    return ((message_pattern is None or _pattern_fits(message_pattern, text)) and issubclass(category, kind)
            and (module_pattern is None or _pattern_fits(module_pattern, module)) and (line == 0 or line == lineno))


def _pattern_fits(pattern, text):
    if isinstance(pattern, str):
        return pattern == text
    return pattern.match(text)


def _decided(text, category, filename, lineno, module, registry):
    """The action for this warning, None if it was shown before or is ignored; notes in the registries that it is shown now."""
    with _lock:
        if registry.get("version", 0) != _filters_version:
            registry.clear()
            registry["version"] = _filters_version
        key = (text, category, lineno)
        if registry.get(key):
            return None
        for item in _get_filters():
            if _fits(item, text, category, module, lineno):
                action = item[0]
                break
        else:
            action = defaultaction
        if action == "ignore":
            return None
        if action in ("error", "always", "all"):
            return action
        if action == "once":
            registry[key] = 1
            table, key = onceregistry, (text, category)
        elif action == "module":
            registry[key] = 1
            table, key = registry, (text, category, 0)
        elif action == "default":
            table = registry
        else:
            raise RuntimeError("Unrecognized action (%r) in warnings.filters:\n %s" % (action, item))
        if table.get(key):
            return None
        table[key] = 1
        return action


def warn_explicit(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None):
    """Issues a warning about a place that the caller names."""
    lineno = int(lineno)
    if module is None:
        module = filename or "<unknown>"
        if module[-3:].lower() == ".py":
            module = module[:-3]
    if registry is None:
        registry = {}
    if isinstance(message, Warning):
        text = str(message)
        category = message.__class__
    else:
        text = message
        message = category(message)
    action = _decided(text, category, filename, lineno, module, registry)
    if action is None:
        return
    if action == "error":
        raise message
    _showwarnmsg(WarningMessage(message, category, filename, lineno, source=source))


# --- Showing. Programs replace showwarning and formatwarning.


def showwarning(message, category, filename, lineno, file=None, line=None):
    """Writes a warning to the file, by default to sys.stderr."""
    _write(WarningMessage(message, category, filename, lineno, file, line))


def formatwarning(message, category, filename, lineno, line=None):
    """The text in which a warning is shown."""
    return _formatwarnmsg_impl(WarningMessage(message, category, filename, lineno, None, line))


_showwarning_orig = showwarning
_formatwarning_orig = formatwarning


def _formatwarnmsg_impl(msg):
    text = "%s:%s: %s: %s\n" % (msg.filename, msg.lineno, msg.category.__name__, msg.message)
    line = msg.line
    if line is None:
        try:
            import linecache
            line = linecache.getline(msg.filename, msg.lineno)
        except Exception:
            line = None
    if line:
        line = line.strip()
        text += "  %s\n" % line
    return text


def _formatwarnmsg(msg):
    if formatwarning is not _formatwarning_orig:
        return formatwarning(msg.message, msg.category, msg.filename, msg.lineno, msg.line)
    return _formatwarnmsg_impl(msg)


def _write(msg):
    file = msg.file
    if file is None:
        file = sys.stderr
        if file is None:
            return
    text = _formatwarnmsg(msg)
    try:
        file.write(text)
    except OSError:
        pass


def _showwarnmsg_impl(msg):
    _write(msg)


def _showwarnmsg(msg):
    """Shows a warning: to the recording block, to the program's own showwarning, or to the file."""
    context = _get_context()
    hook = globals().get("showwarning", _showwarning_orig)
    # A hook that was set before the block began to record does not get what the block records; one set inside does.
    if context.log is not None and (hook is context.hook or hook is _showwarning_orig):
        context.log.append(msg)
    elif hook is not _showwarning_orig:
        if not callable(hook):
            raise TypeError("warnings.showwarning() must be set to a function or method")
        hook(msg.message, msg.category, msg.filename, msg.lineno, msg.file, msg.line)
    else:
        _showwarnmsg_impl(msg)


class catch_warnings:
    """A block at whose end the filters and the way of showing are what they were; with record=True gives a list of its warnings."""

    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self._record = record
        self._module = sys.modules[__name__] if module is None else module
        self._entered = False
        self._filter = None if action is None else (action, category, lineno, append)

    def __repr__(self):
        arguments = []
        if self._record:
            arguments.append("record=True")
        if self._module is not sys.modules[__name__]:
            arguments.append("module=" + repr(self._module))
        return "%s(%s)" % (type(self).__name__, ", ".join(arguments))

    def __enter__(self):
        if self._entered:
            raise RuntimeError("Cannot enter %r twice" % self)
        self._entered = True
        log = [] if self._record else None
        with _lock:
            if _use_context:
                self._outer = _get_context()
                block = _Block(self._outer._filters[:])
                block.log, block.hook = self._outer.log, self._outer.hook
                if self._record:
                    block.log, block.hook = log, self._module.showwarning
                _set_context(block)
            else:
                module = self._module
                self._filters = module.filters
                self._showwarning = module.showwarning
                self._showwarnmsg_impl = module._showwarnmsg_impl
                module.filters = self._filters[:]
                if self._record:
                    module._showwarnmsg_impl = log.append
                    module.showwarning = module._showwarning_orig
            self._module._filters_mutated_lock_held()
        if self._filter is not None:
            self._module.simplefilter(*self._filter)
        return log

    def __exit__(self, *exc_info):
        if not self._entered:
            raise RuntimeError("Cannot exit %r without entering first" % self)
        with _lock:
            if _use_context:
                _set_context(self._outer)
            else:
                self._module.filters = self._filters
                self._module.showwarning = self._showwarning
                self._module._showwarnmsg_impl = self._showwarnmsg_impl
            self._module._filters_mutated_lock_held()


class deprecated:
    """A decorator for classes and functions that warns whoever uses them; category=None marks without warning."""

    def __init__(self, message, /, *, category=DeprecationWarning, stacklevel=1):
        if not isinstance(message, str):
            raise TypeError("Expected an object of type str for 'message', not %r" % type(message).__name__)
        self.message = message
        self.category = category
        self.stacklevel = stacklevel

    def __call__(self, arg, /):
        message, category, stacklevel = self.message, self.category, self.stacklevel
        if category is None:
            arg.__deprecated__ = message
            return arg
        if isinstance(arg, type):
            original_new = arg.__new__

            def __new__(cls, /, *args, **kwargs):
                if cls is arg:
                    warn(message, category=category, stacklevel=stacklevel + 1)
                if original_new is not object.__new__:
                    return original_new(cls, *args, **kwargs)
                if cls.__init__ is object.__init__ and (args or kwargs):
                    raise TypeError("%s() takes no arguments" % cls.__name__)
                return original_new(cls)

            arg.__new__ = staticmethod(__new__)
            arg.__deprecated__ = __new__.__deprecated__ = message
            return arg
        if callable(arg):
            import functools

            @functools.wraps(arg)
            def wrapper(*args, **kwargs):
                warn(message, category=category, stacklevel=stacklevel + 1)
                return arg(*args, **kwargs)

            arg.__deprecated__ = wrapper.__deprecated__ = message
            return wrapper
        raise TypeError("@deprecated decorator with non-None category must be applied to a class or callable, not %r" % (arg,))


# --- What the command line asks for: -W action:message:category:module:line.


class _OptionError(Exception):
    """An option -W that nobody understands."""


def _processoptions(options):
    for option in options:
        try:
            _setoption(option)
        except _OptionError as error:
            print("Invalid -W option ignored:", error, file=sys.stderr)


def _setoption(option):
    parts = option.split(":")
    if len(parts) > 5:
        raise _OptionError("too many fields (max 5): %r" % (option,))
    while len(parts) < 5:
        parts.append("")
    action, message, category, module, lineno = [part.strip() for part in parts]
    action = _getaction(action)
    kind = _getcategory(category)
    if message or module:
        import _warning_pattern
        message = _warning_pattern.escape(message)
        module = _warning_pattern.escape(module) + "\\z" if module else ""
    if lineno:
        try:
            lineno = int(lineno)
            if lineno < 0:
                raise ValueError
        except (ValueError, OverflowError):
            raise _OptionError("invalid lineno %r" % (lineno,)) from None
    else:
        lineno = 0
    filterwarnings(action, message, kind, module, lineno)


def _getaction(action):
    if not action:
        return "default"
    for known in ("default", "always", "all", "ignore", "module", "once", "error"):
        if known.startswith(action):
            return known
    raise _OptionError("invalid action: %r" % (action,))


def _getcategory(category):
    if not category:
        return Warning
    if "." not in category:
        import builtins as module
        name = category
    else:
        place, _, name = category.rpartition(".")
        try:
            module = __import__(place, None, None, [name])
        except ImportError:
            raise _OptionError("invalid module name: %r" % (place,)) from None
    try:
        kind = getattr(module, name)
    except AttributeError:
        raise _OptionError("unknown warning category: %r" % (category,)) from None
    if not isinstance(kind, type) or not issubclass(kind, Warning):
        raise _OptionError("invalid warning category: %r" % (category,))
    return kind


def _set_default_filters():
    filters.append(("default", None, DeprecationWarning, "__main__", 0))
    for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        filters.append(("ignore", None, category, None, 0))


_set_default_filters()
_processoptions(getattr(sys, "warnoptions", ()))
