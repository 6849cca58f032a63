// Profiles: what differs between the builds of CPython that this runtime stands for.
//
// The free-threaded build of ours can behave like 3.13t or like 3.14t, the GIL build like 3.13 or 3.14;
// a program can tell them apart by what is immortal, what threads inherit, what the collector looks at first. A profile is a row of such
// differences, chosen when the runtime is made and constant from then on. What all free-threaded
// builds share is no row: interned strings and code constants are immortal, an exhausted list
// iterator keeps its list, a header has 32 bytes.
//
// Ancestry: https://docs.python.org/3/howto/free-threading-python.html; CPython's
// Include/refcount.h (_Py_IMMORTAL_REFCNT), Python/gc_free_threading.c, PEP 779.
#pragma once

#include <cstdint>

namespace runtime {

struct Profile {
  int major;
  int minor;
  const char* build;  // in sys.version; "" where it says nothing
  // What sys.getrefcount says of an immortal object.
  std::int64_t immortal_reference_count;
  // Functions, modules, classes, code become immortal when the second thread starts. Else they are
  // deferred and end in a collection.
  bool immortalizes_at_second_thread;
  bool threads_inherit_context;      // sys.flags.thread_inherit_context
  bool warnings_are_context_aware;   // sys.flags.context_aware_warnings
  bool collector_marks_alive_first;  // from the roots, before it counts
};

inline constexpr Profile kProfile313t{
    .major = 3,
    .minor = 13,
    .build = "experimental free-threading build",
    .immortal_reference_count = 4294967295,
    .immortalizes_at_second_thread = true,
    .threads_inherit_context = false,
    .warnings_are_context_aware = false,
    .collector_marks_alive_first = false,
};

inline constexpr Profile kProfile314t{
    .major = 3,
    .minor = 14,
    .build = "free-threading build",
    .immortal_reference_count = 3221225472,
    .immortalizes_at_second_thread = false,
    .threads_inherit_context = true,
    .warnings_are_context_aware = true,
    .collector_marks_alive_first = true,
};

// The GIL builds.
inline constexpr Profile kProfile314{
    .major = 3,
    .minor = 14,
    .build = "",
    .immortal_reference_count = 3221225472,
    .immortalizes_at_second_thread = false,
    .threads_inherit_context = false,
    .warnings_are_context_aware = false,
    .collector_marks_alive_first = false,
};

inline constexpr Profile kProfile313{
    .major = 3,
    .minor = 13,
    .build = "",
    .immortal_reference_count = 4294967295,
    .immortalizes_at_second_thread = false,
    .threads_inherit_context = false,
    .warnings_are_context_aware = false,
    .collector_marks_alive_first = false,
};

}  // namespace runtime
