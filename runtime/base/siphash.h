// SipHash-1-3: a hash of bytes that nobody can predict without the key.
//
// Hashes of str and bytes decide which slots of a dict are used. Were they predictable, whoever
// chooses the keys could make every dict a list. So the hash is keyed, and the key is chosen when
// the runtime starts: at random, or from a seed where runs must repeat. One round per word and
// three at the end, as CPython and Rust have it.
//
// Not for signatures, and not for tables whose keys nobody from outside chooses.
//
// Ancestry: Jean-Philippe Aumasson and Daniel J. Bernstein, "SipHash: a fast short-input PRF"
// (2012); PEP 456. The results are those of CPython's siphash13 (Python/pyhash.c), before -1 is
// replaced there.
#pragma once

#include <cstddef>
#include <cstdint>

namespace runtime {

struct SipHashKey {
  std::uint64_t first = 0;
  std::uint64_t second = 0;

  // The key that CPython derives from PYTHONHASHSEED (lcg_urandom in Python/bootstrap_hash.c); 0
  // gives the zero key.
  static SipHashKey from_seed(std::uint32_t seed);
};

// The bytes are read as little-endian words whatever the machine. Thread safe.
[[nodiscard]] std::uint64_t siphash13(const SipHashKey& key, const void* bytes, std::size_t size);

}  // namespace runtime
