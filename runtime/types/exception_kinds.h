// Exceptions that have more than arguments: how each kind is made, initialized and printed, and its
// attributes. Types that are derived from one of them are the same kind.
//
// Ancestry: https://docs.python.org/3/library/exceptions.html; CPython's ImportError_init, oserror_init,
// SyntaxError_init and their like (Objects/exceptions.c).
#pragma once

#include <span>

#include "runtime/object/exception_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/types/native.h"

namespace runtime {

// Each function may be null: as BaseException does it.
struct ExceptionKind {
  Result<Ref<Object>> (*make)(ThreadState& thread, Borrowed<Type> type,
                              const CallArguments& arguments) = nullptr;
  Result<Done> (*initialize)(ThreadState& thread, Borrowed<Object> object,
                             const CallArguments& arguments) = nullptr;
  Result<Ref<Str>> (*str)(ThreadState& thread, Borrowed<Object> object) = nullptr;
  std::span<const NativeAttribute> attributes = {};
};

// What is special about this very type; null: nothing.
[[nodiscard]] const ExceptionKind* exception_kind(const Type& type);

// exception.args = arguments.
Result<Done> store_arguments(ThreadState& thread, Borrowed<Object> exception, Arguments arguments);
// BaseException.__new__.
Result<Ref<Object>> make_exception(ThreadState& thread, Borrowed<Type> type,
                                   const CallArguments& arguments);
// The named arguments become details; TypeError for a name that is not among `known`.
Result<Done> store_named(ThreadState& thread, Borrowed<Object> exception,
                         const CallArguments& arguments, std::span<const char* const> known);

extern const ExceptionKind os_error_kind;
extern const ExceptionKind syntax_error_kind;
extern const ExceptionKind unicode_decode_error_kind;
extern const ExceptionKind unicode_encode_error_kind;
extern const ExceptionKind unicode_translate_error_kind;

}  // namespace runtime
