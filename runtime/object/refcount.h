// Counting references: the front of two ways to do it.
//
// Both builds have the same functions, and nobody above knows which it is:
//   increment, decrement           one reference more, one less
//   try_increment                  take a reference without having one; may find the object dead
//   try_increment_from             the same for what was read from a slot; checks the slot again
//   set_maybe_weak                 from now on others may find the object without a reference
//   is_unique, is_owned_by         who else may be at the object
//   reference_count                what sys.getrefcount() is about
// biased_refcount.h: without a GIL an owner counts for itself and the others count together.
// plain_refcount.h: with it one count serves all.
#pragma once

#include "runtime/base/build.h"
#if HEDDLE_GIL
#include "runtime/object/plain_refcount.h"
#else
#include "runtime/object/biased_refcount.h"
#endif
