#include "runtime/base/siphash.h"

#include <bit>
#include <cstring>

namespace runtime {

namespace {

// The state and its steps are named as in the paper.
struct SipState {
  std::uint64_t v0;
  std::uint64_t v1;
  std::uint64_t v2;
  std::uint64_t v3;

  void round() {
    v0 += v1;
    v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }
  void compress(std::uint64_t word) {
    v3 ^= word;
    round();
    v0 ^= word;
  }
};

std::uint64_t little_endian(std::uint64_t word) {
  if constexpr (std::endian::native == std::endian::big) return __builtin_bswap64(word);
  return word;
}

}  // namespace

std::uint64_t siphash13(const SipHashKey& key, const void* bytes, std::size_t size) {
  SipState state{key.first ^ 0x736f6d6570736575, key.second ^ 0x646f72616e646f6d,
                 key.first ^ 0x6c7967656e657261, key.second ^ 0x7465646279746573};
  const auto* at = static_cast<const unsigned char*>(bytes);
  for (std::size_t left = size; left >= 8; left -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    state.compress(little_endian(word));
  }
  // The last word: what is left, and the length modulo 256 in the highest byte.
  std::uint64_t last = static_cast<std::uint64_t>(size) << 56;
  for (std::size_t i = 0; i < size % 8; ++i) last |= static_cast<std::uint64_t>(at[i]) << (8 * i);
  state.compress(last);
  state.v2 ^= 0xff;
  state.round();
  state.round();
  state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

SipHashKey SipHashKey::from_seed(std::uint32_t seed) {
  if (seed == 0) return {};
  unsigned char bytes[16];
  std::uint32_t state = seed;
  for (unsigned char& byte : bytes) {
    state = state * 214013 + 2531011;
    byte = static_cast<unsigned char>(state >> 16);
  }
  SipHashKey key;
  std::memcpy(&key.first, bytes, 8);
  std::memcpy(&key.second, bytes + 8, 8);
  return {little_endian(key.first), little_endian(key.second)};
}

}  // namespace runtime
