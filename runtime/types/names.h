// Names: the interned strings that C++ uses again and again.
//
// Attributes are found by identity of names, so whoever asks for `__len__` needs the one interned
// string with this text. These are made once per runtime and then found by a member function.
//
// Not for names that are used once in a while: intern(thread, "text").
//
// Ancestry: CPython's Include/internal/pycore_global_strings.h.
#pragma once

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"

namespace runtime {

class Names {
 public:
  [[nodiscard]] static const Names& of(ThreadState& thread);

#define RT_NAME(identifier, text) \
  [[nodiscard]] Borrowed<Str> identifier() const { return Borrowed<Str>(identifier##_); }
#include "runtime/types/names.def"
#undef RT_NAME

 private:
  friend class Types;
  // Immortal strings: nothing is owned.
  Result<Done> fill(ThreadState& thread);

#define RT_NAME(identifier, text) Str* identifier##_ = nullptr;
#include "runtime/types/names.def"
#undef RT_NAME
};

}  // namespace runtime
