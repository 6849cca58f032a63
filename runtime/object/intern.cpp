#include "runtime/object/intern.h"

#include <utility>

#include "runtime/base/build.h"
#include "runtime/base/mutants.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/laws.h"
#include "runtime/object/values.h"

namespace runtime {

// An array with open addressing: a string stands at the first free place from that of its hash on.
struct InternTable::Slots {
  std::size_t mask;  // capacity - 1, a power of two less one
  Atomic<Str*> entries[1];

  static std::size_t bytes_for(std::size_t capacity) {
    return sizeof(Slots) + (capacity - 1) * sizeof(Atomic<Str*>);
  }
  [[nodiscard]] std::size_t bytes() const { return bytes_for(mask + 1); }
  // The shard is chosen by the low bits.
  [[nodiscard]] std::size_t place_of(std::int64_t hash) const {
    return (static_cast<std::size_t>(hash) / kShards) & mask;
  }
};

InternTable::~InternTable() {
  for (const Shard& shard : shards_) {
    RT_INVARIANT(shard.slots.peek() == nullptr, "the slots of the interned strings were freed");
  }
}

void InternTable::free_slots(ThreadState& thread) {
  for (Shard& shard : shards_) {
    Slots* slots = shard.slots.peek();
    if (slots != nullptr) raw_free(thread, slots, slots->bytes());
    shard.slots.initialize(nullptr);
    shard.count.initialize(0);
  }
}

// At least one place is empty, so it ends.
Str* InternTable::find(const Slots* slots, const Str& text, std::int64_t hash) {
  for (std::size_t place = slots->place_of(hash);; place = (place + 1) & slots->mask) {
    const Atomic<Str*>& entry = slots->entries[place];
    Str* candidate = RT_MUTANT(interned_found_relaxed)
                         ? entry.load_relaxed()
                         : entry.load_acquire();  // [interned-before-found]
    if (candidate == nullptr) return nullptr;
    // Written before the string was published, and never again.
    if (candidate->hash.load_relaxed() == hash && equal_strs(*candidate, text)) return candidate;
  }
}

Str* InternTable::try_find(ThreadState& thread, const Str& text) const {
  const std::int64_t hash = hash_of_str(thread, text);
  const Shard& shard = shards_[static_cast<std::size_t>(hash) % kShards];
  const Slots* slots = shard.slots.load_acquire();  // [interned-before-found]
  point("intern.have_slots");
  return slots == nullptr ? nullptr : find(slots, text, hash);
}

// Doubles the array when half of its places are taken.
bool InternTable::make_room_locked(ThreadState& thread, Shard& shard, Slots** replaced) {
  Slots* old = shard.slots.load_relaxed();               // guarded by the shard's mutex
  const std::size_t count = shard.count.load_relaxed();  // likewise
  const std::size_t capacity = old == nullptr ? 0 : old->mask + 1;
  if (count * 2 < capacity) return true;
  const std::size_t larger = capacity == 0 ? kFirstCapacity : capacity * 2;
  auto* made = static_cast<Slots*>(raw_allocate_zeroed(thread, Slots::bytes_for(larger)));
  if (made == nullptr) return false;
  made->mask = larger - 1;
  if (RT_MUTANT(interned_array_published_empty)) {
    shard.slots.store_release(made);
    point("intern.array_published");
  }
  for (std::size_t i = 0; i < capacity; ++i) {
    Str* text = old->entries[i].load_relaxed();  // likewise
    if (text == nullptr) continue;
    std::size_t place = made->place_of(text->hash.load_relaxed());  // constant
    while (made->entries[place].peek() != nullptr) place = (place + 1) & made->mask;
    made->entries[place].initialize(text);
  }
  shard.slots.store_release(made);  // [interned-before-found]
  *replaced = old;
  return true;
}

Result<Ref<Str>> InternTable::intern(ThreadState& thread, Ref<Str> text) {
  if (text->is_interned.load_acquire()) return text;  // [interned-before-found]
  if (Str* known = try_find(thread, *text)) return Ref<Str>::share(thread, Borrowed(known));
  const std::int64_t hash = text->hash.load_relaxed();  // this thread has just asked for it
  Shard& shard = shards_[static_cast<std::size_t>(hash) % kShards];
  for (;;) {
    Slots* replaced = nullptr;
    Inserted inserted;
    Str* known = nullptr;
    {
      LeafSection section(shard.mutex);
      inserted = insert_locked(thread, shard, *text, &replaced, &known);
    }
    if (replaced != nullptr) {
      if (RT_MUTANT(interned_array_freed_at_once)) {
        raw_free(thread, replaced, replaced->bytes());
      } else {
        free_deferred(thread, replaced, replaced->bytes());
      }
    }
    switch (inserted) {
      case Inserted::kYes:
        return text;
      case Inserted::kKnown:
        return Ref<Str>::share(thread, Borrowed(known));  // `text` is dropped, under no lock
      case Inserted::kNoMemory:
        return raise_out_of_memory(thread);
      case Inserted::kNotOurs:
        break;
    }
    // A string of another thread, or of a derived type: a copy takes its place.
    RT_TRY_ASSIGN(copied, text, copy_str(thread, text));
    text->hash.store_relaxed(hash);
  }
}

InternTable::Inserted InternTable::insert_locked(ThreadState& thread, Shard& shard, Str& text,
                                                 Slots** replaced, Str** known) {
  const std::int64_t hash = text.hash.load_relaxed();
  Slots* slots = shard.slots.load_relaxed();  // guarded by the shard's mutex
  // Somebody may have been faster.
  if (slots != nullptr && !RT_MUTANT(interned_without_second_look)) {
    *known = find(slots, text, hash);
    if (*known != nullptr) return Inserted::kKnown;
  }
  if (text.type != &str_type) return Inserted::kNotOurs;
  if (!make_room_locked(thread, shard, replaced)) return Inserted::kNoMemory;
  // Its owner alone can make an object immortal.
  if (kFreeThreaded && !RT_MUTANT(interned_stays_mortal) && !try_make_immortal(thread, &text)) {
    return Inserted::kNotOurs;
  }
  point("intern.immortal");
  text.is_interned.store_release(true);  // [interned-before-found]
  slots = shard.slots.load_relaxed();
  std::size_t place = slots->place_of(hash);
  while (slots->entries[place].peek() != nullptr) place = (place + 1) & slots->mask;
  if (RT_MUTANT(interned_published_relaxed)) {
    slots->entries[place].store_relaxed(&text);
  } else {
    slots->entries[place].store_release(&text);  // [interned-before-found]
  }
  shard.count.store_relaxed(shard.count.load_relaxed() + 1);  // a statistic for everybody else
  return Inserted::kYes;
}

std::size_t InternTable::size() const {
  std::size_t count = 0;
  for (const Shard& shard : shards_) count += shard.count.load_relaxed();  // a statistic
  return count;
}

Result<Ref<Str>> intern(ThreadState& thread, Ref<Str> text) {
  return Values::of(thread).interned().intern(thread, std::move(text));
}

Result<Ref<Str>> intern(ThreadState& thread, std::string_view utf8) {
  TRY_ASSIGN(Ref<Str> text, new_str(thread, utf8));
  TRY_ASSIGN(Ref<Str> interned, intern(thread, std::move(text)));
  const bool is_immortal_now = try_make_immortal(thread, interned.get());
  RT_CHECK(is_immortal_now, "an interned string can be made immortal, or is");
  return interned;
}

#if HEDDLE_GIL
// Closes the gap: what stands behind it and could stand in it moves there.
void InternTable::forget(const Str& text) {
  const std::int64_t hash = text.hash.load_relaxed();
  Shard& shard = shards_[static_cast<std::size_t>(hash) % kShards];
  Slots* slots = shard.slots.load_relaxed();
  if (slots == nullptr) return;
  std::size_t gap = slots->place_of(hash);
  while (slots->entries[gap].load_relaxed() != &text) gap = (gap + 1) & slots->mask;
  for (std::size_t place = (gap + 1) & slots->mask;; place = (place + 1) & slots->mask) {
    Str* candidate = slots->entries[place].load_relaxed();
    if (candidate == nullptr) break;
    const std::size_t wanted = slots->place_of(candidate->hash.load_relaxed());
    if (((place - wanted) & slots->mask) < ((place - gap) & slots->mask)) continue;
    slots->entries[gap].store_relaxed(candidate);
    gap = place;
  }
  slots->entries[gap].store_relaxed(nullptr);
  shard.count.store_relaxed(shard.count.load_relaxed() - 1);
}
#endif

}  // namespace runtime
