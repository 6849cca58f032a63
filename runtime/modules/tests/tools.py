"""itertools, _functools, _collections, _operator: what they promise, as a program sees it. Runs on CPython 3.14 as well."""
import _collections
import _functools
import _operator
import _thread
import gc
import itertools


def raised(function, *arguments, **named):
    """What a call raises, as text."""
    try:
        function(*arguments, **named)
    except BaseException as error:
        return "%s: %s" % (type(error).__name__, error)
    return "nothing"


def check(found, expected):
    if found != expected:
        raise AssertionError("%r, and not %r" % (found, expected))


def first(count, iterable):
    iterator = iter(iterable)
    return [next(iterator) for _ in range(count)]


def endless_iterators():
    check(first(3, itertools.count()), [0, 1, 2])
    check(first(3, itertools.count(5, -2)), [5, 3, 1])
    check(first(2, itertools.count(0.5, 0.5)), [0.5, 1.0])
    check(first(3, itertools.count(2**63 - 2)), [2**63 - 2, 2**63 - 1, 2**63])
    check((repr(itertools.count(3)), repr(itertools.count(3, 2))), ("count(3)", "count(3, 2)"))
    check(raised(itertools.count, "a"), "TypeError: a number is required")
    check(list(itertools.repeat("a", 3)), ["a"] * 3)
    check((list(itertools.repeat("a", -1)), list(itertools.repeat(object="b", times=1))), ([], ["b"]))
    check((repr(itertools.repeat("a", 3)), repr(itertools.repeat(1))), ("repeat('a', 3)", "repeat(1)"))
    check((_operator.length_hint(itertools.repeat(1, 4)), _operator.length_hint(itertools.repeat(1), 9)), (4, 9))
    check(first(7, itertools.cycle("abc")), list("abcabca"))
    check(list(itertools.cycle("")), [])


def selecting_iterators():
    check(list(itertools.takewhile(lambda x: x < 3, [1, 2, 5, 1])), [1, 2])
    check(list(itertools.dropwhile(lambda x: x < 3, [1, 2, 5, 1])), [5, 1])
    check((list(itertools.filterfalse(None, [0, 1, ""])), list(itertools.filterfalse(lambda x: x % 2, range(5)))), ([0, ""], [0, 2, 4]))
    check(list(itertools.compress("abcdef", [1, 0, 1, 0, 1])), ["a", "c", "e"])
    for bounds in ((3,), (None,), (2, 5), (2, None), (0, 9, 3), (1, 9, 3), (None, None, 4), (5, 3), (0,), (7, 20, 2)):
        source = iter(range(10))
        check(list(itertools.islice(source, *bounds)), list(range(10))[slice(*bounds)])
    source = iter(range(10))
    check((list(itertools.islice(source, 0, 5, 3)), next(source)), ([0, 3], 5))
    check(raised(itertools.islice, [], -1),
          "ValueError: Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    check(raised(itertools.islice, [], -1, 2),
          "ValueError: Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    check(raised(itertools.islice, [], 0, 1, 0), "ValueError: Step for islice() must be a positive integer or None.")


def joining_iterators():
    check(list(itertools.chain("ab", [1], ())), ["a", "b", 1])
    check(list(itertools.chain.from_iterable(["ab", "c"])), ["a", "b", "c"])
    check(raised(list, itertools.chain([1], 2)), "TypeError: 'int' object is not iterable")
    check(list(itertools.zip_longest("abc", [1], fillvalue="-")), [("a", 1), ("b", "-"), ("c", "-")])
    check((list(itertools.zip_longest()), list(itertools.zip_longest("", "a"))), ([], [(None, "a")]))
    check(list(itertools.starmap(pow, [(2, 5), (3, 2)])), [32, 9])
    check(list(itertools.accumulate([1, 2, 3])), [1, 3, 6])
    check(list(itertools.accumulate([1, 2, 3], lambda a, b: a * b, initial=10)), [10, 10, 20, 60])
    check((list(itertools.accumulate([])), list(itertools.accumulate([], initial=1))), ([], [1]))


def grouping_iterators():
    check([(k, list(g)) for k, g in itertools.groupby("aabca")], [("a", ["a", "a"]), ("b", ["b"]), ("c", ["c"]), ("a", ["a"])])
    check([(k, len(list(g))) for k, g in itertools.groupby(range(7), lambda x: x // 3)], [(0, 3), (1, 3), (2, 1)])
    groups = list(itertools.groupby("aab"))
    check([list(g) for _, g in groups], [[], []])
    check(list(itertools.pairwise("abcd")), [("a", "b"), ("b", "c"), ("c", "d")])
    check((list(itertools.pairwise("a")), list(itertools.pairwise(""))), ([], []))
    if hasattr(itertools, "batched"):
        check(list(itertools.batched("abcde", 2)), [("a", "b"), ("c", "d"), ("e",)])
        check(raised(itertools.batched, "a", 0), "ValueError: n must be at least one")
        check(raised(list, itertools.batched("abc", 2, strict=True)), "ValueError: batched(): incomplete batch")


def combining_iterators():
    check(list(itertools.product("ab", [1, 2])), [("a", 1), ("a", 2), ("b", 1), ("b", 2)])
    check((list(itertools.product("ab", repeat=2)), list(itertools.product())), ([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")], [()]))
    check((list(itertools.product("ab", "")), list(itertools.product("", repeat=0))), ([], [()]))
    check(raised(itertools.product, "a", repeat=-1), "ValueError: repeat argument cannot be negative")
    check(["".join(p) for p in itertools.permutations("abc", 2)], ["ab", "ac", "ba", "bc", "ca", "cb"])
    check(["".join(p) for p in itertools.permutations("abc")], ["abc", "acb", "bac", "bca", "cab", "cba"])
    check((list(itertools.permutations("ab", 3)), list(itertools.permutations("", 0))), ([], [()]))
    check(["".join(c) for c in itertools.combinations("abcd", 2)], ["ab", "ac", "ad", "bc", "bd", "cd"])
    check((list(itertools.combinations("ab", 3)), list(itertools.combinations("ab", 0))), ([], [()]))
    check(["".join(c) for c in itertools.combinations_with_replacement("abc", 2)], ["aa", "ab", "ac", "bb", "bc", "cc"])
    check((list(itertools.combinations_with_replacement("", 2)), list(itertools.combinations_with_replacement("", 0))), ([], [()]))
    check(raised(itertools.combinations, "ab", -1), "ValueError: r must be non-negative")
    check(sum(1 for _ in itertools.permutations(range(6), 4)), 360)


def tees():
    one, two, three = itertools.tee(range(5), 3)
    check((next(one), next(one), list(two), list(one), list(three)), (0, 1, [0, 1, 2, 3, 4], [2, 3, 4], [0, 1, 2, 3, 4]))
    check((itertools.tee([], 0), raised(itertools.tee, [], -1)), ((), "ValueError: n must be >= 0"))
    again, = itertools.tee(iter([1, 2]), 1)
    next(again)
    check(list(again.__copy__()), [2])

    class Reenters:
        def __init__(self):
            self.branch = None

        def __iter__(self):
            return self

        def __next__(self):
            return next(self.branch)
    source = Reenters()
    source.branch, other = itertools.tee(source)
    check(raised(next, other), "RuntimeError: cannot re-enter the tee iterator")
    long, other = itertools.tee(range(100000))
    check(sum(long), 4999950000)
    del other


def functions():
    check(_functools.reduce(lambda a, b: a + b, [1, 2, 3], 10), 16)
    check(raised(_functools.reduce, max, []), "TypeError: reduce() of empty iterable with no initial value")
    check(raised(_functools.reduce, max, 1), "TypeError: reduce() arg 2 must support iteration")
    key = _functools.cmp_to_key(lambda a, b: b - a)
    check(sorted([1, 3, 2], key=key), [3, 2, 1])
    check((key(1) < key(2), key(1) == key(1), key(5).obj), (False, True, 5))
    check(raised(lambda: key(1) < 1), "TypeError: other argument must be K instance")

    def f(*arguments, **named):
        return arguments, named
    part = _functools.partial(f, 1, a=2)
    check((part(3, b=4), part(a=5)), (((1, 3), {"a": 2, "b": 4}), ((1,), {"a": 5})))
    check((part.func is f, part.args, part.keywords), (True, (1,), {"a": 2}))
    nested = _functools.partial(part, 7, a=8)
    check((nested.func is f, nested.args, nested.keywords, nested()), (True, (1, 7), {"a": 8}, ((1, 7), {"a": 8})))
    check(repr(_functools.partial(int, "1", base=3)), "functools.partial(<class 'int'>, '1', base=3)")
    check(raised(_functools.partial), "TypeError: type 'partial' takes at least one argument")
    check(raised(_functools.partial, 1), "TypeError: the first argument must be callable")
    part.note = 1
    check((part.__dict__, part.note), ({"note": 1}, 1))


def caches():
    calls = []

    def double(value, *rest, **named):
        calls.append(value)
        return value * 2
    info = lambda *counts: counts
    cached = _functools._lru_cache_wrapper(double, 2, False, info)
    check([cached(1), cached(1), cached(2), cached(1), cached(3), cached(2)], [2, 2, 4, 2, 6, 4])
    check((calls, cached.cache_info()), ([1, 2, 3, 2], (2, 4, 2, 2)))
    cached.cache_clear()
    check(cached.cache_info(), (0, 0, 2, 0))
    check((cached(1, 2), cached(1, a=2), cached(1, a=2), cached.cache_info()), (2, 2, 2, (1, 2, 2, 2)))
    check(raised(cached, []), "TypeError: unhashable type: 'list'")
    unlimited = _functools._lru_cache_wrapper(double, None, True, info)
    check((unlimited(1), unlimited(1.0), unlimited(True), unlimited(1)), (2, 2.0, 2, 2))
    check(unlimited.cache_info(), (1, 3, None, 3))
    none = _functools._lru_cache_wrapper(double, 0, False, info)
    check((none(1), none(1), none.cache_info()), (2, 2, (0, 2, 0, 0)))

    class Has:
        method = cached
    check(Has().method.__self__.__class__, Has)
    recursive = _functools._lru_cache_wrapper(lambda n: n if n < 2 else recursive(n - 1) + recursive(n - 2), 3, False, info)
    check(recursive(20), 6765)
    shared = _functools._lru_cache_wrapper(lambda n: n + 1, 8, False, info)

    def body():
        for turn in range(300):
            check(shared(turn % 13), turn % 13 + 1)
            if turn % 50 == 0:
                shared.cache_clear()
    threads = [_thread.start_joinable_thread(body) for _ in range(4)]
    for thread in threads:
        thread.join()
    check(shared.cache_info()[3] <= 8, True)


def deques():
    d = _collections.deque([1, 2, 3], 4)
    d.append(4)
    d.append(5)
    check((d, repr(d), d.maxlen, len(d)), (_collections.deque([2, 3, 4, 5]), "deque([2, 3, 4, 5], maxlen=4)", 4, 4))
    d.appendleft(0)
    check((list(d), d.pop(), d.popleft(), d[0], d[-1]), ([0, 2, 3, 4], 4, 0, 2, 3))
    check(raised(_collections.deque().pop), "IndexError: pop from an empty deque")
    check(raised(lambda: d[9]), "IndexError: deque index out of range")
    check(raised(d.remove, 9), "ValueError: deque.remove(x): x not in deque")
    check((d.index(3), d.count(3), 3 in d, 9 in d), (1, 1, True, False))
    check(raised(d.index, 9), "ValueError: deque.index(x): x not in deque")
    d = _collections.deque("abcdef")
    d.rotate(2)
    check("".join(d), "efabcd")
    d.rotate(-3)
    check("".join(d), "bcdefa")
    d.reverse()
    d.insert(1, "x")
    del d[0]
    d[1] = "y"
    check("".join(d), "xyedcb")
    d.extendleft("12")
    check(("".join(d), "".join(reversed(d)), "".join(d + _collections.deque("z")), len(d * 2)), ("21xyedcb", "bcdeyx12", "21xyedcbz", 16))
    d += "!"
    d *= 2
    check("".join(d), "21xyedcb!21xyedcb!")
    check(raised(lambda: d + [1]), 'TypeError: can only concatenate deque (not "list") to deque')
    check((_collections.deque([1, 2]) < _collections.deque([1, 3]), _collections.deque() == []), (True, False))
    check(raised(hash, d), "TypeError: unhashable type: 'collections.deque'")
    check(raised(_collections.deque, [], -1), "ValueError: maxlen must be non-negative")
    iterator = iter(d)
    next(iterator)
    d.append(1)
    check(raised(next, iterator), "RuntimeError: deque mutated during iteration")
    full = _collections.deque(maxlen=1, iterable="ab")
    check(raised(full.insert, 0, 1), "IndexError: deque already at its maximum size")
    check((list(full.copy()), full.copy().maxlen, list(full.__copy__())), (["b"], 1, ["b"]))
    full.append(full)
    check(repr(full), "deque([[...]], maxlen=1)")
    full.clear()

    class Derived(_collections.deque):
        pass
    check((repr(Derived("a")), type(Derived("a").copy()) is Derived), ("Derived(['a'])", True))
    queue, taken = _collections.deque(), []

    def takes():
        while len(taken) < 400:
            try:
                taken.append(queue.popleft())
            except IndexError:
                pass
    threads = [_thread.start_joinable_thread(takes) for _ in range(2)]
    for i in range(400):
        queue.append(i)
    for thread in threads:
        thread.join()
    check(sorted(taken), list(range(400)))


def default_dicts():
    d = _collections.defaultdict(list, a=[1])
    d["b"].append(2)
    check((d, d.get("c"), "c" in d, d.default_factory), ({"a": [1], "b": [2]}, None, False, list))
    check(repr(d), "defaultdict(<class 'list'>, {'a': [1], 'b': [2]})")
    check(raised(_collections.defaultdict, 1), "TypeError: first argument must be callable or None")
    check(raised(lambda: _collections.defaultdict()["k"]), "KeyError: 'k'")
    copied = d.copy()
    check((type(copied), copied.default_factory, copied == d), (_collections.defaultdict, list, True))
    merged = d | {"z": 0}
    check((type(merged), merged["z"], type({"y": 1} | d)), (_collections.defaultdict, 0, _collections.defaultdict))

    class Derived(_collections.defaultdict):
        def __missing__(self, key):
            return "missing " + key
    check(Derived(int)["k"], "missing k")
    d.default_factory = None
    check(raised(lambda: d["k"]), "KeyError: 'k'")
    counts = {}
    _collections._count_elements(counts, "abca")
    check(counts, {"a": 2, "b": 1, "c": 1})
    getter = _collections._tuplegetter(1, "text")

    class Pair(tuple):
        second = getter
    check((Pair([1, 2]).second, getter.__doc__), (2, "text"))
    check(raised(setattr, Pair([1, 2]), "second", 1).split(":")[0], "AttributeError")


def operators():
    check((_operator.add(1, 2), _operator.lt(1, 2), _operator.not_(0), _operator.neg(3), _operator.pow(2, 5)), (3, True, True, -3, 32))
    items = [1]
    check((_operator.iadd(items, [2]) is items, items, _operator.contains(items, 2)), (True, [1, 2], True))
    check((_operator.concat([1], [2]), _operator.countOf([1, 2, 1], 1), _operator.indexOf([1, 2], 2)), ([1, 2], 2, 1))
    check(raised(_operator.concat, 1, 2), "TypeError: 'int' object can't be concatenated")
    check(raised(_operator.indexOf, [], 1), "ValueError: sequence.index(x): x not in sequence")
    check((_operator.length_hint([1, 2]), _operator.length_hint(iter([1, 2])), _operator.length_hint(1, 5)), (2, 2, 5))
    check((_operator.index(True), _operator.call(int, "11", base=2)), (1, 3))
    check((_operator.itemgetter(1)("ab"), _operator.itemgetter(0, 2)("abc")), ("b", ("a", "c")))
    check(repr(_operator.itemgetter(1, "a")), "operator.itemgetter(1, 'a')")
    check((_operator.attrgetter("real")(5), _operator.attrgetter("real", "imag.real")(5)), (5, (5, 0)))
    check(repr(_operator.attrgetter("a.b", "c")), "operator.attrgetter('a.b', 'c')")
    check(raised(_operator.attrgetter, 1), "TypeError: attribute name must be a string")
    check((_operator.methodcaller("upper")("a"), _operator.methodcaller("split", "b", maxsplit=1)("abcbd")), ("A", ["a", "cbd"]))
    check(repr(_operator.methodcaller("split", "b", maxsplit=1)), "operator.methodcaller('split', 'b', maxsplit=1)")
    check(raised(_operator.methodcaller), "TypeError: methodcaller needs at least one argument, the method name")
    check(raised(_operator.itemgetter(1), "a", "b"), "TypeError: itemgetter expected 1 argument, got 2")


def cycles_are_collected():
    class Marked(list):
        pass
    import _weakref
    makers = (lambda m: itertools.chain(m), lambda m: itertools.repeat(m), lambda m: itertools.tee(m)[0], lambda m: itertools.cycle(m),
              lambda m: _functools.partial(print, m), lambda m: _collections.deque([m]), lambda m: _collections.defaultdict(None, a=m),
              lambda m: itertools.product(m, [m]), lambda m: _operator.methodcaller("x", m))
    dead = []
    for make in makers:
        marked = Marked()
        marked.append(make(marked))
        dead.append(_weakref.ref(marked))
        del marked
    gc.collect()
    check([reference() for reference in dead], [None] * len(makers))


for test in (endless_iterators, selecting_iterators, joining_iterators, grouping_iterators, combining_iterators, tees, functions, caches,
             deques, default_dicts, operators, cycles_are_collected):
    test()
print("tools: all as promised")
