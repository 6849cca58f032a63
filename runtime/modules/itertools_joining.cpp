// Iterators that make one of several, or of each item another: chain, zip_longest, starmap,
// accumulate.
#include <vector>

#include "runtime/containers/zip_iterator.h"
#include "runtime/modules/class_getitem.h"
#include "runtime/modules/iterator_support.h"
#include "runtime/modules/itertools_types.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

// -- chain --

struct Chain : Object {
  Object* source;  // gives the iterables; null: it has ended
  Object* active;  // an iterator over one of them; null: the next one has to be asked for
};

// The iterator from which the next item comes; null: there is none any more.
Result<Ref<Object>> active_of(ThreadState& thread, Chain& chain) {
  Ref<Object> source;
  {
    ObjectSection section(thread, Borrowed<Object>(&chain));
    if (chain.active != nullptr) return share_field(thread, chain.active);
    source = share_field(thread, chain.source);
  }
  if (!source) return Ref<Object>();
  Result<Ref<Object>> iterable = next_of(thread, source);
  const bool has_ended = iterable.is_raised() || !iterable.value();
  if (has_ended) {
    forget_field(thread, chain, &Chain::source, source);
    return iterable;
  }
  Result<Ref<Object>> iterator = get_iterator(thread, iterable.value());
  if (iterator.is_raised()) {
    forget_field(thread, chain, &Chain::source, source);
    return iterator;
  }
  Ref<Object> active = std::move(iterator).value();
  ObjectSection section(thread, Borrowed<Object>(&chain));
  // If another thread has put one there meanwhile, this one is this thread's alone, for one item.
  if (chain.active == nullptr) chain.active = active.duplicate(thread).release();
  return active;
}

Result<Ref<Object>> next_in_chain(ThreadState& thread, Borrowed<Object> object) {
  Chain& chain = *static_cast<Chain*>(object.get());
  for (;;) {
    TRY_ASSIGN(Ref<Object> active, active_of(thread, chain));
    if (!active) return active;
    TRY_ASSIGN(Ref<Object> item, next_of(thread, active));
    if (item) return item;
    forget_field(thread, chain, &Chain::active, active);
  }
}

Result<Ref<Object>> chain_over(ThreadState& thread, Borrowed<Object> type,
                               Borrowed<Object> iterables) {
  TRY_ASSIGN(Ref<Object> source, get_iterator(thread, iterables));
  TRY_ASSIGN(Ref<Chain> chain, new_instance_of<Chain>(thread, type));
  chain->source = source.release();
  return chain;
}

Result<Ref<Object>> make_chain(ThreadState& thread, Borrowed<Object> type,
                               const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Tuple> iterables, new_tuple(thread, arguments.rest()));
  return chain_over(thread, type, iterables);
}

Result<Ref<Object>> chain_from_iterable(ThreadState& thread, Borrowed<Object> type,
                                        const BoundArguments& arguments) {
  return chain_over(thread, type, arguments.at(0));
}

constexpr NativeMethod kChainMethods[] = {
    {"from_iterable(iterable, /)", &chain_from_iterable,
     "chain() of the items of one iterable, which are asked for one after the other.",
     NativeKind::kOfClass},
    {"__class_getitem__(item, /)", &class_getitem, "See PEP 585", NativeKind::kOfClass},
};

// -- zip_longest --

// The place in `iterators` of one that has ended holds None.
struct ZipLongest : Object {
  Object* iterators;  // a Tuple; replaced in the section by one in which one more has ended
  Object* fill;       // constant
};

// Another tuple in which the one at `index` has ended. True: it was the last.
Result<bool> end_one(ThreadState& thread, ZipLongest& zip, const Ref<Object>& ended,
                     std::int64_t index) {
  Ref<Object> before;
  ObjectSection section(thread, Borrowed<Object>(&zip));
  const Tuple& iterators = *as_tuple(Borrowed(zip.iterators));
  std::vector<Borrowed<Object>> items;
  bool is_last = true;
  for (std::int64_t i = 0; i < iterators.size; ++i) {
    const bool ends = i == index && iterators.at(i).get() == ended.get();
    items.push_back(ends ? Borrowed(&none_object) : iterators.at(i));
    if (!is_none(items.back().get())) is_last = false;
  }
  TRY_ASSIGN(Ref<Tuple> rest, new_tuple(thread, items));
  before = exchange_field(zip.iterators, std::move(rest));
  return is_last;
}

Result<Ref<Object>> next_longest(ThreadState& thread, Borrowed<Object> object) {
  ZipLongest& zip = *static_cast<ZipLongest*>(object.get());
  Ref<Object> iterators = read_field(thread, zip, &ZipLongest::iterators);
  if (!iterators) return Ref<Object>();
  const Tuple& sources = *as_tuple(iterators);
  if (RT_MUTANT(zip_longest_borrows_iterators)) iterators.drop(thread);
  std::vector<Ref<Object>> items;
  bool has_item = false;
  for (std::int64_t i = 0; i < sources.size; ++i) {
    Ref<Object> item;
    if (!is_none(sources.at(i).get())) {
      TRY_ASSIGN(item, next_of(thread, sources.at(i)));
      if (!item) {
        Ref<Object> ended = Ref<Object>::share(thread, sources.at(i));
        TRY_ASSIGN(bool is_last, end_one(thread, zip, ended, i));
        if (is_last && !has_item) return Ref<Object>();
      }
    }
    has_item = has_item || item;
    items.push_back(item ? std::move(item) : Ref<Object>::share(thread, Borrowed(zip.fill)));
  }
  if (!has_item) return Ref<Object>();
  return new_tuple_taking(thread, items);
}

Result<Ref<Object>> make_longest(ThreadState& thread, Borrowed<Object> type,
                                 const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Tuple> iterators, iterators_of(thread, arguments.rest()));
  TRY_ASSIGN(Ref<ZipLongest> zip, new_instance_of<ZipLongest>(thread, type));
  zip->fill = (arguments.has(0) ? Ref<Object>::share(thread, arguments.at(0)) : none()).release();
  zip->iterators = iterators.release();
  return zip;
}

// -- starmap --

struct Starmap : Object {
  Object* function;  // constant
  Object* source;    // constant
};

Result<Ref<Object>> next_starred(ThreadState& thread, Borrowed<Object> object) {
  Starmap& starmap = *static_cast<Starmap*>(object.get());
  if (starmap.source == nullptr) return Ref<Object>();
  TRY_ASSIGN(Ref<Object> given, next_of(thread, Borrowed(starmap.source)));
  if (!given) return given;
  std::vector<Ref<Object>> items;
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, given));
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator));
    if (!item) break;
    items.push_back(std::move(item));
  }
  std::vector<Borrowed<Object>> arguments(items.begin(), items.end());
  return call(thread, Borrowed(starmap.function), arguments);
}

Result<Ref<Object>> make_starmap(ThreadState& thread, Borrowed<Object> type,
                                 const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> source, get_iterator(thread, arguments.at(1)));
  TRY_ASSIGN(Ref<Starmap> made, new_instance_of<Starmap>(thread, type));
  made->function = Ref<Object>::share(thread, arguments.at(0)).release();
  made->source = source.release();
  return made;
}

// -- accumulate --

struct Accumulate : Object {
  Object* source;    // constant
  Object* function;  // constant; null: addition
  Object* total;     // null: there is none yet; in the section, as the next one
  Object* initial;   // given out first; null: was, or there is none
};

Result<Ref<Object>> next_total(ThreadState& thread, Borrowed<Object> object) {
  Accumulate& self = *static_cast<Accumulate*>(object.get());
  {
    ObjectSection section(thread, object);
    if (self.initial != nullptr) {
      Ref<Object> initial = exchange_field(self.initial, nullptr);
      self.total = initial.duplicate(thread).release();
      return initial;
    }
  }
  if (self.source == nullptr) return Ref<Object>();
  TRY_ASSIGN(Ref<Object> item, next_of(thread, Borrowed(self.source)));
  if (!item) return item;
  // Around the sum as well: for numbers of the language nothing in it blocks.
  Ref<Object> before;
  Ref<Object> total = RT_MUTANT(accumulate_total_read_too_early)
                          ? read_field(thread, self, &Accumulate::total)
                          : nullptr;
  ObjectSection section(thread, object);
  if (!total) total = share_field(thread, self.total);
  if (!total) {
    total = std::move(item);
  } else if (self.function == nullptr) {
    TRY_ASSIGN(total, binary(thread, total, item, BinaryOp::kAdd));
  } else {
    const Borrowed<Object> arguments[] = {total, item};
    Ref<Object> function = Ref<Object>::share(thread, Borrowed(self.function));
    TRY_ASSIGN(total, call(thread, function, arguments));
  }
  before = exchange_field(self.total, total.duplicate(thread));
  return total;
}

Result<Ref<Object>> make_accumulate(ThreadState& thread, Borrowed<Object> type,
                                    const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> source, get_iterator(thread, arguments.at(0)));
  TRY_ASSIGN(Ref<Accumulate> made, new_instance_of<Accumulate>(thread, type));
  if (arguments.has(1) && !is_none(arguments[1])) {
    made->function = Ref<Object>::share(thread, arguments.at(1)).release();
  }
  if (arguments.has(2) && !is_none(arguments[2])) {
    made->initial = Ref<Object>::share(thread, arguments.at(2)).release();
  }
  made->source = source.release();
  return made;
}

constexpr Protocol kChainProtocol = iterator_protocol(&next_in_chain);
constexpr Protocol kLongestProtocol = iterator_protocol(&next_longest);
constexpr Protocol kStarmapProtocol = iterator_protocol(&next_starred);
constexpr Protocol kAccumulateProtocol = iterator_protocol(&next_total);

constinit Type chain_type(iterator_slots<Chain, &Chain::source, &Chain::active>("itertools.chain",
                                                                                &kChainProtocol));
constinit Type zip_longest_type(
    iterator_slots<ZipLongest, &ZipLongest::iterators, &ZipLongest::fill>("itertools.zip_longest",
                                                                          &kLongestProtocol));
constinit Type starmap_type(iterator_slots<Starmap, &Starmap::function, &Starmap::source>(
    "itertools.starmap", &kStarmapProtocol));
constinit Type accumulate_type(
    iterator_slots<Accumulate, &Accumulate::source, &Accumulate::function, &Accumulate::total,
                   &Accumulate::initial>("itertools.accumulate", &kAccumulateProtocol));

constexpr IteratorRow kRows[] = {
    {&chain_type, "chain(*iterables)", &make_chain,
     "The items of the first iterable, then of the next, and so on.", kChainMethods},
    {&zip_longest_type, "zip_longest(*iterables, fillvalue?)", &make_longest,
     "As zip(), up to the end of the longest; what is missing is the fillvalue."},
    {&starmap_type, "starmap(function, iterable, /)", &make_starmap,
     "function(*item) for each item."},
    {&accumulate_type, "accumulate(iterable, func?, *, initial?)", &make_accumulate,
     "The sums of the items so far, or what the function makes of them."},
};

}  // namespace

std::span<const IteratorRow> joining_iterators() { return kRows; }

}  // namespace runtime
