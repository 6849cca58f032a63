// Interning, lazy hashes and lazily made strings: what several threads may make at once must come
// out as one.
#include "runtime/base/scenario.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

RT_SCENARIO(intern_equal, "object/intern_vs_intern_of_an_equal_string",
            "Of two threads that intern equal strings one wins, and both get the same object.") {
  ValueKernel kernel;
  Str* left = nullptr;
  Str* right = nullptr;
  run_attached(kernel.kernel,
               {[&](ThreadState& thread) { left = must(intern(thread, "name")).get(); },
                [&](ThreadState& thread) { right = must(intern(thread, "name")).get(); }},
               ThreadEnd::kDetaches);
  RT_CHECK(left == right, "of equal interned strings there is one");
  RT_CHECK(is_immortal(left) && left->is_interned.peek(), "an interned string is immortal");
  RT_CHECK(kernel.values.interned().size() == 1, "the table holds one string");
}

RT_SCENARIO(
    intern_same_object, "object/intern_vs_intern_of_the_same_string",
    "Two threads intern one string that belongs to the first of them: there is one winner.") {
  ValueKernel kernel;
  Str* left = nullptr;
  Str* right = nullptr;
  Ref<Str> shared;
  Semaphore made;
  run_attached(kernel.kernel,
               {[&](ThreadState& owner) {
                  Ref<Str> mine = text(owner, "name");
                  shared = mine.duplicate(owner);
                  made.post();
                  left = must(intern(owner, std::move(mine))).get();
                },
                [&](ThreadState& other) {
                  wait_detached(other, made);
                  right = must(intern(other, shared.duplicate(other))).get();
                }},
               ThreadEnd::kDetaches);
  shared.drop(kernel.here());
  RT_CHECK(left == right, "of equal interned strings there is one");
  RT_CHECK(is_immortal(left), "an interned string is immortal");
}

RT_SCENARIO(find_while_growing, "object/find_interned_vs_growing_table",
            "A string that was interned is found without a lock while the table grows.") {
  ValueKernel kernel;
  InternTable& table = kernel.values.interned();
  // So many that the next one of their shard makes it grow.
  std::vector<Ref<Str>> names;
  for (const char* name : {"aa", "bb", "cc", "dd"}) {
    names.push_back(must(intern(kernel.here(), name)));
  }
  run_attached(kernel.kernel,
               {[&](ThreadState& writer) {
                  must(intern(writer, "ee"));
                  must(intern(writer, "ff"));
                  process_deferred(writer);
                },
                [&](ThreadState& reader) {
                  for (const Ref<Str>& name : names) {
                    RT_CHECK(table.try_find(reader, *name) == name.get(),
                             "what was interned before is found");
                  }
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(table.size() == 6, "the table holds what was interned");
}

RT_SCENARIO(character, "object/character_vs_character",
            "Of two threads that ask for a string of one character both get the same object.") {
  ValueKernel kernel;
  Str* left = nullptr;
  Str* right = nullptr;
  run_attached(kernel.kernel,
               {[&](ThreadState& thread) { left = text(thread, "x").get(); },
                [&](ThreadState& thread) { right = text(thread, "x").get(); }},
               ThreadEnd::kDetaches);
  RT_CHECK(left == right, "the string of one character exists once");
  RT_CHECK(must(intern(kernel.here(), "x")).get() == left, "and is the interned one");
}

RT_SCENARIO(lazy_hash, "object/hash_vs_hash",
            "Two threads ask for the hash of one string that nobody has computed: both get it.") {
  ValueKernel kernel;
  Ref<Str> name = text(kernel.here(), "name");
  const std::int64_t expected = hash_of_str(kernel.here(), *text(kernel.here(), "name"));
  const auto ask = [&](ThreadState& thread) {
    RT_CHECK(hash_of_str(thread, *name) == expected, "a string has one hash");
    RT_CHECK(hash_of_str(thread, *name) == expected, "and keeps it");
  };
  run_attached(kernel.kernel, {ask, ask}, ThreadEnd::kDetaches);
}

RT_SCENARIO(lazy_tuple_hash, "object/tuple_hash_vs_tuple_hash",
            "Two threads ask for the hash of one tuple that nobody has computed: both get it.") {
  ValueKernel kernel;
  Ref<Tuple> pair = must(new_tuple(kernel.here(), {shared_int(1), shared_int(2)}));
  const auto ask = [&](ThreadState& thread) {
    RT_CHECK(must(hash_of(thread, pair)) == -3550055125485641917, "a tuple has one hash");
  };
  run_attached(kernel.kernel, {ask, ask}, ThreadEnd::kDetaches);
}

}  // namespace
}  // namespace runtime
