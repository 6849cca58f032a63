// Iterators that give some of the items of another: takewhile, dropwhile, filterfalse, compress,
// islice.
#include <algorithm>

#include "runtime/modules/iterator_support.h"
#include "runtime/modules/itertools_types.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

// -- takewhile, dropwhile, filterfalse --

struct Filtering : Object {
  Object* function;      // constant; None: the truth of the item
  Object* source;        // constant
  Atomic<bool> is_over;  // takewhile: has stopped; dropwhile: has begun
};

Result<bool> asks_true(ThreadState& thread, Borrowed<Object> function, Borrowed<Object> item) {
  if (is_none(function.get()) || function.get() == &bool_type) return is_true(thread, item);
  const Borrowed<Object> arguments[] = {item};
  TRY_ASSIGN(Ref<Object> answer, call(thread, function, arguments));
  return is_true(thread, answer);
}

Result<Ref<Object>> next_taken(ThreadState& thread, Borrowed<Object> object) {
  Filtering& self = *static_cast<Filtering*>(object.get());
  if (self.is_over.load() || self.source == nullptr) return Ref<Object>();
  TRY_ASSIGN(Ref<Object> item, next_of(thread, Borrowed(self.source)));
  if (!item) return Ref<Object>();
  TRY_ASSIGN(bool is_good, asks_true(thread, Borrowed(self.function), item));
  if (is_good) return item;
  self.is_over.store(true);
  return Ref<Object>();
}

Result<Ref<Object>> next_not_dropped(ThreadState& thread, Borrowed<Object> object) {
  Filtering& self = *static_cast<Filtering*>(object.get());
  if (self.source == nullptr) return Ref<Object>();
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, Borrowed(self.source)));
    if (!item || self.is_over.load()) return item;
    TRY_ASSIGN(bool is_dropped, asks_true(thread, Borrowed(self.function), item));
    if (is_dropped) continue;
    self.is_over.store(true);
    return item;
  }
}

Result<Ref<Object>> next_refused(ThreadState& thread, Borrowed<Object> object) {
  Filtering& self = *static_cast<Filtering*>(object.get());
  if (self.source == nullptr) return Ref<Object>();
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, Borrowed(self.source)));
    if (!item) return item;
    TRY_ASSIGN(bool is_accepted, asks_true(thread, Borrowed(self.function), item));
    if (!is_accepted) return item;
  }
}

Result<Ref<Object>> make_filtering(ThreadState& thread, Borrowed<Object> type,
                                   const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> source, get_iterator(thread, arguments.at(1)));
  TRY_ASSIGN(Ref<Filtering> made, new_instance_of<Filtering>(thread, type));
  made->function = Ref<Object>::share(thread, arguments.at(0)).release();
  made->source = source.release();
  return made;
}

// -- compress --

struct Compress : Object {
  Object* data;       // constant
  Object* selectors;  // constant
};

Result<Ref<Object>> next_selected(ThreadState& thread, Borrowed<Object> object) {
  Compress& self = *static_cast<Compress*>(object.get());
  if (self.data == nullptr || self.selectors == nullptr) return Ref<Object>();
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, Borrowed(self.data)));
    if (!item) return item;
    TRY_ASSIGN(Ref<Object> selector, next_of(thread, Borrowed(self.selectors)));
    if (!selector) return selector;
    TRY_ASSIGN(bool is_selected, is_true(thread, selector));
    if (is_selected) return item;
  }
}

Result<Ref<Object>> make_compress(ThreadState& thread, Borrowed<Object> type,
                                  const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> data, get_iterator(thread, arguments.at(0)));
  TRY_ASSIGN(Ref<Object> selectors, get_iterator(thread, arguments.at(1)));
  TRY_ASSIGN(Ref<Compress> made, new_instance_of<Compress>(thread, type));
  made->data = data.release();
  made->selectors = selectors.release();
  return made;
}

// -- islice --

struct Slicing : Object {
  Object* source;      // null: it has ended
  std::int64_t next;   // of the source's items the next to be given; in the section, as the others
  std::int64_t stop;   // below 0: none
  std::int64_t step;   // constant
  std::int64_t taken;  // how many items were taken from the source
};

// How many items of the source are to be passed over, and whether the one behind them is given or the
// slice has ended.
struct Claim {
  std::int64_t skipped;
  bool gives;
};

// Which items these are is settled at once, so that two threads pass over different ones.
Claim claim_next(ThreadState& thread, Slicing& slicing) {
  const std::int64_t early = RT_MUTANT(islice_claims_in_two_steps) ? slicing.next : 0;
  ObjectSection section(thread, Borrowed<Object>(&slicing));
  const std::int64_t wanted = RT_MUTANT(islice_claims_in_two_steps) ? early : slicing.next;
  const std::int64_t skipped = std::max<std::int64_t>(wanted - slicing.taken, 0);
  slicing.taken = std::max(slicing.taken, wanted);
  if (slicing.stop >= 0 && wanted >= slicing.stop) return Claim{skipped, false};
  ++slicing.taken;
  const bool fits = wanted <= INT64_MAX - slicing.step;
  const std::int64_t following = fits ? wanted + slicing.step : INT64_MAX;
  slicing.next = slicing.stop >= 0 ? std::min(following, slicing.stop) : following;
  return Claim{skipped, true};
}

Result<Ref<Object>> next_in_slice(ThreadState& thread, Borrowed<Object> object) {
  Slicing& slicing = *static_cast<Slicing*>(object.get());
  Ref<Object> source = read_field(thread, slicing, &Slicing::source);
  if (!source) return Ref<Object>();
  const Claim claim = claim_next(thread, slicing);
  Ref<Object> item;
  bool has_ended = false;
  for (std::int64_t i = 0; i < claim.skipped && !has_ended; ++i) {
    TRY_ASSIGN(item, next_of(thread, source));
    has_ended = !item;
  }
  item.drop(thread);
  if (claim.gives && !has_ended) {
    TRY_ASSIGN(item, next_of(thread, source));
  }
  if (!item) forget_field(thread, slicing, &Slicing::source, source);
  return item;
}

Result<std::int64_t> slice_bound(ThreadState& thread, Borrowed<Object> given, std::int64_t none_is,
                                 const char* what) {
  if (is_none(given.get())) return none_is;
  std::int64_t value = -1;
  if (has_index(given)) {
    TRY_ASSIGN(Ref<Object> index, index_of(thread, given));
    value = int64_of(*as_int(index)).value_or(-1);
  }
  if (value >= 0) return value;
  return raise(thread, value_error_type,
               "{} for islice() must be None or an integer: 0 <= x <= sys.maxsize.", what);
}

Result<std::int64_t> slice_step(ThreadState& thread, Borrowed<Object> given) {
  if (is_none(given.get())) return std::int64_t{1};
  std::int64_t value = 0;
  if (has_index(given)) {
    TRY_ASSIGN(Ref<Object> index, index_of(thread, given));
    value = int64_of(*as_int(index)).value_or(0);
  }
  if (value >= 1) return value;
  return raise(thread, value_error_type, "Step for islice() must be a positive integer or None.");
}

Result<Ref<Object>> make_slicing(ThreadState& thread, Borrowed<Object> type,
                                 const BoundArguments& arguments) {
  const Arguments bounds = arguments.rest();
  if (bounds.empty() || bounds.size() > 3) {
    return raise(thread, type_error_type, "islice expected at {} {} arguments, got {}",
                 bounds.empty() ? "least" : "most", bounds.empty() ? 2 : 4, bounds.size() + 1);
  }
  std::int64_t start = 0;
  std::int64_t stop = -1;
  std::int64_t step = 1;
  if (bounds.size() == 1) {
    TRY_ASSIGN(stop, slice_bound(thread, bounds[0], -1, "Stop argument"));
  } else {
    TRY_ASSIGN(start, slice_bound(thread, bounds[0], 0, "Indices"));
    TRY_ASSIGN(stop, slice_bound(thread, bounds[1], -1, "Stop argument"));
  }
  if (bounds.size() == 3) {
    TRY_ASSIGN(step, slice_step(thread, bounds[2]));
  }
  TRY_ASSIGN(Ref<Object> source, get_iterator(thread, arguments.at(0)));
  TRY_ASSIGN(Ref<Slicing> made, new_instance_of<Slicing>(thread, type));
  made->next = start;
  made->stop = stop;
  made->step = step;
  made->source = source.release();
  return made;
}

constexpr Protocol kTakeProtocol = iterator_protocol(&next_taken);
constexpr Protocol kDropProtocol = iterator_protocol(&next_not_dropped);
constexpr Protocol kRefuseProtocol = iterator_protocol(&next_refused);
constexpr Protocol kCompressProtocol = iterator_protocol(&next_selected);
constexpr Protocol kSliceProtocol = iterator_protocol(&next_in_slice);

constinit Type takewhile_type(iterator_slots<Filtering, &Filtering::function, &Filtering::source>(
    "itertools.takewhile", &kTakeProtocol));
constinit Type dropwhile_type(iterator_slots<Filtering, &Filtering::function, &Filtering::source>(
    "itertools.dropwhile", &kDropProtocol));
constinit Type filterfalse_type(iterator_slots<Filtering, &Filtering::function, &Filtering::source>(
    "itertools.filterfalse", &kRefuseProtocol));
constinit Type compress_type(iterator_slots<Compress, &Compress::data, &Compress::selectors>(
    "itertools.compress", &kCompressProtocol));
constinit Type islice_type(iterator_slots<Slicing, &Slicing::source>("itertools.islice",
                                                                     &kSliceProtocol));

constexpr IteratorRow kRows[] = {
    {&takewhile_type, "takewhile(predicate, iterable, /)", &make_filtering,
     "The items up to the first for which the predicate is false."},
    {&dropwhile_type, "dropwhile(predicate, iterable, /)", &make_filtering,
     "The items from the first for which the predicate is false."},
    {&filterfalse_type, "filterfalse(function, iterable, /)", &make_filtering,
     "The items for which the function is false; None: that are false."},
    {&compress_type, "compress(data, selectors)", &make_compress,
     "The items of data whose selector is true."},
    {&islice_type, "islice(iterable, /, *bounds)", &make_slicing,
     "islice(iterable, stop) or islice(iterable, start, stop[, step])."},
};

}  // namespace

std::span<const IteratorRow> selecting_iterators() { return kRows; }

}  // namespace runtime
