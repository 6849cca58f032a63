#include "runtime/interpreter/frame.h"

#include <algorithm>

#include "runtime/base/check.h"
#include "runtime/memory/raw_heap.h"

namespace runtime {

FrameStack::~FrameStack() {
  RT_INVARIANT(chunk_ == nullptr || top_ == begin_, "a thread ends outside of any frame");
  while (chunk_ != nullptr) {
    Chunk* before = chunk_->before;
    free_chunk(chunk_);
    chunk_ = before;
  }
  if (spare_ != nullptr) free_chunk(spare_);
}

Frame* FrameStack::push_slow(std::size_t registers) {
  const std::size_t bytes = Frame::bytes_for(registers);
  const std::size_t wanted = std::max(kChunkBytes, bytes + sizeof(Chunk));
  Chunk* chunk = nullptr;
  if (spare_ != nullptr && spare_->bytes >= wanted) {
    chunk = spare_;
    spare_ = nullptr;
  } else {
    chunk = static_cast<Chunk*>(raw_allocate_uncounted(wanted));
    if (chunk == nullptr) return nullptr;
    chunk->bytes = wanted;
  }
  chunk->before = chunk_;
  chunk->top = top_;
  chunk_ = chunk;
  begin_ = top_ = reinterpret_cast<char*>(chunk + 1);
  end_ = reinterpret_cast<char*>(chunk) + chunk->bytes;
  return take(bytes, registers);
}

void FrameStack::leave_chunk() {
  Chunk* const left = chunk_;
  if (left->before == nullptr) return;  // the first one stays
  top_ = left->top;
  chunk_ = left->before;
  begin_ = reinterpret_cast<char*>(chunk_ + 1);
  end_ = reinterpret_cast<char*>(chunk_) + chunk_->bytes;
  if (spare_ != nullptr) free_chunk(spare_);
  spare_ = left;
}

void FrameStack::free_chunk(Chunk* chunk) { raw_free_uncounted(chunk); }

}  // namespace runtime
