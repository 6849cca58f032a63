// What must be true, and what happens when it is not.
//
// A mistake of ours stops at once with a sentence that says what should have been true. There are
// three shapes: RT_CHECK is always on (cheap, or guards what would corrupt memory); RT_INVARIANT is
// on where HEDDLE_CHECKS is (debug, sanitizer, scheduled and mutant builds); RT_LAW is an invariant
// that names one of the six conservation laws on which the whole runtime rests, and the object that
// broke it.
//
// Under the scheduler a failure does not end the process: the execution is abandoned and the
// failure is shrunk, printed with its trace and given a token (exploration.h). Elsewhere it is
// printed and the process aborts.
#pragma once

namespace runtime {

// The conservation laws. Each is checked where it could first be broken.
enum class Law {
  kCountsMatchReferences,  // local + shared + per-thread + deferred counts == real references
  kHeadersOutliveReaders,  // a block stays an object header while a stale pointer to it may be read
  kOverwrittenBeforeDropped,  // a published slot is overwritten before the reference it owned is
                              // dropped
  kReadersRevalidate,  // who read through an array checks slot and array again after its increment
  kAttachedOnly,       // only an attached thread touches objects; a stopped world has one
  kNoForeignCodeUnderLock,  // no destructor or callback runs while a lock that cannot be suspended
                            // is held
};

const char* law_sentence(Law law);

struct Failure {
  const char* sentence;  // what should have been true
  const char* file;
  int line;
  const void* object;  // the object concerned, or null
};

// Reports and does not return. Thread safe.
[[noreturn]] void fail(const Failure& failure);

// Tests of the detectors themselves: called instead of reporting. Must not return either (throw, or
// exit in a death test). Null restores the default.
using FailureHandler = void (*)(const Failure&);
void set_failure_handler(FailureHandler handler);

}  // namespace runtime

#define RT_CHECK(condition, sentence)                           \
  do {                                                          \
    if (!(condition)) [[unlikely]] {                            \
      ::runtime::fail({sentence, __FILE__, __LINE__, nullptr}); \
    }                                                           \
  } while (false)

#if HEDDLE_CHECKS
inline constexpr bool kChecksEnabled = true;
#else
inline constexpr bool kChecksEnabled = false;
#endif

#define RT_INVARIANT(condition, sentence)                         \
  do {                                                            \
    if constexpr (kChecksEnabled) {                               \
      if (!(condition)) [[unlikely]] {                            \
        ::runtime::fail({sentence, __FILE__, __LINE__, nullptr}); \
      }                                                           \
    }                                                             \
  } while (false)

#define RT_LAW(law, condition, the_object)                                                 \
  do {                                                                                     \
    if constexpr (kChecksEnabled) {                                                        \
      if (!(condition)) [[unlikely]] {                                                     \
        ::runtime::fail({::runtime::law_sentence(law), __FILE__, __LINE__, (the_object)}); \
      }                                                                                    \
    }                                                                                      \
  } while (false)
