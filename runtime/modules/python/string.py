"""Sets of characters, and templates."""

__all__ = ["ascii_letters", "ascii_lowercase", "ascii_uppercase", "capwords", "digits", "hexdigits", "octdigits", "printable",
           "punctuation", "whitespace", "Template"]

whitespace = " \t\n\r\v\f"
ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdef" + "ABCDEF"
octdigits = "01234567"
punctuation = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""
_NAME_BEGINS = ascii_letters + "_"
_NAME_GOES_ON = _NAME_BEGINS + digits
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    """Each word with a capital letter."""
    return (sep or " ").join([word.capitalize() for word in s.split(sep)])


class Template:
    """A text in which $name and ${name} stand for values."""

    delimiter = "$"

    def __init__(self, template):
        self.template = template

    def _invalid(self, place):
        before = self.template[:place].splitlines(True)
        line = len(before) or 1
        column = place - len("".join(before[:-1])) + 1 if before else 1
        raise ValueError("Invalid placeholder in string: line %d, col %d" % (line, column))

    def _filled(self, values, safe):
        text, parts, place = self.template, [], 0
        while True:
            found = text.find(self.delimiter, place)
            if found < 0:
                parts.append(text[place:])
                return "".join(parts)
            parts.append(text[place:found])
            place = found + 1
            if text.startswith(self.delimiter, place):
                parts.append(self.delimiter)
                place += 1
                continue
            braced = text.startswith("{", place)
            begin = place + braced
            end = begin
            while end < len(text) and text[end] in (_NAME_GOES_ON if end > begin else _NAME_BEGINS):
                end += 1
            behind = end + braced
            if end == begin or braced and not text.startswith("}", end):
                if not safe:
                    self._invalid(found)
                parts.append(self.delimiter)
                continue
            name = text[begin:end]
            place = behind
            if safe and name not in values:
                parts.append(text[found:behind])
            else:
                parts.append(str(values[name]))

    def substitute(self, mapping={}, /, **kws):
        """The text with the values; KeyError if one is missing."""
        return self._filled({**mapping, **kws}, False)

    def safe_substitute(self, mapping={}, /, **kws):
        """The text with those values that are there."""
        return self._filled({**mapping, **kws}, True)
