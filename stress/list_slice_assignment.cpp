// Slices of two lists that are assigned from each other and from tuples, in place and with growth.
//
// Checked: readers get marked items, and a copy of a list that is only ever replaced as a whole is of
// one piece.
#include "stress/list_storm.h"

namespace stress {
namespace {

int run(int argc, char** argv) {
  using namespace runtime;
  ListStorm storm(argc, argv, "Is a slice assigned as a whole?");
  Ref<List> mixed = must(new_list(storm.here()));
  Ref<List> uniform = numbers(storm.here(), {0});
  Ref<Slice> all = slice(storm.here(), kNo, kNo);
  storm.storm([&](StressThread& thread) {
    ThreadState& state = thread.state();
    const auto start = static_cast<std::int64_t>(thread.random().below(20));
    Ref<Slice> part = slice(state, start, start + 3);
    Ref<List> fresh = must(new_list(state));
    const std::uint64_t count = thread.random().below(7);
    for (std::uint64_t i = 0; i < count; ++i) must(list_append(state, fresh, marked(state)));
    must(list_set_slice(state, mixed, part, fresh.get()));
    if (list_size(*mixed) > 60) must(list_set_slice(state, mixed, all, nullptr));
    for (std::int64_t i = 0; i < 8; ++i) {
      Ref<Object> item = list_get(state, mixed, start + i);
      if (item) check_marked(item);
    }
    Ref<Object> value = number(state, static_cast<std::int64_t>(thread.index()));
    Ref<List> one = must(new_list(state, {}));
    must(list_append(state, one, std::move(value)));
    Ref<List> many = must(list_repeat(state, one, 1 + start));
    must(list_set_slice(state, uniform, all, many.get()));
    Ref<List> copy = must(list_copy(state, uniform));
    Ref<Object> first = list_get(state, copy, 0);
    for (std::int64_t i = 0; Ref<Object> item = list_get(state, copy, i); ++i) {
      RT_CHECK(item.get() == first.get(), "a list that is replaced as a whole is of one piece");
    }
  });
  mixed.drop(storm.here());
  uniform.drop(storm.here());
  return storm.run().finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
