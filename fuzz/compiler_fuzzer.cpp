// Any text that parses compiles to code that the verifier accepts, or is refused with an exception.
//
// The first byte chooses the mode. compile() verifies what it makes and raises SystemError for code
// that is not right: no text may lead there.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "fuzz/collected_kernel.h"

namespace {

using namespace runtime;

// Interned names are for ever, so a runtime is left for a new one now and then.
constexpr int kInputsPerRuntime = 200;
constexpr std::size_t kForNames = std::size_t{1} << 20;  // bytes
std::unique_ptr<fuzzing::CollectedKernel> kernel;
int inputs_left = 0;

void check_code(Borrowed<Code> code) {
  RT_CHECK(code->is_verified, "code that is handed out is verified");
  RT_CHECK(!disassemble(kernel->here(), code).empty(), "code can be shown");
  for (std::int64_t i = 0; i < code->constants->size; ++i) {
    const Borrowed<Object> constant = code->constants->at(i);
    if (is_code(*constant)) check_code(as_code(constant));
  }
}

}  // namespace

extern "C" int __lsan_is_turned_off() { return 1; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  if (inputs_left-- == 0) {
    if (kernel) kernel->end_round(kForNames);
    kernel.reset();
    kernel = std::make_unique<fuzzing::CollectedKernel>();
    inputs_left = kInputsPerRuntime;
  }
  const std::string_view source(reinterpret_cast<const char*>(data) + 1, size - 1);
  CompileOptions options;
  options.constants = ConstantLife::kMortal;
  options.optimization = data[0] / 3 % 3;
  Result<Ref<Code>> code =
      kernel->try_compile(source, static_cast<CompileMode>(data[0] % 3), options);
  if (!code.is_raised()) {
    check_code(code.value());
    return 0;
  }
  const Raised raised = std::move(code).raised();
  RT_CHECK(!matches(raised, system_error_type), "the compiler makes right code or none");
  return 0;
}
