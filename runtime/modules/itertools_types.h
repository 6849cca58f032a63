// The iterators of `itertools`, in families: one row per type, from which it is opened and put into
// the module.
//
// Ancestry: https://docs.python.org/3/library/itertools.html; CPython's Modules/itertoolsmodule.c.
#pragma once

#include <span>

#include "runtime/types/native.h"

namespace runtime {

struct IteratorRow {
  Type* type;
  const char* constructor;
  NativeFunction make;
  const char* documentation;
  std::span<const NativeMethod> methods = {};
  bool is_public = true;
};

[[nodiscard]] std::span<const IteratorRow> number_iterators();     // count, repeat, cycle
[[nodiscard]] std::span<const IteratorRow> selecting_iterators();  // takewhile, islice, ...
[[nodiscard]] std::span<const IteratorRow> joining_iterators();    // chain, zip_longest, ...
[[nodiscard]] std::span<const IteratorRow> grouping_iterators();   // groupby, pairwise, batched
[[nodiscard]] std::span<const IteratorRow> combining_iterators();  // product, permutations, ...
[[nodiscard]] std::span<const IteratorRow> tee_iterators();        // _tee, which tee() makes

// tee(iterable, n=2).
Result<Ref<Object>> make_tee(ThreadState& thread, Borrowed<Object> module,
                             const BoundArguments& arguments);

}  // namespace runtime
