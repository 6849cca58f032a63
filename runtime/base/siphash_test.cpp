#include "runtime/base/siphash.h"

#include <gtest/gtest.h>
#include <string>

namespace runtime {
namespace {

struct Expectation {
  std::size_t size;  // of the bytes 0, 1, ..., 255, 0, 1, ...
  std::uint64_t hash;
};

std::string counting_bytes(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(i % 256));
  return bytes;
}

// What CPython 3.14 prints for hash(bytes(...)) when PYTHONHASHSEED is 0 (modulo 2**64).
constexpr Expectation kWithSeed0[] = {
    {1, 0x68a914128e01e473},   {2, 0x010bac45c41e3669},   {3, 0x4d4c9a4a8ef6e0ad},
    {7, 0x2f098ab0c751325a},   {8, 0xead411e67ebe2eea},   {9, 0x75927f9d95124362},
    {15, 0xf30eb725bb91c9ea},  {16, 0x8972188433a5c5b7},  {17, 0x4883c49a2c009c1d},
    {63, 0x385d3e39e5f37359},  {64, 0x75e05fd5bbc870c6},  {255, 0x5dc1f93ea135eb43},
    {256, 0x31ae646afba70308}, {257, 0xef7cec81c6f56af4},
};

// ... and when PYTHONHASHSEED is 42.
constexpr Expectation kWithSeed42[] = {
    {1, 0xce880c366bcf3489},   {2, 0xef32fbc0469f0756},   {3, 0xef4b9dcae9b04417},
    {7, 0xce280fabc397fbda},   {8, 0x60866c3c108c6afb},   {9, 0x68814005f7469e03},
    {15, 0x94ace24d68c18cf8},  {16, 0x339176f3ac59ce05},  {17, 0xed2706b414c296f1},
    {63, 0x06e24d6f0d014c37},  {64, 0x91639ef7de8d52cb},  {255, 0xd02008474fae02c8},
    {256, 0x0d0624090d255259}, {257, 0x6cdec1c1a549ca08},
};

TEST(SipHash, AgreesWithCPython) {
  for (const Expectation& expected : kWithSeed0) {
    std::string bytes = counting_bytes(expected.size);
    EXPECT_EQ(siphash13(SipHashKey::from_seed(0), bytes.data(), bytes.size()), expected.hash)
        << expected.size << " bytes";
  }
  for (const Expectation& expected : kWithSeed42) {
    std::string bytes = counting_bytes(expected.size);
    EXPECT_EQ(siphash13(SipHashKey::from_seed(42), bytes.data(), bytes.size()), expected.hash)
        << expected.size << " bytes";
  }
}

// The key of the paper's example: bytes 0 to 15. The value is that of Rust's SipHasher13 for no
// bytes at all.
TEST(SipHash, AgreesWithRustForNoBytes) {
  SipHashKey key{0x0706050403020100, 0x0f0e0d0c0b0a0908};
  EXPECT_EQ(siphash13(key, nullptr, 0), 0xabac0158050fc4dcu);
}

TEST(SipHash, ReadsBytesThatAreNotAligned) {
  std::string bytes = "x" + counting_bytes(17);
  EXPECT_EQ(siphash13({}, bytes.data() + 1, 17), kWithSeed0[8].hash);
}

TEST(SipHash, EveryBitOfTheKeyMatters) {
  std::uint64_t hash = siphash13({}, "abc", 3);
  for (int bit = 0; bit < 64; ++bit) {
    EXPECT_NE(siphash13({std::uint64_t{1} << bit, 0}, "abc", 3), hash);
    EXPECT_NE(siphash13({0, std::uint64_t{1} << bit}, "abc", 3), hash);
  }
}

}  // namespace
}  // namespace runtime
