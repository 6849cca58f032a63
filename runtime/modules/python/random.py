"""Numbers that look like chance. Not the sequences of any other implementation, and not for secrets.

The generator is splitmix64: the state is one number that grows by a constant, and each result is that number well stirred. So a step
needs one addition that must not be lost: a counter of itertools does it, which threads may share.
"""
from itertools import count as _count

__all__ = ["Random", "SystemRandom", "random", "randint", "randrange", "choice", "choices", "shuffle", "sample", "seed", "uniform",
           "getrandbits", "randbytes", "getstate", "setstate", "gauss", "normalvariate", "expovariate", "triangular"]

_MASK = (1 << 64) - 1
_GOLDEN = 0x9e3779b97f4a7c15


def _stirred(number):
    number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9 & _MASK
    number = (number ^ number >> 27) * 0x94d049bb133111eb & _MASK
    return number ^ number >> 31


def _seed_of(a):
    """A number of 64 bits for anything that can be a seed."""
    if isinstance(a, int):
        a = abs(a)
        number = a & _MASK
        while a > _MASK:
            a >>= 64
            number = _stirred(number ^ a & _MASK)
        return number
    if isinstance(a, float):
        return _seed_of(repr(a))
    if isinstance(a, str):
        a = a.encode("utf-8", "surrogatepass")
    if isinstance(a, (bytes, bytearray)):
        number = 14695981039346656037
        for byte in a:
            number = (number ^ byte) * 1099511628211 & _MASK
        return number
    raise TypeError("The only supported seed types are:\nNone, int, float, str, bytes, and bytearray.")


class Random:
    """A source of its own."""

    def __init__(self, x=None):
        self.seed(x)

    def seed(self, a=None, version=2):
        """Begins anew: the same seed gives the same numbers."""
        if a is None:
            import time
            a = time.time_ns() ^ id(self) << 32 if hasattr(time, "time_ns") else int(time.time() * 1e9) ^ id(self) << 32
        self._start = _stirred(_seed_of(a))
        self._steps = _count(1)
        self._drawn = 0

    def _next(self):
        step = next(self._steps)
        self._drawn = step
        return _stirred(self._start + step * _GOLDEN & _MASK)

    def getstate(self):
        """What setstate needs to go on from here."""
        return (1, self._start, self._drawn)

    def setstate(self, state):
        """Goes on from where getstate was called."""
        _, self._start, self._drawn = state
        self._steps = _count(self._drawn + 1)

    def getrandbits(self, k):
        """A number of k bits."""
        if k < 0:
            raise ValueError("number of bits must be non-negative")
        number, have = 0, 0
        while have < k:
            number |= self._next() << have
            have += 64
        return number & (1 << k) - 1

    def random(self):
        """A number from 0 to below 1."""
        return (self._next() >> 11) / 9007199254740992

    def _randbelow(self, n):
        bits = n.bit_length()
        number = self.getrandbits(bits)
        while number >= n:
            number = self.getrandbits(bits)
        return number

    def randrange(self, start, stop=None, step=1):
        """One of the numbers of range(start, stop, step)."""
        chosen = range(start) if stop is None else range(start, stop, step)
        size = len(chosen)
        if size == 0:
            if stop is None:
                raise ValueError("empty range for randrange()")
            raise ValueError("empty range in randrange(%s, %s)" % (start, stop) if step == 1 else
                             "empty range in randrange(%s, %s, %s)" % (start, stop, step))
        return chosen[self._randbelow(size)]

    def randint(self, a, b):
        """A number from a to b, both included."""
        return self.randrange(a, b + 1)

    def randbytes(self, n):
        """n bytes."""
        return self.getrandbits(n * 8).to_bytes(n, "little")

    def uniform(self, a, b):
        """A number between a and b."""
        return a + (b - a) * self.random()

    def triangular(self, low=0.0, high=1.0, mode=None):
        """A number between low and high, most likely near mode."""
        middle = 0.5 if mode is None else (mode - low) / (high - low)
        number = self.random()
        if number > middle:
            number, middle, low, high = 1.0 - number, 1.0 - middle, high, low
        return low + (high - low) * (number * middle) ** 0.5

    def gauss(self, mu=0.0, sigma=1.0):
        """A number of the normal distribution, by summing twelve even ones."""
        return mu + sigma * (sum([self.random() for _ in range(12)]) - 6.0)

    normalvariate = gauss

    def expovariate(self, lambd=1.0):
        """A number of the exponential distribution."""
        import math
        return -math.log(1.0 - self.random()) / lambd

    def choice(self, seq):
        """One of the items."""
        if not len(seq):
            raise IndexError("Cannot choose from an empty sequence")
        return seq[self._randbelow(len(seq))]

    def choices(self, population, weights=None, *, cum_weights=None, k=1):
        """k items, each of which may come several times."""
        size = len(population)
        if cum_weights is None:
            if weights is None:
                return [population[int(self.random() * size)] for _ in range(k)]
            cum_weights, total = [], 0
            for weight in weights:
                total += weight
                cum_weights.append(total)
        elif weights is not None:
            raise TypeError("Cannot specify both weights and cumulative weights")
        if len(cum_weights) != size:
            raise ValueError("The number of weights does not match the population")
        total = cum_weights[-1] + 0.0
        if total <= 0.0:
            raise ValueError("Total of weights must be greater than zero")
        from bisect import bisect
        return [population[bisect(cum_weights, self.random() * total, 0, size - 1)] for _ in range(k)]

    def shuffle(self, x):
        """Brings the items of a list into another order."""
        for place in reversed(range(1, len(x))):
            other = self._randbelow(place + 1)
            x[place], x[other] = x[other], x[place]

    def sample(self, population, k, *, counts=None):
        """k items at different places."""
        if not hasattr(population, "__getitem__") or not hasattr(population, "__len__"):
            raise TypeError("Population must be a sequence.  For dicts or sets, use sorted(d).")
        if counts is not None:
            population = [item for item, count in zip(population, counts) for _ in range(count)]
        pool = list(population)
        if not 0 <= k <= len(pool):
            raise ValueError("Sample larger than population or is negative")
        for place in range(k):
            other = place + self._randbelow(len(pool) - place)
            pool[place], pool[other] = pool[other], pool[place]
        return pool[:k]


class SystemRandom(Random):
    """Numbers from the operating system, which no seed repeats."""

    def seed(self, a=None, version=2):
        """Does nothing."""

    def _next(self):
        from os import urandom
        return int.from_bytes(urandom(8), "little")

    def getstate(self):
        """There is no state."""
        raise NotImplementedError("System entropy source does not have state.")

    def setstate(self, state):
        """There is no state."""
        raise NotImplementedError("System entropy source does not have state.")


_shared = Random()
for _name in __all__:
    if hasattr(_shared, _name) and _name[0].islower():
        globals()[_name] = getattr(_shared, _name)
del _name
