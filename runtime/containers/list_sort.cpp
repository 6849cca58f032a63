// list.sort(): stable, n log n comparisons at most, fewer for what is partly sorted; with foreign
// code in the comparisons.
//
// While its items are sorted the list looks empty: they lie in a buffer of the sort, and the array
// in which they stood is left as it was, until each slot gets its new item at the end. So nobody sees
// a half-sorted list. A reader without a lock who is still in that array finds in step 7
// (list_object.h) that it is not the list's any more; or that it is again, and then step 6 has seen
// the item that stands there now.
//
// The section is held all the time, so that other threads wait; but comparisons may run foreign
// code, and when that blocks the section is suspended, and others find the list empty and may
// change it. The array that stands in the list meanwhile has no room (sorting_items): if it is still
// there afterwards, nobody has put anything in. Else what was put in is dropped, the sorted items
// stand in the list, and the sort raises ValueError.
//
// When a comparison raises, the list has all its items in some order.
//
// Ancestry: CPython's list_sort_impl (Objects/listobject.c) for what programs see; J. Ian Munro and
// Sebastian Wild, "Nearly-Optimal Mergesorts", ESA 2018, for the order of the merges (powersort);
// runs that are there are taken, short ones lengthened by binary insertion. No galloping.
#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/list_storage.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"

namespace runtime {

namespace {

// What is moved about: owned by the list's new array in the end. Without a key function the key is
// the item itself.
struct Entry {
  Object* key;
  Object* item;
};

// Room for entries, counted as raw buffers are.
class Entries {
 public:
  explicit Entries(ThreadState& thread) : thread_(thread) {}
  ~Entries() { raw_free(thread_, entries_, bytes()); }
  Entries(const Entries&) = delete;
  Entries& operator=(const Entries&) = delete;

  [[nodiscard]] bool allocate(std::int64_t count) {
    if (count == 0) return true;
    if (count > (INT64_MAX >> 5)) return false;
    count_ = count;
    entries_ = static_cast<Entry*>(raw_allocate(thread_, bytes()));
    return entries_ != nullptr;
  }
  [[nodiscard]] Entry* begin() const { return entries_; }

 private:
  [[nodiscard]] std::size_t bytes() const {
    return static_cast<std::size_t>(count_) * sizeof(Entry);
  }

  ThreadState& thread_;
  std::int64_t count_ = 0;
  Entry* entries_ = nullptr;
};

enum class Less : std::uint8_t { kNo, kYes, kRaised };

Less answer(bool less) { return less ? Less::kYes : Less::kNo; }

// How two keys are compared: as they are, if all are of one type that runs nothing foreign.
struct SmallIntsLess {
  Less operator()(const Object* left, const Object* right) {
    return answer(static_cast<const Int*>(left)->small < static_cast<const Int*>(right)->small);
  }
};
struct FloatsLess {
  Less operator()(const Object* left, const Object* right) {
    return answer(static_cast<const Float*>(left)->value < static_cast<const Float*>(right)->value);
  }
};
struct StrsLess {
  Less operator()(const Object* left, const Object* right) {
    return answer(compare_strs(*static_cast<const Str*>(left), *static_cast<const Str*>(right)) <
                  0);
  }
};
// Any: `<`, which may run foreign code. Keeps what was raised.
struct AnyLess {
  ThreadState& thread;
  std::optional<Raised>& raised;

  Less operator()(Object* left, Object* right) {
    Result<bool> less =
        compare_is_true(thread, Borrowed<Object>(left), Borrowed<Object>(right), CompareOp::kLess);
    if (!less.is_raised()) return answer(less.value());
    raised.emplace(std::move(less).raised());
    return Less::kRaised;
  }
};

// Sorts entries[0 .. count). At any moment, and after an exception, each entry is there once.
template <class Compare>
class MergeSort {
 public:
  // `spare` has room for half of them.
  MergeSort(Entry* entries, std::int64_t count, Entry* spare, Compare compare)
      : entries_(entries), count_(count), spare_(spare), compare_(compare) {}

  // False: a comparison has raised.
  [[nodiscard]] bool sort() {
    const std::int64_t least = least_run();
    for (std::int64_t at = 0; at < count_;) {
      const std::int64_t end = next_run(at, least);
      if (end == kRaised || !push({at, end - at})) return false;
      at = end;
    }
    while (runs_count_ > 1) {
      if (!merge_last_two()) return false;
    }
    return true;
  }

 private:
  struct Run {
    std::int64_t begin;
    std::int64_t length;
    int power = 0;  // of the boundary to the next one
  };
  static constexpr std::int64_t kRaised = -1;
  static constexpr std::int64_t kLongestInsertion = 64;
  static constexpr int kMostRuns = 85;  // as many as there can be powers, and more

  // Between 32 and 64, so that there are about a power of two of them.
  [[nodiscard]] std::int64_t least_run() const {
    std::int64_t length = count_;
    std::int64_t remainder = 0;
    while (length >= kLongestInsertion) {
      remainder |= length & 1;
      length >>= 1;
    }
    return length + remainder;
  }

  // The run that begins there, at least `least` long: returns its end.
  std::int64_t next_run(std::int64_t begin, std::int64_t least) {
    std::int64_t end = begin + 1;
    if (end == count_) return end;
    const Less descends = compare_(entries_[end].key, entries_[begin].key);
    if (descends == Less::kRaised) return kRaised;
    for (++end; end < count_; ++end) {
      const Less less = compare_(entries_[end].key, entries_[end - 1].key);
      if (less == Less::kRaised) return kRaised;
      if (less != descends) break;
    }
    // Each less than the one before: equal ones are not in it, so turning it round is stable.
    if (descends == Less::kYes) std::reverse(entries_ + begin, entries_ + end);
    const std::int64_t wanted = std::min(begin + least, count_);
    for (; end < wanted; ++end) {
      if (!insert(begin, end)) return kRaised;
    }
    return end;
  }

  // Puts entry `at` where it belongs in the sorted ones from `begin` on, behind its equals.
  [[nodiscard]] bool insert(std::int64_t begin, std::int64_t at) {
    const Entry entry = entries_[at];
    std::int64_t low = begin;
    std::int64_t high = at;
    while (low < high) {
      const std::int64_t middle = low + (high - low) / 2;
      const Less less = compare_(entry.key, entries_[middle].key);
      if (less == Less::kRaised) return false;
      if (less == Less::kYes) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    std::move_backward(entries_ + low, entries_ + at, entries_ + at + 1);
    entries_[low] = entry;
    return true;
  }

  // How deep in a perfectly balanced tree of merges over [0, 2 * count) the boundary between two
  // runs lies, given twice their middles.
  [[nodiscard]] int power_between(const Run& left, const Run& right) const {
    std::int64_t a = 2 * left.begin + left.length;
    std::int64_t b = a + left.length + right.length;
    int power = 0;
    for (;;) {
      ++power;
      if (a >= count_) {
        a -= count_;
        b -= count_;
      } else if (b >= count_) {
        return power;
      }
      a <<= 1;
      b <<= 1;
    }
  }

  // Merges those before it that lie deeper than the boundary to it.
  [[nodiscard]] bool push(Run run) {
    if (runs_count_ > 0) {
      const int power = power_between(runs_[runs_count_ - 1], run);
      while (runs_count_ > 1 && runs_[runs_count_ - 2].power > power) {
        if (!merge_last_two()) return false;
      }
      runs_[runs_count_ - 1].power = power;
    }
    RT_CHECK(runs_count_ < kMostRuns, "there are no more runs than powers");
    runs_[runs_count_++] = run;
    return true;
  }

  [[nodiscard]] bool merge_last_two() {
    Run& left = runs_[runs_count_ - 2];
    const Run right = runs_[runs_count_ - 1];
    if (!merge(left.begin, right.begin, right.begin + right.length)) return false;
    left.length += right.length;
    left.power = right.power;
    --runs_count_;
    return true;
  }

  // The shorter half waits in `spare_`, so that the gap in entries_ is always as long as what is
  // still there. An exception leaves the loop; then what is left fills the gap.
  [[nodiscard]] bool merge(std::int64_t begin, std::int64_t middle, std::int64_t end) {
    return middle - begin <= end - middle ? merge_upwards(begin, middle, end)
                                          : merge_downwards(begin, middle, end);
  }

  [[nodiscard]] bool merge_upwards(std::int64_t begin, std::int64_t middle, std::int64_t end) {
    Entry* to = entries_ + begin;
    Entry* left = spare_;
    Entry* const left_end = std::copy(to, entries_ + middle, spare_);
    Entry* right = entries_ + middle;
    Entry* const right_end = entries_ + end;
    Less less = Less::kNo;
    while (left != left_end && right != right_end) {
      less = compare_(right->key, left->key);
      if (less == Less::kRaised) break;
      if (less == Less::kYes) {
        *to++ = *right++;
      } else {
        *to++ = *left++;
      }
    }
    std::copy(left, left_end, to);
    return less != Less::kRaised;
  }

  [[nodiscard]] bool merge_downwards(std::int64_t begin, std::int64_t middle, std::int64_t end) {
    Entry* to = entries_ + end;
    Entry* right = std::copy(entries_ + middle, to, spare_);
    Entry* left = entries_ + middle;
    Entry* const left_begin = entries_ + begin;
    Less less = Less::kNo;
    while (right != spare_ && left != left_begin) {
      less = RT_MUTANT(list_sort_is_unstable) ? negated(compare_(left[-1].key, right[-1].key))
                                              : compare_(right[-1].key, left[-1].key);
      if (less == Less::kRaised) break;
      if (less == Less::kYes) {
        *--to = *--left;
      } else {
        *--to = *--right;
      }
    }
    std::copy_backward(spare_, right, to);
    return less != Less::kRaised;
  }

  static Less negated(Less less) {
    return less == Less::kRaised ? less : answer(less == Less::kNo);
  }

  Entry* const entries_;
  const std::int64_t count_;
  Entry* const spare_;
  Compare compare_;
  Run runs_[kMostRuns];
  int runs_count_ = 0;
};

template <class Compare>
bool sort_entries(Entry* entries, std::int64_t count, Entry* spare, Compare compare) {
  return MergeSort<Compare>(entries, count, spare, compare).sort();
}

bool all_are(const Entry* entries, std::int64_t count, const Type& type) {
  return std::all_of(entries, entries + count,
                     [&](const Entry& entry) { return entry.key->type == &type; });
}

// `entries` are sorted by their keys. Nothing when all went well.
std::optional<Raised> sort_by_keys(ThreadState& thread, Entry* entries, std::int64_t count,
                                   Entry* spare) {
  std::optional<Raised> raised;
  if (all_are(entries, count, int_type) &&
      std::all_of(entries, entries + count, [](const Entry& entry) {
        return static_cast<const Int*>(entry.key)->is_small();
      })) {
    (void)sort_entries(entries, count, spare, SmallIntsLess());
  } else if (all_are(entries, count, str_type)) {
    (void)sort_entries(entries, count, spare, StrsLess());
  } else if (all_are(entries, count, float_type)) {
    (void)sort_entries(entries, count, spare, FloatsLess());
  } else {
    (void)sort_entries(entries, count, spare, AnyLess{thread, raised});
  }
  return raised;
}

// The keys of items 0 .. count - 1; those that were made are dropped at the end.
class Keys {
 public:
  explicit Keys(ThreadState& thread) : made_(thread) {}

  std::optional<Raised> make(ThreadState& thread, Entry* entries, std::int64_t count, Object* key) {
    if (key == nullptr) return std::nullopt;
    if (!made_.reserve(count)) return raise_out_of_memory(thread);
    for (std::int64_t i = 0; i < count; ++i) {
      const Borrowed<Object> item(entries[i].item);
      Result<Ref<Object>> made = call(thread, Borrowed<Object>(key), Arguments(&item, 1));
      if (made.is_raised()) return std::move(made).raised();
      entries[i].key = made.value().get();
      made_.add(std::move(made).value().release());
    }
    return std::nullopt;
  }

 private:
  RemovedItems made_;
};

// The items are back in the list, in the order of `entries`, in the array where they were.
void give_back_locked(List& list, ListItems* items, const Entry* entries, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    items->slots()[i].store_release(entries[i].item);  // [element-before-found]
  }
  point("list.sort.sorted");
  list.items.store_release(items);  // [items-before-found]
  list.size.store_relaxed(count);
}

}  // namespace

Result<Done> list_sort(ThreadState& thread, Borrowed<List> list, Object* key, bool reverse) {
  if (key == &none_object) key = nullptr;
  std::optional<Raised> raised;
  bool was_modified = false;
  RemovedItems foreign(thread);  // what others put in meanwhile
  Keys keys(thread);
  Entries entries(thread);
  Entries spare(thread);
  {
    ObjectSection section(thread, list);
    note_access_locked(thread, list.get());
    const std::int64_t count = list_size(*list);
    if (count == 0) return Done();
    ListItems* const old = items_locked(*list);
    if (!entries.allocate(count) || !spare.allocate(count / 2)) {
      raised.emplace(raise_out_of_memory(thread));
    } else {
      Entry* const first = entries.begin();
      for (std::int64_t i = 0; i < count; ++i) {
        Object* item = old->slots()[i].load_relaxed();  // guarded by the section
        first[i] = {item, item};
      }
      if (!RT_MUTANT(list_visible_while_sorted)) {
        list->size.store_relaxed(0);
        list->items.store_release(&sorting_items);  // [increment-before-recheck]
      }
      point("list.sort.stolen");

      raised = keys.make(thread, first, count, key);
      if (!raised.has_value()) {
        // Backwards twice: equal items stay in their order.
        if (reverse) std::reverse(first, first + count);
        raised = sort_by_keys(thread, first, count, spare.begin());
        if (reverse) std::reverse(first, first + count);
      }

      ListItems* const now = items_locked(*list);
      was_modified = now != &sorting_items;
      if (!RT_MUTANT(list_visible_while_sorted)) take_all_locked(*list, foreign);
      give_back_locked(*list, old, first, count);
    }
  }
  if (raised.has_value()) return std::move(*raised);
  if (was_modified && !RT_MUTANT(list_sort_overlooks_changes)) {
    return raise_text(thread, value_error_type, "list modified during sort");
  }
  return Done();
}

}  // namespace runtime
