# --- History: many samples of small concurrent programs on one object; what was asked, answered, and when.
#
# A program is a list of operations for each thread, drawn from the seed and the program's number alone, or given by the claim. It is run
# REPEATS times by the same engine that runs a litmus, each time on a fresh object. A thread takes a stamp before each call and one after it;
# nothing else is shared while it runs: a shared counter would order the very threads whose disorder is looked for.
#
# The judge needs only which operation was over before which began. So stamps are reduced to moments: the events of a run in order, numbered
# anew whenever a call follows a return. Runs of one program with equal results and moments are one history, sent once with its count.

REPEATS = 16
MOST_BYTES = 20 << 20  # of histories that one process sends: the judge reads 32 MB
# model -> (how its subject is made, how it is looked at when all is over, as which method)
SUBJECTS = {
    "list": ("list(initial)", "list(subject)", "copy"),
    "dict": ("dict(initial)", "dict(subject)", "copy"),
    "set": ("set(initial)", "set(subject)", "copy"),
    "deque": ("_heddle_deque(initial, bound)", "list(subject)", "copy"),
    "queue": ("_heddle_queue(initial, bound)", None, "get_nowait"),
    "counter": (None, "subject.read()", "read"),
    "register": (None, "subject.read()", "read"),
    "kv": (None, None, None),
}


def _java_clock():
    from java.lang import System
    return System.nanoTime


def _nanoseconds():
    """(name, a clock in whole nanoseconds): monotonic where the runtime has such a clock."""
    for name in ("perf_counter_ns", "monotonic_ns"):
        found = getattr(time, name, None)
        if found is not None and _try(found) is not None:
            return name, found
    found = _try(_java_clock)
    if found is not None:
        return "System.nanoTime", found

    def wall():
        return int(time.time() * 1e9)
    return "time.time", wall


def _greatest_divisor(left, right):
    while right:
        left, right = right, left % right
    return left


def clock_tick(now, readings=3000):
    """How long a stamp of this clock may stand for: what its readings have in common; where it stands still between two, its usual step."""
    stamps = [now() for _ in range(readings)]
    steps = [abs(after - before) for before, after in zip(stamps, stamps[1:])]
    moved = sorted([step for step in steps if step])
    for _ in range(200000):  # a clock that has not moved at all: wait for it
        if len(moved) > 2:
            break
        before = stamps[-1]
        stamps.append(now())
        if stamps[-1] != before:
            moved = sorted(moved + [abs(stamps[-1] - before)])
    if not moved:
        return 1000000000
    if len(moved) < len(steps) // 2:
        return moved[len(moved) // 2]
    tick = 0
    for step in moved:
        tick = _greatest_divisor(step, tick)
    return tick


def drained(subject):
    """What is left in a queue, and the exception that ends it."""
    found = []
    while len(found) < 10000:
        try:
            found.append(subject.get_nowait())
        except Exception:
            found.append(raised(sys.exc_info()[0]))
            break
    return found


def _make_deque():
    from collections import deque
    return deque


def _make_queue():
    try:
        from queue import Queue
    except ImportError:
        from Queue import Queue

    def make(initial, bound):
        made = Queue(bound or 0)
        for value in initial:
            made.put(value)
        return made
    return make


class HistoryFiles(CaseFiles):
    """The generated module of a history: `setup(initial)` makes the subject, one function for each row of the table plays an operation."""

    def __init__(self, directory, number, case, facts, fact_names):
        CaseFiles.__init__(self, directory, number, case, facts, fact_names)
        self.plan = case["history"]
        self.rows = self.plan["rows"]
        self.has_switch = any(["# switch" in row["text"] for row in self.rows])
        self.cleanup = None
        self.whens = ()

    def check(self):
        case = self.case
        text = _Text()
        if case.get("module"):
            text.add_function("module", [], case["module"])
        text.add_function("setup", [], case.get("setup"), first=[_binding(row["name"], row) for row in case.get("let", [])])
        for index, row in enumerate(self.rows):
            text.add_function("operation_%d" % index, ["subject"], row)
        final = self.plan.get("final")
        text.add_function("final", ["subject"], None, first=_returned([final] if final else []))
        module = self._import("names", text, "compile")
        bound = _bound_names(module, "setup", text)
        if case.get("setup") and "subject" not in bound:
            raise SpecProblem("compile", "setup makes no `subject`, the object of the history", case["setup"]["line"])
        for index, row in enumerate(self.rows):
            if "subject" in _assigned(row["text"]):
                raise SpecProblem("compile", "%s assigns subject; change the object instead" % row["name"], row["line"])
        return bound

    def load(self):
        case, plan = self.case, self.plan
        self.check()
        make, final, self.final_method = SUBJECTS[plan["model"]]
        text = _Text()
        text.add_snippet(case.get("module"), "")
        lets = [_binding(row["name"], row) for row in case.get("let", [])]
        if not case.get("setup"):
            lets.append(("subject = %s" % make, 0))
        text.add_function("_heddle_setup", ["initial", "bound"], case.get("setup"), first=lets, last="return subject")
        switch = None if self.parallel else "_heddle_switch()"
        for index, row in enumerate(self.rows):
            text.add_function("_heddle_operation_%d" % index, ["subject", "argument0", "argument1", "argument2"], row, switch)
        looks = plan.get("final")
        if looks or final:
            text.add_function("_heddle_final", ["subject"], None,
                              first=_returned([looks]) if looks else [("return (%s,)" % final, 0)])
        text.add("_heddle_initial = %s" % (plan.get("initial") or "None"))
        for index, thread in enumerate(plan.get("program", [])):
            text.add("_heddle_thread_%d = [" % index)
            for row, arguments in thread:
                text.add("    (%d, (%s)), " % (row, "".join([argument + ", " for argument in arguments])))
            text.add("]")
        module = self._import("case", text, "module")
        module.raised = raised
        module._heddle_switch = give_up_processor
        if make and plan["model"] == "deque":
            module._heddle_deque = _make_deque()
        if make and plan["model"] == "queue":
            module._heddle_queue = _make_queue()
        self.make = module._heddle_setup
        self.functions = [getattr(module, "_heddle_operation_%d" % index) for index in range(len(self.rows))]
        self.initial = module._heddle_initial
        self.program = [getattr(module, "_heddle_thread_%d" % index) for index in range(len(plan.get("program", [])))]
        self.look = None
        if looks or final:
            def look(subject):
                return [module._heddle_final(subject)[0]]
            self.look = look
        elif self.final_method == "get_nowait":
            self.look = drained
        return self


def _assigned(text):
    return set([line.strip().split(" = ")[0] for line in text.split("\n") if " = " in line])


# --- Programs.

KEYS = (1, 2, 3, 4)


class Programs(object):
    """The programs of one claim by number: the same for the same seed, on every runtime."""

    def __init__(self, files, seed, threads):
        self.files = files
        self.threads = threads
        self.plan = files.plan
        self.seed = seed
        self.usable = [index for index in range(len(files.rows)) if self.has(files.rows[index])]

    def has(self, row):
        """May this row be played here: has the type of the default subject what it needs?"""
        if self.files.case.get("setup") or not row.get("attribute"):
            return True
        made = self.files.make(self.empty(), self.plan.get("bound"))
        return hasattr(made, row["attribute"])

    def empty(self):
        return {} if self.plan["model"] in ("dict", "kv") else []

    def draw_initial(self, random):
        if self.files.initial is not None:
            return self.files.initial
        if self.files.case.get("setup"):
            return None
        size = random.below(5)
        bound = self.plan.get("bound")
        if bound is not None:
            size = min(size, bound)
        values = list(range(1, size + 1))
        if self.plan["model"] == "dict":
            return dict([(value, value) for value in values])
        return set(values) if self.plan["model"] == "set" else values

    def number(self, number):
        """[initial, [[(row, arguments)]]]"""
        if self.files.program:
            return [self.files.initial, self.files.program]
        random = Random(self.seed * 7919 + number)
        initial = self.draw_initial(random)
        rows = self.usable
        without = 1 + random.below(2)  # what takes no lock may see what takes several steps halfway: never both
        rows = [row for row in rows if self.files.rows[row].get("footing") != without] or rows
        if len(rows) > 4 and random.below(2):  # few methods at a time collide oftener
            chosen = rows
            rows = random.shuffled(len(rows))[:2 + random.below(3)]
            rows = [chosen[index] for index in rows]
        pool = []
        for row in rows:
            pool += [row] * self.files.rows[row]["weight"]
        longest = self.plan["operations"]
        length = longest if random.below(3) == 0 else 1 + random.below(longest)
        draw = _Draw(random, initial)
        threads = []
        for _ in range(self.threads):
            thread = []
            for _ in range(length):
                row = pool[random.below(len(pool))]
                thread.append((row, tuple([draw.argument(kind) for kind in self.files.rows[row]["draws"]])))
            threads.append(thread)
        return [initial, threads]


class _Draw(object):
    """Arguments from small domains, so that threads meet in them; new elements are all different."""

    def __init__(self, random, initial):
        self.random = random
        self.known = list(initial) if initial else []
        self.next = 9

    def fresh(self):
        self.next += 1
        self.known.append(self.next)
        return self.next

    def key(self):
        return KEYS[self.random.below(len(KEYS))]

    def argument(self, kind):
        below = self.random.below
        if kind == "fresh":
            return self.fresh()
        if kind == "known":
            return self.known[below(len(self.known))] if self.known and below(8) else 99
        if kind == "key":
            return self.key()
        if kind == "index":
            return (0, 0, -1, -1, 1, 2, -2, 3)[below(8)]
        if kind == "place":
            return (0, 0, 1, 2, 3)[below(5)]
        if kind == "count":
            return (1, 2, -1)[below(3)]
        if kind == "text":
            return "t%d" % self.fresh()
        if kind == "elements":
            return [self.fresh() for _ in range(1 + below(3))]
        if kind == "keys":
            return set([self.key() for _ in range(1 + below(3))])
        if kind == "pairs":
            pairs = dict([(self.key(), self.fresh()) for _ in range(1 + below(3))])
            return dict([(key, pairs[key]) for key in sorted(pairs)])  # in the order in which its text shows them
        raise RuntimeError("no such kind of argument: %s" % kind)


# --- Playing.


def _switching_player(role, now):
    """Where threads take turns: now and then one gives up its turn while an operation is open."""
    def play(subject, steps, role=role, now=now):
        record = []
        put = record.append
        for function, first, second, third in steps[role]:
            called = now()
            give_up_processor()
            try:
                result = function(subject, first, second, third)
                put((called, now(), result))
            except:  # noqa: E722
                put((called, now(), raised(sys.exc_info()[0])))
        return record
    return play


def _player(role, now):
    def play(subject, steps, role=role, now=now):
        record = []
        put = record.append
        for function, first, second, third in steps[role]:
            called = now()
            try:
                result = function(subject, first, second, third)
                returned = now()
                put((called, returned, result))
            except:  # noqa: E722
                returned = now()
                put((called, returned, raised(sys.exc_info()[0])))
        return record
    return play


def moments(records, tick):
    """For each operation, thread after thread, the numbers of its call and of its return; and do operations of two threads overlap?"""
    events = []
    index = 0
    for record in records:
        for called, returned, _ in record:
            if returned < called:  # a clock that was put back: as if it had not
                returned, called = called, returned
            events.append((called, 1, index))
            events.append((returned + tick, 0, index))
            index += 1
    events.sort()
    calls, returns = [0] * index, [0] * index
    moment, last, open_, most = 0, 1, 0, 0
    for _, is_call, which in events:
        if is_call:
            if not last:
                moment += 1
            calls[which] = moment
            open_ += 1
            if open_ > most:
                most = open_
        else:
            returns[which] = moment
            open_ -= 1
        last = is_call
    return calls, returns, most > 1


_short_texts = {}


def _text_of(value):
    kind = type(value)
    if kind is int or kind is NoneType or kind is bool or kind is Raised:
        key = (kind, value)
        found = _short_texts.get(key)
        if found is None:
            found = canonical(value)
            if len(_short_texts) < 4096:
                _short_texts[key] = found
        return found
    return canonical(value)


class HistoryTuner(Tuner):
    """Its goal: histories in which threads overlap and that are new, per second."""

    def learn(self, news, totals, overlapped, seconds):
        pass

    def reward(self, news, seconds):
        for choice in self.choices:
            choice.learn((news + 0.01) / max(seconds, 1e-6))


class History(Litmus):
    """Runs one case; sends histories through `say`. Few operations make a sample, so a batch has many."""

    batch_seconds = 0.05
    least_batch = 32

    def __init__(self, files, context, random, seed, say, most_bytes):
        count = len(files.program) or files.plan["threads"]
        if context.parallel and not files.program:
            count = max(2, min(count, context.cpus or count))  # whoever waits for a processor collides with nobody
        self.clock_name, self.now = _nanoseconds()
        self.tick = max(1, min([clock_tick(self.now) for _ in range(3)]))
        player = _player if context.parallel else _switching_player
        Litmus.__init__(self, files, [player(role, self.now) for role in range(count)], [False] * count, None, [], context, random)
        choices = [(choice.name, choice.arms) for choice in self.tuner.choices]
        if not self.parallel:
            choices = [("meet", [1, 4, 0] if count > 1 else [0]), ("interval", [5e-3, 1e-4, 1e-6]), ("collector", ["on", "off"])]
        self.tuner = HistoryTuner(choices, random)
        self.programs = Programs(files, seed, count)
        missing = [row["name"] for index, row in enumerate(files.rows) if index not in self.programs.usable]
        if missing and files.program:
            raise SpecProblem("setup", "the subject has no %s here; say so with `where:` or `requires:`" % missing[0], 0)
        if not self.programs.usable:
            raise SpecProblem("setup", "the subject has none of the methods of the table", 0)
        self.say = say
        self.most_bytes = most_bytes
        self.bytes = 0
        self.made = 0  # states so far
        self.current = None
        self.stores = [{} for _ in range(count)]  # per worker: (program, texts, calls, returns, final) -> count
        self.known = {}  # number -> [initial, threads, {history: count}]
        self.met = 0
        files.setup = self._state

    def _state(self):
        """One state; the builder alone is here."""
        number = 0 if self.files.program else self.made // REPEATS
        self.made += 1
        if self.current is None or self.current[0] != number:
            initial, threads = self.programs.number(number)
            functions = self.files.functions
            steps = [[(functions[row],) + (arguments + (None, None, None))[:3] for row, arguments in thread] for thread in threads]
            self.known[number] = [initial, threads, {}]
            self.current = (number, initial, steps)
        _, initial, steps = self.current
        return (self.files.make(self.programs.empty() if initial is None else initial, self.files.plan.get("bound")), steps)

    def _observe(self, round_, start, step, histogram, drop):
        states, results = round_.states, round_.results
        first = self.made - len(states)
        store, tick, look = self.stores[start], self.tick, self.files.look
        fixed = bool(self.files.program)
        for index in range(start, len(states), step):
            records = [row[index] for row in results]
            subject = states[index][0]
            try:
                final = look(subject) if look is not None else ()
            except:  # noqa: E722
                raise self.files.problem("final")
            states[index] = None
            calls, returns, together = moments(records, tick)
            texts = tuple([_text_of(row[2]) for record in records for row in record])
            key = (0 if fixed else (first + index) // REPEATS, texts, tuple(calls), tuple(returns), tuple([_text_of(value) for value in final]),
                   together)
            store[key] = store.get(key, 0) + 1
        histogram.samples += (len(states) - start + step - 1) // step

    def batch(self, count):
        took = Litmus.batch(self, count)
        news = 0
        for store in self.stores:
            for key, number in store.items():
                seen = self.known[key[0]][2]
                if key[-1]:
                    self.met += number
                    news += key[1:] not in seen
                seen[key[1:]] = seen.get(key[1:], 0) + number
            store.clear()
        self.tuner.reward(news, took)
        if not self.files.program:
            self.flush(self.current[0])
        return took

    def flush(self, before):
        """Sends what is known of the programs with numbers below `before`."""
        for number in sorted([number for number in self.known if number < before]):
            initial, threads, seen = self.known.pop(number)
            if self.files.program:
                self.known[number] = [initial, threads, {}]
            if not seen:
                continue
            rows = []
            for (texts, calls, returns, final, _), count in seen.items():
                for text in texts:
                    if text == "raised(NameError)":  # UnboundLocalError is what Java's null becomes on Jython
                        raise SpecProblem("operation", "an operation of the table uses a name that nobody binds: %s" % text, 0)
                rows.append([count, texts, calls, returns, final])
            names = self.files.rows
            self.bytes += self.say(
                program=number, initial=None if initial is None else canonical(initial), final=self.files.final_method,
                threads=[[[names[row]["name"], [canonical(argument) for argument in arguments]] for row, arguments in thread]
                         for thread in threads], seen=rows)

    def unfinished(self, late):
        return self.parallel and not self.met and late < 3.0  # without an overlap nothing has been tried

    def enough(self, run):
        return self.bytes > self.most_bytes

    def run(self, seconds, beat):
        def also_flush(run):
            self.flush(1 << 60 if self.files.program else self.current[0])
            beat(run)
        Litmus.run(self, seconds, also_flush, self.enough)
        self.flush(1 << 60)

    def report(self):
        return {"samples": self.histogram.samples, "overlapped": self.met, "seconds": round(self.seconds, 4), "counts": []}

