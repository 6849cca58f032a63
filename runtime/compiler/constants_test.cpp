#include "runtime/compiler/constants.h"

#include <gtest/gtest.h>

#include "runtime/compiler/compiler_test_support.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/immortal.h"

namespace runtime {
namespace {

TEST(Constants, KeysTellTypesAndSignsApart) {
  CompilerKernel kernel;
  ThreadState& thread = kernel.here();
  const Ref<Object> values[] = {
      number(thread, 0),
      must(new_float(thread, 0.0)),
      must(new_float(thread, -0.0)),
      boolean(false),
      none(),
      text(thread, "a"),
      must(new_bytes(thread, "a")),
      must(new_tuple(thread, {shared_int(1)})),
      must(new_tuple(thread, {boolean(true)})),
      must(new_tuple(thread, {must(new_tuple(thread, {shared_int(1)}))})),
      must(int_from_digits(thread, "100000000000000000000", 10)),
      must(int_from_digits(thread, "100000000000000000001", 10)),
      text(thread, "\xC3\xBF"),
      text(thread, "\xC4\x80"),
  };
  for (const Ref<Object>& left : values) {
    for (const Ref<Object>& right : values) {
      EXPECT_EQ(key_of_constant(left) == key_of_constant(right), &left == &right);
    }
  }
}

TEST(Constants, KeysOfEqualValuesAreEqual) {
  CompilerKernel kernel;
  const auto make = [&] {
    ThreadState& thread = kernel.here();
    return must(new_tuple(
        thread, {number(thread, 12345678), text(thread, "a b"), must(new_float(thread, 2.5))}));
  };
  EXPECT_EQ(key_of_constant(make()), key_of_constant(make()));
}

// The first constant of a function that returns this.
Ref<Object> literal(CompilerKernel& kernel, const std::string& source,
                    ConstantLife life = ConstantLife::kImmortal) {
  CompileOptions options;
  options.constants = life;
  const Ref<Code> module =
      kernel.compiled("def f(): return " + source + "\n", CompileMode::kModule, options);
  return Ref<Object>::share(kernel.here(), kernel.nested(module)->constants->at(0));
}

TEST(Constants, FreeThreadedBuildsShareThemAndKeepThemForEver) {
  CompilerKernel kernel;
  for (const char* source : {"12345678", "1.5", "'a b c!'", "'nul \\0'", "(1, 2, (2.5, 'x y'))",
                             "b'some bytes'", "-0.0", "1208925819614629174706176"}) {
    const Ref<Object> first = literal(kernel, source);
    const Ref<Object> second = literal(kernel, source);
    EXPECT_EQ(first.get() == second.get(), kFreeThreaded) << source;
    EXPECT_EQ(is_immortal(first.get()), kFreeThreaded) << source;
  }
  EXPECT_NE(literal(kernel, "0.0").get(), literal(kernel, "-0.0").get());
}

TEST(Constants, PartsAreSharedToo) {
  if (!kFreeThreaded) GTEST_SKIP() << "a GIL build shares nothing";
  CompilerKernel kernel;
  const Ref<Object> number_alone = literal(kernel, "12345678");
  const Ref<Object> tuple = literal(kernel, "(12345678, 0)");
  EXPECT_EQ(as_tuple(tuple)->items()[0], number_alone.get());
}

TEST(Constants, CodeThatIsThrownAwayLeavesNothing) {
  CompilerKernel kernel;
  const std::size_t before = kernel.constants.size();
  const Ref<Object> constant = literal(kernel, "(87654321, 3.25)", ConstantLife::kMortal);
  EXPECT_FALSE(is_immortal(constant.get()));
  EXPECT_EQ(kernel.constants.size(), before);
}

TEST(Constants, CompilingAgainAddsNothing) {
  CompilerKernel kernel;
  const auto compile_once = [&] { literal(kernel, "12345678, 1.25, ('a b', (2.5, 3.5)), b'x'"); };
  compile_once();
  const std::size_t before = kernel.constants.size();
  for (int i = 0; i < 10; ++i) compile_once();
  EXPECT_EQ(kernel.constants.size(), before);
}

TEST(Constants, NamesAreInterned) {
  CompilerKernel kernel;
  const Ref<Object> word = literal(kernel, "'word_1'");
  EXPECT_TRUE(as_str(word)->is_interned.load_relaxed());
  const Ref<Object> phrase = literal(kernel, "'two words'");
  EXPECT_EQ(as_str(phrase)->is_interned.load_relaxed(), kFreeThreaded);
}

}  // namespace
}  // namespace runtime
