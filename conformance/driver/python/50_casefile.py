# --- Case files: the Python of one case becomes real modules that are imported, never compiled or executed by hand: what the
# runtime does to a module's functions, classes and constants is part of what is judged.
#
# Two files per case. In the first every snippet is a function on its own, never called: it shows that each parses, and its code objects
# tell which names setup binds and whether an actor assigns one. In the second setup returns the names that the others use, and they
# take them as parameters: closures would make every access go through a cell, which on some runtimes is a lock.


def _words(text):
    found, word = set(), []
    for character in text + " ":
        if character.isalnum() or character == "_":
            word.append(character)
        elif word:
            found.add("".join(word))
            word = []
    return found


class _Text(object):
    """Lines of a generated file, each with the line of the YAML file it came from."""

    def __init__(self):
        self.lines = ["# -*- coding: utf-8 -*-"]
        self.origins = [0]

    def add(self, line, origin=0):
        self.lines.append(line)
        self.origins.append(origin)

    def add_snippet(self, snippet, indentation, switch=None):
        if not snippet:
            return False
        inside_string = False
        places = snippet.get("lines")
        for number, line in enumerate(snippet["text"].split("\n")):
            if switch and line.strip() == "# switch":
                line = line[:len(line) - len(line.lstrip())] + switch
            prefix = indentation if line.strip() and not inside_string else ""
            if (line.count('"""') + line.count("'''")) % 2:
                inside_string = not inside_string
            self.add(prefix + line, places[number] if places and number < len(places) else snippet["line"] + number)
        return True

    def add_function(self, name, parameters, snippet, switch=None, first=None, last=None):
        self.add("def %s(%s):" % (name, ", ".join(parameters)))
        for text, origin in first or []:
            for offset, line in enumerate(text.split("\n")):
                self.add("    " + line, origin + offset if origin else 0)
        self.add_snippet(snippet, "    ", switch)
        self.add("    " + (last or "pass"))

    def origin(self, line):
        return self.origins[line - 1] if 0 < line <= len(self.origins) else 0

    def write(self, path):
        data = "\n".join(self.lines) + "\n"
        stream = open(path, "wb")
        try:
            stream.write(data.encode("utf-8") if not isinstance(data, bytes) else data)
        finally:
            stream.close()


def _binding(name, snippet):
    """`name = (expression)`, whose expression may have several lines."""
    return ("%s = (%s\n)" % (name, snippet["text"]), snippet["line"])


def _returned(expressions):
    """`return (...)` of several snippets, each on its own lines, and the places of those lines."""
    rows = [("return (", 0)]
    for snippet in expressions:
        rows.append(("(" + snippet["text"] + "\n),", snippet["line"]))
    rows.append((")", 0))
    return rows


def _bound_names(module, name, text):
    """The names that a function of the generated module binds, in a fixed order.

    From the symbol table where the runtime has that module: since PEP 709 the code object also lists the variables of comprehensions.
    """
    try:
        import symtable
        for table in symtable.symtable("\n".join(text.lines) + "\n", module.__name__, "exec").get_children():
            if table.get_name() == name:
                return sorted(table.get_locals())
    except Exception:
        pass
    code = getattr(module, name).__code__
    return sorted(set(code.co_varnames) | set(getattr(code, "co_cellvars", ())))


class CaseFiles(object):
    """The generated modules of one case. Attributes setup, actors, observe, cleanup, whens are functions of the runtime."""

    def __init__(self, directory, number, case, facts, fact_names):
        self.directory = directory
        self.number = number
        self.case = case
        self.parallel = bool(facts.get("parallel"))
        self.facts = facts
        self.fact_names = fact_names
        self.texts = {}
        self.actor_rows = case.get("actors", [])
        self.observed = [row["name"] for row in case.get("observe", [])]
        self.has_switch = any(["# switch" in row["text"] for row in self.actor_rows])

    # -- importing, and saying where in the YAML file something went wrong

    def _import(self, kind, text, phase):
        name = "heddle_%s_%d" % (kind, self.number)
        path = self.directory + "/" + name + ".py"
        text.write(path)
        self.texts[name + ".py"] = text
        if self.directory not in sys.path:
            sys.path.insert(0, self.directory)
        importlib = _try(lambda: __import__("importlib"))
        if hasattr(importlib, "invalidate_caches"):
            importlib.invalidate_caches()
        try:
            return __import__(name)
        except SyntaxError:
            error = sys.exc_info()[1]
            line = text.origin(error.lineno or 0) or text.origin((error.lineno or 1) - 1)
            raise SpecProblem("compile", "%s: %s (Python %d.%d)%s" % (
                type(error).__name__, error.msg, sys.version_info[0], sys.version_info[1],
                "" if sys.version_info[0] > 2 else "; a scenario that needs Python 3 says `requires: [python3]`"), line)
        except:  # noqa: E722  (whatever the module raises, also what is no Exception)
            raise self.problem(phase)

    def problem(self, phase):
        """The exception being handled as a SpecProblem with the line of the YAML file nearest to where it was raised."""
        kind, error, trace = sys.exc_info()
        line = 0
        while trace is not None:
            filename = trace.tb_frame.f_code.co_filename.replace("\\", "/").split("/")[-1].replace("$py.class", ".py")
            text = self.texts.get(filename)
            if text:
                line = text.origin(trace.tb_lineno) or line
            trace = trace.tb_next
        return SpecProblem(phase, "%s: %s" % (getattr(kind, "__name__", kind), error), line)

    # -- first file: names

    def check(self):
        case = self.case
        text = _Text()
        if case.get("module"):
            text.add_function("module", [], case["module"])
        text.add_function("setup", [], case.get("setup"), first=[_binding(row["name"], row) for row in case.get("let", [])])
        for index, actor in enumerate(self.actor_rows):
            text.add_function("actor_%d" % index, [], actor)
        text.add_function("observe", [], None, first=_returned(case.get("observe", [])))
        for when in case.get("when", []):
            text.add_function("when_%d" % when["rule"], [], None, first=_returned([when]))
        text.add_function("cleanup", [], case.get("cleanup"))
        module = self._import("names", text, "compile")
        bound = _bound_names(module, "setup", text)
        for index, actor in enumerate(self.actor_rows):
            both = sorted(set(_bound_names(module, "actor_%d" % index, text)) & set(bound))
            if both and self._really_assigns(actor, both):
                raise SpecProblem("compile", "actor %s assigns %s, a name of setup; change an object instead" % (
                    actor["name"], ", ".join(both)), actor["line"])
        for row in self.actor_rows:
            if row["name"] in bound:
                raise SpecProblem("compile", "%s is the name of an actor and of a variable in setup" % row["name"], row["line"])
        return bound

    def _really_assigns(self, actor, names):
        # The variable of a list comprehension is a name of the function on Python 2.7: harmless.
        words = actor["text"].replace("(", " ( ").replace("[", " [ ")
        for name in names:
            if not (" for %s in " % name) in words.replace("\n", " ") or ("%s =" % name) in words:
                return True
        return False

    # -- second file: what runs

    def load(self):
        case = self.case
        bound = self.check()
        used = _words("\n".join(
            [row["text"] for row in self.actor_rows] + [row["text"] for row in case.get("observe", [])]
            + [(case.get("cleanup") or {"text": ""})["text"]]))
        names = []
        for name in bound:
            if name in used and name not in names:
                names.append(name)
        text = _Text()
        text.add_snippet(case.get("module"), "")
        text.add_function("_heddle_setup", [], case.get("setup"),
                          first=[_binding(row["name"], row) for row in case.get("let", [])],
                          last="return (%s)" % "".join([name + ", " for name in names]))
        switch = None if self.parallel else "_heddle_switch()"
        self.wants_peers_done = []
        for index, actor in enumerate(self.actor_rows):
            wants = "peers_done" in _words(actor["text"])
            self.wants_peers_done.append(wants)
            text.add_function("_heddle_actor_%d" % index, names + (["peers_done"] if wants else []), actor, switch)
        results = []
        for row in self.actor_rows:
            if row["name"] not in results:
                results.append(row["name"])
        text.add_function("_heddle_observe", names + results, None, first=_returned(case.get("observe", [])))
        has_cleanup = bool(case.get("cleanup"))
        text.add_function("_heddle_cleanup", names, case.get("cleanup"))
        module = self._import("case", text, "module")
        module.raised = raised
        module._heddle_switch = give_up_processor
        self.setup = module._heddle_setup
        self.actors = [getattr(module, "_heddle_actor_%d" % index) for index in range(len(self.actor_rows))]
        self.observe = module._heddle_observe
        self.cleanup = module._heddle_cleanup if has_cleanup else None
        self.load_whens()
        return self

    def load_process(self):
        """A `process` case: the module is the program; nothing of ours stands before it in its file."""
        text = _Text()
        for row in self.case.get("let", []):
            binding, origin = _binding(row["name"], row)
            for offset, line in enumerate(binding.split("\n")):
                text.add(line, origin + offset)
        text.add_snippet(self.case.get("module"), "")
        text.add_function("_heddle_observe", [], None, first=_returned(self.case.get("observe", [])))
        module = self._import("case", text, "module")
        module.raised = raised
        self.observe = module._heddle_observe
        self.load_whens()
        return self

    def load_whens(self):
        self.whens = []
        rows = self.case.get("when", [])
        if not rows:
            return
        text = _Text()
        for row in rows:
            text.add_function("when_%d" % row["rule"], self.observed, None, first=_returned([row]))
        module = self._import("when", text, "compile")
        for name, value in self.facts.items():
            if "." not in name:
                if name == "version":
                    value = tuple([int(part) for part in value.split(".")])
                setattr(module, name, value)
        for name in self.fact_names:
            if "." not in name and not hasattr(module, name):
                setattr(module, name, None)
        module.flags = FlagsView(self.facts)
        module.raised = raised
        self.whens = [(row["rule"], getattr(module, "when_%d" % row["rule"])) for row in rows]
