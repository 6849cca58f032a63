# --- Histogram: distinct outcomes and how often each was seen.

MAX_DISTINCT = 256
MAX_CACHE = 4096


def _exact_dumps():
    """marshal.dumps, if this runtime's tells types apart and refuses subclasses: a fast exact key for plain values."""
    try:
        from marshal import dumps

        class Text(str):
            pass

        class Whole(int):
            pass

        keys = set([dumps((value,), 2) for value in (1, True, 1.0, "1", None, (1,), [1], -0.0, 0.0)])
        if len(keys) != 9:
            return None
        for value in (Text("1"), Whole(1), Raised("x")):
            try:
                dumps((value,), 2)
                return None
            except ValueError:
                pass
        return dumps
    except Exception:
        return None


_dumps = _exact_dumps()


class Histogram(object):
    """Not shared between threads while it is being filled."""

    def __init__(self, names, whens=()):
        self.names = names
        self.whens = whens
        self.entries = {}  # text -> [count, rules that hold, errors of rules]
        self.cache = {}    # exact key -> entry
        self.samples = 0

    def text(self, values):
        return ", ".join(["%s=%s" % (name, canonical(value)) for name, value in zip(self.names, values)])

    def entry(self, values):
        text = self.text(values)
        found = self.entries.get(text)
        if found is None:
            if len(self.entries) >= MAX_DISTINCT:
                return self.entries.setdefault("too_many", [0, [], {}])
            found = self.entries[text] = [0] + self.evaluate(values)
        return found

    def evaluate(self, values):
        true, errors = [], {}
        for rule, function in self.whens:
            try:
                if function(*values)[0]:
                    true.append(rule)
            except Exception:
                kind, error = sys.exc_info()[:2]
                errors[str(rule)] = "%s: %s" % (kind.__name__, error)
        return [true, errors]

    def add(self, values):
        self.samples += 1
        if _dumps is not None:
            try:
                key = _dumps(values, 2)
            except ValueError:
                self.entry(values)[0] += 1
                return
            found = self.cache.get(key)
            if found is None:
                found = self.entry(values)
                if len(self.cache) < MAX_CACHE:
                    self.cache[key] = found
            found[0] += 1
        else:
            self.entry(values)[0] += 1

    def merge(self, other):
        """Takes over what `other` counted, and empties it but for its cache. Returns [(text, count)] of what was new."""
        news = []
        self.samples += other.samples
        other.samples = 0
        for text, entry in other.entries.items():
            if entry[0]:
                mine = self.entries.get(text)
                if mine is None:
                    if len(self.entries) >= MAX_DISTINCT:
                        text = "too_many"
                    mine = self.entries.setdefault(text, [0, entry[1], entry[2]])
                mine[0] += entry[0]
                news.append((text, entry[0]))
                entry[0] = 0
        return news

    def rows(self):
        return [[text, entry[0], entry[1], entry[2]] for text, entry in sorted(self.entries.items()) if entry[0]]
