// Iterators that several threads use up together: tuple, str, bytes, range, list, set, dict,
// enumerate, zip, map, filter, reversed, and that of whatever has items by index alone.
//
// Of each kind one iterator stands in a cell that all threads read without a lock. A thread takes
// some items from it; who finds it exhausted asks again (it must stay so) and puts a new one into
// the cell. The tuples of zip, enumerate and dict items are used again by their owner when nobody has them: each
// thread keeps some, with what they said, and looks at them later; their items are plain data, so
// ThreadSanitizer sees a tuple that is filled while another thread has it.
//
// Checked: an item is one of those that the iterator has, in the right place of its tuple; a tuple
// never changes; the end stays.
#include <cstdio>
#include <string>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/containers/dict_object.h"
#include "runtime/containers/dict_view.h"
#include "runtime/containers/enumerate_iterator.h"
#include "runtime/containers/filter_iterator.h"
#include "runtime/containers/iterators_test_support.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/map_iterator.h"
#include "runtime/containers/reversed_iterator.h"
#include "runtime/containers/zip_iterator.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/range_object.h"
#include "runtime/object/sequence_getitem_iterator.h"
#include "runtime/threads/attach.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using runtime::Borrowed;
using runtime::must;
using runtime::number;
using runtime::Object;
using runtime::Ref;
using runtime::ThreadState;

constexpr std::int64_t kItems = 40;
constexpr std::int64_t kFirst = 1000;  // objects, not shared constants

bool is_item(Borrowed<Object> object, std::int64_t first) {
  return runtime::is_int(*object) && first <= runtime::as_int(object)->small &&
         runtime::as_int(object)->small < first + kItems;
}
bool is_pair(Borrowed<Object> object, std::int64_t first, std::int64_t second) {
  if (!runtime::is_tuple(*object)) return false;
  Borrowed<runtime::Tuple> tuple = runtime::as_tuple(object);
  return tuple->size == 2 && is_item(tuple->at(0), first) && is_item(tuple->at(1), second);
}

// What the iterators iterate over; never changed.
struct Sources {
  explicit Sources(ThreadState& thread)
      : items(numbers_from(thread, kFirst)),
        tens(numbers_from(thread, 10 * kFirst)),
        list(must(runtime::new_list_from(thread, items))),
        set(must(runtime::new_set_of(thread, items))),
        dict(must(runtime::new_dict(thread))),
        past_64_bits(must(runtime::int_from_digits(thread, "100000000000000000000", 10))),
        by_index(runtime::scripted(
            thread, {.item = [](ThreadState& caller,
                                std::int64_t index) { return item_at(caller, index); }})),
        same(runtime::scripted(
            thread, {.call = [](ThreadState& caller, runtime::Arguments arguments) {
              return runtime::Result<Ref<Object>>(Ref<Object>::share(caller, arguments[0]));
            }})) {
    for (std::int64_t i = 0; i < kItems; ++i) {
      must(runtime::dict_set(thread, dict, items->at(i), tens->at(i)));
    }
  }

  static Ref<runtime::Tuple> numbers_from(ThreadState& thread, std::int64_t first) {
    std::vector<Ref<Object>> made;
    for (std::int64_t i = 0; i < kItems; ++i) made.emplace_back(number(thread, first + i));
    return must(runtime::new_tuple_taking(thread, made));
  }

  static runtime::Result<Ref<Object>> item_at(ThreadState& thread, std::int64_t index) {
    if (index < kItems) return Ref<Object>(number(thread, kFirst + index));
    return raise_text(thread, runtime::index_error_type, "no such item");
  }

  Ref<runtime::Tuple> items;
  Ref<runtime::Tuple> tens;
  Ref<runtime::List> list;
  Ref<runtime::Set> set;
  Ref<runtime::Dict> dict;  // from items to tens
  Ref<runtime::Int> past_64_bits;
  Ref<Object> by_index;
  Ref<Object> same;
};

struct Kind {
  const char* name;
  Ref<Object> (*make)(ThreadState& thread, const Sources& sources);
  bool (*is_right)(Borrowed<Object> item);
};

// Threads may get the same item, each with a number of its own.
bool is_numbered_item(Borrowed<Object> object) {
  constexpr std::int64_t kMostThreads = 64;
  if (!runtime::is_tuple(*object) || runtime::as_tuple(object)->size != 2) return false;
  Borrowed<runtime::Tuple> pair = runtime::as_tuple(object);
  const std::int64_t number = runtime::as_int(pair->at(0))->small;
  return 0 <= number && number < kItems * kMostThreads && is_item(pair->at(1), kFirst);
}
bool is_plain_item(Borrowed<Object> item) { return is_item(item, kFirst); }
bool is_character(Borrowed<Object> item) {
  return runtime::is_str(*item) && runtime::as_str(item)->length == 1;
}
bool is_byte(Borrowed<Object> item) {
  return runtime::is_int(*item) && runtime::as_int(item)->small < 256;
}

template <class Iterable>
Ref<Object> iterator_of(ThreadState& thread, const Ref<Iterable>& iterable) {
  return must(get_iterator(thread, iterable));
}

bool is_value(Borrowed<Object> item) { return is_item(item, 10 * kFirst); }
bool is_dict_item(Borrowed<Object> item) { return is_pair(item, kFirst, 10 * kFirst); }
bool is_long(Borrowed<Object> item) {
  return runtime::is_int(*item) && !runtime::int64_of(*runtime::as_int(item)).has_value();
}

using runtime::DictPart;
using runtime::Direction;
template <DictPart part, Direction direction>
Ref<Object> over_dict(ThreadState& thread, const Sources& of) {
  return must(runtime::new_dict_iterator(thread, of.dict, part, direction));
}

constexpr Kind kKinds[] = {
    {"tuple", [](ThreadState& thread, const Sources& of) { return iterator_of(thread, of.items); },
     &is_plain_item},
    {"list", [](ThreadState& thread, const Sources& of) { return iterator_of(thread, of.list); },
     &is_plain_item},
    {"set", [](ThreadState& thread, const Sources& of) { return iterator_of(thread, of.set); },
     &is_plain_item},
    {"str",
     [](ThreadState& thread, const Sources&) {
       return iterator_of(thread, runtime::text(thread, "characters \xE2\x82\xAC"));
     },
     &is_character},
    {"bytes",
     [](ThreadState& thread, const Sources&) {
       return iterator_of(thread, must(runtime::new_bytes(thread, "some bytes")));
     },
     &is_byte},
    {"range",
     [](ThreadState& thread, const Sources&) {
       return iterator_of(thread, must(runtime::new_range(thread, number(thread, kFirst),
                                                          number(thread, kFirst + kItems),
                                                          runtime::shared_int(1))));
     },
     &is_plain_item},
    {"range beyond 64 bits",
     [](ThreadState& thread, const Sources& of) {
       Ref<runtime::Int> end = must(runtime::int_operation(
           thread, of.past_64_bits, number(thread, kItems), runtime::BinaryOp::kAdd));
       return iterator_of(
           thread, must(runtime::new_range(thread, of.past_64_bits, end, runtime::shared_int(1))));
     },
     &is_long},
    {"dict keys", &over_dict<DictPart::kKeys, Direction::kForward>, &is_plain_item},
    {"dict values", &over_dict<DictPart::kValues, Direction::kForward>, &is_value},
    {"dict items", &over_dict<DictPart::kItems, Direction::kForward>, &is_dict_item},
    {"reversed dict keys", &over_dict<DictPart::kKeys, Direction::kReversed>, &is_plain_item},
    {"reversed dict values", &over_dict<DictPart::kValues, Direction::kReversed>, &is_value},
    {"reversed dict items", &over_dict<DictPart::kItems, Direction::kReversed>, &is_dict_item},
    {"items by index",
     [](ThreadState& thread, const Sources& of) {
       return must(runtime::new_getitem_iterator(thread, of.by_index));
     },
     &is_plain_item},
    {"reversed list",
     [](ThreadState& thread, const Sources& of) { return must(new_reversed(thread, of.list)); },
     &is_plain_item},
    {"reversed tuple",
     [](ThreadState& thread, const Sources& of) { return must(new_reversed(thread, of.items)); },
     &is_plain_item},
    {"enumerate",
     [](ThreadState& thread, const Sources& of) { return must(new_enumerate(thread, of.items)); },
     &is_numbered_item},
    {"zip",
     [](ThreadState& thread, const Sources& of) {
       const Borrowed<Object> both[] = {of.items, of.tens};
       return must(new_zip(thread, both));
     },
     [](Borrowed<Object> item) { return is_pair(item, kFirst, 10 * kFirst); }},
    {"zip of sets",
     [](ThreadState& thread, const Sources& of) {
       const Borrowed<Object> both[] = {of.set, of.list};
       return must(new_zip(thread, both));
     },
     [](Borrowed<Object> item) { return is_pair(item, kFirst, kFirst); }},
    {"map",
     [](ThreadState& thread, const Sources& of) {
       const Borrowed<Object> one[] = {of.items};
       return must(new_map(thread, of.same, one));
     },
     &is_plain_item},
    {"filter",
     [](ThreadState& thread, const Sources& of) {
       return must(new_filter(thread, runtime::none(), of.items));
     },
     &is_plain_item},
};
constexpr std::size_t kKindCount = std::size(kKinds);

// A pair, and what it said when it came.
struct Kept {
  Ref<Object> pair;
  Object* first = nullptr;
  Object* second = nullptr;

  void keep(Ref<Object> given) {
    check();
    pair = std::move(given);
    first = runtime::as_tuple(pair)->at(0).get();
    second = runtime::as_tuple(pair)->at(1).get();
  }
  void check() const {
    if (!pair) return;
    RT_CHECK(runtime::as_tuple(pair)->at(0).get() == first &&
                 runtime::as_tuple(pair)->at(1).get() == second,
             "a tuple that was given out stays as it is");
  }
};

void use(StressThread& thread, const Kind& kind, const Sources& sources, runtime::SharedCell& cell,
         Kept& kept) {
  ThreadState& state = thread.state();
  Ref<Object> iterator = cell.read(state);
  for (std::uint64_t n = thread.random().below(8); n > 0; --n) {
    Ref<Object> item = must(next_of(state, iterator));
    if (!item) {
      const bool has_ended = !must(next_of(state, iterator));
      if (!has_ended) std::fprintf(stderr, "an iterator came back: %s\n", kind.name);
      RT_CHECK(has_ended, "what has ended stays so");
      cell.store(state, kind.make(state, sources));
      return;
    }
    RT_CHECK(kind.is_right(item), "an item is one of those that there are");
    if (runtime::is_tuple(*item) && thread.random().one_in(3)) kept.keep(std::move(item));
  }
}

int run(int argc, char** argv) {
  StressRun storm(argc, argv, "Do iterators that threads share give what there is, and end?");
  runtime::ValueKernel kernel;
  ThreadState& here = kernel.here();
  {
    Sources sources(here);
    std::vector<runtime::SharedCell> cells(kKindCount);
    for (std::size_t i = 0; i < kKindCount; ++i) {
      cells[i].store(here, kKinds[i].make(here, sources));
    }
    {
      runtime::Detached detached(here);
      storm.storm(kernel.kernel.world(), [&](StressThread& thread) {
        std::vector<Kept> kept(16);
        while (thread.goes_on()) {
          const std::size_t kind = thread.random().below(kKindCount);
          use(thread, kKinds[kind], sources, cells[kind], kept[thread.random().below(kept.size())]);
          runtime::quiescent_point(thread.state());
        }
        for (const Kept& one : kept) one.check();
      });
    }
    for (runtime::SharedCell& cell : cells) cell.clear(here);
  }
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
