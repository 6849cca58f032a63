#include "runtime/types/class_layout.h"

#include <algorithm>
#include <utility>

#include "runtime/containers/instance_values.h"
#include "runtime/containers/list_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/intern.h"
#include "runtime/types/class_type.h"
#include "runtime/types/instance_layout.h"
#include "runtime/types/object_type.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

std::uint32_t rounded(std::size_t bytes) {
  return static_cast<std::uint32_t>((bytes + 7) & ~std::size_t{7});
}

bool can_have_dict(const Type& type) {
  return type.body != nullptr && type.body->place != AttributesPlace::kNone;
}

bool is_identifier(const std::string& text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  return std::all_of(text.begin(), text.end(), [](char one) {
    const auto octet = static_cast<unsigned char>(one);
    return octet >= 0x80 || octet == '_' || (octet >= '0' && octet <= '9') ||
           (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
  });
}

// What `__slots__` asks for.
struct Asked {
  std::vector<std::string> names;
  bool dict = false;
  bool weak_references = false;
};

Result<Done> read_slots(ThreadState& thread, Borrowed<Object> slots, Asked& asked) {
  Ref<List> items;
  if (is_str(*slots)) {
    RT_TRY_ASSIGN(one, items, new_list(thread, Arguments(&slots, 1)));
  } else {
    RT_TRY_ASSIGN(all, items, new_list_from(thread, slots));
  }
  for (std::int64_t i = 0; i < list_size(*items); ++i) {
    Ref<Object> item = list_get(thread, items, i);
    if (!is_str(*item)) {
      return raise(thread, type_error_type, "__slots__ items must be strings, not '{}'",
                   type_name(item));
    }
    std::string name = utf8_of(*as_str(item));
    if (!is_identifier(name)) {
      return raise(thread, type_error_type, "__slots__ must be identifiers");
    }
    if (name == "__dict__") {
      if (asked.dict) {
        return raise(thread, type_error_type, "__dict__ slot disallowed: we already got one");
      }
      asked.dict = true;
    } else if (name == "__weakref__") {
      if (asked.weak_references) {
        return raise(thread, type_error_type, "__weakref__ slot disallowed: we already got one");
      }
      asked.weak_references = true;
    } else {
      asked.names.push_back(std::move(name));
    }
  }
  return Done{};
}

Result<Done> add_members(ThreadState& thread, Asked& asked, Borrowed<Dict> dict,
                         const std::string& class_name, ClassLayout& layout) {
  for (std::string& name : asked.names) name = mangled(class_name, name);
  std::sort(asked.names.begin(), asked.names.end());
  for (const std::string& name : asked.names) {
    TRY_ASSIGN(Ref<Str> interned, intern(thread, name));
    TRY_ASSIGN(bool is_taken, dict_contains(thread, dict, interned));
    const bool is_own = name == "__qualname__" || name == "__classcell__";
    if (is_taken && !is_own) {
      return raise(thread, value_error_type, "'{}' in __slots__ conflicts with class variable",
                   name);
    }
    layout.members.push_back(std::move(interned));
  }
  return Done{};
}

}  // namespace

std::string mangled(const std::string& class_name, const std::string& name) {
  if (!name.starts_with("__") || name.ends_with("__")) return name;
  const std::size_t first = class_name.find_first_not_of('_');
  if (first == std::string::npos) return name;
  return "_" + class_name.substr(first) + name;
}

const Type& solid_base(const Type& type) {
  const Type* at = &type;
  while (is_class(*at) && as_class(*at).member_count == 0) at = at->body->base;
  if (is_class(*at)) return *at;
  // A native type adds something when it is larger than its base.
  while (at->body != nullptr && at->body->base != nullptr &&
         at->slots.size == at->body->base->slots.size && !has_items(*at)) {
    at = at->body->base;
  }
  return *at;
}

Result<Type*> best_base(ThreadState& thread, Borrowed<Tuple> bases) {
  Type* winner = nullptr;
  Type* best = nullptr;
  for (std::int64_t i = 0; i < bases->size; ++i) {
    if (!is_type(*bases->at(i))) {
      return raise(thread, type_error_type, "bases must be types");
    }
    Type* candidate = as_type(bases->at(i)).get();
    if (candidate->body == nullptr || !candidate->body->is_derivable) {
      return raise(thread, type_error_type, "type '{}' is not an acceptable base type",
                   candidate->slots.name);
    }
    const Type& solid = solid_base(*candidate);
    if (winner == nullptr || is_subtype(solid, *winner)) {
      if (winner == nullptr || &solid != winner) {
        winner = const_cast<Type*>(&solid);
        best = candidate;
      }
    } else if (!is_subtype(*winner, solid)) {
      return raise(thread, type_error_type, "multiple bases have instance lay-out conflict");
    }
  }
  return best;
}

Result<Done> lay_out(ThreadState& thread, Type& base, Borrowed<Tuple> bases, Borrowed<Dict> dict,
                     const std::string& name, ClassLayout& layout) {
  const Type& native = native_base_of(base);
  const bool varies = has_items(native);
  const bool is_metaclass = is_subtype(base, type_type);
  TRY_ASSIGN(Ref<Object> slots, dict_get(thread, dict, Names::of(thread).dunder_slots()));
  Asked asked;
  const bool has_dict = can_have_dict(base) || is_metaclass;
  const bool has_weak_references = base.slots.weak_references_offset != 0;
  if (!slots) {
    asked.dict = !has_dict;
    asked.weak_references = !has_weak_references && !varies;
  } else {
    TRY(read_slots(thread, slots, asked));
    if (asked.dict && has_dict) {
      return raise(thread, type_error_type, "__dict__ slot disallowed: we already got one");
    }
    if (asked.weak_references && (has_weak_references || varies)) {
      return raise(thread, type_error_type, "__weakref__ slot disallowed: we already got one");
    }
    if (!asked.names.empty() && (varies || is_metaclass)) {
      return raise(thread, type_error_type, "nonempty __slots__ not supported for subtype of '{}'",
                   base.slots.name);
    }
    TRY(add_members(thread, asked, dict, name, layout));
    // A further base may bring what the slots leave out.
    for (std::int64_t i = 0; i < bases->size; ++i) {
      const Type& other = *as_type(bases->at(i));
      if (&other == &base) continue;
      if (!has_dict && can_have_dict(other)) asked.dict = true;
      if (!has_weak_references && !varies && other.slots.weak_references_offset != 0) {
        asked.weak_references = true;
      }
    }
  }
  layout.adds_dict = asked.dict;
  layout.adds_weak_references = asked.weak_references;
  layout.place = base.body->place;
  layout.dict_offset = base.body->dict_offset;
  layout.weak_references_offset = base.slots.weak_references_offset;
  layout.size = rounded(base.slots.size);
  layout.bytes_behind_items = is_class(base) ? as_class(base).bytes_behind_items : 0;
  const bool is_bare = base.slots.size == sizeof(Object) && !varies;
  if (is_bare && asked.dict && asked.weak_references) {
    layout.place = AttributesPlace::kInside;
    layout.weak_references_offset = kWeakReferencesBehindHeader;
    layout.size = rounded(instance_bytes(kAttributesInside));
  } else if (varies) {
    if (asked.dict) {
      layout.place = AttributesPlace::kBehindItems;
      layout.bytes_behind_items = sizeof(Object*);
    }
    layout.size = base.slots.size;
  } else {
    if (asked.dict) {
      layout.place = AttributesPlace::kDict;
      layout.dict_offset = layout.size;
      layout.size += sizeof(Object*);
    }
    if (asked.weak_references) {
      layout.weak_references_offset = layout.size;
      layout.size += sizeof(Object*);
    }
  }
  layout.member_offset = layout.size;
  layout.size += static_cast<std::uint32_t>(layout.members.size() * sizeof(Object*));
  return Done{};
}

}  // namespace runtime
