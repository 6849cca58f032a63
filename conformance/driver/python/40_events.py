# --- Events: one JSON object a line, ASCII, flushed, so that nothing said is lost when the process dies.


class Events(object):
    def __init__(self, path):
        self.stream = open(path, "w") if path else sys.stdout

    def say(self, event, **fields):
        fields["event"] = event
        line = json.dumps(fields, sort_keys=True) + "\n"
        self.stream.write(line)
        self.stream.flush()
        return len(line)


class SpecProblem(Exception):
    """The spec is wrong (its Python does not parse, its setup raises), not the runtime."""

    def __init__(self, phase, message, line):
        Exception.__init__(self, message)
        self.phase = phase
        self.message = message
        self.line = line
