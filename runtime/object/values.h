// What the values of one runtime have in common: its profile, the key of its hashes, its interned
// strings.
//
// Stands beside the kernel, made after it and gone before it:
//   Kernel kernel;
//   Values values(kernel, {...});
// Threads find it in a slot, so no function passes it along. The slot also holds how deep the thread
// stands in operations that call themselves (recursion.h).
//
// The strings of one code point below 256 exist once per runtime. They are made when somebody first
// asks for one (a runtime that starts makes none), interned like any other, and then found in an
// array without hashing.
//
// Ancestry: CPython's PyInterpreterState and _PyRuntimeState (Include/internal/pycore_interp.h,
// pycore_global_objects.h), which have these strings as static constants; here they cannot be
// static, because their hashes belong to a runtime.
//
// Orderings in this file
//   [interned-before-found]  the array's entries, as in intern.h.
#pragma once

#include "runtime/base/atomic.h"
#include "runtime/base/build.h"
#include "runtime/base/siphash.h"
#include "runtime/object/intern.h"
#include "runtime/object/kernel.h"
#include "runtime/object/profile.h"

namespace runtime {

struct ValuesOptions {
  Profile profile = kFreeThreaded ? kProfile314t : kProfile314;
  // PYTHONHASHSEED. The hashes of str and bytes repeat from run to run; draw one at random where
  // they must not.
  std::uint32_t hash_seed = 0;
  // sys.set_int_max_str_digits(); 0: any number.
  std::uint32_t greatest_decimal_digits = 4300;
  // sys.setrecursionlimit(), for operations that call themselves.
  unsigned recursion_limit = 1000;
};

// What the floors above lend to the values. Each may be null. Set before the second thread.
struct ValuesHooks {
  // str % anything.
  Result<Ref<Object>> (*percent_format)(ThreadState& thread, Borrowed<Object> text,
                                        Borrowed<Object> arguments) = nullptr;
  // What object.keys() answers; a null reference: it has no such method, so it is no mapping.
  Result<Ref<Object>> (*keys_of)(ThreadState& thread, Borrowed<Object> object) = nullptr;
  // What a derived type of dict says of a key that is absent (`__missing__`); a null reference:
  // nothing.
  Result<Ref<Object>> (*missing)(ThreadState& thread, Borrowed<Object> dict,
                                 Borrowed<Object> key) = nullptr;
};

class ReprFrame;
class Values;

// The part of one thread; only for that thread.
struct ValuesOfThread {
  Values& values;
  unsigned depth;
  ReprFrame* innermost_repr;
};

inline constexpr ThreadSlot<ValuesOfThread> kValuesSlot{ThreadSlots::kValues};

class Values {
 public:
  // Before the second thread of the kernel, by its first; `kernel` outlives it.
  explicit Values(Kernel& kernel, const ValuesOptions& options = {});
  ~Values();
  Values(const Values&) = delete;
  Values& operator=(const Values&) = delete;

  [[nodiscard]] static Values& of(ThreadState& thread) {
    ValuesOfThread* part = thread.slot(kValuesSlot);
    RT_INVARIANT(part != nullptr, "a kernel whose threads make values has a Values");
    return part->values;
  }

  [[nodiscard]] const Profile& profile() const { return options_.profile; }
  [[nodiscard]] const SipHashKey& hash_key() const { return hash_key_; }
  [[nodiscard]] std::uint32_t greatest_decimal_digits() const {
    return options_.greatest_decimal_digits;
  }
  [[nodiscard]] unsigned recursion_limit() const { return options_.recursion_limit; }
  [[nodiscard]] InternTable& interned() { return interned_; }
  [[nodiscard]] ValuesHooks& hooks() { return hooks_; }

  // For immortalization.h: false if it had begun already. World stopped.
  [[nodiscard]] bool begin_immortalizing() { return !is_immortalizing_.exchange(true); }
  // Relaxed: it is written in a stopped world.
  [[nodiscard]] bool is_immortalizing() const { return is_immortalizing_.load_relaxed(); }

  // The string of this one code point, below 256.
  Result<Ref<Str>> character(ThreadState& thread, std::uint8_t code_point);

 private:
  static void thread_created(void* self, ThreadState& thread);
  static void thread_released(void* self, ThreadState& thread);

  const ValuesOptions options_;
  const SipHashKey hash_key_;
  Kernel& kernel_;
  InternTable interned_;
  Atomic<bool> is_immortalizing_;
  ValuesHooks hooks_;
  Atomic<Str*> characters_[256];  // null: not made yet
};

}  // namespace runtime
