// Iterators over one list, forwards and backwards, that all threads share, while the list grows and
// shrinks.
//
// Checked: what an iterator gives out was in the list; an iterator that has said to a thread that
// there are no more items gives that thread none.
#include "stress/list_storm.h"

namespace stress {
namespace {

int run(int argc, char** argv) {
  using namespace runtime;
  ListStorm storm(argc, argv, "Does an exhausted iterator stay exhausted, whoever shares it?");
  Ref<List> list = must(new_list(storm.here()));
  Ref<List> iterators = must(new_list(storm.here()));
  for (int i = 0; i < 8; ++i) must(list_append(storm.here(), iterators, none()));
  storm.storm([&](StressThread& thread) {
    ThreadState& state = thread.state();
    const auto which = static_cast<std::int64_t>(thread.random().below(8));
    Ref<Object> iterator = list_get(state, iterators, which);
    if (is_none(iterator.get()) || thread.random().one_in(64)) {
      iterator = must(which % 2 == 0 ? new_list_iterator(state, list)
                                     : new_list_reverse_iterator(state, list));
      (void)list_set(state, iterators, which, iterator.duplicate(state));
    }
    for (int i = 0; i < 8; ++i) {
      Ref<Object> item = must(next_of(state, iterator));
      if (item) {
        check_marked(item);
        continue;
      }
      must(list_append(state, list, marked(state)));
      RT_CHECK(!must(next_of(state, iterator)), "an exhausted iterator stays so");
      break;
    }
    if (list_size(*list) > 40) (void)list_pop(state, list, 0).is_raised();
    if (thread.random().one_in(200)) list_clear(state, list);
  });
  iterators.drop(storm.here());
  list.drop(storm.here());
  return storm.run().finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
