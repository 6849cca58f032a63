// Iterators: what they tell, and the types that make them. The answers are those of CPython 3.14.
#include <gtest/gtest.h>

#include "runtime/methods/methods_test_support.h"

namespace runtime {
namespace {

constexpr ToldRow kRows[] = {
    {"iter([1,2]).__length_hint__()", "2"},
    {"iter((1,2)).__length_hint__()", "2"},
    {"iter('ab').__length_hint__()", "2"},
    {"iter(b'ab').__length_hint__()", "2"},
    {"iter(range(3)).__length_hint__()", "3"},
    {"iter({1:2}).__length_hint__()", "1"},
    {"iter({1}).__length_hint__()", "1"},
    {"reversed([1,2]).__length_hint__()", "2"},
    {"reversed((1,2)).__length_hint__()", "2"},
    {"iter([1,2]).__setstate__(1)", "None"},
    {"iter((1,2)).__setstate__(-5)", "None"},
    {"list(enumerate('ab'))", "[(0, 'a'), (1, 'b')]"},
    {"list(enumerate('ab',5))", "[(5, 'a'), (6, 'b')]"},
    {"list(enumerate(iterable='ab',start=10**30))",
     "[(1000000000000000000000000000000, 'a'), (1000000000000000000000000000001, 'b')]"},
    {"enumerate(1)", "TypeError: 'int' object is not iterable"},
    {"enumerate([],'a')", "TypeError: 'str' object cannot be interpreted as an integer"},
    {"list(zip())", "[]"},
    {"list(zip([1,2],'ab'))", "[(1, 'a'), (2, 'b')]"},
    {"list(zip([1,2],'abc',strict=True))",
     "ValueError: zip() argument 2 is longer than argument 1"},
    {"list(zip([1,2],'a',strict=True))", "ValueError: zip() argument 2 is shorter than argument 1"},
    {"zip(1)", "TypeError: 'int' object is not iterable"},
    {"zip([1],foo=1)", "TypeError: zip() got an unexpected keyword argument 'foo'"},
    {"map()", "TypeError: map() must have at least two arguments."},
    {"map(1)", "TypeError: map() must have at least two arguments."},
    {"list(map(str,[1,2]))", "['1', '2']"},
    {"map(str,1)", "TypeError: 'int' object is not iterable"},
    {"list(map(str,[1],strict=True))", "['1']"},
    {"list(filter(None,[0,1,2]))", "[1, 2]"},
    {"filter(None,None)", "TypeError: 'NoneType' object is not iterable"},
    {"list(reversed([1,2]))", "[2, 1]"},
    {"list(reversed((1,2)))", "[2, 1]"},
    {"list(reversed('ab'))", "['b', 'a']"},
    {"list(reversed(range(3)))", "[2, 1, 0]"},
    {"list(reversed({1:2,3:4}))", "[3, 1]"},
    {"list(reversed({1:2}.items()))", "[(1, 2)]"},
    {"reversed(1)", "TypeError: 'int' object is not reversible"},
    {"reversed({1})", "TypeError: 'set' object is not reversible"},
};

TEST(IteratorMethods, AnswerAsPythonDoes) {
  Program program;
  expect_told(program, kRows);
}

}  // namespace
}  // namespace runtime
