// Fibers: stacks that can be switched between on one thread of the system. Boost.Context does the
// switching (about ten instructions); this header only gives it names and stacks at fixed
// addresses, so that the addresses of what lies on a stack repeat from process to process.
#pragma once

#include <boost/context/detail/fcontext.hpp>
#include <cstddef>
#include <cstdint>

namespace runtime::machine {

inline constexpr std::size_t kFiberStackBytes = 256 * 1024;
inline constexpr std::size_t kFiberGuardBytes = 64 * 1024;  // larger than any one frame of ours

// The stack of fiber `index`, mapped at its first use, with a guard page below. Never unmapped.
void* fiber_stack_top(unsigned index);
// Where the guard page begins: an access to it means that the stack is used up.
std::uintptr_t fiber_guard_page(unsigned index);

using FiberContext = boost::context::detail::fcontext_t;
using FiberTransfer = boost::context::detail::transfer_t;

inline FiberContext make_fiber(unsigned index, void (*entry)(FiberTransfer)) {
  return boost::context::detail::make_fcontext(fiber_stack_top(index), kFiberStackBytes, entry);
}
// Suspends the caller; returns when somebody switches back, with that somebody's context.
inline FiberTransfer switch_fiber(FiberContext to, void* argument) {
  return boost::context::detail::jump_fcontext(to, argument);
}

}  // namespace runtime::machine
