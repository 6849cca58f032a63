// enumerate, zip, map, filter and reversed: constructors and what their iterators tell.
//
// Ancestry: CPython's Objects/enumobject.c and Python/bltinmodule.c.
#include <algorithm>

#include "runtime/containers/enumerate_iterator.h"
#include "runtime/containers/filter_iterator.h"
#include "runtime/containers/map_iterator.h"
#include "runtime/containers/reversed_iterator.h"
#include "runtime/containers/zip_iterator.h"
#include "runtime/methods/open_parts.h"
#include "runtime/object/object_section.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

// -- enumerate --

Result<Ref<Object>> make_enumerate(ThreadState& thread, Borrowed<Object>,
                                   const BoundArguments& arguments) {
  if (!arguments.has(1)) return new_enumerate(thread, arguments.at(0));
  return new_enumerate(thread, arguments.at(0), arguments.at(1));
}

Result<Ref<Object>> enumerate_reduce(ThreadState& thread, Borrowed<Object> self,
                                     const BoundArguments&) {
  auto& enumerate = *static_cast<EnumerateIterator*>(self.get());
  Ref<Object> number;
  const std::int64_t small = enumerate.number.load_relaxed();  // of some moment
  if (small == EnumerateIterator::kLong) {
    ObjectSection section(thread, self);
    if (enumerate.long_number != nullptr) {
      number = Ref<Object>::share(thread, Borrowed<Object>(enumerate.long_number));
    }
  }
  if (!number) {
    RT_TRY_ASSIGN(made, number, new_int(thread, small));
  }
  TRY_ASSIGN(Ref<Tuple> arguments,
             new_tuple(thread, {Borrowed<Object>(enumerate.iterator), number}));
  return new_tuple(thread, {Borrowed<Object>(&enumerate_type), arguments});
}

constexpr NativeMethod kEnumerateMethods[] = {{"__reduce__()", &enumerate_reduce}};

// -- zip --

Result<Ref<Object>> make_zip(ThreadState& thread, Borrowed<Object>,
                             const BoundArguments& arguments) {
  TRY_ASSIGN(bool is_strict, truth_argument(thread, arguments[0], false));
  return new_zip(thread, arguments.rest(), is_strict);
}

Result<Ref<Object>> zip_reduce(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  auto& zip = *static_cast<ZipIterator*>(self.get());
  const Borrowed<Object> type(&zip_type);
  const Borrowed<Object> iterators(zip.iterators);
  if (!zip.is_strict) return new_tuple(thread, {type, iterators});
  return new_tuple(thread, {type, iterators, boolean(true)});
}

constexpr NativeMethod kZipMethods[] = {{"__reduce__()", &zip_reduce}};

// -- map and filter --

Result<Ref<Object>> make_map(ThreadState& thread, Borrowed<Object>,
                             const BoundArguments& arguments) {
  TRY_ASSIGN(bool is_strict, truth_argument(thread, arguments[0], false));
  const Arguments given = arguments.rest();
  if (given.size() < 2) {
    return raise_text(thread, type_error_type, "map() must have at least two arguments.");
  }
  return new_map(thread, given[0], given.subspan(1), is_strict);
}

Result<Ref<Object>> map_reduce(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  auto& map = *static_cast<MapIterator*>(self.get());
  TRY_ASSIGN(Ref<Tuple> arguments, allocate_tuple(thread, map.iterators->size + 1));
  arguments->items()[0] = Ref<Object>::share(thread, Borrowed<Object>(map.function)).release();
  for (std::int64_t i = 0; i < map.iterators->size; ++i) {
    arguments->items()[i + 1] = Ref<Object>::share(thread, map.iterators->at(i)).release();
  }
  track(arguments.get());
  const Borrowed<Object> type(&map_type);
  if (!map.is_strict) return new_tuple(thread, {type, arguments});
  return new_tuple(thread, {type, arguments, boolean(true)});
}

Result<Ref<Object>> make_filter(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  return new_filter(thread, arguments.at(0), arguments.at(1));
}

Result<Ref<Object>> filter_reduce(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments&) {
  auto& filter = *static_cast<FilterIterator*>(self.get());
  TRY_ASSIGN(Ref<Tuple> arguments, new_tuple(thread, {Borrowed<Object>(filter.function),
                                                      Borrowed<Object>(filter.iterator)}));
  return new_tuple(thread, {Borrowed<Object>(&filter_type), arguments});
}

constexpr NativeMethod kMapMethods[] = {{"__reduce__()", &map_reduce}};
constexpr NativeMethod kFilterMethods[] = {{"__reduce__()", &filter_reduce}};

// -- reversed --

Result<Ref<Object>> make_reversed(ThreadState& thread, Borrowed<Object>,
                                  const BoundArguments& arguments) {
  Borrowed<Object> sequence = arguments.at(0);
  TRY_ASSIGN(Method method, find_special(thread, sequence, "__reversed__"));
  if (!method.function) return new_reversed(thread, sequence);
  if (is_none(method.function.get())) {
    return raise(thread, type_error_type, "'{}' object is not reversible", type_name(sequence));
  }
  return call_method(thread, method, Arguments());
}

Result<Ref<Object>> reversed_hint(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments&) {
  return number_of(thread, length_hint(thread, *static_cast<ReversedIterator*>(self.get())));
}

// The number is the index of the next item.
Result<Ref<Object>> reversed_reduce(ThreadState& thread, Borrowed<Object> self,
                                    const BoundArguments&) {
  auto& reversed = *static_cast<ReversedIterator*>(self.get());
  const Borrowed<Object> type(&reversed_type);
  const std::int64_t place = reversed.place.load_relaxed();  // of some moment
  if (place >= reversed.length) {
    TRY_ASSIGN(Ref<Tuple> arguments, new_tuple(thread, {empty_tuple()}));
    return new_tuple(thread, {type, arguments});
  }
  TRY_ASSIGN(Ref<Tuple> arguments, new_tuple(thread, {Borrowed<Object>(reversed.sequence)}));
  TRY_ASSIGN(Ref<Int> index, new_int(thread, reversed.length - 1 - place));
  return new_tuple(thread, {type, arguments, index});
}

Result<Ref<Object>> reversed_setstate(ThreadState& thread, Borrowed<Object> self,
                                      const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t index, checked_index_of(thread, arguments.at(0), overflow_error_type));
  auto& reversed = *static_cast<ReversedIterator*>(self.get());
  index = std::clamp<std::int64_t>(index, -1, reversed.length - 1);
  // Relaxed: one word. What is exhausted stays so.
  std::int64_t before = reversed.place.load_relaxed();
  while (before < reversed.length &&
         !reversed.place.compare_exchange_relaxed(before, reversed.length - 1 - index)) {
  }
  return none();
}

constexpr NativeMethod kReversedMethods[] = {{"__length_hint__()", &reversed_hint},
                                             {"__reduce__()", &reversed_reduce},
                                             {"__setstate__(state, /)", &reversed_setstate}};

}  // namespace

Result<Done> open_iterator_functions(ThreadState& thread) {
  const NativeType rows[] = {
      {.type = enumerate_type,
       .documentation = "Pairs of a number and an item.",
       .methods = kEnumerateMethods,
       .derivable = Derivable::kNo,
       .constructor = "enumerate(iterable, start?)",
       .make = &make_enumerate},
      {.type = zip_type,
       .documentation = "Tuples of one item of each iterable.",
       .methods = kZipMethods,
       .derivable = Derivable::kNo,
       .constructor = "zip(*iterables, strict?)",
       .make = &make_zip},
      {.type = map_type,
       .documentation = "What a function says of the items.",
       .methods = kMapMethods,
       .derivable = Derivable::kNo,
       .constructor = "map(*arguments, strict?)",
       .make = &make_map},
      {.type = filter_type,
       .documentation = "The items of which a function says that they are true.",
       .methods = kFilterMethods,
       .derivable = Derivable::kNo,
       .constructor = "filter(function, iterable, /)",
       .make = &make_filter},
      {.type = reversed_type,
       .documentation = "The items from the last to the first.",
       .methods = kReversedMethods,
       .derivable = Derivable::kNo,
       .constructor = "reversed(object, /)",
       .make = &make_reversed},
  };
  for (const NativeType& row : rows) TRY(open_type(thread, row));
  return Done{};
}

}  // namespace runtime
