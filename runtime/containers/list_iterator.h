// The iterators of lists, forwards and backwards, which several threads may share.
//
// An iterator is a place in a list that changes meanwhile. It takes an item without a lock
// (list_get) and moves on by compare-and-exchange, so that of two threads the late one does not take
// the place back. Who finds no item stores kExhausted, whatever stands there: from then on nobody
// gets an item, even if the list grows. Threads that share one may get an item twice or miss one;
// they never get what was not in the list. An exhausted iterator keeps its list until it ends
// itself: others may be using the field. In the GIL build nobody can, and it lets the list go.
//
// Ancestry: CPython's listiter_next and listreviter_next (Objects/listobject.c). Departure: there a
// late plain store can bring an exhausted iterator back.
#pragma once

#include <cstdint>

#include "runtime/containers/list_object.h"

namespace runtime {

struct ListIterator : Object {
  Object* list;                // an owned List; constant, but for the GIL build
  Atomic<std::int64_t> place;  // of the next item, or kExhausted for ever

  static constexpr std::int64_t kExhausted = -1;
};

extern Type list_iterator_type;
extern Type list_reverse_iterator_type;

Result<Ref<Object>> new_list_iterator(ThreadState& thread, Borrowed<List> list);
// reversed(list).
Result<Ref<Object>> new_list_reverse_iterator(ThreadState& thread, Borrowed<List> list);
// iterator.__length_hint__(), of either.
[[nodiscard]] std::int64_t list_length_hint(const ListIterator& iterator);

}  // namespace runtime
