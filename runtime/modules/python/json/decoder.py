"""From JSON text to values: one function per kind of value, given the text and a place, returns the value and the place behind it.

No regular expressions: runs of ordinary characters are skipped by str.find.
"""

__all__ = ["JSONDecoder", "JSONDecodeError"]


class JSONDecodeError(ValueError):
    """The text is no JSON: what was expected and where (msg, doc, pos, lineno, colno)."""

    def __init__(self, msg, doc, pos):
        lineno = doc.count("\n", 0, pos) + 1
        colno = pos - doc.rfind("\n", 0, pos)
        ValueError.__init__(self, "%s: line %d column %d (char %d)" % (msg, lineno, colno, pos))
        self.msg = msg
        self.doc = doc
        self.pos = pos
        self.lineno = lineno
        self.colno = colno

    def __reduce__(self):
        return self.__class__, (self.msg, self.doc, self.pos)


_CONSTANTS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SPACE = " \t\n\r"
_DIGITS = "0123456789"
_HEX_DIGITS = "0123456789abcdefABCDEF"


def _four_hex_digits(text, place):
    digits = text[place:place + 4]
    if len(digits) == 4 and all([digit in _HEX_DIGITS for digit in digits]):
        return int(digits, 16)
    raise JSONDecodeError("Invalid \\uXXXX escape", text, place - 1)


def scanstring(text, begin, strict=True):
    """A string whose opening quote stands before `begin`."""
    quote = text.find('"', begin)
    chunk = text[begin:quote]
    if quote >= 0 and "\\" not in chunk and (chunk.isprintable() or not strict):
        return chunk, quote + 1
    parts = []
    place = begin
    while True:
        quote = _first_of(text, '"', place)
        escape = text.find("\\", place, quote)
        end = quote if escape < 0 else escape
        if strict:
            _refuse_control_characters(text, place, end)
        if end == len(text):
            raise JSONDecodeError("Unterminated string starting at", text, begin - 1)
        parts.append(text[place:end])
        if escape < 0:
            return "".join(parts), end + 1
        letter = text[end + 1:end + 2]
        if not letter:
            raise JSONDecodeError("Unterminated string starting at", text, begin - 1)
        if letter != "u":
            if letter not in _ESCAPES:
                raise JSONDecodeError("Invalid \\escape", text, end)
            parts.append(_ESCAPES[letter])
            place = end + 2
            continue
        code = _four_hex_digits(text, end + 2)
        place = end + 6
        if 0xd800 <= code <= 0xdbff and text.startswith("\\u", place):
            low = _four_hex_digits(text, place + 2)
            if 0xdc00 <= low <= 0xdfff:
                code = 0x10000 + ((code - 0xd800) << 10 | low - 0xdc00)
                place += 6
        parts.append(chr(code))


def _first_of(text, character, begin):
    place = text.find(character, begin)
    return len(text) if place < 0 else place


def _refuse_control_characters(text, begin, end):
    chunk = text[begin:end]
    if chunk.isprintable():
        return
    for offset, character in enumerate(chunk):
        if character < " ":
            raise JSONDecodeError("Invalid control character at", text, begin + offset)


class JSONDecoder:
    """Turns JSON text into values; hooks may make other values of objects, numbers and constants."""

    def __init__(self, *, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, strict=True, object_pairs_hook=None):
        self.object_hook = object_hook
        self.parse_float = parse_float or float
        self.parse_int = parse_int or int
        self.parse_constant = parse_constant or _CONSTANTS.__getitem__
        self.strict = strict
        self.object_pairs_hook = object_pairs_hook

    def decode(self, s):
        """The value of a text that holds nothing else."""
        begin = 0
        while s[begin:begin + 1] in _SPACE and begin < len(s):
            begin += 1
        value, end = self.raw_decode(s, begin)
        while end < len(s):
            if s[end] not in _SPACE:
                raise JSONDecodeError("Extra data", s, end)
            end += 1
        return value

    def raw_decode(self, s, idx=0):
        """The value that begins at idx, and the place behind it."""
        if idx < 0:
            raise ValueError("idx cannot be negative")
        return self._value(s, idx)

    def _value(self, s, place):
        first = s[place:place + 1]
        if first == '"':
            return scanstring(s, place + 1, self.strict)
        if first == "{":
            return self._object(s, place + 1)
        if first == "[":
            return self._array(s, place + 1)
        if first in _DIGITS and first or first == "-":
            return self._number(s, place)
        if first == "n" and s.startswith("null", place):
            return None, place + 4
        if first == "t" and s.startswith("true", place):
            return True, place + 4
        if first == "f" and s.startswith("false", place):
            return False, place + 5
        if first == "N" and s.startswith("NaN", place):
            return self.parse_constant("NaN"), place + 3
        if first == "I" and s.startswith("Infinity", place):
            return self.parse_constant("Infinity"), place + 8
        raise JSONDecodeError("Expecting value", s, place)

    def _number(self, s, begin):
        place = begin + 1 if s[begin] == "-" else begin
        size = len(s)
        if place < size and s[place] == "0":
            place += 1
        else:
            first = place
            while place < size and s[place] in _DIGITS:
                place += 1
            if place == first:
                if s.startswith("-Infinity", begin):
                    return self.parse_constant("-Infinity"), begin + 9
                raise JSONDecodeError("Expecting value", s, begin)
        whole = place
        if place + 1 < size and s[place] == "." and s[place + 1] in _DIGITS:
            place += 2
            while place < size and s[place] in _DIGITS:
                place += 1
        if place < size and s[place] in "eE":
            digit = place + 1
            if digit < size and s[digit] in "+-":
                digit += 1
            if digit < size and s[digit] in _DIGITS:
                place = digit + 1
                while place < size and s[place] in _DIGITS:
                    place += 1
        if place == whole:
            return self.parse_int(s[begin:place]), place
        return self.parse_float(s[begin:place]), place

    def _array(self, s, place):
        values = []
        size = len(s)
        while place < size and s[place] in _SPACE:
            place += 1
        if s[place:place + 1] == "]":
            return values, place + 1
        put = values.append
        value_at = self._value
        while True:
            value, place = value_at(s, place)
            put(value)
            while place < size and s[place] in _SPACE:
                place += 1
            follower = s[place:place + 1]
            if follower == "]":
                return values, place + 1
            if follower != ",":
                raise JSONDecodeError("Expecting ',' delimiter", s, place)
            comma = place
            place += 1
            while place < size and s[place] in _SPACE:
                place += 1
            if s[place:place + 1] == "]":
                raise JSONDecodeError("Illegal trailing comma before end of array", s, comma)

    def _object(self, s, place):
        pairs = []
        size = len(s)
        put = pairs.append
        value_at, strict = self._value, self.strict
        while place < size and s[place] in _SPACE:
            place += 1
        if s[place:place + 1] == "}":
            return self._finished(pairs), place + 1
        while True:
            if s[place:place + 1] != '"':
                raise JSONDecodeError("Expecting property name enclosed in double quotes", s, place)
            key, place = scanstring(s, place + 1, strict)
            while place < size and s[place] in _SPACE:
                place += 1
            if s[place:place + 1] != ":":
                raise JSONDecodeError("Expecting ':' delimiter", s, place)
            place += 1
            while place < size and s[place] in _SPACE:
                place += 1
            value, place = value_at(s, place)
            put((key, value))
            while place < size and s[place] in _SPACE:
                place += 1
            follower = s[place:place + 1]
            if follower == "}":
                return self._finished(pairs), place + 1
            if follower != ",":
                raise JSONDecodeError("Expecting ',' delimiter", s, place)
            comma = place
            place += 1
            while place < size and s[place] in _SPACE:
                place += 1
            if s[place:place + 1] == "}":
                raise JSONDecodeError("Illegal trailing comma before end of object", s, comma)

    def _finished(self, pairs):
        if self.object_pairs_hook is not None:
            return self.object_pairs_hook(pairs)
        result = dict(pairs)
        if self.object_hook is not None:
            return self.object_hook(result)
        return result
