// Signatures: the text of a native function's signature, read once, and arguments bound by it.
//
// The text says how many arguments there are and how each may be given (native.h). From it also follow
// the messages of TypeError: CPython has one set for functions that take nothing, one for those that
// take one thing, one for several by place, and one for those that take names.
//
// Ancestry: CPython's cfunction_check_kwargs, method_vectorcall_O, _PyArg_CheckPositional and
// _PyArg_UnpackKeywords.
#pragma once

#include <cstdint>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"
#include "runtime/types/native.h"

namespace runtime {

class Signature {
 public:
  // `text` outlives it; `owner` is the type or null. From raw memory without a thread: give it back by
  // free(). MemoryError.
  static Result<Signature*> read(ThreadState& thread, const char* text, const Type* owner);
  static void free(Signature* signature);

  // function(self, what `arguments` are bound to).
  Result<Ref<Object>> call(ThreadState& thread, NativeFunction function, Borrowed<Object> self,
                           const CallArguments& arguments) const;

  // "append": what stands before the parenthesis. Immortal.
  [[nodiscard]] Borrowed<Str> name() const { return Borrowed<Str>(name_); }
  // "list.append"; of a function that belongs to no type its name.
  [[nodiscard]] std::string full_name() const;
  // "(object, /)", as a program reads it.
  [[nodiscard]] std::string parameters_text() const;

 private:
  enum class Style : std::uint8_t { kNothing, kOne, kByPlace, kGeneral };
  struct Parameter {
    Str* name;  // immortal
    bool is_optional;
  };

  Result<Ref<Object>> call_general(ThreadState& thread, NativeFunction function,
                                   Borrowed<Object> self, const CallArguments& arguments) const;
  Result<Done> bind_names(ThreadState& thread, const CallArguments& arguments,
                          BoundArguments& bound, Ref<Dict>& named) const;
  [[nodiscard]] Raised wrong_count(ThreadState& thread, std::size_t given) const;
  [[nodiscard]] Raised too_many(ThreadState& thread, const CallArguments& arguments) const;
  Result<Done> check_required(ThreadState& thread, const BoundArguments& bound,
                              std::size_t given) const;
  [[nodiscard]] std::string short_name() const { return utf8_of(*name_); }

  const char* text_;
  const Type* owner_;
  Str* name_;
  Style style_;
  std::uint8_t count_;              // of parameters
  std::uint8_t by_place_only_;      // so many first ones
  std::uint8_t by_place_;           // so many first ones may be given by place
  std::uint8_t required_by_place_;  // so many first ones have to be given
  bool takes_rest_;
  bool takes_named_;
  Parameter parameters_[BoundArguments::kMostParameters];
};

}  // namespace runtime
