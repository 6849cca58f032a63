// Iterators over choices: product, permutations, combinations, combinations_with_replacement.
//
// A choice is a list of places in pools of items. To go on is to move the places to the next choice in
// lexicographic order; that and the making of the tuple runs nothing foreign, so one section is around
// it all and each choice is given out once.
#include <numeric>
#include <utility>
#include <vector>

#include "runtime/containers/list_object.h"
#include "runtime/modules/iterator_support.h"
#include "runtime/modules/itertools_types.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

using Places = std::vector<std::int64_t>;

// Everything but `pools` changes in the section.
struct Choices : Object {
  Object* pools;   // a Tuple: of tuples for product, of items for the others; constant
  Places* places;  // null: they have ended
  Places* cycles;  // of permutations alone
  bool has_begun;
};

void release_choices(Object* object, DroppedFields& dropped) {
  auto* choices = static_cast<Choices*>(object);
  delete std::exchange(choices->places, nullptr);
  delete std::exchange(choices->cycles, nullptr);
  dropped.take(choices->pools);
}

const Tuple& pools_of(const Choices& choices) { return *static_cast<Tuple*>(choices.pools); }

// Each of these moves to the next choice; false: there is none.

bool advance_product(Choices& choices) {
  Places& places = *choices.places;
  for (std::size_t i = places.size(); i-- > 0;) {
    const auto pool = static_cast<std::int64_t>(i);
    if (++places[i] < as_tuple(pools_of(choices).at(pool))->size) return true;
    places[i] = 0;
  }
  return false;
}

bool advance_permutation(Choices& choices) {
  Places& places = *choices.places;  // of all items; the first ones are chosen
  Places& cycles = *choices.cycles;
  const auto count = static_cast<std::int64_t>(places.size());
  for (std::size_t i = cycles.size(); i-- > 0;) {
    if (--cycles[i] > 0) {
      std::swap(places[i], places[static_cast<std::size_t>(count - cycles[i])]);
      return true;
    }
    const auto place = static_cast<std::ptrdiff_t>(i);
    std::rotate(places.begin() + place, places.begin() + place + 1, places.end());
    cycles[i] = count - static_cast<std::int64_t>(i);
  }
  return false;
}

bool advance_combination(Choices& choices) {
  Places& places = *choices.places;
  const std::int64_t spare = pools_of(choices).size - static_cast<std::int64_t>(places.size());
  for (std::size_t i = places.size(); i-- > 0;) {
    if (places[i] >= spare + static_cast<std::int64_t>(i)) continue;
    ++places[i];
    for (std::size_t behind = i + 1; behind < places.size(); ++behind) {
      places[behind] = places[behind - 1] + 1;
    }
    return true;
  }
  return false;
}

bool advance_repeating(Choices& choices) {
  Places& places = *choices.places;
  for (std::size_t i = places.size(); i-- > 0;) {
    if (places[i] >= pools_of(choices).size - 1) continue;
    const std::int64_t place = places[i] + 1;
    for (std::size_t behind = i; behind < places.size(); ++behind) places[behind] = place;
    return true;
  }
  return false;
}

template <bool (*advance)(Choices&), bool (*is_of_pools)()>
Result<Ref<Object>> next_choice(ThreadState& thread, Borrowed<Object> object) {
  Choices& choices = *static_cast<Choices*>(object.get());
  ObjectSection section(thread, object);
  if (choices.places == nullptr) return Ref<Object>();
  if (choices.has_begun && !advance(choices)) {
    delete std::exchange(choices.places, nullptr);
    return Ref<Object>();
  }
  choices.has_begun = true;
  const std::size_t size =
      choices.cycles != nullptr ? choices.cycles->size() : choices.places->size();
  std::vector<Borrowed<Object>> items;
  items.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    const Tuple& pool = is_of_pools()
                            ? *as_tuple(pools_of(choices).at(static_cast<std::int64_t>(i)))
                            : pools_of(choices);
    items.push_back(pool.at((*choices.places)[i]));
  }
  return new_tuple(thread, items);
}

bool of_pools() { return true; }
bool of_items() { return false; }

Result<Ref<Tuple>> tuple_from(ThreadState& thread, Borrowed<Object> iterable) {
  if (iterable->type == &tuple_type) return Ref<Tuple>::share(thread, as_tuple(iterable));
  TRY_ASSIGN(Ref<List> list, new_list_from(thread, iterable));
  return list_to_tuple(thread, list);
}

// Without places: there is nothing to choose.
Result<Ref<Choices>> new_choices(ThreadState& thread, Borrowed<Object> type, Ref<Tuple> pools,
                                 Places* places) {
  Result<Ref<Choices>> made = new_instance_of<Choices>(thread, type);
  if (made.is_raised()) {
    delete places;
    return made;
  }
  made.value()->pools = pools.release();
  made.value()->places = places;
  return made;
}

Result<std::int64_t> length_argument(ThreadState& thread, Borrowed<Object> given) {
  TRY_ASSIGN(std::int64_t length, checked_index_of(thread, given, overflow_error_type));
  if (length < 0) return raise(thread, value_error_type, "r must be non-negative");
  return length;
}

Result<Ref<Object>> make_product(ThreadState& thread, Borrowed<Object> type,
                                 const BoundArguments& arguments) {
  std::int64_t times = 1;
  if (arguments.has(0)) {
    TRY_ASSIGN(times, checked_index_of(thread, arguments.at(0), overflow_error_type));
  }
  if (times < 0) return raise(thread, value_error_type, "repeat argument cannot be negative");
  const auto given = static_cast<std::int64_t>(arguments.rest().size());
  constexpr std::int64_t kMost = INT64_MAX / 64;
  if (given != 0 && times > kMost / given) {
    return raise(thread, overflow_error_type, "repeat argument too large");
  }
  std::vector<Ref<Object>> pools;
  bool is_empty = false;
  if (times > 0) {
    for (Borrowed<Object> iterable : arguments.rest()) {
      TRY_ASSIGN(Ref<Tuple> pool, tuple_from(thread, iterable));
      is_empty = is_empty || pool->size == 0;
      pools.push_back(std::move(pool));
    }
  }
  const std::size_t once = pools.size();
  for (std::int64_t i = 1; i < times && once > 0; ++i) {
    for (std::size_t k = 0; k < once; ++k) pools.push_back(pools[k].duplicate(thread));
  }
  const std::size_t count = pools.size();
  TRY_ASSIGN(Ref<Tuple> all, new_tuple_taking(thread, pools));
  return new_choices(thread, type, std::move(all), is_empty ? nullptr : new Places(count, 0));
}

Places* first_places(std::int64_t count) {
  auto* places = new Places(static_cast<std::size_t>(count));
  std::iota(places->begin(), places->end(), 0);
  return places;
}

Result<Ref<Object>> make_permutations(ThreadState& thread, Borrowed<Object> type,
                                      const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Tuple> pool, tuple_from(thread, arguments.at(0)));
  const std::int64_t count = pool->size;
  std::int64_t length = count;
  if (arguments.has(1) && !is_none(arguments[1])) {
    if (!is_int(*arguments.at(1))) {
      return raise(thread, type_error_type, "Expected int as r");
    }
    TRY_ASSIGN(length, length_argument(thread, arguments.at(1)));
  }
  const bool is_possible = length <= count;
  TRY_ASSIGN(Ref<Choices> made, new_choices(thread, type, std::move(pool),
                                            is_possible ? first_places(count) : nullptr));
  if (is_possible) {
    made->cycles = new Places(static_cast<std::size_t>(length));
    for (std::int64_t i = 0; i < length; ++i) {
      (*made->cycles)[static_cast<std::size_t>(i)] = count - i;
    }
  }
  return made;
}

Result<Ref<Object>> make_combinations(ThreadState& thread, Borrowed<Object> type,
                                      const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Tuple> pool, tuple_from(thread, arguments.at(0)));
  TRY_ASSIGN(std::int64_t length, length_argument(thread, arguments.at(1)));
  const bool is_possible = length <= pool->size;
  return new_choices(thread, type, std::move(pool), is_possible ? first_places(length) : nullptr);
}

Result<Ref<Object>> make_repeating(ThreadState& thread, Borrowed<Object> type,
                                   const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Tuple> pool, tuple_from(thread, arguments.at(0)));
  TRY_ASSIGN(std::int64_t length, length_argument(thread, arguments.at(1)));
  const bool is_possible = length == 0 || pool->size > 0;
  return new_choices(thread, type, std::move(pool),
                     is_possible ? new Places(static_cast<std::size_t>(length), 0) : nullptr);
}

constexpr Protocol kProductProtocol = iterator_protocol(&next_choice<&advance_product, &of_pools>);
constexpr Protocol kPermutationsProtocol =
    iterator_protocol(&next_choice<&advance_permutation, &of_items>);
constexpr Protocol kCombinationsProtocol =
    iterator_protocol(&next_choice<&advance_combination, &of_items>);
constexpr Protocol kRepeatingProtocol =
    iterator_protocol(&next_choice<&advance_repeating, &of_items>);

constexpr TypeSlots choices_slots(const char* name, const Protocol* protocol) {
  TypeSlots slots = iterator_slots<Choices, &Choices::pools>(name, protocol);
  slots.release_fields = &release_choices;
  slots.clear = &release_choices;
  return slots;
}

constinit Type product_type(choices_slots("itertools.product", &kProductProtocol));
constinit Type permutations_type(choices_slots("itertools.permutations", &kPermutationsProtocol));
constinit Type combinations_type(choices_slots("itertools.combinations", &kCombinationsProtocol));
constinit Type repeating_type(choices_slots("itertools.combinations_with_replacement",
                                            &kRepeatingProtocol));

constexpr IteratorRow kRows[] = {
    {&product_type, "product(*iterables, repeat?)", &make_product,
     "Tuples with one item of each iterable: all of them."},
    {&permutations_type, "permutations(iterable, r?)", &make_permutations,
     "Tuples of r of the items, in every order."},
    {&combinations_type, "combinations(iterable, r)", &make_combinations,
     "Tuples of r of the items, in the order of the iterable."},
    {&repeating_type, "combinations_with_replacement(iterable, r)", &make_repeating,
     "Tuples of r of the items, each as often as it likes, in the order of the iterable."},
};

}  // namespace

std::span<const IteratorRow> combining_iterators() { return kRows; }

}  // namespace runtime
