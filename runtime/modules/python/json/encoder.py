"""From values to JSON text."""

__all__ = ["JSONEncoder"]

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_INFINITY = float("inf")


def _escaped(text, ascii_only):
    parts = ['"']
    for character in text:
        code = ord(character)
        if character in _ESCAPES:
            parts.append(_ESCAPES[character])
        elif 32 <= code < 127 or (code >= 127 and not ascii_only):
            parts.append(character)
        elif code < 0x10000:
            parts.append("\\u%04x" % code)
        else:
            code -= 0x10000
            parts.append("\\u%04x\\u%04x" % (0xd800 | code >> 10, 0xdc00 | code & 0x3ff))
    parts.append('"')
    return "".join(parts)


def encode_basestring(s):
    """The text as a JSON string that may hold any character but controls."""
    if s.isprintable() and '"' not in s and "\\" not in s:
        return '"' + s + '"'
    return _escaped(s, False)


def encode_basestring_ascii(s):
    """The text as a JSON string of ASCII characters."""
    if s.isascii() and s.isprintable() and '"' not in s and "\\" not in s:
        return '"' + s + '"'
    return _escaped(s, True)


def _noted(error, text):
    add_note = getattr(error, "add_note", None)
    if add_note is not None:
        add_note(text)


class JSONEncoder:
    """Turns values into JSON text; `default` may be overridden for other kinds of values."""

    item_separator = ", "
    key_separator = ": "

    def __init__(self, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, sort_keys=False, indent=None,
                 separators=None, default=None):
        self.skipkeys = skipkeys
        self.ensure_ascii = ensure_ascii
        self.check_circular = check_circular
        self.allow_nan = allow_nan
        self.sort_keys = sort_keys
        self.indent = indent
        if separators is not None:
            self.item_separator, self.key_separator = separators
        elif indent is not None:
            self.item_separator = ","
        if default is not None:
            self.default = default

    def default(self, o):
        """Something that can be written in place of o."""
        raise TypeError("Object of type %s is not JSON serializable" % o.__class__.__name__)

    def encode(self, o):
        """The value as one text."""
        return "".join(self.iterencode(o))

    def iterencode(self, o, _one_shot=False):
        """The value as pieces of text."""
        return iter(_Writing(self).all(o))


class _Writing:
    """One call of encode: the pieces so far and the containers that are being written."""

    def __init__(self, encoder):
        self.encoder = encoder
        self.string = encode_basestring_ascii if encoder.ensure_ascii else encode_basestring
        self.open = {} if encoder.check_circular else None
        indent = encoder.indent
        self.indent = " " * indent if isinstance(indent, int) else indent
        self.parts = []

    def all(self, value):
        self.value(value, 0)
        return self.parts

    def scalar(self, value):
        """The text of a value without parts; None for any other."""
        if isinstance(value, str):
            return self.string(value)
        if value is None:
            return "null"
        if value is True:
            return "true"
        if value is False:
            return "false"
        if isinstance(value, int):
            return int.__repr__(value)
        if isinstance(value, float):
            return self.float(value)
        return None

    def float(self, value):
        if value != value:
            text = "NaN"
        elif value == _INFINITY:
            text = "Infinity"
        elif value == -_INFINITY:
            text = "-Infinity"
        else:
            return float.__repr__(value)
        if not self.encoder.allow_nan:
            raise ValueError("Out of range float values are not JSON compliant: " + repr(value))
        return text

    def value(self, value, depth):
        text = self.scalar(value)
        if text is not None:
            self.parts.append(text)
        elif isinstance(value, (list, tuple)):
            self.inside(value, self.array, depth)
        elif isinstance(value, dict):
            self.inside(value, self.object, depth)
        else:
            self.inside(value, self.other, depth)

    def inside(self, value, write, depth):
        if self.open is None:
            write(value, depth)
            return
        mark = id(value)
        if mark in self.open:
            raise ValueError("Circular reference detected")
        self.open[mark] = value
        write(value, depth)
        del self.open[mark]

    def other(self, value, depth):
        replacement = self.encoder.default(value)
        try:
            self.value(replacement, depth)
        except Exception as error:
            _noted(error, "when serializing %s object" % type(value).__name__)
            raise

    def line(self, depth):
        return "" if self.indent is None else "\n" + self.indent * depth

    def array(self, values, depth):
        if not values:
            self.parts.append("[]")
            return
        put = self.parts.append
        separator = "[" + self.line(depth + 1)
        for number, value in enumerate(values):
            put(separator)
            if number == 0:
                separator = self.encoder.item_separator + self.line(depth + 1)
            try:
                self.value(value, depth + 1)
            except Exception as error:
                _noted(error, "when serializing %s item %d" % (type(values).__name__, number))
                raise
        put(self.line(depth) + "]")

    def key(self, key):
        if isinstance(key, str):
            return key
        if isinstance(key, float):
            return self.float(key)
        if key is None or key is True or key is False or isinstance(key, int):
            return self.scalar(key)
        if self.encoder.skipkeys:
            return None
        raise TypeError("keys must be str, int, float, bool or None, not " + key.__class__.__name__)

    def object(self, values, depth):
        if not values:
            self.parts.append("{}")
            return
        put = self.parts.append
        items = sorted(values.items()) if self.encoder.sort_keys else values.items()
        key_separator = self.encoder.key_separator
        separator = self.line(depth + 1)
        put("{")
        for key, value in items:
            name = self.key(key)
            if name is None:
                continue
            put(separator)
            put(self.string(name))
            put(key_separator)
            separator = self.encoder.item_separator + self.line(depth + 1)
            text = self.scalar(value)
            if text is not None:
                put(text)
                continue
            try:
                self.value(value, depth + 1)
            except Exception as error:
                _noted(error, "when serializing %s item %r" % (type(values).__name__, key))
                raise
        # A dict whose keys were all skipped is written on one line.
        put(self.line(depth) + "}" if self.parts[-1] != "{" else "}")
