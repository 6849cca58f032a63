// The map behind contexts: each change gives a new map, and the old one stays as it was.
//
// A context is copied whenever a thread starts or a task is made, and hardly ever changed; so the copy
// must cost nothing. The map is a trie over the bits of the hash, five at a time, 32 ways per node
// (only those that are used take room). To change it is to copy the nodes on the way from the root and
// to share all others. Nodes never change, so any thread that owns a reference to one may read it and
// everything below without a lock. Keys whose hashes are equal in all 32 bits stand side by side in a
// node of their own.
//
// Keys are compared by identity and carry their hash, so no operation runs foreign code.
//
// Ancestry: Phil Bagwell, "Ideal Hash Trees" (2001); Clojure's PersistentHashMap; CPython's
// Python/hamt.c. Unlike there, one kind of node serves from one to 32 branches.
#pragma once

#include <cstdint>
#include <utility>

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

// What a key begins with.
struct HamtKey : Object {
  std::uint32_t hash;
};

struct HamtEntry {
  Object* key;  // a HamtKey; null: `value` is the node below
  Object* value;
};

struct HamtNode : Object {
  std::uint32_t bitmap;  // which of the 32 branches there are; 0: all keys have one hash
  std::uint32_t count;   // of entries

  [[nodiscard]] HamtEntry* entries() { return reinterpret_cast<HamtEntry*>(this + 1); }
  [[nodiscard]] const HamtEntry* entries() const {
    return reinterpret_cast<const HamtEntry*>(this + 1);
  }
};

extern Type hamt_node_type;

// A null node is the empty map.
//
// The value of the key, borrowed from the map; null: there is none.
[[nodiscard]] Object* hamt_find(const HamtNode* root, const HamtKey& key);
// The map with this value for the key. MemoryError.
Result<Ref<HamtNode>> hamt_with(ThreadState& thread, const HamtNode* root, Borrowed<HamtKey> key,
                                Borrowed<Object> value);
// The map without the key, which is there. Null when nothing is left.
Result<Ref<HamtNode>> hamt_without(ThreadState& thread, const HamtNode* root, const HamtKey& key);

// fn(key, value) for each, in the order of the hashes.
template <class Function>
void hamt_for_each(const HamtNode* root, Function&& fn) {
  if (root == nullptr) return;
  for (std::uint32_t i = 0; i < root->count; ++i) {
    const HamtEntry& entry = root->entries()[i];
    if (entry.key != nullptr) {
      fn(*static_cast<HamtKey*>(entry.key), entry.value);
    } else {
      hamt_for_each(static_cast<const HamtNode*>(entry.value), fn);  // seven levels at most
    }
  }
}
[[nodiscard]] std::int64_t hamt_size(const HamtNode* root);

}  // namespace runtime
