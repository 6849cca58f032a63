"""_thread, _contextvars, _weakref: what they promise, as a program sees it. Runs on CPython 3.14 as well."""
import _contextvars
import _thread
import _weakref
import gc
import sys


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


def in_thread(function):
    """Runs it in a thread of its own; what it returns."""
    box = []
    handle = _thread.start_joinable_thread(lambda: box.append(function()))
    handle.join()
    check(handle.is_done(), True)
    return box[0]


def locks():
    lock = _thread.allocate_lock()
    check(raised(lock.release), "RuntimeError: release unlocked lock")
    check(lock.acquire(), True)
    check(lock.locked(), True)
    check(repr(lock).startswith("<locked _thread.lock object at 0x"), True)
    check(lock.acquire(False), False)
    check(lock.acquire(timeout=0.01), False)
    check(raised(lock.acquire, False, 1), "ValueError: can't specify a timeout for a non-blocking call")
    check(raised(lock.acquire, timeout=-2), "ValueError: timeout value must be a non-negative number")
    check(raised(lock.acquire, timeout=_thread.TIMEOUT_MAX * 2).split(":")[0], "OverflowError")
    in_thread(lock.release)
    check(lock.locked(), False)
    with lock:
        check(lock.locked(), True)
    check(repr(lock).startswith("<unlocked _thread.lock object at 0x"), True)
    check(len({lock, lock, _thread.allocate_lock()}), 2)


def recursive_locks():
    lock = _thread.RLock()
    check(raised(lock.release), "RuntimeError: cannot release un-acquired lock")
    with lock, lock:
        check(lock._is_owned(), True)
        check(lock._recursion_count(), 2)
        check("locked _thread.RLock object owner=%d count=2" % _thread.get_ident() in repr(lock), True)
        check(in_thread(lambda: raised(lock.release)), "RuntimeError: cannot release un-acquired lock")
        check(in_thread(lambda: lock.acquire(False)), False)
        check(in_thread(lock._recursion_count), 0)
        saved = lock._release_save()
        check(in_thread(lambda: (lock.acquire(False), lock._recursion_count(), lock.release())), (True, 1, None))
        lock._acquire_restore(saved)
        check(lock._recursion_count(), 2)
    check(lock._is_owned(), False)
    check("unlocked _thread.RLock object owner=0 count=0" in repr(lock), True)

    class Derived(_thread.RLock):
        pass
    check(Derived().acquire(), True)


def handles():
    handle = _thread._ThreadHandle()
    check(raised(handle.join), "RuntimeError: thread not started")
    check(raised(_thread.start_joinable_thread, 1), "TypeError: thread function must be callable")
    check(raised(_thread.start_joinable_thread, int, handle=1), "TypeError: 'handle' must be a _ThreadHandle")
    box = []
    started = _thread.start_joinable_thread(lambda: box.append(raised(handle.join)), handle=handle)
    check(started is handle, True)
    handle.join()
    check(box in (["RuntimeError: Cannot join current thread"], ["RuntimeError: thread not started"]), True)
    check(handle.ident > 0 and handle.ident != _thread.get_ident(), True)
    check(raised(_thread.start_joinable_thread, int, handle=handle), "RuntimeError: thread already started")
    go = _thread.allocate_lock()
    go.acquire()
    waits = _thread.start_joinable_thread(go.acquire)
    check(waits.join(0.01), None)
    check(waits.is_done(), False)
    go.release()
    waits.join()
    result, done = [], _thread.allocate_lock()
    done.acquire()

    def body(*arguments, **named):
        result.append((arguments, named))
        done.release()
    ident = _thread.start_new_thread(body, (1, 2), {"a": 3})
    done.acquire()
    check(result, [((1, 2), {"a": 3})])
    check(type(ident), int)
    check(raised(_thread.start_new_thread, int, []), "TypeError: 2nd arg must be a tuple")


def exceptions():
    lines = []
    hook = sys.unraisablehook
    sys.unraisablehook = lambda told: lines.append((told.exc_type, str(told.exc_value)))
    try:
        def fails():
            raise ValueError("lost")
        _thread.start_joinable_thread(fails).join()
        _thread.start_joinable_thread(_thread.exit).join()
        check(lines, [(ValueError, "lost")])
    finally:
        sys.unraisablehook = hook

    class Lines:
        def __init__(self):
            self.text = ""

        def write(self, text):
            self.text += text

        def flush(self):
            pass

    class Named:
        name = "Thread-7 (f)"
    kept, sys.stderr = sys.stderr, Lines()
    try:
        try:
            raise KeyError("k")
        except KeyError as error:
            _thread._excepthook(_thread._ExceptHookArgs([KeyError, error, error.__traceback__, Named()]))
        text = sys.stderr.text
    finally:
        sys.stderr = kept
    check(text.startswith("Exception in thread Thread-7 (f):\nTraceback (most recent call last):\n"), True)
    check(text.endswith("KeyError: 'k'\n"), True)
    check(raised(_thread._excepthook, 1), "TypeError: _thread.excepthook argument type must be ExceptHookArgs")


def locals_of_threads():
    local = _thread._local()
    local.x = 1
    check(in_thread(lambda: hasattr(local, "x")), False)
    check(local.__dict__, {"x": 1})
    del local.x
    check(raised(lambda: local.x), "AttributeError: '_thread._local' object has no attribute 'x'")
    check(raised(_thread._local, 1), "TypeError: Initialization arguments are not supported")

    class Derived(_thread._local):
        made = 0
        shared = "class"

        def __init__(self, value, *, name):
            Derived.made += 1
            self.value = value, name

        @property
        def both(self):
            return self.value
    derived = Derived(5, name="n")
    check((derived.value, derived.shared, derived.both), ((5, "n"), "class", (5, "n")))
    check(in_thread(lambda: derived.value), (5, "n"))
    check(Derived.made, 2)

    class Value:
        pass
    dead = []

    def keeps():
        value = Value()
        dead.append(_weakref.ref(value))
        derived.kept = value
    _thread.start_joinable_thread(keeps).join()
    gc.collect()
    check(dead[0](), None)
    derived.itself = derived
    reference = _weakref.ref(derived)
    del derived, keeps
    gc.collect()
    check(reference(), None)


def contexts():
    variable = _contextvars.ContextVar("variable")
    other = _contextvars.ContextVar("other", default=7)
    check(raised(variable.get).split(":")[0], "LookupError")
    check((variable.get(3), other.get(), other.name), (3, 7, "other"))
    check(raised(_contextvars.ContextVar, 1), "TypeError: context variable name must be a str")
    check(repr(other).startswith("<ContextVar name='other' default=7 at 0x"), True)
    token = variable.set(1)
    check((variable.get(), token.var is variable, token.old_value is token.MISSING), (1, True, True))
    check(repr(token.MISSING), "<Token.MISSING>")
    check("different ContextVar" in raised(other.reset, token), True)
    check(raised(other.reset, 1), "TypeError: expected an instance of Token, got 1")
    context = _contextvars.copy_context()
    check(context[variable], 1)
    check("created in a different Context" in raised(context.run, variable.reset, token), True)
    variable.reset(token)
    check("<Token used var=<ContextVar name='variable'" in repr(token), True)
    check("has already been used once" in raised(variable.reset, token), True)
    check((variable.get(None), context.get(variable), context[variable]), (None, 1, 1))
    check(raised(lambda: context[1]), "TypeError: a ContextVar key was expected, got 1")
    check(raised(lambda: _contextvars.Context()[variable]).split(":")[0], "KeyError")
    check((len(context), variable in context, list(context), list(context.items())), (1, True, [variable], [(variable, 1)]))
    check(context.run(lambda *a, **k: (a, k, variable.set(2) and variable.get()), 1, b=2), ((1,), {"b": 2}, 2))
    check(context[variable], 2)
    check((variable.get(None), context == context.copy(), context == _contextvars.Context()), (None, True, False))
    check("cannot enter context: <_contextvars.Context object at 0x" in raised(context.run, context.run, int), True)
    check(raised(context.run, context.run, int).endswith("is already entered"), True)
    check(raised(_contextvars.Context, 1), "TypeError: Context() does not accept any arguments")
    check(raised(hash, context), "TypeError: unhashable type: '_contextvars.Context'")
    check(in_thread(lambda: variable.get("empty")) in ("empty", "inherited"), True)
    many = [_contextvars.ContextVar("v%d" % i) for i in range(200)]
    full = _contextvars.Context()
    full.run(lambda: [v.set(i) for i, v in enumerate(many)])
    check((len(full), sorted(full.values())), (200, list(range(200))))
    check([full[v] for v in many], list(range(200)))
    if hasattr(token, "__enter__"):
        with variable.set("inside"):
            check(variable.get(), "inside")
        check(variable.get(None), None)
    check(raised(type(token)), "RuntimeError: Tokens can only be created by ContextVars")


def weak_references():
    class Thing:
        def __init__(self, value=0):
            self.value = value

        def __eq__(self, right):
            return isinstance(right, Thing) and self.value == right.value

        def __hash__(self):
            return hash(self.value)

        def __call__(self, *arguments):
            return arguments

        def __len__(self):
            return 3

        def __getitem__(self, key):
            return key

        def __add__(self, right):
            return ("add", right)
    thing = Thing(5)
    ref = _weakref.ref(thing)
    check((ref() is thing, _weakref.ref(thing) is ref, _weakref.getweakrefcount(thing)), (True, True, 1))
    check((hash(ref), ref == _weakref.ref(Thing(5)), ref.__callback__), (hash(5), False, None))
    same = Thing(5)
    check((ref == _weakref.ref(same), ref != _weakref.ref(same)), (True, False))
    check(raised(_weakref.ref, 1), "TypeError: cannot create weak reference to 'int' object")
    check("; to '" in repr(ref), True)

    class Derived(_weakref.ref):
        def __new__(cls, thing, callback=None, key=None):
            return super().__new__(cls, thing, callback)

        def __init__(self, thing, callback=None, key=None):
            super().__init__(thing, callback)
            self.key = key
    one, two = Derived(thing, None, "k"), Derived(thing)
    check((one is two, one == two, one.key, one() is thing), (False, True, "k", True))
    check(_weakref.getweakrefs(thing)[0] is ref, True)
    check(len(_weakref.getweakrefs(thing)), 3)
    called = []
    with_callback = _weakref.ref(thing, called.append)
    check(with_callback.__callback__, called.append)
    proxy = _weakref.proxy(thing)
    check((proxy is _weakref.proxy(thing), type(proxy) is _weakref.CallableProxyType), (True, True))
    check((proxy.value, proxy(1, 2), len(proxy), proxy[4], proxy + 1), (5, (1, 2), 3, 4, ("add", 1)))
    proxy.value = 6
    check((thing.value, proxy == thing, isinstance(proxy, Thing)), (6, True, True))
    check(raised(hash, proxy), "TypeError: unhashable type: 'weakref.CallableProxyType'")
    check(repr(proxy).startswith("<weakproxy at 0x"), True)
    del thing
    gc.collect()
    check((ref(), called == [with_callback], hash(ref), ref == ref, with_callback.__callback__), (None, True, hash(5), True, None))
    check(repr(ref).endswith("; dead>"), True)
    check(raised(lambda: proxy.value), "ReferenceError: weakly-referenced object no longer exists")
    check(raised(hash, one), "TypeError: weak object has gone away")
    dead = {"k": ref, "alive": _weakref.ref(same)}
    _weakref._remove_dead_weakref(dead, "k")
    _weakref._remove_dead_weakref(dead, "alive")
    check(list(dead), ["alive"])


def racing():
    """Threads that share what can be shared: nothing is lost, and nothing breaks."""
    lock, counter, ready = _thread.RLock(), [0], []

    def count():
        for _ in range(200):
            with lock, lock:
                counter[0] += 1
    threads = [_thread.start_joinable_thread(count) for _ in range(4)]
    for thread in threads:
        thread.join()
    check(counter[0], 800)
    context, variable, entered = _contextvars.Context(), _contextvars.ContextVar("v", default=0), []

    def enter():
        for _ in range(100):
            try:
                context.run(lambda: variable.set(variable.get() + 1))
                entered.append(1)
            except RuntimeError:
                pass
            context.get(variable)
    threads = [_thread.start_joinable_thread(enter) for _ in range(4)]
    for thread in threads:
        thread.join()
    check(context[variable], len(entered))


for test in (locks, recursive_locks, handles, exceptions, locals_of_threads, contexts, weak_references, racing):
    test()
print("threads: all as promised")
