// For tests, scenarios and stress: objects with several fields that can be emptied, finalized and
// weakly referenced, and a kernel with a collector.
#pragma once

#include <utility>
#include <vector>

#include "runtime/collector/collector.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {

inline constexpr unsigned kNodeFields = 4;

// Counts its end; its fields are guarded by whoever uses it.
struct Node : WeaklyReferable {
  Object* fields[kNodeFields];  // owned, may be null
  unsigned* ends;               // may be null
  void (*finalizer)(ThreadState& thread, Node& node);
  void* context;
  std::uint64_t number;
  bool is_emptied;
};

inline void clear_node(Object* object, DroppedFields& dropped) {
  auto* node = static_cast<Node*>(object);
  node->is_emptied = true;
  for (Object*& field : node->fields) dropped.take(field);
}
inline void release_node(Object* object, DroppedFields& dropped) {
  auto* node = static_cast<Node*>(object);
  if (node->ends != nullptr) ++*node->ends;
  for (Object*& field : node->fields) dropped.take(field);
}
inline void traverse_node(Object* object, Visit visit, void* context) {
  for (Object* field : static_cast<Node*>(object)->fields) {
    if (field != nullptr) visit(context, field);
  }
}
inline void finalize_node(ThreadState& thread, Borrowed<Object> object) {
  auto* node = static_cast<Node*>(object.get());
  if (node->finalizer != nullptr) node->finalizer(thread, *node);
}

inline constexpr TypeSlots kNodeSlots{
    .name = "Node",
    .size = sizeof(Node),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_node,
    .finalize = nullptr,
    .traverse = &traverse_node,
    .clear = &clear_node,
};
inline constexpr TypeSlots kFinalizedNodeSlots = [] {
  TypeSlots slots = kNodeSlots;
  slots.name = "FinalizedNode";
  slots.finalize = &finalize_node;
  return slots;
}();
inline constinit Type node_type(kNodeSlots);
inline constinit Type finalized_node_type(kFinalizedNodeSlots);

// Tracked.
inline Ref<Node> new_node(ThreadState& thread, unsigned* ends = nullptr, Type& type = node_type) {
  Ref<Node> node = new_object<Node>(thread, type);
  RT_CHECK(static_cast<bool>(node), "there is memory for a node");
  node->ends = ends;
  track(node.get());
  return node;
}
inline Ref<Node> new_finalized_node(ThreadState& thread, unsigned* ends,
                                    void (*finalizer)(ThreadState&, Node&), void* context) {
  Ref<Node> node = new_node(thread, ends, finalized_node_type);
  node->finalizer = finalizer;
  node->context = context;
  return node;
}
// Replaces one field.
inline void refer(ThreadState& thread, Node& from, unsigned field, Borrowed<Object> to) {
  Ref<Object> previous = Ref<Object>::adopt(
      std::exchange(from.fields[field], Ref<Object>::share(thread, to).release()));
}
// Two that refer to each other in field 0.
inline void tie(ThreadState& thread, Node& one, Node& another) {
  refer(thread, one, 0, Borrowed<Object>(&another));
  refer(thread, another, 0, Borrowed<Object>(&one));
}

// The calling thread is attached. By itself it never collects, unless the options say so.
struct CollectedKernel {
  explicit CollectedKernel(const CollectorOptions& options = quiet())
      : collector(kernel, options) {}
  [[nodiscard]] ThreadState& here() { return kernel.first_thread(); }
  static CollectorOptions quiet() {
    CollectorOptions options;
    options.is_enabled = false;
    return options;
  }

  Kernel kernel;
  Collector collector;
};

}  // namespace runtime
