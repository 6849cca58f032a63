// StackRef: a reference on the evaluation stack, which may be one that nobody counts.
//
// A local variable is read far more often than it is stored, and most of what is read (None, small
// ints, functions, modules, types) cannot die meanwhile. So a register holds a tagged word: the
// pointer, and one bit that says whether the register owns a count. Immortal and deferred objects
// are pushed without touching their header, and so is an operand that is borrowed from another
// register that outlives it. What leaves the stack for the heap becomes counted. The collector adds
// one reference per register that refers to a deferred object without counting it (deferred.h).
//
// Not for fields of heap objects: only stacks are scanned for uncounted references.
//
//   bit 0       0 counted: the register owns one reference
//               1 uncounted: somebody else keeps the object
//   bits 1..63  the address (blocks are 16-aligned); 0 is the empty register
//
// Ancestry: CPython's Include/internal/pycore_stackref.h; PEP 703, "Deferred Reference Counting".
#pragma once

#include <cstdint>
#include <utility>

#include "runtime/object/deferred.h"
#include "runtime/object/ref.h"

namespace runtime {

// Trivially copyable like the register it stands for: who copies the word says with duplicate()
// that there are two. Belongs to one thread; the collector reads it in a stopped world.
class StackRef {
 public:
  constexpr StackRef() = default;

  // Takes over a reference. Of an immortal object the register needs none.
  [[nodiscard]] static StackRef counted(Ref<Object> reference) {
    return StackRef(reinterpret_cast<std::uintptr_t>(reference.release()));
  }
  // The caller answers for it that the object outlives the register: it is immortal, deferred, or a
  // register or field that is not stored to meanwhile owns it.
  [[nodiscard]] static StackRef uncounted(Borrowed<Object> object) {
    return StackRef(reinterpret_cast<std::uintptr_t>(object.get()) | kUncounted);
  }
  // Counts only what could die: the way a load from a global, an attribute or a cell arrives in a
  // register.
  [[nodiscard]] static StackRef load(ThreadState& thread, Borrowed<Object> object) {
    if (is_immortal(object.get()) || is_deferred(object.get())) return uncounted(object);
    return counted(Ref<Object>::share(thread, object));
  }

  [[nodiscard]] bool is_empty() const { return word_ == 0; }
  [[nodiscard]] bool is_counted() const { return word_ != 0 && (word_ & kUncounted) == 0; }
  // Null for an empty register.
  [[nodiscard]] Object* object() const { return reinterpret_cast<Object*>(word_ & ~kUncounted); }

  // A second register with the same object, counted if this one is.
  [[nodiscard]] StackRef duplicate(ThreadState& thread) const {
    if (is_counted()) increment(thread, object());
    return *this;
  }
  // Empties the register before the reference is dropped, which may run foreign code that looks at
  // the stack.
  void close(ThreadState& thread) {
    const StackRef previous = std::exchange(*this, StackRef());
    if (previous.is_counted()) decrement(thread, previous.object());
  }
  // Empties the register into a reference that the heap may hold.
  [[nodiscard]] Ref<Object> to_heap(ThreadState& thread) {
    const StackRef previous = std::exchange(*this, StackRef());
    if (previous.is_empty()) return nullptr;
    if (!previous.is_counted()) increment(thread, previous.object());
    return Ref<Object>::adopt(previous.object());
  }

 private:
  static constexpr std::uintptr_t kUncounted = 1;
  explicit StackRef(std::uintptr_t word) : word_(word) {}
  std::uintptr_t word_ = 0;
};

static_assert(sizeof(StackRef) == sizeof(void*));

}  // namespace runtime
