// What a dict has at one moment, as counted references: for operations that call foreign code for
// each item (comparing, printing, updating another dict).
//
// Taken in a section of the dict, which it does not suspend, and dropped at the end of its life: so
// it is declared before the section.
//
// Ancestry: none; CPython holds the dict's lock and looks after each call whether it has changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "runtime/containers/dict_object.h"

namespace runtime {

struct DictItem {
  std::int64_t hash;
  Ref<Object> key;
  Ref<Object> value;
  Ref<Object> other;  // for who needs to keep one more object per item
};

class DictSnapshot {
 public:
  explicit DictSnapshot(ThreadState& thread) : thread_(thread) {}
  ~DictSnapshot();
  DictSnapshot(const DictSnapshot&) = delete;
  DictSnapshot& operator=(const DictSnapshot&) = delete;

  // Once. False: no memory.
  [[nodiscard]] bool take_locked(Dict& dict);
  [[nodiscard]] std::span<DictItem> items() { return {items_, count_}; }

 private:
  ThreadState& thread_;
  DictItem* items_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t count_ = 0;
};

}  // namespace runtime
