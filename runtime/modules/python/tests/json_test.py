import random
import support

json = support.load("json")
raises = support.raises
host = None if support.OWN else __import__("json")

VALUES = [None, True, False, 0, -1, 10 ** 30, 1.5, -0.0, 1e300, "", "text", "\"quoted\" \\ \n\t\x00\x1f\x7f", "\u00e9\u20ac\U0001f600", "\ud800",
          [], {}, [[]], {"a": {}}, (1, 2), {"b": 1, "a": [1, 2, {"c": None}]}, {1: 2, None: 3, True: 4, 2.5: 5}]
TEXTS = {'[1, 2.5, -3e2, 0, "x", null, true, false]': [1, 2.5, -300.0, 0, "x", None, True, False],
         ' {"a" : {"b":[ ]} , "a" : 2}\n': {"a": 2}, '"\\u00e9\\ud83d\\ude00\\n\\/"': "\u00e9\U0001f600\n/", '"\\ud83d"': "\ud83d", "-0": 0,
         "[NaN, Infinity, -Infinity]": None}
BAD = {"": "Expecting value: line 1 column 1 (char 0)", "[1,]": "Illegal trailing comma before end of array: line 1 column 3 (char 2)",
       '{"a":1,}': "Illegal trailing comma before end of object: line 1 column 7 (char 6)", "[1 2]": "Expecting ',' delimiter: line 1 column 4 (char 3)",
       "{1:2}": "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)", '{"a" 1}': "Expecting ':' delimiter: line 1 column 6 (char 5)",
       '"abc': "Unterminated string starting at: line 1 column 1 (char 0)", '"a\nb"': "Invalid control character at: line 1 column 3 (char 2)",
       '"\\x"': "Invalid \\escape: line 1 column 2 (char 1)", '"\\u12"': "Invalid \\uXXXX escape: line 1 column 3 (char 2)", "[1] 2": "Extra data: line 1 column 5 (char 4)",
       "nul": "Expecting value: line 1 column 1 (char 0)", "-": "Expecting value: line 1 column 1 (char 0)", "[": "Expecting value: line 1 column 2 (char 1)",
       "\n\n  x": "Expecting value: line 3 column 3 (char 4)", "01": "Extra data: line 1 column 2 (char 1)", '{"a":1 "b"}': "Expecting ',' delimiter: line 1 column 8 (char 7)",
       "1.": "Extra data: line 1 column 2 (char 1)", '"\\': "Unterminated string starting at: line 1 column 1 (char 0)"}


def test_known_texts():
    for text, value in TEXTS.items():
        if value is not None:
            assert json.loads(text) == value, text
    values = json.loads("[NaN, Infinity, -Infinity]")
    assert values[0] != values[0] and values[1:] == [float("inf"), -float("inf")]
    assert json.loads(b'{"a": 1}') == {"a": 1} and json.loads("\"\u20ac\"".encode("utf-16")) == "\u20ac"


def test_known_values():
    assert json.dumps({"b": [1, 2.5, None, True], "a": "\u00e9\n"}, sort_keys=True) == '{"a": "\\u00e9\\n", "b": [1, 2.5, null, true]}'
    assert json.dumps({"b": [1], "a": {}, "c": []}, indent=2) == '{\n  "b": [\n    1\n  ],\n  "a": {},\n  "c": []\n}'
    assert json.dumps([1, {"a": 2}], separators=(",", ":")) == '[1,{"a":2}]'
    assert json.dumps("\u00e9\"", ensure_ascii=False) == '"\u00e9\\""'
    assert json.dumps([object()], default=lambda thing: "something") == '["something"]'
    assert json.dumps({(1, 2): 3, "a": 1}, skipkeys=True) == '{"a": 1}'

    class Text(str):
        pass

    class Number(int):
        def __repr__(self):
            return "wrong"

    assert json.dumps([Text("a"), Number(5)]) == '["a", 5]'


def test_messages():
    for text, message in BAD.items():
        assert raises("JSONDecodeError", json.loads, text) == message, (text, raises("JSONDecodeError", json.loads, text))
    assert raises(TypeError, json.loads, 5) == "the JSON object must be str, bytes or bytearray, not int"
    assert raises(TypeError, json.dumps, [object()]) == "Object of type object is not JSON serializable"
    assert raises(TypeError, json.dumps, {(1,): 2}) == "keys must be str, int, float, bool or None, not tuple"
    assert raises(ValueError, json.dumps, float("nan"), allow_nan=False) == "Out of range float values are not JSON compliant: nan"
    circle = []
    circle.append({"circle": circle})
    assert raises(ValueError, json.dumps, circle) == "Circular reference detected"
    try:
        json.loads("[\n1,\n2 3]")
    except json.JSONDecodeError as error:
        assert (error.msg, error.pos, error.lineno, error.colno) == ("Expecting ',' delimiter", 7, 3, 3)
    try:
        json.dumps({"a": [1, object()]})
    except TypeError as error:
        assert getattr(error, "__notes__", [])[:2] == ["when serializing list item 1", "when serializing dict item 'a'"]


def test_hooks():
    assert json.loads('{"a": {"b": 1}}', object_hook=lambda found: sorted(found)) == ["a"]
    assert json.loads('{"a": {"b": 1}}', object_pairs_hook=list) == [("a", [("b", 1)])]
    assert json.loads("[1.5, 2, NaN]", parse_float=str, parse_int=lambda text: text + "!", parse_constant=str.lower) == ["1.5", "2!", "nan"]

    class Encoder(json.JSONEncoder):
        def default(self, thing):
            if isinstance(thing, set):
                return sorted(thing)
            return super().default(thing)

    assert json.dumps({"a": {2, 1}}, cls=Encoder) == '{"a": [1, 2]}'
    assert json.JSONDecoder().raw_decode("[1] rest") == ([1], 3)


def _random_value(chooser, depth):
    kind = chooser.randrange(9 if depth else 6)
    if kind == 0:
        return chooser.choice([None, True, False])
    if kind == 1:
        return chooser.randrange(-10 ** chooser.randrange(1, 25), 10 ** 12)
    if kind == 2:
        return chooser.random() * 10 ** chooser.randrange(-20, 20)
    if kind < 6:
        return "".join([chooser.choice("abc \"\\/\n\t\x00\x7f\u00e9\u2028\U0001f600") for _ in range(chooser.randrange(8))])
    if kind == 6:
        return dict([(str(chooser.random())[:5], _random_value(chooser, depth - 1)) for _ in range(chooser.randrange(5))])
    return [_random_value(chooser, depth - 1) for _ in range(chooser.randrange(5))]


def test_random_values():
    chooser = random.Random(1)
    for value in VALUES + [_random_value(chooser, 4) for _ in range(400)]:
        for arguments in ({}, {"indent": 1}, {"ensure_ascii": False}, {"separators": (",", ":")}, {"indent": "\t"}):
            text = json.dumps(value, **arguments)
            if host:
                assert text == host.dumps(value, **arguments), (value, text)
            if not isinstance(value, tuple) and not (isinstance(value, dict) and 1 in value):
                assert json.loads(text) == value


def test_random_mistakes():
    if not host or not hasattr(__import__("sys"), "_is_gil_enabled"):
        return  # messages of older versions differ
    chooser = random.Random(2)
    for _ in range(3000):
        text = list(host.dumps(_random_value(chooser, 3)))
        for _ in range(chooser.randrange(1, 3)):
            place = chooser.randrange(len(text) + 1)
            text[place:place + chooser.randrange(2)] = chooser.choice("[]{},:\"\\ 0-.eNxu\n")
        text = "".join(text)
        answers = []
        for module in (json, host):
            try:
                answers.append(repr(module.loads(text)))
            except ValueError as error:
                answers.append(str(error))
        assert answers[0] == answers[1], (text, answers)


if __name__ == "__main__":
    support.run(globals())
