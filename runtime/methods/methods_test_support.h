// For tests of methods: a runtime with its types opened, and expressions as a program writes them.
//
//   Program program;
//   EXPECT_EQ(program.told("'a-b'.split('-')"), "['a', 'b']");
//
// The answer is the repr() of the value, or what was raised: "ValueError: empty separator". There is
// no compiler on this floor, so a small reader understands what tests need: literals of numbers,
// strings, bytes, lists, tuples, dicts and sets; names of types; calls with names; attributes,
// subscripts and slices; the operators + - * % | & ^ == < in and unary minus, all of one rank, from
// left to right.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "runtime/collector/collector.h"
#include "runtime/methods/methods.h"
#include "runtime/object/values_test_support.h"
#include "runtime/types/types.h"

namespace runtime {

struct Program {
  Program();
  ~Program() { collector.collect(here()); }
  [[nodiscard]] ThreadState& here() { return kernel.first_thread(); }
  [[nodiscard]] std::string told(std::string_view expression);

  Kernel kernel;
  Values values;
  Types types;
  Collector collector;
};

struct ToldRow {
  const char* expression;
  const char* answer;
};

// Expects each row of a table to hold.
void expect_told(Program& program, std::span<const ToldRow> rows);

}  // namespace runtime
