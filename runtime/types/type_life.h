// The ends of types: what a class gives up, and what the collector sees in it.
//
// A class is in a cycle with its order of resolution, which `clear` breaks. Its dict is an object of its
// own, and emptied as such. Bases stay until the end: slots of instances look for the native base there.
#pragma once

#include "runtime/object/finalization.h"
#include "runtime/object/protocol.h"
#include "runtime/object/type.h"
#include "runtime/types/type_body.h"

namespace runtime {

// Slots of `type`; a type without a body (made by the kernel alone) has nothing to give up.
void release_type(Object* object, DroppedFields& dropped);
void clear_type(Object* object, DroppedFields& dropped);
void traverse_type(Object* object, Visit visit, void* context);
extern const Protocol type_protocol;

// Gives up what a body owns, and frees its list of derived types.
void drop_body(ThreadState& thread, TypeBody& body);

}  // namespace runtime
