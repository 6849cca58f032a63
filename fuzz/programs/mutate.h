// How an input that is a program is changed into another one worth running.
//
// libFuzzer's own mutations change bytes; most of what they make is a long program in which little meets.
// These change what a program is made of: one action, one argument, the schedule; they leave actions
// out, and they let one thread be stopped in the middle of an action while another one does a few to
// the same place, which is what most mistakes of concurrent containers need (few threads, few
// operations, one or two preemptions: Lu, Park, Seo, Zhou: Learning from Mistakes, ASPLOS 2008).
#pragma once

#include <cstddef>
#include <cstdint>

namespace fuzzing {

// Changes `bytes`, of which `size` are used and `capacity` are there; answers the new size. The same
// seed does the same.
std::size_t mutate_program(std::uint8_t* bytes, std::size_t size, std::size_t capacity,
                           std::uint32_t seed);

}  // namespace fuzzing
