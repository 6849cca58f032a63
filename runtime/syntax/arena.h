// A tree has many small nodes that are born one by one and die together.
//
// An arena hands out memory from growing blocks and gives everything back when it is destroyed. No
// destructor of what lies inside runs, so only trivially destructible things may be made here; text
// is copied in or points into another text that lives as long.
//
// Not for memory shared by threads: one arena belongs to one tree, which nobody changes once it is
// parsed.
//
// Ancestry: Hanson, "Fast allocation and deallocation of memory based on object lifetimes" (1990);
// CPython's pyarena.c.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace syntax {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  template <class T, class... Arguments>
  T* make(Arguments&&... arguments) {
    static_assert(std::is_trivially_destructible_v<T>, "an arena runs no destructors");
    return new (allocate(sizeof(T), alignof(T))) T{std::forward<Arguments>(arguments)...};
  }

  // A copy that lives as long as the arena.
  std::string_view text(std::string_view source) {
    if (source.empty()) return {};
    char* copy = static_cast<char*>(allocate(source.size(), 1));
    std::memcpy(copy, source.data(), source.size());
    return {copy, source.size()};
  }

  template <class T>
  std::span<T const> list(const std::vector<T>& source) {
    static_assert(std::is_trivially_copyable_v<T>, "an arena runs no destructors");
    if (source.empty()) return {};
    T* copy = static_cast<T*>(allocate(source.size() * sizeof(T), alignof(T)));
    std::memcpy(static_cast<void*>(copy), source.data(), source.size() * sizeof(T));
    return {copy, source.size()};
  }

  std::size_t bytes_in_use() const { return bytes_in_use_; }

 private:
  static constexpr std::size_t kFirstBlock = 4096;
  static constexpr std::size_t kLargestBlock = std::size_t{1} << 20;

  void* allocate(std::size_t size, std::size_t alignment) {
    std::size_t padding =
        (alignment - reinterpret_cast<std::uintptr_t>(next_) % alignment) % alignment;
    if (next_ == nullptr || size + padding > static_cast<std::size_t>(end_ - next_)) {
      add_block(size + alignment);
      padding = (alignment - reinterpret_cast<std::uintptr_t>(next_) % alignment) % alignment;
    }
    char* result = next_ + padding;
    next_ = result + size;
    bytes_in_use_ += size + padding;
    return result;
  }

  void add_block(std::size_t at_least) {
    const std::size_t size = at_least > next_block_ ? at_least : next_block_;
    if (next_block_ < kLargestBlock) next_block_ *= 2;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    next_ = blocks_.back().get();
    end_ = next_ + size;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  char* end_ = nullptr;
  std::size_t next_block_ = kFirstBlock;
  std::size_t bytes_in_use_ = 0;
};

}  // namespace syntax
