#include "runtime/types/linearization.h"

#include <string>
#include <vector>

#include "runtime/object/exception_object.h"
#include "runtime/types/type_body.h"

namespace runtime {

namespace {

struct Sequence {
  std::vector<Type*> types;
  std::size_t next = 0;

  [[nodiscard]] bool is_done() const { return next == types.size(); }
  [[nodiscard]] Type* first() const { return types[next]; }
  // Behind the first.
  [[nodiscard]] bool has_later(const Type* type) const {
    for (std::size_t i = next + 1; i < types.size(); ++i) {
      if (types[i] == type) return true;
    }
    return false;
  }
};

// Null: each stands behind another somewhere.
Type* next_of(const std::vector<Sequence>& sequences) {
  for (const Sequence& candidate : sequences) {
    if (candidate.is_done()) continue;
    bool is_free = true;
    for (const Sequence& other : sequences)
      is_free = is_free && !other.has_later(candidate.first());
    if (is_free) return candidate.first();
  }
  return nullptr;
}

Raised contradiction(ThreadState& thread, const std::vector<Sequence>& sequences) {
  std::vector<const Type*> named;
  std::string names;
  for (const Sequence& sequence : sequences) {
    if (sequence.is_done()) continue;
    const Type* type = sequence.first();
    bool is_known = false;
    for (const Type* one : named) is_known = is_known || one == type;
    if (is_known) continue;
    names += (named.empty() ? "" : ", ") +
             utf8_of(*type_name_of(thread, Borrowed<Type>(const_cast<Type*>(type))));
    named.push_back(type);
  }
  return raise(thread, type_error_type,
               "Cannot create a consistent method resolution order (MRO) for bases {}", names);
}

}  // namespace

Result<Ref<Tuple>> linearize(ThreadState& thread, Borrowed<Type> type, Borrowed<Tuple> bases) {
  std::vector<Sequence> sequences;
  Sequence direct;
  for (std::int64_t i = 0; i < bases->size; ++i) {
    Type* base = as_type(bases->at(i)).get();
    for (Type* before : direct.types) {
      if (before == base) {
        return raise(thread, type_error_type, "duplicate base class {}", base->slots.name);
      }
    }
    direct.types.push_back(base);
    Sequence order;
    Borrowed<Tuple> of_base = resolution_order(*base);
    for (std::int64_t j = 0; j < of_base->size; ++j) {
      order.types.push_back(as_type(of_base->at(j)).get());
    }
    sequences.push_back(std::move(order));
  }
  sequences.push_back(std::move(direct));
  std::vector<Borrowed<Object>> merged = {type};
  for (;;) {
    bool is_done = true;
    for (const Sequence& sequence : sequences) is_done = is_done && sequence.is_done();
    if (is_done) break;
    Type* next = next_of(sequences);
    if (next == nullptr) return contradiction(thread, sequences);
    merged.emplace_back(next);
    for (Sequence& sequence : sequences) {
      if (!sequence.is_done() && sequence.first() == next) ++sequence.next;
    }
  }
  return new_tuple(thread, merged);
}

}  // namespace runtime
