#include "runtime/modules/contexts_hamt.h"

#include <bit>

#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"

namespace runtime {

namespace {

constexpr unsigned kBitsPerLevel = 5;
constexpr unsigned kHashBits = 32;

std::uint32_t hash_of(const Object* key) { return static_cast<const HamtKey*>(key)->hash; }

// Which of 32 branches the hash takes at this depth, as one bit. `shift` is below kHashBits.
std::uint32_t branch_bit(std::uint32_t hash, unsigned shift) {
  return std::uint32_t{1} << ((hash >> shift) & 31);
}
// Where the entry of a branch stands, or would stand.
std::uint32_t place_of(std::uint32_t bitmap, std::uint32_t bit) {
  return static_cast<std::uint32_t>(std::popcount(bitmap & (bit - 1)));
}

// Below the last level all keys have the same hash.
bool is_collision(const HamtNode& node) { return node.bitmap == 0; }

const HamtNode& node_below(const HamtEntry& entry) {
  return *static_cast<const HamtNode*>(entry.value);
}

void release_node(Object* object, DroppedFields& dropped) {
  auto* node = static_cast<HamtNode*>(object);
  for (std::uint32_t i = 0; i < node->count; ++i) {
    dropped.take(node->entries()[i].key);
    dropped.take(node->entries()[i].value);
  }
}

void traverse_node(Object* object, Visit visit, void* context) {
  auto* node = static_cast<HamtNode*>(object);
  for (std::uint32_t i = 0; i < node->count; ++i) {
    const HamtEntry& entry = node->entries()[i];
    if (entry.key != nullptr) visit(context, entry.key);
    if (entry.value != nullptr) visit(context, entry.value);
  }
}

// Its entries are null.
Result<Ref<HamtNode>> allocate_node(ThreadState& thread, std::uint32_t bitmap,
                                    std::uint32_t count) {
  Object* block =
      allocate_instance(thread, hamt_node_type, sizeof(HamtNode) + count * sizeof(HamtEntry));
  if (block == nullptr) return raise_out_of_memory(thread);
  auto* node = static_cast<HamtNode*>(block);
  node->bitmap = bitmap;
  node->count = count;
  return Ref<HamtNode>::adopt(node);
}

void share_entry(ThreadState& thread, HamtEntry& target, const HamtEntry& source) {
  if (source.key != nullptr) increment(thread, source.key);
  increment(thread, source.value);
  target = source;
}

void set_pair(ThreadState& thread, HamtEntry& target, Object* key, Object* value) {
  share_entry(thread, target, HamtEntry{key, value});
}

void set_below(HamtEntry& target, Ref<HamtNode> below) {
  target = HamtEntry{nullptr, below.release()};
}

// A copy with the entry at `place` left empty, to be filled.
Result<Ref<HamtNode>> copy_with_gap(ThreadState& thread, const HamtNode& node,
                                    std::uint32_t place) {
  TRY_ASSIGN(Ref<HamtNode> copy, allocate_node(thread, node.bitmap, node.count));
  for (std::uint32_t i = 0; i < node.count; ++i) {
    if (i != place) share_entry(thread, copy->entries()[i], node.entries()[i]);
  }
  return copy;
}

// A copy with one entry more, empty, at `place`.
Result<Ref<HamtNode>> copy_with_room(ThreadState& thread, const HamtNode& node,
                                     std::uint32_t bitmap, std::uint32_t place) {
  TRY_ASSIGN(Ref<HamtNode> copy, allocate_node(thread, bitmap, node.count + 1));
  for (std::uint32_t i = 0; i < node.count; ++i) {
    share_entry(thread, copy->entries()[i < place ? i : i + 1], node.entries()[i]);
  }
  return copy;
}

// A copy without the entry at `place`. It has another one.
Result<Ref<HamtNode>> copy_without(ThreadState& thread, const HamtNode& node, std::uint32_t bitmap,
                                   std::uint32_t place) {
  TRY_ASSIGN(Ref<HamtNode> copy, allocate_node(thread, bitmap, node.count - 1));
  for (std::uint32_t i = 0; i < node.count; ++i) {
    if (i != place) share_entry(thread, copy->entries()[i < place ? i : i - 1], node.entries()[i]);
  }
  return copy;
}

// A node for two pairs of different keys, from `shift` on.
Result<Ref<HamtNode>> node_of_two(ThreadState& thread, unsigned shift, const HamtEntry& one,
                                  const HamtEntry& other) {
  const std::uint32_t hash = hash_of(one.key);
  const std::uint32_t other_hash = hash_of(other.key);
  if (shift >= kHashBits) {
    TRY_ASSIGN(Ref<HamtNode> node, allocate_node(thread, 0, 2));
    share_entry(thread, node->entries()[0], one);
    share_entry(thread, node->entries()[1], other);
    track(node.get());
    return node;
  }
  const std::uint32_t bit = branch_bit(hash, shift);
  const std::uint32_t other_bit = branch_bit(other_hash, shift);
  if (bit == other_bit) {
    TRY_ASSIGN(Ref<HamtNode> below, node_of_two(thread, shift + kBitsPerLevel, one, other));
    TRY_ASSIGN(Ref<HamtNode> node, allocate_node(thread, bit, 1));
    set_below(node->entries()[0], std::move(below));
    track(node.get());
    return node;
  }
  TRY_ASSIGN(Ref<HamtNode> node, allocate_node(thread, bit | other_bit, 2));
  share_entry(thread, node->entries()[bit < other_bit ? 0 : 1], one);
  share_entry(thread, node->entries()[bit < other_bit ? 1 : 0], other);
  track(node.get());
  return node;
}

// Among keys of one hash: where this one stands, or their number.
std::uint32_t place_among_equals(const HamtNode& node, const Object* key) {
  std::uint32_t place = 0;
  while (place < node.count && node.entries()[place].key != key) ++place;
  return place;
}

Result<Ref<HamtNode>> node_with(ThreadState& thread, const HamtNode& node, unsigned shift,
                                HamtKey* key, Object* value) {
  const HamtEntry pair{key, value};
  Ref<HamtNode> copy;
  if (is_collision(node)) {
    const std::uint32_t place = place_among_equals(node, key);
    if (place < node.count) {
      TRY_ASSIGN(copy, copy_with_gap(thread, node, place));
    } else {
      TRY_ASSIGN(copy, copy_with_room(thread, node, 0, place));
    }
    share_entry(thread, copy->entries()[place], pair);
    track(copy.get());
    return copy;
  }
  const std::uint32_t bit = branch_bit(key->hash, shift);
  const std::uint32_t place = place_of(node.bitmap, bit);
  if ((node.bitmap & bit) == 0) {
    TRY_ASSIGN(copy, copy_with_room(thread, node, node.bitmap | bit, place));
    share_entry(thread, copy->entries()[place], pair);
    track(copy.get());
    return copy;
  }
  const HamtEntry& there = node.entries()[place];
  Ref<HamtNode> below;
  if (there.key == nullptr) {
    TRY_ASSIGN(below, node_with(thread, node_below(there), shift + kBitsPerLevel, key, value));
  } else if (there.key != key) {
    TRY_ASSIGN(below, node_of_two(thread, shift + kBitsPerLevel, there, pair));
  }
  TRY_ASSIGN(copy, copy_with_gap(thread, node, place));
  if (below) {
    set_below(copy->entries()[place], std::move(below));
  } else {
    share_entry(thread, copy->entries()[place], pair);
  }
  track(copy.get());
  return copy;
}

// One pair alone needs no node below its parent's entry.
bool is_single_pair(const HamtNode& node) {
  return node.count == 1 && node.entries()[0].key != nullptr;
}

// Null when nothing is left.
Result<Ref<HamtNode>> node_without(ThreadState& thread, const HamtNode& node, unsigned shift,
                                   const HamtKey& key) {
  const std::uint32_t bit = is_collision(node) ? 0 : branch_bit(key.hash, shift);
  const std::uint32_t place =
      is_collision(node) ? place_among_equals(node, &key) : place_of(node.bitmap, bit);
  RT_INVARIANT(place < node.count, "who takes a key out has found it");
  const HamtEntry& there = node.entries()[place];
  Ref<HamtNode> below;
  if (there.key == nullptr) {
    TRY_ASSIGN(below, node_without(thread, node_below(there), shift + kBitsPerLevel, key));
  }
  Ref<HamtNode> copy;
  if (!below) {
    if (node.count == 1) return Ref<HamtNode>();
    TRY_ASSIGN(copy, copy_without(thread, node, node.bitmap & ~bit, place));
  } else {
    TRY_ASSIGN(copy, copy_with_gap(thread, node, place));
    if (is_single_pair(*below)) {
      share_entry(thread, copy->entries()[place], below->entries()[0]);
    } else {
      set_below(copy->entries()[place], std::move(below));
    }
  }
  track(copy.get());
  return copy;
}

}  // namespace

constinit Type hamt_node_type(TypeSlots{
    .name = "hamt_node",
    .size = sizeof(HamtNode),
    .heap = HeapKind::kCollected,
    .release_fields = &release_node,
    .traverse = &traverse_node,
});

Object* hamt_find(const HamtNode* root, const HamtKey& key) {
  unsigned shift = 0;
  for (const HamtNode* node = root; node != nullptr; shift += kBitsPerLevel) {
    if (is_collision(*node)) {
      const std::uint32_t place = place_among_equals(*node, &key);
      return place < node->count ? node->entries()[place].value : nullptr;
    }
    const std::uint32_t bit = branch_bit(key.hash, shift);
    if ((node->bitmap & bit) == 0) return nullptr;
    const HamtEntry& entry = node->entries()[place_of(node->bitmap, bit)];
    if (entry.key != nullptr) return entry.key == &key ? entry.value : nullptr;
    node = &node_below(entry);
  }
  return nullptr;
}

Result<Ref<HamtNode>> hamt_with(ThreadState& thread, const HamtNode* root, Borrowed<HamtKey> key,
                                Borrowed<Object> value) {
  if (root != nullptr) return node_with(thread, *root, 0, key.get(), value.get());
  TRY_ASSIGN(Ref<HamtNode> node, allocate_node(thread, branch_bit(key->hash, 0), 1));
  set_pair(thread, node->entries()[0], key.get(), value.get());
  track(node.get());
  return node;
}

Result<Ref<HamtNode>> hamt_without(ThreadState& thread, const HamtNode* root, const HamtKey& key) {
  return node_without(thread, *root, 0, key);
}

std::int64_t hamt_size(const HamtNode* root) {
  std::int64_t size = 0;
  hamt_for_each(root, [&size](const HamtKey&, const Object*) { ++size; });
  return size;
}

}  // namespace runtime
