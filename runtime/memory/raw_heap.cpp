#include "runtime/memory/raw_heap.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include "runtime/base/check.h"

#if HEDDLE_MIMALLOC
#include <mimalloc.h>
#endif

namespace runtime {

namespace {

#if HEDDLE_SCHEDULED
void* machine_allocate(std::size_t bytes) { return ::operator new(bytes, std::nothrow); }
void* machine_allocate_zeroed(std::size_t bytes) {
  void* buffer = machine_allocate(bytes);
  if (buffer != nullptr) std::memset(buffer, 0, bytes);
  return buffer;
}
void machine_free(void* buffer) { ::operator delete(buffer); }
void* machine_reallocate(void* buffer, std::size_t old_bytes, std::size_t new_bytes) {
  void* moved = machine_allocate(new_bytes);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, buffer, old_bytes < new_bytes ? old_bytes : new_bytes);
  machine_free(buffer);
  return moved;
}
#elif HEDDLE_MIMALLOC
void* machine_allocate(std::size_t bytes) { return mi_malloc(bytes); }
void* machine_allocate_zeroed(std::size_t bytes) { return mi_zalloc(bytes); }
void machine_free(void* buffer) { mi_free(buffer); }
void* machine_reallocate(void* buffer, std::size_t, std::size_t new_bytes) {
  return mi_realloc(buffer, new_bytes);
}
#else
void* machine_allocate(std::size_t bytes) { return std::malloc(bytes); }
void* machine_allocate_zeroed(std::size_t bytes) { return std::calloc(1, bytes); }
void machine_free(void* buffer) { std::free(buffer); }
void* machine_reallocate(void* buffer, std::size_t, std::size_t new_bytes) {
  return std::realloc(buffer, new_bytes);
}
#endif

template <class Allocate>
void* counted(ThreadState& thread, std::size_t bytes, Allocate allocate) {
  RawBuffers& buffers = *thread.slot(kRawBuffersSlot);
  if (!buffers.may_allocate()) return nullptr;
  void* buffer = allocate(bytes);
  if (buffer != nullptr) buffers.bytes.add(static_cast<std::int64_t>(bytes));
  return buffer;
}

}  // namespace

void* raw_allocate(ThreadState& thread, std::size_t bytes) {
  return counted(thread, bytes, machine_allocate);
}

void* raw_allocate_zeroed(ThreadState& thread, std::size_t bytes) {
  return counted(thread, bytes, machine_allocate_zeroed);
}

void* raw_reallocate(ThreadState& thread, void* buffer, std::size_t old_bytes,
                     std::size_t new_bytes) {
  RawBuffers& buffers = *thread.slot(kRawBuffersSlot);
  if (!buffers.may_allocate()) return nullptr;
  void* moved = machine_reallocate(buffer, old_bytes, new_bytes);
  if (moved != nullptr) {
    buffers.bytes.add(static_cast<std::int64_t>(new_bytes) - static_cast<std::int64_t>(old_bytes));
  }
  return moved;
}

void raw_free(ThreadState& thread, void* buffer, std::size_t bytes) {
  if (buffer == nullptr) return;
  thread.slot(kRawBuffersSlot)->bytes.subtract(static_cast<std::int64_t>(bytes));
  machine_free(buffer);
}

void* raw_allocate_uncounted(std::size_t bytes) { return machine_allocate(bytes); }
void raw_free_uncounted(void* buffer) { machine_free(buffer); }

}  // namespace runtime
