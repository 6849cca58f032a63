// How a class lays its instances out: which base they are an extension of, and what it adds to it.
//
// Ancestry: CPython's best_base, extra_ivars and type_new_slots (Objects/typeobject.c).
#pragma once

#include <string>
#include <vector>

#include "runtime/containers/dict_object.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/type_body.h"

namespace runtime {

// The base with the most special instances. TypeError "multiple bases have instance lay-out conflict",
// "type 'bool' is not an acceptable base type".
Result<Type*> best_base(ThreadState& thread, Borrowed<Tuple> bases);
// The nearest type, itself included, that adds something to its instances besides dict and weak
// references.
[[nodiscard]] const Type& solid_base(const Type& type);

struct ClassLayout {
  AttributesPlace place = AttributesPlace::kNone;
  std::uint32_t size = 0;
  std::uint32_t dict_offset = 0;
  std::uint32_t weak_references_offset = 0;
  std::uint32_t member_offset = 0;
  std::uint32_t bytes_behind_items = 0;
  std::vector<Ref<Str>> members;  // of `__slots__`, mangled, sorted
  bool adds_dict = false;         // the class has a `__dict__` attribute of its own
  bool adds_weak_references = false;
};

// `name` is that of the class, for names that begin with two underscores.
Result<Done> lay_out(ThreadState& thread, Type& base, Borrowed<Tuple> bases, Borrowed<Dict> dict,
                     const std::string& name, ClassLayout& layout);

// "__x" in class C is "_C__x".
[[nodiscard]] std::string mangled(const std::string& class_name, const std::string& name);

}  // namespace runtime
