// Struct sequences: tuples whose items have names, like sys.version_info.
//
// Ancestry: https://docs.python.org/3/library/collections.html#collections.namedtuple, CPython's
// Objects/structseq.c. Departure: the type is a class derived from tuple like any other, made when it
// is needed.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/tuple_object.h"
#include "runtime/object/type.h"

namespace runtime {

// A type module.name whose instances have these items, shown as name(first=..., second=...).
Result<Ref<Type>> new_struct_sequence_type(ThreadState& thread, std::string_view module,
                                           std::string_view name,
                                           std::span<const char* const> fields);
// `values`: as many as the type has fields.
Result<Ref<Object>> new_struct_sequence(ThreadState& thread, Borrowed<Type> type,
                                        std::span<Ref<Object>> values);

// Opens the type of the fields' descriptors. Once.
Result<Done> open_struct_sequence_types(ThreadState& thread);

}  // namespace runtime
