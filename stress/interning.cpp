// Threads that intern the same names at once, while the table grows.
//
// Each thread makes strings from a pool of names, interns them, and looks the interned ones up
// without a lock; now and then it interns a string that another thread made. The pool grows with
// time, so that arrays are replaced under readers. Hashes, the strings of one character and the
// text of an interned string are read as soon as they are found: they are plain data, and
// ThreadSanitizer sees whether whoever finds one is ordered behind whoever made it.
//
// Checked: of each name there is one object, for all threads and for ever; its text and its hash are
// those of the name; in the end the table holds as many strings as there are names.
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/object/kernel.h"
#include "runtime/object/str_object.h"
#include "runtime/object/values.h"
#include "runtime/threads/attach.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using runtime::Atomic;
using runtime::Ref;
using runtime::Str;
using runtime::ThreadState;

constexpr std::uint64_t kNames = 20'000;
// So many more names come into use with each turn of a thread.
constexpr std::uint64_t kTurnsPerName = 8;

std::string name_of(std::uint64_t number) {
  // Some of one character, some of two bytes per code point.
  if (number < 256) {
    if (number < 0x80) return std::string(1, static_cast<char>(number));
    return {static_cast<char>(0xC0 | number >> 6), static_cast<char>(0x80 | (number & 0x3F))};
  }
  return (number % 3 == 0 ? "\xE2\x82\xAC" : "name") + std::to_string(number);
}

template <class T>
T must(runtime::Result<T> result) {
  RT_CHECK(!result.is_raised(), "there is memory");
  return std::move(result).value();
}

class Names {
 public:
  Names() : known_(new Known[kNames]) {}

  // By whatever way the thread chooses.
  void meet(StressThread& thread, std::uint64_t number) {
    ThreadState& state = thread.state();
    const std::string name = name_of(number);
    Ref<Str> text = must(runtime::new_str(state, name));
    RT_CHECK(runtime::equals_utf8(*text, name), "a string has the text that it was made of");
    runtime::InternTable& table = runtime::Values::of(state).interned();
    Str* found = table.try_find(state, *text);
    const bool hands_on = thread.random().one_in(8) && found == nullptr;
    if (hands_on) {
      // Another thread will intern it.
      Str* none = nullptr;
      text->hash.store_relaxed(Str::kNoHash);
      if (known_[number].handed.compare_exchange_acq_rel(none, text.get())) {
        (void)text.release();
        return;
      }
    }
    if (Str* handed = known_[number].handed.exchange_acq_rel(nullptr)) {
      text = Ref<Str>::adopt(handed);
    }
    Ref<Str> interned = must(runtime::intern(state, std::move(text)));
    RT_CHECK(found == nullptr || found == interned.get(), "what was found is the one");
    check(state, *interned, name);
    // Relaxed on purpose: nothing here orders the threads.
    Str* before = known_[number].interned.load_relaxed();
    RT_CHECK(before == nullptr || before == interned.get(),
             "of equal interned strings there is one");
    known_[number].interned.store_relaxed(interned.get());
  }

  void finish(ThreadState& state) {
    std::size_t met = 0;
    for (std::uint64_t number = 0; number < kNames; ++number) {
      if (Str* handed = known_[number].handed.load_acquire()) Ref<Str>::adopt(handed).drop(state);
      Str* interned = known_[number].interned.load_relaxed();
      if (interned == nullptr) continue;
      ++met;
      check(state, *interned, name_of(number));
      RT_CHECK(runtime::is_immortal(interned), "an interned string is immortal");
    }
    std::printf("%zu names\n", met);
  }

 private:
  struct Known {
    Atomic<Str*> interned{nullptr};
    Atomic<Str*> handed{nullptr};  // owns a reference; made by one thread, interned by another
  };

  static void check(ThreadState& state, const Str& interned, const std::string& name) {
    RT_CHECK(runtime::equals_utf8(interned, name), "an interned string has its text");
    Ref<Str> again = must(runtime::new_str(state, name));
    RT_CHECK(runtime::hash_of_str(state, *again) == runtime::hash_of_str(state, interned),
             "equal strings have equal hashes");
  }

  std::unique_ptr<Known[]> known_;
};

int run(int argc, char** argv) {
  StressRun storm(argc, argv, "Is there one interned string of each name, whoever interns?");
  runtime::Kernel kernel;
  runtime::Values values(kernel);
  Names names;
  {
    runtime::Detached detached(kernel.first_thread());
    storm.storm(kernel.world(), [&](StressThread& thread) {
      while (thread.goes_on()) {
        const std::uint64_t in_use = 1 + thread.turns() / kTurnsPerName;
        names.meet(thread, thread.random().below(in_use < kNames ? in_use : kNames));
        runtime::quiescent_point(thread.state());
      }
    });
  }
  names.finish(kernel.first_thread());
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
