// How methods are called: with too much, with too little, and what iterators reduce to. The answers
// are those of CPython 3.14.
#include <gtest/gtest.h>

#include "runtime/methods/methods_test_support.h"

namespace runtime {
namespace {

constexpr ToldRow kRows[] = {
    {"iter([1,2]).__reduce__()", "(<built-in function iter>, ([1, 2],), 0)"},
    {"iter((1,2)).__reduce__()", "(<built-in function iter>, ((1, 2),), 0)"},
    {"iter('ab').__reduce__()", "(<built-in function iter>, ('ab',), 0)"},
    {"iter(range(3)).__reduce__()", "(<built-in function iter>, (range(0, 3),), None)"},
    {"iter({1}).__reduce__()", "(<built-in function iter>, ([1],))"},
    {"iter({1:2}).__reduce__()", "(<built-in function iter>, ([1],))"},
    {"iter({1:2}.items()).__reduce__()", "(<built-in function iter>, ([(1, 2)],))"},
    {"reversed([1,2]).__reduce__()", "(<class 'reversed'>, ([1, 2],), 1)"},
    {"reversed((1,2)).__reduce__()", "(<class 'reversed'>, ((1, 2),), 1)"},
    {"reversed({1:2}).__reduce__()", "(<built-in function iter>, ([1],))"},
    {"iter(b'ab').__reduce__()", "(<built-in function iter>, (b'ab',), 0)"},
    {"{1}.__reduce__()", "(<class 'set'>, ([1],), None)"},
    {"range(5).__reduce__()", "(<class 'range'>, (0, 5, 1))"},
    {"slice(1,2,3).__reduce__()", "(<class 'slice'>, (1, 2, 3))"},
    {"list(range(3).__reduce__())", "[<class 'range'>, (0, 3, 1)]"},
    {"range()", "TypeError: range expected at least 1 argument, got 0"},
    {"range(1,2,3,4)", "TypeError: range expected at most 3 arguments, got 4"},
    {"range(stop=1)", "TypeError: range() takes no keyword arguments"},
    {"slice()", "TypeError: slice expected at least 1 argument, got 0"},
    {"slice(1,2,3,4)", "TypeError: slice expected at most 3 arguments, got 4"},
    {"int(x=1)", "TypeError: int() got an unexpected keyword argument 'x'"},
    {"float(1,2)", "TypeError: float expected at most 1 argument, got 2"},
    {"bool(1,2)", "TypeError: bool expected at most 1 argument, got 2"},
    {"bool(x=1)", "TypeError: bool() takes no keyword arguments"},
    {"tuple(1,2)", "TypeError: tuple expected at most 1 argument, got 2"},
    {"frozenset(1,2)", "TypeError: frozenset expected at most 1 argument, got 2"},
    {"enumerate([],1,2)", "TypeError: enumerate() takes at most 2 arguments (3 given)"},
    {"zip([1],foo=1)", "TypeError: zip() got an unexpected keyword argument 'foo'"},
    {"map(str,[1],foo=2)", "TypeError: map() got an unexpected keyword argument 'foo'"},
    {"filter(1)", "TypeError: filter expected 2 arguments, got 1"},
    {"filter(None,[],x=1)", "TypeError: filter() takes no keyword arguments"},
    {"reversed(x=1)", "TypeError: reversed() takes no keyword arguments"},
    {"[].append()", "TypeError: list.append() takes exactly one argument (0 given)"},
    {"[].append(1,2)", "TypeError: list.append() takes exactly one argument (2 given)"},
    {"[1].sort(1)", "TypeError: sort() takes no positional arguments"},
    {"{}.get()", "TypeError: get expected at least 1 argument, got 0"},
    {"{}.get(1,2,3)", "TypeError: get expected at most 2 arguments, got 3"},
    {"{1}.pop(1)", "TypeError: set.pop() takes no arguments (1 given)"},
    {"'a'.isalpha(1)", "TypeError: str.isalpha() takes no arguments (1 given)"},
    {"'a'.splitlines(1,2)", "TypeError: splitlines() takes at most 1 argument (2 given)"},
    {"'a'.split(foo=1)", "TypeError: split() got an unexpected keyword argument 'foo'"},
    {"'a'.find()", "TypeError: find expected at least 1 argument, got 0"},
    {"'a'.replace('a')", "TypeError: replace() takes at least 2 positional arguments (1 given)"},
    {"'a'.upper(1)", "TypeError: str.upper() takes no arguments (1 given)"},
    {"str.upper(1)",
     "TypeError: descriptor 'upper' for 'str' objects doesn't apply to a 'int' object"},
    {"list.append(1,2)",
     "TypeError: descriptor 'append' for 'list' objects doesn't apply to a 'int' object"},
    {"int.bit_length('a')",
     "TypeError: descriptor 'bit_length' for 'int' objects doesn't apply to a 'str' object"},
    {"'a'.encode(1,2,3)", "TypeError: encode() takes at most 2 arguments (3 given)"},
    {"(5).to_bytes(1,'big',True)",
     "TypeError: to_bytes() takes at most 2 positional arguments (3 given)"},
    {"(5).to_bytes(1,byteorder='little',signed=True)", "b'\\x05'"},
    {"int.__add__(1,2)", "3"},
    {"'abc'.__len__()", "3"},
    {"'%s'.__mod__(5)", "'5'"},
    {"{}.__contains__(1)", "False"},
    {"[1].__getitem__(0)", "1"},
    {"list.__init__([1],[2])", "None"},
    {"dict.__init__({},{1:2})", "None"},
    {"(5).__index__()", "5"},
    {"(5).__pow__(2)", "25"},
    {"str.__new__(str,'a')", "'a'"},
    {"int.__new__(int,'12')", "12"},
};

TEST(CallsOfMethods, AnswerAsPythonDoes) {
  Program program;
  expect_told(program, kRows);
}

}  // namespace
}  // namespace runtime
