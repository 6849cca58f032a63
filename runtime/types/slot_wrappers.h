// Slots called as methods: what int.__add__(1, 2) does with the slot of int.
//
// Each checks how many arguments it was given and calls the slot; where a slot of object is null, it
// does what object does.
//
// Ancestry: CPython's wrap_binaryfunc, wrap_richcmpfunc and their like (Objects/typeobject.c).
#pragma once

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/types/slot_table.h"

namespace runtime {

#define RT_WRAPPER(name)                                                          \
  Result<Ref<Object>> name(ThreadState& thread, const SlotRow& row, AnySlot slot, \
                           Borrowed<Object> self, const CallArguments& arguments)
RT_WRAPPER(wrap_binary);     // self, other
RT_WRAPPER(wrap_reflected);  // other, self
RT_WRAPPER(wrap_unary);
RT_WRAPPER(wrap_compare);
RT_WRAPPER(wrap_repr);
RT_WRAPPER(wrap_str);
RT_WRAPPER(wrap_hash);
RT_WRAPPER(wrap_truth);
RT_WRAPPER(wrap_length);
RT_WRAPPER(wrap_next);
RT_WRAPPER(wrap_set_item);
RT_WRAPPER(wrap_delete_item);
RT_WRAPPER(wrap_contains);
RT_WRAPPER(wrap_repeat);
RT_WRAPPER(wrap_call);
RT_WRAPPER(wrap_get_attribute);
RT_WRAPPER(wrap_set_attribute);
RT_WRAPPER(wrap_delete_attribute);
RT_WRAPPER(wrap_descriptor_get);
RT_WRAPPER(wrap_descriptor_set);
RT_WRAPPER(wrap_descriptor_delete);
RT_WRAPPER(wrap_initialize);
#undef RT_WRAPPER

}  // namespace runtime
