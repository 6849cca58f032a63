// Readers of a list without a lock, while others grow, shrink, overwrite and clear it.
//
// What is taken out is dropped at once, and strangers of the same size are made: a reader who got
// one has read from an array or a slot that was not the list's any more.
//
// Checked: whatever is read was in the list and is alive.
#include "stress/list_storm.h"

namespace stress {
namespace {

void write(ThreadState& thread, runtime::Random& random, Borrowed<List> list) {
  using namespace runtime;
  const auto at = static_cast<std::int64_t>(random.below(24));
  switch (random.below(6)) {
    case 0:
      for (int i = 0; i < 40; ++i) must(list_append(thread, list, marked(thread)));
      break;
    case 1:
      (void)list_set(thread, list, at, marked(thread));
      break;
    case 2:
      while (list_size(*list) > 8) (void)list_pop(thread, list).is_raised();
      break;
    case 3:
      must(list_insert(thread, list, at, marked(thread)));
      break;
    case 4:
      (void)list_delete(thread, list, at);
      break;
    default:
      if (random.one_in(8)) list_clear(thread, list);
  }
  for (int i = 0; i < 8; ++i) set_maybe_weak(stranger(thread).get());
}

int run(int argc, char** argv) {
  ListStorm storm(argc, argv, "Does a reader without a lock get what was in the list?");
  Ref<List> list = runtime::must(runtime::new_list(storm.here()));
  storm.storm([&](StressThread& thread) {
    if (thread.index() == 0 || thread.random().one_in(50)) {
      write(thread.state(), thread.random(), list);
      return;
    }
    for (std::int64_t i = 0; i < 16; ++i) {
      Ref<Object> item = runtime::list_get(thread.state(), list, i);
      if (item) check_marked(item);
    }
  });
  list.drop(storm.here());
  return storm.run().finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
