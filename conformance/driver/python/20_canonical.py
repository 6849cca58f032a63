# --- Canonical text: how a value is written in an outcome (specs/README.md, "Outcomes").

MAX_DEPTH = 32
MAX_TEXT = 2000

if sys.version_info[0] >= 3:
    TEXT_TYPES = (str,)
    INT_TYPES = (int,)
    BYTES = bytes
    CLASS_TYPES = (type,)
else:
    TEXT_TYPES = (str, unicode)  # noqa: F821
    INT_TYPES = (int, long)  # noqa: F821
    BYTES = None

    class _Old:
        pass
    CLASS_TYPES = (type, type(_Old))


class Raised(object):
    """The result of an actor that ended with an exception; equal only to another of the same type name."""

    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        return isinstance(other, Raised) and other.name == self.name

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(("heddle raised", self.name))

    def __repr__(self):
        return "raised(%s)" % self.name


_raised = {}


def raised(name):
    if not isinstance(name, str):
        name = getattr(name, "__name__", str(name)).split(".")[-1]
    found = _raised.get(name)
    if found is None:
        found = _raised[name] = Raised(name)
    return found


_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _escaped(characters, quote):
    parts = []
    for character in characters:
        code = ord(character)
        if character == quote:
            parts.append("\\" + quote)
        elif character in _ESCAPES:
            parts.append(_ESCAPES[character])
        elif 32 <= code < 127:
            parts.append(character)
        elif code < 256:
            parts.append("\\x%02x" % code)
        elif code < 65536:
            parts.append("\\u%04x" % code)
        else:
            parts.append("\\U%08x" % code)
    return "".join(parts)


def _quoted(characters):
    quote = '"' if "'" in characters and '"' not in characters else "'"
    return quote + _escaped(characters, quote) + quote


def _canonical_float(value):
    if value != value:
        return "nan"
    if value in (float("inf"), float("-inf")):
        return "inf" if value > 0 else "-inf"
    return repr(value)


def _canonical_int(value):
    try:
        return "%d" % value
    except ValueError:  # more digits than the runtime likes to print
        return "<long text: %d bits>" % value.bit_length()


def _sort_key(value, text):
    """None, booleans, numbers by value, text, bytes, then the rest by their spelling."""
    kind = type(value)
    if value is None:
        return (0, 0, text)
    if kind is bool:
        return (1, int(value), text)
    if kind in INT_TYPES or kind is float:
        return (2, value if value == value else 0, text)
    if kind in TEXT_TYPES:
        return (3, 0, text)
    if kind is BYTES:
        return (4, 0, text)
    return (5, 0, text)


def _canonical_list(values, depth, seen):
    return ", ".join([_canonical(value, depth, seen) for value in list(values)])


def _canonical_unordered(values, depth, seen):
    pairs = [(value, _canonical(value, depth, seen)) for value in list(values)]
    keyed = sorted([_sort_key(value, text) for value, text in pairs])
    return ", ".join([key[2] for key in keyed])


def _canonical_dict(value, depth, seen):
    rows = []
    for key, item in list(value.items()):
        text = _canonical(key, depth, seen)
        rows.append((_sort_key(key, text), text + ": " + _canonical(item, depth, seen)))
    rows.sort(key=lambda row: row[0])
    return "{" + ", ".join([row[1] for row in rows]) + "}"


def _base_text(base, value, depth, seen):
    """The canonical text of a container or scalar as if its type were exactly `base`; None for any other base."""
    if base in INT_TYPES:
        return _canonical_int(value)
    if base is float:
        return _canonical_float(float(value))
    if base in TEXT_TYPES:
        return _quoted(value)
    if BYTES is not None and base is BYTES:
        return "b" + _quoted(BYTES(value).decode("latin-1"))
    if depth > MAX_DEPTH or id(value) in seen:
        return "<...>"
    inner = seen + (id(value),)
    if base is list:
        return "[" + _canonical_list(value, depth + 1, inner) + "]"
    if base is tuple:
        text = _canonical_list(value, depth + 1, inner)
        return "(" + text + ("," if len(value) == 1 else "") + ")"
    if base is dict:
        return _canonical_dict(value, depth + 1, inner)
    if base is set:
        return "{" + _canonical_unordered(value, depth + 1, inner) + "}" if len(value) else "set()"
    if base is frozenset:
        return "frozenset([" + _canonical_unordered(value, depth + 1, inner) + "])"
    if base is bytearray:
        return "bytearray(b" + _quoted(bytes(value).decode("latin-1")) + ")"
    if base.__name__ == "deque" and base.__module__ in ("collections", "_collections"):
        return "deque([" + _canonical_list(value, depth + 1, inner) + "])"
    return None


_FUNCTION_NAMES = ("function", "builtin_function_or_method", "method", "instancemethod", "builtin_function",
                   "method-wrapper", "method_descriptor", "wrapper_descriptor", "reflectedfunction", "builtin_method")


def _canonical(value, depth, seen):
    kind = type(value)
    if value is None or value is True or value is False:
        return str(value)
    if kind is Raised:
        return "raised(%s)" % value.name
    text = _base_text(kind, value, depth, seen)
    if text is not None:
        return text
    if isinstance(value, CLASS_TYPES):
        return "<class %s>" % value.__name__
    name = kind.__name__.split(".")[-1]
    if name in _FUNCTION_NAMES:
        return "<function>"
    if name in ("module", "javapackage"):
        return "<module>"
    for base in getattr(kind, "__mro__", ())[1:]:
        if base is object:
            break
        text = _base_text(base, value, depth, seen)
        if text is not None:
            return "%s(%s)" % (name, text)
    return "<%s>" % name


def canonical(value):
    text = _canonical(value, 0, ())
    if len(text) > MAX_TEXT:
        digest = 2166136261  # FNV-1a, 32 bits: only has to tell two long texts apart
        for character in text:
            digest = ((digest ^ ord(character)) * 16777619) & 0xffffffff
        return "<long text: %d characters, hash %08x>" % (len(text), digest)
    return text
