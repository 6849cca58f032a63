// The module gc: the collector, as a program sees it.
//
// gc.callbacks is a list that the program changes; who collects calls a copy of it. Where the
// callbacks raise, the exception is reported and the collection goes on.
//
// Ancestry: https://docs.python.org/3/library/gc.html; CPython's Modules/gcmodule.c.
#include "runtime/modules/gc_module.h"

#include <array>

#include "runtime/collector/collector.h"
#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/modules/native_module.h"
#include "runtime/modules/unraisable.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/intern.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

Collector& collector_of(ThreadState& thread) { return Collector::of(thread); }

Result<std::int64_t> number_of(ThreadState& thread, Borrowed<Object> object) {
  return checked_index_of(thread, object, overflow_error_type);
}

Result<Ref<Object>> enable(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  collector_of(thread).enable();
  return none();
}
Result<Ref<Object>> disable(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  collector_of(thread).disable();
  return none();
}
Result<Ref<Object>> is_enabled(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return boolean(collector_of(thread).is_enabled());
}

// gc.garbage gets what DEBUG_SAVEALL keeps.
Result<Done> move_garbage(ThreadState& thread, Borrowed<Object> module) {
  Collector& collector = collector_of(thread);
  std::vector<Ref<Object>> kept = collector.garbage(thread);
  if (kept.empty()) return Done();
  collector.clear_garbage(thread);
  TRY_ASSIGN(Ref<Object> garbage, get_attribute(thread, module, "garbage"));
  if (!is_list(*garbage)) return Done();
  for (Ref<Object>& object : kept) {
    TRY(list_append(thread, as_list(garbage), std::move(object)));
  }
  return Done();
}

Result<Ref<Object>> collect(ThreadState& thread, Borrowed<Object> self,
                            const BoundArguments& arguments) {
  std::int64_t generation = kGenerations - 1;
  if (arguments.has(0)) {
    TRY_ASSIGN(generation, number_of(thread, arguments.at(0)));
  }
  if (generation < 0 || generation >= std::int64_t{kGenerations}) {
    return raise(thread, value_error_type, "invalid generation");
  }
  const CollectionResult result =
      collector_of(thread).collect(thread, static_cast<unsigned>(generation));
  TRY(move_garbage(thread, self));
  return new_int(thread, result.collected + result.uncollectable);
}

template <class Numbers>
Result<Ref<Object>> tuple_of(ThreadState& thread, const Numbers& numbers) {
  Ref<Object> items[std::tuple_size_v<Numbers>];
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    TRY_ASSIGN(Ref<Int> number, new_int(thread, numbers[i]));
    items[i] = std::move(number);
  }
  return new_tuple_taking(thread, items);
}

Result<Ref<Object>> get_threshold(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return tuple_of(thread, collector_of(thread).thresholds());
}

Result<Ref<Object>> set_threshold(ThreadState& thread, Borrowed<Object>,
                                  const BoundArguments& arguments) {
  std::array<int, kGenerations> thresholds = collector_of(thread).thresholds();
  for (unsigned i = 0; i < kGenerations; ++i) {
    if (!arguments.has(i)) continue;
    TRY_ASSIGN(std::int64_t number, number_of(thread, arguments.at(i)));
    if (number < INT32_MIN || number > INT32_MAX) {
      return raise(thread, overflow_error_type, "Python int too large to convert to C int");
    }
    thresholds[i] = static_cast<int>(number);
  }
  collector_of(thread).set_thresholds(thresholds);
  return none();
}

Result<Ref<Object>> get_count(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return tuple_of(thread, collector_of(thread).counts(thread));
}

Result<Ref<Object>> get_stats(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  TRY_ASSIGN(Ref<List> rows, new_list(thread));
  for (const GenerationStatistics& row : collector_of(thread).statistics()) {
    TRY_ASSIGN(Ref<Dict> dict, new_dict(thread));
    const std::pair<const char*, std::int64_t> fields[] = {{"collections", row.collections},
                                                           {"collected", row.collected},
                                                           {"uncollectable", row.uncollectable}};
    for (const auto& [name, value] : fields) {
      TRY_ASSIGN(Ref<Str> key, intern(thread, name));
      TRY_ASSIGN(Ref<Int> number, new_int(thread, value));
      TRY(dict_set(thread, dict, key, number));
    }
    TRY(list_append(thread, rows, std::move(dict)));
  }
  return rows;
}

Result<Ref<Object>> list_of(ThreadState& thread, std::vector<Ref<Object>> objects) {
  TRY_ASSIGN(Ref<List> list, new_list(thread));
  for (Ref<Object>& object : objects) TRY(list_append(thread, list, std::move(object)));
  return list;
}

Result<Ref<Object>> get_objects(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  if (arguments.has(0) && !is_none(arguments[0])) {
    TRY_ASSIGN(std::int64_t generation, number_of(thread, arguments.at(0)));
    if (generation < 0) {
      return raise(thread, value_error_type, "generation parameter cannot be negative");
    }
    if (generation >= std::int64_t{kGenerations}) {
      return raise(thread, value_error_type,
                   "generation parameter must be less than the number of available generations "
                   "({})",
                   kGenerations);
    }
  }
  return list_of(thread, collector_of(thread).objects(thread));
}

Result<Ref<Object>> get_referrers(ThreadState& thread, Borrowed<Object>,
                                  const BoundArguments& arguments) {
  std::vector<Object*> referents;
  for (Borrowed<Object> object : arguments.rest()) referents.push_back(object.get());
  return list_of(thread, collector_of(thread).referrers(thread, referents));
}

Result<Ref<Object>> get_referents(ThreadState& thread, Borrowed<Object>,
                                  const BoundArguments& arguments) {
  std::vector<Ref<Object>> all;
  for (Borrowed<Object> object : arguments.rest()) {
    for (Ref<Object>& referent : collector_of(thread).referents(thread, object)) {
      all.push_back(std::move(referent));
    }
  }
  return list_of(thread, std::move(all));
}

Result<Ref<Object>> is_tracked(ThreadState&, Borrowed<Object>, const BoundArguments& arguments) {
  return boolean(arguments.at(0)->type->slots.heap == HeapKind::kCollected &&
                 has_gc_bit(arguments[0], kGcTracked));
}
Result<Ref<Object>> is_finalized(ThreadState&, Borrowed<Object>, const BoundArguments& arguments) {
  return boolean(has_gc_bit(arguments[0], kGcFinalized));
}

Result<Ref<Object>> freeze(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  collector_of(thread).freeze(thread);
  return none();
}
Result<Ref<Object>> unfreeze(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  collector_of(thread).unfreeze(thread);
  return none();
}
Result<Ref<Object>> get_freeze_count(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_int(thread, static_cast<std::int64_t>(collector_of(thread).freeze_count(thread)));
}

constexpr std::int64_t kDebugSaveAll = 32;

Result<Ref<Object>> set_debug(ThreadState& thread, Borrowed<Object> self,
                              const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t flags, number_of(thread, arguments.at(0)));
  collector_of(thread).set_saves_all((flags & kDebugSaveAll) != 0);
  TRY(set_attribute(thread, self, "_debug", arguments[0]));
  return none();
}
Result<Ref<Object>> get_debug(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return get_attribute(thread, self, "_debug");
}

// One call of each function in gc.callbacks, of whom none can stop the collection.
Result<Done> tell_callbacks(ThreadState& thread, CollectionPhase phase,
                            const CollectionInfo& info) {
  TRY_ASSIGN(Ref<Str> own_name, intern(thread, "gc"));
  TRY_ASSIGN(Ref<Object> module, dict_get(thread, Interpreter::of(thread).modules(), own_name));
  if (!module) return Done();
  TRY_ASSIGN(Ref<Object> callbacks, get_attribute(thread, module, "callbacks"));
  if (!is_list(*callbacks) || list_size(*as_list(callbacks)) == 0) return Done();
  TRY_ASSIGN(Ref<Str> word, intern(thread, phase == CollectionPhase::kStart ? "start" : "stop"));
  TRY_ASSIGN(Ref<Dict> facts, new_dict(thread));
  const std::pair<const char*, std::int64_t> fields[] = {
      {"generation", info.generation},
      {"collected", info.result.collected},
      {"uncollectable", info.result.uncollectable}};
  for (const auto& [name, value] : fields) {
    TRY_ASSIGN(Ref<Str> key, intern(thread, name));
    TRY_ASSIGN(Ref<Int> number, new_int(thread, value));
    TRY(dict_set(thread, facts, key, number));
  }
  TRY_ASSIGN(Ref<List> copy, list_copy(thread, as_list(callbacks)));
  for (std::int64_t i = 0; i < list_size(*copy); ++i) {
    Ref<Object> callback = list_get(thread, copy, i);
    if (!callback) break;
    const Borrowed<Object> arguments[] = {Borrowed<Object>(word), Borrowed<Object>(facts)};
    Result<Ref<Object>> answer = call(thread, callback, Arguments(arguments));
    if (answer.is_raised()) {
      write_unraisable(thread, std::move(answer).raised(), callback.get(), "");
    }
  }
  return Done();
}

void on_collection(void*, ThreadState& thread, CollectionPhase phase, const CollectionInfo& info) {
  Result<Done> told = tell_callbacks(thread, phase, info);
  if (told.is_raised()) {
    write_unraisable(thread, std::move(told).raised(), nullptr, "");
  }
}

constexpr NativeMethod kFunctions[] = {
    {"enable()", &enable, "Collections may come by themselves."},
    {"disable()", &disable},
    {"isenabled()", &is_enabled},
    {"collect(generation?)", &collect, "Ends what only garbage refers to; how much that was."},
    {"get_threshold()", &get_threshold},
    {"set_threshold(threshold0, threshold1?, threshold2?, /)", &set_threshold},
    {"get_count()", &get_count},
    {"get_stats()", &get_stats},
    {"get_objects(generation?)", &get_objects},
    {"get_referrers(*objects)", &get_referrers},
    {"get_referents(*objects)", &get_referents},
    {"is_tracked(object, /)", &is_tracked},
    {"is_finalized(object, /)", &is_finalized},
    {"freeze()", &freeze},
    {"unfreeze()", &unfreeze},
    {"get_freeze_count()", &get_freeze_count},
    {"set_debug(flags, /)", &set_debug},
    {"get_debug()", &get_debug},
};

}  // namespace

void watch_collections(Collector& collector) { collector.add_callback(nullptr, &on_collection); }

Result<Done> fill_gc(ThreadState& thread, Borrowed<Module> module) {
  TRY_ASSIGN(Ref<List> callbacks, new_list(thread));
  TRY(set_in_module(thread, module, "callbacks", callbacks));
  TRY_ASSIGN(Ref<List> garbage, new_list(thread));
  TRY(set_in_module(thread, module, "garbage", garbage));
  const std::pair<const char*, std::int64_t> flags[] = {
      {"DEBUG_STATS", 1},         {"DEBUG_COLLECTABLE", 2},
      {"DEBUG_UNCOLLECTABLE", 4}, {"DEBUG_SAVEALL", kDebugSaveAll},
      {"DEBUG_LEAK", 38},         {"_debug", 0}};
  for (const auto& [name, value] : flags) TRY(set_in_module(thread, module, name, value));
  return add_functions(thread, module, kFunctions);
}

}  // namespace runtime
