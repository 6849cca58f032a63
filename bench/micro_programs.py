"""The micro set: one small loop per thing that interpreters do all day. Ordinary Python, for any runtime.

Usage: PYTHON micro_programs.py [SECONDS] [NAME...]: prints "name nanoseconds-per-step", each measured in short runs for about
SECONDS / number of programs; the least of the runs counts, as everything that disturbs adds time.
"""
import sys
import time


class Point(object):
    def __init__(self, x):
        self.x = x

    def move(self, by):
        return by


def loop(n):
    for _ in range(n):
        pass


def while_loop(n):
    i = 0
    while i < n:
        i += 1


def attribute(n):
    point = Point(1)
    for _ in range(n):
        point.x = point.x


def method(n):
    point = Point(1)
    for i in range(n):
        point.move(i)


def append(n):
    items = []
    for i in range(n):
        items.append(i)


def index(n):
    items = [0, 1, 2, 3, 4, 5, 6, 7]
    for _ in range(n):
        items[3]


def dict_get(n):
    table = {"a": 1, "b": 2, "c": 3}
    for _ in range(n):
        table["b"]


def dict_set(n):
    table = {"a": 1, "b": 2, "c": 3}
    for i in range(n):
        table["b"] = i


def numbers(n):
    for i in range(n):
        yield i


def generator(n):
    for _ in numbers(n):
        pass


def make_tuple(n):
    for i in range(n):
        (i, i)


def floats(n):
    x = 0.5
    for _ in range(n):
        x = x * 0.5 + 1.0


def set_add(n):
    members = set()
    for i in range(n):
        members.add(i & 63)


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def fib(n):
    fibonacci(18)  # 8361 calls


def add(n):
    total = 0
    for i in range(n):
        total += i


PROGRAMS = [
    ("loop", loop, 200000), ("while", while_loop, 100000), ("add", add, 100000), ("attribute", attribute, 100000),
    ("method", method, 50000), ("append", append, 100000), ("index", index, 100000), ("dict get", dict_get, 100000),
    ("dict set", dict_set, 100000), ("generator", generator, 100000), ("tuple", make_tuple, 100000), ("float", floats, 100000),
    ("set", set_add, 100000), ("fib", fib, 8361)]


def measure(function, steps, seconds):
    best = None
    end = time.perf_counter() + seconds
    while best is None or time.perf_counter() < end:
        begun = time.perf_counter()
        function(steps)
        took = time.perf_counter() - begun
        if best is None or took < best:
            best = took
    return best / steps * 1e9


def main(arguments):
    seconds = float(arguments[0]) if arguments else 3.0
    chosen = [row for row in PROGRAMS if len(arguments) < 2 or row[0] in arguments[1:]]
    for name, function, steps in chosen:
        print("%s\t%.2f" % (name, measure(function, steps, seconds / len(PROGRAMS))))


if __name__ == "__main__":
    main(sys.argv[1:])
