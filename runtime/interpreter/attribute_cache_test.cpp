#include "runtime/interpreter/attribute_cache.h"

#include <gtest/gtest.h>

#include "runtime/interpreter/interpreter_test_support.h"

namespace runtime {
namespace {

// One place in the program that reads, or writes, what is given to it: `warm` has run often enough
// that the place remembers something.
constexpr char kPlaces[] =
    "class Point: pass\n"
    "def read(point): return point.x\n"
    "def write(point, value): point.x = value\n"
    "def warm(point):\n"
    "    for i in range(3):\n"
    "        write(point, i)\n"
    "        read(point)\n"
    "one = Point()\n"
    "warm(one)\n";

std::string run_warm(const std::string& text) { return run(kPlaces + text); }

TEST(AttributeCache, APropertyThatComesLaterStandsBeforeTheInstance) {
  EXPECT_EQ(
      run_warm("written = []\n"
               "Point.x = property(lambda self: 'property', lambda self, v: written.append(v))\n"
               "write(one, 7)\n"
               "result = read(one), written, one.__dict__"),
      "('property', [7], {'x': 2})");
}

TEST(AttributeCache, APropertyThatWasThereBeforeIsNeverPassedOver) {
  EXPECT_EQ(run("class Point: pass\n"
                "one = Point()\n"
                "one.x = 1\n"
                "Point.x = property(lambda self: 'property')\n"
                "result = [one.x for i in range(3)]"),
            "['property', 'property', 'property']");
}

TEST(AttributeCache, AnInstanceOfAnotherClassIsAskedAnew) {
  EXPECT_EQ(run_warm("class Other: pass\n"
                     "other = Other()\n"
                     "other.y, other.x = 'y', 'x'\n"
                     "result = read(other), read(one), read(other)"),
            "('x', 2, 'x')");
}

TEST(AttributeCache, AnAttributeThatIsGoneIsNotFound) {
  EXPECT_EQ(run_warm("del one.x\n"
                     "try: read(one)\n"
                     "except AttributeError as e: text = str(e)\n"
                     "write(one, 'again')\n"
                     "result = text, read(one), list(one.__dict__)"),
            "(\"'Point' object has no attribute 'x'\", 'again', ['x'])");
}

TEST(AttributeCache, ADictThatShowsTheAttributesSeesWhatIsWritten) {
  EXPECT_EQ(run_warm("shown = one.__dict__\n"
                     "write(one, 'new')\n"
                     "shown['x'] = shown['x'] + 'er'\n"
                     "result = read(one), shown"),
            "('newer', {'x': 'newer'})");
}

TEST(AttributeCache, AnInstanceThatChangesItsClassIsAskedAnew) {
  EXPECT_EQ(run_warm("class Twin:\n"
                     "    x = property(lambda self: 'twin')\n"
                     "one.__class__ = Twin\n"
                     "result = read(one)"),
            "'twin'");
}

TEST(AttributeCache, WhatWasOverwrittenEndsAtOnce) {
  EXPECT_EQ(run_warm("ended = []\n"
                     "class Value:\n"
                     "    def __del__(self): ended.append(read(one))\n"
                     "write(one, Value())\n"
                     "write(one, 'after')\n"
                     "result = ended"),
            "['after']");
}

}  // namespace
}  // namespace runtime
