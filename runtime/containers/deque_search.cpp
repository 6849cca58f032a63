// Searching a deque: in one section, which a program's == may suspend; so each look asks whether the deque was
// changed.
#include <optional>

#include "runtime/base/mutants.h"
#include "runtime/containers/deque_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/object_section.h"
#include "runtime/object/str_object.h"

namespace runtime {

namespace {

// One walk through a deque: notices when it is changed.
class Walk {
 public:
  Walk(ThreadState& thread, Borrowed<Deque> deque) : thread_(thread), deque_(deque) {
    ObjectSection section(thread_, deque_);
    changes_ = deque_->changes;
    size_ = deque_size(*deque_);
  }
  [[nodiscard]] std::int64_t size() const { return size_; }
  // Null: it was changed.
  [[nodiscard]] Ref<Object> at(std::int64_t index) {
    ObjectSection section(thread_, deque_);
    if (deque_->changes != changes_) return nullptr;
    Object* item = deque_->items[(deque_->first + index) & (deque_->capacity - 1)];
    return Ref<Object>::share(thread_, Borrowed(item));
  }
  [[nodiscard]] bool is_undisturbed() {
    ObjectSection section(thread_, deque_);
    return deque_->changes == changes_;
  }

 private:
  ThreadState& thread_;
  const Borrowed<Deque> deque_;
  std::uint64_t changes_ = 0;
  std::int64_t size_ = 0;
};

Raised disturbed(ThreadState& thread) {
  return raise(thread, runtime_error_type, "deque mutated during iteration");
}

std::int64_t clipped(std::int64_t index, std::int64_t size) {
  if (index < 0) index += size;
  return index < 0 ? 0 : std::min(index, size);
}

}  // namespace

Result<std::int64_t> deque_find(ThreadState& thread, Borrowed<Deque> deque, Borrowed<Object> item,
                                std::int64_t start, std::int64_t stop) {
  ObjectSection section(thread, deque);
  Walk walk(thread, deque);
  const std::int64_t end = clipped(stop, walk.size());
  for (std::int64_t i = clipped(start, walk.size()); i < end; ++i) {
    Ref<Object> found = walk.at(i);
    if (!found) return disturbed(thread);
    TRY_ASSIGN(bool is_equal, are_equal(thread, found, item));
    if (is_equal) return i;
    if (!walk.is_undisturbed()) return disturbed(thread);
  }
  return std::int64_t{-1};
}

Result<std::int64_t> deque_count(ThreadState& thread, Borrowed<Deque> deque,
                                 Borrowed<Object> item) {
  ObjectSection section(thread, deque);
  Walk walk(thread, deque);
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < walk.size(); ++i) {
    Ref<Object> found = walk.at(i);
    if (!found) return disturbed(thread);
    TRY_ASSIGN(bool is_equal, are_equal(thread, found, item));
    if (is_equal) ++count;
    if (!walk.is_undisturbed()) return disturbed(thread);
  }
  return count;
}

Result<Done> deque_remove(ThreadState& thread, Borrowed<Deque> deque, Borrowed<Object> item) {
  std::optional<ObjectSection> section;
  if (!RT_MUTANT(deque_remove_without_second_look)) section.emplace(thread, deque);
  Walk walk(thread, deque);
  for (std::int64_t i = 0; i < walk.size(); ++i) {
    Ref<Object> found = walk.at(i);
    bool is_equal = false;
    if (found) {
      TRY_ASSIGN(is_equal, are_equal(thread, item, found));
    }
    if (!found || !walk.is_undisturbed()) {
      return raise(thread, index_error_type, "deque mutated during remove().");
    }
    if (is_equal) return deque_set(thread, deque, i, nullptr);
  }
  return raise(thread, value_error_type, "deque.remove(x): x not in deque");
}

}  // namespace runtime
