#include "runtime/methods/methods_test_support.h"

#include <gtest/gtest.h>

#include "runtime/methods/expression_test_support.h"

namespace runtime {

Program::Program()
    : kernel(KernelOptions{}),
      values(kernel),
      types(kernel),
      collector(kernel, CollectorOptions{.is_enabled = false}) {
  must(open_basic_types(here()));
  must(open_methods(here()));
}

std::string Program::told(std::string_view expression) {
  return runtime::told(here(), evaluate_expression(here(), expression));
}

void expect_told(Program& program, std::span<const ToldRow> rows) {
  for (const ToldRow& row : rows) {
    EXPECT_EQ(program.told(row.expression), row.answer) << row.expression;
  }
}

}  // namespace runtime
