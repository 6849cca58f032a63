"""Patterns for the filters of warnings without regular expressions.

Nearly all filters give a literal text, perhaps with escapes, `.`, `.*` and an end mark. Such patterns are matched here; for any other the
module `re` does it, where there is one.
"""

_SPECIAL = "^$*+?{}[]()|"
_CLASSES = "AbBdDsSwWZzux0123456789N"


class _Pattern:
    """A sequence of steps: a text to be found at the place, `None` for any character, `...` for any number of characters."""

    def __init__(self, pattern, ignore_case, steps, to_the_end):
        self.pattern = pattern
        self.ignore_case = ignore_case
        self._steps = steps
        self._to_the_end = to_the_end

    def __repr__(self):
        return "re.compile(%r%s)" % (self.pattern, ", re.IGNORECASE" if self.ignore_case else "")

    def __eq__(self, other):
        if not isinstance(other, _Pattern):
            return NotImplemented
        return self.pattern == other.pattern and self.ignore_case == other.ignore_case

    def __hash__(self):
        return hash((self.pattern, self.ignore_case))

    def match(self, text):
        """True if the text begins with what the pattern describes."""
        if self.ignore_case:
            text = text.lower()
        return self._match(text, 0, 0)

    def _match(self, text, place, number):
        steps = self._steps
        while number < len(steps):
            step = steps[number]
            number += 1
            if step is None:
                if place >= len(text) or text[place] == "\n":
                    return False
                place += 1
            elif step is ...:
                end = text.find("\n", place)
                if end < 0:
                    end = len(text)
                for start in range(end, place - 1, -1):
                    if self._match(text, start, number):
                        return True
                return False
            elif text.startswith(step, place):
                place += len(step)
            else:
                return False
        if self._to_the_end == "$":
            return place == len(text) or place == len(text) - 1 and text[place] == "\n"
        return not self._to_the_end or place == len(text)


def _steps_of(pattern):
    """The steps of a simple pattern and how it ends; None for a pattern that is not simple."""
    steps, literal, to_the_end = [], [], ""
    place = 0

    def flush():
        if literal:
            steps.append("".join(literal))
            del literal[:]

    while place < len(pattern):
        character = pattern[place]
        rest = len(pattern) - place
        if character == "\\":
            escaped = pattern[place + 1:place + 2]
            if escaped in ("Z", "z") and rest == 2:
                to_the_end = escaped
            elif not escaped or escaped in _CLASSES or escaped.isalpha():
                return None
            else:
                literal.append(escaped)
            place += 2
        elif character == ".":
            flush()
            if pattern[place + 1:place + 2] == "*":
                if pattern[place + 2:place + 3] in ("?", "+"):
                    return None
                steps.append(...)
                place += 1
            else:
                steps.append(None)
            place += 1
        elif character == "$" and rest == 1:
            to_the_end = "$"
            place += 1
        elif character == "^" and place == 0:
            place += 1
        elif character in _SPECIAL:
            return None
        else:
            literal.append(character)
            place += 1
        if steps and pattern[place:place + 1] in ("*", "+", "?", "{") or literal and pattern[place:place + 1] in ("*", "+", "?", "{"):
            return None
    flush()
    return steps, to_the_end


def compile(pattern, ignore_case):
    """Something with a method match(text) for this pattern."""
    found = _steps_of(pattern)
    if found is None:
        import re
        return re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    steps, to_the_end = found
    if ignore_case:
        steps = [step.lower() if isinstance(step, str) else step for step in steps]
    return _Pattern(pattern, ignore_case, steps, to_the_end)


def escape(text):
    """A pattern that matches this very text."""
    return "".join(["\\" + character if character in ".^$*+?{}[]()|\\-#&~ \t\n\r\v\f" else character for character in text])
